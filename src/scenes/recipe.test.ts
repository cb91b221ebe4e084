import { describe, expect, test } from "vitest";
import { prepareScene, SCENE_NAMES } from "./catalogue.ts";
import type { SceneOptions } from "./prepared/places.ts";
import { formatRecipe, parseRecipe, recipeOf } from "./recipe.ts";

const CHOICES: readonly SceneOptions[] = [
  {},
  { seconds: 7.5, width: 320, height: 180, rate: 8 },
  { light: "night" },
  { light: "dusk", painted: true, rain: 0.4, timeJitter: 0.3 },
  { noise: 0, blur: 0 },
];

describe("a prepared scene's recipe", () => {
  test.each(SCENE_NAMES)("%s: its line says all that it takes to make it again", (name) => {
    for (const [index, options] of CHOICES.entries()) {
      const script = prepareScene(name, index + 1, options);
      const recipe = recipeOf(script);
      if (recipe === null) throw new Error(`${name} has no recipe with ${JSON.stringify(options)}`);
      const line = formatRecipe(recipe);
      expect(line).toMatch(new RegExp(`^contrechamp scene ${name} seed ${index + 1} `));
      const again = parseRecipe(line);
      if (again === null) throw new Error(`${line} is not read`);
      expect(prepareScene(again.name, again.seed, again.options)).toEqual(script);
    }
  });

  test("a script that was changed has none", () => {
    const script = prepareScene("plaza-intrusion", 1);
    expect(recipeOf({ ...script, actors: script.actors.slice(1) })).toBeNull();
    expect(recipeOf({ ...script, seed: 2 })).toBeNull();
    expect(recipeOf({ ...script, name: "ours" })).toBeNull();
  });

  const GOOD = formatRecipe(
    recipeOf(prepareScene("plaza-idle", 3)) ?? { name: "plaza-idle", seed: 0, options: {} },
  );

  test.each([
    ["nothing", ""],
    ["something else", "Lavf61.7.100"],
    ["another scene", GOOD.replace("plaza-idle", "plaza-real")],
    ["a property of objects as a scene", GOOD.replace("plaza-idle", "constructor")],
    ["no seed", GOOD.replace("seed 3 ", "")],
    ["a seed that is none", GOOD.replace("seed 3", "seed 3.5")],
    ["a seed as an expression", GOOD.replace("seed 3", "seed 0x3")],
    ["a negative seed", GOOD.replace("seed 3", "seed -3")],
    ["a size that would fill the memory", GOOD.replace(/size \S+/, "size 100000x100000")],
    ["a length of days", GOOD.replace(/seconds \S+/, "seconds 1000000")],
    ["no number", GOOD.replace(/rain \S+/, "rain NaN")],
    ["a rate of nothing", GOOD.replace(/rate \S+/, "rate 0")],
    ["an unknown word", `${GOOD} colour red`],
    ["a word without a value", `${GOOD} painted`],
    ["a word twice", `${GOOD} ${GOOD.split(" ").slice(-2).join(" ")}`],
    ["a line that is too long", `${GOOD}${" ".repeat(2000)}`],
  ])("%s is no recipe", (_, line) => {
    expect(parseRecipe(GOOD)).not.toBeNull();
    expect(parseRecipe(line)).toBeNull();
  });
});
