import { createRoute, type RouteConfig } from "@hono/zod-openapi";
import type { Context, MiddlewareHandler } from "hono";
import { fault } from "../../errors.ts";
import type { Person } from "../accounts/person.ts";
import { hasRole, type Role, rolesOf } from "../accounts/roles.ts";
import type { SignedIn } from "../accounts/sign-in.ts";
import { ACCESS, type Access, type Operation } from "./access.ts";
import type { ApiOptions, Environment } from "./environment.ts";
import { ownPage } from "./protection.ts";

/**
 * A route of the API: its line in the matrix stands before everything else that is looked at, so that whoever may not
 * ask learns nothing of what would be answered.
 */
export function guardedRoute<P extends string, R extends Omit<RouteConfig, "path" | "operationId">>(
  options: ApiOptions,
  operation: Operation,
  config: R & { readonly path: P },
) {
  const access: Access = ACCESS[operation];
  const middleware = [ownPage(options, access.kind !== "anyone"), guard(access)];
  return createRoute({ ...config, operationId: operation, middleware });
}

/** @throws SESSION_NEEDED, SECOND_FACTOR_NEEDED, ROLE_NEEDED */
export function guard(access: Access): MiddlewareHandler<Environment> {
  return async (c, next) => {
    if (access.kind === "anyone") return next();
    const { session, person } = signedIn(c);
    if (access.kind === "half") return next();
    if (session.stage !== "open") throw fault("SECOND_FACTOR_NEEDED", {});
    if (access.kind === "signed_in") return next();
    const has =
      access.kind === "site" ? (role: Role) => hasRole(person.grants, role, null) : somewhere(person);
    if (!access.roles.some(has)) throw fault("ROLE_NEEDED", { roles: access.roles.join(" or ") });
    return next();
  };
}

/** That who asks has one of the roles for a camera; null: for the whole site. @throws ROLE_NEEDED */
export function needRole(c: Context<Environment>, roles: readonly Role[], cameraId: string | null): void {
  const { grants } = signedIn(c).person;
  if (!roles.some((role) => hasRole(grants, role, cameraId)))
    throw fault("ROLE_NEEDED", { roles: `${roles.join(" or ")} for ${cameraId ?? "the whole site"}` });
}

function somewhere({ grants }: Person): (role: Role) => boolean {
  const roles = rolesOf(grants);
  return (role) => roles.includes(role);
}

/** Who asks. @throws SESSION_NEEDED */
export function signedIn(c: Context<Environment>): SignedIn {
  const { signedIn } = c.var;
  if (signedIn === null) throw fault("SESSION_NEEDED", {});
  return signedIn;
}
