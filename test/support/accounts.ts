import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Secret, TOTP } from "otpauth";
import type { EntrySink, JournalEntry } from "../../src/journal/leaf.ts";
import { Accounts } from "../../src/server/accounts/accounts.ts";
import type { NewPerson, Person } from "../../src/server/accounts/person.ts";
import type { Role } from "../../src/server/accounts/roles.ts";
import type { Welcome } from "../../src/server/accounts/sign-in.ts";
import { HandClock } from "./hand-clock.ts";

/** So that a test hashes in a millisecond what takes a site a tenth of a second. */
export const CHEAP = { memoryCost: 8, timeCost: 1, parallelism: 1 };
export const PASSWORD = "quatre chevaux lents au pré";
export const ADDRESS = "192.0.2.7";

/** Accounts of a new site, with the first administrator signed in. */
export interface AccountsOfTest {
  readonly accounts: Accounts;
  readonly clock: HandClock;
  readonly state: string;
  readonly journal: EntrySink;
  /** All that the journal was given. */
  readonly leaves: JournalEntry[];
  readonly administrator: Welcome;
  /** Makes somebody who has accepted their invitation, with a role for the whole site. */
  join(role: Role | null, change?: Partial<NewPerson>): Promise<Welcome>;
  close(): Promise<void>;
}

/** Accounts of a site on which nobody has claimed the first link. */
export async function newAccounts() {
  const state = mkdtempSync(join(tmpdir(), "contrechamp-accounts-"));
  const clock = new HandClock(Date.UTC(2026, 10, 22, 8));
  const leaves: JournalEntry[] = [];
  const journal = {
    append: async (entry: JournalEntry) => {
      leaves.push(entry);
      return { seq: leaves.length - 1, at: "2026-11-22T08:00:00.000Z", leafHash: "0".repeat(64) };
    },
  };
  const accounts = await Accounts.open({ state, journal, clock, issuer: "Test", cost: CHEAP });
  const close = async () => {
    await accounts.close();
    rmSync(state, { recursive: true, force: true });
  };
  return { accounts, clock, state, leaves, journal, close };
}

export async function accountsOfTest(): Promise<AccountsOfTest> {
  const site = await newAccounts();
  const { accounts, clock } = site;
  const link = await accounts.signIn.firstLink();
  const first = { login: "root.admin", name: "Root Admin", pseudonym: "adm-01" };
  const administrator = await accounts.signIn.claim(link?.token ?? "", first, PASSWORD);
  let made = 0;
  const joined = async (role: Role | null, change: Partial<NewPerson> = {}) => {
    made += 1;
    const { link } = await accounts.add(administrator.person, {
      ...{ login: `login${made}`, name: `Name ${made}`, pseudonym: `op-${made}` },
      grants: role === null ? [] : [{ role, cameraId: null, effect: "permit" }],
      designation: { act: "AR-1", from: clock.now() - 1000, until: clock.now() + 30 * 86_400_000 },
      training: { syllabus: "S1", on: clock.now() - 1000, until: clock.now() + 30 * 86_400_000 },
      ...change,
    });
    return accounts.signIn.accept(link.token, PASSWORD);
  };
  return { ...site, administrator, join: joined };
}

/** What somebody's authenticator shows at a time. */
export function codeAt(secret: string, timestamp: number): string {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp });
}

/** Attempts to sign in, by default as a browser that nobody knows. */
export function attempt(
  person: Person,
  password: string,
  deviceMark: string | null = null,
  address = ADDRESS,
) {
  return { login: person.login ?? "", password, address, deviceMark };
}
