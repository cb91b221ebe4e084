import { EVENT_TYPES } from "../event.ts";
import { authorisationClauses, filmingClause } from "./cedar-authorisations.ts";
import { all, analytic, any, camera, instant, literal, name, oneOf } from "./cedar-text.ts";
import { ruleInterval } from "./law.ts";
import type { Profile, ProfileRule, Regime } from "./profile.ts";
import type { PolicyWorld } from "./world.ts";

/** One policy, with the name under which an opinion cites it. */
export interface CedarPolicy {
  readonly id: string;
  readonly text: string;
}

/**
 * The whole world as Cedar policies: one permission for each permitting rule of the law and each authorisation to
 * analyse, with all that it depends on; one prohibition for each hold, unreadable document and forbidding rule, for a
 * clock that was set back, and for what is no event. Cedar's own rule does the rest: nothing is permitted that no
 * policy permits, and one prohibition goes before all permissions.
 * @throws RangeError where a document says an instant, a duration or a time zone that does not exist
 */
export function cedarPolicies(world: PolicyWorld): readonly CedarPolicy[] {
  const policies = [
    ...world.faults.map((fault) => prohibition(`unreadable ${fault.file}`, "resource", [])),
    ...holdPolicies(world),
    CLOCK,
    EVENTS,
    ...world.overlays.flatMap(({ profile }) => forbiddingRules(profile)),
  ];
  if (world.profile === null) return policies;
  const { profile } = world.profile;
  return [
    ...policies,
    ...forbiddingRules(profile),
    ...demands(profile, world),
    ...permissions(profile, world),
  ];
}

function prohibition(id: string, resource: string, clauses: readonly string[]): CedarPolicy {
  return { id, text: `@id(${literal(id)})\nforbid (principal, action, ${resource})${lines(clauses)};\n` };
}

function lines(clauses: readonly string[]): string {
  return clauses.map((clause) => `\n${clause}`).join("");
}

function holdPolicies(world: PolicyWorld): readonly CedarPolicy[] {
  return world.holds.flatMap(({ id, scope, released }) => {
    if (released !== null) return [];
    const resource = scope.kind === "camera" ? `resource == ${camera(scope.cameraId)}` : "resource";
    return [prohibition(`hold ${id}`, resource, [])];
  });
}

/** Two seconds are what clocks of one machine may differ by. */
const CLOCK = prohibition("clock set back", "resource", [
  `when { context.footage == "live" && context has newest && context.at < context.newest.offset(duration("-2s")) }`,
]);

/** The eight events, each with its own analysis. */
const EVENTS = prohibition("no event of the list", "resource", [
  `unless { ${any(
    EVENT_TYPES.map(
      (event) =>
        `context.event == ${literal(event)} && principal == ${analytic(`urn:contrechamp:analytic:${event}`)}`,
    ),
  )} }`,
]);

function forbiddingRules(profile: Profile): readonly CedarPolicy[] {
  return profile.rules
    .filter(({ effect }) => effect === "forbid")
    .map((rule) => prohibition(`${profile.id} forbids: ${rule.id}`, "resource", [ruleClause(profile, rule)]));
}

/** When, for which events, on which pictures and for which use a rule speaks. */
function ruleClause(profile: Profile, rule: ProfileRule): string {
  const { from, until } = ruleInterval(profile, rule);
  return `when { ${all([
    ...(from === null ? [] : [`context.at >= ${instant(from)}`]),
    ...(until === null ? [] : [`context.at < ${instant(until)}`]),
    ...(rule.events === "all" ? [] : [oneOf(rule.events.map(literal), "context.event")]),
    oneOf(rule.footage.map(literal), "context.footage"),
    oneOf(rule.uses.map(literal), "context.use"),
  ])} }`;
}

/** What the profile demands of every question. */
function demands(profile: Regime, world: PolicyWorld): readonly CedarPolicy[] {
  const footage = prohibition(`${profile.id} footage`, "resource", [
    `unless { ${oneOf(profile.footage.map(literal), "context.footage")} }`,
  ]);
  if (!profile.requires.cameraAuthorisation) return [footage];
  const filming = world.authorisations.flatMap((authorisation) =>
    authorisation.document.kind === "camera_authorisation" ? [filmingClause(authorisation, profile)] : [],
  );
  return [footage, prohibition("no authorisation to film", "resource", [`unless {\n${any(filming)}\n}`])];
}

/**
 * A permission that nobody has compared with its primary text, or whose instrument was annulled or never took
 * effect, gives no policy.
 */
function permissions(profile: Regime, world: PolicyWorld): readonly CedarPolicy[] {
  const rules = profile.rules.filter((rule) => {
    const instrument = profile.instruments.find(({ id }) => id === rule.instrument);
    const lasting = instrument?.status === "in_force" || instrument?.status === "expired";
    return rule.effect === "permit" && rule.verification === "verified" && lasting;
  });
  return world.authorisations.flatMap((authorisation, index) => {
    const { document } = authorisation;
    if (document.kind !== "analytic_authorisation") return [];
    const clauses = authorisationClauses({ ...authorisation, document }, String(index), profile, world);
    return rules.map((rule) => ({
      id: `${profile.id} ${rule.id}, ${document.id}`,
      text: [
        `@id("${name(`${rule.id} ${index}`)}")`,
        `@rule(${literal(`${profile.id} ${rule.id}`)})`,
        `@authorisation(${literal(document.id)})`,
        "permit (principal, action, resource)",
        ruleClause(profile, rule),
        ...clauses,
      ]
        .join("\n")
        .concat(";\n"),
    }));
  });
}
