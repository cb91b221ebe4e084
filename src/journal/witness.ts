import { open, readFile, rm } from "node:fs/promises";
import { fault } from "../errors.ts";
import { writeWhole } from "../files/write-whole.ts";
import { type Clock, formatUtc } from "../time/clock.ts";
import { openCheckpoint, type ParsedCheckpoint, parseCheckpoint } from "./checkpoint.ts";
import { type Cosigner, cosignatureTime, createCosignatureVerifier } from "./cosignature.ts";
import { addSignatures, createNoteVerifier, parseNote, parseVerifierKey } from "./note.ts";
import { continues } from "./proof.ts";

/**
 * A witness: somebody else than who runs the journal (a town hall, an association, a court's clerk), who keeps one
 * small text file and signs a new state of the journal only if it continues the one that was seen before. It needs
 * no access to the journal, only the few lines of a request.
 */

/** What a witness remembers of one journal. */
export interface Remembered {
  /** The journal's public key, as one line. */
  readonly logKey: string;
  /** The newest checkpoint that was cosigned, as a note with this witness's cosignature. */
  readonly note: string;
}

/** What a witness is asked to sign. */
export interface WitnessRequest {
  /** The checkpoint as a signed note. */
  readonly note: string;
  /**
   * Shows that the checkpoint continues the state of `size` leaves that the witness remembers. From a journal's
   * folder it is computed; from a request file it is read; a bare checkpoint has none.
   */
  proofFrom(size: number): Promise<readonly Uint8Array[] | { readonly startsAt: number } | null>;
}

/** What a witness did. */
export interface Witnessed {
  readonly checkpoint: ParsedCheckpoint;
  /** The state that was remembered before; null where the journal was new to this witness. */
  readonly before: ParsedCheckpoint | null;
  /** The checkpoint with the journal's signature and the cosignature. */
  readonly note: string;
}

export interface WitnessOptions {
  readonly cosigner: Cosigner;
  /** Path of the memory file; made where there is none. */
  readonly memory: string;
  /** The journal's public key: needed the first time, compared afterwards. */
  readonly logKey?: string;
  readonly clock: Clock;
}

/**
 * Checks that a checkpoint continues what this witness remembers, remembers it, and cosigns it. What is remembered
 * is on the disk before the cosignature is given out, and one process at a time does this.
 * @throws WITNESS_…, NOTE_…, CHECKPOINT_MALFORMED; then nothing was signed and nothing forgotten
 */
export async function witness(request: WitnessRequest, options: WitnessOptions): Promise<Witnessed> {
  const { memory, cosigner, clock } = options;
  return await locked(memory, async () => {
    const all = await readMemory(memory);
    const { origin } = parseCheckpoint(parseNote(request.note).text);
    const known = all.get(origin) ?? null;
    const logKey = keyFor(origin, known, options.logKey);
    const { text, checkpoint, verified } = openCheckpoint(request.note, [createNoteVerifier(logKey)]);
    const before = known === null ? null : rememberedCheckpoint(known, cosigner, memory, clock.now());
    if (before !== null) await checkContinues(before, checkpoint, known?.note ?? "", request, memory);
    const cosignature = cosigner.cosign(text, clock.now());
    const note = addSignatures(`${text}\n`, [...verified, cosignature]);
    all.set(origin, { logKey, note });
    await writeWhole(memory, formatMemory(all), { mode: 0o600 });
    return { checkpoint, before, note };
  });
}

/** Reads a memory file: what is remembered, by the journals' names. Empty where there is no file. */
export async function readMemory(path: string): Promise<Map<string, Remembered>> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (thrown) {
    if (isMissing(thrown)) return new Map();
    throw fault("WITNESS_MEMORY", { file: path, what: "it cannot be read" }, thrown);
  }
  return parseMemory(text, path);
}

/** Reads the text of a memory file. @param path for messages @throws WITNESS_MEMORY */
export function parseMemory(text: string, path: string): Map<string, Remembered> {
  const broken = (what: string, cause?: unknown) => fault("WITNESS_MEMORY", { file: path, what }, cause);
  if (!isMemory(text)) throw broken("its first line is not that of a witness's memory");
  const found = new Map<string, Remembered>();
  const [, ...records] = text.split(/^journal (?=\S+$)/m);
  for (const record of records) {
    const match = /^(\S+)\n\n([\s\S]+\n)\nend\n\s*$/.exec(record);
    const [, logKey, note] = match ?? [];
    if (logKey === undefined || note === undefined) throw broken("a record is cut short");
    try {
      const { checkpoint } = openCheckpoint(note, [createNoteVerifier(logKey)]);
      if (found.has(checkpoint.origin)) throw broken(`it holds ${checkpoint.origin} twice`);
      found.set(checkpoint.origin, { logKey, note });
    } catch (thrown) {
      throw broken("a record is damaged", thrown);
    }
  }
  return found;
}

