import { roundedSeconds } from "../model/document.ts";
import { element } from "./elements.ts";

const RATES = [1, 2, 4, 8] as const;
/** Browsers play forwards only: backwards is a jump, so many times a second. */
const JUMPS_PER_SECOND = 8;
/** Where the file declares no rate: the most common one, to begin with. */
const USUAL_RATE = 25;
/** A step that meets the same picture again goes on, so many times at most. */
const MOST_TRIES = 12;
/** A browser that tells of no picture within this time is believed by its clock. */
const PICTURE_WAIT_MS = 250;

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
    return Number.isFinite(duration) ? duration : 0;
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

  async #oneStep(direction: 1 | -1): Promise<void> {
    const from = this.#time;
    for (let tries = 1; tries <= MOST_TRIES; tries++) {
      // Into the middle of the next picture; where pictures stand longer than declared, half a one further each time.
      const to = from + direction * this.#frame * (direction === 1 ? 1 + tries / 2 : tries / 2);
      if (to < -this.#frame || to > this.duration + this.#frame) return;
      await this.#seekAndSee(to);
      if (Math.abs(this.#time - from) > 1e-4) return;
    }
  }

  #seekAndSee(seconds: number): Promise<void> {
    return new Promise((resolve) => {
      const { video } = this;
      let timer = 0;
      const done = (): void => {
        clearTimeout(timer);
        resolve();
      };
      video.requestVideoFrameCallback((_now, { mediaTime }) => {
        this.#see(mediaTime);
        done();
      });
      timer = setTimeout(done, PICTURE_WAIT_MS);
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

  /** A seek within one picture shows no new one, and a hidden window none at all. */
  #believeClock(): void {
    const at = this.video.currentTime - this.#origin;
    if (Math.abs(at - this.#time) <= 2 * this.#frame) {
      this.#changed();
      return;
    }
    setTimeout(() => {
      const now = this.video.currentTime - this.#origin;
      if (!this.video.seeking && Math.abs(now - this.#time) > 2 * this.#frame) {
        this.#time = roundedSeconds(Math.max(0, now));
      }
      this.#changed();
    }, PICTURE_WAIT_MS);
  }
}

function next(speed: number): number {
  return RATES.find((rate) => rate > speed) ?? RATES[RATES.length - 1] ?? 1;
}
