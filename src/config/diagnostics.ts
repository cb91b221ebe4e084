import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLError,
} from "yaml";
import { z } from "zod";
import { type CodedError, type ErrorCode, fault } from "../errors.ts";
import { redactAddress } from "./address.ts";

/** Where a value stands in the file: keys and positions from the top. */
export type KeyPath = readonly (string | number)[];

/** One thing that is wrong with a file, or unwise in it. */
export interface Problem {
  /** An error keeps the file from being used; a warning does not. */
  readonly severity: "error" | "warning";
  readonly code: ErrorCode;
  /** Begins with file, line, column and key path. */
  readonly message: string;
  readonly help: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** As it is written in messages, such as `cameras[0].rules[1].after`. */
  readonly path: string;
}

/** A problem before its place in the file is known. */
export interface Finding {
  readonly severity: "error" | "warning";
  readonly path: KeyPath;
  /** @param at file, line, column and key path */
  readonly fault: (at: string) => CodedError;
}

/** No configuration of a person comes near it. */
export const LARGEST_FILE_BYTES = 1_048_576;
/** How many values aliases may stand for, all together: enough for any site, too few to fill the memory. */
export const LARGEST_ALIAS_COUNT = 1000;

/** A YAML or JSON text as plain values that remember where they were written. */
export interface YamlSource {
  readonly name: string;
  readonly value: unknown;
  /** Turns a finding into a problem with its line and column. */
  locate(finding: Finding): Problem;
}

/**
 * Reads a YAML 1.2 text (JSON is YAML): one document, string keys, each key once, no tags, no merge keys;
 * anchors and aliases within a limit.
 * @param limit largest size in bytes
 * @returns the source, or what is wrong with the text
 */
export function readYaml(
  text: string,
  name: string,
  limit: number = LARGEST_FILE_BYTES,
): YamlSource | readonly Problem[] {
  const bytes = Buffer.byteLength(text);
  if (bytes > limit) {
    const error = fault("CONFIG_TOO_LARGE", { file: name, bytes, limit });
    return [problem({ severity: "error", path: [], fault: () => error }, "", { line: 1, col: 1 })];
  }
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    logLevel: "error",
    merge: false,
    prettyErrors: false,
    resolveKnownTags: false,
    schema: "core",
    stringKeys: true,
    version: "1.2",
  });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), col: Math.max(1, col) };
  };

  const faults = [...document.errors, ...document.warnings].map((error) => {
    const position = at(error.pos[0]);
    const key = error.code === "DUPLICATE_KEY" ? wordAt(text, error.pos[0]) : null;
    return problem(
      {
        severity: "error",
        path: [],
        fault: (place) =>
          key === null
            ? fault("CONFIG_SYNTAX", { at: place, what: describe(error) })
            : fault("CONFIG_DUPLICATE_KEY", { at: place, key }),
      },
      name,
      position,
    );
  });
  if (document.directives?.yaml.explicit && document.directives.yaml.version !== "1.2") {
    const what = "the file asks for another version of YAML than 1.2";
    faults.push(problem(syntax(what), name, { line: 1, col: 1 }));
  }
  if (faults.length > 0) return faults;

  const loose = looseAlias(document);
  if (loose !== null) return [problem(syntax(loose.what), name, at(loose.offset))];

  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: LARGEST_ALIAS_COUNT });
  } catch (thrown) {
    if (!(thrown instanceof ReferenceError)) throw thrown;
    const finding: Finding = {
      severity: "error",
      path: [],
      fault: (place) => fault("CONFIG_ALIASES", { at: place, limit: LARGEST_ALIAS_COUNT }, thrown),
    };
    return [problem(finding, name, { line: 1, col: 1 })];
  }
  return {
    name,
    value,
    locate: (finding) => problem(finding, name, at(offsetOf(document, finding.path))),
  };
}

/** What a schema says of a value: the value in its final form, or what is wrong, each with its path. */
export function applySchema<T>(
  schema: z.ZodType<T>,
  value: unknown,
):
  | { readonly value: T; readonly findings: readonly [] }
  | { readonly value: null; readonly findings: readonly Finding[] } {
  const result = schema.safeParse(value, { error: expectation });
  if (result.success) return { value: result.data, findings: [] };
  return { value: null, findings: result.error.issues.flatMap((issue) => findingsOf(issue, value, [])) };
}

