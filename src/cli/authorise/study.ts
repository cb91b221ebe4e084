import { createHash, randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { expandSource } from "../../config/address.ts";
import type { Config } from "../../config/schema.ts";
import { fault } from "../../errors.ts";
import { DEFAULT_MODEL } from "../../models/manifest.ts";
import { type Authorisation, authorisationSchema } from "../../policy/authorisation.ts";
import { studyAuthorisation } from "../../policy/authorisation-template.ts";
import { writeDocumentText } from "../../policy/document-files.ts";
import { loadDocuments, writeDocument } from "../../policy/documents.ts";
import { generateKey, type SigningKey, writePrivateKey } from "../../policy/keys.ts";
import { draft, publish, signDecision } from "../../policy/lifecycle.ts";
import type { Regime } from "../../policy/profile.ts";
import { TRUST_SCHEMA_NAME } from "../../policy/signature.ts";
import { documentSha256 } from "../../policy/signed-texts.ts";
import { isoDurationEnd } from "../../policy/validity.ts";
import { isLive } from "../../sources/address.ts";
import { recordingSha256 } from "../../sources/recording-hash.ts";
import { type Clock, formatUtc, type UtcMilliseconds } from "../../time/clock.ts";
import { shownName } from "./answers.ts";
import { announce, commandLine, languageFor } from "./change.ts";
import { eventsOf, modelSha256, networksOf } from "./config-facts.ts";
import { instantOption } from "./instant.ts";
import { openKey } from "./keys.ts";
import type { StudyOptions } from "./study-fields.ts";
import { exists, trustKey } from "./trust-file.ts";
import { WORDS } from "./words.ts";

/** How long a study may run where nobody says otherwise. */
const USUAL_LENGTH = "P30D";

/**
 * Authorises the study of recordings in one go: the key where there is none, the trust file, the text of the decision,
 * and an authorisation that lists the recordings by their SHA-256, signed and published. The person who studies is the
 * one who decides: only a profile that asks for no other authority allows it. The gate asks such a profile about the
 * instant of analysis, not of the recording, so it is valid from now.
 */
export async function study(
  options: StudyOptions,
  profile: Regime,
  config: Config | null,
  clock: Clock,
): Promise<void> {
  refuseOthers(profile);
  const words = WORDS[languageFor(options)];
  const now = clock.now();
  const { from, until } = validity(options, profile, now);
  const paths = recordingPaths(options, config);
  const recordings = await hashed(paths);
  const model = options.model ?? config?.engine.model ?? DEFAULT_MODEL;
  const sha256 = await modelSha256(model);
  const folder = options.documents;
  await mkdir(folder, { recursive: true });
  const { key, path: keyPath, made: keyMade } = await studyKey(options, folder);
  const trustFile = await trustFileOf(folder);
  const roles = ["issuing", "publishing", "suspending"] as const;
  const trusted = { keyId: key.keyId, publicKey: key.publicKey, holder: options.by, roles, validFrom: now };
  const trustChanged = await trustKey(trustFile, trusted);

  const slug = `${profile.id}-${formatUtc(now).slice(0, 10)}-${randomBytes(3).toString("hex")}`;
  const events = eventsOf(config);
  const facts = {
    profile,
    slug,
    by: options.by,
    purpose: options.purpose,
    cameras: cameraNames(options, config, paths.length),
    recordings,
    events,
    modelSha256: sha256,
    networks: await networksOf(config, sha256),
    decidedAt: now,
    validFrom: from,
    validUntil: until,
  };
  const text = words.studyText({ ...facts, model });
  const textSha256 = createHash("sha256").update(text).digest("hex");
  const parsed = authorisationSchema.parse({
    ...studyAuthorisation({ ...facts, documentSha256: textSha256 }),
    statusHistory: [{ status: "draft", at: formatUtc(now), by: options.by, reason: "Drafted" }],
  });
  const act = { by: options.by, at: now };
  const signed = signDecision(draft(parsed, act), key, now, profile.timeZone);
  const url = options.url ?? `urn:contrechamp:document:${textSha256}`;
  const published = publish(signed, { ...act, key, url });
  const file = join(folder, `${slug}.yml`);
  await writeDocumentText(join(folder, `${slug}.txt`), text, true);
  await writeDocument(file, published, { exclusive: true });
  await refuseFaults(folder, profile);

  await announce(
    {
      said: [
        words.studyKey(keyPath, key.keyId, keyMade, options.by, trustFile),
        words.studied(file, recordings.length, events.length, published.validUntil, profile.timeZone),
      ],
      next: nextCommand(options, config, profile),
      actor: options.by,
      changes: [
        ...(trustChanged
          ? [{ type: "trust" as const, payload: { action: "trusted", keyId: key.keyId, holder: options.by } }]
          : []),
        { type: "authorisation", payload: { action: "published", ...identity(published, file) } },
      ],
      journalOfRun: true,
    },
    options,
    clock,
  );
}

/** What the journal and `--json` say of an authorisation. */
export function identity(
  a: Authorisation,
  file: string,
): Record<"id" | "sha256" | "status" | "file", string> {
  return { id: a.id, sha256: documentSha256(a), status: a.status, file };
}

function refuseOthers(profile: Regime): void {
  const { requires, handling, id } = profile;
  const what =
    handling.journal !== "run"
      ? "is for a site"
      : requires.cameraAuthorisation || requires.separateKeys
        ? "asks for another authority"
        : requires.notice || requires.certificate
          ? "asks for a notice or a certificate beside it"
          : null;
  if (what !== null) throw fault("AUTHORISE_STUDY_PROFILE", { id, what });
}

function validity(
  options: StudyOptions,
  { limits, timeZone }: Regime,
  now: UtcMilliseconds,
): { readonly from: UtcMilliseconds; readonly until: UtcMilliseconds } {
  const from = instantOption("--valid-from", options.validFrom, timeZone) ?? now;
  const usual = Math.min(
    isoDurationEnd(from, USUAL_LENGTH, timeZone),
    isoDurationEnd(from, limits.maxDuration, timeZone),
  );
  return { from, until: instantOption("--valid-until", options.validUntil, timeZone) ?? usual };
}

/** The recordings that were named, or those that the configuration's cameras read. */
function recordingPaths(options: StudyOptions, config: Config | null): readonly string[] {
  const named = options.recording ?? [];
  if (named.length > 0) return [...new Set(named.map((path) => resolve(path)))];
  const sources = config?.cameras.map(({ source }) => expandSource(source, process.env)) ?? [];
  return [...new Set(sources.filter((source) => !isLive(source)))];
}

async function hashed(
  paths: readonly string[],
): Promise<readonly { readonly name: string; readonly sha256: string }[]> {
  const bySha256 = new Map<string, { readonly name: string; readonly sha256: string }>();
  for (const path of paths) {
    const sha256 = await recordingSha256(path);
    // A copy under another name is the same recording.
    if (!bySha256.has(sha256)) bySha256.set(sha256, { name: shownName(path), sha256 });
  }
  return [...bySha256.values()];
}

async function studyKey(
  options: StudyOptions,
  folder: string,
): Promise<{ readonly key: SigningKey; readonly path: string; readonly made: boolean }> {
  if (options.key !== undefined) return { key: await openKey(options.key), path: options.key, made: false };
  // Beside the folder and not within it: who may read the documents need not be able to sign.
  const path = join(dirname(resolve(folder)), "study-key.pem");
  const shown = relative(process.cwd(), path) || path;
  if (await exists(path)) return { key: await openKey(path), path: shown, made: false };
  await writePrivateKey(path, generateKey().privatePem);
  return { key: await openKey(path), path: shown, made: true };
}

async function trustFileOf(folder: string): Promise<string> {
  const { files } = await loadDocuments(folder);
  const found = files.find(({ schema }) => schema === TRUST_SCHEMA_NAME);
  return join(folder, found?.file ?? "trust.yml");
}

/** What keeps the folder from being used was there before; the study would not run, so it is said now. */
async function refuseFaults(folder: string, { timeZone }: Regime): Promise<void> {
  const { faults } = await loadDocuments(folder, { timeZone });
  for (const { file, message, code } of faults) {
    process.stderr.write(`${file}: ${message} (${code})\n`);
    process.exitCode = 1;
  }
}

/** The names that `watch` gives the cameras of these recordings. */
function cameraNames(options: StudyOptions, config: Config | null, count: number): readonly string[] {
  const ids = config?.cameras.map(({ id }) => id) ?? ["camera"];
  const several = (options.recording ?? []).length > 0 && count > 1;
  if (!several) return ids;
  return ids.flatMap((id) => [id, ...Array.from({ length: count }, (_, index) => `${id}-${index + 1}`)]);
}

function nextCommand(options: StudyOptions, config: Config | null, { id }: Regime): string {
  const sources = options.recording ?? [];
  const configured = config === null || options.config === undefined ? [] : ["--config", options.config];
  return commandLine(
    "watch",
    ...sources,
    ...configured,
    "--profile",
    options.profile ?? id,
    "--documents",
    options.documents,
  );
}
