import { applySchema, formatPath } from "../../config/diagnostics.ts";
import { CodedError, fault } from "../../errors.ts";
import { EVENT_TYPES, type EventType } from "../../event.ts";
import { DEFAULT_MODEL } from "../../models/manifest.ts";
import { type Authorisation, authorisationSchema } from "../../policy/authorisation.ts";
import { checkAuthorisation } from "../../policy/authorisation-checks.ts";
import { authorisationTemplate, type Draft, modelsOf } from "../../policy/authorisation-template.ts";
import { analyticId } from "../../policy/question.ts";
import { formatUtc } from "../../time/clock.ts";
import { eventsOf, modelSha256, networksOf, zonesOf } from "./config-facts.ts";
import {
  defaultsOf,
  draftOf,
  type Given,
  isMapping,
  merge,
  missingFields,
  type Refused,
  valueAt,
} from "./draft-parts.ts";
import type { Field, Situation } from "./field.ts";
import { slugOf } from "./files.ts";

/** Why an authorisation cannot be written yet; `line` is for a person, in English as all coded errors are. */
export interface FoundFault {
  readonly kind: "missing" | "value" | "whole";
  readonly line: string;
}

export interface Composed {
  /** All that is known, without the defaults of what a person should still be asked. */
  readonly draft: Draft;
  /** Null where there are faults. */
  readonly authorisation: Authorisation | null;
  readonly faults: readonly FoundFault[];
}

/**
 * Puts an authorisation together: the profile's template, then what the configuration says, then what a person gave on
 * the command line or in answers, then their file; at the end what follows from all of it.
 */
export async function composeDraft(
  situation: Situation,
  all: readonly Field[],
  given: Given,
  fill: Draft,
): Promise<Composed> {
  const fields = "zones" in fill ? all.filter(({ path }) => path !== "zoneJustification") : all;
  const { draft: answered, refused } = draftOf(fields, given, situation);
  const known = merge(merge(configDraft(situation), answered), fill);
  const template = authorisationTemplate(situation.kind, situation.profile, startOf(known, situation));
  const draft = merge(template, withStandingConditions(template, known, fill));
  const defaults = draftOf(fields, defaultsOf(fields, draft, situation), situation).draft;
  const faults: FoundFault[] = [
    ...refused.map(refusedFault),
    ...missingFields(fields, merge(draft, defaults), situation).map(missingFault),
  ];
  try {
    const whole = await derive(merge(draft, defaults), situation, isMapping(fill) && "zones" in fill);
    const { value, findings } = applySchema(authorisationSchema, drafted(whole, situation));
    const asked = fields.filter(({ needed }) => needed(situation)).map(({ path }) => path);
    for (const finding of findings) {
      const error = finding.fault(formatPath(finding.path) || "the authorisation");
      // What was asked for by its option is not listed again by its key.
      if (error.code === "CONFIG_MISSING_KEY" && faults.some(({ kind }) => kind === "missing")) continue;
      if (asked.includes(formatPath(finding.path)) && faults.length > 0) continue;
      faults.push({ kind: "whole", line: error.message });
    }
    if (value === null || faults.length > 0) return { draft, authorisation: null, faults };
    const errors = checkAuthorisation(value, situation.profile.timeZone).filter(
      ({ severity }) => severity === "error",
    );
    for (const error of errors) {
      faults.push({
        kind: "whole",
        line: error.fault(formatPath(error.path) || "the authorisation").message,
      });
    }
    return { draft, authorisation: faults.length === 0 ? value : null, faults };
  } catch (thrown) {
    if (!(thrown instanceof CodedError)) throw thrown;
    return { draft, authorisation: null, faults: [...faults, { kind: "value", line: thrown.message }] };
  }
}

export function refusedFault({ field, found, expected }: Refused): FoundFault {
  return { kind: "value", line: `--${field.flag}: found ${JSON.stringify(found)}, expected ${expected.en}` };
}

export function missingFault({ flag, placeholder, question, why }: Field): FoundFault {
  return { kind: "missing", line: `--${flag} <${placeholder}>: ${question.en}. ${why.en}` };
}

