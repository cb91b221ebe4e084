import type { z } from "zod";
import { applySchema, type Finding, formatPath } from "../config/diagnostics.ts";
import { type CodedError, fault } from "../errors.ts";
import { formatUtc, type UtcMilliseconds } from "../time/clock.ts";
import {
  type AnalyticAuthorisation,
  AUTHORISATION_SCHEMA_NAME,
  type Authorisation,
  type AuthorisationStatus,
  authorisationSchema,
  type StatusEntry,
} from "./authorisation.ts";
import { checkAuthorisation, sameGrounds } from "./authorisation-checks.ts";
import type { SigningKey } from "./keys.ts";
import type { Trust } from "./signature.ts";
import { attestationText, decisionText, publicationText, statusText } from "./signed-texts.ts";
import { check, sign } from "./signing.ts";
import { DEFAULT_TIME_ZONE, ENDED, mayFollow } from "./validity.ts";

/**
 * The life of an authorisation: draft, signed, published, attested, suspended, resumed, ended, renewed. Each function
 * takes a document and returns a new one; what the life does not allow is a CodedError, and the document is as it was.
 */

/** Who acts, and when. */
export interface Act {
  readonly by: string;
  readonly at: UtcMilliseconds;
}

type AfterTheDecision =
  | "schema"
  | "status"
  | "statusHistory"
  | "publishedAt"
  | "publicationUrl"
  | "decisionSignature"
  | "publicationSignature";
type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** What is decided, as a file gives it: fields with a default may be left out. */
export type DraftFields = Without<z.input<typeof authorisationSchema>, AfterTheDecision>;

/** A new draft. @throws CodedError DOCUMENT_INVALID where a field does not fit the schema */
export function draft(fields: DraftFields, act: Act & { readonly reason?: string }): Authorisation {
  const entry = {
    status: "draft",
    at: formatUtc(act.at),
    by: act.by,
    reason: act.reason ?? "Drafted",
  };
  const given: unknown = {
    ...fields,
    schema: AUTHORISATION_SCHEMA_NAME,
    status: "draft",
    statusHistory: [entry],
  };
  const { value, findings } = applySchema(authorisationSchema, given);
  if (value === null) throw invalid(fields.id, findings);
  return value.kind === "analytic_authorisation"
    ? { ...value, conditions: value.conditions.map(unattested) }
    : value;
}

/**
 * Signs the decision of a draft, anew where it was signed already. What contradicts itself is not signed.
 * @param key an issuing key
 * @throws CodedError AUTHORISATION_TRANSITION, DOCUMENT_INVALID
 */
export function signDecision<A extends Authorisation>(
  a: A,
  key: SigningKey,
  at: UtcMilliseconds,
  timeZone: string = DEFAULT_TIME_ZONE,
): A {
  if (a.status !== "draft") {
    throw fault("AUTHORISATION_TRANSITION", { id: a.id, from: a.status, what: "signed" });
  }
  const errors = checkAuthorisation(a, timeZone).filter((found) => found.severity === "error");
  if (errors.length > 0) throw invalid(a.id, errors);
  return { ...a, decisionSignature: sign(decisionText(a), key, at) };
}

/** Where, when and by which key a decision is published. */
export interface Publication {
  readonly at: UtcMilliseconds;
  readonly url: string;
  /** A publishing key. */
  readonly key: SigningKey;
  /** By default the issuing authority. */
  readonly by?: string;
  /** Where it is given, the decision's signature is checked first. */
  readonly trust?: Trust;
}

/**
 * Publishes a signed draft: the entries `published` and `active` follow, and the publication is signed.
 * @throws CodedError AUTHORISATION_TRANSITION, AUTHORISATION_UNSIGNED, AUTHORISATION_SIGNATURE,
 * AUTHORISATION_BACKWARDS (before the decision or the last entry), DOCUMENT_INVALID (the address)
 */
