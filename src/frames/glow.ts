import { analysisSize, type Frame, type Plane } from "./frame.ts";

/**
 * Where a picture glows as flames do, and nothing else of its colours: the only thing that a rule may know of
 * colour. From it nobody's clothing, hair or skin can be told: what is not bright and orange is 0.
 * Both planes have the same size, half the analysis size along each side.
 */
export interface Glow {
  /** Mean of red and green: brightness with little of blue in it, which flames hardly give. */
  readonly level: Plane;
  /**
   * 0 for what is not of flame colour; `WHITE_HOT` for what is washed out, as the core of a flame is in most
   * pictures; else the red of a sample of flame colour, 150 to 255.
   */
  readonly flame: Plane;
}

/** A sample so bright that its colour is lost. */
export const WHITE_HOT = 1;

/** Computes the glow of the picture in view, at most once; null where the picture is gone. */
export type GlowOnDemand = () => Glow;

/**
 * Colour of flames in RGB after Celik and Demirel (2009) and Chen et al. (2004): red leads, then green, then
 * blue, saturated and bright. What flames radiate peaks in the infrared, so red is strongest at every
 * temperature they have; soot at 1200 to 1800 K gives orange to yellow.
 */
const LEAST_RED = 150;
const LEAST_RED_OVER_BLUE = 50;
/** By so much may green fall below blue: cameras that see infrared turn flames pink. */
const GREEN_UNDER_BLUE = 12;
const WHITE_RED = 240;
const WHITE_GREEN = 225;

/** @param frame not released yet */
export function glowOf(frame: Frame): Glow {
  const analysis = analysisSize(frame.width, frame.height);
  const width = analysis.width / 2;
  const height = analysis.height / 2;
  const whole = { x: 0, y: 0, width: frame.width, height: frame.height };
  return glowOfColours(frame.rgb(whole, width, height).data, width, height);
}

/** @param rgb packed, 3 bytes a sample */
export function glowOfColours(rgb: Uint8Array, width: number, height: number): Glow {
  const level = new Uint8Array(width * height);
  const flame = new Uint8Array(width * height);
  for (let i = 0, j = 0; i < level.length; i++, j += 3) {
    const r = rgb[j] ?? 0;
    const g = rgb[j + 1] ?? 0;
    const b = rgb[j + 2] ?? 0;
    level[i] = (r + g) >> 1;
    if (r < LEAST_RED || r < g) {
      if (r >= WHITE_RED && g >= WHITE_GREEN) flame[i] = WHITE_HOT;
    } else if (r - b >= LEAST_RED_OVER_BLUE && g >= b - GREEN_UNDER_BLUE) flame[i] = r;
    else if (r >= WHITE_RED && g >= WHITE_GREEN) flame[i] = WHITE_HOT;
  }
  return { level: { width, height, data: level }, flame: { width, height, data: flame } };
}

/** The glow of a frame, computed when it is first asked for and kept for whoever asks next. */
export function glowOnDemand(frame: Frame): GlowOnDemand {
  let glow: Glow | null = null;
  return () => {
    glow ??= glowOf(frame);
    return glow;
  };
}
