import type { RuleConfig } from "./schema.ts";

/** An event whose rule may name a network that the operator brings. */
export type OwnModelEvent = Extract<RuleConfig, { readonly model?: string }>["event"];

/** A network that a rule names: for which event, and where its manifest lies. */
export interface OwnModel {
  readonly event: OwnModelEvent;
  /** Absolute path of the manifest. */
  readonly manifest: string;
}

/** The network that a rule names for itself; null where the camera's detector is all it needs. */
export function ownModel(rule: RuleConfig): OwnModel | null {
  if (rule.event !== "weapon" && rule.event !== "fire") return null;
  return rule.model === undefined ? null : { event: rule.event, manifest: rule.model };
}

/** The networks that rules name for themselves, each once. */
export function ownModels(rules: readonly RuleConfig[]): readonly OwnModel[] {
  const named = rules.map(ownModel).filter((own) => own !== null);
  return [...new Map(named.map((own) => [`${own.event} ${own.manifest}`, own])).values()];
}

/** A rule whose network is named otherwise; one that names none stays as it is. */
export function withOwnModel(rule: RuleConfig, turn: (manifest: string) => string): RuleConfig {
  if (rule.event === "weapon") return { ...rule, model: turn(rule.model) };
  if (rule.event === "fire" && rule.model !== undefined) return { ...rule, model: turn(rule.model) };
  return rule;
}
