import type { UtcMilliseconds } from "../../time/clock.ts";
import type { AlignmentKind, AuditRecord, ClipFact, RuleFact } from "../record.ts";
import type { ReferenceEvent } from "../reference.ts";
import { align } from "../scoring/alignment.ts";
import { tallyEvent } from "../scoring/tally.ts";
import type { Suite, SuiteClip } from "../suite.ts";
import type { Pinned } from "./fixed-thresholds.ts";
import { eventsOf, type Thresholds } from "./thresholds.ts";

/** One reason for which a record cannot be certified; told apart by `kind`, with the words for people. */
export interface Obstacle {
  readonly kind:
    | "not_engine"
    | "other_suite"
    | "other_model"
    | "other_config"
    | "other_version"
    | "other_alignment"
    | "times"
    | "clip_fault"
    | "event_not_watched"
    | "clips_differ"
    | "references_differ"
    | "rules_differ"
    | "exposure"
    | "contradiction";
  /** What differs, with both values. One line, without a full stop. */
  readonly detail: string;
}

/**
 * All that keeps a record from being certified against what was fixed: another suite, model, setting or version; a clip
 * that was not analysed to its end; an event that nobody looked for; and what the record says against itself or against
 * the suite, where that is here.
 * @param now a measurement that ends later was not made yet
 */
export function obstacles(
  record: AuditRecord,
  thresholds: Thresholds,
  pinned: Pinned,
  suite: Suite | null,
  now: UtcMilliseconds,
): readonly Obstacle[] {
  const found: Obstacle[] = [];
  const differs = (kind: Obstacle["kind"], what: string, is: string, fixed: string) => {
    if (is !== fixed) found.push({ kind, detail: `${what} is ${is}, and ${fixed} was fixed` });
  };
  const { system, settings } = record;
  differs("other_suite", "the suite's seal", record.suite.sha256, pinned.suite.sha256);
  if (system.kind === "engine") {
    differs("other_model", "the model", system.modelSha256, pinned.modelSha256);
    for (const [event] of eventsOf(thresholds)) {
      const ran = system.slots?.find((slot) => slot.event === event)?.sha256 ?? "none";
      differs(
        "other_model",
        `the network that rules for ${event} name`,
        ran,
        pinned.slots?.[event] ?? "none",
      );
    }
    differs("other_config", "the configuration of the engine", system.configSha256, pinned.configSha256);
    differs("other_version", "the version of the engine", system.version, pinned.engineVersion);
  } else {
    const detail = `it scores the log of ${system.name}: only what the engine raised itself is certified`;
    found.push({ kind: "not_engine", detail });
  }
  differs("other_alignment", "the rule of matching", settings.alignment, thresholds.alignment);
  const [startedAt, endedAt] = [Date.parse(record.startedAt), Date.parse(record.endedAt)];
  if (endedAt < startedAt || endedAt > now) {
    const detail = `it runs from ${record.startedAt} to ${record.endedAt}, and it is ${new Date(now).toISOString()}`;
    found.push({ kind: "times", detail });
  }
  for (const { id, fault } of record.clips) {
    if (fault !== null)
      found.push({ kind: "clip_fault", detail: `clip ${id}: ${fault.code}, ${fault.message}` });
  }
  for (const [event] of eventsOf(thresholds)) {
    if (tallyEvent(record.clips, event).exposureSeconds === 0) {
      found.push({ kind: "event_not_watched", detail: `${event} was looked for in no clip` });
    }
  }
  found.push(...doubles(record));
  for (const clip of record.clips) found.push(...contradictions(clip, record.settings.alignment));
  if (suite === null) return found;
  differs("other_suite", "the seal of the suite that is compared with", suite.sha256, pinned.suite.sha256);
  found.push(...againstSuite(record, suite, thresholds));
  return found;
}

function doubles({ clips }: AuditRecord): readonly Obstacle[] {
  const ids = clips.map(({ id }) => id);
  const twice = new Set(ids.filter((id, index) => ids.indexOf(id) !== index));
  return [...twice].map((id) => ({ kind: "contradiction", detail: `clip ${id} stands in it twice` }));
}

/** Rules of which the record says otherwise who hit what than follows from its own instants and places. */
function contradictions(clip: ClipFact, alignment: AlignmentKind): readonly Obstacle[] {
  return clip.rules.flatMap((rule) => {
    const what = ruleContradiction(rule, alignment);
    const detail = `clip ${clip.id}, rule ${rule.rule}: ${what}`;
    return what === null ? [] : [{ kind: "contradiction" as const, detail }];
  });
}

