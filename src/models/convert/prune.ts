import { int, ints, type OnnxNode, type OnnxTensor } from "../onnx/graph.ts";
import type { Image } from "./builder.ts";

interface Parts {
  readonly nodes: readonly OnnxNode[];
  readonly initializers: OnnxTensor[];
}

/**
 * Reduces a heat map of many labels to one channel a class: the weights of every other label are cut out of
 * the last convolution, then each class takes the largest of its labels. What is not wanted is neither
 * computed nor there to be asked for. The sigmoid moves behind the maximum, which it does not change.
 * @param heatmap the output: a convolution, with or without a sigmoid behind it
 * @param classes label channels, one list a class
 */
export function keepClasses(
  { nodes, initializers }: Parts,
  heatmap: Image,
  name: string,
  classes: readonly (readonly number[])[],
  broken: (what: string) => Error,
): Parts {
  const labels = classes.flat();
  if (classes.some((list) => list.length === 0)) throw broken(`a class of ${name} has no label`);
  if (labels.some((label) => !(label >= 0 && label < heatmap.channels))) {
    throw broken(`a label of ${name} is not one of its ${heatmap.channels} channels`);
  }
  const producer = (value: string | undefined) =>
    nodes.find((node) => value !== undefined && node.outputs.includes(value));
  const last = producer(heatmap.onnx);
  const sigmoid = last?.op === "Sigmoid" ? last : undefined;
  const conv = sigmoid === undefined ? last : producer(sigmoid.inputs[0]);
  if (conv?.op !== "Conv") throw broken(`${name} is not made by a convolution, its labels cannot be cut`);
  const inputs = conv.inputs.map((input, i) => (i === 0 ? input : `${input}/kept`));
  const cut = initializers.flatMap((tensor): OnnxTensor[] => {
    const at = conv.inputs.indexOf(tensor.name);
    if (at < 1 || tensor.type !== "float32") return [];
    const [, ...rest] = tensor.shape;
    const size = rest.reduce((product, n) => product * n, 1);
    const data = new Float32Array(labels.length * size);
    labels.forEach((label, i) => {
      data.set(tensor.data.subarray(label * size, (label + 1) * size), i * size);
    });
    return [{ ...tensor, name: `${tensor.name}/kept`, shape: [labels.length, ...rest], data }];
  });
  const added: OnnxNode[] = [{ ...conv, name: `${name}/labels`, inputs, outputs: [`${name}/labels`] }];
  const split = BigInt64Array.from(classes, (list) => BigInt(list.length));
  const parts = classes.map((_, i) => `${name}/part/${i}`);
  if (classes.length === 1) {
    added.push(reduceMax(`${name}/labels`, `${name}/classes`));
  } else {
    added.push({
      op: "Split",
      name: `${name}/split`,
      inputs: [`${name}/labels`, `${name}/sizes`],
      outputs: parts,
      attributes: { axis: int(1) },
    });
    const largest = parts.map((part, i) => {
      if (classes[i]?.length === 1) return part;
      added.push(reduceMax(part, `${part}/max`));
      return `${part}/max`;
    });
    added.push({
      op: "Concat",
      name: `${name}/classes`,
      inputs: largest,
      outputs: [`${name}/classes`],
      attributes: { axis: int(1) },
    });
  }
  added.push({
    op: sigmoid === undefined ? "Identity" : "Sigmoid",
    name,
    inputs: [`${name}/classes`],
    outputs: [name],
    attributes: {},
  });
  const sizes: OnnxTensor[] =
    classes.length === 1
      ? []
      : [{ name: `${name}/sizes`, type: "int64", shape: [classes.length], data: split }];
  return { nodes: [...nodes, ...added], initializers: [...initializers, ...cut, ...sizes] };
}

function reduceMax(from: string, to: string): OnnxNode {
  return {
    op: "ReduceMax",
    name: to,
    inputs: [from],
    outputs: [to],
    attributes: { axes: ints([1]), keepdims: int(1) },
  };
}
