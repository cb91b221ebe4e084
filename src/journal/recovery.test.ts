import { hash } from "node:crypto";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkAll, readJournalFolder } from "../../test/support/journal-folder.ts";
import { CodedError } from "../errors.ts";
import { systemClock } from "../time/clock.ts";
import { openJournal } from "./journal.ts";
import { TAIL_FILE } from "./log-file.ts";
import { readPayload } from "./payloads.ts";

const top = mkdtempSync(join(tmpdir(), "contrechamp-recovery-"));
afterAll(() => rmSync(top, { recursive: true, force: true }));
let folders = 0;

const options = {
  clock: systemClock,
  checkpointEvery: { leaves: 1e6, seconds: 1e6 },
  onFault: (fault: CodedError) => expect(fault).toBeNull(),
};
const BESIDE = 5;
const STORED = 600;
const SIZE = STORED + BESIDE;

/** 600 leaves behind a checkpoint, five more in the tail: what a process leaves that is killed then. */
const left = join(top, "left");
/** The same a checkpoint earlier. */
const earlier = join(top, "earlier");
/** The last leaf's hash of `left`, hexadecimal. */
let lastHash = "";

beforeAll(async () => {
  const work = join(top, "work");
  const journal = await openJournal(work, options);
  const append = (number: number) => journal.append({ type: "health", actor: "engine", payload: { number } });
  while (journal.size < 300) await append(journal.size);
  await journal.checkpoint();
  cpSync(work, earlier, { recursive: true });
  await Promise.all(Array.from({ length: STORED - journal.size }, (_, i) => append(i)));
  await journal.checkpoint();
  // One group each.
  while (journal.size < SIZE) lastHash = (await append(journal.size)).leafHash;
  cpSync(work, left, { recursive: true });
  await journal.close();
});

/** A copy to do harm to. */
function copy(): string {
  const folder = join(top, String(folders++));
  cpSync(left, folder, { recursive: true });
  return folder;
}

/** All files but the lock and the name of who holds it, with a hash of their bytes. */
function contents(folder: string): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  const paths = files.map((one) => join(one.parentPath, one.name).slice(folder.length + 1));
  return new Map(
    paths
      .filter((path) => !["lock", "holder"].includes(path))
      .sort()
      .map((path) => [path, hash("sha256", readFileSync(join(folder, path)))]),
  );
}

function flip(folder: string, path: string, at: number): void {
  const bytes = readFileSync(join(folder, path));
  const place = at < 0 ? bytes.length + at : at;
  bytes[place] = (bytes[place] ?? 0) ^ 0x01;
  writeFileSync(join(folder, path), bytes);
}

