import type { RuleConfig, ZoneConfig } from "../../src/config/schema.ts";
import type { Point } from "../../src/geometry/shapes.ts";
import { createRule } from "../../src/rules/registry.ts";
import type { ViewGeometry } from "../../src/rules/view-geometry.ts";
import { flowingOf } from "../support/area-flow.ts";
import { burningOf } from "../support/flames.ts";
import { armedObservations } from "../support/shown.ts";
import { VIEW, walker } from "../support/walkers.ts";
import { type RuleCase, ruleContract } from "./rule.ts";

const ZONE: readonly Point[] = [
  { x: 200, y: 200 },
  { x: 440, y: 200 },
  { x: 440, y: 480 },
  { x: 200, y: 480 },
];
const flip = ({ x, y }: Point) => ({ x: VIEW.width - x, y });

function view(mirror: boolean): ViewGeometry {
  const place = (p: Point) => (mirror ? flip(p) : p);
  const zone: ZoneConfig = {
    id: "yard",
    nature: "forbidden",
    polygon: ZONE.map(place),
    direction: mirror ? "left" : "right",
  };
  const line = { id: "gate", from: place({ x: 320, y: 100 }), to: place({ x: 300, y: 480 }) };
  return { ...VIEW, zones: [zone], lines: [line], homography: null };
}

function made(config: (mirror: boolean, longest: number) => RuleConfig): RuleCase["make"] {
  return ({ mirrored, longest }) => createRule(config(mirrored, longest), view(mirrored));
}

const both = ["person", "vehicle"] as const;

ruleContract("zone_intrusion in a zone", {
  make: made((_, longest) => ({
    event: "zone_intrusion",
    id: "r",
    after: 1,
    clear: 2,
    longest,
    zone: "yard",
    classes: both,
  })),
  does: {
    walkers: [
      // Broken, missed for a moment, and joined by another: one episode.
      walker({
        from: { x: 20, y: 300 },
        to: { x: 330, y: 320 },
        takes: 6,
        stays: 8,
        breaks: [7],
        unseen: [[9, 10]],
      }),
      walker({ from: { x: 620, y: 400 }, to: { x: 350, y: 400 }, begin: 4, takes: 5, stays: 5 }),
    ],
    episodes: 1,
  },
  doesNot: [
    walker({ from: { x: 20, y: 300 }, to: { x: 180, y: 320 }, stays: 8 }),
    walker({ from: { x: 100, y: 150 }, to: { x: 600, y: 150 } }),
    walker({ class: "luggage", from: { x: 300, y: 300 }, to: { x: 310, y: 300 }, stays: 10 }),
  ],
});

ruleContract("zone_intrusion at a line", {
  make: made((_, longest) => ({
    event: "zone_intrusion",
    id: "r",
    after: 1,
    clear: 2,
    longest,
    line: "gate",
    classes: both,
  })),
  does: {
    walkers: [
      walker({ from: { x: 100, y: 300 }, to: { x: 500, y: 320 }, takes: 6 }),
      walker({ from: { x: 500, y: 400 }, to: { x: 100, y: 420 }, takes: 7, breaks: [3.2] }),
    ],
    episodes: 2,
  },
  doesNot: [
    walker({ from: { x: 100, y: 60 }, to: { x: 500, y: 60 }, height: 40 }),
    walker({ from: { x: 100, y: 300 }, to: { x: 290, y: 300 }, stays: 5 }),
  ],
  severalAtOnce: true,
});

ruleContract("wrong_way at a line", {
  make: made((mirror, longest) => ({
    event: "wrong_way",
    id: "r",
    after: 0.5,
    clear: 2,
    longest,
    line: "gate",
    forbidden: mirror ? "right" : "left",
    classes: both,
  })),
  does: {
    walkers: [
      // Side by side: two.
      walker({ from: { x: 500, y: 400 }, to: { x: 100, y: 400 }, takes: 7 }),
      walker({ from: { x: 530, y: 420 }, to: { x: 130, y: 420 }, takes: 7 }),
    ],
    episodes: 2,
  },
  doesNot: [
    walker({ from: { x: 100, y: 300 }, to: { x: 500, y: 320 }, takes: 6 }),
    walker({ from: { x: 500, y: 300 }, to: { x: 318, y: 300 }, stays: 8 }),
  ],
  severalAtOnce: true,
});

ruleContract("wrong_way in a zone", {
  make: made((_, longest) => ({
    event: "wrong_way",
    id: "r",
    after: 0.5,
    clear: 2,
    longest,
    zone: "yard",
    classes: both,
  })),
  does: { walkers: [walker({ from: { x: 600, y: 400 }, to: { x: 60, y: 380 }, takes: 10 })], episodes: 1 },
  doesNot: [
    walker({ from: { x: 60, y: 400 }, to: { x: 600, y: 400 }, takes: 10 }),
    walker({ from: { x: 320, y: 220 }, to: { x: 320, y: 470 }, takes: 8 }),
    walker({ from: { x: 300, y: 300 }, to: { x: 296, y: 300 }, stays: 10 }),
  ],
});

const crowd = (count: number) =>
  Array.from({ length: count }, (_, i) =>
    walker({
      from: { x: 30 + 38 * i, y: 250 + 12 * (i % 5) },
      to: { x: 40 + 38 * i, y: 260 + 12 * (i % 5) },
      begin: 2,
      takes: 4,
      stays: 8,
    }),
  );

ruleContract("crowd_density in the whole view", {
  make: made((_, longest) => ({
    event: "crowd_density",
    id: "r",
    after: 2,
    clear: 2,
    longest,
    persons: 10,
  })),
  does: { walkers: crowd(15), episodes: 1 },
  doesNot: crowd(6),
});

