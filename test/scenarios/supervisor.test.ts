import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { configSha256 } from "../../src/config/hash.ts";
import { defaultCamera, defaultConfig } from "../../src/config/load.ts";
import type { SupervisedJob } from "../../src/engine/messages.ts";
import type { HealthEntry } from "../../src/engine/run-summary.ts";
import { type CameraResult, type RunPermission, Supervisor } from "../../src/engine/supervisor.ts";
import { EMPTY_WORLD } from "../../src/policy/world.ts";
import { systemClock } from "../../src/time/clock.ts";
import { writeStudy } from "../support/authority.ts";
import { writeClip } from "../support/clip.ts";
import { MjpegServer } from "../support/http-servers.ts";

const LAUNCHER = fileURLToPath(new URL("../../bin/contrechamp", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "contrechamp-supervisor-"));
const recording = join(folder, "recording.mp4");
const pictures = join(folder, "camera.mjpeg");

beforeAll(() => {
  writeClip({ path: recording, format: "mp4", frames: 60, rate: 10 });
  writeClip({ path: pictures, format: "mjpeg", codec: "mjpeg", frames: 20 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Every camera may be decoded; what the gate of its process says of it is another matter. */
const permission: RunPermission = {
  mayRun: () => true,
  waits: () => true,
  why: () => "",
  onChange: () => undefined,
  world: EMPTY_WORLD,
};

/** Runs jobs, and notes what the supervisor tells. */
function start(jobs: readonly SupervisedJob[]) {
  const told: { camera: string; what: string; health?: HealthEntry }[] = [];
  const supervisor = new Supervisor({
    clock: systemClock,
    permission,
    parallelRecordings: 2,
    events: {
      ready: (camera) => told.push({ camera, what: "ready" }),
      alert: () => undefined,
      trace: () => undefined,
      decoding: () => undefined,
      health: (camera, health) => told.push({ camera, what: health.kind, health }),
      progress: (camera) => told.push({ camera, what: "progress" }),
      ended: (camera, error) => told.push({ camera, what: `ended ${error?.code ?? "well"}` }),
    },
  });
  const done = supervisor.run(jobs);
  running = { stop: () => supervisor.kill(), done };
  const count = (camera: string, what: string) =>
    told.filter((event) => event.camera === camera && event.what === what).length;
  return { supervisor, done, told, count };
}

let running: { stop(): void; done: Promise<unknown> } | null = null;
const servers: MjpegServer[] = [];
const children: ChildProcess[] = [];
afterEach(async () => {
  running?.stop();
  await running?.done;
  running = null;
  for (const server of servers.splice(0)) await server.stop();
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

function job(id: string, source: string, rest: Partial<SupervisedJob> = {}): SupervisedJob {
  const camera = defaultCamera(source, id);
  const config = defaultConfig([camera]);
  const live = /^https?:/.test(source);
  return {
    camera,
    engine: { ...config.engine, threads: 1 },
    evidence: config.evidence,
    authority: {
      world: EMPTY_WORLD,
      use: "alert",
      footage: live ? "live" : "recording",
      recordingSha256: null,
      instant: "now",
    },
    vault: null,
    configSha256: configSha256(config),
    out: join(folder, "out"),
    realtime: !live,
    longest: null,
    live,
    patient: live,
    ...rest,
  };
}

async function mjpegServer(login?: { user: string; password: string }): Promise<MjpegServer> {
  const server = new MjpegServer({ clip: pictures, rate: 10, ...(login && { login }) });
  await server.start();
  servers.push(server);
  return server;
}

async function until(what: string, holds: () => boolean, seconds = 20): Promise<void> {
  for (const end = Date.now() + 1000 * seconds; !holds(); await sleep(25)) {
    if (Date.now() > end) throw new Error(`${what} did not come within ${seconds} s`);
  }
}

/** The camera processes of a process, in the order they were started. */
function cameraProcesses(parent = process.pid): number[] {
  return readdirSync(`/proc/${parent}/task`)
    .flatMap((task) => readFileSync(`/proc/${parent}/task/${task}/children`, "utf8").split(" "))
    .filter((pid) => pid !== "" && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("camera-process"))
    .map(Number)
    .toSorted((a, b) => a - b);
}

function of(results: readonly CameraResult[], id: string): CameraResult {
  const found = results.find((result) => result.cameraId === id);
  if (found === undefined) throw new Error(`no result of ${id}`);
  return found;
}

describe.skipIf(process.platform !== "linux")("the supervisor (on Linux: it looks into /proc)", () => {
  it("goes on with the others when a recording's process is killed, and keeps what it had said", async () => {
    const { done, count } = start([job("killed", recording), job("other", recording)]);
    await until("progress", () => count("killed", "progress") > 2 && count("other", "progress") > 0);
    const [first] = cameraProcesses();
    process.kill(first ?? 0, "SIGKILL");
    const results = await done;
    const killed = of(results, "killed");
    expect(killed.error?.code).toBe("CAMERA_PROCESS_ENDED");
    expect(killed.error?.message).toContain("SIGKILL");
    expect(killed.ran).toBe(true);
    expect(killed.summary).toMatchObject({ failed: true, width: 160, height: 120 });
    expect(killed.summary.videoSeconds).toBeGreaterThan(0);
    expect(killed.summary.frames.decoded).toBeGreaterThan(0);
    expect(killed.summary.health.at(-1)?.code).toBe("CAMERA_PROCESS_ENDED");
    const other = of(results, "other");
    expect(other.error).toBeNull();
    expect(other.summary.videoSeconds).toBeGreaterThan(5);
  });

  it("starts a live camera's process again when it is killed, and adds up what both saw", async () => {
    const server = await mjpegServer();
    const { supervisor, done, count, told } = start([job("gate", server.address)]);
    await until("progress", () => count("gate", "progress") > 2);
    process.kill(cameraProcesses()[0] ?? 0, "SIGKILL");
    await until("the second process", () => count("gate", "ready") === 2);
    const before = count("gate", "progress");
    await until("more progress", () => count("gate", "progress") > before + 1);
    supervisor.stop();
    const [result] = await done;
    expect(result?.error).toBeNull();
    expect(told.filter(({ health }) => health).map(({ health }) => [health?.kind, health?.code])).toEqual([
      ["worker_restarted", "CAMERA_PROCESS_ENDED"],
    ]);
    expect(result?.summary.failed).toBe(false);
    expect(result?.summary.health.map(({ kind }) => kind)).toEqual(["worker_restarted"]);
    // The first had seen at least a second, the second half of one.
    expect(result?.summary.videoSeconds).toBeGreaterThan(1.4);
  });

  it("gives a camera's process enough threads to wait in", async () => {
    const { done, count, supervisor } = start([job("gate", recording)]);
    await until("the process", () => count("gate", "ready") === 1);
    const environment = readFileSync(`/proc/${cameraProcesses()[0]}/environ`, "utf8").split("\0");
    const threads = environment.find((variable) => variable.startsWith("UV_THREADPOOL_SIZE="));
    expect(Number(threads?.split("=")[1])).toBeGreaterThanOrEqual(8);
    supervisor.stop();
    await done;
  });

  it("does not let a service manager's SIGTERM to every process cut a camera off", async () => {
    const { done, count, supervisor } = start([job("gate", recording)]);
    await until("progress", () => count("gate", "progress") > 0);
    process.kill(cameraProcesses()[0] ?? 0, "SIGTERM");
    await sleep(300);
    supervisor.stop();
    const [result] = await done;
    expect(result?.error).toBeNull();
    expect(result?.summary.failed).toBe(false);
  });

  it("waits for a camera that is not there yet, and says once that it is blind", async () => {
    const server = await mjpegServer();
    await server.stop();
    const { done, count, told, supervisor } = start([job("late", server.address)]);
    // Tried at 0, 1 and 3 s.
    await until("blindness", () => count("late", "camera_blind") === 1);
    await sleep(1500);
    expect(count("late", "camera_blind")).toBe(1);
    await server.start();
    await until("the camera", () => count("late", "camera_back") === 1);
    supervisor.stop();
    const [result] = await done;
    expect(result).toMatchObject({ ran: true, error: null });
    expect(result?.summary.failed).toBe(false);
    expect(told.find(({ what }) => what === "camera_blind")?.health?.code).toBe("SOURCE_UNREACHABLE");
    expect(result?.summary.health.map(({ kind }) => kind)).toEqual(["camera_blind", "camera_back"]);
  });

  it("gives up what waiting cannot heal, at once, and goes on with the others", async () => {
    const closed = await mjpegServer({ user: "admin", password: "right" });
    const gone = await mjpegServer();
    await gone.stop();
    const { done, told } = start([
      job("password", closed.address.replace("right", "hunter2")),
      job("alone", gone.address, { patient: false }),
      job("recording", recording, { realtime: false }),
    ]);
    const results = await done;
    expect(of(results, "password")).toMatchObject({ ran: false, error: { code: "SOURCE_PASSWORD" } });
    expect(of(results, "alone")).toMatchObject({ ran: false, error: { code: "SOURCE_UNREACHABLE" } });
    expect(of(results, "recording")).toMatchObject({ ran: true, error: null });
    expect(of(results, "password").summary.failed).toBe(true);
    expect(told.some(({ what }) => what === "worker_restarted")).toBe(false);
    expect(JSON.stringify([results, told])).not.toContain("hunter2");
  });

  it("ends a live camera after its time, waited for or cut off", async () => {
    const server = await mjpegServer();
    const gone = await mjpegServer();
    await gone.stop();
    const began = performance.now();
    const { done, count } = start([
      job("cut", server.address, { longest: 4 }),
      job("never", gone.address, { longest: 4 }),
    ]);
    await until("the camera", () => count("cut", "progress") > 0);
    await server.stop();
    const results = await done;
    expect((performance.now() - began) / 1000).toBeLessThan(20);
    expect(of(results, "cut").summary.health.map(({ kind }) => kind)).toContain("camera_blind");
    expect(of(results, "never").error?.code).toBe("SOURCE_UNREACHABLE");
  });

  it("leaves no camera's process behind when it is killed itself", async () => {
    const study = await writeStudy(join(folder, "documents"), [recording]);
    const args = ["watch", recording, ...study, "--realtime", "--out", join(folder, "orphan")];
    const child = spawn(process.execPath, [LAUNCHER, ...args], { stdio: ["ignore", "ignore", "pipe"] });
    children.push(child);
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    await until("the camera", () => said.includes("160×120"));
    const [orphan] = cameraProcesses(child.pid);
    expect(orphan).toBeDefined();
    child.kill("SIGKILL");
    await until("the end of the camera's process", () => !existsSync(`/proc/${orphan}`), 6);
  });
});
