import { formatUtc, type UtcMilliseconds } from "../../time/clock.ts";
import type { Rejection } from "../logs/log.ts";
import { rejection } from "../logs/rows.ts";
import {
  type AlertFact,
  type AlignmentKind,
  type AuditRecord,
  type ClipFact,
  RECORD_SCHEMA_NAME,
  type RuleFact,
} from "../record.ts";
import type { ReferenceDistractor, ReferenceEvent } from "../reference.ts";
import { align } from "../scoring/alignment.ts";
import { distractorFacts } from "../scoring/distractors.ts";
import type { ScoredClip } from "./clip.ts";
import { type ClockOffset, estimateClockOffset } from "./clock-offset.ts";
import { eventsByRule, knownRules, type MatchBy, rulesOf } from "./match-by.ts";
import { outsideClip, type PlacedAlert } from "./placement.ts";
import { coveredEvents, type LogInput, type LogNames, placeLogs } from "./read-log.ts";

export interface ScoreLogOptions {
  readonly logs: readonly LogInput[];
  /** As the record names them. */
  readonly files: readonly { readonly name: string; readonly sha256: string }[];
  readonly clips: readonly ScoredClip[];
  readonly suite: { readonly name: string; readonly sha256: string };
  readonly names: LogNames;
  readonly by: MatchBy;
  /** What whoever scores it calls the product. */
  readonly system: string;
  readonly alignment: AlignmentKind;
  readonly recallBias: number;
  /** Keys of conditions whose comparison was a question before the log was scored. */
  readonly preregistered?: readonly string[];
  /** `estimate` shows it; `auto` applies it where more events are found with it; a number is applied. */
  readonly clockOffset: "estimate" | "auto" | number;
  readonly command: string;
  readonly now: () => UtcMilliseconds;
}

export interface ScoredLog {
  readonly record: AuditRecord;
  /** Events that were matched by rule; the others by event alone. */
  readonly byRule: ReadonlySet<string>;
  readonly rejectedByCode: ReadonlyMap<Rejection["code"], number>;
  readonly broken: boolean;
  /** What correcting the clock by the estimate would change; null where there is none, or it is applied. */
  readonly corrected: { readonly before: Outcome; readonly after: Outcome } | null;
}

export interface Outcome {
  readonly hits: number;
  readonly falseAlarms: number;
}

const MOST_REJECTIONS = 1000;

/**
 * Scores an alert log against references, without running anything.
 * @throws what `placeLogs` throws
 */
export async function scoreLog(options: ScoreLogOptions): Promise<ScoredLog> {
  const { clips, names, alignment } = options;
  const startedAt = formatUtc(options.now());
  const placed = await placeLogs(options.logs, clips, names);
  const byRule = eventsByRule(placed.alerts, clips, options.by);
  const { kept, rejections: ofRules } = knownRules(placed.alerts, clips, byRule);
  const groups = groupsOf(clips, names, byRule);
  const grouped = assign(groups, kept, byRule);

  const estimate = estimateClockOffset(
    groups.map(({ references }, index) => ({
      references,
      alerts: (grouped[index] ?? []).map((alert) => instantOf(alert, alignment)),
    })),
  );
  const outcome = (offset: number) => outcomeAt(groups, grouped, clips, offset, alignment);
  const given = typeof options.clockOffset === "number" ? options.clockOffset : null;
  const compared =
    estimate === null || given !== null ? null : { before: outcome(0), after: outcome(estimate.seconds) };
  const helps = compared !== null && compared.after.hits > compared.before.hits;
  const applied = given ?? (options.clockOffset === "auto" && helps ? (estimate?.seconds ?? 0) : 0);

  const rejections: Rejection[] = [...placed.rejections, ...ofRules];
  const rules = groups.map((group, index): RuleFact => {
    const clip = clipAt(clips, group.clip);
    const within = (grouped[index] ?? []).filter((alert) => {
      const why = outsideClip(instantOf(alert, alignment) - applied, clip, alert.origin);
      if (why !== null) rejections.push(rejection(alert.origin, why));
      return why === null;
    });
    return ruleFact(group, within, applied, alignment);
  });
  const files = new Map(options.files.map(({ name }, index) => [name, index]));
  const ordered = rejections.toSorted(
    (a, b) => (files.get(a.file) ?? 0) - (files.get(b.file) ?? 0) || a.line - b.line,
  );
  const record: AuditRecord = {
    schema: RECORD_SCHEMA_NAME,
    suite: options.suite,
    system: { kind: "log", name: options.system, files: [...options.files] },
    settings: {
      alignment,
      recallBias: options.recallBias,
      ...(options.preregistered === undefined ? {} : { preregistered: [...options.preregistered] }),
    },
    startedAt,
    endedAt: formatUtc(options.now()),
    command: options.command,
    clips: clips.map((clip, index) =>
      clipFact(
        clip,
        rules.filter((_, group) => groups[group]?.clip === index),
      ),
    ),
    log: {
      rows: placed.alerts.length + placed.rejections.length,
      rejected: rejections.length,
      rejections: ordered.slice(0, MOST_REJECTIONS),
      clockOffset: offsetFact(estimate, given, applied !== 0),
    },
  };
  return {
    record,
    byRule,
    rejectedByCode: countBy(ordered),
    broken: placed.broken,
    corrected: compared !== null && applied === 0 ? compared : null,
  };
}