export function publish<A extends Authorisation>(a: A, publication: Publication): A {
  const { at, url, key, trust, by = a.issuingAuthority.name } = publication;
  mustFollow(a, "published", "published");
  if (a.decisionSignature === null) throw fault("AUTHORISATION_UNSIGNED", { id: a.id, what: "published" });
  if (trust !== undefined) {
    const { state } = check(decisionText(a), a.decisionSignature, "issuing", trust);
    if (state !== "valid") throw fault("AUTHORISATION_SIGNATURE", { id: a.id, state });
  }
  notBefore(a.id, "published", at, a.decidedAt);
  const published: A = { ...a, publishedAt: formatUtc(at), publicationUrl: url };
  const whole: A = { ...published, publicationSignature: sign(publicationText(published), key, at) };
  const announced = append(whole, { status: "published", reason: "Published", at, by, key });
  return fitting(append(announced, { status: "active", reason: "In force as published", at, by, key }));
}

/**
 * Writes that a condition is met, in the place of its attestation before.
 * @param act.key an attesting key
 * @throws CodedError AUTHORISATION_TRANSITION (it has ended), AUTHORISATION_UNSIGNED, AUTHORISATION_NO_CONDITION,
 * AUTHORISATION_BACKWARDS
 */
export function attest(
  a: AnalyticAuthorisation,
  conditionId: string,
  act: Act & { readonly key: SigningKey },
): AnalyticAuthorisation {
  if (ENDED.includes(a.status)) {
    throw fault("AUTHORISATION_TRANSITION", { id: a.id, from: a.status, what: "attested" });
  }
  if (a.decisionSignature === null) throw fault("AUTHORISATION_UNSIGNED", { id: a.id, what: "attested" });
  const found = a.conditions.find((condition) => condition.id === conditionId);
  if (found === undefined) {
    const known = a.conditions.map((condition) => condition.id).join(", ") || "none";
    throw fault("AUTHORISATION_NO_CONDITION", { id: a.id, condition: conditionId, known });
  }
  if (found.attestedAt !== null) notBefore(a.id, "attested", act.at, found.attestedAt);
  const put = (changed: typeof found): AnalyticAuthorisation => ({
    ...a,
    conditions: a.conditions.map((condition) => (condition === found ? changed : condition)),
  });
  const attested = { ...found, attestedBy: act.by.trim(), attestedAt: formatUtc(act.at), signature: null };
  const signature = sign(attestationText(put(attested), conditionId), act.key, act.at);
  return fitting(put({ ...attested, signature }));
}

/**
 * Suspends it. Everybody may: the entry counts unsigned as well.
 * @throws CodedError AUTHORISATION_TRANSITION, AUTHORISATION_BACKWARDS
 */
export function suspend<A extends Authorisation>(
  a: A,
  act: Act & { readonly reason: string; readonly key: SigningKey | null },
): A {
  mustFollow(a, "suspended", "suspended");
  return fitting(append(a, { ...act, status: "suspended" }));
}

/**
 * Lets a suspended authorisation run again: a person, with a reason.
 * @param act.key a publishing or an issuing key
 * @throws CodedError AUTHORISATION_TRANSITION, AUTHORISATION_BACKWARDS
 */
export function resume<A extends Authorisation>(
  a: A,
  act: Act & { readonly reason: string; readonly key: SigningKey },
): A {
  if (a.status !== "suspended") {
    throw fault("AUTHORISATION_TRANSITION", { id: a.id, from: a.status, what: "resumed" });
  }
  return fitting(append(a, { ...act, status: "active" }));
}

export type EndingStatus = "withdrawn" | "annulled" | "expired" | "renewed" | "never_took_effect";

export interface Ending extends Act {
  readonly status: EndingStatus;
  readonly reason: string;
  readonly key: SigningKey | null;
  /** The instrument or judgment that ends it. */
  readonly instrumentId?: string | null;
  /** Of an annulment, and only of one. */
  readonly annulmentGround?: "procedural" | "substantive" | null;
}

/**
 * Ends it for good. Everybody may: the entry counts unsigned as well.
 * @throws CodedError AUTHORISATION_TRANSITION, AUTHORISATION_BACKWARDS (expired before its end), AUTHORISATION_HISTORY (an
 * annulment without its ground), DOCUMENT_INVALID
 */
export function end<A extends Authorisation>(a: A, ending: Ending): A {
  mustFollow(a, ending.status, ending.status.replaceAll("_", " "));
  if ((ending.status === "annulled") !== ((ending.annulmentGround ?? null) !== null)) {
    const what = "an annulment, and nothing else, has a ground: procedural or substantive";
    throw fault("AUTHORISATION_HISTORY", { at: a.id, what });
  }
  if (ending.status === "expired") notBefore(a.id, "expired", ending.at, a.validUntil);
  return fitting(append(a, ending));
}

