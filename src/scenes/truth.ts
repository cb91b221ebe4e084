import type { Seconds } from "../time/clock.ts";
import type { PerspectiveCamera } from "./camera.ts";
import { crowdMovements } from "./crowd-truth.ts";
import { glowBox } from "./glows.ts";
import { insideConvex } from "./ground.ts";
import { markerPlace } from "./markers.ts";
import { firstTime, groundAt, lastTime, POSE_TAKES } from "./motion.ts";
import { type BoxTuple, boxAround, clippedBox } from "./picture-box.ts";
import { frameTimes } from "./render.ts";
import {
  type Actor,
  type ActorClass,
  classOf,
  type GroundPoint,
  type SceneGlow,
  type SceneLine,
  type SceneRule,
  type SceneScript,
} from "./script.ts";
import { viewCamera } from "./stage.ts";
import { change, rounded, STEP, type Stretch, stretches } from "./stretches.ts";

/** An event of a `contrechamp/reference@1` document, in seconds of presentation time. */
export interface ReferenceEvent {
  readonly event: SceneRule["event"];
  readonly rule: string;
  readonly begin: Seconds;
  readonly end: Seconds;
  readonly tolerance: Seconds;
  /** Where in the picture it is to be seen, [left, top, width, height] in px; events that have a place of their own. */
  readonly box?: BoxTuple;
}

export interface ReferenceCounts {
  readonly rule: string;
  readonly everySeconds: Seconds;
  readonly values: readonly number[];
}

/** Two presences in a zone that are nearer than this are one event, as in the reference of real footage. */
const MERGE: Seconds = 2;
const COUNT_EVERY: Seconds = 0.5;
/** Who goes down more slowly than this lies down at will. */
const FALL_TAKES: Seconds = 2;
export const DEFAULT_AFTER: Seconds = 1;
/** What lies within so many metres of somebody lies beside them. */
const BESIDE = 0.9;
/** Who is within so many metres of a thing has it in his care. */
const CARE = 2;
/** How far somebody who lies reaches from where he stood, m, and how high. */
const LYING = { reach: 1, height: 0.7 } as const;
/** A person or a vehicle as it crosses a line, m: half its length along the way, and its height. */
const CROSSING = { person: { reach: 0.5, height: 1.9 }, vehicle: { reach: 2.5, height: 1.6 } } as const;
/** A bag or a suitcase, m. */
const THING = { reach: 0.35, height: 0.7 } as const;
/** An alert of a crossing shows where the crosser is by then. */
const TOLD_WITHIN: Seconds = 1.5;
export const TOLERANCE = {
  zone_intrusion: 1,
  wrong_way: 1.5,
  crowd_density: 3,
  crowd_movement: 2,
  abandoned_object: 2,
  fire: 1,
  person_down: 1,
  weapon: 1,
} as const;

/**
 * What happens in a scene, worked out from where its actors are on the ground, not from any picture. Only what
 * the camera can see counts: the place must lie in the picture.
 * @returns events in order of their beginning
 */
export function referenceEvents(script: SceneScript): ReferenceEvent[] {
  const end = frameTimes(script).at(-1) ?? 0;
  const events = script.survey.rules.flatMap((rule) => DERIVE[rule.event](script, rule, end));
  return events.sort((a, b) => a.begin - b.begin || a.rule.localeCompare(b.rule));
}

/** How many persons stand in the area of each rule that counts, every half second from the first picture on. */
export function referenceCounts(script: SceneScript): ReferenceCounts[] {
  const end = frameTimes(script).at(-1) ?? 0;
  return script.survey.rules
    .filter((rule) => rule.event === "crowd_density")
    .map((rule) => ({
      rule: rule.id,
      everySeconds: COUNT_EVERY,
      values: Array.from({ length: Math.floor(end / COUNT_EVERY) + 1 }, (_, index) =>
        countAt(script, rule, index * COUNT_EVERY),
      ),
    }));
}

const DERIVE = {
  zone_intrusion: presences,
  wrong_way: crossings,
  crowd_density: crowds,
  crowd_movement: movements,
  fire: fires,
  person_down: falls,
  abandoned_object: abandonments,
  weapon: markersShown,
} as const;

