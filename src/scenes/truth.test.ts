import { describe, expect, it } from "vitest";
import { type Direction, sideTowards, signedDistance } from "../geometry/line.ts";
import { plaza, rectangle } from "./prepared/places.ts";
import type { Actor, SceneRule, SceneScript, Survey, Walker, Waypoint } from "./script.ts";
import { viewCamera } from "./stage.ts";
import { referenceCounts, referenceEvents } from "./truth.ts";

const ZONE = { id: "z", nature: "forbidden", corners: rectangle(0, 10, 4, 14) } as const;
const LINE = { id: "l", from: { x: 0, y: 9 }, to: { x: 0, y: 20 } };

function walker(number: number, ...path: readonly (readonly [number, number, number])[]): Actor {
  const waypoints: Waypoint[] = path.map(([at, x, y]) => ({ at, x, y }));
  return { kind: "walker", number, seed: number, path: waypoints };
}

function script(
  actors: readonly Actor[],
  rule: Omit<SceneRule, "id">,
  survey: Partial<Survey> = {},
): SceneScript {
  return {
    name: "hand-worked",
    ...plaza(1, { seconds: 20, rate: 10 }),
    actors,
    survey: { marks: [], zones: [ZONE], lines: [LINE], rules: [{ id: "r", ...rule }], ...survey },
  };
}

const spans = (found: SceneScript) => referenceEvents(found).map((event) => [event.begin, event.end]);

describe("zone_intrusion", () => {
  const rule = { event: "zone_intrusion", zone: "z", after: 1 } as const;
  it.each<[string, Actor[], number[][]]>([
    // 1 m/s along y = 12 from x = -4 at 0 s: in at 4 s, out at 8 s.
    ["one walks through", [walker(1, [0, -4, 12], [10, 6, 12])], [[4, 8]]],
    ["one stops inside until the end", [walker(1, [0, -4, 12], [6, 2, 12], [30, 2, 12])], [[4, 19.9]]],
    ["one is inside from the start", [walker(1, [-5, 2, 12], [3, 2, 12], [13, 12, 12])], [[0, 5]]],
    ["one passes outside", [walker(1, [0, -4, 15], [10, 6, 15])], []],
    // 4 m at 8 m/s: half a second.
    ["one is in for less than the rule's time", [walker(1, [0, -4, 12], [1, 4.5, 12])], []],
    [
      "two, the second 1.5 s after the first left",
      [walker(1, [0, -4, 12], [10, 6, 12]), walker(2, [5.5, -4, 13], [15.5, 6, 13])],
      [[4, 13.5]],
    ],
    [
      "two, the second 3 s after the first left",
      [walker(1, [0, -4, 12], [10, 6, 12]), walker(2, [7, -4, 13], [17, 6, 13])],
      [
        [4, 8],
        [11, 15],
      ],
    ],
    [
      "a bag lies inside",
      [
        {
          kind: "luggage",
          model: "bag",
          number: 1,
          seed: 1,
          path: [
            { at: 0, x: 2, y: 12 },
            { at: 20, x: 2, y: 12 },
          ],
        },
      ],
      [],
    ],
  ])("%s", (_what, actors, expected) => {
    const found = spans(script(actors, rule));
    expect(found.length).toBe(expected.length);
    for (const [index, [begin, end]] of expected.entries()) {
      expect(found[index]?.[0]).toBeCloseTo(begin ?? 0, 2);
      expect(found[index]?.[1]).toBeCloseTo(end ?? 0, 2);
    }
  });

  it("says the rule, the event and how exact an alert must be", () => {
    const [event] = referenceEvents(script([walker(1, [0, -4, 12], [10, 6, 12])], rule));
    expect(event).toEqual({ event: "zone_intrusion", rule: "r", begin: 4, end: 8, tolerance: 1 });
  });

  it("leaves out what the picture does not show", () => {
    // The zone goes on behind the camera; a walker there is seen by nobody.
    const wide = { ...ZONE, corners: rectangle(-3, -20, 3, 14) };
    const behind = walker(1, [0, -2, -5], [10, 2, -5]);
    expect(spans(script([behind], rule, { zones: [wide] }))).toEqual([]);
  });
});

