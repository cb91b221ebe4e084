import { canonicalize } from "json-canonicalize";
import { z } from "zod";
import type { Json } from "../../journal/leaf.ts";
import { createNoteVerifier, type NoteSigner } from "../../journal/note.ts";
import { sha256Hex } from "../../policy/fields.ts";
import { sealedRecordSchema } from "./record.ts";

export const SIGNED_MANIFEST_SCHEMA_NAME = "contrechamp/evidence@2";

const place = z.strictObject({ seq: z.int().min(0), leafHash: sha256Hex });

/** What the signature speaks of. */
const statementSchema = z.strictObject({
  schema: z.literal(SIGNED_MANIFEST_SCHEMA_NAME),
  evidence: sealedRecordSchema,
  /** The leaf of the gate's decision, where the supervisor knows it. */
  decision: place.nullable(),
  /** Its own leaf, of type `evidence`: the payload is `evidencePayload`. */
  journal: place.extend({ at: z.iso.datetime({ precision: 3 }) }),
});
export type EvidenceStatement = Readonly<z.output<typeof statementSchema>>;

/**
 * The manifest of sealed evidence: what it is, under which authorisation, where in the journal, signed with the
 * journal's key. Who has it can check offline that a still or clip in clear is the one that was sealed.
 */
export const signedManifestSchema = z.strictObject({
  ...statementSchema.shape,
  signature: z.strictObject({
    /** The journal's public key, as signed notes write it (C2SP signed-note). */
    key: z.string().min(1).max(500),
    /** Ed25519 over the schema's name, a newline, the canonical JSON of the statement (RFC 8785) and a newline. */
    value: z.base64().length(88),
  }),
  /**
   * That its leaf is in the tree of a signed checkpoint, as C2SP tlog-proof writes it; null until there is a
   * checkpoint. Not signed, since it proves itself, and a newer one may take its place.
   */
  proof: z.string().max(200_000).nullable(),
});
export type SignedManifest = Readonly<z.output<typeof signedManifestSchema>>;

/** Whoever signs with the journal's key. */
export type ManifestSigner = Pick<NoteSigner, "verifierKey" | "sign">;

/** The payload of the `evidence` leaf. */
export function evidencePayload({ evidence, decision }: Pick<EvidenceStatement, "evidence" | "decision">): {
  readonly [key: string]: Json;
} {
  return { evidenceId: evidence.evidenceId, evidence, decision };
}

const payloadSchema = statementSchema
  .pick({ evidence: true, decision: true })
  .extend({ evidenceId: z.uuid() });

/** Reads such a payload back. @throws ZodError where it is another's */
export function readEvidencePayload(payload: unknown): Pick<EvidenceStatement, "evidence" | "decision"> {
  const { evidence, decision } = payloadSchema.parse(payload);
  return { evidence, decision };
}

export function signManifest(statement: EvidenceStatement, signer: ManifestSigner): SignedManifest {
  const value = signer.sign(signedText(statement)).toString("base64");
  return { ...statement, signature: { key: signer.verifierKey, value }, proof: null };
}

/** Whether the manifest is as the key in it signed it. Whose key that is, is for the reader to know. */
export function signatureFits({ signature, proof: _, ...statement }: SignedManifest): boolean {
  try {
    const verifier = createNoteVerifier(signature.key);
    return verifier.verify(signedText(statement), Buffer.from(signature.value, "base64"));
  } catch {
    return false; // A line that is no key has signed nothing.
  }
}

/** Canonical JSON is one line, so that no manifest can be taken for a checkpoint, nor a checkpoint for a manifest. */
function signedText(statement: EvidenceStatement): string {
  return `${SIGNED_MANIFEST_SCHEMA_NAME}\n${canonicalize(statement)}\n`;
}
