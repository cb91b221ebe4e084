import { z } from "zod";
import { EVENT_TYPES } from "../event.ts";
import { instant, languageMap, line, sha256Hex, uri } from "./fields.ts";
import { signatureSchema } from "./signature.ts";

export const CERTIFICATE_SCHEMA_NAME = "contrechamp/certificate@1";

const share = z.number().min(0).max(1);
const interval = z.tuple([z.number().min(0), z.number().min(0)]);

/** From what a certificate was worked out, so that anybody who has the same files can work it out again. */
const measurementSchema = z.strictObject({
  /** Of the thresholds' canonical JSON (RFC 8785). */
  thresholdsSha256: sha256Hex,
  /** The line of the journal that held them before the measurement began. */
  thresholdsLeaf: z.strictObject({
    /** The journal's name in its signed states. */
    origin: line,
    seq: z.int().min(0),
    at: instant,
    leafHash: sha256Hex,
  }),
  /** Of the engine's settings, canonical JSON. */
  configSha256: sha256Hex,
  /** Of the record's file, byte for byte. */
  recordSha256: sha256Hex,
  /** Of what the record found, without times of computing: who measures the same again finds the same. */
  factsSha256: sha256Hex,
  startedAt: instant,
  endedAt: instant,
  /** Of the two-sided intervals: 0.95 leaves at most 2.5 % on the side that decides. */
  confidence: z.number().gt(0).lt(1),
  /** With fewer references than this nothing passes. */
  minimumEvents: z.int().min(1),
});

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
  /** Missing where somebody measured by their own means and wrote the certificate by hand. */
  measurement: measurementSchema.exactOptional(),
  /** By a certifying key. */
  signature: signatureSchema.nullable(),
});
export type CertificateMeasurement = Readonly<z.output<typeof measurementSchema>>;
export type Certificate = Readonly<z.output<typeof certificateSchema>>;
