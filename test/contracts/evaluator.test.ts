import { describe, expect, it } from "vitest";
import { createSecondOpinion } from "../../src/policy/cedar.ts";
import { mayAlert } from "../../src/policy/gate.ts";
import { REASON_CODES } from "../../src/policy/reasons.ts";
import { DENIALS, evaluatorContract } from "./evaluator.ts";
import { QUESTION, WORLD } from "./evaluator-worlds.ts";

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
