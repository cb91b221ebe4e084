import { plain } from "../../report/html.ts";
import { FORMATS, type Formats, type Language } from "../../report/language.ts";
import { capital, counted, eventNoun, figure, rateUnit, spokenTime } from "../report/words.ts";
import type { ComparedSystem, Comparison, EventComparison, TestedDifference } from "./compare.ts";

/** What the comparison of one event says, as sentences to be read aloud: the answer first. */
export function eventSentences(of: EventComparison, tests: number, language: Language): readonly string[] {
  return [
    foundSentence(of, tests, language),
    rangeSentence(of, language),
    alarmSentence(of, tests, language),
    timeSentence(of, language),
    ...unwatchedSentences(of, language),
  ]
    .filter((sentence) => sentence !== null)
    .map((sentence) => (language === "fr" ? sentence.replaceAll(/ ([:;])/g, "\u00a0$1") : sentence));
}

/** What happened first, then what can be said of false alarms alone. */
export function readingOrder({ events }: Comparison): readonly EventComparison[] {
  return [
    ...events.filter(({ references }) => references > 0),
    ...events.filter(({ references }) => references === 0),
  ];
}

/** How many questions were asked of the same recordings: each makes a difference by chance likelier. */
export function countTests({ events }: Comparison): number {
  return events.flatMap(({ recall, falseAlarmsPerHour }) => [recall.p, falseAlarmsPerHour.p]).filter(isNumber)
    .length;
}

/** "B finds 4 more of 27 wrong-way passages: 25, and A 21. The difference may be chance (p = 0.22)." */
export function foundSentence(of: EventComparison, tests: number, language: Language): string {
  const { event, references, found, recall } = of;
  const { one, many, feminine } = eventNoun(event, language);
  const f = FORMATS[language];
  const en = language === "en";
  if (references === 0) {
    return en
      ? `There was no ${one} in these recordings: who finds more was not measured.`
      : `Il n’y a eu aucun${feminine ? "e" : ""} ${one} dans ces enregistrements : on n’a pas mesuré qui en trouve davantage.`;
  }
  const a = found.both + found.onlyA;
  const b = found.both + found.onlyB;
  const what = en
    ? `${f.number(references)} ${references === 1 ? one : many}`
    : `${f.number(references)} ${references < 2 ? one : many}`;
  if (a === b) {
    const same = found.onlyA === 0;
    if (en) {
      if (references === 1) return `There was one ${one}, and both ${a === 1 ? "found" : "missed"} it.`;
      const all =
        a === references ? `all ${what}` : a === 0 ? `none of ${what}` : `${f.number(a)} of ${what}`;
      return `Both found ${all}${same ? (a === 0 || a === references ? "" : ", the same ones") : `, not the same ones: ${f.number(found.onlyA)} A alone, ${f.number(found.onlyB)} B alone`}.`;
    }
    const e = feminine ? "e" : "";
    if (references === 1)
      return `Il y a eu un${e} seul${e} ${one}, et les deux l’ont ${a === 1 ? "trouvé" : "manqué"}${e}.`;
    if (a === 0) return `Sur ${what}, aucun des deux n’en a trouvé.`;
    if (a === references) return `Les deux ont trouvé l’ensemble des ${what}.`;
    return `Sur ${what}, les deux en ont trouvé ${f.number(a)}${same ? ", et ce sont les mêmes" : `, mais pas les mêmes : ${f.number(found.onlyA)} que A est seul à trouver, ${f.number(found.onlyB)} que B est seul à trouver`}.`;
  }
  const [better, worse] = b > a ? (["B", "A"] as const) : (["A", "B"] as const);
  const [most, fewest] = [Math.max(a, b), Math.min(a, b)];
  const chance = chanceWords(recall, tests, language);
  return en
    ? `${better} finds ${f.number(most - fewest)} more of ${what}: ${f.number(most)}, where ${worse} finds ${fewest === 0 ? "none" : f.number(fewest)}. ${chance}`
    : `${better} en trouve ${f.number(most - fewest)} de plus sur ${what} : ${f.number(most)}, contre ${f.number(fewest)} pour ${worse}. ${chance}`;
}

