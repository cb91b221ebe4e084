import { describe, expect, test } from "vitest";
import { dateAndTime, dayWords, durationWords } from "./time-words.ts";

describe("dateAndTime", () => {
  test.each([
    ["2024-07-26T15:30:00Z", "Europe/Paris", "26 juillet 2024 à 17:30", "26 July 2024 at 17:30"],
    ["2024-01-01T00:00:00+01:00", "Europe/Paris", "1er janvier 2024 à 00:00", "1 January 2024 at 00:00"],
    ["2024-03-31T01:00:00Z", "Europe/Paris", "31 mars 2024 à 03:00", "31 March 2024 at 03:00"],
    ["2024-07-26T15:30:05Z", "UTC", "26 juillet 2024 à 15:30:05", "26 July 2024 at 15:30:05"],
    ["2024-07-11T00:00:00+02:00", "Europe/Paris", "11 juillet 2024 à 00:00", "11 July 2024 at 00:00"],
  ])("says %s in %s", (instant, zone, fr, en) => {
    expect(dateAndTime(instant, zone, "fr")).toBe(fr);
    expect(dateAndTime(instant, zone, "en")).toBe(en);
  });
});

describe("durationWords", () => {
  test.each([
    ["P1M", "1 mois", "1 month"],
    ["P30D", "30 jours", "30 days"],
    ["PT24H", "24 heures", "24 hours"],
    ["P1Y", "1 an", "1 year"],
    ["P2W", "2 semaines", "2 weeks"],
    ["P1DT12H", "1 jour et 12 heures", "1 day and 12 hours"],
    ["P0D", "0 secondes", "0 seconds"],
  ])("says %s", (duration, fr, en) => {
    expect(durationWords(duration, "fr")).toBe(fr);
    expect(durationWords(duration, "en")).toBe(en);
  });
});

test("dayWords names days, and says all of them shortly", () => {
  expect(dayWords(null, "fr")).toBe("tous les jours");
  expect(dayWords(["fri", "sat"], "fr")).toBe("vendredi et samedi");
  expect(dayWords(["mon", "tue", "sun"], "en")).toBe("Monday, Tuesday and Sunday");
});
