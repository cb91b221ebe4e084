import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { Temporal } from "temporal-polyfill";
import type { z } from "zod";
import { EVENT_TYPES } from "../../event.ts";
import type { LanguageMap } from "../../policy/fields.ts";
import { identifier, instant, isoDuration, line, sha256Hex, uri, webAddress } from "../../policy/fields.ts";

/** What an answer says, or what it should have been. */
export type Answer =
  | { readonly value: unknown; readonly expected?: never }
  | { readonly expected: LanguageMap };

/** Reads what a person wrote. @param timeZone in which instants without an offset are understood */
export type Reader = (text: string, timeZone: string) => Answer;

const expected = (fr: string, en: string): Answer => ({ expected: { fr, en } });

/** One line of text. */
export const oneLine: Reader = (text) =>
  parse(line, text) ??
  expected("un texte d’une ligne, 500 signes au plus", "a line of at most 500 characters");

/** Some sentences. */
export const prose: Reader = (text) => {
  const value = text.trim();
  return value.length > 0 && value.length <= 20_000 ? { value } : expected("un texte", "a text");
};

/**
 * An instant: RFC 3339 with its offset, or a date with or without a time of day in the profile's time zone.
 * A time that the clocks skip or strike twice is refused: nobody knows which is meant.
 */
export const when: Reader = (text, timeZone) => {
  const given = text.trim();
  const full = parse(instant, given);
  if (full !== null) return full;
  const form = expected(
    "une date et une heure, par exemple 2024-07-26 17:30, ou avec leur décalage : 2024-07-26T17:30:00+02:00",
    "a date and a time, such as 2024-07-26 17:30, or with its offset: 2024-07-26T17:30:00+02:00",
  );
  if (!/^\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2})?)?$/.test(given)) return form;
  try {
    const local = Temporal.PlainDateTime.from(given.replace(" ", "T"));
    return { value: local.toZonedDateTime(timeZone, { disambiguation: "reject" }).toString(WRITTEN) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return form;
  }
};
const WRITTEN = { timeZoneName: "never", fractionalSecondDigits: 0 } as const;

/** An ISO 8601 duration of whole units. */
export const length: Reader = (text) =>
  parse(isoDuration, text.trim().toUpperCase()) ??
  expected("une durée ISO 8601 : P1M, P7D ou PT24H", "an ISO 8601 duration: P1M, P7D or PT24H");

/** An https or http address. */
export const address: Reader = (text) =>
  parse(webAddress, text.trim()) ??
  expected(
    "une adresse qui commence par https:// ou http://",
    "an address that begins with https:// or http://",
  );

/** Any absolute URI. */
export const absoluteUri: Reader = (text) =>
  parse(uri, text.trim()) ??
  expected("une URI absolue : https://… ou urn:…", "an absolute URI: https://… or urn:…");

/** A whole number from `least`. */
export const countFrom =
  (least: number): Reader =>
  (text) => {
    const value = /^\d{1,9}$/.test(text.trim()) ? Number(text.trim()) : -1;
    return value >= least
      ? { value }
      : expected(`un nombre entier à partir de ${least}`, `a whole number from ${least}`);
  };

/** Nine digits, spaces allowed. */
export const siren: Reader = (text) => {
  const value = text.replaceAll(/\s/g, "");
  return /^\d{9}$/.test(value) ? { value } : expected("neuf chiffres", "nine digits");
};

/** One word of a closed list. */
export const oneOf =
  (words: readonly string[]): Reader =>
  (text) =>
    words.includes(text.trim())
      ? { value: text.trim() }
      : expected(`un de : ${words.join(", ")}`, `one of: ${words.join(", ")}`);

/** One of the eight events. */
export const eventName: Reader = oneOf(EVENT_TYPES);

/** A name of a camera as the configuration gives it. */
export const cameraName: Reader = (text) => {
  const value = text.trim();
  return value.length > 0 && value.length <= 200
    ? { value }
    : expected("le nom d’une caméra", "a camera's name");
};

/** Two letters of ISO 3166. */
export const country: Reader = (text) => {
  const value = text.trim().toUpperCase();
  return /^[A-Z]{2}$/.test(value)
    ? { value }
    : expected("un pays en deux lettres : FR", "a country in two letters: FR");
};

