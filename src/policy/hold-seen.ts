import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { z } from "zod";
import { type Clock, formatUtc, type Seconds } from "../time/clock.ts";
import { type Hold, holds as holdsCamera } from "./hold.ts";
import { machineFolder } from "./hold-files.ts";
import { type Liveness, livenessOf, processIdentity } from "./process-identity.ts";

export const SEEN_SCHEMA_NAME = "contrechamp/holds-seen@1";

export const seenSchema = z.strictObject({
  schema: z.literal(SEEN_SCHEMA_NAME),
  /** Absolute; of the engine that says it. Null where it has none. */
  stateFolder: z.string().nullable(),
  /** The holds that it acts upon. */
  holdIds: z.array(z.uuid()),
  at: z.iso.datetime({ precision: 3 }),
  pid: z.int().min(1),
  /** What tells this process from a later one of the same number; null where the system does not say. */
  process: z.string().nullable(),
  /** Ids of all its cameras; null where it does not say them. */
  cameras: z.array(z.string()).nullable(),
  /** Ids of those of which pictures are still decoded. */
  decoding: z.array(z.string()),
});
/** What an engine says about the holds that it has seen. */
export type Seen = Readonly<z.output<typeof seenSchema>>;

/** What an engine has to say. */
export interface Acknowledgement {
  /** All holds that it acts upon; those that are released are left out. */
  readonly holds: readonly Hold[];
  /** Ids of the cameras that are decoded at this instant, by whichever process of the engine. */
  readonly decoding: () => readonly string[];
  /** Ids of all its cameras, where it says them: then a hold of a camera that nobody has is noticed. */
  readonly cameras?: readonly string[];
  readonly clock: Clock;
}

/** An engine that a stop has to reach. */
export interface RunningEngine {
  readonly seen: Seen;
  /** Never `dead`. */
  readonly liveness: Exclude<Liveness, "dead">;
}

const SEEN_FILE = "holds-seen.json";

/** Where the engine of a state folder says what it has seen. */
export function seenFile(stateFolder: string): string {
  return join(stateFolder, SEEN_FILE);
}

/** How often it is looked whether what is held is still decoded, and for how long at most. */
const LOOK_EVERY: Seconds = 0.02;
const LOOK_FOR: Seconds = 30;
/** Which acknowledgement of a folder is the newest: an older one has nothing to say any more. */
const newest = new Map<string | null, object>();
/** What is being written: one after the other, so that the newest is what remains. */
let writing = Promise.resolve();

/**
 * The engine says which holds it acts upon and what is still decoded: to be called by the process that stands for the
 * engine, when it starts and each time that its holds are others. While a camera that is held is still decoded it
 * looks on, and says so when that has ended. It is written to the state folder and to the machine's folder, where a
 * stop of everything finds all engines of this user. Never rejects: an engine that cannot say what it does does it
 * all the same, and whoever stops it is told that it did not answer.
 */
export async function acknowledgeHolds(
  stateFolder: string | null,
  { holds, decoding, cameras, clock }: Acknowledgement,
): Promise<void> {
  const folder = stateFolder === null ? null : resolve(stateFolder);
  const turn = {};
  newest.set(folder, turn);
  const standing = holds.filter((hold) => hold.released === null);
  const until = clock.monotonic() + LOOK_FOR;
  let said = "";
  while (newest.get(folder) === turn) {
    const decoded = decoding().toSorted();
    const text = JSON.stringify(decoded);
    if (said !== text) {
      said = text;
      const seen: Seen = {
        schema: SEEN_SCHEMA_NAME,
        stateFolder: folder,
        holdIds: standing.map((hold) => hold.id),
        at: formatUtc(clock.now()),
        pid: process.pid,
        process: processIdentity(),
        cameras: cameras === undefined ? null : [...cameras],
        decoding: decoded,
      };
      writing = writing.then(() => (newest.get(folder) === turn ? write(seen) : undefined));
      await writing;
    }
    const more = decoded.some((id) => standing.some((hold) => holdsCamera(hold, id)));
    if (!more || clock.monotonic() > until) return;
    await clock.sleep(LOOK_EVERY);
  }
}

