import type { Certificate } from "./certificate.ts";
import type { VerifiedAnalytic } from "./gate-authorisations.ts";
import type { GateQuestion } from "./question.ts";
import type { Reason } from "./reasons.ts";
import type { PolicyWorld, VerifiedCertificate } from "./world.ts";

/** What must stand beside an authorisation: the measurement of what runs, and the notice to the public. */

/**
 * One of the certificates that the authorisation lists for this analytic and model must hold; where none does, what
 * the one that comes nearest lacks.
 */
export function certificateReasons(
  { document }: VerifiedAnalytic,
  question: GateQuestion,
  world: PolicyWorld,
): readonly Reason[] {
  const listed = document.analytics
    .filter(({ analyticId }) => analyticId === question.analyticId)
    .filter(({ modelSha256 }) => modelSha256 === question.modelSha256)
    .flatMap(({ benchCertificateId }) => (benchCertificateId === null ? [] : [benchCertificateId]));
  const found = world.certificates.filter((certificate) => listed.includes(certificate.document.id));
  if (found.length === 0) {
    const source =
      listed.length === 0
        ? `${document.reference} names no certificate for ${question.analyticId} with this model`
        : `certificate ${listed.join(", ")} is not there`;
    return [{ code: "no_certificate", ruleId: listed[0] ?? document.id, source }];
  }
  const answers = found.map((certificate) => ({
    key: `${certificate.document.id} ${certificate.sha256}`,
    reasons: shortcomings(certificate, question),
  }));
  answers.sort((a, b) => a.reasons.length - b.reasons.length || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return answers[0]?.reasons ?? [];
}

function shortcomings(
  { document, signature }: VerifiedCertificate,
  question: GateQuestion,
): readonly Reason[] {
  const reasons: Reason[] = [];
  const say = (code: Reason["code"], detail: string) =>
    reasons.push({ code, ruleId: document.id, source: `certificate by ${document.issuer}: ${detail}` });

  if (signature !== "valid") say("no_certificate", `signature ${signature}`);
  const about = document.modelSha256 === question.modelSha256 && document.analyticId === question.analyticId;
  if (!about || document.event !== question.event) {
    say("certificate_other_model", `for ${document.event}, ${document.analyticId}, ${document.modelSha256}`);
  }
  const [issuedAt, validUntil] = [Date.parse(document.issuedAt), Date.parse(document.validUntil)];
  if (!(question.at >= issuedAt && question.at < validUntil)) {
    say("certificate_expired", `valid from ${document.issuedAt} until ${document.validUntil}`);
  }
  if (!document.passed) say("certificate_failed", "the analytic did not pass");
  else if (!meetsItsThresholds(document)) say("certificate_failed", "its own figures miss its thresholds");
  return reasons;
}

/**
 * Whether the unfavourable end of each interval reaches the threshold that was set before the run: a certificate that
 * says `passed` does not make it so. Rates are compared in millionths, in which nobody's rounding shows.
 */
function meetsItsThresholds({ thresholds, results }: Certificate): boolean {
  const atLeast = (value: number, threshold: number) => millionths(value) >= millionths(threshold);
  const [recall] = results.recallInterval;
  const [precision] = results.precisionInterval;
  const [, falseAlarms] = results.falseAlarmsPerHourInterval;
  return (
    atLeast(recall, thresholds.recall) &&
    atLeast(precision, thresholds.precision) &&
    (thresholds.falseAlarmsPerHour === null || atLeast(thresholds.falseAlarmsPerHour, falseAlarms))
  );
}

function millionths(rate: number): number {
  return Math.round(rate * 1e6);
}

/** A published notice that names the event and the camera, or the authority's grounds for doing without. */
export function noticeReasons(
  { document }: VerifiedAnalytic,
  question: GateQuestion,
  world: PolicyWorld,
): readonly Reason[] {
  const { exempted, exemptionGrounds } = document.publicInformation;
  if (exempted && exemptionGrounds !== null) return [];
  const found = world.notices.filter((notice) => notice.document.authorisationId === document.id);
  const lacks = found.map(({ document: notice, signature }) => {
    if (signature !== "valid") return `signature ${signature}`;
    if (!(question.at >= Date.parse(notice.publishedAt))) return `published only on ${notice.publishedAt}`;
    if (notice.withdrawnAt !== null && !(question.at < Date.parse(notice.withdrawnAt))) {
      return `withdrawn on ${notice.withdrawnAt}`;
    }
    if (!notice.events.some((event) => event === question.event)) return `does not name ${question.event}`;
    if (!notice.cameras.includes(question.cameraId)) return `does not name camera ${question.cameraId}`;
    return null;
  });
  if (lacks.includes(null)) return [];
  const source =
    found.length === 0
      ? `no notice to the public for ${document.reference}`
      : `notice for ${document.reference}: ${lacks.join("; ")}`;
  return [{ code: "no_notice", ruleId: document.id, source }];
}
