import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CodedError } from "../errors.ts";
import { inspectReference, parseReference, type ReferenceContext } from "./load-reference.ts";

const RULES: ReferenceContext = {
  rules: new Map([
    ["verge", "zone_intrusion"],
    ["exit", "wrong_way"],
  ]),
  duration: 60,
};

function reference(events: readonly unknown[], rest: object = {}): string {
  return JSON.stringify({ schema: "contrechamp/reference@1", events, ...rest }, null, 1);
}

const EVENT = { event: "zone_intrusion", rule: "verge", begin: 1, end: 2, tolerance: 1 };

describe("a reference", () => {
  it("is read, with what is not said at its default", () => {
    const read = parseReference(
      reference(
        [
          { ...EVENT, box: [1, 2, 3, 4] },
          { event: "fight", begin: 3, end: 4 },
        ],
        {
          note: "read by eye",
          points: [[1, 2]],
          counts: { rule: "verge", everySeconds: 0.5, values: [1, 2] },
          tracks: { format: "mot", file: "gt.txt" },
        },
      ),
      "/somewhere/reference.json",
    );
    expect(read.events).toEqual([
      { ...EVENT, box: { x: 1, y: 2, width: 3, height: 4 }, conditions: {} },
      { event: "fight", rule: null, begin: 3, end: 4, tolerance: 0, box: null, conditions: {} },
    ]);
    expect(read.counts?.values).toEqual([1, 2]);
    expect(read.tracks).toBe("/somewhere/gt.txt");
  });

  it("may have two people cross a line at one instant, and two things at one time in different places", () => {
    const crossings = [
      { event: "wrong_way", rule: "exit", begin: 5, end: 5 },
      { event: "wrong_way", rule: "exit", begin: 5, end: 5 },
    ];
    const bags = [
      { ...EVENT, box: [0, 0, 10, 10] },
      { ...EVENT, box: [50, 0, 10, 10] },
    ];
    expect(parseReference(reference([...crossings, ...bags]), "r.json", RULES).events).toHaveLength(4);
  });

  const BAD: readonly (readonly [string, string, ReferenceContext, string])[] = [
    [
      "a reversed interval",
      reference([{ ...EVENT, begin: 3 }]),
      RULES,
      "r.json:8:4 events[0].end: it ends at 2 s",
    ],
    [
      "overlapping intervals",
      reference([EVENT, { ...EVENT, begin: 1.5, end: 4 }]),
      RULES,
      "r.json:11:3 events[1]: from 1.5 to 4 s it overlaps events[0], 1 to 2 s",
    ],
    [
      "an interval within a longer one that others lie between",
      reference([
        { ...EVENT, end: 30 },
        { ...EVENT, begin: 40, end: 41 },
        { ...EVENT, begin: 20, end: 21 },
      ]),
      RULES,
      "events[2]: from 20 to 21 s it overlaps events[0]",
    ],
    ["an unknown rule", reference([{ ...EVENT, rule: "verg" }]), RULES, "no rule verg (did you mean verge?)"],
    [
      "a rule of another event",
      reference([{ ...EVENT, rule: "exit" }]),
      RULES,
      "rule exit watches for wrong_way",
    ],
    [
      "no rule",
      reference([{ event: "wrong_way", begin: 1, end: 2 }]),
      RULES,
      "it names no rule; the clip's camera has",
    ],
    [
      "a begin beyond the clip",
      reference([{ ...EVENT, begin: 70, end: 71 }]),
      RULES,
      "70 s lies beyond the clip, which is 60 s",
    ],
    ["an end beyond the clip", reference([{ ...EVENT, end: 64 }]), RULES, "64 s lies beyond the clip"],
    [
      "another version",
      JSON.stringify({ schema: "contrechamp/reference@2", events: [] }),
      RULES,
      'r.json:1:2 schema: the format is "contrechamp/reference@2"',
    ],
    ["no JSON", "{", RULES, "r.json:1:"],
    ["a time below 0", reference([{ ...EVENT, begin: -1 }]), RULES, "events[0].begin"],
    ["a time that is none", reference([{ ...EVENT, begin: "soon" }]), RULES, 'found "soon"'],
    ["a misspelt key", reference([{ ...EVENT, tolerence: 1 }]), RULES, "did you mean tolerance?"],
    ["a box without a width", reference([{ ...EVENT, box: [0, 0, 0, 4] }]), RULES, "events[0].box[2]"],
    [
      "counts of an unknown rule",
      reference([], { counts: { rule: "hall", everySeconds: 1, values: [] } }),
      RULES,
      "no rule hall",
    ],
    [
      "counts every 0 s",
      reference([], { counts: { rule: "verge", everySeconds: 0, values: [] } }),
      RULES,
      "counts.everySeconds",
    ],
    [
      "counts that go on beyond the clip",
      reference([], { counts: { rule: "verge", everySeconds: 1, values: Array(63).fill(0) } }),
      RULES,
      "counts.values: 63 values every 1 s reach 62 s, beyond the clip, which is 60 s long",
    ],
    [
      "a box outside the picture",
      reference([{ ...EVENT, box: [640, 0, 10, 10] }]),
      { ...RULES, picture: { width: 640, height: 360 } },
      "events[0].box: it lies outside the picture, which is 640 x 360 px",
    ],
    ["no events", JSON.stringify({ schema: "contrechamp/reference@1" }), RULES, "events"],
  ];
  it.each(BAD)("with %s is refused, with its line", (_what, text, context, expected) => {
    const { reference: read, problems } = inspectReference(text, "r.json", context);
    expect(read).toBeNull();
    expect(problems.map(({ message }) => message).join("\n")).toContain(expected);
    expect(() => parseReference(text, "r.json", context)).toThrow(CodedError);
  });

  it("may count up to the clip's end, which a header says to the second, and mark who leaves the picture", () => {
    const counts = { rule: "verge", everySeconds: 1, values: Array(62).fill(0) };
    const text = reference([{ ...EVENT, box: [-5, 10, 10, 10] }], { counts });
    expect(
      inspectReference(text, "r.json", { ...RULES, picture: { width: 640, height: 360 } }).problems,
    ).toEqual([]);
  });

  it("says all its faults at once", () => {
    const text = reference([
      { ...EVENT, begin: 3 },
      { ...EVENT, rule: "nowhere", begin: 5, end: 6 },
    ]);
    expect(inspectReference(text, "r.json", RULES).problems).toHaveLength(2);
  });

  it("in YAML means what it means in JSON", () => {
    const yaml = "schema: contrechamp/reference@1\nevents:\n  - { event: fight, begin: 1, end: 2 }\n";
    expect(parseReference(yaml, "r.yml").events).toEqual(
      parseReference(reference([{ event: "fight", begin: 1, end: 2 }]), "r.json").events,
    );
  });

  it("is never read otherwise than written, whatever its times", () => {
    const time = fc.double({ min: 0, max: 1000, noNaN: true });
    fc.assert(
      fc.property(time, time, fc.double({ min: 0, max: 10, noNaN: true }), (begin, end, tolerance) => {
        const text = reference([{ event: "fight", begin, end, tolerance }]);
        const { reference: read, problems } = inspectReference(text, "r.json");
        expect(problems).toHaveLength(end < begin ? 1 : 0);
        if (end < begin) return;
        // JSON writes -0 as 0.
        expect(read?.events[0]).toMatchObject({ begin: begin + 0, end: end + 0, tolerance: tolerance + 0 });
      }),
    );
  });
});
