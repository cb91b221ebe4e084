import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { sha256Of } from "../files/sha256.ts";
import { encodeModel } from "../models/onnx/encode.ts";
import { int, ints, type OnnxAttribute, type OnnxNode, type OnnxTensor } from "../models/onnx/graph.ts";

/** The manifest beside a scene's configuration, and the network that it names. */
export const STAND_IN_MANIFEST = "stand-in.yml";
const STAND_IN_NETWORK = "stand-in.onnx";

/**
 * Writes a network that finds the markers of rendered scenes, and its manifest, into a folder. Nobody trained it: it
 * says how magenta a place is, how green its middle, and how large. It shows that the slot works, from the manifest to
 * the certificate, and says nothing of any detector of real weapons.
 * @returns path of the manifest
 */
export function writeStandIn(folder: string): string {
  const onnx = standInNetwork();
  const manifest = join(folder, STAND_IN_MANIFEST);
  writeFileSync(join(folder, STAND_IN_NETWORK), onnx);
  writeFileSync(manifest, standInManifest(sha256Of(onnx), onnx.length));
  return manifest;
}

/** Pixels of the input between two cells of the heat map. */
const STRIDE = 4;
/** Sides of the squares over which colour is gathered, px: the largest bounds what size can be told. */
const NEAR = 8;
const WIDE = [16, 32] as const;
const LARGEST = 96;

/**
 * A network of the family centernet, one class. Its score is about 0.4 where there is magenta alone, so that it is
 * doubted at, and about 0.85 where a green core is with it. The box has the area of what is magenta or green around; of
 * boards larger than 16 px it lies off their middle by up to a sixth of their side.
 */
export function standInNetwork(): Uint8Array {
  const nodes: OnnxNode[] = [
    // How much magenta (red and blue less twice green) and how much green (less red and blue) each pixel is, 0 to 1.
    node("Conv", "contrast", ["images", "colours", "dark"]),
    node("Clip", "masks", ["contrast", "zero", "one"]),
    pooled("near", "masks", NEAR),
    ...WIDE.map((side) => pooled(`wide${side}`, "masks", side)),
    pooled("largest", "masks", LARGEST),
    // The heat: both colours nearby, steeper towards the middle so that a board has one peak.
    node("Concat", "gathered", ["near", ...WIDE.map((side) => `wide${side}`)], { axis: int(1) }),
    node("Conv", "amounts", ["gathered", "weights", "none"]),
    node("Clip", "known", ["amounts", "zero", "one"]),
    node("Conv", "logits", ["known", "score", "doubt"]),
    node("Conv", "slope", ["gathered", "centring", "nought"]),
    node("Add", "tilted", ["logits", "slope"]),
    node("Sigmoid", "heatmap", ["tilted"]),
    // Half the side of a square of the same area, the same to each side.
    node("Conv", "area", ["largest", "sum", "little"]),
    node("Sqrt", "side", ["area"]),
    node("Conv", "boxes", ["side", "halves", "nothing"]),
  ];
  const three = 1 + WIDE.length;
  const gain = 6 / 255;
  return encodeModel({
    name: "stand-in",
    inputs: [{ name: "images", type: "float32", shape: [1, 3, "height", "width"] }],
    outputs: [
      { name: "heatmap", type: "float32", shape: [1, 1, "rows", "columns"] },
      { name: "boxes", type: "float32", shape: [1, 4, "rows", "columns"] },
    ],
    nodes,
    initializers: [
      floats("colours", [2, 3, 1, 1], [gain / 2, -gain, gain / 2, -gain / 2, gain, -gain / 2]),
      floats("dark", [2], [-1.5, -1.5]),
      floats("zero", [], [0]),
      floats("one", [], [1]),
      // Of each colour: a quarter of the nearest 16 px is enough.
      floats(
        "weights",
        [2, 2 * three, 1, 1],
        [0, 1].flatMap((colour) =>
          Array.from({ length: 2 * three }, (_, i) => (i % 2 === colour && i >= 2 && i < 4 ? 4 : 0)),
        ),
      ),
      floats("none", [2], [0, 0]),
      floats("score", [1, 2, 1, 1], [4, 2]),
      floats("doubt", [1], [-4.6]),
      floats(
        "centring",
        [1, 2 * three, 1, 1],
        Array.from({ length: 2 * three }, () => 0.15),
      ),
      floats("nought", [1], [0]),
      floats("sum", [1, 2, 1, 1], [LARGEST * LARGEST, LARGEST * LARGEST]),
      floats("little", [1], [16]),
      floats("halves", [4, 1, 1, 1], [0.5, 0.5, 0.5, 0.5]),
      floats("nothing", [4], [0, 0, 0, 0]),
    ],
  });
}

/** The manifest of the stand-in, as an operator would write that of a network of their own. */
export function standInManifest(sha256: string, bytes: number): string {
  return `# What stands for a weapon detector in rendered scenes: it finds painted boards. Never a real weapon.
schema: contrechamp/model@1
name: stand-in-marker
title: Finds the painted boards of rendered scenes, which stand for weapons
source: { kind: file, folder: . }
files: [{ path: ${STAND_IN_NETWORK}, bytes: ${bytes}, sha256: "${sha256}" }]
licence: { spdx: EUPL-1.2, from: "Contrechamp, src/scenes/stand-in.ts" }
conversion: { kind: none }
onnx: { sha256: "${sha256}" }
input: { name: images, size: { kind: multiple, of: 32 }, layout: nchw, channels: rgb, range: 255 }
network: { family: centernet, heatmap: heatmap, boxes: boxes, stride: ${STRIDE}, channels: labels }
labels:
  count: 1
  names: [painted board]
  weapon: [0]
minScore: 0.2
card:
  intendedUse: To show the slot for weapons at work on rendered scenes. Not for any recording of the world.
  trainingData: None. Nobody trained it; its numbers were written by hand.
  limits: [It finds magenta boards with a green core and no weapon whatever.]
  biases: [It looks at nothing of a person.]
`;
}

function node(
  op: string,
  output: string,
  inputs: readonly string[],
  attributes: Record<string, OnnxAttribute> = {},
): OnnxNode {
  return { op, name: output, inputs, outputs: [output], attributes };
}

/** Mean over a square around each cell, whose middle is the cell's corner as the heat map's peaks are. */
function pooled(output: string, from: string, side: number): OnnxNode {
  const [before, after] = [side / 2, side / 2 - STRIDE];
  return node("AveragePool", output, [from], {
    kernel_shape: ints([side, side]),
    strides: ints([STRIDE, STRIDE]),
    pads: ints([before, before, after, after]),
    count_include_pad: int(1),
  });
}

function floats(name: string, shape: readonly number[], data: readonly number[]): OnnxTensor {
  return { name, type: "float32", shape, data: Float32Array.from(data) };
}
