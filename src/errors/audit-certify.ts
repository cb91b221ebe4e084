import { EXIT, entry } from "./entry.ts";

/** Thresholds and certificates. */
export const AUDIT_CERTIFY_ERRORS = {
  CERTIFY_USAGE: entry<{ what: string }>(
    EXIT.usage,
    (p) => `${p.what}.`,
    () => "`contrechamp audit certify --help` says what it takes. Nothing was written.",
  ),
  CERTIFY_JOURNAL: entry<{ folder: string; findings: string }>(
    EXIT.data,
    (p) => `The journal in ${p.folder} does not verify (${p.findings}), so that it proves nothing.`,
    () => "`contrechamp journal verify` says what was changed and where. Nothing was certified.",
  ),
  CERTIFY_NOT_FIXED: entry<{ file: string; sha256: string; folder: string; known: string }>(
    EXIT.data,
    (p) => `The thresholds of ${p.file} (sha256 ${p.sha256}) were never fixed in ${p.folder}; ${p.known}.`,
    () =>
      "Certify with the thresholds as they were fixed, or fix these with `contrechamp audit certify fix` and measure anew.",
  ),
  CERTIFY_FIXED_LATE: entry<{ file: string; seq: number; at: string; startedAt: string }>(
    EXIT.data,
    (p) =>
      `The thresholds of ${p.file} were fixed at ${p.at} (leaf ${p.seq}), and the measurement began at ${p.startedAt}.`,
    () =>
      "Thresholds count only for measurements that begin afterwards. Measure again (`audit run --fresh` where an earlier run was interrupted), or certify with the thresholds that stood then.",
  ),
  CERTIFY_NOT_SIGNED: entry<{ folder: string; seq: number; size: number }>(
    EXIT.unavailable,
    (p) =>
      `Leaf ${p.seq} of the journal in ${p.folder} is not signed yet: its signed state ends before leaf ${p.size}.`,
    () => "An engine that runs signs every few seconds; `contrechamp journal checkpoint --sign` signs now.",
  ),
  CERTIFY_RECORD: entry<{ file: string; count: number; list: string }>(
    EXIT.data,
    (p) =>
      `${p.file} cannot be certified for ${p.count === 1 ? "1 reason" : `${p.count} reasons`}:\n${p.list}`,
    () =>
      "Measure what was fixed, to its end, with `contrechamp audit run`, or fix thresholds for what is to be measured.",
  ),
} as const;
