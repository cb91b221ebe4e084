import { describe, expect, it } from "vitest";
import { auditRecord, clipFact, ruleFact } from "../../../test/support/audit-record.ts";
import { parseReference } from "../load-reference.ts";
import { scoresSchema } from "../scores.ts";
import { align } from "./alignment.ts";
import { distractorKinds } from "./distractor-kinds.ts";
import { distractorFacts } from "./distractors.ts";
import { scoresOf } from "./scores.ts";

const PLACE = { x: 10, y: 10, width: 20, height: 20 };
const ELSEWHERE = { x: 200, y: 10, width: 20, height: 20 };

function distractor(begin: number, end: number, over: object = {}) {
  return { event: "fire", rule: "r", begin, end, tolerance: 1, what: "lamp", box: null, ...over };
}

function alert(at: number, box: typeof PLACE | null = null) {
  return { at, until: null, confidence: null, box };
}

function misled(
  distractors: ReturnType<typeof distractor>[],
  alerts: ReturnType<typeof alert>[],
  references: object[] = [],
) {
  const events = references.map((one) => ({ begin: 0, end: 0, tolerance: 0, box: null, ...one }));
  const matched = align("instant", events, alerts);
  return distractorFacts(distractors, alerts, matched.alerts).map((fact) => fact.alert);
}

describe("a false alarm is of a distractor", () => {
  it.each([
    ["within its time", [alert(12)], [0]],
    ["within its tolerance", [alert(16)], [0]],
    ["not before it", [alert(8.9)], [null]],
    ["not after it", [alert(16.1)], [null]],
  ] as const)("%s", (_, alerts, expected) => {
    expect(misled([distractor(10, 15)], [...alerts])).toEqual(expected);
  });

  it("where it happens, as far as both say", () => {
    const there = distractor(10, 15, { box: PLACE });
    expect(misled([there], [alert(12, ELSEWHERE)])).toEqual([null]);
    expect(misled([there], [alert(12, PLACE)])).toEqual([0]);
    expect(misled([there], [alert(12)])).toEqual([0]);
  });

  it("one to one, earliest first, in whatever order they are given", () => {
    const both = [distractor(12, 20), distractor(10, 20)];
    expect(misled(both, [alert(13)])).toEqual([null, 0]);
    expect(misled(both, [alert(14), alert(13)])).toEqual([0, 1]);
    expect(misled([distractor(10, 20)], [alert(13), alert(14)])).toEqual([0]);
  });

  it("and no hit or duplicate ever is", () => {
    const references = [{ begin: 10, end: 15 }];
    expect(misled([distractor(10, 15)], [alert(11), alert(12)], references)).toEqual([null]);
  });
});

describe("distractors in scores", () => {
  const facts = (count: number, misled: number) =>
    Array.from({ length: count }, (_, index) => ({
      begin: index * 10,
      end: index * 10 + 5,
      tolerance: 1,
      what: index % 2 === 0 ? "lamp" : "vest",
      box: null,
      alert: index < misled ? index : null,
    }));
  const clips = [
    clipFact("a", { rules: [ruleFact("fire", { distractors: facts(10, 1) })] }),
    // What comes after the clip broke off, and what nobody looked at, misled nobody.
    clipFact("b", { seconds: 25, rules: [ruleFact("fire", { distractors: facts(10, 0) })] }),
    clipFact("c", { rules: [ruleFact("fire", { watched: false, distractors: facts(10, 0) })] }),
  ];

  it("are counted as far as they were met, with an interval", () => {
    const scores = scoresOf(auditRecord(clips));
    expect(scores.events["fire"]).toMatchObject({ distractors: 13, alertsOnDistractors: 1 });
    const [low = 1, high = 0] = scores.events["fire"]?.distractorInterval ?? [];
    expect(low).toBeLessThan(1 / 13);
    expect(high).toBeGreaterThan(1 / 13);
    expect(scoresSchema.parse(scores)).toEqual(scores);
  });

  it("are absent where references name none", () => {
    const { events } = scoresOf(auditRecord([clipFact("a", { rules: [ruleFact("fire")] })]));
    expect(Object.keys(events["fire"] ?? {})).not.toContain("distractors");
  });

  it("are told apart by kind, the most misleading first", () => {
    expect(distractorKinds(clips, "fire")).toEqual([
      { what: "lamp", distractors: 7, alerts: 1 },
      { what: "vest", distractors: 6, alerts: 0 },
    ]);
  });
});

describe("distractors in a reference", () => {
  const DISTRACTOR = { event: "fire", rule: "r", begin: 1, end: 2, what: "beacon" };
  const read = (distractor: object) =>
    parseReference(
      JSON.stringify({ schema: "contrechamp/reference@1", events: [], distractors: [distractor] }),
      "r.json",
      { rules: new Map([["r", "fire"]]), duration: 10 },
    ).distractors;

  it("are read, with what is not said at its default", () => {
    expect(read(DISTRACTOR)).toEqual([{ ...DISTRACTOR, tolerance: 0, box: null }]);
  });

  it.each([
    ["a key that it does not know", { ...DISTRACTOR, person: 7 }],
    ["no kind", { ...DISTRACTOR, what: undefined }],
    ["a kind in sentences", { ...DISTRACTOR, what: "A man in red." }],
    ["an end before its begin", { ...DISTRACTOR, end: 0.5 }],
    ["a rule that the camera has not", { ...DISTRACTOR, rule: "other" }],
    ["another event than the rule's", { ...DISTRACTOR, event: "weapon" }],
    ["a begin beyond the clip", { ...DISTRACTOR, begin: 20, end: 21 }],
  ])("are refused with %s", (_, distractor) => {
    expect(() => read(distractor)).toThrow(expect.objectContaining({ code: "AUDIT_INVALID" }));
  });
});
