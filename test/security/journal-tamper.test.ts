import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { cp, mkdtemp, readdir, readFile, rename, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { canonicalize } from "json-canonicalize";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createCosigner } from "../../src/journal/cosignature.ts";
import { decodeBundle, encodeBundle } from "../../src/journal/entry-bundle.ts";
import { openJournal } from "../../src/journal/journal.ts";
import { leafSchema } from "../../src/journal/leaf.ts";
import { leafHash } from "../../src/journal/merkle.ts";
import { addSignatures, createNoteSigner, parseNote, signNote } from "../../src/journal/note.ts";
import { type VerifyOptions, verifyJournal } from "../../src/journal/verify.ts";
import type { FindingCode } from "../../src/journal/verify-findings.ts";
import { witness } from "../../src/journal/witness.ts";
import { systemClock } from "../../src/time/clock.ts";
import { type TimedEntry, writeTestLog } from "../support/test-log.ts";

/** Leaves of the journal that is tampered with: two full bundles and a part of a third. */
const LEAVES = 600;
const ERASED = 77;

let root: string;
/** A journal as the engine writes it, closed. */
let clean: string;
/** What a town hall kept of it. */
let memory: string;
let options: VerifyOptions;
/** The same made twice by whoever holds the key: for what only a witness sees. */
let forgerKey: KeyObject;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "contrechamp-tamper-"));
  clean = join(root, "clean");
  const journal = await openJournal(clean, {
    clock: systemClock,
    origin: "example.org/journal",
    onFault: (fault) => {
      throw fault;
    },
  });
  for (let i = 1; i < LEAVES - 1; i += 1) {
    const payload = { cameraId: "cam-1", kind: "test", detail: `number ${i} of \u2028 ${"é".repeat(i % 7)}` };
    if (i % 200 === 0) await journal.append({ type: "health", actor: "engine", payload });
    else void journal.append({ type: "health", actor: "engine", payload });
  }
  await journal.erasePayload(ERASED, { actor: "operator-1", reason: "test" });
  expect(journal.size).toBe(LEAVES);
  const { verifierKey } = journal;
  await journal.close();

  memory = join(root, "memory.txt");
  const cosigner = createCosigner("example.org/town-hall", generateKeyPairSync("ed25519").privateKey);
  const note = await readFile(join(clean, "checkpoint"), "utf8");
  await witness(
    { note, proofFrom: async () => null },
    { cosigner, memory, logKey: verifierKey, clock: systemClock },
  );
  options = {
    logKey: verifierKey,
    trustedCheckpoints: [{ name: "memory.txt", text: await readFile(memory, "utf8") }],
  };
  forgerKey = generateKeyPairSync("ed25519").privateKey;
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** A copy of the journal to be damaged. */
async function copy(): Promise<string> {
  const folder = await mkdtemp(join(root, "copy-"));
  await cp(clean, folder, { recursive: true });
  return folder;
}

async function edit(folder: string, file: string, change: (bytes: Buffer) => Buffer): Promise<void> {
  const path = join(folder, file);
  await writeFile(path, change(await readFile(path)));
}

function flip(at: number, bit = 0) {
  return (bytes: Buffer): Buffer => {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ (1 << bit);
    return changed;
  };
}

const BUNDLE = "tile/entries/001";
const LAST_BUNDLE = `tile/entries/002.p/${LEAVES % 256}`;
const LAST_TILE = `tile/0/002.p/${LEAVES % 256}`;

function swapLeaves(a: number, b: number, count = 256) {
  return (bytes: Buffer): Buffer => {
    const leaves = decodeBundle(bytes, count);
    const [x, y] = [leaves[a], leaves[b]];
    if (x === undefined || y === undefined) throw new RangeError("no such leaf");
    leaves[a] = y;
    leaves[b] = x;
    return encodeBundle(leaves);
  };
}

function swapLines(a: number, b: number) {
  return (bytes: Buffer): Buffer => {
    const lines = bytes.toString("utf8").split("\n");
    const [x, y] = [lines[a], lines[b]];
    if (x === undefined || y === undefined) throw new RangeError("no such line");
    lines[a] = y;
    lines[b] = x;
    return Buffer.from(lines.join("\n"));
  };
}

