import { fork } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { prepareScene, type SceneName, type SceneOptions } from "../../src/scenes/catalogue.ts";
import { type SuiteClip, writeScene, writeSuite } from "../../src/scenes/write.ts";

/**
 * The suite of rendered scenes that every change is measured on, by the audit bench: of each event at least 20 that
 * happen and 40 things that look like it.
 *
 *   node test/support/rendered-suite.ts FOLDER [PART OF A CLIP'S NAME]
 *   contrechamp audit run FOLDER/suite.yml --report FOLDER/report
 */
export interface RenderedClip {
  readonly scene: SceneName;
  readonly seed: number;
  readonly options: SceneOptions;
}

const SMALL = { width: 320, height: 180 } as const;
const MIDDLE = { width: 480, height: 270 } as const;
const LARGE = { width: 640, height: 360 } as const;
const PORTRAIT = { width: 304, height: 540 } as const;

export const RENDERED_CLIPS: readonly RenderedClip[] = [
  // zone_intrusion
  { scene: "plaza-rounds", seed: 11, options: { ...MIDDLE, rate: 6, seconds: 60 } },
  { scene: "plaza-rounds", seed: 12, options: { ...MIDDLE, rate: 5, seconds: 60, light: "night" } },
  {
    scene: "plaza-rounds",
    seed: 13,
    options: { ...MIDDLE, rate: 4, seconds: 40, light: "overcast", rain: 0.7 },
  },
  { scene: "platform-rounds", seed: 14, options: { ...PORTRAIT, rate: 6, seconds: 40, light: "dusk" } },
  // wrong_way
  { scene: "gate-rounds", seed: 21, options: { ...MIDDLE, rate: 6, seconds: 50 } },
  { scene: "gate-rounds", seed: 22, options: { ...MIDDLE, rate: 12.5, seconds: 30 } },
  { scene: "road-rounds", seed: 23, options: { ...MIDDLE, rate: 8, seconds: 42 } },
  // crowd_density
  { scene: "hall-rounds", seed: 31, options: { ...LARGE, rate: 3, seconds: 174 } },
  { scene: "hall-rounds", seed: 32, options: { ...LARGE, rate: 4, seconds: 140 } },
  // crowd_movement
  ...[34, 35, 36, 37].map((seed) => ({
    scene: "movement-rounds" as const,
    seed,
    options: { width: 320, height: 240, rate: 6, seconds: 60 },
  })),
  // weapon: boards stand for them, and the scenes' own generated network finds those
  ...[71, 72, 73, 74, 75, 76, 77].map((seed) => ({
    scene: "marker-shown" as const,
    seed,
    options: { ...MIDDLE, rate: 5 },
  })),
  ...[81, 82, 83, 84].map((seed) => ({
    scene: "marker-lookalikes" as const,
    seed,
    options: { ...MIDDLE, rate: 5 },
  })),
  // fire
  { scene: "plaza-fire-rounds", seed: 41, options: { ...SMALL, rate: 12 } },
  { scene: "plaza-fire-rounds", seed: 42, options: { ...SMALL, rate: 10, light: "dusk" } },
  { scene: "road-fire-rounds", seed: 43, options: { ...SMALL, rate: 12 } },
  { scene: "road-fire-rounds", seed: 44, options: { ...SMALL, rate: 25, light: "dusk", rain: 0.4 } },
  { scene: "hall-fire-rounds", seed: 45, options: { ...SMALL, rate: 12 } },
  // person_down
  { scene: "fall-rounds", seed: 51, options: { ...MIDDLE, rate: 8 } },
  { scene: "fall-rounds", seed: 52, options: { ...MIDDLE, rate: 6, light: "dusk" } },
  { scene: "fall-rounds", seed: 53, options: { ...PORTRAIT, rate: 8 } },
  { scene: "square-rounds", seed: 54, options: { ...MIDDLE, rate: 8 } },
  { scene: "square-rounds", seed: 55, options: { ...MIDDLE, rate: 6, light: "night" } },
  { scene: "square-rounds", seed: 56, options: { ...MIDDLE, rate: 5, light: "overcast", rain: 0.5 } },
  // abandoned_object
  { scene: "thing-rounds", seed: 61, options: { ...MIDDLE, rate: 5 } },
  { scene: "thing-rounds", seed: 62, options: { ...MIDDLE, rate: 5, light: "night" } },
  { scene: "thing-rounds", seed: 63, options: { ...MIDDLE, rate: 4, light: "overcast" } },
  { scene: "thing-rounds", seed: 69, options: { ...MIDDLE, rate: 6, light: "dusk" } },
  { scene: "waiting-rounds", seed: 64, options: { ...MIDDLE, rate: 6 } },
  { scene: "waiting-rounds", seed: 65, options: { ...MIDDLE, rate: 5 } },
  { scene: "evening-rounds", seed: 66, options: { ...MIDDLE, rate: 5 } },
  { scene: "evening-rounds", seed: 67, options: { ...MIDDLE, rate: 6 } },
  { scene: "evening-rounds", seed: 68, options: { ...MIDDLE, rate: 5 } },
];

/** A clip's name in the suite. */
export function nameOf({ scene, seed }: RenderedClip): string {
  return `${scene}-${seed}`;
}

/** Draws the suite into a folder, `jobs` clips at a time. @returns the path of its file */
export async function writeRenderedSuite(
  folder: string,
  clips: readonly RenderedClip[],
  jobs = 2,
): Promise<string> {
  // The longest first, so that no job is alone at the end.
  const waiting = [...clips].sort((a, b) => costOf(b) - costOf(a));
  const lane = async (): Promise<void> => {
    for (let clip = waiting.shift(); clip !== undefined; clip = waiting.shift()) await draw(folder, clip);
  };
  await Promise.all(Array.from({ length: jobs }, lane));
  const written = clips.map((clip) => JSON.parse(readFileSync(entryOf(folder, clip), "utf8")) as SuiteClip);
  return writeSuite("rendered", written, folder, [
    "Rendered scenes: nobody real is in them, and their truth is exact. What a system scores on them says nothing",
    "about its error rates in the street.",
  ]);
}

function costOf({ options: { width = 640, height = 360, rate = 12.5, seconds = 36 } }: RenderedClip): number {
  return width * height * rate * seconds;
}

function entryOf(folder: string, clip: RenderedClip): string {
  return join(folder, `${nameOf(clip)}.clip.json`);
}

/** In a process of its own: drawing keeps a core busy. */
function draw(folder: string, clip: RenderedClip): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), ["--draw", folder, JSON.stringify(clip)], {
      execArgv: [],
    });
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`${nameOf(clip)} could not be drawn: exit code ${code}`)),
    );
  });
}

async function main([first = "", second = "", third = ""]: readonly string[]): Promise<void> {
  if (first === "--draw") {
    const clip = JSON.parse(third) as RenderedClip;
    const { clip: entry } = writeScene(prepareScene(clip.scene, clip.seed, clip.options), second, {
      id: nameOf(clip),
    });

    writeFileSync(entryOf(second, clip), JSON.stringify(entry));
    return;
  }
  const clips = RENDERED_CLIPS.filter((clip) => nameOf(clip).includes(second));
  console.log(await writeRenderedSuite(first, clips));
}

if (import.meta.main) await main(process.argv.slice(2));
