import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { SCENE_NAMES } from "../scenes/catalogue.ts";
import { sceneCommand } from "./scene.ts";

const folder = mkdtempSync(join(tmpdir(), "contrechamp-scene-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => vi.restoreAllMocks());

async function run(...words: string[]): Promise<string> {
  let printed = "";
  vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    printed += String(chunk);
    return true;
  });
  const command = sceneCommand().exitOverride();
  for (const sub of command.commands) sub.exitOverride();
  await command.parseAsync(["node", "scene", ...words]);
  return printed;
}

describe("scene", () => {
  it("lists every prepared scene", async () => {
    const text = await run("list");
    for (const name of SCENE_NAMES) expect(text).toContain(name);
    const json = JSON.parse(await run("list", "--json"));
    expect(json.map((scene: { name: string }) => scene.name)).toEqual(SCENE_NAMES);
  });

  it("renders what it is asked for", async () => {
    const printed = await run(
      ...["render", "plaza-idle", "plaza-night", "--out", folder, "--seconds", "1", "--rate", "4"],
      ...["--size", "180x320", "--seed", "3", "--container", "mkv", "--json"],
    );
    const { suite, scenes } = JSON.parse(printed);
    expect(existsSync(suite)).toBe(true);
    expect(scenes.map((scene: { id: string; pictures: number }) => [scene.id, scene.pictures])).toEqual([
      ["plaza-idle", 4],
      ["plaza-night", 4],
    ]);
    for (const scene of scenes)
      for (const file of [scene.video, scene.reference, scene.tracks, scene.config])
        expect(existsSync(file), file).toBe(true);
    expect(scenes[0].video).toMatch(/\.mkv$/);
  });

  it.each([
    [["beach"], "SCENE_UNKNOWN"],
    [["plaza-idle", "--size", "big"], "SCENE_OPTION"],
    [["plaza-idle", "--size", "8x8"], "SCENE_OPTION"],
    [["plaza-idle", "--rate", "0"], "SCENE_OPTION"],
    [["plaza-idle", "--seconds", "x"], "SCENE_OPTION"],
    [["plaza-idle", "--seed", "1.5"], "SCENE_OPTION"],
    [["plaza-idle", "--light", "moon"], "SCENE_OPTION"],
    [["plaza-idle", "--container", "gif"], "SCENE_OPTION"],
  ])("refuses %j with %s", async (words, code) => {
    await expect(run("render", ...words, "--out", folder)).rejects.toMatchObject({ code });
  });
});
