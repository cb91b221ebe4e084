import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { prepareScene } from "./catalogue.ts";
import { PAINT_COLUMNS, PAINT_ROWS, paintedTexture } from "./paint.ts";
import { plaza } from "./prepared/places.ts";
import { frameTimes, renderScene, type SceneFrame, shakeAt } from "./render.ts";
import type { Actor, Pose, SceneScript } from "./script.ts";
import { viewCamera } from "./stage.ts";

const SMALL = { width: 320, height: 180, rate: 2, seconds: 3, noise: 0 } as const;

/** The square's camera over bare asphalt: quick to draw. */
function script(actors: readonly Actor[], more: Partial<SceneScript> = {}): SceneScript {
  const place = plaza(1, SMALL);
  return {
    name: "test",
    ...place,
    ground: "asphalt",
    patches: [],
    props: [],
    actors,
    survey: { ...place.survey, zones: [], lines: [], rules: [] },
    ...more,
  };
}

const standing = (number: number, x: number, y: number, more: Partial<Actor> = {}) =>
  ({
    kind: "walker",
    number,
    seed: number,
    height: 1.8,
    facing: 180,
    path: [
      { at: 0, x, y },
      { at: 10, x, y },
    ],
    ...more,
  }) as Actor;

function first(scene: SceneScript): SceneFrame {
  for (const frame of renderScene(scene)) return frame;
  throw new Error("no picture");
}

const digest = (scene: SceneScript) => {
  const hash = createHash("sha256");
  for (const frame of renderScene(scene)) hash.update(frame.image.data).update(JSON.stringify(frame.truth));
  return hash.digest("hex");
};

const grey = (frame: SceneFrame, x: number, y: number) => {
  const at = (Math.floor(y) * frame.image.width + Math.floor(x)) * 3;
  return (
    ((frame.image.data[at] ?? 0) + (frame.image.data[at + 1] ?? 0) + (frame.image.data[at + 2] ?? 0)) / 3
  );
};

