import { z } from "zod";
import { EVENT_TYPES } from "../event.ts";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const file = z.strictObject({ file: z.string(), sha256, bytes: z.int().nonnegative() });

/** Which background a picture stands on. */
export const BACKGROUND_KINDS = [
  "none", // shapes on grey
  "learnt", // learnt from this recording
  "approved", // learnt earlier, approved by a person
] as const;
export type BackgroundKind = (typeof BACKGROUND_KINDS)[number];

const background = z.strictObject({
  kind: z.enum(BACKGROUND_KINDS),
  /** Share of the picture that stayed grey, 0 to 1. */
  greyShare: z.number().min(0).max(1),
  /** Of the approved still, null for the other kinds. */
  sha256: sha256.nullable(),
  approvedBy: z.string().nullable(),
});

/** How pictures were redacted. */
export const redactionSchema = z.strictObject({
  method: z.literal("background-and-shapes"),
  width: z.int(),
  height: z.int(),
  /** Side of the cells that shapes are made of, pixels of the evidence. */
  cell: z.int(),
  shapeScore: z.number(),
  showAfterSeconds: z.number(),
  detectorPasses: z.int(),
  tolerance: z.number(),
});

/** What stands beside each still and clip as `ID.json`: what they are, of which alert, and how they were redacted. */
export const evidenceManifestSchema = z.strictObject({
  schema: z.literal("contrechamp/evidence@1"),
  id: z.string(),
  cameraId: z.string(),
  /** The alert's id is its episode's. */
  episodeId: z.string(),
  ruleId: z.string(),
  event: z.enum(EVENT_TYPES),
  /** Presentation time and instant of the alert. */
  streamTime: z.number(),
  at: z.iso.datetime(),
  still: z.strictObject({ ...file.shape, background }),
  clip: z
    .strictObject({
      ...file.shape,
      background,
      /** Presentation times of its first and last picture. */
      from: z.number(),
      to: z.number(),
      pictures: z.int().positive(),
    })
    .nullable(),
  redaction: redactionSchema,
  sound: z.literal(false),
});
export type EvidenceManifest = z.infer<typeof evidenceManifestSchema>;

/** What a manifest says of a picture's background. */
export type BackgroundState = EvidenceManifest["still"]["background"];
