import { readFile } from "node:fs/promises";
import { footPoint, type Point } from "../../src/geometry/shapes.ts";
import type { Observation } from "../../src/rules/rule.ts";
import { issueTrackId } from "../../src/tracking/track-id.ts";
import type { Track, TrackId } from "../../src/tracking/tracker.ts";
import { flowOfBoxes, type MovingBox } from "./area-flow.ts";
import type { MotBox } from "./mot.ts";
import { quietScene } from "./observations.ts";

/** Speeds are taken over so many pictures: boxes drawn by hand tremble. */
const OVER = 3;
/** The engine's close looks are so far apart while something moves, seconds. */
const LOOKS_EVERY = 2;
/** A track counts after so long, as a tracker's does. */
const CONFIRMED_AFTER = 0.5;

/** Reads ground truth in the XML of the PETS 2009 tracks: boxes by their centres, frames from 0. */
export async function readPetsTracks(path: string): Promise<readonly MotBox[]> {
  const text = await readFile(path, "utf8");
  return text.split("<frame ").flatMap((part) => {
    const frame = Number(/^number="(\d+)"/.exec(part)?.[1] ?? Number.NaN);
    return [
      ...part.matchAll(
        /<object id="(\d+)">\s*<box h="([\d.-]+)" w="([\d.-]+)" xc="([\d.-]+)" yc="([\d.-]+)"/g,
      ),
    ].map((found) => {
      const [id = 0, height = 0, width = 0, x = 0, y = 0] = found.slice(1).map(Number);
      return { frame: frame + 1, id, box: { x: x - width / 2, y: y - height / 2, width, height } };
    });
  });
}

/** What a rule would see of true boxes if the tracker and the flow were faultless, at so many pictures a second. */
export function replayed(boxes: readonly MotBox[], rate: number): readonly Observation[] {
  const last = boxes.reduce((most, { frame }) => Math.max(most, frame), 0);
  const frames = Array.from({ length: last + 1 }, () => new Map<number, MotBox>());
  for (const box of boxes) frames[box.frame]?.set(box.id, box);
  const known = new Map<number, { readonly id: TrackId; readonly firstSeen: number }>();
  return frames.slice(1).map((present, index) => {
    const at = index / rate;
    const before = frames[index + 1 - OVER];
    const bodies: MovingBox[] = [];
    const tracks = [...present.values()].map(({ id, box }): Track => {
      const track = known.get(id) ?? { id: issueTrackId(), firstSeen: at };
      known.set(id, track);
      const was = before?.get(id);
      const velocity =
        was === undefined ? { x: 0, y: 0 } : moved(footPoint(was.box), footPoint(box), OVER / rate);
      if (was !== undefined) bodies.push({ box, vx: velocity.x, vy: velocity.y });
      const confirmed = at - track.firstSeen >= CONFIRMED_AFTER - 1e-9;
      const still = { class: "person", confirmed, coasting: false, lastSeen: at } as const;
      return { ...track, ...still, box, foot: footPoint(box), velocity };
    });
    const detections = tracks.map(({ box }) => ({ class: "person", box, score: 0.9 }) as const);
    const looks = index === 0 || Math.floor(at / LOOKS_EVERY) > Math.floor((index - 1) / rate / LOOKS_EVERY);
    return {
      at,
      tracks,
      detections,
      ...(looks ? { closeLook: detections } : {}),
      scene: quietScene(at),
      flow: () => flowOfBoxes(at, 1 / rate, bodies),
    };
  });
}

function moved(from: Point, to: Point, elapsed: number): Point {
  return { x: (to.x - from.x) / elapsed, y: (to.y - from.y) / elapsed };
}
