import { foreign, type Html, html } from "../../report/html.ts";
import { both, COLON } from "./words.ts";

/** Keys and values that suites are mostly written with, in English, as a French reader says them. */
const FRENCH: Readonly<Record<string, string>> = {
  light: "lumière",
  day: "jour",
  night: "nuit",
  dusk: "crépuscule",
  dawn: "aube",
  artificial: "artificielle",
  infrared: "infrarouge",
  weather: "météo",
  clear: "temps clair",
  sun: "soleil",
  rain: "pluie",
  snow: "neige",
  fog: "brouillard",
  glare: "éblouissement",
  place: "lieu",
  indoor: "intérieur",
  outdoor: "extérieur",
  crowd: "affluence",
  empty: "nulle",
  sparse: "faible",
  medium: "moyenne",
  dense: "forte",
  distance: "distance",
  near: "proche",
  far: "lointain",
  season: "saison",
  summer: "été",
  winter: "hiver",
  dry: "sec",
  origin: "origine",
  rendered: "images de synthèse",
  filmed: "images filmées",
  footage: "images",
  drawn: "dessinées",
  real: "réelles",
  yes: "oui",
  no: "non",
};

/** A key or value of a condition as somebody declared it; a well-known one in the reader's language. */
export function conditionWord(declared: string): Html {
  return both(foreign(declared), frenchCondition(declared) ?? foreign(declared));
}

/** "light: night", "lumière : nuit". */
export function conditionWords(key: string, value: string): Html {
  return html`${conditionWord(key)}${COLON}${conditionWord(value)}`;
}

function frenchCondition(declared: string): string | undefined {
  return Object.hasOwn(FRENCH, declared) ? FRENCH[declared] : undefined;
}