/** So many stand for six seconds, and then go from left to right in `takes` seconds. */
const startled = (count: number, takes: number) =>
  Array.from({ length: count }, (_, i) => {
    const from = { x: 24 + 36 * (i % 8), y: 180 + 90 * Math.floor(i / 8) + 4 * (i % 3) };
    const to = { x: from.x + 330, y: from.y };
    return [walker({ from, to: from, takes: 6 }), walker({ from, to, begin: 6, takes })];
  }).flat();

ruleContract("crowd_movement in the whole view", {
  make: made((_, longest) => ({ event: "crowd_movement", id: "r", after: 1, clear: 2, longest })),
  observed: flowingOf,
  // Fewer pictures give no flow.
  rates: [3.3, 5, 12, 25, 30],
  does: { walkers: startled(24, 2.5), episodes: 1 },
  // The same crowd walks, and four run through it.
  doesNot: [
    ...startled(24, 7),
    ...[200, 260, 320, 380].map((y) =>
      walker({ from: { x: 20, y }, to: { x: 600, y }, begin: 8, takes: 3.5 }),
    ),
  ],
});

ruleContract("fire in the whole view", {
  make: made((_, longest) => ({ event: "fire", id: "r", after: 1, clear: 2, longest, smoke: false })),
  observed: burningOf,
  // A flicker cannot be seen at fewer.
  rates: [6, 8, 12, 25, 30],
  looksEvery: 0.25,
  does: {
    walkers: [
      walker({
        from: { x: 300, y: 300 },
        to: { x: 300, y: 300 },
        begin: 3,
        takes: 4,
        stays: 10,
        height: 160,
      }),
    ],
    episodes: 1,
  },
  doesNot: [
    walker({ from: { x: 20, y: 300 }, to: { x: 620, y: 320 }, takes: 4, height: 60 }),
    walker({ from: { x: 600, y: 200 }, to: { x: 40, y: 200 }, begin: 6, takes: 4, height: 60 }),
  ],
});

ruleContract("person_down in the whole view", {
  make: made((_, longest) => ({ event: "person_down", id: "r", after: 1, clear: 2, longest })),
  does: {
    walkers: [
      // Falls among others who walk on, is missed for a moment, and lies there until the end.
      walker({
        from: { x: 100, y: 300 },
        to: { x: 300, y: 310 },
        takes: 5,
        stays: 14,
        falls: 5,
        unseen: [[9, 9.4]],
      }),
      walker({ from: { x: 600, y: 420 }, to: { x: 60, y: 420 }, begin: 3, takes: 9 }),
    ],
    episodes: 1,
  },
  doesNot: [
    // Stands, walks by, is lost, leaves; something flat that lies there; a vehicle.
    walker({ from: { x: 100, y: 300 }, to: { x: 300, y: 310 }, stays: 10, unseen: [[8, 10]] }),
    walker({ from: { x: 500, y: 200 }, to: { x: 60, y: 240 }, takes: 8, breaks: [4] }),
    walker({ class: "luggage", from: { x: 300, y: 300 }, to: { x: 300, y: 300 }, stays: 14, falls: 0 }),
    walker({ class: "vehicle", from: { x: 20, y: 400 }, to: { x: 600, y: 400 }, takes: 12 }),
  ],
});

ruleContract("abandoned_object in the whole view", {
  make: made((_, longest) => ({ event: "abandoned_object", id: "r", after: 2, clear: 2, longest })),
  does: {
    walkers: [
      // Brings something, and goes.
      walker({ from: { x: 60, y: 400 }, to: { x: 300, y: 400 }, takes: 6, height: 260 }),
      walker({ from: { x: 300, y: 400 }, to: { x: 620, y: 300 }, begin: 6, takes: 3, height: 260 }),
      walker({
        class: "luggage",
        from: { x: 360, y: 400 },
        to: { x: 360, y: 400 },
        begin: 3,
        stays: 17,
        height: 150,
      }),
    ],
    episodes: 1,
  },
  doesNot: [
    // One stays with his thing, another thing came by itself.
    walker({ from: { x: 20, y: 440 }, to: { x: 130, y: 440 }, takes: 2, stays: 30, height: 260 }),
    walker({
      class: "luggage",
      from: { x: 200, y: 440 },
      to: { x: 200, y: 440 },
      begin: 2,
      stays: 30,
      height: 150,
    }),
    walker({
      class: "luggage",
      from: { x: 560, y: 300 },
      to: { x: 560, y: 300 },
      begin: 6,
      stays: 30,
      height: 150,
    }),
  ],
  severalAtOnce: true,
});

ruleContract("weapon in the whole view", {
  make: made((_, longest) => ({
    ...{ event: "weapon", id: "r", after: 1, clear: 2, longest },
    ...{ model: "/ours.yml", candidateScore: 0.3, confirmScore: 0.5, looksPerSecond: 30 },
  })),
  observed: armedObservations,
  // At fewer, three looks that confirm take longer than the rule's `after`.
  rates: [4, 5, 12, 25, 30],
  does: {
    walkers: [
      walker({ from: { x: 60, y: 300 }, to: { x: 300, y: 320 }, begin: 2, takes: 6, stays: 4, height: 140 }),
      walker({ from: { x: 600, y: 300 }, to: { x: 40, y: 300 }, takes: 12, height: 90 }),
    ],
    episodes: 1,
  },
  doesNot: [
    walker({ from: { x: 20, y: 300 }, to: { x: 620, y: 320 }, takes: 9, height: 90 }),
    walker({ class: "vehicle", from: { x: 600, y: 200 }, to: { x: 40, y: 200 }, takes: 8, height: 160 }),
  ],
});
