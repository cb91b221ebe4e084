import { z } from "zod";
import { pseudonymSchema } from "../../alerts/disposition.ts";
import type { UtcMilliseconds } from "../../time/clock.ts";
import { designationSchema, type Fitness, trainingSchema } from "./designation.ts";
import { type Grant, grantSchema } from "./roles.ts";

/** What is typed to sign in: no address and no number of staff is asked for. */
export const loginSchema = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/, {
    error: "a login of small letters, digits, dots, hyphens and underscores, such as m.durand",
  });

export const nameSchema = z.string().trim().min(1).max(100);

const grantsSchema = z.array(grantSchema).max(256);

/** Somebody new, as an administrator says it. */
export const newPersonSchema = z.strictObject({
  login: loginSchema.describe("What the person types to sign in."),
  name: nameSchema.describe(
    "Who the person is. It stands in the store alone, and goes when the person leaves.",
  ),
  pseudonym: pseudonymSchema.describe("What the journal calls the person; never used again for another one."),
  grants: grantsSchema.describe("What the person may do, and may not."),
  designation: designationSchema.nullable().describe("The act that designates the person; null: none."),
  training: trainingSchema.nullable().describe("What the person was trained in; null: nothing."),
});
export type NewPerson = Readonly<z.output<typeof newPersonSchema>>;

/** What changes of a person; what is left out stays. */
export const personChangeSchema = z.strictObject({
  name: nameSchema.exactOptional(),
  grants: grantsSchema.exactOptional(),
  designation: designationSchema.nullable().exactOptional(),
  training: trainingSchema.nullable().exactOptional(),
});
export type PersonChange = Readonly<z.output<typeof personChangeSchema>>;

/** The first person of a site: an administrator, made by whoever holds the link of the first start. */
export const firstPersonSchema = newPersonSchema.pick({ login: true, name: true, pseudonym: true });
export type FirstPerson = Readonly<z.output<typeof firstPersonSchema>>;

/** Who works with a site. */
export interface Person extends Fitness {
  readonly id: string;
  readonly pseudonym: string;
  /** Null once the person has left, and in what an auditor sees. */
  readonly login: string | null;
  readonly name: string | null;
  readonly version: number;
  readonly addedAt: UtcMilliseconds;
  readonly endedAt: UtcMilliseconds | null;
  readonly grants: readonly Grant[];
  readonly hasPassword: boolean;
  readonly hasCodes: boolean;
}
