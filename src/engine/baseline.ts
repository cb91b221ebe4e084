import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { canonicalize } from "json-canonicalize";
import { z } from "zod";
import { expandSource, redactAddress } from "../config/address.ts";
import type { CameraConfig } from "../config/schema.ts";
import { writeWhole } from "../files/write-whole.ts";
import type { HoldCause } from "../policy/hold.ts";
import { ENDED } from "../policy/validity.ts";
import type { PolicyWorld } from "../policy/world.ts";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const baselineSchema = z.strictObject({
  schema: z.literal("contrechamp/baseline@1"),
  configSha256: sha256,
  /** Of the camera's detector; with networks that rules name for themselves, of the list of all. */
  modelSha256: sha256,
  /** Of the profile and the overlays that were in use. */
  lawSha256: sha256,
  /** Of the addresses that the configuration leaves to the environment. */
  sourcesSha256: sha256,
  /** Suspensions and ends of authorisations that were seen. */
  restrictions: z.array(z.strictObject({ id: z.string(), status: z.string(), at: z.string() })),
});

/** What last ran here. A start with something else is a change that a person must answer for. */
export type Baseline = Readonly<Omit<z.output<typeof baselineSchema>, "schema">>;

/** @returns null where nothing has run here yet, `unreadable` where nobody can say what has */
export async function readBaseline(state: string): Promise<Baseline | "unreadable" | null> {
  let text: string;
  try {
    text = await readFile(join(state, "baseline.json"), "utf8");
  } catch (thrown) {
    if (thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT") return null;
    return "unreadable";
  }
  try {
    const { schema: _, ...baseline } = baselineSchema.parse(JSON.parse(text));
    return baseline;
  } catch {
    return "unreadable";
  }
}

export async function writeBaseline(state: string, baseline: Baseline): Promise<void> {
  const text = `${JSON.stringify({ schema: "contrechamp/baseline@1", ...baseline }, null, 2)}\n`;
  await writeWhole(join(state, "baseline.json"), text);
}

/** What would run, and which authorisations are there to say what they say. */
export interface Found extends Baseline {
  /** Ids of the authorisations that could be read. */
  readonly present: readonly string[];
}

/** What is fixed while a program runs. */
export type RunningParts = Pick<Baseline, "configSha256" | "modelSha256" | "sourcesSha256">;

/** One value for all networks that run: that of the detector alone where no rule names one of its own. */
export function modelsSha256(
  detector: { readonly sha256: string },
  slots: readonly { readonly event: string; readonly sha256: string }[],
): string {
  if (slots.length === 0) return detector.sha256;
  const own = new Set(slots.map((slot) => `${slot.event} ${slot.sha256}`));
  return hash([detector.sha256, ...[...own].sort()]);
}

/** What would run now, under this world. */
export function baselineOf(world: PolicyWorld, parts: RunningParts): Found {
  const law = [world.profile?.sha256 ?? null, ...world.overlays.map((overlay) => overlay.sha256)];
  return {
    configSha256: parts.configSha256,
    modelSha256: parts.modelSha256,
    sourcesSha256: parts.sourcesSha256,
    lawSha256: hash(law),
    restrictions: world.authorisations.flatMap(({ document: { id, statusHistory } }) =>
      statusHistory
        .filter(({ status }) => status === "suspended" || ENDED.includes(status))
        .map(({ status, at }) => ({ id, status, at })),
    ),
    present: world.authorisations.map(({ document }) => document.id),
  };
}

/**
 * One value for all addresses in which the environment takes part: with another value of a variable a camera's name
 * would stand for another camera. Credentials are not in it.
 */
export function sourcesSha256(
  cameras: readonly Pick<CameraConfig, "id" | "source">[],
  environment: Readonly<Record<string, string | undefined>>,
): string {
  return hash(
    cameras.flatMap(({ id, source }) => {
      const expanded = expandSource(source, environment);
      return expanded === source ? [] : [[id, redactAddress(expanded)]];
    }),
  );
}

/** Why a start would be held. */
export interface BaselineChange {
  readonly cause: Extract<HoldCause, "configuration_changed" | "model_changed">;
  readonly reason: string;
}

/** What is not as it was when something last ran here. Nothing where nothing has. */
export function changesSince(known: Baseline | "unreadable" | null, found: Found): readonly BaselineChange[] {
  if (known === null) return [];
  if (known === "unreadable") {
    return [{ cause: "configuration_changed", reason: "nobody can say any more what ran here before" }];
  }
  const configuration: string[] = [];
  if (known.configSha256 !== found.configSha256) {
    configuration.push(`from ${known.configSha256} to ${found.configSha256}`);
  }
  if (known.lawSha256 !== found.lawSha256) {
    configuration.push(`the profile or its overlays: from ${known.lawSha256} to ${found.lawSha256}`);
  }
  if (known.sourcesSha256 !== found.sourcesSha256) {
    configuration.push("the environment gives other addresses for the cameras");
  }
  for (const { id, status, at } of takenOut(known, found)) {
    configuration.push(`${id} no longer says that it was ${status} at ${at}`);
  }
  const changes: BaselineChange[] = [];
  if (configuration.length > 0) {
    changes.push({
      cause: "configuration_changed",
      reason: configuration.join("; ").slice(0, LONGEST_REASON),
    });
  }
  if (known.modelSha256 !== found.modelSha256) {
    changes.push({
      cause: "model_changed",
      reason: `from ${known.modelSha256} to ${found.modelSha256}`,
    });
  }
  return changes;
}

/**
 * What to remember from now on. An authorisation that is not there now may come back without its suspension, so what
 * was known of it is kept.
 */
export function remembered(known: Baseline | "unreadable" | null, found: Found): Baseline {
  const { present, ...now } = found;
  if (known === null || known === "unreadable") return now;
  const absent = known.restrictions.filter(({ id }) => !present.includes(id));
  return { ...now, restrictions: [...now.restrictions, ...absent] };
}

/** Suspensions and ends that a document had and has no more: an older copy was put in its place. */
function takenOut(known: Baseline, found: Found): Baseline["restrictions"] {
  const still = new Set(found.restrictions.map(key));
  return known.restrictions.filter((one) => found.present.includes(one.id) && !still.has(key(one)));
}

function key({ id, status, at }: Baseline["restrictions"][number]): string {
  return JSON.stringify([id, status, at]);
}

function hash(value: unknown): string {
  return createHash("sha256").update(canonicalize(value)).digest("hex");
}

/** A hold's reason has room for 2000 characters. */
const LONGEST_REASON = 1900;
