import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AnalyticAuthorisation } from "../../src/policy/authorisation.ts";
import { createSecondOpinion } from "../../src/policy/cedar.ts";
import { mayAlert } from "../../src/policy/gate.ts";
import { Gate, type Incident } from "../../src/policy/mint.ts";
import type { Hashed, ProfileRule, Regime } from "../../src/policy/profile.ts";
import { loadRegime } from "../../src/policy/profile-load.ts";
import type { Decision, GateQuestion } from "../../src/policy/question.ts";
import { REASON_CODES, type ReasonCode } from "../../src/policy/reasons.ts";
import { nextChange } from "../../src/policy/standing.ts";
import { EMPTY_WORLD, type PolicyWorld } from "../../src/policy/world.ts";
import { ban } from "../contracts/evaluator-mutations.ts";
import { question as randomQuestion, world as randomWorld } from "../contracts/evaluator-random.ts";
import {
  ANALYSING,
  analysing,
  CERTIFICATES,
  FILMING,
  QUESTION,
  RECORDING,
  verified,
  WORLD,
} from "../contracts/evaluator-worlds.ts";

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;

/** Asks both evaluators, and fails where they are not of one mind. */
function ask(question: GateQuestion, world: PolicyWorld): Decision {
  const incidents: Incident[] = [];
  const gate = new Gate(world, createSecondOpinion(world), {
    onIncident: (incident) => incidents.push(incident),
  });
  const decision = gate.ask(question);
  expect(incidents).toEqual([]);
  return decision;
}

function codes(decision: Decision): readonly ReasonCode[] {
  return [...new Set(decision.reasons.map(({ code }) => code))];
}

/** A fictional authorisation under the French law, in force for some days around an instant, with all it needs. */
function authorised(
  regime: Hashed<Regime>,
  at: number,
  more: Partial<AnalyticAuthorisation> = {},
): PolicyWorld {
  const text = (instant: number) => new Date(instant).toISOString();
  const [, analytic] = analysing({
    legalBasis: [{ instrumentId: "loi-2023-380", article: "10", profileId: regime.profile.id }],
    validFrom: text(at - 10 * DAY),
    validUntil: text(at + 10 * DAY),
    publishedAt: text(at - 11 * DAY),
    statusHistory: ANALYSING.statusHistory.map((entry) => ({ ...entry, at: text(at - 11 * DAY) })),
    conditions: ANALYSING.conditions.map((condition) => ({ ...condition, attestedAt: text(at - HOUR) })),
    recordings: [{ name: "exemple", sha256: RECORDING }],
    dailyWindows: [],
    ...more,
  }).authorisations;
  if (analytic === undefined) throw new Error("no authorisation");
  const early = "2000-01-01T00:00:00Z";
  const filming = verified({
    ...FILMING,
    validFrom: early,
    validUntil: "2100-01-01T00:00:00Z",
    publishedAt: early,
    statusHistory: FILMING.statusHistory.map((entry) => ({ ...entry, at: early })),
  });
  return {
    ...WORLD,
    profile: regime,
    overlays: [],
    authorisations: [filming, analytic],
    certificates: CERTIFICATES.map((certificate) => ({
      document: { ...certificate, issuedAt: text(at - 30 * DAY), validUntil: text(at + 30 * DAY) },
      sha256: "3".repeat(64),
      signature: "valid",
    })),
    notices: WORLD.notices.map((found) => ({
      ...found,
      document: { ...found.document, publishedAt: text(at - 11 * DAY) },
    })),
  };
}

