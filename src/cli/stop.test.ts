import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { placeHold, readHolds } from "../policy/hold-store.ts";
import { systemClock } from "../time/clock.ts";
import type { ResumeReport } from "./resume.ts";
import type { HoldList, StopReport } from "./stop.ts";

const folder = mkdtempSync(join(tmpdir(), "contrechamp-stop-"));
const LAUNCHER = resolve(import.meta.dirname, "../../bin/contrechamp");
const ENGINE = resolve(import.meta.dirname, "../../test/support/holding-engine.ts");
const home = process.env["XDG_STATE_HOME"];
const engines: ChildProcess[] = [];
let state = "";
let made = 0;

beforeEach(() => {
  state = join(folder, `${++made}`, "state");
  process.env["XDG_STATE_HOME"] = join(folder, `${made}`, "home");
});
afterEach(() => {
  for (const engine of engines.splice(0)) engine.kill("SIGKILL");
});
afterAll(() => {
  if (home === undefined) delete process.env["XDG_STATE_HOME"];
  else process.env["XDG_STATE_HOME"] = home;
  rmSync(folder, { recursive: true, force: true });
});

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function run(...args: readonly string[]): Promise<Ran> {
  return new Promise((done) => {
    execFile(process.execPath, [LAUNCHER, ...args], { encoding: "utf8" }, (error, out, err) => {
      done({ code: typeof error?.code === "number" ? error.code : error === null ? 0 : -1, out, err });
    });
  });
}

const by = ["--by", "Exemple", "--reason", "an example"];
const stopJson = async (...args: readonly string[]) => {
  const ran = await run("stop", ...args, "--json");
  return { ...ran, report: JSON.parse(ran.out) as StopReport };
};
const errorOf = ({ err }: Ran) => JSON.parse(err).error.code as string;
const standing = async (of: string | null = state) =>
  (await readHolds(of)).filter((hold) => hold.released === null);

