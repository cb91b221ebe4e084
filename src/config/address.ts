import { resolve } from "node:path";
import { inspect } from "node:util";
import { fault } from "../errors.ts";

/** The part of an address before `://`, for what is not a path. */
const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;
const VARIABLE = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;
/** Query parameters in which cameras take credentials. */
const SECRET_PARAMETER = /(?:pass|pwd|psw|token|secret|auth|key|sig|user|usr|login|account|credential)/i;

/**
 * Where pictures come from. Its credentials come out through `resolve` alone: printing, inspecting and
 * serialising it give the address with `***` in their place, and variables as they are written.
 */
export class SourceAddress {
  readonly #written: string;
  readonly #directory: string;

  /**
   * @param written the address or path, with `${NAME}` for what the environment gives
   * @param directory the folder that a relative path starts from
   */
  constructor(written: string, directory: string) {
    this.#written = written;
    this.#directory = directory;
  }

  /** As it may be shown. */
  get shown(): string {
    return redactAddress(this.#written);
  }

  /** Whether it is a path of this machine (a file, a folder, a device), not an address on a network. */
  get isPath(): boolean {
    return !SCHEME.test(this.#written);
  }

  /** Names of the environment variables that it needs, each once. */
  get variables(): readonly string[] {
    return [...new Set([...this.#written.matchAll(VARIABLE)].map((match) => match[1] ?? ""))];
  }

  /**
   * The real address, to open and never to print. A path becomes absolute.
   * @throws CONFIG_VARIABLE_MISSING where the environment lacks a variable or has it empty
   */
  resolve(environment: Readonly<Record<string, string | undefined>>): string {
    const isPath = this.isPath;
    const address = this.#written.replace(VARIABLE, (_, name: string) => {
      const value = environment[name];
      if (value === undefined || value === "")
        throw fault("CONFIG_VARIABLE_MISSING", { name, source: this.shown });
      // A password may hold @ or /, which would end the credentials too early.
      return isPath ? value : encodeURIComponent(value);
    });
    return isPath ? resolve(this.#directory, address) : address;
  }

  toString(): string {
    return this.shown;
  }

  toJSON(): string {
    return this.shown;
  }

  [inspect.custom](): string {
    return `SourceAddress(${this.shown})`;
  }
}

/** A path of a configuration: kept as written, so that its hash is the same on every machine. */
export class ConfigPath {
  readonly written: string;
  readonly absolute: string;

  constructor(written: string, directory: string) {
    this.written = written;
    this.absolute = resolve(directory, written);
  }

  toString(): string {
    return this.written;
  }

  toJSON(): string {
    return this.written;
  }
}

/**
 * An address as it may be shown: user, password and secret-looking parameters become `***`.
 * References `${NAME}` stay, since they say nothing. Paths come back as they are.
 */
export function redactAddress(address: string): string {
  const scheme = SCHEME.exec(address)?.[0];
  if (scheme === undefined) return address;
  const rest = address.slice(scheme.length);
  const end = credentialsEnd(rest);
  const credentials = end === -1 ? "" : `${redactCredentials(rest.slice(0, end))}@`;
  const tail = end === -1 ? rest : rest.slice(end + 1);
  return scheme + credentials + redactParameters(tail);
}

/**
 * Where the credentials end. Passwords with an unescaped @, / or ? are common, so the last @ of all is taken
 * wherever credentials are possible: hiding too much of an address is better than too little.
 */
function credentialsEnd(rest: string): number {
  const authority = rest.slice(0, rest.search(/[/?#]|$/));
  return /[:@]/.test(authority) ? rest.lastIndexOf("@") : -1;
}

const ONE_VARIABLE = /^\$\{[A-Za-z_][A-Za-z0-9_]*\}$/;

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