describe("the French timeline", async () => {
  const regime = await loadRegime("fr-loi-2023-380");
  it.each<readonly [string, ReasonCode, ReasonCode]>([
    ["2023-05-21T00:00:00+02:00", "no_legal_basis", "decree_missing"],
    ["2023-08-31T00:00:00+02:00", "decree_missing", "permitted"],
    // Summer time ends and begins three times while it is permitted, and changes nothing.
    ["2023-10-29T03:00:00+02:00", "permitted", "permitted"],
    ["2024-03-31T02:00:00+01:00", "permitted", "permitted"],
    ["2024-10-27T03:00:00+02:00", "permitted", "permitted"],
    ["2025-03-30T02:00:00+01:00", "permitted", "permitted"],
    // Two days after the clocks went forward: midnight in Paris, not 23:00 and not 01:00.
    ["2025-04-01T00:00:00+02:00", "permitted", "expired"],
    ["2025-04-24T00:00:00+02:00", "expired", "expired"],
    ["2026-03-21T00:00:00+01:00", "expired", "unverified_basis"],
    ["2026-07-22T00:00:00+02:00", "unverified_basis", "unverified_basis"],
  ])("at %s: %s until the second before, %s from then on", (boundary, before, after) => {
    const at = Date.parse(boundary);
    for (const [offset, expected] of [
      [-SECOND, before],
      [-1, before],
      [0, after],
      [SECOND, after],
    ] as const) {
      const decision = ask({ ...QUESTION, at: at + offset }, authorised(regime, at));
      expect(codes(decision)).toEqual([expected]);
      expect(decision.allow).toBe(expected === "permitted");
      for (const reason of decision.reasons) expect(reason.source).not.toBe("");
    }
  });

  it.each(["2028-01-01T00:00:00+01:00", "2031-06-01T00:00:00+02:00"])("permits nothing at %s", (instant) => {
    const at = Date.parse(instant);
    expect(ask({ ...QUESTION, at }, authorised(regime, at)).allow).toBe(false);
  });

  it("permits no test phase in the dark, whose basis nobody has compared", () => {
    const at = Date.parse("2024-07-26T20:00:00+02:00");
    const decision = ask({ ...QUESTION, at, use: "shadow" }, authorised(regime, at));
    expect(codes(decision)).toContain("unverified_basis");
  });

  it("lets a daily window end by the clock on the wall, in both nights when that changes", () => {
    for (const [end, utc] of [
      // 02:30 does not exist: the window ends when the clock jumps.
      ["2024-03-31", "2024-03-31T01:00:00Z"],
      // 02:30 comes twice: it ends at the first.
      ["2024-10-27", "2024-10-27T00:30:00Z"],
      ["2024-07-27", "2024-07-27T00:30:00Z"],
    ] as const) {
      const at = Date.parse(utc);
      const shut = authorised(regime, at, { dailyWindows: [{ from: "20:00", until: "02:30", days: null }] });
      expect([end, codes(ask({ ...QUESTION, at: at - 1 }, shut))]).toEqual([end, ["permitted"]]);
      for (const later of [0, SECOND, HOUR - 1, HOUR]) {
        expect([end, codes(ask({ ...QUESTION, at: at + later }, shut))]).toEqual([
          end,
          ["outside_daily_window"],
        ]);
      }
    }
  });
});

/** Each takes something away, or adds something that forbids. */
const RESTRICTIONS: readonly (readonly [string, (world: PolicyWorld) => PolicyWorld])[] = [
  ["a hold", (world) => ({ ...world, holds: [...world.holds, HOLD] })],
  [
    "an unreadable document",
    (world) => ({ ...world, faults: [{ file: "a.yml", code: "EXAMPLE", message: "a" }] }),
  ],
  ["an overlay", (world) => ({ ...world, overlays: [...world.overlays, ban("2024-07-26")] })],
  [
    "a rule that forbids",
    (world) => regime(world, ({ rules }) => ({ rules: [...rules, ...rules.map(forbidding)] })),
  ],
  ["one permission less", (world) => regime(world, ({ rules }) => ({ rules: rules.filter(isNoPermit) }))],
  [
    "permissions nobody compared",
    (world) => regime(world, ({ rules }) => ({ rules: rules.map(unverified) })),
  ],
  [
    "a shorter limit",
    (world) => regime(world, ({ limits }) => ({ limits: { ...limits, maxDuration: "P1D" } })),
  ],
  ["no footage", (world) => regime(world, () => ({ footage: ["rendered"] }))],
  ["one authorisation less", (world) => ({ ...world, authorisations: world.authorisations.slice(1) })],
  ["the other one less", (world) => ({ ...world, authorisations: world.authorisations.slice(0, -1) })],
  ["no certificate", (world) => ({ ...world, certificates: [] })],
  ["no notice", (world) => ({ ...world, notices: world.notices.slice(1) })],
  ["no camera that is known", (world) => ({ ...world, cameras: [] })],
  ["no profile", (world) => ({ ...world, profile: null })],
  ["no signature", (world) => signatures(world, () => ({ decision: "missing" }))],
  ["no signature of the publication", (world) => signatures(world, () => ({ publication: "broken" }))],
  ["no attestation", (world) => signatures(world, () => ({ conditions: {} }))],
  [
    "no signed history",
    (world) => signatures(world, ({ history }) => ({ history: history.map(() => "missing") })),
  ],
  ["a newer journal", (world) => ({ ...world, newest: Math.max(world.newest ?? 0, QUESTION.at + DAY) })],
];

