import type { Seconds } from "../time/clock.ts";
import { type Fragment, type Html, html } from "./html.ts";

/** The languages that a person is spoken to in. */
export const LANGUAGES = ["en", "fr"] as const;
export type Language = (typeof LANGUAGES)[number];

/** The language that the environment asks for, English where it asks for another. */
export function languageOf(environment: Readonly<Record<string, string | undefined>>): Language {
  const wanted = environment["LC_ALL"] || environment["LC_MESSAGES"] || environment["LANG"] || "";
  return wanted.toLowerCase().startsWith("fr") ? "fr" : "en";
}

/** The same said in both languages; the page shows one. */
export function both(en: Fragment, fr: Fragment): Html {
  return html`<span lang="en">${en}</span><span lang="fr">${fr}</span>`;
}

/** Numbers, times and lengths of time as one language writes them. */
export interface Formats {
  number(value: number, digits?: number): string;
  percent(share: number): string;
  /** "1 min 20 s", "2 h 05 min". */
  duration(seconds: Seconds): string;
  /** "26.5": hours, with as many digits as are worth something. */
  hours(seconds: Seconds): string;
  /** A date and a time of day, UTC. */
  instant(utc: string): string;
  bytes(bytes: number): string;
}

function formatsOf(locale: string, units: { second: string; bytes: readonly string[] }): Formats {
  // A space that does not break keeps a number with its unit.
  const s = "\u00a0";
  const number = (value: number, digits = 0) =>
    new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(
      value,
    );
  const date = new Intl.DateTimeFormat(locale, {
    timeZone: "UTC",
    day: "numeric",
    month: "long",
    year: "numeric",
  });
  const time = new Intl.DateTimeFormat(locale, {
    timeZone: "UTC",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  });
  return {
    number,
    percent: (share) => {
      const tenths = share > 0 && share < 0.1 ? 1 : 0;
      return new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: tenths }).format(share);
    },
    duration(seconds) {
      if (seconds < 10) return `${number(seconds, 1)}${s}${units.second}`;
      const whole = Math.round(seconds);
      if (whole < 60) return `${whole}${s}${units.second}`;
      if (whole < 3600) {
        const rest = whole % 60;
        return `${Math.floor(whole / 60)}${s}min${rest === 0 ? "" : `${s}${rest}${s}${units.second}`}`;
      }
      const minutes = Math.floor((whole % 3600) / 60);
      return `${number(Math.floor(whole / 3600))}${s}h${s}${String(minutes).padStart(2, "0")}${s}min`;
    },
    hours: (seconds) => number(seconds / 3600, seconds < 360_000 ? 1 : 0),
    instant(utc) {
      const at = new Date(utc);
      return `${date.format(at)}, ${time.format(at)}${s}UTC`;
    },
    bytes(bytes) {
      const steps = units.bytes;
      const step = Math.min(steps.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10));
      return `${number(bytes / 1024 ** step, step > 2 ? 1 : 0)}${s}${steps[step] ?? ""}`;
    },
  };
}

export const FORMATS: Readonly<Record<Language, Formats>> = {
  en: formatsOf("en-GB", { second: "s", bytes: ["B", "KiB", "MiB", "GiB"] }),
  fr: formatsOf("fr-FR", { second: "s", bytes: ["o", "Kio", "Mio", "Gio"] }),
};

/** Stream time as a clock: "0:07", "12:40", "1:02:40". The same in both languages. */
export function clockTime(seconds: Seconds): string {
  const whole = Math.floor(Math.max(0, seconds));
  const h = Math.floor(whole / 3600);
  const m = Math.floor((whole % 3600) / 60);
  const rest = String(whole % 60).padStart(2, "0");
  return h === 0 ? `${m}:${rest}` : `${h}:${String(m).padStart(2, "0")}:${rest}`;
}
