import { dirname, resolve } from "node:path";
import {
  applySchema,
  type Finding,
  hint,
  inFileOrder,
  type KeyPath,
  type Problem,
  readYaml,
} from "../config/diagnostics.ts";
import { type CodedError, fault } from "../errors.ts";
import { type Box, boxArea, intersectBoxes } from "../geometry/shapes.ts";
import type { Seconds } from "../time/clock.ts";
import { LARGEST_TEXT_BYTES, parsedJson, readText } from "./read-text.ts";
import {
  REFERENCE_SCHEMA_NAME,
  type Reference,
  type ReferenceCounts,
  type ReferenceDistractor,
  type ReferenceEvent,
  referenceSchema,
} from "./reference.ts";

/** What is known of the clip that a reference belongs to. */
export interface ReferenceContext {
  /** The rules of its camera: id and event. Null where the reference stands alone. */
  readonly rules: ReadonlyMap<string, string> | null;
  /** How long the clip is; null where that is not known. */
  readonly duration: Seconds | null;
  /** Size of its picture, where that is known. */
  readonly picture?: { readonly width: number; readonly height: number };
}

const ALONE: ReferenceContext = { rules: null, duration: null };

/**
 * Reads a reference, `contrechamp/reference@1`, JSON or YAML.
 * @throws AUDIT_UNREADABLE, AUDIT_TOO_LARGE, AUDIT_INVALID (with every fault of the file, its line and column)
 */
export async function loadReference(path: string, context: ReferenceContext = ALONE): Promise<Reference> {
  return parseReference(await readText(path), path, context);
}

/** The same for a text. @param name the file's name as errors give it; `tracks` is relative to its folder */
export function parseReference(text: string, name: string, context: ReferenceContext = ALONE): Reference {
  const { reference, problems } = inspectReference(text, name, context);
  if (reference === null) throw invalidFile(name, problems);
  return reference;
}

/** Says all that is wrong with a reference, without throwing. */
export function inspectReference(
  text: string,
  name: string,
  context: ReferenceContext = ALONE,
): { readonly reference: Reference | null; readonly problems: readonly Problem[] } {
  const quick = parsedJson(text);
  const first = quick === null ? null : judge(quick, context, name);
  // Where lines stand in a file is worked out only where a fault has to be shown: it takes far longer than reading.
  if (first !== null && first.findings.length === 0) return { reference: first.reference, problems: [] };
  const source = readYaml(text, name, LARGEST_TEXT_BYTES);
  if (!("value" in source)) return { reference: null, problems: inFileOrder(source) };
  const { reference, findings } = judge(source.value, context, name);
  const problems = inFileOrder(findings.map((finding) => source.locate(finding)));
  return { reference: problems.length > 0 ? null : reference, problems };
}

const SHOWN_PROBLEMS = 50;

/** All faults of files that belong together, as one error. */
export function invalidFile(file: string, problems: readonly Problem[]): CodedError {
  const shown = problems.slice(0, SHOWN_PROBLEMS).map((found) => `  ${found.message}`);
  const rest = problems.length - shown.length;
  if (rest > 0) shown.push(`  and ${rest} more`);
  return fault("AUDIT_INVALID", { file, count: problems.length, list: shown.join("\n") });
}

/** A value of another format than the one that is wanted; null where it says the right one, or nothing. */
export function wrongSchema(value: unknown, expected: string): Finding | null {
  if (typeof value !== "object" || value === null || !("schema" in value)) return null;
  const found = value.schema;
  if (typeof found !== "string" || found === expected) return null;
  return {
    severity: "error",
    path: ["schema"],
    fault: (at) => fault("AUDIT_SCHEMA", { at, found: JSON.stringify(found), expected }),
  };
}

/** A fault of a value in a file of the bench. @param what lower case, without a full stop */
export function wrong(path: KeyPath, what: string): Finding {
  return { severity: "error", path, fault: (at) => fault("AUDIT_VALUE", { at, what }) };
}

function judge(
  value: unknown,
  context: ReferenceContext,
  name: string,
): { readonly reference: Reference | null; readonly findings: readonly Finding[] } {
  const other = wrongSchema(value, REFERENCE_SCHEMA_NAME);
  if (other !== null) return { reference: null, findings: [other] };
  const parsed = applySchema(referenceSchema, value);
  if (parsed.value === null) return { reference: null, findings: parsed.findings };
  const events = parsed.value.events.map(
    (event): ReferenceEvent => ({
      event: event.event,
      rule: event.rule ?? null,
      begin: event.begin,
      end: event.end,
      tolerance: event.tolerance,
      box: event.box ?? null,
      conditions: event.conditions ?? {},
    }),
  );
  const { counts, tracks } = parsed.value;
  const distractors = (parsed.value.distractors ?? []).map(
    ({ event, rule, begin, end, tolerance, what, box }): ReferenceDistractor => ({
      event,
      rule: rule ?? null,
      begin,
      end,
      tolerance,
      what,
      box: box ?? null,
    }),
  );
  const reference: Reference = {
    events,
    distractors,
    counts: counts ?? null,
    tracks: tracks === undefined ? null : resolve(dirname(name), tracks.file),
  };
  const findings = [
    ...events.flatMap((event, index) => checkEvent(event, ["events", index], context)),
    ...overlaps(events),
    ...distractors.flatMap((distractor, index) => checkEvent(distractor, ["distractors", index], context)),
    ...(counts === undefined ? [] : checkCounts(counts, context)),
  ];
  return { reference, findings };
}

