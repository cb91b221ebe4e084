import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { KeptOutcomes } from "./kept-outcomes.ts";

const [FIRST, LATER] = ["2026-03-01T10:00:00.000Z", "2026-03-02T10:00:00.000Z"];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "contrechamp-kept-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("when a run began", () => {
  it("stays what it first was where the run goes on, and is new where it begins anew", async () => {
    const run = join(folder, "run");
    expect(await new KeptOutcomes(run).begun(FIRST)).toBe(FIRST);
    expect(await new KeptOutcomes(run).begun(LATER)).toBe(FIRST);
    await new KeptOutcomes(run).forget();
    expect(await new KeptOutcomes(run).begun(LATER)).toBe(LATER);
  });

  it("is now where what was kept of it cannot be read", async () => {
    await writeFile(join(folder, "began"), "yesterday");
    expect(await new KeptOutcomes(folder).begun(LATER)).toBe(LATER);
  });
});
