import type { EpisodeChange, Place } from "../alerts/episode.ts";
import type { FireConfig, ZoneConfig } from "../config/schema.ts";
import type { Plane } from "../frames/frame.ts";
import { rasterise } from "../geometry/masks.ts";
import { contains } from "../geometry/polygon.ts";
import type { Box } from "../geometry/shapes.ts";
import type { Seconds } from "../time/clock.ts";
import type { Track } from "../tracking/tracker.ts";
import { FireNetwork } from "./fire-network.ts";
import { type FlickeringRegion, flickeringRegions } from "./flame-regions.ts";
import {
  brightness,
  coreShare,
  disorder,
  halfway,
  ownLight,
  shimmer,
  unexplained,
  yellowing,
} from "./flame-signs.ts";
import { FlameSites } from "./flame-sites.ts";
import { FlameWindow, WINDOW } from "./flame-window.ts";
import { type Finding, LastingCondition } from "./lasting-condition.ts";
import type { Measure, Observation, Rule } from "./rule.ts";
import { middleOf, type SlotWish } from "./slot-detections.ts";
import { SmokePlumes } from "./smoke-plumes.ts";
import { clipToPicture, type ViewGeometry, wholeView } from "./view-geometry.ts";

/** How often the last two seconds are looked into. */
const EVERY: Seconds = 0.25;

/** What a region must show to be flames; docs/rules/fire.md says what each was measured at. */
export interface FlameLimits {
  /** Red that a quarter of its samples reach, of 255. */
  readonly brightness: number;
  /** Samples that glow nearly all the time, per flickering sample. */
  readonly core: number;
  /** How much yellower it is where it is brighter, -1 to 1. */
  readonly yellowing: number;
  /** How much a sample's own colour changes: deviation of green over red. */
  readonly shimmer: number;
  /** Share of the looks in which a sample is neither dark nor bright. */
  readonly halfway: number;
  /** Independent ways in which it changes. */
  readonly disorder: number;
  /** Share of its change that no motion explains. */
  readonly unexplained: number;
  /** Grey levels by which it gets brighter than what is about it. */
  readonly ownLight: number;
}

export const FLAME_LIMITS: FlameLimits = {
  brightness: 230,
  core: 0.25,
  yellowing: 0.45,
  shimmer: 0.033,
  halfway: 0.3,
  disorder: 2.2,
  unexplained: 0.33,
  ownLight: 12,
};

/** A region with more than this share of its samples on persons or moving vehicles is theirs. */
const THEIRS = 0.5;
/** A vehicle that moves by less than this, in sizes a second, stands: it may burn. */
const STANDING = 0.1;

/**
 * Flames, by what no lamp, cloth or reflection has all of: the colour, a flicker of more than 1 Hz without
 * order and without a motion that explains it, light of their own, and a place where they stay. Depends on no
 * background, so a fire that burnt before the camera was looked at is found too. Smoke without flames is looked
 * for where the configuration says so, or by a network of the operator's own: see `FireNetwork`.
 */
export class Fire implements Rule {
  readonly event = "fire";
  readonly id: string;
  readonly slot?: SlotWish;
  /** What an operator's own network adds; null without one. */
  readonly #network: FireNetwork | null;
  readonly #zone: ZoneConfig | null;
  readonly #view: Box;
  readonly #limits: FlameLimits;
  readonly #condition: LastingCondition;
  readonly #window = new FlameWindow();
  readonly #sites = new FlameSites();
  readonly #plumes: SmokePlumes | null;
  #within: Uint8Array | null = null;
  #next: Seconds = Number.NEGATIVE_INFINITY;

  /**
   * @param zone null for the whole view
   * @param limits others than the measured ones, to see how much depends on them
   */
  constructor(config: FireConfig, zone: ZoneConfig | null, view: ViewGeometry, limits = FLAME_LIMITS) {
    this.id = config.id;
    this.#zone = zone;
    this.#view = wholeView(view);
    this.#limits = limits;
    this.#condition = new LastingCondition(this, config);
    this.#network = config.model === undefined ? null : new FireNetwork();
    if (this.#network !== null) this.slot = this.#network.slot;
    this.#plumes = config.smoke ? new SmokePlumes() : null;
  }

  observe({ at, tracks, glow, scene, slots }: Observation): readonly EpisodeChange[] {
    if (glow === undefined || scene.unreadable) {
      this.#forget();
      return this.#condition.observe(at, null);
    }
    this.#network?.observe(at, slots?.get(this.id) ?? []);
    const others = tracks.filter((track) => track.confirmed && isNoFire(track));
    this.#window.add(at, glow());
    if (!this.#window.full) this.#sites.clear();
    else if (at >= this.#next - 1e-6) {
      this.#next = at + EVERY;
      this.#sites.observe(at, this.#flames(others));
    }
    this.#plumes?.observe(scene, (block) => this.#isElses(block, scene.picture, others));
    return this.#condition.observe(at, this.#finding());
  }

  measure(): Measure | null {
    return null;
  }

  finish(at: Seconds, reason: "stream_ended" | "suspended"): readonly EpisodeChange[] {
    this.#forget();
    return this.#condition.finish(at, reason);
  }

  #forget(): void {
    this.#network?.forget();
    this.#window.clear();
    this.#sites.clear();
    this.#plumes?.clear();
    this.#next = Number.NEGATIVE_INFINITY;
  }

  #finding(): Finding | null {
    const flames = this.#sites.confirmed();
    const network = this.#network;
    network?.propose(flames.map((site) => site.box));
    const [largest] = network === null ? flames : flames.filter((site) => network.agrees(site.box));
    // What flickered often enough to be found had done so for a good part of the window.
    if (largest !== undefined) return this.#at(largest.box, Math.max(0, largest.since - WINDOW / 2));
    const smoke = this.#smokeOfNetwork() ?? this.#smokeOfPlume();
    return smoke === null ? null : this.#at(smoke.box, smoke.since);
  }

