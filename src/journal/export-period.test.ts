import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parsePeriod } from "./export-period.ts";

describe("parsePeriod", () => {
  test.each([
    // Summer time begins on 31 March 2024 and ends on 27 October 2024.
    ["2024-W30", "2024-07-21T22:00:00.000Z", "2024-07-28T22:00:00.000Z", "2024-07-22", "2024-07-28"],
    ["2024-W13", "2024-03-24T23:00:00.000Z", "2024-03-31T22:00:00.000Z", "2024-03-25", "2024-03-31"],
    ["2024-W43", "2024-10-20T22:00:00.000Z", "2024-10-27T23:00:00.000Z", "2024-10-21", "2024-10-27"],
    // The first week of 2026 begins in 2025, and 2020 has 53.
    ["2026-W01", "2025-12-28T23:00:00.000Z", "2026-01-04T23:00:00.000Z", "2025-12-29", "2026-01-04"],
    ["2020-W53", "2020-12-27T23:00:00.000Z", "2021-01-03T23:00:00.000Z", "2020-12-28", "2021-01-03"],
    ["2024-07", "2024-06-30T22:00:00.000Z", "2024-07-31T22:00:00.000Z", "2024-07-01", "2024-07-31"],
    ["2024-02", "2024-01-31T23:00:00.000Z", "2024-02-29T23:00:00.000Z", "2024-02-01", "2024-02-29"],
    ["2024-Q1", "2023-12-31T23:00:00.000Z", "2024-03-31T22:00:00.000Z", "2024-01-01", "2024-03-31"],
    ["2024-Q4", "2024-09-30T22:00:00.000Z", "2024-12-31T23:00:00.000Z", "2024-10-01", "2024-12-31"],
    ["2024", "2023-12-31T23:00:00.000Z", "2024-12-31T23:00:00.000Z", "2024-01-01", "2024-12-31"],
    ["2024-10-27", "2024-10-26T22:00:00.000Z", "2024-10-27T23:00:00.000Z", "2024-10-27", "2024-10-27"],
  ])("%s in Paris", (name, fromUtc, toUtc, firstDay, lastDay) => {
    expect(parsePeriod(name)).toMatchObject({
      name,
      fromUtc,
      toUtc,
      firstDay,
      lastDay,
      timeZone: "Europe/Paris",
    });
  });

  test("in another time zone", () => {
    expect(parsePeriod("2024-07", "Indian/Reunion").fromUtc).toBe("2024-06-30T20:00:00.000Z");
  });

  test.each([
    "",
    "2024-W00",
    "2024-W54",
    "2023-W53",
    "2024-Q5",
    "2024-13",
    "2024-00",
    "2023-02-29",
    "24-07",
    "2024-7",
    "2024-W1",
    "1969",
    "2024-07-",
    "hier",
  ])("refuses %j", (name) => {
    expect(() => parsePeriod(name)).toThrow(expect.objectContaining({ code: "PERIOD" }));
  });

  test.each(["Paris", "+02:00", "", "Europe/Lille"])("refuses the time zone %j", (name) => {
    expect(() => parsePeriod("2024", name)).toThrow(expect.objectContaining({ code: "TIME_ZONE" }));
  });

  test("weeks, months and quarters follow on one another without a gap", () => {
    const pad = (value: number) => String(value).padStart(2, "0");
    const months = (year: number) => Array.from({ length: 12 }, (_, i) => `${year}-${pad(i + 1)}`);
    fc.assert(
      fc.property(fc.integer({ min: 1990, max: 2090 }), (year) => {
        for (const names of [
          [...months(year), `${year + 1}-01`],
          [`${year}-Q1`, `${year}-Q2`, `${year}-Q3`, `${year}-Q4`, `${year + 1}-Q1`],
          Array.from({ length: 52 }, (_, i) => `${year}-W${pad(i + 1)}`),
        ]) {
          const periods = names.map((name) => parsePeriod(name));
          for (const [i, { to }] of periods.slice(0, -1).entries()) expect(periods[i + 1]?.from).toBe(to);
        }
      }),
      { numRuns: 20 },
    );
  });
});
