import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../time/clock.ts";
import type { Hold } from "./hold.ts";
import { holds as holdsCamera } from "./hold.ts";
import { machineFolder } from "./hold-files.ts";
import { type NewHold, placeHold, placeHolds, readHolds, releaseHold } from "./hold-store.ts";

const folder = mkdtempSync(join(tmpdir(), "contrechamp-holds-"));
const home = process.env["XDG_STATE_HOME"];
let state = "";
let machine = "";
let made = 0;

beforeEach(() => {
  state = join(folder, `${++made}`, "state");
  process.env["XDG_STATE_HOME"] = join(folder, `${made}`, "home");
  machine = machineFolder(process.env);
});
afterAll(() => {
  if (home === undefined) delete process.env["XDG_STATE_HOME"];
  else process.env["XDG_STATE_HOME"] = home;
  rmSync(folder, { recursive: true, force: true });
});

const AT = Date.parse("2024-07-26T17:30:00Z");
const camera = (cameraId: string): Hold["scope"] => ({ kind: "camera", cameraId });
const everything: Hold["scope"] = { kind: "everything" };
const site: Hold["scope"] = { kind: "site" };
const stop = (scope: Hold["scope"], more: Partial<NewHold> = {}): NewHold => ({
  scope,
  cause: "stop_switch",
  by: "Exemple, operator",
  reason: "an example",
  at: AT,
  ...more,
});
const release = { by: "Exemple, supervisor", reason: "looked at", at: AT + 60_000 };
const main = (of = state) => join(of, "holds.json");
const ids = (holds: readonly Hold[]) => holds.map((hold) => hold.id).toSorted();

describe("what is placed is there", () => {
  test("in a folder that did not exist, with everything that was said, for other users to read", async () => {
    expect(await readHolds(state)).toEqual([]);
    const hold = await placeHold(state, stop(camera("quay")));
    expect(hold).toMatchObject({
      scope: { kind: "camera", cameraId: "quay" },
      cause: "stop_switch",
      at: "2024-07-26T17:30:00.000Z",
      by: "Exemple, operator",
      reason: "an example",
      released: null,
    });
    expect(await readHolds(state)).toEqual([hold]);
    expect(statSync(main()).mode & 0o777).toBe(0o644);
    expect(readdirSync(state).toSorted()).toEqual(["holds.json", "holds.lock"]);
  });

  test("a hold of everything concerns other state folders too, one of a site does not", async () => {
    const all = await placeHold(state, stop(everything));
    await placeHold(state, stop(site));
    expect(await readHolds(join(folder, "another"))).toEqual([all]);
    expect(await readHolds(null)).toEqual([all]);
    expect(await readHolds(state)).toHaveLength(2);
  });

  test("a hold of everything stands in the state folder by itself, for an engine of another user", async () => {
    const all = await placeHold(state, stop(everything));
    rmSync(machine, { recursive: true });
    expect(await readHolds(state)).toEqual([all]);
  });

  test("without a state folder everything can be held, and nothing less", async () => {
    const all = await placeHold(null, stop(everything));
    expect(await readHolds(state)).toEqual([all]);
    await expect(placeHold(null, stop(site))).rejects.toMatchObject({ code: "INTERNAL" });
  });

  test("what the engine holds by itself is held once, until it is released", async () => {
    const moved = stop(camera("quay"), { cause: "view_moved", by: "contrechamp" });
    const first = await placeHold(state, moved);
    expect(await placeHold(state, { ...moved, at: AT + 1000 })).toEqual(first);
    expect(await readHolds(state)).toHaveLength(1);
    await releaseHold(state, [first.id], release);
    const second = await placeHold(state, moved);
    expect(second.id).not.toBe(first.id);
    expect(await readHolds(state)).toHaveLength(2);
  });

  test("persons who stop the same camera are each recorded", async () => {
    await placeHold(state, stop(site));
    await placeHold(state, stop(site));
    expect(await readHolds(state)).toHaveLength(2);
  });

  test("a machine folder that cannot be written to: it says what is stopped and what is not", async () => {
    mkdirSync(join(folder, `${made}`));
    writeFileSync(join(folder, `${made}`, "home"), "a file in the way");
    await expect(placeHold(state, stop(everything))).rejects.toMatchObject({ code: "HOLD_NOT_EVERYWHERE" });
    expect(JSON.parse(readFileSync(main(), "utf8")).holds).toHaveLength(1);
  });

  test("a state folder that cannot be written to: it says that nothing is stopped", async () => {
    mkdirSync(join(folder, `${made}`));
    writeFileSync(state, "a file in the way");
    await expect(placeHold(state, stop(site))).rejects.toMatchObject({ code: "HOLD_NOT_PLACED" });
  });
});