/** What is matched together: one rule of one clip, or one event of it. */
interface Group {
  readonly clip: number;
  readonly rule: string;
  readonly event: string;
  readonly references: readonly ReferenceEvent[];
  readonly distractors: readonly ReferenceDistractor[];
}

function groupsOf(
  clips: readonly ScoredClip[],
  { scored }: LogNames,
  byRule: ReadonlySet<string>,
): readonly Group[] {
  const everywhere = new Set(clips.flatMap((clip) => [...coveredEvents(clip, null)]));
  return clips.flatMap((clip, index) => {
    // A reference alone is taken to be of every event that any of them tells of.
    const told = clip.rules === null ? new Set(scored ?? everywhere) : coveredEvents(clip, scored);
    return [...told].sort().flatMap((event): readonly Group[] => {
      const references = clip.reference.events.filter((one) => one.event === event);
      const distractors = clip.reference.distractors.filter((one) => one.event === event);
      const whole: Group = { clip: index, rule: event, event, references, distractors };
      if (!byRule.has(event)) return [whole];
      const rules = rulesOf(clip, event);
      const loose = references.filter(({ rule }) => rule === null);
      return [
        ...[...rules].map((rule) => ({
          ...whole,
          rule,
          references: references.filter((reference) => reference.rule === rule),
          distractors: distractors.filter((distractor) => distractor.rule === rule),
        })),
        ...(rules.size === 0 || loose.length > 0
          ? [{ ...whole, references: loose, distractors: distractors.filter(({ rule }) => rule === null) }]
          : []),
      ];
    });
  });
}

/** Alerts of each group, in the order of the groups. */
function assign(
  groups: readonly Group[],
  alerts: readonly PlacedAlert[],
  byRule: ReadonlySet<string>,
): readonly (readonly PlacedAlert[])[] {
  const key = (clip: number, event: string, rule: string) => `${clip} ${event} ${rule}`;
  const places = new Map(groups.map(({ clip, event, rule }, index) => [key(clip, event, rule), index]));
  const grouped = groups.map((): PlacedAlert[] => []);
  for (const alert of alerts) {
    const rule = byRule.has(alert.event) && alert.rule !== null ? alert.rule : alert.event;
    const place = places.get(key(alert.clip, alert.event, rule));
    const own = place === undefined ? undefined : grouped[place];
    if (own === undefined) throw new RangeError(`no group for ${alert.event} of clip ${alert.clip}`);
    own.push(alert);
  }
  for (const own of grouped) own.sort((a, b) => a.at - b.at || a.origin.line - b.origin.line);
  return grouped;
}

