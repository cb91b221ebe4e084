import { canonicalize } from "json-canonicalize";
import { fault } from "../../errors.ts";
import type { EventType } from "../../event.ts";
import { sha256Of } from "../../files/sha256.ts";
import type { JournalEntry } from "../../journal/leaf.ts";
import { CERTIFICATE_SCHEMA_NAME, type Certificate } from "../../policy/certificate.ts";
import type { SigningKey } from "../../policy/keys.ts";
import { analyticId } from "../../policy/question.ts";
import { certificateText, documentSha256 } from "../../policy/signed-texts.ts";
import { sign } from "../../policy/signing.ts";
import { isoDurationEnd } from "../../policy/validity.ts";
import { formatUtc, type UtcMilliseconds } from "../../time/clock.ts";
import type { AuditRecord } from "../record.ts";
import type { Suite } from "../suite.ts";
import { obstacles } from "./admit.ts";
import { certifiedModel, type FixedThresholds } from "./fixed-thresholds.ts";
import { countEvent, type Judgement, judge } from "./judge.ts";
import { type EventThresholds, eventsOf, type ThresholdsFile } from "./thresholds.ts";

/** A measurement that was made. */
export interface Measured {
  readonly record: AuditRecord;
  /** The record's file, as errors name it. */
  readonly file: string;
  /** SHA-256 of its bytes. */
  readonly sha256: string;
}

/** What it came to, of one event. */
export interface Certified {
  readonly event: EventType;
  readonly certificate: Certificate;
  readonly demanded: EventThresholds;
  readonly judgement: Judgement;
}

export interface CertifyOptions {
  readonly key: SigningKey;
  readonly now: UtcMilliseconds;
  /** What the thresholds' suite is, to compare the record with; null where it is not here. */
  readonly suite: Suite | null;
}

/**
 * Judges a record by thresholds that were fixed before it, and signs one certificate for each event, whether it passes
 * or not. The same record and thresholds give certificates of the same ids, which end at the same time: validity
 * counts from the end of the measurement, not from when somebody signs.
 * @throws CERTIFY_RECORD with every reason for which the record cannot be certified
 */
export function certify(
  source: ThresholdsFile,
  fixed: FixedThresholds,
  measured: Measured,
  { key, now, suite }: CertifyOptions,
): readonly Certified[] {
  return draftCertificates(source, fixed, measured, { issuedAt: now, suite }).map((draft) => ({
    ...draft,
    certificate: {
      ...draft.certificate,
      signature: sign(certificateText(draft.certificate), key, now),
    },
  }));
}

/** The same without a signature: what anybody can work out again. @throws CERTIFY_RECORD */
export function draftCertificates(
  source: ThresholdsFile,
  fixed: FixedThresholds,
  { record, file, sha256 }: Measured,
  { issuedAt, suite }: { readonly issuedAt: UtcMilliseconds; readonly suite: Suite | null },
): readonly Certified[] {
  const { thresholds } = source;
  const { pinned, leaf } = fixed;
  const found = obstacles(record, thresholds, pinned, suite, issuedAt).map(
    ({ kind, detail }) => `${detail} (${kind})`,
  );
  const validUntil = isoDurationEnd(Date.parse(record.endedAt), thresholds.validFor, "UTC");
  if (validUntil <= issuedAt) {
    found.push(`a certificate of it would have ended on ${formatUtc(validUntil)} (outdated)`);
  }
  if (found.length > 0) {
    const list = found.slice(0, SHOWN).map((line) => `  ${line}`);
    if (found.length > SHOWN) list.push(`  and ${found.length - SHOWN} more`);
    throw fault("CERTIFY_RECORD", { file, count: found.length, list: list.join("\n") });
  }
  const facts = factsSha256(record);
  return eventsOf(thresholds).map(([event, demanded]) => {
    const counted = countEvent(record, event);
    const judgement = judge(counted, demanded, thresholds.confidence);
    const { recallInterval, precisionInterval, falseAlarmsPerHourInterval } = judgement.bounds;
    const { recall, precision, falseAlarmsPerHour, minimumEvents } = demanded;
    const certificate: Certificate = {
      schema: CERTIFICATE_SCHEMA_NAME,
      id: `urn:contrechamp:certificate:${event}:${idOf(source.sha256, sha256)}`,
      analyticId: analyticId(event),
      event,
      modelSha256: certifiedModel(pinned, event),
      engineVersion: pinned.engineVersion,
      suite: { name: record.suite.name, sha256: pinned.suite.sha256 },
      issuedAt: formatUtc(issuedAt),
      validUntil: formatUtc(validUntil),
      thresholds: { recall, precision, falseAlarmsPerHour },
      results: {
        ...counted,
        recallInterval: [...recallInterval],
        precisionInterval: [...precisionInterval],
        falseAlarmsPerHourInterval: [...falseAlarmsPerHourInterval],
      },
      passed: judgement.passed,
      conditions: thresholds.conditions,
      issuer: thresholds.issuer,
      measurement: {
        thresholdsSha256: source.sha256,
        thresholdsLeaf: { ...leaf },
        configSha256: pinned.configSha256,
        recordSha256: sha256,
        factsSha256: facts,
        startedAt: record.startedAt,
        endedAt: record.endedAt,
        confidence: thresholds.confidence,
        minimumEvents,
      },
      signature: null,
    };
    return { event, certificate, demanded, judgement };
  });
}

/**
 * The line of the journal that holds a certificate, whole: a failed one is published with it whatever becomes of the
 * file.
 * @param signature what the trust file that is at hand makes of its signature
 */
export function certificateEntry(certificate: Certificate, signature: string): JournalEntry {
  const { id, event, passed, issuer, suite, modelSha256, measurement } = certificate;
  return {
    type: "certificate",
    actor: issuer.slice(0, LONGEST_ACTOR),
    payload: {
      ...{ action: passed ? "passed" : "failed", id, event, passed, modelSha256, signature },
      sha256: documentSha256(certificate),
      suiteSha256: suite.sha256,
      thresholdsSha256: measurement?.thresholdsSha256 ?? null,
      recordSha256: measurement?.recordSha256 ?? null,
      certificate: JSON.parse(canonicalize(certificate)),
    },
  };
}

/**
 * SHA-256 of what a record found, as canonical JSON: clips, what happened, what was raised, which hit which. Without
 * what depends on the machine or the day: times of computing, stills, the instants of the run. Whoever runs the same
 * suite with the same model and settings again compares this one value.
 */
export function factsSha256({ suite, settings, clips }: AuditRecord): string {
  return documentSha256({
    suite: suite.sha256,
    alignment: settings.alignment,
    clips: clips.map(({ id, seconds, videoSha256, referenceSha256, rules }) => ({
      ...{ id, seconds, videoSha256, referenceSha256 },
      rules: rules.map(({ rule, event, watched, references, alerts }) => ({
        ...{ rule, event, watched },
        references: references.map(({ begin, end, tolerance, box, alert }) => ({
          ...{ begin, end, tolerance, box, alert },
        })),
        alerts: alerts.map(({ at, until, box, outcome, reference }) => ({
          ...{ at, until, box, outcome, reference },
        })),
      })),
    })),
  });
}

const SHOWN = 50;
/** What the journal takes. */
const LONGEST_ACTOR = 200;

function idOf(thresholds: string, record: string): string {
  return sha256Of(`${thresholds} ${record}`).slice(0, 16);
}
