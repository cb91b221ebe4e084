import { hash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { fault } from "../errors.ts";
import { isMissing, readUnwiped, replaceAndWipe, writeAll } from "./durable.ts";

/**
 * The tail of the journal, `tail.log`: what was acknowledged and is not yet in tiles, bundles and segments. One
 * frame a group of leaves: the unit that is forced to the disk. A frame is written only when the one before it is on
 * the disk, so only the last can be torn; a broken frame with a whole one behind it was damaged.
 *
 * File: 16 bytes of name, the seq of its first leaf (8, big-endian), the first 8 bytes of the SHA-256 of these 24.
 * Frame: 4 bytes of mark, length of the body (4), seq of its first leaf (8), number of its leaves (4), SHA-256 of
 * these 20 bytes and the body (32), the body.
 */
export const TAIL_FILE = "tail.log";

/** What the tail holds of a leaf. */
export interface TailRecord {
  /** The leaf's bytes. */
  readonly leaf: Buffer;
  /** 32 random bytes. */
  readonly salt: Buffer;
  /** Canonical JSON. */
  readonly payload: string;
  /** Id under which a command handed it in. */
  readonly submission: string | null;
  /** Leaves whose payloads this one erases. */
  readonly erases: readonly number[];
}

/** What was read from a tail. */
export interface TailContents {
  /** Seq of the first record. */
  readonly base: number;
  readonly records: readonly TailRecord[];
  /** Bytes at the end that are no whole frame: a write that was interrupted. */
  readonly torn: number;
}

/** Reads a tail. @throws JOURNAL_CUT where it is not there, JOURNAL_DAMAGED where it is broken before its end */
export async function readTail(folder: string): Promise<TailContents> {
  const damaged = (what: string) => fault("JOURNAL_DAMAGED", { folder, what: `${TAIL_FILE} ${what}` });
  let bytes: Buffer;
  try {
    bytes = await readUnwiped(join(folder, TAIL_FILE));
  } catch (thrown) {
    if (isMissing(thrown)) throw fault("JOURNAL_CUT", { folder, what: `${TAIL_FILE} is missing` });
    throw thrown;
  }
  const head = bytes.subarray(0, HEAD_BYTES);
  const base = head.length === HEAD_BYTES ? Number(head.readBigUInt64BE(NAME.length)) : Number.NaN;
  // It gets its name only when it is wholly on the disk: a broken beginning is no interrupted write.
  if (!Number.isSafeInteger(base) || !head.equals(formatHead(base))) throw damaged("has a broken beginning");

  const records: TailRecord[] = [];
  let at = HEAD_BYTES;
  while (at < bytes.length) {
    const frame = frameAt(bytes, at);
    if (frame === null || frame.seq !== base + records.length) break;
    const found = decodeRecords(bytes.subarray(at + FRAME_HEAD_BYTES, frame.end), frame.count);
    if (found === null) throw damaged(`holds at byte ${at} a frame that was not written by a journal`);
    records.push(...found);
    at = frame.end;
  }
  for (let next = bytes.indexOf(MARK, at); next >= 0; next = bytes.indexOf(MARK, next + 1)) {
    if (frameAt(bytes, next) !== null) throw damaged(`is broken at byte ${at}, and goes on at byte ${next}`);
  }
  return { base, records, torn: bytes.length - at };
}

/** The tail that is being written. One call at a time. */
export class TailFile {
  readonly #folder: string;
  #file: FileHandle;
  #end: number;
  /** A write failed: what the disk holds behind the last whole frame is not known. */
  #doubtful = false;

  private constructor(folder: string, file: FileHandle, end: number) {
    this.#folder = folder;
    this.#file = file;
    this.#end = end;
  }

  /**
   * Writes a tail that holds these records alone, in the place of the one that is there, and overwrites what that
   * one held.
   */
  static async create(folder: string, base: number, records: readonly TailRecord[]): Promise<TailFile> {
    const bytes = Buffer.concat([formatHead(base), ...formatFrames(base, records)]);
    const path = join(folder, TAIL_FILE);
    await replaceAndWipe(path, bytes);
    return new TailFile(folder, await open(path, "r+"), bytes.length);
  }

  get bytes(): number {
    return this.#end;
  }

  /** Whether a write failed, and the tail must be made anew before the next. */
  get doubtful(): boolean {
    return this.#doubtful;
  }

  /** Adds a frame. When it resolves, the records would survive the loss of power. @param seq of the first */
  async append(seq: number, records: readonly TailRecord[]): Promise<void> {
    if (this.#doubtful) throw new Error("the tail must be made anew before it is written");
    const frame = formatFrame(seq, records);
    try {
      await writeAll(this.#file, frame, this.#end);
      await this.#file.datasync();
    } catch (thrown) {
      // Also after a failed datasync: the system may then take pages for written that are not.
      this.#doubtful = true;
      throw thrown;
    }
    this.#end += frame.length;
  }

  /** The same as `create`, in this one's place. */
  async replace(base: number, records: readonly TailRecord[]): Promise<TailFile> {
    // Where it fails the name may belong to either file.
    this.#doubtful = true;
    const next = await TailFile.create(this.#folder, base, records);
    await this.close();
    return next;
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

const NAME = Buffer.from("contrechamp-tail", "latin1");
const HEAD_BYTES = NAME.length + 16;
/** Neither UTF-8 nor part of it: leaves and payloads never hold it. */
const MARK = Buffer.from([0xff, 0x63, 0x6a, 0xfe]);
const FRAME_HEAD_BYTES = 52;
/** A frame is closed when it has grown to this; one record may go beyond. */
export const FRAME_BYTES = 1 << 20;
const LONGEST_FRAME = 1 << 26;

function formatHead(base: number): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  NAME.copy(head);
  head.writeBigUInt64BE(BigInt(base), NAME.length);
  hash("sha256", head.subarray(0, NAME.length + 8), "buffer").copy(head, NAME.length + 8, 0, 8);
  return head;
}

function formatFrames(base: number, records: readonly TailRecord[]): Buffer[] {
  const frames: Buffer[] = [];
  let group: TailRecord[] = [];
  let bytes = 0;
  let seq = base;
  for (const record of records) {
    group.push(record);
    bytes += sizeOf(record);
    if (bytes < FRAME_BYTES) continue;
    frames.push(formatFrame(seq, group));
    seq += group.length;
    group = [];
    bytes = 0;
  }
  if (group.length > 0) frames.push(formatFrame(seq, group));
  return frames;
}

/** About how many bytes a record takes. */
export function sizeOf(record: TailRecord): number {
  return record.leaf.length + record.salt.length + record.payload.length + 100;
}

function formatFrame(seq: number, records: readonly TailRecord[]): Buffer {
  const parts: Buffer[] = [];
  for (const { leaf, salt, payload, submission, erases } of records) {
    const notes = submission === null && erases.length === 0 ? "" : JSON.stringify({ submission, erases });
    for (const part of [leaf, salt, Buffer.from(payload, "utf8"), Buffer.from(notes, "utf8")]) {
      const length = Buffer.allocUnsafe(4);
      length.writeUInt32BE(part.length);
      parts.push(length, part);
    }
  }
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(FRAME_HEAD_BYTES);
  MARK.copy(head);
  head.writeUInt32BE(body.length, 4);
  head.writeBigUInt64BE(BigInt(seq), 8);
  head.writeUInt32BE(records.length, 16);
  const frame = Buffer.concat([head, body]);
  digestOf(frame).copy(frame, 20);
  return frame;
}

function digestOf(frame: Buffer): Buffer {
  return hash("sha256", Buffer.concat([frame.subarray(0, 20), frame.subarray(FRAME_HEAD_BYTES)]), "buffer");
}

/** The whole frame that begins at a byte; null where none does. */
function frameAt(bytes: Buffer, at: number): { seq: number; count: number; end: number } | null {
  if (at + FRAME_HEAD_BYTES > bytes.length || !bytes.subarray(at, at + 4).equals(MARK)) return null;
  const length = bytes.readUInt32BE(at + 4);
  const end = at + FRAME_HEAD_BYTES + length;
  if (length > LONGEST_FRAME || end > bytes.length) return null;
  const frame = bytes.subarray(at, end);
  if (!digestOf(frame).equals(frame.subarray(20, FRAME_HEAD_BYTES))) return null;
  return { seq: Number(frame.readBigUInt64BE(8)), count: frame.readUInt32BE(16), end };
}

function decodeRecords(body: Buffer, count: number): TailRecord[] | null {
  const records: TailRecord[] = [];
  let at = 0;
  const part = (): Buffer => {
    const start = at + 4;
    at = start + body.readUInt32BE(at);
    if (at > body.length) throw new RangeError("beyond the end");
    return body.subarray(start, at);
  };
  try {
    for (let i = 0; i < count; i += 1) {
      const [leaf, salt, payload, notes] = [part(), part(), part(), part()];
      const { submission, erases } = notes.length === 0 ? NO_NOTES : parseNotes(notes.toString("utf8"));
      records.push({ leaf, salt, payload: payload.toString("utf8"), submission, erases });
    }
  } catch {
    return null;
  }
  return at === body.length ? records : null;
}

const NO_NOTES = { submission: null, erases: [] };

function parseNotes(text: string): Pick<TailRecord, "submission" | "erases"> {
  const { submission, erases } = JSON.parse(text) as Pick<TailRecord, "submission" | "erases">;
  if (!Array.isArray(erases) || !erases.every(Number.isSafeInteger)) throw new TypeError("no list of leaves");
  if (submission !== null && typeof submission !== "string") throw new TypeError("no id");
  return { submission, erases };
}
