import { isUtf8 } from "node:buffer";
import { join } from "node:path";
import { canonicalize } from "json-canonicalize";
import { z } from "zod";
import { isMissing, readUnwiped } from "./durable.ts";
import type { Leaf } from "./leaf.ts";
import { payloadHash, payloadRefOf, SEGMENT_WIDTH, segmentPath } from "./payloads.ts";
import type { FindingList } from "./verify-findings.ts";

/** What became of the payloads. */
export interface PayloadSummary {
  /** There, and what their leaves vouch for. */
  readonly intact: number;
  /** Destroyed, and an `erasure` leaf says so. */
  readonly erased: number;
  /** Left out of a bundle by whoever made it. */
  readonly withheld: number;
  readonly changed: number;
  readonly missing: number;
}

/**
 * Checks the payloads of a journal against its leaves, a file of 256 at a time; and that whatever is gone was erased
 * by an act that the journal records. Remembers one number for each payload that was erased.
 */
export class PayloadCheck {
  readonly #folder: string;
  readonly #findings: FindingList;
  /** Erased payloads, by the leaf that is said to have erased them. */
  readonly #erasedBy = new Map<number, number[]>();
  /** Seqs of `erasure` leaves; those that name what they erase, with it. */
  readonly #erasures = new Map<number, ReadonlySet<number> | null>();
  readonly #counts = { intact: 0, erased: 0, withheld: 0, changed: 0, missing: 0 };

  readonly #shown: (seq: number) => boolean;

  /** @param shown whether a leaf's payload must be in the folder: a part of a journal has those of a range */
  constructor(folder: string, findings: FindingList, shown: (seq: number) => boolean) {
    this.#folder = folder;
    this.#findings = findings;
    this.#shown = shown;
  }

  /**
   * Checks one segment.
   * @param leaves those that are there, by their seq
   */
  async segment(index: number, leaves: ReadonlyMap<number, Leaf>): Promise<void> {
    const lines = await this.#lines(index);
    for (const [seq, leaf] of leaves) {
      if (leaf.payloadRef !== payloadRefOf(seq)) {
        this.#findings.add("leaf_malformed", { seq, detail: leaf.payloadRef });
        continue;
      }
      const line = lines?.[seq % SEGMENT_WIDTH];
      const text = line === undefined || line === "" ? null : this.#payload(line, leaf, index);
      if (line === undefined || line === "") {
        if (this.#shown(seq)) {
          this.#counts.missing += 1;
          this.#findings.add("payload_missing", { seq, file: segmentPath(index) });
        } else {
          this.#counts.withheld += 1;
        }
      }
      if (leaf.type === "erasure") this.#erasures.set(seq, text === null ? null : seqsOf(text));
    }
  }

  /** Compares what is gone with what the journal says was erased. */
  end(): PayloadSummary {
    const erased = new Set<number>();
    for (const [by, seqs] of this.#erasedBy) {
      const named = this.#erasures.get(by);
      for (const seq of seqs) {
        erased.add(seq);
        // Where a bundle leaves the erasure out, only the whole journal can show it.
        const recorded = named === undefined ? !this.#shown(by) : named === null || named.has(seq);
        if (!recorded) {
          this.#findings.add("erasure_unrecorded", { seq, file: payloadRefOf(seq) });
        } else {
          this.#counts.erased += 1;
        }
      }
    }
    for (const [by, named] of this.#erasures) {
      for (const seq of named ?? []) {
        if (seq < by && this.#present.has(seq) && !erased.has(seq)) {
          this.#findings.add("erasure_not_done", { seq, detail: String(by) });
        }
      }
    }
    return { ...this.#counts };
  }

  /** Leaves whose payload is there: one bit each. */
  readonly #present = new BitSet();

  /** Checks one line. @returns the payload's text where it is the one that the leaf vouches for */
  #payload(line: string, leaf: Leaf, index: number): string | null {
    const place = { seq: leaf.seq, file: segmentPath(index) };
    const kept = KEPT.exec(line);
    const [, text, salt, seq] = kept ?? [];
    if (text !== undefined && salt !== undefined && Number(seq) === leaf.seq) {
      if (isHashed(text, salt, leaf)) {
        this.#counts.intact += 1;
        this.#present.add(leaf.seq);
        return text;
      }
      this.#counts.changed += 1;
      this.#findings.add("payload_changed", place);
      return null;
    }
    const other = parseOther(line);
    if (other === null || other.seq !== leaf.seq) {
      this.#counts.changed += 1;
      this.#findings.add("payload_malformed", place);
    } else if ("withheld" in other) {
      this.#counts.withheld += 1;
    } else {
      const { by } = other.erased;
      const seqs = this.#erasedBy.get(by) ?? [];
      seqs.push(leaf.seq);
      this.#erasedBy.set(by, seqs);
    }
    return null;
  }

  async #lines(index: number): Promise<readonly string[] | null> {
    try {
      const bytes = await readUnwiped(join(this.#folder, segmentPath(index)));
      if (!isUtf8(bytes)) this.#findings.add("payload_malformed", { file: segmentPath(index) });
      return bytes.toString("utf8").split("\n");
    } catch (thrown) {
      if (isMissing(thrown)) return null;
      throw thrown;
    }
  }
}

/** A kept payload as it is written: the payload stands between the first name and the salt. */
const KEPT =
  /^\{"payload":(\{.*\}),"salt":"([0-9a-f]{64})","seq":(\d{1,16}),"submission":(?:null|"[^"\\]*")\}$/s;

const otherSchema = z.union([
  z.strictObject({ seq: z.int(), erased: z.strictObject({ at: z.string(), by: z.int() }) }),
  z.strictObject({ seq: z.int(), withheld: z.literal(true) }),
]);

function parseOther(line: string): z.output<typeof otherSchema> | null {
  try {
    return otherSchema.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

/** Whether salt and payload have the leaf's hash; also where somebody wrote the same payload in another way. */
function isHashed(text: string, salt: string, leaf: Leaf): boolean {
  const bytes = Buffer.from(salt, "hex");
  if (payloadHash(bytes, text) === leaf.payloadHash) return true;
  try {
    return payloadHash(bytes, canonicalize(JSON.parse(text))) === leaf.payloadHash;
  } catch {
    return false;
  }
}

const erasureSchema = z.object({ leaves: z.array(z.int()).optional(), seqs: z.array(z.int()).optional() });

/** The leaves that an erasure's payload names. One of evidence alone names none. */
function seqsOf(text: string): ReadonlySet<number> {
  const found = erasureSchema.safeParse(JSON.parse(text));
  return new Set(found.success ? [...(found.data.leaves ?? []), ...(found.data.seqs ?? [])] : []);
}

class BitSet {
  #bits = new Uint8Array(1024);

  add(index: number): void {
    const byte = Math.floor(index / 8);
    if (byte >= this.#bits.length) {
      const larger = new Uint8Array(Math.max(byte + 1, this.#bits.length * 2));
      larger.set(this.#bits);
      this.#bits = larger;
    }
    this.#bits[byte] = (this.#bits[byte] ?? 0) | (1 << (index % 8));
  }

  has(index: number): boolean {
    return ((this.#bits[Math.floor(index / 8)] ?? 0) & (1 << (index % 8))) !== 0;
  }
}
