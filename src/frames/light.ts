import type { Seconds } from "../time/clock.ts";
import { type Blocks, structured } from "./blocks.ts";

/** The frame as a function of the background: frame = gain * background + offset (grey levels). */
export interface Light {
  readonly gain: number;
  readonly offset: number;
}

const SAME_LIGHT: Light = { gain: 1, offset: 0 };

/** How much a light differs from none, at middle grey. */
export function lightEffect(light: Light): number {
  return Math.abs((light.gain - 1) * 128 + light.offset);
}

/** The mean is taken over about this long. */
const MEAN_SECONDS = 1;
/** A mean that differs by this many grey levels at middle grey lasts: the background takes it over. */
const LASTING_EFFECT = 2.5;

/** Follows the light of one camera's view, as it differs from the background's. */
export class LightFollower {
  #now: Light = SAME_LIGHT;
  #mean: Light = SAME_LIGHT;

  /** The light of the latest frame. */
  get now(): Light {
    return this.#now;
  }

  /**
   * @param certain false where the view may be another one: then the background takes nothing over
   * @returns the lasting change that the background is to take over, null where there is none; `now` is what
   * remains after that
   */
  follow(blocks: Blocks, noise: number, elapsed: Seconds, certain: boolean): Light | null {
    this.#now = fitLight(blocks, noise) ?? this.#now;
    const rate = 1 - Math.exp(-elapsed / MEAN_SECONDS);
    const gain = this.#mean.gain + rate * (this.#now.gain - this.#mean.gain);
    const offset = this.#mean.offset + rate * (this.#now.offset - this.#mean.offset);
    const mean = { gain, offset };
    this.#mean = mean;
    if (lightEffect(mean) <= LASTING_EFFECT || !certain) return null;
    const rest = this.#now.gain / gain;
    this.#now = { gain: rest, offset: this.#now.offset - rest * offset };
    this.#mean = SAME_LIGHT;
    return mean;
  }

  reset(): void {
    this.#now = SAME_LIGHT;
    this.#mean = SAME_LIGHT;
  }
}

/**
 * Fits the change of light of the whole view to the blocks: least absolute deviations, so that up to half of
 * the view may be covered by other things, over the blocks that still show the background's structure, or
 * that are flat in both. Null where too little of the view can be compared.
 */
function fitLight(blocks: Blocks, noise: number): Light | null {
  const inliers: number[] = [];
  let textured = 0;
  let agreeing = 0;
  for (let b = 0; b < blocks.count; b++) {
    const mf = blocks.frameMean[b] ?? 0;
    const mb = blocks.backMean[b] ?? 0;
    if (mf < 4 || mf > 250 || mb < 4 || mb > 250) continue; // clipped: says nothing of gain
    const back = structured(blocks.backVariance[b] ?? 0, noise);
    const front = structured(blocks.frameVariance[b] ?? 0, noise);
    if (back) textured++;
    if (back && (blocks.correlation[b] ?? 0) > 0.6) agreeing++;
    else if (back || front) continue;
    inliers.push(b);
  }
  if (inliers.length < 0.15 * blocks.count || agreeing < 0.25 * textured) return null;

  let gain = 1;
  let offset = 0;
  for (let round = 0; round < 6; round++) {
    let [sw, sb, sf, sbb, sbf] = [0, 0, 0, 0, 0];
    for (const b of inliers) {
      const back = blocks.backMean[b] ?? 0;
      const front = blocks.frameMean[b] ?? 0;
      const weight = round === 0 ? 1 : 1 / (1 + Math.abs(front - gain * back - offset));
      sw += weight;
      sb += weight * back;
      sf += weight * front;
      sbb += weight * back * back;
      sbf += weight * back * front;
    }
    // A view of one grey cannot tell gain from offset: then it is offset.
    const ridge = 25;
    const mb = sb / sw;
    const mf = sf / sw;
    gain = (sbf / sw - mb * mf + ridge) / (sbb / sw - mb * mb + ridge);
    gain = Math.max(0.5, Math.min(2, gain));
    offset = mf - gain * mb;
  }
  return Math.abs(gain - 1) < 0.01 && Math.abs(offset) < 0.5 ? SAME_LIGHT : { gain, offset };
}

/** A block whose light changed more than, or otherwise than, the rest of the view. */
export interface RelitBlock {
  readonly block: number;
  /** background := gain * background + offset */
  readonly gain: number;
  readonly offset: number;
}

/**
 * The blocks that kept their structure (or have none) but not their light, after `light` is accounted for:
 * a lamp, the edge of a cloud. Empty unless they are a fair part of the view and structure speaks for light
 * rather than for a large thing: one lorry is not a change of light.
 */
export function relitBlocks(blocks: Blocks, light: Light, noise: number, tolerance: number): RelitBlock[] {
  const found: RelitBlock[] = [];
  let kept = 0;
  let lost = 0;
  for (let b = 0; b < blocks.count; b++) {
    const front = ((blocks.frameMean[b] ?? 0) - light.offset) / light.gain;
    const back = blocks.backMean[b] ?? 0;
    if (Math.abs(front - back) < tolerance) continue;
    const vf = (blocks.frameVariance[b] ?? 0) / (light.gain * light.gain);
    const vb = blocks.backVariance[b] ?? 0;
    const isFlat = !structured(vb, noise) && !structured(vf, noise);
    const isKept = structured(vb, noise) && (blocks.correlation[b] ?? 0) > 0.7;
    if (isKept) kept++;
    else if (!isFlat) {
      lost++;
      continue;
    }
    const signal = Math.max(0, vf - noise * noise);
    const gain = isKept ? Math.max(0.5, Math.min(1.99, Math.sqrt(signal / vb))) : 1;
    found.push({ block: b, gain, offset: front - gain * back });
  }
  return found.length > 0.2 * blocks.count && kept > 2 * lost ? found : [];
}
