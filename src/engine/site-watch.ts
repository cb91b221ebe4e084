import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Clock, Seconds, UtcMilliseconds } from "../time/clock.ts";

/**
 * A text that is another one whenever a file of a list, or a file in a folder of it, was written, added or removed.
 * Size, time of change and inode tell; the contents are not read.
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
  /** Seconds that the wall clock went beyond (or, below 0, behind) the time that really passed. */
  readonly by: Seconds;
  readonly before: UtcMilliseconds;
  readonly now: UtcMilliseconds;
}

/** Time servers correct by less than this at a time. */
const TOLERATED: Seconds = 2;

/** Compares the wall clock with the monotonic one, so that setting it back or forth does not go unseen. */
export class ClockWatch {
  readonly #clock: Clock;
  #wall: UtcMilliseconds;
  #monotonic: Seconds;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#wall = clock.now();
    this.#monotonic = clock.monotonic();
  }

  /** @returns the jump since the last look, null where there was none */
  look(): ClockJump | null {
    const wall = this.#clock.now();
    const monotonic = this.#clock.monotonic();
    const before = this.#wall;
    const by = (wall - before) / 1000 - (monotonic - this.#monotonic);
    this.#wall = wall;
    this.#monotonic = monotonic;
    return Math.abs(by) > TOLERATED ? { by, before, now: wall } : null;
  }
}
