import { join } from "node:path";
import { CamelCasePlugin, type Dialect, Kysely, type Transaction } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import { fault } from "../errors.ts";
import { MIGRATIONS } from "./migrations.ts";
import type { Tables } from "./schema.ts";
import { sqliteDialect } from "./sqlite.ts";

/** The store itself, or one transaction in it: whoever reads and writes takes either. */
export type Database = Kysely<Tables>;
export type Writing = Transaction<Tables>;

/** What a site keeps beside its journal: who works there, and how they prove it. */
export interface Store {
  /** Never used inside a `write`: its own transaction is there for that. */
  readonly database: Database;
  /** Does several things or none. One at a time, in the order in which they were asked for. */
  write<T>(action: (writing: Writing) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Where a site's store lies. @param state the site's state folder */
export function storeFile(state: string): string {
  return join(state, "accounts", "store.sqlite");
}

/**
 * Opens the store of a site, made where it is new, and brings its tables to this version.
 * @param state the site's state folder
 * @throws STORE_UNREADABLE, STORE_NEWER
 */
export async function openStore(state: string): Promise<Store> {
  const file = storeFile(state);
  let dialect: Dialect;
  try {
    dialect = await sqliteDialect(file);
  } catch (thrown) {
    throw unreadable(file, thrown);
  }
  return storeOn(dialect, file);
}

/**
 * A store on a database of any dialect. @param name what messages call it
 * @throws STORE_UNREADABLE, STORE_NEWER
 */
export async function storeOn(
  dialect: Dialect,
  name: string,
  migrations: Readonly<Record<string, Migration>> = MIGRATIONS,
): Promise<Store> {
  const database = new Kysely<Tables>({ dialect, plugins: [new CamelCasePlugin()] });
  try {
    await migrate(database, name, migrations);
  } catch (thrown) {
    await database.destroy();
    throw thrown;
  }
  return {
    database,
    write: (action) => database.transaction().execute(action),
    close: () => database.destroy(),
  };
}

async function migrate(
  database: Database,
  name: string,
  migrations: Readonly<Record<string, Migration>>,
): Promise<void> {
  const migrator = new Migrator({
    db: database.withoutPlugins(),
    provider: { getMigrations: async () => ({ ...migrations }) },
  });
  const done = await migrator.getMigrations().catch((thrown: unknown) => {
    throw unreadable(name, thrown);
  });
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  // What kysely finds in the database and not in its list was made by a later version.
  const newer = error instanceof Error && /previously executed migration .* is missing/.test(error.message);
  if (newer) throw fault("STORE_NEWER", { file: name, known: done.length });
  throw unreadable(name, error);
}

function unreadable(file: string, thrown: unknown) {
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return fault("STORE_UNREADABLE", { file, reason }, thrown);
}
