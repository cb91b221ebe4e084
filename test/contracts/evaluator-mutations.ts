import { EVENT_TYPES } from "../../src/event.ts";
import type { AnalyticAuthorisation, Authorisation } from "../../src/policy/authorisation.ts";
import type { Certificate } from "../../src/policy/certificate.ts";
import { HOLD_CAUSES, type Hold } from "../../src/policy/hold.ts";
import type { Notice } from "../../src/policy/notice.ts";
import type { Overlay, Regime } from "../../src/policy/profile.ts";
import { analyticId, FOOTAGE_KINDS, type GateQuestion, USES } from "../../src/policy/question.ts";
import type { SignatureState } from "../../src/policy/signature.ts";
import type { CameraSite, PolicyWorld, VerifiedAuthorisation } from "../../src/policy/world.ts";
import { formatUtc } from "../../src/time/clock.ts";
import {
  ANALYSING,
  CAMERA,
  FILMING,
  MODEL,
  OTHER_MODEL,
  overlay,
  PERIMETER,
  RECORDING,
  verified,
  ZONE,
} from "./evaluator-worlds.ts";

/** Small changes to a world and a question, of which random ones are made. Each draws what it needs from `pick`. */

/** One of a list, as the generator wants it. */
export type Draw = <T>(list: readonly T[]) => T;
export type WorldChange = (world: PolicyWorld, pick: Draw) => PolicyWorld;
export type QuestionChange = (question: GateQuestion, pick: Draw) => GateQuestion;

const STATES: readonly SignatureState[] = ["missing", "unknown_key", "wrong_key", "broken", "valid"];
const MINUTE = 60_000;

/**
 * Where the clocks of the world strike, and the changes of the clocks in Europe/Paris; a question that is asked a
 * little before and after finds out who counts an end in.
 */
export const STRIKES: readonly number[] = [
  "2023-05-21T00:00:00+02:00",
  "2023-08-31T00:00:00+02:00",
  "2023-10-29T02:30:00+02:00",
  "2024-03-31T03:00:00+02:00",
  "2024-07-15T00:00:00+02:00",
  "2024-07-26T02:00:00+02:00",
  "2024-07-26T08:00:00+02:00",
  "2024-07-26T12:00:00+02:00",
  "2024-07-27T00:00:00+02:00",
  "2024-07-27T02:00:00+02:00",
  "2024-07-27T08:00:00+02:00",
  "2024-07-27T12:00:00+02:00",
  "2024-07-28T12:00:00+02:00",
  "2024-08-01T00:00:00+02:00",
  "2024-08-06T00:00:00+02:00",
  "2024-08-10T00:00:00+02:00",
  "2024-10-27T02:30:00+02:00",
  "2024-10-27T02:30:00+01:00",
  "2025-04-01T00:00:00+02:00",
  "2026-03-21T00:00:00+01:00",
].map((text) => Date.parse(text));

/** Close to the question's own instant, so that a change of a document's clock meets it. */
const NEAR = [-90, -60, -1, 0, 1, 30, 60, 600].map(
  (minutes) => Date.parse("2024-07-26T20:00:00+02:00") + minutes * MINUTE,
);
const LATER_AND_EARLIER = ["2022-06-01T00:00:00Z", "2023-12-01T00:00:00Z", "2025-06-01T00:00:00Z"];
const instant = (pick: Draw) =>
  pick([...NEAR.map(formatUtc), ...LATER_AND_EARLIER, ...STRIKES.map(formatUtc)]);

export const QUESTION_CHANGES: readonly QuestionChange[] = [
  (question, pick) => ({ ...question, at: pick(STRIKES) + pick([-1000, -1, 0, 1, 1000]) }),
  (question, pick) => ({ ...question, at: pick(NEAR) + pick([-1000, -1, 0, 0.5, 1, 1000]) }),
  (question, pick) => ({ ...question, use: pick(USES) }),
  (question, pick) => ({ ...question, footage: pick(FOOTAGE_KINDS) }),
  (question, pick) => ({ ...question, footage: "live", recordingSha256: pick([null, RECORDING]) }),
  (question, pick) => ({ ...question, recordingSha256: pick([null, RECORDING, OTHER_MODEL]) }),
  (question, pick) => ({ ...question, cameraId: pick([CAMERA, "south-gate", "another", "north-gate "]) }),
  (question, pick) => ({ ...question, modelSha256: pick([MODEL, OTHER_MODEL]) }),
  (question, pick) => ({ ...question, event: pick([...EVENT_TYPES, "loitering", ""]) }),
  (question, pick) => {
    const event = pick(EVENT_TYPES);
    return { ...question, event, analyticId: analyticId(event) };
  },
  (question) => ({ ...question, event: "zone_intrusion", analyticId: analyticId("zone_intrusion") }),
  (question, pick) => ({ ...question, event: pick(["zone_intrusion", "crowd_density"]) }),
  (question, pick) => ({ ...question, analyticId: analyticId(pick(["zone_intrusion", "crowd_density"])) }),
  (question) => ({ ...question, place: { kind: "view", points: [] } }),
  (question, pick) => ({
    ...question,
    place: {
      kind: pick(["zone", "line"]),
      points: [0, 1, 2].map(() => ({
        x: pick([98, 99, 100, 300, 501, 502]),
        y: pick([99, 200, 400.5, 402]),
      })),
    },
  }),
];