const HOLD: PolicyWorld["holds"][number] = {
  id: "8d8ac610-566d-4ef0-9c22-186b2a5ed793",
  scope: { kind: "everything" },
  cause: "stop_switch",
  at: "2024-07-26T10:00:00Z",
  by: "Personne Exemple",
  reason: "Exemple",
  released: null,
};

function regime(world: PolicyWorld, change: (profile: Regime) => Partial<Regime>): PolicyWorld {
  if (world.profile === null) return world;
  const { profile, sha256 } = world.profile;
  return { ...world, profile: { profile: { ...profile, ...change(profile) }, sha256 } };
}

function forbidding(rule: ProfileRule): ProfileRule {
  return { ...rule, id: `not-${rule.id}`, effect: "forbid", reason: "no_legal_basis" };
}

function unverified(rule: ProfileRule): ProfileRule {
  return { ...rule, verification: "unverified" };
}

function isNoPermit({ effect }: ProfileRule): boolean {
  return effect === "forbid";
}

type Signatures = PolicyWorld["authorisations"][number]["signatures"];

function signatures(world: PolicyWorld, change: (found: Signatures) => Partial<Signatures>): PolicyWorld {
  return {
    ...world,
    authorisations: world.authorisations.map((found) => ({
      ...found,
      signatures: { ...found.signatures, ...change(found.signatures) },
    })),
  };
}

describe("the gate is monotonous", () => {
  it.each(RESTRICTIONS)("%s never turns a no into a yes", (_what, restrict) => {
    let [yes, turned] = [0, 0];
    fc.assert(
      fc.property(randomWorld, randomQuestion, (world, question) => {
        const before = mayAlert(question, world).allow;
        const after = mayAlert(question, restrict(world)).allow;
        if (before) yes++;
        if (before && !after) turned++;
        expect(before || !after).toBe(true);
      }),
      { numRuns: 400 },
    );
    // Else the restriction would restrict nothing, and the property say nothing.
    expect(yes).toBeGreaterThan(20);
    expect(turned).toBeGreaterThan(0);
  });
});

