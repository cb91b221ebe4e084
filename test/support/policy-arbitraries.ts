import fc from "fast-check";
import { EVENT_TYPES, type EventType } from "../../src/event.ts";
import type { AnalyticAuthorisation, CameraAuthorisation } from "../../src/policy/authorisation.ts";
import type { Certificate } from "../../src/policy/certificate.ts";
import { end, resume, suspend } from "../../src/policy/lifecycle.ts";
import type { Notice } from "../../src/policy/notice.ts";
import { analyticId } from "../../src/policy/question.ts";
import { KEY_ROLES, type Trust } from "../../src/policy/signature.ts";
import { formatUtc } from "../../src/time/clock.ts";
import {
  exampleAuthorisation,
  exampleCameraAuthorisation,
  exampleCertificate,
  exampleNotice,
  testKeys,
} from "./policy-fixtures.ts";

/**
 * Random documents for property tests, all sound by themselves and signed by `testKeys()`: an authorisation takes about
 * 2 ms, most of it for its signatures. All fictional.
 */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Cameras, models and ids come from short lists, so that documents meet each other. */
export const CAMERA_IDS = ["exemple-a", "exemple-b", "exemple-c"] as const;
export const MODELS = ["a", "b"].map((digit) => digit.repeat(64));

const cameras = fc.uniqueArray(fc.constantFrom(...CAMERA_IDS), { minLength: 1, maxLength: 3 });
const events = fc.uniqueArray(fc.constantFrom(...EVENT_TYPES), { minLength: 1, maxLength: 3 });
const model = fc.constantFrom(...MODELS);
const id = fc.integer({ min: 1, max: 9999 }).map((number) => `urn:example:document:${number}`);
/** On the hour, from the summer of 2023 to the end of 2025: over both changes of the clock. */
const begin = fc
  .integer({ min: 0, max: 900 * 24 })
  .map((hours) => Date.parse("2023-07-01T00:00Z") + hours * HOUR);
const words = fc.constantFrom("Exemple", "Example d’été", "Œuvre fictive", "Nobody’s", "Пример", "例");
const texts = fc.record({ fr: words, en: words });
const time = fc
  .record({ hour: fc.integer({ min: 0, max: 23 }), minute: fc.constantFrom("00", "30") })
  .map(({ hour, minute }) => `${String(hour).padStart(2, "0")}:${minute}`);
const days = fc.uniqueArray(fc.constantFrom("mon", "tue", "wed", "thu", "fri", "sat", "sun"), {
  minLength: 1,
});
const dailyWindows = fc.array(fc.record({ from: time, until: time, days: fc.option(days) }), {
  maxLength: 2,
});
const perimeter = fc.option(
  fc
    .record({ x: fc.integer({ min: -170, max: 170 }), y: fc.integer({ min: -80, max: 80 }) })
    .map(({ x, y }) => ({
      type: "Polygon" as const,
      coordinates: [
        [
          [x, y],
          [x + 1, y],
          [x + 1, y + 1],
          [x, y],
        ] as [number, number][],
      ],
    })),
);

/** What happens to an authorisation after it was published, twenty hours between each. */
const life = fc.constantFrom<readonly ("suspend" | "suspend unsigned" | "resume" | "withdraw" | "annul")[]>(
  [],
  [],
  ["suspend"],
  ["suspend unsigned", "resume"],
  ["suspend", "resume", "suspend unsigned"],
  ["withdraw"],
  ["suspend", "annul"],
  ["withdraw", "annul"],
);

/** An authorisation to analyse: signed, published, attested, and whatever became of it afterwards. */
export function arbitraryAuthorisation(): fc.Arbitrary<AnalyticAuthorisation> {
  return fc
    .record({ id, begin, events, cameras, model, texts, dailyWindows, perimeter, life, lasts: lasting(28) })
    .chain((drawn) =>
      fc
        .record({
          conditions: fc.uniqueArray(
            fc.record({
              id: fc.constantFrom("meteo", "affluence", "constructor"),
              text: texts,
              validFor: fc.constantFrom("PT1H", "PT24H", "P1M"),
            }),
            { maxLength: 2, selector: (condition) => condition.id },
          ),
          renewalCount: fc.constantFrom(0, 0, 1, 2),
          shadow: fc.boolean(),
          attestedAfter: fc.integer({ min: -24, max: 48 }),
        })
        .map((more) => build({ ...drawn, ...more })),
    );
}

interface Drawn {
  readonly id: string;
  readonly begin: number;
  readonly lasts: number;
  readonly events: EventType[];
  readonly cameras: string[];
  readonly model: string;
  readonly texts: { readonly fr: string; readonly en: string };
  readonly dailyWindows: AnalyticAuthorisation["dailyWindows"];
  readonly perimeter: AnalyticAuthorisation["perimeter"];
  readonly life: typeof life extends fc.Arbitrary<infer L> ? L : never;
  readonly conditions: readonly { id: string; text: { fr: string; en: string }; validFor: string }[];
  readonly renewalCount: number;
  readonly shadow: boolean;
  /** Hours from the beginning to the attestation of the conditions. */
  readonly attestedAfter: number;
}

