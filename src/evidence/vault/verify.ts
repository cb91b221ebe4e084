import { readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { canonicalize } from "json-canonicalize";
import { fault } from "../../errors.ts";
import { leafHash } from "../../journal/merkle.ts";
import { createNoteVerifier } from "../../journal/note.ts";
import { verifyInclusionProof } from "../../journal/proof.ts";
import { digestOf, type FileDigest } from "../evidence-files.ts";
import { evidenceManifestSchema } from "../manifest.ts";
import { isMissing } from "./durable.ts";
import { SEALED_KINDS } from "./sealing.ts";
import {
  evidencePayload,
  type SignedManifest,
  signatureFits,
  signedManifestSchema,
} from "./signed-manifest.ts";
import { BUNDLE_FILES } from "./view.ts";

/** One thing that was looked at. */
export interface Check {
  readonly what: "file" | "signature" | "key" | "inclusion" | "leaf" | "checkpoint";
  /** The file, for `file`; the signer, for `key`; the log's name and size, for `checkpoint`; else "". */
  readonly name: string;
  /** `absent`: it is not here, so nothing can be said of it. */
  readonly state: "ok" | "failed" | "absent";
}

export interface Verification {
  /** Nothing failed, and nothing that would be needed is absent. */
  readonly sound: boolean;
  readonly schema: string;
  readonly evidenceId: string;
  readonly cameraId: string;
  readonly event: string;
  readonly at: string;
  /** The public key that signed it; null for evidence in clear, which nobody signs. */
  readonly key: string | null;
  readonly checks: readonly Check[];
}

/**
 * Checks an exported bundle, a manifest by itself, or evidence in clear, from its files alone: no network, no state
 * folder, no secret. It proves that the files are what was sealed, that the holder of the key said so, and that the
 * journal has it; whose key it is, is for the reader to compare (`expectedKey`).
 * @param path a bundle's folder, or a manifest
 * @param expectedKey the journal's public key as it was published; null where it is not known
 * @throws BUNDLE_UNREADABLE
 */
export async function verifyEvidence(path: string, expectedKey: string | null): Promise<Verification> {
  const file = await manifestFile(path);
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    throw fault("BUNDLE_UNREADABLE", { path: file, reason: reasonOf(error) }, error);
  }
  const clear = evidenceManifestSchema.safeParse(value);
  if (clear.success) {
    const { schema, id, cameraId, event, at, still, clip } = clear.data;
    const checks = await Promise.all(
      [still, clip].flatMap((one) => (one === null ? [] : [checkFile(dirname(file), one.file, one)])),
    );
    return result({ schema, evidenceId: id, cameraId, event, at, key: null }, checks);
  }
  const signed = signedManifestSchema.safeParse(value);
  if (!signed.success)
    throw fault("BUNDLE_UNREADABLE", { path: file, reason: "it is not a manifest of evidence" });
  const { schema, evidence } = signed.data;
  const { evidenceId, cameraId, event, at } = evidence;
  return result({ schema, evidenceId, cameraId, event, at, key: signed.data.signature.key }, [
    ...(await checkBundle(dirname(file), signed.data)),
    ...checkSignature(signed.data, expectedKey),
    ...checkInclusion(signed.data),
  ]);
}

function result(about: Omit<Verification, "sound" | "checks">, checks: readonly Check[]): Verification {
  return { sound: checks.every(({ state }) => state === "ok"), ...about, checks };
}

async function manifestFile(path: string): Promise<string> {
  try {
    return (await stat(path)).isDirectory() ? join(path, BUNDLE_FILES.manifest) : path;
  } catch (error) {
    throw fault("BUNDLE_UNREADABLE", { path, reason: reasonOf(error) }, error);
  }
}

/** A manifest that still lies in its vault is checked with the sealed files, a bundle with those in clear. */
async function checkBundle(folder: string, { evidence }: SignedManifest): Promise<readonly Check[]> {
  const inVault = basename(folder) === "manifests";
  const checks: Check[] = [];
  for (const kind of SEALED_KINDS) {
    const about = evidence.files[kind];
    if (about === null) continue;
    checks.push(
      inVault
        ? await checkFile(join(folder, "..", "sealed"), `${evidence.evidenceId}.${kind}`, about.sealed)
        : await checkFile(folder, BUNDLE_FILES[kind], about.plain),
    );
  }
  return checks;
}

async function checkFile(folder: string, name: string, expected: FileDigest): Promise<Check> {
  let bytes: Uint8Array;
  try {
    // A manifest comes from anybody: its names reach no further than its folder.
    bytes = await readFile(join(folder, basename(name)));
  } catch (error) {
    if (isMissing(error)) return { what: "file", name, state: "absent" };
    throw fault("BUNDLE_UNREADABLE", { path: join(folder, name), reason: reasonOf(error) }, error);
  }
  const { sha256, bytes: length } = digestOf(bytes);
  const same = sha256 === expected.sha256 && length === expected.bytes;
  return { what: "file", name, state: same ? "ok" : "failed" };
}

function checkSignature(manifest: SignedManifest, expectedKey: string | null): readonly Check[] {
  const { key } = manifest.signature;
  const signature: Check = { what: "signature", name: "", state: signatureFits(manifest) ? "ok" : "failed" };
  if (expectedKey === null) return [signature];
  return [signature, { what: "key", name: key, state: key === expectedKey.trim() ? "ok" : "failed" }];
}

/** The proof must hold, and be of the very leaf that the manifest names and of the very payload that it shows. */
function checkInclusion({ journal, evidence, decision, signature, proof }: SignedManifest): readonly Check[] {
  if (proof === null) return [{ what: "inclusion", name: "", state: "absent" }];
  try {
    const { entry, checkpoint } = verifyInclusionProof(proof, [createNoteVerifier(signature.key)]);
    const { leaf, opening } = entry;
    const isLeaf =
      leaf.seq === journal.seq &&
      leaf.at === journal.at &&
      leaf.type === "evidence" &&
      leafHash(Buffer.from(canonicalize(leaf), "utf8")).toString("hex") === journal.leafHash;
    const isPayload =
      opening !== null &&
      canonicalize(opening.payload) === canonicalize(evidencePayload({ evidence, decision }));
    return [
      { what: "inclusion", name: "", state: isLeaf ? "ok" : "failed" },
      { what: "leaf", name: "", state: opening === null ? "absent" : isPayload ? "ok" : "failed" },
      { what: "checkpoint", name: `${checkpoint.origin} ${checkpoint.size}`, state: "ok" },
    ];
  } catch {
    return [{ what: "inclusion", name: "", state: "failed" }];
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof SyntaxError) return "it is not JSON";
  return error instanceof Error ? error.message : String(error);
}
