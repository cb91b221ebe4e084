import type { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "zod";
import { journalFolder } from "../../../journal/folder.ts";
import { LEAF_TYPES, leafSchema } from "../../../journal/leaf.ts";
import type { LogEntry } from "../../../journal/log-reader.ts";
import { proveLeaf, readTrace, readTraceEntry } from "../../site/trace.ts";
import { answer } from "../bodies.ts";
import type { ApiOptions, Environment } from "../environment.ts";
import { guardedRoute } from "../guard.ts";
import { fromCursor, pageQuerySchema, pageSchema, toCursor } from "../page.ts";

const seqParams = z.strictObject({
  seq: z.coerce
    .number()
    .int()
    .min(0)
    .max(Number.MAX_SAFE_INTEGER - 1),
});
const place = z.int().min(0);
const traceQuerySchema = pageQuerySchema.extend({
  type: z.enum(LEAF_TYPES).exactOptional().describe("Leaves of this type alone."),
});
const entryViewSchema = z
  .strictObject({
    leaf: leafSchema.meta({ id: "Leaf" }),
    state: z.enum(["kept", "erased", "withheld"]).describe("Whether what it is about is still there."),
    payload: z
      .record(z.string(), z.unknown())
      .nullable()
      .describe("What it is about, as it was written; null where erased."),
  })
  .meta({ id: "JournalEntry" });

/** The trace, for those who check: all of it, with the proof of each leaf. */
export function journalRoutes(app: OpenAPIHono<Environment>, options: ApiOptions): void {
  const folder = journalFolder(options.state);

  app.openapi(
    guardedRoute(options, "listLeaves", {
      method: "get",
      path: "/journal",
      summary: "The journal's leaves in their order, with what they are about",
      request: { query: traceQuerySchema },
      responses: {
        200: answer(
          pageSchema(entryViewSchema, "JournalPage"),
          "A page; of a rare type it may be empty and not the last.",
        ),
      },
    }),
    async (c) => {
      const { limit, cursor, type = null } = c.req.valid("query");
      const { entries, next } = await readTrace(folder, {
        from: fromCursor(cursor, place) ?? 0,
        limit,
        type,
      });
      return c.json({ items: entries.map(entryView), next: next === null ? null : toCursor(next) }, 200);
    },
  );

  app.openapi(
    guardedRoute(options, "readLeaf", {
      method: "get",
      path: "/journal/{seq}",
      summary: "One leaf",
      request: { params: seqParams },
      responses: { 200: answer(entryViewSchema, "With what it is about.") },
    }),
    async (c) => c.json(entryView(await readTraceEntry(folder, c.req.valid("param").seq)), 200),
  );

  app.openapi(
    guardedRoute(options, "proveLeaf", {
      method: "get",
      path: "/journal/{seq}/proof",
      summary: "The proof that a leaf is in the signed journal, to be checked offline",
      request: { params: seqParams },
      responses: {
        200: {
          description: "C2SP tlog-proof: `contrechamp journal verify` checks it.",
          content: { "text/plain": { schema: z.string() } },
        },
      },
    }),
    async (c) => c.text(await proveLeaf(folder, c.req.valid("param").seq), 200),
  );
}

function entryView({ leaf, content }: LogEntry): z.output<typeof entryViewSchema> {
  return { leaf, state: content.kind, payload: content.kind === "kept" ? { ...content.payload } : null };
}
