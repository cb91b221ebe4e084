import { describe, expect, it } from "vitest";
import { prepareScene, SCENE_NAMES } from "./catalogue.ts";
import { referenceDistractors } from "./distractors.ts";
import { meet } from "./picture-box.ts";
import { referenceEvents } from "./truth.ts";

const ROUNDS = SCENE_NAMES.filter((name) => name.endsWith("-rounds"));

function kinds(name: string, seed = 1): Record<string, number> {
  const found: Record<string, number> = {};
  for (const { what } of referenceDistractors(prepareScene(name, seed))) found[what] = (found[what] ?? 0) + 1;
  return found;
}

describe("what looks like an event in a scene", () => {
  it.each([
    ["plaza-passers", { "passes-beside": 1 }],
    ["corridor-right-way", { "as-declared": 3 }],
    ["hall-crouching", { crouching: 2, sitting: 1 }],
    ["hall-lying", { "sleeps-there": 1 }],
    ["road-lamps", { beacon: 1, hazard: 1, lightbar: 1 }],
    ["bag-kept", { kept: 1 }],
    ["bag-taken", { "taken-along": 1 }],
    ["bag-gone", { fetched: 1 }],
    ["car-parks", { "parked-vehicle": 1 }],
    ["lamps-on", { "light-switched": 1 }],
    ["square-rounds", { "lies-on-bench": 1, "sleeps-there": 1 }],
    ["waiting-rounds", { furniture: 1, "always-there": 2 }],
    ["plaza-fire-rounds", { cone: 4, sunset: 1, flag: 1 }],
  ])("%s", (name, expected) => {
    const found = kinds(name);
    for (const [what, least] of Object.entries(expected))
      expect(found[what] ?? 0, `${what} of ${JSON.stringify(found)}`).toBeGreaterThanOrEqual(least);
  });

  it("is nothing where nobody is", () => {
    expect(referenceDistractors(prepareScene("plaza-idle", 1))).toEqual([]);
  });
});

describe.each(ROUNDS)("%s", (name) => {
  it("has more that looks like its event than events, each told from them by time or place", () => {
    const script = prepareScene(name, 4);
    const events = referenceEvents(script);
    const distractors = referenceDistractors(script);
    expect(distractors.length).toBeGreaterThan(events.length);
    for (const one of distractors) {
      expect(one.begin).toBeLessThanOrEqual(one.end);
      expect(one.end).toBeLessThanOrEqual(script.seconds);
      for (const event of events.filter(({ rule }) => rule === one.rule)) {
        const apart =
          one.begin >= event.end + event.tolerance - 0.01 || one.end <= event.begin - event.tolerance + 0.01;
        const elsewhere = event.box !== undefined && (one.box === undefined || !meet(event.box, one.box));
        expect(apart || elsewhere, `${one.what} at ${one.begin} s`).toBe(true);
      }
    }
  });
});
