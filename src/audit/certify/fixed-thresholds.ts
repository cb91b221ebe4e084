import { canonicalize } from "json-canonicalize";
import { z } from "zod";
import { fault } from "../../errors.ts";
import { EVENT_TYPES, type EventType } from "../../event.ts";
import type { JournalEntry, Json } from "../../journal/leaf.ts";
import { type LogEntry, readLog } from "../../journal/log-reader.ts";
import { leafHash } from "../../journal/merkle.ts";
import { verifyJournal } from "../../journal/verify.ts";
import { sha256Hex, uri } from "../../policy/fields.ts";
import { documentSha256 } from "../../policy/signed-texts.ts";
import type { ThresholdsFile } from "./thresholds.ts";

/** All that was pinned when thresholds were fixed: what the file says, and what it stood for at that time. */
const pinnedSchema = z.strictObject({
  action: z.literal("fixed"),
  id: uri,
  thresholdsSha256: sha256Hex,
  /** The thresholds themselves, so that the journal alone says what was demanded. */
  thresholds: z.record(
    z.string(),
    z.custom<Json>(() => true),
  ),
  suite: z.strictObject({ name: z.string(), sha256: sha256Hex }),
  modelSha256: sha256Hex,
  /** Of the networks that the suite's rules name for themselves, by event; absent where none does. */
  slots: z.partialRecord(z.enum(EVENT_TYPES), sha256Hex).optional(),
  engineVersion: z.string(),
  configSha256: sha256Hex,
});
export type Pinned = Readonly<z.output<typeof pinnedSchema>>;

/** The network that an event's certificate is about: what its rules name for themselves, else the detector. */
export function certifiedModel({ modelSha256, slots }: Pinned, event: EventType): string {
  return slots?.[event] ?? modelSha256;
}

/** The line of the journal that fixes thresholds. @param actor who fixes them: a pseudonym */
export function pinningEntry(pinned: Pinned, actor: string): JournalEntry {
  return { type: "thresholds", actor, payload: plain(pinned) };
}

/** Without keys that have no value, as the journal takes it. */
function plain(pinned: Pinned): JournalEntry["payload"] {
  return JSON.parse(canonicalize(pinned));
}

/** A certificate that the journal holds already. */
export interface EarlierCertificate {
  readonly id: string;
  readonly event: EventType;
  readonly passed: boolean;
  /** Of its canonical JSON, signature and all. */
  readonly sha256: string;
  readonly seq: number;
}

/** What a journal says of thresholds. */
export interface FixedThresholds {
  readonly pinned: Pinned;
  readonly leaf: {
    readonly origin: string;
    readonly seq: number;
    readonly at: string;
    readonly leafHash: string;
  };
  /** How many other thresholds were fixed for the same suite and model: whoever fixes many may pick. */
  readonly others: number;
  /** Certificates of the same suite and model, passed or not, in the order of the journal. */
  readonly earlier: readonly EarlierCertificate[];
  /** Whether somebody independent vouches for the line: a witness, or an earlier signed state. */
  readonly vouched: boolean;
}

export interface JournalKeys {
  /** The journal's public key and those of witnesses, as somebody else than the journal gave them. */
  readonly logKey?: string;
  readonly witnessKeys?: readonly string[];
}

/**
 * Finds the thresholds of a file in a journal that verifies, fixed before a measurement began; of more lines the last
 * one before it, which is what stood then.
 * @param startedAt when the measurement began, RFC 3339
 * @throws CERTIFY_JOURNAL, CERTIFY_NOT_FIXED, CERTIFY_FIXED_LATE, CERTIFY_NOT_SIGNED, and as `verifyJournal`
 */
