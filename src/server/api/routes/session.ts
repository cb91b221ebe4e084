import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import { z } from "zod";
import { fault } from "../../../errors.ts";
import type { SignedIn, Welcome } from "../../accounts/sign-in.ts";
import { addressOf } from "../address.ts";
import {
  acceptSchema,
  answer,
  claimSchema,
  codeSchema,
  json,
  linkTokenSchema,
  NOTHING,
  signInSchema,
} from "../bodies.ts";
import { dropSession, readDeviceMark, setSession } from "../cookies.ts";
import type { ApiOptions, Environment } from "../environment.ts";
import { guardedRoute, signedIn } from "../guard.ts";
import { currentSessionSchema, personView, sessionView, sessionViewSchema } from "../views.ts";

const sessionParams = z.strictObject({ sessionId: z.uuid() });
export const sessionListSchema = z
  .strictObject({ items: z.array(sessionViewSchema) })
  .meta({ id: "SessionList" });
const linkPurposeSchema = z
  .strictObject({
    purpose: z.enum(["first_start", "invitation"]),
    login: z.string().nullable().describe("Who is invited; null at a first start."),
  })
  .meta({ id: "LinkPurpose" });

/** Doors: how somebody comes in, and goes. */
export function sessionRoutes(app: OpenAPIHono<Environment>, options: ApiOptions): void {
  const { accounts } = options;
  const current = ({ person, session }: SignedIn): z.output<typeof currentSessionSchema> => {
    const requestToken = accounts.requestToken(session.id);
    if (session.stage === "second_factor") return { stage: "second_factor", requestToken };
    return {
      ...{ stage: "open", requestToken },
      ...{ person: personView(person), session: sessionView(session, session.id) },
    };
  };
  const welcome = (c: Context<Environment>, begun: Welcome) => {
    setSession(c, options, begun);
    return current(begun);
  };

  app.openapi(
    guardedRoute(options, "signIn", {
      method: "post",
      path: "/session",
      summary: "Sign in with a password",
      request: { body: json(signInSchema) },
      responses: { 200: answer(currentSessionSchema, "A session began; a code may still be asked for.") },
    }),
    async (c) => {
      const { login, password } = c.req.valid("json");
      const deviceMark = readDeviceMark(c, options);
      const begun = await accounts.signIn.signIn({ login, password, deviceMark, address: addressOf(c) });
      return c.json(welcome(c, begun), 200);
    },
  );

  app.openapi(
    guardedRoute(options, "readSession", {
      method: "get",
      path: "/session",
      summary: "Who is signed in here",
      responses: { 200: answer(currentSessionSchema, "The session of the request's cookie.") },
    }),
    (c) => c.json(current(signedIn(c)), 200),
  );

  app.openapi(
    guardedRoute(options, "giveCode", {
      method: "post",
      path: "/session/code",
      summary: "Give the code of an authenticator",
      request: { body: json(codeSchema) },
      responses: { 200: answer(currentSessionSchema, "The session is open.") },
    }),
    async (c) => {
      const half = signedIn(c);
      if (half.session.stage === "open") return c.json(current(half), 200);
      const begun = await accounts.signIn.giveCode(half, c.req.valid("json").code);
      return c.json(welcome(c, begun), 200);
    },
  );

  app.openapi(
    guardedRoute(options, "signOut", {
      method: "delete",
      path: "/session",
      summary: "Sign out",
      responses: { 204: NOTHING },
    }),
    async (c) => {
      const { person, session } = signedIn(c);
      await accounts.endSession(person.pseudonym, person, session.id);
      dropSession(c, options);
      return c.body(null, 204);
    },
  );

  app.openapi(
    guardedRoute(options, "listOwnSessions", {
      method: "get",
      path: "/sessions",
      summary: "Where one is signed in",
      responses: { 200: answer(sessionListSchema, "The newest first.") },
    }),
    async (c) => {
      const { person, session } = signedIn(c);
      const list = await accounts.sessions(person.id);
      return c.json({ items: list.map((one) => sessionView(one, session.id)) }, 200);
    },
  );

  app.openapi(
    guardedRoute(options, "endOtherSessions", {
      method: "delete",
      path: "/sessions",
      summary: "End all sessions of one's own but this one",
      responses: { 204: NOTHING },
    }),
    async (c) => {
      const { person, session } = signedIn(c);
      await accounts.endSessions(person.pseudonym, person, session.id);
      return c.body(null, 204);
    },
  );

  app.openapi(
    guardedRoute(options, "endOwnSession", {
      method: "delete",
      path: "/sessions/{sessionId}",
      summary: "End one session of one's own",
      request: { params: sessionParams },
      responses: { 204: NOTHING },
    }),
    async (c) => {
      const { person } = signedIn(c);
      const { sessionId: id } = c.req.valid("param");
      if (!(await accounts.endSession(person.pseudonym, person, id))) throw fault("SESSION_UNKNOWN", { id });
      return c.body(null, 204);
    },
  );

  app.openapi(
    guardedRoute(options, "readLink", {
      method: "post",
      path: "/link",
      summary: "What a one-time link is for; it is not used up",
      request: { body: json(linkTokenSchema) },
      responses: { 200: answer(linkPurposeSchema, "It can be used.") },
    }),
    async (c) => c.json(await accounts.signIn.readLink(c.req.valid("json").token), 200),
  );

  app.openapi(
    guardedRoute(options, "claimFirstStart", {
      method: "post",
      path: "/link/first-start",
      summary: "Make the first administrator, with the link of the first start",
      request: { body: json(claimSchema) },
      responses: { 200: answer(currentSessionSchema, "The administrator is signed in.") },
    }),
    async (c) => {
      const { token, password, ...first } = c.req.valid("json");
      return c.json(welcome(c, await accounts.signIn.claim(token, first, password)), 200);
    },
  );

  app.openapi(
    guardedRoute(options, "acceptInvitation", {
      method: "post",
      path: "/link/invitation",
      summary: "Set one's password, with the link of an invitation",
      request: { body: json(acceptSchema) },
      responses: { 200: answer(currentSessionSchema, "A session began; a code may still be asked for.") },
    }),
    async (c) => {
      const { token, password } = c.req.valid("json");
      return c.json(welcome(c, await accounts.signIn.accept(token, password)), 200);
    },
  );
}
