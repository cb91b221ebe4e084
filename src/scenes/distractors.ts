import type { Seconds } from "../time/clock.ts";
import { type Candidate, hasMoved, LEAST, STANDING_SIZE, VEHICLE_SIZE, wayBox } from "./candidates.ts";
import { hurries, lowPoses, otherBoards, otherGlows, stillThings } from "./lookalikes.ts";
import { firstTime, groundAt, lastTime } from "./motion.ts";
import { type BoxTuple, meet } from "./picture-box.ts";
import { frameTimes } from "./render.ts";
import { classOf, type GroundPoint, type SceneRule, type SceneScript } from "./script.ts";
import { rounded, stretches } from "./stretches.ts";
import {
  besideLine,
  countAt,
  crossingBox,
  DEFAULT_AFTER,
  isInArea,
  isPlaceInArea,
  type ReferenceEvent,
  referenceEvents,
  sideOf,
  TOLERANCE,
  watched,
} from "./truth.ts";

/** A distractor of a `contrechamp/reference@1` document: what looks like the event of a rule, and is none. */
export interface ReferenceDistractor {
  readonly event: SceneRule["event"];
  readonly rule: string;
  readonly begin: Seconds;
  readonly end: Seconds;
  readonly tolerance: Seconds;
  /** Its kind. */
  readonly what: string;
  readonly box?: BoxTuple;
}

/** Who comes as near as this to an area passes beside it, m. */
const BESIDE = 1.3;
/** Who comes as near as this to a line and does not cross it has turned back, or stands by it, m. */
const BY_THE_LINE = 2.6;
/** From this share of the limit on an area is nearly too full. */
const NEARLY = 0.6;

/**
 * The hard negatives of a scene, worked out like its events: what each rule might take for its event. One is only named
 * where an alert of it could be told from an alert of an event: away from the rule's events in time, or elsewhere in
 * the picture.
 * @returns in order of their beginning
 */
export function referenceDistractors(script: SceneScript): ReferenceDistractor[] {
  const end = frameTimes(script).at(-1) ?? 0;
  const events = referenceEvents(script);
  const found = script.survey.rules.flatMap((rule) => {
    const own = events.filter((event) => event.rule === rule.id);
    return LOOKALIKES[rule.event](script, rule, end)
      .flatMap((candidate) => apart(candidate, own, rule) ?? [])
      .map(({ begin, end: until, what, box }) => ({
        event: rule.event,
        rule: rule.id,
        begin: rounded(begin),
        end: rounded(until),
        tolerance: TOLERANCE[rule.event],
        what,
        ...(box === null ? {} : { box }),
      }));
  });
  return found.sort((a, b) => a.begin - b.begin || a.rule.localeCompare(b.rule));
}

/** The longest part of a candidate in which an alert would be of no event; null where there is too little of it. */
function apart(candidate: Candidate, events: readonly ReferenceEvent[], rule: SceneRule): Candidate | null {
  const near = events.filter(
    // What happens everywhere is told from an event that has a place by the place of the alert.
    (event) => event.box === undefined || (candidate.box !== null && meet(event.box, candidate.box)),
  );
  const inside = (at: Seconds) =>
    near.some(({ begin, end, tolerance }) => at >= begin - tolerance && at <= end + tolerance);
  const { begin, end } = candidate;
  if (begin === end) return inside(begin) ? null : candidate;
  const [longest] = stretches((at) => !inside(at), begin, end).sort(
    (a, b) => b.end - b.begin - (a.end - a.begin),
  );
  const whole = end - begin;
  const least = Math.min(whole, Math.max(LEAST, rule.after ?? DEFAULT_AFTER));
  return longest === undefined || longest.end - longest.begin < least - 1e-6
    ? null
    : { ...candidate, ...longest };
}

const LOOKALIKES = {
  zone_intrusion: passersBeside,
  wrong_way: crossersAsDeclared,
  crowd_density: nearlyFull,
  fire: otherGlows,
  person_down: lowPoses,
  abandoned_object: stillThings,
  crowd_movement: hurries,
  weapon: otherBoards,
} as const;