/** "The difference may be chance (p = 0.22)." */
function chanceWords({ p, adjustedP, shown }: TestedDifference, tests: number, language: Language): string {
  const f = FORMATS[language];
  if (p === null || adjustedP === null) return "";
  const en = language === "en";
  const verdict = shown
    ? en
      ? "That is more than chance"
      : "C’est plus que du hasard"
    : en
      ? "The difference may be chance"
      : "La différence peut être due au hasard";
  const together =
    tests < 2 || pWords(p, f) === pWords(adjustedP, f)
      ? ""
      : en
        ? `; ${pWords(adjustedP, f)} with all ${f.number(tests)} questions asked together`
        : ` ; ${pWords(adjustedP, f)} en tenant compte des ${f.number(tests)} questions posées ensemble`;
  return `${verdict} (${pWords(p, f)}${together}).`;
}

/** "p = 0.22", "p < 0.001". */
export function pWords(p: number, f: Formats): string {
  if (p < 0.001) return `p\u00a0<\u00a0${f.number(0.001, 3)}`;
  return `p\u00a0=\u00a0${p > 0.995 ? "1" : f.number(p, p < 0.1 ? 3 : 2)}`;
}

function rangeSentence({ recall: { interval } }: EventComparison, language: Language): string | null {
  if (interval === null) return null;
  const f = FORMATS[language];
  const [low, high] = interval.map((end) => Math.round(end * 100));
  if (low === undefined || high === undefined) return null;
  const en = language === "en";
  if (low < 0 && high > 0) {
    return en
      ? `Of 100, B would find between ${f.number(-low)} fewer and ${f.number(high)} more than A.`
      : `Sur 100, B en trouverait entre ${f.number(-low)} de moins et ${f.number(high)} de plus que A.`;
  }
  const [from, to] = [Math.min(Math.abs(low), Math.abs(high)), Math.max(Math.abs(low), Math.abs(high))];
  const more = high > 0;
  if (to === 0) return null;
  return en
    ? `Of 100, B would find between ${f.number(from)} and ${f.number(to)} ${more ? "more" : "fewer"} than A.`
    : `Sur 100, B en trouverait entre ${f.number(from)} et ${f.number(to)} de ${more ? "plus" : "moins"} que A.`;
}

function alarmSentence(of: EventComparison, tests: number, language: Language): string {
  const { falseAlarms, falseAlarmsPerHour: rate, exposureSeconds } = of;
  const f = FORMATS[language];
  const en = language === "en";
  if (rate.a === null || rate.b === null) {
    return en
      ? "False alarms cannot be compared: one of the two watched no recording for this."
      : "Les fausses alertes ne se comparent pas : l’un des deux n’a surveillé aucun enregistrement pour cela.";
  }
  const same = Math.abs(exposureSeconds.a - exposureSeconds.b) <= 0.02 * exposureSeconds.a;
  const time = spokenTime(Math.max(exposureSeconds.a, exposureSeconds.b), language);
  if (falseAlarms.a === 0 && falseAlarms.b === 0) {
    return en
      ? `Neither raised a false alarm in ${time}.`
      : `Aucune fausse alerte, ni de A ni de B, en ${time}.`;
  }
  const unit = rateUnit(Math.max(rate.a, rate.b));
  const [a, b] = [figure(rate.a * unit.hours, f), figure(rate.b * unit.hours, f)];
  const chance = rate.difference === 0 ? "" : ` ${chanceWords(rate, tests, language)}`;
  if (en) {
    const raised = `A raised ${counted(falseAlarms.a, "false alarm", "false alarms", "en")}, B ${f.number(falseAlarms.b)}`;
    return `${raised}${same ? `, in ${time}` : ""} (${a} and ${b} ${unit.en}).${chance}`;
  }
  const raised = `A a levé ${counted(falseAlarms.a, "fausse alerte", "fausses alertes", "fr")}, B ${f.number(falseAlarms.b)}`;
  return `${raised}${same ? `, en ${time}` : ""} (${a} et ${b} ${unit.fr}).${chance}`;
}

