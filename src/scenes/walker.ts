import type { PerspectiveCamera } from "./camera.ts";
import { type Placement, poseAt } from "./motion.ts";
import { deriveSeed, randomStream } from "./random.ts";
import type { Colour, Walker } from "./script.ts";
import { blendSkeletons, type Joint, type Skeleton, skeletonOf } from "./skeleton.ts";
import type { Brush, Sprite, ViewLight } from "./sprite.ts";

/** What a walker wears and carries: variety of the drawing, nothing more. */
export interface Looks {
  readonly height: number;
  /** Half width of the shoulders as a share of the height. */
  readonly shoulders: number;
  /** Thickness of limbs and trunk, 1 is usual. */
  readonly girth: number;
  readonly skin: Brush;
  readonly hair: Brush;
  readonly longHair: boolean;
  readonly top: Brush;
  readonly shortSleeves: boolean;
  readonly bottom: Brush;
  readonly hem: "trousers" | "shorts" | "skirt" | "coat";
  readonly shoes: Brush;
  readonly pack: Brush | null;
  readonly step: number;
}

export function looksOf(walker: Pick<Walker, "seed" | "height" | "vest">): Looks {
  const random = randomStream(deriveSeed(walker.seed, "walker"));
  const pick = <T>(list: readonly [T, ...T[]]): T => list[Math.floor(random() * list.length)] ?? list[0];
  const folds = () => 1 + random() * 6;
  const height = walker.height ?? 1.55 + 0.37 * random();
  const shoulders = 0.088 + 0.016 * random();
  const girth = 0.9 + 0.32 * random();
  const skin: Brush = { colour: pick(SKINS), folds: 0 };
  const hair: Brush = { colour: pick(HAIRS), folds: 0 };
  const longHair = random() < 0.35;
  const own: Brush = { colour: pick(TOPS), folds: folds() };
  const top = walker.vest === undefined ? own : { ...own, colour: VESTS[walker.vest] };
  const bottom: Brush = { colour: pick(BOTTOMS), folds: folds() };
  const shape = random();
  const hem = shape < 0.62 ? "trousers" : shape < 0.74 ? "shorts" : shape < 0.86 ? "skirt" : "coat";
  return {
    height,
    shoulders,
    girth,
    skin,
    hair,
    longHair,
    top,
    shortSleeves: hem !== "coat" && random() < 0.35,
    bottom,
    hem,
    shoes: { colour: pick(SHOES), folds: 0 },
    pack: random() < 0.3 ? { colour: pick(TOPS), folds: folds() } : null,
    step: random() * 2 * Math.PI,
  };
}

/** A part of the body on the canvas, drawn from far to near. */
interface Part {
  readonly depth: number;
  readonly draw: () => void;
}

/** A body's joints in the world, for its picture and for its shadow. */
export interface Body {
  readonly place: Placement;
  readonly looks: Looks;
  readonly skeleton: Skeleton;
  /** Metres above the ground of what it stands or lies on. */
  readonly above: number;
  /** How tall it is now, metres: less when it sits. */
  readonly stature: number;
}

export function bodyOf(walker: Walker, looks: Looks, place: Placement, at: number): Body {
  const pose = poseAt(walker, at);
  const gait = { gone: place.gone, speed: place.speed, at, offset: looks.step };
  const to = skeletonOf(pose.to, looks.height, looks.shoulders, gait);
  const skeleton =
    pose.share >= 1
      ? to
      : blendSkeletons(skeletonOf(pose.from, looks.height, looks.shoulders, gait), to, pose.share);
  const above = walker.above ?? 0;
  return { place, looks, skeleton, above, stature: above + skeleton.head[2] + 0.07 * looks.height };
}

/** A joint in the world. */
export function inWorld(body: Body, joint: Joint): readonly [number, number, number] {
  const sin = Math.sin(body.place.heading);
  const cos = Math.cos(body.place.heading);
  return [
    body.place.x + joint[0] * cos + joint[1] * sin,
    body.place.y - joint[0] * sin + joint[1] * cos,
    body.above + joint[2],
  ];
}

