import type { Finding } from "../config/diagnostics.ts";
import { fault } from "../errors.ts";
import type { Certificate } from "./certificate.ts";
import { checkTexts, repeated, wrong } from "./document-checks.ts";
import { keyIdOf, publicKeyObject } from "./keys.ts";
import type { Notice } from "./notice.ts";
import { analyticId } from "./question.ts";
import type { Trust } from "./signature.ts";
import { DEFAULT_TIME_ZONE } from "./validity.ts";

/** Where a certificate, a notice or a trust file contradicts itself, beyond what its schema can see. */

/**
 * Of a certificate: its dates, its counts, its intervals, its analytic and its event, and a pass that its own figures
 * do not bear out (the lower bound of an interval must reach the threshold, the upper one of false alarms stay below).
 */
export function checkCertificate(c: Certificate, timeZone: string = DEFAULT_TIME_ZONE): readonly Finding[] {
  const findings: Finding[] = [...checkTexts(c, timeZone)];
  const say = (path: readonly string[], what: string) =>
    findings.push(wrong(path, (at) => fault("CERTIFICATE_CONTRADICTS", { at, what })));
  const { results, thresholds } = c;
  if (Date.parse(c.validUntil) <= Date.parse(c.issuedAt)) {
    say(["validUntil"], `it ends at ${c.validUntil}, which is not after it was issued, ${c.issuedAt}`);
  }
  if (c.analyticId !== analyticId(c.event)) {
    say(["analyticId"], `the event ${c.event} is detected by ${analyticId(c.event)}, not by ${c.analyticId}`);
  }
  if (results.hits > results.references) {
    say(["results", "hits"], `${results.hits} hits of ${results.references} references`);
  }
  const shares = {
    recallInterval: true,
    precisionInterval: true,
    falseAlarmsPerHourInterval: false,
  } as const;
  for (const [key, share] of Object.entries(shares)) {
    const [low, high] = results[key as keyof typeof shares];
    if (low > high) say(["results", key], `the interval begins at ${low}, above its end at ${high}`);
    else if (share && high > 1)
      say(["results", key], `a share is at most 1, and the interval ends at ${high}`);
  }
  const alerts = results.hits + results.falseAlarms;
  for (const [key, of, what] of [
    ["recallInterval", results.references, "references"],
    ["precisionInterval", alerts, "alerts"],
  ] as const) {
    const [low, high] = results[key];
    const share = results.hits / of;
    // What is upside down, or more than all, was said above.
    if (low > high || share > 1) continue;
    if (of > 0 && (share < low - ROUNDING || share > high + ROUNDING)) {
      say(["results", key], `${results.hits} hits of ${of} ${what} lie outside the interval`);
    }
  }
  const point = results.falseAlarms / results.exposureHours;
  const rate = results.falseAlarmsPerHourInterval;
  if (point < rate[0] - ROUNDING || point > rate[1] + ROUNDING) {
    const what = `${results.falseAlarms} false alarms in ${results.exposureHours} h lie outside the interval`;
    say(["results", "falseAlarmsPerHourInterval"], what);
  }
  if (c.measurement !== undefined) {
    const { startedAt, endedAt, thresholdsLeaf, minimumEvents } = c.measurement;
    const [fixed = 0, started = 0, ended = 0, issued = 0] = [
      thresholdsLeaf.at,
      startedAt,
      endedAt,
      c.issuedAt,
    ].map(Date.parse);
    if (!(fixed < started && started <= ended && ended <= issued)) {
      const what = `thresholds (${thresholdsLeaf.at}), measurement (${startedAt} to ${endedAt}) and issue (${c.issuedAt}) are not in this order`;
      say(["measurement"], what);
    }
    if (c.passed && results.references < minimumEvents) {
      const what = `it is said to pass with ${results.references} events, fewer than the ${minimumEvents} that it takes`;
      say(["passed"], what);
    }
  }
  if (c.passed) {
    const missed = [
      results.recallInterval[0] < thresholds.recall ? "recall" : null,
      results.precisionInterval[0] < thresholds.precision ? "precision" : null,
      thresholds.falseAlarmsPerHour !== null && rate[1] > thresholds.falseAlarmsPerHour
        ? "false alarms per hour"
        : null,
    ].filter((name) => name !== null);
    if (missed.length > 0) say(["passed"], `it is said to pass, and does not by ${missed.join(", ")}`);
  }
  return findings;
}

/** How far a printed bound may lie from the figure that it was rounded from. */
const ROUNDING = 1e-3;

/** Of a notice: when it was withdrawn, and lists that name something twice. */
export function checkNotice(n: Notice, timeZone: string = DEFAULT_TIME_ZONE): readonly Finding[] {
  const { publishedAt, withdrawnAt } = n;
  const early = withdrawnAt !== null && Date.parse(withdrawnAt) < Date.parse(publishedAt);
  const what = `it was withdrawn at ${withdrawnAt}, before it was published (${publishedAt})`;
  return [
    ...checkTexts(n, timeZone),
    ...repeated(n.events, ["events"], "event", (event) => event),
    ...repeated(n.cameras, ["cameras"], "camera", (camera) => camera),
    ...(early ? [wrong(["withdrawnAt"], (at) => fault("NOTICE_CONTRADICTS", { at, what }))] : []),
  ];
}

/** Of a trust file: ids that are not those of their keys, keys that stand twice, and validity that ends early. */
export function checkTrust(t: Trust, timeZone: string = DEFAULT_TIME_ZONE): readonly Finding[] {
  const findings: Finding[] = [
    ...checkTexts(t, timeZone),
    ...repeated(t.keys, ["keys"], "key", (key) => key.keyId),
  ];
  for (const [index, key] of t.keys.entries()) {
    const say = (field: string, what: string) =>
      findings.push(wrong(["keys", index, field], (at) => fault("TRUST_CONTRADICTS", { at, what })));
    if (publicKeyObject(key.publicKey) === null) {
      say("publicKey", "it is no Ed25519 key of 32 bytes");
    } else {
      const id = keyIdOf(Buffer.from(key.publicKey, "base64"));
      if (id !== key.keyId) say("keyId", `the id of this key is ${id}, not ${key.keyId}`);
    }
    if (key.validUntil !== null && Date.parse(key.validUntil) <= Date.parse(key.validFrom)) {
      say("validUntil", `it ends at ${key.validUntil}, which is not after its beginning, ${key.validFrom}`);
    }
  }
  return findings;
}
