import {
  appendFileSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { canonicalize } from "json-canonicalize";
import { afterAll, describe, expect, it } from "vitest";
import type { Json } from "./leaf.ts";
import {
  addPayloads,
  canonicalPayload,
  erasePayloads,
  formatPayload,
  isPayloadOf,
  LONGEST_PAYLOAD,
  payloadHash,
  payloadRefOf,
  readPayload,
  readSegment,
  segmentPath,
} from "./payloads.ts";

const top = mkdtempSync(join(tmpdir(), "contrechamp-payloads-"));
afterAll(() => rmSync(top, { recursive: true, force: true }));
let folders = 0;
const newFolder = () => join(top, String(folders++));

const salt = Buffer.alloc(32, 0xab);
const line = (seq: number) => formatPayload(seq, salt, `{"number":${seq}}`, null);
const lines = (from: number, count: number) => Array.from({ length: count }, (_, i) => line(from + i));

describe("canonicalPayload", () => {
  it("writes plain JSON as RFC 8785 says, and reads it back the same", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue()), (value) => {
        const payload = JSON.parse(JSON.stringify(value)) as { [key: string]: Json };
        const text = canonicalPayload(payload);
        expect(JSON.parse(text)).toEqual(payload);
        expect(canonicalPayload(JSON.parse(text))).toBe(text);
      }),
      { numRuns: 60 },
    );
    expect(canonicalPayload({ b: [1, -0, 1e21], a: "é\n" })).toBe('{"a":"é\\n","b":[1,0,1e+21]}');
  });

  const deep: Record<string, unknown> = {};
  let inner = deep;
  for (let i = 0; i < 40; i += 1) {
    const next: Record<string, unknown> = {};
    inner["a"] = next;
    inner = next;
  }
  const circle: Record<string, unknown> = {};
  circle["itself"] = circle;
  it.each<[string, unknown, string]>([
    ["not a number", { a: Number.NaN }, "payload.a is NaN"],
    ["infinity", { a: [1, Number.POSITIVE_INFINITY] }, "payload.a[1] is Infinity"],
    ["nothing", { a: undefined }, "payload.a is of type undefined"],
    ["a large integer", { a: 1n }, "payload.a is of type bigint"],
    ["a function", { toJSON: () => "x" }, "payload.toJSON is of type function"],
    ["a date", { a: new Date(0) }, "payload.a is not a plain object"],
    ["bytes", { a: Buffer.from("x") }, "payload.a is not a plain object"],
    ["half a character", { a: "\ud800" }, "payload.a holds half a character"],
    ["a name of half a character", { "\udc00": 1 }, "a name in payload holds half a character"],
    ["a list with a hole", { a: new Array(1) }, "payload.a[0] is of type undefined"],
    ["what is too deep", deep, "more than 32 levels deep"],
    ["what holds itself", circle, "more than 32 levels deep"],
    ["a list", [1], "payload is not an object"],
    ["a text", "text", "payload is not an object"],
    ["null", null, "payload is not an object"],
  ])("refuses %s", (_name, payload, message) => {
    // What a caller without types could hand in.
    expect(() => canonicalPayload(payload as { [key: string]: Json })).toThrow(
      expect.objectContaining({ code: "JOURNAL_ENTRY_INVALID", message: expect.stringContaining(message) }),
    );
  });

  it("takes the longest payload and none longer", () => {
    const length = LONGEST_PAYLOAD - '{"a":""}'.length;
    expect(canonicalPayload({ a: "x".repeat(length) })).toHaveLength(LONGEST_PAYLOAD);
    expect(() => canonicalPayload({ a: "x".repeat(length + 1) })).toThrow(
      expect.objectContaining({ code: "JOURNAL_ENTRY_TOO_LARGE" }),
    );
    // Bytes count, not characters.
    expect(() => canonicalPayload({ a: "é".repeat(length / 2 + 1) })).toThrow(
      expect.objectContaining({ code: "JOURNAL_ENTRY_TOO_LARGE" }),
    );
  });
});