function presences(script: SceneScript, rule: SceneRule, end: Seconds): ReferenceEvent[] {
  const after = rule.after ?? DEFAULT_AFTER;
  const stays = watched(script, rule)
    .flatMap((actor) =>
      stretches(
        (at) => isInArea(script, rule, actor, at),
        Math.max(0, firstTime(actor)),
        Math.min(end, lastTime(actor)),
      ),
    )
    .sort((a, b) => a.begin - b.begin);
  const merged: Stretch[] = [];
  for (const stay of stays) {
    const last = merged.at(-1);
    if (last && stay.begin - last.end < MERGE) {
      merged[merged.length - 1] = { begin: last.begin, end: Math.max(last.end, stay.end) };
    } else merged.push(stay);
  }
  return merged
    .filter((stay) => stay.end - stay.begin >= after)
    .map((stay) => event(rule, stay.begin, stay.end));
}

function crossings(script: SceneScript, rule: SceneRule, end: Seconds): ReferenceEvent[] {
  const line = script.survey.lines.find((candidate) => candidate.id === rule.line);
  if (!line || !rule.forbidden) return [];
  const against = forbiddenSide(viewCamera(script, 0, 0), line, rule.forbidden);
  const found: ReferenceEvent[] = [];
  for (const actor of watched(script, rule)) {
    const side = (at: Seconds) => {
      const place = groundAt(actor, at);
      return place ? sideOf(line, place) : 0;
    };
    const last = Math.min(end, lastTime(actor));
    let before = Math.max(0, firstTime(actor));
    for (let at = before + STEP; at <= last; at += STEP) {
      const from = side(before);
      const to = side(at);
      // Standing exactly on the line is neither side: the walk goes on until it is left.
      if (to === 0) continue;
      if (from !== 0 && Math.sign(from) !== Math.sign(to)) {
        const instant = change((time) => Math.sign(side(time)) === Math.sign(to), before, at);
        const place = groundAt(actor, instant);
        if (
          place &&
          besideLine(line, place) &&
          inPicture(script, place, instant) &&
          Math.sign(to) === against
        ) {
          found.push(event(rule, instant, instant, crossingBox(script, actor, instant)));
        }
      }
      before = at;
    }
  }
  return found;
}

function crowds(script: SceneScript, rule: SceneRule, end: Seconds): ReferenceEvent[] {
  const persons = rule.persons ?? Number.POSITIVE_INFINITY;
  const after = rule.after ?? DEFAULT_AFTER;
  return stretches((at) => countAt(script, rule, at) >= persons, 0, end)
    .filter((stay) => stay.end - stay.begin >= after)
    .map((stay) => event(rule, stay.begin, stay.end));
}

/** From when a crowd runs, or goes against where it went, to when it does no more, as far as the camera sees it. */
function movements(script: SceneScript, rule: SceneRule, end: Seconds): ReferenceEvent[] {
  const after = rule.after ?? DEFAULT_AFTER;
  return crowdMovements(watched(script, rule), end, (actor, at) => isInArea(script, rule, actor, at))
    .filter((stay) => stay.end - stay.begin >= after)
    .map((stay) => event(rule, stay.begin, stay.end));
}

/** From the instant at which flames begin, however small, to the one at which they are out. */
function fires(script: SceneScript, rule: SceneRule, end: Seconds): ReferenceEvent[] {
  return (script.glows ?? [])
    .filter(
      (glow) => glow.kind === "flame" && glow.from < end && isPlaceInArea(script, rule, glow.at, glow.from),
    )
    .map((glow) => {
      const begin = Math.max(0, glow.from);
      return event(rule, begin, Math.min(end, glow.to), glowBoxAt(script, glow, begin));
    });
}

/**
 * From upright, or from a chair, to the floor at once is a fall, and begins when its body lies. Who lies from the
 * start, or sat on the floor before, or lies on a bench, has lain down.
 */
