import { STATISTICS } from "../engine/questions.ts";
import { REASON_TEXTS } from "../policy/reason-texts.ts";
import { durationWords } from "../policy/time-words.ts";
import type { Language } from "../report/language.ts";
import { type Line, line } from "./check-lines.ts";
import type { CheckedGate, CheckedLaw, CheckedReason, GateAnswer, GateCamera } from "./check-report.ts";
import { dayOf, whenOf } from "./check-when.ts";
import { CHECK_WORDS } from "./check-words.ts";

/** What the gate says of a camera in one line: how many rules may run and until when, or the first reason why none may. */
export function cameraVerdict(camera: GateCamera, gate: CheckedGate, language: Language): string {
  const words = CHECK_WORDS[language];
  const allowed = camera.answers.filter(({ allow }) => allow);
  const when = (instant: string) => whenOf(instant, gate.timeZone, language);
  const judged = camera.instant === "recording" ? words.on(when(camera.at)) : "";
  const opening = openingOf(camera);
  const end = allowed.length > 0 ? endOf(allowed, when, language) : "";
  const opens = allowed.length === 0 && opening !== null ? words.from(when(opening)) : "";
  const why = allowed.length > 0 ? "" : `. ${mainReason(camera, language)}`;
  const unread = camera.error === null ? "" : ` — ${words.noFootage}`;
  return `${camera.id}${words.colon}${countOf(camera, allowed.length, language)}${judged}${end}${opens}${unread}${why}`;
}

/** Rules that have the same answer share a paragraph. */
export function gateLines(camera: GateCamera, gate: CheckedGate, language: Language): readonly Line[] {
  const words = CHECK_WORDS[language];
  const lines: Line[] = [];
  if (camera.error !== null) {
    lines.push(line(2, `${camera.error.message} (${camera.error.code})`), line(4, camera.error.help));
  }
  if (camera.instant === "recording_without_start") lines.push(line(2, words.noStart));
  const groups = Map.groupBy(camera.answers, ({ ruleId: _, event: __, ...same }) => JSON.stringify(same));
  for (const group of groups.values()) {
    const [first] = group;
    if (first === undefined) continue;
    lines.push(
      line(2, first.allow ? words.mayRun(namesOf(group, words)) : words.mayNotRun(namesOf(group, words))),
      ...(first.allow ? yesLines(first, gate, language) : noLines(first, gate, language)),
    );
  }
  return lines;
}

function namesOf(answers: readonly GateAnswer[], words: (typeof CHECK_WORDS)[Language]): string {
  const statistics = answers.every(({ ruleId }) => ruleId === STATISTICS);
  return statistics
    ? words.statisticsOf(answers.map(({ event }) => event).join(", "))
    : answers.map(({ ruleId }) => ruleId).join(", ");
}

function countOf({ answers }: GateCamera, allowed: number, language: Language): string {
  const words = CHECK_WORDS[language];
  if (answers.every(({ ruleId }) => ruleId === STATISTICS)) return words.statistics(allowed > 0);
  if (allowed === 0) return words.none(answers.length);
  return allowed === answers.length ? words.all(allowed) : words.some(allowed, answers.length);
}

/** The first instant at which one of those that may run no longer does. */
function endOf(
  allowed: readonly GateAnswer[],
  when: (instant: string) => string,
  language: Language,
): string {
  const words = CHECK_WORDS[language];
  const ends = allowed.flatMap(({ turn }) => (turn === null ? [] : [turn.at])).toSorted();
  const looked = allowed.flatMap(({ lookedAheadTo }) => lookedAheadTo ?? []).toSorted();
  if (ends[0] !== undefined) return words.until(when(ends[0]));
  return looked[0] === undefined ? words.noEnd : `, ${words.atLeastUntil(when(looked[0]))}`;
}

/** When the first of its rules may run, where time alone brings that. */
function openingOf({ answers }: GateCamera): string | null {
  const opens = answers.flatMap(({ allow, turn }) => (allow || turn === null ? [] : [turn.at])).toSorted();
  return opens[0] ?? null;
}

function mainReason({ answers }: GateCamera, language: Language): string {
  const codes = [...new Set(answers.flatMap(({ reasons }) => reasons.map(({ code }) => code)))];
  const [first] = codes;
  if (first === undefined) return "";
  const more = codes.length === 1 ? "" : CHECK_WORDS[language].andMore(codes.length - 1);
  return `${REASON_TEXTS[first].why[language]}${more}`;
}

