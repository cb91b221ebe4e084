import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import { z } from "zod";
import { alertSchema } from "../../../alerts/alert.ts";
import {
  ACTIONS,
  currentDisposition,
  DISPOSITION_REASONS,
  dispose,
  dispositionSchema,
  OUTCOMES,
} from "../../../alerts/disposition.ts";
import { fault } from "../../../errors.ts";
import { viewEvidence } from "../../../evidence/vault/view.ts";
import { writeDisposition } from "../../../evidence/vault/write-disposition.ts";
import { journalFolder } from "../../../journal/folder.ts";
import type { Role } from "../../accounts/roles.ts";
import { hasRole } from "../../accounts/roles.ts";
import { AlertBook, type BookedAlert, isOpen } from "../../site/alert-book.ts";
import { answer, json } from "../bodies.ts";
import type { ApiOptions, Environment } from "../environment.ts";
import { guardedRoute, needRole, signedIn } from "../guard.ts";
import { fromCursor, pageOf, pageQuerySchema, pageSchema } from "../page.ts";

const WATCHING: readonly Role[] = ["operator", "supervisor"];
const alertParams = z.strictObject({ alertId: z.string().min(1).max(200) });
const place = z.int().min(0);
const alertQuerySchema = pageQuerySchema.extend({
  state: z
    .enum(["all", "open"])
    .default("all")
    .describe("`open`: those of which nobody has said yet what became."),
});
const alertViewSchema = z
  .strictObject({
    raised: alertSchema.meta({ id: "Alert" }),
    closed: alertSchema.nullable().describe("That it ended; null while it lasts."),
    disposition: dispositionSchema.nullable().describe("What holds of it; null while it is open."),
    dispositions: z
      .array(dispositionSchema.meta({ id: "Disposition" }))
      .describe("All that was said of it, in order."),
  })
  .meta({ id: "AlertOfSite" });
export const dispositionOrderSchema = z
  .strictObject({
    outcome: z
      .enum(OUTCOMES)
      .exclude(["expired"])
      .describe("What it was. That nobody looked is said by the engine."),
    reasonCode: z.enum(DISPOSITION_REASONS).describe("Why."),
    actionTaken: z.enum(ACTIONS).default("none").describe("What was done about it."),
    secondsOnAlert: z
      .number()
      .min(0)
      .max(86_400)
      .nullable()
      .describe("How long it was looked at; null: nobody measured it."),
    isSure: z.boolean().describe("The second step, which `confirmed` takes and nothing else does."),
    correction: z
      .string()
      .trim()
      .min(1)
      .max(2000)
      .nullable()
      .describe("Why what was said before is wrong: for supervisors. It stays in the journal."),
  })
  .meta({ id: "DispositionOrder" });

export const viewSchema = z
  .strictObject({
    file: z.enum(["still", "clip"]),
    reason: z.string().trim().min(1).max(2000).describe("Why it is looked at (CSI, R.253-5)."),
  })
  .meta({ id: "View" });
const MEDIA_TYPES = { still: "image/png", clip: "video/mp4" } as const;
const BYTES = { type: "string", format: "binary" } as const;

