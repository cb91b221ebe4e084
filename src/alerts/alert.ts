import { z } from "zod";
import { fault } from "../errors.ts";
import { EVENT_TYPES } from "../event.ts";
import { type Authorised, isAuthorised } from "../policy/mint.ts";
import { FOOTAGE_KINDS, type FootageKind } from "../policy/question.ts";
import { formatUtc, type Seconds, type UtcMilliseconds } from "../time/clock.ts";
import type { Episode, EpisodeChange } from "./episode.ts";

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
  footage: z
    .enum(FOOTAGE_KINDS)
    .describe("What was analysed: a stream, a recording, or pictures that Contrechamp drew itself."),
  decisionRef: sha256(
    "SHA-256 of the canonical JSON of the gate's decision that let it through, as the journal has it.",
  ),
  authorisationId: name(
    "The authorisation that it rests on; null where the profile asks for none.",
  ).nullable(),
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
    .discriminatedUnion("kind", [
      z.strictObject({
        kind: z.literal("clear").describe("It lies beside the alert file."),
        id: name("Id of the evidence."),
        still: relativePath("Redacted still, relative to the alert file."),
        clip: relativePath("Redacted clip, relative to the alert file."),
      }),
      z.strictObject({
        kind: z
          .literal("sealed")
          .describe(
            "It lies encrypted in the site's vault; who views it says why: `contrechamp evidence view`.",
          ),
        id: name("Id of the evidence."),
      }),
    ])
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
  readonly footage: FootageKind;
  readonly decisionRef: string;
  readonly authorisationId: string | null;
  readonly model: { readonly name: string; readonly sha256: string };
  readonly configSha256: string;
  /** Paths relative to the alert file, null where no evidence was made. */
  readonly evidence: Alert["evidence"];
  readonly engineVersion: string;
}

/** The changes of an episode that a human is told of: only of one that the gate has let through. */
export type TellingChange = Exclude<EpisodeChange, { kind: "updated" }> & {
  readonly episode: Authorised<Episode>;
};

/**
 * Writes an episode's beginning or end as an alert. Copies field by field, so nothing else can leak in.
 * @throws GATE_PASSED_BY where the gate did not let the episode through, whatever its type says
 */
export function toAlert(change: TellingChange, context: AlertContext): Alert {
  const { episode } = change;
  if (!isAuthorised(episode)) throw fault("GATE_PASSED_BY", {});
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
    footage: context.footage,
    decisionRef: context.decisionRef,
    authorisationId: context.authorisationId,
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
    evidence: evidenceOf(context.evidence),
    engineVersion: context.engineVersion,
  });
}

function evidenceOf(evidence: Alert["evidence"]): Alert["evidence"] {
  if (evidence === null) return null;
  if (evidence.kind === "sealed") return { kind: "sealed", id: evidence.id };
  return { kind: "clear", id: evidence.id, still: evidence.still, clip: evidence.clip };
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
