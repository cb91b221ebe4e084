import { randomUUID } from "node:crypto";
import type { Selectable } from "kysely";
import { fault } from "../../errors.ts";
import type { PersonTable } from "../../store/schema.ts";
import type { Database, Writing } from "../../store/store.ts";
import type { UtcMilliseconds } from "../../time/clock.ts";
import type { FirstPerson, NewPerson, Person, PersonChange } from "./person.ts";
import { excluded, type Grant, grantSchema, hasRole } from "./roles.ts";

/** A place in the list of persons: after which one the next page begins. */
export interface PeoplePage {
  readonly after: { readonly addedAt: UtcMilliseconds; readonly id: string } | null;
  readonly limit: number;
}

/** @throws PERSON_UNKNOWN */
export async function readPerson(database: Database, id: string): Promise<Person> {
  const person = await findPerson(database, id);
  if (person === null) throw fault("PERSON_UNKNOWN", { id });
  return person;
}

export async function findPerson(database: Database, id: string): Promise<Person | null> {
  const row = await database.selectFrom("person").selectAll().where("id", "=", id).executeTakeFirst();
  return row === undefined ? null : ((await complete(database, [row]))[0] ?? null);
}

/** The person that has a login; null where nobody has. */
export async function personOfLogin(database: Database, login: string): Promise<Person | null> {
  const row = await database
    .selectFrom("personName")
    .select("personId")
    .where("login", "=", login)
    .executeTakeFirst();
  return row === undefined ? null : findPerson(database, row.personId);
}

/** Persons in the order in which they were added, those who left among them. */
export async function listPeople(database: Database, page: PeoplePage): Promise<readonly Person[]> {
  const { after, limit } = page;
  const all = database.selectFrom("person").selectAll().orderBy("addedAt").orderBy("id").limit(limit);
  const query =
    after === null
      ? all
      : all.where((where) =>
          where.or([
            where("addedAt", ">", after.addedAt),
            where.and([where("addedAt", "=", after.addedAt), where("id", ">", after.id)]),
          ]),
        );
  return complete(database, await query.execute());
}

/** Whether somebody has, or ever had, an account here. */
export async function isFirstStart(database: Database): Promise<boolean> {
  const anybody = await database.selectFrom("person").select("id").limit(1).executeTakeFirst();
  return anybody === undefined;
}

/** @throws LOGIN_TAKEN, PSEUDONYM_TAKEN, ROLES_EXCLUDE */
export async function addPerson(writing: Writing, person: NewPerson, now: UtcMilliseconds): Promise<Person> {
  const { login, name, pseudonym, grants, designation, training } = person;
  refuseExcluded(grants);
  const sameLogin = await personOfLogin(writing, login);
  if (sameLogin !== null) throw fault("LOGIN_TAKEN", { login });
  const samePseudonym = await writing
    .selectFrom("person")
    .select("id")
    .where("pseudonym", "=", pseudonym)
    .executeTakeFirst();
  // What the engine writes into the journal is no person's.
  if (samePseudonym !== undefined || pseudonym === "engine") throw fault("PSEUDONYM_TAKEN", { pseudonym });
  const id = randomUUID();
  await writing
    .insertInto("person")
    .values({
      ...{ id, pseudonym, addedAt: now, endedAt: null, lapseNoted: null },
      ...designationColumns({ designation }),
      ...trainingColumns({ training }),
    })
    .execute();
  await writing.insertInto("personName").values({ personId: id, login, name }).execute();
  await replaceGrants(writing, id, grants);
  return readPerson(writing, id);
}

/** The first person may say who does what, and nothing else until they say so themselves. */
export function firstAdministrator(person: FirstPerson): NewPerson {
  const grants: Grant[] = [{ role: "administrator", cameraId: null, effect: "permit" }];
  return { ...person, grants, designation: null, training: null };
}

/**
 * @param version that the change was made from
 * @throws PERSON_UNKNOWN, PERSON_CHANGED, PERSON_LEFT, ROLES_EXCLUDE, LAST_ADMINISTRATOR
 */
export async function changePerson(
  writing: Writing,
  id: string,
  version: number,
  change: PersonChange,
): Promise<Person> {
  const before = await presentPerson(writing, id, version);
  const { name, grants } = change;
  if (grants !== undefined) refuseExcluded(grants);
  await writing
    .updateTable("person")
    .set({
      version: before.version + 1,
      // What changed may have lapsed anew, and is written down anew then.
      lapseNoted: null,
      ...designationColumns(change),
      ...trainingColumns(change),
    })
    .where("id", "=", id)
    .execute();
  if (name !== undefined)
    await writing.updateTable("personName").set({ name }).where("personId", "=", id).execute();
  if (grants !== undefined) {
    await replaceGrants(writing, id, grants);
    await refuseWithoutAdministrator(writing);
  }
  return readPerson(writing, id);
}

/**
 * Ends a person's time here: the name, the login and every proof are deleted, and what the journal says of the
 * pseudonym stays.
 * @throws PERSON_UNKNOWN, PERSON_CHANGED, PERSON_LEFT, LAST_ADMINISTRATOR
 */
