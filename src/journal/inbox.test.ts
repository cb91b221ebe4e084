import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { HandClock } from "../../test/support/hand-clock.ts";
import type { CodedError } from "../errors.ts";
import { systemClock } from "../time/clock.ts";
import {
  type Answer,
  collectAnswer,
  drainInbox,
  handIn,
  LONGEST_SUBMISSION,
  serveInbox,
  takeBack,
} from "./inbox.ts";
import { type Journal, openJournal } from "./journal.ts";
import type { JournalEntry } from "./leaf.ts";
import { readPayload } from "./payloads.ts";

const top = mkdtempSync(join(tmpdir(), "contrechamp-inbox-"));
afterAll(() => rmSync(top, { recursive: true, force: true }));
let folders = 0;
let folder = "";
let inbox = "";
let journal: Journal;
let faults: CodedError[] = [];
const clock = systemClock;
const onFault = (fault: CodedError) => faults.push(fault);

beforeEach(async () => {
  folder = join(top, String(folders++));
  inbox = join(folder, "inbox");
  faults = [];
  journal = await openJournal(folder, { clock, onFault, checkpointEvery: { leaves: 1e6, seconds: 1e6 } });
});
afterEach(() => journal.close());

const disposition = (number: number): JournalEntry => ({
  type: "disposition",
  actor: "pseudonym-1",
  payload: { number },
});
const drain = () => drainInbox(journal, folder, { clock, onFault });
/** Puts a file into the inbox as a stranger would, not as `handIn` does. */
const put = (name: string, content: string | Buffer) => {
  mkdirSync(inbox, { recursive: true });
  writeFileSync(join(inbox, name), content);
};
const submission = (id: string, entry: unknown = disposition(1)) => JSON.stringify({ id, entry });

