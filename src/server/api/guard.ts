import { createRoute, type RouteConfig } from "@hono/zod-openapi";
import type { Context, MiddlewareHandler } from "hono";
import { fault } from "../../errors.ts";
import { hasRole } from "../accounts/roles.ts";
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
    if (!access.roles.some((role) => hasRole(person.grants, role, null)))
      throw fault("ROLE_NEEDED", { roles: access.roles.join(" or ") });
    return next();
  };
}

/** Who asks. @throws SESSION_NEEDED */
export function signedIn(c: Context<Environment>): SignedIn {
  const { signedIn } = c.var;
  if (signedIn === null) throw fault("SESSION_NEEDED", {});
  return signedIn;
}
