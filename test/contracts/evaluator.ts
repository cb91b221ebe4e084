import { expect, it } from "vitest";
import type { AnalyticAuthorisation } from "../../src/policy/authorisation.ts";
import type { Certificate } from "../../src/policy/certificate.ts";
import type { Hold } from "../../src/policy/hold.ts";
import type { Regime } from "../../src/policy/profile.ts";
import { analyticId, type GateQuestion } from "../../src/policy/question.ts";
import type { ReasonCode } from "../../src/policy/reasons.ts";
import type { PolicyWorld, VerifiedAuthorisation } from "../../src/policy/world.ts";
import { ban } from "./evaluator-mutations.ts";
import {
  ANALYSING,
  analysing,
  CAMERA,
  OTHER_MODEL,
  QUESTION,
  RECORDING,
  verified,
  WORLD,
} from "./evaluator-worlds.ts";

/** What an evaluator says: allowed or not, and why where it says why. */
export interface Verdict {
  readonly allow: boolean;
  readonly codes: readonly ReasonCode[] | null;
}
export type Evaluator = (question: GateQuestion, world: PolicyWorld) => Verdict;

/** One thing taken away from what is permitted, and the one reason that this must give. */
interface Row {
  readonly code: ReasonCode;
  readonly what: string;
  readonly question?: Partial<GateQuestion>;
  readonly world?: Partial<PolicyWorld>;
}

/** What every evaluator of the gate must fulfil. */
export function evaluatorContract(evaluate: Evaluator): void {
  it("permits what is wholly permitted", () => {
    expect(evaluate(QUESTION, WORLD)).toMatchObject({ allow: true });
  });

  it.each(DENIALS)("denies with $code alone: $what", ({ code, question, world }) => {
    const verdict = evaluate({ ...QUESTION, ...question }, { ...WORLD, ...world });
    expect(verdict.allow).toBe(false);
    if (verdict.codes !== null) expect(verdict.codes).toEqual([code]);
  });

  it.each(STILL)("still permits: $what", ({ question, world }) => {
    expect(evaluate({ ...QUESTION, ...question }, { ...WORLD, ...world })).toMatchObject({ allow: true });
  });

  it("takes the one authorisation that permits among several that do not", () => {
    const others = [
      { use: "shadow" },
      { events: ["fire"] },
      { validUntil: "2024-07-20T00:00:00+02:00" },
    ] as const;
    const documents = others.map((more) =>
      verified({
        ...ANALYSING,
        ...more,
        id: `urn:example:${Object.keys(more).join()}`,
      } as AnalyticAuthorisation),
    );
    for (const list of [
      [...documents, ...WORLD.authorisations],
      [...WORLD.authorisations, ...documents],
    ]) {
      expect(evaluate(QUESTION, { ...WORLD, authorisations: list })).toMatchObject({ allow: true });
    }
    const [filming] = WORLD.authorisations;
    expect(
      evaluate(QUESTION, { ...WORLD, authorisations: filming ? [filming, ...documents] : [] }).allow,
    ).toBe(false);
  });
}

/** Over before the question, and never over. */
const FOR_A_DAY = { from: "2023-09-01", until: "2023-09-01" };
const OPEN = { from: null, until: null };

