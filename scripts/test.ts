/**
 * `npm test`: everything a change must pass, in order, the quick stages first; stops at the first that fails.
 * The last line is the tests' own: `N passed, N failed, N skipped`.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { DEBIAN_NEEDS, installMissing } from "./debian.ts";
import type { Tally } from "./tally-reporter.ts";

const root = resolve(import.meta.dirname, "..");
const bin = join(root, "node_modules", ".bin");
const scratch = mkdtempSync(join(tmpdir(), "contrechamp-test-"));
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));

/** What is run together, and how many files at once: whatever waits for streams and processes leaves room for a third. */
const TESTS: readonly { readonly projects: readonly string[]; readonly workers: number }[] = [
  { projects: ["unit", "contracts"], workers: 3 },
  { projects: ["measured"], workers: 1 },
  { projects: ["scenarios", "security", "e2e"], workers: 3 },
];
const STAGES: readonly { readonly name: string; readonly command: readonly string[] }[] = [
  // A checkout that was brought up to date without `npm ci` still has the kernels of yesterday.
  { name: "kernels", command: ["node", "scripts/build-kernels.ts"] },
  { name: "style (biome)", command: ["biome", "check", "."] },
  { name: "types (tsc)", command: ["tsc", "-p", "."] },
  { name: "types of pages (tsc)", command: ["tsc", "-p", "src/audit/annotate/page"] },
  {
    name: "import arrows (dependency-cruiser)",
    command: ["depcruise", "src", "test", "scripts", "benchmarks", "--config", ".dependency-cruiser.mjs"],
  },
  { name: "reference pages", command: ["node", "scripts/write-reference.ts", "--check"] },
];

for (const need of DEBIAN_NEEDS) {
  const missing = installMissing(need.packages);
  if (missing.length > 0) console.log(`Missing: ${missing.join(", ")}. Skipped for it: ${need.usedBy}.`);
}

const times: string[] = [];
const total = { passed: 0, failed: 0, skipped: [] as Tally["skipped"][number][] };
for (const stage of STAGES) stageOf(stage.name, stage.command);
for (const { projects, workers } of TESTS) {
  const name = projects.join(", ");
  const file = join(scratch, `${projects.join("-")}.json`);
  const chosen = projects.flatMap((project) => ["--project", project]);
  const command = ["vitest", "run", ...chosen, "--maxWorkers", String(workers)];
  const reporters = ["--reporter=default", "--reporter=./scripts/tally-reporter.ts"];
  stageOf(`${name} tests`, [...command, ...reporters], { CONTRECHAMP_TALLY: file }, () => add(file));
}
finish(0);

/** Runs one stage; `after` runs whether it passed or not, before a failure ends the whole run. */
function stageOf(
  name: string,
  command: readonly string[],
  variables: Readonly<Record<string, string>> = {},
  after: () => void = () => {},
): void {
  console.log(`\n── ${name}`);
  const started = performance.now();
  const [program = "", ...rest] = command;
  const run = spawnSync(program, rest, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, PATH: `${bin}${delimiter}${process.env["PATH"] ?? ""}`, ...variables },
  });
  times.push(`${((performance.now() - started) / 1000).toFixed(1).padStart(7)} s  ${name}`);
  after();
  if (run.status === 0 && total.failed === 0) return;
  console.log(
    `\nFAILED: ${name} (${command.join(" ")}${run.error === undefined ? "" : `: ${run.error.message}`})`,
  );
  // A stage that is not a test, or a runner that was killed, is one failure of its own.
  if (total.failed === 0) total.failed = 1;
  finish(1);
}

function add(file: string): void {
  // A runner that was killed leaves no tally; its exit status fails the stage.
  if (!existsSync(file)) return;
  const tally = JSON.parse(readFileSync(file, "utf8")) as Tally;
  total.passed += tally.passed;
  total.failed += tally.failed;
  total.skipped.push(...tally.skipped);
}

function finish(status: 0 | 1): never {
  console.log(`\n${times.join("\n")}`);
  if (total.skipped.length > 0) console.log("\nSkipped:");
  for (const test of total.skipped) {
    console.log(`  ${test.file} > ${test.name}${test.reason === null ? "" : `: ${test.reason}`}`);
  }
  console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped.length} skipped`);
  process.exit(status);
}
