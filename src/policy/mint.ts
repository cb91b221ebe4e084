import { fault } from "../errors.ts";
import { mayAlert } from "./gate.ts";
import type { Opinion, SecondOpinion } from "./gate-opinion.ts";
import type { Decision, GateQuestion } from "./question.ts";
import type { Reason } from "./reasons.ts";
import type { PolicyWorld } from "./world.ts";

declare const authorised: unique symbol;

/**
 * Something that the gate let through. The mark is made in this file alone: its symbol is not exported, so that no
 * other module can write a value of this type; and what was marked is remembered, so that `isAuthorised` finds out a
 * value that was only asserted to be one. Whatever raises, shows or keeps an alert asks for this type.
 */
export type Authorised<T extends object> = T & { readonly [authorised]: true };

/** Anything that an authorisation can be carried to: the same thing, later. */
export interface Identified {
  readonly id: string;
}

/** The two evaluators did not say the same, or the second one failed. The answer was no. */
export interface Incident {
  readonly kind: "evaluators_differ" | "second_opinion_failed";
  readonly question: GateQuestion;
  /** What the gate itself said, before. */
  readonly first: Decision;
  readonly second: Opinion;
}

export interface GateOptions {
  /** Told of each incident, at once. What it throws is caught: the answer stays no. */
  readonly onIncident: (incident: Incident) => void;
}

/** What was let through, and the id that it had then. Objects that nobody holds any more are forgotten. */
const LET_THROUGH = new WeakMap<object, string>();

/** Whether this very object was let through by a gate: a copy, a cast and a look-alike were not. */
export function isAuthorised<T extends object>(value: T): value is Authorised<T> {
  return LET_THROUGH.has(value);
}

/** The one way to an `Authorised`: both evaluators, asked about one world. */
export class Gate {
  #world: PolicyWorld;
  #secondOpinion: SecondOpinion;
  readonly #onIncident: (incident: Incident) => void;

  /** @param secondOpinion of the same world, such as `createSecondOpinion(world)` */
  constructor(world: PolicyWorld, secondOpinion: SecondOpinion, options: GateOptions) {
    this.#world = world;
    this.#secondOpinion = secondOpinion;
    this.#onIncident = options.onIncident;
  }

  /** From now on, answers by another world. What was let through by the old one stays so. */
  replaceWorld(world: PolicyWorld, secondOpinion: SecondOpinion): void {
    this.#world = world;
    this.#secondOpinion = secondOpinion;
  }

  /**
   * The decision of both evaluators: yes where both say yes. Where they differ, or the second one has any
   * diagnostic whatever, it is no, and an incident. Never throws.
   */
  ask(question: GateQuestion): Decision {
    const first = mayAlert(question, this.#world);
    const second = opinionOf(this.#secondOpinion, question);
    const decision = { ...first, evaluator: `${first.evaluator} + ${this.#secondOpinion.name}` };
    const objection = objectionOf(first, second, this.#secondOpinion.name);
    if (objection === null) return decision;

    try {
      this.#onIncident({ kind: objection.kind, question, first, second });
    } catch {
      // Whoever is to be told cannot take it. The answer is no all the same.
    }
    const { reason } = objection;
    const reasons: Decision["reasons"] = first.allow ? [reason] : [...first.reasons, reason];
    return { ...decision, allow: false, reasons };
  }

  /**
   * Asks for a subject, and marks it where the answer is yes. The subject is frozen, so that what is shown is what
   * was asked about.
   */
  authorise<T extends Identified>(
    subject: T,
    question: GateQuestion,
  ): { readonly decision: Decision; readonly authorised: Authorised<T> | null } {
    const decision = this.ask(question);
    return { decision, authorised: decision.allow ? mint(subject, subject.id) : null };
  }

  /**
   * Marks a later state of something that was let through: that it is over may be told even where it ended after the
   * authorisation did, or nobody would learn that an alert no longer stands. This is no way round the gate. It takes
   * an object that a gate did let through, and gives its mark only to one that bears the id which that one had when
   * it was let through; an episode that no gate let begin has neither. Whether a state that does not close the
   * episode may be shown is asked anew by whoever shows it.
   * @throws CodedError CARRIED_UNAUTHORISED, CARRIED_TO_ANOTHER
   */
  carry<T extends Identified>(from: Authorised<Identified>, next: T): Authorised<T> {
    const id = LET_THROUGH.get(from);
    if (id === undefined) throw fault("CARRIED_UNAUTHORISED", { id: from.id });
    if (next.id !== id) throw fault("CARRIED_TO_ANOTHER", { from: id, to: next.id });
    return mint(next, id);
  }
}

function mint<T extends Identified>(subject: T, id: string): Authorised<T> {
  const marked = Object.freeze(subject);
  LET_THROUGH.set(marked, id);
  if (!isAuthorised(marked)) throw new Error("what was just marked is not");
  return marked;
}

function opinionOf(secondOpinion: SecondOpinion, question: GateQuestion): Opinion {
  try {
    return secondOpinion.ask(question);
  } catch (thrown) {
    return { kind: "failed", diagnostics: [thrown instanceof Error ? thrown.message : String(thrown)] };
  }
}

function objectionOf(
  first: Decision,
  second: Opinion,
  name: string,
): { readonly kind: Incident["kind"]; readonly reason: Reason } | null {
  if (second.kind === "failed") {
    const source = `${name}: ${second.diagnostics.join("; ")}`.slice(0, LONGEST_SOURCE);
    return {
      kind: "second_opinion_failed",
      reason: { code: "second_opinion_failed", ruleId: null, source },
    };
  }
  if (second.allow === first.allow) return null;
  const says = (allow: boolean) => (allow ? "yes" : "no");
  const source = `${first.evaluator} says ${says(first.allow)}, ${name} says ${says(second.allow)}`;
  return { kind: "evaluators_differ", reason: { code: "evaluators_differ", ruleId: null, source } };
}

/** Diagnostics may cite whole policies, and a decision is written to the journal. */
const LONGEST_SOURCE = 1000;
