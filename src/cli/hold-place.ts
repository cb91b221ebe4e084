import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fault } from "../errors.ts";
import type { Hold } from "../policy/hold.ts";

/** How the command line says of which engine a hold is, and of what. */
export interface HoldPlaceOptions {
  readonly camera?: readonly string[];
  readonly site?: boolean;
  readonly everything?: boolean;
  readonly state?: string;
  readonly config?: string;
}

export interface HoldPlace {
  /** Absolute; null where none was said. */
  readonly stateFolder: string | null;
  /** Ids of the configuration's cameras; null where there is none that can be used. */
  readonly cameras: readonly string[] | null;
  /** The configuration that has errors, and of which only the state folder was read. */
  readonly broken: string | null;
}

/**
 * The state folder that is meant. Of a configuration with errors it is read all the same: somebody who stops a site
 * must not have to mend a file first.
 * @throws CodedError CONFIG_UNREADABLE, CONFIG_TOO_LARGE, CONFIG_INVALID
 */
export async function holdPlace(options: HoldPlaceOptions): Promise<HoldPlace> {
  if (options.state !== undefined)
    return { stateFolder: resolve(options.state), cameras: null, broken: null };
  const file = options.config;
  if (file === undefined) return { stateFolder: null, cameras: null, broken: null };
  // Only who names a configuration waits for what reads it.
  const { loadConfig } = await import("../config/load.ts");
  try {
    const { authority, output, cameras } = await loadConfig(file);
    const stateFolder = authority.state ?? defaultState(output.directory);
    return { stateFolder, cameras: cameras.map((camera) => camera.id), broken: null };
  } catch (error) {
    const stateFolder = await stateOfBroken(file);
    if (stateFolder === null) throw error;
    return { stateFolder, cameras: null, broken: file };
  }
}

function defaultState(output: string | null): string {
  return join(output ?? resolve("out"), "state");
}

/** What a file with errors still says of its state folder; null where it is not even YAML, or says nothing. */
async function stateOfBroken(file: string): Promise<string | null> {
  try {
    const { LARGEST_FILE_BYTES, readYaml } = await import("../config/diagnostics.ts");
    const text = await readFile(file, "utf8");
    if (text.length > LARGEST_FILE_BYTES) return null;
    const source = readYaml(text, file);
    if (!("value" in source)) return null;
    const state = keyOf(keyOf(source.value, "authority"), "state");
    return typeof state === "string" ? resolve(dirname(file), state) : null;
  } catch {
    return null;
  }
}

function keyOf(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}

/**
 * What is to be held or released. Nothing said: the site where one was named, and else everything.
 * @throws CodedError HOLD_NO_STATE, HOLD_UNKNOWN_CAMERA
 */
export function scopesOf(options: HoldPlaceOptions, place: HoldPlace): readonly Hold["scope"][] {
  const scopes: Hold["scope"][] = [];
  const ids = [...new Set(options.camera ?? [])];
  for (const cameraId of ids) scopes.push({ kind: "camera", cameraId });
  if (options.site === true) scopes.push({ kind: "site" });
  if (options.everything === true) scopes.push({ kind: "everything" });
  if (scopes.length === 0)
    scopes.push(place.stateFolder === null ? { kind: "everything" } : { kind: "site" });
  if (place.stateFolder === null && scopes.some((scope) => scope.kind !== "everything"))
    throw fault("HOLD_NO_STATE", {});
  const unknown = place.cameras === null ? [] : ids.filter((id) => place.cameras?.includes(id) === false);
  if (unknown.length > 0) {
    throw fault("HOLD_UNKNOWN_CAMERA", {
      ids: unknown.join(", "),
      file: options.config ?? "",
      cameras: place.cameras?.join(", ") ?? "",
    });
  }
  return scopes;
}
