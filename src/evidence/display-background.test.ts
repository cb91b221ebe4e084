import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quietScene } from "../../test/support/observations.ts";
import type { Detection } from "../detectors/detector.ts";
import { memoryFrame } from "../frames/memory-frame.ts";
import type { SceneState } from "../frames/scene.ts";
import type { Box } from "../geometry/shapes.ts";
import {
  createDisplayBackground,
  type DisplayBackground,
  LIVE_LIMITS,
  RECORDING_LIMITS,
  UNKNOWN_GREY,
} from "./display-background.ts";
import { activeCells, CELL, cellsOfBox, dilateCells, evidenceGrid } from "./evidence-grid.ts";

// A small view whose picture, analysis plane and evidence are the same raster: 20 x 15 cells.
const WIDTH = 160;
const HEIGHT = 120;
const WALL = 120;
const WHOLE: Box = { x: 0, y: 0, width: WIDTH, height: HEIGHT };
const SEAT: Box = { x: 64, y: 48, width: 24, height: 32 };
const grid = evidenceGrid({ width: WIDTH, height: HEIGHT, pixelAspect: 1 }, 640);

interface Instant {
  /** Something with a colour of its own. */
  readonly things?: readonly { box: Box; value: number }[];
  /** What the scene's mask holds. */
  readonly foreground?: readonly Box[];
  /** What the detector names; null when it did not look. */
  readonly named?: readonly Box[] | null;
  readonly wall?: number;
  readonly scene?: Partial<SceneState>;
  readonly views?: readonly Box[];
}

function step(background: DisplayBackground, at: number, instant: Instant): void {
  const data = new Uint8Array(3 * WIDTH * HEIGHT).fill(instant.wall ?? WALL);
  for (const { box, value } of instant.things ?? []) fillBox(data, 3, box, value);
  const mask = new Uint8Array(WIDTH * HEIGHT);
  for (const box of instant.foreground ?? []) fillBox(mask, 1, box, 255);
  const plane = { width: WIDTH, height: HEIGHT, data: mask };
  const still = { width: WIDTH, height: HEIGHT, data: new Uint8Array(WIDTH * HEIGHT) };
  const scene = quietScene(at, { foreground: plane, moving: still, ...instant.scene });
  if (instant.named !== null) {
    const detections: Detection[] = (instant.named ?? []).map((box) => ({
      class: "person",
      box,
      score: 0.2,
    }));
    background.noteDetections(at, scene, detections, instant.views ?? [WHOLE]);
  }
  background.noteActivity(at, dilateCells(grid, activeCells(grid, scene)));
  if (background.due(at))
    background.learn(memoryFrame({ width: WIDTH, height: HEIGHT, data }, { pts: at }), scene);
}

function fillBox(data: Uint8Array, channels: number, box: Box, value: number): void {
  for (let y = box.y; y < box.y + box.height; y++)
    data.fill(value, channels * (y * WIDTH + box.x), channels * (y * WIDTH + box.x + box.width));
}

/** Runs from one instant to another, four times a second. */
function run(
  background: DisplayBackground,
  from: number,
  to: number,
  instant: (at: number) => Instant,
): void {
  for (let i = Math.round(4 * from); i < 4 * to; i++) step(background, i / 4, instant(i / 4));
}

function shownShare(background: DisplayBackground, box: Box): number {
  const { shownCells } = background.picture();
  const { left, right, top, bottom } = cellsOfBox(grid, box);
  let shown = 0;
  for (let row = top; row <= bottom; row++)
    for (let column = left; column <= right; column++) shown += shownCells[row * grid.columns + column] ?? 0;
  return shown / ((right - left + 1) * (bottom - top + 1));
}

const create = () => createDisplayBackground(grid, RECORDING_LIMITS);
const sitter = { box: SEAT, value: 20 };

