import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { exitOf } from "../cli/check.ts";
import { checkConfig } from "../cli/check-configuration.ts";
import { CodedError } from "../errors.ts";
import { prepareScene, SCENE_NAMES, type SceneName } from "./catalogue.ts";
import { writeStandIn } from "./stand-in.ts";
import { surveyCamera } from "./survey.ts";
import { referenceEvents } from "./truth.ts";

/** How many events each scene promises, whatever the seed. */
const EVENTS: Record<SceneName, readonly string[]> = {
  "plaza-idle": [],
  "plaza-intrusion": ["zone_intrusion"],
  "plaza-passers": [],
  "plaza-busy": ["zone_intrusion", "zone_intrusion"],
  "plaza-sitting": [],
  "plaza-light-change": ["zone_intrusion"],
  "plaza-blackout": [],
  "plaza-nightfall": ["zone_intrusion"],
  "plaza-shake": ["zone_intrusion"],
  "plaza-moved": [],
  "plaza-night": ["zone_intrusion"],
  "plaza-rain": ["zone_intrusion"],
  "plaza-bag": [],
  "platform-edge": ["zone_intrusion"],
  "platform-waiting": [],
  "corridor-wrong-way": ["wrong_way", "wrong_way"],
  "corridor-right-way": [],
  "hall-fall": ["person_down"],
  "hall-crouching": [],
  "hall-lying": [],
  "hall-playing": [],
  "room-fall": ["person_down"],
  "room-fall-sitting": ["person_down"],
  "room-sitting": [],
  "room-floor": [],
  "room-sleeper": [],
  "hall-crowd": ["crowd_density"],
  "hall-quiet": [],
  "road-wrong-way": ["wrong_way"],
  "road-traffic": [],
  "parked-car": [],
  "plaza-fire": ["fire"],
  "hall-fire": ["fire"],
  "road-fire": ["fire"],
  "plaza-glow": [],
  "road-lamps": [],
  "hall-screen": [],
  "marker-shown": ["weapon", "weapon", "weapon"],
  "marker-lookalikes": [],
  "marker-bus": [],
  "marker-none": [],
  "plaza-smoke": [],
  "plaza-evening": [],
  "bag-left": ["abandoned_object"],
  "bag-left-busy": ["abandoned_object"],
  "bag-kept": [],
  "bag-taken": [],
  "bag-gone": [],
  standing: [],
  "concourse-left": ["abandoned_object"],
  "concourse-waiting": [],
  "concourse-sleeper": [],
  "furniture-moved": [],
  "car-parks": [],
  "lamps-on": [],
  "square-surge": ["crowd_movement"],
  "square-dispersal": ["crowd_movement"],
  "hall-counter-wave": ["crowd_movement"],
  "square-dissolves": [],
  "hall-two-way": [],
  "hall-train": [],
  "square-runners": [],
  "square-standing": [],
  "street-buses": [],
  "square-rain-night": [],
  "square-shake": [],
  "square-light-switch": [],
  "plaza-rounds": Array(8).fill("zone_intrusion"),
  "platform-rounds": Array(4).fill("zone_intrusion"),
  "gate-rounds": Array(12).fill("wrong_way"),
  "road-rounds": Array(8).fill("wrong_way"),
  "hall-rounds": Array(5).fill("crowd_density"),
  "fall-rounds": Array(6).fill("person_down"),
  "square-rounds": ["person_down", "person_down"],
  "thing-rounds": Array(3).fill("abandoned_object"),
  "waiting-rounds": ["abandoned_object", "abandoned_object"],
  "evening-rounds": ["abandoned_object", "abandoned_object"],
  "movement-rounds": Array(5).fill("crowd_movement"),
  "plaza-fire-rounds": Array(5).fill("fire"),
  "road-fire-rounds": Array(5).fill("fire"),
  "hall-fire-rounds": Array(5).fill("fire"),
};

const folder = mkdtempSync(join(tmpdir(), "contrechamp-scenes-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(SCENE_NAMES)("%s", (name) => {
  it("holds what it promises for any seed", () => {
    for (let seed = 0; seed < 6; seed++) {
      const events = referenceEvents(prepareScene(name, seed)).map((event) => event.event);
      expect(events, `seed ${seed}`).toEqual(EVENTS[name]);
    }
  });

  it("is the same script for the same seed, and another for another", () => {
    expect(prepareScene(name, 5)).toEqual(prepareScene(name, 5));
    expect(prepareScene(name, 5)).not.toEqual(prepareScene(name, 6));
  });

  it("has actors with numbers of their own and times that increase", () => {
    const { actors } = prepareScene(name, 3, { painted: true });
    expect(new Set(actors.map((actor) => actor.number)).size).toBe(actors.length);
    for (const actor of actors) {
      const times = actor.path.map((point) => point.at);
      expect(times, `actor ${actor.number}`).toEqual([...times].sort((a, b) => a - b));
    }
  });

  it("declares a camera that a configuration accepts, in landscape and portrait", async () => {
    for (const size of [{}, { width: 1280, height: 720 }, { width: 360, height: 640 }]) {
      const script = prepareScene(name, 1, size);
      const text = stringify({
        schema: "contrechamp/config@1",
        cameras: [
          { id: name, source: "clip.mp4", picture: [script.width, script.height], ...surveyCamera(script) },
        ],
      });
      // A rule's own network is looked for beside the configuration.
      writeStandIn(folder);
      const report = await checkConfig(text, join(folder, "scene.config.yml"), {});
      expect(exitOf(report), JSON.stringify(report)).toBe(0);
      const [camera] = report.cameras;
      expect(camera?.calibration?.residualMetres ?? Number.POSITIVE_INFINITY).toBeLessThan(0.05);
    }
  });
});

describe("prepareScene", () => {
  it("names the scenes there are when asked for another", () => {
    expect(() => prepareScene("beach", 1)).toThrow(CodedError);
    try {
      prepareScene("beach", 1);
    } catch (error) {
      expect(error).toMatchObject({
        code: "SCENE_UNKNOWN",
        help: expect.stringContaining("plaza-intrusion"),
      });
    }
  });

  it("paints those who give themselves away when asked to", () => {
    const painted = (name: string) =>
      prepareScene(name, 1, { painted: true }).actors.filter((actor) => actor.painted !== undefined);
    expect(painted("plaza-sitting").map((actor) => [actor.kind, actor.path.length])).toEqual([
      ["walker", 2],
      ["walker", 2],
    ]);
    expect(painted("parked-car").map((actor) => actor.kind)).toEqual(["vehicle", "vehicle"]);
    expect(painted("plaza-intrusion").length).toBe(1);
    expect(prepareScene("plaza-sitting", 1).actors.some((actor) => actor.painted !== undefined)).toBe(false);
  });
});
