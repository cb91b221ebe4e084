import type { UtcMilliseconds } from "../time/clock.ts";

/** How values are written in Cedar, and the schema that all policies are checked against. */

/**
 * What a request looks like: an analysis asks to present episodes of a camera. Facts of the calendar and of geometry,
 * which Cedar cannot work out, stand in the context; everything else is decided by the policies.
 */
export const CEDAR_SCHEMA = `namespace Contrechamp {
  entity Analytic;
  entity Camera;
  action "present" appliesTo {
    principal: [Analytic],
    resource: [Camera],
    context: {
      at: datetime,
      use: String,
      event: String,
      model: String,
      footage: String,
      recording?: String,
      // The newest instant that the journal knows.
      newest?: datetime,
      // The clock on the wall, in the time zone of the profile.
      minute: Long,
      today: String,
      yesterday: String,
      dayBefore: String,
      // In a night when an hour comes twice: its minutes of the day, and which of the two it is.
      repeated?: { from: Long, until: Long, second: Bool },
      // Where the rule looks, and the declared zones and perimeters that hold all of it.
      place: String,
      zones: Set<String>,
      perimeters: Set<String>,
    }
  };
}`;

/**
 * Any text as one that Cedar neither misreads nor finds suspicious: other signs than those of identifiers and
 * addresses become % and the four hexadecimal digits of each UTF-16 unit. Two texts that differ stay different,
 * and no quote, backslash, line end, lookalike or lone surrogate reaches a policy.
 */
export function name(text: string): string {
  return text.replace(
    /[^A-Za-z0-9 :/._~@+,;=?&#()-]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`,
  );
}

/** A text as a literal. */
export function literal(text: string): string {
  return `"${name(text)}"`;
}

export function camera(id: string): string {
  return `Contrechamp::Camera::${literal(id)}`;
}

export function analytic(id: string): string {
  return `Contrechamp::Analytic::${literal(id)}`;
}

/** The latest instant that Cedar's `datetime` can be written as; what lies beyond is written as just after it. */
const LATEST: UtcMilliseconds = Date.parse("9999-12-31T23:59:59.999Z");

/** An instant, as a lawyer can read it. @throws RangeError where it is none */
export function instant(at: UtcMilliseconds): string {
  if (at > LATEST) return `datetime("${new Date(LATEST).toISOString()}").offset(duration("1ms"))`;
  return `datetime("${new Date(at).toISOString()}")`;
}

/** Whether a value is one of those listed. The list is written out: Cedar reads no literal comparison as a constant. */
export function oneOf(list: readonly string[], value: string): string {
  // A set needs an element for its type; no text becomes this one, for % is always followed by four digits.
  const elements = list.length === 0 ? [`"%"`] : list;
  return `[${elements.join(", ")}].contains(${value})`;
}

/** Whether a fact of a document is the wanted one. */
export function is(wanted: string, found: string): string {
  return oneOf([literal(wanted)], literal(found));
}

/** Said where a document lacks what could be true of it. */
export const NEVER = is("present", "missing");

export function all(terms: readonly string[]): string {
  return terms.length === 0 ? "true" : joined(terms, "&&");
}

export function any(terms: readonly string[]): string {
  return terms.length === 0
    ? NEVER
    : joined(
        terms.map((term) => `(${term})`),
        "||",
      );
}

const IN_A_ROW = 8;

/** Long lists become halves of halves: Cedar goes down one level for each sign of a row, and has little stack. */
function joined(terms: readonly string[], sign: "&&" | "||"): string {
  if (terms.length <= IN_A_ROW) return terms.join(` ${sign} `);
  const half = Math.ceil(terms.length / 2);
  return `(${joined(terms.slice(0, half), sign)}) ${sign} (${joined(terms.slice(half), sign)})`;
}
