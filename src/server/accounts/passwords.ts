import { hash, verify } from "@node-rs/argon2";
import { fault } from "../../errors.ts";
import { newToken } from "./secrets.ts";

/** What a guess costs. */
export interface PasswordCost {
  /** KiB. */
  readonly memoryCost: number;
  /** Passes. */
  readonly timeCost: number;
  /** Lanes. */
  readonly parallelism: number;
}

/** The second recommended option of RFC 9106, section 4: where 2 GiB for each guess are not there. */
export const PASSWORD_COST: PasswordCost = { memoryCost: 64 * 1024, timeCost: 3, parallelism: 4 };

/** NIST SP 800-63B-4, 3.1.1.2: 15 where it may be the only factor. */
export const LEAST_PASSWORD = 15;
/** So that nobody has a megabyte hashed; every sentence that a person types is shorter. */
export const LONGEST_PASSWORD = 256;
/** A password that repeats fewer different characters than this is no secret. */
const LEAST_DIFFERENT = 5;
/** Hashing at once; each takes the memory of `PasswordCost`. */
const AT_ONCE = 2;
/** Waiting for their turn. Whoever comes then is told to come again. */
const WAITING = 16;

/**
 * argon2id, keyed. At most two are computed at once: whoever sends passwords by the thousand takes neither the
 * machine's memory nor its cores from the cameras.
 */
export class Passwords {
  readonly #pepper: Uint8Array;
  readonly #cost: PasswordCost;
  readonly #turns = new Turns(AT_ONCE, WAITING);
  /** Compared with where nobody has that login: it takes as long, and never fits. */
  #nobody: Promise<string> | null = null;

  constructor(pepper: Uint8Array, cost: PasswordCost = PASSWORD_COST) {
    this.#pepper = pepper;
    this.#cost = cost;
  }

  /** @throws SIGN_IN_BUSY */
  hash(password: string): Promise<string> {
    return this.#turns.take(() => hash(typed(password), { ...this.#cost, secret: this.#pepper }));
  }

  /**
   * @param stored null where there is nothing to compare with: that takes as long, and is false
   * @throws SIGN_IN_BUSY
   */
  async verify(stored: string | null, password: string): Promise<boolean> {
    this.#nobody ??= this.hash(newToken());
    const compared = stored ?? (await this.#nobody);
    const fits = await this.#turns.take(() => verify(compared, typed(password), { secret: this.#pepper }));
    return fits && stored !== null;
  }
}

/**
 * What nobody may take as a password. No kinds of characters are asked for: length is what counts (NIST SP 800-63B-4).
 * @param known what others know of the person: no password contains it
 * @throws PASSWORD_WEAK
 */
export function refuseWeak(password: string, known: readonly string[]): void {
  const characters = [...typed(password)];
  if (characters.length < LEAST_PASSWORD || characters.length > LONGEST_PASSWORD)
    throw fault("PASSWORD_WEAK", {
      why: `it has not between ${LEAST_PASSWORD} and ${LONGEST_PASSWORD} characters`,
    });
  if (new Set(characters).size < LEAST_DIFFERENT)
    throw fault("PASSWORD_WEAK", { why: `it has fewer than ${LEAST_DIFFERENT} different characters` });
  const small = typed(password).toLowerCase();
  if (known.some((word) => word.length > 2 && small.includes(word.toLowerCase())))
    throw fault("PASSWORD_WEAK", { why: "it contains a name that others know" });
}

/** An accent typed on another keyboard may come in another form. */
function typed(password: string): string {
  return password.normalize("NFC");
}

/** Lets so many run at once, and so many wait. */
class Turns {
  readonly #atOnce: number;
  readonly #longest: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(atOnce: number, longest: number) {
    this.#atOnce = atOnce;
    this.#longest = longest;
  }

  async take<T>(action: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#atOnce) {
      if (this.#waiting.length >= this.#longest) throw fault("SIGN_IN_BUSY", {});
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else this.#running += 1;
    try {
      return await action();
    } finally {
      // The place goes to the next one, or is free.
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}
