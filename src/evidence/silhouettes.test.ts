import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quietScene } from "../../test/support/observations.ts";
import type { Detection } from "../detectors/detector.ts";
import type { SceneState } from "../frames/scene.ts";
import type { Box } from "../geometry/shapes.ts";
import { createComposer, SHAPE_COLOURS } from "./compose.ts";
import { UNKNOWN_GREY } from "./display-background.ts";
import { activeCells, CELL, cellsOfBox, dilateCells, evidenceGrid, shareInside } from "./evidence-grid.ts";
import { drawGeometry } from "./rule-geometry.ts";
import { drawShapes, SHAPE_KINDS, shapeLayer } from "./silhouettes.ts";

const grid = evidenceGrid({ width: 1280, height: 720, pixelAspect: 1 }, 640);
const MASK = { width: 384, height: 216 };

function scene(foreground: readonly Box[] = [], over: Partial<SceneState> = {}): SceneState {
  const data = new Uint8Array(MASK.width * MASK.height);
  for (const box of foreground) {
    for (let y = Math.floor(box.y * 0.3); y < (box.y + box.height) * 0.3; y++)
      data.fill(
        255,
        y * MASK.width + Math.floor(box.x * 0.3),
        y * MASK.width + Math.ceil((box.x + box.width) * 0.3),
      );
  }
  const moving = { ...MASK, data: new Uint8Array(data.length) };
  return quietScene(1, { foreground: { ...MASK, data }, moving, ...over });
}

const person = (box: Box, score = 0.8): Detection => ({ class: "person", box, score });

function draw(detections: readonly Detection[], foreground: readonly Box[] = []) {
  const drawing = {
    cover: new Uint8Array(grid.width * grid.height),
    kind: new Uint8Array(grid.width * grid.height),
  };
  drawShapes(grid, shapeLayer(grid, 1, scene(foreground), detections), drawing);
  return drawing;
}

describe("one thing under two names", () => {
  const box = { x: 600, y: 300, width: 80, height: 200 };
  const animal: Detection = { class: "animal", box: { ...box, height: 150 }, score: 0.9 };

  it("is drawn as the person or vehicle it may be", () => {
    const { shapes } = shapeLayer(grid, 1, scene(), [animal, person(box, 0.3)]);
    expect(shapes.map((shape) => shape.kind)).toEqual(["person"]);
  });

  it("is drawn by its other name where nobody is", () => {
    const elsewhere = person({ ...box, x: 100 });
    const kinds = shapeLayer(grid, 1, scene(), [animal, elsewhere]).shapes.map((shape) => shape.kind);
    expect(kinds.toSorted()).toEqual(["other", "person"]);
  });
});

describe("the evidence grid", () => {
  it.each([
    ["a large picture is reduced", { width: 1920, height: 1080, pixelAspect: 1 }, 640, 360],
    ["a small one is not enlarged", { width: 320, height: 241, pixelAspect: 1 }, 320, 242],
    ["an upright one keeps its shape", { width: 720, height: 1280, pixelAspect: 1 }, 360, 640],
    ["pixels become square", { width: 720, height: 576, pixelAspect: 16 / 15 }, 640, 480],
  ])("%s", (_, picture, width, height) => {
    expect(evidenceGrid(picture, 640)).toMatchObject({ width, height });
  });

  it("marks every cell that a set sample touches", () => {
    const sample = fc.record({ x: fc.integer({ min: 0, max: 383 }), y: fc.integer({ min: 0, max: 215 }) });
    fc.assert(
      fc.property(sample, ({ x, y }) => {
        const state = scene();
        state.moving.data[y * MASK.width + x] = 255;
        const cells = activeCells(grid, state);
        for (const [dx, dy] of [
          [0.01, 0.01],
          [0.99, 0.99],
        ] as const) {
          const column = Math.floor(((x + dx) * 640) / 384 / CELL);
          const row = Math.floor(((y + dy) * 360) / 216 / CELL);
          expect(cells[row * grid.columns + column]).toBe(1);
        }
        expect(cells.reduce((sum, cell) => sum + cell, 0)).toBeLessThanOrEqual(4);
      }),
    );
  });

  it("grows a mask by one cell and not beyond the edge", () => {
    const cells = new Uint8Array(grid.columns * grid.rows);
    cells[0] = 1;
    expect(dilateCells(grid, cells).reduce((sum, cell) => sum + cell, 0)).toBe(4);
    cells[5 * grid.columns + 5] = 1;
    expect(dilateCells(grid, cells).reduce((sum, cell) => sum + cell, 0)).toBe(13);
  });

  it("measures how much of a box is set", () => {
    const state = scene([{ x: 0, y: 0, width: 640, height: 720 }]);
    expect(shareInside(grid, state.foreground, { x: 320, y: 100, width: 640, height: 100 })).toBeCloseTo(
      0.5,
      1,
    );
    expect(shareInside(grid, state.foreground, { x: 2000, y: 0, width: 10, height: 10 })).toBe(0);
  });
});

