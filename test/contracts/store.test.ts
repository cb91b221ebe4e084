import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MIGRATIONS } from "../../src/store/migrations.ts";
import { sqliteDialect } from "../../src/store/sqlite.ts";
import { openStore, storeFile, storeOn } from "../../src/store/store.ts";
import { storeContract } from "./store.ts";

storeContract("SQLite in a file", async () => {
  const state = mkdtempSync(join(tmpdir(), "contrechamp-store-"));
  const later = {
    ...MIGRATIONS,
    "9999-later": { up: async () => undefined },
  };
  return {
    open: () => openStore(state),
    openLater: async () => storeOn(await sqliteDialect(storeFile(state)), "later", later),
    remove: async () => rmSync(state, { recursive: true, force: true }),
  };
});
