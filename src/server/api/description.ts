import type { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "zod";
import { ACCESS, type Access } from "./access.ts";
import type { Environment } from "./environment.ts";
import { problemSchema } from "./problem.ts";
import { REQUEST_TOKEN_HEADER } from "./protection.ts";

/** Where the API lies: a change that breaks a client is another number. */
export const BASE = "/api/v1";

type Component = Parameters<OpenAPIHono["openAPIRegistry"]["registerComponent"]>[2];
export type Description = ReturnType<OpenAPIHono<Environment>["getOpenAPI31Document"]>;

const METHODS = ["get", "put", "post", "delete", "patch"] as const;

/**
 * The API in OpenAPI 3.1, made from the routes. Each operation says who may ask for it, from the matrix, and that every
 * refusal is a problem.
 */
export function describeApi(app: OpenAPIHono<Environment>, version: string): Description {
  const made = app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Contrechamp",
      version,
      description:
        "What the console does, and whoever else has a session. Refusals are problems (RFC 9457) with the codes of docs/reference/errors.md.",
      license: { name: "EUPL-1.2" },
    },
    servers: [{ url: BASE }],
  });
  const matrix: Readonly<Record<string, Access>> = ACCESS;
  for (const path of Object.values(made.paths ?? {})) {
    for (const method of METHODS) {
      const operation = path[method];
      if (operation === undefined) continue;
      const access = matrix[operation.operationId ?? ""];
      operation.description = whoMayAsk(access);
      operation.security = access?.kind === "anyone" ? [] : [{ session: [] }];
      operation.responses = {
        ...operation.responses,
        default: {
          description: "Refused, and why.",
          content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
        },
      };
    }
  }
  return {
    ...made,
    components: {
      ...made.components,
      securitySchemes: {
        session: {
          type: "apiKey",
          in: "cookie",
          name: "contrechamp",
          description: `Over TLS the cookie is called __Host-contrechamp. Each change also takes ${REQUEST_TOKEN_HEADER}.`,
        },
      },
    },
  };
}

/** The problem is named by every operation and used by no route: it is told to the description by itself. */
export function registerProblem(app: OpenAPIHono<Environment>): void {
  const { $schema, ...schema } = z.toJSONSchema(problemSchema);
  app.openAPIRegistry.registerComponent("schemas", "Problem", schema as Component);
}

function whoMayAsk(access: Access | undefined): string {
  switch (access?.kind) {
    case "anyone":
      return "For anybody who reaches the server.";
    case "half":
      return "For whoever has given a password, also where a code is still asked for.";
    case "signed_in":
      return "For whoever is signed in, about themselves.";
    case "somewhere":
      return `For the role of ${access.roles.join(" or ")}, for the cameras that it was given for.`;
    case "site":
      return `For the role of ${access.roles.join(" or ")}, for the whole site.`;
    default:
      throw new TypeError("an operation without a line in the matrix");
  }
}