describe("nothing keeps anybody from stopping", () => {
  test("somebody else has the lock", async () => {
    await placeHold(state, stop(camera("a")));
    const other = new DatabaseSync(join(state, "holds.lock"));
    other.exec("BEGIN IMMEDIATE");
    const begun = performance.now();
    const hold = await placeHold(state, stop(camera("b")));
    expect(performance.now() - begun).toBeLessThan(900);
    expect(await readHolds(state)).toHaveLength(2);
    await expect(
      Promise.race([releaseHold(state, [hold.id], release), systemClock.sleep(0.1).then(() => "waits")]),
    ).resolves.toBe("waits");
    other.close();
    // The next writer takes it in, and the release that waited is one.
    await placeHold(state, stop(camera("c")));
    await expect.poll(async () => (await readHolds(state)).filter((one) => one.released).length).toBe(1);
    expect(readdirSync(state).toSorted()).toEqual(["holds.json", "holds.lock"]);
  });

  test.each([
    ["empty", ""],
    ["cut", '{ "schema": "contrechamp/holds@1", "holds": [{ "id"'],
    ["of another version", '{ "schema": "contrechamp/holds@2", "holds": [] }'],
    ["with a key more", '{ "schema": "contrechamp/holds@1", "holds": [], "off": true }'],
    ["no object", "[]"],
    ["no text", "\u0000\u0000\u0000\u0000"],
  ])("a file that is %s holds everything, and says so", async (_, text) => {
    mkdirSync(state, { recursive: true });
    writeFileSync(main(), text);
    const [hold, ...others] = await readHolds(state);
    expect(others).toEqual([]);
    expect(hold).toMatchObject({ scope: everything, cause: "incident", released: null });
    expect(hold?.reason).toContain(main());
    expect(hold && holdsCamera(hold, "any")).toBe(true);
    // It is the same hold each time that one looks, and another can be placed beside.
    expect(await readHolds(state)).toEqual([hold]);
    const own = await placeHold(state, stop(camera("quay")));
    expect(ids(await readHolds(state))).toEqual(ids([hold as Hold, own]));
    expect(readFileSync(main(), "utf8")).toBe(text);
  });

  test("a folder where the file should be holds everything", async () => {
    mkdirSync(main(), { recursive: true });
    expect(await readHolds(state)).toMatchObject([{ scope: everything, cause: "incident" }]);
  });

  test("a damaged file of the machine holds everything, for every engine", async () => {
    mkdirSync(machine, { recursive: true });
    writeFileSync(main(machine), "{");
    expect(await readHolds(state)).toMatchObject([{ scope: everything, cause: "incident" }]);
  });

  test("a damaged lock does not matter to a stop; a release says what to do", async () => {
    mkdirSync(state, { recursive: true });
    writeFileSync(join(state, "holds.lock"), "x".repeat(4096));
    const hold = await placeHold(state, stop(site));
    expect(await readHolds(state)).toEqual([hold]);
    await expect(releaseHold(state, site, release)).rejects.toMatchObject({ code: "HOLD_NOT_RELEASED" });
    rmSync(join(state, "holds.lock"));
    expect(await releaseHold(state, site, release)).toHaveLength(1);
  });
});

