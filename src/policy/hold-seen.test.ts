import { type ChildProcess, spawn } from "node:child_process";
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
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../time/clock.ts";
import type { Hold } from "./hold.ts";
import { machineFolder } from "./hold-files.ts";
import { acknowledgeHolds, awaitEngines, runningEngines, seenFile } from "./hold-seen.ts";
import { livenessOf, processIdentity } from "./process-identity.ts";

const folder = mkdtempSync(join(tmpdir(), "contrechamp-seen-"));
const home = process.env["XDG_STATE_HOME"];
let state = "";
let made = 0;
const children: ChildProcess[] = [];

beforeEach(() => {
  state = join(folder, `${++made}`, "state");
  process.env["XDG_STATE_HOME"] = join(folder, `${made}`, "home");
});
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
  if (home === undefined) delete process.env["XDG_STATE_HOME"];
  else process.env["XDG_STATE_HOME"] = home;
  rmSync(folder, { recursive: true, force: true });
});

const hold = (id: number, cameraId: string | null, released = false): Hold => ({
  id: `00000000-0000-4000-8000-${String(id).padStart(12, "0")}`,
  scope: cameraId === null ? { kind: "site" } : { kind: "camera", cameraId },
  cause: "stop_switch",
  at: "2024-07-26T17:30:00.000Z",
  by: "Exemple",
  reason: "an example",
  released: released ? { at: "2024-07-26T17:31:00.000Z", by: "Exemple", reason: "an example" } : null,
});

describe("an engine says what it has seen", () => {
  test("in its state folder and in the machine's, whole", async () => {
    const [quay, gone] = [hold(1, "quay"), hold(2, "hall", true)];
    await acknowledgeHolds(state, {
      holds: [quay, gone],
      decoding: () => ["hall"],
      cameras: ["quay", "hall"],
      clock: systemClock,
    });
    const [engine, ...others] = await runningEngines(state, false);
    expect(others).toEqual([]);
    expect(engine).toMatchObject({
      liveness: "alive",
      seen: { pid: process.pid, holdIds: [quay.id], decoding: ["hall"], cameras: ["quay", "hall"] },
    });
    expect(await runningEngines(null, true)).toEqual([engine]);
    expect(await runningEngines(join(folder, "another"), false)).toEqual([]);
    expect(await runningEngines(null, false)).toEqual([]);
    const ask = (held: readonly Hold[]) =>
      awaitEngines(state, false, held, { clock: systemClock, patience: 0 });
    expect(await ask([quay])).toEqual([
      { pid: process.pid, stateFolder: state, state: "stands", decoding: [], cameras: ["quay", "hall"] },
    ]);
    expect(await ask([quay, hold(3, "quay")])).toMatchObject([{ state: "silent" }]);
    expect(await ask([hold(1, null)])).toMatchObject([{ state: "decoding", decoding: ["hall"] }]);
  });

  test("it says so again when the last held camera is no longer decoded", async () => {
    let decoding = ["hall", "quay"];
    const done = acknowledgeHolds(state, {
      holds: [hold(1, null)],
      decoding: () => decoding,
      clock: systemClock,
    });
    const said = () => JSON.parse(readFileSync(seenFile(state), "utf8")).decoding;
    await expect.poll(() => existsSync(seenFile(state)), { interval: 2 }).toBe(true);
    expect(said()).toEqual(["hall", "quay"]);
    decoding = ["quay"];
    await expect.poll(said, { interval: 5 }).toEqual(["quay"]);
    decoding = [];
    await done;
    expect(said()).toEqual([]);
  });

  test("whoever stops it waits for that, and no longer than asked", async () => {
    let decoding = ["quay"];
    const done = acknowledgeHolds(state, {
      holds: [hold(1, null)],
      decoding: () => decoding,
      clock: systemClock,
    });
    await expect.poll(() => existsSync(seenFile(state)), { interval: 2 }).toBe(true);
    setTimeout(() => {
      decoding = [];
    }, 200);
    const begun = performance.now();
    const answers = await awaitEngines(state, true, [hold(1, null)], { clock: systemClock, patience: 5 });
    expect(answers).toMatchObject([{ state: "stands", decoding: [] }]);
    expect(performance.now() - begun).toBeGreaterThan(150);
    expect(performance.now() - begun).toBeLessThan(2000);
    await done;
    const late = performance.now();
    expect(
      await awaitEngines(state, true, [hold(2, null)], { clock: systemClock, patience: 0.3 }),
    ).toMatchObject([{ state: "silent" }]);
    expect(performance.now() - late).toBeGreaterThan(250);
  });

  test("a newer word replaces an older one that still waits", async () => {
    const older = acknowledgeHolds(state, {
      holds: [hold(1, "a")],
      decoding: () => ["a"],
      clock: systemClock,
    });
    const newer = acknowledgeHolds(state, {
      holds: [hold(1, "a", true)],
      decoding: () => ["a"],
      clock: systemClock,
    });
    await Promise.all([older, newer]);
    expect(JSON.parse(readFileSync(seenFile(state), "utf8"))).toMatchObject({ holdIds: [], decoding: ["a"] });
  });

  test("where nothing can be written it goes on without a word", async () => {
    mkdirSync(join(folder, `${made}`));
    writeFileSync(state, "in the way");
    await acknowledgeHolds(state, { holds: [], decoding: () => [], clock: systemClock });
    expect(await runningEngines(null, true)).toHaveLength(1);
  });

  test("what is no acknowledgement is none", async () => {
    mkdirSync(state, { recursive: true });
    writeFileSync(seenFile(state), '{ "pid": 1 }');
    expect(await runningEngines(state, true)).toEqual([]);
  });
});

describe("an engine that is gone", () => {
  test("is not asked, and is forgotten by the machine", async () => {
    await acknowledgeHolds(state, { holds: [], decoding: () => [], clock: systemClock });
    const child = spawn("true");
    await once(child, "close");
    const register = join(machineFolder(process.env), "engines");
    const [name = ""] = readdirSync(register);
    const said = JSON.parse(readFileSync(join(register, name), "utf8"));
    for (const path of [join(register, name), seenFile(state)]) {
      writeFileSync(path, JSON.stringify({ ...said, pid: child.pid }));
    }
    expect(await runningEngines(state, true)).toEqual([]);
    expect(readdirSync(register)).toEqual([]);
  });

  test("another process with its number is not it", () => {
    const child = spawn("sleep", ["60"]);
    children.push(child);
    const pid = child.pid ?? 0;
    const own = processIdentity();
    expect(own).not.toBeNull();
    const [boot, space] = own?.split(" ") ?? [];
    expect(livenessOf(process.pid, own)).toBe("alive");
    expect(livenessOf(pid, own)).toBe("dead");
    expect(livenessOf(pid, null)).toBe("alive");
    expect(livenessOf(process.pid, `another-boot ${space} 1`)).toBe("dead");
    expect(livenessOf(process.pid, `${boot} pid:[1] 1`)).toBe("unknown");
  });

  test("without a name of the start, the number alone decides", async () => {
    const child = spawn("true");
    await once(child, "close");
    expect(livenessOf(child.pid ?? 0, null)).toBe("dead");
  });
});
