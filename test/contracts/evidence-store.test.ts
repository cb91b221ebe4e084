import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { clearStore } from "../../src/evidence/clear-store.ts";
import { open, type SealedKind } from "../../src/evidence/vault/sealing.ts";
import { SiteKey } from "../../src/evidence/vault/site-key.ts";
import { Vault } from "../../src/evidence/vault/vault.ts";
import { openKey, vaultStore } from "../../src/evidence/vault/vault-store.ts";
import { evidenceStoreContract } from "./evidence-store.ts";

const ifThere = (path: string) => readFile(path).catch(() => null);

evidenceStoreContract("plain files", async (folder) => {
  const store = clearStore(folder);
  return {
    store,
    read: (id, file) => ifThere(join(folder, store.ref(id)[file])),
    notWritten: "EVIDENCE_NOT_WRITTEN",
  };
});

evidenceStoreContract("the vault", async (folder) => {
  const vault = new Vault(folder);
  const siteKey = SiteKey.generate();
  const kinds = { still: "still", clip: "clip", manifest: "description" } as const;
  return {
    store: vaultStore({ vault, siteKey, onSealed: () => undefined }),
    async read(id, file) {
      const kind: SealedKind = kinds[file];
      const sealed = await ifThere(vault.sealedPath(id, kind));
      const key = await openKey(vault, siteKey, id);
      return sealed === null || key === null ? null : open(key, id, kind, sealed);
    },
    notWritten: "EVIDENCE_NOT_SEALED",
  };
});
