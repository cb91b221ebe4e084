/**
 * Everything that a verification can find, each with what it means and what to do, for people. `broken`: something
 * was changed, removed or is not what was signed. `doubt`: nothing speaks against the journal, and something that
 * would speak for it is missing. `remark`: worth knowing.
 */
export const FINDING_SEVERITIES = {
  // the signed state
  checkpoint_missing: "broken",
  checkpoint_malformed: "broken",
  checkpoint_unsigned: "broken",
  checkpoint_signature_wrong: "broken",
  other_key: "broken",
  other_journal: "broken",
  // leaves and hashes
  leaf_changed: "broken",
  part_changed: "broken",
  tile_changed: "broken",
  tile_missing: "broken",
  tile_malformed: "broken",
  earlier_differs: "broken",
  leaves_missing: "broken",
  leaves_malformed: "broken",
  tail_cut: "broken",
  root_differs: "broken",
  // what each leaf says
  leaf_malformed: "broken",
  leaf_out_of_order: "broken",
  time_went_back: "doubt",
  // what the leaves are about
  payload_changed: "broken",
  payload_missing: "broken",
  payload_malformed: "broken",
  erasure_unrecorded: "broken",
  erasure_not_done: "broken",
  // what others remember
  fork: "broken",
  rewritten: "broken",
  shrunk: "broken",
  cosignature_wrong: "broken",
  record_unusable: "doubt",
  not_compared: "doubt",
  // who vouches
  nobody_independent: "doubt",
  no_witness: "doubt",
  not_yet_vouched: "remark",
  unknown_signature: "remark",
  beyond_checkpoint: "remark",
  tail_unreadable: "doubt",
} as const satisfies Record<string, "broken" | "doubt" | "remark">;
export type FindingCode = keyof typeof FINDING_SEVERITIES;
export type FindingSeverity = (typeof FINDING_SEVERITIES)[FindingCode];

/** Where something was found: a file, leaves, or the record that it was compared with. */
export interface FindingPlace {
  readonly file?: string;
  /** First leaf concerned. */
  readonly seq?: number;
  /** Last leaf concerned, where it is more than one. */
  readonly lastSeq?: number;
  /** Name of a key, a record or the like. */
  readonly name?: string;
  readonly detail?: string;
}

/** One kind of thing that was found, with the first places where. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: FindingSeverity;
  readonly count: number;
  /** At most 20 of them. */
  readonly places: readonly FindingPlace[];
}

/** Gathers findings, one of each kind, and does not grow with the damage. */
export class FindingList {
  readonly #found = new Map<FindingCode, { count: number; places: FindingPlace[] }>();

  add(code: FindingCode, place: FindingPlace = {}): void {
    const entry = this.#found.get(code) ?? { count: 0, places: [] };
    entry.count += 1;
    if (entry.places.length < MOST_PLACES) entry.places.push(place);
    this.#found.set(code, entry);
  }

  /** Whether anything was found of what was hashed and signed that is broken. */
  hasBroken(): boolean {
    return [...this.#found.keys()].some((code) => FINDING_SEVERITIES[code] === "broken");
  }

  /** The worst first, else in the order of the table above. */
  list(): readonly Finding[] {
    const order = ["broken", "doubt", "remark"];
    const codes = Object.keys(FINDING_SEVERITIES) as FindingCode[];
    return codes
      .flatMap((code) => {
        const entry = this.#found.get(code);
        return entry === undefined ? [] : [{ code, severity: FINDING_SEVERITIES[code], ...entry }];
      })
      .sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
  }
}

const MOST_PLACES = 20;
