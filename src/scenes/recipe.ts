import { isDeepStrictEqual } from "node:util";
import { isSceneName, prepareScene, type SceneName } from "./catalogue.ts";
import { LIGHT_NAMES, type SceneOptions } from "./prepared/places.ts";
import type { SceneScript } from "./script.ts";

/** What a prepared scene is made from: the same recipe gives the same script. */
export interface SceneRecipe {
  readonly name: SceneName;
  readonly seed: number;
  readonly options: SceneOptions;
}

/** What the command line lets be drawn; a recipe that asks for more was not written by it. */
const MOST = { seed: 2 ** 31 - 1, seconds: 3600, side: 3840, rate: 60 };

/** The recipe of a script; null for one that the catalogue does not make, such as one that was changed. */
export function recipeOf(script: SceneScript): SceneRecipe | null {
  const { name, seed } = script;
  if (!isSceneName(name)) return null;
  const said: SceneOptions = {
    seconds: script.seconds,
    width: script.width,
    height: script.height,
    rate: script.rate,
    rain: script.rain,
    noise: script.optics.noise,
    blur: script.optics.blur,
    timeJitter: script.timeJitter,
  };
  // A script holds what its light and its paint became, not what was asked for: the few choices are tried.
  for (const light of [null, ...LIGHT_NAMES]) {
    for (const painted of [false, true]) {
      const options = { ...said, ...(light === null ? {} : { light }), ...(painted ? { painted } : {}) };
      if (isDeepStrictEqual(prepareScene(name, seed, options), script)) return { name, seed, options };
    }
  }
  return null;
}

/** `contrechamp scene NAME seed N …`: the recipe as a line that a video file carries. */
export function formatRecipe({ name, seed, options }: SceneRecipe): string {
  const words = ["contrechamp scene", name, "seed", seed];
  const { width, height, painted, ...others } = options;
  if (width !== undefined && height !== undefined) words.push("size", `${width}x${height}`);
  for (const [key, value] of Object.entries(others)) words.push(key, value);
  if (painted === true) words.push("painted", "true");
  return words.join(" ");
}

/** The recipe that a line states; null where it states none that this version could have written. */
export function parseRecipe(line: string): SceneRecipe | null {
  if (line.length > 1000) return null;
  const [first, second, name = "", ...pairs] = line.split(" ");
  if (first !== "contrechamp" || second !== "scene" || !isSceneName(name) || pairs.length % 2 !== 0)
    return null;
  const said = new Map<string, string>();
  for (let at = 0; at < pairs.length; at += 2) said.set(pairs[at] ?? "", pairs[at + 1] ?? "");
  const [, width, height] = /^(\d+)x(\d+)$/.exec(said.get("size") ?? "") ?? [];
  const light = LIGHT_NAMES.find((each) => each === said.get("light"));
  const recipe: SceneRecipe = {
    name,
    seed: Number(said.get("seed")),
    options: {
      seconds: Number(said.get("seconds")),
      width: Number(width),
      height: Number(height),
      rate: Number(said.get("rate")),
      rain: Number(said.get("rain")),
      noise: Number(said.get("noise")),
      blur: Number(said.get("blur")),
      timeJitter: Number(said.get("timeJitter")),
      ...(light === undefined ? {} : { light }),
      ...(said.get("painted") === "true" ? { painted: true } : {}),
    },
  };
  return isSane(recipe) && sameWords(formatRecipe(recipe), line) ? recipe : null;
}

function isSane({ seed, options }: SceneRecipe): boolean {
  const {
    seconds = 0,
    width = 0,
    height = 0,
    rate = 0,
    rain = 0,
    noise = 0,
    blur = 0,
    timeJitter = 0,
  } = options;
  const sides = [width, height].every((side) => Number.isInteger(side) && side >= 16 && side <= MOST.side);
  const shares = [rain, blur, timeJitter].every((share) => share >= 0 && share <= 1);
  return (
    Number.isInteger(seed) &&
    seed >= 0 &&
    seed <= MOST.seed &&
    sides &&
    shares &&
    seconds > 0 &&
    seconds <= MOST.seconds &&
    rate > 0 &&
    rate <= MOST.rate &&
    noise >= 0 &&
    noise <= 50
  );
}

/** Whether two lines say the same, in whatever order. */
function sameWords(a: string, b: string): boolean {
  return isDeepStrictEqual(a.split(" ").toSorted(), b.split(" ").toSorted());
}
