import { applySchema, formatPath } from "../../config/diagnostics.ts";
import { fault } from "../../errors.ts";
import type { AnalyticAuthorisation, Authorisation } from "../../policy/authorisation.ts";
import { authorisationSchema } from "../../policy/authorisation.ts";
import type { Draft } from "../../policy/authorisation-template.ts";
import { renew } from "../../policy/lifecycle.ts";
import type { Regime } from "../../policy/profile.ts";
import { loadRegime } from "../../policy/profile-load.ts";
import { isoDurationEnd } from "../../policy/validity.ts";
import { type Clock, formatUtc } from "../../time/clock.ts";
import { ANALYTIC_FIELDS } from "./analytic-fields.ts";
import { type CommonOptions, languageFor } from "./change.ts";
import { COMMON_FIELDS } from "./common-fields.ts";
import { incomplete, missingFault, refusedFault } from "./compose.ts";
import { defaultsOf, draftOf, type Given, merge, missingFields } from "./draft-parts.ts";
import { always, type Field, never, type Situation } from "./field.ts";
import { analytic, openAuthorisation, readFill, slugOf } from "./files.ts";
import { instantOption } from "./instant.ts";
import { type Desk, interview } from "./interview.ts";

interface RenewalOptions extends CommonOptions {
  readonly from?: string;
  readonly profile?: string;
  readonly fill?: string;
  readonly by?: string;
  readonly at?: string;
}

export interface Renewed {
  readonly authorisation: AnalyticAuthorisation;
  readonly profile: Regime;
}

/** What a renewal decides anew, and what it may change; all else is taken over. */
const ANEW = ["reference", "grounds-fr", "grounds-en", "valid-from", "valid-until", "decided-at", "decision"];
const CHANGEABLE = [
  "id",
  "title-fr",
  "title-en",
  "camera",
  "daily",
  "gathering",
  "gathering-start",
  "gathering-end",
  "attendance",
  "exposure-fr",
  "exposure-en",
];

/**
 * A renewal of an authorisation to analyse: a new object with fresh grounds and dates, which names the one before (loi
 * 2023-380, article 10, VII: a month, renewable).
 * @param given what a person gave on the command line, by flag
 * @returns null where the person left
 */
export async function renewal(
  options: RenewalOptions,
  given: Given,
  clock: Clock,
  desk: Desk | null,
): Promise<Renewed | null> {
  const opened = await openAuthorisation(options.from ?? "", options.profile);
  const old = analytic(opened.authorisation, "renewed");
  const profile =
    opened.profile ?? (await loadRegime(old.legalBasis.map(({ profileId }) => profileId)[0] ?? "")).profile;
  const stray = [...given.keys()].filter((flag) => ![...ANEW, ...CHANGEABLE].includes(flag));
  if (stray.length > 0) {
    throw fault("AUTHORISE_RENEWAL", {
      what: `it takes over ${stray.map((flag) => `--${flag}`).join(", ")}`,
    });
  }
  const situation: Situation = {
    kind: "analytic_authorisation",
    profile,
    now: clock.now(),
    config: null,
    renewal: true,
  };
  const fields = renewalFields(old, profile);
  const fill = options.fill === undefined ? {} : await readFill(options.fill);
  let all = given;
  const read = () => {
    const { draft, refused } = draftOf(fields, all, situation);
    return { draft: merge(draft, fill), refused };
  };
  if (desk !== null && read().refused.length === 0) {
    const answers = await interview(fields, read().draft, situation, languageFor(options), desk);
    if (answers === null) return null;
    all = new Map([...all, ...answers]);
  }
  all = new Map([...defaultsOf(fields, read().draft, situation), ...all]);
  const { draft, refused } = read();
  const missing = missingFields(fields, draft, situation);
  if (refused.length > 0 || missing.length > 0) {
    throw incomplete([...refused.map(refusedFault), ...missing.map(missingFault)]);
  }
  const decided = decidedAnew(old, draft);
  const authorisation = renew(old, {
    by: options.by ?? old.issuingAuthority.name,
    at: instantOption("--at", options.at, profile.timeZone) ?? clock.now(),
    id: decided.id === old.id ? `urn:contrechamp:authorisation:${slugOf(decided.reference)}` : decided.id,
    reference: decided.reference,
    newGrounds: decided.grounds,
    validFrom: decided.validFrom,
    validUntil: decided.validUntil,
    decidedAt: decided.decidedAt,
    documentSha256: decided.documentSha256,
    title: decided.title,
    eventGathering: decided.eventGathering,
    cameras: decided.cameras,
    zones: decided.zones.filter(({ cameraId }) => decided.cameras.includes(cameraId)),
    dailyWindows: decided.dailyWindows,
    conditions: decided.conditions,
  });
  return { authorisation, profile };
}

function renewalFields(old: AnalyticAuthorisation, profile: Regime): readonly Field[] {
  const from = old.validUntil;
  const until = formatUtc(isoDurationEnd(Date.parse(from), profile.limits.maxDuration, profile.timeZone));
  return [...COMMON_FIELDS, ...ANALYTIC_FIELDS]
    .filter(({ flag }) => [...ANEW, ...CHANGEABLE].includes(flag))
    .map((field): Field => {
      const { initial: _initial, ...bare } = field;
      const anew = { ...bare, needed: ANEW.includes(field.flag) ? always : never };
      if (field.flag === "valid-from") return { ...anew, initial: () => from };
      if (field.flag === "valid-until") return { ...anew, initial: () => until };
      if (field.flag !== "grounds-fr" && field.flag !== "grounds-en") return anew;
      const language = field.flag === "grounds-fr" ? "fr" : "en";
      return {
        ...anew,
        why: {
          fr: `De nouveaux motifs : les mêmes ne suffisent pas. Ceux d’avant : ${old.grounds[language]}`,
          en: `Fresh grounds: the same do not do. Those before: ${old.grounds[language]}`,
        },
      };
    });
}

/** The old decision with what is new in it. @throws AUTHORISE_INCOMPLETE where that is no sound authorisation */
function decidedAnew(old: AnalyticAuthorisation, draft: Draft): AnalyticAuthorisation {
  const joined = merge({ ...old }, draft);
  const { value, findings } = applySchema<Authorisation>(authorisationSchema, joined);
  if (value?.kind === "analytic_authorisation") return value;
  throw incomplete(
    findings.map((finding) => ({
      kind: "whole" as const,
      line: finding.fault(formatPath(finding.path) || "the authorisation").message,
    })),
  );
}
