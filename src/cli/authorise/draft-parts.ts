import type { Draft } from "../../policy/authorisation-template.ts";
import type { LanguageMap } from "../../policy/fields.ts";
import type { Field, Situation } from "./field.ts";

/** What a person wrote, by flag: one text, or several where the field takes many. */
export type Given = ReadonlyMap<string, readonly string[]>;

/** An answer that cannot be taken. */
export interface Refused {
  readonly field: Field;
  readonly found: string;
  readonly expected: LanguageMap;
}

/** Puts what a person wrote in its places. */
export function draftOf(
  fields: readonly Field[],
  given: Given,
  situation: Situation,
): { readonly draft: Draft; readonly refused: readonly Refused[] } {
  let draft: Draft = {};
  const refused: Refused[] = [];
  for (const field of fields) {
    const texts = given.get(field.flag);
    if (texts === undefined) continue;
    const values: unknown[] = [];
    for (const text of texts) {
      const answer = field.read(text, situation.profile.timeZone);
      if (answer.expected === undefined) values.push(answer.value);
      else refused.push({ field, found: text, expected: answer.expected });
    }
    draft = merge(draft, nest(field.path, field.many === true ? values : values.at(-1)));
  }
  return { draft, refused };
}

/** What is needed and is not there. */
export function missingFields(
  fields: readonly Field[],
  draft: Draft,
  situation: Situation,
): readonly Field[] {
  const exempted = valueAt(draft, "publicInformation.exempted") === true;
  return fields.filter((field) => {
    if (!field.needed(situation)) return false;
    if (exempted && field.path.startsWith("publicInformation.")) return false;
    const value = valueAt(draft, field.path);
    return value === undefined || (Array.isArray(value) && value.length === 0);
  });
}

/** The defaults of fields that nobody has given. */
export function defaultsOf(fields: readonly Field[], draft: Draft, situation: Situation): Given {
  const given = new Map<string, readonly string[]>();
  for (const field of fields) {
    const initial = valueAt(draft, field.path) === undefined ? (field.initial?.(situation) ?? null) : null;
    if (initial !== null) given.set(field.flag, [initial]);
  }
  return given;
}

/** The later one's keys go before the earlier one's; mappings are joined, lists and values are replaced. */
export function merge(earlier: Draft, later: Draft): Draft {
  const joined = new Map(Object.entries(earlier));
  for (const [key, value] of Object.entries(later)) {
    const before = joined.get(key);
    joined.set(key, isMapping(before) && isMapping(value) ? merge(before, value) : value);
  }
  // Not by assignment: a key `__proto__` of a file must stay a key, which the schema then refuses.
  return Object.fromEntries(joined);
}

/** @param path keys joined by dots */
export function valueAt(draft: Draft, path: string): unknown {
  let value: unknown = draft;
  for (const key of path.split(".")) {
    if (!isMapping(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

export function isMapping(value: unknown): value is Draft {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function nest(path: string, value: unknown): Draft {
  return path
    .split(".")
    .reduceRight<Draft>(
      (inner, key, index, keys) => ({ [key]: index === keys.length - 1 ? value : inner }),
      {},
    );
}
