import type { EntrySink, JournalEntry } from "../../journal/leaf.ts";
import { formatUtc } from "../../time/clock.ts";
import type { Lapse } from "./designation.ts";
import type { Person } from "./person.ts";
import type { Method } from "./sessions.ts";

/**
 * What the journal is told of the people who work there: pseudonyms, roles and dates. Neither a name nor a login goes
 * into it: it is kept for years and handed to others.
 */
export class AccountsTrace {
  readonly #sink: EntrySink;

  constructor(sink: EntrySink) {
    this.#sink = sink;
  }

  /** Somebody may do something else than before. @param by pseudonym of who says so */
  async person(event: "added" | "changed" | "invited" | "left", person: Person, by: string): Promise<void> {
    const { pseudonym, grants, designation, training } = person;
    await this.#write("person", by, {
      event,
      person: pseudonym,
      grants: grants.map((grant) => ({ ...grant })),
      designation:
        designation === null
          ? null
          : { act: designation.act, from: formatUtc(designation.from), until: formatUtc(designation.until) },
      training:
        training === null
          ? null
          : { syllabus: training.syllabus, on: formatUtc(training.on), until: formatUtc(training.until) },
    });
  }

  /** How somebody proves who they are has changed. */
  async proof(
    what: "password" | "codes",
    event: "set" | "removed",
    pseudonym: string,
    by: string,
  ): Promise<void> {
    await this.#write("person", by, { event: `${what}_${event}`, person: pseudonym });
  }

  async signedIn(pseudonym: string, sessionId: string, method: Method): Promise<void> {
    await this.#write("sign_in", pseudonym, { event: "begun", person: pseudonym, sessionId, method });
  }

  /** @param sessionId null: all of the person's sessions. @param by who ended it */
  async signedOut(pseudonym: string, sessionId: string | null, by: string): Promise<void> {
    await this.#write("sign_in", by, { event: "ended", person: pseudonym, sessionId });
  }

  /** Somebody whose role is to see alerts sees none any more. */
  async lapsed(pseudonym: string, lapse: Lapse): Promise<void> {
    await this.#write("operator_lapsed", "engine", { person: pseudonym, lapse });
  }

  async #write(type: JournalEntry["type"], actor: string, payload: JournalEntry["payload"]): Promise<void> {
    await this.#sink.append({ type, actor, payload });
  }
}
