import { CodedError } from "../errors.ts";
import { openCheckpoint, type ParsedCheckpoint, parseCheckpoint } from "./checkpoint.ts";
import { createNoteVerifier, parseNote } from "./note.ts";
import { isConsistencyProof, parseConsistencyProof } from "./proof.ts";
import type { FindingList } from "./verify-findings.ts";
import type { SignedState } from "./verify-signatures.ts";
import { isMemory, parseMemory } from "./witness.ts";

/** Something that somebody kept of the journal: a checkpoint, a witness's memory, a request for a cosignature. */
export interface OutsideRecord {
  /** What to call it, such as its file. */
  readonly name: string;
  readonly text: string;
}

/** What became of the comparison with one. */
export interface ComparedRecord {
  readonly name: string;
  /** Leaves that it speaks of. */
  readonly size: number;
  /** `agrees`: the journal continues it. `not_compared`: a part of a journal, or a damaged one, cannot show it. */
  readonly outcome: "agrees" | "fork" | "rewritten" | "shrunk" | "not_compared";
  /** Whether somebody else than the journal kept it. */
  readonly outside: boolean;
}

/** Compares the journal with what was signed before. */
export class RecordCheck {
  readonly #state: SignedState;
  readonly #findings: FindingList;
  readonly #records: readonly { name: string; checkpoint: ParsedCheckpoint; outside: boolean }[];
  readonly #compared: ComparedRecord[] = [];
  readonly #continued = new Set<string>();

  /** @param outside what others kept. @param beside cosigned checkpoints that lie in the journal's own folder */
  constructor(
    outside: readonly OutsideRecord[],
    beside: readonly OutsideRecord[],
    state: SignedState,
    findings: FindingList,
  ) {
    this.#state = state;
    this.#findings = findings;
    this.#records = [
      ...outside.flatMap((record) => this.#read(record, true)),
      ...beside.flatMap((record) => this.#read(record, false)),
    ];
  }

  /** Sizes whose roots are needed. */
  get sizes(): readonly number[] {
    return [...new Set(this.#records.map(({ checkpoint }) => checkpoint.size))];
  }

  get compared(): readonly ComparedRecord[] {
    return this.#compared;
  }

  /** Whether the journal was found to continue a state. */
  continues(size: number, root: Buffer): boolean {
    if (size === this.#state.size) return this.#state.root?.equals(root) === true;
    return this.#continued.has(`${size} ${root.toString("hex")}`);
  }

  /** Leaves of the largest record of somebody else that the journal continues. */
  get agreedTo(): number {
    const agreeing = this.#compared.filter(({ outcome, outside }) => outside && outcome === "agrees");
    return Math.max(0, ...agreeing.map(({ size }) => size));
  }

  /** @param rootAt root of the journal at a size; null where it cannot be told */
  async compare(rootAt: (size: number) => Promise<Buffer | null> | Buffer | null): Promise<void> {
    const { size, root } = this.#state;
    if (root === null) return;
    for (const { name, checkpoint, outside } of this.#records) {
      const outcome = await outcomeOf(checkpoint, { size, root }, rootAt);
      this.#compared.push({ name, size: checkpoint.size, outcome, outside });
      if (outcome === "agrees") this.#continued.add(`${checkpoint.size} ${checkpoint.root.toString("hex")}`);
      else this.#findings.add(outcome, { name, seq: checkpoint.size });
    }
  }

  #read(record: OutsideRecord, outside: boolean) {
    const { name } = record;
    const found = this.#open(record);
    const { origin } = this.#state;
    const ours = found.filter(({ checkpoint }) => checkpoint.origin === origin);
    if (found.length > 0 && ours.length === 0) {
      this.#findings.add("record_unusable", {
        name,
        detail: found.map((one) => one.checkpoint.origin).join(", "),
      });
    }
    return ours.map((one) => ({ name, outside, ...one }));
  }

  /** The checkpoints in a record that are signed by the journal's key. */
  #open({ name, text }: OutsideRecord): readonly { checkpoint: ParsedCheckpoint }[] {
    const { key, origin } = this.#state;
    try {
      if (isMemory(text)) {
        // Read whole, each state with the key that the witness kept for its journal.
        const all = [...parseMemory(text, name).values()];
        for (const { logKey, note } of all) {
          if (
            parseCheckpoint(parseNote(note).text).origin === origin &&
            key !== null &&
            key.line !== logKey
          ) {
            this.#findings.add("other_key", { name });
          }
        }
        return all.map(({ note }) => ({ checkpoint: parseCheckpoint(parseNote(note).text) }));
      }
      const note = isConsistencyProof(text) ? parseConsistencyProof(text).note : text;
      if (key === null) return [{ checkpoint: parseCheckpoint(parseNote(note).text) }];
      return [openCheckpoint(note, [createNoteVerifier(key.line)])];
    } catch (thrown) {
      const detail = thrown instanceof CodedError ? thrown.message : String(thrown);
      this.#findings.add("record_unusable", { name, detail });
      return [];
    }
  }
}

async function outcomeOf(
  record: ParsedCheckpoint,
  state: { readonly size: number; readonly root: Buffer },
  rootAt: (size: number) => Promise<Buffer | null> | Buffer | null,
): Promise<ComparedRecord["outcome"]> {
  if (record.size > state.size) return "shrunk";
  if (record.size === state.size) return record.root.equals(state.root) ? "agrees" : "fork";
  const root = await rootAt(record.size);
  if (root === null) return "not_compared";
  return record.root.equals(root) ? "agrees" : "rewritten";
}
