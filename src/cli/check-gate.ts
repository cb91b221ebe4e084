import { expandSource, isLocalPath, missingVariables } from "../config/address.ts";
import { configSha256 } from "../config/hash.ts";
import type { CameraConfig, Config } from "../config/schema.ts";
import { baselineOf, changesSince, modelsSha256, readBaseline, sourcesSha256 } from "../engine/baseline.ts";
import { cameraQuestions, replayedFrom } from "../engine/questions.ts";
import { LONGEST_RECORDING } from "../engine/site-authority.ts";
import { asCoded } from "../errors.ts";
import { earliestAfter } from "../evidence/grounds.ts";
import { journalFolder } from "../journal/folder.ts";
import { type SlotModel, slotHashes } from "../models/slot-models.ts";
import type { Authorisation } from "../policy/authorisation.ts";
import { createSecondOpinion } from "../policy/cedar.ts";
import type { Hold } from "../policy/hold.ts";
import { citation } from "../policy/law.ts";
import { loadWorld } from "../policy/load-world.ts";
import { Gate } from "../policy/mint.ts";
import type { Hashed, Profile, ProfileRule, Regime } from "../policy/profile.ts";
import { loadRegime } from "../policy/profile-load.ts";
import type { Decision, GateQuestion } from "../policy/question.ts";
import type { Reason } from "../policy/reasons.ts";
import type { PolicyWorld } from "../policy/world.ts";
import { formatUtc, type UtcMilliseconds } from "../time/clock.ts";
import { instantOption } from "./authorise/instant.ts";
import { plainError } from "./check-configuration.ts";
import type {
  CheckedAuthorisation,
  CheckedError,
  CheckedGate,
  CheckedHold,
  CheckedLaw,
  CheckedProfile,
  CheckedReason,
  GateAnswer,
  GateCamera,
} from "./check-report.ts";
import { checkState, hasStarted } from "./check-state.ts";
import { permissionsIfVerified, turnOf } from "./check-turn.ts";
import { outputFolder, stateFolder, worldSources } from "./site-sources.ts";
import { type NamedCamera, nameCamera } from "./watch-jobs.ts";

