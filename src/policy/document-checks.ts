import { Temporal } from "temporal-polyfill";
import type { Finding, KeyPath } from "../config/diagnostics.ts";
import type { CodedError } from "../errors.ts";
import { fault } from "../errors.ts";
import { invisible, suspectName } from "./homoglyph.ts";

/** What no schema says of one value by itself, and every document must hold to. */

/** An error at a place of a document. */
export function wrong(path: KeyPath, error: (at: string) => CodedError): Finding {
  return { severity: "error", path, fault: error };
}

/** Texts for people, in which several scripts may stand side by side. */
const PROSE: ReadonlySet<string> = new Set([
  "purpose",
  "grounds",
  "exposureGrounds",
  "exemptionGrounds",
  "text",
  "howTo",
  "reason",
  "justification",
  "summary",
]);
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

/**
 * Goes through all texts of a document: instants must have the offset that the time zone has at that instant (or be
 * in UTC with Z, which nobody can misread), names must not pass for others, and no text may read otherwise than it
 * is stored.
 */
export function checkTexts(document: object, timeZone: string): readonly Finding[] {
  const findings: Finding[] = [];
  const visit = (value: unknown, path: KeyPath, prose: boolean): void => {
    if (typeof value === "string") {
      const finding = INSTANT.test(value)
        ? wrongOffset(value, path, timeZone)
        : misleading(value, path, prose);
      if (finding !== null) findings.push(finding);
    } else if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) visit(item, [...path, index], prose);
    } else if (typeof value === "object" && value !== null) {
      for (const [key, item] of Object.entries(value)) {
        visit(item, [...path, key], prose || PROSE.has(key));
      }
    }
  };
  visit(document, [], false);
  return findings;
}

/** Whatever stands in a list twice. @param keyOf what tells two items apart */
export function repeated<T>(
  items: readonly T[],
  path: KeyPath,
  what: string,
  keyOf: (item: T) => string,
): readonly Finding[] {
  const seen = new Set<string>();
  return items.flatMap((item, index) => {
    const id = keyOf(item);
    if (!seen.has(id)) {
      seen.add(id);
      return [];
    }
    return [wrong([...path, index], (at) => fault("DOCUMENT_REPEATED", { at, what, id }))];
  });
}

function wrongOffset(text: string, path: KeyPath, timeZone: string): Finding | null {
  const written = INSTANT.exec(text)?.[1];
  if (written === undefined || written === "Z") return null;
  const { offset } = Temporal.Instant.from(text).toZonedDateTimeISO(timeZone);
  if (written === offset) return null;
  return wrong(path, (at) => fault("DOCUMENT_TIME_ZONE", { at, found: text, offset, timeZone }));
}

function misleading(text: string, path: KeyPath, prose: boolean): Finding | null {
  const found = prose ? invisible(text) : suspectName(text);
  if (found === null) return null;
  const { word, what } = found;
  return wrong(path, (at) =>
    found.kind === "invisible"
      ? fault("DOCUMENT_INVISIBLE", { at, word, what })
      : fault("DOCUMENT_LOOKALIKE", { at, word, what }),
  );
}
