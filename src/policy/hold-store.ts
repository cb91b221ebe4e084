import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { fault } from "../errors.ts";
import { type Clock, formatUtc, type Seconds, type UtcMilliseconds } from "../time/clock.ts";
import { type Hold, type HoldCause, holdSchema } from "./hold.ts";
import { Changes } from "./hold-changes.ts";
import {
  ENGINE,
  type HoldsFile,
  holdsFile,
  keepDamaged,
  machineFolder,
  makeFolder,
  readFolder,
  removeFiles,
  standsForFile,
  writeBeside,
  writeMain,
} from "./hold-files.ts";
import { underLock } from "./hold-lock.ts";

export { acknowledgeHolds } from "./hold-seen.ts";

/** A hold to be placed. */
export interface NewHold {
  readonly scope: Hold["scope"];
  readonly cause: HoldCause;
  readonly by: string;
  readonly reason: string;
  readonly at: UtcMilliseconds;
}

/** Who lets it run again, why and when. */
export interface Release {
  readonly by: string;
  readonly reason: string;
  readonly at: UtcMilliseconds;
}

export interface WatchHoldsOptions {
  readonly clock: Clock;
  /** Ends the watch. */
  readonly signal: AbortSignal;
  /** Called with all holds: at once with those that stand now, then each time that they are others. */
  readonly onChange: (holds: readonly Hold[]) => void;
}

/** A stop waits no longer for others that write; then it goes to a file of its own. */
const PATIENCE_TO_STOP: Seconds = 0.25;
const PATIENCE_TO_RESUME: Seconds = 10;
/** Whether the system tells of changes or not, it is looked this often. */
const POLL: Seconds = 0.2;
/** So many released holds are remembered; the journal has them all. */
const REMEMBERED = 200;

/**
 * All holds that concern an engine: those of its state folder and those of the machine, the released ones that are
 * remembered included, the oldest first. Restrictions fail safe: a file that cannot be read or understood holds
 * everything, and shows as a hold with the cause `incident` that says which file and why. Never rejects.
 *
 * @param stateFolder null for the machine's alone
 */
export async function readHolds(stateFolder: string | null): Promise<Hold[]> {
  const files = (await Promise.all(foldersOf(stateFolder).map(readFolder))).flat();
  return merge(files.map((file) => holdsOf(file)));
}

/**
 * Places a hold; when it returns, the hold survives the loss of power. Of several processes that place holds at the
 * same time each one's is kept. A hold of everything stands in the machine's file and, so that it reaches an engine
 * that runs as another user, in that of the state folder. One that the engine places by itself is not placed again
 * while one of the same scope and cause stands.
 *
 * @param stateFolder made where it does not exist; null for a hold of everything that is the machine's alone
 * @throws CodedError HOLD_NOT_PLACED, HOLD_NOT_EVERYWHERE
 */
export async function placeHold(stateFolder: string | null, wanted: NewHold): Promise<Hold> {
  const [hold] = await placeHolds(stateFolder, [wanted]);
  if (hold === undefined) throw fault("INTERNAL", { what: "a hold that was placed is not there" });
  return hold;
}

/** Places several holds at once, as `placeHold` does one. @returns them in their order */
export async function placeHolds(stateFolder: string | null, wanted: readonly NewHold[]): Promise<Hold[]> {
  const made = wanted.map(toHold);
  const everything = made.filter((hold) => hold.scope.kind === "everything");
  const machine = machineFolder(process.env);
  if (stateFolder === null) {
    if (everything.length < made.length)
      throw fault("INTERNAL", { what: "a hold of a camera or a site was placed without a state folder" });
    return placeIn(machine, made);
  }
  const placed = await placeIn(stateFolder, made);
  if (everything.length === 0) return placed;
  try {
    await placeIn(
      machine,
      placed.filter((hold) => hold.scope.kind === "everything"),
    );
  } catch (error) {
    throw fault(
      "HOLD_NOT_EVERYWHERE",
      { file: holdsFile(stateFolder), machine: holdsFile(machine), reason: reasonOf(error) },
      error,
    );
  }
  return placed;
}

