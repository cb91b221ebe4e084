import { type AnalyticAuthorisation, authorisationSchema } from "../../src/policy/authorisation.ts";
import { type Certificate, certificateSchema } from "../../src/policy/certificate.ts";
import { type Notice, noticeSchema } from "../../src/policy/notice.ts";
import { type Overlay, profileSchema, type Regime } from "../../src/policy/profile.ts";
import { analyticId, type GateQuestion } from "../../src/policy/question.ts";
import type { PolicyWorld, VerifiedAuthorisation } from "../../src/policy/world.ts";

/**
 * An invented regime with everything that a profile can demand, and one question that it wholly permits. Whoever
 * tests a denial starts from here and takes one thing away. No authority, place or decision in it is real.
 */

const both = (text: string) => ({ fr: text, en: text });
const SOURCE = { title: "Loi d'exemple", url: "https://example.org/loi" };
const VERIFIED = {
  verification: "verified",
  checkedBy: "Personne Exemple",
  checkedOn: "2026-01-01",
} as const;

export const MODEL = "a".repeat(64);
export const OTHER_MODEL = "b".repeat(64);
export const RECORDING = "c".repeat(64);
export const CAMERA = "north-gate";

function rule(id: string, more: object): object {
  return {
    id,
    effect: "permit",
    reason: null,
    instrument: "example-law",
    article: "article 1",
    interval: { from: "2023-08-31", until: "2025-03-31" },
    events: "all",
    footage: ["live", "recording"],
    uses: ["alert"],
    text: both("Exemple."),
    source: SOURCE,
    ...VERIFIED,
    ...more,
  };
}

/** The timeline of a law that came into force before its decree, ended, and was prolonged on paper only. */
export const REGIME: Regime = regime({
  schema: "contrechamp/profile@1",
  id: "example-regime",
  version: "1.0.0",
  kind: "regime",
  title: both("Régime d'exemple"),
  summary: both("Exemple."),
  jurisdiction: "FR",
  timeZone: "Europe/Paris",
  instruments: [
    { id: "example-law", title: both("Loi d'exemple"), status: "in_force", source: SOURCE, ...VERIFIED },
    {
      id: "struck-down",
      title: both("Loi censurée d'exemple"),
      status: "annulled",
      annulmentGround: "procedural",
      source: SOURCE,
      ...VERIFIED,
    },
  ],
  rules: [
    rule("before-the-decree", {
      effect: "forbid",
      reason: "decree_missing",
      interval: { from: "2023-05-21", until: "2023-08-30" },
      uses: ["alert", "shadow"],
    }),
    rule("law-and-decree", { uses: ["alert", "shadow"] }),
    rule("the-gap", {
      effect: "forbid",
      reason: "expired",
      interval: { from: "2025-04-01", until: "2026-03-20" },
      uses: ["alert", "shadow"],
    }),
    rule("the-prolongation", { interval: { from: "2026-03-21", until: null }, verification: "unverified" }),
    rule("never-took-effect", {
      instrument: "struck-down",
      interval: { from: "2023-01-01", until: "2023-05-20" },
    }),
  ],
  footage: ["live", "recording"],
  place: both("Exemple."),
  requires: {
    cameraAuthorisation: true,
    certificate: true,
    notice: true,
    perimeter: true,
    declaredZones: true,
    listedRecordings: false,
    separateKeys: true,
    resumeByPerson: true,
  },
  limits: { maxDuration: "P1M", maxRetention: "P1M", attestationValidFor: "PT48H" },
  handling: { evidence: "encrypted", clips: "confirmed", undecidedFor: "P7D", sinks: false, journal: "site" },
});

function regime(data: object): Regime {
  const profile = profileSchema.parse(data);
  if (profile.kind !== "regime") throw new TypeError("no regime");
  return profile;
}

/** An overlay that forbids on some days only, so that it stops nothing at the instant of the question. */
export const OVERLAY: Overlay = overlay("example-ban", { from: "2024-08-01", until: "2024-08-05" });

