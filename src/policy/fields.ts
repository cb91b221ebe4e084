import { z } from "zod";

/** The values that profiles, authorisations, certificates and notices are made of. */

/** A text in both languages of the interface. */
export const languageMap = z.strictObject({
  fr: z.string().trim().min(1).max(20_000),
  en: z.string().trim().min(1).max(20_000),
});
export type LanguageMap = Readonly<z.output<typeof languageMap>>;

/** RFC 3339 with its offset: an instant without one means another one in summer. */
export const instant = z.iso.datetime({
  offset: true,
  error: "an instant with its offset, such as 2024-07-26T17:30:00+02:00",
});

/** A calendar date, read in the profile's time zone. */
export const localDate = z.iso.date({ error: "a date, such as 2023-08-31" });

/** ISO 8601 duration of whole units, such as P1M, P7D or PT24H. */
export const isoDuration = z
  .string()
  .regex(/^P(?=\d|T\d)(?:\d+Y)?(?:\d+M)?(?:\d+W)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?$/, {
    error: "an ISO 8601 duration, such as P1M, P7D or PT24H",
  });

export const sha256Hex = z
  .string()
  .regex(/^[0-9a-f]{64}$/, { error: "a SHA-256 in 64 small hexadecimal digits" });

/** A name for machines: small Latin letters, digits, dots and hyphens, so that no two look alike and differ. */
export const identifier = z.string().regex(/^[a-z0-9](?:[a-z0-9._-]{0,118}[a-z0-9])?$/, {
  error: "small Latin letters, digits, dots and hyphens",
});

/** An absolute URI in ASCII, such as urn:… or https://…. */
export const uri = z
  .string()
  .max(2000)
  .regex(/^[a-z][a-z0-9+.-]*:[!-~]+$/, { error: "an absolute URI in ASCII, such as https://… or urn:…" });

export const webAddress = uri.regex(/^https?:\/\//, {
  error: "an address that begins with https:// or http://",
});

/** A line for people. */
export const line = z.string().trim().min(1).max(500);
