import { z } from "zod";
import { COMPARISON_SCHEMA_NAME, type Comparison } from "./compare.ts";

const amount = z.number().min(0);
const whole = z.int().min(0);
const interval = z.tuple([z.number(), z.number()]);

const difference = z.strictObject({
  a: z.number().nullable(),
  b: z.number().nullable(),
  difference: z.number().nullable().describe("b − a."),
  interval: interval
    .nullable()
    .describe("Of the difference, 95 %; null where the recordings do not allow one."),
  by: z
    .enum(["cameras", "events"])
    .nullable()
    .describe("Whether whole cameras were drawn again, or every event is taken for independent."),
});

const tested = difference.extend({
  p: z.number().nullable().describe("How likely a difference at least as great is if the systems are alike."),
  adjustedP: z.number().nullable().describe("The same where all tests are asked together (Holm 1979)."),
  shown: z.boolean().describe("More than chance: adjustedP below 0.05, and the interval without 0."),
});

const foundByOne = z.strictObject({
  clip: z.string(),
  rule: z.string(),
  begin: z.number(),
  end: z.number(),
  at: z.number().describe("When the one raised its alert, seconds of presentation time."),
});

const bothAmounts = z.strictObject({ a: amount, b: amount });

const system = z.strictObject({
  name: z.string(),
  kind: z.enum(["engine", "log"]),
  detail: z.string().describe("Version and model, or the names of the log's files."),
  endedAt: z.iso.datetime(),
  faults: whole.describe("Recordings that could not be analysed to their end."),
});

/** What `contrechamp audit compare --json` prints. Every difference is the second system minus the first. */
export const comparisonSchema = z.strictObject({
  schema: z.literal(COMPARISON_SCHEMA_NAME),
  suite: z.strictObject({
    name: z.string(),
    sha256: z.string().nullable().describe("The seal of both; null where they agree clip by clip instead."),
  }),
  a: system,
  b: system,
  clips: whole,
  cameras: whole,
  seconds: amount,
  events: z.array(
    z.strictObject({
      event: z.string(),
      references: whole,
      found: z.strictObject({ both: whole, onlyA: whole, onlyB: whole, neither: whole }),
      recall: tested.describe("Paired by what happened; McNemar's exact test."),
      falseAlarmsPerHour: tested,
      falseAlarms: bothAmounts,
      exposureSeconds: bothAmounts,
      precision: difference,
      secondsToAlert: difference
        .extend({ pairs: whole, p: z.number().nullable() })
        .describe("Of what both found: medians, and the median of the differences."),
      unwatched: bothAmounts.describe("Rules that a system did not look at."),
      onlyA: z.array(foundByOne),
      onlyB: z.array(foundByOne),
    }),
  ),
  counts: difference.extend({ samples: whole }).nullable(),
  tracking: z
    .strictObject({
      clips: whole,
      hota: difference,
      mota: difference,
      idf1: difference,
      idSwitches: difference,
    })
    .nullable(),
}) satisfies z.ZodType<Comparison>;
