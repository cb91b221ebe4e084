import type { AnalyticAuthorisation, Authorisation } from "./authorisation.ts";
import { AUTHORISATION_WORDS, type AuthorisationWords } from "./authorisation-words.ts";
import { EVENT_PHRASES } from "./notice-text.ts";
import type { Regime } from "./profile.ts";
import { REASON_TEXTS } from "./reason-texts.ts";
import type { Reason } from "./reasons.ts";
import type { SignatureState } from "./signature.ts";
import { dateAndTime, dayWords, durationWords, type TextLanguage } from "./time-words.ts";
import { DEFAULT_TIME_ZONE, isoDurationEnd, statusAt } from "./validity.ts";
import type { VerifiedAuthorisation } from "./world.ts";

/** An authorisation as a page that a town hall reads, in one language: every text is ready to be set. */
export interface AuthorisationPage {
  readonly language: TextLanguage;
  readonly kind: string;
  readonly title: string;
  /** What it is worth at the instant asked about: one sentence. */
  readonly standing: string;
  /** Whether it permits anything then. */
  readonly permits: boolean;
  readonly sections: readonly PageSection[];
}

export interface PageSection {
  readonly heading: string;
  readonly blocks: readonly PageBlock[];
}

export type PageBlock =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "list"; readonly items: readonly string[] }
  | { readonly kind: "facts"; readonly rows: readonly (readonly [name: string, value: PageValue])[] }
  | {
      readonly kind: "table";
      readonly head: readonly string[];
      readonly rows: readonly (readonly string[])[];
    };

/** `href` is an https or http address; `digits` is text to be compared sign by sign. */
export type PageValue = string | { readonly href: string } | { readonly digits: string };

/** What the page is made of. */
export interface PageFacts {
  readonly verified: VerifiedAuthorisation;
  /** Null where its profile is not at hand. */
  readonly profile: Regime | null;
  /** What keeps it from being valid at `at`; null where that cannot be said. */
  readonly lacks: readonly Reason[] | null;
  readonly at: number;
}

/** The page of an authorisation. Pure: the same facts and language give the same page. */
export function authorisationPage(facts: PageFacts, language: TextLanguage): AuthorisationPage {
  const { document: a, signatures } = facts.verified;
  const words = AUTHORISATION_WORDS[language];
  const timeZone = facts.profile?.timeZone ?? DEFAULT_TIME_ZONE;
  const told: Told = {
    facts,
    a,
    words,
    language,
    when: (text) => dateAndTime(text, timeZone, language),
    timeZone,
  };
  const permits = facts.lacks !== null && facts.lacks.length === 0;
  const status = statusAt(a, signatures.history, facts.at);
  return {
    language,
    kind: words.kinds[a.kind],
    title: a.title[language],
    standing: standing(told, permits, status),
    permits,
    sections: [
      ...(facts.lacks === null || facts.lacks.length === 0 ? [] : [missing(told, facts.lacks)]),
      what(told),
      where(told),
      whenSection(told),
      why(told),
      ...(a.kind === "analytic_authorisation" && a.conditions.length > 0 ? [conditions(told, a)] : []),
      who(told),
      ...(a.kind === "analytic_authorisation" ? [papers(told, a)] : []),
      decision(told),
      signed(told),
      history(told),
      appeal(told),
    ],
  };
}

interface Told {
  readonly facts: PageFacts;
  readonly a: Authorisation;
  readonly words: AuthorisationWords;
  readonly language: TextLanguage;
  readonly when: (instant: string) => string;
  readonly timeZone: string;
}

function standing(
  { a, facts, words, when }: Told,
  permits: boolean,
  status: Authorisation["status"],
): string {
  const at = facts.at;
  if (permits) return words.standing.permits(when(a.validUntil));
  const last = a.statusHistory.findLast((entry) => entry.status === status);
  if (status === "suspended" && last !== undefined) {
    return words.standing.suspended(when(last.at), last.by, last.reason);
  }
  if (status === "draft" || status === "published") return words.standing.draft;
  if (status !== "active")
    return words.standing.ended(words.statuses[status], when(last?.at ?? a.validUntil));
  if (at >= Date.parse(a.validUntil)) return words.standing.over(when(a.validUntil));
  if (at < Date.parse(a.validFrom)) return words.standing.notYet(when(a.validFrom));
  return facts.lacks === null ? words.standing.unknown : words.standing.lacks;
}

function missing({ language, words }: Told, lacks: readonly Reason[]): PageSection {
  const rows = lacks.map(({ code, source }) => [
    REASON_TEXTS[code].why[language],
    source,
    REASON_TEXTS[code].remedy[language],
  ]);
  return section(words.missing.heading, { kind: "table", head: words.missing.head, rows });
}

function what({ a, words, language }: Told): PageSection {
  if (a.kind === "camera_authorisation") return section(words.what.heading, text(words.what.films));
  return section(
    words.what.heading,
    text(words.what.uses[a.use]),
    { kind: "list", items: a.events.map((event) => EVENT_PHRASES[language][event]) },
    text(words.what.only),
  );
}

