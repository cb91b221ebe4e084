import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { EVENT_TYPES } from "../event.ts";
import { canPermit, citation, lawAt, ruleInterval } from "./law.ts";
import type { Profile, Regime } from "./profile.ts";
import { INSTRUMENT_STATUSES, profileSchema, VERIFICATIONS } from "./profile.ts";
import { loadOverlay, loadRegime } from "./profile-load.ts";
import { FOOTAGE_KINDS, USES } from "./question.ts";
import { startOfDay } from "./time-zone.ts";

const at = (instant: string) => Date.parse(instant);

describe("the French timeline, at one second before and after each boundary", () => {
  let fr: Regime;
  beforeAll(async () => {
    fr = (await loadRegime("fr-loi-2023-380")).profile;
  });

  // Paris time; +01:00 in winter, +02:00 in summer.
  it.each([
    ["2018-01-01T12:00:00+01:00", ["no_legal_basis"]],
    ["2023-05-20T23:59:59+02:00", ["no_legal_basis"]],
    ["2023-05-21T00:00:00+02:00", ["decree_missing"]],
    ["2023-05-21T00:00:01+02:00", ["decree_missing"]],
    ["2023-08-30T23:59:59+02:00", ["decree_missing"]],
    ["2023-08-31T00:00:00+02:00", []],
    ["2023-08-31T00:00:01+02:00", []],
    // The hour that comes twice, once in summer and once in winter time.
    ["2023-10-29T02:30:00+02:00", []],
    ["2023-10-29T02:30:00+01:00", []],
    ["2024-07-26T17:30:00+02:00", []],
    ["2024-10-27T02:59:59+02:00", []],
    ["2024-10-27T02:00:00+01:00", []],
    // The hour that does not come: 02:30 on 30 March 2025 is 03:30.
    ["2025-03-30T01:59:59+01:00", []],
    ["2025-03-30T03:00:00+02:00", []],
    ["2025-03-31T23:59:59+02:00", []],
    ["2025-03-31T23:59:59.999+02:00", []],
    ["2025-04-01T00:00:00+02:00", ["expired"]],
    ["2025-04-01T00:00:01+02:00", ["expired"]],
    // Midnight of winter time would be an hour late.
    ["2025-04-01T00:59:59+02:00", ["expired"]],
    ["2025-04-24T00:00:00+02:00", ["expired", "expired"]],
    ["2026-03-20T23:59:59+01:00", ["expired", "expired"]],
    ["2026-03-21T00:00:00+01:00", ["unverified_basis"]],
    ["2026-07-21T23:59:59+02:00", ["unverified_basis"]],
    ["2026-07-22T00:00:00+02:00", ["unverified_basis", "unverified_basis"]],
    ["2027-12-31T23:59:59+01:00", ["unverified_basis", "unverified_basis"]],
    ["2028-01-01T00:00:00+01:00", ["expired"]],
    ["2035-06-01T12:00:00+02:00", ["expired"]],
  ])("alerts on %s: %j", (instant, codes) => {
    for (const event of EVENT_TYPES) {
      for (const footage of ["live", "recording"] as const) {
        const { permit, denials } = lawAt(fr, { at: at(instant), event, footage, use: "alert" });
        expect(denials.map(({ code }) => code)).toEqual(codes);
        expect(permit?.id ?? null).toBe(codes.length === 0 ? "experiment-2023-2025" : null);
      }
    }
  });

  it("counts in the dark on no basis yet: the test phase of VI is not verified", () => {
    const { permit, denials } = lawAt(fr, {
      at: at("2024-07-26T17:30:00+02:00"),
      event: "crowd_density",
      footage: "live",
      use: "shadow",
    });
    expect(permit).toBeNull();
    expect(denials).toEqual([
      expect.objectContaining({ code: "unverified_basis", ruleId: "test-phase-2023-2025" }),
    ]);
  });

  it("gives as source what a reader can look up", () => {
    const [denial] = lawAt(fr, {
      at: at("2023-06-01T12:00:00+02:00"),
      event: "fire",
      footage: "live",
      use: "alert",
    }).denials;
    expect(denial).toEqual({
      code: "decree_missing",
      ruleId: "decree-missing",
      source:
        "loi n° 2023-380 du 19 mai 2023, art. 10 — https://www.legifrance.gouv.fr/jorf/id/JORFTEXT000047561974",
    });
  });

  it("cites the Conseil d'État where no rule answers", () => {
    const question = {
      at: at("2024-07-26T12:00:00Z"),
      event: "fire",
      footage: "rendered",
      use: "alert",
    } as const;
    expect(lawAt(fr, question).denials).toEqual([
      expect.objectContaining({
        code: "no_legal_basis",
        ruleId: "no-other-basis",
        source: expect.stringMatching(/^Conseil d'État, 30 janvier 2026, n° 506370, .* — https:/),
      }),
    ]);
  });

  it("ends the permission on the last day of summer time's second day, as an instant", () => {
    const rule = fr.rules.find(({ id }) => id === "experiment-2023-2025");
    expect(rule && ruleInterval(fr, rule)).toEqual({
      from: at("2023-08-30T22:00:00Z"),
      until: at("2025-03-31T22:00:00Z"),
    });
  });
});

describe("days and time zones", () => {
  it.each([
    ["2025-03-30", "Europe/Paris", "2025-03-29T23:00:00Z"],
    ["2025-03-31", "Europe/Paris", "2025-03-30T22:00:00Z"],
    ["2025-10-26", "Europe/Paris", "2025-10-25T22:00:00Z"],
    ["2025-10-27", "Europe/Paris", "2025-10-26T23:00:00Z"],
    // Clocks that skip midnight: the day begins at one o'clock.
    ["2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00:00Z"],
    // A day that never was: Samoa went from 29 to 31 December 2011, and the 30th begins when the 31st does.
    ["2011-12-30", "Pacific/Apia", "2011-12-30T10:00:00Z"],
    ["2025-01-01", "UTC", "2025-01-01T00:00:00Z"],
  ])("%s in %s begins at %s", (day, zone, instant) => {
    expect(new Date(startOfDay(day, zone)).toISOString()).toBe(new Date(instant).toISOString());
  });

  it("one day ends where the next begins, whatever the zone and the clock", () => {
    const zone = fc.constantFrom("Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu");
    const date = fc
      .date({ min: new Date("2000-01-01"), max: new Date("2037-12-31"), noInvalidDate: true })
      .map((day) => day.toISOString().slice(0, 10));
    fc.assert(
      fc.property(date, zone, (day, timeZone) => {
        const hours = (startOfDay(day, timeZone, 1) - startOfDay(day, timeZone)) / 3_600_000;
        expect([23, 23.5, 24, 24.5, 25]).toContain(hours);
      }),
      { numRuns: 300 },
    );
  });
});

describe("the semantics", () => {
  const base = {
    schema: "contrechamp/profile@1",
    id: "p",
    version: "1.0.0",
    title: { fr: "p", en: "p" },
    summary: { fr: "p", en: "p" },
    jurisdiction: "XX",
    timeZone: "Europe/Paris",
  };
  const regime = {
    kind: "regime",
    footage: [...FOOTAGE_KINDS],
    place: { fr: "p", en: "p" },
    requires: {
      cameraAuthorisation: true,
      certificate: true,
      notice: true,
      perimeter: true,
      declaredZones: true,
      listedRecordings: true,
      separateKeys: true,
      resumeByPerson: true,
    },
    limits: { maxDuration: "P1M", maxRetention: "P1M", attestationValidFor: "PT24H" },
    handling: {
      evidence: "encrypted",
      clips: "confirmed",
      undecidedFor: "PT24H",
      sinks: true,
      journal: "site",
    },
  };
  const overlay = { kind: "overlay", forWhom: { fr: "p", en: "p" } };
  const mark = (verification: string) => ({ verification, checkedBy: "x", checkedOn: "2026-01-01" });
  const source = { title: "act", url: "https://example.org/act" };
  const days = (from: string | null, until: string | null) => ({ from, until });
  const instrument = (id: string, more: object = {}) => ({
    id,
    title: { fr: "a", en: "a" },
    status: "in_force",
    source,
    ...mark("verified"),
    ...more,
  });
  const rule = (id: string, more: object = {}) => ({
    id,
    effect: "permit",
    reason: null,
    instrument: "act",
    article: "s. 1",
    interval: days(null, null),
    events: "all",
    footage: [...FOOTAGE_KINDS],
    uses: [...USES],
    text: { fr: "a", en: "a" },
    source,
    ...mark("verified"),
    ...more,
  });
  const profile = (rules: readonly object[], instruments: readonly object[] = [instrument("act")]): Profile =>
    profileSchema.parse({ ...base, ...regime, instruments, rules });
  const question = { at: at("2026-06-01T12:00:00Z"), event: "fire", footage: "live", use: "alert" } as const;
  const answer = (rules: readonly object[], instruments?: readonly object[]) => {
    const { permit, denials } = lawAt(profile(rules, instruments), question);
    return permit?.id ?? denials.map(({ code }) => code);
  };

  it.each([
    ["a verified permission permits", [rule("a")], undefined, "a"],
    ["a secondary one does not", [rule("a", mark("secondary"))], undefined, ["unverified_basis"]],
    ["an unverified one does not", [rule("a", mark("unverified"))], undefined, ["unverified_basis"]],
    [
      "an unverified one beside a verified one changes nothing",
      [rule("b", mark("unverified")), rule("a")],
      undefined,
      "a",
    ],
    [
      "an unverified restriction restricts",
      [rule("a"), rule("no", { effect: "forbid", reason: "expired", ...mark("unverified") })],
      undefined,
      ["expired"],
    ],
    [
      "a restriction without a reason is no legal basis",
      [rule("no", { effect: "forbid" })],
      undefined,
      ["no_legal_basis"],
    ],
    [
      "every restriction is told",
      [
        rule("n1", { effect: "forbid", reason: "expired" }),
        rule("n2", { effect: "forbid", reason: "annulled" }),
      ],
      undefined,
      ["expired", "annulled"],
    ],
    ["another event is not permitted", [rule("a", { events: ["weapon"] })], undefined, ["no_legal_basis"]],
    ["other footage is not permitted", [rule("a", { footage: ["rendered"] })], undefined, ["no_legal_basis"]],
    ["another use is not permitted", [rule("a", { uses: ["shadow"] })], undefined, ["no_legal_basis"]],
    [
      "a permission that has ended",
      [rule("a", { interval: days(null, "2026-05-31") })],
      undefined,
      ["no_legal_basis"],
    ],
    [
      "a permission that has not begun",
      [rule("a", { interval: days("2026-06-02", null) })],
      undefined,
      ["no_legal_basis"],
    ],
    ["both days are included", [rule("a", { interval: days("2026-06-01", "2026-06-01") })], undefined, "a"],
    [
      "a permission by an annulled instrument",
      [rule("a")],
      [instrument("act", { status: "annulled", annulmentGround: "substantive" })],
      ["annulled"],
    ],
    [
      "a permission by one that never took effect",
      [rule("a")],
      [instrument("act", { status: "never_took_effect" })],
      ["no_legal_basis"],
    ],
    [
      "a permission by one that is pending",
      [rule("a")],
      [instrument("act", { status: "pending" })],
      ["no_legal_basis"],
    ],
    [
      "a permission by an instrument nobody knows",
      [rule("a", { instrument: "other" })],
      undefined,
      ["no_legal_basis"],
    ],
    [
      "a permission by an instrument that expired, while it lasted",
      [rule("a")],
      [instrument("act", { status: "expired", inForce: days(null, "2026-06-01") })],
      "a",
    ],
    [
      "a permission by an instrument that expired the day before",
      [rule("a")],
      [instrument("act", { status: "expired", inForce: days(null, "2026-05-31") })],
      ["no_legal_basis"],
    ],
    [
      "a permission by an expired instrument without its day",
      [rule("a")],
      [instrument("act", { status: "expired" })],
      ["no_legal_basis"],
    ],
    [
      "a permission before its instrument was in force",
      [rule("a")],
      [instrument("act", { inForce: days("2026-06-02", null) })],
      ["no_legal_basis"],
    ],
    [
      "a restriction outlives its instrument",
      [rule("no", { effect: "forbid", reason: "expired" })],
      [instrument("act", { status: "expired", inForce: days(null, "2020-01-01") })],
      ["expired"],
    ],
  ] as const)("%s", (_, rules, instruments, expected) => {
    expect(answer(rules, instruments)).toEqual(expected);
  });

  it("answers no for an instant that is none", () => {
    for (const instant of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const { permit, denials } = lawAt(profile([rule("a")]), { ...question, at: instant });
      expect([permit, denials.length]).toEqual([null, 1]);
    }
  });

  it("an overlay forbids or is silent, and never permits", () => {
    const build = (rules: readonly object[]) =>
      profileSchema.parse({ ...base, ...overlay, instruments: [instrument("act")], rules });
    expect(lawAt(build([rule("a")]), question)).toEqual({ permit: null, denials: [] });
    expect(lawAt(build([]), question)).toEqual({ permit: null, denials: [] });
    const ban = rule("no", { effect: "forbid", reason: "overlay_forbids", ...mark("unverified") });
    expect(lawAt(build([ban]), question).denials.map(({ code }) => code)).toEqual(["overlay_forbids"]);
  });

  it("cites without an address where there is none", () => {
    expect(citation({ article: "s. 1", source: { title: "Act 2030", url: null } })).toBe("Act 2030, s. 1");
  });

  const day = fc.option(
    fc
      .integer({ min: 0, max: 40 })
      .map((n) => new Date(Date.UTC(2025, 2, 15 + n)).toISOString().slice(0, 10)),
    { nil: null },
  );
  const interval = fc.record({ from: day, until: day });
  const instruments = fc
    .array(fc.record({ status: fc.constantFrom(...INSTRUMENT_STATUSES), inForce: interval }), {
      minLength: 1,
      maxLength: 3,
    })
    .map((list) => list.map((more, index) => instrument(`i${index}`, more)));
  const anyRule = (effect: fc.Arbitrary<string>) =>
    fc
      .record({
        effect,
        interval,
        events: fc.oneof(fc.constant("all"), fc.subarray([...EVENT_TYPES], { minLength: 1 })),
        footage: fc.subarray([...FOOTAGE_KINDS], { minLength: 1 }),
        uses: fc.subarray([...USES], { minLength: 1 }),
        instrument: fc.constantFrom("i0", "i1", "i2", "i3"),
        verification: fc.constantFrom(...VERIFICATIONS),
      })
      .map((more) => rule("r", { ...more, ...(more.effect === "forbid" ? { reason: "expired" } : {}) }));
  const numbered = (rules: readonly object[]) => rules.map((one, index) => ({ ...one, id: `r${index}` }));
  const questions = fc.record({
    at: fc.integer({ min: at("2025-03-14T00:00:00Z"), max: at("2025-04-26T00:00:00Z") }),
    event: fc.constantFrom(...EVENT_TYPES),
    footage: fc.constantFrom(...FOOTAGE_KINDS),
    use: fc.constantFrom(...USES),
  });
  const rules = (effect: fc.Arbitrary<string>) => fc.array(anyRule(effect), { minLength: 1, maxLength: 6 });
  const either = fc.constantFrom("permit", "forbid");
  const runs = { numRuns: 400 };

  it("always answers: a permission, or at least one denial, never both", () => {
    fc.assert(
      fc.property(rules(either), instruments, questions, (list, texts, asked) => {
        const { permit, denials } = lawAt(profile(numbered(list), texts), asked);
        expect(permit === null).toBe(denials.length > 0);
      }),
      runs,
    );
  });

  it("adding a restriction never turns a denial into a permission", () => {
    fc.assert(
      fc.property(
        rules(either),
        anyRule(fc.constant("forbid")),
        fc.nat(6),
        instruments,
        questions,
        (list, forbid, where, texts, asked) => {
          const before = lawAt(profile(numbered(list), texts), asked);
          const more = list.toSpliced(where, 0, forbid);
          const after = lawAt(profile(numbered(more), texts), asked);
          expect(before.permit === null && after.permit !== null).toBe(false);
        },
      ),
      runs,
    );
  });

  it("an unverified permission never permits, however many there are", () => {
    const unverified = rules(fc.constant("permit")).map((list) =>
      list.map((one, index) => ({ ...one, ...mark(index % 2 === 0 ? "unverified" : "secondary") })),
    );
    fc.assert(
      fc.property(unverified, instruments, questions, (list, texts, asked) => {
        expect(lawAt(profile(numbered(list), texts), asked).permit).toBeNull();
      }),
      runs,
    );
  });

  it("a restriction that matches denies, whatever its mark and its instrument", () => {
    fc.assert(
      fc.property(
        rules(either),
        fc.constantFrom(...VERIFICATIONS),
        instruments,
        questions,
        (list, verification, texts, asked) => {
          const ban = rule("ban", {
            effect: "forbid",
            reason: "no_legal_basis",
            instrument: "i0",
            ...mark(verification),
          });
          const { permit, denials } = lawAt(profile([...numbered(list), ban], texts), asked);
          expect(permit).toBeNull();
          expect(denials.map(({ ruleId }) => ruleId)).toContain("ban");
        },
      ),
      runs,
    );
  });

  it("a permission that is given can permit, and its interval holds the instant", () => {
    fc.assert(
      fc.property(rules(either), instruments, questions, (list, texts, asked) => {
        const law = profile(numbered(list), texts);
        const { permit } = lawAt(law, asked);
        if (permit === null) return;
        const { from, until } = ruleInterval(law, permit);
        expect(canPermit(law, permit)).toBe(true);
        expect(asked.at).toBeGreaterThanOrEqual(from ?? Number.NEGATIVE_INFINITY);
        expect(asked.at).toBeLessThan(until ?? Number.POSITIVE_INFINITY);
      }),
      runs,
    );
  });
});

describe("the other profiles that ship", () => {
  const now = at("2026-11-22T12:00:00Z");

  it.each([
    ["private-premises", "zone_intrusion", "live", "alert", "legitimate-interest"],
    ["private-premises", "zone_intrusion", "live", "shadow", "legitimate-interest"],
    ["private-premises", "weapon", "live", "alert", ["no_legal_basis"]],
    ["private-premises", "fire", "rendered", "alert", ["no_legal_basis"]],
    ["recording-study", "weapon", "recording", "alert", "study"],
    ["recording-study", "fire", "rendered", "shadow", "study"],
    ["recording-study", "fire", "live", "alert", ["no_legal_basis"]],
    ["demonstration", "fire", "rendered", "alert", "nobody-is-filmed"],
    ["demonstration", "fire", "recording", "alert", ["no_legal_basis"]],
    ["demonstration", "fire", "live", "shadow", ["no_legal_basis"]],
  ] as const)("%s: %s on %s, %s: %j", async (id, event, footage, use, expected) => {
    const { profile } = await loadRegime(id);
    const { permit, denials } = lawAt(profile, { at: now, event, footage, use });
    expect(permit?.id ?? denials.map(({ code }) => code)).toEqual(expected);
  });

  it("the study of a recording is asked at the recording's instant, however old", async () => {
    const { profile } = await loadRegime("recording-study");
    const question = {
      at: at("2009-06-18T12:00:00Z"),
      event: "wrong_way",
      footage: "recording",
      use: "alert",
    } as const;
    expect(lawAt(profile, question).permit?.id).toBe("study");
  });

  it("the template permits nothing, at any time", async () => {
    const { profile } = await loadRegime("template");
    for (let year = 2020; year < 2040; year++) {
      for (const event of EVENT_TYPES) {
        const question = { at: Date.UTC(year, 8, 1), event, footage: "live", use: "alert" } as const;
        expect(lawAt(profile, question).permit).toBeNull();
      }
    }
  });

  it("the municipal ban restricts whenever it is configured; the AI Act's article 5 forbids no event", async () => {
    const ban = (await loadOverlay("municipal-ban")).profile;
    const act = (await loadOverlay("eu-ai-act-art-5")).profile;
    for (const event of EVENT_TYPES) {
      for (const footage of ["live", "recording"] as const) {
        for (const use of USES) {
          for (const year of [1999, 2026, 2099]) {
            const question = { at: Date.UTC(year, 0, 1), event, footage, use };
            expect(lawAt(ban, question).denials.map(({ code }) => code)).toEqual(["overlay_forbids"]);
            expect(lawAt(act, question).denials).toEqual([]);
          }
        }
      }
    }
  });
});
