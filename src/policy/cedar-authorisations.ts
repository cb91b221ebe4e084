import type { AnalyticAuthorisation, AuthorisationStatus } from "./authorisation.ts";
import { all, analytic, any, camera, instant, is, literal, NEVER, oneOf } from "./cedar-text.ts";
import type { Certificate } from "./certificate.ts";
import type { Regime } from "./profile.ts";
import { isoDurationEnd } from "./validity.ts";
import type { PolicyWorld, VerifiedAuthorisation, VerifiedCertificate, VerifiedNotice } from "./world.ts";

/** The conditions of an authorisation as clauses of Cedar. All of them stand in the permission that rests on it. */

interface Analytic extends VerifiedAuthorisation {
  readonly document: AnalyticAuthorisation;
}

/** One authorisation to film: what it lists, and that it holds. */
export function filmingClause(authorisation: VerifiedAuthorisation, profile: Regime): string {
  return all([
    oneOf(authorisation.document.cameras.map(camera), "resource"),
    ...signed(authorisation, profile),
    ...inForce(authorisation),
  ]);
}

/** @param key how the facts of a request call this authorisation: its place in the world */
export function authorisationClauses(
  authorisation: Analytic,
  key: string,
  profile: Regime,
  world: PolicyWorld,
): readonly string[] {
  const { document } = authorisation;
  const { requires } = profile;
  const when = (...terms: readonly string[]) => (terms.length === 0 ? [] : [`when { ${all(terms)} }`]);
  return [
    ...when(subject(document, profile)),
    ...when(
      oneOf([literal(document.use)], "context.use"),
      oneOf(document.events.map(literal), "context.event"),
      oneOf(
        document.analytics.map((listed) => pair(analytic(listed.analyticId), literal(listed.modelSha256))),
        pair("principal", "context.model"),
      ),
    ),
    ...when(
      oneOf(
        document.legalBasis.map(({ profileId }) => literal(profileId)),
        literal(profile.id),
      ),
    ),
    ...when(...signed(authorisation, profile)),
    ...when(...inForce(authorisation)),
    ...when(...limits(document, profile)),
    ...(requires.declaredZones ? when(zones(document, key)) : []),
    ...(requires.perimeter ? when(`context.perimeters.contains(${literal(key)})`) : []),
    ...(document.dailyWindows.length === 0 ? [] : when(windows(document))),
    ...when(...conditions(authorisation, profile)),
    ...(requires.certificate ? when(`context.use != "alert" || (${certificates(document, world)})`) : []),
    ...(requires.notice ? when(notices(document, world)) : []),
  ];
}

function pair(of: string, model: string): string {
  return `{ analytic: ${of}, model: ${model} }`;
}

function subject(document: AnalyticAuthorisation, profile: Regime): string {
  const cameras = oneOf(document.cameras.map(camera), "resource");
  if (!profile.requires.listedRecordings) return cameras;
  const recordings = oneOf(
    document.recordings.map(({ sha256 }) => literal(sha256)),
    "context.recording",
  );
  return `if context.footage == "live" then ${cameras} else context has recording && ${recordings}`;
}

function signed({ document, signatures }: VerifiedAuthorisation, { requires }: Regime): readonly string[] {
  const { decisionHolder, publicationHolder } = signatures;
  const terms = [is("valid", signatures.decision), is("valid", signatures.publication)];
  if (requires.separateKeys) {
    const known = decisionHolder !== null && publicationHolder !== null;
    terms.push(known ? `!${is(decisionHolder, publicationHolder)}` : NEVER);
  }
  const { publishedAt, publicationUrl } = document;
  terms.push(publishedAt === null || publicationUrl === null ? NEVER : from(publishedAt));
  return terms;
}

function from(text: string): string {
  return `context.at >= ${instant(Date.parse(text))}`;
}

function until(text: string): string {
  return `context.at < ${instant(Date.parse(text))}`;
}

const NEVER_WAS: readonly AuthorisationStatus[] = ["annulled", "never_took_effect"];
const OVER: readonly AuthorisationStatus[] = ["expired", "withdrawn", "renewed"];

/** Its two days, and its status. What ended does not begin again. */
function inForce(authorisation: VerifiedAuthorisation): readonly string[] {
  const { document } = authorisation;
  return [
    from(document.validFrom),
    until(document.validUntil),
    `(${active(authorisation)})`,
    ...document.statusHistory.flatMap((entry) => {
      if (NEVER_WAS.includes(entry.status)) return [NEVER];
      return OVER.includes(entry.status) ? [until(entry.at)] : [];
    }),
  ];
}

/**
 * From when to when it is active: at each instant, of the entries that have come, the last one of the history says
 * so. To let something run takes a signature, to stop it takes none.
 */
function active({ document, signatures }: VerifiedAuthorisation): string {
  const counting = document.statusHistory
    .map(({ status, at }, index) => ({ status, at: Date.parse(at), signature: signatures.history[index] }))
    .filter(({ status, signature }) => {
      const lets = status === "active" || status === "published";
      return !lets || signature === "valid";
    });
  const instants = [...new Set(counting.map(({ at }) => at))].sort((one, other) => one - other);
  return any(
    instants.flatMap((begin, index) => {
      if (counting.findLast(({ at }) => at <= begin)?.status !== "active") return [];
      const end = instants[index + 1];
      const begun = `context.at >= ${instant(begin)}`;
      return [end === undefined ? begun : `${begun} && context.at < ${instant(end)}`];
    }),
  );
}

function limits(document: AnalyticAuthorisation, { limits, timeZone }: Regime): readonly string[] {
  const begin = Date.parse(document.validFrom);
  const end = (duration: string) => isoDurationEnd(begin, duration, timeZone);
  const last = Date.parse(document.validUntil);
  return [
    notAfter(last, end(limits.maxDuration)),
    notAfter(last, end(document.maxDuration)),
    notAfter(end(document.retention.clips), end(limits.maxRetention)),
  ];
}

