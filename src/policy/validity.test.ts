import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, test } from "vitest";
import { exampleAuthorisation } from "../../test/support/policy-fixtures.ts";
import {
  type AnalyticAuthorisation,
  AUTHORISATION_STATUSES,
  type AuthorisationStatus,
} from "./authorisation.ts";
import type { SignatureState } from "./signature.ts";
import {
  conditionState,
  ENDED,
  inDailyWindow,
  isLonger,
  isoDurationEnd,
  mayFollow,
  statusAt,
} from "./validity.ts";

const at = (text: string) => Date.parse(text);

describe("the status at an instant", () => {
  /** A history as `12 active valid`: the hour of a day, the status and what became of its signature. */
  const history = (...lines: readonly string[]) => {
    const parsed = lines.map((line) => line.split(" "));
    const a = exampleAuthorisation({
      statusHistory: parsed.map(([hour, status]) => ({
        status: status as AuthorisationStatus,
        at: `2024-07-20T${hour}:00:00Z`,
        by: "Exemple",
        reason: "Exemple",
        instrumentId: null,
        annulmentGround: null,
        signature: null,
      })),
    });
    return { a, states: parsed.map(([, , state]) => (state ?? "missing") as SignatureState) };
  };
  const cases: readonly (readonly [lines: readonly string[], hour: string, AuthorisationStatus])[] = [
    [["08 draft", "10 published valid", "12 active valid"], "07:59:59.999", "draft"],
    [["08 draft", "10 published valid", "12 active valid"], "09:59:59.999", "draft"],
    [["08 draft", "10 published valid", "12 active valid"], "10:00:00.000", "published"],
    [["08 draft", "10 published valid", "12 active valid"], "11:59:59.999", "published"],
    [["08 draft", "10 published valid", "12 active valid"], "12:00:00.000", "active"],
    // What permits needs its signature,
    [["10 published valid", "12 active"], "13:00:00", "published"],
    [["10 published valid", "12 active broken"], "13:00:00", "published"],
    [["10 published unknown_key", "12 active wrong_key"], "13:00:00", "draft"],
    // what restricts does not.
    [["10 published valid", "12 active valid", "14 suspended"], "14:00:00", "suspended"],
    [["10 published valid", "12 active valid", "14 suspended broken"], "15:00:00", "suspended"],
    [["10 published valid", "12 active valid", "14 suspended", "16 active valid"], "16:00:00", "active"],
    [["10 published valid", "12 active valid", "14 suspended", "16 active"], "16:00:00", "suspended"],
    [["10 published valid", "12 active valid", "14 withdrawn"], "13:59:59", "active"],
    [["10 published valid", "12 active valid", "14 withdrawn"], "14:00:00", "withdrawn"],
    // What has ended does not begin again.
    [["12 active valid", "14 withdrawn", "16 active valid"], "17:00:00", "withdrawn"],
    [["12 active valid", "14 expired", "16 suspended"], "17:00:00", "expired"],
    [["12 active valid", "14 renewed", "16 withdrawn"], "17:00:00", "withdrawn"],
    // What a court undoes never was.
    [["12 active valid", "18 annulled"], "13:00:00", "annulled"],
    [["12 active valid", "18 never_took_effect"], "13:00:00", "never_took_effect"],
    [["12 active valid", "14 withdrawn", "18 annulled"], "13:00:00", "annulled"],
    // Two entries of one instant count in their order.
    [["12 published valid", "12 active valid"], "12:00:00", "active"],
  ];
  test.each(cases)("%j at %s: %s", (lines, hour, expected) => {
    const { a, states } = history(...lines);
    expect(statusAt(a, states, at(`2024-07-20T${hour}Z`))).toBe(expected);
  });

  test("nothing but a valid signature makes it active, at any instant", () => {
    const state = fc.constantFrom<SignatureState>("missing", "unknown_key", "wrong_key", "broken");
    const entry = fc.record({ status: fc.constantFrom(...AUTHORISATION_STATUSES), hour: fc.nat(23), state });
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 6 }), fc.nat(24), (entries, hour) => {
        const lines = entries.map((one) => `${String(one.hour).padStart(2, "0")} ${one.status} ${one.state}`);
        const { a, states } = history(...lines);
        const status = statusAt(a, states, at("2024-07-20T00:00Z") + hour * 3_600_000);
        expect(["active", "published"]).not.toContain(status);
      }),
      { numRuns: 50 },
    );
  });

  test("an entry more that restricts never lets more run", () => {
    const restricting = AUTHORISATION_STATUSES.filter(
      (status) => status !== "active" && status !== "published",
    );
    fc.assert(
      fc.property(fc.constantFrom(...restricting), fc.nat(23), fc.nat(24), (status, hour, asked) => {
        const lines = ["08 published valid", "09 active valid"];
        const more = history(...lines, `${String(hour).padStart(2, "0")} ${status}`);
        const instant = at("2024-07-20T00:00Z") + asked * 3_600_000;
        const after = statusAt(more.a, more.states, instant);
        if (after === "active") {
          const less = history(...lines);
          expect(statusAt(less.a, less.states, instant)).toBe("active");
        }
      }),
    );
  });
});

