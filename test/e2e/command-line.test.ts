import { type ChildProcess, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { alertSchema } from "../../src/alerts/alert.ts";
import { runSummarySchema } from "../../src/engine/run-summary.ts";
import { prepareScene } from "../../src/scenes/catalogue.ts";
import { writeScene } from "../../src/scenes/write.ts";
import { SITE_PLACE, writeSite, writeStudy } from "../support/authority.ts";
import { writeClip } from "../support/clip.ts";

const LAUNCHER = fileURLToPath(new URL("../../bin/contrechamp", import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

const folder = mkdtempSync(join(tmpdir(), "contrechamp-cli-"));
const started: ChildProcess[] = [];
/** A rendered scene with one alert. */
let scene: { config: string; video: string };
/** Options of `watch`, under which every recording here may be studied, whatever is in it. */
let study: readonly string[];
/** The same, and only one recording. */
let narrow: readonly string[];

beforeAll(async () => {
  scene = writeScene(prepareScene("plaza-intrusion", 1, { rate: 8, width: 480, height: 270 }), folder);
  writeClip({ path: join(folder, "clip.mp4"), format: "mp4", frames: 30, rate: 10 });
  const clip = readFileSync(join(folder, "clip.mp4"));
  writeFileSync(join(folder, "text.mp4"), "This is no video.\n".repeat(100));
  const whole = readFileSync(scene.video);
  writeFileSync(join(folder, "short.mp4"), whole.subarray(0, Math.floor(whole.length / 4)));
  writeFileSync(join(folder, "cut.mp4"), clip.subarray(0, Math.floor(clip.length / 2)));
  const names = ["clip.mp4", "text.mp4", "short.mp4", "cut.mp4"].map((name) => join(folder, name));
  const cameras = ["camera", "camera-1", "camera-2", "gate", "plaza-intrusion"];
  study = await writeStudy(join(folder, "study"), [...names, scene.video], { cameras });
  narrow = await writeStudy(join(folder, "narrow"), [join(folder, "clip.mp4")]);
});
afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function start(args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [LAUNCHER, ...args], {
    cwd: folder,
    env: { ...process.env, LC_ALL: "C", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own, as a shell's job.
    detached: true,
  });
  started.push(child);
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Ended>((resolve) => {
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  const said = (what: RegExp) =>
    new Promise<void>((resolve) => {
      const look = () => what.test(stderr) && resolve();
      child.stderr.on("data", look);
      child.on("close", () => resolve());
      look();
    });
  return { child, ended, said };
}

const contrechamp = (...args: readonly string[]) => start(args).ended;

/** A closed site of its own with one live camera, all documents in order. @returns the options of `watch` */
async function liveSite(source: string): Promise<readonly string[]> {
  const site = mkdtempSync(join(folder, "site-"));
  const polygon: [number, number][] = [
    [0, 0],
    [100, 0],
    [100, 100],
  ];
  const event = "zone_intrusion";
  const camera = {
    ...{ ...SITE_PLACE, id: "gate", source },
    zones: [{ id: "yard", nature: "forbidden", polygon }],
    rules: [{ id: "yard", event, zone: "yard", after: "1s" }],
  };
  const authority = { profile: "private-premises", documents: "documents", state: "state" };
  const config = join(site, "site.yml");
  // JSON is YAML.
  writeFileSync(config, JSON.stringify({ schema: "contrechamp/config@1", cameras: [camera], authority }));
  await writeSite(join(site, "documents"), {
    cameras: ["gate"],
    events: [event],
    zones: [{ cameraId: "gate", event, polygon, nature: "forbidden", justification: "An example" }],
  });
  return ["--config", config];
}

describe("what the launcher keeps compiled", () => {
  const version = async (cache: string) => {
    const environment = { XDG_CACHE_HOME: cache, NODE_COMPILE_CACHE: "" };
    const { code, stdout } = await start(["--version"], environment).ended;
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  };

  it("is in the user's own cache folder", async () => {
    const cache = join(folder, "cache");
    await version(cache);
    const kept = join(cache, "contrechamp", "compiled");
    expect(readdirSync(kept, { recursive: true }).length).toBeGreaterThan(5);
  });

  it("is nothing where that cannot be written, and everything works", async () => {
    const file = join(folder, "no-folder");
    writeFileSync(file, "");
    await version(file);
  });
});

describe("watch, where no camera gives a picture", () => {
  it.each([
    ["missing.mp4", 66, "SOURCE_NOT_FOUND"],
    ["text.mp4", 65, "SOURCE_FORMAT"],
    ["cut.mp4", 65, "SOURCE_FORMAT"],
    ["/dev/video99", 66, "SOURCE_NOT_FOUND"],
    ["ftp://camera.example/x", 66, "SOURCE_ADDRESS"],
    ["rtsp://me:hunter2@127.0.0.1:9/x", 69, "SOURCE_UNREACHABLE"],
  ])("says so of %s in words, exits with %d and leaves earlier results alone", async (source, code, name) => {
    const out = join(folder, "good");
    mkdirSync(out, { recursive: true });
    writeFileSync(join(out, "alerts.jsonl"), "earlier\n");
    // A site's cameras are waited for: only so long.
    const live = /^rtsp:|^\/dev\//.test(source);
    const options = live ? [...(await liveSite(source)), "--for", "2s"] : [source, ...study];
    const before = readdirSync(folder).toSorted();
    const ended = await contrechamp("watch", ...options, "--out", out);
    expect(ended).toMatchObject({ code, stdout: "" });
    expect(ended.stderr).toContain(`(${name})`);
    expect(ended.stderr).not.toMatch(/\n {4}at |hunter2/);
    expect(readdirSync(folder).toSorted()).toEqual(before);
    expect(readFileSync(join(out, "alerts.jsonl"), "utf8")).toBe("earlier\n");
  });

  it("says that a web page is no stream", async () => {
    const server = createServer((_, response) => response.end("<html><h1>Camera</h1></html>"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const site = await liveSite(`http://127.0.0.1:${port}/`);
    const ended = await contrechamp("watch", ...site, "--out", "web");
    server.close();
    expect(ended.code).toBe(65);
    expect(ended.stderr).toContain("not of its web page");
    expect(existsSync(join(folder, "web"))).toBe(false);
  });
});

describe("watch, of what no authority covers", () => {
  it.each([
    ["no profile", () => ["clip.mp4"], "no_profile"],
    ["no document", () => ["clip.mp4", "--profile", "recording-study"], "no_analytic_authorisation"],
    ["a study of another recording", () => ["short.mp4", ...narrow], "recording_not_authorised"],
    ["a study, of a stream", () => ["rtsp://camera.example/x", ...study], "no_legal_basis"],
    ["a profile for drawn scenes", () => ["clip.mp4", "--profile", "demonstration"], "no_legal_basis"],
  ])("decodes nothing with %s, says why, and exits with 77", async (name, args, reason) => {
    const out = name.replaceAll(/\W/g, "-");
    const ended = await contrechamp("watch", ...args(), "--out", out);
    expect(ended).toMatchObject({ code: 77, stdout: "" });
    expect(ended.stderr).toContain(reason);
    expect(ended.stderr).not.toMatch(/160×120|\n {4}at /);
    // The refusal has its trace, and there is nothing else.
    expect(readdirSync(join(folder, out))).toEqual(["state"]);
    expect(existsSync(join(folder, out, "state", "journal", "checkpoint"))).toBe(true);
  });

  it("moves an earlier run aside for the refusal's trace, and says where", async () => {
    mkdirSync(join(folder, "refused"));
    writeFileSync(join(folder, "refused", "alerts.jsonl"), "earlier\n");
    const ended = await contrechamp("watch", "clip.mp4", "--out", "refused");
    expect(ended.code).toBe(77);
    const [, kept] = /kept in (\S*refused-unfinished)/.exec(ended.stderr) ?? [];
    expect(readFileSync(join(kept ?? "", "alerts.jsonl"), "utf8")).toBe("earlier\n");
  });

  it.each([
    ["--profile nowhere", 66, "PROFILE_UNKNOWN"],
    ["--profile eu-ai-act-art-5", 78, "PROFILE_WRONG_KIND"],
    ["--profile private-premises", 78, "STATE_NOT_NAMED"],
    ["--profile private-premises --out s --state s/state", 78, "STATE_IN_OUTPUT"],
  ])("refuses %s with %d", async (options, code, name) => {
    const ended = await contrechamp("watch", "clip.mp4", ...options.split(" "));
    expect(ended).toMatchObject({ code, stdout: "" });
    expect(ended.stderr).toContain(`(${name})`);
  });
});

describe("watch", () => {
  it("finishes one source where the other is broken, says so in the report, and exits with 1", async () => {
    const ended = await contrechamp("watch", "clip.mp4", "missing.mp4", ...study, "--out", "two");
    expect(ended.code).toBe(1);
    const run = runSummarySchema.parse(JSON.parse(readFileSync(join(folder, "two", "run.json"), "utf8")));
    expect(run.outcome).toBe("partial");
    expect(run.cameras.map(({ failed, videoSeconds }) => [failed, Math.round(videoSeconds)])).toEqual([
      [false, 3],
      [true, 0],
    ]);
    expect(run.cameras[1]?.health[0]?.code).toBe("SOURCE_NOT_FOUND");
    expect(existsSync(join(folder, "two", "report.html"))).toBe(true);
  });

  it("exits with 1 where a recording was cut short", async () => {
    const ended = await contrechamp("watch", "short.mp4", ...study, "--out", "cut");
    expect(ended.stderr).toContain("ends before the end it declares");
    expect(ended.code).toBe(1);
    expect(JSON.parse(readFileSync(join(folder, "cut", "run.json"), "utf8")).outcome).toBe("partial");
  });

  it("moves an earlier run aside and says so; --quiet says nothing", async () => {
    const args = ["watch", "clip.mp4", ...study, "--for", "1s", "--out", "again"];
    expect(await contrechamp(...args, "--quiet")).toMatchObject({ code: 0, stdout: "", stderr: "" });
    const second = await contrechamp(...args);
    expect(second.stderr).toMatch(/earlier run are kept in .*again-\d{8}T\d{6}/);
    expect(second.stderr).toContain("Open again/report.html");
  });

  it("speaks French where it is asked to or the environment does", async () => {
    const asked = start(["watch", "missing.mp4", "--lang", "fr", "--out", "fr-1"]);
    const environment = start(["watch", "missing.mp4", "--out", "fr-2"], { LC_ALL: "fr_FR.UTF-8" });
    for (const { code, stderr } of [await asked.ended, await environment.ended]) {
      expect(code).toBe(66);
      expect(stderr).toContain("Aucune caméra n'a donné d'image");
    }
  });

  it("prints nothing but alerts with --json", async () => {
    const options = ["--config", scene.config, ...study, "--out", "json", "--json", "--for", "13s"];
    const ended = await contrechamp("watch", ...options);
    expect(ended.code).toBe(0);
    const lines = ended.stdout.trimEnd().split("\n");
    expect(lines.map((line) => alertSchema.parse(JSON.parse(line)).kind)).toEqual(["raised", "closed"]);
    expect(readFileSync(join(folder, "json", "alerts.jsonl"), "utf8")).toBe(ended.stdout);
  });

  it("writes what there is when it is interrupted, and exits with 130", async () => {
    // To the whole group, as a terminal's Ctrl-C and a service manager's stop do.
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      const { child, ended, said } = start(["watch", "clip.mp4", ...study, "--realtime", "--out", signal]);
      await said(/160×120/);
      process.kill(-(child.pid ?? 0), signal);
      expect(await ended).toMatchObject({ code: 130, signal: null });
      const run = JSON.parse(readFileSync(join(folder, signal, "run.json"), "utf8"));
      expect(run.outcome).toBe("interrupted");
      expect(existsSync(join(folder, signal, "report.html"))).toBe(true);
    }
  });

  it("leaves at once when it is interrupted twice", async () => {
    const { child, ended, said } = start(["watch", scene.video, ...study, "--realtime", "--out", "twice"]);
    await said(/480×270/);
    child.kill("SIGINT");
    await said(/Ctrl-C again/);
    child.kill("SIGINT");
    expect((await ended).code).toBe(130);
  });

  it("ends as if by Ctrl-C when nobody reads its alerts any longer", async () => {
    const options = ["--config", scene.config, ...study, "--realtime", "--out", "head", "--json"];
    const { child, ended } = start(["watch", ...options]);
    child.stdout?.destroy();
    const { code, stderr } = await ended;
    expect(code).toBe(130);
    expect(stderr).not.toMatch(/EPIPE|\n {4}at /);
    expect(existsSync(join(folder, "head", "report.html"))).toBe(true);
  });

  it.each([
    [[], 64, "USAGE_NO_SOURCE"],
    [["clip.mp4", "clip.mp4"], 64, "USAGE_SOURCE_TWICE"],
    [["clip.mp4", "--for", "5"], 64, "USAGE_DURATION"],
    [["clip.mp4", "--out", "clip.mp4"], 73, "OUTPUT_NOT_WRITTEN"],
    [["--config", "none.yml"], 66, "CONFIG_UNREADABLE"],
  ])("refuses %j with %d", async (args, code, name) => {
    const ended = await contrechamp("watch", ...args);
    expect(ended).toMatchObject({ code, stdout: "" });
    expect(ended.stderr).toContain(`(${name})`);
  });
});

describe("a configuration", () => {
  const config = (keys: string) => {
    const file = join(folder, "site.yml");
    writeFileSync(
      file,
      `schema: contrechamp/config@1\ncameras:\n  - { id: gate, source: clip.mp4, ${keys} }\n`,
    );
    return file;
  };

  it("with mistakes is refused with all of them, by line and column, by check and watch alike", async () => {
    const file = config("rules: [{ id: r, event: zone_intrusion, zone: hall, after: soon }], maks: []");
    for (const command of ["check", "watch"]) {
      const ended = await contrechamp(command, "--config", file);
      expect(ended.code).toBe(78);
      const said = ended.stdout + ended.stderr;
      expect(said).toMatch(/site\.yml:3:\d+.*found "soon"/);
      expect(said).toMatch(/site\.yml:3:\d+.*unknown key maks/);
    }
    expect(existsSync(join(folder, "out"))).toBe(false);
  });

  it("with a weapon rule that names no network is refused before anything starts", async () => {
    const file = config("rules: [{ id: armed, event: weapon }]");
    for (const command of ["check", "watch"]) {
      const ended = await contrechamp(command, "--config", file);
      expect(ended.code).toBe(78);
      expect(ended.stdout + ended.stderr).toMatch(/site\.yml:3:\d+.*model/);
    }
    expect(existsSync(join(folder, "out"))).toBe(false);
  });
});

describe("any command", () => {
  it("ends quietly where nobody reads it", async () => {
    for (const args of [
      ["scene", "list"],
      ["check", "--config", scene.config],
    ]) {
      const { child, ended } = start(args);
      child.stdout?.destroy();
      expect(await ended).toMatchObject({ signal: null, stderr: "" });
    }
  });
});
