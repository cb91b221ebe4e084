import type { EventType } from "../event.ts";
import type { Seconds } from "../time/clock.ts";

/**
 * A point on the ground, in metres. The camera stands above the origin unless its script says otherwise;
 * x grows to the right of a camera with pan 0, y away from it.
 */
export interface GroundPoint {
  readonly x: number;
  readonly y: number;
}

/** A linear RGB colour, each part 0 to 1. */
export type Colour = readonly [number, number, number];

/** Where a camera hangs and looks. An ideal pinhole with square pixels, its centre in the picture's middle. */
export interface CameraSetup {
  /** The point on the ground below it. */
  readonly at: GroundPoint;
  /** Metres above the ground. */
  readonly height: number;
  /** Degrees to the right of the y axis. */
  readonly pan: number;
  /** Degrees below the horizon. */
  readonly tilt: number;
  /** Degrees seen across the picture's longer side. */
  readonly fieldOfView: number;
}

/** From `at` on the camera looks this way: more than one entry is a camera that somebody turned. */
export interface View {
  readonly at: Seconds;
  readonly camera: CameraSetup;
}

/** The light at one instant; between two keys it changes evenly, two keys at almost the same time are a switch. */
export interface LightKey {
  readonly at: Seconds;
  /** Light from everywhere, 1 is a bright overcast day. */
  readonly ambient: number;
  /** Light of the sun, casts shadows. */
  readonly sun: number;
  /** Light of the lamps. */
  readonly lamps: number;
  /** Colour of the ambient light. */
  readonly tint: Colour;
}

export type GroundMaterial =
  | "paving"
  | "slabs"
  | "asphalt"
  | "grass"
  | "tiles"
  | "tactile"
  | "marking"
  | "ballast";

/** A part of the ground made of something else: a convex polygon in metres, later ones lie on earlier ones. */
export interface GroundPatch {
  readonly material: GroundMaterial;
  readonly corners: readonly GroundPoint[];
}

export type PropKind =
  | "building"
  | "wall"
  | "bench"
  | "bin"
  | "lamp"
  | "planter"
  | "tree"
  | "kiosk"
  | "bollard"
  | "column"
  | "train"
  | "cone";

/** A thing that never moves and is nobody's business. */
export interface Prop {
  readonly kind: PropKind;
  readonly at: GroundPoint;
  /** Degrees clockwise seen from above; 0 faces away from a camera with pan 0. Default 0. */
  readonly facing?: number;
  /** Width, depth and height in metres, where the kind's own are not wanted. */
  readonly size?: readonly [number, number, number];
  readonly colour?: Colour;
}

/** Where an actor is at an instant; between two waypoints it moves evenly. */
export interface Waypoint extends GroundPoint {
  readonly at: Seconds;
}

/**
 * `floor` sits on the ground with the legs stretched out; `bending` stands with the trunk level, as to pick
 * something up.
 */
export type Pose = "upright" | "sitting" | "crouching" | "lying" | "floor" | "bending";

export interface PoseKey {
  readonly at: Seconds;
  readonly pose: Pose;
  /** How long the change takes. Default 1 s. */
  readonly over?: Seconds;
}

interface ActorBase {
  /** Tells the scene's actors apart in its ground truth: unique, from 1. */
  readonly number: number;
  /** It exists from the first waypoint's time to the last one's. At least 1, times increasing. */
  readonly path: readonly Waypoint[];
  /** Variety of looks only. */
  readonly seed: number;
  /** Where it looks while it stands, degrees clockwise from the y axis. Default: where it last went. */
  readonly facing?: number;
  /** Paints `paintedTexture(painted)` on it. */
  readonly painted?: number;
}

export interface Walker extends ActorBase {
  readonly kind: "walker";
  /** Metres. Default by seed, 1.55 to 1.92. */
  readonly height?: number;
  /** From these times on; upright before the first. */
  readonly poses?: readonly PoseKey[];
  /** Metres above the ground of what it stands, sits or lies on. Default 0. */
  readonly above?: number;
  /** A safety vest of this colour: orange is what fire rules took for flames. Default none. */
  readonly vest?: "orange" | "yellow";
}

export interface Vehicle extends ActorBase {
  readonly kind: "vehicle";
  readonly model: "car" | "van" | "bus";
}

export interface Luggage extends ActorBase {
  readonly kind: "luggage";
  /** A chair and a board that stands by itself are furniture: nobody's luggage, wherever they are put. */
  readonly model: "bag" | "suitcase" | "chair" | "board";
}

export type Actor = Walker | Vehicle | Luggage;

export type ActorClass = "person" | "vehicle" | "luggage";

/** The class that a detector should give to an actor. */
export function classOf(actor: Actor): ActorClass {
  return actor.kind === "walker" ? "person" : actor.kind;
}