/** Draws a body into `sprite`, whose window must already lie around it. */
export function drawBody(body: Body, camera: PerspectiveCamera, sprite: Sprite, light: ViewLight): void {
  const { looks, skeleton } = body;
  const unit = looks.height / 1.75;
  const thick = unit * looks.girth;
  const seen = (joint: Joint) => {
    const [x, y, z] = inWorld(body, joint);
    return camera.project(x, y, z);
  };
  const parts: Part[] = [];
  const limb = (from: Joint, fromRadius: number, to: Joint, toRadius: number, brush: Brush, nearer = 0) => {
    const a = seen(from);
    const b = seen(to);
    parts.push({
      depth: (a.depth + b.depth) / 2 - nearer,
      draw: () =>
        sprite.stroke(
          a.x,
          a.y,
          (fromRadius * camera.focal) / a.depth,
          b.x,
          b.y,
          (toRadius * camera.focal) / b.depth,
          brush,
          light,
        ),
    });
  };
  const { left, right, head, neck, pelvis } = skeleton;
  const bare = looks.hem === "shorts" || looks.hem === "skirt";
  for (const side of [left, right]) {
    limb(side.hip, 0.088 * thick, side.knee, 0.062 * thick, looks.bottom);
    limb(side.knee, 0.06 * thick, side.ankle, 0.043 * thick, bare ? looks.skin : looks.bottom);
    limb(side.ankle, 0.046 * unit, side.toe, 0.036 * unit, looks.shoes, 0.01);
    limb(side.shoulder, 0.062 * thick, side.elbow, 0.047 * thick, looks.top, 0.02);
    limb(
      side.elbow,
      0.045 * thick,
      side.hand,
      0.034 * thick,
      looks.shortSleeves ? looks.skin : looks.top,
      0.03,
    );
    limb(side.hand, 0.04 * unit, between(side.hand, side.elbow, -0.22), 0.032 * unit, looks.skin, 0.03);
  }
  // The trunk: its outline between shoulders and hips, rounded by the depth of the chest.
  const chest = 0.088 * thick;
  const outline = (joints: readonly Joint[], radius: number, brush: Brush, nearer: number) => {
    const points = joints.map(seen);
    const depth = points.reduce((sum, point) => sum + point.depth, 0) / points.length;
    parts.push({
      depth: depth - nearer,
      draw: () =>
        sprite.fill(
          points.map((point) => [point.x, point.y] as const),
          (radius * camera.focal) / depth,
          brush,
          light,
        ),
    });
  };
  const inset = (joint: Joint, lateral: number, up: number): Joint => [
    joint[0] * lateral,
    joint[1],
    joint[2] + up * unit,
  ];
  outline(
    [
      inset(left.shoulder, 0.62, -0.055),
      inset(right.shoulder, 0.62, -0.055),
      inset(right.hip, 0.95, 0.06),
      inset(left.hip, 0.95, 0.06),
    ],
    chest,
    looks.top,
    0.015,
  );
  outline(
    [
      inset(left.hip, 1, 0.02),
      inset(right.hip, 1, 0.02),
      inset(right.hip, 1, -0.06),
      inset(left.hip, 1, -0.06),
    ],
    chest * 0.95,
    looks.bottom,
    0.005,
  );
  if (looks.hem === "skirt" || looks.hem === "coat") {
    const drop = looks.hem === "coat" ? 0.75 : 0.95;
    const cloth = looks.hem === "coat" ? looks.top : looks.bottom;
    outline(
      [
        inset(left.hip, 1.1, 0.05),
        inset(right.hip, 1.1, 0.05),
        widened(between(right.hip, right.knee, drop), 1.5),
        widened(between(left.hip, left.knee, drop), 1.5),
      ],
      chest * 0.95,
      cloth,
      0.06,
    );
  }
  limb(neck, 0.056 * unit, head, 0.056 * unit, looks.skin, -0.01);
  const down = (joint: Joint, ahead: number, up: number): Joint => [
    joint[0],
    joint[1] + ahead * unit,
    joint[2] + up * unit,
  ];
  limb(down(head, 0.016, -0.035), 0.076 * unit, down(head, 0.012, 0.03), 0.086 * unit, looks.skin, 0.02);
  limb(down(head, -0.024, 0.0), 0.092 * unit, down(head, -0.012, 0.045), 0.09 * unit, looks.hair, 0.015);
  if (looks.longHair)
    limb(down(head, -0.05, 0.02), 0.085 * unit, down(neck, -0.07, -0.06), 0.075 * unit, looks.hair, 0);
  if (looks.pack) {
    const back = (joint: Joint, up: number): Joint => [
      joint[0],
      joint[1] - 0.14 * unit,
      joint[2] + up * unit,
    ];
    limb(back(neck, -0.14), 0.12 * unit, back(pelvis, 0.2), 0.13 * unit, looks.pack, 0);
  }
  parts.sort((a, b) => b.depth - a.depth);
  for (const part of parts) part.draw();
}

