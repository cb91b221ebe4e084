import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { digestOf } from "../../src/evidence/evidence-files.ts";
import type { EvidenceStore } from "../../src/evidence/evidence-store.ts";
import type { EvidenceManifest } from "../../src/evidence/manifest.ts";
import { sampleEvidence, sampleGrounds } from "../support/evidence.ts";

/** A store, and how a test looks into it. */
export interface StoreUnderTest {
  readonly store: EvidenceStore;
  /** What is kept, in clear; null where it is not there. */
  read(id: string, file: "still" | "clip" | "manifest"): Promise<Uint8Array | null>;
  /** Code of the error when the folder cannot be written. */
  readonly notWritten: string;
}

/** What every store of evidence does. @param make opens one below a folder that does not exist yet */
export function evidenceStoreContract(name: string, make: (folder: string) => Promise<StoreUnderTest>): void {
  describe(`${name} as a store of evidence`, () => {
    const root = mkdtempSync(join(tmpdir(), "contrechamp-store-"));
    afterAll(() => rmSync(root, { recursive: true, force: true }));
    const fresh = () => make(join(root, randomUUID()));
    const grounds = sampleGrounds(0);

    it("gives one evidence the same names every time, and another other ones", async () => {
      const { store } = await fresh();
      const [a, b] = [randomUUID(), randomUUID()];
      expect(store.ref(a)).toEqual(store.ref(a));
      expect(store.ref(a).id).toBe(a);
      const { still, clip, manifest } = store.ref(a);
      expect(new Set([still, clip, manifest, store.ref(b).still]).size).toBe(4);
    });

    it("keeps the still from the first, whatever follows", async () => {
      const { store, read } = await fresh();
      const { id, begun, still } = await sampleEvidence();
      await store.keepStill(begun, still, grounds);
      expect(Buffer.compare((await read(id, "still")) ?? new Uint8Array(), still.value)).toBe(0);
      expect(await read(id, "clip")).toBeNull();
    });

    it("gives back what it was given, byte for byte, with a manifest that names its hashes", async () => {
      const { store, read } = await fresh();
      const { id, begun, whole, still, clip } = await sampleEvidence();
      await store.keepStill(begun, still, grounds);
      await store.complete(whole, clip);
      expect(Buffer.compare((await read(id, "still")) ?? new Uint8Array(), still.value)).toBe(0);
      const kept = await read(id, "clip");
      expect(Buffer.compare(kept ?? new Uint8Array(), clip.value)).toBe(0);
      const manifest = JSON.parse(Buffer.from((await read(id, "manifest")) ?? []).toString("utf8"));
      expect(manifest).toEqual(whole);
      expect((manifest as EvidenceManifest).clip?.sha256).toBe(digestOf(kept ?? "").sha256);
    });

    it("says so where there is no clip", async () => {
      const { store, read } = await fresh();
      const { id, begun, still } = await sampleEvidence();
      await store.keepStill(begun, still, grounds);
      await store.complete(begun, null);
      expect(await read(id, "clip")).toBeNull();
      expect(JSON.parse(Buffer.from((await read(id, "manifest")) ?? []).toString("utf8")).clip).toBeNull();
    });

    it("keeps several at once apart", async () => {
      const { store, read } = await fresh();
      const all = await Promise.all(Array.from({ length: 8 }, () => sampleEvidence()));
      await Promise.all(
        all.map(async ({ begun, whole, still, clip }) => {
          await store.keepStill(begun, still, grounds);
          await store.complete(whole, clip);
        }),
      );
      for (const { id, whole } of all) {
        const manifest = JSON.parse(Buffer.from((await read(id, "manifest")) ?? []).toString("utf8"));
        expect(manifest).toEqual(whole);
      }
    });

    it("rejects with a coded error, and keeps nothing in clear, where it cannot write", async () => {
      const blocked = join(root, randomUUID());
      const { store, notWritten } = await make(join(blocked, "is", "a-file"));
      mkdirSync(blocked);
      writeFileSync(join(blocked, "is"), "a file where the folder should be");
      const { begun, still } = await sampleEvidence();
      await expect(store.keepStill(begun, still, grounds)).rejects.toMatchObject({ code: notWritten });
    });
  });
}
