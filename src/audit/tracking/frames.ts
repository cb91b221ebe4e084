import type { Box } from "../../geometry/shapes.ts";

/** A box of one track in one picture. The id tells tracks apart within one file or run, and means nothing beyond. */
export interface TrackBox {
  readonly id: string;
  readonly box: Box;
}

/**
 * Boxes picture by picture: index 0 is picture 1 of a MOT file. A picture without anybody is an empty list. No id
 * stands twice in one picture.
 */
export type MotFrames = readonly (readonly TrackBox[])[];

/** One picture as scores see it: who is there, as numbers of tracks from 0, and how well the boxes overlap. */
export interface ScoredPicture {
  readonly reference: readonly number[];
  readonly system: readonly number[];
  /** Intersection over union, row by row of the reference: `similarity[row * system.length + column]`. */
  readonly similarity: Float64Array;
}

/** A reference and what a system made of the same pictures. */
export interface ScoredSequence {
  readonly pictures: readonly ScoredPicture[];
  /** Distinct tracks. */
  readonly referenceTracks: number;
  readonly systemTracks: number;
  readonly referenceBoxes: number;
  readonly systemBoxes: number;
}

/** The overlap of row and column, 0 to 1. */
export function overlapAt({ system, similarity }: ScoredPicture, row: number, column: number): number {
  return similarity[row * system.length + column] ?? 0;
}

/** Lays a system's pictures beside the reference's; where one list is shorter, it is empty from there on. */
export function pairSequences(reference: MotFrames, system: MotFrames): ScoredSequence {
  const referenceNumbers = new Numbers();
  const systemNumbers = new Numbers();
  const sequence = { referenceBoxes: 0, systemBoxes: 0 };
  const pictures = Array.from({ length: Math.max(reference.length, system.length) }, (_, index) => {
    const ours = reference[index] ?? NOBODY;
    const theirs = system[index] ?? NOBODY;
    sequence.referenceBoxes += ours.length;
    sequence.systemBoxes += theirs.length;
    return {
      reference: ours.map(({ id }) => referenceNumbers.of(id)),
      system: theirs.map(({ id }) => systemNumbers.of(id)),
      similarity: overlaps(ours, theirs),
    };
  });
  return {
    ...sequence,
    pictures,
    referenceTracks: referenceNumbers.count,
    systemTracks: systemNumbers.count,
  };
}

const NOBODY: readonly TrackBox[] = [];

/** Tracks by the order in which they first appear. */
class Numbers {
  readonly #known = new Map<string, number>();

  get count(): number {
    return this.#known.size;
  }

  of(id: string): number {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    this.#known.set(id, this.#known.size);
    return this.#known.size - 1;
  }
}

/**
 * The arithmetic, down to its order, is that of TrackEval's `_calculate_box_ious`: areas from corners. Another order
 * differs by a rounding error, which decides which of two equally good pairs is taken, and so a switch of tracks.
 */
function overlaps(rows: readonly TrackBox[], columns: readonly TrackBox[]): Float64Array {
  const similarity = new Float64Array(rows.length * columns.length);
  const right = columns.map(({ box }) => corners(box));
  let cell = 0;
  for (const { box } of rows) {
    const a = corners(box);
    for (const b of right) {
      const width = Math.max(Math.min(a.x1, b.x1) - Math.max(a.x0, b.x0), 0);
      const height = Math.max(Math.min(a.y1, b.y1) - Math.max(a.y0, b.y0), 0);
      const shared = width * height;
      const union = a.area + b.area - shared;
      const solid = a.area > Number.EPSILON && b.area > Number.EPSILON && union > Number.EPSILON;
      similarity[cell++] = solid ? shared / union : 0;
    }
  }
  return similarity;
}

function corners({ x, y, width, height }: Box) {
  const x1 = x + width;
  const y1 = y + height;
  return { x0: x, y0: y, x1, y1, area: (x1 - x) * (y1 - y) };
}
