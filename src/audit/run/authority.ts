import { randomBytes } from "node:crypto";
import { canonicalize } from "json-canonicalize";
import { EVENT_TYPES } from "../../event.ts";
import { sha256Of } from "../../files/sha256.ts";
import { type Authorisation, authorisationSchema } from "../../policy/authorisation.ts";
import { studyAuthorisation } from "../../policy/authorisation-template.ts";
import { generateKey, parsePrivateKey } from "../../policy/keys.ts";
import { draft, publish, signDecision } from "../../policy/lifecycle.ts";
import { loadRegime } from "../../policy/profile-load.ts";
import { TRUST_SCHEMA_NAME, type Trust } from "../../policy/signature.ts";
import { verifyAuthorisation } from "../../policy/verify-documents.ts";
import { EMPTY_WORLD, type PolicyWorld } from "../../policy/world.ts";
import { type Clock, formatUtc } from "../../time/clock.ts";
import type { Suite } from "../suite.ts";

/** The law that recordings of a suite run under. */
export const SUITE_PROFILE = "recording-study";
/** The camera's name in every clip's job, and in the study's authorisation. */
export const CLIP_CAMERA = "camera";

const LONGEST_RUN_MS = 7 * 24 * 3600 * 1000;

/** On what authority a suite runs, and the documents that say so. */
export interface SuiteAuthority {
  readonly world: PolicyWorld;
  readonly authorisation: Authorisation;
  /** What was decided, as the authorisation has its hash. */
  readonly text: string;
  readonly trust: Trust;
}

/**
 * Writes the authorisation of a measurement: of these recordings, by their hash, with this model, for a week at most,
 * signed with a key that is made for it and thrown away. Whoever starts the bench on recordings that they hold decides
 * so by starting it; the profile allows nothing else, and no stream (docs/decisions/0024-the-bench-authorises-itself.md).
 * Nothing that is raised under it reaches anybody: it is matched, counted and reported.
 * @param by who measures
 */
export async function suiteAuthority(
  suite: Suite,
  model: { readonly name: string; readonly sha256: string },
  by: string,
  clock: Clock,
): Promise<SuiteAuthority> {
  const profile = await loadRegime(SUITE_PROFILE);
  const now = clock.now();
  const key = parsePrivateKey(generateKey().privatePem, "measurement");
  const trust: Trust = {
    schema: TRUST_SCHEMA_NAME,
    keys: [
      {
        keyId: key.keyId,
        publicKey: key.publicKey,
        holder: by,
        roles: ["issuing", "publishing", "suspending"],
        validFrom: formatUtc(now),
        validUntil: null,
      },
    ],
  };
  const recordings = new Map(suite.clips.map(({ id, videoSha256 }) => [videoSha256, id]));
  const slots = suite.slots.map(({ event, name, sha256 }) => ({ event, name, sha256 }));
  const text = canonicalize({
    ...{ suite: suite.name, sha256: suite.sha256, model, by, at: formatUtc(now) },
    ...(slots.length === 0 ? {} : { slots }),
  });
  const textSha256 = sha256Of(text);
  const fields = studyAuthorisation({
    profile: profile.profile,
    slug: `measurement-${formatUtc(now).slice(0, 10)}-${randomBytes(4).toString("hex")}`,
    by,
    purpose: `Mesurer les erreurs sur la suite « ${suite.name} ». / To measure the errors on the suite “${suite.name}”.`,
    cameras: [CLIP_CAMERA],
    recordings: [...recordings].map(([sha256, name]) => ({ name, sha256 })),
    events: EVENT_TYPES,
    modelSha256: model.sha256,
    networks: suite.slots,
    decidedAt: now,
    validFrom: now,
    validUntil: now + LONGEST_RUN_MS,
    documentSha256: textSha256,
  });
  const act = { by, at: now };
  const parsed = authorisationSchema.parse({
    ...fields,
    statusHistory: [{ status: "draft", at: formatUtc(now), by, reason: "Drafted" }],
  });
  const signed = signDecision(draft(parsed, act), key, now, profile.profile.timeZone);
  const url = `urn:contrechamp:document:${textSha256}`;
  const authorisation = publish(signed, { ...act, key, url });
  const verified = verifyAuthorisation(authorisation, trust);
  return { world: { ...EMPTY_WORLD, profile, authorisations: [verified] }, authorisation, text, trust };
}
