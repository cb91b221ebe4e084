/**
 * What the journal's trace costs on this machine: acknowledged leaves a second with many appenders at once, the time
 * of one append alone, memory, and the time to open a long journal.
 *
 * Usage: npm run benchmark:journal [-- --leaves N --appenders N --folder DIR]
 */
import { mkdtemp, rm, statfs } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Journal, openJournal } from "../src/journal/journal.ts";
import type { JournalEntry } from "../src/journal/leaf.ts";
import { systemClock } from "../src/time/clock.ts";
import { median } from "./median.ts";

const { values } = parseArgs({
  options: {
    leaves: { type: "string", default: "1000000" },
    appenders: { type: "string", default: "64" },
    folder: { type: "string", default: tmpdir() },
  },
});
const leaves = Number(values.leaves);
const appenders = Number(values.appenders);

const folder = await mkdtemp(join(values.folder, "contrechamp-journal-"));
try {
  const open = () =>
    openJournal(folder, {
      clock: systemClock,
      onFault: (fault) => console.error(fault.message),
    });
  const { type } = await statfs(folder);
  console.log(
    `${cpus().length} x ${cpus()[0]?.model}, Node ${process.version}, file system 0x${type.toString(16)}`,
  );

  const journal = await open();
  const alone: number[] = [];
  for (let i = 0; i < 500; i += 1) alone.push(await timed(() => journal.append(entry(i))));
  alone.sort((a, b) => a - b);
  console.log(
    `one appender: median ${ms(median(alone))}, 99 % within ${ms(alone[Math.floor(alone.length * 0.99)] ?? 0)}`,
  );

  const began = performance.now();
  const peak = await appendAll(journal, leaves - journal.size, appenders);
  const seconds = (performance.now() - began) / 1000;
  console.log(
    `${appenders} appenders: ${Math.round(leaves / seconds)} acknowledged leaves/s (${leaves} leaves)`,
  );
  console.log(`highest resident memory: ${Math.round(peak / 2 ** 20)} MiB`);
  console.log(`close with a last checkpoint: ${ms(await timed(() => journal.close()))}`);

  let again: Journal | undefined;
  const opening = await timed(async () => {
    again = await open();
  });
  console.log(`open a journal of ${again?.size} leaves: ${ms(opening)}`);
  await again?.close();
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** @returns the highest resident memory that was seen, in bytes */
async function appendAll(journal: Journal, count: number, concurrency: number): Promise<number> {
  let next = 0;
  let peak = 0;
  const appender = async () => {
    for (let i = next++; i < count; i = next++) {
      await journal.append(entry(i));
      if (i % 1000 === 0) peak = Math.max(peak, process.memoryUsage.rss());
    }
  };
  await Promise.all(Array.from({ length: concurrency }, appender));
  return peak;
}

/** About as long as a gate's decision. */
function entry(i: number): JournalEntry {
  const payload = {
    cameraId: `camera-${i % 40}`,
    ruleId: "example-rule",
    event: "zone_intrusion",
    allow: i % 3 === 0,
    reasons: [{ code: "not_published", ruleId: null, source: "https://example.org/source" }],
    count: i,
  };
  return { type: "decision", actor: "engine", payload };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function ms(milliseconds: number): string {
  return milliseconds < 1000 ? `${milliseconds.toFixed(2)} ms` : `${(milliseconds / 1000).toFixed(2)} s`;
}
