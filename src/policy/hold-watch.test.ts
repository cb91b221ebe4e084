import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../time/clock.ts";
import type { Hold } from "./hold.ts";
import { type NewHold, placeHold, readHolds, releaseHold, watchHolds } from "./hold-store.ts";

const folder = mkdtempSync(join(tmpdir(), "contrechamp-hold-watch-"));
const home = process.env["XDG_STATE_HOME"];
let state = "";
let made = 0;

beforeEach(() => {
  state = join(folder, `${++made}`, "state");
  process.env["XDG_STATE_HOME"] = join(folder, `${made}`, "home");
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
const main = () => join(state, "holds.json");
const ids = (holds: readonly Hold[]) => holds.map((hold) => hold.id).toSorted();

describe("the watch", () => {
  let ending = new AbortController();
  let seen: (readonly Hold[])[] = [];
  let watch: Promise<void> = Promise.resolve();

  afterEach(async () => {
    ending.abort();
    await watch;
  });

  function begin(): void {
    ending = new AbortController();
    seen = [];
    watch = watchHolds(state, {
      clock: systemClock,
      signal: ending.signal,
      onChange: (holds) => seen.push(holds),
    });
  }
  const standing = () => (seen.at(-1) ?? []).filter((hold) => hold.released === null);

  test("says at once what stands, then each change well within a second, also of a folder that was not there", async () => {
    begin();
    await expect.poll(() => seen.length, { interval: 5 }).toBe(1);
    expect(seen[0]).toEqual([]);
    const begun = performance.now();
    const hold = await placeHold(state, stop(camera("quay")));
    await expect.poll(standing, { interval: 2 }).toEqual([hold]);
    expect(performance.now() - begun).toBeLessThan(900);
    await releaseHold(state, [hold.id], release);
    await expect.poll(standing, { interval: 2 }).toEqual([]);
    const all = await placeHold(null, stop(everything));
    await expect.poll(standing, { interval: 2 }).toEqual([all]);
  });

  test("nothing new is not said again", async () => {
    await placeHold(state, stop(site));
    begin();
    await systemClock.sleep(0.7);
    expect(seen).toHaveLength(1);
  });

  test.each<[string, () => void]>([
    ["the file is removed", () => rmSync(main())],
    ["the folder is removed", () => rmSync(state, { recursive: true })],
    [
      "the file is emptied of holds",
      () => writeFileSync(main(), '{"schema":"contrechamp/holds@1","holds":[]}'),
    ],
    ["an older file is put back", () => renameSync(join(state, "older"), main())],
  ])("%s: it is held all the same, and for whoever starts next", async (_, remove) => {
    await placeHold(state, stop(camera("other")));
    writeFileSync(join(state, "older"), readFileSync(main()));
    const hold = await placeHold(state, stop(camera("quay")));
    begin();
    await expect.poll(() => seen.length).toBe(1);
    remove();
    await expect.poll(async () => ids(await readHolds(state)), { interval: 5 }).toContain(hold.id);
    await systemClock.sleep(0.3);
    expect(standing().some((one) => one.id === hold.id)).toBe(true);
    for (const each of seen)
      expect(each.filter((one) => one.id === hold.id && !one.released)).toHaveLength(1);
  });

  test("a file that becomes unreadable holds everything, and what was held before stays when it is mended", async () => {
    const hold = await placeHold(state, stop(camera("quay")));
    begin();
    await expect.poll(() => seen.length).toBe(1);
    writeFileSync(main(), "damaged");
    await expect
      .poll(() =>
        standing()
          .map((one) => one.cause)
          .toSorted(),
      )
      .toEqual(["incident", "stop_switch"]);
    await releaseHold(state, everything, release);
    await expect.poll(() => standing().map((one) => one.cause)).toEqual(["stop_switch"]);
    await expect.poll(async () => (await readHolds(state)).some((one) => one.id === hold.id)).toBe(true);
  });
});
