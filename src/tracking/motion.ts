import type { ObjectClass } from "../detectors/detector.ts";
import type { Box, Point } from "../geometry/shapes.ts";
import type { Seconds } from "../time/clock.ts";

/**
 * How things of a class move, in units of their own size (the square root of the box's area), so that the
 * same figures hold for a near and a far one, and in seconds, so that they hold at any rate of updates.
 */
export interface MotionModel {
  /** Standard deviation of the velocity, sizes per second: a walker does about 1.2 (1.3 m/s at a size of 1.1 m). */
  readonly speed: number;
  /** How long a velocity lasts before it is forgotten, seconds. */
  readonly persistence: Seconds;
  /** Standard deviation of a detector's box centre, in sizes. */
  readonly positionNoise: number;
  /** Standard deviation of a detector's box width, and of its height, as a ratio (natural logarithm). */
  readonly widthNoise: number;
  readonly heightNoise: number;
  /** How fast width and height drift, ratio per square root of a second. */
  readonly sizeDrift: number;
}

export const MOTION_MODELS: Readonly<Record<ObjectClass, MotionModel>> = {
  person: {
    speed: 1.5,
    persistence: 5,
    positionNoise: 0.07,
    // Arms, legs and who stands in front change the width far more than the height.
    widthNoise: 0.4,
    heightNoise: 0.16,
    sizeDrift: 0.15,
  },
  vehicle: {
    speed: 2.5,
    persistence: 5,
    positionNoise: 0.05,
    widthNoise: 0.15,
    heightNoise: 0.15,
    sizeDrift: 0.3,
  },
  luggage: {
    speed: 1.5,
    persistence: 2,
    positionNoise: 0.08,
    widthNoise: 0.2,
    heightNoise: 0.2,
    sizeDrift: 0.15,
  },
  animal: {
    speed: 2,
    persistence: 2,
    positionNoise: 0.08,
    widthNoise: 0.3,
    heightNoise: 0.2,
    sizeDrift: 0.2,
  },
};

/** A detector cannot place an edge better than this, however small the thing is, image px. */
const PIXEL_NOISE = 1;

/** One coordinate: position and velocity with their covariance [[pp, pv], [pv, vv]]. */
interface Axis {
  readonly p: number;
  readonly v: number;
  readonly pp: number;
  readonly pv: number;
  readonly vv: number;
}

/** A slowly drifting scalar and its variance. */
interface Level {
  readonly value: number;
  readonly variance: number;
}

/**
 * What is known of a thing at an instant. Immutable: prediction and correction return a new one. The state
 * of the last sighting is kept and predicted from in one step, so a track that is found again after a gap has
 * its velocity re-estimated over the whole gap (what OC-SORT's re-update gets from virtual observations).
 */
export interface MotionState {
  readonly at: Seconds;
  readonly x: Axis;
  readonly y: Axis;
  /** Natural logarithms of width and height in px. */
  readonly logWidth: Level;
  readonly logHeight: Level;
}

/** The state after a first sighting: the velocity is unknown within what the class can do. */
export function beginMotion(model: MotionModel, at: Seconds, box: Box): MotionState {
  const size = boxSize(box);
  const noise = (model.positionNoise * size) ** 2 + PIXEL_NOISE ** 2;
  const axis = (p: number): Axis => ({ p, v: 0, pp: noise, pv: 0, vv: (model.speed * size) ** 2 });
  return {
    at,
    x: axis(box.x + box.width / 2),
    y: axis(box.y + box.height / 2),
    logWidth: { value: Math.log(box.width), variance: model.widthNoise ** 2 },
    logHeight: { value: Math.log(box.height), variance: model.heightNoise ** 2 },
  };
}

/**
 * Where it will be at `at` (not before the state's own instant). The velocity is an Ornstein-Uhlenbeck
 * process: it reverts to rest with the class's persistence and its spread never exceeds what the class can
 * do. Integrated exactly, so predicting twice over half the time gives the same as once over all of it, at
 * any spacing of updates.
 */
export function predictMotion(model: MotionModel, state: MotionState, at: Seconds): MotionState {
  const dt = at - state.at;
  if (dt <= 0) return state;
  const tau = model.persistence;
  const e = Math.exp(-dt / tau);
  const reach = tau * (1 - e);
  const spread = (model.speed * boxSize(stateBox(state))) ** 2;
  const qpp = spread * tau * tau * ((2 * dt) / tau - 3 + 4 * e - e * e);
  const qpv = spread * tau * (1 - e) ** 2;
  const qvv = spread * (1 - e * e);
  const move = ({ p, v, pp, pv, vv }: Axis): Axis => ({
    p: p + reach * v,
    v: e * v,
    pp: pp + 2 * reach * pv + reach * reach * vv + qpp,
    pv: e * (pv + reach * vv) + qpv,
    vv: e * e * vv + qvv,
  });
  const drift = (level: Level): Level => ({
    value: level.value,
    variance: level.variance + model.sizeDrift ** 2 * dt,
  });
  return {
    at,
    x: move(state.x),
    y: move(state.y),
    logWidth: drift(state.logWidth),
    logHeight: drift(state.logHeight),
  };
}

/** The state after a sighting at the state's own instant (predict first). */
export function correctMotion(model: MotionModel, state: MotionState, box: Box): MotionState {
  const positionNoise = (model.positionNoise * boxSize(stateBox(state))) ** 2 + PIXEL_NOISE ** 2;
  const see = (axis: Axis, z: number): Axis => {
    const innovation = z - axis.p;
    const variance = axis.pp + positionNoise;
    const kp = axis.pp / variance;
    const kv = axis.pv / variance;
    return {
      p: axis.p + kp * innovation,
      v: axis.v + kv * innovation,
      pp: (1 - kp) * axis.pp,
      pv: (1 - kp) * axis.pv,
      vv: axis.vv - kv * axis.pv,
    };
  };
  const level = (l: Level, z: number, noise: number): Level => {
    const k = l.variance / (l.variance + noise ** 2);
    return { value: l.value + k * (z - l.value), variance: (1 - k) * l.variance };
  };
  return {
    at: state.at,
    x: see(state.x, box.x + box.width / 2),
    y: see(state.y, box.y + box.height / 2),
    logWidth: level(state.logWidth, Math.log(box.width), model.widthNoise),
    logHeight: level(state.logHeight, Math.log(box.height), model.heightNoise),
  };
}

/** The smoothed box of a state. */
export function stateBox(state: MotionState): Box {
  const width = Math.exp(state.logWidth.value);
  const height = Math.exp(state.logHeight.value);
  return { x: state.x.p - width / 2, y: state.y.p - height / 2, width, height };
}

/** Image px per second. */
export function stateVelocity(state: MotionState): Point {
  return { x: state.x.v, y: state.y.v };
}

/** Standard deviation of the predicted centre, image px. */
export function positionSpread(state: MotionState): number {
  return Math.sqrt((state.x.pp + state.y.pp) / 2);
}

/** The length that motion is measured in: the square root of the box's area, px. */
export function boxSize(box: Box): number {
  return Math.sqrt(Math.max(1, box.width * box.height));
}
