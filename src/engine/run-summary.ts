import { z } from "zod";
import { alertSchema } from "../alerts/alert.ts";
import { EVENT_TYPES } from "../event.ts";
import { HEALTH_KINDS } from "../frames/health.ts";
import { USES } from "../policy/question.ts";
import { REASON_CODES } from "../policy/reasons.ts";

/**
 * What one run of the engine did, as plain data: the file `out/run.json` and all that the report shows.
 * Times are seconds of presentation time or RFC 3339 instants in UTC; durations are seconds or, where the
 * name says so, milliseconds. Nothing here tells one person from another.
 */
export const RUN_SCHEMA_ID = "contrechamp/run@1";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const utc = z.iso.datetime();
const seconds = z.number();
const amount = z.number().nonnegative();
const whole = z.int().nonnegative();

const countBandSchema = z.strictObject({ low: amount, best: amount, high: amount });

/** Frames by what became of them. `inferred + gated <= analysed <= decoded`; dropped ones were never analysed. */
export const frameCountsSchema = z.strictObject({
  /** Pictures that the decoder gave. */
  decoded: whole,
  /** Pictures that background and motion were computed on. */
  analysed: whole,
  /** Pictures that the network saw. */
  inferred: whole,
  /** Analysed pictures that the motion gate kept from the network, because nothing moved. */
  gated: whole,
  /** Pictures let go because the machine was too slow. */
  dropped: whole,
});

/** The cost of one stage. */
export const stageTimingSchema = z.strictObject({
  /** Stage in English, lower case: `decode`, `background`, `detect`, `track`, `rules`, `evidence` ... */
  name: z.string(),
  /** How many times it ran. */
  count: whole,
  /** Wall-clock milliseconds of one run, median and 95th percentile. Null where it never ran. */
  p50Ms: amount.nullable(),
  p95Ms: amount.nullable(),
  /** Processor time of all its runs together, null where it cannot be told apart. */
  cpuSeconds: amount.nullable(),
});

export const healthEntrySchema = z.strictObject({
  kind: z.enum(HEALTH_KINDS),
  at: utc,
  /** Presentation time of the last picture before it; null before the first. */
  streamTime: seconds.nullable(),
  code: z.string().nullable(),
  detail: z.string(),
  count: whole.nullable(),
});

export const ruleSummarySchema = z.strictObject({
  id: z.string(),
  event: z.enum(EVENT_TYPES),
  placeKind: z.enum(["zone", "line", "view"]),
  placeId: z.string().nullable(),
});

/** What a counting rule measured, thinned to a length that fits a page (a sample a second at most). */
export const countTimelineSchema = z.strictObject({
  ruleId: z.string(),
  samples: z.array(z.strictObject({ at: seconds, ...countBandSchema.shape })),
});

export const cameraSummarySchema = z.strictObject({
  id: z.string(),
  /** Address with credentials replaced. */
  address: z.string(),
  live: z.boolean(),
  /** Picture size in image coordinates; null where no picture ever came. */
  width: whole.nullable(),
  height: whole.nullable(),
  /** When the first picture was taken; null where none came. */
  startedAt: utc.nullable(),
  /** Seconds of video that were decoded: the exposure. */
  videoSeconds: amount,
  /** Of these, seconds in which the camera was suspended (view moved, dark) and no rule ran. */
  suspendedSeconds: amount,
  /** True where the camera ended in an error or was lost for good. */
  failed: z.boolean(),
  rules: z.array(ruleSummarySchema),
  frames: frameCountsSchema,
  stages: z.array(stageTimingSchema),
  cpuSecondsPerVideoSecond: amount.nullable(),
  peakRssBytes: whole.nullable(),
  /** Share of the evidence picture that stayed grey because its background is not known, 0 to 1. */
  greyShare: z.number().min(0).max(1).nullable(),
  health: z.array(healthEntrySchema),
  /** Every alert message, in order: `raised` and, when the episode ended, `closed` with the same id. */
  alerts: z.array(alertSchema),
  /** Episodes that were counted and shown to nobody, where the run was in the dark. */
  shadow: z.array(z.strictObject({ ruleId: z.string(), episodes: whole })),
  counts: z.array(countTimelineSchema),
});

const titleSchema = z.strictObject({ fr: z.string(), en: z.string() });

/** On what authority it ran. */
export const authoritySchema = z.strictObject({
  /** Null where none was named: then nothing ran. */
  profile: z.strictObject({ id: z.string(), sha256, title: titleSchema }).nullable(),
  use: z.enum(USES),
  /** Those that let something through, or would have. */
  authorisations: z.array(
    z.strictObject({
      id: z.string(),
      sha256,
      title: titleSchema,
      validFrom: z.string(),
      validUntil: z.string(),
    }),
  ),
  /** What the gate said of each rule at the end. */
  standing: z.array(
    z.strictObject({
      cameraId: z.string(),
      ruleId: z.string(),
      event: z.string(),
      allow: z.boolean(),
      reasons: z.array(
        z.strictObject({ code: z.enum(REASON_CODES), ruleId: z.string().nullable(), source: z.string() }),
      ),
    }),
  ),
  /** The trace of it all; null where none could be kept. */
  journal: z.strictObject({ origin: z.string(), leaves: whole, folder: z.string() }).nullable(),
});

export const runSummarySchema = z.strictObject({
  schema: z.literal(RUN_SCHEMA_ID),
  engine: z.strictObject({ version: z.string(), node: z.string() }),
  machine: z.strictObject({
    description: z.string(),
    cores: whole,
    memoryBytes: whole,
  }),
  /** The command as it was given, credentials replaced. */
  command: z.string(),
  startedAt: utc,
  endedAt: utc,
  /** `complete`, `partial` when a camera was lost or a file could not be read to its end, `interrupted` by hand. */
  outcome: z.enum(["complete", "partial", "interrupted"]),
  configSha256: sha256,
  models: z.array(
    z.strictObject({ name: z.string(), sha256, licence: z.string().nullable(), limits: z.array(z.string()) }),
  ),
  authority: authoritySchema,
  cameras: z.array(cameraSummarySchema),
});

export type AuthoritySummary = z.infer<typeof authoritySchema>;
export type RunSummary = z.infer<typeof runSummarySchema>;
export type CameraSummary = z.infer<typeof cameraSummarySchema>;
export type FrameCounts = z.infer<typeof frameCountsSchema>;
export type StageTiming = z.infer<typeof stageTimingSchema>;
export type HealthEntry = z.infer<typeof healthEntrySchema>;
export type CountTimeline = z.infer<typeof countTimelineSchema>;
export type RuleSummary = z.infer<typeof ruleSummarySchema>;