describe("opening what a killed process left", () => {
  it("keeps every leaf, and writes that it was recovered", async () => {
    const folder = copy();
    const journal = await openJournal(folder, options);
    expect(journal.size).toBe(SIZE + 1);
    await journal.close();
    expect(await (await readJournalFolder(folder)).hashAt(SIZE - 1)).toBe(lastHash);
    expect((await checkAll(folder)).at(-1)).toBe("recovery");
    expect(await readPayload(folder, SIZE)).toMatchObject({
      payload: { cutBytes: 0, lastSeq: SIZE - 1, checkpointSize: STORED, leavesFromTail: BESIDE },
    });
    // Closed as it should be, it needs no recovery.
    await (await openJournal(folder, options)).close();
    expect((await readJournalFolder(folder)).size).toBe(SIZE + 1);
  });

  it("cuts an interrupted write, and says how long it was", async () => {
    const folder = copy();
    appendFileSync(join(folder, TAIL_FILE), Buffer.alloc(77, 1));
    const journal = await openJournal(folder, options);
    await journal.close();
    expect(await readPayload(folder, SIZE)).toMatchObject({ payload: { cutBytes: 77, lastSeq: SIZE - 1 } });
  });

  it("cut at any byte of the tail, keeps all leaves that are whole, or says that it was cut", async () => {
    const whole = readFileSync(join(left, TAIL_FILE));
    // Every length near the borders of frames is met by log-file.test.ts; here the whole way through is taken.
    for (let length = 0; length <= whole.length; length += 29) {
      const folder = copy();
      truncateSync(join(folder, TAIL_FILE), length);
      const before = contents(folder);
      const opened = await openJournal(folder, options).catch((thrown: unknown) => thrown);
      if (opened instanceof CodedError) {
        expect(opened.code).toBe("JOURNAL_DAMAGED");
        expect(length).toBeLessThan(32);
        expect(contents(folder)).toEqual(before);
      } else if (typeof opened === "object" && opened !== null && "close" in opened) {
        const journal = opened as Awaited<ReturnType<typeof openJournal>>;
        const recovery = journal.size - 1;
        await journal.close();
        const record = await readPayload(folder, recovery);
        if (record !== null && "payload" in record && "cutBytes" in record.payload) {
          expect(record.payload).toMatchObject({ lastSeq: recovery - 1, checkpointSize: STORED });
        } else {
          // Cut to nothing but its head: as after a checkpoint. Who cuts there is found by a witness.
          expect(length).toBeLessThan(32 + 29);
          expect(recovery).toBe(STORED - 1);
        }
        await checkAll(folder);
      } else expect.fail(String(opened));
      rmSync(folder, { recursive: true });
    }
  });

  it("makes a journal that was never begun wholly, with the key that is there", async () => {
    const folder = copy();
    const key = readFileSync(join(folder, "private.pem"), "utf8");
    for (const name of [TAIL_FILE, "checkpoint", "tile", "payloads"])
      rmSync(join(folder, name), { recursive: true });
    const journal = await openJournal(folder, options);
    expect(journal.size).toBe(1);
    expect(readFileSync(join(folder, "private.pem"), "utf8")).toBe(key);
    await journal.close();
  });

  it("makes a new key where a process was killed between the two files of one", async () => {
    const folder = copy();
    for (const name of [TAIL_FILE, "checkpoint", "tile", "payloads", "private.pem"]) {
      rmSync(join(folder, name), { recursive: true });
    }
    const name = readFileSync(join(folder, "public"), "utf8");
    const journal = await openJournal(folder, options);
    expect(`${journal.verifierKey}\n`).not.toBe(name);
    await journal.close();
    await checkAll(folder);
  });
});