/** Orders problems as a reader meets them in the file. */
export function inFileOrder(problems: readonly Problem[]): readonly Problem[] {
  return problems.toSorted(
    (a, b) => a.line - b.line || a.column - b.column || a.message.localeCompare(b.message),
  );
}

const SHOWN_PROBLEMS = 50;

/** All errors of a file as one. */
export function invalid(file: string, problems: readonly Problem[]): CodedError {
  const shown = problems.slice(0, SHOWN_PROBLEMS).map((found) => `  ${found.message}`);
  const rest = problems.length - shown.length;
  if (rest > 0) shown.push(`  and ${rest} more`);
  return fault("CONFIG_INVALID", { file, count: problems.length, list: shown.join("\n") });
}

/** A key path as people write it. */
export function formatPath(path: KeyPath): string {
  return path
    .map((key, index) => (typeof key === "number" ? `[${key}]` : index === 0 ? key : `.${key}`))
    .join("");
}

/** A value as it may be shown in a message: short, and without the credentials of an address. */
export function showValue(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (typeof value === "string") return JSON.stringify(shorten(redactText(value)));
  if (Array.isArray(value))
    return value.length === 0 ? "an empty list" : shorten(`the list ${compact(value)}`);
  if (typeof value === "object") {
    const keys = Object.keys(value);
    return keys.length === 0 ? "an empty mapping" : shorten(`a mapping of ${keys.join(", ")}`);
  }
  return String(value);
}

/** The known word that a misspelt one most likely stands for: at most 2 slips, and fewer than half its letters. */
function nearest(word: string, known: readonly string[]): string | null {
  let best: string | null = null;
  let least = Math.min(2, Math.floor((word.length - 1) / 2)) + 1;
  for (const candidate of known) {
    const slips = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (slips < least) {
      best = candidate;
      least = slips;
    }
  }
  return best;
}

function syntax(what: string): Finding {
  return { severity: "error", path: [], fault: (at) => fault("CONFIG_SYNTAX", { at, what }) };
}

function problem(finding: Finding, file: string, position: { line: number; col: number }): Problem {
  const path = formatPath(finding.path);
  const error = finding.fault(`${file}:${position.line}:${position.col}${path === "" ? "" : ` ${path}`}`);
  return {
    severity: finding.severity,
    code: error.code,
    message: error.message,
    help: error.help,
    line: position.line,
    column: position.col,
    path,
  };
}

/**
 * Says what is allowed, for the issues to which the schema gives no phrase of its own. For unknown keys it
 * is the list of the known ones.
 */
function expectation(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.inst instanceof z.core.$ZodObject
        ? Object.keys(issue.inst._zod.def.shape).join(", ")
        : undefined;
    case "invalid_value":
      return issue.values.length === 1 ? String(issue.values[0]) : `one of ${issue.values.join(", ")}`;
    case "invalid_type":
      return issue.expected === "object"
        ? "a mapping of keys to values"
        : `a value of type ${issue.expected}`;
    case "too_small":
      return `at least ${amount(issue.minimum, issue.origin)}`;
    case "too_big":
      return `at most ${amount(issue.maximum, issue.origin)}`;
    case "invalid_union":
      // Told apart by a key whose value is none of the known ones.
      return "options" in issue && Array.isArray(issue["options"])
        ? `one of ${issue["options"].map(String).join(", ")}`
        : undefined;
    default:
      return undefined;
  }
}

function amount(count: number | bigint, of: string): string {
  const noun = of === "string" ? "character" : of === "array" ? "item" : null;
  return noun === null ? String(count) : `${count} ${noun}${Number(count) === 1 ? "" : "s"}`;
}

