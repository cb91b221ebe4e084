import type { JournalEntry } from "../journal/leaf.ts";
import type { Decision } from "../policy/question.ts";
import type { Trust } from "../policy/signature.ts";
import type { PolicyWorld } from "../policy/world.ts";
import { toPayload } from "./ledger.ts";
import type { AuthoritySummary } from "./run-summary.ts";
import { documentEntries } from "./world-entries.ts";

/** Notes what a site runs under and what the gate says of it, each once. */
export class SiteRecord {
  readonly #record: (entry: JournalEntry) => void;
  /** What was last said of each rule, by camera and rule. */
  readonly #said = new Map<string, string>();
  readonly #seen = new Set<string>();

  constructor(record: (entry: JournalEntry) => void) {
    this.#record = record;
  }

  /** A leaf for each rule of which the gate says something else than before. */
  standing(decisions: readonly Decision[]): void {
    for (const decision of decisions) {
      const rule = `${decision.cameraId} ${decision.ruleId} ${decision.event}`;
      const said = JSON.stringify([decision.allow, decision.reasons, decision.authorisationSha256]);
      if (this.#said.get(rule) === said) continue;
      this.#said.set(rule, said);
      this.#record({ type: "decision", actor: "engine", payload: toPayload(decision) });
    }
  }

  /** A leaf for each document that this process had not seen before. */
  world(world: PolicyWorld, trust: Trust | null): void {
    for (const entry of documentEntries(world, trust)) {
      const key = JSON.stringify(entry);
      if (this.#seen.has(key)) continue;
      this.#seen.add(key);
      this.#record(entry);
    }
  }
}

/** A world and its answers, as a run's summary has them. */
export function authoritySummary(
  { profile, authorisations }: PolicyWorld,
  standing: readonly Decision[],
  use: AuthoritySummary["use"],
): Omit<AuthoritySummary, "journal"> {
  const named = new Set(standing.map(({ authorisationId }) => authorisationId));
  return {
    profile:
      profile === null
        ? null
        : { id: profile.profile.id, sha256: profile.sha256, title: profile.profile.title },
    use,
    authorisations: authorisations
      .filter(({ document }) => named.has(document.id))
      .map(({ document: { id, title, validFrom, validUntil }, sha256 }) => ({
        ...{ id, sha256, title, validFrom, validUntil },
      })),
    standing: standing.map(({ cameraId, ruleId, event, allow, reasons }) => ({
      ...{ cameraId, ruleId, event, allow },
      reasons: [...reasons],
    })),
  };
}
