import { randomUUID } from "node:crypto";
import { fault } from "../../errors.ts";
import type { Database, Store, Writing } from "../../store/store.ts";
import type { Clock } from "../../time/clock.ts";
import { type Link, Links } from "./links.ts";
import { stepOf } from "./one-time-codes.ts";
import type { Passwords } from "./passwords.ts";
import { refuseWeak } from "./passwords.ts";
import { addPerson, findPerson, firstAdministrator, isFirstStart, readPerson } from "./people.ts";
import type { FirstPerson, Person } from "./person.ts";
import type { AccountsKey } from "./secrets.ts";
import type { Begun, Method, Session, Sessions } from "./sessions.ts";
import { type Attempt, type Counted, type Pace, Throttle } from "./throttle.ts";
import type { AccountsTrace } from "./trace.ts";

/** Somebody who has proved who they are, or half of it. */
export interface SignedIn {
  readonly person: Person;
  readonly session: Session;
}

/** What a browser is given then. */
export interface Welcome extends SignedIn, Begun {
  /** Says at the next attempt that somebody signed in from here before. */
  readonly deviceMark: string;
}

export interface Attempted {
  readonly login: string;
  readonly password: string;
  /** Where it comes from, as far as that can be known. */
  readonly address: string;
  /** What an earlier `Welcome` gave; null where there is none. */
  readonly deviceMark: string | null;
}

export interface SignInOptions {
  readonly store: Store;
  readonly key: AccountsKey;
  readonly clock: Clock;
  readonly passwords: Passwords;
  readonly sessions: Sessions;
  readonly trace: AccountsTrace;
}

const MINUTE = 60;
/**
 * Attempts of browsers in which this login never signed in. Who floods a login from an address slows that address;
 * from many addresses, every browser that nobody of the site has used: those that they have go on (after OWASP,
 * "Slow down online guessing attacks with device cookies").
 */
const STRANGERS = {
  pair: { free: 5, first: 1, longest: 15 * MINUTE },
  address: { free: 30, first: 1, longest: 15 * MINUTE },
  login: { free: 100, first: MINUTE, longest: 15 * MINUTE },
} as const satisfies Record<string, Pace>;
/** A browser that is known, which may have been stolen. */
const KNOWN: Pace = { free: 10, first: 1, longest: 15 * MINUTE };
/** One in 10^6 codes fits, three at a time: 15 minutes for each after the fifth keep a guess a matter of years. */
const CODES: Pace = { free: 5, first: 30, longest: 15 * MINUTE };

/** How persons begin and end sessions. */
export class SignIn {
  readonly #options: SignInOptions;
  readonly #links: Links;
  readonly #throttle: Throttle;

  constructor(options: SignInOptions) {
    this.#options = options;
    this.#links = new Links(options);
    this.#throttle = new Throttle(options.clock);
  }