describe("only a release lets it run", () => {
  test("by id, by exact scope; the others stay", async () => {
    const [a, b, whole] = await placeHolds(state, [stop(camera("a")), stop(camera("b")), stop(site)]);
    expect(await releaseHold(state, [a?.id ?? ""], release)).toEqual([
      { ...a, released: { at: "2024-07-26T17:31:00.000Z", by: release.by, reason: release.reason } },
    ]);
    expect(await releaseHold(state, site, release)).toMatchObject([{ id: whole?.id }]);
    const standing = (await readHolds(state)).filter((hold) => hold.released === null);
    expect(standing).toEqual([b]);
    expect(await releaseHold(state, camera("a"), release)).toEqual([]);
  });

  test("everything: in the state folder and in the machine's", async () => {
    await placeHold(state, stop(everything));
    expect(await releaseHold(state, everything, release)).toHaveLength(1);
    for (const each of [null, state]) {
      expect((await readHolds(each)).every((hold) => hold.released !== null)).toBe(true);
    }
  });

  test.each([
    ["without a reason", { ...release, reason: "" }],
    ["without a name", { ...release, by: "" }],
  ])("never %s", async (_, wrong) => {
    const hold = await placeHold(state, stop(site));
    await expect(releaseHold(state, site, wrong)).rejects.toMatchObject({ code: "HOLD_NOT_RELEASED" });
    expect(await readHolds(state)).toEqual([hold]);
  });

  test("a copy that was not released holds on", async () => {
    const all = await placeHold(state, stop(everything));
    await releaseHold(null, everything, release);
    expect(await readHolds(null)).toMatchObject([{ released: { by: release.by } }]);
    expect(await readHolds(state)).toEqual([all]);
  });

  test("a damaged file is kept beside, and the holds that can be read stay", async () => {
    mkdirSync(state, { recursive: true });
    writeFileSync(main(), "damaged");
    const own = await placeHold(state, stop(camera("quay")));
    await expect(releaseHold(state, camera("quay"), release)).rejects.toMatchObject({
      code: "HOLD_NOT_RELEASED",
      message: expect.stringContaining("must be released first"),
    });
    const [gone] = await releaseHold(state, everything, release);
    expect(gone).toMatchObject({ cause: "incident", released: { by: release.by } });
    const kept = readdirSync(state).filter((name) => name.includes("damaged"));
    expect(kept.map((name) => readFileSync(join(state, name), "utf8"))).toEqual(["damaged"]);
    expect((await readHolds(state)).filter((hold) => hold.released === null)).toEqual([own]);
  });

  test("many released ones are forgotten, the newest last; what stands never is", async () => {
    const first = await placeHold(state, stop(camera("stands")));
    const many = Array.from({ length: 260 }, (_, index) => stop(camera(`c${index}`)));
    const placed = await placeHolds(state, many);
    await releaseHold(
      state,
      placed.slice(0, 100).map((hold) => hold.id),
      release,
    );
    await releaseHold(
      state,
      placed.slice(100).map((hold) => hold.id),
      { ...release, at: AT + 120_000 },
    );
    const left = await readHolds(state);
    expect(left).toHaveLength(201);
    expect(left).toContainEqual(first);
    const remembered = new Set(ids(left));
    expect(placed.slice(100).every((hold) => remembered.has(hold.id))).toBe(true);
  });

  test("any order of stops and releases: what stands is what was placed and not released", async () => {
    const cameras = ["a", "b", "c"];
    const act = fc.record({ release: fc.boolean(), camera: fc.constantFrom(...cameras) });
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 12 }), async (acts) => {
        const own = join(folder, `property-${++made}`);
        const standing = new Map<string, number>();
        for (const { release: frees, camera: id } of acts) {
          if (frees) {
            expect(await releaseHold(own, camera(id), release)).toHaveLength(standing.get(id) ?? 0);
            standing.delete(id);
          } else {
            await placeHold(own, stop(camera(id)));
            standing.set(id, (standing.get(id) ?? 0) + 1);
          }
        }
        const found = (await readHolds(own)).filter((hold) => hold.released === null);
        for (const id of cameras) {
          expect(found.filter((hold) => holdsCamera(hold, id))).toHaveLength(standing.get(id) ?? 0);
        }
      }),
      { numRuns: 25 },
    );
  });
});

describe("many at once", () => {
  const SCRIPT = resolve(import.meta.dirname, "../../test/support/place-holds.ts");

  function writer(name: string, count: number): { process: ChildProcess; ids: () => readonly string[] } {
    const child = spawn(process.execPath, [SCRIPT, state, name, String(count)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let said = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    // The last piece may be half an id: that one was not acknowledged.
    return { process: child, ids: () => said.split("\n").slice(0, -1) };
  }

  test("8 processes place 50 holds each: all 400 are there", { timeout: 120_000 }, async () => {
    const writers = Array.from({ length: 8 }, (_, index) => writer(`w${index}`, 50));
    const codes = await Promise.all(
      writers.map(async ({ process: child }) => (await once(child, "close"))[0]),
    );
    expect(codes).toEqual(Array(8).fill(0));
    const placed = writers.flatMap((each) => each.ids());
    expect(placed).toHaveLength(400);
    const found = await readHolds(state);
    expect(ids(found)).toEqual(placed.toSorted());
    expect(found.every((hold) => hold.cause === "stop_switch")).toBe(true);
    expect(existsSync(join(state, "holds.json.new"))).toBe(false);
  });

  test("killed in the middle of writing: no hold that stood is lost", { timeout: 120_000 }, async () => {
    const acknowledged: string[] = [];
    for (let round = 0; round < 12; round++) {
      const writers = [writer(`k${round}a`, 1000), writer(`k${round}b`, 1000)];
      await expect.poll(() => writers[0]?.ids().length, { timeout: 20_000, interval: 2 }).toBeGreaterThan(0);
      await systemClock.sleep(Math.random() * 0.06);
      for (const { process: child } of writers) child.kill("SIGKILL");
      await Promise.all(writers.map(({ process: child }) => once(child, "close")));
      acknowledged.push(...writers.flatMap((each) => each.ids()));
      const found = await readHolds(state);
      expect(found.filter((hold) => hold.cause === "incident")).toEqual([]);
      const known = new Set(ids(found));
      expect(acknowledged.filter((id) => !known.has(id))).toEqual([]);
    }
    expect(acknowledged.length).toBeGreaterThan(12);
    // Nobody has to clear anything away after a kill: the next stop and the next release work.
    const last = await placeHold(state, stop(site));
    expect(await releaseHold(state, [last.id], release)).toHaveLength(1);
  });

  test("in one process: each one's is kept", async () => {
    const placed = await Promise.all(
      Array.from({ length: 40 }, (_, index) => placeHold(state, stop(camera(`c${index}`)))),
    );
    expect(ids(await readHolds(state))).toEqual(ids(placed));
  });
});
