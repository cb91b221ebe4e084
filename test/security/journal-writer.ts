/**
 * Child process of journal-kill.test.ts: writes a journal until it is killed, and says what was acknowledged.
 *
 *   journal-writer.ts FOLDER storm         says `ready`, waits for a line on its input, opens, and appends from many writers
 *   journal-writer.ts FOLDER steps [N]     opens, appends, signs, erases and closes; killed before its N-th step
 *
 * Says `ack SEQ HASH` for each acknowledgement, `checkpoint SIZE` for each that was signed on request, `erased SEQ`,
 * and `steps COUNT` where it came to its end.
 */
import { once } from "node:events";
import { openJournal } from "../../src/journal/journal.ts";
import type { JournalEntry } from "../../src/journal/leaf.ts";
import { systemClock } from "../../src/time/clock.ts";
import { crashAt } from "../support/crash-at.ts";

const WRITERS = 40;
/** Stands in the payload that is erased, and nowhere else. */
const SECRET = "example-text-that-must-vanish";

const [folder = "", mode = "", step = "0"] = process.argv.slice(2);
if (mode === "storm") await storm();
else await steps(Number(step));

async function storm(): Promise<void> {
  say("ready");
  await once(process.stdin, "data");
  process.stdin.pause();
  const journal = await open({ leaves: 48, seconds: 0.02 });
  let next = 0;
  const writer = async (own: number) => {
    for (;;) {
      const { seq, leafHash } = await journal.append(entry(own, next++));
      say(`ack ${seq} ${leafHash}`);
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, (_, own) => writer(own)));
}

async function steps(at: number): Promise<void> {
  const done = await crashAt(at);
  const journal = await open({ leaves: 100_000, seconds: 3600 });
  const append = async (one: JournalEntry) => {
    const { seq, leafHash } = await journal.append(one);
    say(`ack ${seq} ${leafHash}`);
    return seq;
  };
  await Promise.all([0, 1, 2].map((i) => append(entry(i, i))));
  const secret = await append({ type: "view", actor: "pseudonym-1", payload: { reason: SECRET } });
  const signed = await journal.checkpoint();
  say(`checkpoint ${signed.size}`);
  await Promise.all(Array.from({ length: 270 }, (_, i) => append(entry(9, i))));
  await journal.erasePayload(secret, { actor: "pseudonym-1", reason: "example" });
  say(`erased ${secret}`);
  await append(entry(9, 9));
  await journal.close();
  say(`steps ${done()}`);
}

function open(checkpointEvery: { leaves: number; seconds: number }) {
  return openJournal(folder, {
    clock: systemClock,
    checkpointEvery,
    onFault: (fault) => say(`fault ${fault.message}`),
  });
}

/** Payloads of many lengths, some of them longer than a page of the disk. */
function entry(writer: number, number: number): JournalEntry {
  const length = number % 97 === 0 ? 9000 : (number * 37) % 300;
  return { type: "health", actor: "engine", payload: { writer, number, text: "x".repeat(length) } };
}

/** On Linux at once: what a pipe took is there when this process is not. */
function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