/**
 * Lets run again what holds, in all files, by the ids of the holds or by their exact scope: releasing the site does
 * not release a camera that is held by itself. Holds that are released already are left as they are.
 *
 * A file that could not be read is released by the id of the hold that stands for it: it is then kept beside, under
 * another name, and a new one begun.
 *
 * @returns the holds that were released now, as they are now; none where nothing was held
 * @throws CodedError HOLD_NOT_RELEASED: then it is held as before
 */
export async function releaseHold(
  stateFolder: string | null,
  which: readonly string[] | Hold["scope"],
  release: Release,
): Promise<Hold[]> {
  const isMeant = (hold: Hold) =>
    hold.released === null &&
    ("kind" in which ? isDeepStrictEqual(hold.scope, which) : which.includes(hold.id));
  const released: Hold[][] = [];
  for (const folder of foldersOf(stateFolder)) released.push(await releaseIn(folder, isMeant, release));
  return merge(released);
}

/**
 * Watches the holds of an engine, also where its state folder does not exist yet. A hold that somebody took out of
 * its file instead of releasing it stands all the same, and is written back: only a release, with a name and a
 * reason, lets anything run again.
 *
 * @param stateFolder null for the machine's alone
 * @returns when the signal aborts; rejects only with what `onChange` throws
 */
export async function watchHolds(
  stateFolder: string | null,
  { clock, signal, onChange }: WatchHoldsOptions,
): Promise<void> {
  const changes = new Changes(foldersOf(stateFolder));
  try {
    let known: readonly Hold[] | null = null;
    let tick = clock.sleep(POLL, signal);
    while (!signal.aborted) {
      // Asked for before it is read: what changes meanwhile wakes the next round.
      const change = changes.next();
      const holds = await withRemoved(stateFolder, known ?? []);
      if (signal.aborted) return;
      if (known === null || !isDeepStrictEqual(holds, known)) onChange(holds);
      known = holds;
      const ticked = await Promise.race([tick.then(() => true), change]);
      if (ticked) tick = clock.sleep(POLL, signal);
    }
  } finally {
    changes.close();
  }
}

function foldersOf(stateFolder: string | null): readonly string[] {
  const machine = machineFolder(process.env);
  return stateFolder === null ? [machine] : [stateFolder, machine];
}

function toHold({ scope, cause, by, reason, at }: NewHold): Hold {
  return holdSchema.parse({ id: randomUUID(), scope, cause, at: formatUtc(at), by, reason, released: null });
}

async function placeIn(folder: string, holds: readonly Hold[]): Promise<Hold[]> {
  try {
    await makeFolder(folder);
    const done = await underLock(folder, PATIENCE_TO_STOP, () => addToMain(folder, holds)).catch(() => null);
    if (done?.locked === true && done.value !== null) return done.value;
    // Somebody has the lock, or the main file is damaged or cannot be replaced: none of it keeps anybody from
    // stopping. Where nothing at all can be written, the next line says so.
    await writeBeside(folder, holds);
    return [...holds];
  } catch (error) {
    throw fault("HOLD_NOT_PLACED", { file: holdsFile(folder), reason: reasonOf(error) }, error);
  }
}

/** @returns the holds that stand for those that were to be added; null where the main file cannot be read */
async function addToMain(folder: string, holds: readonly Hold[]): Promise<Hold[] | null> {
  const files = await readFolder(folder);
  if (files.some((file) => file.kind === "unreadable")) return null;
  const known = merge(files.map(holdsOf));
  const standing = holds.map(
    (hold) => known.find((other) => other.by === ENGINE && isSameStanding(other, hold)) ?? hold,
  );
  const added = standing.filter((hold) => !known.some((other) => other.id === hold.id));
  if (added.length > 0) await writeMerged(folder, files, [...known, ...added]);
  return standing;
}

function isSameStanding(hold: Hold, wanted: Hold): boolean {
  return (
    hold.released === null &&
    wanted.by === ENGINE &&
    hold.cause === wanted.cause &&
    isDeepStrictEqual(hold.scope, wanted.scope)
  );
}