  /** The link with which the first person of a site makes their account; null where somebody has one. */
  async firstLink(): Promise<Link | null> {
    return this.#options.store.write(async (writing) =>
      (await isFirstStart(writing)) ? this.#links.make(writing, "first_start", null) : null,
    );
  }

  /** What a link is for, and of whom; nothing is used up. @throws LINK_UNUSABLE */
  async readLink(token: string): Promise<{ purpose: Link["purpose"]; login: string | null }> {
    const { database } = this.#options.store;
    const { purpose, personId } = await this.#links.read(database, token);
    const person = personId === null ? null : await findPerson(database, personId);
    return { purpose, login: person?.login ?? null };
  }

  /** Makes the first administrator. @throws LINK_UNUSABLE, PASSWORD_WEAK, SIGN_IN_BUSY, PSEUDONYM_TAKEN */
  async claim(token: string, first: FirstPerson, password: string): Promise<Welcome> {
    const { store, passwords, trace, clock } = this.#options;
    // Before anything costs: whoever has no link has nothing hashed.
    await this.#links.read(store.database, token);
    refuseWeak(password, [first.login, first.name, first.pseudonym]);
    const hash = await passwords.hash(password);
    return store.write(async (writing) => {
      await this.#links.spend(writing, token, "first_start");
      if (!(await isFirstStart(writing))) throw fault("LINK_UNUSABLE", {});
      const person = await addPerson(writing, firstAdministrator(first), clock.now());
      await setPassword(writing, person.id, hash, clock.now());
      await trace.person("added", person, person.pseudonym);
      return this.#welcome(writing, person.id, "link");
    });
  }

  /**
   * Sets the password of the person that a link is for; what was signed in with another one ends.
   * @throws LINK_UNUSABLE, PASSWORD_WEAK, SIGN_IN_BUSY
   */
  async accept(token: string, password: string): Promise<Welcome> {
    const { store, passwords, sessions, trace, clock } = this.#options;
    const { personId } = await this.#links.read(store.database, token);
    const person = personId === null ? null : await findPerson(store.database, personId);
    if (person === null) throw fault("LINK_UNUSABLE", {});
    refuseWeak(password, known(person));
    const hash = await passwords.hash(password);
    return store.write(async (writing) => {
      await this.#links.spend(writing, token, "invitation");
      await setPassword(writing, person.id, hash, clock.now());
      await sessions.endAll(writing, person.id);
      await trace.proof("password", "set", person.pseudonym, person.pseudonym);
      return this.#welcome(writing, person.id, "link");
    });
  }

  /**
   * Begins a session, which is open where no second factor is asked for. Who nobody is, whose password is wrong and
   * who has left are told the same, after the same time.
   * @throws SIGN_IN_REFUSED, SIGN_IN_THROTTLED, SIGN_IN_BUSY
   */
  async signIn({ login, password, address, deviceMark }: Attempted): Promise<Welcome> {
    const { store, key } = this.#options;
    const device = deviceMark === null ? null : key.readDeviceMark(deviceMark, login);
    const attempt = this.#throttle.begin(
      device === null
        ? strangers(login, address)
        : [{ key: `device ${device}`, pace: KNOWN, forgiven: true }],
    );
    const found = await store.database
      .selectFrom("personName")
      .innerJoin("password", "password.personId", "personName.personId")
      .select(["password.personId", "password.hash"])
      .where("personName.login", "=", login)
      .executeTakeFirst();
    const fits = await this.#verify(found?.hash ?? null, password, attempt);
    if (found === undefined || !fits) throw fault("SIGN_IN_REFUSED", {});
    attempt.right();
    return store.write((writing) => this.#welcome(writing, found.personId, "password"));
  }

  /**
   * The second factor: another session, open, takes the place of the one that waited for it.
   * @throws SECOND_FACTOR_REFUSED, SIGN_IN_THROTTLED
   */
  async giveCode({ person, session }: SignedIn, code: string): Promise<Welcome> {
    const { store, sessions } = this.#options;
    const attempt = this.#throttle.begin([{ key: `codes ${person.id}`, pace: CODES, forgiven: true }]);
    return store.write(async (writing) => {
      if (!(await this.useCode(writing, person.id, code))) throw fault("SECOND_FACTOR_REFUSED", {});
      attempt.right();
      await sessions.end(writing, person.id, session.id);
      const method = session.method === "link" ? "link" : "password_and_code";
      return this.#open(writing, await readPerson(writing, person.id), method);
    });
  }

  /** Whether a code is right; it is used up then. */
  async useCode(writing: Writing, personId: string, code: string): Promise<boolean> {
    const { key, clock } = this.#options;
    const row = await writing
      .selectFrom("totp")
      .selectAll()
      .where("personId", "=", personId)
      .executeTakeFirst();
    if (row === undefined) return false;
    const step = stepOf(key.unseal(row.sealed, personId), code, clock.now(), row.lastStep);
    if (step === null) return false;
    await writing.updateTable("totp").set({ lastStep: step }).where("personId", "=", personId).execute();
    return true;
  }

  /** Whether it is somebody's password: for what takes it once more. @throws SIGN_IN_THROTTLED, SIGN_IN_BUSY */
  async isPassword(personId: string, password: string): Promise<boolean> {
    const attempt = this.#throttle.begin([{ key: `again ${personId}`, pace: KNOWN, forgiven: true }]);
    const row = await this.#options.store.database
      .selectFrom("password")
      .select("hash")
      .where("personId", "=", personId)
      .executeTakeFirst();
    const fits = await this.#verify(row?.hash ?? null, password, attempt);
    if (fits) attempt.right();
    return fits;
  }

  /** Who a cookie's token belongs to; null where it is nobody's any more. */
  async find(token: string): Promise<SignedIn | null> {
    const { sessions, store } = this.#options;
    const session = await sessions.find(store.database, token);
    const person = session === null ? null : await findPerson(store.database, session.personId);
    return session === null || person === null || person.endedAt !== null ? null : { session, person };
  }

  /** A link with which somebody sets their password; an earlier one is void. */
  invite(writing: Writing, personId: string): Promise<Link> {
    return this.#links.make(writing, "invitation", personId);
  }

  async #verify(stored: string | null, password: string, attempt: Attempt): Promise<boolean> {
    try {
      return await this.#options.passwords.verify(stored, password);
    } catch (error) {
      attempt.unjudged();
      throw error;
    }
  }

  async #welcome(writing: Writing, personId: string, method: Method): Promise<Welcome> {
    const { sessions } = this.#options;
    const person = await readPerson(writing, personId);
    if (!person.hasCodes) return this.#open(writing, person, method);
    const begun = await sessions.begin(writing, person.id, "second_factor", method);
    return { ...begun, person, deviceMark: this.#mark(person) };
  }

  async #open(writing: Writing, person: Person, method: Method): Promise<Welcome> {
    const { sessions, trace } = this.#options;
    const begun = await sessions.begin(writing, person.id, "open", method);
    await trace.signedIn(person.pseudonym, begun.session.id, method);
    return { ...begun, person, deviceMark: this.#mark(person) };
  }

  #mark({ login }: Person): string {
    return this.#options.key.deviceMark(randomUUID(), login ?? "");
  }
}

/** What others know of somebody: no part of a password. */
export function known({ login, name, pseudonym }: Person): readonly string[] {
  return [login, name, pseudonym].filter((word) => word !== null);
}

export async function setPassword(
  database: Database,
  personId: string,
  hash: string,
  setAt: number,
): Promise<void> {
  await database.deleteFrom("password").where("personId", "=", personId).execute();
  await database.insertInto("password").values({ personId, hash, setAt }).execute();
}

function strangers(login: string, address: string): readonly Counted[] {
  return [
    { key: `pair ${login} ${address}`, pace: STRANGERS.pair, forgiven: true },
    { key: `address ${address}`, pace: STRANGERS.address, forgiven: false },
    { key: `login ${login}`, pace: STRANGERS.login, forgiven: false },
  ];
}
