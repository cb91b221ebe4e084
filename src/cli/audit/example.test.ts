import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { exampleCommand } from "./example.ts";

const folder = mkdtempSync(join(tmpdir(), "contrechamp-example-command-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The command as `contrechamp audit` runs it. */
async function given(...args: readonly string[]): Promise<void> {
  await exampleCommand()
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .parseAsync(["node", "contrechamp", ...args]);
}

describe("audit example", () => {
  it.each(["-1", "1.5", "one", "", "1000001"])("refuses --seed=%s, and makes no folder", async (seed) => {
    const run = given(join(folder, "new"), `--seed=${seed}`);
    await expect(run).rejects.toMatchObject({ code: "SCENE_OPTION" });
    expect(readdirSync(folder)).not.toContain("new");
  });

  it("refuses to overwrite a suite, before it draws anything", async () => {
    const kept = join(folder, "kept");
    mkdirSync(kept);
    writeFileSync(join(kept, "suite.yml"), "mine");
    await expect(given(kept, "--small")).rejects.toMatchObject({ code: "AUDIT_EXISTS" });
    expect(readdirSync(kept)).toEqual(["suite.yml"]);
  });
});