function falls(script: SceneScript, rule: SceneRule, end: Seconds): ReferenceEvent[] {
  const after = rule.after ?? DEFAULT_AFTER;
  return script.actors.flatMap((actor) => {
    const poses = actor.kind === "walker" ? (actor.poses ?? []) : [];
    return poses.flatMap(({ at, pose, over = POSE_TAKES }, index) => {
      const before = poses[index - 1]?.pose ?? "upright";
      const stood = before === "upright" || before === "sitting";
      if (pose !== "lying" || !stood || over > FALL_TAKES || at <= firstTime(actor)) return [];
      if (actor.kind === "walker" && (actor.above ?? 0) > 0) return [];
      const begin = at + over;
      const until = Math.min(poses[index + 1]?.at ?? end, lastTime(actor), end);
      if (until - begin < after || !isInArea(script, rule, actor, begin)) return [];
      return [event(rule, begin, until, actorBox(script, actor, begin, LYING))];
    });
  });
}

/**
 * A marker, which stands for a weapon, that is in view near somebody for long enough: carried, held up, or lying beside
 * them. What nobody is near is no event: see docs/rules/weapon.md.
 */
function markersShown(script: SceneScript, rule: SceneRule, end: Seconds): ReferenceEvent[] {
  const after = rule.after ?? DEFAULT_AFTER;
  return (script.markers ?? [])
    .filter(({ kind }) => kind === "marker")
    .flatMap((marker) => {
      const shown = (at: Seconds): boolean => {
        const place = markerPlace(script, marker, at);
        if (place === null || !inPicture(script, place, at)) return false;
        return script.actors.some((actor) => {
          const there = actor.kind === "walker" ? groundAt(actor, at) : null;
          return there !== null && Math.hypot(there.x - place.x, there.y - place.y) <= BESIDE;
        });
      };
      return stretches(shown, Math.max(0, marker.from), Math.min(end, marker.to));
    })
    .filter((one) => one.end - one.begin >= after)
    .map((one) => event(rule, one.begin, one.end));
}

export function countAt(script: SceneScript, rule: SceneRule, at: Seconds): number {
  return watched(script, rule).filter((actor) => isInArea(script, rule, actor, at)).length;
}

/** Things that came within the scene, while whoever stood nearest when they came is further away than CARE. */
function abandonments(script: SceneScript, rule: SceneRule, end: Seconds): ReferenceEvent[] {
  const after = rule.after ?? DEFAULT_AFTER;
  return script.actors
    .filter((actor) => isLuggage(actor) && firstTime(actor) > 0)
    .flatMap((actor) => {
      const begin = firstTime(actor);
      const place = groundAt(actor, begin);
      if (!place) return [];
      const distance = (walker: Actor, at: Seconds) => {
        const there = groundAt(walker, at);
        return there ? Math.hypot(there.x - place.x, there.y - place.y) : Number.POSITIVE_INFINITY;
      };
      const [owner] = script.actors
        .filter((walker) => walker.kind === "walker" && distance(walker, begin) <= CARE)
        .sort((a, b) => distance(a, begin) - distance(b, begin));
      if (!owner) return [];
      const alone = (at: Seconds) => isInArea(script, rule, actor, at) && distance(owner, at) > CARE;
      return stretches(alone, begin, Math.min(end, lastTime(actor)))
        .filter((left) => left.end - left.begin >= after)
        .map((left) => event(rule, left.begin, left.end, actorBox(script, actor, left.begin, THING)));
    });
}

/** Furniture is nobody's luggage: what a chair is moved for is not known, and nobody waits for it. */
export function isLuggage(actor: Actor): boolean {
  return actor.kind === "luggage" && actor.model !== "chair" && actor.model !== "board";
}

/** The actors that a rule is about: persons, unless it names its classes. */
export function watched(script: SceneScript, rule: SceneRule): Actor[] {
  const classes: readonly ActorClass[] = rule.classes ?? ["person"];
  return script.actors.filter((actor) => classes.includes(classOf(actor)));
}

export function isInArea(script: SceneScript, rule: SceneRule, actor: Actor, at: Seconds): boolean {
  const place = groundAt(actor, at);
  return place !== null && isPlaceInArea(script, rule, place, at);
}

