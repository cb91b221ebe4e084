import { z } from "zod";
import { instant, line } from "./fields.ts";

/** What a key may sign. */
export const KEY_ROLES = ["issuing", "publishing", "attesting", "suspending", "certifying"] as const;
export type KeyRole = (typeof KEY_ROLES)[number];

export const signatureSchema = z.strictObject({
  /** First 16 hexadecimal digits of the SHA-256 of the raw public key. */
  keyId: z.string().regex(/^[0-9a-f]{16}$/, { error: "16 small hexadecimal digits" }),
  at: instant,
  /** Ed25519 (RFC 8032) over the canonical JSON (RFC 8785) of what is signed, of `keyId` and of `at`, base64. */
  value: z.base64().length(88),
});
export type Signature = Readonly<z.output<typeof signatureSchema>>;

/**
 * What became of a signature's check. `wrong_key`: the key is not trusted for that role at that time;
 * `broken`: the signature does not fit the text.
 */
export type SignatureState = "valid" | "missing" | "unknown_key" | "wrong_key" | "broken";

export const TRUST_SCHEMA_NAME = "contrechamp/trust@1";

/** Whose keys are believed, for what, and from when to when. */
export const trustSchema = z.strictObject({
  schema: z.literal(TRUST_SCHEMA_NAME),
  keys: z
    .array(
      z.strictObject({
        keyId: z.string().regex(/^[0-9a-f]{16}$/),
        /** 32 raw bytes, base64. */
        publicKey: z.base64().length(44),
        holder: line,
        roles: z.array(z.enum(KEY_ROLES)).min(1),
        validFrom: instant,
        validUntil: instant.nullable().default(null),
      }),
    )
    .max(1000),
});
export type Trust = Readonly<z.output<typeof trustSchema>>;