/** Changes of where cameras stand, and of the newest instant: no policy is made of these. */
export const SITE_CHANGES: readonly WorldChange[] = [
  (world, pick) => sites(world, (site) => ({ ...site, location: pick([null, [2.35, 48.85], [2.3, 48.8]]) })),
  (world, pick) =>
    sites(world, (site) => ({
      ...site,
      location: pick([
        [2.385, 48.885],
        [2.41, 48.85],
      ]),
    })),
  (world, pick) =>
    sites(world, (site) => ({ ...site, fieldOfView: pick([null, around(2.385, 48.885, 0.01)]) })),
  (world, pick) => sites(world, (site) => ({ ...site, fieldOfView: around(pick([2.3, 2.35]), 48.85, 0.01) })),
  (world, pick) => ({ ...world, cameras: pick([[], [...world.cameras, ...world.cameras]]) }),
  (world, pick) => ({ ...world, newest: pick(NEAR) + pick([0, 1, 2000, 2001]) }),
];

function around(x: number, y: number, half: number): readonly (readonly [number, number])[] {
  return [
    [x - half, y - half],
    [x + half, y - half],
    [x + half, y + half],
    [x - half, y + half],
  ];
}

export const WORLD_CHANGES: readonly WorldChange[] = [
  // what somebody else put there
  (world, pick) => ({ ...world, holds: [...world.holds, hold(pick)] }),
  (world, pick) => ({ ...world, holds: [...world.holds, hold(pick)] }),
  (world) => ({ ...world, faults: [{ file: "a.yml", code: "EXAMPLE", message: "example" }] }),
  (world, pick) => ({ ...world, overlays: pick([[], [...world.overlays, ban("2024-07-26")]]) }),
  (world) => ({ ...world, profile: null }),
  // the law
  ...(["cameraAuthorisation", "certificate", "notice", "perimeter", "declaredZones"] as const).map(
    (name): WorldChange =>
      (world, pick) =>
        regime(world, (profile) => ({ requires: { ...profile.requires, [name]: pick([false, true]) } })),
  ),
  (world, pick) =>
    regime(world, ({ requires }) => ({
      requires: {
        ...requires,
        cameraAuthorisation: pick([false, true]),
        certificate: false,
        notice: pick([false, true]),
        perimeter: false,
        declaredZones: false,
      },
    })),
  (world) => regime(world, (profile) => ({ requires: { ...profile.requires, listedRecordings: true } })),
  (world) => regime(world, (profile) => ({ requires: { ...profile.requires, separateKeys: false } })),
  (world, pick) =>
    regime(world, () => ({ footage: pick([["live"], ["recording"], ["rendered", "recording"]]) })),
  (world, pick) => regime(world, () => ({ timeZone: pick(["UTC", "America/New_York", "Asia/Kolkata"]) })),
  (world, pick) =>
    regime(world, ({ limits }) => ({
      limits: {
        maxDuration: pick(["P1M", "P25D", "P26D", "P1Y"]),
        maxRetention: pick(["P1M", "P6D", "P7D"]),
        attestationValidFor: pick([limits.attestationValidFor, "PT8H", "PT1H", "P999999Y"]),
      },
    })),
  (world, pick) =>
    regime(world, ({ instruments }) => ({
      instruments: instruments.map((instrument) => ({
        ...instrument,
        status: pick(["in_force", "in_force", "expired", "annulled", "never_took_effect"]),
        inForce: pick([instrument.inForce, { from: "2024-01-01", until: "2024-07-26" }]),
      })),
    })),
  (world, pick) =>
    changeRule(world, pick, () => ({ verification: pick(["verified", "secondary", "unverified"]) })),
  (world, pick) =>
    regime(world, ({ rules }) => ({
      rules: rules.flatMap((rule) => {
        const interval = {
          from: pick([null, "2024-07-26"]),
          until: pick([null, "2024-07-26", "2024-07-25"]),
        };
        return rule.effect === "forbid" ? [rule, { ...rule, id: `${rule.id}-again`, interval }] : [rule];
      }),
    })),
  (world, pick) => changeRule(world, pick, () => ({ effect: pick(["permit", "forbid"]) })),
  (world, pick) =>
    changeRule(world, pick, () => ({
      interval: {
        from: pick([null, "2024-07-26", "2024-07-27"]),
        until: pick([null, "2024-07-25", "2024-07-26"]),
      },
    })),
  (world, pick) =>
    changeRule(world, pick, () => ({ events: pick(["all", ["crowd_density"], ["fire", "weapon"]]) })),
  (world, pick) => changeRule(world, pick, () => ({ footage: [pick(FOOTAGE_KINDS)], uses: [pick(USES)] })),
  // both kinds of authorisation
  (world, pick) => ({ ...world, authorisations: world.authorisations.filter(() => pick([true, false])) }),
  (world) => ({ ...world, authorisations: world.authorisations.toReversed() }),
  (world, pick) => signatures(world, pick, () => ({ decision: pick(STATES) })),
  (world, pick) => signatures(world, pick, () => ({ publication: pick(STATES) })),
  (world, pick) =>
    signatures(world, pick, () => ({
      publicationHolder: pick([null, "Préfecture Exemple", "Mairie Exemple"]),
    })),
  (world, pick) => signatures(world, pick, ({ history }) => ({ history: history.map(() => pick(STATES)) })),
  (world, pick) => documents(world, pick, () => ({ validFrom: instant(pick) })),
  (world, pick) => documents(world, pick, () => ({ validUntil: instant(pick) })),
  (world, pick) => documents(world, pick, () => ({ publishedAt: pick([null, instant(pick)]) })),
  (world, pick) => documents(world, pick, () => ({ publicationUrl: null })),
  (world, pick) =>
    documents(world, pick, () => ({ cameras: pick([[CAMERA], ["south-gate"], [`${CAMERA}"`]]) })),
  (world, pick) => addStatus(world, pick),
  (world, pick) => addStatus(addStatus(world, pick), pick),
  // the authorisation to analyse
  (world) => ({ ...world, authorisations: [...world.authorisations, verified(second({}))] }),
  (world, pick) => ({
    ...world,
    authorisations: [...world.authorisations, verified(second({ cameras: [pick([CAMERA, "another"])] }))],
  }),
  (world, pick) => analytics(world, () => ({ use: pick(USES) })),
  (world, pick) => analytics(world, () => ({ events: [pick(EVENT_TYPES), pick(EVENT_TYPES)] })),
  (world, pick) =>
    analytics(world, ({ analytics: listed }) => ({
      analytics: listed.map((analytic) => ({
        ...analytic,
        modelSha256: pick([MODEL, OTHER_MODEL]),
        benchCertificateId: pick([null, analytic.benchCertificateId, analytic.benchCertificateId, "urn:no"]),
      })),
    })),
  (world, pick) => analytics(world, () => ({ recordings: pick([[], [{ name: "a", sha256: RECORDING }]]) })),
  (world, pick) =>
    analytics(world, () => ({ maxDuration: pick(["P1M", "P25D", "P26D", "P9999Y", "P999999Y"]) })),
  (world, pick) =>
    analytics(world, ({ retention }) => ({
      retention: { ...retention, clips: pick(["P1M", "P31D", "P32D"]) },
    })),
  (world, pick) =>
    analytics(world, ({ legalBasis }) => ({
      legalBasis: legalBasis.map((basis) => ({
        ...basis,
        profileId: pick(["another-regime", "example-regime"]),
      })),
    })),
  (world, pick) => analytics(world, () => ({ perimeter: pick([null, PERIMETER, TWO_SQUARES]) })),
  (world, pick) =>
    analytics(world, ({ zones }) => ({
      zones: pick([
        [],
        zones.map((zone) => ({ ...zone, nature: pick(["forbidden", "sensitive", "counting"]) })),
      ]),
    })),
  (world, pick) =>
    analytics(world, ({ zones }) => ({
      zones: zones.map((zone) => ({
        ...zone,
        cameraId: pick([CAMERA, "south-gate"]),
        polygon: pick([ZONE, NOTCHED]),
      })),
    })),
  (world, pick) => analytics(world, () => ({ dailyWindows: [dailyWindow(pick)] })),
  (world, pick) => analytics(world, () => ({ dailyWindows: [dailyWindow(pick), dailyWindow(pick)] })),
  (world, pick) =>
    analytics(world, ({ conditions }) => ({
      conditions: conditions.map((condition) => ({
        ...condition,
        attestedAt: pick([null, instant(pick), instant(pick)]),
        validFor: pick(["PT24H", "PT8H", "P1D", "P1M"]),
      })),
    })),
  (world, pick) =>
    signatures(world, pick, ({ conditions }) => ({
      conditions: Object.fromEntries(
        Object.keys(conditions).flatMap((id) => (pick([true, false]) ? [[id, pick(STATES)]] : [])),
      ),
    })),
  (world, pick) =>
    analytics(world, ({ publicInformation }) => ({
      publicInformation: {
        ...publicInformation,
        exempted: pick([true, false]),
        exemptionGrounds: pick([null, { fr: "Exemple", en: "Example" }]),
      },
    })),
  // what must stand beside it
  (world, pick) => certificates(world, (): Partial<Certificate> => ({ passed: pick([true, false]) })),
  (world, pick) => certificates(world, () => ({ modelSha256: pick([MODEL, OTHER_MODEL]) })),
  (world, pick) => certificates(world, () => ({ event: pick(EVENT_TYPES) })),
  (world, pick) => certificates(world, () => ({ analyticId: analyticId(pick(EVENT_TYPES)) })),
  (world, pick) => certificates(world, () => ({ issuedAt: instant(pick), validUntil: instant(pick) })),
  (world, pick) =>
    certificates(world, ({ thresholds }) => ({
      thresholds: {
        ...thresholds,
        recall: pick([0.8, 0.9, 0.9000001, 0.900001, 0.95]),
        falseAlarmsPerHour: pick([null, 0.1, 0.0999, 0]),
      },
    })),
  (world, pick) =>
    certificates(world, ({ results }) => ({
      results: { ...results, precisionInterval: [pick([0, 0.4999999, 0.5, 0.7]), 1] },
    })),
  (world, pick) => ({
    ...world,
    certificates: world.certificates.flatMap((found) =>
      pick([[], [found], [{ ...found, signature: pick(STATES) }, found]]),
    ),
  }),
  (world, pick) => notices(world, (): Partial<Notice> => ({ publishedAt: instant(pick) })),
  (world, pick) => notices(world, () => ({ withdrawnAt: pick([null, instant(pick)]) })),
  (world, pick) =>
    notices(world, () => ({ events: [pick(EVENT_TYPES)], cameras: [pick([CAMERA, "another"])] })),
  (world, pick) => notices(world, () => ({ authorisationId: pick([ANALYSING.id, FILMING.id]) })),
  (world, pick) => ({
    ...world,
    notices: world.notices.flatMap((found) => pick([[], [found], [{ ...found, signature: pick(STATES) }]])),
  }),
];

