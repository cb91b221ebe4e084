import { randomUUID } from "node:crypto";
import { fault } from "../../errors.ts";
import type { Database } from "../../store/store.ts";
import type { Clock, Seconds, UtcMilliseconds } from "../../time/clock.ts";
import { type AccountsKey, newToken } from "./secrets.ts";

/** What a link opens: the first account of a site, or the setting of a person's password. */
export type Purpose = "first_start" | "invitation";

const VALID_FOR: Readonly<Record<Purpose, Seconds>> = {
  // Somebody has just started it, and looks at what it printed.
  first_start: 3600,
  // Handed over by an administrator, by a way of their own.
  invitation: 72 * 3600,
};

export interface Link {
  readonly token: string;
  readonly purpose: Purpose;
  readonly expiresAt: UtcMilliseconds;
}

export interface OpenLink {
  readonly id: string;
  readonly purpose: Purpose;
  readonly personId: string | null;
}

/** Links that work once. There is no default password, and nobody chooses one for somebody else. */
export class Links {
  readonly #key: AccountsKey;
  readonly #clock: Clock;

  constructor({ key, clock }: { readonly key: AccountsKey; readonly clock: Clock }) {
    this.#key = key;
    this.#clock = clock;
  }

  /** Makes a link; an earlier one for the same is void. @param personId null for the first start */
  async make(database: Database, purpose: Purpose, personId: string | null): Promise<Link> {
    const now = this.#clock.now();
    const token = newToken();
    const expiresAt = now + 1000 * VALID_FOR[purpose];
    await database
      .deleteFrom("link")
      .where((either) =>
        either.or([
          either("expiresAt", "<=", now),
          personId === null ? either("personId", "is", null) : either("personId", "=", personId),
        ]),
      )
      .execute();
    await database
      .insertInto("link")
      .values({
        ...{ id: randomUUID(), tokenHash: this.#key.tokenHash(token), purpose, personId },
        ...{ madeAt: now, expiresAt },
      })
      .execute();
    return { token, purpose, expiresAt };
  }

  /**
   * What a link opens. It stays until `spend`: who only looks at the page has not used it.
   * @throws LINK_UNUSABLE for one that was used, is over or never was: nobody is told which
   */
  async read(database: Database, token: string): Promise<OpenLink> {
    const found = await database
      .selectFrom("link")
      .selectAll()
      .where("tokenHash", "=", this.#key.tokenHash(token))
      .executeTakeFirst();
    if (found === undefined || this.#clock.now() >= found.expiresAt) throw fault("LINK_UNUSABLE", {});
    const purpose = found.purpose === "first_start" ? "first_start" : "invitation";
    return { id: found.id, purpose, personId: found.personId };
  }

  /** Uses it up, in the same transaction as what it was for. @throws LINK_UNUSABLE */
  async spend(database: Database, token: string, purpose: Purpose): Promise<OpenLink> {
    const link = await this.read(database, token);
    if (link.purpose !== purpose) throw fault("LINK_UNUSABLE", {});
    const { numDeletedRows } = await database.deleteFrom("link").where("id", "=", link.id).executeTakeFirst();
    if (numDeletedRows !== 1n) throw fault("LINK_UNUSABLE", {});
    return link;
  }
}
