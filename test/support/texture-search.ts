import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { CodecContext, FFmpegError, FormatContext, Frame, Packet } from "node-av";
import { AVMEDIA_TYPE_VIDEO } from "node-av/constants";
import sharp from "sharp";

/**
 * Finds a painted texture in anything that was written. People and vehicles of a test wear a seeded random
 * checker; if any file holds it, at half to twice its size, blurred or compressed, redaction has failed.
 */
export interface Texture {
  readonly name: string;
  /** Cells across and down. */
  readonly cells: number;
  /** Side of a cell as painted, px of the frame. */
  readonly cellSize: number;
  /** 1 bright, 0 dark, row after row. */
  readonly pattern: Uint8Array;
}

export const DARK = 24;
export const BRIGHT = 232;

/** A balanced random checker: as many bright cells as dark ones, so that plain light and shade do not match it. */
export function checkerTexture(name: string, seed: number, cellSize: number, cells = 8): Texture {
  const next = mulberry32(seed);
  const pattern = new Uint8Array(cells * cells).fill(1, 0, (cells * cells) >> 1);
  for (let i = pattern.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    const kept = pattern[i] ?? 0;
    pattern[i] = pattern[j] ?? 0;
    pattern[j] = kept;
  }
  return { name, cells, cellSize, pattern };
}

/** Paints a texture over a rectangle of packed RGB, repeated from its top left corner. */
export function paintTexture(
  image: { width: number; height: number; data: Uint8Array },
  texture: Texture,
  box: { x: number; y: number; width: number; height: number },
): void {
  const left = Math.max(0, Math.round(box.x));
  const top = Math.max(0, Math.round(box.y));
  const right = Math.min(image.width, Math.round(box.x + box.width));
  const bottom = Math.min(image.height, Math.round(box.y + box.height));
  const { cells, cellSize, pattern } = texture;
  for (let y = top; y < bottom; y++) {
    const row = Math.floor((y - Math.round(box.y)) / cellSize) % cells;
    for (let x = left; x < right; x++) {
      const column = Math.floor((x - Math.round(box.x)) / cellSize) % cells;
      const value = pattern[row * cells + column] === 1 ? BRIGHT : DARK;
      image.data.fill(value, 3 * (y * image.width + x), 3 * (y * image.width + x) + 3);
    }
  }
}

/** A picture to be searched: one byte of brightness a pixel. */
export interface GreyPicture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export interface BestMatch {
  readonly texture: string;
  /** Normalised cross-correlation, -1 to 1; from FOUND on the texture is there. */
  readonly correlation: number;
  readonly x: number;
  readonly y: number;
  /** Size against the painted one. */
  readonly scale: number;
}

/** Correlation from which a texture counts as found: chance on pictures without it stays below. */
export const FOUND = 0.75;
const SCALES = Array.from({ length: 11 }, (_, i) => 0.5 * 2 ** (i / 5));
/** Contrast (standard deviation of brightness) below which nothing could be recognised by anybody. */
const LEAST_CONTRAST = 3;

/**
 * The best match of each texture anywhere in a picture.
 * @param nominal side of a cell in this picture at scale 1: the painted size times the picture's reduction
 * @param before the picture before it in a clip, already searched: places that are equal to the last bit are left out
 */
export function searchPicture(
  picture: GreyPicture,
  textures: readonly Texture[],
  nominal: (texture: Texture) => number = (texture) => texture.cellSize,
  before: GreyPicture | null = null,
): BestMatch[] {
  const sums = integral(picture);
  const changed = before === null ? null : integral(differences(picture, before));
  const best = new Map<string, BestMatch>(
    textures.map(({ name }) => [name, { texture: name, correlation: -1, x: 0, y: 0, scale: 1 }]),
  );
  // Textures of one cell size share everything but the last product.
  for (const group of Map.groupBy(textures, (t) => `${t.cells}/${nominal(t)}`).values()) {
    const [first] = group;
    if (first === undefined) continue;
    for (const scale of SCALES) {
      const cell = nominal(first) * scale;
      if (cell >= 1.5) searchScale(picture, sums, changed, group, cell, scale, best);
    }
  }
  return [...best.values()];
}

export interface SearchedFile {
  readonly path: string;
  readonly bytes: number;
  /** Pictures decoded out of it: stills, video frames, pictures embedded in HTML. */
  readonly pictures: number;
  readonly best: readonly BestMatch[];
  /** A row of the texture stands in the file byte for byte. */
  readonly verbatim: readonly string[];
}