/** Times of a file's header and of an eye at a screen differ by so much at most. */
const DURATION_SLACK: Seconds = 1;
const DURATION_SLACK_SHARE = 0.02;

/** The latest instant that a clip of such a length may have by its reference. */
export function latestInstant(duration: Seconds): Seconds {
  return duration + Math.max(DURATION_SLACK, DURATION_SLACK_SHARE * duration);
}

function checkCounts(counts: ReferenceCounts, { rules, duration }: ReferenceContext): readonly Finding[] {
  const findings: Finding[] = [];
  if (rules !== null && !rules.has(counts.rule))
    findings.push(unknownRule(["counts", "rule"], counts.rule, rules));
  const last = (counts.values.length - 1) * counts.everySeconds;
  if (duration !== null && last > latestInstant(duration)) {
    const what = `${counts.values.length} values every ${counts.everySeconds} s reach ${Number(last.toFixed(3))} s, beyond the clip, which is ${Number(duration.toFixed(3))} s long`;
    findings.push(wrong(["counts", "values"], what));
  }
  return findings;
}

function checkEvent(
  event: ReferenceEvent | ReferenceDistractor,
  path: KeyPath,
  context: ReferenceContext,
): readonly Finding[] {
  const { begin, end, tolerance } = event;
  const findings: Finding[] = [];
  if (end < begin)
    findings.push(wrong([...path, "end"], `it ends at ${end} s, before it begins, ${begin} s`));
  const { duration, rules, picture } = context;
  if (picture !== undefined && event.box !== null && !samePlace(event.box, { x: 0, y: 0, ...picture })) {
    const what = `it lies outside the picture, which is ${picture.width} x ${picture.height} px, so nothing could hit it`;
    findings.push(wrong([...path, "box"], what));
  }
  if (duration !== null) {
    const late =
      begin > duration + tolerance ? "begin" : end > latestInstant(duration) + tolerance ? "end" : null;
    if (late !== null) {
      const what = `${event[late]} s lies beyond the clip, which is ${Number(duration.toFixed(3))} s long`;
      findings.push(wrong([...path, late], what));
    }
  }
  if (rules === null) return findings;
  if (event.rule === null) {
    const what = `it names no rule; the clip's camera has ${[...rules.keys()].join(", ") || "none"}`;
    return [...findings, wrong(path, what)];
  }
  const watched = rules.get(event.rule);
  if (watched === undefined) findings.push(unknownRule([...path, "rule"], event.rule, rules));
  else if (watched !== event.event) {
    const what = `rule ${event.rule} watches for ${watched}, not for ${event.event}`;
    findings.push(wrong([...path, "event"], what));
  }
  return findings;
}

function unknownRule(path: KeyPath, rule: string, rules: ReadonlyMap<string, string>): Finding {
  const known = [...rules.keys()];
  return wrong(
    path,
    `the clip's camera has no rule ${rule}${hint(rule, known)}; it has ${known.join(", ") || "none"}`,
  );
}

/**
 * Two events of one rule at the same time and, as far as is said, the same place: an alert could not be told to belong
 * to one of them. Instants may coincide, as when two people cross a line together.
 */
function overlaps(events: readonly ReferenceEvent[]): readonly Finding[] {
  const findings: Finding[] = [];
  const byRule = Map.groupBy(
    events.map((event, index) => ({ event, index })),
    ({ event }) => `${event.event}\n${event.rule ?? ""}`,
  );
  for (const group of byRule.values()) {
    const ordered = group.toSorted((a, b) => a.event.begin - b.event.begin || a.index - b.index);
    let running: typeof ordered = [];
    for (const item of ordered) {
      running = running.filter(({ event }) => event.end > item.event.begin);
      const other = running.find(
        ({ event }) => samePlace(event.box, item.event.box) && item.event.end > item.event.begin,
      );
      if (other !== undefined) {
        const what =
          `from ${item.event.begin} to ${item.event.end} s it overlaps events[${other.index}], ` +
          `${other.event.begin} to ${other.event.end} s, of the same rule at the same place`;
        findings.push(wrong(["events", item.index], what));
      }
      running.push(item);
    }
  }
  return findings;
}

function samePlace(a: Box | null, b: Box | null): boolean {
  return a === null || b === null || boxArea(intersectBoxes(a, b)) > 0;
}
