import type { RgbImage } from "../frames/frame.ts";
import { type Box, intersectBoxes, type Point } from "../geometry/shapes.ts";
import type { Seconds } from "../time/clock.ts";
import { drawGlows } from "./glows.ts";
import { drawMarkers } from "./markers.ts";
import { groundAt } from "./motion.ts";
import { addRain, cropShifted, SensorNoise } from "./optics.ts";
import { deriveSeed, randomStream, valueNoise } from "./random.ts";
import { type ActorClass, classOf, type GroundPoint, type SceneScript } from "./script.ts";
import { type Appearance, Stage, viewCamera } from "./stage.ts";

/** An actor as one picture shows it. Image coordinates. */
export interface SeenActor {
  /** The actor's number in the script. */
  readonly number: number;
  readonly class: ActorClass;
  /** Extent of its body within the picture, parts that something hides included. */
  readonly box: Box;
  /**
   * Share of the body that nothing hides, as far as it lies within the picture (and up to a shaking camera's
   * reach beyond). More than 0, at most 1.
   */
  readonly visible: number;
  /** Where it stands, exactly: the ground below its middle. May lie outside the picture. */
  readonly foot: Point;
  readonly ground: GroundPoint;
  /** The texture painted on it and the part of the picture that it is stretched over. */
  readonly painted: { readonly seed: number; readonly frame: Box } | null;
}

export interface SceneFrame {
  /** Seconds since the first picture. */
  readonly pts: Seconds;
  readonly image: RgbImage;
  /** Everybody of whom at least one pixel can be seen, farthest first. */
  readonly truth: readonly SeenActor[];
}

/**
 * Draws a script, one picture at a time. The same script gives the same bytes, on any machine with the same
 * floating point. Each picture has memory of its own.
 * @param only numbers of the pictures that are wanted, from 0; all where it is missing. Each is drawn as in the whole
 */
export function* renderScene(
  script: SceneScript,
  only?: ReadonlySet<number>,
): Generator<SceneFrame, void, undefined> {
  const margin = marginFor(script);
  const stage = new Stage(script, margin);
  const canvas = new Uint8ClampedArray(stage.width * stage.height * 3);
  const noise = new SensorNoise(script.optics.noise, deriveSeed(script.seed, "noise"));
  const { width, height } = script;
  for (const [index, pts] of frameTimes(script).entries()) {
    if (only?.has(index) === false) continue;
    const appearances = stage.draw(pts, canvas);
    drawMarkers(script, pts, stage.camera, canvas, stage.width, stage.height);
    drawGlows(script, pts, stage.camera, canvas, stage.width, stage.height);
    const shift = shakeAt(script, pts);
    const data = new Uint8Array(width * height * 3);
    const pixels = new Uint8ClampedArray(data.buffer);
    if (margin === 0) pixels.set(canvas);
    else cropShifted(canvas, stage.width, margin + shift.x, margin + shift.y, pixels, width, height);
    if (script.rain > 0) addRain(pixels, width, height, script.rain, deriveSeed(script.seed + index, "rain"));
    if (script.optics.noise > 0) noise.add(pixels, width, height, index);
    const offset = { x: margin + shift.x, y: margin + shift.y };
    const truth = appearances.flatMap((appearance) => seen(appearance, pts, script, stage, offset) ?? []);
    yield { pts, image: { width, height, data }, truth };
  }
}

/** The pictures' times: `rate` a second, straying by `timeJitter`, the first at 0. */
export function frameTimes(script: Pick<SceneScript, "seconds" | "rate" | "timeJitter" | "seed">): Seconds[] {
  const random = randomStream(deriveSeed(script.seed, "times"));
  const count = Math.max(1, Math.floor(script.seconds * script.rate + 1e-6));
  return Array.from({ length: count }, (_, index) => {
    const stray = script.timeJitter === 0 ? 0 : script.timeJitter * (random() - 0.5);
    return index === 0 ? 0 : (index + stray) / script.rate;
  });
}

/** By how many px the camera's shaking moves the picture at an instant. */
export function shakeAt(script: SceneScript, at: Seconds): Point {
  const seed = deriveSeed(script.seed, "shake");
  let [x, y] = [0, 0];
  for (const shake of script.shakes) {
    if (at < shake.from || at > shake.to) continue;
    const reach = shakeReach(script, shake.degrees);
    const swing = (part: number) =>
      2 * (0.7 * valueNoise(at * 3.1, part, seed) + 0.3 * valueNoise(at * 11, part + 40, seed)) - 1;
    x += reach * swing(1.5);
    y += reach * 0.7 * swing(7.5);
  }
  return { x, y };
}

function shakeReach(script: SceneScript, degrees: number): number {
  return viewCamera(script, 0, 0).focal * Math.tan((degrees * Math.PI) / 180);
}

function marginFor(script: SceneScript): number {
  const reach = script.shakes.reduce((sum, shake) => sum + shakeReach(script, shake.degrees), 0);
  return reach === 0 ? 0 : Math.ceil(reach) + 2;
}

function seen(
  appearance: Appearance,
  at: Seconds,
  script: SceneScript,
  stage: Stage,
  offset: Point,
): SeenActor | null {
  const { actor } = appearance;
  const ground = groundAt(actor, at);
  if (!ground) return null;
  const moved = (box: Box): Box => ({ ...box, x: box.x - offset.x, y: box.y - offset.y });
  const whole = moved(appearance.box);
  const box = intersectBoxes(whole, { x: 0, y: 0, width: script.width, height: script.height });
  if (box.width <= 0 || box.height <= 0 || appearance.visible === 0) return null;
  const foot = stage.camera.project(ground.x, ground.y, 0);
  return {
    number: actor.number,
    class: classOf(actor),
    box,
    visible: appearance.visible,
    foot: { x: foot.x - offset.x, y: foot.y - offset.y },
    ground,
    painted:
      actor.painted !== undefined && appearance.paint
        ? { seed: actor.painted, frame: moved(appearance.paint) }
        : null,
  };
}
