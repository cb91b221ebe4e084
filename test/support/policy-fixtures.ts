import { createHash, createPrivateKey, createPublicKey } from "node:crypto";
import type { AnalyticAuthorisation, CameraAuthorisation } from "../../src/policy/authorisation.ts";
import type { Certificate } from "../../src/policy/certificate.ts";
import { keyIdOf, type SigningKey } from "../../src/policy/keys.ts";
import { attest, type DraftFields, draft, publish } from "../../src/policy/lifecycle.ts";
import type { Notice } from "../../src/policy/notice.ts";
import { analyticId } from "../../src/policy/question.ts";
import { KEY_ROLES, type KeyRole, type Trust } from "../../src/policy/signature.ts";
import { certificateText, decisionText, noticeText } from "../../src/policy/signed-texts.ts";
import { sign } from "../../src/policy/signing.ts";

/** Authorisations, certificates, notices and keys for tests. All fictional: nobody decided any of this. */

/** One key for each role, each of another holder, and a trust file that believes them from 2020 on. */
export interface TestKeys extends Readonly<Record<KeyRole, SigningKey>> {
  readonly trust: Trust;
}

/** The same keys every time: they are made from their role's name, and worth nothing. */
export function testKeys(): TestKeys {
  keys ??= makeKeys();
  return keys;
}
let keys: TestKeys | undefined;

/** SHA-256 of the model that the examples are for. */
export const EXAMPLE_MODEL = sha256("an example model");
/** The camera of all examples. */
export const EXAMPLE_CAMERA = "exemple-porte-nord";
/** An instant at which all examples are valid, and the condition is freshly attested: Saturday 20:00 in Paris. */
export const EXAMPLE_INSTANT = Date.parse("2024-07-20T18:00:00Z");

/**
 * An authorisation to analyse, valid in Paris from 15 July 2024 to 12 August, decided, signed and
 * published on 10 July at 10:00 and active from then on, its condition attested on 20 July at 19:00 for 24 hours.
 * @param overrides fields of the decision are put in before it is signed and may contradict each other; `status`,
 * `statusHistory`, `publishedAt`, `publicationUrl` and the signatures replace what came out
 * @param attestedAt of all its conditions, UTC milliseconds
 */
export function exampleAuthorisation(
  overrides: Partial<AnalyticAuthorisation> = {},
  attestedAt: number = Date.parse("2024-07-20T17:00Z"),
): AnalyticAuthorisation {
  const { attesting } = testKeys();
  const { decided, after } = split(overrides);
  const published = decideAndPublish(analytic(drafted({ ...exampleFields(), ...decided })));
  const attested = published.conditions.reduce<AnalyticAuthorisation>(
    (a, { id }) => attest(a, id, { by: "Exemple de responsable", at: attestedAt, key: attesting }),
    published,
  );
  return { ...attested, ...after };
}

/** An authorisation to film with the same camera, valid for five years, signed, published and active. */
export function exampleCameraAuthorisation(
  overrides: Partial<CameraAuthorisation> = {},
): CameraAuthorisation {
  const { decided, after } = split(overrides);
  const draft = drafted({ ...cameraFields(), ...decided });
  if (draft.kind !== "camera_authorisation") throw new TypeError("an authorisation to film is one");
  return { ...decideAndPublish(draft), ...after };
}

/** A certificate of the example's zone intrusion analytic that passes, signed anew after the overrides. */
export function exampleCertificate(overrides: Partial<Certificate> = {}): Certificate {
  const unsigned: Certificate = {
    schema: "contrechamp/certificate@1",
    id: "urn:example:certificat:intrusion",
    analyticId: analyticId("zone_intrusion"),
    event: "zone_intrusion",
    modelSha256: EXAMPLE_MODEL,
    engineVersion: "0.0.0-exemple",
    suite: { name: "Suite d’exemple", sha256: sha256("an example suite") },
    issuedAt: "2024-06-01T10:00:00+02:00",
    validUntil: "2025-06-01T10:00:00+02:00",
    thresholds: { recall: 0.8, precision: 0.5, falseAlarmsPerHour: 0.2 },
    results: {
      references: 80,
      hits: 76,
      falseAlarms: 10,
      exposureHours: 240,
      recallInterval: [0.877, 0.986],
      precisionInterval: [0.797, 0.943],
      falseAlarmsPerHourInterval: [0.02, 0.077],
    },
    passed: true,
    conditions: { fr: "Exemple : jour, temps sec.", en: "Example: daylight, dry weather." },
    issuer: "Exemple de banc d’essai",
    signature: null,
    ...overrides,
  };
  if (overrides.signature !== undefined) return unsigned;
  const { certifying } = testKeys();
  return {
    ...unsigned,
    signature: sign(certificateText(unsigned), certifying, Date.parse(unsigned.issuedAt)),
  };
}

