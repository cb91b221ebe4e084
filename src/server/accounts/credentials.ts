import { fault } from "../../errors.ts";
import { newSecret, secretUri } from "./one-time-codes.ts";
import { refuseWeak } from "./passwords.ts";
import { known, type SignedIn, type SignIn, type SignInOptions, setPassword } from "./sign-in.ts";

/** A new authenticator's secret, shown once. */
export interface NewCodes {
  /** Base32, for typing. */
  readonly secret: string;
  /** otpauth://, for a picture that the authenticator reads. */
  readonly uri: string;
}

export interface CredentialsOptions extends SignInOptions {
  readonly signIn: SignIn;
  /** What an authenticator shows as where the account is. */
  readonly issuer: string;
}

/** How somebody changes their own proofs. Each change takes the password once more: a screen may stand unattended. */
export class Credentials {
  readonly #options: CredentialsOptions;

  constructor(options: CredentialsOptions) {
    this.#options = options;
  }

  /**
   * Changes the password; every other session of the person ends.
   * @throws PASSWORD_WRONG, PASSWORD_WEAK, SIGN_IN_THROTTLED, SIGN_IN_BUSY
   */
  async changePassword({ person, session }: SignedIn, current: string, next: string): Promise<void> {
    const { store, passwords, sessions, trace, clock } = this.#options;
    await this.#again(person.id, current);
    refuseWeak(next, known(person));
    const hash = await passwords.hash(next);
    await store.write(async (writing) => {
      await setPassword(writing, person.id, hash, clock.now());
      await sessions.endAll(writing, person.id, session.id);
      await trace.proof("password", "set", person.pseudonym, person.pseudonym);
    });
  }

  /**
   * Makes a secret, which counts once its first code was given.
   * @throws PASSWORD_WRONG, CODES_THERE, SIGN_IN_THROTTLED, SIGN_IN_BUSY
   */
  async beginCodes({ person }: SignedIn, password: string): Promise<NewCodes> {
    const { store, key, clock, issuer } = this.#options;
    await this.#again(person.id, password);
    const secret = newSecret();
    await store.write(async (writing) => {
      const there = await writing
        .selectFrom("totp")
        .select("confirmedAt")
        .where("personId", "=", person.id)
        .executeTakeFirst();
      if (there !== undefined && there.confirmedAt !== null) throw fault("CODES_THERE", {});
      await writing.deleteFrom("totp").where("personId", "=", person.id).execute();
      await writing
        .insertInto("totp")
        .values({
          ...{ personId: person.id, sealed: key.seal(secret, person.id), setAt: clock.now() },
          ...{ confirmedAt: null, lastStep: null },
        })
        .execute();
    });
    // The pseudonym and not the name: telephones copy what they show to other machines.
    return { secret, uri: secretUri(secret, issuer, person.pseudonym) };
  }

  /** The first code: from now on one is asked for. @throws CODES_NOT_BEGUN, SECOND_FACTOR_REFUSED */
  async confirmCodes({ person, session }: SignedIn, code: string): Promise<void> {
    const { store, signIn, sessions, trace, clock } = this.#options;
    await store.write(async (writing) => {
      const { numUpdatedRows } = await writing
        .updateTable("totp")
        .set({ confirmedAt: clock.now() })
        .where("personId", "=", person.id)
        .where("confirmedAt", "is", null)
        .executeTakeFirst();
      if (numUpdatedRows !== 1n) throw fault("CODES_NOT_BEGUN", {});
      if (!(await signIn.useCode(writing, person.id, code))) throw fault("SECOND_FACTOR_REFUSED", {});
      await sessions.endAll(writing, person.id, session.id);
      await trace.proof("codes", "set", person.pseudonym, person.pseudonym);
    });
  }

  /** @throws PASSWORD_WRONG, CODES_NOT_BEGUN, SIGN_IN_THROTTLED, SIGN_IN_BUSY */
  async removeCodes({ person }: SignedIn, password: string): Promise<void> {
    const { store, trace } = this.#options;
    await this.#again(person.id, password);
    await store.write(async (writing) => {
      const { numDeletedRows } = await writing
        .deleteFrom("totp")
        .where("personId", "=", person.id)
        .executeTakeFirst();
      if (numDeletedRows !== 1n) throw fault("CODES_NOT_BEGUN", {});
      await trace.proof("codes", "removed", person.pseudonym, person.pseudonym);
    });
  }

  async #again(personId: string, password: string): Promise<void> {
    if (!(await this.#options.signIn.isPassword(personId, password))) throw fault("PASSWORD_WRONG", {});
  }
}