/** The limbs that cast a shadow: joints and radius in metres. */
export function shadowLimbs(body: Body): readonly (readonly [Joint, Joint, number])[] {
  const { left, right, head, neck, pelvis } = body.skeleton;
  const girth = body.looks.girth;
  return [
    [head, neck, 0.09],
    [neck, pelvis, 0.17 * girth],
    [left.hip, left.knee, 0.08 * girth],
    [left.knee, left.ankle, 0.06 * girth],
    [right.hip, right.knee, 0.08 * girth],
    [right.knee, right.ankle, 0.06 * girth],
    [left.shoulder, left.hand, 0.05 * girth],
    [right.shoulder, right.hand, 0.05 * girth],
  ];
}

function between(from: Joint, to: Joint, share: number): Joint {
  return [
    from[0] + (to[0] - from[0]) * share,
    from[1] + (to[1] - from[1]) * share,
    from[2] + (to[2] - from[2]) * share,
  ];
}

function widened(joint: Joint, factor: number): Joint {
  return [joint[0] * factor, joint[1], joint[2]];
}

const SKINS: readonly [Colour, ...Colour[]] = [
  [0.82, 0.62, 0.5],
  [0.72, 0.52, 0.4],
  [0.58, 0.4, 0.29],
  [0.42, 0.28, 0.2],
  [0.3, 0.2, 0.15],
];
const HAIRS: readonly [Colour, ...Colour[]] = [
  [0.1, 0.08, 0.07],
  [0.2, 0.13, 0.09],
  [0.36, 0.25, 0.15],
  [0.62, 0.5, 0.32],
  [0.6, 0.6, 0.6],
];
const TOPS: readonly [Colour, ...Colour[]] = [
  [0.12, 0.14, 0.18],
  [0.2, 0.28, 0.45],
  [0.55, 0.12, 0.12],
  [0.78, 0.76, 0.72],
  [0.3, 0.34, 0.24],
  [0.62, 0.45, 0.2],
  [0.24, 0.42, 0.42],
  [0.45, 0.45, 0.48],
  [0.38, 0.2, 0.36],
  [0.85, 0.82, 0.78],
  [0.16, 0.2, 0.3],
];
/** Fluorescent cloth throws back more than it takes in of its own colour. */
const VESTS: Record<NonNullable<Walker["vest"]>, Colour> = {
  orange: [1, 0.36, 0.04],
  yellow: [0.82, 0.96, 0.08],
};
const BOTTOMS: readonly [Colour, ...Colour[]] = [
  [0.12, 0.13, 0.17],
  [0.18, 0.24, 0.38],
  [0.28, 0.34, 0.46],
  [0.4, 0.35, 0.28],
  [0.2, 0.2, 0.2],
  [0.48, 0.46, 0.42],
];
const SHOES: readonly [Colour, ...Colour[]] = [
  [0.08, 0.08, 0.08],
  [0.25, 0.17, 0.1],
  [0.75, 0.75, 0.74],
];
