import { CodedError } from "../errors.ts";
import { formatUtc } from "../time/clock.ts";
import { type ParsedCheckpoint, parseCheckpoint } from "./checkpoint.ts";
import { cosignatureTime, createCosignatureVerifier, createVerifier } from "./cosignature.ts";
import { type NoteSignature, type NoteVerifier, parseNote, parseVerifierKey } from "./note.ts";
import type { FindingList } from "./verify-findings.ts";
import type { JournalSource } from "./verify-source.ts";

/** A signature of the signed state, or of a cosigned earlier one, and what became of it. */
export interface CheckedSignature {
  readonly name: string;
  /** Hexadecimal. */
  readonly keyId: string;
  readonly kind: "log" | "witness" | "unknown";
  readonly state: "valid" | "wrong" | "unknown";
  /** When a witness says that it signed, RFC 3339; null for others. */
  readonly at: string | null;
  /** Leaves that the signed state has. */
  readonly size: number;
  /** Whether the key came from somebody else than the journal. */
  readonly keyGiven: boolean;
}

/** The signed state that everything is compared with. */
export interface SignedState {
  /** Null where there is none that can be read. */
  readonly origin: string | null;
  readonly size: number;
  readonly root: Buffer | null;
  readonly key: { readonly line: string; readonly fromJournal: boolean } | null;
  readonly signatures: readonly CheckedSignature[];
  /** States that bear a right signature of a witness whose key was given. */
  readonly witnessed: readonly { readonly size: number; readonly root: Buffer }[];
}

/** Reads the signed state and checks who signed it, and the earlier states that witnesses sent back. */
export function readSignedState(
  source: JournalSource,
  given: { readonly logKey?: string; readonly witnessKeys?: readonly string[] },
  findings: FindingList,
): SignedState {
  const known = new KnownKeys(source, given);
  const none = { origin: null, size: 0, root: null, key: known.log, signatures: [], witnessed: [] };
  if (source.checkpoint === null) {
    findings.add("checkpoint_missing", { file: "checkpoint" });
    return none;
  }
  let text: string;
  let checkpoint: ParsedCheckpoint;
  let found: readonly NoteSignature[];
  try {
    const parsed = parseNote(source.checkpoint);
    text = parsed.text;
    found = parsed.signatures;
    checkpoint = parseCheckpoint(text);
  } catch (thrown) {
    findings.add("checkpoint_malformed", { file: "checkpoint", detail: reason(thrown) });
    return none;
  }
  const signatures = known.check(text, checkpoint.size, found, findings);
  checkOwn(checkpoint, known, signatures, findings);
  const witnessed: { size: number; root: Buffer }[] = [];
  const noted = (list: readonly CheckedSignature[], { size, root }: ParsedCheckpoint) => {
    if (list.some(({ kind, state, keyGiven }) => kind === "witness" && state === "valid" && keyGiven)) {
      witnessed.push({ size, root });
    }
    return list;
  };
  noted(signatures, checkpoint);
  const earlier = source.witnessed.flatMap(({ name, text: file }) => {
    try {
      const { text: body, signatures: lines } = parseNote(file);
      const state = parseCheckpoint(body);
      // That the state itself fits is a matter for the comparison of records; here only who signed it.
      const checked = known.check(body, state.size, lines, findings);
      return noted(checked, state).filter(({ kind }) => kind !== "log");
    } catch (thrown) {
      findings.add("record_unusable", { name, detail: reason(thrown) });
      return [];
    }
  });
  const all = [...signatures, ...newest(earlier, signatures)];
  for (const { name, keyId, kind } of all) {
    if (kind === "unknown") findings.add("unknown_signature", { name, detail: keyId });
  }
  return {
    origin: checkpoint.origin,
    size: checkpoint.size,
    root: checkpoint.root,
    key: known.log,
    signatures: all,
    witnessed,
  };
}

