import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openJournal } from "../../src/journal/journal.ts";
import { EMPTY_ROOT } from "../../src/journal/merkle.ts";
import { readPayload } from "../../src/journal/payloads.ts";
import { systemClock } from "../../src/time/clock.ts";
import {
  checkAll,
  type FolderState,
  filesHolding,
  isConsistent,
  readJournalFolder,
} from "../support/journal-folder.ts";
import { seededRandom } from "../support/mutate.ts";

const WRITER = fileURLToPath(new URL("./journal-writer.ts", import.meta.url));
const KILLS = 200;
/** Journals that are killed side by side: starting a process is most of the work. */
const JOURNALS = 2;
const STRIDE = 3;
const SECRET = "example-text-that-must-vanish";
const SECRET_SEQ = 4;

const top = mkdtempSync(join(tmpdir(), "contrechamp-kill-"));
afterAll(() => rmSync(top, { recursive: true, force: true }));

/** Steps of a run that nobody kills. */
let steps = 0;
beforeAll(async () => {
  // It also leaves the modules compiled for the hundreds of processes that follow: one that is killed does not.
  const { lines } = await runSteps("whole", 0);
  steps = Number(lines.findLast((line) => line.startsWith("steps "))?.split(" ")[1]);
});

describe("kill -9", () => {
  it(`loses no acknowledged leaf in ${KILLS} kills at random points`, async () => {
    const seed = Date.now();
    const told = await Promise.all(
      Array.from({ length: JOURNALS }, (_, i) =>
        killAgainAndAgain(join(top, `storm-${i}`), KILLS / JOURNALS, seed + i),
      ),
    );
    const sum = (pick: (one: (typeof told)[number]) => number) =>
      told.reduce((total, one) => total + pick(one), 0);
    console.log(
      `seed ${seed}: ${sum((one) => one.acknowledged)} leaves acknowledged; ${sum((one) => one.before)} kills before the first of a run`,
    );
    // The kills must have met what they are for.
    expect(sum((one) => one.acknowledged)).toBeGreaterThan(KILLS * 10);
    expect(sum((one) => one.before)).toBeGreaterThan(0);
    expect(sum((one) => one.before)).toBeLessThan(KILLS * 0.8);
    expect(sum((one) => one.recoveries)).toBeGreaterThan(KILLS / 10);
  }, 300_000);

  it(`loses nothing when it is killed before one of its steps towards the disk, one in ${STRIDE}`, async () => {
    expect(steps).toBeGreaterThan(40);
    // Another third at each run of the tests.
    const first = 1 + Math.floor(Math.random() * STRIDE);
    const order = Array.from({ length: Math.ceil(steps / STRIDE) }, (_, i) => first + i * STRIDE);
    while ((order.at(-1) ?? 0) > steps) order.pop();
    console.log(`steps ${first}, ${first + STRIDE}, … of ${steps}`);
    const worker = async () => {
      for (let step = order.shift(); step !== undefined; step = order.shift()) {
        const { folder, lines, signal } = await runSteps(`step-${step}`, step);
        expect(signal, `step ${step} of ${steps}`).toBe("SIGKILL");
        await survives(folder, lines, `killed before step ${step} of ${steps}`);
        rmSync(folder, { recursive: true });
      }
    };
    await Promise.all([worker(), worker()]);
  }, 300_000);
});

