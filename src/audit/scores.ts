import { z } from "zod";
import { eventName, itemName } from "./reference.ts";

export const SCORES_SCHEMA_NAME = "contrechamp/scores@1";

const whole = z.int().min(0);
const amount = z.number().min(0);
const share = z.number().min(0).max(1);
const shareInterval = z.tuple([share, share]);

const countsOfMatching = {
  references: whole.describe("Events that happened."),
  hits: whole.describe("Of these, those that an alert found."),
  misses: whole.describe("Of these, those that none found: references = hits + misses."),
  falseAlarms: whole.describe("Alerts of nothing that happened."),
  duplicates: whole.describe(
    "Further alerts of an event that was found already; neither hit nor false alarm.",
  ),
};

export const eventScoresSchema = z.strictObject({
  ...countsOfMatching,
  recall: share.nullable().describe("hits / references; null without a reference."),
  precision: share.nullable().describe("hits / (hits + falseAlarms); null without an alert."),
  f1: share.nullable().describe("Harmonic mean of both; null where one is."),
  recallInterval: shareInterval.describe("Wilson, 95 %."),
  precisionInterval: shareInterval.describe("Wilson, 95 %."),
  falseAlarmsPerHour: amount
    .nullable()
    .describe("A camera-hour: of clips with a rule of this event that was watched. Null without any."),
  falseAlarmsPerHourInterval: z
    .tuple([amount, amount])
    .nullable()
    .describe("Garwood (exact Poisson), 95 %; of no false alarm, up to 3.69 in the exposure."),
  secondsToAlert: z.strictObject({ p50: z.number().nullable(), p90: z.number().nullable() }),
  distractors: whole
    .exactOptional()
    .describe("Things that look like the event and are none, where references name any; absent without."),
  alertsOnDistractors: whole.exactOptional().describe("Of these, those that raised an alert, a false alarm."),
  distractorInterval: shareInterval
    .exactOptional()
    .describe("Of alertsOnDistractors / distractors: Wilson, 95 %."),
});

/** What `contrechamp audit run --json` and `audit score --json` write. */
export const scoresSchema = z.strictObject({
  schema: z.literal(SCORES_SCHEMA_NAME),
  suite: z.string(),
  engine: z.strictObject({
    version: z.string(),
    model: z.string(),
    modelSha256: z.string().describe("Empty for a vendor's log: its model is not known."),
    slots: z
      .array(z.strictObject({ event: eventName, name: z.string(), sha256: z.string() }))
      .optional()
      .describe("Networks that rules name for themselves, by event; absent where none does."),
  }),
  exposureHours: amount.describe("Camera-hours of all clips together."),
  clips: z.array(
    z.strictObject({
      id: itemName,
      seconds: amount,
      wallSeconds: amount,
      cpuSeconds: amount,
      rules: z.array(
        z.strictObject({
          rule: itemName,
          event: eventName,
          ...countsOfMatching,
          secondsToAlert: z
            .array(z.number())
            .describe(
              "Of each hit, from the reference's begin to the alert, in the order of the references.",
            ),
        }),
      ),
      counts: z
        .strictObject({
          rule: itemName,
          mae: amount.describe("Mean absolute error, persons."),
          rmse: amount.describe("Root-mean-square error, persons."),
          bias: z.number().describe("Mean of measured minus reference, persons."),
          samples: whole,
        })
        .nullable(),
      tracking: z
        .strictObject({ hota: z.number(), mota: z.number(), idf1: z.number(), idSwitches: whole })
        .nullable(),
    }),
  ),
  events: z.record(eventName, eventScoresSchema),
  slices: z
    .record(z.string(), z.record(eventName, eventScoresSchema))
    .describe("By declared condition of the clips, `key=value`."),
});

export type Scores = z.output<typeof scoresSchema>;
export type EventScores = z.output<typeof eventScoresSchema>;

/** The JSON Schema (2020-12) of scores, for docs/reference/scores.schema.json. */
export function scoresJsonSchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(scoresSchema, { target: "draft-2020-12" }),
    $id: "urn:contrechamp:schema:scores@1",
    title: "Scores",
    description: "How often a system was right and wrong on a suite of clips with known truth.",
  };
}
