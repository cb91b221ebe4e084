import { describe, expect, it } from "vitest";
import {
  alertFact,
  auditRecord,
  clipFact,
  matchedRule,
  referenceFact,
  ruleFact,
} from "../../../test/support/audit-record.ts";
import { assess } from "./assessment.ts";
import { calibrationOf } from "./calibration.ts";

/** Cameras north (2 clips) and south: 27 of 30 found, 3 false alarms in 12 hours, 2 of them at south. */
const RECORD = auditRecord(
  [
    clipFact("n1", {
      camera: "north",
      seconds: 14_400,
      rules: [matchedRule("fire", { references: 10, hits: 10 })],
    }),
    clipFact("n2", {
      camera: "north",
      seconds: 14_400,
      suspendedSeconds: 1800,
      rules: [matchedRule("fire", { references: 10, hits: 9, falseAlarms: 1 }, { after: 0.4 })],
    }),
    clipFact("s", {
      camera: "south",
      seconds: 14_400,
      rules: [
        matchedRule("fire", { references: 10, hits: 8, falseAlarms: 2 }),
        ruleFact("fight", { watched: false, reason: "not built" }),
      ],
      fault: { code: "EXAMPLE", message: "the file ends early" },
    }),
  ],
  { settings: { alignment: "instant", recallBias: 0.5 } },
);

describe("the assessment of a record", () => {
  const { events, cameras, suspendedHours, exposureHours, faults } = assess(RECORD);
  const fire = events.find(({ event }) => event === "fire");

  it("has all intervals of a share", () => {
    expect(fire?.recall).toMatchObject({ k: 27, n: 30, value: 0.9 });
    // statsmodels 0.15.0, and scipy.stats.beta.ppf(0.05, 27, 4) of SciPy 1.17.1.
    expect(fire?.recall.wilson).toEqual(
      [0.7437891742081593, 0.9654001112526658].map((x) => expect.closeTo(x, 11)),
    );
    expect(fire?.recall.clopperPearson).toEqual(
      [0.7347115495257919, 0.9788828629702774].map((x) => expect.closeTo(x, 11)),
    );
    expect(fire?.recall.lowerBound).toBeCloseTo(0.761402142706749, 11);
  });

  it("resamples cameras, not clips", () => {
    // Two cameras, 19 of 20 and 8 of 10: drawn twice, the one, both, or the other.
    expect(fire?.recall.bootstrap).toEqual([0.8, 0.95]);
    expect(fire?.precision.bootstrap).toEqual([0.8, 0.95]);
    expect(fire?.falseAlarmsPerHour.bootstrap).toEqual([1 / 8, 2 / 4]);
    const one = auditRecord(RECORD.clips.map((clip) => ({ ...clip, camera: "one" })));
    expect(assess(one).events.map(({ recall }) => recall.bootstrap)).toEqual([null, null]);
  });

  it("has rates by the hour and by the camera-day, and the load of an operator", () => {
    expect(fire?.falseAlarmsPerHour).toMatchObject({ count: 3, exposure: 12, value: 0.25 });
    expect(fire?.falseAlarmsPerCameraDay.value).toBeCloseTo(6, 12);
    // scipy.stats.chi2.ppf: (6)/2 and (8)/2 at 2.5 % and 97.5 %, by half a day; one-sided at 95 %.
    expect(fire?.falseAlarmsPerCameraDay.garwood).toEqual(
      [1.2373442457912, 17.534546139484].map((x) => expect.closeTo(x, 9)),
    );
    expect(fire?.falseAlarmsPerCameraDay.upperBound).toBeCloseTo(7.753656527932725 / 0.5, 9);
    expect(fire?.alertsPerHour).toMatchObject({ count: 30, value: 2.5 });
  });

  it("weighs recall as the settings say", () => {
    // (1.5 × 0.9 × 0.9) / (0.9 + 0.45) of equal recall and precision is both.
    expect(fire?.fRecallBias).toEqual({ recallBias: 0.5, value: expect.closeTo(0.9, 12) });
  });

  it("tells how late alerts are, and after when they were due where that is known", () => {
    expect(fire?.secondsToAlert).toEqual({ n: 27, mean: 1, least: 1, p50: 1, p90: 1, most: 1 });
    expect(fire?.secondsPastDue).toMatchObject({ n: 9, p50: expect.closeTo(0.6, 12) });
  });

  it("says for how many events any result could show the target", () => {
    expect(fire?.evidence).toEqual({
      target: 0.95,
      fewestTwoSided: 72,
      fewestOneSided: 59,
      bestTwoSided: expect.closeTo(0.025 ** (1 / 30), 12),
      bestOneSided: expect.closeTo(0.05 ** (1 / 30), 12),
    });
    const [other] = assess(RECORD, { target: 0.8 }).events.filter(({ event }) => event === "fire");
    expect(other?.evidence).toMatchObject({ target: 0.8, fewestOneSided: 14, fewestTwoSided: 17 });
  });

  it("says what was not looked for, where nothing ran, and what broke off", () => {
    const fight = events.find(({ event }) => event === "fight");
    expect(fight?.unwatched).toEqual([{ clip: "s", rule: "fight-rule", reason: "not built" }]);
    expect(fight?.falseAlarmsPerHour).toEqual({
      count: 0,
      exposure: 0,
      value: null,
      garwood: null,
      upperBound: null,
      bootstrap: null,
    });
    expect(fight?.secondsToAlert).toBeNull();
    expect([cameras, suspendedHours, exposureHours]).toEqual([2, 0.5, 12]);
    expect(faults).toEqual([{ clip: "s", code: "EXAMPLE", message: "the file ends early" }]);
  });

  it("is the same every time, and goes into JSON whole", () => {
    const found = assess(RECORD);
    expect(assess(structuredClone(RECORD))).toEqual(found);
    expect(JSON.parse(JSON.stringify(found))).toEqual(found);
  });

  // Anything that grew with the square of them would take longer than a test may.
  it("is done in seconds with a hundred thousand alerts", () => {
    const alerts = Array.from({ length: 100_000 }, (_, i) =>
      alertFact(i, { until: i + 20, confidence: (i % 997) / 997 }),
    );
    const big = clipFact("a", {
      seconds: 100_000,
      conditions: { light: "day" },
      rules: [ruleFact("fire", { references: [referenceFact(5)], alerts })],
    });
    expect(assess(auditRecord([big])).events[0]?.falseAlarms).toBe(100_000);
  });
});