/** The notice of the example authorisation, signed anew after the overrides. */
export function exampleNotice(overrides: Partial<Notice> = {}): Notice {
  const unsigned: Notice = {
    schema: "contrechamp/notice@1",
    authorisationId: EXAMPLE_ID,
    events: ["zone_intrusion", "crowd_density"],
    cameras: [EXAMPLE_CAMERA],
    text: { fr: "Exemple d’information du public.", en: "Example of information of the public." },
    noticeUrl: `${SITE}/information`,
    publishedAt: "2024-07-12T09:00:00+02:00",
    withdrawnAt: null,
    signature: null,
    ...overrides,
  };
  if (overrides.signature !== undefined) return unsigned;
  const { publishing } = testKeys();
  return { ...unsigned, signature: sign(noticeText(unsigned), publishing, Date.parse(unsigned.publishedAt)) };
}

const HOUR = 3_600_000;
const SITE = "https://example.org";
const AUTHORITY = "Préfecture d’exemple";
const EXAMPLE_ID = "urn:example:autorisation:2024-0001";

type AnalyticFields = Extract<DraftFields, { kind: "analytic_authorisation" }>;
type CameraFields = Extract<DraftFields, { kind: "camera_authorisation" }>;

function drafted(fields: DraftFields): ReturnType<typeof draft> {
  return draft(fields, { by: AUTHORITY, at: Date.parse(fields.decidedAt) - 2 * HOUR });
}

/** Signed and published at the instant of the decision, contradictions and all. */
function decideAndPublish<A extends AnalyticAuthorisation | CameraAuthorisation>(draft: A): A {
  const { issuing, publishing } = testKeys();
  const decidedAt = Date.parse(draft.decidedAt);
  const signed: A = { ...draft, decisionSignature: sign(decisionText(draft), issuing, decidedAt) };
  return publish(signed, { at: decidedAt, url: `${SITE}/actes/exemple`, key: publishing });
}

/** What the example decides, before anybody has signed it. */
export function exampleFields(): AnalyticFields {
  return {
    ...commonFields("urn:example:autorisation:2024-0001", "Arrêté d’exemple 2024-0001"),
    kind: "analytic_authorisation",
    legalBasis: [
      { instrumentId: "loi-2023-380", article: "10", profileId: "fr-loi-2023-380" },
      { instrumentId: "decret-2023-828", article: "3", profileId: "fr-loi-2023-380" },
    ],
    purpose: { fr: "Exemple : sécurité d’un concert.", en: "Example: safety of a concert." },
    grounds: {
      fr: "Exemple : forte affluence attendue ; des agents seuls ne verraient pas la zone interdite.",
      en: "Example: many people are expected; stewards alone would not see the forbidden zone.",
    },
    validFrom: "2024-07-15T00:00:00+02:00",
    validUntil: "2024-08-12T00:00:00+02:00",
    decidedAt: "2024-07-10T10:00:00+02:00",
    eventGathering: {
      name: "Concert d’exemple",
      start: "2024-07-20T16:00:00+02:00",
      end: "2024-07-20T23:30:00+02:00",
      attendanceExpected: 12_000,
      exposureGrounds: { fr: "Exemple : affluence.", en: "Example: attendance." },
    },
    conditions: [
      {
        id: "affluence",
        text: { fr: "Exemple : l’affluence est celle attendue.", en: "Example: as many come as expected." },
        validFor: "PT24H",
      },
    ],
    events: ["zone_intrusion", "crowd_density"],
    analytics: [
      {
        analyticId: analyticId("zone_intrusion"),
        modelSha256: EXAMPLE_MODEL,
        benchCertificateId: "urn:example:certificat:intrusion",
      },
      {
        analyticId: analyticId("crowd_density"),
        modelSha256: EXAMPLE_MODEL,
        benchCertificateId: null,
      },
    ],
    zones: [
      {
        cameraId: EXAMPLE_CAMERA,
        event: "zone_intrusion",
        polygon: [
          [100, 100],
          [500, 100],
          [500, 400],
          [100, 400],
        ],
        nature: "forbidden",
        justification: "Exemple : accès technique",
      },
      {
        cameraId: EXAMPLE_CAMERA,
        event: "crowd_density",
        polygon: [
          [0, 0],
          [640, 0],
          [640, 480],
          [0, 480],
        ],
        nature: "counting",
        justification: "Exemple : esplanade",
      },
    ],
    dailyWindows: [{ from: "14:00", until: "02:00" }],
    maxDuration: "P1M",
    publicInformation: {
      means: ["affichage", "site web"],
      noticeUrl: `${SITE}/information`,
      exempted: false,
    },
    operators: { designationAct: "Exemple d’acte", count: 4, trainingSyllabusSha256: sha256("a syllabus") },
    retention: { clips: "P7D", accessLogs: "P1Y", aggregates: "P3Y" },
    dpia: { url: `${SITE}/aipd`, sha256: sha256("an assessment"), date: "2024-05-02T00:00:00+02:00" },
    conformityAttestation: {
      by: "Exemple d’autorité",
      date: "2024-05-03T00:00:00+02:00",
      url: `${SITE}/attestation`,
    },
  };
}

