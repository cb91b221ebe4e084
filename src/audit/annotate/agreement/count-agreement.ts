import type { Seconds } from "../../../time/clock.ts";
import type { ReferenceCounts } from "../../reference.ts";

/** How far two people's counts of one area are apart. */
export interface CountAgreement {
  readonly rule: string;
  /** Instants that both counted. */
  readonly samples: number;
  readonly meanA: number;
  readonly meanB: number;
  /** Mean of B minus A, and of its size; persons. */
  readonly bias: number;
  readonly meanAbsolute: number;
  /**
   * Lin's concordance correlation coefficient (Lin 1989), 1 where all numbers are the same. Null where both counted one
   * and the same number throughout.
   */
  readonly concordance: number | null;
}

/** Null where they are of different rules, or share no instant. */
export function countAgreement(a: ReferenceCounts, b: ReferenceCounts): CountAgreement | null {
  if (a.rule !== b.rule) return null;
  const pairs = sharedInstants(a, b);
  const n = pairs.length;
  if (n === 0) return null;
  const mean = (of: (pair: readonly [number, number]) => number): number =>
    pairs.reduce((sum, pair) => sum + of(pair), 0) / n;
  const meanA = mean(([x]) => x);
  const meanB = mean(([, y]) => y);
  const covariance = mean(([x, y]) => (x - meanA) * (y - meanB));
  const spread = mean(([x]) => (x - meanA) ** 2) + mean(([, y]) => (y - meanB) ** 2);
  const whole = spread + (meanA - meanB) ** 2;
  return {
    rule: a.rule,
    samples: n,
    meanA,
    meanB,
    bias: meanB - meanA,
    meanAbsolute: mean(([x, y]) => Math.abs(y - x)),
    concordance: whole === 0 ? null : (2 * covariance) / whole,
  };
}

const SAME_INSTANT: Seconds = 1e-6;

/** Numbers of the instants that both counted: every instant of one that is also one of the other. */
function sharedInstants(a: ReferenceCounts, b: ReferenceCounts): readonly (readonly [number, number])[] {
  return a.values.flatMap((value, index) => {
    const at = index * a.everySeconds;
    const other = Math.round(at / b.everySeconds);
    const found = b.values[other];
    const isSame = Math.abs(other * b.everySeconds - at) <= SAME_INSTANT;
    return isSame && found !== undefined ? [[value, found] as const] : [];
  });
}