/** The rows, for a test that shows that each reason has one. */
export const DENIALS: readonly Row[] = [
  { code: "question_unreadable", what: "an instant that is none", question: { at: Number.NaN } },
  { code: "question_unreadable", what: "an instant beyond all", question: { at: 8.64e15 } },
  {
    code: "question_unreadable",
    what: "a place without an extent",
    question: { place: { kind: "zone", points: [{ x: 1, y: 1 }] } },
  },
  {
    code: "question_unreadable",
    what: "a place without coordinates",
    question: {
      place: {
        kind: "line",
        points: [
          { x: 1, y: 1 },
          { x: Number.NaN, y: 2 },
        ],
      },
    },
  },
  {
    code: "documents_unreadable",
    what: "one file that cannot be read",
    world: { faults: [{ file: "a.yml", code: "EXAMPLE", message: "example" }] },
  },
  ...(
    [
      ["stop_switch", "stopped"],
      ["clock_set_back", "clock_set_back"],
      ["view_moved", "view_moved"],
      ["model_changed", "model_changed"],
      ["configuration_changed", "configuration_changed"],
      ["condition_lapsed", "condition_lapse_held"],
      ["incident", "incident_held"],
    ] as const
  ).map(([cause, code]) => ({ code, what: `held: ${cause}`, world: { holds: [held(cause)] } })),
  {
    code: "clock_set_back",
    what: "a stream before what the journal knows",
    question: { footage: "live" },
    world: { newest: QUESTION.at + 2001 },
  },
  { code: "no_profile", what: "no profile", world: { profile: null } },
  { code: "footage_not_permitted", what: "another kind of pictures", world: regime({ footage: ["live"] }) },
  { code: "use_not_permitted", what: "authorised to count only", world: analysing({ use: "shadow" }) },
  { code: "overlay_forbids", what: "a ban of that day", world: { overlays: [ban("2024-07-26")] } },
  { code: "no_legal_basis", what: "no rule for that day", world: rules(1, { interval: FOR_A_DAY }) },
  { code: "decree_missing", what: "the day on which the law waited", world: rules(0, { interval: OPEN }) },
  { code: "expired", what: "the gap", world: rules(2, { interval: OPEN }) },
  {
    code: "annulled",
    what: "an instrument that was annulled",
    world: rules(1, { instrument: "struck-down" }),
  },
  {
    code: "unverified_basis",
    what: "a rule nobody compared",
    world: rules(1, { verification: "secondary" }),
  },
  { code: "no_camera_authorisation", what: "none to film", world: only("analytic_authorisation") },
  { code: "no_analytic_authorisation", what: "none to analyse", world: only("camera_authorisation") },
  {
    code: "no_analytic_authorisation",
    what: "another camera",
    world: analysing({ cameras: ["south-gate"] }),
  },
  {
    code: "event_not_authorised",
    what: "another event",
    world: analysing({ events: ["zone_intrusion"] }),
  },
  {
    code: "analytic_not_authorised",
    what: "an analysis that is not listed",
    world: {
      ...regime({ requires: { ...requires(), certificate: false } }),
      ...analysing({ analytics: ANALYSING.analytics.slice(1) }),
    },
  },
  {
    code: "model_not_authorised",
    what: "another model",
    question: { modelSha256: OTHER_MODEL },
    world: regime({ requires: { ...requires(), certificate: false } }),
  },
  {
    code: "recording_not_authorised",
    what: "a recording that is not listed",
    world: regime({ requires: { ...requires(), listedRecordings: true } }),
  },
  {
    code: "zone_not_authorised",
    what: "two pixels outside",
    question: {
      place: {
        kind: "line",
        points: [
          { x: 98, y: 200 },
          { x: 300, y: 200 },
        ],
      },
    },
  },
  { code: "zone_not_authorised", what: "the whole view", question: { place: { kind: "view", points: [] } } },
  {
    code: "zone_not_authorised",
    what: "an intrusion into a counting zone",
    question: { event: "zone_intrusion", analyticId: analyticId("zone_intrusion") },
    world: analysing({ zones: ANALYSING.zones.map((zone) => ({ ...zone, nature: "counting" })) }),
  },
  { code: "outside_perimeter", what: "no perimeter was decided", world: analysing({ perimeter: null }) },
  {
    code: "outside_perimeter",
    what: "a view that leaves it",
    world: { cameras: [site([2.35, 48.85], 2.41)] },
  },
  { code: "location_unknown", what: "a camera without a location", world: { cameras: [site(null, 2.351)] } },
  { code: "location_unknown", what: "a camera that is not there", world: { cameras: [] } },
  {
    code: "other_profile",
    what: "given under another law",
    world: analysing({ legalBasis: [{ instrumentId: "example-law", article: "1", profileId: "another" }] }),
  },
  { code: "decision_unsigned", what: "a broken signature", world: signed({ decision: "broken" }) },
  { code: "publication_unsigned", what: "no signature", world: signed({ publication: "missing" }) },
  {
    code: "publication_unsigned",
    what: "one holder for both keys",
    world: signed({ publicationHolder: "Préfecture Exemple" }),
  },
  { code: "not_published", what: "not published", world: analysing({ publishedAt: null }) },
  { code: "not_published", what: "published a second later", world: analysing({ publishedAt: later(1) }) },
  { code: "not_active", what: "published only", world: analysing(status("published")) },
  {
    code: "not_active",
    what: "put into force by nobody",
    world: signed({ history: ["missing", "missing"] }),
  },
  { code: "suspended", what: "suspended, by anybody", world: analysing(status("suspended")) },
  { code: "ended", what: "withdrawn", world: analysing(status("withdrawn")) },
  { code: "duration_too_long", what: "its own limit", world: analysing({ maxDuration: "P25D" }) },
  {
    code: "duration_too_long",
    what: "the limit of the law",
    world: analysing({ validUntil: "2024-08-15T00:00:01+02:00", maxDuration: "P1Y" }),
  },
  {
    code: "retention_too_long",
    what: "a day more than a month",
    world: analysing({ retention: { ...ANALYSING.retention, clips: "P32D" } }),
  },
  { code: "not_yet_valid", what: "from the next second on", world: analysing({ validFrom: later(1) }) },
  { code: "authorisation_expired", what: "until this second", world: analysing({ validUntil: later(0) }) },
  {
    code: "outside_daily_window",
    what: "until this minute",
    world: analysing({ dailyWindows: [{ from: "08:00", until: "20:00", days: null }] }),
  },
  {
    code: "outside_daily_window",
    what: "on other days",
    world: analysing({ dailyWindows: [{ from: "08:00", until: "02:00", days: ["sat", "thu"] }] }),
  },
  { code: "condition_not_attested", what: "attested by nobody", world: attested(null) },
  { code: "condition_not_attested", what: "signed by nobody", world: signed({ conditions: {} }) },
  { code: "condition_lapsed", what: "attested a day ago", world: attested(later(-24 * 3600)) },
  { code: "no_certificate", what: "no certificate", world: { certificates: [] } },
  {
    code: "no_certificate",
    what: "one that nobody signed",
    world: { certificates: WORLD.certificates.map((found) => ({ ...found, signature: "unknown_key" })) },
  },
  { code: "certificate_other_model", what: "another model", world: certified({ modelSha256: OTHER_MODEL }) },
  { code: "certificate_expired", what: "until this second", world: certified({ validUntil: later(0) }) },
  { code: "certificate_expired", what: "issued afterwards", world: certified({ issuedAt: later(1) }) },
  { code: "certificate_failed", what: "not passed", world: certified({ passed: false }) },
  {
    code: "certificate_failed",
    what: "passed, it says",
    world: certified({ thresholds: { recall: 0.91, precision: 0.5, falseAlarmsPerHour: 0.2 } }),
  },
  {
    code: "certificate_failed",
    what: "too many false alarms",
    world: certified({ thresholds: { recall: 0.8, precision: 0.5, falseAlarmsPerHour: 0.09 } }),
  },
  { code: "no_notice", what: "no notice", world: { notices: [] } },
  { code: "no_notice", what: "published a second later", world: noticed({ publishedAt: later(1) }) },
  { code: "no_notice", what: "withdrawn at this second", world: noticed({ withdrawnAt: later(0) }) },
  { code: "no_notice", what: "of another camera", world: noticed({ cameras: ["south-gate"] }) },
];