const TWO_SQUARES = {
  type: "MultiPolygon" as const,
  coordinates: [PERIMETER.coordinates.slice(0, 1), PERIMETER.coordinates.slice(1)],
};
/** The zone with a notch that cuts through its middle. */
const NOTCHED: [number, number][] = [
  [100, 100],
  [195, 100],
  [200, 390],
  [205, 100],
  [500, 100],
  [500, 400],
  [100, 400],
];

/** One hold, as the stop switch or the engine makes it. */
function hold(pick: Draw): Hold {
  return {
    id: pick(["8d8ac610-566d-4ef0-9c22-186b2a5ed793", "f81d4fae-7dec-4d0e-a765-00a0c91e6bf6"]),
    scope: pick<Hold["scope"]>([
      { kind: "everything" },
      { kind: "site" },
      { kind: "camera", cameraId: CAMERA },
      { kind: "camera", cameraId: "another" },
      { kind: "camera", cameraId: 'another" || true //' },
    ]),
    cause: pick(HOLD_CAUSES),
    at: "2024-07-26T10:00:00Z",
    by: "Personne Exemple",
    reason: "Exemple",
    released: pick([null, { at: "2024-07-26T11:00:00Z", by: "Personne Exemple", reason: "Exemple" }]),
  };
}

/** An overlay that forbids on one day. */
export function ban(day: string): { profile: Overlay; sha256: string } {
  return { profile: overlay("another-ban", { from: day, until: day }), sha256: "5".repeat(64) };
}

