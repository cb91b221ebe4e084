import { type ChildProcess, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Alert, alertSchema } from "../../src/alerts/alert.ts";
import { type RunSummary, runSummarySchema } from "../../src/engine/run-summary.ts";

const LAUNCHER = fileURLToPath(new URL("../../bin/contrechamp", import.meta.url));

export interface Watched {
  readonly exitCode: number | null;
  /** What was printed on standard output, each line a valid alert. */
  readonly alerts: readonly Alert[];
  readonly errors: string;
  /** Null where the run wrote none. */
  readonly run: RunSummary | null;
}

/** A `contrechamp watch` under way, started as its user would start it. */
export interface Watching {
  readonly process: ChildProcess;
  /** Alerts so far. */
  readonly alerts: readonly Alert[];
  /** What was said so far beside the alerts. */
  said(): string;
  readonly done: Promise<Watched>;
}

/** Starts `contrechamp watch ARGS --out OUT --json`. */
export function startWatch(
  args: readonly string[],
  out: string,
  environment: NodeJS.ProcessEnv = {},
): Watching {
  const child = spawn(process.execPath, [LAUNCHER, "watch", ...args, "--out", out, "--json"], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const alerts: Alert[] = [];
  let pending = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    const lines = (pending + text).split("\n");
    pending = lines.pop() ?? "";
    for (const line of lines) alerts.push(alertSchema.parse(JSON.parse(line)));
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const done = new Promise<Watched>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exitCode) => {
      readRun(out).then((run) => resolve({ exitCode, alerts, errors, run }), reject);
    });
  });
  return { process: child, alerts, said: () => errors, done };
}

async function readRun(out: string): Promise<RunSummary | null> {
  try {
    return runSummarySchema.parse(JSON.parse(await readFile(join(out, "run.json"), "utf8")));
  } catch (thrown) {
    if (thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT") return null;
    throw thrown;
  }
}
