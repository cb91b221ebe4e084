import { z } from "zod";

/** What stopped it. Only a person, with a reason, lets it run again. */
export const HOLD_CAUSES = [
  "stop_switch",
  "clock_set_back",
  "view_moved",
  "model_changed",
  "configuration_changed",
  "condition_lapsed",
  "incident",
] as const;
export type HoldCause = (typeof HOLD_CAUSES)[number];

const instant = z.iso.datetime({ offset: true });
const who = z.string().min(1).max(200);

/** One hold: while it is not released nothing in its scope is decoded, analysed or raised. */
export const holdSchema = z.strictObject({
  id: z.uuid(),
  scope: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("everything") }),
    z.strictObject({ kind: z.literal("site") }),
    z.strictObject({ kind: z.literal("camera"), cameraId: z.string().min(1).max(200) }),
  ]),
  cause: z.enum(HOLD_CAUSES),
  at: instant,
  /** A person, or `contrechamp` where the engine held by itself. */
  by: who,
  reason: z.string().min(1).max(2000),
  released: z.strictObject({ at: instant, by: who, reason: z.string().min(1).max(2000) }).nullable(),
});
export type Hold = Readonly<z.output<typeof holdSchema>>;

/** Whether a hold stops this camera now. */
export function holds(hold: Hold, cameraId: string): boolean {
  return hold.released === null && (hold.scope.kind !== "camera" || hold.scope.cameraId === cameraId);
}
