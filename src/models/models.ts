import { readFile } from "node:fs/promises";
import { CodedError, fault } from "../errors.ts";
import { sha256Of } from "../files/sha256.ts";
import { cachedPath, modelsFolder, writeWhole } from "./cache.ts";
import { convertTfjsGraph } from "./convert/convert.ts";
import { readTfjsGraph } from "./convert/tfjs-graph.ts";
import { fetchFiles } from "./fetch/fetch.ts";
import type { FetchProgress } from "./fetch/progress.ts";
import { checkGraph } from "./graph-outputs.ts";
import { loadManifest, type ModelManifest, manifestClasses } from "./manifest.ts";
import { encodeModel } from "./onnx/encode.ts";

/** A model that is ready to run. */
export interface ResolvedModel {
  readonly manifest: ModelManifest;
  /** Absolute path of the network in the cache. */
  readonly onnxPath: string;
  /** Of the network's bytes, lower-case hexadecimal; they were read and have it. */
  readonly sha256: string;
}

export interface ResolveOptions {
  /** Never fetch. */
  readonly offline?: boolean;
  /** Where networks are kept; by default `modelsFolder()`. */
  readonly folder?: string;
  readonly onProgress?: FetchProgress;
}

/**
 * The model of a name or a manifest's path, from the cache where it is, else fetched, converted and kept.
 * @throws CodedError MODEL_UNKNOWN, MODEL_MANIFEST, MODEL_NOT_CACHED, and what `pullModel` throws
 */
export async function resolveModel(nameOrPath: string, options: ResolveOptions = {}): Promise<ResolvedModel> {
  const manifest = await loadManifest(nameOrPath);
  const folder = options.folder ?? modelsFolder();
  const { sha256 } = manifest.onnx;
  const onnxPath = cachedPath(manifest, folder);
  const bytes = await readCached(onnxPath);
  if (bytes !== null) {
    const found = sha256Of(bytes);
    if (found === sha256) return { manifest, onnxPath, sha256 };
    if (options.offline === true) {
      throw fault("MODEL_HASH", { model: manifest.name, file: onnxPath, expected: sha256, found });
    }
  } else if (options.offline === true) throw fault("MODEL_NOT_CACHED", { model: nameOrPath, folder });
  return pullModel(manifest, options);
}

/**
 * Fetches a model, converts it where it must be, checks every hash and keeps the network in the cache. The
 * files it is made of stay in memory. Safe to run many times at once, and to interrupt.
 * @throws CodedError MODEL_FETCH, MODEL_FILE_MISSING, MODEL_HASH, MODEL_CONVERSION, MODEL_OPERATOR,
 * MODEL_OUTPUTS, MODEL_ONNX, MODEL_CACHE
 */
export async function pullModel(
  manifest: ModelManifest,
  options: ResolveOptions = {},
): Promise<ResolvedModel> {
  const files = await fetchFiles(manifest, options.onProgress ?? (() => {}));
  const onnx = networkOf(manifest, files);
  const { sha256 } = manifest.onnx;
  const found = sha256Of(onnx);
  if (found !== sha256) {
    throw fault("MODEL_HASH", { model: manifest.name, file: "the network", expected: sha256, found });
  }
  checkGraph(manifest, onnx);
  const onnxPath = cachedPath(manifest, options.folder ?? modelsFolder());
  await writeWhole(onnxPath, onnx);
  return { manifest, onnxPath, sha256 };
}

/** What `checkModel` found. */
export interface ModelCheck {
  readonly manifest: ModelManifest;
  readonly state: "ready" | "absent" | "refused";
  readonly onnxPath: string;
  /** Why it is refused; null otherwise. */
  readonly error: CodedError | null;
}

/**
 * Looks whether a model is in the cache, is what its manifest pins, and gives out nothing that is refused.
 * Never fetches.
 * @throws CodedError MODEL_UNKNOWN, MODEL_MANIFEST
 */
export async function checkModel(nameOrPath: string, options: ResolveOptions = {}): Promise<ModelCheck> {
  const manifest = await loadManifest(nameOrPath);
  const onnxPath = cachedPath(manifest, options.folder ?? modelsFolder());
  const found = { manifest, onnxPath };
  if ((await readCached(onnxPath)) === null) return { ...found, state: "absent", error: null };
  try {
    await readNetwork({ manifest, onnxPath, sha256: manifest.onnx.sha256 });
    return { ...found, state: "ready", error: null };
  } catch (error) {
    if (error instanceof CodedError) return { ...found, state: "refused", error };
    throw error;
  }
}

/**
 * The bytes of a resolved model, checked again: what is run is what was checked.
 * @throws CodedError MODEL_HASH, MODEL_ONNX, MODEL_OUTPUTS, MODEL_NOT_CACHED
 */
export async function readNetwork(model: ResolvedModel): Promise<Uint8Array> {
  const { manifest, onnxPath, sha256 } = model;
  const bytes = await readCached(onnxPath);
  if (bytes === null) throw fault("MODEL_NOT_CACHED", { model: manifest.name, folder: onnxPath });
  const found = sha256Of(bytes);
  if (found !== sha256)
    throw fault("MODEL_HASH", { model: manifest.name, file: onnxPath, expected: sha256, found });
  checkGraph(manifest, bytes);
  return bytes;
}

/** The ONNX bytes of a manifest's files: as they are, or converted. */
export function networkOf(manifest: ModelManifest, files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const { conversion, network } = manifest;
  const file = (path: string): Uint8Array => {
    const bytes = files.get(path);
    if (bytes === undefined)
      throw fault("MODEL_FILE_MISSING", { model: manifest.name, file: path, from: "its files" });
    return bytes;
  };
  if (conversion.kind === "none") return file(manifest.files[0]?.path ?? "");
  if (network.family !== "centernet") {
    throw fault("MODEL_CONVERSION", { model: manifest.name, what: "only centernet networks are converted" });
  }
  const json = new TextDecoder().decode(file(conversion.graph));
  // Weight files are named beside the graph.
  const beside = conversion.graph.replace(/[^/]*$/, "");
  const graph = readTfjsGraph(json, (path) => file(`${beside}${path}`), manifest.name);
  const classes = manifestClasses(manifest).map((name) => manifest.labels[name]);
  const node = (role: string): string => conversion.outputs[role] ?? role;
  const converted = convertTfjsGraph(graph, {
    model: manifest.name,
    outputs: [
      {
        node: node(network.heatmap),
        name: network.heatmap,
        ...(network.channels === "classes" ? { classes } : {}),
      },
      { node: node(network.boxes), name: network.boxes },
    ],
  });
  return encodeModel(converted);
}

async function readCached(path: string): Promise<Uint8Array | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw fault(
      "MODEL_CACHE",
      { folder: path, why: error instanceof Error ? error.message : String(error) },
      error,
    );
  }
}