const STILL: readonly Omit<Row, "code">[] = [
  { what: "a pixel outside the zone", question: line(99) },
  {
    what: "a hold of another camera",
    world: { holds: [{ ...held("incident"), scope: { kind: "camera", cameraId: "a" } }] },
  },
  {
    what: "a hold that a person released",
    world: { holds: [{ ...held("stop_switch"), released: release() }] },
  },
  { what: "a ban of another day", world: { overlays: [ban("2024-07-25"), ban("2024-07-27")] } },
  {
    what: "a clock two seconds behind",
    question: { footage: "live" },
    world: { newest: QUESTION.at + 2000 },
  },
  { what: "a recording from before the newest instant", world: { newest: QUESTION.at + 1e9 } },
  { what: "valid from this second", world: analysing({ validFrom: later(0), publishedAt: later(0) }) },
  { what: "valid until the next second", world: analysing({ validUntil: later(1) }) },
  { what: "exactly a month", world: analysing({ validUntil: "2024-08-15T00:00:00+02:00" }) },
  {
    what: "an exemption with its grounds instead of a notice",
    world: {
      notices: [],
      ...analysing({
        publicInformation: {
          ...ANALYSING.publicInformation,
          exempted: true,
          exemptionGrounds: { fr: "Exemple", en: "Example" },
        },
      }),
    },
  },
  {
    what: "a listed recording, whatever the camera is called",
    world: {
      ...regime({ requires: { ...requires(), listedRecordings: true } }),
      ...analysing({ cameras: ["another"], recordings: [{ name: "exemple", sha256: RECORDING }] }),
    },
  },
  {
    what: "the whole view, where no zone of that event was declared",
    question: { place: { kind: "view", points: [] } },
    world: analysing({ zones: ANALYSING.zones.slice(1) }),
  },
  { what: "a suspension that is still to come", world: analysing(status("suspended", later(1))) },
];

