import { readFile, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { z } from "zod";
import { fault } from "../errors.ts";
import { absolutePath, redactAddress } from "./address.ts";
import {
  applySchema,
  type Finding,
  inFileOrder,
  invalid,
  type KeyPath,
  LARGEST_FILE_BYTES,
  type Problem,
  readYaml,
} from "./diagnostics.ts";
import { withOwnModel } from "./own-model.ts";
import {
  type AuthorityConfig,
  type CameraConfig,
  type Config,
  cameraSchema,
  configSchema,
} from "./schema.ts";
import { checkView, duplicates } from "./view.ts";

/**
 * Reads a configuration file.
 * @throws CONFIG_UNREADABLE, CONFIG_TOO_LARGE, CONFIG_INVALID (which lists every error of the file)
 */
export async function loadConfig(path: string): Promise<Config> {
  return parseConfig(await readConfigFile(path), path);
}

/**
 * Reads the text of a configuration.
 * @param name the file's name as errors give it; relative paths in the text start from its folder
 * @throws CONFIG_INVALID, which lists every error of the text
 */
export function parseConfig(text: string, name: string): Config {
  const { config, problems } = inspectConfig(text, name);
  if (config === null)
    throw invalid(
      name,
      problems.filter((found) => found.severity === "error"),
    );
  return config;
}

/**
 * Reads the text of a configuration and says all that is wrong or unwise in it, without throwing.
 * @returns the configuration where there is no error, and every problem in the order of the file
 */
export function inspectConfig(
  text: string,
  name: string,
): { readonly config: Config | null; readonly problems: readonly Problem[] } {
  const source = readYaml(text, name);
  if (!("value" in source)) return { config: null, problems: inFileOrder(source) };
  const { value, findings } = applySchema(configSchema, source.value);
  const all = [...findings, ...checkCameras(source.value)];
  const problems = inFileOrder(all.map((finding) => source.locate(finding)));
  const sound = value !== null && !problems.some((found) => found.severity === "error");
  return { config: sound ? finish(value, dirname(resolve(name))) : null, problems };
}

/** The text of a configuration file. @throws CONFIG_UNREADABLE, CONFIG_TOO_LARGE */
export async function readConfigFile(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > LARGEST_FILE_BYTES) {
      throw fault("CONFIG_TOO_LARGE", { file: path, bytes: size, limit: LARGEST_FILE_BYTES });
    }
    return new TextDecoder("utf-8", { fatal: true }).decode(await readFile(path));
  } catch (thrown) {
    const reason = unreadable(thrown);
    if (reason === null) throw thrown;
    throw fault("CONFIG_UNREADABLE", { file: path, reason }, thrown);
  }
}

/** The configuration of a camera of which nothing but its address is known: no rule, whole-view statistics only. */
export function defaultCamera(source: string, id: string): CameraConfig {
  const camera = cameraSchema.parse({ id, source });
  return deepFreeze(finishCamera(camera, process.cwd()));
}

/** What `watch` takes where no file is given: every section at its defaults. */
export function defaultConfig(cameras: readonly CameraConfig[]): Config {
  const bare = configSchema.parse({
    schema: "contrechamp/config@1",
    cameras: [{ id: "camera", source: "." }],
  });
  return deepFreeze({ ...finish(bare, process.cwd()), cameras });
}

/** Every sound camera is checked even where another one is not, so that all errors come at once. */
function checkCameras(value: unknown): readonly Finding[] {
  const list = typeof value === "object" && value !== null && "cameras" in value ? value.cameras : null;
  if (!Array.isArray(list)) return [];
  const cameras = list.map((raw) => cameraSchema.safeParse(raw).data);
  const findings = cameras.flatMap((camera, index) => {
    if (camera === undefined) return [];
    const path = ["cameras", index];
    return [...checkView(camera, path), ...checkSource(camera.source, [...path, "source"])];
  });
  const ids = cameras.map((camera, index) => ({ id: camera?.id ?? `[${index}]` }));
  return [...findings, ...duplicates(ids, "camera", ["cameras"])];
}

function checkSource(source: string, path: KeyPath): readonly Finding[] {
  if (redactAddress(source) === source) return [];
  return [{ severity: "warning", path, fault: (at) => fault("CONFIG_PASSWORD_WRITTEN", { at }) }];
}

function finish(value: z.output<typeof configSchema>, directory: string): Config {
  const { model } = value.engine;
  return deepFreeze({
    schema: value.schema,
    directory,
    site: value.site ?? null,
    cameras: value.cameras.map((camera) => finishCamera(camera, directory)),
    authority: finishAuthority(value.authority, directory),
    engine: { ...value.engine, model: namedOrPath(model, directory) },
    evidence: value.evidence,
    output: {
      directory: value.output.directory === undefined ? null : resolve(directory, value.output.directory),
    },
  });
}

function finishCamera(camera: z.output<typeof cameraSchema>, directory: string): CameraConfig {
  return {
    ...camera,
    source: absolutePath(camera.source, directory),
    background: camera.background === undefined ? null : resolve(directory, camera.background),
    rules: camera.rules.map((rule) => withOwnModel(rule, (path) => resolve(directory, path))),
  };
}

function finishAuthority(
  authority: z.output<typeof configSchema>["authority"],
  directory: string,
): AuthorityConfig {
  const folder = (path: string | undefined) => (path === undefined ? null : resolve(directory, path));
  return {
    profile: authority.profile === undefined ? null : namedOrPath(authority.profile, directory),
    overlays: authority.overlays.map((overlay) => namedOrPath(overlay, directory)),
    documents: folder(authority.documents),
    state: folder(authority.state),
    use: authority.use,
  };
}

/** What looks like a path is made absolute; all else is the name of something that ships. */
export function namedOrPath(value: string, directory: string): string {
  return /[/\\]|\.(?:json|ya?ml)$/.test(value) ? resolve(directory, value) : value;
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
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
    case "EISDIR":
      return "it is a folder";
    case "ENOTDIR":
      return "a part of its path is not a folder";
    default:
      return null;
  }
}
