import { Secret, TOTP } from "otpauth";
import type { UtcMilliseconds } from "../../time/clock.ts";

/** RFC 6238 as authenticators know it: SHA-1, six digits, thirty seconds. Others are not shown by many of them. */
const SHAPE = { algorithm: "SHA1", digits: 6, period: 30 } as const;
/** One step before and after: clocks of telephones differ (RFC 6238, 5.2). */
const WINDOW = 1;
/** 160 bits, as long as the hash (RFC 4226, section 4). */
const SECRET_BYTES = 20;

export const CODE = /^[0-9]{6}$/;

/** A new shared secret, base32. */
export function newSecret(): string {
  return new Secret({ size: SECRET_BYTES }).base32;
}

/** What an authenticator reads from a picture or a link. @param label what it shows */
export function secretUri(secret: string, issuer: string, label: string): string {
  return totp(secret, { issuer, label }).toString();
}

/**
 * The time step of a code that is right now; null where it is not. A step that was used is not right again.
 * @param lastStep of the last code that counted
 */
export function stepOf(
  secret: string,
  code: string,
  now: UtcMilliseconds,
  lastStep: number | null,
): number | null {
  if (!CODE.test(code)) return null;
  const delta = totp(secret).validate({ token: code, timestamp: now, window: WINDOW });
  if (delta === null) return null;
  const step = Math.floor(now / 1000 / SHAPE.period) + delta;
  return lastStep !== null && step <= lastStep ? null : step;
}

function totp(secret: string, shown: { readonly issuer?: string; readonly label?: string } = {}): TOTP {
  return new TOTP({ ...SHAPE, ...shown, secret: Secret.fromBase32(secret) });
}
