import { describe, expect, it } from "vitest";
import { type Instant, syntheticView, type Thing, times } from "../../test/contracts/synthetic-view.ts";
import { createScene } from "./background-scene.ts";
import { wasmKernels } from "./kernels/kernels.ts";
import { typescriptKernels } from "./kernels/kernels-ts.ts";
import { memoryFrame } from "./memory-frame.ts";
import type { Scene, SceneState } from "./scene.ts";

const RATES = [2, 5, 10, 25, 30];
const view = syntheticView(3);

/** What outlives the next `observe`. */
type Seen = Omit<SceneState, "foreground" | "moving">;

/** Plays instants at a rate and returns what the scene said of each. */
function play(
  until: number,
  rate: number,
  instant: (at: number) => Omit<Instant, "at">,
  cover?: (at: number) => readonly Thing[],
  scene: Scene = createScene(),
): Seen[] {
  const seen: Seen[] = [];
  for (const at of times(0, until, rate)) {
    const { foreground: _, moving: __, ...rest } = scene.observe(view.frame({ at, ...instant(at) }));
    seen.push(rest);
    if (cover !== undefined) scene.cover(cover(at));
  }
  return seen;
}

const between = (seen: readonly Seen[], from: number, to: number) =>
  seen.filter((state) => state.at >= from - 1e-9 && state.at < to - 1e-9);
const worst = (seen: readonly Seen[], of: (state: Seen) => number) => Math.max(...seen.map(of));
const bag: Thing = { x: 60, y: 50, width: 12, height: 28, grey: 200 };
const BAG_SHARE = (12 * 28) / (192 * 112);
const walker = (at: number): Thing => ({ ...bag, x: 8 + 20 * at });