/** Whether a place on the ground is in the rule's area and in the picture. */
export function isPlaceInArea(
  script: SceneScript,
  rule: SceneRule,
  place: GroundPoint,
  at: Seconds,
): boolean {
  if (!inPicture(script, place, at)) return false;
  if (rule.zone === undefined) return true;
  const zone = script.survey.zones.find((candidate) => candidate.id === rule.zone);
  return zone !== undefined && insideConvex(zone.corners, place.x, place.y);
}

function inPicture(script: SceneScript, place: GroundPoint, at: Seconds): boolean {
  const seen = cameraAt(script, at).project(place.x, place.y, 0);
  return seen.depth > 0 && seen.x >= 0 && seen.x < script.width && seen.y >= 0 && seen.y < script.height;
}

function cameraAt(script: SceneScript, at: Seconds): PerspectiveCamera {
  const view = Math.max(
    0,
    script.views.findLastIndex((candidate) => candidate.at <= at),
  );
  return viewCamera(script, view, 0);
}

/** Where an actor of some size is in the picture at an instant. */
export function actorBox(
  script: SceneScript,
  actor: Actor,
  at: Seconds,
  size: { readonly reach: number; readonly height: number },
): BoxTuple | null {
  const place = groundAt(actor, at);
  return place === null ? null : boxAround(cameraAt(script, at), [place], size, script);
}

/** Where whoever crosses is from the instant on until it is told of. */
export function crossingBox(script: SceneScript, actor: Actor, at: Seconds): BoxTuple | null {
  const places = [0, 0.5, 1].flatMap((share) => groundAt(actor, at + share * TOLD_WITHIN) ?? []);
  const size = CROSSING[actor.kind === "vehicle" ? "vehicle" : "person"];
  return boxAround(cameraAt(script, at), places, size, script);
}

/** Where a glow will be once it is fully grown. */
export function glowBoxAt(script: SceneScript, glow: SceneGlow, at: Seconds): BoxTuple | null {
  const grown = glowBox({ ...glow, growth: 0 }, Math.max(at, glow.from), cameraAt(script, at));
  return grown === null ? null : clippedBox(grown, script);
}

export function sideOf(line: SceneLine, place: GroundPoint): number {
  return (
    (line.to.x - line.from.x) * (place.y - line.from.y) - (line.to.y - line.from.y) * (place.x - line.from.x)
  );
}

export function besideLine(line: SceneLine, place: GroundPoint): boolean {
  const dx = line.to.x - line.from.x;
  const dy = line.to.y - line.from.y;
  const share = ((place.x - line.from.x) * dx + (place.y - line.from.y) * dy) / (dx * dx + dy * dy);
  return share >= 0 && share <= 1;
}

/** The sign of `sideOf` on which one arrives when one crosses a line towards a side of the picture. */
function forbiddenSide(
  camera: PerspectiveCamera,
  line: SceneLine,
  towards: "left" | "right" | "up" | "down",
): number {
  const middle = { x: (line.from.x + line.to.x) / 2, y: (line.from.y + line.to.y) / 2 };
  const here = camera.project(middle.x, middle.y, 0);
  const normal = { x: -(line.to.y - line.from.y), y: line.to.x - line.from.x };
  const length = Math.hypot(normal.x, normal.y);
  const there = camera.project(middle.x + (0.1 * normal.x) / length, middle.y + (0.1 * normal.y) / length, 0);
  const motion =
    towards === "left"
      ? here.x - there.x
      : towards === "right"
        ? there.x - here.x
        : towards === "up"
          ? here.y - there.y
          : there.y - here.y;
  return Math.sign(motion);
}

function event(rule: SceneRule, begin: Seconds, end: Seconds, box: BoxTuple | null = null): ReferenceEvent {
  return {
    event: rule.event,
    rule: rule.id,
    begin: rounded(begin),
    end: rounded(end),
    tolerance: TOLERANCE[rule.event],
    ...(box === null ? {} : { box }),
  };
}
