import { z } from "zod";
import { EVENT_TYPES } from "../event.ts";
import { formatUtc, type Seconds, type UtcMilliseconds } from "../time/clock.ts";
import type { EpisodeChange } from "./episode.ts";

export const ALERT_SCHEMA_NAME = "contrechamp/alert@1";

const name = (what: string) => z.string().min(1).max(200).describe(what);
const sha256 = (what: string) =>
  z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe(what);
const seconds = (what: string) => z.number().min(0).describe(what);
const amount = z.number().min(0);
const relativePath = (what: string) =>
  z
    .string()
    .min(1)
    // No scheme, no root, no way up: evidence lies below the folder of the alert file.
    .regex(/^(?!\/)(?!.*(?:^|\/)\.\.(?:\/|$))[^\\:]+$/)
    .describe(what);

const boxSchema = z
  .strictObject({ x: z.number(), y: z.number(), width: amount, height: amount })
  .describe("The part of the picture concerned, in px of the picture, from its top left corner.");

const placeSchema = z.strictObject({
  kind: z
    .enum(["zone", "line", "view"])
    .describe("What was declared there: a zone, a line, or the whole view."),
  id: name("Id of the zone or line; null for the whole view.").nullable(),
  box: boxSchema,
});

const countBandSchema = z
  .strictObject({ low: amount, best: amount, high: amount })
  .refine((band) => band.low <= band.best && band.best <= band.high, {
    error: "low <= best <= high",
  });

/**
 * One line of an alert file: an episode was raised to a human, or it ended. The two lines of an episode share
 * `id`. It describes an event at a place. It holds nothing of a person: no track, no score, no rank, and keys
 * that are not listed here are refused.
 */
export const alertSchema = z.strictObject({
  schema: z
    .literal(ALERT_SCHEMA_NAME)
    .describe("Says what this line is, and in which version of the format."),
  id: name("Random name of the episode. Its `raised` and its `closed` line share it."),
  kind: z
    .enum(["raised", "closed"])
    .describe("Whether the episode begins to be shown to a human, or is over."),
  reason: z
    .enum(["cleared", "longest_life", "stream_ended", "suspended"])
    .nullable()
    .describe(
      "Why it is closed: the condition no longer holds, its longest life is over, the stream ended, or the camera was suspended. Null while raised.",
    ),
  event: z.enum(EVENT_TYPES).describe("Kind of event, as décret 2023-828, article 3, names them."),
  cameraId: name("Camera."),
  ruleId: name("Rule of that camera."),
  place: placeSchema.describe("Where."),
  at: z.iso.datetime({ precision: 3 }).describe("Instant of this line, RFC 3339 in UTC with milliseconds."),
  streamTime: seconds("Instant of this line, seconds since the stream's first picture."),
  since: seconds("When the condition began to hold, seconds since the stream's first picture."),
  until: seconds("When it ended, seconds since the stream's first picture. Null while it lasts.").nullable(),
  countBand: countBandSchema
    .nullable()
    .describe("How many persons, as an interval. Null where the rule does not count."),
  densityPerM2: amount
    .nullable()
    .describe(
      "Persons per square metre of ground. Null where the rule does not count or the ground is not calibrated.",
    ),
  model: z
    .strictObject({
      name: name("Name of the model."),
      sha256: sha256("SHA-256 of the model file that ran."),
    })
    .describe("Which detector saw it."),
  configSha256: sha256("SHA-256 of the configuration that was in force."),
  evidence: z
    .strictObject({
      still: relativePath("Redacted still, relative to the alert file."),
      clip: relativePath("Redacted clip, relative to the alert file."),
    })
    .nullable()
    .describe("Where the redacted evidence lies. Null where none was made."),
  engineVersion: name("Version of Contrechamp."),
});

export type Alert = Readonly<z.output<typeof alertSchema>>;

/** What an alert says beyond its episode. */
export interface AlertContext {
  readonly cameraId: string;
  /** Wall-clock and presentation time of the picture on which the change came. */
  readonly at: UtcMilliseconds;
  readonly streamTime: Seconds;
  readonly model: { readonly name: string; readonly sha256: string };
  readonly configSha256: string;
  /** Paths relative to the alert file, null where no evidence was made. */
  readonly evidence: { readonly still: string; readonly clip: string } | null;
  readonly engineVersion: string;
}

/** The changes of an episode that a human is told of. */
export type TellingChange = Exclude<EpisodeChange, { kind: "updated" }>;

/** Writes an episode's beginning or end as an alert. Copies field by field, so nothing else can leak in. */
export function toAlert(change: TellingChange, context: AlertContext): Alert {
  const { episode } = change;
  const { box } = episode.place;
  return alertSchema.parse({
    schema: ALERT_SCHEMA_NAME,
    id: episode.id,
    kind: change.kind === "opened" ? "raised" : "closed",
    reason: change.kind === "closed" ? change.reason : null,
    event: episode.event,
    cameraId: context.cameraId,
    ruleId: episode.ruleId,
    place: {
      kind: episode.place.kind,
      id: episode.place.id,
      box: { x: tenth(box.x), y: tenth(box.y), width: tenth(box.width), height: tenth(box.height) },
    },
    at: formatUtc(context.at),
    streamTime: thousandth(context.streamTime),
    since: thousandth(episode.since),
    until: episode.endedAt === null ? null : thousandth(episode.endedAt),
    countBand:
      episode.count === null
        ? null
        : {
            low: tenth(episode.count.low),
            best: tenth(episode.count.best),
            high: tenth(episode.count.high),
          },
    densityPerM2: episode.densityPerM2 === null ? null : thousandth(episode.densityPerM2),
    model: { name: context.model.name, sha256: context.model.sha256 },
    configSha256: context.configSha256,
    evidence:
      context.evidence === null ? null : { still: context.evidence.still, clip: context.evidence.clip },
    engineVersion: context.engineVersion,
  });
}

/** The alert as one line of JSON, without its line end. */
export function alertLine(alert: Alert): string {
  return JSON.stringify(alert);
}

/** The JSON Schema (2020-12) of an alert line, for docs/reference/alert.schema.json. */
export function alertJsonSchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(alertSchema, { target: "draft-2020-12" }),
    $id: "urn:contrechamp:schema:alert@1",
    title: "Alert",
    description: "One line of an alert file of Contrechamp: an episode was raised to a human, or it ended.",
  };
}

/** Digits beyond what is known would only claim a precision that is not there. */
function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}

function thousandth(value: number): number {
  return Math.round(value * 1000) / 1000;
}
