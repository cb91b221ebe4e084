import type { OwnModel } from "../config/own-model.ts";
import { fault } from "../errors.ts";
import { cachedPath, modelsFolder } from "./cache.ts";
import { loadManifest, type ModelManifest, modelPurpose } from "./manifest.ts";

/** A network that a rule names for itself, by its manifest: nothing is fetched. */
export interface SlotModel extends OwnModel {
  readonly name: string;
  /** Of the network that the manifest pins: what the gate, an authorisation and a certificate are about. */
  readonly sha256: string;
  /** Absolute path of the network in the cache, whether it is there or not. */
  readonly file: string;
}

/** @throws CodedError MODEL_UNKNOWN, MODEL_MANIFEST, MODEL_PURPOSE where the network is for something else */
export async function slotModel(own: OwnModel): Promise<SlotModel> {
  const manifest = await slotManifest(own);
  return {
    ...own,
    name: manifest.name,
    sha256: manifest.onnx.sha256,
    file: cachedPath(manifest, modelsFolder()),
  };
}

/** The manifest of a rule's own network, which must be for what the rule looks for. @throws as `slotModel` */
export async function slotManifest({ event, manifest: path }: OwnModel): Promise<ModelManifest> {
  const manifest = await loadManifest(path);
  const found = modelPurpose(manifest);
  if (found !== event) throw fault("MODEL_PURPOSE", { model: manifest.name, found, wanted: event });
  return manifest;
}

/** The hash of each network that rules name for themselves, by the path of its manifest. */
export type SlotHashes = ReadonlyMap<string, string>;

export function slotHashes(models: readonly SlotModel[]): SlotHashes {
  return new Map(models.map(({ manifest, sha256 }) => [manifest, sha256]));
}
