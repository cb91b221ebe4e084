import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { garwood } from "../intervals/rate.ts";
import { type Circumstances, exposureHoursOf, meaningOf, rangesOf } from "./meaning.ts";

const bare = (value: number) => ({ value, interval: null });
const PLACE = {
  recall: bare(0.9),
  falseAlarmsPerCameraDay: bare(1),
  eventsPerCameraYear: 1,
  cameras: 1,
  operators: 1,
  costPerYear: null,
  secondsPerAlert: null,
  wagePerHour: null,
  usefulShare: null,
} satisfies Circumstances;

describe("what figures mean in use", () => {
  it.each([
    ["one event a year", 1, 1, 0.0024596884394643345],
    ["one a month", 1, 12, 0.02873869079297499],
    ["one a day", 1, 365, 0.4736842105263158],
    ["one a year, a tenth of the false alarms", 0.1, 1, 0.02406417112299465],
  ])("precision with %s", (_, alarms, events, expected) => {
    const { precision } = meaningOf({
      ...PLACE,
      falseAlarmsPerCameraDay: bare(alarms),
      eventsPerCameraYear: events,
    });
    expect(precision).toEqual({ value: expect.closeTo(expected, 12), interval: null });
  });

  it("300 cameras with one false alarm a day each come to 12.5 alerts an hour", () => {
    const { falseAlarmsPerYear, alertsPerOperatorHour } = meaningOf({ ...PLACE, cameras: 300, operators: 2 });
    expect(falseAlarmsPerYear.value / 365 / 24).toBeCloseTo(12.5, 12);
    expect(alertsPerOperatorHour.value).toBeCloseTo((12.5 + (0.9 * 300) / 8760) / 2, 12);
  });

  /** Worked out in Python, with scipy.stats.beta.ppf and chi2.ppf of SciPy 1.17.1 at 1.25 % and 98.75 %. */
  it("takes the ends of both intervals together: 27 of 30 found, 15 false alarms in 30 days", () => {
    const ranges = rangesOf({ hits: 27, references: 30, falseAlarms: 15, exposureHours: 720 });
    const meaning = meaningOf({
      ...PLACE,
      ...ranges,
      cameras: 40,
      costPerYear: 60_000,
      secondsPerAlert: 30,
      wagePerHour: 28,
      usefulShare: 0.25,
    });
    const near = (value: number, low: number, high: number) => ({
      value: expect.closeTo(value, 7),
      interval: [expect.closeTo(low, 7), expect.closeTo(high, 7)],
    });
    expect(meaning.precision).toEqual(
      near(0.004907306434023991, 0.0022164716938513876, 0.010414618264150759),
    );
    expect(meaning.costPerConfirmed).toEqual(near(1714.2148148148146, 1547.1393627118625, 2217.979148642475));
    expect(meaning.costPerUseful?.value).toBeCloseTo(1714.2148148148146 * 4, 7);
    expect(meaning.alertsPerOperatorHour).toEqual(
      near(0.8374429223744292, 0.43007959431222326, 1.4639181012599751),
    );
    expect(meaning.missedPerYear.value).toBeCloseTo(4, 12);
    expect(meaning.missedPerYear.interval?.[0]).toBeCloseTo(40 * (1 - 0.9837775366480607), 9);
  });

  it("bounds no cost where nothing may be found", () => {
    const { costPerConfirmed, precision } = meaningOf({
      ...PLACE,
      ...rangesOf({ hits: 1, references: 1, falseAlarms: 0, exposureHours: 24 }),
      costPerYear: 1000,
      recall: { value: 0.5, interval: [0, 1] },
    });
    expect(costPerConfirmed).toEqual({ value: 2000, interval: [1000, null] });
    expect(precision?.interval).toEqual([0, 1]);
  });

  it("costs nothing that nobody priced, and says nothing of the cost of none", () => {
    expect(meaningOf(PLACE)).toMatchObject({
      operatorHoursPerYear: null,
      costPerConfirmed: null,
      costPerUseful: null,
    });
    expect(meaningOf({ ...PLACE, recall: bare(0), costPerYear: 5 })).toMatchObject({
      costPerConfirmed: null,
    });
    expect(meaningOf({ ...PLACE, recall: bare(0), falseAlarmsPerCameraDay: bare(0) }).precision).toBeNull();
  });

  it("keeps each value between its ends, and widens with less evidence", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.nat(),
        fc.nat(100),
        fc.integer({ min: 1, max: 5000 }),
        fc.double({ min: 0.01, max: 10_000, noNaN: true }),
        (references, any, falseAlarms, exposureHours, eventsPerCameraYear) => {
          const counts = { hits: any % (references + 1), references, falseAlarms, exposureHours };
          const priced = {
            ...PLACE,
            eventsPerCameraYear,
            cameras: 7,
            costPerYear: 5,
            secondsPerAlert: 9,
            wagePerHour: 3,
          };
          const found = meaningOf({ ...priced, ...rangesOf(counts) });
          for (const figure of Object.values(found)) {
            if (figure === null) continue;
            const [low, high] = figure.interval ?? [Number.NaN, Number.NaN];
            expect(low).toBeLessThanOrEqual(figure.value * (1 + 1e-12));
            if (high !== null) expect(high * (1 + 1e-12)).toBeGreaterThanOrEqual(figure.value);
          }
        },
      ),
    );
  });

  it("finds the exposure that a file's interval was worked out with", () => {
    for (const [count, hours] of [
      [0, 24],
      [3, 0.75],
      [400, 8760],
    ] as const)
      expect(exposureHoursOf(count, garwood(count, hours))).toBeCloseTo(hours, 8);
  });
});
