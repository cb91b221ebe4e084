import { z } from "zod";
import { slug } from "../../config/quantities.ts";

/** What somebody is to a site. */
export const ROLES = [
  "operator", // sees alerts and disposes of them
  "supervisor", // also corrects what was said of them, and lets it run again
  "administrator", // says who may do what; sees no alert by that
  "auditor", // reads the trace, never the live view, an alert or a clip
] as const;
export type Role = (typeof ROLES)[number];

/** Who checks is not checked by themselves: an auditor is nothing else. */
export const ALONE: ReadonlySet<Role> = new Set(["auditor"]);

/** Roles that see alerts, and need an act of designation and a training that are in force. */
export const DESIGNATED: ReadonlySet<Role> = new Set(["operator", "supervisor"]);

/** A permission or a refusal, for one camera or the whole site. */
export const grantSchema = z
  .strictObject({
    role: z.enum(ROLES).describe("What the person is."),
    cameraId: slug().nullable().describe("The camera it is about; null: the whole site."),
    effect: z.enum(["permit", "deny"]).describe("A deny goes before every permit."),
  })
  .describe("A role that a person has, or does not have, for a camera or the whole site.");
export type Grant = Readonly<z.output<typeof grantSchema>>;

/**
 * Whether grants give a role for a camera, or anywhere at all.
 * @param cameraId null asks about the site as a whole: a permit for one camera is not enough there
 */
export function hasRole(grants: readonly Grant[], role: Role, cameraId: string | null): boolean {
  const about = grants.filter(
    (grant) => grant.role === role && (grant.cameraId === null || grant.cameraId === cameraId),
  );
  return about.length > 0 && about.every(({ effect }) => effect === "permit");
}

/** Roles that somebody has for at least one of the cameras, or for the site. */
export function rolesOf(grants: readonly Grant[]): readonly Role[] {
  return ROLES.filter((role) => {
    if (hasRole(grants, role, null)) return true;
    return grants.some((grant) => grant.cameraId !== null && hasRole(grants, role, grant.cameraId));
  });
}

/** The cameras of a list for which somebody has one of the roles. */
export function camerasOf(
  grants: readonly Grant[],
  roles: readonly Role[],
  cameras: readonly string[],
): readonly string[] {
  return cameras.filter((camera) => roles.some((role) => hasRole(grants, role, camera)));
}

/** A role that is there beside one that stands alone; null where there is none. */
export function excluded(grants: readonly Grant[]): { readonly alone: Role; readonly other: Role } | null {
  const permitted = new Set(grants.filter(({ effect }) => effect === "permit").map(({ role }) => role));
  const alone = [...ALONE].find((role) => permitted.has(role));
  const other = [...permitted].find((role) => role !== alone);
  return alone === undefined || other === undefined ? null : { alone, other };
}
