import { randomUUID } from "node:crypto";
import { open, readFile, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import type { RunSummary } from "../engine/run-summary.ts";
import { fault } from "../errors.ts";
import { embeddedFonts } from "./fonts.ts";
import { type Language, languageOf } from "./language.ts";
import { renderPage, type Still } from "./page.ts";

/** Stills beyond this many bytes together are linked, not held: a page must still open on a phone. */
const MOST_INLINE_BYTES = 16 * 1024 * 1024;
const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * Writes the report of a run as one self-contained HTML file. Stills are read from the files that the alerts
 * name, below the report's own folder; clips are linked. The file appears whole or not at all.
 *
 * @param language what the page opens in; both languages are in it. Default: the environment's
 * @throws CodedError REPORT_NOT_WRITTEN
 */
export async function writeReport(
  run: RunSummary,
  path: string,
  language: Language = languageOf(process.env),
): Promise<void> {
  const partial = `${path}.${randomUUID()}.part`;
  try {
    const [fonts, stills] = await Promise.all([embeddedFonts(), readStills(run, dirname(path))]);
    const file = await open(partial, "wx", 0o640);
    try {
      await file.writeFile(renderPage({ run, language, fonts, stills }));
    } finally {
      await file.close();
    }
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined);
    const reason = error instanceof Error ? error.message : String(error);
    throw fault("REPORT_NOT_WRITTEN", { path, reason }, error);
  }
}

export async function readStills(run: RunSummary, folder: string): Promise<ReadonlyMap<string, Still>> {
  const stills = new Map<string, Still>();
  let room = MOST_INLINE_BYTES;
  for (const alert of run.cameras.flatMap((camera) => camera.alerts)) {
    if (alert.evidence?.kind !== "clear") continue;
    const path = alert.evidence.still;
    if (stills.has(path)) continue;
    const still = await readStill(folder, path, room);
    if (still.kind === "inline") room -= (still.base64.length * 3) / 4;
    stills.set(path, still);
  }
  return stills;
}

/** Reads one still, if it is a PNG that lies below the folder, links followed. */
export async function readStill(folder: string, path: string, room: number): Promise<Still> {
  try {
    const root = await realpath(folder);
    const file = await realpath(join(root, path));
    if (!file.startsWith(root + sep)) return { kind: "missing" };
    if ((await stat(file)).size > room) return { kind: "left_out" };
    const bytes = await readFile(file);
    if (!bytes.subarray(0, PNG_SIGNATURE.length).equals(PNG_SIGNATURE)) return { kind: "missing" };
    return { kind: "inline", base64: bytes.toString("base64") };
  } catch {
    return { kind: "missing" }; // The page says so in the still's place; the alert itself stands.
  }
}
