import { analysisSize, type Plane } from "../../src/frames/frame.ts";
import type { SceneState } from "../../src/frames/scene.ts";
import type { Box } from "../../src/geometry/shapes.ts";

const NOTHING: Plane = { width: 16, height: 2, data: new Uint8Array(32) };

const PLACE_GREY = 90;
const THING_GREY = 190;

/** A settled scene in which nothing moves and nothing is new, but for what `over` says. */
export function quietScene(at: number, over: Partial<SceneState> = {}): SceneState {
  return {
    at,
    foreground: NOTHING,
    moving: NOTHING,
    picture: NOTHING,
    background: NOTHING,
    regions: [],
    foregroundShare: 0,
    movingShare: 0,
    settled: true,
    lightChanged: false,
    shift: { dx: 0, dy: 0 },
    viewMoved: false,
    unreadable: false,
    ...over,
  };
}

/**
 * A scene in which the given boxes are foreground, and nothing else is.
 * @param size of the planes; a coarser one than the engine's keeps long streams quick
 */
export function sceneOf(
  at: number,
  picture: { readonly width: number; readonly height: number },
  boxes: readonly Box[] = [],
  size = analysisSize(picture.width, picture.height),
): SceneState {
  const foreground: Plane = { ...size, data: new Uint8Array(size.width * size.height) };
  const sx = size.width / picture.width;
  const sy = size.height / picture.height;
  for (const box of boxes) {
    const left = Math.max(0, Math.round(box.x * sx));
    const right = Math.min(size.width, Math.round((box.x + box.width) * sx));
    const top = Math.max(0, Math.round(box.y * sy));
    const bottom = Math.min(size.height, Math.round((box.y + box.height) * sy));
    for (let y = top; y < bottom; y++) {
      foreground.data.fill(255, y * size.width + left, y * size.width + Math.max(left, right));
    }
  }
  // What is there is lighter than the place.
  const background: Plane = { ...size, data: new Uint8Array(size.width * size.height).fill(PLACE_GREY) };
  const shown: Plane = {
    ...size,
    data: Uint8Array.from(foreground.data, (set) => (set === 0 ? PLACE_GREY : THING_GREY)),
  };
  const share = foreground.data.reduce((n, v) => n + (v === 0 ? 0 : 1), 0) / foreground.data.length;
  return quietScene(at, {
    foreground,
    moving: foreground,
    picture: shown,
    background,
    regions: boxes.slice(0, 32),
    foregroundShare: share,
    movingShare: share,
  });
}
