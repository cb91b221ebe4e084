import { createHash, randomUUID } from "node:crypto";
import { link, mkdir, open, readdir, readFile, rename, rm, stat, unlink } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { z } from "zod";
import { formatUtc } from "../time/clock.ts";
import { type Hold, holdSchema } from "./hold.ts";

/** Who acts where the engine holds by itself. */
export const ENGINE = "contrechamp";

export const HOLDS_SCHEMA_NAME = "contrechamp/holds@1";

const holdsFileSchema = z.strictObject({
  schema: z.literal(HOLDS_SCHEMA_NAME),
  holds: z.array(holdSchema).max(100_000),
});

/** A file of holds is never larger than this, in bytes; one that is has not been written by Contrechamp. */
const LARGEST = 64 << 20;
const MAIN = "holds.json";
/** A hold that was placed while the main file could not be had; the next writer takes it in. */
const ASIDE = /^holds-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\.json$/;

/**
 * The folder of what concerns every engine of this user on this machine: `contrechamp` in `$XDG_STATE_HOME`, or in
 * `~/.local/state` where that is not set or, as the XDG Base Directory Specification has it, not absolute.
 */
export function machineFolder(environment: Readonly<Record<string, string | undefined>>): string {
  const set = environment["XDG_STATE_HOME"];
  const base = set !== undefined && isAbsolute(set) ? set : join(homedir(), ".local", "state");
  return join(base, "contrechamp");
}

/** The file of holds of a folder. */
export function holdsFile(folder: string): string {
  return join(folder, MAIN);
}

/** What a file of holds says. */
export type HoldsFile =
  | { readonly kind: "absent"; readonly path: string }
  | { readonly kind: "holds"; readonly path: string; readonly holds: readonly Hold[] }
  /** Nobody can tell what it held: everything is. */
  | { readonly kind: "unreadable"; readonly path: string; readonly hold: Hold };

/** All files of holds of a folder, the main one last. A folder that does not exist has none. */
export async function readFolder(folder: string): Promise<readonly HoldsFile[]> {
  // The main file last: what a writer takes in from beside it is in the main file before it is gone from there.
  const beside = await namesBeside(folder);
  if (beside instanceof Error) return [await unreadable(holdsFile(folder), beside)];
  const files: HoldsFile[] = [];
  for (const name of [...beside, MAIN]) files.push(await readHoldsFile(join(folder, name)));
  return files;
}

async function namesBeside(folder: string): Promise<readonly string[] | Error> {
  try {
    return (await readdir(folder)).filter((name) => ASIDE.test(name)).sort();
  } catch (error) {
    return codeOf(error) === "ENOENT" ? [] : asError(error);
  }
}

async function readHoldsFile(path: string): Promise<HoldsFile> {
  try {
    const { size } = await stat(path);
    if (size > LARGEST) throw new Error(`it has ${size} bytes`);
    const text = await readFile(path, "utf8");
    const { holds } = holdsFileSchema.parse(JSON.parse(text));
    return { kind: "holds", path, holds };
  } catch (error) {
    if (codeOf(error) === "ENOENT") return { kind: "absent", path };
    return unreadable(path, asError(error));
  }
}

/** What stands for a file that cannot be read: the same hold as long as it is the same file. */
async function unreadable(path: string, error: Error): Promise<HoldsFile> {
  const seen = await stat(path).catch(() => stat(dirname(path)).catch(() => null));
  const why = error instanceof z.ZodError ? z.prettifyError(error) : error.message;
  const hold: Hold = {
    id: fixedUuid(`unreadable holds ${resolve(path)}`),
    scope: { kind: "everything" },
    cause: "incident",
    at: formatUtc(Math.floor(seen?.mtimeMs ?? 0)),
    by: ENGINE,
    reason: `${path} cannot be read, so nobody can tell what it held: ${why}`.slice(0, 2000),
    released: null,
  };
  return { kind: "unreadable", path, hold };
}

/** Whether a hold stands for a file that cannot be read, for as long as that is so. */
export function standsForFile(hold: Hold): boolean {
  return hold.id.charAt(14) === "8";
}

/** The same text, the same identifier (RFC 9562, version 8; holds that were placed have version 4). */
function fixedUuid(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  const part = (from: number, to: number) => hex.slice(from, to);
  return `${part(0, 8)}-${part(8, 12)}-8${part(13, 16)}-a${part(17, 20)}-${part(20, 32)}`;
}

/**
 * Replaces the main file. To be called by whoever has the folder's lock. When it returns, the file survives the loss
 * of power; at every instant before, the old one or the new one is there, whole.
 */
export async function writeMain(folder: string, holds: readonly Hold[]): Promise<void> {
  await writeWhole(folder, MAIN, `${MAIN}.new`, holds);
}

/** Writes holds to a file of their own, for which nobody's lock is needed. As durable as `writeMain`. */
export async function writeBeside(folder: string, holds: readonly Hold[]): Promise<void> {
  const name = `holds-${randomUUID()}.json`;
  await writeWhole(folder, name, `${name}.new`, holds);
}

async function writeWhole(
  folder: string,
  name: string,
  draft: string,
  holds: readonly Hold[],
): Promise<void> {
  const text = `${JSON.stringify({ schema: HOLDS_SCHEMA_NAME, holds }, null, 1)}\n`;
  const draftPath = join(folder, draft);
  await rm(draftPath, { force: true });
  const file = await open(draftPath, "wx", 0o644);
  try {
    // Whoever stops it, with whatever umask: the engine must be able to read it.
    await file.chmod(0o644);
    if (process.geteuid?.() === 0) {
      const { uid, gid } = await stat(folder);
      await file.chown(uid, gid);
    }
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draftPath, join(folder, name));
  await syncFolder(folder);
}

/** Removes files whose holds the main file has now. */
export async function removeFiles(folder: string, paths: readonly string[]): Promise<void> {
  if (paths.length === 0) return;
  for (const path of paths) await unlink(path);
  await syncFolder(folder);
}

/** Keeps a damaged file under another name, for whoever wants to know what was in it. @returns its new path */
export async function keepDamaged(path: string, at: number): Promise<string> {
  const kept = `${path}.damaged-${formatUtc(at).replaceAll(":", "")}-${randomUUID().slice(0, 8)}`;
  await link(path, kept);
  return kept;
}

/** Makes a folder that outlives the loss of power. Those who are not its owner see nothing of it. */
export async function makeFolder(folder: string): Promise<void> {
  const whole = resolve(folder);
  const first = await mkdir(whole, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let made = whole; made.length >= resolve(first).length; made = dirname(made))
    await syncFolder(dirname(made));
}

/** Some systems cannot write a folder's own entries out on demand; they do it by themselves. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!["EISDIR", "EPERM", "EINVAL", "ENOTSUP"].includes(codeOf(error))) throw error;
  }
}

/** The system's name of an error, such as ENOENT; empty where it has none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
