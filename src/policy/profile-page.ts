import { EVENT_TYPES, type EventType } from "../event.ts";
import { EVENT_PHRASES } from "./notice-text.ts";
import type { Hashed, Instrument, Profile, ProfileRule, Regime } from "./profile.ts";
import { PROFILE_WORDS, type ProfileWords } from "./profile-words.ts";
import type { FootageKind, Use } from "./question.ts";
import type { ReasonCode } from "./reasons.ts";
import { durationWords, type TextLanguage } from "./time-words.ts";
import { type Lane, type Span, timeline, type Verdict } from "./timeline.ts";

/** A profile as a page that a jurist reads and corrects, in one language: every text is ready to be set. */
export interface ProfilePage {
  readonly language: TextLanguage;
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  /** Name and value: what it is, which places, whose clock, which version. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly lanes: readonly PageLane[];
  readonly rules: readonly PageRule[];
  readonly otherwise: PageStatement | null;
  readonly instruments: readonly PageInstrument[];
  readonly practices: readonly PagePractice[];
  /** What it takes beside the law; empty for an overlay. */
  readonly conditions: readonly string[];
  readonly correction: readonly string[];
}

export interface PageLane {
  /** Which questions it answers. */
  readonly about: string;
  readonly spans: readonly PageSpan[];
}

export interface PageSpan {
  /** First and last day (ISO), both included; null is open. */
  readonly from: string | null;
  readonly until: string | null;
  readonly verdict: Verdict;
  /** The days and the answer in words. */
  readonly fromWords: string;
  readonly untilWords: string;
  readonly answer: string;
  /** The rules that answer. */
  readonly ruleIds: readonly string[];
}

/** Something said, with what it rests on and who checked it. */
export interface PageStatement {
  readonly id: string;
  readonly text: string;
  readonly citation: string;
  readonly url: string | null;
  readonly verified: boolean;
  readonly check: string;
}

export interface PageRule extends PageStatement {
  readonly effect: ProfileRule["effect"];
  readonly effectWords: string;
  readonly about: string;
  readonly days: string;
  readonly instrument: string;
  readonly territory: string | null;
}

export interface PageInstrument extends PageStatement {
  readonly status: string;
  readonly note: string | null;
}

export interface PagePractice extends PageStatement {
  readonly days: string;
  readonly absence: string;
  readonly proofs: readonly string[];
}

/** The page of a profile. Pure: the same profile and language give the same page. */
export function profilePage({ profile, sha256 }: Hashed<Profile>, language: TextLanguage): ProfilePage {
  const words = PROFILE_WORDS[language];
  return {
    language,
    id: profile.id,
    title: profile.title[language],
    summary: profile.summary[language],
    facts: facts(profile, sha256, words, language),
    lanes: timeline(profile).map((lane) => laneOf(lane, words, language)),
    rules: profile.rules.map((rule) => ruleOf(profile, rule, words, language)),
    otherwise: otherwiseOf(profile, words, language),
    instruments: profile.instruments.map((instrument) => instrumentOf(instrument, words, language)),
    practices: profile.practices.map((practice) => ({
      ...statement(practice, words),
      text: practice.text[language],
      days: words.interval(practice.interval),
      absence: practice.absence[language],
      proofs: practice.proofs,
    })),
    conditions: profile.kind === "regime" ? conditions(profile, words, language) : [],
    correction: words.correct(profile.id),
  };
}

/** A denial's code in words, where it is one of the law's own; else the code. */
export function reasonWords(code: ReasonCode, language: TextLanguage): string {
  const known: Partial<Readonly<Record<ReasonCode, string>>> = PROFILE_WORDS[language].reason;
  return known[code] ?? code;
}

/** Which questions: events, pictures and uses in words. */
export function aboutWords(
  events: readonly EventType[],
  footage: readonly FootageKind[],
  uses: readonly Use[],
  language: TextLanguage,
): string {
  const words = PROFILE_WORDS[language];
  const named =
    events.length === EVENT_TYPES.length
      ? words.allEvents
      : events.map((event) => EVENT_PHRASES[language][event]).join(", ");
  const kinds = footage.map((kind) => words.footage[kind]).join(", ");
  return words.about(named, kinds, uses.map((use) => words.use[use]).join(", "));
}

function facts(
  profile: Profile,
  sha256: string,
  words: ProfileWords,
  language: TextLanguage,
): ProfilePage["facts"] {
  const { heading } = words;
  return [
    [heading.kind, words.kind[profile.kind]],
    profile.kind === "regime"
      ? [heading.place, profile.place[language]]
      : [heading.forWhom, profile.forWhom[language]],
    [heading.jurisdiction, profile.jurisdiction],
    [heading.timeZone, profile.timeZone],
    [heading.version, profile.version],
    [heading.fingerprint, `sha256 ${sha256}`],
  ];
}

