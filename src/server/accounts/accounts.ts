import { join } from "node:path";
import { fault } from "../../errors.ts";
import type { EntrySink } from "../../journal/leaf.ts";
import { openStore, type Store } from "../../store/store.ts";
import type { Clock } from "../../time/clock.ts";
import { Credentials } from "./credentials.ts";
import { type Lapse, lapseOf } from "./designation.ts";
import type { Link } from "./links.ts";
import { type PasswordCost, Passwords } from "./passwords.ts";
import {
  addPerson,
  changePerson,
  endPerson,
  isFirstStart,
  listPeople,
  type PeoplePage,
  readPerson,
} from "./people.ts";
import type { NewPerson, Person, PersonChange } from "./person.ts";
import { DESIGNATED, rolesOf } from "./roles.ts";
import { type AccountsKey, openAccountsKey } from "./secrets.ts";
import { type Session, Sessions } from "./sessions.ts";
import { SignIn } from "./sign-in.ts";
import { AccountsTrace } from "./trace.ts";

export interface AccountsOptions {
  /** The site's state folder. */
  readonly state: string;
  readonly journal: EntrySink;
  readonly clock: Clock;
  /** Name of the site, which authenticators show. */
  readonly issuer: string;
  readonly cost?: PasswordCost;
}

interface Parts {
  readonly key: AccountsKey;
  readonly store: Store;
  readonly clock: Clock;
  readonly sessions: Sessions;
  readonly trace: AccountsTrace;
  readonly signIn: SignIn;
  readonly credentials: Credentials;
}

/**
 * The people who work with a site. Each change is in the journal before it counts: where the journal cannot be
 * written, nothing changes.
 */
export class Accounts {
  readonly signIn: SignIn;
  readonly credentials: Credentials;
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
    this.signIn = parts.signIn;
    this.credentials = parts.credentials;
  }

  /** @throws what `openStore` and `openAccountsKey` throw */
  static async open({ state, journal, clock, issuer, cost }: AccountsOptions): Promise<Accounts> {
    const store = await openStore(state);
    try {
      const key = await openAccountsKey(
        join(state, "accounts", "accounts.key"),
        await isFirstStart(store.database),
      );
      const sessions = new Sessions({ key, clock });
      const trace = new AccountsTrace(journal);
      const shared = { store, key, clock, sessions, trace, passwords: new Passwords(key.pepper, cost) };
      const signIn = new SignIn(shared);
      const credentials = new Credentials({ ...shared, signIn, issuer });
      return new Accounts({ store, key, clock, sessions, trace, signIn, credentials });
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  /** What a page of that session sends back with each change. */
  requestToken(sessionId: string): string {
    return this.#parts.key.requestToken(sessionId);
  }

  close(): Promise<void> {
    return this.#parts.store.close();
  }

  list(page: PeoplePage): Promise<readonly Person[]> {
    return listPeople(this.#parts.store.database, page);
  }

  /** @throws PERSON_UNKNOWN */
  read(id: string): Promise<Person> {
    return readPerson(this.#parts.store.database, id);
  }

  /**
   * @param by who adds the person
   * @returns with the link with which the person sets a password
   * @throws LOGIN_TAKEN, PSEUDONYM_TAKEN, ROLES_EXCLUDE
   */
  add(by: Person, person: NewPerson): Promise<{ readonly person: Person; readonly link: Link }> {
    const { store, trace, clock, signIn } = this.#parts;
    return store.write(async (writing) => {
      const added = await addPerson(writing, person, clock.now());
      const link = await signIn.invite(writing, added.id);
      await trace.person("added", added, by.pseudonym);
      return { person: added, link };
    });
  }

  /** @throws PERSON_UNKNOWN, PERSON_CHANGED, PERSON_LEFT, ROLES_EXCLUDE, LAST_ADMINISTRATOR */
  change(by: Person, id: string, version: number, change: PersonChange): Promise<Person> {
    const { store, trace } = this.#parts;
    return store.write(async (writing) => {
      const person = await changePerson(writing, id, version, change);
      await trace.person("changed", person, by.pseudonym);
      return person;
    });
  }

  /** @throws PERSON_UNKNOWN, PERSON_CHANGED, PERSON_LEFT, LAST_ADMINISTRATOR */
  end(by: Person, id: string, version: number): Promise<Person> {
    const { store, trace, clock } = this.#parts;
    return store.write(async (writing) => {
      const person = await endPerson(writing, id, version, clock.now());
      await trace.person("left", person, by.pseudonym);
      return person;
    });
  }

  /**
   * A new link for somebody who forgot their password. What is signed in stays so until the link is used.
   * @param removeCodes for somebody whose authenticator is lost too
   * @throws PERSON_UNKNOWN, PERSON_LEFT
   */
  invite(by: Person, id: string, removeCodes: boolean): Promise<Link> {
    const { store, trace, signIn } = this.#parts;
    return store.write(async (writing) => {
      const person = await readPerson(writing, id);
      if (person.endedAt !== null) throw fault("PERSON_LEFT", { id });
      const link = await signIn.invite(writing, id);
      if (removeCodes && person.hasCodes) {
        await writing.deleteFrom("totp").where("personId", "=", id).execute();
        await trace.proof("codes", "removed", person.pseudonym, by.pseudonym);
      }
      await trace.person("invited", person, by.pseudonym);
      return link;
    });
  }

  /** The open sessions of a person, the newest first. */
  sessions(personId: string): Promise<readonly Session[]> {
    return this.#parts.sessions.list(this.#parts.store.database, personId);
  }

  /** @param by pseudonym of who ends it. @returns whether the person had it */
  endSession(by: string, person: Person, sessionId: string): Promise<boolean> {
    const { store, sessions, trace } = this.#parts;
    return store.write(async (writing) => {
      const ended = await sessions.end(writing, person.id, sessionId);
      if (ended) await trace.signedOut(person.pseudonym, sessionId, by);
      return ended;
    });
  }

  /** @param by pseudonym of who ends them. @param but a session that stays. @returns how many ended */
  endSessions(by: string, person: Person, but: string | null): Promise<number> {
    const { store, sessions, trace } = this.#parts;
    return store.write(async (writing) => {
      const ended = await sessions.endAll(writing, person.id, but);
      if (ended > 0) await trace.signedOut(person.pseudonym, null, by);
      return ended;
    });
  }

  /** What keeps somebody from alerts now, whatever their role; written down once. Null where nothing does. */
  async lapse(person: Person): Promise<Lapse | null> {
    const { store, trace, clock } = this.#parts;
    const lapse = lapseOf(person, clock.now());
    const matters = person.endedAt === null && rolesOf(person.grants).some((role) => DESIGNATED.has(role));
    if (lapse === null || !matters) return lapse;
    await store.write(async (writing) => {
      const { numUpdatedRows } = await writing
        .updateTable("person")
        .set({ lapseNoted: lapse })
        .where("id", "=", person.id)
        .where((noted) => noted.or([noted("lapseNoted", "is", null), noted("lapseNoted", "!=", lapse)]))
        .executeTakeFirst();
      if (numUpdatedRows === 1n) await trace.lapsed(person.pseudonym, lapse);
    });
    return lapse;
  }
}
