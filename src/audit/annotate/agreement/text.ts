import { ALERT_WORDS } from "../../../report/alert-words.ts";
import { clockTime, FORMATS, type Language } from "../../../report/language.ts";
import type { Agreement, EventAgreement, GroupAgreement, Span } from "./agreement.ts";

/** What two references are called. */
export interface Names {
  readonly a: string;
  readonly b: string;
}

/** The agreement in plain words: the answer first, then what it rests on. */
export function agreementText(agreement: Agreement, names: Names, language: Language): string {
  const w = WORDS[language];
  const { all, groups, counts } = agreement;
  const lines = [w.answer(all), ""];
  if (all.begin !== null && all.end !== null) {
    lines.push(w.times(all.begin.meanAbsolute, all.begin.p90, all.end.meanAbsolute, all.end.p90));
    lines.push(...(Math.abs(all.begin.mean) >= 0.05 ? [w.earlier(all.begin.mean, names)] : []), "");
  }
  if (groups.length > 0) {
    lines.push(w.byRule);
    for (const group of groups) lines.push(`  ${w.group(nameOf(group, language), group)}`);
    lines.push(`  ${w.kappaNote(agreement.binSeconds)}`);
    if (!agreement.secondsKnown) lines.push(`  ${w.secondsUnknown(agreement.seconds)}`);
    lines.push("");
  }
  lines.push(...only(names.a, all.onlyA, language), ...only(names.b, all.onlyB, language));
  if (all.boxes !== null) lines.push(w.boxes(all.boxes.pairs, all.boxes.meanIou, all.boxes.leastIou));
  if (all.oneBox > 0) lines.push(w.oneBox(all.oneBox));
  if (all.otherConditions > 0) lines.push(w.conditions(all.otherConditions));
  if (counts !== null)
    lines.push(w.counts(counts.samples, counts.rule, counts.meanAbsolute, counts.bias, names));
  if (counts !== null && counts.concordance !== null) lines.push(w.concordance(counts.concordance));
  if (all.boxes !== null || all.oneBox > 0 || all.otherConditions > 0 || counts !== null) lines.push("");
  lines.push(w.meaning);
  return lines.join("\n");
}

function only(name: string, spans: readonly Span[], language: Language): readonly string[] {
  if (spans.length === 0) return [];
  const listed = spans.map((span) => {
    const times =
      span.end === span.begin ? instant(span.begin) : `${instant(span.begin)} – ${instant(span.end)}`;
    return `  ${times}  ${nameOf(span, language)}`;
  });
  return [WORDS[language].only(spans.length, name), ...listed, ""];
}

/** To the tenth of a second. */
function instant(seconds: number): string {
  const tenths = Math.round(seconds * 10);
  return `${clockTime(Math.floor(tenths / 10))}.${tenths % 10}`;
}

function nameOf(
  { event, rule }: { readonly event: string; readonly rule: string | null },
  language: Language,
): string {
  const known: Readonly<Record<string, string>> = ALERT_WORDS[language].events;
  const name = (Object.hasOwn(known, event) ? known[event] : undefined) ?? event.replaceAll("_", " ");
  return rule === null ? name : `${name} (${rule})`;
}

interface Words {
  readonly answer: (all: EventAgreement) => string;
  readonly times: (begin: number, begin90: number, end: number, end90: number) => string;
  readonly earlier: (mean: number, names: Names) => string;
  readonly byRule: string;
  readonly group: (name: string, group: GroupAgreement) => string;
  readonly kappaNote: (bin: number) => string;
  readonly secondsUnknown: (seconds: number) => string;
  readonly only: (count: number, name: string) => string;
  readonly boxes: (pairs: number, mean: number, least: number) => string;
  readonly oneBox: (count: number) => string;
  readonly conditions: (count: number) => string;
  readonly counts: (samples: number, rule: string, error: number, bias: number, names: Names) => string;
  readonly concordance: (value: number) => string;
  readonly meaning: string;
}