/** One thing that somebody does to the files, and what must be found. */
interface Tampering {
  readonly what: string;
  readonly found: FindingCode;
  readonly where?: object;
  readonly do: (folder: string) => Promise<unknown>;
}

const TAMPERINGS: readonly Tampering[] = [
  {
    what: "a bit flipped in a leaf",
    found: "leaf_changed",
    where: { seq: 256 },
    do: (folder) => edit(folder, BUNDLE, flip(20)),
  },
  {
    what: "a bit flipped in a leaf of the last, unfinished bundle",
    found: "leaf_changed",
    where: { seq: 512 },
    do: (folder) => edit(folder, LAST_BUNDLE, flip(20)),
  },
  {
    what: "a leaf rewritten with care, in canonical form",
    found: "leaf_changed",
    where: { seq: 300 },
    do: (folder) =>
      edit(folder, BUNDLE, (bytes) => {
        const leaves = decodeBundle(bytes, 256);
        const leaf = leafSchema.parse(JSON.parse(String(leaves[44])));
        leaves[44] = Buffer.from(canonicalize({ ...leaf, actor: "somebody" }));
        return encodeBundle(leaves);
      }),
  },
  {
    what: "a leaf rewritten together with its hash",
    found: "part_changed",
    where: { seq: 256, lastSeq: 511 },
    do: async (folder) => {
      let changed = Buffer.alloc(0);
      await edit(folder, BUNDLE, (bytes) => {
        const leaves = decodeBundle(bytes, 256);
        const leaf = leafSchema.parse(JSON.parse(String(leaves[44])));
        changed = Buffer.from(canonicalize({ ...leaf, actor: "somebody" }));
        leaves[44] = changed;
        return encodeBundle(leaves);
      });
      await edit(folder, "tile/0/001", (bytes) =>
        Buffer.concat([bytes.subarray(0, 44 * 32), leafHash(changed), bytes.subarray(45 * 32)]),
      );
    },
  },
  {
    what: "a bit flipped in a tile",
    found: "tile_changed",
    where: { file: "tile/0/001", seq: 259 },
    do: (folder) => edit(folder, "tile/0/001", flip(3 * 32 + 5)),
  },
  {
    what: "a bit flipped in the last, unfinished tile",
    found: "tile_changed",
    where: { file: LAST_TILE, seq: 513 },
    do: (folder) => edit(folder, LAST_TILE, flip(32)),
  },
  {
    what: "a bit flipped in a tile of the level above",
    found: "tile_changed",
    where: { file: "tile/1/000.p/2" },
    do: (folder) => edit(folder, "tile/1/000.p/2", flip(40)),
  },
  { what: "a tile deleted", found: "tile_missing", do: (folder) => rm(join(folder, "tile/0/001")) },
  { what: "a tile cut", found: "tile_malformed", do: (folder) => truncate(join(folder, "tile/0/001"), 8191) },
  {
    what: "a bundle of leaves deleted",
    found: "leaves_missing",
    where: { seq: 256, lastSeq: 511 },
    do: (folder) => rm(join(folder, BUNDLE)),
  },
  { what: "a bundle cut", found: "leaves_malformed", do: (folder) => truncate(join(folder, BUNDLE), 9000) },
  {
    what: "the last leaves deleted",
    found: "tail_cut",
    where: { seq: 512, lastSeq: LEAVES - 1 },
    do: (folder) => rm(join(folder, LAST_BUNDLE)),
  },
  {
    what: "two leaves exchanged",
    found: "leaf_out_of_order",
    where: { seq: 260, detail: "270" },
    do: (folder) => edit(folder, BUNDLE, swapLeaves(4, 14)),
  },
  {
    what: "a payload changed",
    found: "payload_changed",
    where: { seq: 300 },
    do: (folder) =>
      edit(folder, "payloads/001.jsonl", (bytes) =>
        Buffer.from(bytes.toString("utf8").replace("number 300 ", "number 301 ")),
      ),
  },
  {
    what: "a salt changed",
    found: "payload_changed",
    do: (folder) =>
      edit(folder, "payloads/001.jsonl", (bytes) =>
        Buffer.from(
          bytes.toString("utf8").replace(/"salt":"./, (start) => `"salt":"${start.endsWith("0") ? 1 : 0}`),
        ),
      ),
  },
  {
    what: "two payloads exchanged",
    found: "payload_malformed",
    do: (folder) => edit(folder, "payloads/001.jsonl", swapLines(4, 9)),
  },
  {
    what: "two payloads exchanged and numbered anew",
    found: "payload_changed",
    do: (folder) =>
      edit(folder, "payloads/001.jsonl", (bytes) => {
        const lines = swapLines(4, 9)(bytes).toString("utf8").split("\n");
        const renumbered = lines.map((line, i) => line.replace(/"seq":\d+/, `"seq":${256 + i}`));
        return Buffer.from(renumbered.join("\n"));
      }),
  },
  {
    what: "a file of payloads deleted",
    found: "payload_missing",
    do: (folder) => rm(join(folder, "payloads/001.jsonl")),
  },
  {
    what: "a payload called erased that nobody erased",
    found: "erasure_unrecorded",
    where: { seq: 300 },
    do: (folder) =>
      edit(folder, "payloads/001.jsonl", (bytes) => {
        const lines = bytes.toString("utf8").split("\n");
        lines[44] = canonicalize({ erased: { at: "2026-01-01T00:00:00.000Z", by: LEAVES - 1 }, seq: 300 });
        return Buffer.from(lines.join("\n"));
      }),
  },
  {
    what: "a payload called erased by a leaf that is no erasure",
    found: "erasure_unrecorded",
    where: { seq: 300 },
    do: (folder) =>
      edit(folder, "payloads/001.jsonl", (bytes) => {
        const lines = bytes.toString("utf8").split("\n");
        lines[44] = canonicalize({ erased: { at: "2026-01-01T00:00:00.000Z", by: 301 }, seq: 300 });
        return Buffer.from(lines.join("\n"));
      }),
  },
  {
    what: "the signed state deleted",
    found: "checkpoint_missing",
    do: (folder) => rm(join(folder, "checkpoint")),
  },
  {
    what: "the signed state cut",
    found: "checkpoint_malformed",
    do: (folder) => truncate(join(folder, "checkpoint"), 60),
  },
  {
    what: "another size in the signed state",
    found: "checkpoint_signature_wrong",
    do: (folder) =>
      edit(folder, "checkpoint", (bytes) =>
        Buffer.from(bytes.toString("utf8").replace("\n600\n", "\n512\n")),
      ),
  },
  {
    what: "the signature taken away, another put in its place",
    found: "checkpoint_unsigned",
    do: (folder) =>
      edit(folder, "checkpoint", (bytes) => {
        const other = createNoteSigner("example.org/other", generateKeyPairSync("ed25519").privateKey);
        return Buffer.from(signNote(parseNote(bytes).text, [other]));
      }),
  },
  {
    what: "the state signed with another key of the same name",
    found: "other_key",
    do: (folder) =>
      edit(folder, "checkpoint", (bytes) => {
        const other = createNoteSigner("example.org/journal", generateKeyPairSync("ed25519").privateKey);
        return Buffer.from(signNote(parseNote(bytes).text, [other]));
      }),
  },
];

describe("a journal that nobody touched", () => {
  test("is sound, with its erased payload", async () => {
    const report = await verifyJournal(clean, options);
    expect(report.findings).toEqual([]);
    expect(report).toMatchObject({
      verdict: "sound",
      size: LEAVES,
      vouchedTo: LEAVES,
      leaves: { checked: LEAVES, byType: { journal_opened: 1, erasure: 1, health: LEAVES - 2 } },
      payloads: { intact: LEAVES - 1, erased: 1, changed: 0, missing: 0 },
      records: [{ outcome: "agrees", size: LEAVES, outside: true }],
    });
  });

  test("is not called sound on its own word", async () => {
    const report = await verifyJournal(clean);
    expect(report).toMatchObject({ verdict: "alone", vouchedTo: 0 });
    expect(report.findings.map(({ code }) => code)).toEqual(["nobody_independent"]);
    const keyed = await verifyJournal(clean, { ...options, trustedCheckpoints: [] });
    expect(keyed.findings.map(({ code }) => code)).toEqual(["no_witness"]);
  });
});

describe("whoever has the files:", () => {
  test.each(TAMPERINGS)("$what", async ({ found, where, do: tamper }) => {
    const folder = await copy();
    await tamper(folder);
    const report = await verifyJournal(folder, options);
    expect(report.verdict).toBe("broken");
    const finding = report.findings.find(({ code }) => code === found);
    expect(finding, report.findings.map(({ code }) => code).join()).toBeDefined();
    if (where !== undefined) expect(finding?.places).toContainEqual(expect.objectContaining(where));
    await rm(folder, { recursive: true });
  });

  test("a journal put back to an earlier copy is behind what the witness signed", async () => {
    const folder = join(root, "earlier");
    const key = forgerKey;
    await writeTestLog(folder, "example.org/journal", key, entries(300));
    const later = join(root, "later");
    const signer = await writeTestLog(later, "example.org/journal", key, entries(400));
    const record = { name: "copy", text: await readFile(join(later, "checkpoint"), "utf8") };
    const report = await verifyJournal(folder, { logKey: signer.verifierKey, trustedCheckpoints: [record] });
    expect(report.verdict).toBe("broken");
    expect(report.findings).toContainEqual(expect.objectContaining({ code: "shrunk" }));
  });

  test("any bit of any file of leaves, hashes, payloads or the signed state", async () => {
    const files = (await readdir(clean, { recursive: true, withFileTypes: true }))
      .filter((one) => one.isFile())
      .map((one) => join(one.parentPath, one.name).slice(clean.length + 1))
      .filter((file) => /^(tile|payloads|checkpoint)/.test(file));
    expect(files.length).toBeGreaterThan(9);
    const folder = await copy();
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.nat({ max: 7 }),
        async (file, place, bit) => {
          const path = join(folder, file);
          const at = Math.floor(place * (await stat(path)).size);
          await edit(folder, file, flip(at, bit));
          try {
            expect((await verifyJournal(folder, options)).verdict).toBe("broken");
          } finally {
            await edit(folder, file, flip(at, bit));
          }
        },
      ),
      { numRuns: 200 },
    );
    expect((await verifyJournal(folder, options)).verdict).toBe("sound");
  });

  test("any one file taken away, but those that only earlier states needed", async () => {
    const folder = await copy();
    const needed = /^(?:tile\/.*(?:\/\d{3}|\.p\/(?:88|2))|payloads\/.*|checkpoint)$/;
    for (const file of await readdir(folder, { recursive: true, withFileTypes: true })) {
      const path = join(file.parentPath, file.name);
      if (!file.isFile() || !needed.test(path.slice(folder.length + 1))) continue;
      await rename(path, join(root, "away"));
      expect((await verifyJournal(folder, options)).verdict, path).toBe("broken");
      await rename(join(root, "away"), path);
    }
  });
});

/** So many leaves that say something, a second apart. */
function entries(count: number): TimedEntry[] {
  return Array.from({ length: count }, (_, i) => ({
    at: Date.parse("2026-01-01T00:00:00Z") + i * 1000,
    type: "health",
    actor: "engine",
    payload: { cameraId: "cam-1", kind: "test", detail: String(i) },
  }));
}

describe("whoever holds the journal's key and signs all anew:", () => {
  /** The forged journal is sound in itself: each finding is due to what an outsider kept. */
  async function compare(forged: string, kept: string, keptSize: number) {
    const [logKey, text] = await Promise.all([
      readFile(join(forged, "public"), "utf8"),
      readFile(join(kept, "checkpoint"), "utf8"),
    ]);
    const alone = await verifyJournal(forged, { logKey });
    const compared = await verifyJournal(forged, { logKey, trustedCheckpoints: [{ name: "kept", text }] });
    expect(compared.verdict).toBe("broken");
    expect(compared.records).toMatchObject([{ size: keptSize }]);
    return {
      alone: alone.findings.map(({ code }) => code),
      compared: compared.findings.map(({ code }) => code),
    };
  }

  test("a fork of the same size", async () => {
    const [kept, forged] = [join(root, "fork-a"), join(root, "fork-b")];
    await writeTestLog(kept, "example.org/journal", forgerKey, entries(700));
    await writeTestLog(
      forged,
      "example.org/journal",
      forgerKey,
      entries(700).map((entry, i) =>
        i === 650 ? { ...entry, payload: { detail: "nothing happened" } } : entry,
      ),
    );
    const { alone, compared } = await compare(forged, kept, 700);
    expect(alone).toEqual(["no_witness"]);
    expect(compared).toContain("fork");
  });

  test("a past that was rewritten, and went on", async () => {
    const [kept, forged] = [join(root, "past-a"), join(root, "past-b")];
    await writeTestLog(kept, "example.org/journal", forgerKey, entries(600));
    const other = entries(900).filter((_, i) => i !== 123);
    await writeTestLog(forged, "example.org/journal", forgerKey, other);
    const { alone, compared } = await compare(forged, kept, 600);
    expect(alone).toEqual(["no_witness"]);
    expect(compared).toContain("rewritten");
  });

  test("two leaves that changed places, numbers and all", async () => {
    const [kept, forged] = [join(root, "order-a"), join(root, "order-b")];
    await writeTestLog(kept, "example.org/journal", forgerKey, entries(600));
    const other = entries(600);
    const [a, b] = [other[300], other[301]];
    if (a === undefined || b === undefined) throw new RangeError("no such entry");
    other[300] = { ...b, at: a.at };
    other[301] = { ...a, at: b.at };
    await writeTestLog(forged, "example.org/journal", forgerKey, other);
    const { alone, compared } = await compare(forged, kept, 600);
    expect(alone).toEqual(["no_witness"]);
    expect(compared).toContain("fork");
  });

  test("two leaves that changed places as they are show it by themselves", async () => {
    const folder = join(root, "order-c");
    await writeTestLog(folder, "example.org/journal", forgerKey, entries(600), {
      leaves: (leaves) => leaves.splice(300, 2, ...leaves.slice(300, 302).reverse()),
    });
    const codes = (await verifyJournal(folder)).findings.map(({ code }) => code);
    expect(codes).toContain("leaf_out_of_order");
    expect(codes).toContain("time_went_back");
  });

  test("a leaf that is no leaf", async () => {
    const folder = join(root, "no-leaf");
    await writeTestLog(folder, "example.org/journal", forgerKey, entries(300), {
      leaves: (leaves) => {
        leaves[200] = Buffer.from(String(leaves[200]).replace("{", "{ "));
      },
    });
    const report = await verifyJournal(folder);
    expect(report.findings).toContainEqual(
      expect.objectContaining({ code: "leaf_malformed", places: [{ seq: 200 }] }),
    );
  });

  test("a witness that is shown the other branch refuses to sign it", async () => {
    const [kept, forged] = [join(root, "shown-a"), join(root, "shown-b")];
    const signer = await writeTestLog(kept, "example.org/journal", forgerKey, entries(300));
    await writeTestLog(forged, "example.org/journal", forgerKey, entries(301).slice(1));
    const cosigner = createCosigner("example.org/town-hall", generateKeyPairSync("ed25519").privateKey);
    const ask = async (folder: string) =>
      witness(
        { note: await readFile(join(folder, "checkpoint"), "utf8"), proofFrom: async () => null },
        { cosigner, memory: join(root, "branch.txt"), logKey: signer.verifierKey, clock: systemClock },
      );
    await ask(kept);
    await expect(ask(forged)).rejects.toMatchObject({ code: "WITNESS_FORK" });
  });
});

test("a witness's signature that was changed is told, and the rest is judged", async () => {
  const folder = await copy();
  const cosigner = createCosigner("example.org/town-hall", generateKeyPairSync("ed25519").privateKey);
  const note = await readFile(join(folder, "checkpoint"), "utf8");
  const signed = cosigner.cosign(parseNote(note).text, Date.parse("2026-02-01T00:00:00Z"));
  const withWitness = { ...options, trustedCheckpoints: [], witnessKeys: [cosigner.verifierKey] };
  await writeFile(join(folder, "checkpoint"), addSignatures(note, [signed]));
  expect(await verifyJournal(folder, withWitness)).toMatchObject({ verdict: "sound", vouchedTo: LEAVES });
  const wrong = cosigner.cosign("something else\n", Date.parse("2026-02-01T00:00:00Z"));
  await writeFile(join(folder, "checkpoint"), addSignatures(note, [wrong]));
  const report = await verifyJournal(folder, withWitness);
  expect(report.verdict).toBe("broken");
  expect(report.findings.map(({ code }) => code)).toContain("cosignature_wrong");
});