export async function endPerson(
  writing: Writing,
  id: string,
  version: number,
  now: UtcMilliseconds,
): Promise<Person> {
  const before = await presentPerson(writing, id, version);
  for (const table of ["personName", "password", "totp", "session", "link", "personGrant"] as const)
    await writing.deleteFrom(table).where("personId", "=", id).execute();
  await refuseWithoutAdministrator(writing);
  await writing
    .updateTable("person")
    .set({ endedAt: now, version: before.version + 1 })
    .where("id", "=", id)
    .execute();
  return readPerson(writing, id);
}

async function presentPerson(writing: Writing, id: string, version: number): Promise<Person> {
  const person = await readPerson(writing, id);
  if (person.version !== version) throw fault("PERSON_CHANGED", { id });
  if (person.endedAt !== null) throw fault("PERSON_LEFT", { id });
  return person;
}

/** A site that nobody administers can only be mended with its files. */
async function refuseWithoutAdministrator(writing: Writing): Promise<void> {
  const rows = await writing
    .selectFrom("personGrant")
    .selectAll("personGrant")
    // Who was invited and never came cannot let anybody in.
    .innerJoin("password", "password.personId", "personGrant.personId")
    .execute();
  const byPerson = Map.groupBy(rows, ({ personId }) => personId);
  const one = [...byPerson.values()].some((grants) => hasRole(readGrants(grants), "administrator", null));
  if (!one) throw fault("LAST_ADMINISTRATOR", {});
}

function refuseExcluded(grants: readonly Grant[]): void {
  const found = excluded(grants);
  if (found !== null) throw fault("ROLES_EXCLUDE", { ...found });
}

async function replaceGrants(writing: Writing, personId: string, grants: readonly Grant[]): Promise<void> {
  await writing.deleteFrom("personGrant").where("personId", "=", personId).execute();
  if (grants.length === 0) return;
  const rows = grants.map(({ role, cameraId, effect }) => ({
    id: randomUUID(),
    personId,
    role,
    cameraId,
    effect,
  }));
  await writing.insertInto("personGrant").values(rows).execute();
}

function designationColumns({ designation }: { readonly designation?: Person["designation"] }) {
  if (designation === undefined) return {};
  return {
    designationAct: designation?.act ?? null,
    designatedFrom: designation?.from ?? null,
    designatedUntil: designation?.until ?? null,
  };
}

function trainingColumns({ training }: { readonly training?: Person["training"] }) {
  if (training === undefined) return {};
  return {
    training: training?.syllabus ?? null,
    trainedOn: training?.on ?? null,
    trainingUntil: training?.until ?? null,
  };
}

/** Adds to rows of persons what stands in the other tables, with one query a table. */
async function complete(
  database: Database,
  rows: readonly Selectable<PersonTable>[],
): Promise<readonly Person[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const names = await database.selectFrom("personName").selectAll().where("personId", "in", ids).execute();
  const grants = await database.selectFrom("personGrant").selectAll().where("personId", "in", ids).execute();
  const passwords = await database
    .selectFrom("password")
    .select("personId")
    .where("personId", "in", ids)
    .execute();
  const codes = await database
    .selectFrom("totp")
    .select("personId")
    .where("personId", "in", ids)
    .where("confirmedAt", "is not", null)
    .execute();
  return rows.map((row) => {
    const isOf = ({ personId }: { readonly personId: string }) => personId === row.id;
    const name = names.find(isOf);
    return {
      id: row.id,
      pseudonym: row.pseudonym,
      login: name?.login ?? null,
      name: name?.name ?? null,
      version: row.version,
      addedAt: row.addedAt,
      endedAt: row.endedAt,
      grants: readGrants(grants.filter(isOf)),
      designation: readDesignation(row),
      training: readTraining(row),
      hasPassword: passwords.some(isOf),
      hasCodes: codes.some(isOf),
    };
  });
}

type GrantRow = { readonly role: string; readonly cameraId: string | null; readonly effect: string };

/** A grant that cannot be understood, such as one of a later version, gives nothing and takes all. */
function readGrants(rows: readonly GrantRow[]): readonly Grant[] {
  const read = rows.map(({ role, cameraId, effect }) => grantSchema.safeParse({ role, cameraId, effect }));
  const understood = read.flatMap((result) => (result.success ? [result.data] : []));
  return understood.length === rows.length ? understood.toSorted(byRole) : [];
}

function byRole(a: Grant, b: Grant): number {
  const key = ({ role, cameraId, effect }: Grant) => `${role} ${cameraId ?? ""} ${effect}`;
  return key(a) < key(b) ? -1 : 1;
}

function readDesignation(row: Selectable<PersonTable>): Person["designation"] {
  const { designationAct: act, designatedFrom: from, designatedUntil: until } = row;
  return act === null || from === null || until === null ? null : { act, from, until };
}

function readTraining(row: Selectable<PersonTable>): Person["training"] {
  const { training: syllabus, trainedOn: on, trainingUntil: until } = row;
  return syllabus === null || on === null || until === null ? null : { syllabus, on, until };
}