  #at(where: Box, heldSince: Seconds): Finding {
    const box = clipToPicture(this.#view, where);
    const place: Place =
      this.#zone === null ? { kind: "view", id: null, box } : { kind: "zone", id: this.#zone.id, box };
    return { place, count: null, densityPerM2: null, heldSince };
  }

  #smokeOfNetwork(): { readonly box: Box; readonly since: Seconds } | null {
    const zone = this.#zone;
    const smoke = this.#network?.smoke() ?? [];
    return smoke.find((one) => zone === null || contains(zone.polygon, middleOf(one.box))) ?? null;
  }

  #smokeOfPlume(): { readonly box: Box; readonly since: Seconds } | null {
    const plume = this.#plumes?.confirmed ?? null;
    if (plume === null) return null;
    const { x, y, width, height } = plume.box;
    const view = this.#view;
    const box = {
      x: x * view.width,
      y: y * view.height,
      width: width * view.width,
      height: height * view.height,
    };
    return { box, since: plume.since };
  }

  /** Boxes of what is flames now, image coordinates. */
  #flames(others: readonly Track[]): readonly Box[] {
    return flickeringRegions(this.#window, this.#allowed())
      .filter((region) => this.#isFlames(region) && !this.#isTheirs(region, others))
      .map((region) => this.#inPicture(region));
  }

  #isFlames(region: FlickeringRegion): boolean {
    const limits = this.#limits;
    return (
      brightness(this.#window, region) >= limits.brightness &&
      coreShare(this.#window, region) >= limits.core &&
      yellowing(this.#window, region) >= limits.yellowing &&
      shimmer(this.#window, region) >= limits.shimmer &&
      halfway(this.#window, region) >= limits.halfway &&
      disorder(this.#window, region) >= limits.disorder &&
      unexplained(this.#window, region) >= limits.unexplained &&
      ownLight(this.#window, region) >= limits.ownLight
    );
  }

  #isTheirs({ samples }: FlickeringRegion, others: readonly Track[]): boolean {
    if (others.length === 0) return false;
    const { width, height } = this.#window;
    const inside = samples.filter((i) => {
      const x = ((i % width) + 0.5) * (this.#view.width / width);
      const y = (Math.floor(i / width) + 0.5) * (this.#view.height / height);
      return others.some(({ box }) => covers(box, x, y));
    });
    return inside.length > THEIRS * samples.length;
  }

  /** Whether a part of a plane lies for its middle on somebody, on a vehicle that drives, or outside the zone. */
  #isElses(part: Box, plane: Plane, others: readonly Track[]): boolean {
    const x = (part.x + part.width / 2) * (this.#view.width / plane.width);
    const y = (part.y + part.height / 2) * (this.#view.height / plane.height);
    if (this.#zone !== null && !contains(this.#zone.polygon, { x, y })) return true;
    return others.some(({ box }) => covers(box, x, y));
  }

  #inPicture({ left, top, right, bottom }: FlickeringRegion): Box {
    const sx = this.#view.width / this.#window.width;
    const sy = this.#view.height / this.#window.height;
    return { x: left * sx, y: top * sy, width: (right - left) * sx, height: (bottom - top) * sy };
  }

  /** The samples of the zone; null for the whole view. */
  #allowed(): Uint8Array | null {
    const { width, height } = this.#window;
    if (this.#zone === null) return null;
    if (this.#within?.length !== width * height)
      this.#within = rasterise([this.#zone.polygon], this.#view, width, height, "touch");
    return this.#within;
  }
}

/** Somebody, or a vehicle that drives: what flickers on them is what they wear and their lamps. */
function isNoFire({ class: kind, box, velocity }: Track): boolean {
  if (kind === "person") return true;
  const size = Math.sqrt(Math.max(1, box.width * box.height));
  return kind === "vehicle" && Math.hypot(velocity.x, velocity.y) > STANDING * size;
}

function covers(box: Box, x: number, y: number): boolean {
  return x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;
}