/** A SHA-256, or a file of which it is taken: nobody copies 64 digits by hand. */
export const fileOrHash: Reader = (text) => {
  const given = text.trim();
  const hash = parse(sha256Hex, given.toLowerCase());
  if (hash !== null) return hash;
  const bytes = readOrNull(given);
  return bytes === null
    ? expected(
        "un fichier qui existe, ou son SHA-256 en 64 chiffres hexadécimaux",
        "a file that exists, or its SHA-256 in 64 hexadecimal digits",
      )
    : { value: createHash("sha256").update(bytes).digest("hex") };
};

/** A file or a folder that is there. */
export const existingPath: Reader = (text) =>
  existsSync(text.trim())
    ? { value: text.trim() }
    : expected("un fichier ou un dossier qui existe", "a file or a folder that exists");

/** A GeoJSON file (RFC 7946) that holds one polygon or multipolygon, alone, as a feature or as the only feature. */
export const perimeterFile: Reader = (text) => {
  const bytes = readOrNull(text.trim());
  const shape = bytes === null ? null : polygonOf(bytes.toString("utf8"));
  return shape === null
    ? expected(
        "un fichier GeoJSON avec un seul polygone ou multipolygone, en longitude et latitude",
        "a GeoJSON file with one polygon or multipolygon, in longitude and latitude",
      )
    : { value: shape };
};

/** `08:00-20:00`, or `22:00-06:00 fri,sat`. */
export const dailyHours: Reader = (text) => {
  const match = /^(\d{2}:\d{2})\s*-\s*(\d{2}:\d{2})(?:\s+([a-z, ]+))?$/.exec(text.trim().toLowerCase());
  const [, from, until, names] = match ?? [];
  const days = names === undefined ? null : names.split(/[, ]+/).filter((day) => day !== "");
  if (
    from === undefined ||
    until === undefined ||
    (days !== null && !days.every((day) => DAYS.includes(day)))
  )
    return expected(
      `des heures et au besoin des jours : 08:00-20:00 ou 22:00-06:00 ${DAYS.slice(4).join(",")}`,
      `hours, and days if need be: 08:00-20:00 or 22:00-06:00 ${DAYS.slice(4).join(",")}`,
    );
  return { value: { from, until, days } };
};
const DAYS: readonly string[] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/** `ID | French | English`, and at will `| PT24H`: a condition that somebody must attest again and again. */
export const conditionLine: Reader = (text) => {
  const [id = "", fr = "", en = "", validFor = "PT24H", ...rest] = text.split("|").map((part) => part.trim());
  const sound =
    identifier.safeParse(id).success &&
    isoDuration.safeParse(validFor).success &&
    fr !== "" &&
    en !== "" &&
    rest.length === 0;
  return sound
    ? { value: { id, text: { fr, en }, validFor } }
    : expected(
        "une condition : identifiant | texte français | texte anglais | durée, par exemple PT24H",
        "a condition: identifier | French text | English text | duration, such as PT24H",
      );
};

/** `EVENT=URI`: the certificate of the audit bench for an event's analytic. */
export const certificateOfEvent: Reader = (text) => {
  const [event = "", ...rest] = text.split("=");
  const id = rest.join("=").trim();
  return eventName(event, "").expected === undefined && uri.safeParse(id).success
    ? { value: { event: event.trim(), id } }
    : expected("ÉVÉNEMENT=URI du certificat", "EVENT=URI of the certificate");
};

/** The name that a file goes by in a document: its last part, which says nothing of this machine. */
export function shownName(path: string): string {
  return basename(path) || path;
}

function parse<T>(schema: z.ZodType<T>, text: string): { readonly value: T } | null {
  const result = schema.safeParse(text);
  return result.success ? { value: result.data } : null;
}

function readOrNull(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch (error) {
    if (error instanceof Error && "code" in error) return null;
    throw error;
  }
}

function polygonOf(text: string): unknown {
  try {
    let value: unknown = JSON.parse(text);
    for (let depth = 0; depth < 3; depth++) {
      if (typeof value !== "object" || value === null || !("type" in value)) return null;
      if (value.type === "Polygon" || value.type === "MultiPolygon") {
        // Members that RFC 7946 allows beside them (bbox) are not part of the decision.
        return "coordinates" in value ? { type: value.type, coordinates: value.coordinates } : null;
      }
      if (value.type === "Feature" && "geometry" in value) value = value.geometry;
      else if (value.type === "FeatureCollection" && "features" in value) {
        if (!Array.isArray(value.features) || value.features.length !== 1) return null;
        value = value.features[0];
      } else return null;
    }
    return null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
