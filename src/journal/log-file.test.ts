import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readTail, TAIL_FILE, TailFile, type TailRecord } from "./log-file.ts";

const folder = mkdtempSync(join(tmpdir(), "contrechamp-tail-"));
const path = join(folder, TAIL_FILE);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function record(number: number, more: Partial<TailRecord> = {}): TailRecord {
  return {
    leaf: Buffer.from(`leaf ${number}`),
    salt: Buffer.alloc(32, number),
    payload: `{"number":${number}}`,
    submission: null,
    erases: [],
    ...more,
  };
}

const BASE = 1000;
const GROUPS = [
  [record(0)],
  [record(1, { submission: "an-id" }), record(2, { erases: [4, 2 ** 40] })],
  [record(3), record(4, { payload: '{"text":"é"}' }), record(5)],
];
/** Where each frame ends, the head before them. */
const ends: number[] = [];
let whole: Buffer;

beforeAll(async () => {
  const tail = await TailFile.create(folder, BASE, []);
  ends.push(tail.bytes);
  let seq = BASE;
  for (const group of GROUPS) {
    await tail.append(seq, group);
    ends.push(tail.bytes);
    seq += group.length;
  }
  await tail.close();
  whole = readFileSync(path);
  expect(whole).toHaveLength(tail.bytes);
});

const recordsUpTo = (frames: number) => GROUPS.slice(0, frames).flat();

describe("the tail", () => {
  it("reads what was written", async () => {
    writeFileSync(path, whole);
    expect(await readTail(folder)).toEqual({ base: BASE, records: GROUPS.flat(), torn: 0 });
  });

  it("cut at any byte, has the frames that are whole, and says how much is left over", async () => {
    for (let length = 0; length < whole.length; length += 1) {
      writeFileSync(path, whole.subarray(0, length));
      const frames = ends.findLastIndex((end) => end <= length);
      if (frames < 0) {
        await expect(readTail(folder)).rejects.toMatchObject({ code: "JOURNAL_DAMAGED" });
        continue;
      }
      const { records, torn } = await readTail(folder);
      expect(records, `${length} bytes`).toEqual(recordsUpTo(frames));
      expect(torn).toBe(length - (ends[frames] ?? 0));
    }
  });

  it("with any byte changed, loses at most the last frame, and not silently", async () => {
    const last = ends.at(-2) ?? 0;
    for (let at = 0; at < whole.length; at += 1) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ 0x41;
      writeFileSync(path, changed);
      if (at < last) {
        await expect(readTail(folder), `byte ${at}`).rejects.toMatchObject({ code: "JOURNAL_DAMAGED" });
      } else {
        const { records, torn } = await readTail(folder);
        expect(records, `byte ${at}`).toEqual(recordsUpTo(GROUPS.length - 1));
        expect(torn).toBe(whole.length - last);
      }
    }
  });

  it("takes zeros behind its end for a write that was interrupted", async () => {
    writeFileSync(path, Buffer.concat([whole, Buffer.alloc(5000)]));
    expect(await readTail(folder)).toMatchObject({ torn: 5000, records: GROUPS.flat() });
  });

  it.each<[string, (frames: Buffer[]) => Buffer[]]>([
    ["a frame left out", ([head, one, , three]) => [head, one, three].flatMap((part) => part ?? [])],
    [
      "two frames in another order",
      ([head, one, two, three]) => [head, two, one, three].flatMap((part) => part ?? []),
    ],
    [
      "a frame twice",
      ([head, one, two, three]) => [head, one, one, two, three].flatMap((part) => part ?? []),
    ],
  ])("says that %s is damage", async (_name, change) => {
    const frames = [0, ...ends].slice(0, -1).map((from, i) => whole.subarray(from, ends[i]));
    writeFileSync(path, Buffer.concat(change(frames)));
    await expect(readTail(folder)).rejects.toMatchObject({ code: "JOURNAL_DAMAGED" });
  });

  it("says that it is missing", async () => {
    rmSync(path);
    await expect(readTail(folder)).rejects.toMatchObject({ code: "JOURNAL_CUT" });
  });

  it("is replaced by one with other records, in as many frames as they need", async () => {
    writeFileSync(path, whole);
    const many = Array.from({ length: 30 }, (_, i) =>
      record(i, { payload: `{"text":"${"x".repeat(100_000)}"}` }),
    );
    const tail = await TailFile.create(folder, 7, many.slice(0, 3));
    const next = await tail.replace(8, many.slice(1));
    await next.append(37, [record(99)]);
    await next.close();
    expect(await readTail(folder)).toEqual({ base: 8, records: [...many.slice(1), record(99)], torn: 0 });
  });

  it("does not write on after a failed write, until it is made anew", async () => {
    const tail = await TailFile.create(folder, 0, [record(0)]);
    await tail.append(1, [record(1)]);
    // Where the folder is gone no new tail can be made: the old one must not be written on.
    rmSync(folder, { recursive: true });
    await expect(tail.replace(0, [record(0), record(1)])).rejects.toThrow("ENOENT");
    expect(tail.doubtful).toBe(true);
    await expect(tail.append(2, [record(2)])).rejects.toThrow("made anew");
    mkdirSync(folder);
    const next = await tail.replace(0, [record(0), record(1)]);
    await next.append(2, [record(2)]);
    await next.close();
    expect((await readTail(folder)).records).toHaveLength(3);
  });
});
