import { EVENT_TYPES, type EventType } from "../event.ts";
import { formatUtc, type UtcMilliseconds } from "../time/clock.ts";
import type { VerifiedAnalytic } from "./gate-authorisations.ts";
import { analyticAnswers, cameraAnswers, type DocumentAnswer, nearest } from "./gate-authorisations.ts";
import type { Hold } from "./hold.ts";
import { citation, lawAt } from "./law.ts";
import type { ProfileRule } from "./profile.ts";
import { type Decision, FOOTAGE_KINDS, type GateQuestion, USES } from "./question.ts";
import { REASON_CODES, type Reason, type ReasonCode } from "./reasons.ts";
import type { PolicyWorld } from "./world.ts";

/** Name and version of this evaluator, as it stands in each decision. */
export const EVALUATOR = "contrechamp-gate@1";

/** A live clock may be so far behind the newest instant of the journal; further back it was set back, ms. */
export const CLOCK_SLACK = 2000;

/** Instants that RFC 3339 can write: the years 0001 to 9999. */
export const INSTANTS = {
  first: Date.parse("0001-01-01T00:00:00Z"),
  last: Date.parse("9999-12-31T23:59:59.999Z"),
} as const;

/**
 * The gate: may this episode be used so, here and now? It allows where nothing stops it, the law permits, an
 * authorisation to film and one to analyse hold, and certificate and notice stand beside them, as far as the profile
 * demands each. In every other case it denies, and says every reason that holds, in the order of `REASON_CODES`.
 *
 * Pure: the answer depends on the two arguments alone. Total: there is an answer to anything, and to what makes no
 * sense, in the question or in the world, it is no.
 */
export function mayAlert(question: GateQuestion, world: PolicyWorld): Decision {
  try {
    return decide(question, world);
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : "unknown fault";
    const reason = { code: "documents_unreadable", ruleId: null, source: `the gate: ${message}` } as const;
    return unreadable(question, reason);
  }
}

/** The answer where even reading fails: the question is repeated as far as it can be read. */
function unreadable(question: GateQuestion | null, reason: Reason): Decision {
  try {
    return decision(question, null, null, [reason]);
  } catch {
    return decision(null, null, null, [reason]);
  }
}

function decide(question: GateQuestion, world: PolicyWorld): Decision {
  const malformed = malformedPart(question);
  if (malformed !== null) {
    const reason = { code: "question_unreadable", ruleId: null, source: malformed } as const;
    return decision(question, world, null, [reason, ...faultReasons(world)]);
  }
  const asked: GateQuestion = { ...question, at: Math.floor(question.at) };
  const law = lawReasons(asked, world);
  const { authorisation, reasons: documentReasons } = authorisationReasons(asked, world, law.permit);
  const denials = [
    ...eventReasons(asked),
    ...faultReasons(world),
    ...holdReasons(asked, world),
    ...clockReasons(asked, world),
    ...law.denials,
    ...documentReasons,
  ];
  if (denials.length === 0 && law.permit !== null && authorisation !== null) {
    const yes = { code: "permitted", ruleId: law.permit.id, source: citation(law.permit) } as const;
    return decision(question, world, authorisation, [yes]);
  }
  return decision(question, world, authorisation, denials);
}

/** Which part of a question nobody can answer; null where all of it can be read. */
export function malformedPart(question: GateQuestion): string | null {
  const { at, use, footage, recordingSha256, place } = question;
  if (!isInstant(at)) return "the instant is none";
  if (!USES.includes(use)) return "the use is none";
  if (!FOOTAGE_KINDS.includes(footage)) return "the kind of footage is none";
  for (const name of ["cameraId", "ruleId", "event", "analyticId", "modelSha256"] as const) {
    if (typeof question[name] !== "string") return `${name} is no text`;
  }
  if (recordingSha256 !== null && typeof recordingSha256 !== "string") return "recordingSha256 is no text";
  const least = LEAST_POINTS.get(place?.kind);
  if (least === undefined || !Array.isArray(place.points)) return "the place is none";
  if (place.points.length < least) return `the place has less than ${least} points`;
  if (!place.points.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))) {
    return "a point of the place has no coordinates";
  }
  return null;
}

function eventReasons({ event }: GateQuestion): readonly Reason[] {
  if (isEvent(event)) return [];
  return [{ code: "unknown_event", ruleId: null, source: `events: ${EVENT_TYPES.join(", ")}` }];
}

function isEvent(event: string): event is EventType {
  return EVENT_TYPES.some((known) => known === event);
}

function faultReasons(world: PolicyWorld): readonly Reason[] {
  return world.faults.map(({ file, code, message }) => ({
    code: "documents_unreadable",
    ruleId: file,
    source: `${code}: ${message}`,
  }));
}

const HOLD_CODES: Readonly<Record<Hold["cause"], ReasonCode>> = {
  stop_switch: "stopped",
  clock_set_back: "clock_set_back",
  view_moved: "view_moved",
  model_changed: "model_changed",
  configuration_changed: "configuration_changed",
  condition_lapsed: "condition_lapse_held",
  incident: "incident_held",
};

function holdReasons({ cameraId }: GateQuestion, world: PolicyWorld): readonly Reason[] {
  return world.holds
    .filter(({ released }) => released === null)
    .filter(({ scope }) => scope.kind !== "camera" || scope.cameraId === cameraId)
    .map((hold) => ({
      code: HOLD_CODES[hold.cause] ?? "incident_held",
      ruleId: hold.id,
      source: `held since ${hold.at} by ${hold.by}: ${hold.reason}`,
    }));
}