/** A municipal ban, as an example. @param interval first and last day */
export function overlay(id: string, interval: { from: string | null; until: string | null }): Overlay {
  const profile = profileSchema.parse({
    schema: "contrechamp/profile@1",
    id,
    version: "1.0.0",
    kind: "overlay",
    title: both("Interdiction d'exemple"),
    summary: both("Exemple."),
    jurisdiction: "FR",
    timeZone: "Europe/Paris",
    instruments: [
      {
        id: "example-law",
        title: both("Délibération d'exemple"),
        status: "in_force",
        source: SOURCE,
        ...VERIFIED,
      },
    ],
    rules: [
      rule(`${id}-rule`, {
        effect: "forbid",
        reason: "overlay_forbids",
        interval,
        uses: ["alert", "shadow"],
      }),
    ],
    forWhom: both("Exemple."),
  });
  if (profile.kind !== "overlay") throw new TypeError("no overlay");
  return profile;
}

const COMMON = {
  schema: "contrechamp/authorisation@1",
  title: both("Exemple"),
  issuingAuthority: { name: "Préfecture Exemple", type: "prefet", territory: "00000" },
  legalBasis: [{ instrumentId: "example-law", article: "article 1", profileId: "example-regime" }],
  controller: { name: "Service Exemple", service: "exemple", contact: "contact@example.org" },
  purpose: both("Exemple."),
  grounds: both("Exemple."),
  cameras: [CAMERA, "south-gate"],
  publicationUrl: "https://example.org/actes",
  documentSha256: "d".repeat(64),
  dataLocation: ["FR"],
  appeal: { court: "Tribunal Exemple", deadline: "deux mois", howTo: both("Exemple.") },
  status: "active",
} as const;

function history(at: string): object[] {
  return [
    { status: "published", at, by: "Préfecture Exemple", reason: "Exemple" },
    { status: "active", at, by: "Préfecture Exemple", reason: "Exemple" },
  ];
}

export const FILMING = authorisationSchema.parse({
  ...COMMON,
  id: "urn:example:filming",
  kind: "camera_authorisation",
  reference: "Arrêté exemple 2022-1",
  validFrom: "2022-01-01T00:00:00+01:00",
  validUntil: "2027-01-01T00:00:00+01:00",
  decidedAt: "2021-12-01T00:00:00+01:00",
  publishedAt: "2021-12-02T00:00:00+01:00",
  statusHistory: history("2021-12-03T00:00:00+01:00"),
});

/** A square of a tenth of a degree, with a hole in its north-east. */
export const PERIMETER = {
  type: "Polygon" as const,
  coordinates: [
    [
      [2.3, 48.8],
      [2.4, 48.8],
      [2.4, 48.9],
      [2.3, 48.9],
      [2.3, 48.8],
    ],
    [
      [2.38, 48.88],
      [2.39, 48.88],
      [2.39, 48.89],
      [2.38, 48.89],
      [2.38, 48.88],
    ],
  ] as [number, number][][],
};

export const ZONE: [number, number][] = [
  [100, 100],
  [500, 100],
  [500, 400],
  [100, 400],
];

export const ANALYSING: AnalyticAuthorisation = analytic({
  ...COMMON,
  id: "urn:example:analysing",
  kind: "analytic_authorisation",
  reference: "Arrêté exemple 2024-7",
  perimeter: PERIMETER,
  validFrom: "2024-07-15T00:00:00+02:00",
  validUntil: "2024-08-10T00:00:00+02:00",
  decidedAt: "2024-07-01T00:00:00+02:00",
  publishedAt: "2024-07-02T00:00:00+02:00",
  statusHistory: history("2024-07-03T00:00:00+02:00"),
  eventGathering: null,
  conditions: [
    {
      id: "trained-operators",
      text: both("Exemple."),
      attestedBy: "Personne Exemple",
      attestedAt: "2024-07-26T12:00:00+02:00",
      validFor: "PT24H",
    },
  ],
  events: ["crowd_density", "zone_intrusion"],
  analytics: (["crowd_density", "zone_intrusion"] as const).map((event) => ({
    analyticId: analyticId(event),
    modelSha256: MODEL,
    benchCertificateId: `urn:example:certificate:${event}`,
  })),
  zones: [
    { cameraId: CAMERA, event: "crowd_density", polygon: ZONE, nature: "counting", justification: "Exemple" },
    {
      cameraId: CAMERA,
      event: "zone_intrusion",
      polygon: ZONE,
      nature: "forbidden",
      justification: "Exemple",
    },
  ],
  dailyWindows: [{ from: "08:00", until: "02:00" }],
  maxDuration: "P1M",
  publicInformation: { means: ["panneau"], noticeUrl: "https://example.org/avis", exempted: false },
  operators: { designationAct: "Exemple", count: 2, trainingSyllabusSha256: "e".repeat(64) },
  retention: { clips: "P7D", accessLogs: "P6M", aggregates: "P1Y" },
  dpia: null,
  conformityAttestation: null,
});