function build(drawn: Drawn): AnalyticAuthorisation {
  const { events, cameras, texts } = drawn;
  const published = exampleAuthorisation(
    {
      id: drawn.id,
      title: { ...texts },
      grounds: { ...texts },
      use: drawn.shadow ? "shadow" : "alert",
      events,
      cameras,
      perimeter: drawn.perimeter,
      analytics: events.map((event) => ({
        analyticId: analyticId(event),
        modelSha256: drawn.model,
        benchCertificateId: null,
      })),
      zones: events.slice(0, 1).map((event) => ({
        cameraId: cameras[0] ?? "",
        event,
        polygon: [
          [0, 0],
          [100, 0],
          [0, 100],
        ],
        nature: "sensitive",
        justification: texts.fr,
      })),
      conditions: drawn.conditions.map((condition) => ({
        ...condition,
        attestedBy: null,
        attestedAt: null,
        signature: null,
      })),
      dailyWindows: drawn.dailyWindows,
      eventGathering: null,
      renewalOf: drawn.renewalCount === 0 ? null : "urn:example:document:0",
      renewalCount: drawn.renewalCount,
      decidedAt: formatUtc(drawn.begin - 3 * DAY),
      validFrom: formatUtc(drawn.begin),
      validUntil: formatUtc(drawn.begin + drawn.lasts),
    },
    drawn.begin + drawn.attestedAfter * HOUR,
  );
  return lived(published, drawn.life);
}

/** An authorisation to film, with the same cameras. */
export function arbitraryCameraAuthorisation(): fc.Arbitrary<CameraAuthorisation> {
  return fc.record({ id, begin, cameras, texts, perimeter, life, lasts: lasting(1800) }).map((drawn) =>
    lived(
      exampleCameraAuthorisation({
        id: drawn.id,
        title: drawn.texts,
        grounds: drawn.texts,
        cameras: drawn.cameras,
        perimeter: drawn.perimeter,
        decidedAt: formatUtc(drawn.begin - 3 * DAY),
        validFrom: formatUtc(drawn.begin),
        validUntil: formatUtc(drawn.begin + drawn.lasts),
      }),
      drawn.life,
    ),
  );
}

/** A certificate, passed or not. */
export function arbitraryCertificate(): fc.Arbitrary<Certificate> {
  return fc
    .record({
      id,
      event: fc.constantFrom(...EVENT_TYPES),
      model,
      issuedAt: begin,
      lasts: lasting(500),
      passed: fc.boolean(),
    })
    .map((drawn) =>
      exampleCertificate({
        id: drawn.id,
        event: drawn.event,
        analyticId: analyticId(drawn.event),
        modelSha256: drawn.model,
        issuedAt: formatUtc(drawn.issuedAt),
        validUntil: formatUtc(drawn.issuedAt + drawn.lasts),
        passed: drawn.passed,
      }),
    );
}

/** A notice, withdrawn or not. */
export function arbitraryNotice(): fc.Arbitrary<Notice> {
  return fc
    .record({ id, events, cameras, texts, publishedAt: begin, lasts: fc.option(lasting(100)) })
    .map((drawn) =>
      exampleNotice({
        authorisationId: drawn.id,
        events: drawn.events,
        cameras: drawn.cameras,
        text: drawn.texts,
        publishedAt: formatUtc(drawn.publishedAt),
        withdrawnAt: drawn.lasts === null ? null : formatUtc(drawn.publishedAt + drawn.lasts),
      }),
    );
}

/** A trust file of some of the test keys, each with its role or others, for some time. */
export function arbitraryTrust(): fc.Arbitrary<Trust> {
  const { trust } = testKeys();
  const roles = fc.uniqueArray(fc.constantFrom(...KEY_ROLES), { minLength: 1, maxLength: 3 });
  return fc
    .tuple(
      ...trust.keys.map(() => fc.option(fc.record({ roles, from: begin, lasts: fc.option(lasting(900)) }))),
    )
    .map((drawn) => ({
      schema: trust.schema,
      keys: trust.keys.flatMap((key, index) => {
        const changed = drawn[index];
        if (changed === null || changed === undefined) return [];
        const { from, lasts } = changed;
        return [
          {
            ...key,
            roles: changed.roles,
            validFrom: formatUtc(from),
            validUntil: lasts === null ? null : formatUtc(from + lasts),
          },
        ];
      }),
    }));
}

/** Milliseconds of one hour to so many days. */
function lasting(most: number): fc.Arbitrary<number> {
  return fc.integer({ min: 1, max: most * 24 }).map((hours) => Math.min(hours * HOUR, most * DAY));
}

function lived<A extends AnalyticAuthorisation | CameraAuthorisation>(published: A, acts: Drawn["life"]): A {
  const { suspending, publishing, issuing } = testKeys();
  let a = published;
  for (const act of acts) {
    const last = Date.parse(a.statusHistory.at(-1)?.at ?? a.decidedAt);
    const common = { by: "Exemple", at: last + 20 * HOUR, reason: `Exemple: ${act}` };
    if (act === "suspend") a = suspend(a, { ...common, key: suspending });
    else if (act === "suspend unsigned") a = suspend(a, { ...common, key: null });
    else if (act === "resume") a = resume(a, { ...common, key: publishing });
    else if (act === "withdraw") a = end(a, { ...common, status: "withdrawn", key: issuing });
    else a = end(a, { ...common, status: "annulled", annulmentGround: "procedural", key: null });
  }
  return a;
}