test("what has ended leads nowhere that runs, and an undone authorisation leads nowhere", () => {
  for (const from of ENDED) {
    for (const to of ["draft", "published", "active", "suspended"] as const)
      expect(mayFollow(from, to)).toBe(false);
  }
  for (const to of AUTHORISATION_STATUSES) {
    expect(mayFollow("annulled", to)).toBe(false);
    expect(mayFollow("never_took_effect", to)).toBe(false);
    expect(mayFollow(to, "draft")).toBe(false);
  }
});

describe("a condition", () => {
  const cases = [
    [null, "PT24H", "PT24H", "2024-07-20T12:00Z", "missing"],
    ["2024-07-20T12:00:00.001Z", "PT24H", "PT24H", "2024-07-20T12:00Z", "missing"],
    ["2024-07-20T12:00Z", "PT24H", "PT24H", "2024-07-20T12:00Z", "fresh"],
    ["2024-07-20T14:00+02:00", "PT24H", "PT24H", "2024-07-21T11:59:59.999Z", "fresh"],
    ["2024-07-20T14:00+02:00", "PT24H", "PT24H", "2024-07-21T12:00Z", "lapsed"],
    // The shorter of the authorisation's and the profile's counts.
    ["2024-07-20T12:00Z", "P1M", "PT24H", "2024-07-21T12:00Z", "lapsed"],
    ["2024-07-20T12:00Z", "PT1H", "PT24H", "2024-07-20T13:00Z", "lapsed"],
    ["2024-07-20T12:00Z", "P0D", "PT24H", "2024-07-20T12:00Z", "lapsed"],
    // A day on the calendar has 25 hours in the night of 27 October, 24 hours have 24.
    ["2024-10-26T12:00+02:00", "P1D", "P1M", "2024-10-27T12:00+02:00", "fresh"],
    ["2024-10-26T12:00+02:00", "P1D", "P1M", "2024-10-27T12:00+01:00", "lapsed"],
    ["2024-10-26T12:00+02:00", "PT24H", "P1M", "2024-10-27T11:00+01:00", "lapsed"],
    ["2024-07-20T12:00Z", "P99999999Y", "PT24H", "2024-07-21T12:00Z", "lapsed"],
  ] as const;
  test.each(
    cases,
  )("attested %s for %s (at most %s) is at %s: %s%s", (attestedAt, validFor, maximum, now, expected) => {
    expect(conditionState({ attestedAt, validFor }, at(now), maximum)).toBe(expected);
  });
});

