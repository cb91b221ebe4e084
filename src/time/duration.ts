import type { Seconds } from "./clock.ts";

/** How a duration is written: a decimal number and one unit, nothing between them. */
export const DURATION_PATTERN = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/;

const SECONDS_OF = { ms: 0.001, s: 1, m: 60, h: 3600 } as const;

/**
 * Reads `500ms`, `1s`, `0.5s`, `2m` or `1h`.
 * A bare number is refused on purpose: nobody knows whether `5` is seconds, milliseconds or frames.
 * @returns seconds, or null where the text is not a duration
 */
export function parseDuration(text: string): Seconds | null {
  const match = DURATION_PATTERN.exec(text);
  if (match === null) return null;
  const [, digits, unit] = match;
  const seconds = Number(digits) * SECONDS_OF[unit as keyof typeof SECONDS_OF];
  // 0.1 * 60 and the like leave a tail of binary noise; a nanosecond is finer than any clock here.
  return Number.isFinite(seconds) ? Math.round(seconds * 1e9) / 1e9 : null;
}

/** Writes a duration in the largest unit that needs no decimals, else in seconds: `90s`, `2m`, `0.25s` as `250ms`. */
export function formatDuration(seconds: Seconds): string {
  if (seconds === 0) return "0s";
  for (const unit of ["h", "m", "s", "ms"] as const) {
    const count = seconds / SECONDS_OF[unit];
    const whole = Math.round(count);
    if (whole >= 1 && Math.abs(count - whole) < 1e-9 * whole) return `${whole}${unit}`;
  }
  // Below a millisecond: plain digits, since an exponent is not read back.
  return `${seconds.toFixed(9).replace(/0+$/, "")}s`;
}
