import { OpenAPIHono } from "@hono/zod-openapi";
import { etag } from "hono/etag";
import { BASE, type Description, describeApi, registerProblem } from "./description.ts";
import type { ApiOptions, Environment } from "./environment.ts";
import { guardedRoute } from "./guard.ts";
import { handleErrors, InvalidRequest } from "./problem.ts";
import { findSession, knownHost, securityHeaders, smallBody } from "./protection.ts";
import { alertRoutes } from "./routes/alerts.ts";
import { cameraRoutes } from "./routes/cameras.ts";
import { holdRoutes } from "./routes/holds.ts";
import { journalRoutes } from "./routes/journal.ts";
import { personRoutes } from "./routes/persons.ts";
import { proofRoutes } from "./routes/proofs.ts";
import { sessionRoutes } from "./routes/session.ts";

export interface Api {
  /** Answers requests, whatever brings them. */
  readonly app: OpenAPIHono<Environment>;
  readonly description: Description;
}

/** Everything that the server answers. */
export function buildApi(options: ApiOptions): Api {
  const app = new OpenAPIHono<Environment>();
  handleErrors(app, options);
  app.use(securityHeaders(options), knownHost(options), smallBody(), etag(), findSession(options));
  const api = new OpenAPIHono<Environment>({
    defaultHook: (result) => {
      if (!result.success) throw new InvalidRequest(result.target, result.error);
    },
  });
  registerProblem(api);
  sessionRoutes(api, options);
  proofRoutes(api, options);
  personRoutes(api, options);
  alertRoutes(api, options);
  cameraRoutes(api, options);
  holdRoutes(api, options);
  journalRoutes(api, options);
  api.openapi(
    guardedRoute(options, "readDescription", {
      method: "get",
      path: "/openapi.json",
      summary: "This description",
      responses: { 200: { description: "OpenAPI 3.1, as JSON." } },
    }),
    (c) => c.body(text, 200, { "content-type": "application/json" }),
  );
  const description = describeApi(api, options.version);
  const text = JSON.stringify(description);
  app.route(BASE, api);
  return { app, description };
}
