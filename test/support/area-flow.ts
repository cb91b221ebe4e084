import type { AreaFlow } from "../../src/frames/area-flow.ts";
import { type Box, boxArea } from "../../src/geometry/shapes.ts";
import type { Observation } from "../../src/rules/rule.ts";
import { boxAt, observationsOf, type Walker } from "./walkers.ts";

/** A body and how fast it goes, image px. */
export interface MovingBox {
  readonly box: Box;
  readonly vx: number;
  readonly vy: number;
}

/** Speeds are taken over so long before an instant, seconds. */
const SPAN = 0.1;

/** The flow that a faultless measurement would give of bodies: half of each body's box, moving as it does. */
export function flowOfBoxes(at: number, elapsed: number, bodies: readonly MovingBox[]): AreaFlow {
  return {
    at,
    elapsed,
    count: bodies.length,
    x: Float32Array.from(bodies, ({ box }) => box.x + box.width / 2),
    y: Float32Array.from(bodies, ({ box }) => box.y + box.height / 2),
    vx: Float32Array.from(bodies, ({ vx }) => vx),
    vy: Float32Array.from(bodies, ({ vy }) => vy),
    area: Float32Array.from(bodies, ({ box }) => 0.6 * boxArea(box)),
  };
}

/** What a rule sees of walkers, and the flow that they make. */
export function flowingOf(walkers: readonly Walker[], hz: number, seconds: number): readonly Observation[] {
  return observationsOf(walkers, hz, seconds).map((observation) => {
    const { at } = observation;
    const bodies = walkers.flatMap((walker): MovingBox[] => {
      const box = boxAt(walker, at);
      const before = boxAt(walker, at - SPAN);
      if (box === null || before === null) return [];
      return [
        { box, vx: (box.x - before.x) / SPAN, vy: (box.y + box.height - before.y - before.height) / SPAN },
      ];
    });
    return { ...observation, flow: () => flowOfBoxes(at, 1 / hz, bodies) };
  });
}