describe("renderScene", () => {
  it("draws the same bytes and the same truth each time, and others for another seed", () => {
    const options = { width: 320, height: 180, rate: 2, seconds: 4, rain: 0.3 };
    expect(digest(prepareScene("plaza-shake", 4, options))).toBe(
      digest(prepareScene("plaza-shake", 4, options)),
    );
    expect(digest(prepareScene("plaza-shake", 5, options))).not.toBe(
      digest(prepareScene("plaza-shake", 4, options)),
    );
  });

  it("gives the box of a standing person where the camera projects that person", () => {
    for (const [x, y] of [
      [0, 9],
      [-3, 14],
      [4, 20],
    ] as const) {
      const scene = script([standing(1, x, y)], { width: 640, height: 360 });
      const [seen] = first(scene).truth;
      const camera = viewCamera(scene, 0, 0);
      const foot = camera.project(x, y, 0);
      const crown = camera.project(x, y, 1.8);
      const tall = foot.y - crown.y;
      expect(seen).toMatchObject({ number: 1, class: "person", ground: { x, y }, visible: 1 });
      expect(seen?.foot.x).toBeCloseTo(foot.x, 6);
      const box = seen?.box ?? { x: 0, y: 0, width: 0, height: 0 };
      expect(Math.abs(box.x + box.width / 2 - foot.x)).toBeLessThan(0.08 * tall);
      expect(Math.abs(box.y - crown.y)).toBeLessThan(0.07 * tall);
      // The toes come a little nearer to the camera than the point below the body's middle.
      expect(Math.abs(box.y + box.height - foot.y)).toBeLessThan(0.1 * tall);
      expect(box.width).toBeGreaterThan(0.2 * tall);
      expect(box.width).toBeLessThan(0.6 * tall);
    }
  });

  it("changes pixels only near actors and their shadows when nothing else changes", () => {
    const empty = first(script([], { light: [{ at: 0, ambient: 1, sun: 0, lamps: 0, tint: [1, 1, 1] }] }));
    const scene = script([standing(1, 0, 12)], {
      light: [{ at: 0, ambient: 1, sun: 0, lamps: 0, tint: [1, 1, 1] }],
    });
    const frame = first(scene);
    const box = frame.truth[0]?.box ?? { x: 0, y: 0, width: 0, height: 0 };
    let inside = 0;
    for (let y = 0; y < 180; y++) {
      for (let x = 0; x < 320; x++) {
        if (grey(frame, x, y) === grey(empty, x, y)) continue;
        const near =
          x > box.x - 6 && x < box.x + box.width + 6 && y > box.y - 3 && y < box.y + box.height + 5;
        expect(near, `${x},${y}`).toBe(true);
        inside++;
      }
    }
    expect(inside).toBeGreaterThan(0.3 * box.width * box.height);
  });

  it("says how much of somebody is hidden, by others and by things", () => {
    const behind = first(script([standing(1, 0, 16), standing(2, 0, 12)])).truth;
    const far = behind.find((actor) => actor.number === 1);
    expect(far?.visible).toBeLessThan(0.75);
    expect(behind.find((actor) => actor.number === 2)?.visible).toBe(1);
    // The kiosk at (13.5, 26) is 3 m wide: nobody behind it can be seen.
    const kiosk = plaza(1, SMALL).props.filter((prop) => prop.kind === "kiosk");
    expect(first(script([standing(1, 15.2, 29)], { props: kiosk })).truth).toEqual([]);
    expect(first(script([standing(1, 15.2, 29)])).truth.length).toBe(1);
  });

  it("cuts boxes at the picture's border and leaves out who is beyond it", () => {
    const camera = viewCamera(script([]), 0, 0);
    const edge = camera.ground(319, 120);
    const half = first(script([standing(1, edge?.x ?? 0, edge?.y ?? 0)])).truth[0];
    expect((half?.box.x ?? 0) + (half?.box.width ?? 0)).toBeLessThanOrEqual(320);
    // Without the border it would be about as wide as somebody in the middle at that distance.
    const whole = first(script([standing(1, 0, edge?.y ?? 0)])).truth[0];
    expect(half?.box.width ?? 0).toBeLessThan(0.75 * (whole?.box.width ?? 0));
    const beyond = camera.ground(380, 120);
    expect(first(script([standing(1, beyond?.x ?? 0, beyond?.y ?? 0)])).truth).toEqual([]);
  });

  it("paints the known texture over the frame that the truth tells", () => {
    const texture = paintedTexture(7).data;
    const actors: Actor[] = [
      standing(1, -2, 9, { painted: 7 }),
      {
        kind: "vehicle",
        model: "van",
        number: 2,
        seed: 2,
        painted: 7,
        facing: 90,
        path: [
          { at: 0, x: 3, y: 15 },
          { at: 10, x: 3, y: 15 },
        ],
      },
    ];
    const scene = script(actors, {
      width: 640,
      height: 360,
      light: [{ at: 0, ambient: 1, sun: 0, lamps: 0, tint: [1, 1, 1] }],
    });
    const frame = first(scene);
    for (const seen of frame.truth) {
      const paint = seen.painted;
      expect(paint?.seed).toBe(7);
      if (!paint) continue;
      // The cells around the middle of the body, where no limb leaves gaps.
      let agree = 0;
      let looked = 0;
      for (let row = 4; row < 9; row++) {
        for (const column of [3, 4]) {
          const value = grey(
            frame,
            paint.frame.x + ((column + 0.5) / PAINT_COLUMNS) * paint.frame.width,
            paint.frame.y + ((row + 0.5) / PAINT_ROWS) * paint.frame.height,
          );
          looked++;
          if (value > 128 === (texture[(row * PAINT_COLUMNS + column) * 3] ?? 0) > 128) agree++;
        }
      }
      expect(agree, `actor ${seen.number}`).toBeGreaterThanOrEqual(looked - 1);
    }
  });

  it("keeps what sits still from the first picture to the last where it is", () => {
    const frames = [...renderScene(prepareScene("plaza-sitting", 2, { ...SMALL, painted: true }))];
    const frameOf = (frame: SceneFrame | undefined, number: number) =>
      frame?.truth.find((actor) => actor.number === number)?.painted?.frame;
    for (const number of [1, 2]) {
      expect(frameOf(frames[0], number)).toBeDefined();
      expect(frameOf(frames.at(-1), number)).toEqual(frameOf(frames[0], number));
    }
  });

  it("sits lower than it stands, and lies lower still", () => {
    const tall = (pose: Pose) =>
      first(script([standing(1, 0, 12, { poses: [{ at: 0, pose }] })])).truth[0]?.box.height ?? 0;
    expect(tall("sitting")).toBeLessThan(0.88 * tall("upright"));
    expect(tall("crouching")).toBeLessThan(tall("sitting"));
    expect(tall("lying")).toBeLessThan(0.6 * tall("upright"));
    expect(tall("bending")).toBeLessThan(0.8 * tall("upright"));
    expect(tall("floor")).toBeLessThan(tall("sitting"));
  });

  it("moves picture and truth together when the camera shakes", () => {
    const still = script([standing(1, 0, 12)], { seconds: 4 });
    const shaken = { ...still, shakes: [{ from: 0, to: 10, degrees: 0.5 }] };
    const calm = [...renderScene(still)];
    let largest = 0;
    for (const [index, frame] of [...renderScene(shaken)].entries()) {
      const shift = shakeAt(shaken, frame.pts);
      largest = Math.max(largest, Math.hypot(shift.x, shift.y));
      expect(frame.truth[0]?.foot.x).toBeCloseTo((calm[index]?.truth[0]?.foot.x ?? 0) - shift.x, 6);
      expect(frame.truth[0]?.box.x).toBeCloseTo((calm[index]?.truth[0]?.box.x ?? 0) - shift.x, -0.5);
    }
    expect(largest).toBeGreaterThan(0.5);
    expect(shakeAt(still, 1)).toEqual({ x: 0, y: 0 });
  });

  it("looks elsewhere after the view moved", () => {
    const frames = [...renderScene(prepareScene("plaza-moved", 1, { ...SMALL, seconds: 6 }))];
    const difference = (a: SceneFrame | undefined, b: SceneFrame | undefined) =>
      a && b
        ? a.image.data.reduce((sum, value, at) => sum + Math.abs(value - (b.image.data[at] ?? 0)), 0) /
          a.image.data.length
        : 0;
    expect(difference(frames[4], frames[5])).toBeLessThan(5);
    expect(difference(frames[5], frames[6])).toBeGreaterThan(10);
  });

  it("gets darker when the light goes", () => {
    const frames = [...renderScene(prepareScene("plaza-blackout", 1, { ...SMALL, seconds: 5 }))];
    const mean = (frame: SceneFrame | undefined) =>
      frame ? frame.image.data.reduce((sum, value) => sum + value, 0) / frame.image.data.length : 0;
    expect(mean(frames[5])).toBeLessThan(0.5 * mean(frames[0]));
    expect(mean(frames.at(-1))).toBeCloseTo(mean(frames[0]), -0.5);
  });

  it("adds noise of the asked strength", () => {
    const quiet = first(script([]));
    const noisy = first(script([], { optics: { noise: 5, blur: script([]).optics.blur } }));
    const differences = Array.from(noisy.image.data, (value, at) => value - (quiet.image.data[at] ?? 0));
    const variance = differences.reduce((sum, value) => sum + value * value, 0) / differences.length;
    expect(Math.sqrt(variance)).toBeGreaterThan(4);
    expect(Math.sqrt(variance)).toBeLessThan(6.5);
  });
});

