import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { alertFact, clipFact, referenceFact, ruleFact } from "../../../test/support/audit-record.ts";
import type { ClipFact } from "../record.ts";
import { detectionCurve, missesAt, normalisedArea } from "./detection-curve.ts";
import { falseAlarmTime } from "./false-alarm-time.ts";

const steps = (...pairs: readonly (readonly [number, number])[]) => pairs.map(([x, y]) => ({ x, y }));

/** The curves and values of the ActEV scorer's own tests (usnistgov/ActEV_Scorer, test/test_metrics.py), in fractions. */
const FIRST = steps(
  [0, 6 / 7],
  [0, 5 / 7],
  [1, 5 / 7],
  [2, 5 / 7],
  [2, 4 / 7],
  [3, 4 / 7],
  [4, 3 / 7],
  [4, 2 / 7],
);
const SECOND = steps([1, 1], [1, 5 / 6], [2, 5 / 6], [2, 4 / 6], [3, 4 / 6], [3, 3 / 6]);
const THIRD = steps([0, 5 / 6], [0, 4 / 6], [1, 4 / 6], [3, 3 / 6]);

describe("misses at a false-alarm target", () => {
  it.each([
    ["an empty curve", steps(), 1, 1],
    ["first", FIRST, 0, 5 / 7],
    ["first", FIRST, 1.5, 5 / 7],
    ["first", FIRST, 2, 4 / 7],
    ["first", FIRST, 2.5, 4 / 7],
    ["first", FIRST, 3.5, 3.5 / 7],
    ["first", FIRST, 4, 2 / 7],
    ["first", FIRST, 5, 2 / 7],
    ["second", SECOND, 0, 1],
    ["second", SECOND, 2.5, 4 / 6],
    ["second", SECOND, 4, 3 / 6],
    ["third", THIRD, 2, 3.5 / 6],
    ["third", THIRD, 2.5, 3.25 / 6],
    ["one point", steps([0.2, 0.2]), 0.1, 1],
    ["one point", steps([0.2, 0.2]), 0.2, 0.2],
    ["one point", steps([0.2, 0.2]), 0.5, 0.2],
  ])("%s at %d", (_, curve, target, expected) => {
    expect(missesAt(curve, target)).toBeCloseTo(expected, 12);
  });
});

describe("the area under the curve, by the target", () => {
  // Trapezia worked out by hand.
  it.each([
    ["of nothing found", steps(), 0.2, 1],
    ["of all found without an alarm", steps([0, 0]), 0.2, 0],
    // From (0, 1) by (0.1, 0.5) to (0.2, 0.5): 0.075 + 0.05.
    ["held level after the end", steps([0.1, 0.5]), 0.2, 0.125 / 0.2],
    // (0, 0.6) to (0.4, 0.2), cut at 0.2: (0.6 + 0.4) / 2.
    ["cut at the target", steps([0, 0.6], [0.4, 0.2]), 0.2, 0.5],
    ["up to a point", steps([0, 5 / 7], [1, 5 / 7], [2, 4 / 7]), 2, (5 / 7 + 4.5 / 7) / 2],
  ])("%s", (_, curve, target, expected) => {
    expect(normalisedArea(curve, target)).toBeCloseTo(expected, 12);
  });
});

/** 10 minutes, 4 references of 10 s, of which 3 are found; 2 false alarms of 10 s and 5 s; one duplicate. */
const CLIP = clipFact("a", {
  seconds: 600,
  rules: [
    ruleFact("fight", {
      references: [100, 200, 300, 400].map((begin, index) =>
        referenceFact(begin, { end: begin + 10, alert: [0, 1, 4, null][index] ?? null }),
      ),
      alerts: [
        alertFact(101, { until: 110, confidence: 0.9, outcome: "hit", reference: 0 }),
        alertFact(203, { until: 215, confidence: 0.2, outcome: "hit", reference: 1 }),
        alertFact(204, { until: 206, confidence: 0.7, outcome: "duplicate", reference: 1 }),
        alertFact(250, { until: 260, confidence: 0.8 }),
        alertFact(300, { until: 310, confidence: 0.5, outcome: "hit", reference: 2 }),
        alertFact(500, { until: 505, confidence: 0.5 }),
      ],
    }),
  ],
});

