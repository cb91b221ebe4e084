import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { footage, missingFootage } from "../../../test/support/footage.ts";
import { TrackCollector } from "./collector.ts";
import type { MotFrames } from "./frames.ts";
import { MOT_BENCHMARKS, motChallengeFrames } from "./mot-challenge.ts";
import { readMotFile, scoredRows } from "./mot-file.ts";
import { type TrackingScores, trackingScores } from "./tracking-scores.ts";

/** What the libraries say of the files beside it; fixtures/make.py makes both. */
const figures: Figures = JSON.parse(readFileSync(fixture("figures.json"), "utf8"));

interface Figures {
  readonly cases: Readonly<
    Record<
      string,
      {
        readonly trackeval: Library;
        readonly motmetrics: Library | null;
        readonly mot17?: Library;
      }
    >
  >;
}
type Library = Readonly<Record<string, number | null>>;

describe("figures of TrackEval 1.3.0 and py-motmetrics 1.4.0", () => {
  test.each(Object.entries(figures.cases))("%s", async (name, { trackeval, motmetrics }) => {
    const scores = trackingScores(
      scoredRows(await readMotFile(fixture(`${name}.reference.txt`))),
      await readMotFile(fixture(`${name}.system.txt`)),
    );
    expectSame(asTrackeval(scores), trackeval);
    if (motmetrics !== null) expectSame(asMotmetrics(scores), motmetrics);
  });

  test("the preparation of MOT17: distractors that a system sees are neither right nor wrong", async () => {
    const reference = await readMotFile(fixture("labelled.reference.txt"));
    const system = await readMotFile(fixture("labelled.system.txt"));
    const prepared = motChallengeFrames(reference, system, "mot17");
    const scores = trackingScores(prepared.reference, prepared.system);
    expectSame(asTrackeval(scores), figures.cases["labelled"]?.mot17 ?? {});
    expect(scores.falsePositives).toBeLessThan(trackingScores(scoredRows(reference), system).falsePositives);
    expect(MOT_BENCHMARKS).toContain("mot20");
  });
});

/** Sequences of a few people, any boxes, some pictures empty. */
const sequences: fc.Arbitrary<MotFrames> = fc.array(
  fc.uniqueArray(
    fc.record({
      id: fc.integer({ min: 1, max: 5 }).map(String),
      box: fc.record({
        x: fc.integer({ min: 0, max: 12 }).map((x) => 5 * x),
        y: fc.integer({ min: 0, max: 3 }).map((y) => 5 * y),
        width: fc.integer({ min: 10, max: 30 }),
        height: fc.integer({ min: 20, max: 60 }),
      }),
    }),
    { selector: ({ id }) => id, maxLength: 5 },
  ),
  { minLength: 1, maxLength: 12 },
);

/** The same with somebody in it, and nobody in front of anybody: else whose box is whose could not be told. */
const apart: fc.Arbitrary<MotFrames> = sequences
  .map((frames) =>
    frames.map((boxes) => boxes.map(({ id, box }) => ({ id, box: { ...box, x: box.x + 100 * Number(id) } }))),
  )
  .filter((frames) => frames.some((boxes) => boxes.length > 0));

