import { Temporal } from "temporal-polyfill";
import type { Finding } from "../config/diagnostics.ts";
import { fault } from "../errors.ts";
import { EVENT_TYPES } from "../event.ts";
import type { UtcMilliseconds } from "../time/clock.ts";
import type { AnalyticAuthorisation, Authorisation } from "./authorisation.ts";
import { checkPerimeter, checkZones } from "./authorisation-places.ts";
import { checkTexts, repeated, wrong } from "./document-checks.ts";
import { analyticId } from "./question.ts";
import { DEFAULT_TIME_ZONE, isLonger, isoDurationEnd, mayFollow } from "./validity.ts";

/**
 * Where an authorisation contradicts itself, beyond what its schema can see. Errors keep it from being used, warnings
 * do not. An empty list for a sound one.
 * @param timeZone the profile's, in which offsets, months and days are read
 */
export function checkAuthorisation(
  a: Authorisation,
  timeZone: string = DEFAULT_TIME_ZONE,
): readonly Finding[] {
  return [
    ...checkTexts(a, timeZone),
    ...checkPeriod(a),
    ...checkPublication(a),
    ...checkHistory(a),
    ...checkOrganisations(a),
    ...checkPerimeter(a.perimeter),
    ...repeated(a.cameras, ["cameras"], "camera", (camera) => camera),
    ...(a.retention === null || !isLonger(a.retention.clips, LONGEST_CLIPS)
      ? []
      : [retention("clips", a.retention.clips, `at most ${LONGEST_CLIPS}`)]),
    ...(a.kind === "analytic_authorisation" ? checkAnalytic(a, timeZone) : []),
  ];
}

/** What a renewal and the authorisation that it renews say of each other. Paths are the renewal's. */
export function checkRenewal(renewal: AnalyticAuthorisation, renewed: Authorisation): readonly Finding[] {
  if (renewed.kind !== "analytic_authorisation") {
    return [renewalFault(["renewalOf"], `it renews ${renewed.id}, which allows no analysis`)];
  }
  const findings: Finding[] = [];
  if (renewal.renewalCount !== renewed.renewalCount + 1) {
    const what = `it is renewal ${renewal.renewalCount} of ${renewed.id}, which is renewal ${renewed.renewalCount}`;
    findings.push(renewalFault(["renewalCount"], what));
  }
  if (sameGrounds(renewal.grounds, renewed.grounds)) {
    findings.push({
      severity: "warning",
      path: ["grounds"],
      fault: (at) => fault("AUTHORISATION_SAME_GROUNDS", { at, renewed: renewed.id }),
    });
  }
  return findings;
}

/** Whether two grounds are the same in one of the languages, whatever their spaces, signs and capitals. */
export function sameGrounds(one: Authorisation["grounds"], two: Authorisation["grounds"]): boolean {
  const bare = (text: string) =>
    text
      .normalize("NFKC")
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, " ")
      .trim();
  return bare(one.fr) === bare(two.fr) || bare(one.en) === bare(two.en);
}

/** CSI L.252-5 and R.253-4: recordings are destroyed within one month. */
const LONGEST_CLIPS = "P1M";
/** Regulation (EU) 2024/1689, articles 19 and 26(6): logs are kept at least 6 months. */
const SHORTEST_LOGS = "P6M";
/** CSI R.253-5: the log of those who had access is kept for at most 3 years. */
const LONGEST_LOGS = "P3Y";

function checkPeriod(a: Authorisation): readonly Finding[] {
  const [from, until] = [Date.parse(a.validFrom), Date.parse(a.validUntil)];
  const findings: Finding[] = [];
  if (until <= from) {
    findings.push(
      wrong(["validUntil"], (at) =>
        fault("AUTHORISATION_PERIOD", { at, from: a.validFrom, until: a.validUntil }),
      ),
    );
  }
  if (from < Date.parse(a.decidedAt)) {
    findings.push({
      severity: "warning",
      path: ["validFrom"],
      fault: (at) => fault("AUTHORISATION_RETROACTIVE", { at, decidedAt: a.decidedAt }),
    });
  }
  return findings;
}

