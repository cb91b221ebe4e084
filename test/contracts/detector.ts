import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Detection,
  type Detector,
  type DetectorClass,
  OBJECT_CLASSES,
  type View,
} from "../../src/detectors/detector.ts";
import { CodedError } from "../../src/errors.ts";
import { type Box, intersectionOverUnion } from "../../src/geometry/shapes.ts";
import { SLOT_CLASSES } from "../../src/models/slots.ts";

/** A picture that the detector sees something in. */
export interface DetectorScene {
  readonly view: View;
  /** What must be found, and nothing else of these classes above `minScore`. */
  readonly expected: readonly Pick<Detection<DetectorClass>, "class" | "box">[];
  readonly minScore: number;
}

/**
 * What every detector does.
 * @param makeDetector a fresh one each time
 * @param scene a picture with known contents, for detectors that see drawings; none for others
 */
export function detectorContract(
  name: string,
  makeDetector: () => Promise<Detector<DetectorClass>>,
  scene?: DetectorScene,
): void {
  describe(`${name} as a detector`, () => {
    let detector: Detector<DetectorClass>;
    beforeAll(async () => {
      detector = await makeDetector();
    });
    afterAll(() => detector.close());

    const views = (): View[] => [
      noiseView(detector, 1),
      scene?.view ?? noiseView(detector, 2),
      greyView(detector),
    ];

    it("says which network it is and what it can name", () => {
      expect(detector.model.sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(detector.model.name).not.toBe("");
      expect(detector.classes.length).toBeGreaterThan(0);
      // Objects, or what the slot of one event may say: never both.
      const lists: readonly (readonly string[])[] = [OBJECT_CLASSES, SLOT_CLASSES];
      expect(lists.filter((list) => detector.classes.some((name) => list.includes(name)))).toHaveLength(1);
      expect([...OBJECT_CLASSES, ...SLOT_CLASSES]).toEqual(expect.arrayContaining([...detector.classes]));
    });

    it("answers each view in order, and the same each time", async () => {
      const given = views();
      const together = await detector.detect(given, 0.1);
      expect(together).toHaveLength(given.length);
      const again = await detector.detect(given, 0.1);
      expect(again).toEqual(together);
      for (const [i, view] of given.entries())
        expect(await detector.detect([view], 0.1)).toEqual([together[i]]);
    });

    it("gives boxes inside the view's region, scores at least the one asked for, no box twice", async () => {
      for (const minScore of [0.05, 0.3]) {
        const given = views();
        for (const [i, detections] of (await detector.detect(given, minScore)).entries()) {
          const region = given[i]?.region;
          for (const [n, { box, score, class: of }] of detections.entries()) {
            expect(detector.classes).toContain(of);
            expect(score).toBeGreaterThanOrEqual(minScore);
            expect(score).toBeLessThanOrEqual(1);
            expect(isInside(box, region)).toBe(true);
            const twins = detections.filter((other, m) => {
              return m > n && other.class === of && intersectionOverUnion(other.box, box) > 0.85;
            });
            expect(twins).toEqual([]);
          }
        }
      }
    });

    it("gives less for a higher score, never other things", async () => {
      const [low = []] = await detector.detect([scene?.view ?? noiseView(detector, 2)], 0.05);
      const [high = []] = await detector.detect([scene?.view ?? noiseView(detector, 2)], 0.5);
      expect(high).toEqual(low.filter((detection) => detection.score >= 0.5));
    });

    it("gives nothing for no views", async () => {
      expect(await detector.detect([], 0.3)).toEqual([]);
    });

    it("takes a region anywhere in a frame", async () => {
      const view = scene?.view ?? noiseView(detector, 2);
      const [plain = []] = await detector.detect([view], 0.1);
      const region = { x: 1000, y: 500, width: view.region.width * 2, height: view.region.height * 4 };
      const [moved = []] = await detector.detect([{ ...view, region }], 0.1);
      expect(moved).toHaveLength(plain.length);
      for (const [i, { box }] of plain.entries()) {
        const { x, y } = view.region;
        expect(moved[i]?.box.x).toBeCloseTo(1000 + (box.x - x) * 2, 3);
        expect(moved[i]?.box.y).toBeCloseTo(500 + (box.y - y) * 4, 3);
        expect(moved[i]?.box.width).toBeCloseTo(box.width * 2, 3);
        expect(moved[i]?.box.height).toBeCloseTo(box.height * 4, 3);
      }
    });

    it("does not need a view's memory once it has answered", async () => {
      const view = scene?.view ?? noiseView(detector, 2);
      const first = await detector.detect([view], 0.1);
      const copy = { ...view, rgb: shared(view.rgb) };
      const before = await detector.detect([copy], 0.1);
      copy.rgb.fill(0);
      expect(before).toEqual(first);
    });

    it("refuses a view that it cannot take, and goes on", async () => {
      const good = greyView(detector);
      const short = { ...good, rgb: shared(good.rgb.slice(3)) };
      const empty = { ...good, region: { ...good.region, width: 0 } };
      const fraction = { ...good, width: good.width + 0.5 };
      for (const bad of [short, empty, fraction]) {
        await expect(detector.detect([bad], 0.3)).rejects.toBeInstanceOf(CodedError);
      }
      await expect(detector.detect([good], Number.NaN)).rejects.toBeInstanceOf(CodedError);
      expect(await detector.detect([good], 0.3)).toHaveLength(1);
    });

    it("answers two calls at once", async () => {
      const [a, b] = views();
      if (a === undefined || b === undefined) throw new Error("two views");
      const [first, second] = await Promise.all([detector.detect([a], 0.1), detector.detect([b], 0.1)]);
      expect([...first, ...second]).toEqual(await detector.detect([a, b], 0.1));
    });

    it("is closed once and for all", async () => {
      const other = await makeDetector();
      await other.close();
      await other.close();
      await expect(other.detect([greyView(other)], 0.3)).rejects.toMatchObject({ code: "DETECTOR_CLOSED" });
    });

    if (scene !== undefined) {
      it("finds what is there, where it is", async () => {
        const [found = []] = await detector.detect([scene.view], scene.minScore);
        expect(found.map((detection) => detection.class).sort()).toEqual(
          scene.expected.map((detection) => detection.class).sort(),
        );
        for (const wanted of scene.expected) {
          const best = found
            .filter((detection) => detection.class === wanted.class)
            .map((detection) => intersectionOverUnion(detection.box, wanted.box));
          expect(Math.max(...best)).toBeGreaterThan(0.7);
        }
      });
    }
  });
}

/** A view of a detector's own size, or a small one that it takes. */
function viewSize(detector: Detector<DetectorClass>): { width: number; height: number } {
  const { inputSize } = detector;
  if (inputSize.kind === "fixed") return { width: inputSize.width, height: inputSize.height };
  const round = (pixels: number) => Math.ceil(pixels / inputSize.of) * inputSize.of;
  return { width: round(96), height: round(64) };
}

function greyView(detector: Detector<DetectorClass>): View {
  return blankView(viewSize(detector), 128);
}

/** Reproducible noise in blocks, so that a network has edges to see. */
function noiseView(detector: Detector<DetectorClass>, seed: number): View {
  const view = blankView(viewSize(detector), 0);
  let state = seed;
  for (let i = 0; i < view.rgb.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const block = (Math.floor(i / 24) ^ Math.floor(i / (view.width * 24))) & 1;
    view.rgb[i] = block * 128 + (state >>> 25);
  }
  return view;
}

/** A view of one grey, at the top left of its frame. */
export function blankView({ width, height }: { width: number; height: number }, grey: number): View {
  const rgb = new Uint8Array(new SharedArrayBuffer(3 * width * height)).fill(grey);
  return { region: { x: 0, y: 0, width, height }, width, height, rgb };
}

/** Fills a box (pixels of the view) with one colour. */
export function paint(view: View, box: Box, colour: readonly [number, number, number]): void {
  for (let y = box.y; y < box.y + box.height; y++) {
    for (let x = box.x; x < box.x + box.width; x++) view.rgb.set(colour, 3 * (y * view.width + x));
  }
}

function shared(bytes: Uint8Array): Uint8Array<SharedArrayBuffer> {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}

function isInside(box: Box, region: Box | undefined): boolean {
  if (region === undefined) return false;
  const slack = 1e-6 * (region.width + region.height);
  return (
    box.width > 0 &&
    box.height > 0 &&
    box.x >= region.x - slack &&
    box.y >= region.y - slack &&
    box.x + box.width <= region.x + region.width + slack &&
    box.y + box.height <= region.y + region.height + slack
  );
}