/** Alerts in the order in which they came, and what people make of them. */
export function alertRoutes(app: OpenAPIHono<Environment>, options: ApiOptions): void {
  const { journal, clock, accounts, state } = options;
  const book = new AlertBook(journalFolder(state));

  /** Whose designation or training is over sees nothing, and the journal has it. @throws OPERATOR_LAPSED */
  const operator = async (c: Context<Environment>) => {
    const { person } = signedIn(c);
    const lapse = await accounts.lapse(person);
    if (lapse !== null) throw fault("OPERATOR_LAPSED", { lapse: lapse.replaceAll("_", " ") });
    await book.refresh();
    return person;
  };
  /** An alert of another camera is as unknown as one that never was. @throws ALERT_UNKNOWN */
  const alertFor = (c: Context<Environment>, id: string): BookedAlert => {
    const found = book.alert(id);
    const { grants } = signedIn(c).person;
    if (found === null || !WATCHING.some((role) => hasRole(grants, role, found.raised.cameraId)))
      throw fault("ALERT_UNKNOWN", { id });
    return found;
  };

  app.openapi(
    guardedRoute(options, "listAlerts", {
      method: "get",
      path: "/alerts",
      summary: "Alerts of one's cameras, in the order in which they were raised and in no other",
      request: { query: alertQuerySchema },
      responses: { 200: answer(pageSchema(alertViewSchema, "AlertPage"), "A page.") },
    }),
    async (c) => {
      const { grants } = await operator(c);
      const { limit, cursor, state } = c.req.valid("query");
      const found: BookedAlert[] = [];
      for (const alert of book.after(fromCursor(cursor, place) ?? -1)) {
        const isMine = WATCHING.some((role) => hasRole(grants, role, alert.raised.cameraId));
        if (isMine && (state === "all" || isOpen(alert))) found.push(alert);
        if (found.length > limit) break;
      }
      return c.json(
        pageOf(found, limit, ({ seq }) => seq, alertView),
        200,
      );
    },
  );

  app.openapi(
    guardedRoute(options, "readAlert", {
      method: "get",
      path: "/alerts/{alertId}",
      summary: "One alert",
      request: { params: alertParams },
      responses: { 200: answer(alertViewSchema, "With all that was said of it.") },
    }),
    async (c) => {
      await operator(c);
      return c.json(alertView(alertFor(c, c.req.valid("param").alertId)), 200);
    },
  );

  app.openapi(
    guardedRoute(options, "disposeOfAlert", {
      method: "post",
      path: "/alerts/{alertId}/disposition",
      summary:
        "Say what became of an alert: dismissed in one step, confirmed in two; the first who says it decides",
      request: { params: alertParams, body: json(dispositionOrderSchema) },
      responses: { 201: answer(alertViewSchema, "The journal has it.") },
    }),
    async (c) => {
      const { pseudonym } = await operator(c);
      const { alertId } = c.req.valid("param");
      const { isSure, ...order } = c.req.valid("json");
      const { raised, dispositions } = alertFor(c, alertId);
      if (order.correction !== null) needRole(c, ["supervisor"], raised.cameraId);
      const by = { alertId, at: clock.now(), operatorPseudonym: pseudonym };
      const disposition = dispose({ ...order, ...by }, dispositions);
      if (disposition.outcome === "confirmed" && !isSure)
        throw fault("DISPOSITION_NOT_CONFIRMED", { id: alertId });
      await writeDisposition(disposition, { said: book, journal });
      return c.json(alertView(alertFor(c, alertId)), 201);
    },
  );

  app.openapi(
    guardedRoute(options, "viewEvidence", {
      method: "post",
      path: "/alerts/{alertId}/evidence",
      summary:
        "The redacted still or clip of an alert; who looks and why is in the journal before a byte of it leaves",
      request: { params: alertParams, body: json(viewSchema) },
      responses: {
        200: {
          description: "Shapes on a background: there is no other picture.",
          content: { "image/png": { schema: BYTES }, "video/mp4": { schema: BYTES } },
        },
      },
    }),
    async (c) => {
      const { pseudonym: by } = await operator(c);
      const { alertId } = c.req.valid("param");
      const { file, reason } = c.req.valid("json");
      const { evidence } = alertFor(c, alertId).raised;
      if (options.vault === null || evidence?.kind !== "sealed")
        throw fault("EVIDENCE_NOT_SEALED_HERE", { id: alertId });
      const { vault, siteKey } = options.vault;
      const bytes = await viewEvidence(vault, evidence.id, file, { by, reason }, { siteKey, journal });
      return c.body(Uint8Array.from(bytes), 200, { "content-type": MEDIA_TYPES[file] });
    },
  );
}

function alertView({ raised, closed, dispositions }: BookedAlert): z.output<typeof alertViewSchema> {
  return { raised, closed, disposition: currentDisposition(dispositions), dispositions: [...dispositions] };
}