describe("wrong_way", () => {
  // x = 0 seen from below: crossing it towards larger x goes right in the picture.
  const rightwards = walker(1, [0, -4, 12], [8, 4, 12]);
  const leftwards = walker(1, [0, 4, 12], [8, -4, 12]);
  it.each<[string, Actor, Direction, number[]]>([
    ["right, forbidden right", rightwards, "right", [4]],
    ["right, forbidden left", rightwards, "left", []],
    ["left, forbidden left", leftwards, "left", [4]],
    ["left, forbidden right", leftwards, "right", []],
    ["past the line's end", walker(1, [0, -4, 25], [8, 4, 25]), "right", []],
    ["there and back", walker(1, [0, -2, 12], [4, 2, 12], [8, -2, 12]), "right", [2]],
    ["up to the line and back", walker(1, [0, -2, 12], [2, -0.1, 12], [4, -2, 12]), "right", []],
    ["along the line", walker(1, [0, -1, 11], [6, -1, 18]), "right", []],
    [
      "stops on the line, then goes on",
      walker(1, [0, -2, 12], [2, 0, 12], [5, 0, 12], [7, 2, 12]),
      "right",
      [5],
    ],
    [
      "stops on the line, then goes back",
      walker(1, [0, -2, 12], [2, 0, 12], [5, 0, 12], [7, -2, 12]),
      "right",
      [],
    ],
  ])("%s", (_what, actor, forbidden, expected) => {
    const found = spans(script([actor], { event: "wrong_way", line: "l", forbidden }));
    expect(found.map(([begin]) => begin)).toEqual(expected.map((at) => expect.closeTo(at, 1)));
  });

  it("watches the classes that the rule names", () => {
    const car: Actor = {
      kind: "vehicle",
      model: "car",
      number: 2,
      seed: 2,
      path: [
        { at: 0, x: -8, y: 12 },
        { at: 4, x: 8, y: 12 },
      ],
    };
    const rule = { event: "wrong_way", line: "l", forbidden: "right" } as const;
    expect(spans(script([rightwards, car], { ...rule, classes: ["vehicle"] }))).toEqual([
      [2, 2].map((at) => expect.closeTo(at, 2)),
    ]);
    expect(spans(script([rightwards, car], rule))).toEqual([[4, 4].map((at) => expect.closeTo(at, 2))]);
  });

  it("means by a direction what the engine's own lines mean by it", () => {
    const lines = [
      { id: "l", from: { x: 0, y: 9 }, to: { x: 0, y: 20 } },
      { id: "l", from: { x: 0, y: 20 }, to: { x: 0, y: 9 } },
      { id: "l", from: { x: -5, y: 13 }, to: { x: 5, y: 13 } },
      { id: "l", from: { x: 5, y: 15 }, to: { x: -5, y: 11 } },
    ];
    const ends = [
      [-3, 12.5, 3, 14.5],
      [3, 14.5, -3, 12.5],
      [-1, 10, 1, 17],
      [1, 17, -1, 10],
    ] as const;
    let compared = 0;
    for (const line of lines) {
      for (const forbidden of ["left", "right", "up", "down"] as const) {
        for (const [x0, y0, x1, y1] of ends) {
          const walk = walker(1, [0, x0, y0], [8, x1, y1]);
          const found = script([walk], { event: "wrong_way", line: "l", forbidden }, { lines: [line] });
          const camera = viewCamera(found, 0, 0);
          const directed = {
            from: camera.project(line.from.x, line.from.y, 0),
            to: camera.project(line.to.x, line.to.y, 0),
          };
          const side = sideTowards(directed, forbidden);
          const [before, after] = [
            signedDistance(directed, camera.project(x0, y0, 0)),
            signedDistance(directed, camera.project(x1, y1, 0)),
          ];
          // A line that lies the way of the direction itself has no such side.
          if (side === null || before * after > 0) continue;
          compared++;
          expect(spans(found).length, `${JSON.stringify(line)} ${x0} ${forbidden}`).toBe(
            Math.sign(after) === side ? 1 : 0,
          );
        }
      }
    }
    expect(compared).toBeGreaterThan(20);
  });
});

