import type { Plane } from "../frames/frame.ts";
import type { Seconds } from "../time/clock.ts";

/** What a pixel shows anew must have been seen for so long, unchanged, before it counts as still. */
export const STILL_AFTER: Seconds = 2;
/** The place as it was is seen again for so long: what stood before it is gone. */
const GONE_AFTER: Seconds = 1;
/** Seen for so long it is no passer's coat of the same grey. */
const SURELY_SEEN: Seconds = 0.5;
/** How fast the place as it was follows what it shows: slow weather, not things. */
const FOLLOW_SECONDS = 20;
/** Of a pixel, grey levels: what differs by less is the same, before noise and structure are added. */
const SAME = 7;
/** Of the sensor's noise, standard deviations. */
const NOISE_FACTOR = 3;
/** Of the differences to the neighbours: an edge that shakes by a quarter of a sample. */
const EDGE_SHARE = 0.25;
/** A gap longer than this breaks what was seen in a row. */
const LONGEST_STEP: Seconds = 2;
/** A change of the light of the whole view by this many grey levels is undone. */
const RELIGHT = 1;
/** Every so many-th pixel is asked about the light. */
const LIGHT_SPACING = 13;

/** What one pixel shows now. */
export const SHOWS = { place: 0, still: 1, other: 2 } as const;

/**
 * A view at two rates: the place as it was, which only follows its light and its weather, and what stands before it
 * unchanged. Unlike the engine's background it never takes a thing for the place by itself, however long it stays:
 * that is for the rule to say, once it knows what the thing is (`absorb`).
 *
 * Who passes before a still thing does not end it; what stands before it for two seconds replaces it; the place
 * seen again for a second ends it. Planes are at analysis size.
 */
export class Stillness {
  readonly width: number;
  readonly height: number;
  /** The place as it was, grey levels. */
  readonly place: Float32Array;
  /** What stands before it. Meaningful where `since` is a number. */
  readonly still: Float32Array;
  /** Since when it has stood there, seconds; NaN where nothing does. */
  readonly since: Float64Array;
  /** When the place itself was last surely seen at a pixel, seconds; minus infinity where it never was. */
  readonly placeSeen: Float64Array;
  /** What is seen of each pixel now: one of SHOWS. */
  readonly shows: Uint8Array;
  /** What was given last. */
  now: Uint8Array;
  readonly #tolerance: Float32Array;
  readonly #candidate: Float32Array;
  readonly #candidateSince: Float64Array;
  readonly #goneFor: Float32Array;
  readonly #before: Uint8Array;
  #noise = 1;
  #at: Seconds | null = null;
  #toleranceAt: Seconds = Number.NEGATIVE_INFINITY;

  /** @param background the place as far as it is known now @param picture what is seen now */
  constructor(background: Plane, picture: Plane) {
    const { width, height } = background;
    const n = width * height;
    this.width = width;
    this.height = height;
    // The engine leaves black what it has not seen yet: then what is there now is the place.
    this.place = Float32Array.from(background.data, (value, i) =>
      value === 0 ? (picture.data[i] ?? 0) : value,
    );
    this.still = new Float32Array(n);
    this.since = new Float64Array(n).fill(Number.NaN);
    this.placeSeen = new Float64Array(n).fill(Number.NEGATIVE_INFINITY);
    this.shows = new Uint8Array(n);
    this.now = new Uint8Array(n);
    this.#tolerance = new Float32Array(n);
    this.#candidate = new Float32Array(n).fill(-1000);
    this.#candidateSince = new Float64Array(n);
    this.#goneFor = new Float32Array(n);
    this.#before = Uint8Array.from(background.data);
  }

  /** Standard deviation of the sensor's noise, grey levels. */
  get noise(): number {
    return this.#noise;
  }

  /** How much a pixel may differ and still be the same, grey levels. */
  toleranceAt(index: number): number {
    return this.#tolerance[index] ?? 0;
  }

