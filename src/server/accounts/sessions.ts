import { randomUUID } from "node:crypto";
import type { Database } from "../../store/store.ts";
import type { Clock, Seconds, UtcMilliseconds } from "../../time/clock.ts";
import { type AccountsKey, newToken } from "./secrets.ts";

/** How somebody proved who they are. */
export const METHODS = ["link", "password", "password_and_code"] as const;
export type Method = (typeof METHODS)[number];
/** `second_factor`: the password was right, and the code is still asked for. It opens nothing else. */
export type Stage = "second_factor" | "open";

/** Unused for so long, a session ends: a shift's screen that is looked at stays signed in. */
export const IDLE: Seconds = 3600;
/** However much it is used: longer than a shift, shorter than a day. */
export const LONGEST: Seconds = 12 * 3600;
/** How long somebody has for the second factor. */
export const SECOND_FACTOR_WITHIN: Seconds = 300;
/** That a session is in use is written this often, and not with each request. */
const SEEN_EVERY: Seconds = 60;
/** Of one person. The oldest ends when another one begins. */
export const MOST_SESSIONS = 10;

export interface Session {
  readonly id: string;
  readonly personId: string;
  readonly stage: Stage;
  readonly method: Method;
  readonly begunAt: UtcMilliseconds;
  readonly seenAt: UtcMilliseconds;
  readonly endsAt: UtcMilliseconds;
}

/** A session, and what its cookie holds: known to nobody once it is handed out. */
export interface Begun {
  readonly session: Session;
  readonly token: string;
}

export interface SessionOptions {
  readonly key: AccountsKey;
  readonly clock: Clock;
}

/** Sessions under opaque random tokens: no signed text that stays valid when somebody is sent away. */
export class Sessions {
  readonly #key: AccountsKey;
  readonly #clock: Clock;

  constructor({ key, clock }: SessionOptions) {
    this.#key = key;
    this.#clock = clock;
  }

  async begin(database: Database, personId: string, stage: Stage, method: Method): Promise<Begun> {
    const now = this.#clock.now();
    const token = newToken();
    const longest = stage === "open" ? LONGEST : SECOND_FACTOR_WITHIN;
    const session: Session = {
      ...{ id: randomUUID(), personId, stage, method },
      ...{ begunAt: now, seenAt: now, endsAt: now + 1000 * longest },
    };
    await this.#tidy(database, personId);
    await database
      .insertInto("session")
      .values({ ...session, tokenHash: this.#key.tokenHash(token) })
      .execute();
    return { session, token };
  }

  /** The session of a cookie's token; null where there is none, or none any more. */
  async find(database: Database, token: string): Promise<Session | null> {
    const found = await database
      .selectFrom("session")
      .selectAll()
      .where("tokenHash", "=", this.#key.tokenHash(token))
      .executeTakeFirst();
    const now = this.#clock.now();
    if (found === undefined || isOver(found, now)) return null;
    if (now - found.seenAt >= 1000 * SEEN_EVERY)
      await database.updateTable("session").set({ seenAt: now }).where("id", "=", found.id).execute();
    return toSession(found);
  }

  /** The open sessions of a person, the newest first. */
  async list(database: Database, personId: string): Promise<readonly Session[]> {
    const found = await database
      .selectFrom("session")
      .selectAll()
      .where("personId", "=", personId)
      .where("stage", "=", "open")
      .orderBy("begunAt", "desc")
      .orderBy("id")
      .execute();
    const now = this.#clock.now();
    return found.filter((session) => !isOver(session, now)).map(toSession);
  }

  /** @returns whether the person had it */
  async end(database: Database, personId: string, id: string): Promise<boolean> {
    const { numDeletedRows } = await database
      .deleteFrom("session")
      .where("personId", "=", personId)
      .where("id", "=", id)
      .executeTakeFirst();
    return numDeletedRows > 0n;
  }

  /** @param but one that stays, such as the one that a password is changed from. @returns how many ended */
  async endAll(database: Database, personId: string, but: string | null = null): Promise<number> {
    const all = database.deleteFrom("session").where("personId", "=", personId);
    const query = but === null ? all : all.where("id", "!=", but);
    const { numDeletedRows } = await query.executeTakeFirst();
    return Number(numDeletedRows);
  }

  /** Deletes what is over, and the oldest of somebody who has too many. */
  async #tidy(database: Database, personId: string): Promise<void> {
    const now = this.#clock.now();
    await database
      .deleteFrom("session")
      .where((either) => either.or([either("endsAt", "<=", now), either("seenAt", "<=", now - 1000 * IDLE)]))
      .execute();
    const kept = await database
      .selectFrom("session")
      .select("id")
      .where("personId", "=", personId)
      .orderBy("begunAt", "desc")
      .execute();
    const over = kept.slice(MOST_SESSIONS - 1).map(({ id }) => id);
    if (over.length > 0) await database.deleteFrom("session").where("id", "in", over).execute();
  }
}

function isOver(
  session: { readonly seenAt: number; readonly endsAt: number },
  now: UtcMilliseconds,
): boolean {
  return now >= session.endsAt || now >= session.seenAt + 1000 * IDLE;
}

interface Row extends Omit<Session, "stage" | "method"> {
  readonly stage: string;
  readonly method: string;
}

/** What the store holds of another version is read as the least that it could be. */
function toSession({ id, personId, stage, method, begunAt, seenAt, endsAt }: Row): Session {
  return {
    ...{ id, personId, begunAt, seenAt, endsAt },
    stage: stage === "open" ? "open" : "second_factor",
    method: METHODS.find((known) => known === method) ?? "password",
  };
}