describe("frameTimes", () => {
  it.each([
    [2, 3, 6],
    [25, 1, 25],
    [12.5, 2, 25],
    [29.97, 1, 29],
  ])("%d a second for %d s are %d pictures", (rate, seconds, count) => {
    const times = frameTimes({ rate, seconds, timeJitter: 0, seed: 1 });
    expect(times.length).toBe(count);
    for (const [index, at] of times.entries()) expect(at).toBeCloseTo(index / rate, 9);
  });

  it("strays but never goes back", () => {
    const times = frameTimes({ rate: 10, seconds: 20, timeJitter: 0.9, seed: 3 });
    expect(times[0]).toBe(0);
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThan(0.009);
    expect(Math.max(...gaps)).toBeGreaterThan(0.13);
  });
});

describe("paintedTexture", () => {
  it("is half black and half white, its own for each seed", () => {
    const { width, height, data } = paintedTexture(1);
    expect([width, height]).toEqual([PAINT_COLUMNS, PAINT_ROWS]);
    expect([...data].filter((value) => value > 128).length).toBe(data.length / 2);
    expect(paintedTexture(1)).toEqual(paintedTexture(1));
    const same = [...paintedTexture(2).data].filter((value, at) => value === data[at]).length / data.length;
    expect(same).toBeLessThan(0.7);
  });
});