/** Searches every file below a folder, whatever its name. @param frameWidth width of the frames that were painted */
export async function searchFolder(
  folder: string,
  textures: readonly Texture[],
  frameWidth: number,
): Promise<SearchedFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found: SearchedFile[] = [];
  for (const entry of entries) {
    if (entry.isFile())
      found.push(await searchFile(join(entry.parentPath, entry.name), textures, frameWidth));
  }
  return found;
}

export async function searchFile(
  path: string,
  textures: readonly Texture[],
  frameWidth: number,
): Promise<SearchedFile> {
  const bytes = await readFile(path);
  const best = new Map<string, BestMatch>();
  let pictures = 0;
  const look = (picture: GreyPicture, before: GreyPicture | null) => {
    pictures++;
    const reduction = picture.width / frameWidth;
    const nominal = (texture: Texture) => texture.cellSize * reduction;
    for (const match of searchPicture(picture, textures, nominal, before)) {
      if (match.correlation > (best.get(match.texture)?.correlation ?? -2)) best.set(match.texture, match);
    }
  };
  const still = await decodeStill(bytes);
  if (still !== null) look(still, null);
  else if (isText(bytes)) {
    for (const [, base64] of bytes
      .toString("latin1")
      .matchAll(/data:image\/[a-z+]+;base64,([A-Za-z0-9+/=]+)/g)) {
      const embedded = await decodeStill(Buffer.from(base64 ?? "", "base64"));
      if (embedded !== null) look(embedded, null);
    }
  } else {
    let before: GreyPicture | null = null;
    for (const frame of decodeVideo(path)) {
      look(frame, before);
      before = frame;
    }
  }
  const verbatim = textures.filter((texture) => holdsVerbatim(bytes, texture)).map((texture) => texture.name);
  return { path, bytes: bytes.length, pictures, best: [...best.values()], verbatim };
}

/** Brightness of a PNG, JPEG or WebP; null for anything else. */
export async function decodeStill(bytes: Uint8Array): Promise<GreyPicture | null> {
  try {
    const { data, info } = await sharp(bytes).greyscale().raw().toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, data };
  } catch {
    return null; // Not a still: the caller goes on with other kinds of file.
  }
}

/** The luma of each frame of a video file; none where libav finds no video in it. */
export function* decodeVideo(path: string): Generator<GreyPicture> {
  const format = new FormatContext();
  if (format.openInputSync(path) < 0) return;
  FFmpegError.throwIfError(format.findStreamInfoSync(), "describe");
  const { streamIndex, decoder } = format.findBestStream(AVMEDIA_TYPE_VIDEO, -1, -1, true);
  const stream = format.streams[streamIndex];
  if (!stream || !decoder) return;
  const codec = new CodecContext();
  codec.allocContext3(decoder);
  codec.parametersToContext(stream.codecpar);
  FFmpegError.throwIfError(codec.open2Sync(decoder), "decoder");
  const packet = new Packet();
  packet.alloc();
  const frame = new Frame();
  frame.alloc();
  function* drain(): Generator<GreyPicture> {
    while (codec.receiveFrameSync(frame) >= 0) {
      const plane = frame.data?.[0];
      const stride = frame.linesize[0] ?? 0;
      const data = new Uint8Array(frame.width * frame.height);
      for (let y = 0; plane && y < frame.height; y++)
        data.set(plane.subarray(y * stride, y * stride + frame.width), y * frame.width);
      yield { width: frame.width, height: frame.height, data };
      frame.unref();
    }
  }
  try {
    while (format.readFrameSync(packet) >= 0) {
      if (packet.streamIndex === streamIndex) codec.sendPacketSync(packet);
      packet.unref();
      yield* drain();
    }
    codec.sendPacketSync(null);
    yield* drain();
  } finally {
    frame.free();
    packet.free();
    codec.freeContext();
    format.closeInputSync();
  }
}

/** Sums of everything above and left of a sample, for the sum over any rectangle at once. */
function integral({ width, height, data }: GreyPicture): Int32Array {
  const stride = width + 1;
  const sums = new Int32Array(stride * (height + 1));
  for (let y = 0; y < height; y++) {
    let row = 0;
    for (let x = 0; x < width; x++) {
      row += data[y * width + x] ?? 0;
      const i = (y + 1) * stride + x + 1;
      sums[i] = (sums[i - stride] ?? 0) + row;
    }
  }
  return sums;
}