describe("the curve of an event", () => {
  it("is worked out as by hand", () => {
    const curve = detectionCurve([CLIP], "fight");
    // Without a reference: 560 s. The reference of 200 s stays found down to its surer alert's 0.7. At 0.2 the alert of
    // 203 s adds 5 s after 210 s, and 2 s beside the duplicate.
    expect(
      curve?.points.map(({ threshold, pmiss, falseAlarmsPerHour, tfa }) => [
        threshold,
        pmiss,
        falseAlarmsPerHour,
        (tfa ?? 0) * 560,
      ]),
    ).toEqual(
      [
        [0.9, 0.75, 0, 0],
        [0.8, 0.75, 6, 10],
        [0.7, 0.5, 6, 10],
        [0.5, 0.25, 12, 15],
        [0.2, 0.25, 12, 22],
      ].map((row) => row.map((value) => expect.closeTo(value, 9))),
    );
    expect(curve?.points[1]?.falseAlarmsPerMinute).toBeCloseTo(0.1, 12);
    const at = (list: readonly { target: number; value: number }[] | null | undefined, target: number) =>
      list?.find((one) => one.target === target)?.value;
    expect(at(curve?.pmissAtRateFa, 0.1)).toBeCloseTo(0.5, 12);
    expect(at(curve?.pmissAtRateFa, 0.15)).toBeCloseTo(0.375, 12);
    expect(at(curve?.pmissAtRateFa, 1)).toBeCloseTo(0.25, 12);
    // 0.02 of 560 s is 11.2 s: between 10 s (0.5) and 15 s (0.25).
    expect(at(curve?.pmissAtTfa, 0.02)).toBeCloseTo(0.5 - (0.25 * 1.2) / 5, 12);
    // Up to 11.2 s: 10 s falling from 0.75 at nothing to 0.75 at 10 s, then from 0.5 to 0.44.
    expect(at(curve?.naudcAtTfa, 0.02)).toBeCloseTo((10 * 0.75 + 1.2 * 0.47) / 11.2, 12);
    // Up to 0.2 a minute: level 0.75 to 0.1, then from 0.5 to 0.25 to 0.2.
    expect(at(curve?.naudcAtRateFa, 0.2)).toBeCloseTo((0.075 + 0.0375) / 0.2, 12);
  });

  const withAlerts = (over: (clip: ClipFact) => ClipFact) => [over(structuredClone(CLIP))];
  it("is told without false-alarm time where alerts have no end", () => {
    const curve = detectionCurve(
      withAlerts((clip) => ({
        ...clip,
        rules: clip.rules.map((rule) => ({
          ...rule,
          alerts: rule.alerts.map((alert) => ({ ...alert, until: null })),
        })),
      })),
      "fight",
    );
    expect(curve?.points[0]).toMatchObject({ tfa: null, pmiss: 0.75 });
    expect([curve?.pmissAtTfa, curve?.naudcAtTfa]).toEqual([null, null]);
  });

  it("is none where an alert has no confidence, or nothing happened, or nothing was raised", () => {
    const rules = (over: Partial<ClipFact["rules"][number]>) =>
      withAlerts((clip) => ({ ...clip, rules: clip.rules.map((rule) => ({ ...rule, ...over })) }));
    expect(detectionCurve(rules({ alerts: [alertFact(1)] }), "fight")).toBeNull();
    expect(
      detectionCurve(rules({ references: [], alerts: [alertFact(1, { confidence: 1 })] }), "fight"),
    ).toBeNull();
    expect(detectionCurve(rules({ alerts: [] }), "fight")).toBeNull();
    expect(detectionCurve([CLIP], "theft")).toBeNull();
  });

  it("falls as the threshold falls, and is thinned to 500 points", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(590), fc.double({ min: 0, max: 1, noNaN: true })), {
          minLength: 1,
          maxLength: 40,
        }),
        (raised) => {
          const alerts = raised.map(([at, confidence], index) =>
            alertFact(at, {
              until: at + 5,
              confidence,
              ...(index === 0 ? { outcome: "hit", reference: 0 } : {}),
            }),
          );
          const references = [referenceFact(50, { alert: 0 }), referenceFact(70)];
          const clip = clipFact("a", { rules: [ruleFact("fight", { references, alerts })] });
          const points = detectionCurve([clip], "fight")?.points ?? [];
          for (const [index, point] of points.slice(1).entries()) {
            const before = points[index];
            expect(point.threshold).toBeLessThan(before?.threshold ?? 0);
            expect(point.pmiss).toBeLessThanOrEqual(before?.pmiss ?? 0);
            expect(point.falseAlarmsPerHour).toBeGreaterThanOrEqual(before?.falseAlarmsPerHour ?? 9e9);
            expect(point.tfa).toBeGreaterThanOrEqual(before?.tfa ?? 9e9);
          }
          expect(points.at(-1)?.pmiss).toBe(0.5);
        },
      ),
      { numRuns: 50 },
    );
    const alerts = Array.from({ length: 20_000 }, (_, i) =>
      alertFact(i % 600, { until: (i % 600) + 3, confidence: i / 20_000 }),
    );
    const many = clipFact("a", { rules: [ruleFact("fight", { references: [referenceFact(5)], alerts })] });
    const points = detectionCurve([many], "fight")?.points ?? [];
    expect(points).toHaveLength(500);
    expect([points[0]?.threshold, points.at(-1)?.threshold]).toEqual([19_999 / 20_000, 0]);
    expect(points.at(-1)?.falseAlarmsPerMinute).toBe(2000);
  });
});

