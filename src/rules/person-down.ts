import type { EpisodeChange } from "../alerts/episode.ts";
import type { PersonDownConfig, ZoneConfig } from "../config/schema.ts";
import type { SceneState } from "../frames/scene.ts";
import { contains } from "../geometry/polygon.ts";
import { footPoint, uniteBoxes } from "../geometry/shapes.ts";
import type { Seconds } from "../time/clock.ts";
import type { TrackId } from "../tracking/tracker.ts";
import { type Finding, LastingCondition } from "./lasting-condition.ts";
import { FALLS_WITHIN, LyingBodies, type LyingBody } from "./lying-bodies.ts";
import type { Measure, Observation, Rule } from "./rule.ts";
import { type PastForeground, type Silhouette, Silhouettes, shareSet } from "./silhouettes.ts";
import { type Stance, UprightPersons } from "./upright-persons.ts";
import { clipToPicture, intoPicture, type ViewGeometry, wholeView } from "./view-geometry.ts";

/** Unseen as upright for longer than this is no missed detection. */
const DOWN_FOR: Seconds = 0.15;
/** Where somebody who falls comes to lie: so far to the sides and towards the camera, statures. */
const AROUND = 1.4;
const AHEAD = 0.9;
const LOWER_HALF = 0.6;
/** So many silhouettes are looked for at one instant: in a crowd they say nothing anyway. */
const MOST_LOOKS = 8;

/** The foreground when somebody was last upright. */
interface Before {
  readonly lastUpright: Seconds;
  readonly past: PastForeground;
}

/**
 * Somebody lies on the ground who was upright a moment before, and has lain there without moving on for `after`.
 * For rescue. Who sits down, crouches, bends or ties a shoe is not flat; who lies there from the start, or lies
 * down slowly, did not fall.
 */
export class PersonDown implements Rule {
  readonly event = "person_down";
  readonly id: string;
  readonly #config: PersonDownConfig;
  readonly #zone: ZoneConfig | null;
  readonly #view: ViewGeometry;
  readonly #condition: LastingCondition;
  readonly #upright: UprightPersons;
  readonly #silhouettes: Silhouettes;
  /** The foreground when each of those who went down was last upright. */
  #before = new Map<TrackId, Before>();
  readonly #bodies: LyingBodies;

  /** @param zone null for the whole view */
  constructor(config: PersonDownConfig, zone: ZoneConfig | null, view: ViewGeometry) {
    this.id = config.id;
    this.#config = config;
    this.#zone = zone;
    this.#view = view;
    this.#silhouettes = new Silhouettes(view);
    this.#upright = new UprightPersons(view, FALLS_WITHIN);
    this.#bodies = new LyingBodies(config.after);
    this.#condition = new LastingCondition(this, config);
  }

  observe({ at, tracks, detections, scene }: Observation): readonly EpisodeChange[] {
    this.#upright.observe(at, tracks, detections ?? []);
    this.#silhouettes.observe(scene);
    const { stances } = this.#upright;
    const lying = this.#bodies.observe(at, stances, {
      detections: detections ?? [],
      silhouettes: this.#silhouettesOf(stances, scene),
      moving: (box) => shareSet(scene.moving, box, this.#view),
    });
    return this.#condition.observe(at, this.#finding(lying));
  }

  measure(): Measure | null {
    return null;
  }

  finish(at: Seconds, reason: "stream_ended" | "suspended"): readonly EpisodeChange[] {
    this.#upright.reset();
    this.#silhouettes.reset();
    this.#before.clear();
    this.#bodies.reset();
    return this.#condition.finish(at, reason);
  }

  /** Looked for only where somebody has gone down: most of the time that is nowhere. */
  #silhouettesOf(stances: readonly Stance[], scene: SceneState): ReadonlyMap<TrackId, Silhouette> {
    const gone = stances.filter((stance) => scene.at - stance.lastUpright > DOWN_FOR && !stance.cut);
    const found = new Map<TrackId, Silhouette>();
    const before = new Map<TrackId, Before>();
    for (const stance of [...this.#bodies.stances, ...gone].slice(0, MOST_LOOKS)) {
      if (before.has(stance.track)) continue;
      const { height, foot, box, lastUpright } = stance;
      const window = {
        x: foot.x - AROUND * height,
        y: foot.y - height,
        width: 2 * AROUND * height,
        height: (1 + AHEAD) * height,
      };
      // Of where the person stood, only what is as low as somebody who lies: above it the background may be a ghost.
      const own = { ...box, y: foot.y - LOWER_HALF * height, height: LOWER_HALF * height };
      const known = this.#before.get(stance.track);
      const past =
        known?.lastUpright === lastUpright ? known.past : this.#silhouettes.at(lastUpright - DOWN_FOR);
      if (past === null) continue;
      before.set(stance.track, { lastUpright, past });
      const silhouette = this.#silhouettes.fresh(scene, window, past, own);
      if (silhouette !== null) found.set(stance.track, silhouette);
    }
    this.#before = before;
    return found;
  }

  /** What has lain in one place for long enough: two short falls never add up to a long one. */
  #finding(lying: readonly LyingBody[]): Finding | null {
    const { after } = this.#config;
    const here = lying.filter((body) => body.lastSeen - body.since >= after - 1e-6 && this.#isInside(body));
    if (here.length === 0) return null;
    const view = wholeView(this.#view);
    const box = here.map((body) => clipToPicture(view, body.box)).reduce(uniteBoxes);
    const place =
      this.#zone === null
        ? { kind: "view" as const, id: null, box }
        : { kind: "zone" as const, id: this.#zone.id, box };
    return {
      place,
      count: null,
      densityPerM2: null,
      heldSince: Math.min(...here.map((body) => body.since)),
    };
  }

  #isInside({ box }: LyingBody): boolean {
    if (this.#zone === null) return true;
    return contains(this.#zone.polygon, intoPicture(this.#view, footPoint(box)));
  }
}
