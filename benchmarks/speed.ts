/**
 * What the engine costs beside decoding alone, measured in turn on the same clip in one run: an idle view and
 * a busy one, rendered at 1280x720 and 25 frames/s, or a clip of one's own.
 *
 * Usage: npm run benchmark [-- --clip FILE --config FILE] [--rounds N] [--seconds S] [--out DIR]
 */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import type { CameraSummary } from "../src/engine/run-summary.ts";
import { engineVersion } from "../src/engine/version.ts";
import { median } from "./median.ts";
import { renderClip } from "./render-clip.ts";

const run = promisify(execFile);
const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));

const { values } = parseArgs({
  options: {
    clip: { type: "string" },
    config: { type: "string" },
    rounds: { type: "string", default: "3" },
    seconds: { type: "string", default: "60" },
    out: { type: "string", default: "benchmarks/results" },
  },
});

interface Decoded {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
}
interface Analysed {
  readonly cpuSeconds: number;
  readonly summary: CameraSummary;
}

/** Runs a script and reads the JSON of its last line. */
async function measure<T>(script: string, args: readonly string[]): Promise<T> {
  const { stdout } = await run(process.execPath, [here(script), ...args], { maxBuffer: 1 << 26 });
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "null") as T;
}

async function compare(name: string, clip: string, config: string, rounds: number, folder: string) {
  const decoded: Decoded[] = [];
  const analysed: Analysed[] = [];
  // In turn, so that a machine that slows down slows both.
  for (let round = 0; round < rounds; round += 1) {
    decoded.push(await measure<Decoded>("./decode-only.ts", [clip]));
    analysed.push(
      await measure<Analysed>("./engine-only.ts", [clip, config, join(folder, `${name}-${round}`)]),
    );
  }
  const ratios = analysed.map((engine, i) => engine.cpuSeconds / (decoded[i]?.cpuSeconds ?? Number.NaN));
  const [first] = decoded;
  const last = analysed.at(-1);
  if (first === undefined || last === undefined) throw new Error("No round was run.");
  return {
    name,
    clip: { width: first.width, height: first.height, frames: first.frames, seconds: first.seconds },
    decodeCpuPerVideoSecond: median(decoded.map((one) => one.cpuSeconds / one.seconds)),
    engineCpuPerVideoSecond: median(
      analysed.map((one, i) => one.cpuSeconds / (decoded[i]?.seconds ?? Number.NaN)),
    ),
    ratio: { median: median(ratios), lowest: Math.min(...ratios), highest: Math.max(...ratios) },
    frames: last.summary.frames,
    stages: last.summary.stages,
    peakRssBytes: last.summary.peakRssBytes,
  };
}

const rounds = Number(values.rounds);
const seconds = Number(values.seconds);
const folder = await mkdtemp(join(tmpdir(), "contrechamp-speed-"));
try {
  const views =
    values.clip !== undefined && values.config !== undefined
      ? [{ name: "clip", clip: values.clip, config: values.config }]
      : [
          { name: "idle", ...renderClip("plaza-idle", seconds, folder) },
          { name: "busy", ...renderClip("plaza-busy", seconds, folder) },
        ];
  const results = [];
  for (const view of views) results.push(await compare(view.name, view.clip, view.config, rounds, folder));
  const report = {
    schema: "contrechamp/speed@1",
    engineVersion: engineVersion(),
    node: process.version,
    machine: { processor: cpus()[0]?.model ?? process.arch, cores: cpus().length, memoryBytes: totalmem() },
    at: new Date().toISOString(),
    rounds,
    results,
  };
  await mkdir(values.out, { recursive: true });
  const file = join(values.out, `speed-${report.at.slice(0, 19).replaceAll(/[-:]/g, "")}.json`);
  await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
  for (const result of results) {
    const { ratio } = result;
    console.log(
      `${result.name}: decoding alone ${ms(result.decodeCpuPerVideoSecond)} CPU per video second, engine ${ms(result.engineCpuPerVideoSecond)}: ` +
        `${ratio.median.toFixed(2)} times (${ratio.lowest.toFixed(2)} to ${ratio.highest.toFixed(2)})`,
    );
    for (const stage of result.stages) {
      if (stage.count === 0) continue;
      console.log(
        `  ${stage.name.padEnd(9)} ${String(stage.count).padStart(6)} times  p50 ${(stage.p50Ms ?? 0).toFixed(2)} ms  p95 ${(stage.p95Ms ?? 0).toFixed(2)} ms`,
      );
    }
  }
  console.log(`Saved ${file}`);
} finally {
  await rm(folder, { recursive: true, force: true });
}

function ms(seconds: number): string {
  return `${(1000 * seconds).toFixed(0)} ms`;
}