describe("false-alarm time", () => {
  it("is the seconds of surplus alerts, counted one by one", () => {
    const stretch = fc.tuple(fc.nat(60), fc.nat(30));
    fc.assert(
      fc.property(
        fc.array(stretch, { maxLength: 4 }),
        fc.array(fc.tuple(stretch, fc.constantFrom(0.2, 0.5, 0.9)), { maxLength: 8 }),
        (happened, raised) => {
          const seconds = 70;
          const references = happened.map(([begin, length]) => referenceFact(begin, { end: begin + length }));
          const alerts = raised.map(([[at, length], confidence]) =>
            alertFact(at, { until: at + length, confidence }),
          );
          const clip = clipFact("a", { seconds, rules: [ruleFact("fight", { references, alerts })] });
          const holds = (from: number, to: number, second: number) => from <= second && second < to;
          let free = 0;
          const surplus = [0, 0];
          for (let second = 0; second < seconds; second++) {
            const real = references.filter(({ begin, end }) => holds(begin, end, second)).length;
            if (real === 0) free++;
            for (const [index, threshold] of [0.5, 0].entries()) {
              const told = alerts.filter(
                ({ at, until, confidence }) =>
                  (confidence ?? 0) >= threshold && holds(at, until ?? at, second),
              ).length;
              surplus[index] = (surplus[index] ?? 0) + Math.max(0, told - real);
            }
          }
          const found = falseAlarmTime([clip], "fight", [0.5, 0]);
          if (free === 0) expect(found).toBeNull();
          else expect(found).toEqual(surplus.map((one) => expect.closeTo(one / free, 9)));
        },
      ),
    );
  });

  it("leaves out what was not watched", () => {
    const unwatched = clipFact("b", { rules: [ruleFact("fight", { watched: false })] });
    expect(falseAlarmTime([CLIP, unwatched], "fight", [0.5])).toEqual(falseAlarmTime([CLIP], "fight", [0.5]));
    expect(falseAlarmTime([unwatched], "fight", [0.5])).toBeNull();
  });
});
