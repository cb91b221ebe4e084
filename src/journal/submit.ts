import { asCoded, CodedError, fault } from "../errors.ts";
import type { Clock, Seconds } from "../time/clock.ts";
import { reasonOf } from "./durable.ts";
import { checkEntry } from "./entry.ts";
import { type Answer, collectAnswer, drainInbox, handIn, takeBack } from "./inbox.ts";
import { type Journal, openJournal } from "./journal.ts";
import type { Acknowledgement, EntrySink, JournalEntry } from "./leaf.ts";

export interface SubmitOptions {
  readonly clock: Clock;
  /** How long to wait for the process that holds the journal; 10 s where missing. */
  readonly timeout?: Seconds;
  /** Told of what fails beside the entry, which is acknowledged all the same. */
  readonly onFault?: (fault: CodedError) => void;
}

/**
 * Writes one entry from a command: into the journal itself where nobody holds it, through its inbox where a process
 * does. It is written once or not at all; where that cannot be said, the error says so.
 * @throws JOURNAL_ENTRY_INVALID, JOURNAL_ENTRY_TOO_LARGE, JOURNAL_SUBMISSION_REFUSED, JOURNAL_NO_ANSWER (nothing was
 * written), JOURNAL_ANSWER_LOST (it may be written), and what opening throws
 */
export async function submit(
  folder: string,
  entry: JournalEntry,
  { clock, timeout = 10, onFault = () => undefined }: SubmitOptions,
): Promise<Acknowledgement> {
  checkEntry(entry);
  const journal = await openIfFree(folder, { clock, onFault });
  if (journal !== null) {
    return closing(journal, onFault, async () => {
      await drainInbox(journal, folder, { clock, onFault });
      return journal.append(entry);
    });
  }

  const id = await handInOrSay(folder, entry);
  try {
    return await awaitAnswer(folder, id, { clock, timeout, onFault });
  } catch (thrown) {
    // The holder ended, and the journal cannot be opened, say: nobody may write later what is reported as failed.
    await takeBack(folder, id);
    throw thrown;
  }
}

async function awaitAnswer(
  folder: string,
  id: string,
  { clock, timeout, onFault }: Required<SubmitOptions>,
): Promise<Acknowledgement> {
  let until = clock.monotonic() + timeout;
  let taken = false;
  for (let look = 1; ; look += 1) {
    const answer = await collectAnswer(folder, id);
    if (answer !== null) return acknowledged(answer, id);
    if (clock.monotonic() >= until) {
      if (taken) throw fault("JOURNAL_ANSWER_LOST", { folder, seconds: 2 * timeout });
      if (await takeBack(folder, id)) throw fault("JOURNAL_NO_ANSWER", { folder, seconds: timeout });
      // The holder has it: it is being written, or its answer is there by now.
      taken = true;
      until += timeout;
    }
    await clock.sleep(look < 10 ? FIRST_LOOKS : LATER_LOOKS);
    // The holder may have ended, or never have looked: then this process does its work.
    const free = look % LOOKS_TO_A_TRY === 0 ? await openIfFree(folder, { clock, onFault }) : null;
    if (free !== null) await closing(free, onFault, () => drainInbox(free, folder, { clock, onFault }));
  }
}

/** The journal's inbox as a sink, for commands that write more than one entry. */
export function submissions(folder: string, options: SubmitOptions): EntrySink {
  return { append: (entry) => submit(folder, entry, options) };
}

const FIRST_LOOKS: Seconds = 0.02;
const LATER_LOOKS: Seconds = 0.1;
const LOOKS_TO_A_TRY = 5;

async function openIfFree(
  folder: string,
  options: Required<Pick<SubmitOptions, "clock" | "onFault">>,
): Promise<Journal | null> {
  try {
    return await openJournal(folder, options);
  } catch (thrown) {
    if (thrown instanceof CodedError && thrown.code === "JOURNAL_IN_USE") return null;
    throw thrown;
  }
}

/** What was acknowledged stays so, also where the last checkpoint fails: the next to open the journal signs it. */
async function closing<T>(
  journal: Journal,
  onFault: (fault: CodedError) => void,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } finally {
    await journal.close().catch((thrown: unknown) => onFault(asCoded(thrown)));
  }
}

async function handInOrSay(folder: string, entry: JournalEntry): Promise<string> {
  try {
    return await handIn(folder, entry);
  } catch (thrown) {
    throw fault("JOURNAL_WRITE_FAILED", { folder, reason: reasonOf(thrown) }, thrown);
  }
}

function acknowledged(answer: Answer, id: string): Acknowledgement {
  if ("acknowledgement" in answer) return answer.acknowledgement;
  throw fault("JOURNAL_SUBMISSION_REFUSED", { file: `${id}.json`, reason: answer.refused.reason });
}