/** A limit beyond the calendar is none. */
function notAfter(what: number, limit: number): string {
  return Number.isFinite(limit) ? `${instant(what)} <= ${instant(limit)}` : NEVER;
}

function zones(document: AnalyticAuthorisation, key: string): string {
  const at = (cameraId: string, event: string) => `{ camera: ${cameraId}, event: ${event} }`;
  const here = at("resource", "context.event");
  const declared = document.zones.map((zone) => at(camera(zone.cameraId), literal(zone.event)));
  const whole = all([
    `context.place == "view"`,
    `context.event != "zone_intrusion"`,
    ...(declared.length === 0 ? [] : [`!${oneOf(declared, here)}`]),
  ]);
  const within = document.zones.map((zone, index) =>
    all([
      `resource == ${camera(zone.cameraId)}`,
      `context.event == ${literal(zone.event)}`,
      `(context.event != "zone_intrusion" || ${oneOf([`"forbidden"`, `"sensitive"`], literal(zone.nature))})`,
      `context.zones.contains(${literal(`${key}/${index}`)})`,
    ]),
  );
  return any([whole, ...within]);
}

const DAY = 1440;
const DAY_NAMES = ["context.today", "context.yesterday", "context.dayBefore"];

/**
 * A window that ends not after it begins runs into the next day. In the night when an hour comes twice, one that
 * begins in that hour begins at its second reading, and one that ends in it ends at its first.
 */
function windows(document: AnalyticAuthorisation): string {
  return any(
    document.dailyWindows.flatMap((window) => {
      const begin = minutes(window.from);
      const end = minutes(window.until) > begin ? minutes(window.until) : minutes(window.until) + DAY;
      return DAY_NAMES.flatMap((day, back) => {
        const [low, high] = [begin - back * DAY, end - back * DAY];
        if (high <= 0 || low >= DAY) return [];
        return [
          all([
            `context.minute >= ${low} && context.minute < ${high}`,
            ...(window.days === null ? [] : [oneOf(window.days.map(literal), day)]),
            ...(low < 0 ? [] : [`!(${inRepeatedHour(low)} && !context.repeated.second)`]),
            ...(high > DAY ? [] : [`!(${inRepeatedHour(high)} && context.repeated.second)`]),
          ]),
        ];
      });
    }),
  );
}

function inRepeatedHour(minute: number): string {
  return `context has repeated && ${minute} >= context.repeated.from && ${minute} < context.repeated.until`;
}

function minutes(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

function conditions({ document, signatures }: Analytic, { limits, timeZone }: Regime): readonly string[] {
  return document.conditions.flatMap(({ id, attestedAt, validFor }) => {
    if (attestedAt === null) return [NEVER];
    const state = Object.entries(signatures.conditions).find(([condition]) => condition === id)?.[1];
    const end = (duration: string) => isoDurationEnd(Date.parse(attestedAt), duration, timeZone);
    const latest = end(limits.attestationValidFor);
    return [
      is("valid", state ?? "missing"),
      from(attestedAt),
      `context.at < ${instant(end(validFor))}`,
      Number.isFinite(latest) ? `context.at < ${instant(latest)}` : NEVER,
    ];
  });
}

function certificates(document: AnalyticAuthorisation, world: PolicyWorld): string {
  return any(
    document.analytics.flatMap((listed) =>
      world.certificates
        .filter((certificate) => certificate.document.id === listed.benchCertificateId)
        .map((certificate) =>
          all([
            `principal == ${analytic(listed.analyticId)}`,
            `context.model == ${literal(listed.modelSha256)}`,
            ...certified(certificate),
          ]),
        ),
    ),
  );
}

function certified({ document, signature }: VerifiedCertificate): readonly string[] {
  return [
    is("valid", signature),
    `principal == ${analytic(document.analyticId)}`,
    `context.model == ${literal(document.modelSha256)}`,
    `context.event == ${literal(document.event)}`,
    from(document.issuedAt),
    until(document.validUntil),
    is("passed", document.passed ? "passed" : "failed"),
    ...thresholds(document),
  ];
}

/** Lower bounds of what must be high, the upper bound of what must be low, in millionths. */
function thresholds({ results, thresholds }: Certificate): readonly string[] {
  const whole = (rate: number) => String(BigInt(Math.round(rate * 1e6)));
  const { recallInterval, precisionInterval, falseAlarmsPerHourInterval } = results;
  return [
    `${whole(recallInterval[0])} >= ${whole(thresholds.recall)}`,
    `${whole(precisionInterval[0])} >= ${whole(thresholds.precision)}`,
    ...(thresholds.falseAlarmsPerHour === null
      ? []
      : [`${whole(falseAlarmsPerHourInterval[1])} <= ${whole(thresholds.falseAlarmsPerHour)}`]),
  ];
}

function notices(document: AnalyticAuthorisation, world: PolicyWorld): string {
  const { exempted, exemptionGrounds } = document.publicInformation;
  const exemption = all([
    is("exempted", exempted ? "exempted" : "not exempted"),
    is("grounds", exemptionGrounds === null ? "no grounds" : "grounds"),
  ]);
  return any([
    exemption,
    ...world.notices.filter((notice) => notice.document.authorisationId === document.id).map(published),
  ]);
}

function published({ document, signature }: VerifiedNotice): string {
  return all([
    is("valid", signature),
    from(document.publishedAt),
    ...(document.withdrawnAt === null ? [] : [until(document.withdrawnAt)]),
    oneOf(document.events.map(literal), "context.event"),
    oneOf(document.cameras.map(camera), "resource"),
  ]);
}
