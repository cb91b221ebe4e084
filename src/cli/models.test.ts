import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Command } from "commander";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { generatedModel, manifestText } from "../../test/contracts/generated-networks.ts";
import { modelsCommand } from "./models.ts";

let manifest: string;
beforeEach(async () => {
  const model = await generatedModel("detr");
  const folder = dirname(model.onnxPath);
  manifest = join(folder, "mine.yml");
  await writeFile(manifest, manifestText("detr", model.sha256, model.manifest.files[0]?.bytes ?? 0));
  vi.stubEnv("CONTRECHAMP_MODELS", await mkdtemp(join(tmpdir(), "contrechamp-cli-")));
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

async function run(...words: string[]): Promise<{ out: string; exit: typeof process.exitCode }> {
  let out = "";
  const write = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    out += String(text);
    return true;
  });
  process.exitCode = undefined;
  const program = new Command("contrechamp").addCommand(modelsCommand());
  await program.parseAsync(["models", ...words], { from: "user" }).finally(() => write.mockRestore());
  return { out, exit: process.exitCode };
}

describe("contrechamp models", () => {
  it("pulls, then checks, a model of one's own", async () => {
    const before = await run("check", manifest);
    expect(before).toMatchObject({ exit: 69, out: expect.stringContaining("absent") });
    expect((await run("pull", manifest)).out).toContain("generated-detr  ready");
    const after = await run("check", manifest);
    expect(after).toMatchObject({ exit: undefined, out: expect.stringContaining("ready") });
  });

  it("says all of it as JSON", async () => {
    const [pulled] = JSON.parse((await run("pull", manifest, "--json")).out);
    const [checked] = JSON.parse((await run("check", manifest, "--json")).out);
    expect(checked).toMatchObject({ state: "ready", sha256: pulled.sha256, path: pulled.path, error: null });
    expect(JSON.parse((await run("list", "--json")).out)).toContainEqual(
      expect.objectContaining({
        name: "mb3-centernet",
        state: "absent",
        classes: expect.arrayContaining(["person"]),
      }),
    );
  });

  it("fails the check of a damaged network with its code", async () => {
    const [pulled] = JSON.parse((await run("pull", manifest, "--json")).out);
    await writeFile(pulled.path, "not a network");
    const checked = await run("check", manifest, "--json");
    expect(checked.exit).toBe(65);
    expect(JSON.parse(checked.out)[0]).toMatchObject({ state: "refused", error: { code: "MODEL_HASH" } });
  });

  it("lists what comes with it without needing any of it", async () => {
    const { out, exit } = await run("list");
    expect(out).toContain("mb3-centernet (default)");
    expect(out).toContain("licence MIT; absent");
    expect(exit).toBeUndefined();
  });

  it("rejects a name that it does not know", async () => {
    await expect(run("pull", "nothing")).rejects.toMatchObject({ code: "MODEL_UNKNOWN" });
  });
});