function checkPublication(a: Authorisation): readonly Finding[] {
  const half = (path: string, what: string) =>
    wrong([path], (at) => fault("AUTHORISATION_PUBLICATION", { at, what }));
  if (a.publishedAt === null && a.publicationUrl === null) {
    const running = a.status === "published" || a.status === "active" || a.status === "suspended";
    return running ? [half("status", `it is ${a.status} and was never published`)] : [];
  }
  if (a.publishedAt === null) return [half("publicationUrl", "where it is published is given, and not when")];
  if (a.publicationUrl === null)
    return [half("publishedAt", "when it was published is given, and not where")];
  if (a.status === "draft") return [half("status", "it is a draft, and is said to be published")];
  return Date.parse(a.publishedAt) < Date.parse(a.decidedAt)
    ? [half("publishedAt", `it was published before it was decided (${a.decidedAt})`)]
    : [];
}

function checkHistory(a: Authorisation): readonly Finding[] {
  const findings: Finding[] = [];
  const say = (path: readonly (string | number)[], what: string) =>
    findings.push(wrong(path, (at) => fault("AUTHORISATION_HISTORY", { at, what })));
  for (const [index, entry] of a.statusHistory.entries()) {
    const path = ["statusHistory", index];
    const before = a.statusHistory[index - 1];
    if (before !== undefined) {
      if (Date.parse(entry.at) < Date.parse(before.at)) {
        say([...path, "at"], `the entry is of ${entry.at}, before the one above it (${before.at})`);
      }
      if (!mayFollow(before.status, entry.status)) {
        say([...path, "status"], `${entry.status} cannot follow ${before.status}`);
      }
    }
    if ((entry.status === "annulled") !== (entry.annulmentGround !== null)) {
      say(path, "an annulment, and nothing else, has a ground: procedural or substantive");
    }
    if (entry.status === "expired" && Date.parse(entry.at) < Date.parse(a.validUntil)) {
      say([...path, "at"], `it is said to have expired before its end (${a.validUntil})`);
    }
  }
  const last = a.statusHistory.at(-1);
  if (last !== undefined && last.status !== a.status) {
    say(["status"], `the status is ${a.status}, and the last entry of its history says ${last.status}`);
  }
  return findings;
}

function checkOrganisations(a: Authorisation): readonly Finding[] {
  const siren = (found: string | null, path: readonly (string | number)[]) =>
    found === null || passesLuhn(found)
      ? []
      : [wrong(path, (at) => fault("AUTHORISATION_SIREN", { at, found }))];
  return [
    ...siren(a.controller.SIREN, ["controller", "SIREN"]),
    ...a.processors.flatMap((processor, index) => siren(processor.SIREN, ["processors", index, "SIREN"])),
  ];
}

/** The check digit of a SIREN (ISO/IEC 7812-1, annex B). */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (const [index, digit] of [...digits].toReversed().entries()) {
    const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
}

function checkAnalytic(a: AnalyticAuthorisation, timeZone: string): readonly Finding[] {
  return [
    ...checkDuration(a, timeZone),
    ...checkOwnRenewal(a),
    ...checkGathering(a),
    ...checkInformation(a),
    ...checkAnalytics(a),
    ...checkAttestations(a),
    ...checkZones(a),
    ...checkLogs(a),
    ...repeated(a.recordings, ["recordings"], "recording", (recording) => recording.sha256),
  ];
}

function checkDuration(a: AnalyticAuthorisation, timeZone: string): readonly Finding[] {
  const latest = isoDurationEnd(Date.parse(a.validFrom), a.maxDuration, timeZone);
  if (Date.parse(a.validUntil) <= latest) return [];
  const { validUntil: until, maxDuration } = a;
  return [
    wrong(["validUntil"], (at) =>
      fault("AUTHORISATION_TOO_LONG", { at, until, maxDuration, latest: onTheClock(latest, timeZone) }),
    ),
  ];
}

/** An instant as people of that time zone write it. */
function onTheClock(at: UtcMilliseconds, timeZone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(at).toString({ timeZone });
}

function renewalFault(path: readonly string[], what: string): Finding {
  return wrong(path, (at) => fault("AUTHORISATION_RENEWAL", { at, what }));
}