function yesLines(answer: GateAnswer, gate: CheckedGate, language: Language): readonly Line[] {
  const words = CHECK_WORDS[language];
  const lines: Line[] = [];
  for (const { source, law } of answer.reasons) {
    lines.push(line(4, `${words.label.law}${words.colon}${source}`));
    if (law !== null) lines.push(...lawLines(law, 6, language));
  }
  const { authorisation, turn, lookedAheadTo, evidence } = answer;
  if (authorisation !== null) {
    const { reference, authority, id } = authorisation;
    lines.push(line(4, `${words.label.authorisation}${words.colon}${reference}, ${authority} (${id})`));
  }
  const when = (instant: string) => whenOf(instant, gate.timeZone, language);
  if (turn !== null) {
    const why = turn.reasons.map(({ code }) => `${REASON_TEXTS[code].why[language]} (${code})`).join(" ");
    lines.push(line(4, `${words.label.until}${words.colon}${words.ends(when(turn.at), why)}`));
  } else if (lookedAheadTo !== null) {
    lines.push(line(4, `${words.label.time}${words.colon}${words.atLeastUntil(when(lookedAheadTo))}`));
  }
  lines.push(line(4, `${words.label.evidence}${words.colon}${evidenceText(evidence, gate, language)}`));
  return lines;
}

function evidenceText(evidence: GateAnswer["evidence"], gate: CheckedGate, language: Language): string {
  const words = CHECK_WORDS[language];
  if (evidence === null || gate.evidence === null) return words.nothingShown;
  const undecided = evidence.undecidedFor === null ? null : durationWords(evidence.undecidedFor, language);
  const kept = words.kept(durationWords(evidence.atMost, language), undecided);
  return `${words.sealed[gate.evidence.atRest]}, ${kept}`;
}

function noLines(answer: GateAnswer, gate: CheckedGate, language: Language): readonly Line[] {
  const words = CHECK_WORDS[language];
  const { turn, lookedAheadTo, authorisation, ifVerified } = answer;
  const would = new Set(ifVerified.map(({ ruleId }) => ruleId));
  const lines = answer.reasons.flatMap((reason, index) => reasonLines(reason, index + 1, would, language));
  // The others are not told as reasons, since another one comes before them.
  const named = new Set(answer.reasons.flatMap(({ law }) => (law === null ? [] : [law.ruleId])));
  for (const law of ifVerified.filter(({ ruleId }) => !named.has(ruleId))) {
    lines.push(
      line(4, `${words.label.ifVerified}${words.colon}${law.citation}`),
      ...lawLines(law, 6, language),
    );
  }
  if (authorisation !== null) {
    const { reference, authority, id } = authorisation;
    lines.push(line(4, `${words.label.nearest}${words.colon}${reference}, ${authority} (${id})`));
  }
  if (lookedAheadTo === null) {
    const opens = turn === null ? words.onlyOthers : words.opens(whenOf(turn.at, gate.timeZone, language));
    lines.push(line(4, `${words.label.time}${words.colon}${opens}`));
  }
  return lines;
}

/** @param would ids of rules that would permit it if somebody verified them */
function reasonLines(
  { code, source, law }: CheckedReason,
  number: number,
  would: ReadonlySet<string>,
  language: Language,
): readonly Line[] {
  const words = CHECK_WORDS[language];
  const { why, remedy } = REASON_TEXTS[code];
  return [
    line(4, `${number}. ${why[language]} (${code})`),
    line(7, `${words.label.source}${words.colon}${source}`),
    ...(law === null ? [] : lawLines(law, 7, language)),
    line(7, `${words.label.remedy}${words.colon}${remedy[language]}`),
    ...(code === "unverified_basis" && law !== null
      ? [line(7, `${words.label.ifDone}${words.colon}${words.wouldPermit(would.has(law.ruleId))}`)]
      : []),
  ];
}

/** What a rule says, and how far somebody has checked it. */
function lawLines(law: CheckedLaw, indent: number, language: Language): readonly Line[] {
  const words = CHECK_WORDS[language];
  const on = law.checkedOn === null ? null : dayOf(law.checkedOn, language);
  return [
    line(indent, words.says(law.text[language])),
    line(indent, `${words.label.check}${words.colon}${words.checked(law.verification, law.checkedBy, on)}`),
  ];
}
