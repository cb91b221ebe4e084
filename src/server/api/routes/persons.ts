import type { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "zod";
import { fault } from "../../../errors.ts";
import { newPersonSchema, personChangeSchema } from "../../accounts/person.ts";
import { answer, invitationSchema, json, NOTHING } from "../bodies.ts";
import type { ApiOptions, Environment } from "../environment.ts";
import { guardedRoute, signedIn } from "../guard.ts";
import { fromCursor, pageOf, pageQuerySchema, pageSchema } from "../page.ts";
import { linkView, linkViewSchema, personView, personViewSchema, sessionView } from "../views.ts";
import { sessionListSchema } from "./session.ts";

const personParams = z.strictObject({ personId: z.uuid() });
const place = z.strictObject({ addedAt: z.int(), id: z.uuid() });
const addedSchema = z
  .strictObject({ person: personViewSchema, link: linkViewSchema })
  .meta({ id: "AddedPerson" });
/** Other headers come with every request: they are left unread. */
const ifMatch = z.object({
  "if-match": z.string().max(40).optional().describe("The ETag of what the change was made from."),
});

/** Who works with the site: for those who administer it. */
export function personRoutes(app: OpenAPIHono<Environment>, options: ApiOptions): void {
  const { accounts } = options;

  app.openapi(
    guardedRoute(options, "listPersons", {
      method: "get",
      path: "/persons",
      summary: "Who works with the site, and who did, in the order in which they came",
      request: { query: pageQuerySchema },
      responses: { 200: answer(pageSchema(personViewSchema, "PersonPage"), "A page.") },
    }),
    async (c) => {
      const { limit, cursor } = c.req.valid("query");
      const found = await accounts.list({ after: fromCursor(cursor, place), limit: limit + 1 });
      return c.json(
        pageOf(found, limit, ({ addedAt, id }) => ({ addedAt, id }), personView),
        200,
      );
    },
  );

  app.openapi(
    guardedRoute(options, "addPerson", {
      method: "post",
      path: "/persons",
      summary: "Add somebody; the answer has the link with which they set their password",
      request: { body: json(newPersonSchema.meta({ id: "NewPerson" })) },
      responses: { 201: answer(addedSchema, "The person, and the link: shown once.") },
    }),
    async (c) => {
      const { person, link } = await accounts.add(signedIn(c).person, c.req.valid("json"));
      c.header("Location", `/api/v1/persons/${person.id}`);
      return c.json({ person: personView(person), link: linkView(link) }, 201);
    },
  );

  app.openapi(
    guardedRoute(options, "readPerson", {
      method: "get",
      path: "/persons/{personId}",
      summary: "One person",
      request: { params: personParams },
      responses: { 200: answer(personViewSchema, "The ETag is what a change gives back as If-Match.") },
    }),
    async (c) => {
      const person = await accounts.read(c.req.valid("param").personId);
      c.header("ETag", tagOf(person.version));
      return c.json(personView(person), 200);
    },
  );

  app.openapi(
    guardedRoute(options, "changePerson", {
      method: "patch",
      path: "/persons/{personId}",
      summary:
        "Change what somebody is called, may do, or is designated and trained for; what is left out stays",
      request: {
        params: personParams,
        headers: ifMatch,
        body: json(personChangeSchema.meta({ id: "PersonChange" })),
      },
      responses: { 200: answer(personViewSchema, "As the person is now.") },
    }),
    async (c) => {
      const { personId } = c.req.valid("param");
      const version = versionOf(c.req.valid("header")["if-match"]);
      const person = await accounts.change(signedIn(c).person, personId, version, c.req.valid("json"));
      c.header("ETag", tagOf(person.version));
      return c.json(personView(person), 200);
    },
  );

  app.openapi(
    guardedRoute(options, "endPerson", {
      method: "delete",
      path: "/persons/{personId}",
      summary:
        "Somebody leaves: the name, the login, every proof and session are deleted, the pseudonym stays",
      request: { params: personParams, headers: ifMatch },
      responses: { 204: NOTHING },
    }),
    async (c) => {
      const version = versionOf(c.req.valid("header")["if-match"]);
      await accounts.end(signedIn(c).person, c.req.valid("param").personId, version);
      return c.body(null, 204);
    },
  );

  app.openapi(
    guardedRoute(options, "invitePerson", {
      method: "post",
      path: "/persons/{personId}/link",
      summary: "A new link for somebody who has forgotten their password; an earlier one is void",
      request: { params: personParams, body: json(invitationSchema) },
      responses: { 201: answer(linkViewSchema, "Shown once.") },
    }),
    async (c) => {
      const { removeCodes } = c.req.valid("json");
      const link = await accounts.invite(signedIn(c).person, c.req.valid("param").personId, removeCodes);
      return c.json(linkView(link), 201);
    },
  );

  app.openapi(
    guardedRoute(options, "listPersonSessions", {
      method: "get",
      path: "/persons/{personId}/sessions",
      summary: "Where somebody is signed in",
      request: { params: personParams },
      responses: { 200: answer(sessionListSchema, "The newest first.") },
    }),
    async (c) => {
      const person = await accounts.read(c.req.valid("param").personId);
      const list = await accounts.sessions(person.id);
      return c.json({ items: list.map((one) => sessionView(one, signedIn(c).session.id)) }, 200);
    },
  );

  app.openapi(
    guardedRoute(options, "endPersonSessions", {
      method: "delete",
      path: "/persons/{personId}/sessions",
      summary: "Sign somebody out everywhere",
      request: { params: personParams },
      responses: { 204: NOTHING },
    }),
    async (c) => {
      const person = await accounts.read(c.req.valid("param").personId);
      await accounts.endSessions(signedIn(c).person.pseudonym, person, null);
      return c.body(null, 204);
    },
  );
}

function tagOf(version: number): string {
  return `"${version}"`;
}

/** A tag of another form is one that no version has. @throws VERSION_NEEDED */
function versionOf(tag: string | undefined): number {
  if (tag === undefined) throw fault("VERSION_NEEDED", {});
  const version = /^"(\d{1,15})"$/.exec(tag)?.[1];
  return version === undefined ? -1 : Number(version);
}
