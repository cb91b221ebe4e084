import { type Glow, WHITE_HOT } from "../frames/glow.ts";
import type { Seconds } from "../time/clock.ts";

/** How much of the past is looked at together: some flickers of the slowest kind (1 Hz). */
export const WINDOW: Seconds = 2;
/** Fewer looks in a window say nothing of flicker: 5 a second see up to 2.5 Hz. */
const FEWEST_LOOKS = 10;
/** Looks closer together than this are let go: 16 a second see up to 8 Hz, and more costs time alone. */
const CLOSEST: Seconds = 0.06;
/** After a gap like this what was seen before says nothing of now. */
const BLIND_AFTER: Seconds = 1;
/** A sample glows as a core does when it does in this share of the looks. */
const CORE_SHARE = 0.7;
/** A sample may flicker when it is of flame colour in this share of the looks. */
const LIT_SHARE = 0.2;

/** Every so many samples give the light of a look. */
const LIGHT_EVERY = 7;
/** Added to the light of a look, grey levels: in the dark its ratio to another's is noise. */
const LEAST_LIGHT = 16;

export interface Look {
  readonly at: Seconds;
  readonly level: Uint8Array;
  readonly flame: Uint8Array;
  /** Mean level of what does not glow, with some dark added: how the camera is exposed, above 0. */
  readonly light: number;
  /** The samples that glow: few in most views, and then little is left to do. */
  readonly glowing: readonly number[];
}

/** The glow of the last two seconds, look by look, with how often each sample was lit. */
export class FlameWindow {
  width = 0;
  height = 0;
  #looks: Look[] = [];
  /** Looks in which each sample was of flame colour, and in which it was that or white-hot. */
  #lit = new Uint16Array(0);
  #core = new Uint16Array(0);
  #last: Seconds | null = null;

  get looks(): readonly Look[] {
    return this.#looks;
  }

  /** Takes a look; `glow` is kept, not copied. */
  add(at: Seconds, { level, flame }: Glow): void {
    if (level.width !== this.width || level.height !== this.height) {
      this.width = level.width;
      this.height = level.height;
      this.#lit = new Uint16Array(level.data.length);
      this.#core = new Uint16Array(level.data.length);
      this.#looks = [];
    }
    if (this.#last !== null && at - this.#last > BLIND_AFTER) this.clear();
    if (this.#last !== null && at - this.#last < CLOSEST) return;
    this.#last = at;
    const look = {
      at,
      level: level.data,
      flame: flame.data,
      light: lightOf(level.data, flame.data),
      glowing: glowingOf(flame.data),
    };
    this.#count(look, 1);
    this.#looks.push(look);
    for (let oldest = this.#looks[0]; oldest !== undefined; oldest = this.#looks[0]) {
      if (oldest.at >= at - WINDOW - 1e-6) break;
      this.#count(oldest, -1);
      this.#looks.shift();
    }
  }

  clear(): void {
    this.#looks = [];
    this.#lit.fill(0);
    this.#core.fill(0);
    this.#last = null;
  }

  /** Enough is seen, over long enough, to say that something flickers. */
  get full(): boolean {
    const [first] = this.#looks;
    const last = this.#looks.at(-1);
    if (first === undefined || last === undefined) return false;
    return this.#looks.length >= FEWEST_LOOKS && last.at - first.at >= 0.9 * WINDOW;
  }

  /** From the first look to the last. */
  get span(): Seconds {
    return (this.#looks.at(-1)?.at ?? 0) - (this.#looks[0]?.at ?? 0);
  }

  /** Samples that were of flame colour often enough to flicker. */
  lit(): number[] {
    const least = Math.max(1, LIT_SHARE * this.#looks.length);
    const found: number[] = [];
    for (let i = 0; i < this.#lit.length; i++) if ((this.#lit[i] ?? 0) >= least) found.push(i);
    return found;
  }

  /** Whether a sample glowed for most of the time. */
  isCore(sample: number): boolean {
    return (this.#core[sample] ?? 0) >= CORE_SHARE * this.#looks.length;
  }

  #count({ flame, glowing }: Look, by: 1 | -1): void {
    const lit = this.#lit;
    const core = this.#core;
    for (const i of glowing) {
      core[i] = (core[i] ?? 0) + by;
      if (flame[i] !== WHITE_HOT) lit[i] = (lit[i] ?? 0) + by;
    }
  }
}

function glowingOf(flame: Uint8Array): number[] {
  const found: number[] = [];
  for (let i = 0; i < flame.length; i++) if (flame[i] !== 0) found.push(i);
  return found;
}

function lightOf(level: Uint8Array, flame: Uint8Array): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < level.length; i += LIGHT_EVERY) {
    if ((flame[i] ?? 0) !== 0) continue;
    sum += level[i] ?? 0;
    count++;
  }
  return LEAST_LIGHT + (count === 0 ? 0 : sum / count);
}
