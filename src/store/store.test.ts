import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { openStore, storeFile } from "./store.ts";

const root = mkdtempSync(join(tmpdir(), "contrechamp-store-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe("a store in a file", () => {
  it("can be read by nobody else", async () => {
    const state = join(root, "private");
    const store = await openStore(state);
    await store.database.selectFrom("person").selectAll().execute();
    const folder = dirname(storeFile(state));
    expect(statSync(folder).mode & 0o077).toBe(0);
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o077).toBe(0);
    await store.close();
  });

  it("holds no byte any more of a name that was deleted", async () => {
    const state = join(root, "forgets");
    const store = await openStore(state);
    const named = () => readFileSync(storeFile(state)).includes("Ada Lovelace");
    await store.database
      .insertInto("person")
      .values({
        ...{ id: "p", pseudonym: "op-1", addedAt: 0, endedAt: null, lapseNoted: null },
        ...{ designationAct: null, designatedFrom: null, designatedUntil: null },
        ...{ training: null, trainedOn: null, trainingUntil: null },
      })
      .execute();
    const name = { personId: "p", login: "ada", name: "Ada Lovelace" };
    await store.database.insertInto("personName").values(name).execute();
    await store.close();
    expect(named()).toBe(true);
    const again = await openStore(state);
    await again.database.deleteFrom("personName").execute();
    await again.close();
    expect(named()).toBe(false);
  });

  it("says so where the file is no database", async () => {
    const state = join(root, "broken");
    mkdirSync(dirname(storeFile(state)), { recursive: true });
    writeFileSync(storeFile(state), "not a database at all, and long enough to be looked at ".repeat(40));
    await expect(openStore(state)).rejects.toMatchObject({ code: "STORE_UNREADABLE" });
  });
});
