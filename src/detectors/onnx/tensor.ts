/** Numbers as they come out of a network. */
export interface NetworkTensor {
  readonly dims: readonly number[];
  readonly data: Float32Array | BigInt64Array | Int32Array;
}

/** One box as the network gives it, in pixels of its own input. */
export interface NetworkBox {
  /** Index into the model's classes. */
  readonly class: number;
  readonly score: number;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/**
 * A network's outputs by name, and what they mean. `labels[c]` are the label numbers of class `c`; a label of no
 * class is never read.
 */
export interface NetworkOutput {
  readonly tensors: Readonly<Record<string, NetworkTensor>>;
  readonly labels: readonly (readonly number[])[];
  /** Size of the network's input. */
  readonly width: number;
  readonly height: number;
}

/** The most boxes that a view can give; the best are kept. More than any street view holds at one size. */
export const MOST_BOXES = 300;

/**
 * An output as 32-bit floats with the dimensions that its family gives it; null fits any size.
 * @throws RangeError that says what the network gave instead
 */
export function floats(
  output: NetworkOutput,
  name: string,
  dims: readonly (number | null)[],
): { data: Float32Array; dims: readonly number[] } {
  const tensor = output.tensors[name];
  if (tensor === undefined) throw new RangeError(`it gave no output ${name}`);
  const fits =
    tensor.dims.length === dims.length && dims.every((size, i) => size === null || size === tensor.dims[i]);
  if (!fits || !(tensor.data instanceof Float32Array)) {
    const expected = dims.map((size) => size ?? "any").join(", ");
    throw new RangeError(`its output ${name} is [${tensor.dims.join(", ")}], not floats of [${expected}]`);
  }
  return { data: tensor.data, dims: tensor.dims };
}
