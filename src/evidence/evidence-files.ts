import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import sharp from "sharp";
import { type CodedError, fault } from "../errors.ts";
import type { RgbImage } from "../frames/frame.ts";
import type { Redacted } from "./redacted.ts";

/** A file that lies complete on the disk. */
export interface WrittenFile {
  readonly sha256: string;
  readonly bytes: number;
}

/** The names of one alert's evidence, in the folder of its camera. */
export function evidenceNames(id: string): { still: string; clip: string; manifest: string } {
  return { still: `${id}.png`, clip: `${id}.mp4`, manifest: `${id}.json` };
}

/** Where a file is written before it is whole. Same folder, so that the rename is atomic; the extension stays. */
export function partialPath(path: string): string {
  return path.replace(/([^/\\]+)$/, `.${randomUUID()}.part-$1`);
}

/** Writes a file whole or not at all, and makes its folder. @throws CodedError EVIDENCE_NOT_WRITTEN */
export async function writeWhole(path: string, bytes: Uint8Array | string): Promise<WrittenFile> {
  const partial = partialPath(path);
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(partial, "wx", 0o640);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined);
    throw notWritten(path, error);
  }
  return { sha256: createHash("sha256").update(bytes).digest("hex"), bytes: Buffer.byteLength(bytes) };
}

/** Writes a redacted picture as PNG. @throws CodedError EVIDENCE_NOT_WRITTEN */
export async function writePng(path: string, image: Redacted<RgbImage>): Promise<WrittenFile> {
  const { width, height, data } = image.value;
  let png: Buffer;
  try {
    // Few colours and flat areas: the palette of shapes compresses by itself, and bytes stay deterministic.
    png = await sharp(data, { raw: { width, height, channels: 3 } })
      .png({ compressionLevel: 9 })
      .toBuffer();
  } catch (error) {
    throw notWritten(path, error);
  }
  return writeWhole(path, png);
}

/** Gives a finished partial file its name. @throws CodedError EVIDENCE_NOT_WRITTEN */
export async function settle(partial: string, path: string): Promise<WrittenFile> {
  try {
    const hash = createHash("sha256");
    for await (const chunk of createReadStream(partial)) hash.update(chunk as Uint8Array);
    const { size } = await stat(partial);
    await rename(partial, path);
    return { sha256: hash.digest("hex"), bytes: size };
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined);
    throw notWritten(path, error);
  }
}

export function notWritten(path: string, error: unknown): CodedError {
  const reason = error instanceof Error ? error.message : String(error);
  return fault("EVIDENCE_NOT_WRITTEN", { path, reason }, error);
}
