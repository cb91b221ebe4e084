import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { prepareScene } from "../../src/scenes/catalogue.ts";
import { renderScene } from "../../src/scenes/render.ts";
import type { Actor, SceneScript } from "../../src/scenes/script.ts";
import { writeScene } from "../../src/scenes/write.ts";
import { writeStudy } from "../support/authority.ts";
import {
  type PaintedPlace,
  paintedPlaces,
  picturesBelow,
  strongestPaint,
} from "../support/painted-search.ts";
import { decodeVideo } from "../support/texture-search.ts";
import { startWatch, type Watched } from "../support/watch.ts";

/** A correlation that chance does not reach on 128 cells: 0.3 is more than three standard deviations. */
const FOUND = 0.45;

/**
 * Painted people of every kind in one view: two who stay from first picture to last, one who walks into the
 * forbidden area when the background has long been learnt, and a car that stands all the time.
 */
function paintedScript(): SceneScript {
  const options = { painted: true, seconds: 75, rate: 10 };
  const sitting = prepareScene("plaza-sitting", 4, options);
  const walking = prepareScene("plaza-intrusion", 4, options);
  const car: Actor = {
    kind: "vehicle",
    model: "car",
    number: 1,
    seed: 9,
    painted: 103,
    facing: 60,
    path: [
      { at: -1, x: -5, y: 17 },
      { at: 76, x: -5, y: 17 },
    ],
  };
  const actors = [...sitting.actors, ...walking.actors, car].map((actor, i) => ({ ...actor, number: i + 1 }));
  return { ...walking, name: "painted", actors };
}

describe("evidence of a whole run, searched for what was painted on people and cars", () => {
  let folder: string;
  let places: PaintedPlace[];
  let watched: Watched;
  const script = paintedScript();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "contrechamp-painted-"));
    const scene = writeScene(script, folder);
    places = paintedPlaces(renderScene(script), 5);
    const study = await writeStudy(join(folder, "documents"), [scene.video], { cameras: ["painted"] });
    watched = await startWatch(["--config", scene.config, ...study], join(folder, "out")).done;
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("would be found in the recording itself", () => {
    const [first] = decodeVideo(join(folder, "painted.mp4"));
    expect(first === undefined ? 0 : strongestPaint(first, places, script.width)).toBeGreaterThan(0.65);
    expect(new Set(places.map((place) => place.seed)).size).toBeGreaterThanOrEqual(3);
  });

  it("raises an alert, with evidence on a background that is partly known by then", () => {
    expect(watched.exitCode).toBe(0);
    expect(watched.alerts.some((alert) => alert.kind === "raised" && alert.evidence !== null)).toBe(true);
    expect(watched.run?.cameras[0]?.greyShare).toBeLessThan(0.9);
  });

  it("is nowhere in what was written", async () => {
    const found: string[] = [];
    let pictures = 0;
    for await (const { path, picture } of picturesBelow(join(folder, "out"))) {
      pictures += 1;
      const strongest = strongestPaint(picture, places, script.width);
      if (strongest >= FOUND) found.push(`${path}: ${strongest.toFixed(2)}`);
    }
    expect(pictures).toBeGreaterThan(20);
    expect(found).toEqual([]);
  });
});
