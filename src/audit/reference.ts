import { z } from "zod";
import type { Box } from "../geometry/shapes.ts";

/** What happened in a clip, as somebody who watched it (or who drew it) says. Seconds of presentation time. */
export const REFERENCE_SCHEMA_NAME = "contrechamp/reference@1";

/**
 * The kind of an event: one of the eight that a law names, or any other that somebody sells and that is to be
 * measured in their log ("fight", "loitering"). Names alone: nothing here detects them.
 */
export const eventName = z
  .string()
  .regex(/^[a-z0-9]+(?:[_-][a-z0-9]+)*$/, {
    error: "a name of small letters, digits, hyphens and underscores, such as zone_intrusion",
  })
  .max(64);

/** The name of a rule or a clip: what a camera's configuration calls a short name, or what a vendor calls it. */
export const itemName = z.string().min(1).max(200);

const seconds = z.number().min(0, { error: "seconds of presentation time, from 0" });

/**
 * Words that no condition may be called by: a condition is declared of a recording or of an event, and says nothing of
 * who somebody is or looks like. A wheelchair, an umbrella, somebody who sleeps rough are declared by name
 * (`wheelchair: true`), where an auditor wants to know whether a system misses them more often.
 */
const OF_A_PERSON =
  /(?:^|[ _-])(?:tracks?|trackid|person|persons|personid|identity|identities|name|face|faces|plate|plates|gender|sex|age|skin|colour of skin|ethnicity|ethnic|race|religion|nationality|clothes|clothing|gait|embedding)(?:$|[ _-])/i;

/**
 * The kind of a distractor: a name of the thing or the situation ("sitting", "puddle", "parked-vehicle"), under which
 * they can be counted together. Nothing of who a person is.
 */
const kindName = z
  .string()
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, {
    error: "a name of small letters, digits and hyphens, such as puddle or lies-on-bench",
  })
  .max(64);

/** Declared conditions, as free pairs: light: night, crowd: dense. Never inferred, always written by a person. */
export const conditionsSchema = z.record(
  z
    .string()
    .regex(/^[a-zA-Z0-9]+(?:[ _-][a-zA-Z0-9]+)*$/, { error: "a short name, such as light" })
    .max(64)
    .refine((key) => !OF_A_PERSON.test(key), {
      error: "a condition of the recording or the event, such as light; nothing of who a person is",
    }),
  z.union([z.string().min(1).max(200), z.number(), z.boolean()]).transform(String),
);
export type Conditions = Readonly<Record<string, string>>;

/** `[left, top, width, height]` in px of the picture. */
export const boxTuple = z
  .tuple([z.number(), z.number(), z.number().positive(), z.number().positive()], {
    error: "a box as [left, top, width, height] in px",
  })
  .transform(([x, y, width, height]): Box => ({ x, y, width, height }));

export const referenceEventSchema = z.strictObject({
  event: eventName.describe("Kind of event."),
  rule: itemName
    .exactOptional()
    .describe("Rule of the clip's camera that it belongs to. A log without rules is matched by event."),
  begin: seconds.describe("When it begins."),
  end: seconds.describe("When it is over."),
  tolerance: z
    .number()
    .min(0)
    .default(0)
    .describe("By how much begin and end may be off: alerts that much earlier or later still hit."),
  box: boxTuple.exactOptional().describe("Where. Without it an alert anywhere in the view hits."),
  conditions: conditionsSchema
    .exactOptional()
    .describe("What is declared of this event alone, for recall by condition."),
  note: z.string().max(2000).exactOptional(),
});

export const referenceCountsSchema = z.strictObject({
  rule: itemName.describe("The rule whose area was counted."),
  everySeconds: z.number().positive().describe("Time from one value to the next; the first is of 0 s."),
  values: z.array(z.number().min(0)).max(10_000_000).describe("Persons in the area."),
});

/** What looks like the event of a rule and is none: an alert of it is a false alarm that can be given a name. */
export const referenceDistractorSchema = z.strictObject({
  event: eventName.describe("Kind of event that it could be taken for."),
  rule: itemName.exactOptional().describe("Rule of the clip's camera that could be misled."),
  begin: seconds.describe("When it begins."),
  end: seconds.describe("When it is over."),
  tolerance: z
    .number()
    .min(0)
    .default(0)
    .describe("By how much begin and end may be off: false alarms that much earlier or later are of it."),
  what: kindName.describe("Its kind, such as sitting, puddle or parked-vehicle."),
  box: boxTuple.exactOptional().describe("Where. Without it a false alarm anywhere in the view is of it."),
  note: z.string().max(2000).exactOptional(),
});

/** Keys that it does not name, such as marks that a data set brings along, are left unread. */
export const referenceSchema = z.object({
  schema: z.literal(REFERENCE_SCHEMA_NAME),
  note: z.string().max(10_000).exactOptional(),
  events: z.array(referenceEventSchema).max(1_000_000),
  distractors: z
    .array(referenceDistractorSchema)
    .max(1_000_000)
    .exactOptional()
    .describe(
      "What looks like an event and must raise no alert. They are counted, and change no other figure.",
    ),
  counts: referenceCountsSchema.exactOptional(),
  tracks: z
    .strictObject({
      format: z.literal("mot"),
      file: z
        .string()
        .min(1)
        .describe("Boxes of every person in every picture, MOTChallenge format, relative to this file."),
    })
    .exactOptional(),
});

/** One event that happened. */
export interface ReferenceEvent {
  readonly event: string;
  /** Null where the reference knows no rules: then alerts are matched by event. */
  readonly rule: string | null;
  readonly begin: number;
  readonly end: number;
  readonly tolerance: number;
  readonly box: Box | null;
  readonly conditions: Conditions;
}

/** What looks like an event and is none. */
export interface ReferenceDistractor {
  readonly event: string;
  /** Null where the reference knows no rules. */
  readonly rule: string | null;
  readonly begin: number;
  readonly end: number;
  readonly tolerance: number;
  readonly what: string;
  readonly box: Box | null;
}

export interface ReferenceCounts {
  readonly rule: string;
  readonly everySeconds: number;
  readonly values: readonly number[];
}

/** A whole reference, checked. */
export interface Reference {
  readonly events: readonly ReferenceEvent[];
  /** Empty where nobody named any, as in most references of real footage. */
  readonly distractors: readonly ReferenceDistractor[];
  readonly counts: ReferenceCounts | null;
  /** Absolute path of the MOT file, null without one. */
  readonly tracks: string | null;
}
