import type { Generated } from "kysely";

/**
 * The tables, as the code names them; columns are written in snake_case by a plugin. Instants are milliseconds since
 * 1970 UTC in whole numbers, and there is no truth value: SQLite and PostgreSQL agree on what is left. Of the people
 * who are filmed there is nothing here, and no column could take it: test/security/absence.test.ts.
 */
export interface Tables {
  readonly person: PersonTable;
  readonly personName: PersonNameTable;
  readonly personGrant: PersonGrantTable;
  readonly password: PasswordTable;
  readonly totp: TotpTable;
  readonly session: SessionTable;
  readonly link: LinkTable;
}

/** Who works with a site, under a pseudonym. The row stays when the person leaves: the journal speaks of it. */
export interface PersonTable {
  id: string;
  /** What the journal calls the person: never used again for another one. */
  pseudonym: string;
  /** Grows by one with each change: two administrators do not overwrite each other. */
  version: Generated<number>;
  addedAt: number;
  endedAt: number | null;
  /** The act that designates, such as the number of an order; null where there is none. */
  designationAct: string | null;
  designatedFrom: number | null;
  designatedUntil: number | null;
  /** What the training was; null where there was none. */
  training: string | null;
  trainedOn: number | null;
  trainingUntil: number | null;
  /** What the journal already has of a designation or training that lapsed; null where nothing. */
  lapseNoted: string | null;
}

/** The one table that says who a pseudonym is. Its row is deleted when the person leaves. */
export interface PersonNameTable {
  personId: string;
  /** What is typed to sign in, in small letters. */
  login: string;
  name: string;
}

/** What somebody may do, or may not. A deny goes before every permit. */
export interface PersonGrantTable {
  id: string;
  personId: string;
  role: string;
  /** Null: the whole site. */
  cameraId: string | null;
  effect: string;
}

export interface PasswordTable {
  personId: string;
  /** PHC string of argon2id, keyed with the accounts' key. */
  hash: string;
  setAt: number;
}

export interface TotpTable {
  personId: string;
  /** The shared secret, sealed under the accounts' key. */
  sealed: string;
  setAt: number;
  /** Null until a first code was right: until then it is not asked for. */
  confirmedAt: number | null;
  /** The last time step that was used: a code counts once. */
  lastStep: number | null;
}

export interface SessionTable {
  id: string;
  /** HMAC-SHA256 of the cookie's token: whoever reads the store has no session. */
  tokenHash: string;
  personId: string;
  /** `second_factor` until it was given, then `open`. */
  stage: string;
  /** How the person proved who they are. */
  method: string;
  begunAt: number;
  seenAt: number;
  endsAt: number;
}

/** What opens one door once: the first start, an invitation, a forgotten password. */
export interface LinkTable {
  id: string;
  tokenHash: string;
  purpose: string;
  /** Null for the first start, which makes the person. */
  personId: string | null;
  madeAt: number;
  expiresAt: number;
}