export interface CheckGateOptions {
  /** Folder of the state, in the place of the configuration's. */
  readonly state: string | undefined;
  /** Folder of results, in the place of the configuration's. */
  readonly out: string | undefined;
  /** The instant to ask about, as a person wrote it; now where missing. */
  readonly at: string | undefined;
  readonly modelSha256: string;
  /** Networks that rules name for themselves. */
  readonly slots: readonly SlotModel[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly now: UtcMilliseconds;
}

/**
 * Asks the gate, both its evaluators, about each rule of each camera as `watch` would with the same configuration.
 * Nothing is written, and nothing is held.
 * @throws AUTHORISE_VALUE for an instant that is none
 */
export async function checkGate(config: Config, options: CheckGateOptions): Promise<CheckedGate> {
  const { modelSha256 } = options;
  const slots = slotHashes(options.slots);
  const regime = await regimeOf(config);
  const timeZone = regime?.timeZone ?? "UTC";
  const given = instantOption("--at", options.at, timeZone);
  const at = given ?? options.now;
  const place = placeOf(config, regime, options);
  const { state, newest } = await checkState(place.folder, place.error);
  // Whoever asks about another instant does not ask about the clock.
  const sources = worldSources(config, place.folder, given === null ? newest : null);
  const { world: found } = await loadWorld(sources);
  const starting = await holdsOfStart(config, found, place.folder, options);
  const world = { ...found, holds: [...found.holds, ...starting] };
  const gate = new Gate(world, createSecondOpinion(world), { onIncident: () => undefined });

  const cameras: GateCamera[] = [];
  for (const camera of config.cameras) {
    const named = await namedOf(camera, config, regime, options.environment);
    const begin = replayedFrom(camera, named.authority, at);
    const asked = given ?? begin ?? at;
    const answers = cameraQuestions(camera, { ...named.authority, modelSha256, slots }, asked).map(
      (question) => answerOf(question, gate.ask(question), world),
    );
    const { footage, recordingSha256 } = named.authority;
    cameras.push({
      ...{ id: camera.id, footage, recordingSha256, answers },
      error: named.error === null ? null : plainError(named.error),
      at: formatUtc(asked),
      instant: instantOf(camera, given, begin),
      runs: named.error === null && answers.some((answer) => begins(answer, given === null ? begin : null)),
    });
  }
  const standing = found.holds.filter(({ released }) => released === null);
  return {
    ...{ at: formatUtc(at), given: given !== null, timeZone, use: config.authority.use },
    profile: world.profile === null ? null : checkedProfile(world.profile),
    overlays: world.overlays.map(checkedProfile),
    documents: {
      folder: config.authority.documents,
      authorisations: world.authorisations.map(({ document }) => checkedAuthorisation(document)),
      certificates: world.certificates.length,
      notices: world.notices.length,
    },
    faults: [...world.faults],
    holds: [
      ...standing.map((hold) => checkedHold(hold, true)),
      ...starting.map((hold) => checkedHold(hold, false)),
    ],
    state,
    evidence:
      regime === null
        ? null
        : {
            atRest: regime.handling.evidence,
            clips: regime.handling.clips,
            atMost: regime.limits.maxRetention,
          },
    cameras,
  };
}

/** Null where there is none, or none that can be read: the world says which, and why. */
async function regimeOf({ authority: { profile } }: Config): Promise<Regime | null> {
  if (profile === null) return null;
  try {
    return (await loadRegime(profile)).profile;
  } catch {
    return null;
  }
}

function placeOf(
  config: Config,
  regime: Regime | null,
  { state, out }: CheckGateOptions,
): { readonly folder: string; readonly error: CheckedError | null } {
  const results = outputFolder(config, out);
  try {
    return { folder: stateFolder(config, regime, state, results), error: null };
  } catch (thrown) {
    // What it would be were it a profile for single runs: there is no other to look at.
    return { folder: stateFolder(config, null, state, results), error: plainError(asCoded(thrown)) };
  }
}

async function namedOf(
  camera: CameraConfig,
  config: Config,
  regime: Regime | null,
  environment: CheckGateOptions["environment"],
): Promise<NamedCamera> {
  const { use } = config.authority;
  try {
    return await nameCamera(expandSource(camera.source, environment), use, regime);
  } catch (thrown) {
    // A variable is missing. What kind of source it is shows all the same.
    const live = !isLocalPath(camera.source);
    const instant = regime?.handling.journal === "site" ? "picture" : "now";
    const footage = live ? "live" : "recording";
    return {
      live,
      error: asCoded(thrown),
      authority: { use, footage, recordingSha256: null, instant },
    };
  }
}

function instantOf(
  { startedAt }: CameraConfig,
  given: UtcMilliseconds | null,
  begin: UtcMilliseconds | null,
): GateCamera["instant"] {
  if (given !== null) return "given";
  if (begin === null) return "now";
  return startedAt === undefined ? "recording_without_start" : "recording";
}

/** Whether `watch` would begin for this rule: it may run, or will within its recording. */
function begins({ allow, turn }: GateAnswer, begin: UtcMilliseconds | null): boolean {
  if (allow) return true;
  return begin !== null && turn !== null && Date.parse(turn.at) < begin + 1000 * LONGEST_RECORDING;
}

/** What a start would hold: something else would run than what ran here before. */
async function holdsOfStart(
  config: Config,
  world: PolicyWorld,
  state: string,
  { modelSha256, slots, environment, now }: CheckGateOptions,
): Promise<readonly Hold[]> {
  if (world.profile === null || world.faults.length > 0) return [];
  const known = await readBaseline(state);
  // Where a person must resume, that stays so, whatever profile is put in the place of the one that says so.
  if (known === null && !world.profile.profile.requires.resumeByPerson) return [];
  // `watch` refuses a configuration of which a variable is missing, and compares nothing.
  if (config.cameras.some(({ source }) => missingVariables(source, environment).length > 0)) return [];
  const found = baselineOf(world, {
    configSha256: configSha256(config),
    sourcesSha256: sourcesSha256(config.cameras, environment),
    modelSha256: modelsSha256({ sha256: modelSha256 }, slots),
  });
  const forgotten = known === null && (await hasStarted(journalFolder(state)));
  const changes = changesSince(forgotten ? "unreadable" : known, found);
  return changes.map(({ cause, reason }, index) => ({
    // None was given yet.
    id: `00000000-0000-4000-8000-00000000000${index}`,
    ...{ cause, reason, scope: { kind: "site" }, at: formatUtc(now), by: "contrechamp", released: null },
  }));
}

function answerOf(question: GateQuestion, decision: Decision, world: PolicyWorld): GateAnswer {
  const { allow, ruleId, event } = decision;
  const { decision: turned, lookedAheadTo } = turnOf(question, world);
  const regime = world.profile?.profile ?? null;
  const found = world.authorisations.find(({ document }) => document.id === decision.authorisationId);
  const authorisation = found?.document ?? null;
  const reasons = (of: Decision) => of.reasons.map((reason) => checkedReason(reason, world));
  return {
    ...{ ruleId, event, allow, reasons: reasons(decision) },
    authorisation: authorisation === null ? null : checkedAuthorisation(authorisation),
    turn:
      // Where the second evaluator alone objects, no clock mends that.
      turned === null || turned.allow === allow
        ? null
        : { at: turned.at, allow: turned.allow, reasons: reasons(turned) },
    lookedAheadTo: lookedAheadTo === null ? null : formatUtc(lookedAheadTo),
    ifVerified:
      regime === null ? [] : permissionsIfVerified(regime, question).map((rule) => checkedLaw(regime, rule)),
    evidence:
      regime === null || !allow || question.use === "shadow"
        ? null
        : evidenceOf(regime, authorisation, question.at),
  };
}

function evidenceOf(
  { limits, handling, timeZone }: Regime,
  authorisation: Authorisation | null,
  at: UtcMilliseconds,
): NonNullable<GateAnswer["evidence"]> {
  const own = authorisation?.kind === "analytic_authorisation" ? authorisation.retention.clips : null;
  const shorter =
    own !== null && earliestAfter(at, [own], timeZone) < earliestAfter(at, [limits.maxRetention], timeZone);
  return {
    atMost: shorter ? own : limits.maxRetention,
    undecidedFor: handling.clips === "confirmed" ? handling.undecidedFor : null,
  };
}

/** A reason with the rule of law that it cites, where it cites one. */
function checkedReason(reason: Reason, world: PolicyWorld): CheckedReason {
  const profiles = [...world.overlays, ...(world.profile === null ? [] : [world.profile])];
  for (const { profile } of profiles) {
    const otherwise = profile.kind === "regime" && profile.otherwise !== null ? [profile.otherwise] : [];
    const rule = [...profile.rules, ...otherwise].find(
      (one) => one.id === reason.ruleId && citation(one) === reason.source,
    );
    if (rule !== undefined) return { ...reason, law: checkedLaw(profile, rule) };
  }
  return { ...reason, law: null };
}

function checkedLaw(
  profile: Profile,
  rule: Pick<ProfileRule, "id" | "text" | "article" | "source" | "verification" | "checkedBy" | "checkedOn">,
): CheckedLaw {
  const { text, verification, checkedBy, checkedOn } = rule;
  const ids = { profileId: profile.id, ruleId: rule.id };
  return { ...ids, text, citation: citation(rule), verification, checkedBy, checkedOn };
}

function checkedProfile({ profile, sha256 }: Hashed<Profile>): CheckedProfile {
  const { id, version, title, rules } = profile;
  const count = (verification: ProfileRule["verification"]) =>
    rules.filter((rule) => rule.verification === verification).length;
  const days = rules.flatMap(({ checkedOn }) => (checkedOn === null ? [] : [checkedOn]));
  return {
    ...{ id, version, sha256, title },
    rules: {
      verified: count("verified"),
      secondary: count("secondary"),
      unverified: count("unverified"),
    },
    checkedOn: days.toSorted().at(-1) ?? null,
  };
}

function checkedAuthorisation(document: Authorisation): CheckedAuthorisation {
  const { id, kind, reference, title, status, validFrom, validUntil } = document;
  const authority = document.issuingAuthority.name;
  return { id, kind, reference, authority, title, status, validFrom, validUntil };
}

function checkedHold({ id, cause, scope, at, by, reason }: Hold, placed: boolean): CheckedHold {
  return {
    ...{ cause, at, by, reason, placed },
    id: placed ? id : null,
    cameraId: scope.kind === "camera" ? scope.cameraId : null,
    everything: scope.kind === "everything",
  };
}
