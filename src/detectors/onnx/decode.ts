import type { ModelManifest } from "../../models/manifest.ts";
import { decodeCenterNet } from "./centernet.ts";
import { decodeDetr } from "./detr.ts";
import type { NetworkBox, NetworkOutput } from "./tensor.ts";
import { decodeYolox } from "./yolox.ts";

/** Boxes of a network of any known family. @throws RangeError where the outputs have another shape */
export function decodeOutput(
  network: ModelManifest["network"],
  output: NetworkOutput,
  minScore: number,
): NetworkBox[] {
  switch (network.family) {
    case "centernet":
      return decodeCenterNet(output, network, minScore);
    case "yolox":
      return decodeYolox(output, network, minScore);
    case "detr":
      return decodeDetr(output, network.layout, minScore);
  }
}
