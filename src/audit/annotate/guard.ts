import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** What of a request decides whether it is answered. */
export interface Asked {
  readonly method: string;
  /** As it came, undecoded. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

/** Let in, with what is asked for below the token; or turned away. */
export type Admission =
  | { readonly kind: "admitted"; readonly path: string }
  | { readonly kind: "refused"; readonly status: 403 | 405 | 421; readonly why: string };

/** Requests that change something. */
const CHANGING: ReadonlySet<string> = new Set(["PUT"]);
const READING: ReadonlySet<string> = new Set(["GET", "HEAD"]);

/**
 * Keeps everybody out but the page that this server gave out, on this machine: other users of the machine do not know
 * the token; pages of other sites in the same browser cannot send the right Host (DNS rebinding) or Origin.
 * The checks are those of OWASP's sheets on cross-site request forgery and DNS rebinding.
 */
export class Guard {
  readonly #token: Buffer;
  readonly #host: string;

  /** @param host as the browser must say it: `127.0.0.1:PORT` */
  constructor(token: string, host: string) {
    this.#token = digest(token);
    this.#host = host;
  }

  admit({ method, url, headers }: Asked): Admission {
    if (headers.host !== this.#host) return refused(421, "this server answers under its own address only");
    const { origin } = headers;
    const own = `http://${this.#host}`;
    if (origin !== undefined && origin !== own) return refused(403, "another page asks");
    const site = headers["sec-fetch-site"];
    // "none": typed or pasted into the address bar.
    if (site !== undefined && site !== "same-origin" && site !== "none")
      return refused(403, "another page asks");
    const [path = ""] = url.split("?", 1);
    const [, token = "", ...rest] = path.split("/");
    // Digests are of one length, whatever was sent: the time of comparing says nothing.
    if (!timingSafeEqual(digest(token), this.#token)) return refused(403, "the address lacks its token");
    if (CHANGING.has(method)) {
      if (origin !== own) return refused(403, "a change must come from the page itself");
    } else if (!READING.has(method)) return refused(405, "GET, HEAD and PUT are answered");
    return { kind: "admitted", path: rest.join("/") };
  }
}

function refused(status: 403 | 405 | 421, why: string): Admission {
  return { kind: "refused", status, why };
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
