import { z } from "zod";
import { EVENT_TYPES } from "../event.ts";
import { instant, languageMap, line, sha256Hex, uri } from "./fields.ts";
import { signatureSchema } from "./signature.ts";

export const CERTIFICATE_SCHEMA_NAME = "contrechamp/certificate@1";

const share = z.number().min(0).max(1);
const interval = z.tuple([z.number().min(0), z.number().min(0)]);

/** What the audit bench measured of one analytic with one model, and whether that passes the thresholds set before. */
export const certificateSchema = z.strictObject({
  schema: z.literal(CERTIFICATE_SCHEMA_NAME),
  id: uri,
  analyticId: uri,
  event: z.enum(EVENT_TYPES),
  modelSha256: sha256Hex,
  engineVersion: line,
  suite: z.strictObject({ name: line, sha256: sha256Hex }),
  issuedAt: instant,
  validUntil: instant,
  /** Pinned before the run; the lower bound of the interval is what must reach them. */
  thresholds: z.strictObject({
    recall: share,
    precision: share,
    falseAlarmsPerHour: z.number().min(0).nullable(),
  }),
  results: z.strictObject({
    references: z.int().min(0),
    hits: z.int().min(0),
    falseAlarms: z.int().min(0),
    exposureHours: z.number().positive(),
    recallInterval: interval,
    precisionInterval: interval,
    falseAlarmsPerHourInterval: interval,
  }),
  passed: z.boolean(),
  conditions: languageMap.describe("Under which light, weather, crowd and view it holds."),
  issuer: line,
  /** By a certifying key. */
  signature: signatureSchema.nullable(),
});
export type Certificate = Readonly<z.output<typeof certificateSchema>>;
