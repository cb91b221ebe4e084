import { greatestGainPairs } from "./assignment.ts";
import { LEAST_OVERLAP } from "./clear.ts";
import { type MotFrames, pairSequences, type ScoredPicture } from "./frames.ts";
import { isScored, type MotRows } from "./mot-file.ts";

/** Benchmarks whose references name the kind of each object in their 8th column. */
export const MOT_BENCHMARKS = ["mot17", "mot20"] as const;
export type MotBenchmark = (typeof MOT_BENCHMARKS)[number];

const PEDESTRIAN = 1;
/** Persons on vehicles, persons who stand still, distractors, reflections; of MOT20 also vehicles of other kinds. */
const DISTRACTORS: Readonly<Record<MotBenchmark, ReadonlySet<number>>> = {
  mot17: new Set([2, 7, 8, 12]),
  mot20: new Set([2, 6, 7, 8, 12]),
};

/**
 * What the MOTChallenge server scores, as TrackEval 1.3.0 prepares it (`MotChallenge2DBox`, DO_PREPROC): pedestrians
 * that are to be scored; and of the system all boxes but those that are matched, by greatest overlap of at least
 * half, with a distractor: they are neither right nor wrong. Only for references of these benchmarks: elsewhere the
 * 8th column means something else, and boxes would be forgiven for no reason.
 */
export function motChallengeFrames(
  reference: MotRows,
  system: MotRows,
  benchmark: MotBenchmark,
): { readonly reference: MotFrames; readonly system: MotFrames } {
  const distractors = DISTRACTORS[benchmark];
  const { pictures } = pairSequences(reference, system);
  return {
    reference: reference.map((rows) => rows.filter((row) => isScored(row) && row.kind === PEDESTRIAN)),
    system: system.map((rows, index) => {
      const ours = reference[index] ?? [];
      const picture = pictures[index];
      if (picture === undefined || ours.length === 0) return rows;
      const forgiven = new Set<number>();
      matchPicture(picture).forEach((column, row) => {
        const kind = ours[row]?.kind ?? null;
        if (column >= 0 && kind !== null && distractors.has(kind)) forgiven.add(column);
      });
      return rows.filter((_, column) => !forgiven.has(column));
    }),
  };
}

/** The column of each row, -1 where they do not overlap by half. */
function matchPicture({ reference, system, similarity }: ScoredPicture): Int32Array {
  const gain = similarity.map((overlap) => (overlap < LEAST_OVERLAP - Number.EPSILON ? 0 : overlap));
  return greatestGainPairs(reference.length, system.length, gain).map((column, row) =>
    column >= 0 && (gain[row * system.length + column] ?? 0) > Number.EPSILON ? column : -1,
  );
}