describe("properties", () => {
  test("a system that says what the reference says is perfect", () => {
    fc.assert(
      fc.property(apart, (frames) => {
        const scores = trackingScores(frames, frames);
        for (const figure of [
          "hota",
          "detA",
          "assA",
          "locA",
          "mota",
          "motp",
          "idf1",
          "idp",
          "idr",
        ] as const) {
          expect(scores[figure], figure).toBeCloseTo(1, 12);
        }
        expect(scores).toMatchObject({ idSwitches: 0, misses: 0, falsePositives: 0, mostlyLost: 0 });
        expect(scores.motmetrics).toMatchObject({ mota: 1, motp: 0, idSwitches: 0, fragmentations: 0 });
      }),
    );
  });

  test("what ids are called changes nothing", () => {
    fc.assert(
      fc.property(sequences, sequences, (reference, system) => {
        const renamed = system.map((boxes) =>
          boxes.map(({ id, box }) => ({ id: `track ${7 - Number(id)}`, box })),
        );
        expect(trackingScores(reference, renamed)).toEqual(trackingScores(reference, system));
      }),
    );
  });

  test("reference and system changed about: misses are false positives, recall is precision", () => {
    fc.assert(
      fc.property(sequences, sequences, (one, other) => {
        const there = trackingScores(one, other);
        const back = trackingScores(other, one);
        expect(back.idf1).toBeCloseTo(there.idf1, 12);
        expect(back.idp).toBeCloseTo(there.idr, 12);
        expect(there.truePositives + there.misses).toBe(there.referenceBoxes);
        expect(there.truePositives + there.falsePositives).toBe(back.truePositives + back.misses);
      }),
    );
  });

  test("every figure lies where it can", () => {
    fc.assert(
      fc.property(sequences, sequences, (reference, system) => {
        const scores = trackingScores(reference, system);
        for (const figure of ["hota", "detA", "assA", "detRe", "assPr", "locA", "motp", "idf1"] as const) {
          expect(scores[figure], figure).toBeGreaterThanOrEqual(0);
          expect(scores[figure], figure).toBeLessThanOrEqual(1 + 1e-12);
        }
        expect(scores.mota).toBeLessThanOrEqual(1);
        expect(scores.mostlyTracked + scores.partlyTracked + scores.mostlyLost).toBe(
          scores.referenceBoxes === 0 ? 0 : scores.referenceTracks,
        );
      }),
    );
  });
});

const absent = missingFootage("data/pets09-s2l1/gt.txt");

describe.skipIf(absent !== null)(`real walkers${absent === null ? "" : ` (${absent})`}`, () => {
  test("a perfect tracker that looks at every third picture of seven a second loses little", async () => {
    const reference = scoredRows(await readMotFile(footage("data/pets09-s2l1/gt.txt")));
    expect(trackingScores(reference, reference)).toMatchObject({ hota: 1, mota: 1, idf1: 1 });
    const collector = new TrackCollector();
    for (const [index, boxes] of reference.entries())
      if (index % 3 === 0) collector.observe(index / 7, boxes);
    const scores = collector.scores(reference, 7);
    expect(scores.mota).toBeGreaterThan(0.97);
    expect(scores.mota).toBeLessThan(1);
    expect(scores.idSwitches).toBe(0);
  });
});

function expectSame(ours: Readonly<Record<string, number | null>>, theirs: Library): void {
  expect(Object.keys(ours).toSorted()).toEqual(Object.keys(theirs).toSorted());
  for (const [figure, value] of Object.entries(theirs)) {
    const own = ours[figure] ?? null;
    if (value === null || own === null) expect(own, figure).toBe(value);
    else expect(Math.abs(own - value), `${figure}: ${own}, not ${value}`).toBeLessThan(1e-6);
  }
}

function asTrackeval(s: TrackingScores) {
  return {
    HOTA: s.hota,
    DetA: s.detA,
    AssA: s.assA,
    DetRe: s.detRe,
    DetPr: s.detPr,
    AssRe: s.assRe,
    AssPr: s.assPr,
    LocA: s.locA,
    MOTA: s.mota,
    MOTP: s.motp,
    CLR_TP: s.truePositives,
    CLR_FN: s.misses,
    CLR_FP: s.falsePositives,
    IDSW: s.idSwitches,
    MT: s.mostlyTracked,
    PT: s.partlyTracked,
    ML: s.mostlyLost,
    Frag: s.fragmentations,
    IDF1: s.idf1,
    IDP: s.idp,
    IDR: s.idr,
    IDTP: s.idTruePositives,
  };
}

function asMotmetrics({ motmetrics: s, idf1, idp, idr, idTruePositives }: TrackingScores) {
  return {
    mota: s.mota,
    motp: s.motp,
    num_detections: s.truePositives,
    num_misses: s.misses,
    num_false_positives: s.falsePositives,
    num_switches: s.idSwitches,
    mostly_tracked: s.mostlyTracked,
    partially_tracked: s.partlyTracked,
    mostly_lost: s.mostlyLost,
    num_fragmentations: s.fragmentations,
    idf1,
    idp,
    idr,
    idtp: idTruePositives,
  };
}

function fixture(name: string): string {
  return fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
}