function cameraFields(): CameraFields {
  return {
    ...commonFields("urn:example:autorisation:camera-2022-0001", "Arrêté d’exemple 2022-0001"),
    kind: "camera_authorisation",
    legalBasis: [{ instrumentId: "csi", article: "L.252-1", profileId: "fr-loi-2023-380" }],
    purpose: { fr: "Exemple : sécurité des personnes.", en: "Example: safety of persons." },
    grounds: { fr: "Exemple : lieu exposé.", en: "Example: an exposed place." },
    validFrom: "2022-02-01T00:00:00+01:00",
    validUntil: "2027-02-01T00:00:00+01:00",
    decidedAt: "2022-01-10T10:00:00+01:00",
    retention: { clips: "P30D" },
  };
}

function commonFields(id: string, reference: string) {
  return {
    id,
    reference,
    title: { fr: "Autorisation d’exemple", en: "Example authorisation" },
    issuingAuthority: { name: AUTHORITY, type: "prefet" as const, territory: "00000" },
    controller: {
      name: "Commune d’exemple",
      SIREN: "000000000",
      service: "police municipale",
      contact: "contact@example.org",
    },
    cameras: [EXAMPLE_CAMERA],
    perimeter: {
      type: "Polygon" as const,
      coordinates: [
        [
          [2, 48],
          [2.01, 48],
          [2.01, 48.01],
          [2, 48.01],
          [2, 48],
        ] as [number, number][],
      ],
    },
    documentSha256: sha256(`the decision ${id}`),
    dataLocation: ["FR"],
    appeal: {
      court: "Tribunal d’exemple",
      deadline: "2 mois",
      howTo: { fr: "Exemple : par courrier.", en: "Example: by letter." },
    },
  };
}

const AFTER = [
  "schema",
  "status",
  "statusHistory",
  "publishedAt",
  "publicationUrl",
  "decisionSignature",
  "publicationSignature",
] as const;
type After = (typeof AFTER)[number];

/** Parts the overrides: what belongs to the decision, and what is put in its place afterwards. */
function split<A extends AnalyticAuthorisation | CameraAuthorisation>(overrides: Partial<A>) {
  const isAfter = (key: string) => AFTER.some((one) => one === key);
  const pick = (wanted: boolean) =>
    Object.fromEntries(Object.entries(overrides).filter(([key]) => isAfter(key) === wanted));
  return {
    decided: pick(false) as Partial<Omit<A, After>>,
    after: pick(true) as Partial<Pick<A, After & keyof A>>,
  };
}

function analytic(a: ReturnType<typeof draft>): AnalyticAuthorisation {
  if (a.kind !== "analytic_authorisation") throw new TypeError("an authorisation to analyse is one");
  return a;
}

function makeKeys(): TestKeys {
  const made = Object.fromEntries(KEY_ROLES.map((role) => [role, makeKey(role)])) as Record<
    KeyRole,
    SigningKey
  >;
  return {
    ...made,
    trust: {
      schema: "contrechamp/trust@1",
      keys: KEY_ROLES.map((role) => ({
        keyId: made[role].keyId,
        publicKey: made[role].publicKey,
        holder: `Exemple de clé (${role})`,
        roles: [role],
        validFrom: "2020-01-01T00:00:00Z",
        validUntil: null,
      })),
    },
  };
}

/** An Ed25519 key whose seed is the hash of a name: PKCS#8 is 16 fixed bytes (RFC 8410) and the seed. */
function makeKey(name: string): SigningKey {
  const seed = createHash("sha256").update(`contrechamp test key ${name}`).digest();
  const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]);
  const privateKey = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  const { x = "" } = createPublicKey(privateKey).export({ format: "jwk" });
  const raw = Buffer.from(x, "base64url");
  return { privateKey, publicKey: raw.toString("base64"), keyId: keyIdOf(raw) };
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