describe("durations", () => {
  const cases = [
    ["2024-01-31T00:00+01:00", "P1M", "2024-02-29T00:00+01:00"],
    ["2023-01-31T00:00+01:00", "P1M", "2023-02-28T00:00+01:00"],
    // Midnight to midnight, over both changes of the clock.
    ["2024-03-15T00:00+01:00", "P1M", "2024-04-15T00:00+02:00"],
    ["2024-10-15T00:00+02:00", "P1M", "2024-11-15T00:00+01:00"],
    ["2024-03-30T12:00+01:00", "PT24H", "2024-03-31T13:00+02:00"],
    ["2024-03-30T12:00+01:00", "P1D", "2024-03-31T12:00+02:00"],
    ["2024-02-29T00:00+01:00", "P1Y", "2025-02-28T00:00+01:00"],
    ["2024-07-20T12:00Z", "P1Y2M3W4DT5H6M7S", "2025-10-15T19:06:07+02:00"],
  ] as const;
  test.each(cases)("%s and %s end at %s", (from, duration, expected) => {
    expect(isoDurationEnd(at(from), duration, "Europe/Paris")).toBe(at(expected));
  });

  test("elsewhere the calendar is another one", () => {
    expect(isoDurationEnd(at("2024-03-15T00:00Z"), "P1M", "UTC")).toBe(at("2024-04-15T00:00Z"));
    expect(isoDurationEnd(at("2024-03-15T04:00Z"), "P1D", "America/New_York")).toBe(at("2024-03-16T04:00Z"));
  });

  test("beyond the calendar they do not end", () => {
    expect(isoDurationEnd(at("2024-07-20T12:00Z"), "P999999Y")).toBe(Number.POSITIVE_INFINITY);
    expect(isoDurationEnd(at("2024-07-20T12:00Z"), `P${"9".repeat(30)}Y`)).toBe(Number.POSITIVE_INFINITY);
  });

  test.each([
    ["P30D", "P1M", false],
    ["P31D", "P1M", true],
    ["P4W", "P1M", false],
    ["P5W", "P1M", true],
    ["PT720H", "P1M", false],
    ["PT720H1S", "P1M", true],
    ["P1M", "P1M", false],
    ["P1Y", "P12M", false],
    ["P3Y1D", "P3Y", true],
    ["P9999999Y", "P3Y", true],
  ] as const)("%s is longer than %s: %s", (duration, than, expected) => {
    expect(isLonger(duration, than)).toBe(expected);
  });
});