function analytic(data: object): AnalyticAuthorisation {
  const document = authorisationSchema.parse(data);
  if (document.kind !== "analytic_authorisation") throw new TypeError("no analytic authorisation");
  return document;
}

export const CERTIFICATES: readonly Certificate[] = (["crowd_density", "zone_intrusion"] as const).map(
  (event) =>
    certificateSchema.parse({
      schema: "contrechamp/certificate@1",
      id: `urn:example:certificate:${event}`,
      analyticId: analyticId(event),
      event,
      modelSha256: MODEL,
      engineVersion: "0.0.0-example",
      suite: { name: "exemple", sha256: "f".repeat(64) },
      issuedAt: "2024-01-01T00:00:00Z",
      validUntil: "2025-01-01T00:00:00Z",
      thresholds: { recall: 0.8, precision: 0.5, falseAlarmsPerHour: 0.2 },
      results: {
        references: 59,
        hits: 58,
        falseAlarms: 4,
        exposureHours: 100,
        recallInterval: [0.9, 0.99],
        precisionInterval: [0.8, 0.99],
        falseAlarmsPerHourInterval: [0.01, 0.1],
      },
      passed: true,
      conditions: both("Exemple."),
      issuer: "Banc d'essai exemple",
      signature: null,
    }),
);

export const NOTICE: Notice = noticeSchema.parse({
  schema: "contrechamp/notice@1",
  authorisationId: "urn:example:analysing",
  events: ["crowd_density", "zone_intrusion"],
  cameras: [CAMERA],
  text: both("Exemple."),
  noticeUrl: "https://example.org/avis",
  publishedAt: "2024-07-10T00:00:00+02:00",
  signature: null,
});

/** As if all of its signatures had been checked and found valid. */
export function verified<D extends VerifiedAuthorisation["document"]>(
  document: D,
): VerifiedAuthorisation & { document: D } {
  const conditions = document.kind === "analytic_authorisation" ? document.conditions : [];
  return {
    document,
    sha256: "0".repeat(64),
    signatures: {
      decision: "valid",
      publication: "valid",
      decisionHolder: "Préfecture Exemple",
      publicationHolder: "Mairie Exemple",
      conditions: Object.fromEntries(conditions.map(({ id }) => [id, "valid" as const])),
      history: document.statusHistory.map(() => "valid" as const),
    },
  };
}

export const WORLD: PolicyWorld = {
  profile: { profile: REGIME, sha256: "1".repeat(64) },
  overlays: [{ profile: OVERLAY, sha256: "2".repeat(64) }],
  authorisations: [verified(FILMING), verified(ANALYSING)],
  certificates: CERTIFICATES.map((document) => ({ document, sha256: "3".repeat(64), signature: "valid" })),
  notices: [{ document: NOTICE, sha256: "4".repeat(64), signature: "valid" }],
  cameras: [
    {
      id: CAMERA,
      location: [2.35, 48.85],
      fieldOfView: [
        [2.35, 48.85],
        [2.351, 48.85],
        [2.351, 48.851],
      ],
    },
  ],
  holds: [],
  faults: [],
  newest: null,
};

/** On a Friday evening of an invented event. */
export const QUESTION: GateQuestion = {
  at: Date.parse("2024-07-26T20:00:00+02:00"),
  use: "alert",
  cameraId: CAMERA,
  ruleId: "crowd",
  event: "crowd_density",
  analyticId: analyticId("crowd_density"),
  modelSha256: MODEL,
  footage: "recording",
  recordingSha256: RECORDING,
  place: {
    kind: "zone",
    points: [
      { x: 100, y: 100 },
      { x: 300, y: 100 },
      { x: 300, y: 300 },
    ],
  },
};

/** The authorisations of the world, with the one to analyse changed. */
export function analysing(more: Partial<AnalyticAuthorisation>): Pick<PolicyWorld, "authorisations"> {
  return { authorisations: [verified(FILMING), verified({ ...ANALYSING, ...more })] };
}