/** Those who come close to the area and do not enter, who are in it for less than counts, and what may be in it. */
function passersBeside(script: SceneScript, rule: SceneRule, end: Seconds): Candidate[] {
  const zone = script.survey.zones.find(({ id }) => id === rule.zone);
  if (zone === undefined) return [];
  const after = rule.after ?? DEFAULT_AFTER;
  const concerned = new Set(watched(script, rule));
  return script.actors.flatMap((actor): Candidate[] => {
    const from = Math.max(0, firstTime(actor));
    const until = Math.min(end, lastTime(actor));
    const within = (at: Seconds) => isInArea(script, rule, actor, at);
    const stays = stretches(within, from, until);
    if (!concerned.has(actor)) return stays.map((stay) => ({ ...stay, what: classOf(actor), box: null }));
    const brief = stays.filter((stay) => stay.end - stay.begin < after);
    if (stays.length > brief.length) return [];
    const beside = stretches(
      (at) => {
        const place = groundAt(actor, at);
        return place !== null && isSeen(script, place, at) && distanceTo(zone.corners, place) <= BESIDE;
      },
      from,
      until,
    );
    return beside
      .filter((near) => near.end - near.begin >= LEAST)
      .map((near) => ({ ...near, what: brief.length > 0 ? "brief-entry" : "passes-beside", box: null }));
  });
}

/** Those who cross the line as declared, turn back before it or stand by it. */
function crossersAsDeclared(script: SceneScript, rule: SceneRule, end: Seconds): Candidate[] {
  const line = script.survey.lines.find(({ id }) => id === rule.line);
  if (line === undefined) return [];
  const wrong = new Set(
    referenceEvents(script).flatMap((event) => (event.rule === rule.id ? [event.begin] : [])),
  );
  return watched(script, rule).flatMap((actor): Candidate[] => {
    const from = Math.max(0, firstTime(actor));
    const until = Math.min(end, lastTime(actor));
    const seen = (at: Seconds) => {
      const place = groundAt(actor, at);
      return (
        place !== null && isSeen(script, place, at) && distanceTo([line.from, line.to], place) <= BY_THE_LINE
      );
    };
    return stretches(seen, from, until)
      .filter((near) => near.end - near.begin >= Math.min(LEAST, 0.3))
      .flatMap((near): Candidate[] => {
        const sides = [near.begin, near.end].map((at) => {
          const place = groundAt(actor, at);
          return place === null ? 0 : Math.sign(sideOf(line, place));
        });
        if (sides[0] === sides[1]) {
          const moves = hasMoved(actor, near, 1);
          const size = actor.kind === "vehicle" ? VEHICLE_SIZE : STANDING_SIZE;
          const what = moves ? "turns-back" : "stands-by-the-line";
          return [{ ...near, what, box: wayBox(script, actor, near, size) }];
        }
        const [crossed] = stretches(
          (at) => {
            const place = groundAt(actor, at);
            return place !== null && Math.sign(sideOf(line, place)) === sides[1];
          },
          near.begin,
          near.end,
        ).slice(-1);
        const at = crossed?.begin ?? near.end;
        if ([...wrong].some((other) => Math.abs(other - at) < 0.01)) return [];
        const place = groundAt(actor, at);
        const what = place !== null && besideLine(line, place) ? "as-declared" : "beside-the-line";
        return [{ begin: at, end: at, what, box: crossingBox(script, actor, at) }];
      });
  });
}

/** An area that is nearly too full, and one beside which a crowd stands. */
function nearlyFull(script: SceneScript, rule: SceneRule, end: Seconds): Candidate[] {
  const limit = rule.persons ?? Number.POSITIVE_INFINITY;
  const after = rule.after ?? DEFAULT_AFTER;
  const lasting = (what: string, holds: (at: Seconds) => boolean): Candidate[] =>
    stretches(holds, 0, end)
      .filter((stay) => stay.end - stay.begin >= after)
      .map((stay) => ({ ...stay, what, box: null }));
  const nearly = (at: Seconds) => {
    const count = countAt(script, rule, at);
    return count >= NEARLY * limit && count < limit;
  };
  const { zone: _zone, ...everywhere } = rule;
  const beside = (at: Seconds) =>
    countAt(script, rule, at) < NEARLY * limit && countAt(script, everywhere, at) >= limit;
  return [
    ...lasting("nearly-full", nearly),
    ...(rule.zone === undefined ? [] : lasting("crowd-beside", beside)),
  ];
}

function isSeen(script: SceneScript, place: GroundPoint, at: Seconds): boolean {
  return isPlaceInArea(script, { id: "", event: "fire" }, place, at);
}

/** Distance from a place to a polygon's border or inside (0), or to a line of two corners, m. */
function distanceTo(corners: readonly GroundPoint[], place: GroundPoint): number {
  let least = Number.POSITIVE_INFINITY;
  for (const [index, a] of corners.entries()) {
    const b = corners[(index + 1) % corners.length] ?? a;
    const [dx, dy] = [b.x - a.x, b.y - a.y];
    const length = dx * dx + dy * dy;
    const share = length === 0 ? 0 : ((place.x - a.x) * dx + (place.y - a.y) * dy) / length;
    const along = Math.max(0, Math.min(1, share));
    least = Math.min(least, Math.hypot(place.x - a.x - along * dx, place.y - a.y - along * dy));
  }
  return least;
}