function where({ a, words, language }: Told): PageSection {
  const blocks: PageBlock[] = [text(words.where.cameras(a.cameras.length, a.cameras.join(", ")))];
  const extent = a.perimeter === null ? null : extentOf(a.perimeter.coordinates);
  if (extent !== null) blocks.push(text(words.where.perimeter(...extent)));
  if (a.kind === "analytic_authorisation" && a.zones.length > 0) {
    blocks.push({
      kind: "table",
      head: words.where.zones,
      rows: a.zones.map((zone) => [
        zone.cameraId,
        EVENT_PHRASES[language][zone.event],
        words.natures[zone.nature],
        zone.justification,
      ]),
    });
  }
  if (a.kind === "analytic_authorisation" && a.recordings.length > 0) {
    blocks.push(text(words.where.recordings));
    const rows = a.recordings.map(({ name, sha256 }) => [name, { digits: sha256 }] as const);
    blocks.push({ kind: "facts", rows });
  }
  return { heading: words.where.heading, blocks };
}

function whenSection({ a, words, when, language, timeZone }: Told): PageSection {
  const rows: [string, PageValue][] = [
    [words.when.from, `${when(a.validFrom)} (${timeZone})`],
    [words.when.until, `${when(a.validUntil)} (${timeZone})`],
  ];
  if (a.kind === "analytic_authorisation") {
    for (const window of a.dailyWindows) {
      rows.push([words.when.hours, `${window.from}–${window.until}, ${dayWords(window.days, language)}`]);
    }
    if (a.dailyWindows.length === 0) rows.push([words.when.hours, words.when.allDay]);
    const gathering = a.eventGathering;
    if (gathering !== null) {
      const span = words.when.span(when(gathering.start), when(gathering.end));
      const attendance = gathering.attendanceExpected;
      rows.push([
        words.when.gathering,
        `${gathering.name}, ${span}${attendance === null ? "" : `, ${words.when.attendance(attendance)}`}`,
      ]);
    }
    if (a.renewalOf !== null) rows.push([words.when.renews, words.when.renewal(a.renewalCount, a.renewalOf)]);
  }
  return section(words.when.heading, { kind: "facts", rows });
}

function why({ a, words, language, facts }: Told): PageSection {
  const blocks: PageBlock[] = [text(a.purpose[language]), text(a.grounds[language])];
  if (a.kind === "analytic_authorisation" && a.eventGathering !== null) {
    blocks.push(text(a.eventGathering.exposureGrounds[language]));
  }
  const items = a.legalBasis.map(({ instrumentId, article, profileId }) => {
    const instrument = facts.profile?.instruments.find(({ id }) => id === instrumentId);
    return `${instrument?.title[language] ?? instrumentId}, ${article} (${words.why.profile} ${profileId})`;
  });
  return { heading: words.why.heading, blocks: [...blocks, text(words.why.basis), { kind: "list", items }] };
}

function conditions({ facts, words, language, when, timeZone }: Told, a: AnalyticAuthorisation): PageSection {
  const rows = a.conditions.map((condition) => {
    const { attestedAt, attestedBy, validFor } = condition;
    const state = facts.verified.signatures.conditions[condition.id] ?? "missing";
    if (attestedAt === null) return [condition.text[language], words.conditions.never, ""];
    const lengths = [validFor, facts.profile?.limits.attestationValidFor ?? validFor];
    const end = Math.min(
      ...lengths.map((length) => isoDurationEnd(Date.parse(attestedAt), length, timeZone)),
    );
    const by = words.conditions.by(attestedBy ?? "?", when(attestedAt), words.signatures[state]);
    const lapses = when(new Date(end).toISOString());
    return [condition.text[language], by, end > facts.at ? lapses : words.conditions.lapsed(lapses)];
  });
  return section(words.conditions.heading, { kind: "table", head: words.conditions.head, rows });
}

function who({ a, words }: Told): PageSection {
  const { controller, issuingAuthority } = a;
  const rows: [string, PageValue][] = [
    [words.who.authority, named(issuingAuthority)],
    [words.who.controller, `${controller.name}, ${controller.service}`],
    [words.who.contact, controller.contact],
  ];
  if (controller.SIREN !== null) rows.push(["SIREN", controller.SIREN]);
  if (controller.dpo !== null) rows.push([words.who.dpo, controller.dpo]);
  if (a.associatedServices.length > 0) rows.push([words.who.services, a.associatedServices.join(", ")]);
  for (const { name, role, country } of a.processors) {
    rows.push([words.who.processor, `${name}, ${role} (${country})`]);
  }
  if (a.kind === "analytic_authorisation" && a.operators !== null) {
    rows.push([words.who.operators, words.who.designated(a.operators.count, a.operators.designationAct)]);
  }
  return section(words.who.heading, { kind: "facts", rows });
}

