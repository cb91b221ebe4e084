import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { KeptOutcomes, type OutcomeKey } from "./kept-outcomes.ts";
import type { ClipOutcome } from "./outcome.ts";

const [FIRST, LATER] = ["2026-03-01T10:00:00.000Z", "2026-03-02T10:00:00.000Z"];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "contrechamp-kept-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("when a run began", () => {
  it("stays what it first was where the run goes on, and is new where it begins anew", async () => {
    const run = join(folder, "run");
    expect(await (await KeptOutcomes.open(run)).begun(FIRST)).toBe(FIRST);
    const again = await KeptOutcomes.open(run);
    expect(await again.begun(LATER)).toBe(FIRST);
    await again.forget();
    expect(await (await KeptOutcomes.open(run)).begun(LATER)).toBe(LATER);
  });

  it("is now where what was kept of it cannot be read", async () => {
    await writeFile(join(folder, "began"), "yesterday");
    expect(await (await KeptOutcomes.open(folder)).begun(LATER)).toBe(LATER);
  });
});

const OUTCOME: ClipOutcome = {
  seconds: 1,
  wallSeconds: 1,
  cpuSeconds: 1,
  suspendedSeconds: 0,
  alerts: [],
  momentStills: [],
  background: null,
  counts: null,
  tracking: null,
  contested: [],
  health: [],
};
const KEY: OutcomeKey = { codeSha256: "a", modelSha256: "b", configSha256: "c", clip: { video: "d" } };

describe("what is kept", () => {
  it("is found again for the same, and for nothing else", async () => {
    const run = join(folder, "run");
    await (await KeptOutcomes.open(run)).keep(KEY, OUTCOME);
    const later = await KeptOutcomes.open(run);
    expect(await later.find(KEY)).toEqual(OUTCOME);
    const others: readonly Partial<OutcomeKey>[] = [
      { codeSha256: "x" },
      { modelSha256: "x" },
      { configSha256: "x" },
      { clip: { video: "x" } },
    ];
    for (const other of others) expect(await later.find({ ...KEY, ...other })).toBeNull();
  });

  it("is none where it is damaged", async () => {
    const kept = await KeptOutcomes.open(folder);
    await kept.keep(KEY, OUTCOME);
    await writeFile(join(kept.clipFolder(KEY), "outcome.json"), '{"seconds":1}');
    expect(await kept.find(KEY)).toBeNull();
  });

  it("is left alone by another run that is at work at the same time", async () => {
    const run = join(folder, "run");
    const owner = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
    try {
      await (await KeptOutcomes.open(run)).keep(KEY, OUTCOME);
      // As that process would have written it on a system that names processes by their number alone.
      await writeFile(join(run, "owner.json"), JSON.stringify({ pid: owner.pid, start: null }));
      const beside = await KeptOutcomes.open(run);
      expect(beside.lasting).toBe(false);
      expect(await beside.find(KEY)).toBeNull();
      await beside.forget();
    } finally {
      const gone = once(owner, "exit");
      owner.kill("SIGKILL");
      await gone;
    }
    const after = await KeptOutcomes.open(run);
    expect(await after.find(KEY)).toEqual(OUTCOME);
  });

  it("is one run's alone where several begin at the same instant", async () => {
    const run = join(folder, "run");
    await mkdir(run);
    // What a process left that is gone.
    await writeFile(join(run, "owner.json"), JSON.stringify({ pid: 2 ** 30, start: null }));
    const module = JSON.stringify(new URL("./kept-outcomes.ts", import.meta.url).href);
    const script = `const { KeptOutcomes } = await import(${module});
      const { lasting } = await KeptOutcomes.open(${JSON.stringify(run)});
      console.log(lasting); setInterval(() => {}, 1000);`;
    const runs = Array.from({ length: 3 }, () =>
      spawn(process.execPath, ["--input-type=module", "-e", script], {
        stdio: ["ignore", "pipe", "inherit"],
      }),
    );
    try {
      const said = await Promise.all(runs.map(async ({ stdout }) => String((await once(stdout, "data"))[0])));
      expect(said.map((text) => text.trim()).toSorted()).toEqual(["false", "false", "true"]);
    } finally {
      const gone = runs.map((one) => once(one, "exit"));
      for (const one of runs) one.kill("SIGKILL");
      await Promise.all(gone);
    }
    expect((await readdir(run)).filter((name) => name.startsWith("owner"))).toEqual(["owner.json"]);
  });
});