function over(sums: Int32Array, stride: number, x: number, y: number, w: number, h: number): number {
  const top = y * stride + x;
  const bottom = top + h * stride;
  return (sums[bottom + w] ?? 0) - (sums[bottom] ?? 0) - (sums[top + w] ?? 0) + (sums[top] ?? 0);
}

/** 1 where two pictures differ at all. */
function differences(a: GreyPicture, b: GreyPicture): GreyPicture {
  const data = new Uint8Array(a.data.length);
  for (let i = 0; i < data.length; i++) data[i] = a.data[i] === b.data[i] ? 0 : 1;
  return { width: a.width, height: a.height, data };
}

/** Compares the mean of the middle of each cell with the patterns, at every place where anything stands out. */
function searchScale(
  { width, height }: GreyPicture,
  sums: Int32Array,
  changed: Int32Array | null,
  textures: readonly Texture[],
  cell: number,
  scale: number,
  best: Map<string, BestMatch>,
): void {
  const cells = textures[0]?.cells ?? 0;
  const side = Math.round(cells * cell);
  if (side > width || side > height) return;
  const stride = width + 1;
  const probe = Math.max(1, Math.round(cell * 0.6));
  const n = cells * cells;
  const offsets = new Int32Array(n);
  for (let row = 0; row < cells; row++) {
    for (let column = 0; column < cells; column++) {
      const x = Math.min(side - probe, Math.round((column + 0.5) * cell - probe / 2));
      const y = Math.min(side - probe, Math.round((row + 0.5) * cell - probe / 2));
      offsets[row * cells + column] = y * width + x;
    }
  }
  const means = new Float32Array(width * height);
  for (let y = 0; y + probe <= height; y++)
    for (let x = 0; x + probe <= width; x++)
      means[y * width + x] = over(sums, stride, x, y, probe, probe) / (probe * probe);
  const bright = textures.map(({ pattern }) => offsets.filter((_, k) => pattern[k] === 1));
  const matches = textures.map(({ name }) => best.get(name));

  const step = Math.max(1, Math.floor(cell / 2.5));
  for (let y = 0; y + side <= height; y += step) {
    for (let x = 0; x + side <= width; x += step) {
      if (changed !== null && over(changed, stride, x, y, side, side) === 0) continue;
      const origin = y * width + x;
      let sum = 0;
      let squares = 0;
      for (let k = 0; k < n; k++) {
        const value = means[origin + (offsets[k] ?? 0)] ?? 0;
        sum += value;
        squares += value * value;
      }
      const spread = squares - (sum * sum) / n;
      if (spread < n * LEAST_CONTRAST ** 2) continue;
      const norm = Math.sqrt(spread * n);
      for (let t = 0; t < textures.length; t++) {
        const places = bright[t];
        const texture = textures[t];
        if (places === undefined || texture === undefined) continue;
        let brightSum = 0;
        for (let k = 0; k < places.length; k++) brightSum += means[origin + (places[k] ?? 0)] ?? 0;
        // The pattern is +1 and -1 in equal numbers: it sums to zero and its squares to n.
        const correlation = (2 * brightSum - sum) / norm;
        if (correlation > (matches[t]?.correlation ?? 1)) {
          matches[t] = { texture: texture.name, correlation, x, y, scale };
          best.set(texture.name, { texture: texture.name, correlation, x, y, scale });
        }
      }
    }
  }
}

/** Whether a painted row stands in the bytes as it is, as luma or as RGB. */
function holdsVerbatim(bytes: Buffer, { cells, cellSize, pattern }: Texture): boolean {
  const luma = Buffer.alloc(cells * cellSize);
  for (let x = 0; x < luma.length; x++) luma[x] = pattern[Math.floor(x / cellSize)] === 1 ? BRIGHT : DARK;
  const rgb = Buffer.alloc(3 * luma.length);
  for (let x = 0; x < luma.length; x++) rgb.fill(luma[x] ?? 0, 3 * x, 3 * x + 3);
  return bytes.includes(luma) || bytes.includes(rgb);
}

function isText(bytes: Buffer): boolean {
  return !bytes.subarray(0, 4096).includes(0);
}

function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