describe("payload segments", () => {
  it("keeps what it was given, by leaf, over the borders of segments", async () => {
    const folder = newFolder();
    for (const [from, count] of [
      [0, 5],
      [5, 250],
      [255, 1],
      [256, 600],
    ] as const) {
      await addPayloads(folder, from, lines(from, count));
    }
    for (const seq of [0, 4, 5, 254, 255, 256, 511, 512, 855]) {
      const record = await readPayload(folder, seq);
      expect(record).toEqual({ payload: { number: seq }, salt: salt.toString("hex"), seq, submission: null });
      expect(payloadRefOf(seq)).toBe(segmentPath(Math.floor(seq / 256)));
    }
    expect(await readPayload(folder, 856)).toBeNull();
    expect(await readPayload(folder, 5000)).toBeNull();
    expect(await readSegment(folder, 3, 88)).toHaveLength(88);
    await expect(readSegment(folder, 3, 89)).rejects.toMatchObject({ code: "JOURNAL_CUT" });
  });

  it("writes again what a killed process left behind the last line that counts", async () => {
    const folder = newFolder();
    await addPayloads(folder, 0, lines(0, 10));
    await addPayloads(folder, 10, [line(10), line(11)]);
    appendFileSync(join(folder, segmentPath(0)), '{"payload":{"half');
    // A reader sees whole lines only.
    expect(await readPayload(folder, 12)).toBeNull();
    const other = formatPayload(10, salt, '{"other":true}', "an-id");
    await addPayloads(folder, 10, [other]);
    expect(await readPayload(folder, 10)).toMatchObject({ payload: { other: true }, submission: "an-id" });
    expect(await readPayload(folder, 11)).toBeNull();
    expect(await readSegment(folder, 0, 11)).toHaveLength(11);
  });

  it("refuses to go on where lines are missing", async () => {
    const folder = newFolder();
    await addPayloads(folder, 0, lines(0, 3));
    await expect(addPayloads(folder, 5, [line(5)])).rejects.toMatchObject({ code: "JOURNAL_CUT" });
  });

  it("erases payload and salt, also where they lay, and nothing else", async () => {
    const folder = newFolder();
    const secret = formatPayload(1, salt, '{"reason":"example-secret"}', null);
    await addPayloads(folder, 0, [line(0), secret, line(2)]);
    const path = join(folder, segmentPath(0));
    const before = openSync(path, "r");
    const old = readFileSync(path);
    await erasePayloads(folder, new Map([[1, { at: "2026-01-02T03:04:05.678Z", by: 9 }]]));

    expect(await readPayload(folder, 1)).toEqual({
      erased: { at: "2026-01-02T03:04:05.678Z", by: 9 },
      seq: 1,
    });
    expect(await readPayload(folder, 2)).toMatchObject({ payload: { number: 2 } });
    expect(readFileSync(path, "utf8")).not.toContain("example-secret");
    // The file that had the name before still has its bytes, for whoever holds it open: they are zeros.
    const left = Buffer.alloc(old.length);
    expect(readSync(before, left, 0, left.length, 0)).toBe(old.length);
    expect(left).toEqual(Buffer.alloc(old.length));
  });

  it("reads what is being erased as it was or as it is, never as it is wiped", async () => {
    const folder = newFolder();
    const long = (seq: number) =>
      formatPayload(seq, salt, JSON.stringify({ text: "x".repeat(20_000) }), null);
    await addPayloads(
      folder,
      0,
      Array.from({ length: 200 }, (_, seq) => long(seq)),
    );
    const ended = new AbortController();
    const reading = (async () => {
      let reads = 0;
      for (; !ended.signal.aborted; reads += 1) expect(await readSegment(folder, 0, 200)).toHaveLength(200);
      return reads;
    })();
    for (let seq = 0; seq < 12; seq += 1) {
      await erasePayloads(folder, new Map([[seq, { at: "2026-01-01T00:00:00.000Z", by: 900 }]]));
    }
    ended.abort();
    expect(await reading).toBeGreaterThan(1);
  });

  it("leaves the first erasure as it is", async () => {
    const folder = newFolder();
    await addPayloads(folder, 0, [line(0)]);
    await erasePayloads(folder, new Map([[0, { at: "2026-01-01T00:00:00.000Z", by: 4 }]]));
    await erasePayloads(folder, new Map([[0, { at: "2026-02-02T00:00:00.000Z", by: 7 }]]));
    expect(await readPayload(folder, 0)).toMatchObject({ erased: { by: 4 } });
  });

  it.each([
    ["no JSON", "{", "is not JSON"],
    ["another leaf's line", line(7), "is of leaf 7, not 1"],
    ["a salt that is too short", line(1).replace(/"salt":"ab/, '"salt":"'), "is not a payload with its salt"],
    ["a field too many", line(1).replace("{", '{"more":1,'), "is not a payload with its salt"],
  ])("says that %s is damage", async (_name, text, message) => {
    const folder = newFolder();
    await addPayloads(folder, 0, [line(0)]);
    writeFileSync(join(folder, segmentPath(0)), `${line(0)}\n${text}\n`);
    await expect(readPayload(folder, 1)).rejects.toMatchObject({
      code: "JOURNAL_DAMAGED",
      message: expect.stringContaining(`line 2 of payloads/000.jsonl ${message}`),
    });
  });

  it("knows a payload by its leaf's hash", () => {
    const payload = { b: 1, a: "x" };
    const hash = payloadHash(salt, canonicalize(payload));
    const record = { seq: 0, salt: salt.toString("hex"), payload, submission: null };
    expect(isPayloadOf(record, { payloadHash: hash })).toBe(true);
    expect(isPayloadOf({ ...record, payload: { b: 2, a: "x" } }, { payloadHash: hash })).toBe(false);
    expect(isPayloadOf({ ...record, salt: "00".repeat(32) }, { payloadHash: hash })).toBe(false);
  });
});
