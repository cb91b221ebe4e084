import { fault } from "../../errors.ts";
import type { AlertFact, AuditRecord, ClipFact, ReferenceFact } from "../record.ts";
import { compareText, hitOf } from "../scoring/tally.ts";

/** One clip as both systems were measured on it. */
export interface ClipPair {
  readonly id: string;
  readonly camera: string;
  readonly a: ClipFact;
  readonly b: ClipFact;
  readonly references: readonly ReferencePair[];
}

/** One thing that happened, and what each system made of it. */
export interface ReferencePair {
  readonly event: string;
  /** As the engine's camera calls it, where one of the two is the engine. */
  readonly rule: string;
  readonly begin: number;
  readonly end: number;
  /** The alert that found it, null where none did. */
  readonly a: AlertFact | null;
  readonly b: AlertFact | null;
}

/**
 * Lays two records side by side. The same seal says that both saw the same recordings with the same truth. Without it
 * (a log is scored against references, not against a suite) clips have to agree by their names, their durations and
 * everything that happened in them.
 * @throws COMPARE_DIFFERENT with what differs, COMPARE_ALIGNMENT
 */
export function pairRecords(a: AuditRecord, b: AuditRecord): readonly ClipPair[] {
  if (a.settings.alignment !== b.settings.alignment)
    throw fault("COMPARE_ALIGNMENT", { a: a.settings.alignment, b: b.settings.alignment });
  const sealed = a.suite.sha256 === b.suite.sha256;
  // A log may not know its cameras, and calls its rules by the event.
  const named = a.system.kind === "log" && b.system.kind === "engine" ? "b" : "a";
  const differences: string[] = [];
  const pairs: ClipPair[] = [];
  const others = new Map(b.clips.map((clip) => [clip.id, clip]));
  for (const clip of a.clips) {
    const other = others.get(clip.id);
    others.delete(clip.id);
    if (other === undefined) {
      differences.push(`clip ${clip.id} is in the first alone`);
      continue;
    }
    const own = factsOf(clip);
    const theirs = factsOf(other);
    const differs = sealed ? null : differentClip(clip, other);
    const truth = differs ?? differentTruth(clip.id, own, theirs);
    if (truth !== null) differences.push(truth);
    pairs.push({
      id: clip.id,
      camera: named === "a" ? clip.camera : other.camera,
      a: clip,
      b: other,
      references: own.flatMap((fact, index) => {
        const same = theirs[index];
        if (same === undefined) return [];
        const { event, begin, end } = fact;
        const { rule } = named === "a" ? fact : same;
        return [{ event, rule, begin, end, a: fact.alert, b: same.alert }];
      }),
    });
  }
  for (const id of others.keys()) differences.push(`clip ${id} is in the second alone`);
  if (differences.length > 0) throw fault("COMPARE_DIFFERENT", { list: listed(differences) });
  return pairs;
}

const LISTED = 20;

function listed(differences: readonly string[]): string {
  const rest = differences.length - LISTED;
  const lines = differences.slice(0, LISTED).map((line) => `  ${line}`);
  return [...lines, ...(rest > 0 ? [`  and ${rest} more`] : [])].join("\n");
}

interface Fact {
  readonly event: string;
  readonly rule: string;
  readonly begin: number;
  readonly end: number;
  readonly place: string;
  readonly tolerance: number;
  readonly alert: AlertFact | null;
}

/** Everything that happened in a clip, in an order that rules and records do not change. */
function factsOf(clip: ClipFact): readonly Fact[] {
  return clip.rules
    .flatMap((rule) =>
      rule.references.map((reference) => ({
        event: rule.event,
        rule: rule.rule,
        begin: reference.begin,
        end: reference.end,
        place: placeOf(reference),
        tolerance: reference.tolerance,
        alert: hitOf(rule, reference),
      })),
    )
    .toSorted(
      (x, y) =>
        inOrder(x, y) ||
        compareText(x.rule, y.rule) ||
        // Of two that cannot be told apart, those that were found are the same one.
        Number(x.alert === null) - Number(y.alert === null),
    );
}

function inOrder(x: Fact, y: Fact): number {
  return (
    compareText(x.event, y.event) ||
    x.begin - y.begin ||
    x.end - y.end ||
    compareText(x.place, y.place) ||
    x.tolerance - y.tolerance
  );
}

function placeOf({ box }: ReferenceFact): string {
  return box === null ? "" : [box.x, box.y, box.width, box.height].join(" ");
}

/** Containers and logs give lengths that differ by a little. */
const DURATION_SLACK = 1;
const DURATION_SLACK_SHARE = 0.02;

function differentClip(a: ClipFact, b: ClipFact): string | null {
  if (a.videoSha256 !== null && b.videoSha256 !== null && a.videoSha256 !== b.videoSha256)
    return `clip ${a.id} is not the same recording`;
  // What could not be analysed to its end is shorter, and its events are missed.
  if (a.fault !== null || b.fault !== null) return null;
  const longer = Math.max(a.seconds, b.seconds);
  return Math.abs(a.seconds - b.seconds) <= Math.max(DURATION_SLACK, DURATION_SLACK_SHARE * longer)
    ? null
    : `clip ${a.id} is ${rounded(a.seconds)} s long in the first, ${rounded(b.seconds)} s in the second`;
}

/** The first thing that is in one of two ordered lists and not in the other. */
function differentTruth(id: string, a: readonly Fact[], b: readonly Fact[]): string | null {
  const length = Math.max(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const [first, second] = [a[index], b[index]];
    if (first !== undefined && second !== undefined && isSame(first, second)) {
      if (first.tolerance === second.tolerance) continue;
      // With more of it the same alert hits more easily.
      return `clip ${id}: ${first.event} from ${rounded(first.begin)} to ${rounded(first.end)} s may be off by ${rounded(first.tolerance)} s in the first, and by ${rounded(second.tolerance)} s in the second`;
    }
    const inFirst = second === undefined || (first !== undefined && inOrder(first, second) < 0);
    const alone = inFirst ? first : second;
    if (alone === undefined) return null;
    const { event, begin, end } = alone;
    const [where, other] = inFirst ? ["first", "second"] : ["second", "first"];
    return `clip ${id}: ${event} from ${rounded(begin)} to ${rounded(end)} s is in the ${where}, and not or not as often in the ${other}`;
  }
  return null;
}

/** The same thing that happened; a copy of a reference may have rounded its times. */
function isSame(fact: Fact, other: Fact): boolean {
  return (
    fact.event === other.event &&
    fact.place === other.place &&
    Math.abs(fact.begin - other.begin) < SAME_INSTANT &&
    Math.abs(fact.end - other.end) < SAME_INSTANT
  );
}

const SAME_INSTANT = 0.001;

function rounded(value: number): number {
  return Number(value.toFixed(3));
}
