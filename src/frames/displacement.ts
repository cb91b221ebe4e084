import type { Seconds } from "../time/clock.ts";
import type { Kernels } from "./kernels/arithmetic.ts";
import { type Shift, ShiftMeter } from "./shift.ts";

const AT_REST: Shift = { dx: 0, dy: 0, confidence: 1 };
/** Once displaced, a view is measured in every frame until it was at rest for so long. */
const SHAKE_SECONDS = 2;
/** A view at rest is measured this often, and sooner where clearly more than usual differs from the background. */
const MEASURE_EVERY = 1;
const LEAST_SPACING = 0.1;
const SUSPICIOUS_SHARE = 0.04;
const SUSPICIOUS_RISE = 1.5;

/** Keeps where one camera's view lies on its background. */
export class Displacement {
  readonly #meter: ShiftMeter;
  #shift = AT_REST;
  #measuredAt: Seconds = Number.NEGATIVE_INFINITY;
  #displacedAt: Seconds = Number.NEGATIVE_INFINITY;

  constructor(kernels: Kernels, width: number, height: number) {
    this.#meter = new ShiftMeter(kernels, width, height);
  }

  /** The last one measured; its confidence is 0 where the view has too little texture to say. */
  get shift(): Shift {
    return this.#shift;
  }

  get displaced(): boolean {
    return this.#shift.dx !== 0 || this.#shift.dy !== 0;
  }

  shaking(at: Seconds): boolean {
    return at - this.#displacedAt < SHAKE_SECONDS;
  }

  /** Whether the view should be measured now. @param usualShare of the foreground, 0 to 1 */
  isDue(at: Seconds, foregroundShare: number, usualShare: number): boolean {
    const since = at - this.#measuredAt;
    const suspicious = foregroundShare > Math.max(SUSPICIOUS_SHARE, SUSPICIOUS_RISE * usualShare);
    return this.shaking(at) || since >= MEASURE_EVERY || (suspicious && since >= LEAST_SPACING);
  }

  /**
   * @param frame luma in the background's light
   * @param background its mean in grey levels
   * @returns whether the view is displaced
   */
  measure(at: Seconds, frame: Uint8Array, background: Uint8Array): boolean {
    this.#measuredAt = at;
    this.#shift = this.#meter.measure(frame, background) ?? { ...AT_REST, confidence: 0 };
    if (this.displaced) this.#displacedAt = at;
    return this.displaced;
  }

  reset(): void {
    this.#shift = AT_REST;
    this.#measuredAt = Number.NEGATIVE_INFINITY;
    this.#displacedAt = Number.NEGATIVE_INFINITY;
  }
}