describe("the gate is total", () => {
  const anything = fc.anything({ withBigInt: true, withNullPrototype: true, withDate: true, withMap: true });
  const decide = (question: unknown, world: unknown): unknown =>
    Reflect.apply(mayAlert, undefined, [question, world]);

  it("says no to whatever makes no sense", () => {
    fc.assert(
      fc.property(anything, anything, (question, world) => {
        expect(decide(question, world)).toMatchObject({
          allow: false,
          reasons: [{ source: expect.any(String) }],
        });
        expect(decide(QUESTION, world)).toMatchObject({ allow: false });
        expect(decide(question, WORLD)).toMatchObject({ allow: false });
      }),
      { numRuns: 2000 },
    );
  });

  it("says no to what cannot even be read", () => {
    const hostile = new Proxy(
      {},
      {
        get() {
          throw new Error("no");
        },
      },
    );
    for (const [question, world] of [
      [hostile, WORLD],
      [QUESTION, hostile],
      [hostile, hostile],
      [undefined, undefined],
    ]) {
      expect(decide(question, world)).toMatchObject({ allow: false });
    }
  });

  it("answers, and never throws, where any part of a world or a question is replaced", () => {
    const [questions, worlds] = [places(QUESTION), places(WORLD)];
    fc.assert(
      fc.property(
        fc.constantFrom(...questions),
        fc.constantFrom(...worlds),
        anything,
        (here, there, value) => {
          const known = expect.arrayContaining([
            expect.objectContaining({ code: expect.toBeOneOf([...REASON_CODES]) }),
          ]);
          const question = replaced(QUESTION, here, value);
          const world = replaced(WORLD, there, value);
          expect(decide(question, WORLD)).toMatchObject({ reasons: known });
          expect(decide(QUESTION, world)).toMatchObject({ reasons: known });
        },
      ),
      { numRuns: 3000 },
    );
  });

  it("says no where an instant, a point, a duration or a time zone of the world is none", () => {
    const wrong = [
      Number.NaN,
      Number.POSITIVE_INFINITY,
      -8.64e15 - 1,
      "",
      "soon",
      "P",
      "Mars/Olympus",
      null,
      {},
    ];
    for (const value of wrong) {
      for (const path of [
        ["profile", "profile", "timeZone"],
        ["profile", "profile", "limits", "maxDuration"],
        ["authorisations", "1", "document", "validUntil"],
        ["authorisations", "1", "document", "validFrom"],
        ["authorisations", "1", "document", "publishedAt"],
        ["authorisations", "1", "document", "conditions", "0", "attestedAt"],
        ["authorisations", "1", "document", "maxDuration"],
        ["authorisations", "1", "document", "perimeter", "coordinates", "0", "0", "0"],
        ["certificates", "0", "document", "validUntil"],
        ["certificates", "0", "document", "results", "recallInterval", "0"],
        ["notices", "0", "document", "publishedAt"],
        ["cameras", "0", "location", "0"],
      ]) {
        const decision = decide(QUESTION, replaced(WORLD, path, value));
        // A bound that is infinite really is over its threshold; everything else makes no sense.
        if (path.includes("recallInterval") && value === Number.POSITIVE_INFINITY) continue;
        expect([path, value, decision]).toMatchObject([path, value, { allow: false }]);
      }
    }
  });

  it("never throws with its second evaluator either", () => {
    fc.assert(
      fc.property(fc.constantFrom(...places(WORLD)), anything, (there, value) => {
        const world: PolicyWorld = Object.assign({}, WORLD, replaced(WORLD, there, value));
        const gate = new Gate(world, createSecondOpinion(world), { onIncident: () => undefined });
        const decision = gate.ask(QUESTION);
        if (decision.allow) expect(mayAlert(QUESTION, world).allow).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it("says no to everything in the world of somebody who has nothing", () => {
    fc.assert(
      fc.property(randomQuestion, (question) => {
        expect(ask(question, EMPTY_WORLD).allow).toBe(false);
      }),
      { numRuns: 200 },
    );
  });
});

/** All the places of plain data, as paths of keys. */
function places(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => places(inner, [...path, key]))];
}

function replaced(value: unknown, [key, ...rest]: readonly string[], by: unknown): unknown {
  if (key === undefined) return by;
  if (typeof value !== "object" || value === null) return value;
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value) ? [...value] : { ...value };
  Reflect.set(copy, key, replaced(Reflect.get(copy, key), rest, by));
  return copy;
}

describe("nextChange", () => {
  it("is after the instant, and until then no answer changes", () => {
    let changed = 0;
    fc.assert(
      fc.property(
        randomWorld,
        randomQuestion,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true })),
        (world, question, shares) => {
          const next = nextChange(world, question.at);
          const end = next ?? question.at + 400 * DAY;
          expect(end).toBeGreaterThan(question.at);
          const now = mayAlert(question, world);
          for (const share of [...shares, 0.5]) {
            const at = Math.min(end - 1, question.at + share * (end - question.at));
            const then = mayAlert({ ...question, at }, world);
            expect(then.reasons.map(({ code, ruleId }) => [code, ruleId])).toEqual(
              now.reasons.map(({ code, ruleId }) => [code, ruleId]),
            );
          }
          if (next !== null && mayAlert({ ...question, at: next }, world).allow !== now.allow) changed++;
        },
      ),
      { numRuns: 1500 },
    );
    expect(changed).toBeGreaterThan(50);
  });

  it("is nothing where no clock is left, or the instant is none", () => {
    expect(nextChange(EMPTY_WORLD, QUESTION.at)).toBeNull();
    expect(nextChange(WORLD, Number.NaN)).toBeNull();
    expect(nextChange(WORLD, Date.parse("2200-01-01T00:00:00Z"))).not.toBeNull();
    expect(nextChange({ ...WORLD, authorisations: [] }, Date.parse("2200-01-01T00:00:00Z"))).toBeNull();
  });
});
