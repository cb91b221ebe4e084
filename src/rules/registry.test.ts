import { describe, expect, it } from "vitest";
import type { RuleConfig } from "../config/schema.ts";
import { CodedError } from "../errors.ts";
import { createRule } from "./registry.ts";
import type { ViewGeometry } from "./view-geometry.ts";

const polygon = [
  { x: 0, y: 0 },
  { x: 100, y: 0 },
  { x: 100, y: 100 },
];
const view: ViewGeometry = {
  width: 640,
  height: 480,
  zones: [
    { id: "plain", nature: "forbidden", polygon },
    { id: "one-way", nature: "sensitive", polygon, direction: "up" },
  ],
  lines: [{ id: "gate", from: { x: 320, y: 0 }, to: { x: 320, y: 480 } }],
  homography: null,
};
const times = { after: 1, clear: 2, longest: 600 };
const classes = ["person"] as const;

function codeOf(config: RuleConfig): string {
  try {
    createRule(config, view);
    return "made";
  } catch (thrown) {
    return thrown instanceof CodedError ? thrown.code : "other";
  }
}

describe("createRule", () => {
  it.each<[string, RuleConfig, string]>([
    ["an intrusion zone", { event: "zone_intrusion", id: "r", ...times, classes, zone: "plain" }, "made"],
    ["an intrusion line", { event: "zone_intrusion", id: "r", ...times, classes, line: "gate" }, "made"],
    ["an intrusion nowhere", { event: "zone_intrusion", id: "r", ...times, classes }, "RULE_PLACE"],
    ["an unknown zone", { event: "zone_intrusion", id: "r", ...times, classes, zone: "no" }, "RULE_PLACE"],
    ["an unknown line", { event: "zone_intrusion", id: "r", ...times, classes, line: "no" }, "RULE_PLACE"],
    ["a way through a zone", { event: "wrong_way", id: "r", ...times, classes, zone: "one-way" }, "made"],
    [
      "a zone without direction",
      { event: "wrong_way", id: "r", ...times, classes, zone: "plain" },
      "RULE_PLACE",
    ],
    [
      "a way across a line",
      { event: "wrong_way", id: "r", ...times, classes, line: "gate", forbidden: "left" },
      "made",
    ],
    [
      "a way along a line",
      { event: "wrong_way", id: "r", ...times, classes, line: "gate", forbidden: "up" },
      "RULE_PLACE",
    ],
    [
      "a line without a sense",
      { event: "wrong_way", id: "r", ...times, classes, line: "gate" },
      "RULE_PLACE",
    ],
    ["a thing anywhere", { event: "abandoned_object", id: "r", ...times }, "made"],
    ["a thing in a zone", { event: "abandoned_object", id: "r", ...times, zone: "plain" }, "made"],
    ["a thing in no zone", { event: "abandoned_object", id: "r", ...times, zone: "no" }, "RULE_PLACE"],
    ["a crowd anywhere", { event: "crowd_density", id: "r", ...times, persons: 20 }, "made"],
    ["a crowd in a zone", { event: "crowd_density", id: "r", ...times, persons: 20, zone: "plain" }, "made"],
    ["a movement anywhere", { event: "crowd_movement", id: "r", ...times }, "made"],
    ["a movement in a zone", { event: "crowd_movement", id: "r", ...times, zone: "plain" }, "made"],
    ["a movement in no zone", { event: "crowd_movement", id: "r", ...times, zone: "no" }, "RULE_PLACE"],
    ["a fire anywhere", { event: "fire", id: "r", ...times, smoke: false }, "made"],
    ["a fire in a zone", { event: "fire", id: "r", ...times, smoke: false, zone: "plain" }, "made"],
    ["a fire in no zone", { event: "fire", id: "r", ...times, smoke: false, zone: "no" }, "RULE_PLACE"],
    [
      "a crowd in no zone",
      { event: "crowd_density", id: "r", ...times, persons: 20, zone: "no" },
      "RULE_PLACE",
    ],
    ["a fall anywhere", { event: "person_down", id: "r", ...times }, "made"],
    ["a fall in a zone", { event: "person_down", id: "r", ...times, zone: "plain" }, "made"],
    ["a fall in no zone", { event: "person_down", id: "r", ...times, zone: "no" }, "RULE_PLACE"],
  ])("answers to %s", (_, config, expected) => {
    expect(codeOf(config)).toBe(expected);
  });
});
