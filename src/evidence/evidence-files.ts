import { createHash } from "node:crypto";
import { type CodedError, fault } from "../errors.ts";
import { writeWhole } from "../files/write-whole.ts";
import type { RgbImage } from "../frames/frame.ts";
import { encodeStill } from "./encode.ts";
import type { Redacted } from "./redacted.ts";

/** What tells a file from every other. */
export interface FileDigest {
  readonly sha256: string;
  readonly bytes: number;
}

export function digestOf(bytes: Uint8Array | string): FileDigest {
  return { sha256: createHash("sha256").update(bytes).digest("hex"), bytes: Buffer.byteLength(bytes) };
}

/** Writes a file whole or not at all, and makes its folder. @throws CodedError EVIDENCE_NOT_WRITTEN */
export async function writeEvidenceFile(path: string, bytes: Uint8Array | string): Promise<FileDigest> {
  try {
    await writeWhole(path, bytes);
  } catch (error) {
    throw notWritten(path, error);
  }
  return digestOf(bytes);
}

/** Writes a redacted picture as PNG. @throws CodedError EVIDENCE_NOT_WRITTEN */
export async function writePng(path: string, image: Redacted<RgbImage>): Promise<FileDigest> {
  let png: Redacted<Uint8Array>;
  try {
    png = await encodeStill(image);
  } catch (error) {
    throw notWritten(path, error);
  }
  return writeEvidenceFile(path, png.value);
}

function notWritten(path: string, error: unknown): CodedError {
  const reason = error instanceof Error ? error.message : String(error);
  return fault("EVIDENCE_NOT_WRITTEN", { path, reason }, error);
}
