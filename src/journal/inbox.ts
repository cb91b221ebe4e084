import { randomUUID } from "node:crypto";
import { constants, watch } from "node:fs";
import { type FileHandle, lstat, mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { asCoded, CodedError, fault } from "../errors.ts";
import type { Clock } from "../time/clock.ts";
import { isMissing, reasonOf, syncFolder, UNFINISHED, writeDurably } from "./durable.ts";
import type { Journal } from "./journal.ts";
import { type Acknowledgement, type JournalEntry, type Json, LEAF_TYPES } from "./leaf.ts";
import { LONGEST_PAYLOAD } from "./payloads.ts";

/**
 * The way into a journal for processes that do not hold it: files in the folder `inbox`, named by an id.
 * `ID.json` is handed in; the holder writes `ID.claim` (the log's size: the leaf cannot lie before it), renames the
 * file to `ID.taken`, appends, writes `ID.answer`, and removes the others. Whoever handed in can take back `ID.json`,
 * never `ID.taken`. A holder that was killed with a file taken is followed by one that looks from the claim on
 * whether the leaf is there: it is written once.
 */
export const INBOX_FOLDER = "inbox";

/** Longest file that is taken, in bytes: JSON may say a payload with more bytes than canonical JSON does. */
export const LONGEST_SUBMISSION = 2 * LONGEST_PAYLOAD + 4096;

/** What the holder says of a submission. */
export type Answer =
  | { readonly acknowledgement: Acknowledgement }
  | { readonly refused: { readonly reason: string } };

export interface InboxOptions {
  readonly clock: Clock;
  /** Told of what is refused and of what fails; neither ends the serving. */
  readonly onFault: (fault: CodedError) => void;
}

/**
 * The holder's side: appends what is handed in, until the signal aborts and what was begun is done. It never rejects.
 */
export async function serveInbox(
  journal: Journal,
  folder: string,
  { clock, onFault, signal }: InboxOptions & { readonly signal: AbortSignal },
): Promise<void> {
  const inbox = new Inbox(journal, folder, { clock, onFault });
  let nap = new AbortController();
  let news = false;
  const watcher = await inbox.watch(() => {
    news = true;
    nap.abort();
  });
  while (!signal.aborted) {
    news = false;
    nap = new AbortController();
    await inbox.pass();
    // Also without news: not every file system tells of changes.
    if (!news) await clock.sleep(POLL_SECONDS, AbortSignal.any([signal, nap.signal]));
  }
  watcher?.close();
}

/** One look into the inbox: all that lies there is answered when it resolves, or its failure was told. */
export async function drainInbox(journal: Journal, folder: string, options: InboxOptions): Promise<void> {
  await new Inbox(journal, folder, options).pass();
}

/** Hands an entry in. @returns its id */
export async function handIn(folder: string, entry: JournalEntry): Promise<string> {
  const id = randomUUID();
  const bytes = Buffer.from(JSON.stringify({ id, entry }), "utf8");
  await writeDurably(folder, new Map([[nameOf(id, "json"), bytes]]));
  return id;
}

/** Takes a submission back. @returns whether nobody had taken it: then it will never be written */
export async function takeBack(folder: string, id: string): Promise<boolean> {
  try {
    await rm(join(folder, nameOf(id, "json")));
    await syncFolder(join(folder, INBOX_FOLDER));
    return true;
  } catch (thrown) {
    if (isMissing(thrown)) return false;
    throw thrown;
  }
}

/** The answer to a submission, which is then removed; null while there is none. */
export async function collectAnswer(folder: string, id: string): Promise<Answer | null> {
  const path = join(folder, nameOf(id, "answer"));
  const text = await readBounded(path, LONGEST_SUBMISSION);
  if (text === null) return null;
  const answer: Answer = answerSchema.parse(JSON.parse(text));
  await rm(path, { force: true });
  return answer;
}

const POLL_SECONDS = 0.2;
/** Answers that nobody collects, and files that nobody finished, are kept so long. */
const FORGOTTEN_MS = 86_400_000;
const SET_ASIDE = "refused";
/** Written by the journal itself alone. */
const NOT_FROM_OUTSIDE: ReadonlySet<string> = new Set(["journal_opened", "recovery"]);

const submissionSchema = z.strictObject({
  id: z.uuid(),
  entry: z.strictObject({
    type: z
      .enum(LEAF_TYPES)
      .refine((type) => !NOT_FROM_OUTSIDE.has(type), { error: "only the journal writes it" }),
    actor: z.string().min(1).max(200),
    payload: z.record(
      z.string(),
      z.custom<Json>(() => true),
    ),
  }),
});
const claimSchema = z.strictObject({ from: z.int().min(0) });
const answerSchema = z.union([
  z.strictObject({
    acknowledgement: z.strictObject({ seq: z.int().min(0), at: z.string(), leafHash: z.string() }),
  }),
  z.strictObject({ refused: z.strictObject({ reason: z.string() }) }),
]);

type Kind = "json" | "claim" | "taken" | "answer";

function nameOf(id: string, kind: Kind): string {
  return `${INBOX_FOLDER}/${id}.${kind}`;
}

class Inbox {
  readonly #journal: Journal;
  readonly #folder: string;
  readonly #path: string;
  readonly #options: InboxOptions;
  #tidied = false;
  readonly #told = new Map<string, string>();

  constructor(journal: Journal, folder: string, options: InboxOptions) {
    this.#journal = journal;
    this.#folder = folder;
    this.#path = join(folder, INBOX_FOLDER);
    this.#options = options;
  }

  /** @returns null where the system cannot tell of changes */
  async watch(changed: () => void): Promise<{ close(): void } | null> {
    try {
      await mkdir(this.#path, { recursive: true, mode: 0o700 });
      const watcher = watch(this.#path, changed);
      watcher.on("error", () => watcher.close());
      return watcher;
    } catch {
      return null;
    }
  }

  async pass(): Promise<void> {
    try {
      const names = await this.#names();
      for (const name of names) {
        const submission = name.replace(/\.(?:json|taken)$/, "");
        try {
          await this.#look(name, names);
          this.#told.delete(submission);
        } catch (thrown) {
          this.#tell(submission, thrown);
        }
      }
      this.#tidied = true;
    } catch (thrown) {
      this.#tell(INBOX_FOLDER, thrown);
    }
  }

  async #names(): Promise<string[]> {
    try {
      return (await readdir(this.#path)).sort();
    } catch (thrown) {
      if (isMissing(thrown)) return [];
      throw thrown;
    }
  }

  async #look(name: string, names: readonly string[]): Promise<void> {
    if (name === SET_ASIDE) return;
    const [, id, kind] =
      /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.(json|claim|taken|answer)$/.exec(name) ?? [];
    if (id !== undefined && kind === "json") return this.#take(id);
    if (id !== undefined && kind === "taken") return this.#settle(id);
    if (id === undefined && !name.endsWith(UNFINISHED)) return this.#setAside(name, "its name is not an id");
    if (id !== undefined && kind === "claim") {
      // Only a holder makes claims, and this is the only one: what it was for is settled.
      if (!names.includes(`${id}.json`) && !names.includes(`${id}.taken`)) await rm(this.#file(id, "claim"));
      return;
    }
    if (!this.#tidied) await this.#forget(name);
  }

  async #take(id: string): Promise<void> {
    const claim = Buffer.from(JSON.stringify({ from: this.#journal.size }), "utf8");
    await writeDurably(this.#folder, new Map([[nameOf(id, "claim"), claim]]));
    try {
      await rename(this.#file(id, "json"), this.#file(id, "taken"));
    } catch (thrown) {
      // Taken back since.
      if (!isMissing(thrown)) throw thrown;
      await rm(this.#file(id, "claim"), { force: true });
      return;
    }
    await syncFolder(this.#path);
    await this.#settle(id);
  }

  /** Appends what was taken, where that was not done before, and answers. */
  async #settle(id: string): Promise<void> {
    if ((await readBounded(this.#file(id, "answer"), LONGEST_SUBMISSION)) === null) {
      const answer = await this.#answer(id);
      const bytes = Buffer.from(JSON.stringify(answer), "utf8");
      await writeDurably(this.#folder, new Map([[nameOf(id, "answer"), bytes]]));
      if ("refused" in answer) this.#refuse(`${id}.json`, answer.refused.reason);
    }
    // A folder may stand under the name of a file.
    await rm(this.#file(id, "taken"), { recursive: true, force: true });
    await rm(this.#file(id, "claim"), { force: true });
  }

  async #answer(id: string): Promise<Answer> {
    const entry = await this.#read(id);
    if (typeof entry === "string") return { refused: { reason: entry } };
    const written = await this.#journal.findSubmission(id, await this.#claimOf(id));
    if (written !== null) return { acknowledgement: written };
    try {
      return { acknowledgement: await this.#journal.append(entry, id) };
    } catch (thrown) {
      if (thrown instanceof CodedError && REFUSALS.has(thrown.code))
        return { refused: { reason: thrown.message } };
      // The disk is full, say: it stays taken, and the next look tries again.
      throw thrown;
    }
  }

  /** The entry of a submission, or why it is none. */
  async #read(id: string): Promise<JournalEntry | string> {
    let text: string | null;
    try {
      text = await readBounded(this.#file(id, "taken"), LONGEST_SUBMISSION);
    } catch (thrown) {
      return reasonOf(thrown);
    }
    if (text === null) return "it is gone";
    let read: unknown;
    try {
      read = JSON.parse(text);
    } catch {
      return "it is not JSON";
    }
    const parsed = submissionSchema.safeParse(read);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      return `${issue?.path.join(".") || "it"}: ${issue?.message}`;
    }
    return parsed.data.id === id ? parsed.data.entry : "it is named by another id";
  }

  async #claimOf(id: string): Promise<number> {
    const text = await readBounded(this.#file(id, "claim"), 1000);
    if (text === null) return 0;
    try {
      return Math.min(claimSchema.parse(JSON.parse(text)).from, this.#journal.size);
    } catch {
      return 0;
    }
  }

  async #setAside(name: string, reason: string): Promise<void> {
    await mkdir(join(this.#path, SET_ASIDE), { recursive: true, mode: 0o700 });
    await rename(join(this.#path, name), join(this.#path, SET_ASIDE, randomUUID()));
    this.#refuse(name, reason);
  }

  async #forget(name: string): Promise<void> {
    const path = join(this.#path, name);
    const { mtimeMs } = await lstat(path);
    if (this.#options.clock.now() - mtimeMs > FORGOTTEN_MS) await rm(path, { recursive: true, force: true });
  }

  #refuse(file: string, reason: string): void {
    this.#options.onFault(fault("JOURNAL_SUBMISSION_REFUSED", { file: file.slice(0, 100), reason }));
  }

  /** Once, until something else becomes of it: a full disk is met at every look. */
  #tell(name: string, thrown: unknown): void {
    // Files come and go under a look.
    if (isMissing(thrown)) return;
    const coded =
      thrown instanceof Error && "code" in thrown && !(thrown instanceof CodedError)
        ? fault(
            "JOURNAL_WRITE_FAILED",
            { folder: this.#folder, reason: `${name}: ${reasonOf(thrown)}` },
            thrown,
          )
        : asCoded(thrown);
    if (this.#told.get(name) === coded.message) return;
    this.#told.set(name, coded.message);
    this.#options.onFault(coded);
  }

  #file(id: string, kind: Kind): string {
    return join(this.#folder, nameOf(id, kind));
  }
}

const REFUSALS: ReadonlySet<string> = new Set(["JOURNAL_ENTRY_INVALID", "JOURNAL_ENTRY_TOO_LARGE"]);

/** The text of a plain file; null where it is not there. @throws Error where it is no plain file, or longer */
async function readBounded(path: string, longest: number): Promise<string | null> {
  let file: FileHandle;
  try {
    // Neither through a link, nor waiting for the other end of a pipe.
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (thrown) {
    if (isMissing(thrown)) return null;
    if (thrown instanceof Error && "code" in thrown && thrown.code === "ELOOP")
      throw new Error("it is a link");
    throw thrown;
  }
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw new Error("it is not a plain file");
    if (stats.size > longest) throw new Error(`it has ${stats.size} bytes, and at most ${longest} are taken`);
    // It may have grown since.
    const bytes = Buffer.alloc(longest + 1);
    let length = 0;
    for (let read = 1; read > 0 && length < bytes.length; length += read) {
      ({ bytesRead: read } = await file.read(bytes, length, bytes.length - length, length));
    }
    if (length > longest) throw new Error(`more than ${longest} bytes are not taken`);
    return bytes.toString("utf8", 0, length);
  } finally {
    await file.close();
  }
}