function timeSentence({ secondsToAlert }: EventComparison, language: Language): string | null {
  const { pairs, difference, interval } = secondsToAlert;
  if (difference === null || pairs === 0) return null;
  const f = FORMATS[language];
  const size = `${f.number(Math.abs(difference), 1)}\u00a0s`;
  const en = language === "en";
  const certain = interval !== null && (interval[0] > 0 || interval[1] < 0);
  if (Math.abs(difference) < 0.05) {
    return en
      ? `What both found, they found equally soon.`
      : `Ce que les deux ont trouvé, ils l’ont trouvé aussi vite.`;
  }
  const later = difference > 0;
  if (en) {
    const doubt = certain ? "" : " (this may be chance)";
    return `Of the ${f.number(pairs)} that both found, B was typically ${size} ${later ? "later" : "earlier"}${doubt}.`;
  }
  const doubt = certain ? "" : " (ce peut être le hasard)";
  return `Sur les ${f.number(pairs)} que les deux ont trouvés, B a le plus souvent ${size} ${later ? "de retard" : "d’avance"}${doubt}.`;
}

function unwatchedSentences(
  { unwatched, references }: EventComparison,
  language: Language,
): readonly string[] {
  return (["a", "b"] as const).flatMap((side) => {
    const count = unwatched[side];
    if (count === 0) return [];
    const name = side.toUpperCase();
    const missed =
      references === 0
        ? "."
        : language === "en"
          ? ": what happened there counts as missed."
          : " : ce qui s’y est passé compte comme manqué.";
    return [
      language === "en"
        ? `${name} did not watch ${counted(count, "rule", "rules", "en")} for this${missed}`
        : `${name} n’a pas surveillé ${counted(count, "règle", "règles", "fr")} de ce genre${missed}`,
    ];
  });
}

/** The most that can be said in a line: what differs for certain, or that nothing does. */
export function headline(comparison: Comparison, language: Language): string {
  const en = language === "en";
  const shown = comparison.events.flatMap(({ event, recall, falseAlarmsPerHour }) => {
    const { many } = eventNoun(event, language);
    const out: string[] = [];
    if (recall.shown) {
      const better = (recall.difference ?? 0) > 0 ? "B" : "A";
      out.push(en ? `${better} finds more ${many}` : `${better} trouve davantage : ${many}`);
    }
    if (falseAlarmsPerHour.shown) {
      const better = (falseAlarmsPerHour.difference ?? 0) < 0 ? "B" : "A";
      out.push(
        en
          ? `${better} raises fewer false alarms (${many})`
          : `${better} lève moins de fausses alertes (${many})`,
      );
    }
    return out;
  });
  if (shown.length > 0) return capital(shown.join(en ? "; " : " ; "));
  const measured = ({ references, falseAlarmsPerHour: { difference } }: EventComparison) =>
    references > 0 || difference !== null;
  if (!comparison.events.some(measured))
    return en ? "There is nothing to compare" : "Il n’y a rien à comparer";
  return en
    ? "These recordings do not show that one is better than the other"
    : "Ces enregistrements ne montrent pas que l’un soit meilleur que l’autre";
}

/** "Contrechamp (0.1.0, d-fine-s)". */
export function systemWords({ name, detail }: ComparedSystem): string {
  return plain(detail === "" ? name : `${name} (${detail})`);
}

/** "14 recordings of 6 cameras, 40 minutes". */
export function recordingsWords({ clips, cameras, seconds }: Comparison, language: Language): string {
  return language === "en"
    ? `${counted(clips, "recording", "recordings", "en")} of ${counted(cameras, "camera", "cameras", "en")}, ${spokenTime(seconds, "en")}`
    : `${counted(clips, "enregistrement", "enregistrements", "fr")} de ${counted(cameras, "caméra", "caméras", "fr")}, ${spokenTime(seconds, "fr")}`;
}

