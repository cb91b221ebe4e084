import { describe, expect, test } from "vitest";
import {
  alertFact,
  auditRecord,
  clipFact,
  matchedRule,
  referenceFact,
  ruleFact,
} from "../../../test/support/audit-record.ts";
import type { AuditRecord, ClipFact, RuleFact } from "../record.ts";
import { type Comparison, compareRecords } from "./compare.ts";

/** A rule of 27 crossings, those of `found` found, `late` seconds after they began; and false alarms in between. */
function crossings(found: readonly number[], falseAlarms: number, late = 1): RuleFact {
  const of = 27;
  return ruleFact("wrong_way", {
    references: Array.from({ length: of }, (_, index) =>
      referenceFact(20 * index, { alert: found.includes(index) ? found.indexOf(index) : null }),
    ),
    alerts: [
      ...found.map((reference) => alertFact(20 * reference + late, { outcome: "hit", reference })),
      ...Array.from({ length: falseAlarms }, (_, index) => alertFact(20 * index + 12)),
    ],
  });
}

const upTo = (n: number) => Array.from({ length: n }, (_, index) => index);

function recordOf(rules: readonly RuleFact[], over: Partial<AuditRecord> = {}): AuditRecord {
  return auditRecord([clipFact("gate", { rules: [...rules] })], over);
}

describe("one camera, worked out by hand", () => {
  // A finds 0 to 20, B 1 to 25: both 20, A alone 1, B alone 5, neither 1 (the 26th).
  const a = recordOf([crossings(upTo(21), 5)]);
  const b = recordOf([crossings(upTo(26).slice(1), 2, 3)]);
  const [event] = compareRecords(a, b).events;

  test("who found what", () => {
    expect(event).toMatchObject({
      event: "wrong_way",
      references: 27,
      found: { both: 20, onlyA: 1, onlyB: 5, neither: 1 },
      onlyA: [{ clip: "gate", rule: "wrong_way-rule", begin: 0, end: 3, at: 1 }],
    });
    expect(event?.onlyB.map(({ begin, at }) => [begin, at])).toEqual(
      [21, 22, 23, 24, 25].map((i) => [20 * i, 20 * i + 3]),
    );
  });

  test("recall: 4 more of 27; McNemar: 1 of 6 by a fair coin, both ways, 14/64", () => {
    expect(event?.recall.difference).toBeCloseTo(4 / 27, 12);
    expect(event?.recall.p).toBeCloseTo(14 / 64, 12);
    expect(event?.recall.by).toBe("events");
    expect(event?.recall.interval?.[0]).toBeCloseTo(-0.0475, 4);
    expect(event?.recall.interval?.[1]).toBeCloseTo(0.3401, 4);
    expect(event?.recall.shown).toBe(false);
  });

  test("false alarms: 5 and 2 in 10 minutes; 2 of 7 by a fair coin, both ways, 58/128", () => {
    expect(event?.falseAlarms).toEqual({ a: 5, b: 2 });
    expect(event?.falseAlarmsPerHour.difference).toBeCloseTo(-18, 9);
    expect(event?.falseAlarmsPerHour.p).toBeCloseTo(58 / 128, 12);
    // Garwood in 1/6 h: 30 [9.741, 70.010], 12 [1.453, 43.348]; -18 -/+ the roots of the sums of squares.
    expect(event?.falseAlarmsPerHour.interval?.[0]).toBeCloseTo(
      -18 - Math.hypot(12 - 1.4533, 70.0102 - 30),
      2,
    );
    expect(event?.falseAlarmsPerHour.interval?.[1]).toBeCloseTo(
      -18 + Math.hypot(43.3481 - 12, 30 - 9.7409),
      2,
    );
  });

  test("Holm: of two tests the smaller p counts twice, the other at least as much", () => {
    expect(event?.recall.adjustedP).toBeCloseTo(28 / 64, 12);
    expect(event?.falseAlarmsPerHour.adjustedP).toBeCloseTo(58 / 128, 12);
  });

  test("precision 21 of 26 and 25 of 27; the alerts of both came after 1 s and 3 s", () => {
    expect(event?.precision.difference).toBeCloseTo(25 / 27 - 21 / 26, 12);
    expect(event?.secondsToAlert).toMatchObject({ pairs: 20, a: 1, b: 3, difference: 2, interval: [2, 2] });
    // 20 of 20 later: 2 of 2^20 ways.
    expect(event?.secondsToAlert.p).toBeCloseTo(2 ** -19, 12);
  });

  test("turned round, everything is the other way round", () => {
    const [back] = compareRecords(b, a).events;
    expect(back?.found).toEqual({ both: 20, onlyA: 5, onlyB: 1, neither: 1 });
    expect(back?.onlyA).toEqual(event?.onlyB);
    for (const figure of ["recall", "precision", "falseAlarmsPerHour", "secondsToAlert"] as const) {
      expect(back?.[figure].difference, figure).toBeCloseTo(-(event?.[figure].difference ?? 0), 12);
      expect(back?.[figure].interval?.[0], figure).toBeCloseTo(-(event?.[figure].interval?.[1] ?? 0), 12);
    }
    expect(back?.recall.p).toBe(event?.recall.p);
  });
});

