import { canonicalize } from "json-canonicalize";
import { type Certified, certify } from "../../src/audit/certify/certify.ts";
import { type FixedThresholds, type Pinned, pinningEntry } from "../../src/audit/certify/fixed-thresholds.ts";
import { parseThresholds, type Thresholds, type ThresholdsFile } from "../../src/audit/certify/thresholds.ts";
import type { AuditRecord, ClipFact, RuleFact } from "../../src/audit/record.ts";
import type { Suite } from "../../src/audit/suite.ts";
import { CodedError } from "../../src/errors.ts";
import { openJournal } from "../../src/journal/journal.ts";
import type { JournalEntry } from "../../src/journal/leaf.ts";
import { auditRecord, clipFact, matchedRule } from "./audit-record.ts";
import { HandClock } from "./hand-clock.ts";
import { testKeys } from "./policy-fixtures.ts";

/** Thresholds, records and journals that fit together, for tests of certificates. Nothing of it was measured. */

const HASH = "0123456789abcdef".repeat(4);
/** When the example thresholds are fixed: an hour before the example measurement. */
export const FIXED_AT = Date.parse("2026-03-01T09:00:00Z");
/** When somebody certifies: after the example measurement. */
export const CERTIFIED_AT = Date.parse("2026-03-02T09:00:00Z");

/** Thresholds for the example record. */
export function exampleThresholds(
  overrides: Partial<Thresholds> = {},
  name = "thresholds.json",
): ThresholdsFile {
  const thresholds = {
    schema: "contrechamp/thresholds@1",
    id: "urn:example:thresholds:1",
    suite: { name: "example suite", sha256: HASH },
    model: { sha256: HASH },
    engine: { version: "0.1.0", configSha256: HASH },
    events: {
      zone_intrusion: { recall: 0.9, precision: 0.9, falseAlarmsPerHour: 4, minimumEvents: 59 },
      wrong_way: { recall: 0.9, precision: 0.9, falseAlarmsPerHour: null, minimumEvents: 59 },
    },
    validFor: "P6M",
    conditions: { fr: "Exemple : de jour.", en: "Example: daylight." },
    issuer: "An example of a bench",
    ...overrides,
  };
  return parseThresholds(JSON.stringify(thresholds), name);
}

/** What the journal holds of them. */
export function pinnedOf({ thresholds, sha256 }: ThresholdsFile, overrides: Partial<Pinned> = {}): Pinned {
  return {
    action: "fixed",
    id: thresholds.id,
    thresholdsSha256: sha256,
    thresholds: JSON.parse(canonicalize(thresholds)),
    suite: { name: "example suite", sha256: HASH },
    modelSha256: HASH,
    engineVersion: "0.1.0",
    configSha256: HASH,
    ...overrides,
  };
}

/** A record in which all 60 intrusions of an hour were found, and 50 of 60 that went the wrong way. */
export function exampleRecord(overrides: Partial<AuditRecord> = {}): AuditRecord {
  const clips = ["first", "second"].map((id, index) =>
    clipFact(id, {
      seconds: 1800,
      rules: [
        matchedRule("zone_intrusion", { references: 30, hits: 30 }),
        matchedRule("wrong_way", { references: 30, hits: index === 0 ? 30 : 20 }),
      ],
    }),
  );
  return auditRecord(clips, overrides);
}

/** Writes entries into a new journal, the first at an instant and each other one a second later. */
export async function journalWith(
  folder: string,
  entries: readonly JournalEntry[],
  at: number = FIXED_AT,
): Promise<void> {
  const clock = new HandClock(at);
  const journal = await openJournal(folder, {
    clock,
    onFault: (fault) => {
      throw fault;
    },
  });
  for (const entry of entries) {
    await journal.append(entry);
    clock.pass(1);
  }
  await journal.close();
}

/** The line that fixes thresholds. */
export function fixing(source: ThresholdsFile, overrides: Partial<Pinned> = {}): JournalEntry {
  return pinningEntry(pinnedOf(source, overrides), "an example");
}

/** The code and the words by which something is refused. @throws where it is taken */
export async function refusal(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (thrown) {
    if (thrown instanceof CodedError) return `${thrown.code} ${thrown.message}`;
    throw thrown;
  }
  throw new Error("it was taken");
}

const EXAMPLE_SOURCE = exampleThresholds();

/** What a journal says of thresholds that were fixed, without the journal. */
export function fixed(
  overrides: Parameters<typeof pinnedOf>[1] = {},
  source = EXAMPLE_SOURCE,
): FixedThresholds {
  const at = new Date(FIXED_AT).toISOString();
  return {
    pinned: pinnedOf(source, overrides),
    leaf: { origin: "example.org/journal", seq: 1, at, leafHash: "ab".repeat(32) },
    ...{ others: 0, earlier: [], vouched: false },
  };
}

interface Given {
  readonly record?: AuditRecord;
  readonly source?: typeof EXAMPLE_SOURCE;
  readonly suite?: Suite | null;
  readonly now?: number;
}

/** Certifies the example record, or what is given in its place. */
export function certified({
  record = exampleRecord(),
  source = EXAMPLE_SOURCE,
  suite = null,
  now = CERTIFIED_AT,
}: Given): readonly Certified[] {
  const measured = { record, file: "audit.json", sha256: "cd".repeat(32) };
  return certify(source, fixed({}, source), measured, { key: testKeys().certifying, now, suite });
}

/** The example record with its first clip changed. */
export const clips = (change: (clip: ClipFact) => Partial<ClipFact>): Partial<AuditRecord> => ({
  clips: exampleRecord().clips.map((clip, index) => (index === 0 ? { ...clip, ...change(clip) } : clip)),
});
/** The same with the first rule of that clip changed. */
export const rules = (change: (rule: RuleFact) => Partial<RuleFact>) =>
  clips(({ rules: all }) => ({
    rules: all.map((rule, index) => (index === 0 ? { ...rule, ...change(rule) } : rule)),
  }));
