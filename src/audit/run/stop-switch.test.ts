import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { placeHold, releaseHold } from "../../policy/hold-store.ts";
import { systemClock } from "../../time/clock.ts";
import { heedStopSwitch } from "./stop-switch.ts";

const home = process.env["XDG_STATE_HOME"];
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "contrechamp-stop-switch-"));
  process.env["XDG_STATE_HOME"] = folder;
});
afterEach(async () => {
  if (home === undefined) delete process.env["XDG_STATE_HOME"];
  else process.env["XDG_STATE_HOME"] = home;
  await rm(folder, { recursive: true, force: true });
});

const everything = { kind: "everything" } as const;
const stop = () => ({
  scope: everything,
  cause: "stop_switch" as const,
  by: "the one on duty",
  reason: "smoke in the hall",
  at: Date.now(),
});
const byHand = new AbortController();

describe("the stop switch of the machine", () => {
  it("lets no measurement begin while it stands, and lets it once a person released it", async () => {
    await placeHold(null, stop());
    await expect(heedStopSwitch(byHand.signal, "camera", systemClock)).rejects.toMatchObject({
      code: "AUDIT_HELD",
      exit: 77,
      message: expect.stringContaining("smoke in the hall"),
    });
    await releaseHold(null, everything, { by: "the one on duty", reason: "a false alarm", at: Date.now() });
    const { signal, refuseHeld, close } = await heedStopSwitch(byHand.signal, "camera", systemClock);
    expect(signal.aborted).toBe(false);
    refuseHeld();
    close();
  });

  it("ends one that runs, within a second", async () => {
    const { signal, refuseHeld, close } = await heedStopSwitch(byHand.signal, "camera", systemClock);
    const ended = new Promise<number>((resolve) =>
      signal.addEventListener("abort", () => resolve(performance.now())),
    );
    await placeHold(null, stop());
    const placed = performance.now();
    expect((await ended) - placed).toBeLessThan(1000);
    expect(refuseHeld).toThrow("smoke in the hall");
    close();
  });

  it("is not that of a site or a camera", async () => {
    const site = join(folder, "site");
    await placeHold(site, { ...stop(), scope: { kind: "site" } });
    const { signal, close } = await heedStopSwitch(byHand.signal, "camera", systemClock);
    expect(signal.aborted).toBe(false);
    close();
  });
});