function dailyWindow(pick: Draw): AnalyticAuthorisation["dailyWindows"][number] {
  const time = ["00:00", "02:00", "02:30", "03:00", "08:00", "19:30", "20:00", "20:01", "22:00"];
  return {
    from: pick([...time, "24:00"]),
    until: pick([...time, "24:00"]),
    days: pick([null, null, ["fri"], ["thu"], ["sun", "mon"], ["wed", "sat"]]),
  };
}

function second(more: Partial<AnalyticAuthorisation>): AnalyticAuthorisation {
  return { ...ANALYSING, id: "urn:example:second", ...more };
}

function addStatus(world: PolicyWorld, pick: Draw): PolicyWorld {
  return authorisations(world, pick, (found) => {
    const entry = {
      status: pick([
        "suspended",
        "active",
        "published",
        "draft",
        "withdrawn",
        "annulled",
        "renewed",
      ] as const),
      at: instant(pick),
      by: "Préfecture Exemple",
      reason: "Exemple",
      instrumentId: null,
      annulmentGround: null,
      signature: null,
    };
    const place = pick([0, found.document.statusHistory.length]);
    return {
      ...found,
      document: { ...found.document, statusHistory: found.document.statusHistory.toSpliced(place, 0, entry) },
      signatures: {
        ...found.signatures,
        history: found.signatures.history.toSpliced(place, 0, pick(["valid", "valid", "missing"])),
      },
    };
  });
}

