import { z } from "zod";
import type { UtcMilliseconds } from "../../time/clock.ts";

const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
const shortText = z.string().trim().min(1).max(200);

/** The act that designates an agent, and from when until when (CSI, L.252-3; loi 2023-380, art. 10). */
export const designationSchema = z
  .strictObject({
    act: shortText.describe("What designates the person, such as the number of an order."),
    from: instant.describe("From when."),
    until: instant.describe("Until when; not included."),
  })
  .refine(({ from, until }) => from < until, { error: "a time that ends after it begins", path: ["until"] });

/** What an agent was trained in, when, and until when that holds. */
export const trainingSchema = z
  .strictObject({
    syllabus: shortText.describe("What was taught, such as the name or the hash of the syllabus."),
    on: instant.describe("When it was completed."),
    until: instant.describe("Until when it holds; not included."),
  })
  .refine(({ on, until }) => on < until, { error: "a time that ends after the training", path: ["until"] });

export interface Fitness {
  readonly designation: Readonly<z.output<typeof designationSchema>> | null;
  readonly training: Readonly<z.output<typeof trainingSchema>> | null;
}

/** Why somebody may see no alert, whatever their role. */
export type Lapse =
  | "not_designated"
  | "designation_not_begun"
  | "designation_over"
  | "not_trained"
  | "training_not_done"
  | "training_over";

/** What keeps somebody from alerts now; null where nothing does. */
export function lapseOf({ designation, training }: Fitness, now: UtcMilliseconds): Lapse | null {
  if (designation === null) return "not_designated";
  if (now < designation.from) return "designation_not_begun";
  if (now >= designation.until) return "designation_over";
  if (training === null) return "not_trained";
  if (now < training.on) return "training_not_done";
  return now >= training.until ? "training_over" : null;
}
