import { EVENT_TYPES } from "../event.ts";
import type { UtcMilliseconds } from "../time/clock.ts";
import type { AnalyticAuthorisation, Authorisation, CameraAuthorisation } from "./authorisation.ts";
import { certificateReasons, noticeReasons } from "./gate-supports.ts";
import { looksOnlyWithin, seesOnlyWithin } from "./perimeter.ts";
import type { Regime } from "./profile.ts";
import { analyticId, type GateQuestion } from "./question.ts";
import type { Reason, ReasonCode } from "./reasons.ts";
import { conditionState, inDailyWindow, isoDurationEnd, statusAt } from "./validity.ts";
import type { PolicyWorld, VerifiedAuthorisation } from "./world.ts";

export interface VerifiedAnalytic extends VerifiedAuthorisation {
  readonly document: AnalyticAuthorisation;
}
export interface VerifiedCamera extends VerifiedAuthorisation {
  readonly document: CameraAuthorisation;
}

/** What one authorisation says to the question: it permits where it has no reasons against it. */
export interface DocumentAnswer<V extends VerifiedAuthorisation> {
  readonly authorisation: V;
  readonly reasons: readonly Reason[];
}

/** The answers of the authorisations to film this camera. */
export function cameraAnswers(
  question: GateQuestion,
  world: PolicyWorld,
  profile: Regime,
): readonly DocumentAnswer<VerifiedCamera>[] {
  return world.authorisations
    .filter(isCamera)
    .filter(({ document }) => document.cameras.includes(question.cameraId))
    .map((authorisation) => ({
      authorisation,
      reasons: documentReasons(authorisation, question.at, profile),
    }));
}

/** The answers of the authorisations to analyse this camera, or recordings where the profile goes by these. */
export function analyticAnswers(
  question: GateQuestion,
  world: PolicyWorld,
  profile: Regime,
): readonly DocumentAnswer<VerifiedAnalytic>[] {
  const byRecording = profile.requires.listedRecordings && question.footage !== "live";
  return world.authorisations
    .filter(isAnalytic)
    .filter(({ document }) => byRecording || document.cameras.includes(question.cameraId))
    .map((authorisation) => ({
      authorisation,
      reasons: [
        ...(byRecording ? recordingReasons(authorisation, question) : []),
        ...subjectReasons(authorisation, question),
        ...(profile.requires.declaredZones ? zoneReasons(authorisation, question) : []),
        ...(profile.requires.perimeter ? perimeterReasons(authorisation, question, world) : []),
        ...basisReasons(authorisation, profile),
        ...documentReasons(authorisation, question.at, profile),
        ...limitReasons(authorisation, question.at, profile),
        ...conditionReasons(authorisation, question.at, profile),
        ...(profile.requires.certificate && question.use === "alert"
          ? certificateReasons(authorisation, question, world)
          : []),
        ...(profile.requires.notice ? noticeReasons(authorisation, question, world) : []),
      ],
    }));
}

/** The one with the fewest reasons against it; of several, the first by its id and hash, so that order is no matter. */
export function nearest<V extends VerifiedAuthorisation>(
  answers: readonly DocumentAnswer<V>[],
): DocumentAnswer<V> | null {
  const name = ({ authorisation }: DocumentAnswer<V>) =>
    `${authorisation.document.id} ${authorisation.sha256}`;
  const [first] = [...answers].sort(
    (a, b) => a.reasons.length - b.reasons.length || (name(a) < name(b) ? -1 : name(a) > name(b) ? 1 : 0),
  );
  return first ?? null;
}

function isCamera(authorisation: VerifiedAuthorisation): authorisation is VerifiedCamera {
  return authorisation.document.kind === "camera_authorisation";
}

function isAnalytic(authorisation: VerifiedAuthorisation): authorisation is VerifiedAnalytic {
  return authorisation.document.kind === "analytic_authorisation";
}

/** A reason that rests on an authorisation, cited by its number, its authority and where it was published. */
function reasonOf(code: ReasonCode, document: Authorisation, detail: string): Reason {
  const where = document.publicationUrl === null ? "" : ` — ${document.publicationUrl}`;
  return {
    code,
    ruleId: document.id,
    source: `${document.reference}, ${document.issuingAuthority.name}: ${detail}${where}`,
  };
}