/** Where one of the two places cannot be written to, the other still can. */
async function write(seen: Seen): Promise<void> {
  const text = `${JSON.stringify(seen, null, 1)}\n`;
  const places = [replace(registerFolder(), `${seen.pid}.json`, text)];
  if (seen.stateFolder !== null) places.push(replace(seen.stateFolder, SEEN_FILE, text));
  await Promise.allSettled(places);
}

/**
 * The engines that run: that of a state folder, and with `all` every one of this user.
 * One of which it cannot be told whether it still runs is among them.
 */
export async function runningEngines(stateFolder: string | null, all: boolean): Promise<RunningEngine[]> {
  const register = registerFolder();
  const names = await readdir(register).catch(() => []);
  const paths = names.filter((name) => /^\d+\.json$/.test(name)).map((name) => join(register, name));
  const own = stateFolder === null ? null : resolve(stateFolder);
  const engines = new Map<string, RunningEngine>();
  for (const path of [...(own === null ? [] : [seenFile(own)]), ...paths]) {
    const seen = await readSeen(path);
    if (seen === null || !(all || (own !== null && seen.stateFolder === own))) continue;
    const liveness = livenessOf(seen.pid, seen.process);
    if (liveness !== "dead") engines.set(`${seen.pid} ${seen.process}`, { seen, liveness });
    else if (paths.includes(path)) await rm(path, { force: true });
  }
  return [...engines.values()];
}

/** What a running engine has answered to holds that were placed. */
export interface EngineAnswer {
  readonly pid: number;
  readonly stateFolder: string | null;
  /**
   * `stands`: no picture of what is held is decoded any more. `decoding`: it knows the holds and has not ended yet.
   * `silent`: it runs and has not said that it knows them. `unseen`: the same, and it cannot be told whether it runs.
   */
  readonly state: "stands" | "decoding" | "silent" | "unseen";
  /** Ids of the cameras that are held and still decoded. */
  readonly decoding: readonly string[];
  /** Ids of all its cameras; null where it does not say them. */
  readonly cameras: readonly string[] | null;
}

/**
 * Waits until all running engines act upon holds, or until it has waited long enough.
 * @param all whether every engine of this user is meant, or only that of the state folder
 */
export async function awaitEngines(
  stateFolder: string | null,
  all: boolean,
  placed: readonly Hold[],
  { clock, patience }: { readonly clock: Clock; readonly patience: Seconds },
): Promise<readonly EngineAnswer[]> {
  const until = clock.monotonic() + patience;
  for (;;) {
    const answers = (await runningEngines(stateFolder, all)).map((engine) => answerOf(engine, placed));
    if (answers.every((answer) => answer.state === "stands") || clock.monotonic() >= until) return answers;
    await clock.sleep(LOOK_EVERY);
  }
}

function answerOf({ seen, liveness }: RunningEngine, placed: readonly Hold[]): EngineAnswer {
  const known = placed.every((hold) => seen.holdIds.includes(hold.id));
  const decoding = stillDecoded(seen, placed);
  const silent = liveness === "alive" ? "silent" : "unseen";
  const state = !known ? silent : decoding.length > 0 ? "decoding" : "stands";
  return { pid: seen.pid, stateFolder: seen.stateFolder, state, decoding, cameras: seen.cameras };
}

/** Ids of the cameras that an engine decodes although they are held. */
function stillDecoded(seen: Seen, placed: readonly Hold[]): readonly string[] {
  return seen.decoding.filter((id) => placed.some((hold) => holdsCamera(hold, id)));
}

function registerFolder(): string {
  return join(machineFolder(process.env), "engines");
}

/** Null where there is none, or none that can be understood: then nobody has answered. */
async function readSeen(path: string): Promise<Seen | null> {
  try {
    return seenSchema.parse(JSON.parse(await readFile(path, "utf8")));
  } catch {
    return null;
  }
}

/** The old file or the new one, never half of it. It is about processes that run: no loss of power concerns it. */
async function replace(folder: string, name: string, text: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = join(folder, `${name}.${randomUUID()}.new`);
  try {
    await writeFile(draft, text, { mode: 0o644 });
    await rename(draft, join(folder, name));
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
