import type { Seconds } from "../time/clock.ts";
import type { PerspectiveCamera } from "./camera.ts";
import { groundAt } from "./motion.ts";
import type { GroundPoint, SceneMarker, SceneScript } from "./script.ts";

/** As shown, 0 to 255. No thing, cloth, light or skin of a rendered scene is near either. */
export const MARKER_COLOURS = { field: [235, 20, 215], core: [20, 225, 60] } as const;
/** The core's share of the board's width and height. */
const CORE = 0.5;

/** The ground below a marker at an instant; null while it is not there. */
export function markerPlace(script: SceneScript, marker: SceneMarker, at: Seconds): GroundPoint | null {
  if (at < marker.from || at > marker.to) return null;
  const { at: place } = marker;
  if (!("actor" in place)) return place;
  const carrier = script.actors.find(({ number }) => number === place.actor);
  const ground = carrier === undefined ? null : groundAt(carrier, at);
  return ground === null ? null : { x: ground.x + place.aside, y: ground.y };
}

/** Draws the markers of a script over a canvas of packed RGB. Nothing hides them: scripts place them in front. */
export function drawMarkers(
  script: SceneScript,
  at: Seconds,
  camera: PerspectiveCamera,
  canvas: Uint8ClampedArray,
  width: number,
  height: number,
): void {
  for (const marker of script.markers ?? []) {
    const ground = markerPlace(script, marker, at);
    if (ground === null) continue;
    const foot = camera.project(ground.x, ground.y, marker.above);
    if (foot.depth < 0.5) continue;
    const perMetre = camera.focal / foot.depth;
    const [w, h] = [marker.width * perMetre, marker.height * perMetre];
    const fill = (share: number, colour: readonly number[]) => {
      const left = Math.max(0, Math.round(foot.x - (share * w) / 2));
      const right = Math.min(width, Math.round(foot.x + (share * w) / 2));
      const top = Math.max(0, Math.round(foot.y - ((1 + share) * h) / 2));
      const bottom = Math.min(height, Math.round(foot.y - ((1 - share) * h) / 2));
      for (let y = top; y < bottom; y++) {
        for (let x = left; x < right; x++) canvas.set(colour, 3 * (y * width + x));
      }
    };
    fill(1, MARKER_COLOURS.field);
    if (marker.kind === "marker") fill(CORE, MARKER_COLOURS.core);
  }
}
