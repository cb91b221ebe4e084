import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { generatedModel, manifestText } from "../../test/contracts/generated-networks.ts";
import { sha256Of } from "../files/sha256.ts";
import { cachedPath, modelsFolder, writeWhole } from "./cache.ts";
import { checkModel, readNetwork, resolveModel } from "./models.ts";

let folder: string;
let manifestPath: string;
let network: Uint8Array;

beforeEach(async () => {
  const source = await generatedModel("centernet");
  network = await readFile(source.onnxPath);
  const home = await mkdtemp(join(tmpdir(), "contrechamp-models-"));
  folder = join(home, "cache");
  manifestPath = join(home, "mine.yml");
  await writeFile(join(home, "network.onnx"), network);
  await writeFile(manifestPath, manifestText("centernet", sha256Of(network), network.length));
});

describe("resolveModel", () => {
  it("gets a model once, then needs its source no more", async () => {
    await expect(resolveModel(manifestPath, { folder, offline: true })).rejects.toMatchObject({
      code: "MODEL_NOT_CACHED",
    });
    const first = await resolveModel(manifestPath, { folder });
    expect(first.sha256).toBe(sha256Of(network));
    await rm(join(dirname(manifestPath), "network.onnx"));
    expect(await resolveModel(manifestPath, { folder, offline: true })).toEqual(first);
    expect(await resolveModel(manifestPath, { folder })).toEqual(first);
    expect(Buffer.from(await readNetwork(first))).toEqual(network);
  });

  it("mends a damaged network, and refuses it offline", async () => {
    const { onnxPath } = await resolveModel(manifestPath, { folder });
    await writeFile(onnxPath, network.slice(0, 100));
    await expect(resolveModel(manifestPath, { folder, offline: true })).rejects.toMatchObject({
      code: "MODEL_HASH",
    });
    expect(await checkModel(manifestPath, { folder })).toMatchObject({
      state: "refused",
      error: { code: "MODEL_HASH" },
    });
    await resolveModel(manifestPath, { folder });
    expect(await readFile(onnxPath)).toEqual(network);
    expect(await checkModel(manifestPath, { folder })).toMatchObject({ state: "ready", error: null });
  });

  it("may be called many times at once", async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => resolveModel(manifestPath, { folder })));
    expect(new Set(all.map((model) => model.onnxPath)).size).toBe(1);
    expect(await readdir(dirname(all[0]?.onnxPath ?? ""))).toEqual([`${sha256Of(network)}.onnx`]);
  });

  it("keeps nothing of what is not as pinned", async () => {
    await writeFile(join(dirname(manifestPath), "network.onnx"), network.slice(1));
    await expect(resolveModel(manifestPath, { folder })).rejects.toMatchObject({ code: "MODEL_HASH" });
    expect(await readdir(folder).catch(() => [])).toEqual([]);
    expect(await checkModel(manifestPath, { folder })).toMatchObject({ state: "absent", error: null });
  });

  it("says where it cannot write", async () => {
    await writeFile(folder, "a file where a folder should be");
    await expect(resolveModel(manifestPath, { folder })).rejects.toMatchObject({ code: "MODEL_CACHE" });
  });

  it("never gives out a network that changed after it was resolved", async () => {
    const model = await resolveModel(manifestPath, { folder });
    await writeFile(model.onnxPath, network.slice(1));
    await expect(readNetwork(model)).rejects.toMatchObject({ code: "MODEL_HASH" });
    await rm(model.onnxPath);
    await expect(readNetwork(model)).rejects.toMatchObject({ code: "MODEL_NOT_CACHED" });
  });
});

describe("the cache", () => {
  it.each<[NodeJS.ProcessEnv, RegExp]>([
    [{ CONTRECHAMP_MODELS: "/var/models", XDG_CACHE_HOME: "/x" }, /^\/var\/models$/],
    [{ XDG_CACHE_HOME: "/x" }, /^\/x\/contrechamp\/models$/],
    [{ XDG_CACHE_HOME: "relative" }, /\/\.cache\/contrechamp\/models$/],
    [{ CONTRECHAMP_MODELS: "" }, /\/\.cache\/contrechamp\/models$/],
  ])("is found from %j", (env, expected) => {
    expect(modelsFolder(env)).toMatch(expected);
  });

  it("clears what a killed process left, and spares what one is writing", async () => {
    const model = await resolveModel(manifestPath, { folder });
    const old = `${model.onnxPath}.1.aa.partial`;
    const fresh = `${model.onnxPath}.2.bb.partial`;
    await writeFile(old, "half");
    await writeFile(fresh, "half");
    const before = new Date(Date.now() - 2 * 3600 * 1000);
    await utimes(old, before, before);
    await writeWhole(model.onnxPath, network);
    const left = await readdir(dirname(model.onnxPath));
    expect(left.map((name) => join(dirname(model.onnxPath), name)).sort()).toEqual(
      [model.onnxPath, fresh].sort(),
    );
  });

  it("leaves the old file where the new one cannot be written", async () => {
    const path = join(folder, "taken");
    await mkdir(path, { recursive: true });
    await expect(writeWhole(path, network)).rejects.toMatchObject({ code: "MODEL_CACHE" });
    expect(await readdir(folder)).toEqual(["taken"]);
  });

  it("keeps two versions of a model apart", async () => {
    const { manifest } = await resolveModel(manifestPath, { folder });
    const other = { ...manifest, onnx: { sha256: "0".repeat(64) } };
    expect(cachedPath(other, folder)).not.toBe(cachedPath(manifest, folder));
  });
});
