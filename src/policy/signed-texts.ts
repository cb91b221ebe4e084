import { createHash } from "node:crypto";
import { canonicalize } from "json-canonicalize";
import type { Authorisation } from "./authorisation.ts";
import type { Certificate } from "./certificate.ts";
import type { Notice } from "./notice.ts";

/**
 * What exactly is signed. Each text says by its `purpose` what it is, so that a signature made for one thing never
 * passes for another; a text of a new form takes a new purpose.
 */
export interface SignedText {
  readonly purpose: string;
  readonly [key: string]: unknown;
}

/**
 * Everything that the authority decides: all fields of the authorisation but its life afterwards (`status`,
 * `statusHistory`, `publishedAt`, `publicationUrl`), the attestations of its conditions, and the signatures.
 */
export function decisionText(a: Authorisation): SignedText {
  const {
    status: _status,
    statusHistory: _history,
    publishedAt: _publishedAt,
    publicationUrl: _publicationUrl,
    decisionSignature: _decision,
    publicationSignature: _publication,
    ...decided
  } = a;
  const decision =
    decided.kind === "analytic_authorisation"
      ? {
          ...decided,
          conditions: decided.conditions.map(({ id, text, validFor }) => ({ id, text, validFor })),
        }
      : decided;
  return { purpose: "contrechamp/decision@1", decision };
}

/** SHA-256 of the decision's canonical JSON: what publication, attestations and status entries hang on. */
export function decisionSha256(a: Authorisation): string {
  return textSha256(decisionText(a));
}

/** That this decision was published there and then. */
export function publicationText(a: Authorisation): SignedText {
  return {
    purpose: "contrechamp/publication@1",
    authorisationId: a.id,
    decisionSha256: decisionSha256(a),
    publishedAt: a.publishedAt,
    publicationUrl: a.publicationUrl,
  };
}

/**
 * That somebody looked, and a condition of this decision was met then.
 * A condition that the authorisation does not have gives a text that nobody attested: its `condition` is null.
 */
export function attestationText(a: Authorisation, conditionId: string): SignedText {
  const found =
    a.kind === "analytic_authorisation"
      ? a.conditions.find((condition) => condition.id === conditionId)
      : undefined;
  return {
    purpose: "contrechamp/attestation@1",
    authorisationId: a.id,
    decisionSha256: decisionSha256(a),
    condition:
      found === undefined
        ? null
        : { id: found.id, attestedBy: found.attestedBy, attestedAt: found.attestedAt },
  };
}

/**
 * One entry of the status history, chained: it holds the SHA-256 of the text of the entry before it, so that no signed
 * entry stays valid when an earlier one is removed, moved or changed. (That the last entries were cut off shows only
 * in the journal.)
 */
export function statusText(a: Authorisation, index: number): SignedText {
  const decision = decisionSha256(a);
  let previous: string | null = null;
  for (const [position, { signature: _signature, ...entry }] of a.statusHistory
    .slice(0, index + 1)
    .entries()) {
    const text: SignedText = {
      purpose: "contrechamp/status@1",
      authorisationId: a.id,
      decisionSha256: decision,
      index: position,
      previous,
      entry,
    };
    if (position === index) return text;
    previous = textSha256(text);
  }
  throw new RangeError(`The history of ${a.id} has ${a.statusHistory.length} entries, and none at ${index}`);
}

/** All texts of the history, in its order: for whoever needs each, at the cost of one. */
export function statusTexts(a: Authorisation): readonly SignedText[] {
  const decision = decisionSha256(a);
  let previous: string | null = null;
  return a.statusHistory.map(({ signature: _signature, ...entry }, index) => {
    const text: SignedText = {
      purpose: "contrechamp/status@1",
      authorisationId: a.id,
      decisionSha256: decision,
      index,
      previous,
      entry,
    };
    previous = textSha256(text);
    return text;
  });
}

/** A certificate without its signature. */
export function certificateText(c: Certificate): SignedText {
  const { signature: _signature, ...certificate } = c;
  return { purpose: "contrechamp/certificate@1", certificate };
}

/** A notice without its signature. */
export function noticeText(n: Notice): SignedText {
  const { signature: _signature, ...notice } = n;
  return { purpose: "contrechamp/notice@1", notice };
}

/** SHA-256 of a text's canonical JSON (RFC 8785), hexadecimal. */
export function textSha256(text: SignedText): string {
  return documentSha256(text);
}

/** SHA-256 of any document's canonical JSON (RFC 8785), hexadecimal. */
export function documentSha256(document: object): string {
  return createHash("sha256").update(canonicalize(document)).digest("hex");
}