function sites(world: PolicyWorld, change: (site: CameraSite) => CameraSite): PolicyWorld {
  return { ...world, cameras: world.cameras.map(change) };
}

function regime(world: PolicyWorld, change: (profile: Regime) => Partial<Regime>): PolicyWorld {
  if (world.profile === null) return world;
  const { profile } = world.profile;
  return { ...world, profile: { ...world.profile, profile: { ...profile, ...change(profile) } } };
}

type Rule = Regime["rules"][number];

function changeRule(world: PolicyWorld, pick: Draw, change: (rule: Rule) => Partial<Rule>): PolicyWorld {
  return regime(world, ({ rules }) => {
    const chosen = pick([...rules.keys(), 0, 1, 1]);
    return { rules: rules.map((rule, index) => (index === chosen ? { ...rule, ...change(rule) } : rule)) };
  });
}

function authorisations(
  world: PolicyWorld,
  pick: Draw,
  change: (found: VerifiedAuthorisation) => VerifiedAuthorisation,
): PolicyWorld {
  const kind = pick(["analytic_authorisation", "analytic_authorisation", "camera_authorisation"] as const);
  return {
    ...world,
    authorisations: world.authorisations.map((found) =>
      found.document.kind === kind ? change(found) : found,
    ),
  };
}

type Signatures = VerifiedAuthorisation["signatures"];

function signatures(
  world: PolicyWorld,
  pick: Draw,
  change: (found: Signatures) => Partial<Signatures>,
): PolicyWorld {
  return authorisations(world, pick, (found) => ({
    ...found,
    signatures: { ...found.signatures, ...change(found.signatures) },
  }));
}

type Shared = Pick<Authorisation, "validFrom" | "validUntil" | "publishedAt" | "publicationUrl" | "cameras">;

function documents(world: PolicyWorld, pick: Draw, change: () => Partial<Shared>): PolicyWorld {
  return authorisations(world, pick, (found) => ({ ...found, document: { ...found.document, ...change() } }));
}

function analytics(
  world: PolicyWorld,
  change: (document: AnalyticAuthorisation) => Partial<AnalyticAuthorisation>,
): PolicyWorld {
  return {
    ...world,
    authorisations: world.authorisations.map((found) =>
      found.document.kind === "analytic_authorisation"
        ? { ...found, document: { ...found.document, ...change(found.document) } }
        : found,
    ),
  };
}

function certificates(
  world: PolicyWorld,
  change: (document: Certificate) => Partial<Certificate>,
): PolicyWorld {
  return {
    ...world,
    certificates: world.certificates.map((found) => ({
      ...found,
      document: { ...found.document, ...change(found.document) },
    })),
  };
}

function notices(world: PolicyWorld, change: (document: Notice) => Partial<Notice>): PolicyWorld {
  return {
    ...world,
    notices: world.notices.map((found) => ({
      ...found,
      document: { ...found.document, ...change(found.document) },
    })),
  };
}
