import {
  type DetailedError,
  getCedarVersion,
  preparsePolicySet,
  preparseSchema,
  type SchemaJson,
  schemaToJson,
  statefulIsAuthorized,
  validate,
} from "@cedar-policy/cedar-wasm/nodejs";
import { cedarRequest } from "./cedar-facts.ts";
import { type CedarPolicy, cedarPolicies } from "./cedar-policies.ts";
import { CEDAR_SCHEMA } from "./cedar-text.ts";
import type { Opinion, SecondOpinion } from "./gate-opinion.ts";
import type { GateQuestion } from "./question.ts";
import type { PolicyWorld } from "./world.ts";

/**
 * An independent second opinion on every question: the world written as Cedar policies and answered by Cedar's own
 * engine (https://www.cedarpolicy.com), which was written and proved by others. It shares with the gate what is
 * calendar (the days of the law as instants, the ends of durations) and geometry, and no decision.
 *
 * Cedar leaves out a policy that fails while it is evaluated, prohibitions too, and then allows. So each policy is
 * checked against the schema, in strict mode, before it is used, and any error or warning of the parser, the
 * validator or the evaluator makes the opinion a failed one.
 *
 * @param generate makes the policies; another one is given only to test that a fault in it is found
 */
export function createSecondOpinion(
  world: PolicyWorld,
  generate: (world: PolicyWorld) => readonly CedarPolicy[] = cedarPolicies,
): SecondOpinion {
  const prepared = prepare(world, generate);
  return {
    name: NAME,
    ask(question) {
      try {
        return answer(question, world, prepared);
      } catch (thrown) {
        return failed([faultOf(thrown)]);
      }
    },
  };
}

const NAME = `cedar@${getCedarVersion()}`;

interface Prepared {
  readonly policies: readonly CedarPolicy[];
  readonly text: string;
  readonly faults: readonly string[];
}

/** The parts of a world that policies are made of. Cameras and the newest instant are facts of each question. */
const PARTS = [
  "profile",
  "overlays",
  "authorisations",
  "certificates",
  "notices",
  "holds",
  "faults",
] as const;
/** What was made of a world last: the next one mostly differs from it in the newest instant alone. */
let latest: { readonly world: PolicyWorld; readonly prepared: Prepared } | null = null;

function prepare(world: PolicyWorld, generate: (world: PolicyWorld) => readonly CedarPolicy[]): Prepared {
  const own = generate === cedarPolicies;
  const known = own ? latest : null;
  if (known !== null && PARTS.every((part) => known.world[part] === world[part])) return known.prepared;
  const prepared = prepareAnew(world, generate);
  if (own) latest = { world, prepared };
  return prepared;
}

function prepareAnew(world: PolicyWorld, generate: (world: PolicyWorld) => readonly CedarPolicy[]): Prepared {
  try {
    const policies = generate(world);
    return { policies, text: policies.map(({ text }) => text).join("\n"), faults: faultsOf(policies) };
  } catch (thrown) {
    return { policies: [], text: "", faults: [faultOf(thrown)] };
  }
}

function answer(question: GateQuestion, world: PolicyWorld, prepared: Prepared): Opinion {
  if (breakdown !== null) return failed([breakdown]);
  if (prepared.faults.length > 0) return failed(prepared.faults);
  const request = cedarRequest(question, world);
  // What cannot be asked is denied, as everything is that no policy permits.
  if (request === null) return { kind: "answered", allow: false, policies: [] };

  const result = statefulIsAuthorized({
    ...request,
    entities: [],
    preparsedSchemaName: SCHEMA_NAME,
    validateRequest: true,
    preparsedPolicySetId: policySetId(prepared.text),
  });
  if (result.type === "failure") return failed([...result.errors, ...result.warnings].map(said));
  const { decision, diagnostics } = result.response;
  const errors = [...diagnostics.errors.map(({ error }) => error), ...result.warnings];
  if (errors.length > 0) return failed(errors.map(said));
  // In one text, Cedar calls the policies policy0, policy1 and so on.
  const policies = diagnostics.reason.map(
    (id) => prepared.policies[Number(id.replace(/^policy/, ""))]?.id ?? id,
  );
  return { kind: "answered", allow: decision === "allow", policies: policies.sort() };
}

function failed(diagnostics: readonly string[]): Opinion {
  const [first = "the evaluator failed and does not say why", ...others] = diagnostics;
  return { kind: "failed", diagnostics: [first, ...others] };
}

function said({ message, help }: DetailedError): string {
  return help === null ? message : `${message} (${help})`;
}

/** Said once Cedar's engine has broken down: what is left of its memory is not to be asked. */
let breakdown: string | null = null;

function faultOf(thrown: unknown): string {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  // WebAssembly.RuntimeError, which the types of Node leave out.
  if (thrown instanceof Error && thrown.name === "RuntimeError") breakdown ??= `Cedar broke down: ${message}`;
  return message;
}

const SCHEMA_NAME = "contrechamp";
let parsedSchema: SchemaJson<string> | null = null;

/** The schema, parsed once and kept by Cedar under its name. */
function schema(): SchemaJson<string> {
  if (parsedSchema !== null) return parsedSchema;
  const read = schemaToJson(CEDAR_SCHEMA);
  if (read.type === "failure") throw new Error(read.errors.map(said).join("; "));
  const kept = preparseSchema(SCHEMA_NAME, read.json);
  if (kept.type === "failure") throw new Error(kept.errors.map(said).join("; "));
  parsedSchema = read.json;
  return parsedSchema;
}

/** Texts of policies that passed the validator. Each stands by itself, so it needs to be checked once only. */
const VALID = new Set<string>();
const VALID_AT_MOST = 2000;

/** What the validator has against policies; nothing where they are fit for use. */
function faultsOf(policies: readonly CedarPolicy[]): readonly string[] {
  const unknown = policies.filter(({ text }) => !VALID.has(text));
  if (unknown.length === 0) return [];
  const result = validate({
    validationSettings: { mode: "strict" },
    schema: schema(),
    policies: {
      staticPolicies: Object.fromEntries(unknown.map(({ text }, index) => [`policy${index}`, text])),
    },
  });
  if (result.type === "failure") return [...result.errors, ...result.warnings].map(said);
  const found = [
    ...[...result.validationErrors, ...result.validationWarnings].map(({ error }) => error),
    ...result.otherWarnings,
  ];
  if (found.length > 0) return found.map(said);
  if (VALID.size + unknown.length > VALID_AT_MOST) VALID.clear();
  for (const { text } of unknown) VALID.add(text);
  return [];
}

/** Policy sets that Cedar has parsed and keeps: text to name. The one used longest ago makes place for the next. */
const PARSED = new Map<string, string>();
const PARSED_AT_MOST = 8;

function policySetId(text: string): string {
  const known = PARSED.get(text);
  if (known !== undefined) {
    PARSED.delete(text);
    PARSED.set(text, known);
    return known;
  }
  const oldest = PARSED.size < PARSED_AT_MOST ? undefined : PARSED.entries().next().value;
  const id = oldest?.[1] ?? `contrechamp-${PARSED.size}`;
  const parsed = preparsePolicySet(id, { staticPolicies: text });
  if (parsed.type === "failure") throw new Error(parsed.errors.map(said).join("; "));
  if (oldest !== undefined) PARSED.delete(oldest[0]);
  PARSED.set(text, id);
  return id;
}