export async function findFixed(
  folder: string,
  { thresholds, file, sha256 }: ThresholdsFile,
  startedAt: string,
  keys: JournalKeys = {},
): Promise<FixedThresholds> {
  const report = await verifyJournal(folder, keys);
  if (report.verdict === "broken" || report.origin === null) {
    const broken = report.findings.filter(({ severity }) => severity === "broken");
    const findings = broken.map(({ code }) => code).join(", ");
    throw fault("CERTIFY_JOURNAL", { folder, findings: findings === "" ? "nothing is signed" : findings });
  }
  const { fixings, certificates } = await readTrace(folder);
  const same = fixings.filter(({ pinned }) => pinned.thresholdsSha256 === sha256);
  const found = same.findLast(({ shownAt }) => shownAt < Date.parse(startedAt));
  if (found === undefined) {
    const [late] = same;
    if (late !== undefined) {
      const at = new Date(late.shownAt).toISOString();
      throw fault("CERTIFY_FIXED_LATE", { file, seq: late.seq, at, startedAt });
    }
    const named = fixings.findLast(({ pinned }) => pinned.id === thresholds.id);
    const known =
      named === undefined
        ? "it holds none of this id"
        : `what it holds as ${thresholds.id} is sha256 ${named.pinned.thresholdsSha256} (leaf ${named.seq}): the file was changed since`;
    throw fault("CERTIFY_NOT_FIXED", { file, sha256, folder, known });
  }
  const { pinned, seq, at } = found;
  if (seq >= report.size) throw fault("CERTIFY_NOT_SIGNED", { folder, seq, size: report.size });
  // The seal of a suite holds the networks that its rules name, so those need not be compared here.
  const alike = (one: { readonly suiteSha256: string; readonly modelSha256: string }) =>
    one.suiteSha256 === pinned.suite.sha256 && one.modelSha256 === pinned.modelSha256;
  const others = new Set(
    fixings
      .filter((one) => alike({ suiteSha256: one.pinned.suite.sha256, modelSha256: one.pinned.modelSha256 }))
      .map((one) => one.pinned.thresholdsSha256)
      .filter((one) => one !== sha256),
  );
  const earlier = certificates
    .filter((one) => alike({ ...one, modelSha256: ofDetector(one, pinned) }))
    .map(({ id, event, passed, sha256: of, seq: line }) => ({ id, event, passed, sha256: of, seq: line }));
  return {
    pinned,
    leaf: { origin: report.origin, seq, at, leafHash: found.leafHash },
    others: others.size,
    earlier,
    vouched: report.vouchedTo > seq,
  };
}

/** What stands for the detector in a certificate: nothing, where it is of an event's own network. */
function ofDetector(
  { event, modelSha256 }: { readonly event: EventType; readonly modelSha256: string },
  pinned: Pinned,
): string {
  return pinned.slots?.[event] === modelSha256 ? pinned.modelSha256 : modelSha256;
}

interface Fixing {
  readonly pinned: Pinned;
  readonly seq: number;
  readonly at: string;
  /** The latest time that the journal had shown by then: a clock that was set back fixes nothing earlier. */
  readonly shownAt: number;
  readonly leafHash: string;
}

const certificateSchema = z.object({
  id: uri,
  event: z.enum(EVENT_TYPES),
  passed: z.boolean(),
  sha256: sha256Hex,
  suiteSha256: sha256Hex,
  modelSha256: sha256Hex,
});

async function readTrace(folder: string) {
  const fixings: Fixing[] = [];
  const certificates: (z.output<typeof certificateSchema> & { readonly seq: number })[] = [];
  let shownAt = Number.NEGATIVE_INFINITY;
  for await (const { leaf, content } of readLog(folder)) {
    shownAt = Math.max(shownAt, Date.parse(leaf.at));
    const { seq, at, type } = leaf;
    if (type === "thresholds") {
      const pinned = pinnedOf(content);
      if (pinned !== null) {
        const hash = leafHash(Buffer.from(canonicalize(leaf), "utf8")).toString("hex");
        fixings.push({ pinned, seq, at, shownAt, leafHash: hash });
      }
    } else if (type === "certificate" && content.kind === "kept") {
      // What the engine notes of the certificates that it reads does not say on which suite they rest.
      const parsed = certificateSchema.safeParse(content.payload);
      if (parsed.success) certificates.push({ ...parsed.data, seq });
    }
  }
  return { fixings, certificates };
}

/** Null where the contents were erased or are not what this version writes: then nothing was fixed by them. */
function pinnedOf(content: LogEntry["content"]): Pinned | null {
  if (content.kind !== "kept") return null;
  const parsed = pinnedSchema.safeParse(content.payload);
  if (!parsed.success) return null;
  return documentSha256(parsed.data.thresholds) === parsed.data.thresholdsSha256 ? parsed.data : null;
}
