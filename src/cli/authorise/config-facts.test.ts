import { expect, test } from "vitest";
import { parseConfig } from "../../config/load.ts";
import { EVENT_TYPES } from "../../event.ts";
import { looksOnlyWithin } from "../../policy/perimeter.ts";
import { eventsOf, modelSha256, zonesOf } from "./config-facts.ts";

const config = parseConfig(
  `schema: contrechamp/config@1
cameras:
  - id: quai
    source: clip.mp4
    zones: [{ id: voie, nature: forbidden, polygon: [[0, 0], [100, 0], [100, 100], [0, 100]] }]
    lines: [{ id: bord, from: [10, 20], to: [210, 120] }]
    rules:
      - { id: dans, event: zone_intrusion, zone: voie }
      - { id: encore, event: zone_intrusion, zone: voie, after: 9s }
      - { id: bord, event: zone_intrusion, line: bord }
      - { id: foule, event: crowd_density }
`,
  "site.yml",
);

test("events are those that rules watch for, all eight where there is no rule", () => {
  expect(eventsOf(config)).toEqual(["zone_intrusion", "crowd_density"]);
  expect(eventsOf(null)).toEqual(EVENT_TYPES);
});

test("each place that a rule watches becomes one zone, in which the gate finds it", () => {
  const zones = zonesOf(config, (camera, rule) => `${camera.id} ${rule.id}`);
  expect(zones.map(({ nature, event }) => [nature, event])).toEqual([
    ["forbidden", "zone_intrusion"],
    ["sensitive", "zone_intrusion"],
  ]);
  const [zone, band] = zones;
  const square = [
    { x: 0, y: 0 },
    { x: 100, y: 0 },
    { x: 100, y: 100 },
    { x: 0, y: 100 },
  ];
  expect(looksOnlyWithin(zone?.polygon ?? [], { kind: "zone", points: square })).toBe(true);
  const line = [
    { x: 10, y: 20 },
    { x: 210, y: 120 },
  ];
  expect(looksOnlyWithin(band?.polygon ?? [], { kind: "line", points: line })).toBe(true);
  const longer = [
    { x: 10, y: 20 },
    { x: 310, y: 170 },
  ];
  expect(looksOnlyWithin(band?.polygon ?? [], { kind: "line", points: longer })).toBe(false);
});

test("a model is known by its name or by its digits", async () => {
  const digits = "0123456789abcdef".repeat(4);
  expect(await modelSha256(digits)).toBe(digits);
  expect(await modelSha256("mb3-centernet")).toMatch(/^[0-9a-f]{64}$/);
  await expect(modelSha256("nosuch")).rejects.toMatchObject({ code: "MODEL_UNKNOWN" });
});
