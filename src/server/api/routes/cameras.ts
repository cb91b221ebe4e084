import type { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "zod";
import type { Decision } from "../../../policy/question.ts";
import { REASON_TEXTS } from "../../../policy/reason-texts.ts";
import { REASON_CODES } from "../../../policy/reasons.ts";
import { camerasOf, ROLES } from "../../accounts/roles.ts";
import { answer } from "../bodies.ts";
import type { ApiOptions, Environment } from "../environment.ts";
import { guardedRoute, signedIn } from "../guard.ts";

const inWords = z.strictObject({ en: z.string(), fr: z.string() });
const cameraViewSchema = z
  .strictObject({
    id: z.string(),
    rules: z
      .array(
        z.strictObject({
          ruleId: z.string(),
          event: z.string(),
          allow: z.boolean().describe("Whether the gate lets it alert now."),
          reasons: z.array(
            z.strictObject({
              code: z.enum(REASON_CODES),
              source: z.string().describe("Instrument and article, or the document."),
              why: inWords,
              remedy: inWords,
            }),
          ),
        }),
      )
      .describe("What the gate says now of each rule, and why."),
  })
  .meta({ id: "Camera" });

/** What runs now, and why not. */
export function cameraRoutes(app: OpenAPIHono<Environment>, options: ApiOptions): void {
  app.openapi(
    guardedRoute(options, "listCameras", {
      method: "get",
      path: "/cameras",
      summary: "The cameras for which one has a role, and what the gate says of each of their rules",
      responses: {
        200: answer(
          z.strictObject({ items: z.array(cameraViewSchema) }).meta({ id: "CameraList" }),
          "In the order of the configuration.",
        ),
      },
    }),
    (c) => {
      const mine = camerasOf(signedIn(c).person.grants, ROLES, options.cameras);
      return c.json({ items: mine.map((id) => ({ id, rules: options.standing(id).map(ruleView) })) }, 200);
    },
  );
}

function ruleView({
  ruleId,
  event,
  allow,
  reasons,
}: Decision): z.output<typeof cameraViewSchema>["rules"][number] {
  return {
    ...{ ruleId, event, allow },
    reasons: reasons.map(({ code, source }) => {
      const { why, remedy } = REASON_TEXTS[code];
      return { code, source, why: { en: why.en, fr: why.fr }, remedy: { en: remedy.en, fr: remedy.fr } };
    }),
  };
}
