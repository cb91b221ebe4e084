import { chmod, mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { type Dialect, type SqliteDatabase, SqliteDialect } from "kysely";

/** How long another process may hold the file, such as a command beside the server, in milliseconds. */
const BUSY_MS = 5_000;

/**
 * A database in one file, 0600, made where it is not there. Readers go on while one writes (WAL); what was committed
 * survives the loss of power, so that a session that was revoked does not come back.
 */
export async function sqliteDialect(file: string): Promise<Dialect> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(file, { enableForeignKeyConstraints: true });
  try {
    await chmod(file, 0o600);
    database.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
    database.exec("PRAGMA journal_mode = WAL");
    database.exec("PRAGMA synchronous = FULL");
    // What is deleted, such as the name of somebody who left, is gone from the file too.
    database.exec("PRAGMA secure_delete = ON");
  } catch (error) {
    database.close();
    throw error;
  }
  return new SqliteDialect({ database: asKyselyExpects(database) });
}

/** Node's own SQLite in the shape of better-sqlite3, which is what kysely speaks. */
function asKyselyExpects(database: DatabaseSync): SqliteDatabase {
  return {
    close: () => database.close(),
    prepare: (sql) => {
      const statement = database.prepare(sql);
      const bound = (parameters: readonly unknown[]) => parameters.map(bindable);
      return {
        reader: statement.columns().length > 0,
        all: (parameters) => statement.all(...bound(parameters)),
        run: (parameters) => statement.run(...bound(parameters)),
        iterate: (parameters) => statement.iterate(...bound(parameters)),
      };
    },
  };
}

/** Nothing of the schema is of another kind: see `Tables`. */
function bindable(value: unknown): SQLInputValue {
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "bigint")
    return value;
  throw new TypeError(`a value of the store is a text, a number or null, not ${typeof value}`);
}
