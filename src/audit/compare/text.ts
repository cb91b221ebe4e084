import { plain } from "../../report/html.ts";
import { clockTime, type Language } from "../../report/language.ts";
import { capital, eventNoun } from "../report/words.ts";
import type { Comparison, EventComparison, FoundByOne } from "./compare.ts";
import { FEWEST_CAMERAS } from "./paired-intervals.ts";
import {
  countTests,
  eventRows,
  eventSentences,
  type FigureRow,
  headline,
  otherRows,
  readingOrder,
  recordingsWords,
  systemWords,
} from "./sentences.ts";

/** Moments that a terminal shows of each list; the page and --json have all. */
const LISTED = 12;

/** The comparison for a terminal, the answer first. Ends with a line break. */
export function comparisonText(comparison: Comparison, language: Language): string {
  const words = WORDS[language];
  const tests = countTests(comparison);
  const other = otherRows(comparison, language);
  const blocks = [
    [`${headline(comparison, language)}.`],
    [
      words.named("A", systemWords(comparison.a)),
      words.named("B", systemWords(comparison.b)),
      words.named(plain(comparison.suite.name), recordingsWords(comparison, language)),
      ...(["a", "b"] as const).flatMap((side) =>
        comparison[side].faults === 0 ? [] : [words.faults(side.toUpperCase(), comparison[side].faults)],
      ),
    ],
    ...readingOrder(comparison).map((event) => eventBlock(event, tests, language)),
    ...(other.length === 0 ? [] : [[words.other, ...table(other, language)]]),
    comparison.cameras < FEWEST_CAMERAS ? [words.note, words.few(FEWEST_CAMERAS)] : [words.note],
  ];
  return `${blocks.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function eventBlock(of: EventComparison, tests: number, language: Language): readonly string[] {
  const words = WORDS[language];
  return [
    capital(eventNoun(of.event, language).many),
    ...eventSentences(of, tests, language).map((sentence) => `  ${sentence}`),
    ...table(eventRows(of, language), language),
    ...moments(words.only("A"), words.more, of.onlyA),
    ...moments(words.only("B"), words.more, of.onlyB),
  ];
}

function moments(
  title: string,
  more: (rest: number) => string,
  found: readonly FoundByOne[],
): readonly string[] {
  if (found.length === 0) return [];
  const lines = found
    .slice(0, LISTED)
    .map(
      ({ clip, rule, begin, at }) =>
        `    ${plain(clip)} ${clockTime(begin)} (${clockTime(at)}) ${plain(rule)}`,
    );
  const rest = found.length - LISTED;
  return [`  ${title}`, ...lines, ...(rest > 0 ? [`    ${more(rest)}`] : [])];
}

function table(rows: readonly FigureRow[], language: Language): readonly string[] {
  if (rows.length === 0) return [];
  const head = { label: "", a: "A", b: "B", difference: "B − A", interval: WORDS[language].interval };
  const all = [head, ...rows];
  const width = (cell: keyof FigureRow) => Math.max(...all.map((one) => one[cell].length));
  return all.map((one) =>
    `  ${one.label.padEnd(width("label"))}  ${one.a.padStart(width("a"))}  ${one.b.padStart(width("b"))}  ${one.difference.padStart(width("difference"))}  ${one.interval}`.trimEnd(),
  );
}

interface Words {
  readonly named: (name: string, what: string) => string;
  readonly only: (system: string) => string;
  readonly more: (rest: number) => string;
  readonly faults: (system: string, count: number) => string;
  readonly interval: string;
  readonly other: string;
  readonly note: string;
  readonly few: (cameras: number) => string;
}

const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    named: (name, what) => `${name}: ${what}`,
    only: (system) => `Found by ${system} alone (recording, when it began, when it was raised, rule):`,
    more: (rest) => `and ${rest} more: --json and --html have them all`,
    faults: (system, count) =>
      `${system} could not analyse ${count === 1 ? "one recording" : `${count} recordings`} to the end: what happened there counts as missed.`,
    interval: "95 % range",
    other: "Counts and tracks",
    note: "Ranges and p say how far chance alone could go. They say nothing of recordings unlike these.",
    few: (cameras) =>
      `With fewer than ${cameras} cameras they take each event for itself, though events of one camera resemble each other: they look surer than they are.`,
  },
  fr: {
    named: (name, what) => `${name} : ${what}`,
    only: (system) => `Trouvés par ${system} seul (enregistrement, début, instant de l’alerte, règle) :`,
    more: (rest) => `et ${rest} de plus : --json et --html les donnent tous`,
    faults: (system, count) =>
      `${system} n’a pas pu analyser ${count < 2 ? "un enregistrement" : `${count} enregistrements`} jusqu’au bout : ce qui s’y est passé compte comme manqué.`,
    interval: "fourchette à 95 %",
    other: "Comptages et pistes",
    note: "Les fourchettes et p disent jusqu’où le hasard seul peut aller. Ils ne disent rien d’enregistrements différents de ceux-ci.",
    few: (cameras) =>
      `Avec moins de ${cameras} caméras, ils prennent chaque événement à part, alors que ceux d’une même caméra se ressemblent : ils paraissent plus sûrs qu’ils ne le sont.`,
  },
};
