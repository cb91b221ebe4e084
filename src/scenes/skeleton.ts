import type { Pose } from "./script.ts";

/** A joint in the body's own frame, metres: to its right, ahead, up from the ground. */
export type Joint = readonly [number, number, number];

/** The joints that a walker is drawn on; `left` and `right` as the walker feels them. */
export interface Skeleton {
  readonly head: Joint;
  readonly neck: Joint;
  readonly pelvis: Joint;
  readonly left: Side;
  readonly right: Side;
}

interface Side {
  readonly shoulder: Joint;
  readonly elbow: Joint;
  readonly hand: Joint;
  readonly hip: Joint;
  readonly knee: Joint;
  readonly ankle: Joint;
  readonly toe: Joint;
}

export interface Gait {
  /** Metres walked so far; the legs follow it. */
  readonly gone: number;
  /** Metres a second. */
  readonly speed: number;
  /** Seconds, for the small movements of somebody who stands. */
  readonly at: number;
  /** Shifts the step so that two walkers do not march in time. */
  readonly offset: number;
}

/** Joints of a body of the given height. @param shoulders half width of the shoulders, as a share of the height */
export function skeletonOf(pose: Pose, height: number, shoulders: number, gait: Gait): Skeleton {
  switch (pose) {
    case "upright":
      return upright(height, shoulders, gait);
    case "sitting":
      return folded(height, shoulders, gait, { pelvis: 0.27, knee: [0.23, 0.28], ankle: 0.24, lean: 0.04 });
    case "crouching":
      return folded(height, shoulders, gait, { pelvis: 0.15, knee: [0.2, 0.29], ankle: 0.06, lean: 0.14 });
    case "floor":
      return folded(height, shoulders, gait, { pelvis: 0.07, knee: [0.24, 0.09], ankle: 0.46, lean: -0.05 });
    case "bending":
      return bent(upright(height, shoulders, { ...gait, speed: 0 }), height);
    case "lying":
      return lying(upright(height, shoulders, { ...gait, speed: 0 }), height);
  }
}

/** Between two skeletons, for a change of pose. @param share 0 is `from`, 1 is `to` */
export function blendSkeletons(from: Skeleton, to: Skeleton, share: number): Skeleton {
  if (share >= 1) return to;
  if (share <= 0) return from;
  const smooth = share * share * (3 - 2 * share);
  const mix = (a: Joint, b: Joint): Joint => [
    a[0] + (b[0] - a[0]) * smooth,
    a[1] + (b[1] - a[1]) * smooth,
    a[2] + (b[2] - a[2]) * smooth,
  ];
  const side = (a: Side, b: Side): Side => ({
    shoulder: mix(a.shoulder, b.shoulder),
    elbow: mix(a.elbow, b.elbow),
    hand: mix(a.hand, b.hand),
    hip: mix(a.hip, b.hip),
    knee: mix(a.knee, b.knee),
    ankle: mix(a.ankle, b.ankle),
    toe: mix(a.toe, b.toe),
  });
  return {
    head: mix(from.head, to.head),
    neck: mix(from.neck, to.neck),
    pelvis: mix(from.pelvis, to.pelvis),
    left: side(from.left, to.left),
    right: side(from.right, to.right),
  };
}

const THIGH = 0.245;
const SHIN = 0.245;
const ANKLE = 0.042;
const UPPER_ARM = 0.172;
const FOREARM = 0.155;

function upright(height: number, shoulders: number, gait: Gait): Skeleton {
  const swing = 0.46 * Math.min(1.15, gait.speed / 1.25);
  const phase = (2 * Math.PI * gait.gone) / (0.84 * height) + gait.offset;
  const sway = gait.speed < 0.05 ? 0.008 * height * Math.sin(gait.at * 1.1 + gait.offset) : 0;
  const leg = (legPhase: number) => {
    const thigh = swing * Math.sin(legPhase) + 0.03;
    const flex = 1.35 * swing * Math.max(0, Math.cos(legPhase)) ** 1.5 + 0.12 * swing + 0.04;
    const shin = thigh - flex;
    return {
      knee: [THIGH * Math.sin(thigh), -THIGH * Math.cos(thigh)] as const,
      ankle: [
        THIGH * Math.sin(thigh) + SHIN * Math.sin(shin),
        -THIGH * Math.cos(thigh) - SHIN * Math.cos(shin),
      ] as const,
      pitch: Math.max(-0.5, shin * 0.8),
    };
  };
  const legs = { left: leg(phase), right: leg(phase + Math.PI) };
  // The lower foot carries: the hips are as high as that leg allows.
  const pelvis = ANKLE - Math.min(legs.left.ankle[1], legs.right.ankle[1]);
  const lean = 0.02 + 0.02 * swing;
  const side = (lateral: number, own: ReturnType<typeof leg>, armPhase: number): Side => {
    const arm = 0.75 * swing * Math.sin(armPhase) + 0.03;
    const fore = arm + 0.22 + 0.35 * swing;
    const hip: Joint = [lateral * 0.052, 0, pelvis];
    const shoulder: Joint = [lateral * shoulders + sway / height, lean, pelvis + 0.285];
    const elbow: Joint = [
      lateral * (shoulders + 0.022),
      shoulder[1] + UPPER_ARM * Math.sin(arm),
      shoulder[2] - UPPER_ARM * Math.cos(arm),
    ];
    return {
      shoulder,
      elbow,
      hand: [elbow[0], elbow[1] + FOREARM * Math.sin(fore), elbow[2] - FOREARM * Math.cos(fore)],
      hip,
      knee: [lateral * 0.05, own.knee[0], pelvis + own.knee[1]],
      ankle: [lateral * 0.048, own.ankle[0], pelvis + own.ankle[1]],
      toe: [
        lateral * 0.06,
        own.ankle[0] + 0.09 * Math.cos(own.pitch),
        Math.max(0.015, pelvis + own.ankle[1] - 0.025 + 0.09 * Math.sin(own.pitch)),
      ],
    };
  };
  return scaled(height, {
    head: [sway / height, lean + 0.012, pelvis + 0.4],
    neck: [sway / height, lean, pelvis + 0.315],
    pelvis: [0, 0, pelvis],
    left: side(-1, legs.left, phase + Math.PI),
    right: side(1, legs.right, phase),
  });
}