describe("windows of the day", () => {
  type Window = AnalyticAuthorisation["dailyWindows"][number];
  const window = (text: string, days: Window["days"] = null): Window => {
    const [from = "", until = ""] = text.split("-");
    return { from, until, days };
  };
  /** Window, days (null: all), instant, inside. 20 July 2024 was a Saturday. */
  const cases: readonly (readonly [text: string, days: Window["days"], instant: string, inside: boolean])[] =
    [
      ["14:00-18:00", null, "2024-07-20T13:59:59.999+02:00", false],
      ["14:00-18:00", null, "2024-07-20T14:00:00+02:00", true],
      ["14:00-18:00", null, "2024-07-20T17:59:59.999+02:00", true],
      ["14:00-18:00", null, "2024-07-20T18:00:00+02:00", false],
      ["00:00-24:00", null, "2024-07-20T00:00:00+02:00", true],
      ["00:00-24:00", null, "2024-07-20T23:59:59.999+02:00", true],
      ["08:00-08:00", null, "2024-07-20T07:59:59+02:00", true],
      // Over midnight, it belongs to the day on which it begins.
      ["22:00-02:00", ["sat"], "2024-07-20T21:59:59+02:00", false],
      ["22:00-02:00", ["sat"], "2024-07-20T22:00:00+02:00", true],
      ["22:00-02:00", ["sat"], "2024-07-21T01:59:59.999+02:00", true],
      ["22:00-02:00", ["sat"], "2024-07-21T02:00:00+02:00", false],
      ["22:00-02:00", ["sat"], "2024-07-21T22:00:00+02:00", false],
      ["22:00-02:00", ["sat"], "2024-07-20T01:00:00+02:00", false],
      ["24:00-02:00", ["sat"], "2024-07-21T01:00:00+02:00", true],
      ["24:00-24:00", ["sat"], "2024-07-21T23:00:00+02:00", true],
      ["24:00-02:00", ["sat"], "2024-07-20T01:00:00+02:00", false],
      ["10:00-11:00", ["mon", "sat"], "2024-07-20T10:30:00+02:00", true],
      ["10:00-11:00", ["mon", "sun"], "2024-07-20T10:30:00+02:00", false],
      // 31 March 2024: at 02:00 the clock jumps to 03:00.
      ["01:30-02:30", null, "2024-03-31T01:29:59.999+01:00", false],
      ["01:30-02:30", null, "2024-03-31T01:30:00+01:00", true],
      ["01:30-02:30", null, "2024-03-31T01:59:59.999+01:00", true],
      ["01:30-02:30", null, "2024-03-31T03:00:00+02:00", false],
      ["02:15-02:45", null, "2024-03-31T03:00:00+02:00", false],
      ["02:30-04:00", null, "2024-03-31T01:59:59.999+01:00", false],
      ["02:30-04:00", null, "2024-03-31T03:00:00+02:00", true],
      ["02:30-04:00", null, "2024-03-31T04:00:00+02:00", false],
      // 27 October 2024: at 03:00 the clock goes back to 02:00; the hour from 02:00 comes twice.
      ["01:30-02:30", null, "2024-10-27T01:30:00+02:00", true],
      ["01:30-02:30", null, "2024-10-27T02:29:59.999+02:00", true],
      ["01:30-02:30", null, "2024-10-27T02:30:00+02:00", false],
      ["01:30-02:30", null, "2024-10-27T02:00:00+01:00", false],
      ["01:30-02:30", null, "2024-10-27T02:29:59+01:00", false],
      ["02:30-04:00", null, "2024-10-27T02:45:00+02:00", false],
      ["02:30-04:00", null, "2024-10-27T02:15:00+01:00", false],
      ["02:30-04:00", null, "2024-10-27T02:30:00+01:00", true],
      ["02:30-04:00", null, "2024-10-27T03:59:59+01:00", true],
      ["02:15-02:45", null, "2024-10-27T02:30:00+02:00", false],
      ["02:15-02:45", null, "2024-10-27T02:30:00+01:00", false],
      ["01:00-04:00", null, "2024-10-27T02:30:00+02:00", true],
      ["01:00-04:00", null, "2024-10-27T02:30:00+01:00", true],
      ["22:00-02:30", ["sat"], "2024-10-27T02:15:00+02:00", true],
      ["22:00-02:30", ["sat"], "2024-10-27T02:15:00+01:00", false],
    ];
  test.each(cases)("%s on %j at %s: %s", (text, days, instant, inside) => {
    expect(inDailyWindow([window(text, days)], at(instant), "Europe/Paris")).toBe(inside);
  });

  test("none is all day, and one of several is enough", () => {
    expect(inDailyWindow([], at("2024-07-20T03:00Z"))).toBe(true);
    const two = [window("08:00-10:00"), window("14:00-16:00")];
    expect(inDailyWindow(two, at("2024-07-20T15:00+02:00"))).toBe(true);
    expect(inDailyWindow(two, at("2024-07-20T12:00+02:00"))).toBe(false);
  });

  const minutes = fc.nat(1439);
  const clock = (minute: number) =>
    `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;

  test("on days without a change it is what the clock on the wall says", () => {
    fc.assert(
      fc.property(minutes, minutes, minutes, (from, until, now) => {
        const instant = at(`2024-07-20T${clock(now)}:00+02:00`);
        const inside = from < until ? from <= now && now < until : now >= from || now < until;
        expect(inDailyWindow([window(`${clock(from)}-${clock(until)}`)], instant, "Europe/Paris")).toBe(
          inside,
        );
      }),
    );
  });

  test("in the nights of the change it is open only where every reading of both times agrees", () => {
    const readings = (date: string, minute: number) =>
      (["earlier", "later", "compatible"] as const).map(
        (disambiguation) =>
          Temporal.PlainDateTime.from(`${date}T${clock(minute)}`).toZonedDateTime("Europe/Paris", {
            disambiguation,
          }).epochMilliseconds,
      );
    fc.assert(
      fc.property(
        fc.constantFrom("2024-03-31", "2024-10-27", "2025-03-30", "2025-10-26"),
        fc.nat(299),
        fc.nat(299),
        fc.nat(359),
        (date, from, until, minute) => {
          fc.pre(from < until);
          const instant = at(`${date}T00:00:00+0${date.includes("-03-") ? 1 : 2}:00`) + minute * 60_000;
          const wall = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO("Europe/Paris");
          const now = wall.hour * 60 + wall.minute;
          const onTheWall = from <= now && now < until;
          const inside = inDailyWindow([window(`${clock(from)}-${clock(until)}`)], instant, "Europe/Paris");
          if (inside) {
            expect(onTheWall).toBe(true);
            // Where a time exists, in either of its readings.
            const exists = (found: number, wanted: number) => {
              const shown = Temporal.Instant.fromEpochMilliseconds(found).toZonedDateTimeISO("Europe/Paris");
              return shown.hour * 60 + shown.minute === wanted;
            };
            for (const begin of readings(date, from))
              if (exists(begin, from)) expect(instant >= begin).toBe(true);
            for (const end of readings(date, until)) if (exists(end, until)) expect(instant < end).toBe(true);
          } else if (onTheWall) {
            // Closed although the wall says open: only in the autumn, where one of the two times comes twice.
            const twice = [from, until].some((time) => new Set(readings(date, time)).size === 2);
            expect([date.includes("-10-"), twice]).toEqual([true, true]);
          }
        },
      ),
      { numRuns: 400 },
    );
  });
});
