import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type TimedEntry, writeTestLog } from "../../test/support/test-log.ts";
import { systemClock } from "../time/clock.ts";
import { writeBundle } from "./bundle.ts";
import { createCosigner } from "./cosignature.ts";
import { leavesOfPeriod, parsePeriod } from "./export-period.ts";
import { openJournal } from "./journal.ts";
import { readCheckpoint, readLog, readLogEntry } from "./log-reader.ts";
import { consistencyProof } from "./merkle.ts";
import type { NoteSigner } from "./note.ts";
import { TileReader } from "./tiles.ts";
import { verifyJournal } from "./verify.ts";
import { witness } from "./witness.ts";
import { takeUpCosignature } from "./witnessed.ts";

const SIZE = 1000;
const START = Date.parse("2024-07-22T00:00:00Z");
const HOUR = 3_600_000;

let root: string;
let journal: string;
let signer: NoteSigner;
let made = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "contrechamp-bundle-"));
  journal = join(root, "journal");
  // A leaf an hour, each seventh of them a view.
  const entries = Array.from({ length: SIZE }, (_, i): TimedEntry => {
    const at = START + i * HOUR;
    return i % 7 === 0
      ? { at, type: "view", actor: "op-1", payload: { evidenceId: `e${i}`, reason: "confirmation" } }
      : { at, type: "health", actor: "engine", payload: { cameraId: "cam-1", kind: "stalled" } };
  });
  signer = await writeTestLog(
    journal,
    "example.org/journal",
    generateKeyPairSync("ed25519").privateKey,
    entries,
  );
});
afterAll(() => rm(root, { recursive: true, force: true }));

const order = (more: object = {}) => {
  made += 1;
  return { out: join(root, `bundle-${made}`), engineVersion: "0.0.0", clock: systemClock, ...more };
};

describe("a bundle", () => {
  test.each([
    [0, SIZE],
    [0, 1],
    [255, 257],
    [256, 512],
    [300, 301],
    [700, SIZE],
    [SIZE - 1, SIZE],
  ])("of leaves %i to %i verifies alone", async (from, to) => {
    const { out } = order();
    await writeBundle(journal, { ...order(), out, from, to });
    const report = await verifyJournal(out, { logKey: signer.verifierKey });
    expect(report.findings.map(({ code }) => code)).toEqual(["no_witness"]);
    expect(report).toMatchObject({ source: { kind: "bundle" }, size: SIZE, range: { from, to } });
    expect(report.payloads.intact).toBe(to - from);
    const read: number[] = [];
    for await (const { leaf, content } of readLog(out)) {
      expect(content.kind).toBe("kept");
      read.push(leaf.seq);
    }
    expect(read).toEqual(Array.from({ length: to - from }, (_, i) => from + i));
  });

  test("holds one hash a leaf only where its leaves are", async () => {
    const { out } = order();
    await writeBundle(journal, { ...order(), out, from: 300, to: 301 });
    const names = await readdir(join(out, "tile"), { recursive: true });
    expect(names.filter((name) => /^entries\/\d/.test(name))).toEqual(["entries/001"]);
    // The tile of its leaves, and the last one, which only the root is above.
    expect(names.filter((name) => /^0\/\d{3}(\.p\/\d+)?$/.test(name)).toSorted()).toEqual([
      "0/001",
      "0/003.p/232",
    ]);
  });

  test("leaves out contents that are withheld, and says so", async () => {
    const { out } = order();
    const description = await writeBundle(journal, { ...order(), out, withhold: ["view"] });
    expect(description.withheld).toEqual(["view"]);
    const report = await verifyJournal(out, { logKey: signer.verifierKey });
    const views = Math.ceil(SIZE / 7);
    expect(report.payloads).toMatchObject({ intact: SIZE - views, withheld: views, missing: 0 });
    expect((await readFile(join(out, "payloads/000.jsonl"), "utf8")).includes("confirmation")).toBe(false);
    expect((await readLogEntry(out, 7)).content).toEqual({ kind: "withheld" });
    expect(await readFile(join(out, "LISEZMOI.txt"), "utf8")).toContain("(view)");
  });

  test("of a part that was changed is found", async () => {
    const { out } = order();
    await writeBundle(journal, { ...order(), out, from: 300, to: 400 });
    const path = join(out, "tile/entries/001");
    const bytes = await readFile(path);
    bytes[40] = (bytes[40] ?? 0) ^ 1;
    await writeFile(path, bytes);
    expect((await verifyJournal(out, { logKey: signer.verifierKey })).verdict).toBe("broken");
  });

  test("of a part cannot be compared with every record, and does not pretend to be", async () => {
    const { out } = order();
    await writeBundle(journal, { ...order(), out, from: 700, to: 800 });
    const key = generateKeyPairSync("ed25519").privateKey;
    const earlier = join(root, "earlier");
    const other = await writeTestLog(earlier, "example.org/journal", key, [
      { at: START, type: "health", actor: "engine", payload: {} },
    ]);
    // Signed by another key: it is no record of this journal at all.
    const text = await readFile(join(earlier, "checkpoint"), "utf8");
    const wrong = await verifyJournal(out, {
      logKey: signer.verifierKey,
      trustedCheckpoints: [{ name: "x", text }],
    });
    expect(wrong.findings.map(({ code }) => code)).toContain("record_unusable");
    expect(other.verifierKey).not.toBe(signer.verifierKey);
  });

  test("is not written over something, nor of nothing", async () => {
    await expect(writeBundle(journal, order({ out: journal }))).rejects.toMatchObject({
      code: "BUNDLE_EXISTS",
    });
    await expect(writeBundle(journal, order({ from: SIZE }))).rejects.toMatchObject({ code: "BUNDLE_EMPTY" });
    await expect(writeBundle(root, order())).rejects.toMatchObject({ code: "BUNDLE_EMPTY" });
  });

  test("of a period holds the leaves of its days", async () => {
    // Days of Paris begin at 22:00 UTC in summer: the log begins two hours into the week's first day.
    expect(await leavesOfPeriod(journal, parsePeriod("2024-W30"))).toEqual({ from: 0, to: 7 * 24 - 2 });
    expect(await leavesOfPeriod(journal, parsePeriod("2024-07-23"))).toEqual({ from: 22, to: 46 });
    expect(await leavesOfPeriod(journal, parsePeriod("2023"))).toBeNull();
  });
});