test("a record and itself: no difference, nothing to test, and nothing found by one alone", () => {
  const record = recordOf([crossings(upTo(21), 5)]);
  const [event] = compareRecords(record, record).events;
  expect(event).toMatchObject({
    recall: { difference: 0, p: null, shown: false },
    falseAlarmsPerHour: { difference: 0, p: 1, shown: false },
    precision: { difference: 0 },
    secondsToAlert: { difference: 0, p: null },
    onlyA: [],
    onlyB: [],
  });
});

test("a difference that chance hardly makes is shown", () => {
  const [event] = compareRecords(
    recordOf([crossings(upTo(10), 0)]),
    recordOf([crossings(upTo(24), 0)]),
  ).events;
  // 14 of 14: 2 of 2^14 ways. There was no false alarm, so this is the only question.
  expect(event?.recall.p).toBeCloseTo(2 ** -13, 12);
  expect(event?.recall).toMatchObject({ adjustedP: event?.recall.p, shown: true });
  expect(event?.falseAlarmsPerHour).toMatchObject({ difference: 0, p: null, shown: false });
});

test("of many cameras, cameras are drawn again, and pairs stay together", () => {
  const record = (more: number) =>
    auditRecord(
      [2, 9, 4, 7, 1, 8].map((hits, index) =>
        clipFact(`clip ${index}`, {
          rules: [matchedRule("fire", { references: 10, hits: hits + (index < 5 ? more : 0) })],
        }),
      ),
    );
  const comparison = compareRecords(record(0), record(1));
  expect(comparison).toMatchObject({ clips: 6, cameras: 6, seconds: 3600 });
  const recall = comparison.events[0]?.recall;
  // One more of 10 on five cameras of six. The cameras differ by far more, which the pairs take out.
  expect(recall?.by).toBe("cameras");
  expect(recall?.difference).toBeCloseTo(5 / 60, 12);
  expect(recall?.interval?.[0]).toBeGreaterThanOrEqual(1 / 60 - 1e-9);
  expect(recall?.interval?.[1]).toBeCloseTo(0.1, 9);
});

test("what a single camera shows is not shown, however many events it has", () => {
  const record = (found: number) =>
    auditRecord(
      upTo(6).map((index) =>
        clipFact(`clip ${index}`, {
          rules: [matchedRule("fire", { references: 20, hits: index === 0 ? found : 10 })],
        }),
      ),
    );
  const recall = compareRecords(record(0), record(20)).events[0]?.recall;
  expect(recall?.p).toBeLessThan(0.0001);
  expect(recall?.interval?.[0]).toBe(0);
  expect(recall).toMatchObject({ by: "cameras", shown: false });
});

test("two clips of one camera are one draw", () => {
  const clips = (more: number) =>
    upTo(6).map((index) =>
      clipFact(`clip ${index}`, {
        camera: `camera ${index % 3}`,
        rules: [matchedRule("fire", { references: 10, hits: index + more })],
      }),
    );
  const comparison = compareRecords(auditRecord(clips(0)), auditRecord(clips(2)));
  expect(comparison.cameras).toBe(3);
  expect(comparison.events[0]?.recall.by).toBe("events");
});

test("what a system did not look for is missed, and has no false alarms to compare", () => {
  const [event] = compareRecords(
    recordOf([crossings(upTo(27), 1)]),
    recordOf([{ ...crossings([], 0), watched: false, reason: "no rule for it" }]),
  ).events;
  expect(event).toMatchObject({
    recall: { a: 1, b: 0, shown: true },
    falseAlarmsPerHour: { a: 6, b: null, difference: null, interval: null, p: null },
    precision: { b: null, difference: null },
    secondsToAlert: { pairs: 0, difference: null, p: null },
    unwatched: { a: 0, b: 1 },
  });
});

test("counts by the instants of both, tracking by the clips of both", () => {
  const samples = (...measured: number[]) => ({
    rule: "square",
    samples: measured.map((value, index) => ({ at: 5 * index, reference: 10, measured: value })),
  });
  const clip = (id: string, over: Partial<ClipFact>) => clipFact(id, over);
  const tracking = { hota: 0.6, mota: 0.8, idf1: 0.7, idSwitches: 4 };
  const a = auditRecord([
    clip("one", { counts: samples(8, 12, 10), tracking }),
    clip("two", { tracking: { ...tracking, mota: 0.4 } }),
  ]);
  const b = auditRecord([
    clip("one", { counts: samples(9, 11), tracking: { ...tracking, mota: 0.9, idSwitches: 1 } }),
    clip("two", {}),
  ]);
  const { counts, tracking: compared } = compareRecords(a, b);
  expect(counts).toEqual({ a: 2, b: 1, difference: -1, interval: null, by: null, samples: 2 });
  expect(compared).toMatchObject({
    clips: 1,
    hota: { difference: 0 },
    idSwitches: { a: 4, b: 1, difference: -3 },
  });
  expect(compared?.mota.difference).toBeCloseTo(0.1, 12);
  const nothing: Pick<Comparison, "counts" | "tracking"> = { counts: null, tracking: null };
  expect(compareRecords(recordOf([]), recordOf([]))).toMatchObject({ ...nothing, events: [] });
});

