import type { Box } from "../geometry/shapes.ts";
import type { SlotClass } from "../models/slots.ts";

export type { SlotClass } from "../models/slots.ts";

/**
 * What a detector may name. Closed: a model's label map is mapped onto these and everything else it knows
 * is thrown away at load. No attribute of a person has a place here (see docs/decisions).
 */
export const OBJECT_CLASSES = ["person", "vehicle", "luggage", "animal"] as const;
export type ObjectClass = (typeof OBJECT_CLASSES)[number];

/**
 * What a detector can name at all: objects, or, for the network that an operator brings for one event, what the slot
 * of that event may say. The types keep the two apart: nothing of a slot is ever tracked.
 */
export type DetectorClass = ObjectClass | SlotClass;

/** One thing seen in one picture. */
export interface Detection<C extends DetectorClass = ObjectClass> {
  readonly class: C;
  /** In image coordinates of the frame (not of the view that was shown to the network). */
  readonly box: Box;
  /** The network's own confidence, 0 to 1. Not a probability. */
  readonly score: number;
}

/** A part of a frame, scaled to what the network takes. */
export interface View {
  /** Which part, in image coordinates. */
  readonly region: Box;
  readonly width: number;
  readonly height: number;
  /** Packed RGB, 3 * width * height bytes, on shared memory so that it reaches the inference thread uncopied. */
  readonly rgb: Uint8Array<SharedArrayBuffer>;
}

/** What a network accepts as input size. */
export type InputSize =
  | { readonly kind: "fixed"; readonly width: number; readonly height: number }
  | { readonly kind: "multiple"; readonly of: number };

export interface ModelIdentity {
  readonly name: string;
  /** SHA-256 of the ONNX bytes that run, lower-case hex. */
  readonly sha256: string;
}

/** Turns pixels into detections. Implementations must pass test/contracts/detector.ts. */
export interface Detector<C extends DetectorClass = ObjectClass> {
  readonly model: ModelIdentity;
  readonly inputSize: InputSize;
  readonly classes: readonly C[];
  /**
   * Detections of each view, in the order given, in frame coordinates, duplicates within a view suppressed,
   * score >= `minScore`. Deterministic. Rejects with a CodedError; a rejected call leaves the detector usable
   * or says that it is not.
   */
  detect(views: readonly View[], minScore: number): Promise<readonly (readonly Detection<C>[])[]>;
  close(): Promise<void>;
}