/** What a renewal decides anew; all else is taken over. */
export type Renewal = Act & {
  readonly id: string;
  readonly reference: string;
  readonly newGrounds: AnalyticAuthorisation["grounds"];
  readonly validFrom: string;
  readonly validUntil: string;
  readonly decidedAt: string;
  readonly documentSha256: string;
} & Partial<
    Pick<
      AnalyticAuthorisation,
      "title" | "eventGathering" | "cameras" | "zones" | "dailyWindows" | "conditions"
    >
  >;

/**
 * A renewal: a new draft with grounds of its own, which names the one before. Nothing is attested, signed or published.
 * @throws CodedError AUTHORISATION_SAME_GROUNDS, AUTHORISATION_TRANSITION (a draft, or undone by a court),
 * DOCUMENT_INVALID
 */
export function renew(a: AnalyticAuthorisation, renewal: Renewal): AnalyticAuthorisation {
  if (a.status === "draft" || a.status === "annulled" || a.status === "never_took_effect") {
    throw fault("AUTHORISATION_TRANSITION", { id: a.id, from: a.status, what: "renewed" });
  }
  if (sameGrounds(a.grounds, renewal.newGrounds)) {
    throw fault("AUTHORISATION_SAME_GROUNDS", { at: renewal.id, renewed: a.id });
  }
  const { by, at, newGrounds, ...changed } = renewal;
  const {
    schema: _schema,
    status: _status,
    statusHistory: _history,
    publishedAt: _publishedAt,
    publicationUrl: _publicationUrl,
    decisionSignature: _decision,
    publicationSignature: _publication,
    ...decided
  } = a;
  const fields: DraftFields = {
    ...decided,
    ...changed,
    grounds: newGrounds,
    renewalOf: a.id,
    renewalCount: a.renewalCount + 1,
  };
  const drafted = draft(fields, { by, at, reason: `Renewal of ${a.id}` });
  if (drafted.kind !== "analytic_authorisation")
    throw new TypeError("a renewal is of its authorisation's kind");
  return drafted;
}

function unattested(condition: AnalyticAuthorisation["conditions"][number]) {
  return { ...condition, attestedBy: null, attestedAt: null, signature: null };
}

interface NewEntry extends Omit<Ending, "status"> {
  readonly status: AuthorisationStatus;
}

/** Adds an entry to the history, signed where there is a key, and makes it the status. */
function append<A extends Authorisation>(a: A, entry: NewEntry): A {
  const last = a.statusHistory.at(-1);
  if (last !== undefined) notBefore(a.id, entry.status, entry.at, last.at);
  const unsigned: StatusEntry = {
    status: entry.status,
    at: formatUtc(entry.at),
    by: entry.by.trim(),
    reason: entry.reason.trim(),
    instrumentId: entry.instrumentId ?? null,
    annulmentGround: entry.annulmentGround ?? null,
    signature: null,
  };
  const grown: A = { ...a, status: entry.status, statusHistory: [...a.statusHistory, unsigned] };
  if (entry.key === null) return grown;
  const signature = sign(statusText(grown, a.statusHistory.length), entry.key, entry.at);
  return { ...grown, statusHistory: [...a.statusHistory, { ...unsigned, signature }] };
}

function mustFollow(a: Authorisation, to: AuthorisationStatus, what: string): void {
  if (!mayFollow(a.status, to)) throw fault("AUTHORISATION_TRANSITION", { id: a.id, from: a.status, what });
}

function notBefore(id: string, what: string, at: UtcMilliseconds, earliest: string): void {
  if (at < Date.parse(earliest)) {
    throw fault("AUTHORISATION_BACKWARDS", { id, what, at: formatUtc(at), before: earliest });
  }
}

/** The document, once its new texts fit the schema as they stand: what is signed must be what is read again. */
function fitting<A extends Authorisation>(a: A): A {
  const { findings } = applySchema(authorisationSchema, a);
  if (findings.length > 0) throw invalid(a.id, findings);
  return a;
}

function invalid(id: string, findings: readonly Finding[]): CodedError {
  const list = findings.map((found) => `  ${found.fault(formatPath(found.path) || id).message}`);
  return fault("DOCUMENT_INVALID", { file: id, count: findings.length, list: list.join("\n") });
}
