import { randomUUID } from "node:crypto";
import { link, mkdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { canonicalize } from "json-canonicalize";
import { z } from "zod";
import { fault } from "../../errors.ts";
import { sha256Of } from "../../files/sha256.ts";
import { livenessOf, processIdentity } from "../../policy/process-identity.ts";
import { writeResult } from "../record-file.ts";
import { type ClipOutcome, clipOutcomeSchema } from "./outcome.ts";

/** What a clip's outcome depends on: with the same, the outcome is the same. */
export interface OutcomeKey {
  readonly codeSha256: string;
  readonly modelSha256: string;
  readonly configSha256: string;
  readonly clip: unknown;
}

/**
 * Outcomes of clips of a run that is not over yet: a run that was interrupted goes on where it was. Each is kept under
 * a hash of all that it depends on, so that nothing of another model, configuration or clip can be taken for it.
 */
export class KeptOutcomes {
  /** Whether a later run can go on from it. */
  readonly lasting: boolean;
  readonly #folder: string;

  private constructor(folder: string, lasting: boolean) {
    this.#folder = folder;
    this.lasting = lasting;
  }

  /**
   * @param folder of runs of this suite with these settings, absolute. Where another run of the same is at work, this
   * one gets a folder of its own, and leaves nothing to go on from.
   */
  static async open(folder: string): Promise<KeptOutcomes> {
    if (await claim(folder)) return new KeptOutcomes(folder, true);
    const own = `${folder}-${randomUUID().slice(0, 8)}`;
    await claim(own);
    return new KeptOutcomes(own, false);
  }

  /** Folder of a clip's stills and scratch files. */
  clipFolder(key: OutcomeKey): string {
    return join(this.#folder, hash(key));
  }

  /**
   * When the run began of which this is kept, RFC 3339; `now` where it begins now. A run that goes on began when it
   * first did: what is fixed in between was not fixed before it.
   */
  async begun(now: string): Promise<string> {
    const file = join(this.#folder, "began");
    try {
      return z.iso.datetime().parse(await readFile(file, "utf8"));
    } catch {
      await writeResult(file, now);
      return now;
    }
  }

  /** The outcome, null where there is none; one that cannot be read is none. */
  async find(key: OutcomeKey): Promise<ClipOutcome | null> {
    try {
      return clipOutcomeSchema.parse(JSON.parse(await readFile(this.#file(key), "utf8")));
    } catch {
      return null;
    }
  }

  async keep(key: OutcomeKey, outcome: ClipOutcome): Promise<void> {
    await mkdir(this.clipFolder(key), { recursive: true });
    await writeResult(this.#file(key), JSON.stringify(outcome));
  }

  /** The run is over: nothing of it is needed any more. */
  async forget(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  #file(key: OutcomeKey): string {
    return join(this.clipFolder(key), "outcome.json");
  }
}

const OWNER = "owner.json";
const ownerSchema = z.object({ pid: z.int(), start: z.string().nullable() });

/**
 * Makes a folder this process's own, unless a process that is alive works in it. Of two that ask at the same instant
 * one gets it: the name is given to a file that is whole already, which the system does for one alone.
 */
async function claim(folder: string): Promise<boolean> {
  const [owner, written] = [join(folder, OWNER), join(folder, `${OWNER}.${randomUUID()}`)];
  await writeResult(written, JSON.stringify({ pid: process.pid, start: processIdentity() }));
  try {
    for (;;) {
      try {
        await link(written, owner);
        return true;
      } catch (thrown) {
        if (!isCode(thrown, "EEXIST")) throw thrown;
      }
      const seen = await readFile(owner, "utf8").catch(() => null);
      if (seen !== null && ownsIt(seen)) return true;
      if (seen !== null && isAtWork(seen)) return false;
      await removeStale(owner, seen);
    }
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw fault("AUDIT_NOT_WRITTEN", { file: owner, reason }, thrown);
  } finally {
    await rm(written, { force: true });
  }
}

/** Takes away the mark of a process that is gone; where another has put its own there meanwhile, that one stays. */
async function removeStale(owner: string, seen: string | null): Promise<void> {
  const aside = `${owner}.${randomUUID()}`;
  try {
    await rename(owner, aside);
  } catch (thrown) {
    if (isCode(thrown, "ENOENT")) return;
    throw thrown;
  }
  if ((await readFile(aside, "utf8")) !== seen) await link(aside, owner).catch(() => undefined);
  await rm(aside, { force: true });
}

function ownerIn(text: string): z.output<typeof ownerSchema> | null {
  try {
    return ownerSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function ownsIt(text: string): boolean {
  const owner = ownerIn(text);
  return owner?.pid === process.pid && owner.start === processIdentity();
}

function isAtWork(text: string): boolean {
  const owner = ownerIn(text);
  return owner !== null && livenessOf(owner.pid, owner.start) !== "dead";
}

function isCode(thrown: unknown, code: string): boolean {
  return thrown instanceof Error && "code" in thrown && thrown.code === code;
}

function hash(key: OutcomeKey): string {
  return sha256Of(canonicalize(key)).slice(0, 32);
}