/** Bent at hip and knee: sitting, crouching. Shares of the height. */
function folded(
  height: number,
  shoulders: number,
  gait: Gait,
  shape: {
    readonly pelvis: number;
    readonly knee: readonly [number, number];
    readonly ankle: number;
    readonly lean: number;
  },
): Skeleton {
  const nod = 0.006 * Math.sin(gait.at * 0.9 + gait.offset);
  const chest = 0.28;
  const side = (lateral: number): Side => {
    const shoulder: Joint = [lateral * shoulders, shape.lean, shape.pelvis + chest];
    return {
      shoulder,
      elbow: [lateral * (shoulders + 0.02), shape.lean + 0.04, shape.pelvis + chest - 0.165],
      hand: [lateral * 0.05, shape.knee[0] * 0.75, shape.knee[1] + 0.04],
      hip: [lateral * 0.052, 0, shape.pelvis],
      knee: [lateral * 0.075, shape.knee[0], shape.knee[1]],
      ankle: [lateral * 0.065, shape.ankle, ANKLE],
      toe: [lateral * 0.08, shape.ankle + 0.09, 0.018],
    };
  };
  return scaled(height, {
    head: [nod, shape.lean + 0.035, shape.pelvis + chest + 0.115],
    neck: [nod, shape.lean + 0.012, shape.pelvis + chest + 0.03],
    pelvis: [0, 0, shape.pelvis],
    left: side(-1),
    right: side(1),
  });
}

/** The trunk bent forward over straight legs, the hands hanging down. */
function bent(body: Skeleton, height: number): Skeleton {
  const hips = body.pelvis[2];
  const angle = 1.45;
  const bend = ([x, y, z]: Joint): Joint => [
    x,
    y * Math.cos(angle) + (z - hips) * Math.sin(angle) - 0.06 * height,
    hips + (z - hips) * Math.cos(angle) - y * Math.sin(angle),
  ];
  const side = (limb: Side): Side => {
    const shoulder = bend(limb.shoulder);
    return {
      ...limb,
      shoulder,
      elbow: [limb.elbow[0], shoulder[1] + 0.02 * height, shoulder[2] - UPPER_ARM * height],
      hand: [limb.hand[0], shoulder[1] + 0.05 * height, shoulder[2] - (UPPER_ARM + FOREARM) * height],
    };
  };
  return {
    ...body,
    head: bend(body.head),
    neck: bend(body.neck),
    left: side(body.left),
    right: side(body.right),
  };
}

/** The upright body laid on its back, its middle where it stood. */
function lying(body: Skeleton, height: number): Skeleton {
  const lay = (joint: Joint): Joint => [joint[0], joint[2] - height / 2, 0.07 * height - joint[1] * 0.4];
  const side = (limb: Side): Side => ({
    shoulder: lay(limb.shoulder),
    elbow: lay(limb.elbow),
    hand: lay(limb.hand),
    hip: lay(limb.hip),
    knee: lay(limb.knee),
    ankle: lay(limb.ankle),
    toe: lay(limb.toe),
  });
  return {
    head: lay(body.head),
    neck: lay(body.neck),
    pelvis: lay(body.pelvis),
    left: side(body.left),
    right: side(body.right),
  };
}

function scaled(height: number, body: Skeleton): Skeleton {
  const scale = (joint: Joint): Joint => [joint[0] * height, joint[1] * height, joint[2] * height];
  const side = (limb: Side): Side => ({
    shoulder: scale(limb.shoulder),
    elbow: scale(limb.elbow),
    hand: scale(limb.hand),
    hip: scale(limb.hip),
    knee: scale(limb.knee),
    ankle: scale(limb.ankle),
    toe: scale(limb.toe),
  });
  return {
    head: scale(body.head),
    neck: scale(body.neck),
    pelvis: scale(body.pelvis),
    left: side(body.left),
    right: side(body.right),
  };
}
