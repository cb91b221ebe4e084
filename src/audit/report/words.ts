import { EVENT_TYPES, type EventType } from "../../event.ts";
import { type Fragment, foreign, type Html, html, plain } from "../../report/html.ts";
import { FORMATS, type Formats, both as inBoth, type Language } from "../../report/language.ts";

/** The same said in both languages; the page shows one. */
export function both(en: Fragment, fr: Fragment): Html {
  return inBoth(en, frenchOf(fr));
}

/** The same sentence made in each language; the page shows one. */
export function each(sentence: (language: Language, formats: Formats) => Fragment): Html {
  return both(sentence("en", FORMATS.en), sentence("fr", FORMATS.fr));
}

/**
 * The space that French sets before : ; ? ! % and inside « » is narrow, and does not break, or a line would begin with
 * the sign.
 */
export function french(text: string): string {
  return text.replaceAll(/[ \u00a0](?=[:;?!%»])/g, "\u202f").replaceAll(/«[ \u00a0]/g, "«\u202f");
}

/** The same for text in SVG. */
export function eachSvg(sentence: (language: Language, formats: Formats) => Fragment): Html {
  return html`<tspan lang="en">${sentence("en", FORMATS.en)}</tspan><tspan lang="fr">${frenchOf(sentence("fr", FORMATS.fr))}</tspan>`;
}

/** Text is set as French sets it; what is markup already was. */
function frenchOf(words: Fragment): Fragment {
  return typeof words === "string" ? french(words) : words;
}

/** A colon between a name and what is said of it, as each language sets it. */
export const COLON = inBoth(": ", "\u202f: ");

/** What an event is called in a sentence. French agrees with its gender. */
export interface EventNoun {
  readonly one: string;
  readonly many: string;
  readonly feminine: boolean;
}

const NOUNS: Readonly<Record<Language, Readonly<Record<EventType, EventNoun>>>> = {
  en: {
    abandoned_object: noun("abandoned object", "abandoned objects"),
    weapon: noun("weapon", "weapons"),
    wrong_way: noun("wrong-way passage", "wrong-way passages"),
    zone_intrusion: noun("intrusion", "intrusions"),
    person_down: noun("person on the ground", "persons on the ground"),
    crowd_movement: noun("sudden crowd movement", "sudden crowd movements"),
    crowd_density: noun("crowd that was too dense", "crowds that were too dense"),
    fire: noun("fire", "fires"),
  },
  fr: {
    abandoned_object: noun("objet abandonné", "objets abandonnés"),
    weapon: noun("arme", "armes", true),
    wrong_way: noun("passage à contresens", "passages à contresens"),
    zone_intrusion: noun("intrusion", "intrusions", true),
    person_down: noun("personne au sol", "personnes au sol", true),
    crowd_movement: noun("mouvement de foule", "mouvements de foule"),
    crowd_density: noun("foule trop dense", "foules trop denses", true),
    fire: noun("départ de feu", "départs de feu"),
  },
};

/** The noun of an event: one of the eight that a law names, or the name that somebody sells it under, quoted. */
export function eventNoun(event: string, language: Language): EventNoun {
  if (isEventType(event)) return NOUNS[language][event];
  const name = plain(event);
  return language === "en"
    ? noun(`“${name}” event`, `“${name}” events`)
    : noun(`événement « ${name} »`, `événements « ${name} »`);
}

/** The event's name as a heading or in a table. */
export function eventTitle(event: string): Html {
  return each((language) => capital(eventNoun(event, language).many));
}

/** Length of time as it is read aloud: "40 minutes", "1 hour 20 minutes", "3 days 2 hours". */
export function spokenTime(seconds: number, language: Language): string {
  const units = TIME_UNITS[language];
  const f = FORMATS[language];
  const of = (value: number, [one, many]: readonly [string, string], digits = 0) =>
    `${f.number(value, digits)}\u00a0${value < 2 && (language === "fr" || value === 1) ? one : many}`;
  if (seconds < 3) return of(Math.round(seconds * 10) / 10, units.second, Number.isInteger(seconds) ? 0 : 1);
  const whole = Math.round(seconds);
  if (whole < 90) return of(whole, units.second);
  if (whole < 600) {
    const rest = whole % 60;
    const full = of(Math.floor(whole / 60), units.minute);
    return rest === 0 ? full : `${full} ${of(rest, units.second)}`;
  }
  const minutes = Math.round(whole / 60);
  if (minutes < 60) return of(minutes, units.minute);
  const hours = Math.floor(minutes / 60);
  if (hours < 48) {
    const rest = minutes % 60;
    return rest === 0 ? of(hours, units.hour) : `${of(hours, units.hour)} ${of(rest, units.minute)}`;
  }
  const days = Math.floor(hours / 24);
  const rest = hours % 24;
  return rest === 0 || days > 6 ? of(days, units.day) : `${of(days, units.day)} ${of(rest, units.hour)}`;
}

