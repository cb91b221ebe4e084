import type { Detection } from "../detectors/detector.ts";
import type { SceneState } from "../frames/scene.ts";
import { type Box, boxArea, intersectBoxes } from "../geometry/shapes.ts";
import { type CellRange, cellsOfBox, type EvidenceGrid, growRange, shareInside } from "./evidence-grid.ts";

/** Share of a box's middle that must differ from the scene's background for it to be something that walked in. */
const EXPLAINED_SHARE = 1 / 3;
/** ... or of the box that must lie in (or hold) the box of such a thing: the network names one thing twice at times. */
const SHARED_WITH_EXPLAINED = 0.5;

/** What the detector named, as it bears on the background. */
export interface NamedThing {
  readonly score: number;
  /** It stands out against the scene's background. Else it may have been there all along, and be part of it. */
  readonly walkedIn: boolean;
  /** The cells that may belong to it. */
  readonly cells: CellRange;
}

/** Tells what walked in from what may have been there all along, and which cells may belong to either. */
export function namedThings(
  grid: EvidenceGrid,
  scene: SceneState,
  detections: readonly Detection[],
): NamedThing[] {
  const walkers = detections.filter(({ box }) => standsOut(grid, scene, box));
  return detections.map((detection) => {
    const { box, score } = detection;
    const walkedIn =
      scene.settled && (walkers.includes(detection) || walkers.some((other) => sharesMost(box, other.box)));
    return { score, walkedIn, cells: walkedIn ? closeAround(grid, box) : wideAround(grid, box) };
  });
}

/** The cells of something that walked in, and one around: what else moves there, the scene's mask covers. */
function closeAround(grid: EvidenceGrid, box: Box): CellRange {
  return growRange(grid, cellsOfBox(grid, box), 1, 1);
}

/**
 * The cells that may belong to something named where nothing moves. The network often sees the upper half of
 * somebody who sits, or the front of a vehicle: half of the shorter side all round, half of the height below.
 */
function wideAround(grid: EvidenceGrid, box: Box): CellRange {
  const cells = cellsOfBox(grid, box);
  const down = cells.bottom - cells.top + 1;
  const short = Math.min(cells.right - cells.left + 1, down);
  const grown = growRange(grid, cells, 1 + Math.ceil(short / 2), 1 + Math.ceil(short / 2));
  return {
    ...grown,
    bottom: Math.min(grid.rows - 1, Math.max(grown.bottom, cells.bottom + Math.ceil(down / 2) + 1)),
  };
}

/**
 * A walker stands out against the scene's background; somebody who has been there all along does not.
 * Looks at the middle of the box, where a body fills it.
 */
function standsOut(grid: EvidenceGrid, scene: SceneState, box: Box): boolean {
  const middle = {
    x: box.x + box.width / 4,
    y: box.y + box.height / 5,
    width: box.width / 2,
    height: (box.height * 3) / 5,
  };
  return shareInside(grid, scene.foreground, middle) >= EXPLAINED_SHARE;
}

function sharesMost(a: Box, b: Box): boolean {
  return boxArea(intersectBoxes(a, b)) >= SHARED_WITH_EXPLAINED * Math.min(boxArea(a), boxArea(b));
}