describe.each(RATES)("at %i frames a second", (rate) => {
  it.each([0.5, 1.5, 6])("an empty view with noise of %d grey levels is empty", (noise) => {
    const seen = play(6, rate, () => ({ noise }));
    expect(between(seen, 0, 1.9).every((state) => !state.settled)).toBe(true);
    expect(between(seen, 2.5, 6).every((state) => state.settled)).toBe(true);
    expect(worst(seen, (state) => state.foregroundShare)).toBeLessThan(0.0005);
    expect(worst(seen, (state) => state.movingShare)).toBeLessThan(0.0005);
    expect(worst(seen, (state) => state.regions.length)).toBe(0);
    expect(seen.some((s) => s.lightChanged || s.viewMoved || s.unreadable)).toBe(false);
  });

  it("a walker is foreground, moves, and is boxed, though it was there from the start", () => {
    const seen = between(
      play(8, rate, (at) => ({ things: [walker(at)] })),
      2.5,
      8,
    );
    for (const state of seen) {
      expect(state.foregroundShare).toBeGreaterThan(0.85 * BAG_SHARE);
      expect(state.foregroundShare).toBeLessThan(1.5 * BAG_SHARE);
      expect(state.movingShare).toBeGreaterThan(0.6 * BAG_SHARE);
      expect(state.movingShare).toBeLessThan(2.2 * BAG_SHARE);
      expect(state.regions).toHaveLength(1);
      const thing = walker(state.at);
      const [box] = state.regions;
      expect(box?.x).toBeLessThanOrEqual(thing.x + 2);
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeGreaterThanOrEqual(thing.x + thing.width - 2);
      expect(box?.y).toBeLessThanOrEqual(thing.y + 2);
      expect((box?.y ?? 0) + (box?.height ?? 0)).toBeGreaterThanOrEqual(thing.y + thing.height - 2);
      expect(box?.width).toBeLessThan(48);
    }
  });

  it.each<[string, (at: number) => Omit<Instant, "at">]>([
    ["suddenly darker", (at) => ({ gain: at > 4 ? 0.7 : 1 })],
    ["suddenly brighter", (at) => ({ gain: at > 4 ? 1.2 : 1, offset: at > 4 ? 10 : 0 })],
    ["slowly, as clouds do", (at) => ({ gain: at > 4 ? Math.max(0.7, 1 - (at - 4) * 0.06) : 1 })],
    ["flickering", (at) => ({ gain: at > 4 ? 1 + 0.05 * Math.sin(at * 40) : 1 })],
  ])("light that changes %s neither floods nor hides a walker", (_, light) => {
    const empty = between(play(10, rate, light), 4, 10);
    expect(worst(empty, (state) => state.foregroundShare)).toBeLessThan(0.002);
    expect(worst(empty, (state) => state.movingShare)).toBeLessThan(0.002);
    const walked = between(
      play(8, rate, (at) => ({ ...light(at), things: [walker(at)] })),
      4,
      8,
    );
    for (const state of walked) {
      expect(state.foregroundShare).toBeGreaterThan(0.8 * BAG_SHARE);
      expect(state.foregroundShare).toBeLessThan(2 * BAG_SHARE);
      expect(state.regions.length).toBeGreaterThan(0);
    }
  });

  it("a lamp that lights one side is reported, and over within two seconds", () => {
    const seen = play(9, rate, (at) => ({ lamp: at > 4 ? 60 : 0 }));
    expect(between(seen, 4.5, 5).every((state) => state.lightChanged)).toBe(true);
    expect(worst(between(seen, 4, 9), (state) => state.foregroundShare)).toBeLessThan(0.25);
    expect(worst(between(seen, 5, 9), (state) => state.foregroundShare)).toBeLessThan(0.01);
    expect(between(seen, 7, 9).some((state) => state.lightChanged)).toBe(false);
    expect(seen.some((state) => state.viewMoved)).toBe(false);
  });

  it("a shaken camera does not flood, and says how far it is off", () => {
    const dx = (at: number) => (at > 4 ? Math.round(6 * Math.sin(9 * at)) : 0);
    const dy = (at: number) => (at > 4 ? Math.round(3 * Math.cos(7 * at)) : 0);
    const seen = between(
      play(9, rate, (at) => ({ dx: dx(at), dy: dy(at) })),
      4,
      9,
    );
    expect(worst(seen, (state) => state.foregroundShare)).toBeLessThan(0.03);
    expect(worst(seen, (state) => state.movingShare)).toBeLessThan(0.03);
    expect(seen.some((state) => state.viewMoved)).toBe(false);
    const off = seen.map((s) => Math.hypot(s.shift.dx - dx(s.at), s.shift.dy - dy(s.at)));
    expect(off.filter((distance) => distance <= 1.5).length).toBeGreaterThan(0.9 * off.length);
  });

  it.each<[string, Omit<Instant, "at">]>([
    ["a little", { dx: 8, dy: -3 }],
    ["to another place", { elsewhere: true }],
  ])("a camera turned %s has moved after two seconds, and is back when it is back", (_, there) => {
    const seen = play(14, rate, (at) => (at > 4 && at < 10 ? there : {}));
    expect(between(seen, 0, 5.9).some((state) => state.viewMoved)).toBe(false);
    expect(between(seen, 8, 10).every((state) => state.viewMoved)).toBe(true);
    expect(between(seen, 12.5, 14).some((state) => state.viewMoved)).toBe(false);
    expect(worst(between(seen, 12.5, 14), (state) => state.foregroundShare)).toBeLessThan(0.02);
  });

  it.each<[string, Omit<Instant, "at">]>([
    ["dark", { gain: 0.02, offset: 4, noise: 3 }],
    ["washed out", { gain: 0.5, offset: 240 }],
    ["covered", { gain: 0.01, offset: 90 }],
  ])("a picture that is %s is unreadable after a second, and not a moved view", (_, picture) => {
    const seen = play(10, rate, (at) => (at > 4 && at < 7 ? picture : {}));
    expect(between(seen, 0, 4.9).some((state) => state.unreadable)).toBe(false);
    expect(between(seen, 6, 7).every((state) => state.unreadable)).toBe(true);
    expect(between(seen, 8.1, 10).some((state) => state.unreadable || state.viewMoved)).toBe(false);
    expect(worst(between(seen, 8.1, 10), (state) => state.foregroundShare)).toBeLessThan(0.01);
  });

  it("who stands close to the camera, or a crowd, is not a moved view", () => {
    const close = (at: number): Thing[] =>
      at > 4 ? [{ x: 16 + 8 * Math.sin(at), y: 0, width: 144, height: 112, grey: 120 }] : [];
    const crowd = (at: number): Thing[] =>
      Array.from({ length: at > 4 ? 60 : 0 }, (_, i) => ({
        x: (i % 12) * 16 + 6 * Math.sin(at + i),
        y: Math.floor(i / 12) * 22 + 2,
        width: 12,
        height: 20,
        grey: 70 + ((i * 37) % 120),
      }));
    for (const things of [close, crowd])
      expect(play(10, rate, (at) => ({ things: things(at) })).some((state) => state.viewMoved)).toBe(false);
  });

  it("who stands there from the start and leaves is forgotten within seconds", () => {
    const seen = play(8, rate, (at) => ({ things: at < 3 ? [bag] : [] }));
    expect(worst(between(seen, 3.5, 4), (state) => state.foregroundShare)).toBeGreaterThan(0.8 * BAG_SHARE);
    expect(worst(between(seen, 7, 8), (state) => state.foregroundShare)).toBeLessThan(0.1 * BAG_SHARE);
  });
});

