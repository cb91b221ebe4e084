import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname, join, parse } from "node:path";
import sharp from "sharp";
import { z } from "zod";
import { fault } from "../errors.ts";
import type { RgbImage } from "../frames/frame.ts";
import { formatUtc, type UtcMilliseconds } from "../time/clock.ts";
import type { BackgroundPicture } from "./display-background.ts";
import { writeEvidenceFile, writePng } from "./evidence-files.ts";
import { Redacted } from "./redacted.ts";

/** What stands beside a learnt still `NAME.png` as `NAME.json`. */
export const backgroundRecordSchema = z.strictObject({
  schema: z.literal("contrechamp/background@1"),
  cameraId: z.string().min(1).max(200),
  /** Of the PNG file. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  width: z.int().positive(),
  height: z.int().positive(),
  /** First and last picture that it was learnt from. */
  learntFrom: z.iso.datetime(),
  learntTo: z.iso.datetime(),
  /** Share of the picture that is known; the rest is grey. */
  coverage: z.number().min(0).max(1),
});
export type BackgroundRecord = Readonly<z.infer<typeof backgroundRecordSchema>>;

/** What stands beside it as `NAME.approval.json` once a person has looked. */
export const backgroundApprovalSchema = z.strictObject({
  schema: z.literal("contrechamp/background-approval@1"),
  cameraId: z.string().min(1).max(200),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  by: z.string().min(1).max(200),
  at: z.iso.datetime(),
});
export type BackgroundApproval = Readonly<z.infer<typeof backgroundApprovalSchema>>;

/** A still with its record, and its approval where there is one. */
export interface BackgroundCandidate {
  readonly path: string;
  readonly record: BackgroundRecord;
  readonly approval: BackgroundApproval | null;
}

/** A still that a person has approved for live evidence. */
export interface ApprovedBackground extends BackgroundCandidate {
  readonly approval: BackgroundApproval;
  readonly image: RgbImage;
}

/** Writes a learnt still and its record. @throws CodedError EVIDENCE_NOT_WRITTEN */
export async function writeCandidate(
  path: string,
  picture: BackgroundPicture,
  about: { cameraId: string; learntFrom: UtcMilliseconds; learntTo: UtcMilliseconds },
): Promise<BackgroundRecord> {
  const { width, height, data } = picture;
  const written = await writePng(path, Redacted.seal({ width, height, data }));
  const record: BackgroundRecord = {
    schema: "contrechamp/background@1",
    cameraId: about.cameraId,
    sha256: written.sha256,
    width,
    height,
    learntFrom: formatUtc(about.learntFrom),
    learntTo: formatUtc(about.learntTo),
    coverage: Math.round(1000 * (1 - picture.greyShare)) / 1000,
  };
  await writeEvidenceFile(beside(path, ".json"), `${JSON.stringify(record, null, 2)}\n`);
  return record;
}

/**
 * Reads a still's record and approval, and checks that both speak of this very picture.
 * @throws CodedError BACKGROUND_UNREADABLE, BACKGROUND_CHANGED
 */
export async function readCandidate(path: string): Promise<BackgroundCandidate> {
  return (await readParts(path)).candidate;
}

/**
 * Writes the approval beside the still: `by` has looked at it and it shows nobody.
 * @throws CodedError APPROVER_MISSING, and what `readCandidate` throws
 */
export async function approveCandidate(
  path: string,
  by: string,
  now: UtcMilliseconds,
): Promise<BackgroundApproval> {
  const name = by.trim().slice(0, 200);
  if (name === "") throw fault("APPROVER_MISSING", { path });
  const { record } = await readCandidate(path);
  const approval: BackgroundApproval = {
    schema: "contrechamp/background-approval@1",
    cameraId: record.cameraId,
    sha256: record.sha256,
    by: name,
    at: formatUtc(now),
  };
  await writeEvidenceFile(beside(path, ".approval.json"), `${JSON.stringify(approval, null, 2)}\n`);
  return approval;
}

/**
 * Loads a background for live evidence.
 * @throws CodedError BACKGROUND_NOT_APPROVED, BACKGROUND_OTHER_CAMERA, and what `readCandidate` throws
 */
export async function loadApproved(path: string, cameraId: string): Promise<ApprovedBackground> {
  const { candidate, png } = await readParts(path);
  const { record, approval } = candidate;
  if (record.cameraId !== cameraId)
    throw fault("BACKGROUND_OTHER_CAMERA", { path, found: record.cameraId, wanted: cameraId });
  if (approval === null) throw fault("BACKGROUND_NOT_APPROVED", { path });
  try {
    const { data, info } = await sharp(png)
      .removeAlpha()
      .toColourspace("srgb")
      .raw()
      .toBuffer({ resolveWithObject: true });
    return { path, record, approval, image: { width: info.width, height: info.height, data } };
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function readParts(path: string): Promise<{ candidate: BackgroundCandidate; png: Buffer }> {
  let png: Buffer;
  let record: BackgroundRecord;
  try {
    png = await readFile(path);
    record = backgroundRecordSchema.parse(JSON.parse(await readFile(beside(path, ".json"), "utf8")));
  } catch (error) {
    throw unreadable(path, error);
  }
  const sha256 = createHash("sha256").update(png).digest("hex");
  if (sha256 !== record.sha256) throw fault("BACKGROUND_CHANGED", { path });
  const approval = await readApproval(beside(path, ".approval.json"));
  if (approval !== null && (approval.sha256 !== sha256 || approval.cameraId !== record.cameraId))
    throw fault("BACKGROUND_CHANGED", { path });
  return { candidate: { path, record, approval }, png };
}

async function readApproval(path: string): Promise<BackgroundApproval | null> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw unreadable(path, error);
  }
  try {
    return backgroundApprovalSchema.parse(JSON.parse(text));
  } catch (error) {
    throw unreadable(path, error);
  }
}

function beside(path: string, ending: string): string {
  const { dir, name } = parse(path);
  return join(dir === "" ? dirname(path) : dir, `${name}${ending}`);
}

function unreadable(path: string, error: unknown): Error {
  const reason =
    error instanceof z.ZodError
      ? "its record is not of the expected form"
      : String(error instanceof Error ? error.message : error);
  return fault("BACKGROUND_UNREADABLE", { path, reason }, error);
}