/** A figure of both systems, as cells of a table. */
export interface FigureRow {
  readonly label: string;
  readonly a: string;
  readonly b: string;
  readonly difference: string;
  readonly interval: string;
}

/** The figures of one event, those that either system has. */
export function eventRows(of: EventComparison, language: Language): readonly FigureRow[] {
  const f = FORMATS[language];
  const en = language === "en";
  const share = (value: number) => f.percent(value);
  const points = (value: number) => `${signed(value * 100, 0, f)}\u00a0pts`;
  const { a, b, interval } = of.falseAlarmsPerHour;
  const unit = rateUnit(Math.max(a ?? 0, b ?? 0, ...(interval ?? [1]).map(Math.abs)));
  const rate = (value: number) => figure(value * unit.hours, f);
  const seconds = (value: number) => `${f.number(value, 1)}\u00a0s`;
  return [
    row(en ? "found" : "trouvés", of.recall, share, points, en),
    row(en ? "alerts right" : "alertes justes", of.precision, share, points, en),
    row(
      en ? `false alarms ${unit.en}` : `fausses alertes ${unit.fr}`,
      of.falseAlarmsPerHour,
      rate,
      (value) => signed(value * unit.hours, Math.abs(value) * unit.hours < 10 ? 1 : 0, f),
      en,
    ),
    row(
      en ? "time to alert" : "délai d’alerte",
      of.secondsToAlert,
      seconds,
      (value) => signed(value, 1, f),
      en,
    ),
  ].filter(({ a, b }) => a !== NONE || b !== NONE);
}

/** Errors of counts and tracking scores, where both were measured. */
export function otherRows({ counts, tracking }: Comparison, language: Language): readonly FigureRow[] {
  const f = FORMATS[language];
  const en = language === "en";
  const number = (value: number) => f.number(value, 2);
  const difference = (value: number) => signed(value, 2, f);
  const rows: FigureRow[] = [];
  if (counts !== null) {
    const label = en ? "mean error of counts, persons" : "erreur moyenne des comptages, personnes";
    rows.push(row(label, counts, number, difference, en));
  }
  if (tracking !== null) {
    for (const [name, label] of TRACKING)
      rows.push(row(label[language], tracking[name], number, difference, en));
  }
  return rows;
}

const TRACKING = [
  ["hota", { en: "tracking, HOTA", fr: "suivi, HOTA" }],
  ["mota", { en: "tracking, MOTA", fr: "suivi, MOTA" }],
  ["idf1", { en: "tracking, IDF1", fr: "suivi, IDF1" }],
  ["idSwitches", { en: "changes of track, a recording", fr: "changements de piste, par enregistrement" }],
] as const;

const NONE = "–";

function row(
  label: string,
  of: Pick<TestedDifference, "a" | "b" | "difference" | "interval">,
  value: (of: number) => string,
  difference: (of: number) => string,
  en: boolean,
): FigureRow {
  const or = (number: number | null, words: (of: number) => string) =>
    number === null ? "–" : words(number);
  return {
    label,
    a: or(of.a, value),
    b: or(of.b, value),
    difference: or(of.difference, difference),
    interval:
      of.interval === null
        ? NONE
        : `${difference(of.interval[0])} ${en ? "to" : "à"} ${difference(of.interval[1])}`,
  };
}

/** "+4", "−0.35", "0". */
export function signed(value: number, digits: number, f: Formats): string {
  const size = f.number(Math.abs(value), digits);
  if (Number(Math.abs(value).toFixed(digits)) === 0) return f.number(0, digits);
  return `${value < 0 ? "−" : "+"}${size}`;
}

function isNumber(value: number | null): value is number {
  return value !== null;
}
