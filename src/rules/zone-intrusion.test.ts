import { describe, expect, it } from "vitest";
import { observationsOf, VIEW, type Walker, walker } from "../../test/support/walkers.ts";
import type { Polygon } from "../geometry/shapes.ts";
import { ZoneIntrusion } from "./zone-intrusion.ts";

const WHOLE: Polygon = [
  { x: 0, y: 0 },
  { x: 640, y: 0 },
  { x: 640, y: 480 },
  { x: 0, y: 480 },
];
const YARD: Polygon = [
  { x: 200, y: 200 },
  { x: 440, y: 200 },
  { x: 440, y: 480 },
  { x: 200, y: 480 },
];

function alerts(walkers: readonly Walker[], { zone = YARD, hz = 10, seconds = 40, longest = 600 } = {}) {
  const config = {
    event: "zone_intrusion",
    id: "r",
    after: 1,
    clear: 2,
    longest,
    zone: "z",
    classes: ["person", "vehicle"],
  } as const;
  const view = { ...VIEW, zones: [], lines: [], homography: null };
  const rule = new ZoneIntrusion(config, { id: "z", nature: "forbidden", polygon: zone }, view);
  return observationsOf(walkers, hz, seconds)
    .flatMap((o) => rule.observe(o))
    .flatMap((c) => (c.kind === "opened" ? [c.episode] : []));
}

const visitor = walker({ from: { x: 60, y: 300 }, to: { x: 320, y: 300 }, takes: 4, stays: 6 });
const parked = walker({ class: "vehicle", from: { x: 320, y: 400 }, to: { x: 320, y: 400 }, stays: 35 });

describe("zone intrusion", () => {
  it.each<[string, readonly Walker[], number]>([
    ["one who enters", [visitor], 1],
    ["one who enters while another is there", [visitor, { ...visitor, begin: 5 }], 1],
    ["one who enters when the other has long left", [visitor, { ...visitor, begin: 15 }], 2],
    ["one whose track breaks again and again", [{ ...visitor, breaks: [3, 4, 5, 6, 7, 8] }], 1],
    ["one who is missed for a moment", [{ ...visitor, unseen: [[4, 5.5]] }], 1],
    ["a thing that is no person and no vehicle", [{ ...visitor, class: "luggage" }], 0],
    ["a parked vehicle", [parked], 1],
    [
      "a parked vehicle that is lost for 5 s, three times",
      [
        {
          ...parked,
          unseen: [
            [8, 13],
            [18, 23],
            [28, 33],
          ],
          breaks: [12, 22, 32],
        },
      ],
      1,
    ],
    ["one who stands beside the zone", [{ ...visitor, to: { x: 190, y: 300 } }], 0],
  ])("of %s", (_, walkers, expected) => {
    for (const hz of [3.3, 10, 25]) expect(alerts(walkers, { hz }), `${hz}/s`).toHaveLength(expected);
  });

  it("does not take a newcomer for what was told of before, once it moves", () => {
    const lost = walker({ from: { x: 320, y: 300 }, to: { x: 320, y: 300 }, stays: 8 });
    const newcomer = walker({
      from: { x: 320, y: 300 },
      to: { x: 420, y: 320 },
      begin: 15,
      takes: 3,
      stays: 5,
    });
    expect(alerts([lost, newcomer])).toHaveLength(2);
  });

  it("works where the zone is the whole picture and feet are cut by its border", () => {
    const near = walker({ from: { x: -40, y: 520 }, to: { x: 400, y: 530 }, takes: 6, height: 300 });
    expect(alerts([near], { zone: WHOLE })).toHaveLength(1);
  });

  it("alerts again only after the place was clear, however long something stays", () => {
    expect(alerts([{ ...visitor, stays: 33 }], { longest: 5 })).toHaveLength(1);
  });

  it("says where, and since when", () => {
    const [episode] = alerts([visitor]);
    // 140 of 260 px to the zone's edge in 4 s.
    expect(episode?.since).toBeCloseTo(2.15, 1);
    expect(episode?.raisedAt).toBeCloseTo(3.15, 0);
    expect(episode?.place).toMatchObject({ kind: "zone", id: "z" });
    expect(episode?.place.box.height).toBeCloseTo(80, 6);
  });
});
