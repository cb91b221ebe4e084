import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { JobAuthority } from "../../src/engine/permission.ts";
import { EVENT_TYPES, type EventType } from "../../src/event.ts";
import { DEFAULT_MODEL, loadManifest } from "../../src/models/manifest.ts";
import type { AnalyticAuthorisation } from "../../src/policy/authorisation.ts";
import { createSecondOpinion } from "../../src/policy/cedar.ts";
import { writeDocument } from "../../src/policy/documents.ts";
import { type Authorised, Gate, type Identified } from "../../src/policy/mint.ts";
import { loadRegime } from "../../src/policy/profile-load.ts";
import { analyticId, type GateQuestion } from "../../src/policy/question.ts";
import { verifyAuthorisation } from "../../src/policy/verify-documents.ts";
import { EMPTY_WORLD, type PolicyWorld } from "../../src/policy/world.ts";
import { recordingSha256 } from "../../src/sources/recording-hash.ts";
import { exampleAuthorisation, exampleCertificate, exampleNotice, testKeys } from "./policy-fixtures.ts";

/** What a test needs so that the gate lets its recordings through: a study that nobody runs, of what it rendered. */

const profile = await loadRegime("recording-study");
const model = (await loadManifest(DEFAULT_MODEL)).onnx.sha256;
const HOUR = 3_600_000;

interface StudyOf {
  /** SHA-256 of each recording. */
  readonly recordings: readonly string[];
  readonly cameras?: readonly string[];
  readonly modelSha256?: string;
  readonly events?: readonly EventType[];
  readonly use?: "alert" | "shadow";
  /** First and last instant; by default an hour around now. */
  readonly validFrom?: number;
  readonly validUntil?: number;
}

/** The authorisation of a study, signed, published and active. */
export function studyAuthorisation(of: StudyOf): AnalyticAuthorisation {
  const now = Date.now();
  const events = [...(of.events ?? EVENT_TYPES)];
  const decidedAt = Math.min(now, of.validFrom ?? now) - 96 * HOUR;
  return exampleAuthorisation({
    id: "urn:example:etude",
    legalBasis: [{ instrumentId: "gdpr", article: "art. 6(1)(f)", profileId: profile.profile.id }],
    use: of.use ?? "alert",
    eventGathering: null,
    conditions: [],
    events,
    analytics: events.map((event) => ({
      analyticId: analyticId(event),
      modelSha256: of.modelSha256 ?? model,
      benchCertificateId: null,
    })),
    cameras: [...(of.cameras ?? ["camera"])],
    perimeter: null,
    zones: [],
    recordings: of.recordings.map((sha256) => ({ name: "a recording of a test", sha256 })),
    dailyWindows: [],
    maxDuration: "P1M",
    validFrom: new Date(of.validFrom ?? now - HOUR).toISOString(),
    validUntil: new Date(of.validUntil ?? now + HOUR).toISOString(),
    decidedAt: new Date(decidedAt).toISOString(),
  });
}

/** A world in which the recordings may be studied, and nothing else may happen. */
export function studyWorld(of: StudyOf): PolicyWorld {
  const { trust } = testKeys();
  return { ...EMPTY_WORLD, profile, authorisations: [verifyAuthorisation(studyAuthorisation(of), trust)] };
}

/** The authority of a camera's process on one recording. */
export function studyAuthority(
  of: Omit<StudyOf, "recordings"> & { readonly recording: string },
): JobAuthority {
  return {
    world: studyWorld({ ...of, recordings: [of.recording] }),
    use: of.use ?? "alert",
    footage: "recording",
    recordingSha256: of.recording,
    instant: "now",
  };
}

/** Names that the gate needs of a closed site, where it stands and what its rules may look at. */
export interface SiteOf {
  readonly cameras: readonly string[];
  readonly events: readonly EventType[];
  readonly zones: AnalyticAuthorisation["zones"];
  readonly validFrom?: number;
  readonly validUntil?: number;
  readonly use?: "alert" | "shadow";
  readonly overrides?: Partial<AnalyticAuthorisation>;
}

