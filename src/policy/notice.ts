import { z } from "zod";
import { EVENT_TYPES } from "../event.ts";
import { instant, languageMap, uri, webAddress } from "./fields.ts";
import { signatureSchema } from "./signature.ts";

export const NOTICE_SCHEMA_NAME = "contrechamp/notice@1";

/** What the public was told, where and when: one for each analytic authorisation. */
export const noticeSchema = z.strictObject({
  schema: z.literal(NOTICE_SCHEMA_NAME),
  authorisationId: uri,
  events: z.array(z.enum(EVENT_TYPES)).min(1),
  cameras: z.array(z.string().min(1).max(200)).min(1),
  text: languageMap,
  noticeUrl: webAddress,
  publishedAt: instant,
  withdrawnAt: instant.nullable().default(null),
  /** By a publishing key. */
  signature: signatureSchema.nullable(),
});
export type Notice = Readonly<z.output<typeof noticeSchema>>;