describe("shapes", () => {
  it("cover the middle of each detection in the hue of its kind", () => {
    const box = { x: 400, y: 200, width: 100, height: 260 };
    for (const [name, kind] of [
      ["person", "person"],
      ["vehicle", "vehicle"],
      ["luggage", "other"],
      ["animal", "other"],
    ] as const) {
      const drawing = draw([{ class: name, box, score: 0.5 }]);
      const i = 165 * grid.width + 225;
      expect(drawing.cover[i]).toBe(255);
      expect(SHAPE_KINDS[drawing.kind[i] ?? 0]).toBe(kind);
    }
  });

  it("are the same for two people in boxes that touch the same cells: no build, no gait", () => {
    const jitter = fc.double({ min: 0.1, max: 15.9, noNaN: true });
    fc.assert(
      fc.property(jitter, jitter, jitter, jitter, (x, y, w, h) => {
        const box = { x: 400 + x, y: 208 + y, width: 96 - x + w, height: 240 - y + h };
        const steady = { x: 401, y: 209, width: 110, height: 254 };
        expect(cellsOfBox(grid, box)).toEqual(cellsOfBox(grid, steady));
        expect(draw([person(box)])).toEqual(draw([person(steady)]));
      }),
      { numRuns: 20 },
    );
  });

  it("take in what sticks out of a box a little, and cover everything else that moves", () => {
    const box = { x: 400, y: 200, width: 100, height: 260 };
    const arm = { x: 500, y: 260, width: 20, height: 20 };
    const bare = draw([person(box)]);
    expect(draw([person(box)], [box, arm])).toEqual(bare);
    const cart = { x: 900, y: 400, width: 60, height: 60 };
    const drawing = draw([person(box)], [box, cart]);
    const i = 215 * grid.width + 465;
    expect(drawing.cover[i]).toBe(255);
    expect(SHAPE_KINDS[drawing.kind[i] ?? 0]).toBe("other");
  });

  it("are not drawn for what the network hardly believes", () => {
    expect(draw([person({ x: 400, y: 200, width: 100, height: 260 }, 0.1)]).cover.every((v) => v === 0)).toBe(
      true,
    );
  });

  it("leave a hairline between two that overlap", () => {
    const drawing = draw([
      person({ x: 400, y: 200, width: 100, height: 240 }),
      person({ x: 440, y: 220, width: 100, height: 240 }),
    ]);
    const row = 165 * grid.width;
    const across = [...drawing.cover.subarray(row + 200, row + 280)];
    const inside = across.slice(across.indexOf(255), across.lastIndexOf(255));
    expect(Math.min(...inside)).toBeLessThan(160);
  });

  it("survive boxes outside the picture", () => {
    const far = fc.integer({ min: -3000, max: 3000 });
    const size = fc.integer({ min: 0, max: 3000 });
    fc.assert(
      fc.property(far, far, size, size, (x, y, width, height) => {
        draw([person({ x, y, width, height })]);
      }),
      { numRuns: 50 },
    );
  });
});

describe("a composed picture", () => {
  const composer = createComposer(grid);

  it("holds nothing but flat colours where no background is known", () => {
    composer.setBackground(null);
    composer.setGeometry(null);
    const layer = shapeLayer(grid, 1, scene(), [person({ x: 400, y: 200, width: 100, height: 260 })]);
    const { data } = composer.draw(layer).value;
    const corner = [...data.subarray(0, 3)];
    expect(corner).toEqual([UNKNOWN_GREY, UNKNOWN_GREY, UNKNOWN_GREY]);
    const i = 3 * (165 * grid.width + 225);
    expect([...data.subarray(i, i + 3)]).toEqual([...SHAPE_COLOURS.person]);
  });

  it.each([
    ["the light changes", { lightChanged: true }],
    ["the view has moved", { viewMoved: true }],
    ["nothing can be seen", { unreadable: true }],
  ])("shows no background while %s", (_, over) => {
    const data = new Uint8Array(3 * grid.width * grid.height).fill(80);
    composer.setBackground({ width: grid.width, height: grid.height, data });
    composer.setGeometry(null);
    const everywhere = [{ x: 0, y: 0, width: 1280, height: 720 }];
    const drawn = composer.draw(shapeLayer(grid, 1, scene(everywhere, over), [])).value.data;
    expect(drawn.every((value) => value === UNKNOWN_GREY)).toBe(true);
  });

  it("refuses a background of another size", () => {
    expect(() => composer.setBackground({ width: 8, height: 8, data: new Uint8Array(192) })).toThrow(
      /measures 8x8, evidence 640x360/,
    );
  });

  it("shows the rule's place as a thin dashed line, its forbidden direction as an arrow", () => {
    const line = { from: { x: 100, y: 360 }, to: { x: 1180, y: 360 } };
    const plain = drawGeometry(grid, { kind: "line", line, against: null });
    const down = drawGeometry(grid, { kind: "line", line, against: { x: 0, y: 1 } });
    const along = [...plain.stroke.subarray(180 * grid.width + 50, 180 * grid.width + 590)];
    const drawn = along.filter((value) => value > 128).length / along.length;
    expect(drawn).toBeGreaterThan(0.4);
    expect(drawn).toBeLessThan(0.85);
    const below = (drawing: typeof plain) =>
      drawing.stroke.subarray(185 * grid.width, 210 * grid.width).some((value) => value > 128);
    const above = (drawing: typeof plain) =>
      drawing.stroke.subarray(150 * grid.width, 176 * grid.width).some((value) => value > 128);
    expect([below(plain), above(plain)]).toEqual([false, false]);
    expect([below(down), above(down)]).toEqual([true, false]);
    expect(drawGeometry(grid, { kind: "view" }).stroke.every((value) => value === 0)).toBe(true);
  });
});
