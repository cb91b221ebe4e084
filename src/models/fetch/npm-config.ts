import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Options } from "pacote";

const ASK_SECONDS = 20;

/**
 * What npm would use here to reach its registry: registry, proxy, certificates, retries, and the credentials
 * of each host, from the same files and environment. npm itself is asked, since where its files lie depends on
 * how it was installed; where npm is not there, the environment and the .npmrc files are read.
 * npm's cache is left out on purpose: a package fetched with these options stays in memory.
 */
export async function npmOptions(env: NodeJS.ProcessEnv, folder: string): Promise<Options> {
  const settings = (await askNpm(env, folder)) ?? readSettings(env, folder);
  const files = [
    text(settings["globalconfig"]),
    text(settings["userconfig"]) ?? join(homedir(), ".npmrc"),
    join(projectFolder(folder), ".npmrc"),
  ];
  const options: Record<string, unknown> = {};
  for (const file of files) if (file !== undefined) Object.assign(options, credentials(readNpmrc(file, env)));
  Object.assign(options, credentials(environmentSettings(env)));
  for (const [key, value] of Object.entries(settings)) {
    if (/^@[^:]+:registry$/.test(key)) options[key] = value;
  }
  const set = (option: string, value: unknown) => {
    if (value !== undefined && value !== null && value !== "" && value !== false) options[option] = value;
  };
  set("registry", text(settings["registry"]));
  set("proxy", settings["proxy"]);
  set("httpsProxy", settings["https-proxy"]);
  set("noProxy", Array.isArray(settings["noproxy"]) ? settings["noproxy"].join(",") : settings["noproxy"]);
  set("localAddress", settings["local-address"]);
  set("fetchRetries", number(settings["fetch-retries"]));
  set("timeout", number(settings["fetch-timeout"]));
  set("ca", certificates(settings));
  if (settings["strict-ssl"] === false || settings["strict-ssl"] === "false") options["strictSSL"] = false;
  return options;
}

type Settings = Record<string, unknown>;

/** `npm config list --json` gives every setting except credentials. */
async function askNpm(env: NodeJS.ProcessEnv, folder: string): Promise<Settings | null> {
  const script = env["npm_execpath"];
  const byNode = script !== undefined && /npm-cli\.[cm]?js$/.test(script);
  const [command, first] = byNode ? [process.execPath, [script]] : ["npm", []];
  try {
    // Without these npm would look for a newer npm on the network, and leave a log.
    const quiet = ["--no-update-notifier", "--logs-max=0", "--loglevel=silent"];
    const { stdout } = await promisify(execFile)(command, [...first, "config", "list", "--json", ...quiet], {
      cwd: folder,
      env,
      timeout: ASK_SECONDS * 1000,
      maxBuffer: 4 << 20,
      shell: !byNode && process.platform === "win32",
    });
    const settings: unknown = JSON.parse(stdout);
    return isRecord(settings) ? settings : null;
  } catch {
    return null; // npm is not there, or not npm: the files are read instead
  }
}

function readSettings(env: NodeJS.ProcessEnv, folder: string): Settings {
  const environment = environmentSettings(env);
  const userconfig = text(environment["userconfig"]) ?? join(homedir(), ".npmrc");
  const globalconfig = text(environment["globalconfig"]);
  return {
    ...(globalconfig === undefined ? {} : readNpmrc(globalconfig, env)),
    ...readNpmrc(userconfig, env),
    ...readNpmrc(join(projectFolder(folder), ".npmrc"), env),
    ...environment,
    userconfig,
  };
}

/** npm_config_fetch_retries → fetch-retries; credentials keep their key as it is. */
function environmentSettings(env: NodeJS.ProcessEnv): Settings {
  const settings: Settings = {};
  for (const [key, value] of Object.entries(env)) {
    const name = /^npm_config_(.+)$/i.exec(key)?.[1];
    if (name === undefined || value === undefined) continue;
    const exact = name.startsWith("//") || name.startsWith("@");
    settings[exact ? name : name.toLowerCase().replace(/(?!^)_/g, "-")] = value;
  }
  return settings;
}

/** An .npmrc: `key = value` lines, `;` and `#` comments, `key[]` lists, `${NAME}` from the environment. */
function readNpmrc(file: string, env: NodeJS.ProcessEnv): Settings {
  const settings: Settings = {};
  if (!existsSync(file)) return settings;
  for (const line of readFileSync(file, "utf8").split(/\r?\n/)) {
    const match = /^\s*([^;#=\s][^=]*?)\s*(?:=\s*(.*?)\s*)?$/.exec(line);
    if (match?.[1] === undefined) continue;
    const raw = (match[2] ?? "true").replace(/^(["'])(.*)\1$/, "$2");
    const value = raw.replace(/\$\{([^}?]+)(\?)?\}/g, (whole, name: string, optional) => {
      return env[name] ?? (optional === undefined ? whole : "");
    });
    const key = match[1];
    if (!key.endsWith("[]")) settings[key] = value;
    else settings[key.slice(0, -2)] = [...list(settings[key.slice(0, -2)]), value];
  }
  return settings;
}

/** Keys such as `//registry.example.org/:_authToken`, which pacote takes as they are. */
function credentials(settings: Settings): Settings {
  return Object.fromEntries(Object.entries(settings).filter(([key]) => key.startsWith("//")));
}

function certificates(settings: Settings): string[] | undefined {
  const file = text(settings["cafile"]);
  if (file !== undefined && existsSync(file)) {
    return (
      readFileSync(file, "utf8").match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
    );
  }
  const given = list(settings["ca"]).map((value) => String(value).replaceAll("\\n", "\n"));
  return given.length === 0 ? undefined : given;
}

/** The nearest folder upwards that is a project, as npm looks for it. */
function projectFolder(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, "package.json")) || existsSync(join(at, "node_modules"))) return at;
    if (dirname(at) === at) return folder;
  }
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function number(value: unknown): number | undefined {
  const found = Number(value);
  return value === null || value === undefined || !Number.isFinite(found) ? undefined : found;
}

function list(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null || value === "" ? [] : [value];
}

function isRecord(value: unknown): value is Settings {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