describe("a log, which knows neither the suite nor its rules", () => {
  const engine = recordOf([crossings(upTo(21), 5)]);
  const log = recordOf([{ ...crossings(upTo(25), 0), rule: "wrong_way" }], {
    suite: { name: "references", sha256: "f".repeat(64) },
    system: {
      kind: "log",
      name: "an example product",
      files: [{ name: "alerts.csv", sha256: "e".repeat(64) }],
    },
  });
  const changed = (over: Partial<ClipFact>): AuditRecord => ({
    ...log,
    clips: log.clips.map((clip) => ({ ...clip, ...over })),
  });

  test("is compared where recordings and events agree, under the engine's names", () => {
    for (const comparison of [
      compareRecords(engine, changed({ seconds: 605, camera: "", videoSha256: null })),
      compareRecords(changed({ seconds: 605, camera: "", videoSha256: null }), engine),
    ]) {
      expect(comparison.suite.sha256).toBeNull();
      expect(comparison.events[0]?.references).toBe(27);
      const alone = comparison.events.flatMap(({ onlyA, onlyB }) => [...onlyA, ...onlyB]);
      expect(alone.map(({ rule }) => rule)).toEqual(new Array(4).fill("wrong_way-rule"));
    }
  });

  const moved = crossings(upTo(25), 0);
  test.each<[string, Partial<ClipFact>, string]>([
    [
      "another clip",
      { id: "square" },
      "clip gate is in the first alone\n  clip square is in the second alone",
    ],
    ["another length", { seconds: 700 }, "clip gate is 600 s long in the first, 700 s in the second"],
    ["another recording", { videoSha256: "a".repeat(64) }, "clip gate is not the same recording"],
    [
      "an event less",
      { rules: [{ ...moved, references: moved.references.slice(0, 26) }] },
      "clip gate: wrong_way from 520 to 523 s is in the first, and not or not as often in the second",
    ],
    [
      "an event more",
      { rules: [{ ...moved, references: [...moved.references, referenceFact(590)] }] },
      "clip gate: wrong_way from 590 to 593 s is in the second, and not",
    ],
    [
      "an event that is easier to hit",
      {
        rules: [{ ...moved, references: moved.references.map((one) => ({ ...one, tolerance: 10 })) }],
      },
      "may be off by 1 s in the first, and by 10 s in the second",
    ],
    [
      "an event twice",
      { rules: [{ ...moved, references: [...moved.references, referenceFact(0)] }] },
      "clip gate: wrong_way from 0 to 3 s is in the second, and not or not as often in the first",
    ],
  ])("is refused with %s", (_, over, message) => {
    expect(() => compareRecords(engine, changed(over))).toThrowError(
      expect.objectContaining({ code: "COMPARE_DIFFERENT", message: expect.stringContaining(message) }),
    );
  });

  test("the engine says which clips are of one camera", () => {
    const clips = (record: AuditRecord, camera: (index: number) => string) => ({
      ...record,
      clips: upTo(5).flatMap((index) =>
        record.clips.map((clip) => ({ ...clip, id: `clip ${index}`, camera: camera(index) })),
      ),
    });
    const known = clips(engine, (index) => `camera ${index}`);
    const unknown = clips(log, () => "");
    expect(compareRecords(known, unknown).cameras).toBe(5);
    expect(compareRecords(unknown, known).cameras).toBe(5);
  });

  test("under one seal, a clip may have been analysed for less long", () => {
    const shorter = changed({ seconds: 100 });
    expect(() => compareRecords(engine, shorter)).toThrow("600 s long in the first, 100 s in the second");
    expect(compareRecords(engine, { ...shorter, suite: engine.suite }).suite.sha256).toBe(
      engine.suite.sha256,
    );
  });

  test("a recording that was not analysed to its end is compared all the same", () => {
    const broken = changed({ seconds: 100, fault: { code: "SOURCE_ENDED", message: "it ends early" } });
    expect(compareRecords(engine, broken).b.faults).toBe(1);
  });
});

test("of events at the same instant, the same are paired", () => {
  // Two people cross the line together: one found by each system is the same one.
  const pair = (found: number | null, other: number | null) =>
    recordOf([
      ruleFact("wrong_way", {
        references: [referenceFact(5, { alert: found }), referenceFact(5, { alert: other })],
        alerts: [alertFact(6, { outcome: "hit", reference: found === null ? 1 : 0 })],
      }),
    ]);
  const [event] = compareRecords(pair(0, null), pair(null, 0)).events;
  expect(event?.found).toEqual({ both: 1, onlyA: 0, onlyB: 0, neither: 1 });
});

test("records that were aligned by different rules are refused", () => {
  const other = recordOf([], { settings: { alignment: "actev", recallBias: 1 } });
  expect(() => compareRecords(recordOf([]), other)).toThrowError(
    expect.objectContaining({ code: "COMPARE_ALIGNMENT" }),
  );
});
