import { roundedSeconds } from "../model/document.ts";
import { element } from "./elements.ts";

const RATES = [1, 2, 4, 8] as const;
/** Browsers play forwards only: backwards is a jump, so many times a second. */
const JUMPS_PER_SECOND = 8;
/** Where the file declares no rate: the most common one, to begin with. */
const USUAL_RATE = 25;
/** Two times that are less apart are of one picture, seconds. */
const SAME_PICTURE = 1e-4;
/** Shorter than any picture stands, longer than times are rounded by, seconds. */
const HAIR = 0.004;
/** A browser that tells of no new picture within this time after a jump shows the same one. */
const PICTURE_WAIT_MS = 120;

/**
 * The browser's own player, told in pictures: `time` is the exact presentation time of the picture that is seen
 * (`requestVideoFrameCallback`), in seconds after the first.
 */
export class Player {
  readonly video = element("video", { src: "video", preload: "auto", playsinline: true });
  readonly #frame: number;
  readonly #changed: () => void;
  #origin = 0;
  #time = 0;
  #backwards = 0;
  #timer: number | null = null;
  #stepping: Promise<void> = Promise.resolve();
  #asked = 0;

  /** @param rate pictures a second as the file declares @param changed called when time or state changed */
  constructor(rate: number | null, changed: () => void) {
    this.#frame = 1 / (rate ?? USUAL_RATE);
    this.#changed = changed;
    const { video } = this;
    // Sound is no part of what is measured, and is never played.
    video.muted = true;
    for (const name of ["play", "pause", "ended", "ratechange", "loadedmetadata"])
      video.addEventListener(name, changed);
    video.addEventListener("seeked", () => this.#believeClock());
    this.#watch(true);
  }

  get time(): number {
    return this.#time;
  }

  get duration(): number {
    const { duration } = this.video;
    return Number.isFinite(duration) ? Math.max(0, duration - this.#origin) : 0;
  }

  /** Pictures a second times this; negative backwards, 0 still. */
  get speed(): number {
    if (this.#backwards > 0) return -this.#backwards;
    return this.video.paused ? 0 : this.video.playbackRate;
  }

  playPause(): void {
    if (this.speed !== 0) {
      this.pause();
      return;
    }
    this.#play(1);
  }

  pause(): void {
    this.#stopBackwards();
    this.video.pause();
    this.#changed();
  }

  faster(): void {
    this.#play(this.speed < 1 ? 1 : next(this.speed));
  }

  backwards(): void {
    const speed = this.speed < 0 ? next(-this.speed) : 1;
    this.video.pause();
    this.#stopBackwards();
    this.#backwards = speed;
    this.#timer = setInterval(() => {
      if (this.video.seeking) return;
      const to = this.#time - this.#backwards / JUMPS_PER_SECOND;
      if (to <= 0) this.pause();
      this.#seek(to);
    }, 1000 / JUMPS_PER_SECOND);
    this.#changed();
  }

  /** Goes to the picture that stands at an instant. */
  goTo(seconds: number): void {
    this.#stopBackwards();
    // Times in a file are rounded: a hair later is surely within the picture that begins then.
    this.#seek(seconds + Math.min(0.001, this.#frame / 10));
  }

  /** Goes so many pictures on or back. Steps that are asked for while one is being made follow it. */
  step(pictures: 1 | -1): void {
    this.pause();
    this.#asked++;
    this.#stepping = this.#stepping.then(async () => {
      this.#asked--;
      // A key that is held asks faster than a slow machine decodes: what has piled up is let go.
      if (this.#asked > 3) return;
      await this.#oneStep(pictures);
    });
  }

  /** What the file declares of its rate is a hint only: pictures may stand longer, each for its own time. */
  async #oneStep(direction: 1 | -1): Promise<void> {
    const from = this.#time;
    if (direction === -1) {
      // Just before a picture begins stands the one before it.
      if (from > 0) await this.#seekAndSee(from - Math.min(this.#frame / 2, HAIR));
      return;
    }
    let same = from;
    for (let ahead = 1.5 * this.#frame; this.#time < from + SAME_PICTURE; ahead *= 2) {
      if (same >= this.duration) return;
      await this.#seekAndSee(from + ahead);
      if (this.#time < from + SAME_PICTURE) same = from + ahead;
    }
    // A longer leap may have passed over pictures: the first after `same` is looked for between.
    let next = this.#time;
    while (next - same > 1.25 * this.#frame) {
      const middle = (same + next) / 2;
      await this.#seekAndSee(middle);
      if (this.#time < from + SAME_PICTURE) same = middle;
      else next = Math.min(this.#time, middle);
    }
    if (this.#time < next - SAME_PICTURE || this.#time > next + SAME_PICTURE)
      await this.#seekAndSee(next + Math.min(this.#frame / 2, HAIR));
  }

  /** Resolves when the picture of an instant is shown; it may be the one that is shown already. */
  #seekAndSee(seconds: number): Promise<void> {
    return new Promise((resolve) => {
      const { video } = this;
      let timer = 0;
      const done = (): void => {
        clearTimeout(timer);
        video.cancelVideoFrameCallback(seen);
        resolve();
      };
      const seen = video.requestVideoFrameCallback((_now, { mediaTime }) => {
        this.#see(mediaTime);
        done();
      });
      // A picture that stays the same is not told of again.
      video.addEventListener("seeked", () => (timer = setTimeout(done, PICTURE_WAIT_MS)), { once: true });
      this.#seek(seconds);
    });
  }

  #seek(seconds: number): void {
    const last = Math.max(0, this.duration - this.#frame / 2);
    this.video.currentTime = this.#origin + Math.min(Math.max(0, seconds), last);
  }

  #play(rate: number): void {
    this.#stopBackwards();
    this.video.playbackRate = rate;
    // A browser that cannot says so by the element's error.
    this.video.play().catch(() => this.#changed());
  }

  #stopBackwards(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#backwards = 0;
  }

  #watch(first: boolean): void {
    this.video.requestVideoFrameCallback((_now, { mediaTime }) => {
      // Some files begin later than 0; times here count from the first picture, as the engine's do.
      if (first && this.video.currentTime < 1) this.#origin = mediaTime;
      this.#see(mediaTime);
      this.#watch(false);
    });
  }

  #see(mediaTime: number): void {
    this.#time = roundedSeconds(Math.max(0, mediaTime - this.#origin));
    this.#changed();
  }

  /** A window that is hidden is told of no picture: there the clock is believed. */
  #believeClock(): void {
    if (document.visibilityState === "hidden") this.#see(this.video.currentTime);
    else this.#changed();
  }
}

function next(speed: number): number {
  return RATES.find((rate) => rate > speed) ?? RATES[RATES.length - 1] ?? 1;
}
