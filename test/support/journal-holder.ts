/**
 * Child process that holds a journal and serves its inbox until it is told to end by a line on its input, or killed.
 *
 *   journal-holder.ts FOLDER serve        serves
 *   journal-holder.ts FOLDER hold         holds it, and looks into no inbox
 *   journal-holder.ts FOLDER crash N      serves, and is killed before its N-th step towards the disk from then on
 *
 * Says `held` when it holds the journal, and `steps N` at its end.
 */
import { once } from "node:events";
import { serveInbox } from "../../src/journal/inbox.ts";
import { openJournal } from "../../src/journal/journal.ts";
import { systemClock } from "../../src/time/clock.ts";
import { crashAt } from "./crash-at.ts";

const [folder = "", mode = "", step = "0"] = process.argv.slice(2);
const onFault = (fault: Error) => process.stdout.write(`fault ${fault.message}\n`);
// Checkpoints often: what was handed in must be found in the files too.
const journal = await openJournal(folder, {
  clock: systemClock,
  checkpointEvery: { leaves: 1, seconds: 3600 },
  onFault,
});
process.stdout.write("held\n");
const steps = await crashAt(mode === "crash" ? Number(step) : 0);
const end = new AbortController();
const served =
  mode === "hold"
    ? Promise.resolve()
    : serveInbox(journal, folder, { clock: systemClock, onFault, signal: end.signal });
await once(process.stdin, "data");
process.stdin.pause();
end.abort();
await served;
await journal.close();
process.stdout.write(`steps ${steps()}\n`);
