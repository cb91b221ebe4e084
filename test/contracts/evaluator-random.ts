import fc from "fast-check";
import type { GateQuestion } from "../../src/policy/question.ts";
import type { PolicyWorld } from "../../src/policy/world.ts";
import { type Draw, QUESTION_CHANGES, SITE_CHANGES, WORLD_CHANGES } from "./evaluator-mutations.ts";
import { QUESTION, WORLD } from "./evaluator-worlds.ts";

/** Random worlds and questions: what is wholly permitted, with a few changes. */

/** Which change of a list, and from what its details are drawn. */
export interface Change {
  readonly which: number;
  readonly seed: number;
}

export function changes(of: readonly unknown[], atMost: number): fc.Arbitrary<readonly Change[]> {
  const change = fc.record({ which: fc.nat(of.length - 1), seed: fc.nat(0xffffff) });
  return fc.array(change, { maxLength: atMost, size: "max" });
}

export const documentChanges = changes(WORLD_CHANGES, 3);
export const siteChanges = changes(SITE_CHANGES, 1);
export const questionChanges = changes(QUESTION_CHANGES, 2);

/** The documents of a world after some changes. @param start what is changed */
export function changedDocuments(chosen: readonly Change[], start: PolicyWorld = WORLD): PolicyWorld {
  return apply(start, WORLD_CHANGES, chosen);
}

export function changedSites(world: PolicyWorld, chosen: readonly Change[]): PolicyWorld {
  return apply(world, SITE_CHANGES, chosen);
}

export function changedQuestion(chosen: readonly Change[]): GateQuestion {
  return apply(QUESTION, QUESTION_CHANGES, chosen);
}

/** A world and a question with few changes, so that a good part is permitted. */
export const world: fc.Arbitrary<PolicyWorld> = fc
  .tuple(documentChanges, siteChanges)
  .map(([documents, sites]) => changedSites(changedDocuments(documents), sites));
export const question: fc.Arbitrary<GateQuestion> = questionChanges.map(changedQuestion);

function apply<T>(start: T, list: readonly ((value: T, draw: Draw) => T)[], chosen: readonly Change[]): T {
  return chosen.reduce((value, { which, seed }) => list[which]?.(value, drawFrom(seed)) ?? value, start);
}

/** Choices from lists, from a seed: a linear congruential generator is random enough for that. */
export function drawFrom(seed: number): Draw {
  let state = seed;
  return (list) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const index = Math.floor((state / 2 ** 32) * list.length);
    for (const chosen of list.slice(index, index + 1)) return chosen;
    throw new RangeError("nothing to choose from");
  };
}
