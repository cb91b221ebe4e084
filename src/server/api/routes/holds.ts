import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import { z } from "zod";
import { slug } from "../../../config/quantities.ts";
import { fault } from "../../../errors.ts";
import { holdSchema } from "../../../policy/hold.ts";
import { release, standingHold, standingHolds, stop } from "../../site/holds.ts";
import { answer, json } from "../bodies.ts";
import type { ApiOptions, Environment } from "../environment.ts";
import { guardedRoute, needRole, signedIn } from "../guard.ts";

const text = z.string().trim().min(1).max(2000);
const holdViewSchema = holdSchema.meta({ id: "Hold" });
export const stopSchema = z
  .strictObject({
    cameraId: slug().nullable().describe("The camera to stop; null: the whole site."),
    reason: text.nullable().describe("Why. Nobody has to say it to stop."),
  })
  .meta({ id: "Stop" });
export const releaseSchema = z
  .strictObject({ reason: text.describe("Why it may run again.") })
  .meta({ id: "Release" });
const stoppedSchema = z
  .strictObject({
    hold: holdViewSchema,
    engines: z
      .array(
        z.strictObject({
          state: z.string().describe("`stands`: nothing of what is held is decoded any more."),
          decoding: z.array(z.string()).describe("Cameras that still are."),
        }),
      )
      .describe("What each engine that runs here answered, within a second."),
    leaf: z
      .int()
      .nullable()
      .describe("Index of its leaf; null where the journal did not take it: it is stopped all the same."),
  })
  .meta({ id: "Stopped" });

/** The stop switch, and the only way back. */
export function holdRoutes(app: OpenAPIHono<Environment>, options: ApiOptions): void {
  const { state, cameras } = options;
  const who = (c: Context<Environment>) => signedIn(c).person.pseudonym;

  app.openapi(
    guardedRoute(options, "listHolds", {
      method: "get",
      path: "/holds",
      summary: "What is held now, by whom and why",
      responses: {
        200: answer(
          z.strictObject({ items: z.array(holdViewSchema) }).meta({ id: "HoldList" }),
          "The oldest first.",
        ),
      },
    }),
    async (c) => c.json({ items: [...(await standingHolds(state))] }, 200),
  );

  app.openapi(
    guardedRoute(options, "stop", {
      method: "post",
      path: "/holds",
      summary: "Stop a camera or the site, now; it stands over a crash and a restart",
      request: { body: json(stopSchema) },
      responses: { 201: answer(stoppedSchema, "It stands.") },
    }),
    async (c) => {
      const { cameraId, reason } = c.req.valid("json");
      if (cameraId !== null && !cameras.includes(cameraId)) throw fault("CAMERA_UNKNOWN", { id: cameraId });
      needRole(c, ["operator", "supervisor", "administrator"], cameraId);
      const scope = cameraId === null ? ({ kind: "site" } as const) : ({ kind: "camera", cameraId } as const);
      const { hold, engines, leaf, untraced } = await stop(options, scope, who(c), reason);
      if (untraced !== null) options.onFault(untraced);
      const answers = engines.map(({ state, decoding }) => ({ state, decoding: [...decoding] }));
      return c.json({ hold, engines: answers, leaf }, 201);
    },
  );

  app.openapi(
    guardedRoute(options, "release", {
      method: "post",
      path: "/holds/{holdId}/release",
      summary: "Let it run again, with a reason that the journal has before it counts",
      request: { params: z.strictObject({ holdId: z.uuid() }), body: json(releaseSchema) },
      responses: { 200: answer(holdViewSchema, "Released.") },
    }),
    async (c) => {
      const hold = await standingHold(state, c.req.valid("param").holdId);
      needRole(c, ["supervisor"], hold.scope.kind === "camera" ? hold.scope.cameraId : null);
      return c.json(await release(options, hold, who(c), c.req.valid("json").reason), 200);
    },
  );
}
