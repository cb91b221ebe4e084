import { canonicalize } from "json-canonicalize";
import type { Certificate } from "../../policy/certificate.ts";
import type { Suite } from "../suite.ts";
import { draftCertificates, type Measured } from "./certify.ts";
import type { FixedThresholds } from "./fixed-thresholds.ts";
import type { ThresholdsFile } from "./thresholds.ts";

/** One value of a certificate that does not follow from what it says it rests on. */
export interface Difference {
  /** Such as `results.hits`. */
  readonly path: string;
  /** What the certificate says, and what follows; canonical JSON, null where there is nothing. */
  readonly stated: string | null;
  readonly follows: string | null;
}

/**
 * Works a certificate out again from thresholds, journal and record, without trusting whoever issued it, and says what
 * differs: every field but the signature.
 * @throws CERTIFY_RECORD where that record could not be certified at all
 */
export function differences(
  stated: Certificate,
  source: ThresholdsFile,
  fixed: FixedThresholds,
  measured: Measured,
  suite: Suite | null,
): readonly Difference[] {
  const drafts = draftCertificates(source, fixed, measured, { issuedAt: Date.parse(stated.issuedAt), suite });
  const again = drafts.find(({ event }) => event === stated.event)?.certificate;
  if (again === undefined) {
    return [{ path: "event", stated: canonicalize(stated.event), follows: null }];
  }
  const follows = { ...again, issuedAt: stated.issuedAt };
  return between({ ...stated, signature: null }, follows, "");
}

/** Bounds are worked out in floating point: elsewhere the last digits may differ. */
const ROUNDING = 1e-9;

function between(stated: unknown, follows: unknown, path: string): readonly Difference[] {
  if (isObject(stated) && isObject(follows)) {
    const keys = new Set([...Object.keys(stated), ...Object.keys(follows)]);
    return [...keys].flatMap((key) =>
      between(Reflect.get(stated, key), Reflect.get(follows, key), path === "" ? key : `${path}.${key}`),
    );
  }
  if (typeof stated === "number" && typeof follows === "number" && Math.abs(stated - follows) <= ROUNDING) {
    return [];
  }
  const [one, other] = [stated, follows].map((value) => (value === undefined ? null : canonicalize(value)));
  return one === other ? [] : [{ path, stated: one ?? null, follows: other ?? null }];
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
