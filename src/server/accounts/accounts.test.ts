import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type AccountsOfTest,
  accountsOfTest,
  attempt,
  CHEAP,
  codeAt,
  newAccounts,
  PASSWORD,
} from "../../../test/support/accounts.ts";
import { Accounts } from "./accounts.ts";
import type { Person } from "./person.ts";

let site: AccountsOfTest;
beforeAll(async () => {
  site = await accountsOfTest();
});
afterAll(() => site.close());

const code = (expected: string) => expect.objectContaining({ code: expected });
const refused = (promise: Promise<unknown>, expected: string) =>
  expect(promise).rejects.toEqual(code(expected));
const leavesOf = (person: Person) =>
  site.leaves.filter(
    ({ actor, payload }) => actor === person.pseudonym || payload["person"] === person.pseudonym,
  );

describe("the first start", () => {
  it("has a link, and nothing that anybody could know before", async () => {
    const { accounts, close } = await newAccounts();
    await refused(
      accounts.signIn.signIn({ login: "admin", password: "admin", address: "a", deviceMark: null }),
      "SIGN_IN_REFUSED",
    );
    const old = await accounts.signIn.firstLink();
    const link = await accounts.signIn.firstLink();
    const first = { login: "a", name: "A", pseudonym: "adm" };
    // Each start makes another one, and only the newest counts.
    await refused(accounts.signIn.claim(old?.token ?? "", first, PASSWORD), "LINK_UNUSABLE");
    await refused(accounts.signIn.claim(link?.token ?? "", first, "short"), "PASSWORD_WEAK");
    expect(await accounts.signIn.readLink(link?.token ?? "")).toEqual({
      purpose: "first_start",
      login: null,
    });
    const { person } = await accounts.signIn.claim(link?.token ?? "", first, PASSWORD);
    expect(person.grants).toEqual([{ role: "administrator", cameraId: null, effect: "permit" }]);
    await refused(
      accounts.signIn.claim(link?.token ?? "", { ...first, login: "b" }, PASSWORD),
      "LINK_UNUSABLE",
    );
    expect(await accounts.signIn.firstLink()).toBeNull();
    await close();
  });

  it("has a link that is over within the hour, and that two cannot use at once", async () => {
    const { accounts, clock, close } = await newAccounts();
    const late = await accounts.signIn.firstLink();
    clock.pass(3600);
    const first = { login: "a", name: "A", pseudonym: "adm" };
    await refused(accounts.signIn.claim(late?.token ?? "", first, PASSWORD), "LINK_UNUSABLE");
    const link = await accounts.signIn.firstLink();
    const both = ["x", "y"].map((pseudonym) =>
      accounts.signIn.claim(link?.token ?? "", { ...first, pseudonym, login: pseudonym }, PASSWORD),
    );
    const settled = await Promise.allSettled(both);
    expect(settled.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    await close();
  });
});

describe("signing in", () => {
  it("says the same of a login that nobody has, a wrong password and somebody who left", async () => {
    const { person } = await site.join("operator");
    const gone = (await site.join("operator")).person;
    await site.accounts.end(site.administrator.person, gone.id, gone.version);
    const texts = new Set<string>();
    for (const [login, password] of [
      ["nobody.at.all", PASSWORD],
      [person.login ?? "", "another password entirely"],
      [gone.login ?? "", PASSWORD],
    ] as const) {
      const failed = site.accounts.signIn.signIn({ login, password, address: login, deviceMark: null });
      texts.add(await failed.then(String, (error: Error) => error.message));
    }
    expect([...texts]).toEqual([expect.stringMatching(/^You are not signed in/)]);
  });

  it("begins a session that its token finds, and nothing in the store is that token or the password", async () => {
    const { person } = await site.join("operator");
    const { token, session } = await site.accounts.signIn.signIn(attempt(person, PASSWORD));
    expect(await site.accounts.signIn.find(token)).toMatchObject({
      session: { id: session.id, stage: "open" },
    });
    expect(await site.accounts.signIn.find(`${token}x`)).toBeNull();
    for (const name of ["store.sqlite", "store.sqlite-wal"]) {
      const bytes = readFileSync(join(site.state, "accounts", name), "latin1");
      expect(bytes.includes(token)).toBe(false);
      expect(bytes.includes(PASSWORD.slice(0, 14))).toBe(false);
    }
  });

  it("hashes with argon2id", async () => {
    const stored = readFileSync(join(site.state, "accounts", "store.sqlite-wal"), "latin1");
    expect(stored).toContain("$argon2id$v=19$m=8,t=1,p=1$");
  });

  it("ends after an hour without use, and after twelve whatever happens", async () => {
    const { person, token } = await site.join("operator");
    for (let i = 0; i < 12; i += 1) {
      site.clock.pass(3599);
      expect((await site.accounts.signIn.find(token)) !== null).toBe(true);
    }
    site.clock.pass(100);
    expect(await site.accounts.signIn.find(token)).toBeNull();
    const { token: unused } = await site.accounts.signIn.signIn(attempt(person, PASSWORD));
    site.clock.pass(3600);
    expect(await site.accounts.signIn.find(unused)).toBeNull();
    expect(await site.accounts.sessions(person.id)).toEqual([]);
  });

  it("lists a person's sessions, ends one or all, and leaves a trace of each", async () => {
    const first = await site.join("operator");
    const { person } = first;
    const second = await site.accounts.signIn.signIn(attempt(person, PASSWORD));
    expect((await site.accounts.sessions(person.id)).map(({ id }) => id).toSorted()).toEqual(
      [first.session.id, second.session.id].toSorted(),
    );
    const other = await site.join("operator");
    // A session is ended by its id only where the person has it.
    expect(await site.accounts.endSession("x", other.person, second.session.id)).toBe(false);
    expect(await site.accounts.endSession(person.pseudonym, person, second.session.id)).toBe(true);
    expect(await site.accounts.signIn.find(second.token)).toBeNull();
    expect(await site.accounts.endSessions("adm-01", person, null)).toBe(1);
    expect(await site.accounts.signIn.find(first.token)).toBeNull();
    expect(leavesOf(person).map(({ type, payload }) => `${type} ${payload["event"]}`)).toEqual([
      "person added",
      "person password_set",
      "sign_in begun",
      "sign_in begun",
      "sign_in ended",
      "sign_in ended",
    ]);
  });

  it("keeps ten sessions of a person, and ends the oldest", async () => {
    const { person, token } = await site.join("operator");
    for (let i = 0; i < 10; i += 1) {
      site.clock.pass(1);
      await site.accounts.signIn.signIn(attempt(person, PASSWORD));
    }
    expect(await site.accounts.sessions(person.id)).toHaveLength(10);
    expect(await site.accounts.signIn.find(token)).toBeNull();
  });

  it("changes nothing where the journal takes no leaf", async () => {
    const { accounts, journal, close } = await newAccounts();
    const link = await accounts.signIn.firstLink();
    const append = journal.append;
    journal.append = () => Promise.reject(new Error("full"));
    const first = { login: "a", name: "A", pseudonym: "adm" };
    await expect(accounts.signIn.claim(link?.token ?? "", first, PASSWORD)).rejects.toThrow("full");
    journal.append = append;
    expect((await accounts.signIn.claim(link?.token ?? "", first, PASSWORD)).person.pseudonym).toBe("adm");
    await close();
  });
});

describe("somebody who guesses", () => {
  it("is slowed down, and keeps nobody out of a browser that they have used", async () => {
    const { person, deviceMark } = await site.join("operator");
    const wrong = (address: string) => site.accounts.signIn.signIn(attempt(person, "wrong", null, address));
    for (let i = 0; i < 6; i += 1) await refused(wrong("203.0.113.1"), "SIGN_IN_REFUSED");
    await refused(wrong("203.0.113.1"), "SIGN_IN_THROTTLED");
    // From elsewhere the person still comes in, and from the browser they know whatever the address.
    await site.accounts.signIn.signIn(attempt(person, PASSWORD, null, "203.0.113.2"));
    await site.accounts.signIn.signIn(attempt(person, PASSWORD, deviceMark, "203.0.113.1"));
    // From many addresses every unknown browser is slowed, and the known one is not.
    for (let i = 0; i < 120; i += 1) await wrong(`198.51.100.${i}`).catch(() => undefined);
    await refused(wrong("203.0.113.9"), "SIGN_IN_THROTTLED");
    await site.accounts.signIn.signIn(attempt(person, PASSWORD, deviceMark, "203.0.113.9"));
    const forged = `${deviceMark.split(".")[0]}.${"A".repeat(43)}`;
    await refused(
      site.accounts.signIn.signIn(attempt(person, PASSWORD, forged, "203.0.113.9")),
      "SIGN_IN_THROTTLED",
    );
    const others = (await site.join("operator")).deviceMark;
    await refused(
      site.accounts.signIn.signIn(attempt(person, PASSWORD, others, "203.0.113.9")),
      "SIGN_IN_THROTTLED",
    );
  });
});

describe("a second factor", () => {
  it("counts from its first code on, once each, and opens another session", async () => {
    const { person, ...begun } = await site.join("operator");
    const signed = { person, session: begun.session };
    await refused(site.accounts.credentials.beginCodes(signed, "not the password"), "PASSWORD_WRONG");
    const { secret, uri } = await site.accounts.credentials.beginCodes(signed, PASSWORD);
    expect(uri).toContain(person.pseudonym);
    expect(uri).not.toContain(person.login);
    await refused(site.accounts.credentials.confirmCodes(signed, "000000"), "SECOND_FACTOR_REFUSED");
    // Nothing is asked for until then.
    expect((await site.accounts.signIn.signIn(attempt(person, PASSWORD))).session.stage).toBe("open");
    const shown = codeAt(secret, site.clock.now());
    await site.accounts.credentials.confirmCodes(signed, shown);
    await refused(site.accounts.credentials.beginCodes(signed, PASSWORD), "CODES_THERE");

    const half = await site.accounts.signIn.signIn(attempt(person, PASSWORD));
    expect(half.session.stage).toBe("second_factor");
    await refused(site.accounts.signIn.giveCode(half, shown), "SECOND_FACTOR_REFUSED");
    site.clock.pass(30);
    const open = await site.accounts.signIn.giveCode(half, codeAt(secret, site.clock.now()));
    expect(open.session).toMatchObject({ stage: "open", method: "password_and_code" });
    expect(open.token).not.toBe(half.token);
    expect(await site.accounts.signIn.find(half.token)).toBeNull();

    const slow = await site.accounts.signIn.signIn(attempt(person, PASSWORD));
    site.clock.pass(300);
    expect(await site.accounts.signIn.find(slow.token)).toBeNull();
  });

  it("cannot be guessed by trying", async () => {
    const { person, ...begun } = await site.join("operator");
    const signed = { person, session: begun.session };
    const { secret } = await site.accounts.credentials.beginCodes(signed, PASSWORD);
    await site.accounts.credentials.confirmCodes(signed, codeAt(secret, site.clock.now()));
    const half = await site.accounts.signIn.signIn(attempt(person, PASSWORD));
    for (let i = 0; i < 6; i += 1)
      await refused(site.accounts.signIn.giveCode(half, "000000"), "SECOND_FACTOR_REFUSED");
    const right = codeAt(secret, site.clock.now() + 30_000);
    await refused(site.accounts.signIn.giveCode(half, right), "SIGN_IN_THROTTLED");
    // Another session of the same person is slowed too.
    const again = await site.accounts.signIn.signIn(attempt(person, PASSWORD));
    await refused(site.accounts.signIn.giveCode(again, right), "SIGN_IN_THROTTLED");
  });

  it("is removed with the password, or by an administrator for who has lost it", async () => {
    const { person, ...begun } = await site.join("operator");
    const signed = { person, session: begun.session };
    const set = async () => {
      site.clock.pass(60);
      const { secret } = await site.accounts.credentials.beginCodes(signed, PASSWORD);
      await site.accounts.credentials.confirmCodes(signed, codeAt(secret, site.clock.now()));
    };
    await set();
    await refused(site.accounts.credentials.removeCodes(signed, "no"), "PASSWORD_WRONG");
    await site.accounts.credentials.removeCodes(signed, PASSWORD);
    await set();
    expect((await site.accounts.read(person.id)).hasCodes).toBe(true);
    await site.accounts.invite(site.administrator.person, person.id, true);
    expect((await site.accounts.read(person.id)).hasCodes).toBe(false);
  });
});

describe("a password", () => {
  it("is changed by who knows the old one, and ends the other sessions", async () => {
    const one = await site.join("operator");
    const other = await site.accounts.signIn.signIn(attempt(one.person, PASSWORD));
    const next = "sept moulins tournent encore";
    await refused(site.accounts.credentials.changePassword(one, "no", next), "PASSWORD_WRONG");
    await refused(
      site.accounts.credentials.changePassword(one, PASSWORD, `${one.person.login} et la suite`),
      "PASSWORD_WEAK",
    );
    await site.accounts.credentials.changePassword(one, PASSWORD, next);
    expect(await site.accounts.signIn.find(other.token)).toBeNull();
    expect((await site.accounts.signIn.find(one.token)) !== null).toBe(true);
    await refused(site.accounts.signIn.signIn(attempt(one.person, PASSWORD)), "SIGN_IN_REFUSED");
    await site.accounts.signIn.signIn(attempt(one.person, next));
  });

  it("is set anew by a link, once, after which no session of before is left", async () => {
    const { person, token } = await site.join("operator");
    const link = await site.accounts.invite(site.administrator.person, person.id, false);
    expect((await site.accounts.signIn.find(token)) !== null).toBe(true);
    const next = "onze barques sur la rivière";
    await site.accounts.signIn.accept(link.token, next);
    expect(await site.accounts.signIn.find(token)).toBeNull();
    await refused(site.accounts.signIn.accept(link.token, next), "LINK_UNUSABLE");
    await refused(site.accounts.signIn.signIn(attempt(person, PASSWORD)), "SIGN_IN_REFUSED");
  });
});

describe("persons", () => {
  it("are added with a login and a pseudonym of their own, by whoever administers", async () => {
    const { person } = await site.join("operator");
    await refused(site.join("operator", { login: person.login ?? "" }), "LOGIN_TAKEN");
    await refused(site.join("operator", { pseudonym: person.pseudonym }), "PSEUDONYM_TAKEN");
    await refused(site.join("operator", { pseudonym: "engine" }), "PSEUDONYM_TAKEN");
    const both = [
      { role: "auditor", cameraId: null, effect: "permit" },
      { role: "operator", cameraId: "gate", effect: "permit" },
    ] as const;
    await refused(site.join(null, { grants: [...both] }), "ROLES_EXCLUDE");
  });

  it("are not changed by two at once", async () => {
    const { person } = await site.join("operator");
    const by = site.administrator.person;
    const changed = await site.accounts.change(by, person.id, person.version, { name: "Other" });
    expect(changed).toMatchObject({ name: "Other", version: person.version + 1, grants: person.grants });
    await refused(site.accounts.change(by, person.id, person.version, { name: "X" }), "PERSON_CHANGED");
    await refused(site.accounts.change(by, "nobody", 1, {}), "PERSON_UNKNOWN");
  });

  it("leave with their name, their login and every proof; the pseudonym stays, and is nobody else's", async () => {
    const { person, token } = await site.join("operator", { name: "Grace Hopper", pseudonym: "op-grace" });
    const left = await site.accounts.end(site.administrator.person, person.id, person.version);
    expect(left).toMatchObject({
      name: null,
      login: null,
      hasPassword: false,
      grants: [],
      pseudonym: "op-grace",
    });
    expect(await site.accounts.signIn.find(token)).toBeNull();
    await refused(site.join("operator", { pseudonym: "op-grace" }), "PSEUDONYM_TAKEN");
    await refused(site.accounts.change(site.administrator.person, left.id, left.version, {}), "PERSON_LEFT");
    await refused(site.accounts.invite(site.administrator.person, left.id, false), "PERSON_LEFT");
  });

  it("always have an administrator among them who can sign in", async () => {
    const { person } = site.administrator;
    await refused(site.accounts.end(person, person.id, person.version), "LAST_ADMINISTRATOR");
    // Who was invited and never came is not enough.
    await site.accounts.add(person, {
      ...{ login: "second", name: "Second", pseudonym: "adm-02", designation: null, training: null },
      grants: [{ role: "administrator", cameraId: null, effect: "permit" }],
    });
    await refused(
      site.accounts.change(person, person.id, person.version, { grants: [] }),
      "LAST_ADMINISTRATOR",
    );
    expect((await site.accounts.read(person.id)).grants).toEqual(person.grants);
  });

  it("leave neither a name nor a login in the journal", async () => {
    const { person } = await site.join("operator", { name: "Hedy Lamarr", login: "h.lamarr" });
    await site.accounts.change(site.administrator.person, person.id, person.version, { name: "Hedy L." });
    expect(leavesOf(person).length).toBeGreaterThan(2);
    expect(JSON.stringify(site.leaves)).not.toMatch(/lamarr|hedy/i);
  });

  it("are listed a page at a time, in the order in which they came", async () => {
    const all = await site.accounts.list({ after: null, limit: 1000 });
    const paged: Person[] = [];
    for (;;) {
      const last = paged.at(-1);
      const after = last === undefined ? null : { addedAt: last.addedAt, id: last.id };
      const page = await site.accounts.list({ after, limit: 7 });
      paged.push(...page);
      if (page.length < 7) break;
    }
    expect(paged).toEqual(all);
    expect(new Set(paged.map(({ id }) => id)).size).toBe(all.length);
  });
});

describe("an operator", () => {
  it("whose designation or training is over sees no alert, and the journal has it once", async () => {
    const { person } = await site.join("operator");
    const lapse = async () => site.accounts.lapse(await site.accounts.read(person.id));
    const noted = () => leavesOf(person).filter(({ type }) => type === "operator_lapsed");
    expect(await lapse()).toBeNull();
    site.clock.pass(31 * 86_400);
    expect(await lapse()).toBe("designation_over");
    expect(await lapse()).toBe("designation_over");
    expect(noted().map(({ actor, payload }) => [actor, payload["lapse"]])).toEqual([
      ["engine", "designation_over"],
    ]);
    const from = site.clock.now();
    await site.accounts.change(site.administrator.person, person.id, person.version, {
      designation: { act: "AR-2", from, until: from + 1000 },
    });
    expect(await lapse()).toBe("training_over");
    expect(noted()).toHaveLength(2);
    site.clock.pass(1);
    expect(await lapse()).toBe("designation_over");
    expect(noted()).toHaveLength(3);
  });
});

describe("the accounts' key", () => {
  it("is asked for where there are accounts, and is not made anew", async () => {
    const { accounts, state, clock, journal, close } = await newAccounts();
    const link = await accounts.signIn.firstLink();
    await accounts.signIn.claim(link?.token ?? "", { login: "a", name: "A", pseudonym: "adm" }, PASSWORD);
    const { chmod, rm } = await import("node:fs/promises");
    const key = join(state, "accounts", "accounts.key");
    const again = () => Accounts.open({ state, journal, clock, issuer: "Test", cost: CHEAP });
    await (await again()).close();
    await chmod(key, 0o644);
    await refused(again(), "ACCOUNTS_KEY_EXPOSED");
    await rm(key);
    await refused(again(), "ACCOUNTS_KEY_MISSING");
    await close();
  });
});