/** Whether a text is meant as a memory file. */
export function isMemory(text: string): boolean {
  return text.startsWith(`${HEAD}\n`);
}

/** The text of a memory file, in the order of the journals' names. */
export function formatMemory(all: ReadonlyMap<string, Remembered>): string {
  const records = [...all]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { logKey, note }]) => `journal ${logKey}\n\n${note}\nend\n`);
  return `${[`${HEAD}\n${EXPLANATION}`, ...records].join("\n")}`;
}

const HEAD = "contrechamp witness memory 1";
const EXPLANATION = `The newest state of each journal that this witness has signed. Keep this file and a copy of it elsewhere.
Whoever compares it with the journal sees whether anything before was changed or removed.
Le dernier état de chaque journal que ce témoin a signé. Gardez ce fichier et une copie ailleurs.
Qui le compare au journal voit si quelque chose d'antérieur a été modifié ou retiré.
`;

function keyFor(origin: string, known: Remembered | null, given: string | undefined): string {
  const logKey = known?.logKey ?? given?.trim();
  if (logKey === undefined) throw fault("WITNESS_LOG_UNKNOWN", { origin });
  if (given !== undefined && given.trim() !== logKey) throw fault("WITNESS_LOG_KEY", { origin });
  // A key for another journal's name would vouch for it under this one's.
  if (parseVerifierKey(logKey).name !== origin) throw fault("WITNESS_LOG_UNKNOWN", { origin });
  return logKey;
}

/** What was remembered, once this witness's own signature shows that nobody edited the file. */
function rememberedCheckpoint(
  known: Remembered,
  cosigner: Cosigner,
  memory: string,
  now: number,
): ParsedCheckpoint {
  let opened: ReturnType<typeof openCheckpoint>;
  try {
    opened = openCheckpoint(known.note, [createCosignatureVerifier(cosigner.verifierKey)]);
  } catch (thrown) {
    throw fault(
      "WITNESS_MEMORY",
      { file: memory, what: "what it holds was not signed with this key" },
      thrown,
    );
  }
  for (const { signature } of opened.verified) {
    const last = cosignatureTime(signature);
    if (last !== null && last > now) {
      throw fault("WITNESS_CLOCK", { at: formatUtc(now), last: formatUtc(last) });
    }
  }
  return opened.checkpoint;
}

async function checkContinues(
  before: ParsedCheckpoint,
  now: ParsedCheckpoint,
  beforeNote: string,
  request: WitnessRequest,
  memory: string,
): Promise<void> {
  const { origin } = now;
  const kept = `${memory}.refused-${now.size}`;
  const sizes = { origin, size: before.size, given: now.size };
  const keep = async () => {
    await writeWhole(kept, `${beforeNote}\n${request.note}`, { mode: 0o600 });
    return { ...sizes, kept };
  };
  if (now.size < before.size) throw fault("WITNESS_SMALLER", await keep());
  if (now.size === before.size) {
    if (!before.root.equals(now.root)) throw fault("WITNESS_FORK", await keep());
    return;
  }
  const proof = await request.proofFrom(before.size);
  if (proof === null) throw fault("WITNESS_NEEDS_PROOF", { origin, size: before.size });
  if ("startsAt" in proof) {
    throw fault("WITNESS_OTHER_START", { origin, size: before.size, given: proof.startsAt });
  }
  if (!continues(before, now, proof)) throw fault("WITNESS_PROOF", await keep());
}

/** Runs while no other process uses the memory: two at once could each sign what the other does not know of. */
async function locked<T>(memory: string, action: () => Promise<T>): Promise<T> {
  const lock = `${memory}.lock`;
  let file: Awaited<ReturnType<typeof open>>;
  try {
    file = await open(lock, "wx", 0o600);
  } catch (thrown) {
    if (thrown instanceof Error && "code" in thrown && thrown.code === "EEXIST") {
      throw fault("WITNESS_MEMORY_BUSY", { file: memory }, thrown);
    }
    throw fault("WITNESS_MEMORY", { file: memory, what: "its folder cannot be written" }, thrown);
  }
  try {
    await file.close();
    return await action();
  } finally {
    await rm(lock, { force: true });
  }
}

function isMissing(thrown: unknown): boolean {
  return thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT";
}