describe("what stays", () => {
  it.each([2, 5, 10])("is absorbed in tens of seconds where uncovered, at %i frames a second", (rate) => {
    const seen = play(105, rate, (at) => ({ things: at > 50 ? [bag] : [] }));
    for (const state of between(seen, 51, 72))
      expect(state.foregroundShare).toBeGreaterThan(0.85 * BAG_SHARE);
    for (const state of between(seen, 96, 105)) expect(state.foregroundShare).toBeLessThan(0.1 * BAG_SHARE);
  });

  it.each([2, 5])("is never absorbed where covered, at %i frames a second", (rate) => {
    const present = (at: number) => (at > 10 && at < 150 ? [bag] : []);
    const seen = play(156, rate, (at) => ({ things: present(at) }), present);
    for (const state of between(seen, 11, 150))
      expect(state.foregroundShare).toBeGreaterThan(0.85 * BAG_SHARE);
    for (const state of between(seen, 152, 156)) expect(state.foregroundShare).toBeLessThan(0.1 * BAG_SHARE);
  });

  it("is not absorbed where a detector sees it now and then only", () => {
    const present = (at: number) => (at > 10 ? [bag] : []);
    const seen = play(
      120,
      5,
      (at) => ({ things: present(at) }),
      (at) => (Math.floor(at / 5) % 2 === 0 ? present(at) : []),
    );
    for (const state of between(seen, 30, 120))
      expect(state.foregroundShare).toBeGreaterThan(0.85 * BAG_SHARE);
  });

  it("stays covered while nobody looks again", () => {
    const scene = createScene();
    let share = 0;
    for (const at of times(0, 80, 5)) {
      share = scene.observe(view.frame({ at, things: at > 10 ? [bag] : [] })).foregroundShare;
      if (at < 12) scene.cover(at > 10 ? [bag] : []);
    }
    expect(share).toBeGreaterThan(0.85 * BAG_SHARE);
  });

  it("counts as foreground where it was covered from the first frame, until its place is seen bare", () => {
    const present = (at: number) => (at < 20 ? [bag] : []);
    const seen = play(25, 10, (at) => ({ things: present(at) }), present);
    for (const state of between(seen, 2.5, 20))
      expect(state.foregroundShare).toBeGreaterThan(0.9 * BAG_SHARE);
    for (const state of between(seen, 23, 25)) expect(state.foregroundShare).toBeLessThan(0.1 * BAG_SHARE);
  });

  it("is learnt wholly or not at all: a busy place keeps its background", () => {
    // Somebody new passes every 1.5 s and takes up each place for a third of the time, undetected.
    const seen = play(90, 10, (at) => ({
      things: Array.from({ length: 7 }, (_, i) => ({
        ...bag,
        x: ((at * 26 + i * 39) % 270) - 30,
        grey: 60 + ((i * 53 + 7 * Math.floor((at * 26 + i * 39) / 270)) % 140),
      })),
    }));
    const after = between(seen, 60, 90);
    const mean = after.reduce((sum, state) => sum + state.foregroundShare, 0) / after.length;
    expect(mean).toBeGreaterThan(3 * BAG_SHARE);
    expect(worst(after, (state) => state.foregroundShare)).toBeLessThan(9 * BAG_SHARE);
  });
});