/** A number with about two digits, for no more mean anything: 0.31, 5.5, 27, 1,200. */
export function figure(value: number, f: Formats): string {
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size < 0.01) return value < 0 ? `−${f.number(0.01, 2)}` : `< ${f.number(0.01, 2)}`;
  if (size < 100) return f.number(value, size < 1 ? 2 : size < 10 ? 1 : 0);
  const step = 10 ** (Math.floor(Math.log10(size)) - 1);
  return f.number(Math.round(value / step) * step);
}

/** The same as it is read aloud: "2", not "2.0". */
export function spokenFigure(value: number, f: Formats): string {
  return figure(value, f).replace(/[.,]0$/, "");
}

/** "intrusions, fires and weapons". @param last the word before the last */
export function listed(names: readonly string[], last: "and" | "or" | "et" | "ou"): string {
  const end = names.at(-1) ?? "";
  return names.length < 2 ? end : `${names.slice(0, -1).join(", ")} ${last} ${end}`;
}

/** Why a rule was not looked for: what the engine says in English is said to each reader; all else as it was written. */
export function reasonWords(reason: string): Html {
  if (/^This version of Contrechamp has no rule for \S+\.$/.test(reason)) {
    return both(
      "This version of Contrechamp has no rule for it.",
      "Cette version de Contrechamp n’a pas de règle pour cela.",
    );
  }
  return foreign(reason);
}

/** A day as it is read aloud: "1 March 2026". UTC. */
export function spokenDay(utc: string, language: Language): string {
  return new Intl.DateTimeFormat(language === "en" ? "en-GB" : "fr-FR", {
    timeZone: "UTC",
    day: "numeric",
    month: "long",
    year: "numeric",
  })
    .format(new Date(utc))
    .replaceAll(" ", "\u00a0");
}

/** How often, in the longest of hour, day and year whose number is still at least about one. */
export interface RateUnit {
  /** Multiplies a rate per hour. */
  readonly hours: number;
  readonly en: string;
  readonly fr: string;
}

const PER_HOUR: RateUnit = { hours: 1, en: "an hour", fr: "par heure" };
const PER_DAY: RateUnit = { hours: 24, en: "a day", fr: "par jour" };
const PER_YEAR: RateUnit = { hours: 24 * 365, en: "a year", fr: "par an" };

/** The unit in which a rate with this upper bound per hour is easiest to picture. */
export function rateUnit(upperPerHour: number): RateUnit {
  if (upperPerHour >= 0.5) return PER_HOUR;
  return upperPerHour * PER_DAY.hours >= 0.5 ? PER_DAY : PER_YEAR;
}

/** A share as "82", of 100: "99 of 100" says more to the ear than "0.99". */
export function ofHundred(share: number, f: Formats): string {
  const value = share * 100;
  // What is nearly all is not all, and what is nearly none is not none.
  if (value > 99.5 && value < 100) return f.number(Math.min(99.9, value), 1);
  if (value < 0.5 && value > 0) return f.number(Math.max(0.1, value), 1);
  return f.number(value);
}

/** "between 82 and 99 of 100". */
export function betweenShares([low, high]: readonly [number, number], language: Language): string {
  const f = FORMATS[language];
  return language === "en"
    ? `between ${ofHundred(low, f)} and ${ofHundred(high, f)} of 100`
    : `entre ${ofHundred(low, f)} et ${ofHundred(high, f)} sur 100`;
}

/** Share with its interval for a table: "96 % (82–99)". */
export function shareCell(share: number | null, interval: readonly [number, number], f: Formats): string {
  if (share === null) return "–";
  return `${f.percent(share)} (${ofHundred(interval[0], f)}–${ofHundred(interval[1], f)})`;
}

/** A count and its noun. */
export function counted(count: number, one: string, many: string, language: Language): string {
  const single = language === "fr" ? count < 2 : count === 1;
  return `${FORMATS[language].number(count)}\u00a0${single ? one : many}`;
}

/** First letter in capitals, as a heading begins. */
export function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}

function noun(one: string, many: string, feminine = false): EventNoun {
  return { one, many, feminine };
}

function isEventType(name: string): name is EventType {
  return EVENT_TYPES.some((event) => event === name);
}

const TIME_UNITS = {
  en: {
    second: ["second", "seconds"],
    minute: ["minute", "minutes"],
    hour: ["hour", "hours"],
    day: ["day", "days"],
  },
  fr: {
    second: ["seconde", "secondes"],
    minute: ["minute", "minutes"],
    hour: ["heure", "heures"],
    day: ["jour", "jours"],
  },
} as const;