describe("calibration", () => {
  const of = (alerts: readonly [number | null, "hit" | "duplicate" | "false_alarm"][]) =>
    calibrationOf(
      [
        clipFact("a", {
          rules: [
            ruleFact("fire", {
              references: [referenceFact(1)],
              alerts: alerts.map(([confidence, outcome], i) =>
                alertFact(i, { confidence, outcome, reference: outcome === "false_alarm" ? null : 0 }),
              ),
            }),
          ],
        }),
      ],
      "fire",
    );

  it("sets what alerts say beside how often they are right", () => {
    const found = of([
      [0.95, "hit"],
      [0.91, "false_alarm"],
      [1, "hit"],
      [0.99, "duplicate"],
      [0.2, "false_alarm"],
      [0.24, "false_alarm"],
    ]);
    expect(
      found?.bins.map(({ from, alerts, meanConfidence, shareTrue }) => [
        from,
        alerts,
        meanConfidence,
        shareTrue,
      ]),
    ).toEqual([
      [0.2, 2, expect.closeTo(0.22, 12), 0],
      [0.9, 3, expect.closeTo(2.86 / 3, 12), 2 / 3],
    ]);
    // (2 × 0.22 + |2.86 - 2|) / 5
    expect(found?.expectedError).toBeCloseTo(0.26, 12);
    expect(found?.bins[1]?.interval[0]).toBeCloseTo(0.20765960080204776, 11);
  });

  it("is none where confidences are missing or no shares", () => {
    expect(of([])).toBeNull();
    expect(
      of([
        [0.4, "hit"],
        [null, "false_alarm"],
      ]),
    ).toBeNull();
    expect(
      of([
        [0.4, "hit"],
        [87, "false_alarm"],
      ]),
    ).toBeNull();
  });
});