describe("a stream's irregularities", () => {
  it("uneven spacing gives what even spacing gives", () => {
    const scene = createScene();
    let at = 0;
    for (let i = 0; at < 12; i++) {
      const state = scene.observe(view.frame({ at, things: [walker(Math.min(8, at))] }));
      if (at > 3 && at < 8) expect(state.foregroundShare).toBeGreaterThan(0.8 * BAG_SHARE);
      // Of the few first frames one counts for much; what it left behind is forgotten.
      if (at > 6.5) expect(state.foregroundShare).toBeLessThan(1.5 * BAG_SHARE);
      at += [0.033, 0.033, 0.4, 0.067, 0.9, 0.02][i % 6] ?? 0.1;
    }
  });

  it("a gap of a minute absorbs nothing", () => {
    const scene = createScene();
    let share = 0;
    for (const at of [...times(0, 20, 5), ...times(80, 84, 5)])
      share = scene.observe(view.frame({ at, things: at > 15 ? [bag] : [] })).foregroundShare;
    expect(share).toBeGreaterThan(0.85 * BAG_SHARE);
  });

  it("another picture size starts anew, and so does reset", () => {
    const scene = createScene();
    const other = syntheticView(5, 160, 90);
    for (const at of times(0, 4, 10)) scene.observe(view.frame({ at }));
    expect(scene.observe(other.frame({ at: 4 })).settled).toBe(false);
    for (const at of times(4.1, 8, 10)) scene.observe(other.frame({ at }));
    const settled = scene.observe(other.frame({ at: 8 }));
    expect([settled.settled, settled.foreground.width, settled.foreground.height]).toEqual([true, 160, 90]);
    scene.reset();
    scene.cover([{ x: 0, y: 0, width: 20, height: 20 }]);
    expect(scene.observe(other.frame({ at: 8.1 })).settled).toBe(false);
  });

  it("boxes and shift are in the picture's coordinates, not the plane's", () => {
    const scene = createScene();
    const [width, height] = [768, 432];
    let seen: SceneState | null = null;
    for (const at of times(0, 4, 10)) {
      const data = new Uint8Array(width * height);
      for (let i = 0; i < data.length; i++) data[i] = 60 + ((i * 7) % 41) + ((i >> 9) % 29);
      const left = Math.round(100 + 120 * at);
      for (let y = 200; y < 300; y++) data.fill(230, y * width + left, y * width + left + 40);
      seen = scene.observe(memoryFrame({ width, height, data }, { pts: at }));
    }
    const [box] = seen?.regions ?? [];
    expect(box?.x).toBeGreaterThan(400);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeGreaterThan(600);
    expect(box?.y).toBeLessThanOrEqual(200);
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThan(340);
  });
});

it("gives the same masks with WebAssembly and with TypeScript", () => {
  const wasm = createScene({
    kernels: (capacity) => {
      const kernels = wasmKernels(capacity);
      if (kernels === null) throw new Error("kernels.wasm does not run here");
      return kernels;
    },
  });
  const plain = createScene({ kernels: () => typescriptKernels() });
  for (const at of times(0, 6, 10)) {
    const instant = { at, things: [walker(at)], dx: at > 3 ? 3 : 0, lamp: at > 4 ? 50 : 0 };
    const [a, b] = [wasm.observe(view.frame(instant)), plain.observe(view.frame(instant))];
    expect(Buffer.compare(a.foreground.data, b.foreground.data)).toBe(0);
    expect(Buffer.compare(a.moving.data, b.moving.data)).toBe(0);
    expect(a.regions).toEqual(b.regions);
    expect({ ...a, foreground: 0, moving: 0 }).toEqual({ ...b, foreground: 0, moving: 0 });
  }
});
