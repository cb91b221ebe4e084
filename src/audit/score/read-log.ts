import { CodedError, fault } from "../../errors.ts";
import type { LoggedAlert, LogReader, LogReading, Rejection } from "../logs/log.ts";
import type { LogSource } from "../logs/log-source.ts";
import { MOST_ALERTS, place, rejection } from "../logs/rows.ts";
import type { ScoredClip } from "./clip.ts";
import { ClipNames, mapEvent, type NameMap } from "./names.ts";
import { type PlacedAlert, placeAlert } from "./placement.ts";

/** What names in the log mean. */
export interface LogNames {
  readonly events: NameMap;
  readonly rules: NameMap;
  readonly clips: NameMap;
  /** Of a log that tells of several clips, and a reference of one: which. */
  readonly clip: string | null;
  /** What the system is said to find; null: all that the references tell of. */
  readonly scored: readonly string[] | null;
}

export interface LogInput {
  readonly source: LogSource;
  readonly reader: LogReader;
  readonly reading: LogReading;
}

export interface PlacedLog {
  readonly alerts: readonly PlacedAlert[];
  readonly rejections: readonly Rejection[];
  /** Whether a file ended, or could not be read on, before its end. */
  readonly broken: boolean;
}

/** Events that alerts of a clip may be scored against: what its references or its camera's rules tell of. */
export function coveredEvents(clip: ScoredClip, scored: readonly string[] | null): ReadonlySet<string> {
  const told = new Set([...clip.reference.events.map(({ event }) => event), ...(clip.rules?.values() ?? [])]);
  if (scored === null) return told;
  // Where no camera says what was looked for, whoever wrote the reference is taken to have looked for all of them.
  return clip.rules === null ? new Set(scored) : new Set(scored.filter((event) => told.has(event)));
}

/**
 * Reads logs to their end, each alert in the reference's names and in seconds of its clip. What cannot be scored is
 * kept with its reason.
 * @throws LOG_CLIPS, LOG_TOO_MANY, LOG_FRAME_RATE, LOG_NO_START and what the readers throw
 */
export async function placeLogs(
  inputs: readonly LogInput[],
  clips: readonly ScoredClip[],
  names: LogNames,
): Promise<PlacedLog> {
  const alerts: PlacedAlert[] = [];
  const rejections: Rejection[] = [];
  const seen = new Map<string, string>();
  const find = clipFinder(clips, names, inputs[0]?.source.name ?? "");
  const scored = names.scored ?? [...new Set(clips.flatMap((clip) => [...coveredEvents(clip, null)]))];
  const covered = clips.map((clip) => coveredEvents(clip, clip.rules === null ? scored : names.scored));
  const events = covered.map(() => new Map<string, string | null>());
  let broken = false;

  const judge = (row: LoggedAlert): PlacedAlert | CodedError => {
    const { origin } = row;
    const index = find(row);
    if (typeof index !== "number") return index;
    const clip = clips[index];
    const known = covered[index];
    const cache = events[index];
    if (clip === undefined || known === undefined || cache === undefined)
      throw new RangeError(`no clip ${index}`);
    let event = cache.get(row.event);
    if (event === undefined) {
      event = mapEvent(row.event, names.events, known);
      if (cache.size < 10_000) cache.set(row.event, event);
    }
    if (event === null) {
      const found = JSON.stringify(row.event.slice(0, 80));
      return fault("LOG_ROW_EVENT", { at: place(origin), found, known: [...known].join(", ") || "no event" });
    }
    const rule = row.rule === null ? null : (names.rules.get(row.rule) ?? row.rule);
    const placed = placeAlert(row, { clip: index, event, rule }, clip);
    if (placed instanceof CodedError) return placed;
    const { at, since, until, confidence, box } = placed;
    const key = JSON.stringify([index, event, rule, at, since, until, confidence, box]);
    const first = seen.get(key);
    if (first !== undefined) return fault("LOG_ROW_DUPLICATE", { at: place(origin), first });
    seen.set(key, place(origin));
    return placed;
  };

  for (const { source, reader, reading } of inputs) {
    for await (const row of reader.read(source, reading)) {
      if (row.kind === "rejected") {
        const { kind: _, ...rest } = row;
        rejections.push(rest);
        broken ||= row.code === "LOG_BROKEN";
      } else {
        const placed = judge(row);
        if (placed instanceof CodedError) rejections.push(rejection(row.origin, placed));
        else alerts.push(placed);
      }
      if (alerts.length + rejections.length > MOST_ALERTS)
        throw fault("LOG_TOO_MANY", { file: source.name, limit: MOST_ALERTS });
    }
  }
  return { alerts, rejections, broken };
}

/** Which clip a row is of. */
function clipFinder(
  clips: readonly ScoredClip[],
  { clip: wanted, clips: map }: LogNames,
  file: string,
): (row: LoggedAlert) => number | CodedError {
  const known = clips.map(({ id }) => id).join(", ");
  const none = (row: LoggedAlert) =>
    fault("LOG_ROW_CLIP", {
      at: place(row.origin),
      found: row.clip === null ? "a clip that the row does not name" : JSON.stringify(row.clip.slice(0, 80)),
      known: known.slice(0, 500),
    });
  if (clips.length > 1) {
    const names = new ClipNames(
      clips.map(({ id, aliases }) => [id, ...aliases]),
      map,
    );
    return (row) => (row.clip === null ? null : names.find(row.clip)) ?? none(row);
  }
  if (wanted !== null) return (row) => (row.clip === null || row.clip === wanted ? 0 : none(row));
  if (map.size > 0) return (row) => (row.clip === null || map.has(row.clip) ? 0 : none(row));
  // One clip, and nobody said what the log calls it: then the log may only ever name one.
  const met = new Set<string>();
  return (row) => {
    if (row.clip !== null) met.add(row.clip);
    if (met.size > 1) throw fault("LOG_CLIPS", { file, clips: [...met].join(", ") });
    return 0;
  };
}