describe("crowd_density", () => {
  // A new person every second from 0 s, standing still; the sixth comes at 5 s; all leave at 12 s.
  const crowd = Array.from({ length: 8 }, (_, index) =>
    walker(index + 1, [index, 0.5 + 0.3 * index, 12], [12, 0.5 + 0.3 * index, 12]),
  );

  it("holds from the instant that there are too many until there are not", () => {
    const found = script(crowd, { event: "crowd_density", zone: "z", persons: 6, after: 5 });
    expect(spans(found)).toEqual([[expect.closeTo(5, 2), expect.closeTo(12, 2)]]);
    expect(spans(script(crowd, { event: "crowd_density", zone: "z", persons: 6, after: 8 }))).toEqual([]);
    expect(spans(script(crowd, { event: "crowd_density", zone: "z", persons: 9, after: 1 }))).toEqual([]);
  });

  it("counts every half second who stands in the area", () => {
    const [counts] = referenceCounts(
      script(crowd, { event: "crowd_density", zone: "z", persons: 6, after: 5 }),
    );
    expect(counts).toMatchObject({ rule: "r", everySeconds: 0.5 });
    // 0 s .. 19.5 s; the picture at 20 s is not taken any more.
    expect(counts?.values.length).toBe(40);
    expect(counts?.values.slice(0, 8)).toEqual([1, 1, 2, 2, 3, 3, 4, 4]);
    expect(counts?.values.at(-1)).toBe(0);
  });

  it("counts the whole view where the rule names no zone", () => {
    const far = walker(20, [0, -2, 25], [20, -2, 25]);
    const [counts] = referenceCounts(script([...crowd, far], { event: "crowd_density", persons: 6 }));
    expect(counts?.values[0]).toBe(2);
  });
});

describe("person_down", () => {
  const rule = { event: "person_down", after: 1 } as const;
  const goes = (poses: Walker["poses"], more: Partial<Walker> = {}): Actor => ({
    kind: "walker",
    number: 1,
    seed: 1,
    path: [
      { at: 0, x: 0, y: 12 },
      { at: 20, x: 0, y: 12 },
    ],
    ...(poses === undefined ? {} : { poses }),
    ...more,
  });

  it("begins when somebody who stood, or sat on a chair, lies", () => {
    expect(spans(script([goes([{ at: 5, pose: "lying", over: 0.8 }])], rule))[0]?.[0]).toBeCloseTo(5.8, 5);
    const fromChair = goes([
      { at: 3, pose: "sitting" },
      { at: 8, pose: "lying" },
      { at: 15, pose: "upright" },
    ]);
    expect(spans(script([fromChair], rule))).toEqual([[9, 15]]);
  });

  it.each<[string, Actor]>([
    ["lies down slowly", goes([{ at: 5, pose: "lying", over: 3 }])],
    ["lies on a bed", goes([{ at: 5, pose: "lying" }], { above: 0.5 })],
    [
      "sat on the floor before",
      goes([
        { at: 3, pose: "floor" },
        { at: 8, pose: "lying" },
      ]),
    ],
    ["bends", goes([{ at: 5, pose: "bending" }])],
    ["lies there from the start", goes([{ at: 0, pose: "lying" }])],
  ])("is nothing where somebody %s", (_, actor) => {
    expect(spans(script([actor], rule))).toEqual([]);
  });
});