describe("what is shown", () => {
  it("is nothing before its time, and the whole place after it", () => {
    const background = create();
    run(background, 0, 19, () => ({}));
    expect(background.picture().greyShare).toBe(1);
    run(background, 19, 23, () => ({}));
    const picture = background.picture();
    expect(picture.greyShare).toBe(0);
    expect(picture.data.every((value) => value === WALL)).toBe(true);
    expect(background.learntFrom).toBe(0);
    expect(background.learntTo).toBeGreaterThan(21);
  });

  it("is nothing without passes of the detector, however long it takes", () => {
    const background = create();
    run(background, 0, 120, () => ({ named: null }));
    expect(background.picture().greyShare).toBe(1);
  });

  it("is nothing where the detector did not look", () => {
    const background = create();
    run(background, 0, 60, () => ({ views: [{ x: 0, y: 0, width: WIDTH / 2, height: HEIGHT }] }));
    expect(shownShare(background, { x: 0, y: 0, width: WIDTH / 2, height: HEIGHT })).toBe(1);
    expect(shownShare(background, { x: WIDTH / 2, y: 0, width: WIDTH / 2, height: HEIGHT })).toBe(0);
  });

  it.each([
    ["the scene is not settled", { settled: false }],
    ["the light is changing", { lightChanged: true }],
    ["the view has moved", { viewMoved: true }],
    ["nothing can be seen", { unreadable: true }],
    ["the camera shakes", { shift: { dx: 2, dy: 0 } }],
  ])("is nothing learnt while %s", (_, scene) => {
    const background = create();
    run(background, 0, 60, () => ({ scene }));
    expect(background.picture().greyShare).toBe(1);
  });

  it("waits minutes on a live view", () => {
    const background = createDisplayBackground(grid, LIVE_LIMITS);
    run(background, 0, 170, () => ({}));
    expect(background.picture().greyShare).toBe(1);
    run(background, 170, 190, () => ({}));
    expect(background.picture().greyShare).toBe(0);
  });

  it("is grey again after a reset", () => {
    const background = create();
    run(background, 0, 30, () => ({}));
    background.reset();
    const picture = background.picture();
    expect(picture.greyShare).toBe(1);
    expect(picture.data.every((value) => value === UNKNOWN_GREY)).toBe(true);
  });
});

describe("somebody who sits still and never stands out", () => {
  it("is never shown, whenever the detector names them, as long as it does so every 14 seconds", () => {
    const gaps = fc.array(fc.integer({ min: 1, max: 56 }), { minLength: 12, maxLength: 30 });
    fc.assert(
      fc.property(gaps, (quarters) => {
        const background = create();
        let at = 0;
        for (const gap of quarters) {
          for (let i = 0; i < gap; i++, at += 0.25)
            step(background, at, { things: [sitter], named: i === gap - 1 ? [SEAT] : [] });
          expect(shownShare(background, SEAT)).toBe(0);
        }
      }),
      { numRuns: 12 },
    );
  });

  it("is taken back at once when first named after having been learnt", () => {
    const background = create();
    run(background, 0, 25, () => ({ things: [sitter] }));
    expect(shownShare(background, SEAT)).toBe(1);
    const wipes = background.wipes;
    step(background, 25, { things: [sitter], named: [SEAT] });
    expect(shownShare(background, SEAT)).toBe(0);
    expect(background.wipes).toBeGreaterThan(wipes);
    // Twice the usual time must pass now, and each naming doubles it again.
    run(background, 25.25, 60, () => ({ things: [sitter] }));
    expect(shownShare(background, SEAT)).toBe(0);
  });

  it("is taken back with what may belong to them around and below the box", () => {
    const background = create();
    run(background, 0, 25, () => ({}));
    step(background, 25, { named: [SEAT] });
    const { shownCells } = background.picture();
    const { left, right, top, bottom } = cellsOfBox(grid, SEAT);
    for (let row = top - 2; row <= bottom + 2; row++)
      for (let column = left - 2; column <= right + 2; column++)
        expect(shownCells[row * grid.columns + column], `${column}, ${row}`).toBe(0);
    expect(shownCells[0]).toBe(1);
  });

  it("does not stay behind as a picture when they leave", () => {
    const background = create();
    run(background, 0, 25, () => ({ things: [sitter] }));
    expect(shownShare(background, SEAT)).toBe(1);
    // They have left; to the scene the bare wall is what differs now, and the detector is silent.
    run(background, 25, 29, () => ({ foreground: [SEAT] }));
    expect(shownShare(background, SEAT)).toBe(0);
    run(background, 29, 60, () => ({}));
    expect(shownShare(background, SEAT)).toBe(0);
    run(background, 60, 80, () => ({}));
    const { data } = background.picture();
    expect(data[3 * ((SEAT.y + 16) * WIDTH + SEAT.x + 12)]).toBe(WALL);
  });
});