describe("drainInbox", () => {
  it("appends what was handed in, answers, and leaves nothing behind", async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, (_, i) => handIn(folder, disposition(i))));
    await drain();
    const answers = await Promise.all(ids.map((id) => collectAnswer(folder, id)));
    const seqs = answers.map((answer) =>
      answer !== null && "acknowledgement" in answer ? answer.acknowledgement.seq : -1,
    );
    expect(seqs.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    expect(readdirSync(inbox)).toEqual([]);
    expect(faults).toEqual([]);
    await journal.checkpoint();
    for (const [i, seq] of seqs.entries()) {
      expect(await readPayload(folder, seq)).toMatchObject({ payload: { number: i }, submission: ids[i] });
    }
  });

  it("does nothing where there is no inbox, or an empty one", async () => {
    await drain();
    mkdirSync(inbox);
    await drain();
    expect(journal.size).toBe(1);
    expect(faults).toEqual([]);
  });

  it("does not write what was taken back", async () => {
    const id = await handIn(folder, disposition(1));
    expect(await takeBack(folder, id)).toBe(true);
    expect(await takeBack(folder, id)).toBe(false);
    await drain();
    expect(journal.size).toBe(1);
  });

  it("writes once what was appended before the answer was lost, in the tail and in the files", async () => {
    for (const stored of [false, true]) {
      const id = randomUUID();
      const first = await journal.append(disposition(5), id);
      if (stored) await journal.checkpoint();
      put(`${id}.taken`, submission(id));
      put(`${id}.claim`, JSON.stringify({ from: first.seq }));
      const { size } = journal;
      await drain();
      expect(journal.size).toBe(size);
      expect(await collectAnswer(folder, id)).toEqual({ acknowledgement: first });
      expect(readdirSync(inbox)).toEqual([]);
    }
  });

  it("writes what was taken and not appended, and what was claimed and not taken", async () => {
    const [taken, claimed] = [randomUUID(), randomUUID()];
    put(`${taken}.taken`, submission(taken));
    put(`${claimed}.json`, submission(claimed));
    for (const id of [taken, claimed]) put(`${id}.claim`, JSON.stringify({ from: 1 }));
    await drain();
    expect(journal.size).toBe(3);
    for (const id of [taken, claimed])
      expect(await collectAnswer(folder, id)).toHaveProperty("acknowledgement");
  });

  it("clears away a claim whose submission is settled", async () => {
    put(`${randomUUID()}.claim`, JSON.stringify({ from: 1 }));
    await drain();
    expect(readdirSync(inbox)).toEqual([]);
  });

  it("does not append again what was answered and not cleared away", async () => {
    const id = randomUUID();
    const answer: Answer = { acknowledgement: { seq: 0, at: "2026-01-01T00:00:00.000Z", leafHash: "00" } };
    put(`${id}.taken`, submission(id));
    put(`${id}.answer`, JSON.stringify(answer));
    await drain();
    expect(journal.size).toBe(1);
    expect(await collectAnswer(folder, id)).toEqual(answer);
  });

  const id = "0b7a3c52-6ad5-4c4e-9b3a-0d6c5c1f2e3d";
  const payload = { text: "x".repeat(LONGEST_SUBMISSION) };
  it.each<[string, string | Buffer, string]>([
    ["an empty file", "", "it is not JSON"],
    ["half a file", submission(id).slice(0, -9), "it is not JSON"],
    ["bytes", Buffer.from([0xff, 0x00, 0xfe]), "it is not JSON"],
    ["a list", "[]", "expected object"],
    ["another id", submission(randomUUID()), "named by another id"],
    ["no entry", JSON.stringify({ id }), "entry:"],
    ["an unknown type", submission(id, { ...disposition(1), type: "gossip" }), "entry.type"],
    [
      "a type that only the journal writes",
      submission(id, { ...disposition(1), type: "recovery" }),
      "only the journal",
    ],
    ["no actor", submission(id, { ...disposition(1), actor: "" }), "entry.actor"],
    ["a payload that is a list", submission(id, { ...disposition(1), payload: [1] }), "entry.payload"],
    ["a field too many", submission(id, { ...disposition(1), seq: 0 }), "entry"],
    [
      "what is nested too deep",
      `{"id":"${id}","entry":{"type":"view","actor":"a","payload":{"a":${"[".repeat(99_000)}${"]".repeat(99_000)}}}}`,
      "32 levels",
    ],
    ["half a character", submission(id, { ...disposition(1), payload: { a: "\ud800" } }), "half a character"],
    [
      "a payload that is too long",
      submission(id, { ...disposition(1), payload: { a: "x".repeat(300_000) } }),
      "at most 262144",
    ],
    ["a file that is too long", submission(id, { ...disposition(1), payload }), "at most"],
  ])("refuses %s, says so to both, and goes on", async (_name, content, reason) => {
    put(`${id}.json`, content);
    const good = await handIn(folder, disposition(2));
    await drain();
    expect(await collectAnswer(folder, id)).toEqual({ refused: { reason: expect.stringContaining(reason) } });
    expect(await collectAnswer(folder, good)).toHaveProperty("acknowledgement");
    expect(faults.map(({ code }) => code)).toEqual(["JOURNAL_SUBMISSION_REFUSED"]);
    expect(faults[0]?.message).toContain(reason);
    expect(journal.size).toBe(2);
    expect(readdirSync(inbox)).toEqual([]);
  });

  it("refuses a folder, a link and a pipe under the name of a submission", async () => {
    const names = [randomUUID(), randomUUID(), randomUUID()];
    mkdirSync(join(inbox, `${names[0]}.json`), { recursive: true });
    symlinkSync(join(folder, "private.pem"), join(inbox, `${names[1]}.json`));
    execFileSync("mkfifo", [join(inbox, `${names[2]}.json`)]);
    await drain();
    const reasons = await Promise.all(names.map((name) => collectAnswer(folder, name)));
    expect(reasons).toEqual([
      { refused: { reason: "it is not a plain file" } },
      { refused: { reason: "it is a link" } },
      { refused: { reason: "it is not a plain file" } },
    ]);
    expect(journal.size).toBe(1);
    expect(existsSync(join(folder, "private.pem"))).toBe(true);
    expect(readdirSync(inbox)).toEqual([]);
  });

  it("sets aside what has no id for a name", async () => {
    put("hello.json", submission(randomUUID()));
    put("..json", "x");
    mkdirSync(join(inbox, "folder"));
    await drain();
    await drain();
    expect(readdirSync(inbox)).toEqual(["refused"]);
    expect(readdirSync(join(inbox, "refused"))).toHaveLength(3);
    expect(faults.map(({ code }) => code)).toEqual(Array(3).fill("JOURNAL_SUBMISSION_REFUSED"));
  });

  it("forgets answers that nobody collects, and files that nobody finished, after a day", async () => {
    const hand = new HandClock(Date.now());
    const names = [`${randomUUID()}.answer`, `${randomUUID()}.json.part`];
    for (const name of names) put(name, "{}");
    await drainInbox(journal, folder, { clock: hand, onFault });
    expect(readdirSync(inbox)).toHaveLength(2);
    utimesSync(join(inbox, names[0] ?? ""), new Date(), new Date(hand.now() + 3_600_000));
    hand.pass(86_500);
    await drainInbox(journal, folder, { clock: hand, onFault });
    expect(readdirSync(inbox)).toEqual([names[0]]);
  });

  it("keeps what it cannot write now, tells it once, and writes it when it can", async () => {
    await handIn(folder, disposition(1));
    await journal.close();
    // The answer's folder may not be written: as on a full disk, the answer fails after the append.
    journal = await openJournal(folder, { clock, onFault, checkpointEvery: { leaves: 1e6, seconds: 1e6 } });
    const id = readdirSync(inbox)[0]?.slice(0, 36) ?? "";
    mkdirSync(join(inbox, `${id}.answer.part`));
    const end = new AbortController();
    const serving = serveInbox(journal, folder, { clock, onFault, signal: end.signal });
    await systemClock.sleep(0.7);
    expect(faults.map(({ code }) => code)).toEqual(["JOURNAL_WRITE_FAILED"]);
    rmSync(join(inbox, `${id}.answer.part`), { recursive: true });
    await expect.poll(() => existsSync(join(inbox, `${id}.answer`))).toBe(true);
    end.abort();
    await serving;
    expect(journal.size).toBe(2);
  });
});

describe("serveInbox", () => {
  it("answers soon, with changes told or looked for, until it is told to end", async () => {
    const end = new AbortController();
    const serving = serveInbox(journal, folder, { clock, onFault, signal: end.signal });
    for (let i = 0; i < 5; i += 1) {
      const id = await handIn(folder, disposition(i));
      await expect
        .poll(() => collectAnswer(folder, id), { interval: 5, timeout: 5000 })
        .toHaveProperty("acknowledgement");
    }
    end.abort();
    await serving;
    expect(journal.size).toBe(6);
    const late = await handIn(folder, disposition(9));
    await systemClock.sleep(0.3);
    expect(await collectAnswer(folder, late)).toBeNull();
  });

  it("looks again also where the folder is made anew under it", async () => {
    const end = new AbortController();
    const serving = serveInbox(journal, folder, { clock, onFault, signal: end.signal });
    await systemClock.sleep(0.1);
    rmSync(inbox, { recursive: true });
    const id = await handIn(folder, disposition(1));
    await expect.poll(() => collectAnswer(folder, id), { timeout: 5000 }).toHaveProperty("acknowledgement");
    end.abort();
    await serving;
  });
});
