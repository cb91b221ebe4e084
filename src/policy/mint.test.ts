import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, expectTypeOf, it } from "vitest";
import { QUESTION, WORLD } from "../../test/contracts/evaluator-worlds.ts";
import { CodedError } from "../errors.ts";
import { createSecondOpinion } from "./cedar.ts";
import type { Opinion, SecondOpinion } from "./gate-opinion.ts";
import { type Authorised, Gate, type Identified, type Incident, isAuthorised } from "./mint.ts";
import { EMPTY_WORLD } from "./world.ts";

interface Thing extends Identified {
  readonly what: string;
}

const show = (_thing: Authorised<Thing>) => undefined;

function gate(world = WORLD, second: SecondOpinion = createSecondOpinion(world)) {
  const incidents: Incident[] = [];
  return { gate: new Gate(world, second, { onIncident: (incident) => incidents.push(incident) }), incidents };
}

function saying(opinion: Opinion): SecondOpinion {
  return { name: "another@1", ask: () => opinion };
}

describe("Authorised", () => {
  it("cannot be written elsewhere", () => {
    const thing: Thing = { id: "a", what: "an episode" };
    // Each line below is checked by `tsc`: without the error it announces, the type check fails.
    // @ts-expect-error what nobody let through is not authorised
    show(thing);
    // @ts-expect-error nor is what merely looks like it
    show({ id: "a", what: "an episode", authorised: true });
    // @ts-expect-error nor does a symbol of the same name make it so
    show({ id: "a", what: "an episode", [Symbol("authorised")]: true });
    // @ts-expect-error nor is one thing's authorisation another one's
    expectTypeOf<Authorised<Identified>>().toEqualTypeOf<Authorised<Thing>>();
    expectTypeOf<Thing>().not.toExtend<Authorised<Thing>>();
    expectTypeOf<Authorised<Thing>>().toExtend<Thing>();
    expect(isAuthorised(thing)).toBe(false);
  });

  it("is found out where it was only asserted", () => {
    const forged = { id: "a", what: "an episode" } as Authorised<Thing>;
    expect(isAuthorised(forged)).toBe(false);
    expect(() => gate().gate.carry(forged, forged)).toThrow(CodedError);
  });

  it("belongs to one object, not to its copy", () => {
    const { authorised } = gate().gate.authorise({ id: "a", what: "an episode" }, QUESTION);
    if (authorised === null) throw new Error("denied");
    expect(isAuthorised(authorised)).toBe(true);
    expect(isAuthorised({ ...authorised })).toBe(false);
    expect(isAuthorised(structuredClone(authorised))).toBe(false);
    expect(Object.isFrozen(authorised)).toBe(true);
  });

  it("is asserted nowhere in the product, and its mark is made in one file", () => {
    const src = fileURLToPath(new URL("..", import.meta.url));
    const files = readdirSync(src, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
      .filter((file) => !file.endsWith(join("policy", "mint.ts")));
    expect(files.length).toBeGreaterThan(100);
    const asserting = files.filter((file) => {
      const text = readFileSync(join(src, file), "utf8");
      return /\bas\s+(?:\w+\s+as\s+)*(?:\w+\.)?Authorised\b|<Authorised<[^>]*>>\s*[\w({]|\bis\s+Authorised\b/.test(
        text,
      );
    });
    expect(asserting).toEqual([]);
  });
});

describe("Gate", () => {
  it("lets through what both evaluators permit", () => {
    const { gate: open, incidents } = gate();
    const { decision, authorised } = open.authorise({ id: "a", what: "an episode" }, QUESTION);
    expect(decision).toMatchObject({ allow: true, evaluator: "contrechamp-gate@1 + cedar@4.13.0" });
    expect(authorised).not.toBeNull();
    expect(incidents).toEqual([]);
  });

  it("lets nothing through that one of them denies, and says what it was", () => {
    const { gate: shut, incidents } = gate(WORLD, saying({ kind: "answered", allow: false, policies: [] }));
    const { decision, authorised } = shut.authorise({ id: "a", what: "an episode" }, QUESTION);
    expect(authorised).toBeNull();
    expect(decision.allow).toBe(false);
    expect(decision.reasons.map(({ code }) => code)).toEqual(["evaluators_differ"]);
    expect(incidents).toMatchObject([
      { kind: "evaluators_differ", first: { allow: true }, second: { allow: false } },
    ]);
  });

  it("denies what the other evaluator alone permits, and that is an incident too", () => {
    const { gate: shut, incidents } = gate(
      EMPTY_WORLD,
      saying({ kind: "answered", allow: true, policies: [] }),
    );
    const decision = shut.ask(QUESTION);
    expect(decision.allow).toBe(false);
    expect(decision.reasons.map(({ code }) => code)).toEqual(["no_profile", "evaluators_differ"]);
    expect(incidents).toHaveLength(1);
  });

  it.each<readonly [string, SecondOpinion]>([
    ["has a diagnostic", saying({ kind: "failed", diagnostics: ["x".repeat(5000)] })],
    [
      "throws",
      {
        name: "another@1",
        ask: () => {
          throw new Error("out of memory");
        },
      },
    ],
  ])("denies where the second evaluator %s", (_what, second) => {
    const { gate: shut, incidents } = gate(WORLD, second);
    const decision = shut.ask(QUESTION);
    expect(decision.allow).toBe(false);
    expect(decision.reasons.map(({ code }) => code)).toEqual(["second_opinion_failed"]);
    expect(decision.reasons[0].source.length).toBeLessThanOrEqual(1000);
    expect(incidents).toMatchObject([{ kind: "second_opinion_failed" }]);
  });

  it("denies even where nobody can be told", () => {
    const onIncident = () => {
      throw new Error("the journal is full");
    };
    const second = saying({ kind: "answered", allow: false, policies: [] });
    expect(new Gate(WORLD, second, { onIncident }).ask(QUESTION).allow).toBe(false);
  });

  it("answers by the world it was last given", () => {
    const { gate: changing } = gate();
    expect(changing.ask(QUESTION).allow).toBe(true);
    changing.replaceWorld(EMPTY_WORLD, createSecondOpinion(EMPTY_WORLD));
    expect(changing.ask(QUESTION).allow).toBe(false);
    changing.replaceWorld(WORLD, createSecondOpinion(EMPTY_WORLD));
    expect(changing.ask(QUESTION).reasons.map(({ code }) => code)).toEqual(["evaluators_differ"]);
  });

  it("carries an authorisation to a later state of the same thing only", () => {
    const { gate: open } = gate();
    const { authorised } = open.authorise({ id: "a", what: "begun" }, QUESTION);
    if (authorised === null) throw new Error("denied");
    open.replaceWorld(EMPTY_WORLD, createSecondOpinion(EMPTY_WORLD));
    const ended = open.carry(authorised, { id: "a", what: "ended" });
    expectTypeOf(ended).toEqualTypeOf<Authorised<{ id: string; what: string }>>();
    expect(isAuthorised(ended)).toBe(true);
    expect(isAuthorised(open.carry(ended, { id: "a", what: "ended again" }))).toBe(true);
    const other = { id: "b", what: "another" };
    expect(() => open.carry(authorised, other)).toThrow(
      expect.objectContaining({ code: "CARRIED_TO_ANOTHER" }),
    );
    expect(isAuthorised(other)).toBe(false);
  });
});