function line(x: number): Partial<GateQuestion> {
  return {
    place: {
      kind: "line",
      points: [
        { x, y: 200 },
        { x: 300, y: 200 },
      ],
    },
  };
}

function later(seconds: number): string {
  return new Date(QUESTION.at + seconds * 1000).toISOString();
}

function held(cause: Hold["cause"]): Hold {
  return {
    id: "8d8ac610-566d-4ef0-9c22-186b2a5ed793",
    scope: { kind: "site" },
    cause,
    at: "2024-07-26T10:00:00Z",
    by: "Personne Exemple",
    reason: "Exemple",
    released: null,
  };
}

function release(): NonNullable<Hold["released"]> {
  return { at: "2024-07-26T11:00:00Z", by: "Personne Exemple", reason: "Exemple" };
}

function ofRegime(): Regime {
  if (WORLD.profile === null) throw new TypeError("a world without a profile");
  return WORLD.profile.profile;
}

function requires(): Regime["requires"] {
  return ofRegime().requires;
}

function regime(more: Partial<Regime>): Partial<PolicyWorld> {
  return { profile: { profile: { ...ofRegime(), ...more }, sha256: "7".repeat(64) } };
}

function rules(place: number, more: Partial<Regime["rules"][number]>): Partial<PolicyWorld> {
  return regime({
    rules: ofRegime().rules.map((rule, index) => (index === place ? { ...rule, ...more } : rule)),
  });
}

function only(kind: VerifiedAuthorisation["document"]["kind"]): Partial<PolicyWorld> {
  return { authorisations: WORLD.authorisations.filter(({ document }) => document.kind === kind) };
}

function signed(more: Partial<VerifiedAuthorisation["signatures"]>): Partial<PolicyWorld> {
  return {
    authorisations: WORLD.authorisations.map((found) =>
      found.document.kind === "analytic_authorisation"
        ? { ...found, signatures: { ...found.signatures, ...more } }
        : found,
    ),
  };
}

/** The history, with one more entry. */
function status(
  to: AnalyticAuthorisation["status"],
  at = later(-60),
): Pick<AnalyticAuthorisation, "statusHistory"> {
  const [first] = ANALYSING.statusHistory;
  if (first === undefined) throw new TypeError("an authorisation without a history");
  return { statusHistory: [...ANALYSING.statusHistory, { ...first, status: to, at }] };
}

function attested(attestedAt: string | null): Partial<PolicyWorld> {
  return analysing({
    conditions: ANALYSING.conditions.map((condition) => ({ ...condition, attestedAt })),
  });
}

function certified(more: Partial<Certificate>): Partial<PolicyWorld> {
  return {
    certificates: WORLD.certificates.map((found) => ({ ...found, document: { ...found.document, ...more } })),
  };
}

function noticed(more: Partial<PolicyWorld["notices"][number]["document"]>): Partial<PolicyWorld> {
  return { notices: WORLD.notices.map((found) => ({ ...found, document: { ...found.document, ...more } })) };
}

function site(location: [number, number] | null, east: number): PolicyWorld["cameras"][number] {
  return {
    id: CAMERA,
    location,
    fieldOfView: [
      [2.35, 48.85],
      [east, 48.85],
      [east, 48.851],
    ],
  };
}
