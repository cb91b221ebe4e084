import { resolve } from "node:path";
import { fault } from "../errors.ts";

/** The part of an address before `://`, for what is not a path. */
const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;
const VARIABLE = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;
const ONE_VARIABLE = /^\$\{[A-Za-z_][A-Za-z0-9_]*\}$/;
/** Query parameters in which cameras take credentials. */
const SECRET_PARAMETER =
  /(?:pass|pwd|psw|token|secret|auth|key|sig|user|usr|login|account|session|credential)/i;

/**
 * A camera's source as it is opened: `${NAME}` replaced by what the environment holds. Call it where the
 * source is opened, and never print what it returns.
 * @throws CONFIG_VARIABLE_MISSING where the environment lacks a variable or has it empty
 */
export function expandSource(
  source: string,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const [missing] = missingVariables(source, environment);
  if (missing !== undefined) {
    throw fault("CONFIG_VARIABLE_MISSING", { name: missing, source: redactAddress(source) });
  }
  const isPath = isLocalPath(source);
  return source.replace(VARIABLE, (_, name: string) => {
    const value = environment[name] ?? "";
    // A password may hold @ or /, which would end the credentials too early.
    return isPath ? value : encodeURIComponent(value);
  });
}

/** Names of the environment variables that a source needs and that are not set, each once. */
export function missingVariables(
  source: string,
  environment: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const names = new Set([...source.matchAll(VARIABLE)].map((match) => match[1] ?? ""));
  return [...names].filter((name) => (environment[name] ?? "") === "");
}

/** Whether a source is a path of this machine (a file, a folder, a device), not an address on a network. */
export function isLocalPath(source: string): boolean {
  return !SCHEME.test(source);
}

/** A path of a configuration as this machine finds it: relative ones start from the configuration's folder. */
export function absolutePath(source: string, directory: string): string {
  return isLocalPath(source) ? resolve(directory, source) : source;
}

/**
 * An address as it may be shown: user, password and secret-looking parameters become `***`. References
 * `${NAME}` stay, since they say nothing. Paths come back as they are.
 *
 * Passwords with an unescaped @, / or ? are common, so everything before the last @ of all is taken for
 * credentials: hiding too much of an address is better than too little.
 */
export function redactAddress(address: string): string {
  const scheme = SCHEME.exec(address)?.[0];
  if (scheme === undefined || scheme.toLowerCase() === "file://") return address;
  const rest = address.slice(scheme.length);
  const end = rest.lastIndexOf("@");
  const credentials = end === -1 ? "" : `${redactCredentials(rest.slice(0, end))}@`;
  return scheme + credentials + redactParameters(rest.slice(end + 1));
}

function redactCredentials(credentials: string): string {
  const colon = credentials.indexOf(":");
  const parts = colon === -1 ? [credentials] : [credentials.slice(0, colon), credentials.slice(colon + 1)];
  return parts.map((part) => (part === "" || ONE_VARIABLE.test(part) ? part : "***")).join(":");
}

function redactParameters(tail: string): string {
  return tail.replace(
    /([?&;])([^=&;#]+)=([^&;#]*)/g,
    (whole, separator: string, name: string, value: string) =>
      SECRET_PARAMETER.test(name) && value !== "" && !ONE_VARIABLE.test(value)
        ? `${separator}${name}=***`
        : whole,
  );
}
