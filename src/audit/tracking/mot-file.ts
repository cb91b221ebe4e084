import { fault } from "../../errors.ts";
import { readText } from "../read-text.ts";
import type { MotFrames, TrackBox } from "./frames.ts";

/** A row of a MOT file, with the two columns that decide whether it is scored. */
export interface MotRow extends TrackBox {
  /** Of a reference: 0 says that the box is not to be scored. Of a system: how sure it is; not looked at. */
  readonly confidence: number;
  /** Kind of object, 1 is a pedestrian; null where the file has no such column. */
  readonly kind: number | null;
}

/** Rows picture by picture; index 0 is picture 1. */
export type MotRows = readonly (readonly MotRow[])[];

/**
 * Reads tracks in MOTChallenge format: a row a box, without a header, separated by commas or white space:
 * `frame, id, left, top, width, height, confidence, …`. Frames count from 1; coordinates are px of the picture; what
 * stands behind the height may be missing.
 * @throws AUDIT_UNREADABLE, AUDIT_TOO_LARGE, AUDIT_INVALID with each faulty line
 */
export async function readMotFile(path: string): Promise<MotRows> {
  return parseMot(await readText(path), path);
}

/** The same of a text. @param name what errors call it */
export function parseMot(text: string, name: string): MotRows {
  const pictures: MotRow[][] = [];
  const seen = new Map<string, number>();
  const faults: string[] = [];
  let count = 0;
  for (const [index, line] of text
    .replace(/^\ufeff/, "")
    .split(/\r\n|\r|\n/)
    .entries()) {
    if (line.trim() === "") continue;
    const row = parseRow(line);
    const key = typeof row === "string" ? null : `${row.frame} ${row.id}`;
    const before = key === null ? undefined : seen.get(key);
    if (typeof row === "string" || before !== undefined) {
      count++;
      const what =
        typeof row === "string" ? row : `id ${row.id} stands in frame ${row.frame} already, line ${before}`;
      if (faults.length < LISTED) faults.push(`  ${name}:${index + 1}: ${what}`);
      continue;
    }
    if (key !== null) seen.set(key, index + 1);
    while (pictures.length < row.frame) pictures.push([]);
    const { frame, ...box } = row;
    pictures[frame - 1]?.push(box);
  }
  if (count > 0) {
    if (count > faults.length) faults.push(`  and ${count - faults.length} more`);
    throw fault("AUDIT_INVALID", { file: name, count, list: faults.join("\n") });
  }
  return pictures;
}

/**
 * What a reference says is to be scored: rows of confidence 0 are left out, as TrackEval 1.3.0 does; it cuts off what
 * is behind the point, so 0.5 counts as 0. A system's box on such a person is a false positive then. Kinds of object
 * are not looked at, as for MOT15; `motChallengeFrames` does.
 */
export function scoredRows(reference: MotRows): MotFrames {
  return reference.map((rows) => rows.filter(isScored));
}

/** Whether a row of a reference is to be scored. */
export function isScored({ confidence }: MotRow): boolean {
  return Math.trunc(confidence) !== 0;
}

/** Faulty lines that an error lists. */
const LISTED = 20;
/** Eleven days at 10 pictures a second: beyond it a frame number is a fault, and not a reason to fill the memory. */
const MOST_FRAMES = 10_000_000;

/** The row, or what is wrong with it. */
function parseRow(line: string): (MotRow & { readonly frame: number }) | string {
  const cells = line.includes(",") ? line.split(",").map((cell) => cell.trim()) : line.trim().split(/\s+/);
  // Some writers end each row with a comma.
  if (cells.at(-1) === "") cells.pop();
  if (cells.length < 6 || cells.length > 10)
    return `${cells.length} ${cells.length === 1 ? "column" : "columns"}; a row has 6 to 10: frame, id, left, top, width, height, confidence, ...`;
  const values = cells.map((cell) => (cell === "" ? Number.NaN : Number(cell)));
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0)
    return `${COLUMNS[wrong] ?? `column ${wrong + 1}`} is ${JSON.stringify(cells[wrong])}, not a number`;
  const [frame = 0, id = 0, x = 0, y = 0, width = 0, height = 0, confidence = 1, kind = null] = values;
  if (!Number.isInteger(frame) || frame < 1) return `frame is ${frame}; frames are whole numbers from 1`;
  if (frame > MOST_FRAMES) return `frame is ${frame}; at most ${MOST_FRAMES} frames are read`;
  if (!Number.isSafeInteger(id) || id < 0) return `id is ${id}; ids are whole numbers from 0`;
  if (width < 0) return `width is ${width}, less than 0`;
  if (height < 0) return `height is ${height}, less than 0`;
  return { frame, id: String(id), box: { x, y, width, height }, confidence, kind };
}

const COLUMNS = ["frame", "id", "left", "top", "width", "height", "confidence"] as const;
