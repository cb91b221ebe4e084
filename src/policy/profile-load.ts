import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { canonicalize } from "json-canonicalize";
import {
  applySchema,
  hint,
  inFileOrder,
  LARGEST_FILE_BYTES,
  type Problem,
  readYaml,
} from "../config/diagnostics.ts";
import { fault } from "../errors.ts";
import { type Hashed, type Overlay, type Profile, profileSchema, type Regime } from "./profile.ts";
import { lintProfile } from "./profile-lint.ts";

/**
 * Reads a profile: one that ships, by its id, or a file. The result is deeply frozen.
 * @throws PROFILE_UNKNOWN, PROFILE_UNREADABLE, PROFILE_TOO_LARGE, PROFILE_INVALID (with all its problems at once)
 */
export async function loadProfile(nameOrPath: string): Promise<Hashed<Profile>> {
  const path = isPath(nameOrPath) ? nameOrPath : await shippedPath(nameOrPath);
  const { profile, problems } = inspectProfile(await readProfileFile(path), path);
  if (profile === null) throw invalid(path, problems);
  return hashed(profile);
}

/** A profile that can permit. @throws PROFILE_WRONG_KIND for an overlay, and what `loadProfile` throws */
export async function loadRegime(nameOrPath: string): Promise<Hashed<Regime>> {
  const { profile, sha256 } = await loadProfile(nameOrPath);
  if (profile.kind !== "regime") throw wrongKind(profile, "regime", "authority.profile");
  return { profile, sha256 };
}

/** A profile that only forbids. @throws PROFILE_WRONG_KIND for a regime, and what `loadProfile` throws */
export async function loadOverlay(nameOrPath: string): Promise<Hashed<Overlay>> {
  const { profile, sha256 } = await loadProfile(nameOrPath);
  if (profile.kind !== "overlay") throw wrongKind(profile, "overlay", "authority.overlays");
  return { profile, sha256 };
}

/** The profiles that ship, in the order of their ids. @throws what `loadProfile` throws, were one of them damaged */
export async function listProfiles(): Promise<readonly Hashed<Profile>[]> {
  return Promise.all((await shippedIds()).map(loadProfile));
}

/** What is said of a profile's text. */
export interface ProfileInspection {
  /** Null where there is an error. */
  readonly profile: Profile | null;
  /** Errors and warnings, in the order of the file. */
  readonly problems: readonly Problem[];
  /** Gaps on its timeline, permissions that a restriction comes before: no faults, for the reader to judge. */
  readonly notes: readonly Problem[];
}

/**
 * Reads and lints the text of a profile and says all that is wrong with it, without throwing.
 * @param name the file's name as messages give it
 */
export function inspectProfile(text: string, name: string): ProfileInspection {
  const source = readYaml(text, name);
  if (!("value" in source)) return { profile: null, problems: inFileOrder(source), notes: [] };
  const { value, findings } = applySchema(profileSchema, source.value);
  if (value === null) {
    const problems = findings.map((found) => ({ ...source.locate(found), help: SCHEMA_HELP }));
    return { profile: null, problems: inFileOrder(problems), notes: [] };
  }
  const lint = lintProfile(value);
  const problems = inFileOrder(lint.findings.map((found) => source.locate(found)));
  const sound = !problems.some(({ severity }) => severity === "error");
  return {
    profile: sound ? deepFreeze(value) : null,
    problems,
    notes: inFileOrder(lint.notes.map((found) => source.locate(found))),
  };
}

/** A profile with the SHA-256 of its canonical JSON (RFC 8785): comments and the order of keys change nothing. */
export function hashed<P extends Profile>(profile: P): Hashed<P> {
  return { profile, sha256: createHash("sha256").update(canonicalize(profile)).digest("hex") };
}

/** The text of a profile's file. @throws PROFILE_UNREADABLE, PROFILE_TOO_LARGE */
export async function readProfileFile(path: string): Promise<string> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) throw fault("PROFILE_UNREADABLE", { file: path, reason: "it is a folder" });
    // A device or a pipe may have no end.
    if (!found.isFile()) throw fault("PROFILE_UNREADABLE", { file: path, reason: "it is no plain file" });
    if (found.size > LARGEST_FILE_BYTES) {
      throw fault("PROFILE_TOO_LARGE", { file: path, bytes: found.size, limit: LARGEST_FILE_BYTES });
    }
    return new TextDecoder("utf-8", { fatal: true }).decode(await readFile(path));
  } catch (thrown) {
    const reason = unreadable(thrown);
    if (reason === null) throw thrown;
    throw fault("PROFILE_UNREADABLE", { file: path, reason }, thrown);
  }
}

/** Whether what somebody wrote is the path of a profile; else it is the id of one that ships. */
export function isPath(nameOrPath: string): boolean {
  return /[/\\]|\.(?:json|ya?ml)$/.test(nameOrPath);
}

// The same from src/policy/ in a checkout and from dist/policy/ in the package.
const SHIPPED = fileURLToPath(new URL("../../profiles", import.meta.url));

async function shippedIds(): Promise<readonly string[]> {
  const files = await readdir(SHIPPED);
  return files
    .filter((file) => file.endsWith(".yml"))
    .map((file) => file.slice(0, -".yml".length))
    .toSorted();
}

async function shippedPath(id: string): Promise<string> {
  const known = await shippedIds();
  if (known.includes(id)) return join(SHIPPED, `${id}.yml`);
  throw fault("PROFILE_UNKNOWN", { id: JSON.stringify(id), hint: hint(id, known), known: known.join(", ") });
}

const SHOWN_PROBLEMS = 50;
const SCHEMA_HELP = "Correct it; profiles/template.yml shows every key once and says what it takes.";

function invalid(file: string, problems: readonly Problem[]) {
  const errors = problems.filter(({ severity }) => severity === "error");
  const lines = errors.slice(0, SHOWN_PROBLEMS).map((found) => `  ${found.message} (${found.code})`);
  if (errors.length > lines.length) lines.push(`  and ${errors.length - lines.length} more`);
  return fault("PROFILE_INVALID", { file, count: errors.length, list: lines.join("\n") });
}

function wrongKind(profile: Profile, expected: Profile["kind"], key: string) {
  return fault("PROFILE_WRONG_KIND", { id: profile.id, found: profile.kind, expected, key });
}

function unreadable(thrown: unknown): string | null {
  if (thrown instanceof TypeError) return "it is not UTF-8 text";
  const code = thrown instanceof Error && "code" in thrown ? thrown.code : null;
  switch (code) {
    case "ENOENT":
      return "there is no such file";
    case "EACCES":
    case "EPERM":
      return "you may not read it";
    case "ENOTDIR":
      return "a part of its path is not a folder";
    default:
      return null;
  }
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}
