import { access, mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { fault } from "../../errors.ts";
import { destroyFile, isMissing, removeFile, writePrivate } from "./durable.ts";
import {
  type Erased,
  type ErasureIntent,
  erasedSchema,
  erasureIntentSchema,
  type SealedRecord,
  sealedRecordSchema,
} from "./record.ts";
import { SEALED_KINDS, type SealedKind } from "./sealing.ts";
import { type SignedManifest, signedManifestSchema } from "./signed-manifest.ts";

/**
 * A folder of sealed evidence. Each has an id, and below the folder:
 *
 *     keys/ID.key            its key, wrapped by the site key: without it the rest is noise
 *     sealed/ID.still|clip|description
 *     records/ID.json        what it is, from the camera's process
 *     manifests/ID.json      the same, signed, with its place in the journal
 *     erasing/ID.json        an erasure that was begun
 *     erased/ID.json         an erasure that is done
 *
 * Records, manifests and erasures are no secret and stay after the evidence has gone. Folders are 0700, files 0600.
 */
export class Vault {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  keyPath(id: string): string {
    return join(this.folder, "keys", `${checked(id)}.key`);
  }

  sealedPath(id: string, kind: SealedKind): string {
    return join(this.folder, "sealed", `${checked(id)}.${kind}`);
  }

  manifestPath(id: string): string {
    return this.#json("manifests", id);
  }

  /** Makes the folders. */
  async prepare(): Promise<void> {
    for (const name of FOLDERS) await mkdir(join(this.folder, name), { recursive: true, mode: 0o700 });
  }

  /** Ids that have a key, a sealed file or a record, without order. */
  async ids(): Promise<Set<string>> {
    const found = [
      ...(await this.#names("keys", ".key")),
      ...(await Promise.all(SEALED_KINDS.map((kind) => this.#names("sealed", `.${kind}`)))).flat(),
      ...(await this.recorded()),
    ];
    return new Set(found);
  }

  /** Ids that have a record. */
  recorded(): Promise<string[]> {
    return this.#names("records", ".json");
  }

  /** Ids whose erasure was begun and is not known to be done. */
  erasing(): Promise<string[]> {
    return this.#names("erasing", ".json");
  }

  /** Whether its key is still there: without it the evidence is gone. */
  async hasKey(id: string): Promise<boolean> {
    try {
      await access(this.keyPath(id));
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  /** Whether any key lies here. */
  async isUsed(): Promise<boolean> {
    return (await this.#names("keys", ".key")).length > 0;
  }

  record(id: string): Promise<SealedRecord | null> {
    return this.#read("records", id, sealedRecordSchema);
  }

  writeRecord(record: SealedRecord): Promise<void> {
    return this.#write("records", record.evidenceId, record);
  }

  manifest(id: string): Promise<SignedManifest | null> {
    return this.#read("manifests", id, signedManifestSchema);
  }

  writeManifest(manifest: SignedManifest): Promise<void> {
    return this.#write("manifests", manifest.evidence.evidenceId, manifest);
  }

  intent(id: string): Promise<ErasureIntent | null> {
    return this.#read("erasing", id, erasureIntentSchema);
  }

  writeIntent(intent: ErasureIntent): Promise<void> {
    return this.#write("erasing", intent.evidenceId, intent);
  }

  erased(id: string): Promise<Erased | null> {
    return this.#read("erased", id, erasedSchema);
  }

  /** Says that an erasure is done; what said that it was begun goes. */
  async writeErased(erased: Erased): Promise<void> {
    await this.#write("erased", erased.evidenceId, erased);
    // No secret: overwritten first, a crash would leave an order that nobody can read.
    await removeFile(this.#json("erasing", erased.evidenceId));
  }

  /** Key first: from then on the rest is noise. Idempotent. */
  async destroy(id: string): Promise<void> {
    await destroyFile(this.keyPath(id));
    for (const kind of SEALED_KINDS) await destroyFile(this.sealedPath(id, kind));
  }

  /** Destroys what a crash left half-written. For a time when nobody else writes. @returns how many files */
  async destroyPartials(): Promise<number> {
    let count = 0;
    for (const folder of FOLDERS) {
      for (const name of await this.#list(folder)) {
        if (name.includes(".part-") && (await destroyFile(join(this.folder, folder, name)))) count += 1;
      }
    }
    return count;
  }

  #json(folder: string, id: string): string {
    return join(this.folder, folder, `${checked(id)}.json`);
  }

  #write(folder: string, id: string, value: object): Promise<void> {
    return writePrivate(this.#json(folder, id), `${JSON.stringify(value, null, 2)}\n`);
  }

  async #read<T>(folder: string, id: string, schema: z.ZodType<T>): Promise<T | null> {
    const path = this.#json(folder, id);
    try {
      return schema.parse(JSON.parse(await readFile(path, "utf8")));
    } catch (error) {
      if (isMissing(error)) return null;
      const reason =
        error instanceof z.ZodError || error instanceof SyntaxError
          ? "it is not of the expected form"
          : String(error instanceof Error ? error.message : error);
      throw fault("EVIDENCE_RECORD_UNREADABLE", { path, reason }, error);
    }
  }

  async #names(folder: string, ending: string): Promise<string[]> {
    const names = await this.#list(folder);
    return names
      .filter((name) => name.endsWith(ending) && UUID.test(name.slice(0, -ending.length)))
      .map((name) => name.slice(0, -ending.length));
  }

  async #list(folder: string): Promise<string[]> {
    try {
      return await readdir(join(this.folder, folder));
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }
}

const FOLDERS = ["keys", "sealed", "records", "manifests", "erasing", "erased"] as const;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Ids come from command lines too, and become file names. */
function checked(id: string): string {
  if (!UUID.test(id)) throw fault("EVIDENCE_UNKNOWN", { id: id.slice(0, 100), vault: "The vault" });
  return id;
}