async function engine(
  manner: "obeys" | "deaf" | "slow",
  ...cameras: readonly string[]
): Promise<() => string> {
  const child = spawn(process.execPath, [ENGINE, state, manner, ...cameras], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  engines.push(child);
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  await expect.poll(() => said, { timeout: 15_000, interval: 10 }).toContain("ready");
  return () => said.trimEnd().split("\n").at(-1) ?? "";
}

describe("stop", () => {
  test("a site where no engine runs: it is held, it says so, and the journal has it", async () => {
    const { code, report } = await stopJson("--state", state, ...by);
    expect(code).toBe(0);
    expect(report.holds).toMatchObject([
      { scope: { kind: "site" }, cause: "stop_switch", by: "Exemple", reason: "an example", released: null },
    ]);
    expect(report).toMatchObject({ stateFolder: state, engines: [], journal: { error: null } });
    expect(report.journal?.leaves).toHaveLength(1);
    expect(await readHolds(state)).toEqual(report.holds);
    expect(report.stoodAfter).toBeGreaterThanOrEqual(report.placedAfter);
    const list = await run("stop", "--list", "--state", state, "--json");
    expect((JSON.parse(list.out) as HoldList).holds).toEqual(report.holds);
  });

  test("without a name or a reason it stops all the same, in the account's name", async () => {
    const { code, report } = await stopJson("--state", state, "--reason", "   ");
    expect(code).toBe(0);
    expect(report.holds).toMatchObject([
      { by: expect.stringMatching(/^account ./), reason: expect.stringMatching(/./) },
    ]);
  });

  test("cameras, one hold each, of a running engine: it waits until none of them is decoded", async () => {
    const held = await engine("obeys", "quay", "hall", "gate");
    const begun = performance.now();
    const { code, report } = await stopJson("--state", state, "--camera", "quay", "hall", "quay", ...by);
    expect(performance.now() - begun).toBeLessThan(10_000);
    expect(code).toBe(0);
    expect(report.holds.map(({ scope }) => scope)).toEqual([
      { kind: "camera", cameraId: "quay" },
      { kind: "camera", cameraId: "hall" },
    ]);
    expect(report.engines).toMatchObject([
      { state: "stands", decoding: [], cameras: ["quay", "hall", "gate"] },
    ]);
    expect((report.stoodAfter ?? 99) - report.placedAfter).toBeLessThan(1);
    expect(held()).toBe("held quay hall");
  });

  test("everything: every engine of this user, wherever its state is", async () => {
    const held = await engine("obeys", "quay");
    const { code, report } = await stopJson();
    expect(code).toBe(0);
    expect(report).toMatchObject({
      stateFolder: null,
      journal: null,
      engines: [{ stateFolder: state, state: "stands" }],
    });
    expect(report.holds).toMatchObject([{ scope: { kind: "everything" } }]);
    expect(held()).toBe("held quay");
    expect(await standing()).toEqual(report.holds);
  });

  test.each([
    "deaf",
    "slow",
  ] as const)("an engine that is %s: the command says so, and how to end it", async (manner) => {
    await engine(manner, "quay");
    const pid = engines[0]?.pid;
    const ran = await run("stop", "--state", state, ...by);
    expect(ran.code).toBe(1);
    expect(ran.out).toContain(
      `Process ${pid}: ${manner === "deaf" ? "HAS NOT ANSWERED" : "STILL DECODES quay"}`,
    );
    expect(ran.out).toContain(`kill -9 ${pid}`);
    expect(await standing()).toHaveLength(1);
  });

  test("an engine that was killed is not waited for", async () => {
    await engine("obeys", "quay");
    engines[0]?.kill("SIGKILL");
    await once(engines[0] as ChildProcess, "close");
    const { code, report } = await stopJson("--state", state, ...by);
    expect({ code, engines: report.engines }).toEqual({ code: 0, engines: [] });
  });

  test("a camera that no engine has is named: a slip must not pass for a stop", async () => {
    await engine("obeys", "quay");
    const ran = await run("stop", "--state", state, "--camera", "qay", ...by);
    expect(ran.out).toContain("No engine that runs has a camera qay");
  });

  test("a state folder that is another's stops nobody: the engines that run are named", async () => {
    await engine("obeys", "quay");
    const other = join(folder, `${made}`, "sate");
    const ran = await run("stop", "--state", other, ...by);
    expect(ran.out).toContain(`No engine with the state folder ${other} runs now`);
    expect(ran.out).toContain(
      `NOT STOPPED by this: process ${engines[0]?.pid}, with the state folder ${state}`,
    );
    expect(await standing()).toEqual([]);
  });

  test("a journal that cannot be written does not keep anybody from stopping", async () => {
    mkdirSync(state, { recursive: true });
    writeFileSync(join(state, "journal"), "in the way");
    const { code, report } = await stopJson("--state", state, ...by);
    expect(code).toBe(1);
    expect(report.journal?.error).toMatch(/journal/);
    expect(await standing()).toHaveLength(1);
  });

  test("where nothing can be written it says that NOTHING is stopped", async () => {
    mkdirSync(join(folder, `${made}`), { recursive: true });
    writeFileSync(state, "in the way");
    const ran = await run("stop", "--state", state, ...by);
    expect(ran.code).toBe(73);
    expect(ran.err).toContain("NOTHING IS STOPPED");
  });

  test("in French", async () => {
    const ran = await run("stop", "--state", state, "--lang", "fr", ...by);
    expect(ran.out).toMatch(/ARRÊTÉ : le site\. L'arrêt vaut depuis \d+,\d\d s/);
  });

  test("what somebody wrote does nothing to a terminal", async () => {
    await stopJson("--state", state, "--by", "\u001b[2Jred", "--reason", "two\nlines\u202e");
    const ran = await run("stop", "--list", "--state", state);
    expect(ran.out).toContain("two lines�");
    for (const sign of ["\u001b", "\u202e"]) expect(ran.out).not.toContain(sign);
  });

  test.runIf(process.geteuid?.() === 0)(
    "an administrator leaves no file that the engine's account cannot use",
    async () => {
      mkdirSync(state, { recursive: true });
      for (const each of [folder, join(folder, `${made}`)]) chmodSync(each, 0o755);
      chownSync(state, 65_534, 65_534);
      const { code } = await stopJson("--state", state, ...by);
      expect(code).toBe(0);
      const owners = globSync("**/*", { cwd: state }).map((name) => statSync(join(state, name)).uid);
      expect(owners.length).toBeGreaterThan(4);
      expect(new Set(owners)).toEqual(new Set([65_534]));
      expect((await run("resume", "--state", state, ...by)).code).toBe(0);
      expect(
        new Set(globSync("**/*", { cwd: state }).map((name) => statSync(join(state, name)).uid)),
      ).toEqual(new Set([65_534]));
    },
  );
});

describe("of which engine", () => {
  const config = (text: string): string => {
    mkdirSync(join(folder, `${made}`), { recursive: true });
    const file = join(folder, `${made}`, "site.yml");
    writeFileSync(file, text);
    return file;
  };
  const SITE = `schema: contrechamp/config@1
authority: { state: state }
cameras: [{ id: quay, source: quay.mp4 }, { id: hall, source: hall.mp4 }]
`;

  test("a configuration names its state folder", async () => {
    const { report } = await stopJson("--config", config(SITE), "--camera", "hall", ...by);
    expect(report.stateFolder).toBe(state);
    expect(await standing()).toEqual(report.holds);
  });

  test("a camera that it does not have is refused, with those that it has", async () => {
    const ran = await run("stop", "--config", config(SITE), "--camera", "hal", ...by);
    expect(ran.code).toBe(64);
    expect(ran.err).toMatch(/Nothing is stopped[\s\S]*has no camera hal[\s\S]*quay, hall/);
    expect(existsSync(state)).toBe(false);
  });

  test("one that has errors still says where: nobody has to mend it first", async () => {
    const ran = await run("stop", "--config", config(SITE.replace("id: quay", "id: 7, hight: 3")), ...by);
    expect(ran.code).toBe(0);
    expect(ran.out).toContain("has errors");
    expect(await standing()).toMatchObject([{ scope: { kind: "site" } }]);
  });

  test.each([
    ["that is not there", [], 66],
    ["that is no YAML", ["{{{"], 78],
  ])("one %s is refused", async (_, text, code) => {
    const file = text.length === 0 ? join(folder, "none.yml") : config(text.join(""));
    expect((await run("stop", "--config", file, ...by)).code).toBe(code);
  });

  test("a camera without a word of which engine is refused", async () => {
    const ran = await run("stop", "--camera", "quay", "--json", ...by);
    expect(ran.code).toBe(64);
    expect(errorOf(ran)).toBe("HOLD_NO_STATE");
    expect(await standing(null)).toEqual([]);
  });
});

describe("resume", () => {
  const stopped = () =>
    placeHold(state, {
      scope: { kind: "camera", cameraId: "quay" },
      cause: "view_moved",
      by: "contrechamp",
      reason: "camera quay does not look where it did",
      at: systemClock.now(),
    });

  test.each([
    ["without a reason", ["--by", "Exemple"], "HOLD_NO_REASON"],
    ["with an empty reason", ["--by", "Exemple", "--reason", "  "], "HOLD_NO_REASON"],
    ["without a name", ["--reason", "looked at"], "HOLD_NO_NAME"],
  ])("%s it is held as before", async (_, args, code) => {
    const hold = await stopped();
    const ran = await run("resume", "--state", state, "--camera", "quay", "--json", ...args);
    expect(ran.code).toBe(64);
    expect(errorOf(ran)).toBe(code);
    expect(await standing()).toEqual([hold]);
  });

  test("says what was held, since when and why, releases it, and the journal has it", async () => {
    const hold = await stopped();
    await run("stop", "--state", state, ...by);
    const ran = await run(
      "resume",
      "--state",
      state,
      "--camera",
      "quay",
      "--by",
      "Exemple",
      "--reason",
      "looked at",
    );
    expect(ran.code).toBe(0);
    expect(ran.out).toMatch(/camera quay: the view moved, since .*UTC, by contrechamp/);
    expect(ran.out).toContain(hold.reason);
    expect(ran.out).toMatch(
      /1 hold released\.\nWritten to the journal, leaf \d+\.\nStill held:\nthe site: stop switch/,
    );
    expect(await readHolds(state)).toContainEqual({
      ...hold,
      released: { at: expect.any(String), by: "Exemple", reason: "looked at" },
    });
  });

  test.each([
    ["no", "\r", 1, 1],
    ["yes", "y", 0, 0],
  ])("on a terminal it asks again; the answer is %s", async (_, key, code, left) => {
    await stopped();
    const args = ["resume", "--state", state, "--camera", "quay", "--by", "Exemple", "--reason", "example"];
    // script(1) of util-linux, which every Debian has, lends it a terminal.
    const command = ["stty cols 100;", process.execPath, LAUNCHER, ...args].join(" ");
    const child = spawn("script", ["-qefc", command, "/dev/null"], { stdio: ["pipe", "pipe", "inherit"] });
    let said = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    const closed = once(child, "close");
    await expect.poll(() => said, { timeout: 30_000 }).toContain("Release this hold?");
    expect(await standing()).toHaveLength(1);
    child.stdin.write(key);
    expect((await closed)[0]).toBe(code);
    expect(await standing()).toHaveLength(left);
  });

  test("a running engine goes on", async () => {
    const held = await engine("obeys", "quay");
    const stop = await stopJson("--state", state, ...by);
    expect(held()).toBe("held quay");
    const id = stop.report.holds[0]?.id ?? "";
    const ran = await run("resume", "--state", state, "--hold", id, "--json", ...by);
    const report = JSON.parse(ran.out) as ResumeReport;
    expect(report).toMatchObject({ released: [{ id }], stillHeld: [], journal: { error: null } });
    await expect.poll(held).toBe("held");
  });

  test("a scope that is not held is refused, with what is", async () => {
    await stopped();
    const ran = await run("resume", "--state", state, "--json", ...by);
    expect(ran.code).toBe(66);
    expect(JSON.parse(ran.err).error).toMatchObject({
      code: "HOLD_NOTHING_HELD",
      help: expect.stringContaining("camera quay"),
    });
    expect((await run("resume", "--state", state, "--hold", "no-such", ...by)).code).toBe(66);
    expect(await standing()).toHaveLength(1);
  });

  test("without a trace nothing runs again", async () => {
    const hold = await stopped();
    writeFileSync(join(state, "journal"), "in the way");
    const ran = await run("resume", "--state", state, "--camera", "quay", "--json", ...by);
    expect(ran.code).toBe(73);
    expect(errorOf(ran)).toBe("HOLD_NO_TRACE");
    expect(await standing()).toEqual([hold]);
  });

  test("a damaged file of holds: everything is held, and --everything begins a new one", async () => {
    mkdirSync(state, { recursive: true });
    writeFileSync(join(state, "holds.json"), "damaged");
    const list = await run("stop", "--list", "--state", state);
    expect(list.out).toMatch(/everything on this machine: incident[\s\S]*holds\.json cannot be read/);
    expect((await run("resume", "--state", state, ...by)).code).toBe(66);
    expect((await run("resume", "--state", state, "--everything", ...by)).code).toBe(0);
    expect(await standing()).toEqual([]);
    expect(readFileSync(join(state, globSync("*damaged*", { cwd: state })[0] ?? ""), "utf8")).toBe("damaged");
  });
});