const en = FORMATS.en;
const EN: Words = {
  answer: ({ agreed, share, f1, inA, inB, onlyA, onlyB }) => {
    if (share === null || f1 === null) return "Neither marked an event: there is nothing to agree on.";
    const all = agreed + onlyA.length + onlyB.length;
    const [low, high] = share.interval;
    const number = all === 1 ? "1 event" : `${all} events`;
    return `They agree on ${agreed} of ${number} (${en.percent(share.value)}; 95 % interval ${en.percent(low)} to ${en.percent(high)}).
One marked ${inA}, the other ${inB}. F1 of one against the other: ${en.number(f1, 3)}.`;
  },
  times: (begin, begin90, end, end90) =>
    `Where both marked an event, they put its beginning ${en.number(begin, 2)} s apart on average (9 of 10 within ${en.number(begin90, 2)} s),
and its end ${en.number(end, 2)} s (9 of 10 within ${en.number(end90, 2)} s).`,
  earlier: (mean, { a, b }) =>
    `On average ${mean > 0 ? a : b} begins events ${en.number(Math.abs(mean), 2)} s earlier.`,
  byRule: "By event and rule:",
  group: (name, { agreed, onlyA, onlyB, f1, kappa }) =>
    `${name}: ${agreed} of ${agreed + onlyA.length + onlyB.length}; F1 ${f1 === null ? "–" : en.number(f1, 3)}; kappa ${kappa === null ? "not defined" : en.number(kappa, 3)}`,
  kappaNote: (bin) =>
    `Kappa compares what both say of each ${en.number(bin, 1)} s of the recording: 1 is full agreement, 0 what chance would give.`,
  secondsUnknown: (seconds) =>
    `The recording is taken to end with the last mark, at ${instant(seconds)}: kappa is too low where it goes on. Give --seconds.`,
  only: (count, name) => `${count === 1 ? "1 event" : `${count} events`} only in ${name}:`,
  boxes: (pairs, mean, least) =>
    `Boxes: of ${pairs} that both drew, ${en.percent(mean)} is shared on average, ${en.percent(least)} at least (intersection over union).`,
  oneBox: (count) =>
    `${count} of the agreed events ${count === 1 ? "has" : "have"} a box from one of them only.`,
  conditions: (count) =>
    `${count} of the agreed events ${count === 1 ? "has" : "have"} other conditions declared.`,
  counts: (samples, rule, error, bias, { a, b }) =>
    `Counts of ${rule}, ${samples} instants: ${en.number(error, 2)} persons apart on average; ${b} counts ${en.number(Math.abs(bias), 2)} ${bias < 0 ? "fewer" : "more"} than ${a}.`,
  concordance: (value) => `Lin's concordance of the counts: ${en.number(value, 3)}; 1 is full agreement.`,
  meaning: `What it means: a system cannot be measured more exactly than its annotators agree. Look at each event that only one
of them has, together, by the written protocol; what stays open does not belong in a reference, or needs a
tolerance that covers it. Publish these figures with the scores.`,
};

const fr = FORMATS.fr;
const FR: Words = {
  answer: ({ agreed, share, f1, inA, inB, onlyA, onlyB }) => {
    if (share === null || f1 === null)
      return "Aucun des deux n'a marqué d'événement : il n'y a rien à comparer.";
    const all = agreed + onlyA.length + onlyB.length;
    const [low, high] = share.interval;
    return `Accord sur ${agreed} événement${agreed > 1 ? "s" : ""} sur ${all} (${fr.percent(share.value)} ; intervalle à 95 % : ${fr.percent(low)} à ${fr.percent(high)}).
L'un en a marqué ${inA}, l'autre ${inB}. F1 de l'un par rapport à l'autre : ${fr.number(f1, 3)}.`;
  },
  times: (begin, begin90, end, end90) =>
    `Pour un même événement, les débuts sont à ${fr.number(begin, 2)} s l'un de l'autre en moyenne (9 sur 10 à moins de ${fr.number(begin90, 2)} s),
les fins à ${fr.number(end, 2)} s (9 sur 10 à moins de ${fr.number(end90, 2)} s).`,
  earlier: (mean, { a, b }) =>
    `En moyenne, ${mean > 0 ? a : b} fait débuter les événements ${fr.number(Math.abs(mean), 2)} s plus tôt.`,
  byRule: "Par événement et par règle :",
  group: (name, { agreed, onlyA, onlyB, f1, kappa }) =>
    `${name} : ${agreed} sur ${agreed + onlyA.length + onlyB.length} ; F1 ${f1 === null ? "–" : fr.number(f1, 3)} ; kappa ${kappa === null ? "non défini" : fr.number(kappa, 3)}`,
  kappaNote: (bin) =>
    `Le kappa compare ce que les deux disent de chaque tranche de ${fr.number(bin, 1)} s : 1 pour un accord entier, 0 pour ce que donnerait le hasard.`,
  secondsUnknown: (seconds) =>
    `L'enregistrement est supposé finir à la dernière marque, ${instant(seconds)} : s'il continue, le kappa est trop bas. Indiquez --seconds.`,
  only: (count, name) => `${count} événement${count > 1 ? "s" : ""} seulement dans ${name} :`,
  boxes: (pairs, mean, least) =>
    `Cadres : sur ${pairs} tracés par les deux, ${fr.percent(mean)} de surface commune en moyenne, ${fr.percent(least)} au moins (intersection sur union).`,
  oneBox: (count) =>
    `${count} événement${count > 1 ? "s communs n'ont" : " commun n'a"} de cadre que chez l'un des deux.`,
  conditions: (count) =>
    `${count} événement${count > 1 ? "s communs ont" : " commun a"} des conditions déclarées différentes.`,
  counts: (samples, rule, error, bias, { a, b }) =>
    `Comptages de ${rule}, ${samples} instants : ${fr.number(error, 2)} personnes d'écart en moyenne ; ${b} en compte ${fr.number(Math.abs(bias), 2)} de ${bias < 0 ? "moins" : "plus"} que ${a}.`,
  concordance: (value) =>
    `Concordance de Lin des comptages : ${fr.number(value, 3)} ; 1 pour un accord entier.`,
  meaning: `Ce que cela veut dire : on ne peut pas mesurer un système plus finement que ses annotateurs ne s'accordent. Revoyez
ensemble, protocole en main, chaque événement que l'un est seul à avoir marqué ; ce qui reste douteux n'a pas sa
place dans une référence, ou demande une tolérance qui le couvre. Publiez ces chiffres avec les résultats.`,
};

const WORDS: Readonly<Record<Language, Words>> = { en: EN, fr: FR };
