import { type CodedError, fault } from "../errors.ts";
import type { Authorisation, AuthorisationStatus } from "./authorisation.ts";
import type { Certificate } from "./certificate.ts";
import type { Notice } from "./notice.ts";
import type { KeyRole, Signature, SignatureState, Trust } from "./signature.ts";
import {
  attestationText,
  certificateText,
  decisionText,
  documentSha256,
  noticeText,
  publicationText,
  statusTexts,
} from "./signed-texts.ts";
import { check } from "./signing.ts";
import type { VerifiedAuthorisation, VerifiedCertificate, VerifiedNotice } from "./world.ts";

/** Whose key signs which entry of a status history. What restricts counts unsigned too: there it only says who. */
const STATUS_ROLES: Readonly<Record<AuthorisationStatus, readonly KeyRole[]>> = {
  draft: ["issuing", "publishing"],
  published: ["publishing"],
  active: ["publishing", "issuing"],
  suspended: ["suspending", "attesting", "publishing", "issuing"],
  expired: ["publishing", "issuing"],
  withdrawn: ["publishing", "issuing"],
  annulled: ["publishing", "issuing"],
  never_took_effect: ["publishing", "issuing"],
  renewed: ["publishing", "issuing"],
};

/** Checks every signature of an authorisation. Without a trust file none is valid. */
export function verifyAuthorisation(document: Authorisation, trust: Trust | null): VerifiedAuthorisation {
  const decision = check(decisionText(document), document.decisionSignature, "issuing", trust);
  const publication = check(publicationText(document), document.publicationSignature, "publishing", trust);
  const conditions: Record<string, SignatureState> = {};
  if (document.kind === "analytic_authorisation") {
    for (const { id, signature } of document.conditions) {
      conditions[id] = check(attestationText(document, id), signature, "attesting", trust).state;
    }
  }
  const texts = statusTexts(document);
  const history = document.statusHistory.map((entry, index): SignatureState => {
    const text = texts[index];
    return text === undefined
      ? "missing"
      : check(text, entry.signature, STATUS_ROLES[entry.status], trust).state;
  });
  return {
    document,
    sha256: documentSha256(document),
    signatures: {
      decision: decision.state,
      publication: publication.state,
      decisionHolder: decision.holder,
      publicationHolder: publication.holder,
      conditions,
      history,
    },
  };
}

/**
 * The signatures that an authorisation counts on and that do not hold, each as an error to show to people. Those that
 * are still to come are not among them: a draft's, an attestation that nobody made, an entry that restricts.
 */
export function signatureFaults(
  { document, signatures }: VerifiedAuthorisation,
  file: string,
): readonly CodedError[] {
  const errors: CodedError[] = [];
  const say = (what: string, state: SignatureState, signature: Signature | null) => {
    if (state !== "valid") errors.push(signatureFault(file, what, state, signature));
  };
  if (document.status !== "draft" || document.decisionSignature !== null) {
    say("the decision", signatures.decision, document.decisionSignature);
  }
  if (document.publishedAt !== null) {
    say("the publication", signatures.publication, document.publicationSignature);
  }
  for (const { id, attestedAt, signature } of document.kind === "analytic_authorisation"
    ? document.conditions
    : []) {
    const state = signatures.conditions[id] ?? "missing";
    if (attestedAt !== null) say(`the attestation of ${id}`, state, signature);
  }
  for (const [index, { status, at, signature }] of document.statusHistory.entries()) {
    const permits = status === "active" || status === "published";
    if (permits || signature !== null) {
      say(`the entry ${status} of ${at}`, signatures.history[index] ?? "missing", signature);
    }
  }
  return errors;
}

/** A signature that does not hold, as an error to show to people. */
export function signatureFault(
  file: string,
  what: string,
  state: Exclude<SignatureState, "valid">,
  signature: Signature | null,
): CodedError {
  const key = signature?.keyId ?? "";
  const words = {
    missing: "is missing",
    unknown_key: `is by the key ${key}, which the trust file does not know`,
    wrong_key: `is by the key ${key}, which is not trusted for that at that time`,
    broken: `by the key ${key} does not fit: it was made for another text, or the text was changed`,
  } as const;
  return fault("DOCUMENT_SIGNATURE", { file, what, state: words[state] });
}

/** Checks a certificate's signature, by a certifying key. */
export function verifyCertificate(document: Certificate, trust: Trust | null): VerifiedCertificate {
  const { state } = check(certificateText(document), document.signature, "certifying", trust);
  return { document, sha256: documentSha256(document), signature: state };
}

/** Checks a notice's signature, by a publishing key. */
export function verifyNotice(document: Notice, trust: Trust | null): VerifiedNotice {
  const { state } = check(noticeText(document), document.signature, "publishing", trust);
  return { document, sha256: documentSha256(document), signature: state };
}
