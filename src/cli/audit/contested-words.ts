import { settingIn } from "../../audit/contested/setting-words.ts";
import type { ContestedSummary, FlaggedByRule } from "../../audit/contested/summary.ts";
import { FORMATS, type Language } from "../../report/language.ts";

/** What `audit contested` says; each language is written for itself. */
interface Words {
  readonly title: (hours: string) => string;
  readonly head: readonly string[];
  readonly none: string;
  readonly caution: readonly string[];
  readonly where: string;
  readonly notMeasured: (clips: string) => string;
}

const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    title: (hours) => `Whom contested rules would have flagged, in ${hours} camera-hours:`,
    head: ["somebody who", "times", "an hour", "median", "longest"],
    none: "–",
    caution: [
      "In brackets: 95 % intervals, as if each time were independent; people who wait together are not.",
      "Whoever leaves and comes back counts again: nobody is recognised. Nothing says that any of them did wrong.",
      "Nobody is alerted by these rules, here or anywhere in Contrechamp.",
    ],
    where: "Where, in each view from above left to below right:",
    notMeasured: (clips) => `Not measured, because nothing could be analysed: ${clips}.`,
  },
  fr: {
    title: (hours) => `Qui des règles contestées auraient désigné, en ${hours} heures-caméra :`,
    head: ["quelqu'un qui", "fois", "par heure", "médiane", "maximum"],
    none: "–",
    caution: [
      "Entre crochets : intervalles à 95 %, comme si chaque cas était indépendant ; des gens qui attendent ensemble ne le sont pas.",
      "Qui s'en va et revient compte deux fois : personne n'est reconnu. Rien ne dit que l'un d'eux ait fait quoi que ce soit de mal.",
      "Ces règles n'alertent personne, ni ici ni ailleurs dans Contrechamp.",
    ],
    where: "Où, dans chaque vue, d'en haut à gauche à en bas à droite :",
    notMeasured: (clips) => `Non mesuré, faute d'image analysable : ${clips}.`,
  },
};

/** The summary as text for a terminal. */
export function contestedText(summary: ContestedSummary, language: Language): string {
  const words = WORDS[language];
  const { number } = FORMATS[language];
  const places = mostFlagging(summary.rules).flatMap((rule) =>
    rule.places.map(
      ({ camera, counts }) => `${camera}, ${settingIn(language, rule.setting)}\n${grid(counts)}`,
    ),
  );
  return [
    words.title(number(summary.hours, 2)),
    ...table([words.head, ...summary.rules.map((rule) => row(rule, language))]),
    ...words.caution,
    ...(places.length === 0 ? [] : [words.where, ...places]),
    ...(summary.notMeasured.length === 0 ? [] : [words.notMeasured(summary.notMeasured.join(", "))]),
  ].join("\n");
}

function row(rule: FlaggedByRule, language: Language): readonly string[] {
  const { number, duration } = FORMATS[language];
  const [low, high] = rule.perHourInterval;
  const digits = rule.perHour < 10 ? 1 : 0;
  return [
    settingIn(language, rule.setting),
    number(rule.flagged),
    `${number(rule.perHour, digits)} [${number(low, digits)}, ${number(high, digits)}]`,
    rule.seconds === null ? WORDS[language].none : duration(rule.seconds.p50),
    rule.seconds === null ? WORDS[language].none : duration(rule.seconds.longest),
  ];
}

function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  return rows.map((cells) =>
    cells
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths?.[0] ?? 0) : cell.padStart(widths?.[column] ?? 0),
      )
      .join("  "),
  );
}

/** Settings of one rule hold each other's places: of each rule the one that flags most is shown. */
function mostFlagging(rules: readonly FlaggedByRule[]): readonly FlaggedByRule[] {
  const calibrated = (rule: FlaggedByRule) => rule.setting.split(",")[1] ?? "";
  return [...Map.groupBy(rules, (rule) => `${rule.kind}${calibrated(rule)}`).values()].flatMap((group) =>
    group.toSorted((a, b) => b.flagged - a.flagged).slice(0, 1),
  );
}

function grid(counts: readonly (readonly number[])[]): string {
  return counts
    .map((row) => `  ${row.map((n) => (n === 0 ? "." : String(n)).padStart(4)).join("")}`)
    .join("\n");
}
