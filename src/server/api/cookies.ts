import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { LONGEST } from "../accounts/sessions.ts";
import type { Welcome } from "../accounts/sign-in.ts";
import type { ApiOptions, Environment } from "./environment.ts";

type C = Context<Environment>;
type Secure = Pick<ApiOptions, "secure">;

/** Half a year: longer than a leave, shorter than a machine's life. */
const DEVICE_SECONDS = 180 * 86_400;
/** No mark is longer: id, dot, HMAC. */
const LONGEST_VALUE = 200;

/** `__Host-`: set by this very host, over TLS, for all of it, and by no subdomain (RFC 6265bis). */
const NAMES = { session: "contrechamp", device: "contrechamp-device" } as const;

export function sessionCookie({ secure }: Secure): string {
  return nameOf("session", secure);
}

/** The session's token; null where none was sent. */
export function readToken(c: C, { secure }: Secure): string | null {
  return read(c, nameOf("session", secure));
}

/** The mark that somebody signed in from here before; null where there is none. */
export function readDeviceMark(c: C, { secure }: Secure): string | null {
  return read(c, nameOf("device", secure));
}

export function setSession(c: C, { secure }: Secure, { token, deviceMark }: Welcome): void {
  const common = { path: "/", httpOnly: true, sameSite: "Strict", secure } as const;
  setCookie(c, nameOf("session", secure), token, { ...common, maxAge: LONGEST });
  setCookie(c, nameOf("device", secure), deviceMark, { ...common, maxAge: DEVICE_SECONDS });
}

export function dropSession(c: C, { secure }: Secure): void {
  deleteCookie(c, nameOf("session", secure), { path: "/", secure });
}

function nameOf(cookie: keyof typeof NAMES, secure: boolean): string {
  return secure ? `__Host-${NAMES[cookie]}` : NAMES[cookie];
}

function read(c: C, name: string): string | null {
  const value = getCookie(c, name);
  return value === undefined || value === "" || value.length > LONGEST_VALUE ? null : value;
}
