import type { GateQuestion } from "./question.ts";

/** What a second evaluator says to a question; `failed` is any diagnostic whatever, and never a yes. */
export type Opinion =
  | { readonly kind: "answered"; readonly allow: boolean; readonly policies: readonly string[] }
  | { readonly kind: "failed"; readonly diagnostics: readonly [string, ...string[]] };

/** An evaluator that answers from the same world as the gate and shares none of its reasoning. It never throws. */
export interface SecondOpinion {
  /** Name and version, as it stands in each decision. */
  readonly name: string;
  ask(question: GateQuestion): Opinion;
}
