import type { Seconds } from "../../time/clock.ts";

/** Presentation times are rationals that were rounded to doubles. */
const HAIR: Seconds = 1e-3;

/**
 * When each picture of a recording is shown, for references that number pictures from 1: picture k is the k-th that
 * was decoded, also where pictures are shown unevenly long (a variable rate). Where pictures were lost to damage,
 * those after them would be numbered too low: then the declared rate says when each is due.
 * @param decoded presentation times in their order
 * @param pictures how many the reference has; those beyond the recording are never shown
 */
export function pictureTimes(
  decoded: readonly Seconds[],
  pictures: number,
  { rate, damaged }: { readonly rate: number | null; readonly damaged: boolean },
): readonly Seconds[] {
  const last = decoded.at(-1) ?? Number.NEGATIVE_INFINITY;
  return Array.from({ length: pictures }, (_, index) => {
    const due = damaged && rate !== null ? index / rate : decoded[index];
    return due === undefined || due > last + HAIR ? Number.POSITIVE_INFINITY : due;
  });
}