describe("a journal that is being written", () => {
  test("verifies, is read with its tail, and takes up what a witness sent back", async () => {
    const folder = join(root, "live");
    const live = await openJournal(folder, {
      clock: systemClock,
      origin: "example.org/live",
      checkpointEvery: { leaves: 100_000, seconds: 3600 },
      onFault: (fault) => {
        throw fault;
      },
    });
    const append = (count: number) =>
      Promise.all(
        Array.from({ length: count }, () =>
          live.append({ type: "health", actor: "engine", payload: { cameraId: "cam-1", kind: "stalled" } }),
        ),
      );
    await append(299);
    await live.checkpoint();
    const cosigner = createCosigner("example.org/town-hall", generateKeyPairSync("ed25519").privateKey);
    const { note } = (await readCheckpoint(folder)) ?? { note: "" };
    const signed = await witness(
      { note, proofFrom: (from) => consistencyProof(new TileReader(folder, 300), from, 300) },
      { cosigner, memory: join(root, "memory"), logKey: live.verifierKey, clock: systemClock },
    );
    await append(200);
    await live.checkpoint();
    await append(50);
    const { verifierKey } = live;

    const open = await verifyJournal(folder, { logKey: verifierKey });
    expect(open).toMatchObject({ size: 500, beyond: 50 });
    expect(open.findings.map(({ code }) => code)).toEqual(["no_witness", "beyond_checkpoint"]);
    let last = -1;
    for await (const { leaf } of readLog(folder)) last = leaf.seq;
    expect(last).toBe(549);
    await live.close();

    const taken = await takeUpCosignature(folder, signed.note, {
      witnessKey: cosigner.verifierKey,
      actor: "op-1",
      clock: systemClock,
    });
    expect(taken).toMatchObject([{ witness: "example.org/town-hall", size: 300, leaf: { seq: 550 } }]);
    expect(await readLogEntry(folder, 550)).toMatchObject({
      leaf: { type: "checkpoint_witnessed", actor: "op-1" },
      content: { payload: { witness: "example.org/town-hall", size: 300 } },
    });
    const after = await verifyJournal(folder, { logKey: verifierKey, witnessKeys: [cosigner.verifierKey] });
    expect(after).toMatchObject({ verdict: "sound", vouchedTo: 300, size: 551 });
    expect(after.findings.map(({ code }) => code)).toEqual(["not_yet_vouched"]);
    // The journal's own word for who the witness is vouches for nothing.
    expect((await verifyJournal(folder, { logKey: verifierKey })).vouchedTo).toBe(0);

    const { out } = order();
    await writeBundle(folder, { ...order(), out });
    expect(await verifyJournal(out, { witnessKeys: [cosigner.verifierKey] })).toMatchObject({
      verdict: "sound",
      vouchedTo: 300,
    });
  });

  test("a cosignature of another journal is not taken up", async () => {
    const key = generateKeyPairSync("ed25519").privateKey;
    const [ours, fork] = [join(root, "ours"), join(root, "fork")];
    const entries = (kind: string): TimedEntry[] =>
      Array.from({ length: 20 }, (_, i) => ({
        at: START + i,
        type: "health",
        actor: "engine",
        payload: { kind },
      }));
    const { verifierKey } = await writeTestLog(ours, "example.org/journal", key, entries("a"));
    await writeTestLog(fork, "example.org/journal", key, entries("b"));
    const cosigner = createCosigner("example.org/town-hall", generateKeyPairSync("ed25519").privateKey);
    const signed = await witness(
      { note: await readFile(join(fork, "checkpoint"), "utf8"), proofFrom: async () => null },
      { cosigner, memory: join(root, "fork-memory"), logKey: verifierKey, clock: systemClock },
    );
    const options = { witnessKey: cosigner.verifierKey, actor: "op-1", clock: systemClock };
    await expect(takeUpCosignature(ours, signed.note, options)).rejects.toMatchObject({
      code: "COSIGNATURE_NOT_OURS",
    });
    const unsigned = await readFile(join(ours, "checkpoint"), "utf8");
    await expect(takeUpCosignature(ours, unsigned, options)).rejects.toMatchObject({ code: "NOTE_UNSIGNED" });
    expect(await readdir(ours)).not.toContain("witnessed");
  });
});