/** The ActEV alignment overlaps activities, so an alert is where its activity begins; else where it was raised. */
function instantOf(alert: PlacedAlert, alignment: AlignmentKind): number {
  return alignment === "actev" ? (alert.since ?? alert.at) : alert.at;
}

function alignable(alert: PlacedAlert, offset: number, alignment: AlignmentKind) {
  const at = millionth(instantOf(alert, alignment) - offset);
  const until = alert.until === null ? null : Math.max(at, millionth(alert.until - offset));
  return { at, until, confidence: alert.confidence, box: alert.box };
}

function ruleFact(
  group: Group,
  alerts: readonly PlacedAlert[],
  offset: number,
  alignment: AlignmentKind,
): RuleFact {
  const moved = alerts.map((alert) => alignable(alert, offset, alignment));
  const matched = align(alignment, group.references, moved);
  return {
    rule: group.rule,
    event: group.event,
    watched: true,
    reason: null,
    after: null,
    references: group.references.map(({ begin, end, tolerance, box, conditions }, index) => ({
      begin,
      end,
      tolerance,
      box,
      conditions: { ...conditions },
      alert: matched.references[index] ?? null,
      still: null,
    })),
    alerts: moved.map((alert, index): AlertFact => {
      const { file, line } = alerts[index]?.origin ?? { file: "", line: 0 };
      const { outcome, reference } = matched.alerts[index] ?? { outcome: "false_alarm", reference: null };
      return { ...alert, outcome, reference, origin: { file, line }, still: null };
    }),
    ...(group.distractors.length === 0
      ? {}
      : { distractors: [...distractorFacts(group.distractors, moved, matched.alerts)] }),
  };
}

function outcomeAt(
  groups: readonly Group[],
  grouped: readonly (readonly PlacedAlert[])[],
  clips: readonly ScoredClip[],
  offset: number,
  alignment: AlignmentKind,
): Outcome {
  let hits = 0;
  let falseAlarms = 0;
  for (const [index, group] of groups.entries()) {
    const clip = clipAt(clips, group.clip);
    const moved = (grouped[index] ?? [])
      .filter((alert) => outsideClip(instantOf(alert, alignment) - offset, clip, alert.origin) === null)
      .map((alert) => alignable(alert, offset, alignment));
    for (const { outcome } of align(alignment, group.references, moved).alerts) {
      if (outcome === "hit") hits++;
      else if (outcome === "false_alarm") falseAlarms++;
    }
  }
  return { hits, falseAlarms };
}

function clipFact(clip: ScoredClip, rules: RuleFact[]): ClipFact {
  return {
    id: clip.id,
    seconds: clip.seconds,
    camera: clip.camera,
    conditions: { ...clip.conditions },
    videoSha256: clip.videoSha256,
    referenceSha256: clip.referenceSha256,
    picture: clip.picture,
    rules,
    counts: null,
    tracking: null,
    contested: [],
    background: null,
    wallSeconds: null,
    cpuSeconds: null,
    health: [],
    suspendedSeconds: 0,
    fault: null,
  };
}

type OffsetFact = NonNullable<AuditRecord["log"]>["clockOffset"];

function offsetFact(estimate: ClockOffset | null, given: number | null, applied: boolean): OffsetFact {
  if (given !== null)
    return { seconds: given, applied: true, pairs: estimate?.pairs ?? 0, spread: estimate?.spread ?? 0 };
  return estimate === null ? null : { ...estimate, applied };
}

function countBy(rejections: readonly Rejection[]): ReadonlyMap<Rejection["code"], number> {
  const counts = new Map<Rejection["code"], number>();
  for (const { code } of rejections) counts.set(code, (counts.get(code) ?? 0) + 1);
  return new Map([...counts].sort(([, a], [, b]) => b - a));
}

function clipAt(clips: readonly ScoredClip[], index: number): ScoredClip {
  const clip = clips[index];
  if (clip === undefined) throw new RangeError(`no clip ${index}`);
  return clip;
}

function millionth(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