async function releaseIn(
  folder: string,
  isMeant: (hold: Hold) => boolean,
  { by, reason, at }: Release,
): Promise<Hold[]> {
  const asked = await readFolder(folder);
  if (!asked.flatMap(holdsOf).some(isMeant)) return [];
  const setFree = (hold: Hold): Hold =>
    holdSchema.parse({ ...hold, released: { at: formatUtc(at), by, reason } });
  const done = await underLock(folder, PATIENCE_TO_RESUME, async () => {
    const files = await readFolder(folder);
    const damaged = files.filter((file) => file.kind === "unreadable");
    const still = damaged.find((file) => !isMeant(file.hold));
    if (still !== undefined) throw new Error(`${still.path} cannot be read, and must be released first`);
    const freed = merge(files.map(holdsOf)).filter(isMeant).map(setFree);
    for (const file of damaged) await keepDamaged(file.path, at);
    const others = merge(files.map(holdsOf)).filter((hold) => !isMeant(hold));
    await writeMerged(folder, files, [...others, ...freed]);
    return freed;
  }).catch((error: unknown) => {
    throw fault("HOLD_NOT_RELEASED", { file: holdsFile(folder), reason: reasonOf(error) }, error);
  });
  if (!done.locked) throw fault("HOLD_NOT_RELEASED", { file: holdsFile(folder), reason: done.why });
  return done.value;
}

/** Writes the main file anew and removes the files beside it that it has taken in. */
async function writeMerged(
  folder: string,
  files: readonly HoldsFile[],
  holds: readonly Hold[],
): Promise<void> {
  const main = holdsFile(folder);
  await writeMain(folder, withoutTheOldest(holds));
  const beside = files.filter((file) => file.path !== main && file.kind !== "absent");
  await removeFiles(
    folder,
    beside.map((file) => file.path),
  );
}

function withoutTheOldest(holds: readonly Hold[]): readonly Hold[] {
  const newest = holds
    .flatMap((hold) => (hold.released === null ? [] : [{ id: hold.id, at: Date.parse(hold.released.at) }]))
    .sort((a, b) => b.at - a.at)
    .slice(0, REMEMBERED);
  const remembered = new Set(newest.map((hold) => hold.id));
  return holds.filter((hold) => hold.released === null || remembered.has(hold.id));
}

function holdsOf(file: HoldsFile): readonly Hold[] {
  if (file.kind === "absent") return [];
  return file.kind === "holds" ? file.holds : [file.hold];
}

/** Each hold once, the oldest first. Where a copy of it is not released, it is not released. */
function merge(lists: readonly (readonly Hold[])[]): Hold[] {
  const byId = new Map<string, Hold>();
  for (const hold of lists.flat()) {
    const known = byId.get(hold.id);
    if (known === undefined || known.released !== null) byId.set(hold.id, hold);
  }
  return [...byId.values()].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The holds that the files say, and those that were known and are gone without a release. */
async function withRemoved(stateFolder: string | null, known: readonly Hold[]): Promise<readonly Hold[]> {
  const found = await readHolds(stateFolder);
  const ids = new Set(found.map((hold) => hold.id));
  const removed = known.filter((hold) => hold.released === null && !standsForFile(hold) && !ids.has(hold.id));
  if (removed.length === 0) return found;
  // A file that cannot be read may still have them. Where writing fails they stand in memory, and it is tried again.
  const unread = found.some((hold) => hold.released === null && standsForFile(hold));
  if (!unread) await restoreHolds(stateFolder, removed).catch(() => undefined);
  return [...found, ...removed].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

/** Writes holds that are no longer in their files back as they were. */
async function restoreHolds(stateFolder: string | null, holds: readonly Hold[]): Promise<void> {
  const machines = (hold: Hold) => stateFolder === null || hold.scope.kind === "everything";
  const own = holds.filter((hold) => !machines(hold));
  if (stateFolder !== null && own.length > 0) await placeIn(stateFolder, own);
  const others = holds.filter(machines);
  if (others.length > 0) await placeIn(machineFolder(process.env), others);
}