function recordingReasons({ document }: VerifiedAnalytic, question: GateQuestion): readonly Reason[] {
  if (document.recordings.some(({ sha256 }) => sha256 === question.recordingSha256)) return [];
  const detail = `recording ${question.recordingSha256 ?? "without a hash"} is not listed`;
  return [reasonOf("recording_not_authorised", document, detail)];
}

/** What is to be detected, by what, and for whom. */
function subjectReasons({ document }: VerifiedAnalytic, question: GateQuestion): readonly Reason[] {
  const reasons: Reason[] = [];
  const { event, use } = question;
  if (document.use !== use) {
    reasons.push(reasonOf("use_not_permitted", document, `for ${document.use}, not for ${use}`));
  }
  if (!document.events.some((listed) => listed === event)) {
    reasons.push(reasonOf("event_not_authorised", document, `events ${document.events.join(", ")}`));
  }
  const listed = document.analytics.filter((analytic) => analytic.analyticId === question.analyticId);
  if (listed.length === 0 || !isOf(event, question.analyticId)) {
    reasons.push(reasonOf("analytic_not_authorised", document, `not ${question.analyticId} for ${event}`));
  } else if (!listed.some(({ modelSha256 }) => modelSha256 === question.modelSha256)) {
    reasons.push(reasonOf("model_not_authorised", document, `model ${question.modelSha256} is not listed`));
  }
  return reasons;
}

/** Each event has its own analysis: one that is authorised for another event does not detect this one. */
function isOf(event: string, analytic: string): boolean {
  return EVENT_TYPES.some((known) => known === event && analyticId(known) === analytic);
}

/**
 * A rule looks inside a zone that was declared for its camera and event; zone_intrusion inside a forbidden or a
 * sensitive one. The whole view may be looked at for another event for which no zone of that camera was declared.
 */
function zoneReasons({ document }: VerifiedAnalytic, question: GateQuestion): readonly Reason[] {
  const { cameraId, event, place } = question;
  const declared = document.zones.filter((zone) => zone.cameraId === cameraId && zone.event === event);
  if (event !== "zone_intrusion" && place.kind === "view" && declared.length === 0) return [];
  const usable = declared.filter(({ nature }) => event !== "zone_intrusion" || nature !== "counting");
  if (usable.some(({ polygon }) => looksOnlyWithin(polygon, place))) return [];
  const detail = `camera ${cameraId}, ${event}: in none of the ${usable.length} declared zones`;
  return [reasonOf("zone_not_authorised", document, detail)];
}

function perimeterReasons(
  { document }: VerifiedAnalytic,
  { cameraId }: GateQuestion,
  world: PolicyWorld,
): readonly Reason[] {
  const { perimeter } = document;
  if (perimeter === null) return [reasonOf("outside_perimeter", document, "no perimeter is decided")];
  const sites = world.cameras.filter(({ id }) => id === cameraId);
  const inside = sites.map((site) => seesOnlyWithin(perimeter, site));
  if (sites.length === 0 || inside.includes(null)) {
    const detail = `where camera ${cameraId} stands, or what ground it sees, is not declared`;
    return [reasonOf("location_unknown", document, detail)];
  }
  if (inside.every((held) => held === true)) return [];
  return [reasonOf("outside_perimeter", document, `camera ${cameraId} or its view is outside`)];
}

function basisReasons({ document }: VerifiedAnalytic, profile: Regime): readonly Reason[] {
  if (document.legalBasis.some(({ profileId }) => profileId === profile.id)) return [];
  const named = document.legalBasis.map(({ profileId }) => profileId).join(", ");
  return [reasonOf("other_profile", document, `given under ${named}, not under ${profile.id}`)];
}

