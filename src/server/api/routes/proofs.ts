import type { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "zod";
import { answer, codeSchema, json, NOTHING, passwordAgainSchema, passwordChangeSchema } from "../bodies.ts";
import type { ApiOptions, Environment } from "../environment.ts";
import { guardedRoute, signedIn } from "../guard.ts";

const newCodesSchema = z
  .strictObject({
    secret: z.string().describe("Base32, for typing."),
    uri: z.string().describe("otpauth://, for a picture that an authenticator reads."),
  })
  .meta({ id: "NewCodes" });

/** How somebody proves who they are, changed by themselves. */
export function proofRoutes(app: OpenAPIHono<Environment>, options: ApiOptions): void {
  const { credentials } = options.accounts;

  app.openapi(
    guardedRoute(options, "changePassword", {
      method: "put",
      path: "/me/password",
      summary: "Change one's password; all other sessions of one's own end",
      request: { body: json(passwordChangeSchema) },
      responses: { 204: NOTHING },
    }),
    async (c) => {
      const { current, next } = c.req.valid("json");
      await credentials.changePassword(signedIn(c), current, next);
      return c.body(null, 204);
    },
  );

  app.openapi(
    guardedRoute(options, "beginCodes", {
      method: "post",
      path: "/me/codes",
      summary: "Make the secret of a new authenticator; it counts once its first code was given",
      request: { body: json(passwordAgainSchema) },
      responses: { 200: answer(newCodesSchema, "Shown once.") },
    }),
    async (c) => c.json(await credentials.beginCodes(signedIn(c), c.req.valid("json").password), 200),
  );

  app.openapi(
    guardedRoute(options, "confirmCodes", {
      method: "put",
      path: "/me/codes",
      summary: "Give a new authenticator's first code; all other sessions of one's own end",
      request: { body: json(codeSchema) },
      responses: { 204: NOTHING },
    }),
    async (c) => {
      await credentials.confirmCodes(signedIn(c), c.req.valid("json").code);
      return c.body(null, 204);
    },
  );

  app.openapi(
    guardedRoute(options, "removeCodes", {
      method: "post",
      path: "/me/codes/removal",
      summary: "Remove one's authenticator",
      request: { body: json(passwordAgainSchema) },
      responses: { 204: NOTHING },
    }),
    async (c) => {
      await credentials.removeCodes(signedIn(c), c.req.valid("json").password);
      return c.body(null, 204);
    },
  );
}