describe("a journal that was changed is refused, and left as it is", () => {
  it.each<[string, string, string, (folder: string) => void]>([
    [
      "a tile is missing",
      "JOURNAL_CUT",
      "tile/0/002.p/88 is missing",
      (f) => rmSync(join(f, "tile/0/002.p/88")),
    ],
    [
      "a tile was cut",
      "JOURNAL_DAMAGED",
      "has 2784 bytes",
      (f) => truncateSync(join(f, "tile/0/002.p/88"), 2784),
    ],
    ["one bit of the last tile", "JOURNAL_DAMAGED", "root", (f) => flip(f, "tile/0/002.p/88", 100)],
    ["one bit of the tile above", "JOURNAL_DAMAGED", "root", (f) => flip(f, "tile/1/000.p/2", 40)],
    [
      "one bit of the last full tile",
      "JOURNAL_DAMAGED",
      "tile/0/001 is not what",
      (f) => flip(f, "tile/0/001", 9),
    ],
    [
      "an entry bundle is missing",
      "JOURNAL_CUT",
      "tile/entries/002.p/88 is missing",
      (f) => rmSync(join(f, "tile/entries/002.p/88")),
    ],
    ["one bit of a leaf", "JOURNAL_DAMAGED", "leaf 512 is not", (f) => flip(f, "tile/entries/002.p/88", 20)],
    [
      "the length of a leaf",
      "JOURNAL_DAMAGED",
      "tile/entries/002.p/88 is broken",
      (f) => flip(f, "tile/entries/002.p/88", 0),
    ],
    [
      "payloads are missing",
      "JOURNAL_CUT",
      "payloads/002.jsonl lacks",
      (f) => rmSync(join(f, "payloads/002.jsonl")),
    ],
    [
      "the last payload",
      "JOURNAL_DAMAGED",
      "the payload of leaf 599",
      (f) => {
        const path = join(f, "payloads/002.jsonl");
        const lines = readFileSync(path, "utf8").split("\n");
        const last = lines.findLastIndex((line) => line.includes('"seq":599'));
        writeFileSync(
          path,
          lines.with(last, (lines[last] ?? "").replace(/"number":\d+/, '"number":1')).join("\n"),
        );
      },
    ],
    ["the tail is missing", "JOURNAL_CUT", "tail.log is missing", (f) => rmSync(join(f, TAIL_FILE))],
    [
      "one bit in the middle of the tail",
      "JOURNAL_DAMAGED",
      "tail.log is broken at byte",
      (f) => flip(f, TAIL_FILE, 700),
    ],
    ["one bit of the tail's beginning", "JOURNAL_DAMAGED", "broken beginning", (f) => flip(f, TAIL_FILE, 3)],
    [
      "one bit of the checkpoint's root",
      "JOURNAL_DAMAGED",
      "cannot be believed",
      (f) => flip(f, "checkpoint", 50),
    ],
    ["one bit of its signature", "JOURNAL_DAMAGED", "cannot be believed", (f) => flip(f, "checkpoint", -20)],
    [
      "the checkpoint is empty",
      "JOURNAL_DAMAGED",
      "cannot be believed",
      (f) => truncateSync(join(f, "checkpoint"), 0),
    ],
    [
      "the checkpoint is gone",
      "JOURNAL_CUT",
      "begins only with leaf 600",
      (f) => rmSync(join(f, "checkpoint")),
    ],
    [
      "checkpoint and tail are gone",
      "JOURNAL_CUT",
      "checkpoint and tail.log are missing",
      (f) => {
        rmSync(join(f, "checkpoint"));
        rmSync(join(f, TAIL_FILE));
      },
    ],
    [
      "the checkpoint is an earlier one",
      "JOURNAL_CUT",
      "covers 300 leaves, and tail.log begins only with leaf 600",
      (f) => cpSync(join(earlier, "checkpoint"), join(f, "checkpoint")),
    ],
    [
      "the tail is an earlier one",
      "JOURNAL_CUT",
      "covers 600 leaves, and tail.log ends with leaf 299",
      (f) => cpSync(join(earlier, TAIL_FILE), join(f, TAIL_FILE)),
    ],
    [
      "all but the checkpoint is earlier",
      "JOURNAL_CUT",
      "is missing",
      (f) => {
        for (const name of ["tile", "payloads", TAIL_FILE]) {
          rmSync(join(f, name), { recursive: true });
          cpSync(join(earlier, name), join(f, name), { recursive: true });
        }
      },
    ],
    [
      "the private key is gone",
      "JOURNAL_KEY",
      "private.pem is missing",
      (f) => rmSync(join(f, "private.pem")),
    ],
    ["the public key is gone", "JOURNAL_KEY", "public is missing", (f) => rmSync(join(f, "public"))],
    [
      "the private key is no key",
      "JOURNAL_KEY",
      "not a private key",
      (f) => writeFileSync(join(f, "private.pem"), "x"),
    ],
    [
      "the key is another's",
      "JOURNAL_KEY",
      "do not belong together",
      (f) => cpSync(join(other(), "private.pem"), join(f, "private.pem")),
    ],
    [
      "both keys are another's",
      "JOURNAL_DAMAGED",
      "cannot be believed",
      (f) => {
        for (const name of ["private.pem", "public"]) cpSync(join(other(), name), join(f, name));
      },
    ],
  ])("%s", async (_name, code, message, harm) => {
    await openJournal(other(), options).then((journal) => journal.close());
    const folder = copy();
    harm(folder);
    const before = contents(folder);
    await expect(openJournal(folder, options)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
    expect(contents(folder)).toEqual(before);
    // And again: it holds no lock, and has mended nothing.
    await expect(openJournal(folder, options)).rejects.toMatchObject({ code });
    rmSync(folder, { recursive: true });
  });

  it("never says a word of the private key", async () => {
    const folder = copy();
    const pem = readFileSync(join(folder, "private.pem"), "utf8");
    writeFileSync(join(folder, "private.pem"), pem.replace("-----END", "-----FIN"));
    const thrown = await openJournal(folder, options).catch((error: unknown) => error);
    expect(thrown).toMatchObject({ code: "JOURNAL_KEY" });
    const [, secret = ""] = pem.split("\n");
    expect(JSON.stringify(thrown, Object.getOwnPropertyNames(thrown))).not.toContain(secret.slice(0, 20));
    expect(existsSync(join(folder, "checkpoint"))).toBe(true);
  });
});

/** Another journal. */
function other(): string {
  return join(top, "other");
}
