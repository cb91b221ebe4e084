import type { Box } from "../../geometry/shapes.ts";
import type { ModelManifest } from "../../models/manifest.ts";

/** What an inference thread is started with. */
export interface WorkerSetup {
  readonly manifest: ModelManifest;
  /** The network's bytes; each start of the thread gets a copy. */
  readonly onnx: Uint8Array;
  readonly threads: number;
  readonly providers: readonly string[];
}

export interface WorkerView {
  readonly region: Box;
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

export type WorkerRequest =
  | {
      readonly kind: "detect";
      readonly id: number;
      readonly views: readonly WorkerView[];
      readonly minScore: number;
    }
  | { readonly kind: "close" };

export type WorkerReply =
  | { readonly kind: "ready" }
  | { readonly kind: "refused"; readonly why: string }
  /** One array a view: class index, score, x, y, width, height in frame coordinates, one after the other. */
  | { readonly kind: "detected"; readonly id: number; readonly views: readonly Float64Array[] }
  | { readonly kind: "failed"; readonly id: number; readonly why: string };

/** Numbers a detection takes in a reply. */
export const DETECTION_NUMBERS = 6;
