import { footPoint } from "../../geometry/shapes.ts";
import type { Seconds } from "../../time/clock.ts";
import type { Interval } from "../intervals/proportion.ts";
import { garwood } from "../intervals/rate.ts";
import { sampleQuantile } from "../intervals/sample-quantile.ts";
import type { ClipFact, ContestedFact } from "../record.ts";

/** A view is told apart into so many places and no more: enough to see a bench or a doorway, too few for a path. */
export const PLACES = { columns: 6, rows: 4 } as const;

/** Whom contested rules would have flagged, of all clips together. */
export interface ContestedSummary {
  /** Camera-hours that were measured. */
  readonly hours: number;
  /** Clips that were not: nothing was analysed, so nobody would have been seen. */
  readonly notMeasured: readonly string[];
  /** In the order of the record. */
  readonly rules: readonly FlaggedByRule[];
}

/** One rule at one setting. */
export interface FlaggedByRule {
  readonly kind: ContestedFact["kind"];
  readonly setting: string;
  /** Camera-hours of the clips in which it was measured so. */
  readonly hours: number;
  /** How many times somebody would have been flagged; somebody who comes back counts again. */
  readonly flagged: number;
  readonly perHour: number;
  /** Garwood, 95 %. It takes flaggings to be independent, which people who wait together are not. */
  readonly perHourInterval: Interval;
  /** How long they lasted; null of none. */
  readonly seconds: { readonly p50: Seconds; readonly longest: Seconds; readonly total: Seconds } | null;
  /** By camera, how many in each part of the view, row by row from the top left. Cameras without any are left out. */
  readonly places: readonly { readonly camera: string; readonly counts: readonly (readonly number[])[] }[];
}

/** Works out from a record what contested rules would have flagged. */
export function contestedSummary(clips: readonly ClipFact[]): ContestedSummary {
  const measured = clips.filter(isMeasured);
  const groups = Map.groupBy(
    measured.flatMap((clip) => clip.contested.map((fact) => ({ clip, fact }))),
    ({ fact }) => `${fact.kind}\n${fact.setting}`,
  );
  return {
    hours: hoursOf(measured),
    notMeasured: clips.filter((clip) => !isMeasured(clip)).map(({ id }) => id),
    rules: [...groups.values()].flatMap((group) => {
      const [first] = group;
      return first === undefined ? [] : [flaggedBy(first.fact, group)];
    }),
  };
}

/** Nothing can be said of a rate in no time. */
function isMeasured({ contested, seconds }: ClipFact): boolean {
  return contested.length > 0 && seconds > 0;
}

interface Measured {
  readonly clip: ClipFact;
  readonly fact: ContestedFact;
}

function flaggedBy({ kind, setting }: ContestedFact, group: readonly Measured[]): FlaggedByRule {
  const lengths = group.flatMap(({ fact }) => fact.episodes.map(({ begin, end }) => end - begin));
  const hours = hoursOf(group.map(({ clip }) => clip));
  const total = lengths.reduce((sum, length) => sum + length, 0);
  return {
    kind,
    setting,
    hours,
    flagged: lengths.length,
    perHour: lengths.length / hours,
    perHourInterval: garwood(lengths.length, hours),
    seconds:
      lengths.length === 0
        ? null
        : { p50: sampleQuantile(lengths, 0.5) ?? 0, longest: Math.max(...lengths), total },
    places: placesOf(group),
  };
}

function placesOf(group: readonly Measured[]): FlaggedByRule["places"] {
  const cameras = Map.groupBy(
    group.filter(({ fact }) => fact.episodes.length > 0),
    ({ clip }) => clip.camera,
  );
  return [...cameras].map(([camera, members]) => {
    const counts = Array.from({ length: PLACES.rows }, () => Array.from({ length: PLACES.columns }, () => 0));
    for (const { clip, fact } of members) {
      if (clip.picture === null) continue;
      const { width, height } = clip.picture;
      for (const { box } of fact.episodes) {
        const foot = footPoint(box);
        const row = counts[part(foot.y, height, PLACES.rows)];
        const column = part(foot.x, width, PLACES.columns);
        if (row !== undefined) row[column] = (row[column] ?? 0) + 1;
      }
    }
    return { camera, counts };
  });
}

function part(value: number, whole: number, parts: number): number {
  return Math.min(parts - 1, Math.max(0, Math.floor((value / whole) * parts)));
}

function hoursOf(clips: readonly ClipFact[]): number {
  return clips.reduce((sum, { seconds }) => sum + seconds, 0) / 3600;
}
