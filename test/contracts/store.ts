import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Store } from "../../src/store/store.ts";

/** A place for a store, and how it is opened there, again and again. */
export interface StorePlace {
  open(): Promise<Store>;
  /** The same by a version of Contrechamp that has a table more. */
  openLater(): Promise<Store>;
  remove(): Promise<void>;
}

const AT = Date.UTC(2026, 10, 22);

function person(pseudonym: string) {
  return {
    ...{ id: randomUUID(), pseudonym, addedAt: AT, endedAt: null, lapseNoted: null },
    ...{ designationAct: null, designatedFrom: null, designatedUntil: null },
    ...{ training: null, trainedOn: null, trainingUntil: null },
  };
}

/** What every database does as a store. */
export function storeContract(name: string, make: () => Promise<StorePlace>): void {
  describe(`${name} as a store`, () => {
    let place: StorePlace;
    let store: Store;
    beforeAll(async () => {
      place = await make();
      store = await place.open();
    });
    afterAll(async () => {
      await store.close();
      await place.remove();
    });
    const add = (row: ReturnType<typeof person>) => store.database.insertInto("person").values(row).execute();
    const read = (id: string) =>
      store.database.selectFrom("person").selectAll().where("id", "=", id).executeTakeFirst();

    it("gives back what it was given, in the same types, with defaults filled in", async () => {
      const row = person("op-01");
      await add(row);
      expect(await read(row.id)).toEqual({ ...row, version: 1 });
    });

    it("does several things or none", async () => {
      const row = person("op-02");
      const failing = store.write(async (writing) => {
        await writing.insertInto("person").values(row).execute();
        throw new Error("no");
      });
      await expect(failing).rejects.toThrow("no");
      expect(await read(row.id)).toBeUndefined();
    });

    it("does them one after the other, also where they are asked for at once", async () => {
      const row = person("op-03");
      await add(row);
      const grow = () =>
        store.write(async (writing) => {
          const query = writing.selectFrom("person").select("version").where("id", "=", row.id);
          const { version } = await query.executeTakeFirstOrThrow();
          await new Promise((resolve) => setTimeout(resolve, 1));
          await writing
            .updateTable("person")
            .set({ version: version + 1 })
            .where("id", "=", row.id)
            .execute();
        });
      await Promise.all(Array.from({ length: 10 }, grow));
      expect((await read(row.id))?.version).toBe(11);
    });

    it("refuses a pseudonym twice, and what belongs to nobody", async () => {
      await expect(add(person("op-01"))).rejects.toThrow();
      const stray = { personId: randomUUID(), login: "stray", name: "Stray" };
      await expect(store.database.insertInto("personName").values(stray).execute()).rejects.toThrow();
    });

    it("deletes with a person what is theirs", async () => {
      const row = person("op-04");
      await add(row);
      await store.database
        .insertInto("personName")
        .values({ personId: row.id, login: "x", name: "X" })
        .execute();
      const { numDeletedRows } = await store.database
        .deleteFrom("person")
        .where("id", "=", row.id)
        .executeTakeFirst();
      expect(numDeletedRows).toBe(1n);
      const left = store.database.selectFrom("personName").selectAll().where("personId", "=", row.id);
      expect(await left.execute()).toEqual([]);
    });

    it("keeps it all when it is closed and opened again", async () => {
      const row = person("op-05");
      await add(row);
      await store.close();
      store = await place.open();
      expect(await read(row.id)).toEqual({ ...row, version: 1 });
    });

    it("is not opened any more once a later version has changed it", async () => {
      await store.close();
      await (await place.openLater()).close();
      await expect(place.open()).rejects.toMatchObject({ code: "STORE_NEWER" });
      store = await place.openLater();
    });
  });
}