/** An authority with the code of its territory, where it has one. */
function named({ name, territory }: Authorisation["issuingAuthority"]): string {
  return /\d/.test(territory) ? `${name} (${territory})` : name;
}

function papers({ words, when, language }: Told, a: AnalyticAuthorisation): PageSection {
  const kept = (length: string) => durationWords(length, language);
  const rows: [string, PageValue][] = [
    [words.papers.clips, kept(a.retention.clips)],
    [words.papers.logs, kept(a.retention.accessLogs)],
    [words.papers.aggregates, kept(a.retention.aggregates)],
    [words.papers.location, a.dataLocation.join(", ")],
  ];
  const { dpia, fria, conformityAttestation: attestation, commissionOpinion: opinion, cnil } = a;
  if (dpia !== null) rows.push([words.papers.dpia, dpia.url === null ? when(dpia.date) : { href: dpia.url }]);
  if (fria !== null) rows.push([words.papers.fria, fria.url === null ? when(fria.date) : { href: fria.url }]);
  if (attestation !== null) {
    rows.push([words.papers.attestation, `${attestation.by}, ${when(attestation.date)}`]);
    rows.push(["", { href: attestation.url }]);
  }
  if (opinion !== null) rows.push([words.papers.opinion, `${opinion.sense}, ${when(opinion.date)}`]);
  if (cnil !== null && cnil.opinionRef !== null) rows.push(["CNIL", cnil.opinionRef]);
  const { noticeUrl, means, exempted, exemptionGrounds } = a.publicInformation;
  if (means.length > 0) rows.push([words.papers.told, means.join(", ")]);
  if (noticeUrl !== null) rows.push([words.papers.notice, { href: noticeUrl }]);
  if (exempted) rows.push([words.papers.notTold, exemptionGrounds?.[language] ?? words.papers.exempted]);
  for (const model of new Set(a.analytics.map(({ modelSha256 }) => modelSha256))) {
    rows.push([words.papers.model, { digits: model }]);
  }
  return section(words.papers.heading, { kind: "facts", rows });
}

function decision({ a, words, when, facts }: Told): PageSection {
  const rows: [string, PageValue][] = [
    [words.decision.reference, a.reference],
    [words.decision.decided, when(a.decidedAt)],
  ];
  if (a.publishedAt !== null) rows.push([words.decision.published, when(a.publishedAt)]);
  if (a.publicationUrl !== null) rows.push([words.decision.where, addressOf(a.publicationUrl, words)]);
  rows.push(
    [words.decision.document, { digits: a.documentSha256 }],
    [words.decision.id, { digits: a.id }],
    [words.decision.file, { digits: facts.verified.sha256 }],
  );
  return section(words.decision.heading, { kind: "facts", rows });
}

function signed({ words, facts }: Told): PageSection {
  const { signatures } = facts.verified;
  const row = (name: string, state: SignatureState, holder: string | null) => [
    name,
    words.signatures[state],
    holder ?? words.signed.nobody,
  ];
  return section(words.signed.heading, text(words.signed.explained), {
    kind: "table",
    head: words.signed.head,
    rows: [
      row(words.signed.decision, signatures.decision, signatures.decisionHolder),
      row(words.signed.publication, signatures.publication, signatures.publicationHolder),
    ],
  });
}

function history({ a, words, when, facts }: Told): PageSection {
  const rows = a.statusHistory.map((entry, index) => [
    when(entry.at),
    words.statuses[entry.status],
    entry.by,
    words.history.reasons[entry.reason] ?? entry.reason,
    words.signatures[facts.verified.signatures.history[index] ?? "missing"],
  ]);
  return section(words.history.heading, { kind: "table", head: words.history.head, rows });
}

function appeal({ a, words, language }: Told): PageSection {
  return section(
    words.appeal.heading,
    {
      kind: "facts",
      rows: [
        [words.appeal.court, a.appeal.court],
        [words.appeal.deadline, a.appeal.deadline],
      ],
    },
    text(a.appeal.howTo[language]),
  );
}

function section(heading: string, ...blocks: readonly PageBlock[]): PageSection {
  return { heading, blocks };
}

function text(words: string): PageBlock {
  return { kind: "text", text: words };
}

function addressOf(url: string, words: AuthorisationWords): PageValue {
  return /^https?:/.test(url) ? { href: url } : words.decision.beside;
}

type Coordinates = readonly (number | Coordinates)[];

/** West, south, east and north of all positions. */
function extentOf(coordinates: Coordinates): [number, number, number, number] | null {
  const positions: (readonly [number, number])[] = [];
  const visit = (part: Coordinates): void => {
    const [x, y] = part;
    if (typeof x === "number" && typeof y === "number") positions.push([x, y]);
    else for (const inner of part) if (typeof inner !== "number") visit(inner);
  };
  visit(coordinates);
  if (positions.length === 0) return null;
  const xs = positions.map(([x]) => x);
  const ys = positions.map(([, y]) => y);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}
