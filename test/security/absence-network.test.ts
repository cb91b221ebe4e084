import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { alertSchema } from "../../src/alerts/alert.ts";
import { modelsFolder } from "../../src/models/cache.ts";
import { DEFAULT_MODEL } from "../../src/models/manifest.ts";
import { resolveModel } from "../../src/models/models.ts";
import { prepareScene } from "../../src/scenes/catalogue.ts";
import { writeScene } from "../../src/scenes/write.ts";
import { writeStudy } from "../support/authority.ts";

const LAUNCHER = resolve(import.meta.dirname, "../../bin/contrechamp");
const NO_NETWORK = pathToFileURL(resolve(import.meta.dirname, "../support/no-network.mjs")).href;
const ASK = 'fetch("http://192.0.2.1/").catch(() => process.exit(7))';
/** Libraries that report keep quiet where they see an automated test: here they must be as at a user's. */
const UNTESTED = Object.fromEntries(
  Object.keys(process.env)
    .filter((name) =>
      /^(CI|BUILD_ID|TF_BUILD|NODE_ENV|TEST|DO_NOT_TRACK)$|VITEST|TELEMETRY|^ORT_|^GIT(HUB|LAB)/.test(name),
    )
    .map((name) => [name, undefined]),
);
const folder = mkdtempSync(join(tmpdir(), "contrechamp-network-"));
let watchArguments: readonly string[] = [];

/** Why a tool cannot be used here; null where it can. */
function missing(command: string, ...args: readonly string[]): string | null {
  try {
    execFileSync(command, [...args], { stdio: "pipe" });
    return null;
  } catch (error) {
    return error instanceof Error ? error.message.split("\n").join(" ") : String(error);
  }
}

const noNamespaces = missing("unshare", "--map-root-user", "--net", "true");
const noTracing = missing("strace", "-f", "-e", "trace=connect", "true");

interface Ran {
  readonly code: number | null;
  readonly alerts: number;
  readonly errors: string;
}

/** Watches the clip under a command that stands before it. */
async function watchUnder(
  name: string,
  before: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<Ran> {
  const [command = "", ...args] = [...before, process.execPath, LAUNCHER, "watch", ...watchArguments];
  const child = spawn(command, [...args, "--out", join(folder, name), "--json", "--quiet"], {
    env: { ...process.env, ...UNTESTED, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [out, errors] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const [code] = await once(child, "close");
  const alerts = out.split("\n").filter((line) => line !== "" && alertSchema.parse(JSON.parse(line)));
  return { code, alerts: alerts.length, errors };
}

beforeAll(async () => {
  const script = prepareScene("plaza-intrusion", 1, { seconds: 14, rate: 8, width: 480, height: 270 });
  const { config, video } = writeScene(script, folder);
  const study = await writeStudy(join(folder, "documents"), [video], { cameras: [script.name] });
  watchArguments = ["--config", config, ...study];
  // The weights are fetched by name when somebody asks for them: that is before, and not what is looked at.
  await resolveModel(DEFAULT_MODEL);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The run did its work: what was not tried was not left out either. */
function expectWork(ran: Ran): void {
  expect(ran.errors).toBe("");
  expect(ran.code).toBe(0);
  expect(ran.alerts).toBeGreaterThan(0);
}

describe("watching a recording reaches nobody outside", () => {
  test.skipIf(noNamespaces !== null)(
    `in a network namespace without a route all is as ever${noNamespaces === null ? "" : `: NOT TESTED, ${noNamespaces}`}`,
    async () => {
      const alone = ["unshare", "--map-root-user", "--net"];
      expect(missing(alone[0] ?? "", ...alone.slice(1), process.execPath, "-e", ASK)).toContain(
        "Command failed",
      );
      expectWork(await watchUnder("alone", alone));
    },
  );

  test.skipIf(noTracing !== null)(
    `no process of it asks the system for a connection${noTracing === null ? "" : `: NOT TESTED, ${noTracing}`}`,
    async () => {
      const log = (name: string) => join(folder, `${name}.strace`);
      const traced = (name: string) => [
        "strace",
        "-f",
        "--seccomp-bpf",
        "-e",
        "trace=%network",
        "-o",
        log(name),
      ];
      expectWork(await watchUnder("traced", traced("watch")));
      expect(outside(readFileSync(log("watch"), "utf8"))).toEqual([]);
      const [command = "", ...args] = traced("control");
      missing(command, ...args, process.execPath, "-e", ASK);
      expect(outside(readFileSync(log("control"), "utf8")).length).toBeGreaterThan(0);
    },
  );

  test("no library leaves an identifier of the machine or something to send in the user's folders", async () => {
    const home = join(folder, "user");
    mkdirSync(home);
    const environment = {
      HOME: home,
      XDG_CACHE_HOME: undefined,
      XDG_STATE_HOME: undefined,
      XDG_DATA_HOME: undefined,
      XDG_CONFIG_HOME: undefined,
      CONTRECHAMP_MODELS: modelsFolder(),
    };
    expectWork(await watchUnder("home", [], environment));
    const left = readdirSync(home, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(home, join(entry.parentPath, entry.name)));
    // What a stop of everything finds its engines by.
    const own = (name: string) => name.startsWith(".local/state/contrechamp/engines/");
    expect(left.filter((name) => !own(name))).toEqual([]);
    expect(left.filter(own)).toHaveLength(1);
  });

  test("nothing of it, and nothing that it loads, calls what Node has for the network", async () => {
    const tried = join(folder, "tried.txt");
    const environment = { NODE_OPTIONS: `--import=${NO_NETWORK}`, NETWORK_TRIED: tried };
    expectWork(await watchUnder("closed", [], environment));
    expect(existsSync(tried) ? readFileSync(tried, "utf8") : "").toBe("");
    const thread = join(folder, "thread.mjs");
    writeFileSync(thread, 'import http from "node:http"; http.get("http://192.0.2.1/");');
    for (const attempt of [
      ASK,
      'require("node:net").connect(9)',
      'import("node:dns/promises").then((dns) => dns.lookup("example.org"))',
      `new (require("node:worker_threads").Worker)(${JSON.stringify(thread)})`,
    ]) {
      rmSync(tried, { force: true });
      const env = { ...process.env, ...environment };
      expect(() => execFileSync(process.execPath, ["-e", attempt], { env, stdio: "pipe" })).toThrow();
      expect(readFileSync(tried, "utf8"), attempt).not.toBe("");
    }
  });
});

/** Calls in a trace that concern another address family than that of this machine's own sockets. */
function outside(trace: string): readonly string[] {
  return trace.split("\n").filter((line) => /\b(AF|PF)_(?!UNIX\b|UNSPEC\b|LOCAL\b)[A-Z0-9]+/.test(line));
}