function laneOf(lane: Lane, words: ProfileWords, language: TextLanguage): PageLane {
  return {
    about: aboutWords(lane.events, lane.footage, lane.uses, language),
    spans: lane.spans.map((span) => spanOf(span, words, language)),
  };
}

function spanOf(span: Span, words: ProfileWords, language: TextLanguage): PageSpan {
  const { from, until, verdict, answer } = span;
  const codes = [...new Set(answer.denials.map(({ code }) => code))];
  const denied = verdict === "denied";
  return {
    from,
    until,
    verdict,
    fromWords: from === null ? "–" : words.day(from),
    untilWords: until === null ? "–" : words.day(until),
    answer: denied ? words.refused(codes.map((code) => reasonWords(code, language))) : words.verdict[verdict],
    ruleIds: [
      ...(answer.permit === null ? [] : [answer.permit.id]),
      ...answer.denials.flatMap(({ ruleId }) => (ruleId === null ? [] : [ruleId])),
    ],
  };
}

function ruleOf(profile: Profile, rule: ProfileRule, words: ProfileWords, language: TextLanguage): PageRule {
  const said = statement(rule, words);
  const events = rule.events === "all" ? EVENT_TYPES : rule.events;
  const instrument = profile.instruments.find(({ id }) => id === rule.instrument);
  return {
    ...said,
    text: rule.text[language],
    check: said.verified ? said.check : words.checkOf(said.check, words.consequence[rule.effect]),
    effect: rule.effect,
    effectWords: words.effect[rule.effect],
    about: aboutWords(events, rule.footage, rule.uses, language),
    days: words.interval(rule.interval),
    instrument: instrument?.title[language] ?? rule.instrument,
    territory: rule.territory,
  };
}

function otherwiseOf(profile: Profile, words: ProfileWords, language: TextLanguage): PageStatement | null {
  if (profile.kind !== "regime" || profile.otherwise === null) return null;
  return { ...statement(profile.otherwise, words), text: profile.otherwise.text[language] };
}

function instrumentOf(instrument: Instrument, words: ProfileWords, language: TextLanguage): PageInstrument {
  const { annulmentGround: ground, inForce, status, note, title } = instrument;
  const dated = inForce.from !== null || inForce.until !== null;
  return {
    ...statement({ ...instrument, article: null }, words),
    text: title[language],
    status: [
      words.status[status],
      ...(ground === null ? [] : [words.annulment[ground]]),
      ...(dated ? [words.interval(inForce)] : []),
    ].join(", "),
    note: note === null ? null : note[language],
  };
}

/** What every statement has: its id, its source and who checked it. */
function statement(
  of: Pick<ProfileRule, "id" | "source" | "verification" | "checkedBy" | "checkedOn"> & {
    readonly article: string | null;
  },
  words: ProfileWords,
): Omit<PageStatement, "text"> {
  const { id, article, source, verification, checkedBy, checkedOn } = of;
  return {
    id,
    citation: article === null ? source.title : `${source.title}, ${article}`,
    url: source.url,
    verified: verification === "verified",
    check:
      verification === "verified"
        ? words.verified(checkedBy ?? "?", checkedOn === null ? "?" : words.day(checkedOn))
        : words.unverified[verification],
  };
}

function conditions(profile: Regime, words: ProfileWords, language: TextLanguage): readonly string[] {
  const { requires, limits, handling } = profile;
  const duration = (iso: string) => durationWords(iso, language);
  const demanded = REQUIREMENTS.filter((key) => requires[key]).map((key) => words.requires[key][0]);
  const waived = REQUIREMENTS.filter((key) => !requires[key]).map((key) => words.requires[key][1]);
  return [
    words.analytic,
    ...demanded,
    words.maxDuration(duration(limits.maxDuration)),
    words.maxRetention(duration(limits.maxRetention)),
    words.attestation(duration(limits.attestationValidFor)),
    words.evidence[handling.evidence],
    words.clips(handling.clips, duration(handling.undecidedFor)),
    words.sinks[handling.sinks ? "true" : "false"],
    words.journal[handling.journal],
    ...waived,
  ];
}

const REQUIREMENTS = [
  "cameraAuthorisation",
  "certificate",
  "notice",
  "perimeter",
  "declaredZones",
  "listedRecordings",
  "separateKeys",
  "resumeByPerson",
] as const satisfies readonly (keyof Regime["requires"])[];