function checkOwnRenewal(a: AnalyticAuthorisation): readonly Finding[] {
  if (a.renewalOf === a.id) return [renewalFault(["renewalOf"], "it is said to renew itself")];
  if (a.renewalOf === null && a.renewalCount > 0) {
    return [
      renewalFault(["renewalCount"], `it is said to be renewal ${a.renewalCount}, and names none before it`),
    ];
  }
  if (a.renewalOf !== null && a.renewalCount === 0) {
    return [renewalFault(["renewalOf"], `it renews ${a.renewalOf}, and its renewalCount is 0`)];
  }
  return [];
}

function checkGathering({ eventGathering: gathering }: AnalyticAuthorisation): readonly Finding[] {
  if (gathering === null || Date.parse(gathering.start) < Date.parse(gathering.end)) return [];
  const { start, end } = gathering;
  return [wrong(["eventGathering", "end"], (at) => fault("AUTHORISATION_GATHERING", { at, start, end }))];
}

function checkInformation({ publicInformation: told }: AnalyticAuthorisation): readonly Finding[] {
  const say = (path: readonly string[], what: string) => [
    wrong(["publicInformation", ...path], (at) => fault("AUTHORISATION_INFORMATION", { at, what })),
  ];
  if (told.exempted) {
    return told.exemptionGrounds === null
      ? say([], "the public is not informed, and no grounds are given")
      : [];
  }
  if (told.means.length === 0) return say(["means"], "the public is to be informed, and by no means at all");
  if (told.exemptionGrounds !== null) {
    return say(["exemptionGrounds"], "grounds for an exemption are given, and there is none");
  }
  return [];
}

function checkAnalytics(a: AnalyticAuthorisation): readonly Finding[] {
  const say = (path: readonly (string | number)[], what: string) =>
    wrong(path, (at) => fault("AUTHORISATION_ANALYTIC", { at, what }));
  const listed = new Map<string, (typeof EVENT_TYPES)[number]>(
    EVENT_TYPES.map((event) => [analyticId(event), event]),
  );
  const findings: Finding[] = [
    ...repeated(a.events, ["events"], "event", (event) => event),
    ...repeated(a.analytics, ["analytics"], "analytic", (one) => `${one.analyticId} with ${one.modelSha256}`),
  ];
  for (const [index, { analyticId: id }] of a.analytics.entries()) {
    const event = listed.get(id);
    const path = ["analytics", index, "analyticId"];
    if (event === undefined) findings.push(say(path, `${id} is no analytic that there is`));
    else if (!a.events.includes(event))
      findings.push(say(path, `${id} is for ${event}, which is not listed`));
  }
  for (const [index, event] of a.events.entries()) {
    if (a.analytics.some((one) => one.analyticId === analyticId(event))) continue;
    findings.push({
      ...say(["events", index], `no analytic is listed for ${event}: it will never be raised`),
      severity: "warning",
    });
  }
  return findings;
}

function checkAttestations(a: AnalyticAuthorisation): readonly Finding[] {
  const halves = a.conditions.flatMap(({ attestedBy, attestedAt, signature }, index) => {
    const half =
      (attestedBy === null) !== (attestedAt === null) || (attestedAt === null && signature !== null);
    if (!half) return [];
    const what = "an attestation says who and when, or it is none";
    return [wrong(["conditions", index], (at) => fault("AUTHORISATION_ATTESTATION", { at, what }))];
  });
  return [...repeated(a.conditions, ["conditions"], "condition", (condition) => condition.id), ...halves];
}

function checkLogs({ retention: { accessLogs } }: AnalyticAuthorisation): readonly Finding[] {
  return isLonger(SHORTEST_LOGS, accessLogs) || isLonger(accessLogs, LONGEST_LOGS)
    ? [retention("accessLogs", accessLogs, `${SHORTEST_LOGS} to ${LONGEST_LOGS}`)]
    : [];
}

function retention(key: "clips" | "accessLogs", found: string, allowed: string): Finding {
  const what = key === "clips" ? "clips" : "access logs";
  return wrong(["retention", key], (at) => fault("AUTHORISATION_RETENTION", { at, what, found, allowed }));
}
