import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fault } from "../errors.ts";
import { writeWhole } from "../files/write-whole.ts";
import { type Clock, formatUtc } from "../time/clock.ts";
import { openCheckpoint } from "./checkpoint.ts";
import { cosignatureTime, createCosignatureVerifier } from "./cosignature.ts";
import type { Acknowledgement } from "./leaf.ts";
import { readCheckpoint } from "./log-reader.ts";
import { rootAt } from "./merkle.ts";
import { addSignatures, createNoteVerifier, parseNote, parseVerifierKey } from "./note.ts";
import { submit } from "./submit.ts";
import { TileReader } from "./tiles.ts";
import { openSource, WITNESSED_FOLDER, WITNESSES_FILE } from "./verify-source.ts";

/** A cosignature that was taken up. */
export interface TakenUp {
  readonly witness: string;
  /** When the witness says that it signed, RFC 3339. */
  readonly at: string;
  /** Leaves of the state that it signed. */
  readonly size: number;
  /** The leaf that says so. */
  readonly leaf: Acknowledgement;
}

/**
 * Takes up what a witness sent back: a checkpoint of this journal with the witness's cosignature. It is kept beside
 * the journal, with the witness's key, and a leaf says so. The journal itself may have gone on since.
 * @param actor who took it up: a pseudonym
 * @param witnessKey of the witness; one that was taken up before where missing
 * @throws COSIGNATURE_NOT_OURS, NOTE_…, CHECKPOINT_MALFORMED, JOURNAL_…
 */
export async function takeUpCosignature(
  folder: string,
  note: string,
  options: { readonly witnessKey?: string; readonly actor: string; readonly clock: Clock },
): Promise<readonly TakenUp[]> {
  const source = await openSource(folder);
  if (source.publicKey === null) throw fault("VERIFY_NO_JOURNAL", { folder });
  const keys = options.witnessKey === undefined ? source.witnessKeys : [options.witnessKey.trim()];
  const log = createNoteVerifier(source.publicKey);
  // The log's own signature first: without it this is not a state that the journal ever signed.
  const { text, checkpoint } = openCheckpoint(note, [log]);
  const { verified } = openCheckpoint(note, keys.map(createCosignatureVerifier));
  const present = await readCheckpoint(folder);
  const { origin, size, root } = checkpoint;
  const held =
    present !== null && size <= present.size
      ? await rootAt(new TileReader(folder, present.size), size)
      : null;
  if (present?.origin !== origin || held === null || !held.equals(root)) {
    throw fault("COSIGNATURE_NOT_OURS", { origin, size, present: present?.size ?? 0 });
  }
  await keepNote(folder, size, text, note);
  await keepKeys(folder, source.witnessKeys, keys);
  const taken: TakenUp[] = [];
  for (const { name, keyId, signature } of verified) {
    const at = formatUtc(cosignatureTime(signature) ?? 0);
    const payload = {
      witness: name,
      keyId: keyId.toString(16).padStart(8, "0"),
      size,
      root: root.toString("hex"),
      at,
    };
    const entry = { type: "checkpoint_witnessed" as const, actor: options.actor, payload };
    taken.push({ witness: name, at, size, leaf: await submit(folder, entry, { clock: options.clock }) });
  }
  return taken;
}

/** The checkpoint with all signatures that came back for it. */
async function keepNote(folder: string, size: number, text: string, note: string): Promise<void> {
  const path = join(folder, WITNESSED_FOLDER, String(size));
  const before = await readFile(path, "utf8").catch(() => null);
  const old = before === null ? [] : parseNote(before).signatures;
  const fresh = parseNote(note).signatures.filter(
    (one) =>
      !old.some(
        ({ name, keyId, signature }) =>
          name === one.name && keyId === one.keyId && signature.equals(one.signature),
      ),
  );
  // A witness may sign one state again later: the newer signature stands alone.
  const kept = old.filter(
    (one) => !fresh.some(({ name, keyId }) => name === one.name && keyId === one.keyId),
  );
  await writeWhole(path, addSignatures(`${text}\n`, [...kept, ...fresh]));
}

async function keepKeys(folder: string, known: readonly string[], keys: readonly string[]): Promise<void> {
  const fresh = keys.filter((key) => parseVerifierKey(key).name !== "" && !known.includes(key));
  if (fresh.length > 0)
    await writeWhole(join(folder, WITNESSES_FILE), `${[...known, ...fresh].join("\n")}\n`);
}