/** What gives or throws back light of its own pattern: flames, what was taken for them, and smoke. */
export const GLOW_KINDS = [
  "flame",
  "beacon",
  "lightbar",
  "hazard",
  "screen",
  "leaves",
  "flag",
  "steam",
  "lamps",
  "smoke",
  "soot",
  "dapple",
  "lantern",
  "neon",
  "sunset",
  "puddle",
] as const;
export type GlowKind = (typeof GLOW_KINDS)[number];

/** A flat upright figure that faces the camera, drawn over everything else. */
export interface SceneGlow {
  readonly kind: GlowKind;
  /** Below the middle of its lower edge. */
  readonly at: GroundPoint;
  /** Height of its lower edge above the ground, m. Default 0. */
  readonly above?: number;
  /** Metres, once it is fully grown. */
  readonly width: number;
  readonly height: number;
  readonly from: Seconds;
  readonly to: Seconds;
  /** Time in which it grows to its size. Default 0: at once. */
  readonly growth?: Seconds;
  /** Turns or flashes a second; metres a second for lamps of traffic. */
  readonly rate?: number;
  readonly seed: number;
}

/**
 * A board in colours that nothing else has: what the generated network of the rendered scenes finds. It stands for a
 * weapon in tests of the slot and looks like none. `marker`: magenta round a green core. `plain`: the magenta alone,
 * which that network doubts at and must not confirm.
 */
export interface SceneMarker {
  readonly kind: "marker" | "plain";
  /** Below the middle of its lower edge: a point on the ground, or so many metres to the right of an actor. */
  readonly at: GroundPoint | { readonly actor: number; readonly aside: number };
  /** Height of its lower edge above the ground, m. */
  readonly above: number;
  /** Metres. */
  readonly width: number;
  readonly height: number;
  readonly from: Seconds;
  readonly to: Seconds;
}

export interface SceneZone {
  readonly id: string;
  readonly nature: "forbidden" | "sensitive" | "counting";
  readonly corners: readonly GroundPoint[];
}

export interface SceneLine {
  readonly id: string;
  readonly from: GroundPoint;
  readonly to: GroundPoint;
}

export interface SceneRule {
  readonly id: string;
  readonly event: EventType;
  readonly zone?: string;
  readonly line?: string;
  /** The condition must hold this long. */
  readonly after?: Seconds;
  /** How long the condition must be absent before the episode is over. */
  readonly clear?: Seconds;
  /** Manifest of the rule's own network, relative to the configuration. */
  readonly model?: string;
  readonly classes?: readonly ("person" | "vehicle")[];
  /** crowd_density: too many from here on. */
  readonly persons?: number;
  /** wrong_way on a line: the side of motion, in the picture, that is against the declared direction. */
  readonly forbidden?: "left" | "right" | "up" | "down";
}

/** What the operator of the scene's camera declared. */
export interface Survey {
  /** Points on the ground whose pixels are given as calibration pairs. */
  readonly marks: readonly GroundPoint[];
  readonly zones: readonly SceneZone[];
  readonly lines: readonly SceneLine[];
  readonly rules: readonly SceneRule[];
}

/** Everything about a rendered scene, as plain data. The same script gives the same pixels and the same truth. */
export interface SceneScript {
  readonly name: string;
  readonly seed: number;
  readonly width: number;
  readonly height: number;
  readonly seconds: Seconds;
  /** Pictures a second. */
  readonly rate: number;
  /** Share of the interval by which picture times stray, 0 (even) to 0.9. */
  readonly timeJitter: number;
  /** At least one, the first at 0. */
  readonly views: readonly View[];
  /** Stretches during which wind or traffic shakes the camera, by at most `degrees`. */
  readonly shakes: readonly { readonly from: Seconds; readonly to: Seconds; readonly degrees: number }[];
  readonly light: readonly LightKey[];
  /** Direction the sunlight comes from, degrees; elevation above the horizon. */
  readonly sun: { readonly azimuth: number; readonly elevation: number };
  readonly sky: "clear" | "overcast" | "night" | "ceiling";
  readonly ground: GroundMaterial;
  readonly patches: readonly GroundPatch[];
  readonly props: readonly Prop[];
  readonly actors: readonly Actor[];
  /** Default: none. */
  readonly glows?: readonly SceneGlow[];
  /** Default: none. */
  readonly markers?: readonly SceneMarker[];
  /** 0 (dry) to 1 (pouring). */
  readonly rain: number;
  readonly optics: {
    /** Standard deviation of the sensor's noise, of 255. */
    readonly noise: number;
    /** Softness of the lens, 0 to 1. */
    readonly blur: number;
  };
  readonly survey: Survey;
  /** Free slices for the audit bench, as a suite's `conditions`. */
  readonly conditions: Readonly<Record<string, string>>;
}
