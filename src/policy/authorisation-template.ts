import { EVENT_TYPES, type EventType } from "../event.ts";
import { formatUtc, type UtcMilliseconds } from "../time/clock.ts";
import { AUTHORISATION_SCHEMA_NAME, type Authorisation } from "./authorisation.ts";
import type { LanguageMap } from "./fields.ts";
import { canPermit, ruleInterval } from "./law.ts";
import type { Regime } from "./profile.ts";
import { analyticId, type Use } from "./question.ts";
import { isLonger } from "./validity.ts";

/** Part of an authorisation that is being written: keys as in the schema, none of them sure to be there. */
export interface Draft {
  readonly [key: string]: unknown;
}

export type AuthorisationKind = Authorisation["kind"];

/**
 * What an authorisation of a kind says under a profile before anybody has filled anything in: everything that the
 * profile or the schema settles, and defaults that are sensible where they are not wrong. What only a person can
 * know is absent, never invented.
 * @param from the instant at which it is to begin: its legal basis is what permits then
 */
export function authorisationTemplate(
  kind: AuthorisationKind,
  profile: Regime,
  from: UtcMilliseconds,
): Draft {
  const common = {
    schema: AUTHORISATION_SCHEMA_NAME,
    kind,
    legalBasis: legalBasisAt(profile, from),
    dataLocation: [/^[A-Z]{2}$/.test(profile.jurisdiction) ? profile.jurisdiction : "FR"],
    status: "draft",
  };
  if (kind === "camera_authorisation") return common;
  return {
    ...common,
    use: "alert" satisfies Use,
    eventGathering: null,
    conditions: profile.requires.cameraAuthorisation ? [standingCondition(profile)] : [],
    maxDuration: profile.limits.maxDuration,
    publicInformation: { means: [], exempted: false, exemptionGrounds: null },
    operators: null,
    retention: { clips: longestClips(profile), accessLogs: "P1Y", aggregates: "P5Y" },
    dpia: null,
    conformityAttestation: null,
  };
}

/** What the profile admits, and never more than the month of CSI, L.252-5. */
export function longestClips({ limits }: Regime): string {
  return isLonger(limits.maxRetention, "P1M") ? "P1M" : limits.maxRetention;
}

/** What permits at an instant under a profile; where nothing does, what last did or will, so that it is named. */
export function legalBasisAt(profile: Regime, at: UtcMilliseconds): Authorisation["legalBasis"] {
  const permits = profile.rules.filter((rule) => rule.effect === "permit");
  const now = permits.filter((rule) => {
    const { from, until } = ruleInterval(profile, rule);
    return canPermit(profile, rule) && (from === null || at >= from) && (until === null || at < until);
  });
  const bases = (now.length > 0 ? now : permits).map((rule) => ({
    instrumentId: rule.instrument,
    article: rule.article,
    profileId: profile.id,
  }));
  const distinct = new Map(bases.map((basis) => [`${basis.instrumentId} ${basis.article}`, basis]));
  return [...distinct.values()];
}

/**
 * That what justified the decision still stands: where it no longer does, the authority must end it at once
 * (Conseil constitutionnel, 2023-850 DC, § 39), so somebody has to say again and again that it does.
 */
function standingCondition(profile: Regime): Draft {
  return {
    id: "grounds-still-stand",
    text: {
      fr: "Les circonstances qui ont justifié l’autorisation sont toujours réunies.",
      en: "The circumstances that justified the authorisation still stand.",
    },
    validFor: profile.limits.attestationValidFor,
  };
}

/** Who studies which recordings, why, and with what: all that the authorisation of a study depends on. */
export interface StudyFacts {
  readonly profile: Regime;
  /** Distinguishes it from every other; small letters, digits and hyphens. */
  readonly slug: string;
  readonly by: string;
  readonly purpose: string;
  /** Names that the cameras of the recordings go by. */
  readonly cameras: readonly string[];
  readonly recordings: readonly { readonly name: string; readonly sha256: string }[];
  readonly events: readonly EventType[];
  /** Of the camera's detector. */
  readonly modelSha256: string;
  /** All networks of each event that is not looked for with the detector alone: the others are with it. */
  readonly networks?: readonly { readonly event: EventType; readonly sha256: string }[];
  readonly decidedAt: UtcMilliseconds;
  readonly validFrom: UtcMilliseconds;
  readonly validUntil: UtcMilliseconds;
  /** Of the text in which the study is described and decided. */
  readonly documentSha256: string;
}

/**
 * The authorisation that somebody gives themselves to study recordings: issuing authority, controller and
 * publisher are one, nothing is filmed and nobody is alerted about.
 */
export function studyAuthorisation(facts: StudyFacts): Draft {
  const same = (text: string): LanguageMap => ({ fr: text, en: text });
  const events = EVENT_TYPES.filter((event) => facts.events.includes(event));
  return {
    ...authorisationTemplate("analytic_authorisation", facts.profile, facts.validFrom),
    id: `urn:contrechamp:authorisation:${facts.slug}`,
    reference: facts.slug,
    title: facts.profile.title,
    issuingAuthority: { name: facts.by, type: "other", territory: "none" },
    controller: { name: facts.by, service: "étude / study", contact: facts.by },
    purpose: same(facts.purpose),
    grounds: {
      fr: "Étude d’enregistrements qui existent déjà, listés par leur empreinte. Rien n’est filmé pour elle, aucun flux n’est lu, personne n’est alerté. Autre voie examinée : renoncer à mesurer, et ne rien savoir des erreurs.",
      en: "Study of recordings that exist already, listed by their hash. Nothing is filmed for it, no stream is read, nobody is alerted. Alternative considered: not to measure, and to know nothing of the errors.",
    },
    cameras: facts.cameras,
    validFrom: formatUtc(facts.validFrom),
    validUntil: formatUtc(facts.validUntil),
    decidedAt: formatUtc(facts.decidedAt),
    documentSha256: facts.documentSha256,
    appeal: {
      court: "aucun / none",
      deadline: "aucun / none",
      howTo: {
        fr: "Sans objet : aucune décision n’est prise au sujet de quiconque.",
        en: "Not applicable: no decision is taken about anybody.",
      },
    },
    conditions: [],
    events,
    analytics: events.flatMap((event) =>
      modelsOf(event, facts).map((modelSha256) => ({
        analyticId: analyticId(event),
        modelSha256,
        benchCertificateId: null,
      })),
    ),
    recordings: facts.recordings,
    publicInformation: {
      means: [],
      noticeUrl: null,
      exempted: true,
      exemptionGrounds: {
        fr: "Aucun lieu n’est filmé pour cette étude.",
        en: "No place is filmed for this study.",
      },
    },
  };
}

/** The networks that an event is looked for with. */
export function modelsOf(
  event: EventType,
  { modelSha256, networks = [] }: Pick<StudyFacts, "modelSha256" | "networks">,
): readonly string[] {
  const own = networks.filter((network) => network.event === event).map(({ sha256 }) => sha256);
  return own.length === 0 ? [modelSha256] : [...new Set(own)];
}