function ruleContradiction({ references, alerts, watched }: RuleFact, kind: AlignmentKind): string | null {
  if (!watched && alerts.length > 0) return "it was not watched and raised alerts";
  const again = align(kind, references, alerts);
  const alert = alerts.findIndex(
    ({ outcome, reference }, index) =>
      again.alerts[index]?.outcome !== outcome || again.alerts[index].reference !== reference,
  );
  if (alert >= 0) {
    const is = again.alerts[alert]?.outcome;
    return `alert ${alert} is said to be a ${alerts[alert]?.outcome}; matched again it is a ${is}`;
  }
  const reference = references.findIndex((one, index) => again.references[index] !== one.alert);
  return reference < 0 ? null : `event ${reference} is said to be hit by another alert than matches it`;
}

/** Where a record leaves out, adds or moves what the suite holds. */
function againstSuite(record: AuditRecord, suite: Suite, thresholds: Thresholds): readonly Obstacle[] {
  const found: Obstacle[] = [];
  const measured = new Map(record.clips.map((clip) => [clip.id, clip]));
  const declared = new Set(suite.clips.map(({ id }) => id));
  for (const { id } of record.clips) {
    if (!declared.has(id)) found.push({ kind: "clips_differ", detail: `clip ${id} is none of the suite` });
  }
  for (const clip of suite.clips) {
    const fact = measured.get(clip.id);
    if (fact === undefined) {
      found.push({ kind: "clips_differ", detail: `clip ${clip.id} of the suite was not measured` });
      continue;
    }
    found.push(...againstClip(fact, clip, thresholds));
  }
  return found;
}

/** How much longer than its header says a recording may turn out to be, in seconds. */
const HEADER_SLACK = 1;

function againstClip(fact: ClipFact, clip: SuiteClip, thresholds: Thresholds): readonly Obstacle[] {
  const found: Obstacle[] = [];
  if (fact.videoSha256 !== clip.videoSha256 || fact.referenceSha256 !== clip.referenceSha256) {
    found.push({
      kind: "clips_differ",
      detail: `clip ${clip.id} was measured on another recording or reference`,
    });
  }
  if (clip.duration !== null && fact.seconds > clip.duration + HEADER_SLACK) {
    const detail = `clip ${clip.id}: ${fact.seconds} s were measured of a recording of ${clip.duration} s`;
    found.push({ kind: "exposure", detail });
  }
  for (const [event] of eventsOf(thresholds)) {
    const ofEvent = fact.rules.filter((rule) => rule.event === event);
    const watched = ofEvent.filter((rule) => rule.watched).map(({ rule }) => rule);
    const declared = clip.view.rules.filter((rule) => rule.event === event).map(({ id }) => id);
    if (!sameTexts(watched, declared)) {
      const detail = `clip ${clip.id}: for ${event} the record has ${list(watched)} watching, and the suite ${list(declared)}`;
      found.push({ kind: "rules_differ", detail });
    }
    const there = clip.reference.events.filter((one) => one.event === event).map(whatHappened);
    const said = ofEvent.flatMap(({ rule, references }) =>
      references.map((reference) => whatHappened({ ...reference, rule })),
    );
    if (!sameTexts(said, there)) {
      const detail = `clip ${clip.id}: the record has ${said.length} of ${event}, and the suite ${there.length}, or other ones`;
      found.push({ kind: "references_differ", detail });
    }
  }
  return found;
}

/** All of an event by which an alert may hit it or not. */
function whatHappened(of: Omit<ReferenceEvent, "event" | "conditions">): string {
  const { rule, begin, end, tolerance, box } = of;
  const place = box === null ? "anywhere" : [box.x, box.y, box.width, box.height].join(" ");
  return `${rule}: ${begin}..${end}~${tolerance}, ${place}`;
}

/** Whether two lists hold the same, in whatever order. */
function sameTexts(one: readonly string[], other: readonly string[]): boolean {
  const [a, b] = [one.toSorted(), other.toSorted()];
  return a.length === b.length && a.every((text, index) => text === b[index]);
}

function list(names: readonly string[]): string {
  return names.length === 0 ? "no rule" : names.join(", ");
}
