import type { Seconds } from "../time/clock.ts";

/** The stages of a frame, in order. The report and the benchmark show each. */
export const STAGES = ["decode", "scene", "views", "detect", "track", "rules", "evidence"] as const;
export type Stage = (typeof STAGES)[number];

export interface StageTimes {
  readonly name: Stage;
  readonly count: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** Time spent in the stage. For `detect` it is the wait for the inference thread. */
  readonly totalSeconds: Seconds;
}

// Log-spaced buckets: 5 % wide from 1 µs to over a minute, so memory stays constant however long a camera runs.
const RATIO = 1.05;
const FLOOR_MS = 0.001;
const BUCKETS = Math.ceil(Math.log(60_000 / FLOOR_MS) / Math.log(RATIO)) + 1;

class Histogram {
  readonly #buckets = new Uint32Array(BUCKETS);
  count = 0;
  totalMs = 0;

  add(ms: number): void {
    const index = ms <= FLOOR_MS ? 0 : Math.floor(Math.log(ms / FLOOR_MS) / Math.log(RATIO));
    const bucket = Math.min(BUCKETS - 1, index);
    this.#buckets[bucket] = (this.#buckets[bucket] ?? 0) + 1;
    this.count += 1;
    this.totalMs += ms;
  }

  /** The upper edge of the bucket that holds the quantile, ms; within 5 % of the true value. */
  quantile(q: number): number {
    const wanted = Math.ceil(this.count * q);
    let seen = 0;
    for (let i = 0; i < BUCKETS; i += 1) {
      seen += this.#buckets[i] ?? 0;
      if (seen >= wanted && seen > 0) return FLOOR_MS * RATIO ** (i + 1);
    }
    return 0;
  }
}

/** Measures how long each stage takes, in constant memory. */
export class StageClock {
  readonly #stages = new Map<Stage, Histogram>(STAGES.map((stage) => [stage, new Histogram()]));

  /** Runs `work` and books its time on `stage`. */
  measure<T>(stage: Stage, work: () => T): T {
    const from = performance.now();
    try {
      return work();
    } finally {
      this.book(stage, performance.now() - from);
    }
  }

  /** Awaits `work` and books the wait on `stage`. */
  async wait<T>(stage: Stage, work: Promise<T>): Promise<T> {
    const from = performance.now();
    try {
      return await work;
    } finally {
      this.book(stage, performance.now() - from);
    }
  }

  book(stage: Stage, ms: number): void {
    this.#stages.get(stage)?.add(ms);
  }

  times(): StageTimes[] {
    return STAGES.map((name) => {
      const histogram = this.#stages.get(name) ?? new Histogram();
      return {
        name,
        count: histogram.count,
        p50Ms: histogram.quantile(0.5),
        p95Ms: histogram.quantile(0.95),
        totalSeconds: histogram.totalMs / 1000,
      };
    });
  }
}
