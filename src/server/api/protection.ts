import type { MiddlewareHandler } from "hono";
import { fault } from "../../errors.ts";
import { same } from "../accounts/secrets.ts";
import { readToken } from "./cookies.ts";
import type { ApiOptions, Environment } from "./environment.ts";

/** No request of the console comes near it. */
export const LARGEST_BODY = 64 * 1024;
/** What a page sends back with each change. */
export const REQUEST_TOKEN_HEADER = "x-request-token";

const READING: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/** The API serves data: nothing of it is a page, is framed, or is read by another site. */
const HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy":
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), display-capture=(), geolocation=(), microphone=()",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  // For browsers that know no frame-ancestors.
  "x-frame-options": "DENY",
  // Nothing that concerns people lies in a browser's cache. Whoever polls sends If-None-Match by themselves.
  "cache-control": "no-store",
};
const TLS_HEADERS: Readonly<Record<string, string>> = {
  "strict-transport-security": "max-age=31536000",
};

/** On every answer, also on a refusal. */
export function securityHeaders({ secure }: Pick<ApiOptions, "secure">): MiddlewareHandler<Environment> {
  const headers = Object.entries(secure ? { ...HEADERS, ...TLS_HEADERS } : HEADERS);
  return async (c, next) => {
    await next();
    for (const [name, value] of headers) if (!c.res.headers.has(name)) c.res.headers.set(name, value);
  };
}

/**
 * Refuses a name that is not this server's: a page of another site whose name was made to resolve to this machine
 * sends its own (DNS rebinding).
 */
export function knownHost({ origins }: Pick<ApiOptions, "origins">): MiddlewareHandler<Environment> {
  return async (c, next) => {
    const { host } = new URL(c.req.url);
    if (!origins().some((origin) => new URL(origin).host === host)) throw fault("REQUEST_HOST", {});
    await next();
  };
}

/** Bodies of a size that nobody's memory minds, said before they come: Node reads no more than was said. */
export function smallBody(): MiddlewareHandler<Environment> {
  return async (c, next) => {
    const length = c.req.header("content-length");
    if (length === undefined && c.req.header("transfer-encoding") !== undefined)
      throw fault("REQUEST_LENGTH", {});
    if (Number(length ?? 0) > LARGEST_BODY) throw fault("REQUEST_TOO_LARGE", { most: LARGEST_BODY });
    await next();
  };
}

/** Who asks, by the cookie alone. */
export function findSession(options: ApiOptions): MiddlewareHandler<Environment> {
  return async (c, next) => {
    const token = readToken(c, options);
    c.set("signedIn", token === null ? null : await options.accounts.signIn.find(token));
    await next();
  };
}

/**
 * Refuses a change that a page of another site makes in the name of whoever is signed in. Beside SameSite=Strict: a
 * browser says where a page is from, and a session's own token is known to its own pages alone.
 * @param withToken whether a session has to prove itself: not where one is begun anew
 */
export function ownPage(options: ApiOptions, withToken: boolean): MiddlewareHandler<Environment> {
  return async (c, next) => {
    if (READING.has(c.req.method)) return next();
    const origin = c.req.header("origin");
    const site = c.req.header("sec-fetch-site");
    const foreign =
      origin === undefined
        ? site !== undefined && site !== "same-origin" && site !== "none"
        : !options.origins().includes(origin);
    if (foreign) throw fault("REQUEST_FOREIGN", {});
    const { signedIn } = c.var;
    if (withToken && signedIn !== null) {
      const sent = c.req.header(REQUEST_TOKEN_HEADER) ?? "";
      if (!same(sent, options.accounts.requestToken(signedIn.session.id))) throw fault("REQUEST_FOREIGN", {});
    }
    return next();
  };
}
