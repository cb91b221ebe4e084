import type { ModelManifest } from "../../models/manifest.ts";

/** Where a view lies in the network's input: input = view * scale, in pixels, from the top left. */
export interface Placement {
  readonly scaleX: number;
  readonly scaleY: number;
}

/** Packed RGB bytes and their size. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

export interface InputShape {
  readonly width: number;
  readonly height: number;
}

/** The size of the network's input for a view: its own where the network takes any, else the network's. */
export function inputShape(input: ModelManifest["input"], view: InputShape): InputShape {
  return input.size.kind === "fixed" ? input.size : { width: view.width, height: view.height };
}

/**
 * Writes a view into a network's input: bytes to floats, packed RGB to planes, in the manifest's order, range
 * and normalisation. A view of another size than a fixed input is scaled (bilinear) and placed at the top left,
 * the rest grey, or stretched, as the manifest says.
 * @param into 3 * width * height floats of the input
 */
export function fillInput(
  into: Float32Array,
  shape: InputShape,
  view: Pixels,
  input: ModelManifest["input"],
): Placement {
  const scale = Math.min(shape.width / view.width, shape.height / view.height);
  const letterbox = input.fit.kind === "letterbox";
  const scaleX = letterbox ? scale : shape.width / view.width;
  const scaleY = letterbox ? scale : shape.height / view.height;
  const width = Math.min(shape.width, Math.round(view.width * scaleX));
  const height = Math.min(shape.height, Math.round(view.height * scaleY));
  const size = shape.width * shape.height;
  const planes = [0, 1, 2].map((channel) => {
    const plane = into.subarray(channel * size, (channel + 1) * size);
    const mean = input.mean[channel] ?? 0;
    const std = input.std[channel] ?? 1;
    // One multiplication and one addition a sample: (byte * range / 255 - mean) / std.
    return { plane, factor: input.range / 255 / std, shift: -mean / std };
  });
  const ordered = input.channels === "rgb" ? planes : planes.toReversed();
  if (width < shape.width || height < shape.height) {
    const grey = input.fit.kind === "letterbox" ? input.fit.grey : 0;
    for (const { plane, factor, shift } of planes) plane.fill(grey * factor + shift);
  }
  const copied = width === view.width && height === view.height;
  const [red, green, blue] = ordered;
  const asBytes = ordered.every(({ factor, shift }) => factor === 1 && shift === 0);
  if (copied && width === shape.width && asBytes && red && green && blue) {
    copyPlanes(red.plane, green.plane, blue.plane, view.rgb);
  } else {
    for (const [channel, { plane, factor, shift }] of ordered.entries()) {
      if (copied) placePlane(plane, shape.width, view, channel, factor, shift);
      else scalePlane(plane, shape.width, width, height, view, channel, factor, shift);
    }
  }
  return { scaleX: width / view.width, scaleY: height / view.height };
}

/**
 * The default network's case in one pass: 0.65 ms at 512x384. Casting and transposing inside the graph takes
 * onnxruntime 1.2 ms.
 */
function copyPlanes(red: Float32Array, green: Float32Array, blue: Float32Array, rgb: Uint8Array): void {
  const samples = rgb.length / 3;
  for (let i = 0, from = 0; i < samples; i++, from += 3) {
    red[i] = rgb[from] ?? 0;
    green[i] = rgb[from + 1] ?? 0;
    blue[i] = rgb[from + 2] ?? 0;
  }
}

function placePlane(
  plane: Float32Array,
  stride: number,
  view: Pixels,
  channel: number,
  factor: number,
  shift: number,
): void {
  for (let y = 0; y < view.height; y++) {
    let from = 3 * y * view.width + channel;
    const end = y * stride + view.width;
    for (let to = y * stride; to < end; to++, from += 3) plane[to] = (view.rgb[from] ?? 0) * factor + shift;
  }
}

function scalePlane(
  plane: Float32Array,
  stride: number,
  width: number,
  height: number,
  view: Pixels,
  channel: number,
  factor: number,
  shift: number,
): void {
  const { rgb } = view;
  const stepX = view.width / width;
  const stepY = view.height / height;
  for (let y = 0; y < height; y++) {
    const sourceY = Math.max(0, Math.min(view.height - 1, (y + 0.5) * stepY - 0.5));
    const y0 = Math.floor(sourceY);
    const y1 = Math.min(view.height - 1, y0 + 1);
    const fy = sourceY - y0;
    for (let x = 0; x < width; x++) {
      const sourceX = Math.max(0, Math.min(view.width - 1, (x + 0.5) * stepX - 0.5));
      const x0 = Math.floor(sourceX);
      const x1 = Math.min(view.width - 1, x0 + 1);
      const fx = sourceX - x0;
      const at = (row: number, column: number) => rgb[3 * (row * view.width + column) + channel] ?? 0;
      const upper = at(y0, x0) * (1 - fx) + at(y0, x1) * fx;
      const lower = at(y1, x0) * (1 - fx) + at(y1, x1) * fx;
      plane[y * stride + x] = (upper * (1 - fy) + lower * fy) * factor + shift;
    }
  }
}