/** What holds of both kinds: signed, published, in force at the instant. */
function documentReasons(
  { document, signatures }: VerifiedAuthorisation,
  at: UtcMilliseconds,
  profile: Regime,
): readonly Reason[] {
  const reasons: Reason[] = [];
  const say = (code: ReasonCode, detail: string) => reasons.push(reasonOf(code, document, detail));

  if (signatures.decision !== "valid") say("decision_unsigned", `signature ${signatures.decision}`);
  if (signatures.publication !== "valid") say("publication_unsigned", `signature ${signatures.publication}`);
  else if (
    profile.requires.separateKeys &&
    !differ(signatures.decisionHolder, signatures.publicationHolder)
  ) {
    say("publication_unsigned", "the keys of decision and publication are not known to have two holders");
  }

  const { publishedAt, publicationUrl, validFrom, validUntil } = document;
  if (publishedAt === null || publicationUrl === null) say("not_published", "not published");
  else if (!(at >= Date.parse(publishedAt))) say("not_published", `published only on ${publishedAt}`);

  const status = statusAt(document, signatures.history, at);
  if (status === "suspended") say("suspended", "suspended");
  else if (status === "draft" || status === "published") say("not_active", `status ${status}`);
  else if (status !== "active") say("ended", `status ${status}`);

  if (!(at >= Date.parse(validFrom))) say("not_yet_valid", `valid from ${validFrom}`);
  if (!(at < Date.parse(validUntil))) say("authorisation_expired", `valid until ${validUntil}`);
  return reasons;
}

function differ(one: string | null, other: string | null): boolean {
  return one !== null && other !== null && one !== other;
}

/** The limits of the profile, and of the authorisation itself, on how long and when. */
function limitReasons(
  { document }: VerifiedAnalytic,
  at: UtcMilliseconds,
  { limits, timeZone }: Regime,
): readonly Reason[] {
  const reasons: Reason[] = [];
  const from = Date.parse(document.validFrom);
  const after = (duration: string) => durationEnd(from, duration, timeZone);

  const [byProfile, byItself] = [after(limits.maxDuration), after(document.maxDuration)];
  // A limit beyond the calendar limits nothing, and does not count as one.
  const limited = Number.isFinite(byProfile) && Number.isFinite(byItself);
  if (!limited || !(Date.parse(document.validUntil) <= Math.min(byProfile, byItself))) {
    const detail = `more than ${limits.maxDuration} (profile) or ${document.maxDuration} (its own)`;
    reasons.push(reasonOf("duration_too_long", document, detail));
  }
  // Lengths of calendar time, compared from the day on which it begins to be valid.
  const longest = after(limits.maxRetention);
  if (!Number.isFinite(longest) || !(after(document.retention.clips) <= longest)) {
    const detail = `clips for ${document.retention.clips}, at most ${limits.maxRetention}`;
    reasons.push(reasonOf("retention_too_long", document, detail));
  }
  if (!inDailyWindow(document.dailyWindows, at, timeZone)) {
    const windows = document.dailyWindows.map((window) => `${window.from}-${window.until}`).join(", ");
    reasons.push(reasonOf("outside_daily_window", document, `${windows} (${timeZone})`));
  }
  return reasons;
}

/** Ends of durations that were worked out before: the same few of each document, for every question. */
const ENDS = new Map<string, UtcMilliseconds>();
const ENDS_AT_MOST = 1000;

function durationEnd(from: UtcMilliseconds, duration: string, timeZone: string): UtcMilliseconds {
  const key = `${from} ${duration} ${timeZone}`;
  const end = ENDS.get(key) ?? isoDurationEnd(from, duration, timeZone);
  if (ENDS.size >= ENDS_AT_MOST) ENDS.clear();
  ENDS.set(key, end);
  return end;
}

function conditionReasons(
  { document, signatures }: VerifiedAnalytic,
  at: UtcMilliseconds,
  { limits, timeZone }: Regime,
): readonly Reason[] {
  return document.conditions.flatMap((condition) => {
    const limited = Number.isFinite(durationEnd(at, limits.attestationValidFor, timeZone));
    const state = limited ? conditionState(condition, at, limits.attestationValidFor, timeZone) : "lapsed";
    const own = Object.hasOwn(signatures.conditions, condition.id);
    const signature = (own ? signatures.conditions[condition.id] : null) ?? "missing";
    if (state === "lapsed") {
      const detail = `condition ${condition.id}, attested ${condition.attestedAt ?? "never"}`;
      return [reasonOf("condition_lapsed", document, detail)];
    }
    if (state === "fresh" && signature === "valid") return [];
    const detail = `condition ${condition.id}, ${state === "missing" ? "not attested" : `signature ${signature}`}`;
    return [reasonOf("condition_not_attested", document, detail)];
  });
}
