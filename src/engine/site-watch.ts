import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Clock, Seconds, UtcMilliseconds } from "../time/clock.ts";

/**
 * A text that is another one whenever a file of a list, or a file in a folder of it, was written, added or removed.
 * Size, time of change and inode tell; the contents are not read. Two changes within a tick of the file system's clock,
 * some milliseconds, may show as one: who reads after the first reads once more a little later.
 */
export async function fingerprint(paths: readonly string[]): Promise<string> {
  const parts = await Promise.all(paths.map(fingerprintOf));
  return parts.join("\n");
}

async function fingerprintOf(path: string): Promise<string> {
  try {
    const found = await stat(path, { bigint: true });
    const own = `${path} ${found.ino} ${found.size} ${found.mtimeNs} ${found.ctimeNs}`;
    if (!found.isDirectory()) return own;
    const names = (await readdir(path)).toSorted();
    const inside = await Promise.all(names.map((name) => fileMark(join(path, name))));
    return [path, ...inside].join("\n");
  } catch {
    return `${path} is not there`;
  }
}

async function fileMark(path: string): Promise<string> {
  try {
    const found = await stat(path, { bigint: true });
    return `${path} ${found.ino} ${found.size} ${found.mtimeNs} ${found.ctimeNs}`;
  } catch {
    return `${path} is not there`;
  }
}

/** SHA-256 of a file's bytes, hexadecimal; null where it cannot be read. */
export async function fileSha256(path: string): Promise<string | null> {
  const hash = createHash("sha256");
  try {
    await pipeline(createReadStream(path), hash);
    return hash.digest("hex");
  } catch {
    return null;
  }
}

/** What a look at the two clocks showed. */
export interface ClockJump {
  /** Seconds that the wall clock is before (or, below 0, behind) what it would show had nobody touched it. */
  readonly by: Seconds;
  /** What it would show. */
  readonly expected: UtcMilliseconds;
  readonly now: UtcMilliseconds;
}

/** Time servers correct by less than this at a time. */
const TOLERATED: Seconds = 2;
/** What is tolerated is forgotten so slowly: a leap second is in two days, a clock held back by hand is not. */
const FORGOTTEN_PER_SECOND: Seconds = 0.5 / 86_400;

/**
 * Compares the wall clock with the monotonic one, so that setting it back or forth does not go unseen; nor does
 * setting it by a little, again and again, which would hold the end of an authorisation off for ever.
 */
export class ClockWatch {
  readonly #clock: Clock;
  #monotonic: Seconds;
  /** What the wall clock has more than the monotonic one. */
  #ahead: Seconds;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#monotonic = clock.monotonic();
    this.#ahead = clock.now() / 1000 - this.#monotonic;
  }

  /** @returns the jump since the last one, null where there was none */
  look(): ClockJump | null {
    const now = this.#clock.now();
    const monotonic = this.#clock.monotonic();
    const by = now / 1000 - monotonic - this.#ahead;
    const most = (monotonic - this.#monotonic) * FORGOTTEN_PER_SECOND;
    this.#monotonic = monotonic;
    if (Math.abs(by) <= TOLERATED) {
      this.#ahead += Math.max(-most, Math.min(most, by));
      return null;
    }
    this.#ahead += by;
    return { by, expected: Math.round(now - 1000 * by), now };
  }
}
