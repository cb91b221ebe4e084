import { describe, expect, it } from "vitest";
import { createSecondOpinion } from "../../src/policy/cedar.ts";
import { mayAlert } from "../../src/policy/gate.ts";
import { REASON_CODES } from "../../src/policy/reasons.ts";
import { DENIALS, evaluatorContract } from "./evaluator.ts";
import { ANALYSING, QUESTION, REGIME, verified, WORLD } from "./evaluator-worlds.ts";

describe("the gate", () => {
  evaluatorContract((question, world) => {
    const { allow, reasons } = mayAlert(question, world);
    return { allow, codes: reasons.map(({ code }) => code) };
  });

  it("has a row for each reason but those of the two evaluators and that of a yes", () => {
    const shown = new Set(DENIALS.map(({ code }) => code));
    // An event that is none of the eight is in no authorisation either: it is never the only reason.
    const without = REASON_CODES.filter((code) => !shown.has(code));
    expect(without).toEqual(["unknown_event", "evaluators_differ", "second_opinion_failed", "permitted"]);
  });

  it("says that no rule is for a use at all", () => {
    const rules = REGIME.rules.map((rule) => ({ ...rule, uses: ["alert" as const] }));
    const profile = { profile: { ...REGIME, rules }, sha256: "7".repeat(64) };
    const { reasons } = mayAlert({ ...QUESTION, use: "shadow" }, { ...WORLD, profile });
    expect(reasons.map(({ code, ruleId }) => [code, ruleId])).toEqual([
      ["use_not_permitted", "example-regime"],
      ["use_not_permitted", "urn:example:analysing"],
      ["no_legal_basis", null],
    ]);
  });

  it("cites of several authorisations the one that comes nearest, whatever their order", () => {
    const near = verified({ ...ANALYSING, id: "urn:example:near", use: "shadow" });
    const far = verified({
      ...ANALYSING,
      id: "urn:example:far",
      use: "shadow",
      events: ["fire"],
      analytics: [],
    });
    const twin = verified({ ...ANALYSING, id: "urn:example:twin", use: "shadow" });
    for (const authorisations of [
      [near, far, twin],
      [twin, far, near],
    ]) {
      const all = { ...WORLD, authorisations: [...WORLD.authorisations.slice(0, 1), ...authorisations] };
      const world = { ...all, notices: [] };
      expect(mayAlert(QUESTION, world)).toMatchObject({ allow: false, authorisationId: "urn:example:near" });
    }
  });

  it("denies an event that is none of the eight, first of all", () => {
    const { allow, reasons } = mayAlert({ ...QUESTION, event: "loitering" }, WORLD);
    expect(allow).toBe(false);
    expect(reasons[0].code).toBe("unknown_event");
  });
});

describe("Cedar", () => {
  evaluatorContract((question, world) => {
    const opinion = createSecondOpinion(world).ask(question);
    if (opinion.kind === "failed") throw new Error(opinion.diagnostics.join("; "));
    return { allow: opinion.allow, codes: null };
  });
});
