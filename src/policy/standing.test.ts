import { describe, expect, it } from "vitest";
import { CAMERA, MODEL, QUESTION, RECORDING, WORLD } from "../../test/contracts/evaluator-worlds.ts";
import { createSecondOpinion } from "./cedar.ts";
import { Gate } from "./mint.ts";
import { nextChange, standing } from "./standing.ts";

const gate = new Gate(WORLD, createSecondOpinion(WORLD), { onIncident: () => undefined });
const CONTEXT = {
  cameraId: CAMERA,
  use: "alert",
  footage: "recording",
  recordingSha256: RECORDING,
  modelSha256: MODEL,
} as const;

describe("standing", () => {
  it("says for each rule what it may do, and why not", () => {
    const { place } = QUESTION;
    const found = standing(
      [
        { ruleId: "crowd", event: "crowd_density", place },
        { ruleId: "intrusion", event: "zone_intrusion", place },
        { ruleId: "smoke", event: "fire", place },
        { ruleId: "everywhere", event: "crowd_density", place: { kind: "view", points: [] } },
      ],
      CONTEXT,
      gate,
      QUESTION.at,
    );
    expect(
      [...found].map(([ruleId, { allow, reasons }]) => [ruleId, allow, reasons.map(({ code }) => code)]),
    ).toEqual([
      ["crowd", true, ["permitted"]],
      ["intrusion", true, ["permitted"]],
      [
        "smoke",
        false,
        [
          "event_not_authorised",
          "analytic_not_authorised",
          "zone_not_authorised",
          "no_certificate",
          "no_notice",
        ],
      ],
      ["everywhere", false, ["zone_not_authorised"]],
    ]);
  });
});

describe("nextChange", () => {
  // The property that no answer changes before it stands in test/security/gate.test.ts.
  it.each([
    ["the end of the daily window", "2024-07-26T20:00:00+02:00", "2024-07-27T02:00:00+02:00"],
    ["its beginning", "2024-07-27T02:00:00+02:00", "2024-07-27T08:00:00+02:00"],
    ["the deadline of the condition", "2024-07-27T08:00:00+02:00", "2024-07-27T12:00:00+02:00"],
    ["the limit of the profile for it", "2024-07-28T08:00:00+02:00", "2024-07-28T12:00:00+02:00"],
    ["a ban", "2024-07-31T08:00:00+02:00", "2024-08-01T00:00:00+02:00"],
    ["the end of the authorisation", "2024-08-09T08:00:00+02:00", "2024-08-10T00:00:00+02:00"],
    ["an hour that comes twice", "2024-10-27T02:00:00+02:00", "2024-10-27T02:00:00+01:00"],
  ])("is %s", (_what, at, next) => {
    expect(nextChange(WORLD, Date.parse(at))).toBe(Date.parse(next));
  });
});