function clockReasons({ at, footage }: GateQuestion, { newest }: PolicyWorld): readonly Reason[] {
  // Asked so that an instant which is none denies.
  if (footage !== "live" || newest === null || at >= Math.floor(newest) - CLOCK_SLACK) return [];
  return [
    {
      code: "clock_set_back",
      ruleId: null,
      source: `the clock says ${formatUtc(at)}, the journal already knows ${instantText(newest)}`,
    },
  ];
}

function lawReasons(
  question: GateQuestion,
  world: PolicyWorld,
): { readonly permit: ProfileRule | null; readonly denials: readonly Reason[] } {
  const { at, event, footage, use } = question;
  const denials: Reason[] = [];
  if (isEvent(event)) {
    for (const { profile } of world.overlays) {
      denials.push(...lawAt(profile, { at, event, footage, use }).denials);
    }
  }
  if (world.profile === null) {
    denials.push({ code: "no_profile", ruleId: null, source: "no profile of the law is configured" });
    return { permit: null, denials };
  }
  const { profile } = world.profile;
  const name = `profile ${profile.id} ${profile.version}`;
  if (!profile.footage.includes(footage)) {
    denials.push({
      code: "footage_not_permitted",
      ruleId: profile.id,
      source: `${name}: for ${profile.footage.join(", ")} only`,
    });
  }
  const rules = profile.rules.filter(({ effect }) => effect === "permit");
  if (!rules.some(({ uses }) => uses.includes(use))) {
    denials.push({ code: "use_not_permitted", ruleId: profile.id, source: `${name}: no rule for ${use}` });
  }
  if (!isEvent(event)) return { permit: null, denials };
  const law = lawAt(profile, { at, event, footage, use });
  return { permit: law.permit, denials: [...denials, ...law.denials] };
}

/** What the authorisations say: one wholly permits, or the reasons of the one that comes nearest. */
function authorisationReasons(
  question: GateQuestion,
  world: PolicyWorld,
  permit: ProfileRule | null,
): { readonly authorisation: VerifiedAnalytic | null; readonly reasons: readonly Reason[] } {
  // Without a profile nobody knows what an authorisation has to fulfil.
  if (world.profile === null) return { authorisation: null, reasons: [] };
  const { profile } = world.profile;
  const reasons: Reason[] = [];
  const noneFor = (code: ReasonCode, what: string): Reason => ({
    code,
    ruleId: permit?.id ?? profile.id,
    source: `no authorisation ${what} lists camera ${question.cameraId}; it would rest on ${
      permit === null ? `profile ${profile.id} ${profile.version}` : citation(permit)
    }`,
  });
  if (profile.requires.cameraAuthorisation) {
    const camera = nearest(cameraAnswers(question, world, profile));
    reasons.push(...(camera === null ? [noneFor("no_camera_authorisation", "to film")] : camera.reasons));
  }
  const analytic: DocumentAnswer<VerifiedAnalytic> | null = nearest(
    analyticAnswers(question, world, profile),
  );
  reasons.push(
    ...(analytic === null ? [noneFor("no_analytic_authorisation", "to analyse")] : analytic.reasons),
  );
  return { authorisation: analytic?.authorisation ?? null, reasons };
}

function decision(
  question: GateQuestion | null,
  world: PolicyWorld | null,
  authorisation: VerifiedAnalytic | null,
  found: readonly Reason[],
): Decision {
  const [first, ...others] = inOrder(found);
  const unexplained: Reason = { code: "no_legal_basis", ruleId: null, source: "nothing permits it" };
  const reasons: Decision["reasons"] = first === undefined ? [unexplained] : [first, ...others];
  return {
    at: instantText(question?.at),
    use: USES.find((use) => use === question?.use) ?? "alert",
    cameraId: textOf(question?.cameraId),
    ruleId: textOf(question?.ruleId),
    analyticId: textOf(question?.analyticId),
    modelSha256: textOf(question?.modelSha256),
    event: textOf(question?.event),
    footage: FOOTAGE_KINDS.find((kind) => kind === question?.footage) ?? "live",
    allow: reasons.length === 1 && reasons[0].code === "permitted",
    reasons,
    profileId: world?.profile?.profile.id ?? null,
    profileSha256: world?.profile?.sha256 ?? null,
    authorisationId: authorisation?.document.id ?? null,
    authorisationSha256: authorisation?.sha256 ?? null,
    overlayIds: world?.overlays.map(({ profile }) => profile.id) ?? [],
    evaluator: EVALUATOR,
  };
}

/** In the order of the closed list, each once. */
function inOrder(reasons: readonly Reason[]): readonly Reason[] {
  const once = new Map(reasons.map((reason) => [JSON.stringify(reason), reason]));
  return [...once.values()].sort((a, b) => REASON_CODES.indexOf(a.code) - REASON_CODES.indexOf(b.code));
}

const LEAST_POINTS: ReadonlyMap<unknown, number> = new Map([
  ["view", 0],
  ["line", 2],
  ["zone", 3],
]);

function isInstant(at: unknown): at is UtcMilliseconds {
  return typeof at === "number" && at >= INSTANTS.first && at < INSTANTS.last + 1;
}

function instantText(at: unknown): string {
  return isInstant(at) ? formatUtc(Math.floor(at)) : "no instant";
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : `no text: ${typeof value}`;
}