/** Everything that is missing or wrong, as one error. */
export function incomplete(faults: readonly FoundFault[]): CodedError {
  const list = faults.map(({ line }) => `  ${line}`).join("\n");
  return fault("AUTHORISE_INCOMPLETE", { count: faults.length, list });
}

/** Names of what is worked into other keys and stands in no authorisation. */
const WORKED_IN: readonly string[] = ["model", "certificates", "zoneJustification"];

function configDraft({ config, kind }: Situation): Draft {
  if (config === null) return {};
  const cameras = config.cameras.map(({ id }) => id);
  if (kind === "camera_authorisation") return { cameras };
  const rules = config.cameras.some((camera) => camera.rules.length > 0);
  return { cameras, use: config.authority.use, ...(rules ? { events: eventsOf(config) } : {}) };
}

/** Conditions given by option stand beside the template's own; those of a file replace them. */
function withStandingConditions(template: Draft, known: Draft, fill: Draft): Draft {
  const own = template["conditions"];
  const given = known["conditions"];
  if (!Array.isArray(own) || !Array.isArray(given) || "conditions" in fill) return known;
  return { ...known, conditions: [...own, ...given] };
}

function startOf(draft: Draft, { now }: Situation): number {
  const from = draft["validFrom"];
  const at = typeof from === "string" ? Date.parse(from) : Number.NaN;
  return Number.isNaN(at) ? now : at;
}

/** What follows from the rest: the id, the analytics of the events, the zones of the configuration. */
async function derive(draft: Draft, situation: Situation, zonesGiven: boolean): Promise<Draft> {
  const { reference } = draft;
  const whole: { [key: string]: unknown } = Object.fromEntries(
    Object.entries(draft).filter(([key]) => !WORKED_IN.includes(key)),
  );
  if (whole["id"] === undefined && typeof reference === "string") {
    whole["id"] = `urn:contrechamp:authorisation:${slugOf(reference)}`;
  }
  if (situation.kind === "camera_authorisation") return whole;
  const information = whole["publicInformation"];
  if (isMapping(information)) whole["publicInformation"] = { noticeUrl: null, ...information };
  const events = eventList(whole["events"]);
  if (whole["analytics"] === undefined && events.length > 0) {
    whole["analytics"] = await analyticsOf(events, draft, situation);
  }
  if (situation.config !== null && !zonesGiven) {
    const said = draft["zoneJustification"];
    const cameras = Array.isArray(whole["cameras"]) ? whole["cameras"] : [];
    const zones = zonesOf(situation.config, (camera, rule) =>
      typeof said === "string" ? said : `rule ${rule.id} of camera ${camera.id}, as configured`,
    );
    whole["zones"] = zones.filter((zone) => cameras.includes(zone.cameraId) && events.includes(zone.event));
  }
  return whole;
}

async function analyticsOf(
  events: readonly EventType[],
  draft: Draft,
  { config }: Situation,
): Promise<readonly Draft[]> {
  const named = draft["model"];
  const sha256 = await modelSha256(
    typeof named === "string" ? named : (config?.engine.model ?? DEFAULT_MODEL),
  );
  const certificates = Array.isArray(draft["certificates"]) ? draft["certificates"].filter(isMapping) : [];
  const networks = await networksOf(config, sha256);
  return events.flatMap((event) =>
    modelsOf(event, { modelSha256: sha256, networks }).map((model) => ({
      analyticId: analyticId(event),
      modelSha256: model,
      benchCertificateId: certificates.find((certificate) => certificate["event"] === event)?.["id"] ?? null,
    })),
  );
}

function eventList(value: unknown): readonly EventType[] {
  return Array.isArray(value) ? EVENT_TYPES.filter((event) => value.includes(event)) : [];
}

/** As a draft is, so that the schema can be asked; `draft` of the lifecycle writes the real first entry. */
function drafted(whole: Draft, { now }: Situation): Draft {
  const authority = valueAt(whole, "issuingAuthority.name");
  const by = typeof authority === "string" && authority.trim() !== "" ? authority : "author";
  return {
    ...whole,
    status: "draft",
    statusHistory: [{ status: "draft", at: formatUtc(now), by, reason: "Drafted" }],
  };
}
