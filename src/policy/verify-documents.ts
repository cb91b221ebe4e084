import type { Authorisation, AuthorisationStatus } from "./authorisation.ts";
import type { Certificate } from "./certificate.ts";
import type { Notice } from "./notice.ts";
import type { KeyRole, SignatureState, Trust } from "./signature.ts";
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
