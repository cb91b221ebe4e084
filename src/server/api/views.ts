import { z } from "zod";
import { formatUtc, type UtcMilliseconds } from "../../time/clock.ts";
import type { Link } from "../accounts/links.ts";
import type { Person } from "../accounts/person.ts";
import { grantSchema, ROLES, rolesOf } from "../accounts/roles.ts";
import { METHODS, type Session } from "../accounts/sessions.ts";

/** What the API says of what the accounts know: dates as RFC 3339 in UTC, and no secret. */

const instant = z.iso.datetime({ precision: 3 });
const id = z.uuid();

export const personViewSchema = z
  .strictObject({
    id,
    pseudonym: z.string().describe("What the journal calls the person."),
    login: z.string().nullable().describe("Null once the person has left."),
    name: z.string().nullable().describe("Null once the person has left."),
    version: z.int().min(1).describe("Grows with each change; it is the ETag too."),
    addedAt: instant,
    endedAt: instant.nullable(),
    roles: z.array(z.enum(ROLES)).describe("Roles that the grants give, for a camera or the site."),
    grants: z.array(grantSchema),
    designation: z.strictObject({ act: z.string(), from: instant, until: instant }).nullable(),
    training: z.strictObject({ syllabus: z.string(), on: instant, until: instant }).nullable(),
    hasPassword: z.boolean().describe("False until an invitation was accepted."),
    hasCodes: z.boolean().describe("Whether an authenticator's code is asked for."),
  })
  .meta({ id: "Person" });

export const sessionViewSchema = z
  .strictObject({
    id,
    method: z.enum(METHODS).describe("How the person proved who they are."),
    begunAt: instant,
    seenAt: instant.describe("When it was last in use, to the minute."),
    endsAt: instant,
    isThis: z.boolean().describe("Whether it is the one that asks."),
  })
  .meta({ id: "Session" });

const requestToken = z.string().describe("Sent back as x-request-token with each change.");

/** Who is signed in, and how far. */
export const currentSessionSchema = z
  .discriminatedUnion("stage", [
    z.strictObject({ stage: z.literal("second_factor"), requestToken }),
    z.strictObject({
      stage: z.literal("open"),
      requestToken,
      person: personViewSchema,
      session: sessionViewSchema,
    }),
  ])
  .meta({ id: "CurrentSession" });

export const linkViewSchema = z
  .strictObject({
    token: z.string().describe("Shown once: the store has its hash alone."),
    expiresAt: instant,
  })
  .meta({ id: "Link" });

export function personView(person: Person): z.output<typeof personViewSchema> {
  const { id, pseudonym, login, name, version, grants, designation, training, hasPassword, hasCodes } =
    person;
  return {
    ...{ id, pseudonym, login, name, version, hasPassword, hasCodes },
    addedAt: formatUtc(person.addedAt),
    endedAt: utc(person.endedAt),
    roles: [...rolesOf(grants)],
    grants: [...grants],
    designation:
      designation === null
        ? null
        : { act: designation.act, from: formatUtc(designation.from), until: formatUtc(designation.until) },
    training:
      training === null
        ? null
        : { syllabus: training.syllabus, on: formatUtc(training.on), until: formatUtc(training.until) },
  };
}

/** @param current id of the session that asks */
export function sessionView(session: Session, current: string): z.output<typeof sessionViewSchema> {
  const { id, method, begunAt, seenAt, endsAt } = session;
  const times = { begunAt: formatUtc(begunAt), seenAt: formatUtc(seenAt), endsAt: formatUtc(endsAt) };
  return { id, method, ...times, isThis: id === current };
}

export function linkView({ token, expiresAt }: Link): z.output<typeof linkViewSchema> {
  return { token, expiresAt: formatUtc(expiresAt) };
}

function utc(instant: UtcMilliseconds | null): string | null {
  return instant === null ? null : formatUtc(instant);
}