  /** Takes the next picture. @param at seconds, increasing */
  observe(at: Seconds, picture: Plane): void {
    const elapsed = this.#at === null ? 0 : at - this.#at;
    const broken = elapsed > LONGEST_STEP;
    this.#at = at;
    this.now = picture.data;
    this.#measureNoise(picture.data);
    this.#followLight(picture.data);
    if (at - this.#toleranceAt >= 5) {
      this.#toleranceAt = at;
      this.#measureTolerance();
    }
    const dt = broken ? 0 : elapsed;
    const follow = 1 - Math.exp(-dt / FOLLOW_SECONDS);
    for (let i = 0; i < this.place.length; i++) {
      const value = picture.data[i] ?? 0;
      const tolerance = this.#tolerance[i] ?? 0;
      const place = this.place[i] ?? 0;
      if (Math.abs(value - place) <= tolerance) {
        this.#seePlace(i, value, at, dt, follow);
        continue;
      }
      this.#goneFor[i] = 0;
      const still = this.still[i] ?? 0;
      if (!Number.isNaN(this.since[i] ?? Number.NaN) && Math.abs(value - still) <= tolerance) {
        this.still[i] = still + follow * (value - still);
        this.#candidate[i] = -1000;
        this.shows[i] = SHOWS.still;
        continue;
      }
      this.shows[i] = SHOWS.other;
      const candidate = this.#candidate[i] ?? -1000;
      if (broken || Math.abs(value - candidate) > tolerance) {
        this.#candidate[i] = value;
        this.#candidateSince[i] = at;
      } else if (at - (this.#candidateSince[i] ?? at) >= STILL_AFTER) {
        this.still[i] = value;
        this.since[i] = this.#candidateSince[i] ?? at;
        this.#candidate[i] = -1000;
        this.shows[i] = SHOWS.still;
      } else {
        this.#candidate[i] = candidate + 0.2 * (value - candidate);
      }
    }
  }

  /** From now on what stands at these pixels is the place. */
  absorb(pixels: readonly number[]): void {
    for (const i of pixels) {
      this.place[i] = this.still[i] ?? 0;
      this.since[i] = Number.NaN;
      this.shows[i] = SHOWS.place;
    }
    this.#toleranceAt = Number.NEGATIVE_INFINITY;
  }

  #seePlace(i: number, value: number, at: Seconds, dt: Seconds, follow: number): void {
    const place = this.place[i] ?? 0;
    this.place[i] = place + follow * (value - place);
    this.shows[i] = SHOWS.place;
    this.#candidate[i] = -1000;
    if (Number.isNaN(this.since[i] ?? Number.NaN)) {
      this.placeSeen[i] = at;
      return;
    }
    const goneFor = (this.#goneFor[i] ?? 0) + dt;
    this.#goneFor[i] = goneFor;
    if (goneFor >= SURELY_SEEN) this.placeSeen[i] = at;
    if (goneFor >= GONE_AFTER) this.since[i] = Number.NaN;
  }

  /** The median difference between two pictures: most of a view does not move. */
  #measureNoise(picture: Uint8Array): void {
    const counts = new Uint32Array(256);
    let all = 0;
    for (let i = 0; i < picture.length; i += LIGHT_SPACING) {
      const d = Math.abs((picture[i] ?? 0) - (this.#before[i] ?? 0));
      counts[d] = (counts[d] ?? 0) + 1;
      all++;
    }
    let rest = all / 2;
    let median = 0;
    while (median < 255 && rest > (counts[median] ?? 0)) rest -= counts[median++] ?? 0;
    const within = counts[median] ?? 0;
    // Between grey levels: half a level either side of the median's bin.
    const level = Math.max(0, median - 0.5 + (within === 0 ? 0.5 : rest / within));
    this.#noise += 0.1 * (1.05 * level - this.#noise);
    this.#before.set(picture);
  }

  #measureTolerance(): void {
    const { width, height, place } = this;
    const base = SAME + NOISE_FACTOR * this.#noise;
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const i = y * width + x;
        const left = place[x > 0 ? i - 1 : i] ?? 0;
        const right = place[x < width - 1 ? i + 1 : i] ?? 0;
        const above = place[y > 0 ? i - width : i] ?? 0;
        const below = place[y < height - 1 ? i + width : i] ?? 0;
        const range = Math.max(Math.abs(right - left), Math.abs(below - above));
        this.#tolerance[i] = base + EDGE_SHARE * Math.min(60, range);
      }
  }

  /**
   * The engine undoes changes of light and carries those that last over into its own background; so the place as it
   * was has to follow. Gain and offset by least absolute deviations, over what shows the place or might.
   */
  #followLight(picture: Uint8Array): void {
    let gain = 1;
    let offset = 0;
    for (let round = 0; round < 4; round++) {
      let [sw, sb, sf, sbb, sbf] = [0, 0, 0, 0, 0];
      for (let i = 0; i < picture.length; i += LIGHT_SPACING) {
        if (this.shows[i] === SHOWS.still) continue;
        const back = this.place[i] ?? 0;
        const front = picture[i] ?? 0;
        if (front < 4 || front > 250) continue;
        const weight = round === 0 ? 1 : 1 / (1 + Math.abs(front - gain * back - offset));
        sw += weight;
        sb += weight * back;
        sf += weight * front;
        sbb += weight * back * back;
        sbf += weight * back * front;
      }
      if (sw < 1) return;
      const mb = sb / sw;
      const mf = sf / sw;
      // A view of one grey cannot tell gain from offset: then it is offset.
      gain = (sbf / sw - mb * mf + 25) / (sbb / sw - mb * mb + 25);
      gain = Math.max(0.5, Math.min(2, gain));
      offset = mf - gain * mb;
    }
    if (Math.abs((gain - 1) * 128 + offset) < RELIGHT) return;
    for (let i = 0; i < this.place.length; i++) {
      this.place[i] = gain * (this.place[i] ?? 0) + offset;
      this.still[i] = gain * (this.still[i] ?? 0) + offset;
      this.#candidate[i] = gain * (this.#candidate[i] ?? 0) + offset;
    }
  }
}
