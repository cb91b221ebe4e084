import { ownModels } from "../config/own-model.ts";
import type { RuleConfig } from "../config/schema.ts";
import { createSlotDetector } from "../detectors/create.ts";
import type {
  Detection,
  Detector,
  InputSize,
  ModelIdentity,
  SlotClass,
  View,
} from "../detectors/detector.ts";
import type { ModelManifest } from "../models/manifest.ts";
import { resolveModel } from "../models/models.ts";
import { type SlotHashes, slotManifest } from "../models/slot-models.ts";
import type { SlotEvent } from "../models/slots.ts";

interface Slot {
  readonly event: SlotEvent;
  readonly manifest: ModelManifest;
  /** Its thread, from the first look until no rule that names it may run. */
  detector: Promise<Detector<SlotClass>> | null;
}

/**
 * The networks that an operator brought for a camera's rules, each once, whatever number of rules name it. A network is
 * read, or fetched, when it is to look for the first time; a thread of one exists only while a rule that names it may
 * run.
 */
export class SlotNetworks {
  readonly #slots: ReadonlyMap<string, Slot>;

  private constructor(slots: ReadonlyMap<string, Slot>) {
    this.#slots = slots;
  }

  /** @throws CodedError for a manifest that is not there, is not valid, or is of a network for something else */
  static async open(rules: readonly RuleConfig[]): Promise<SlotNetworks> {
    const slots = new Map<string, Slot>();
    for (const own of ownModels(rules)) {
      slots.set(own.manifest, {
        event: own.event,
        manifest: await slotManifest(own),
        detector: null,
      });
    }
    return new SlotNetworks(slots);
  }

  /** Of each network, by the path of its manifest: what is pinned there is all that can run. */
  get hashes(): SlotHashes {
    return new Map([...this.#slots].map(([path, { manifest }]) => [path, manifest.onnx.sha256]));
  }

  /** @param path of the manifest, which a rule of this camera names */
  identity(path: string): ModelIdentity {
    const { name, onnx } = this.#slot(path).manifest;
    return { name, sha256: onnx.sha256 };
  }

  input(path: string): InputSize {
    return this.#slot(path).manifest.input.size;
  }

  /** @throws CodedError as `resolveModel`, `createSlotDetector` and `Detector.detect` */
  async detect(path: string, views: readonly View[]): Promise<readonly (readonly Detection<SlotClass>[])[]> {
    const slot = this.#slot(path);
    slot.detector ??= resolveModel(slot.manifest.path).then((model) => createSlotDetector(model, slot.event));
    const detector = await slot.detector.catch((thrown: unknown) => {
      // It is tried again; a detector that runs mends itself.
      slot.detector = null;
      throw thrown;
    });
    return detector.detect(views, slot.manifest.minScore);
  }

  /** Ends the threads of those that no rule which may run names. @param needed paths of their manifests */
  async keep(needed: ReadonlySet<string>): Promise<void> {
    for (const [path, slot] of this.#slots) {
      if (needed.has(path) || slot.detector === null) continue;
      const ended = slot.detector;
      slot.detector = null;
      await (await ended.catch(() => null))?.close();
    }
  }

  async close(): Promise<void> {
    await this.keep(new Set());
  }

  #slot(path: string): Slot {
    const slot = this.#slots.get(path);
    if (slot === undefined) throw new TypeError(`no rule of this camera names ${path}`);
    return slot;
  }
}