function findingsOf(issue: z.core.$ZodIssue, root: unknown, prefix: KeyPath): readonly Finding[] {
  const path = [...prefix, ...issue.path.map((key) => (typeof key === "symbol" ? String(key) : key))];
  if (issue.code === "invalid_union") {
    // Where one of the forms is plainly meant, what is wrong within it says more than "none of these forms".
    const meant = issue.errors.find((branch) => branch.every(isInside));
    if (meant !== undefined && meant.length > 0)
      return meant.flatMap((inner) => findingsOf(inner, root, path));
  }
  if (issue.code === "unrecognized_keys") {
    const known = issue.message.split(", ");
    return issue.keys.map((key) => ({
      severity: "error",
      path: [...path, key],
      fault: (at) =>
        fault("CONFIG_UNKNOWN_KEY", { at, key, hint: keyHint(key, known), allowed: issue.message }),
    }));
  }
  const found = valueAt(root, path);
  if (found === undefined && path.length > 0) {
    const key = String(path.at(-1));
    return [
      {
        severity: "error",
        path: path.slice(0, -1),
        fault: (at) => fault("CONFIG_MISSING_KEY", { at, key, expected: issue.message }),
      },
    ];
  }
  return [
    {
      severity: "error",
      path,
      fault: (at) =>
        fault("CONFIG_VALUE", {
          at,
          found: showValue(found),
          expected: issue.message + valueHint(found, issue),
        }),
    },
  ];
}

/** Whether an issue of one form of a union concerns the form's inside, so that its outside fits. */
function isInside(issue: z.core.$ZodIssue): boolean {
  return issue.path.length > 0 || issue.code === "unrecognized_keys";
}

function keyHint(key: string, known: readonly string[]): string {
  if (key === "<<") return " (merge keys are not supported: an alias stands for a whole value)";
  return hint(key, known);
}

/** For a misspelt word of a closed list. */
function valueHint(found: unknown, issue: z.core.$ZodIssue): string {
  if (typeof found !== "string") return "";
  if (issue.code === "invalid_value") return hint(found, issue.values.map(String));
  if (issue.code === "invalid_union" && "options" in issue)
    return hint(found, (issue.options ?? []).map(String));
  return "";
}

/** ` (did you mean that?)` where a word is near to a known one, else nothing. */
export function hint(word: string, known: readonly string[]): string {
  const meant = nearest(word, known);
  return meant === null ? "" : ` (did you mean ${meant}?)`;
}

function valueAt(root: unknown, path: KeyPath): unknown {
  let value = root;
  for (const key of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

/** Where in the text a path leads; where it leads to nothing, the nearest thing around it. */
function offsetOf(document: Document.Parsed, path: KeyPath): number {
  let node: Node | null = document.contents;
  let offset = node?.range?.[0] ?? 0;
  for (const key of path) {
    if (isAlias(node)) node = node.resolve(document) ?? null;
    if (isMap(node)) {
      const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === key);
      if (pair === undefined) return offset;
      const value: unknown = pair.value;
      if (isNode(pair.key)) offset = pair.key.range?.[0] ?? offset;
      node = isNode(value) ? value : null;
    } else if (isSeq(node) && typeof key === "number") {
      const item: unknown = node.items[key];
      if (!isNode(item)) return offset;
      node = item;
      offset = item.range?.[0] ?? offset;
    } else {
      return offset;
    }
  }
  return offset;
}

function describe(error: YAMLError): string {
  if (error.code === "MULTIPLE_DOCS") return "a second document begins here, and one is read";
  return redactText(error.message);
}

/** The first alias that stands for nothing, or for something that holds the alias itself. */
function looseAlias(document: Document.Parsed): { readonly what: string; readonly offset: number } | null {
  let found: { readonly what: string; readonly offset: number } | null = null;
  visit(document, {
    Alias(_, alias, ancestors) {
      const target = alias.resolve(document);
      const offset = alias.range?.[0] ?? 0;
      if (target === undefined)
        found = { what: `no anchor &${alias.source} stands before the alias`, offset };
      else if (ancestors.includes(target))
        found = { what: `the alias *${alias.source} stands within itself`, offset };
      return found === null ? undefined : visit.BREAK;
    },
  });
  return found;
}

function wordAt(text: string, offset: number): string {
  return /^["']?([^"':\n]*)/.exec(text.slice(offset, offset + 200))?.[1]?.trim() ?? "";
}

/** Takes credentials out of an address in a text. It may hold anything, so it is taken to end with the line. */
function redactText(text: string): string {
  return text.replace(/[a-z][a-z0-9+.-]*:\/\/.*$/gim, (address) => redactAddress(address));
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

function compact(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(compact).join(", ")}]`;
  if (typeof value === "string") return redactText(value);
  return typeof value === "object" && value !== null ? "{...}" : String(value);
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
