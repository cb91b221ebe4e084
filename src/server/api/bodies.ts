import { z } from "zod";
import { CODE } from "../accounts/one-time-codes.ts";
import { LONGEST_PASSWORD } from "../accounts/passwords.ts";
import { firstPersonSchema, loginSchema } from "../accounts/person.ts";

/** What requests bring. Longer than any real one is refused before anything is computed. */

export const passwordSchema = z.string().min(1).max(LONGEST_PASSWORD);
const token = z.string().min(1).max(100).describe("What stands behind the # of the link.");
const code = z.string().regex(CODE, { error: "six digits" });

export const signInSchema = z
  .strictObject({ login: loginSchema, password: passwordSchema })
  .meta({ id: "SignIn" });
export const codeSchema = z.strictObject({ code }).meta({ id: "Code" });
export const linkTokenSchema = z.strictObject({ token }).meta({ id: "LinkToken" });
export const claimSchema = firstPersonSchema
  .extend({ token, password: passwordSchema })
  .meta({ id: "FirstStart" });
export const acceptSchema = z.strictObject({ token, password: passwordSchema }).meta({ id: "Acceptance" });
export const passwordChangeSchema = z
  .strictObject({ current: passwordSchema, next: passwordSchema })
  .meta({ id: "PasswordChange" });
export const passwordAgainSchema = z.strictObject({ password: passwordSchema }).meta({ id: "PasswordAgain" });
export const invitationSchema = z
  .strictObject({
    removeCodes: z.boolean().describe("True where the person has lost their authenticator too."),
  })
  .meta({ id: "Invitation" });

/** The body of a request as JSON. */
export function json<T extends z.ZodType>(schema: T) {
  return { required: true, content: { "application/json": { schema } } } as const;
}

/** An answer as JSON. */
export function answer<T extends z.ZodType>(schema: T, description: string) {
  return { description, content: { "application/json": { schema } } } as const;
}

export const NOTHING = { description: "It is done." } as const;
