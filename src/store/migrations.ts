import type { Kysely, SchemaModule } from "kysely";
import type { Migration } from "kysely/migration";

type Making = Kysely<unknown>;

/** In the order of their names. One that was released is never changed: another one follows it. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  "0001-accounts": { up: accounts },
};

async function accounts({ schema }: Making): Promise<void> {
  await schema
    .createTable("person")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("pseudonym", "text", (column) => column.notNull().unique())
    .addColumn("version", "bigint", (column) => column.notNull().defaultTo(1))
    .addColumn("added_at", "bigint", (column) => column.notNull())
    .addColumn("ended_at", "bigint")
    .addColumn("designation_act", "text")
    .addColumn("designated_from", "bigint")
    .addColumn("designated_until", "bigint")
    .addColumn("training", "text")
    .addColumn("trained_on", "bigint")
    .addColumn("training_until", "bigint")
    .addColumn("lapse_noted", "text")
    .execute();
  await ofPerson(schema, "person_name")
    .addColumn("login", "text", (column) => column.notNull().unique())
    .addColumn("name", "text", (column) => column.notNull())
    .execute();
  await ofPerson(schema, "password")
    .addColumn("hash", "text", (column) => column.notNull())
    .addColumn("set_at", "bigint", (column) => column.notNull())
    .execute();
  await ofPerson(schema, "totp")
    .addColumn("sealed", "text", (column) => column.notNull())
    .addColumn("set_at", "bigint", (column) => column.notNull())
    .addColumn("confirmed_at", "bigint")
    .addColumn("last_step", "bigint")
    .execute();
  await schema
    .createTable("person_grant")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("person_id", "text", (column) => column.notNull().references("person.id").onDelete("cascade"))
    .addColumn("role", "text", (column) => column.notNull())
    .addColumn("camera_id", "text")
    .addColumn("effect", "text", (column) => column.notNull())
    .execute();
  await schema.createIndex("person_grant_of").on("person_grant").column("person_id").execute();
  await schema
    .createTable("session")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("token_hash", "text", (column) => column.notNull().unique())
    .addColumn("person_id", "text", (column) => column.notNull().references("person.id").onDelete("cascade"))
    .addColumn("stage", "text", (column) => column.notNull())
    .addColumn("method", "text", (column) => column.notNull())
    .addColumn("begun_at", "bigint", (column) => column.notNull())
    .addColumn("seen_at", "bigint", (column) => column.notNull())
    .addColumn("ends_at", "bigint", (column) => column.notNull())
    .execute();
  await schema.createIndex("session_of").on("session").column("person_id").execute();
  await schema
    .createTable("link")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("token_hash", "text", (column) => column.notNull().unique())
    .addColumn("purpose", "text", (column) => column.notNull())
    .addColumn("person_id", "text", (column) => column.references("person.id").onDelete("cascade"))
    .addColumn("made_at", "bigint", (column) => column.notNull())
    .addColumn("expires_at", "bigint", (column) => column.notNull())
    .execute();
}

/** A table with at most one row a person. */
function ofPerson(schema: SchemaModule, table: string) {
  return schema
    .createTable(table)
    .addColumn("person_id", "text", (column) =>
      column.primaryKey().references("person.id").onDelete("cascade"),
    );
}