async function killAgainAndAgain(folder: string, kills: number, seed: number) {
  const random = seededRandom(seed);
  const told = { acknowledged: 0, before: 0, recoveries: 0 };
  let earlier: { size: number; root: Buffer } = { size: 0, root: EMPTY_ROOT };
  let lastSeq = -1;
  let next = startWriter(folder);
  for (let kill = 0; kill < kills; kill += 1) {
    const { child, lines, ready, acknowledged } = next;
    await ready;
    // The next one starts meanwhile; it does not look at the folder before it is told to.
    next = startWriter(folder);
    child.stdin.write("go\n");
    // A third of them while it opens and recovers, the others while it writes.
    if (random() < 0.33) await systemClock.sleep(random() * 0.08);
    else {
      await acknowledged;
      await systemClock.sleep(random() * 0.1);
    }
    child.kill("SIGKILL");
    await once(child, "close");

    const acks = acksOf(lines);
    expect(lines.filter((line) => line.startsWith("fault"))).toEqual([]);
    if (acks.length === 0) told.before += 1;
    told.acknowledged += acks.length;
    // Killed before the key was made, on the very first run.
    if (lastSeq < 0 && acks.length === 0) continue;
    const state = await readJournalFolder(folder);
    expect(await lost(state, acks), `seed ${seed}`).toEqual([]);
    expect(acks.filter(([seq]) => seq <= lastSeq)).toEqual([]);
    lastSeq = Math.max(lastSeq, ...acks.map(([seq]) => seq));
    expect(state.size).toBeGreaterThan(lastSeq);
    expect(state.stored).toBeGreaterThanOrEqual(earlier.size);
    expect(await isConsistent(folder, earlier, state)).toBe(true);
    earlier = { size: state.stored, root: state.root };
  }
  next.child.kill("SIGKILL");
  await once(next.child, "close");

  const journal = await openJournal(folder, {
    clock: systemClock,
    onFault: (fault) => expect(fault).toBeNull(),
  });
  await journal.close();
  const types = await checkAll(folder);
  expect(types.filter((type) => type === "journal_opened")).toHaveLength(1);
  expect(types[0]).toBe("journal_opened");
  expect(types).toHaveLength(journal.size);
  told.recoveries = types.filter((type) => type === "recovery").length;
  return told;
}

interface Started {
  readonly child: ChildProcessWithoutNullStreams;
  readonly lines: string[];
  /** Its first line, or its end. */
  readonly ready: Promise<unknown>;
  /** Its first acknowledgement, or its end. */
  readonly acknowledged: Promise<unknown>;
}

function startWriter(folder: string, mode = "storm", step = 0): Started {
  const env = { ...process.env, NODE_COMPILE_CACHE: join(top, "compiled") };
  const child = spawn(process.execPath, [WRITER, folder, mode, String(step)], { env });
  const lines: string[] = [];
  const ready = Promise.withResolvers<void>();
  const acknowledged = Promise.withResolvers<void>();
  createInterface({ input: child.stdout }).on("line", (line) => {
    lines.push(line);
    ready.resolve();
    if (line.startsWith("ack ")) acknowledged.resolve();
  });
  child.once("close", () => {
    ready.resolve();
    acknowledged.resolve();
  });
  child.stderr.on("data", (data) => lines.push(`fault ${data}`));
  child.stdin.on("error", () => undefined);
  return { child, lines, ready: ready.promise, acknowledged: acknowledged.promise };
}

async function runSteps(name: string, step: number) {
  const folder = join(top, name);
  const { child, lines } = startWriter(folder, "steps", step);
  const [, signal] = await once(child, "close");
  expect(lines.filter((line) => line.startsWith("fault"))).toEqual([]);
  return { folder, lines, signal };
}

/** Opens what a kill left, and looks for all that was said. */
async function survives(folder: string, lines: readonly string[], what: string): Promise<void> {
  const acks = acksOf(lines);
  const journal = await openJournal(folder, {
    clock: systemClock,
    onFault: (fault) => expect(fault).toBeNull(),
  });
  await journal.close();
  const state = await readJournalFolder(folder);
  expect(await lost(state, acks), what).toEqual([]);
  const types = await checkAll(folder);
  // An erasure that is in the log has been done, whoever did it.
  const erased = state.size > SECRET_SEQ ? await readPayload(folder, SECRET_SEQ) : null;
  if (types.includes("erasure")) {
    expect(erased, what).toHaveProperty("erased");
    expect(filesHolding(folder, SECRET), what).toEqual([]);
  } else if (acks.some(([seq]) => seq === SECRET_SEQ)) {
    expect(erased, what).toHaveProperty("payload.reason", SECRET);
  }
  if (lines.includes(`erased ${SECRET_SEQ}`)) expect(types, what).toContain("erasure");
}

/** Those acknowledged leaves that are not there with their hash. */
async function lost(state: FolderState, acks: readonly (readonly [number, string])[]): Promise<number[]> {
  const missing: number[] = [];
  for (const [seq, hash] of acks) {
    if (seq >= state.size || (await state.hashAt(seq)) !== hash) missing.push(seq);
  }
  return missing;
}

/** Only whole lines: the last may have been cut with the process. */
function acksOf(lines: readonly string[]): (readonly [number, string])[] {
  return lines.flatMap((line) => {
    const [, seq, hash] = /^ack (\d+) ([0-9a-f]{64})$/.exec(line) ?? [];
    return seq === undefined || hash === undefined ? [] : [[Number(seq), hash] as const];
  });
}
