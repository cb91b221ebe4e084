import { z } from "zod";
import { clipFactSchema, contestedFactSchema, countFactSchema, trackingFactSchema } from "../record.ts";

/** What one clip's run gave, before anything is matched: plain data, kept on the disk until the whole suite is done. */
export const clipOutcomeSchema = z.strictObject({
  seconds: z.number().min(0),
  wallSeconds: z.number().min(0),
  cpuSeconds: z.number().min(0),
  suspendedSeconds: z.number().min(0),
  alerts: z.array(
    z.strictObject({
      ruleId: z.string(),
      at: z.number(),
      until: z.number().nullable(),
      box: z.strictObject({ x: z.number(), y: z.number(), width: z.number(), height: z.number() }),
      /** File name within the clip's folder of stills; null without. */
      still: z.string().nullable(),
    }),
  ),
  /** One a moment that was asked for. */
  momentStills: z.array(z.string().nullable()),
  background: z.string().nullable(),
  counts: countFactSchema.nullable(),
  tracking: trackingFactSchema.nullable(),
  contested: z.array(contestedFactSchema),
  health: clipFactSchema.shape.health,
});
export type ClipOutcome = z.output<typeof clipOutcomeSchema>;