/** Whether the journal's own signature is there, right, and by the right key. */
function checkOwn(
  checkpoint: ParsedCheckpoint,
  known: KnownKeys,
  signatures: readonly CheckedSignature[],
  findings: FindingList,
): void {
  const { log } = known;
  const own = signatures.filter(({ kind }) => kind === "log");
  if (log !== null && parseVerifierKey(log.line).name !== checkpoint.origin) {
    findings.add("other_journal", { name: checkpoint.origin, detail: parseVerifierKey(log.line).name });
  }
  if (own.some(({ state }) => state === "valid")) return;
  if (own.length > 0) findings.add("checkpoint_signature_wrong", { file: "checkpoint" });
  else if (signatures.some(({ name }) => name === checkpoint.origin)) {
    findings.add("other_key", { name: checkpoint.origin });
  } else findings.add("checkpoint_unsigned", { file: "checkpoint" });
}

/** The keys that are known, and where from. */
class KnownKeys {
  readonly log: SignedState["key"];
  readonly #verifiers: readonly (NoteVerifier & {
    readonly kind: "log" | "witness";
    readonly given: boolean;
  })[];

  constructor(
    source: JournalSource,
    given: { readonly logKey?: string; readonly witnessKeys?: readonly string[] },
  ) {
    const line = given.logKey?.trim() ?? source.publicKey;
    const usable = line !== null && (given.logKey !== undefined || isKey(line)) ? line : null;
    this.log = usable === null ? null : { line: usable, fromJournal: given.logKey === undefined };
    const beside = source.witnessKeys.filter(isWitnessKey);
    this.#verifiers = [
      ...(usable === null
        ? []
        : [{ ...createVerifier(usable), kind: "log" as const, given: given.logKey !== undefined }]),
      ...(given.witnessKeys ?? []).map((key) => ({
        ...createCosignatureVerifier(key),
        kind: "witness" as const,
        given: true,
      })),
      ...beside.map((key) => ({ ...createCosignatureVerifier(key), kind: "witness" as const, given: false })),
    ];
  }

  check(
    text: string,
    size: number,
    signatures: readonly NoteSignature[],
    findings: FindingList,
  ): readonly CheckedSignature[] {
    return signatures.map(({ name, keyId, signature }) => {
      const id = keyId.toString(16).padStart(8, "0");
      const verifier = this.#verifiers.find((one) => one.name === name && one.keyId === keyId);
      const time = cosignatureTime(signature);
      const at = time === null ? null : formatUtc(time);
      if (verifier === undefined) {
        return { name, keyId: id, kind: "unknown", state: "unknown", at, size, keyGiven: false };
      }
      const valid = verifier.verify(text, signature);
      if (!valid && verifier.kind === "witness")
        findings.add("cosignature_wrong", { name, detail: String(size) });
      return {
        name,
        keyId: id,
        kind: verifier.kind,
        state: valid ? "valid" : "wrong",
        at: verifier.kind === "witness" ? at : null,
        size,
        keyGiven: verifier.given,
      };
    });
  }
}

/** Of each witness the newest signature alone, and none where it signed the present state too. */
function newest(
  earlier: readonly CheckedSignature[],
  present: readonly CheckedSignature[],
): readonly CheckedSignature[] {
  const byKey = new Map<string, CheckedSignature>();
  for (const one of earlier) {
    const key = `${one.name} ${one.keyId}`;
    const seen = byKey.get(key);
    if (seen === undefined || one.size >= seen.size) byKey.set(key, one);
  }
  for (const { name, keyId } of present) byKey.delete(`${name} ${keyId}`);
  return [...byKey.values()];
}

function isKey(line: string): boolean {
  try {
    parseVerifierKey(line);
    return true;
  } catch {
    return false;
  }
}

function isWitnessKey(line: string): boolean {
  try {
    createCosignatureVerifier(line);
    return true;
  } catch {
    return false;
  }
}

function reason(thrown: unknown): string {
  return thrown instanceof CodedError ? thrown.message : String(thrown);
}
