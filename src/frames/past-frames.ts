import type { Seconds } from "../time/clock.ts";
import { fixedLight } from "./background-model.ts";
import type { Kernels } from "./kernels/arithmetic.ts";

/** Motion is what changed over about this long: enough for a slow walker, too short for light. */
const SPAN = 0.4;
const SHORTEST_SPAN = 0.25;
/** Past frames are kept this far apart at least. */
const SPACING = 0.09;
const KEPT = 6;
/** A frame older than this says nothing about what moves now. */
const OLDEST = 2;

/** The last half second of a camera, in the background's light and place. */
export class PastFrames {
  /** The present frame is written here. */
  current: Uint8Array;
  readonly #kernels: Kernels;
  /** Oldest first. */
  readonly #kept: { at: Seconds; readonly data: Uint8Array }[] = [];
  readonly #free: Uint8Array[] = [];

  constructor(kernels: Kernels, n: number) {
    this.#kernels = kernels;
    this.current = kernels.bytes(n);
    for (let i = 0; i <= KEPT; i++) this.#free.push(kernels.bytes(n));
  }

  clear(): void {
    for (const { data } of this.#kept.splice(0)) this.#free.push(data);
  }

  /** Makes the current frame, of time `at`, a past one where it is due; returns it. */
  keep(at: Seconds): Uint8Array {
    const frame = this.current;
    const last = this.#kept.at(-1);
    if (last !== undefined && at - last.at < SPACING) return frame;
    if (this.#kept.length >= KEPT) {
      const oldest = this.#kept.shift();
      if (oldest !== undefined) this.#free.push(oldest.data);
    }
    this.#kept.push({ at, data: frame });
    const next = this.#free.pop();
    if (next !== undefined) this.current = next;
    return frame;
  }

  /** The frame to compare the present one with, null where there is none. */
  before(at: Seconds): Uint8Array | null {
    let best: { at: Seconds; readonly data: Uint8Array } | null = null;
    for (const past of this.#kept) {
      const age = at - past.at;
      if (age > OLDEST) continue;
      if (best === null) best = past;
      else if (age >= SHORTEST_SPAN && Math.abs(age - SPAN) <= Math.abs(at - best.at - SPAN)) best = past;
    }
    return best?.data ?? null;
  }

  latest(): Uint8Array | null {
    return this.#kept.at(-1)?.data ?? null;
  }

  /** Carries a change of light that the background takes over into the past frames. */
  relight(gain: number, offset: number): void {
    for (const { data } of this.#kept)
      this.#kernels.affine8(data, data, data.length, ...fixedLight(gain, offset));
  }
}