/** Where the cameras of a test's site stand, and all that they see of the ground: longitude and latitude. */
export const SITE_PLACE = {
  location: [2.31, 48.84],
  fieldOfView: [
    [2.31, 48.84],
    [2.3103, 48.8403],
    [2.3103, 48.8398],
  ],
} as const;
const SITE_PERIMETER = {
  type: "Polygon" as const,
  coordinates: [
    [
      [2.3, 48.83],
      [2.32, 48.83],
      [2.32, 48.85],
      [2.3, 48.85],
      [2.3, 48.83],
    ] satisfies [number, number][],
  ],
};

/** The authorisation of a closed site, that its own controller has signed, published and put into force. */
export function siteAuthorisation(of: SiteOf): AnalyticAuthorisation {
  const now = Date.now();
  const from = of.validFrom ?? now - HOUR;
  return exampleAuthorisation(
    {
      id: "urn:example:site",
      legalBasis: [{ instrumentId: "gdpr", article: "art. 6(1)(f)", profileId: "private-premises" }],
      use: of.use ?? "alert",
      eventGathering: null,
      conditions: [],
      events: [...of.events],
      analytics: of.events.map((event) => ({
        analyticId: analyticId(event),
        modelSha256: model,
        benchCertificateId: `urn:example:certificate:${event}`,
      })),
      cameras: [...of.cameras],
      perimeter: SITE_PERIMETER,
      zones: of.zones,
      recordings: [],
      dailyWindows: [],
      maxDuration: "P1M",
      retention: { clips: "P7D", accessLogs: "P1Y", aggregates: "P1Y" },
      validFrom: new Date(from).toISOString(),
      validUntil: new Date(of.validUntil ?? now + 24 * HOUR).toISOString(),
      decidedAt: new Date(Math.min(now, from) - 96 * HOUR).toISOString(),
      ...of.overrides,
    },
    now - HOUR,
  );
}

/** Writes all the documents that a closed site needs: authorisation, certificates, notice, trusted keys. */
export async function writeSite(folder: string, of: SiteOf): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const authorisation = siteAuthorisation(of);
  const at = (hours: number) => new Date(Date.now() + hours * HOUR).toISOString();
  await writeDocument(join(folder, "site.yml"), authorisation);
  for (const event of of.events) {
    const certificate = exampleCertificate({
      id: `urn:example:certificate:${event}`,
      analyticId: analyticId(event),
      event,
      modelSha256: model,
      issuedAt: at(-200),
      validUntil: at(2000),
    });
    await writeDocument(join(folder, `certificate-${event}.yml`), certificate);
  }
  const notice = exampleNotice({
    authorisationId: authorisation.id,
    events: [...of.events],
    cameras: [...of.cameras],
    publishedAt: at(-90),
  });
  await writeDocument(join(folder, "notice.yml"), notice);
  await writeDocument(join(folder, "trust.yml"), testKeys().trust);
}

/** Asks a real gate for something in a world where the answer is yes. */
export function letThrough<T extends Identified>(subject: T): Authorised<T> {
  const recording = "0".repeat(64);
  const world = studyWorld({ recordings: [recording] });
  const gate = new Gate(world, createSecondOpinion(world), {
    onIncident: ({ kind }) => {
      throw new Error(kind);
    },
  });
  const question: GateQuestion = {
    at: Date.now(),
    use: "alert",
    cameraId: "camera",
    ruleId: "rule",
    event: "zone_intrusion",
    analyticId: analyticId("zone_intrusion"),
    modelSha256: model,
    footage: "recording",
    recordingSha256: recording,
    place: { kind: "view", points: [] },
  };
  const { authorised, decision } = gate.authorise(subject, question);
  if (authorised === null) throw new Error(`the gate says no: ${JSON.stringify(decision.reasons)}`);
  return authorised;
}

/**
 * Writes the authorisation of a study of recordings and the keys that it is believed by.
 * @param recordings paths @returns the options that `contrechamp watch` takes for it
 */
export async function writeStudy(
  folder: string,
  recordings: readonly string[],
  of: Omit<StudyOf, "recordings"> = {},
): Promise<readonly string[]> {
  mkdirSync(folder, { recursive: true });
  const hashes = await Promise.all(recordings.map(recordingSha256));
  await writeDocument(join(folder, "study.yml"), studyAuthorisation({ ...of, recordings: hashes }));
  await writeDocument(join(folder, "trust.yml"), testKeys().trust);
  return ["--profile", "recording-study", "--documents", folder];
}