describe("those who walk through", () => {
  const walker = (at: number): Box => ({ x: 8 * Math.floor((at * 4) % 16), y: 40, width: 16, height: 48 });

  it("do not keep the place from being learnt, and are not in it", () => {
    const background = create();
    run(background, 0, 90, (at) => {
      // Half of the time somebody crosses.
      if (at % 8 >= 4) return {};
      const box = walker(at);
      return { things: [{ box, value: 10 }], foreground: [box], named: [box] };
    });
    const picture = background.picture();
    expect(picture.greyShare).toBeLessThan(0.1);
    expect(picture.data.every((value) => value === WALL || value === UNKNOWN_GREY)).toBe(true);
  });

  it("are not learnt when they stand, named or not", () => {
    const background = create();
    run(background, 0, 25, () => ({}));
    run(background, 25, 90, (at) => ({ things: [sitter], foreground: [SEAT], named: at < 27 ? [SEAT] : [] }));
    const picture = background.picture();
    expect(shownShare(background, SEAT)).toBe(0);
    expect(picture.data.every((value) => value === WALL || value === UNKNOWN_GREY)).toBe(true);
  });

  it("do not take back what is known when they pass in front of it", () => {
    const background = create();
    run(background, 0, 25, () => ({}));
    run(background, 25, 26, () => ({ things: [sitter], foreground: [SEAT], named: [SEAT] }));
    expect(shownShare(background, SEAT)).toBe(1);
  });
});

describe("the light", () => {
  it("once changed, is learnt anew, and the old texture goes", () => {
    const background = create();
    run(background, 0, 25, () => ({}));
    run(background, 25, 32, () => ({ wall: 200 }));
    expect(background.picture().greyShare).toBe(1);
    run(background, 32, 60, () => ({ wall: 200 }));
    const picture = background.picture();
    expect(picture.greyShare).toBe(0);
    expect(picture.data.every((value) => value === 200)).toBe(true);
  });

  it("as it drifts through the day, is followed", () => {
    const background = create();
    run(background, 0, 60, (at) => ({ wall: 100 + Math.floor(at / 2) }));
    const picture = background.picture();
    expect(picture.greyShare).toBe(0);
    expect(Math.abs((picture.data[0] ?? 0) - 129)).toBeLessThan(4);
  });
});

describe("how well a still fits what is seen", () => {
  const pattern = (dx: number) => (at: number) => ({
    things: [0, 1, 2, 3, 4].map((i) => ({
      box: { x: 16 + 24 * i + dx, y: 20 + 12 * i, width: 12, height: 24 },
      value: at >= 0 ? 40 + 10 * i : 0,
    })),
  });

  it("is 1 for the same place, lower for another, and unknown at first", () => {
    const still = create();
    run(still, 0, 25, pattern(0));
    const approved = still.picture();
    const here = create();
    expect(here.resembles(approved)).toBeNull();
    run(here, 0, 3, pattern(0));
    expect(here.resembles(approved)).toBeGreaterThan(0.95);
    const elsewhere = create();
    run(elsewhere, 0, 3, pattern(CELL));
    expect(elsewhere.resembles(approved)).toBeLessThan(0.5);
  });

  it("does not mind other light", () => {
    const still = create();
    run(still, 0, 25, pattern(0));
    const night = create();
    run(night, 0, 3, (at) => ({
      ...pattern(0)(at),
      wall: 60,
      things: pattern(0)(at).things.map(({ box, value }) => ({ box, value: value / 2 })),
    }));
    expect(night.resembles(still.picture())).toBeGreaterThan(0.9);
  });
});
