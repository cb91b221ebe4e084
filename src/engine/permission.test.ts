import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SITE_PLACE, siteAuthorisation, studyAuthorisation } from "../../test/support/authority.ts";
import { HandClock } from "../../test/support/hand-clock.ts";
import { exampleCertificate, testKeys } from "../../test/support/policy-fixtures.ts";
import { defaultCamera } from "../config/load.ts";
import type { CameraConfig } from "../config/schema.ts";
import { EVENT_TYPES } from "../event.ts";
import { DEFAULT_MODEL, loadManifest } from "../models/manifest.ts";
import type { SlotHashes } from "../models/slot-models.ts";
import { createSecondOpinion } from "../policy/cedar.ts";
import { Gate, type Incident } from "../policy/mint.ts";
import { loadRegime } from "../policy/profile-load.ts";
import { analyticId } from "../policy/question.ts";
import { verifyAuthorisation, verifyCertificate } from "../policy/verify-documents.ts";
import { EMPTY_WORLD, type PolicyWorld } from "../policy/world.ts";
import { type JobAuthority, Permission } from "./permission.ts";
import { cameraQuestions } from "./questions.ts";

const HOUR = 3_600_000;
const RECORDING = "a".repeat(64);
const model = (await loadManifest(DEFAULT_MODEL)).onnx.sha256;
const study = await loadRegime("recording-study");
const siteProfile = await loadRegime("private-premises");
const { trust } = testKeys();
const camera = defaultCamera("rtsp://127.0.0.1:9/camera", "gate");

/** The profiles, without what only documents of others can give: what is left is a matter of time. */
function world(over: {
  readonly live: boolean;
  readonly now: number;
  readonly from: number;
  readonly until: number;
  readonly windows: readonly { from: string; until: string; days: null }[];
  readonly newest: number | null;
}): PolicyWorld {
  const of = { cameras: ["gate"], events: ["crowd_density" as const], zones: [] };
  const at = { validFrom: over.now + over.from * HOUR, validUntil: over.now + over.until * HOUR };
  const authorisation = over.live
    ? siteAuthorisation({ ...of, ...at, overrides: { dailyWindows: [...over.windows] } })
    : studyAuthorisation({ ...of, ...at, recordings: [RECORDING] });
  const requires = { ...siteProfile.profile.requires, certificate: false, notice: false };
  return {
    ...EMPTY_WORLD,
    profile: over.live ? { ...siteProfile, profile: { ...siteProfile.profile, requires } } : study,
    authorisations: [verifyAuthorisation(authorisation, trust)],
    cameras: [{ id: "gate", location: SITE_PLACE.location, fieldOfView: SITE_PLACE.fieldOfView }],
    newest: over.newest,
  };
}

const authority = (of: PolicyWorld, live: boolean): JobAuthority => ({
  world: of,
  use: "alert",
  footage: live ? "live" : "recording",
  recordingSha256: live ? null : RECORDING,
  instant: "now",
});

describe("a permission", () => {
  it("between two askings says at every instant what the gate would say, over random worlds and jumps", () => {
    const time = fc
      .integer({ min: 0, max: 47 })
      .map((half) => `${String(Math.floor(half / 2)).padStart(2, "0")}:${half % 2 === 0 ? "00" : "30"}`);
    const window = fc
      .record({ from: time, until: time, days: fc.constant(null) })
      .filter(({ from, until }) => from !== until);
    let [asked, yes, no] = [0, 0, 0];
    fc.assert(
      fc.property(
        fc.record({
          live: fc.boolean(),
          // Around the ends of summer time too.
          now: fc.constantFrom(
            ...["2026-03-28T20:00Z", "2026-10-24T20:00Z", "2026-07-01T10:00Z"].map((text) =>
              Date.parse(text),
            ),
          ),
          from: fc.integer({ min: -40, max: 2 }),
          until: fc.integer({ min: 3, max: 40 }),
          windows: fc.array(window, { maxLength: 2 }),
          late: fc.option(fc.integer({ min: -2, max: 2 })),
          // Minutes, some of them back, and to the millisecond around whole half hours.
          jumps: fc.array(
            fc.record({ half: fc.integer({ min: -6, max: 12 }), ms: fc.integer({ min: -1, max: 1 }) }),
            { minLength: 5, maxLength: 25 },
          ),
        }),
        ({ late, jumps, ...over }) => {
          const newest = late === null ? null : over.now + late * HOUR;
          const of = world({ ...over, newest });
          const clock = new HandClock(over.now);
          const permission = new Permission({
            authority: authority(of, over.live),
            camera,
            modelSha256: model,
            clock,
            onIncident: ({ kind }) => expect(kind).toBeNull(),
          });
          const fresh = new Gate(of, createSecondOpinion(of), { onIncident: () => undefined });
          let at = over.now;
          for (const { half, ms } of jumps) {
            at += half * 1_800_000;
            clock.set(at + ms);
            if (permission.refresh(0)) asked += 1;
            const context = { ...authority(of, over.live), modelSha256: model };
            const answers = cameraQuestions(camera, context, at + ms).map((question) => fresh.ask(question));
            expect(
              permission.decisions.map(({ allow, reasons }) => ({
                allow,
                reasons: reasons.map(({ code }) => code),
              })),
            ).toEqual(
              answers.map(({ allow, reasons }) => ({ allow, reasons: reasons.map(({ code }) => code) })),
            );
            expect(permission.any).toBe(answers.some(({ allow }) => allow));
            if (permission.any) yes += 1;
            else no += 1;
          }
        },
      ),
      { numRuns: 25 },
    );
    // It must have met both answers, and some instants at which it was not asked again.
    expect(yes).toBeGreaterThan(10);
    expect(no).toBeGreaterThan(10);
    expect(asked).toBeLessThan(yes + no);
  }, 60_000);

  it("asks anew where whoever hears of an incident replaces the world", () => {
    const now = Date.now();
    const of = world({ live: false, now, from: -1, until: 1, windows: [], newest: null });
    const incidents: Incident[] = [];
    // It differs on the last event alone: before it, another one was permitted.
    const last = EVENT_TYPES.at(-1);
    expect(last).not.toBe("crowd_density");
    const permission: Permission = new Permission({
      authority: authority(of, false),
      camera,
      modelSha256: model,
      clock: new HandClock(now),
      secondOpinion: (one) => {
        const real = createSecondOpinion(one);
        return {
          name: "an example",
          ask: (question) =>
            question.event === last ? { kind: "answered", allow: true, policies: [] } : real.ask(question),
        };
      },
      onIncident: (incident) => {
        incidents.push(incident);
        if (incidents.length > 1) return;
        const hold = {
          id: "00000000-0000-4000-8000-000000000000",
          scope: { kind: "site" },
          cause: "incident",
          at: new Date(now).toISOString(),
          by: "contrechamp",
          reason: "an example",
          released: null,
        } as const;
        permission.replaceWorld({ ...of, holds: [hold] });
      },
    });
    permission.refresh(0);
    expect(incidents.map(({ kind }) => kind)).toContain("evaluators_differ");
    expect(permission.any).toBe(false);
    for (const { reasons } of permission.decisions) {
      expect(reasons.map(({ code }) => code)).toContain("incident_held");
    }
  });

  it("knows when a daily window opens, and that nothing opens what only a person lifts", () => {
    const now = Date.parse("2026-07-01T10:00Z");
    const windows = [{ from: "20:00", until: "21:00", days: null }];
    const of = world({ live: true, now, from: -1, until: 40, windows, newest: null });
    const permission = new Permission({
      authority: authority(of, true),
      camera,
      modelSha256: model,
      clock: new HandClock(now),
      onIncident: ({ kind }) => expect(kind).toBeNull(),
    });
    permission.refresh(0);
    expect(permission.any).toBe(false);
    expect(permission.opensAfter(now)).toBe(Date.parse("2026-07-01T18:00Z"));
    permission.forgetRecording();
    expect(permission.opensAfter(now)).toBe(Date.parse("2026-07-01T18:00Z"));
    permission.replaceWorld(EMPTY_WORLD);
    expect(permission.opensAfter(now)).toBeNull();
  });

  it("denies a recording that is not the one that was named", () => {
    const now = Date.now();
    const of = world({ live: false, now, from: -1, until: 1, windows: [], newest: null });
    const permission = new Permission({
      authority: authority(of, false),
      camera,
      modelSha256: model,
      clock: new HandClock(now),
      onIncident: ({ kind }) => expect(kind).toBeNull(),
    });
    permission.refresh(0);
    expect(permission.any).toBe(true);
    permission.forgetRecording();
    permission.refresh(0);
    expect(permission.any).toBe(false);
    expect(permission.decisions[0]?.reasons.map(({ code }) => code)).toContain("recording_not_authorised");
  });
});

describe("a rule with a network of its own", () => {
  const OURS = "c".repeat(64);
  const manifest = "/models/ours.yml";
  const armed: CameraConfig = {
    ...camera,
    rules: [
      {
        ...{ event: "weapon", id: "weapon", after: 1, clear: 5, longest: 600 },
        ...{ model: manifest, candidateScore: 0.3, confirmScore: 0.5, looksPerSecond: 4 },
      },
      { event: "fire", id: "fire", after: 1, clear: 5, longest: 600, smoke: false },
    ],
  };
  const now = Date.now();

  /** A closed site that must have certificates, each of an event and a network, were its law to allow weapons. */
  function site(listed: string, certified: string | null): PolicyWorld {
    const profile = siteProfile;
    const requires = { ...profile.profile.requires, certificate: true, notice: false };
    const rules = profile.profile.rules.flatMap((rule) => {
      if (rule.effect === "forbid" && rule.events.includes("weapon")) return [];
      const events = rule.events === "all" ? rule.events : [...rule.events, "weapon" as const];
      return [{ ...rule, events }];
    });
    const certificate = (event: string) => `urn:example:certificate:${event}`;
    const analytics = [
      { event: "weapon" as const, modelSha256: listed },
      { event: "fire" as const, modelSha256: model },
    ].map(({ event, modelSha256 }) => {
      return { analyticId: analyticId(event), modelSha256, benchCertificateId: certificate(event) };
    });
    const of = { cameras: ["gate"], events: ["weapon" as const, "fire" as const], zones: [] };
    const authorisation = siteAuthorisation({
      ...{ ...of, validFrom: now - HOUR, validUntil: now + HOUR },
      overrides: { analytics },
    });
    const certificates = [
      ...(certified === null ? [] : [{ event: "weapon" as const, modelSha256: certified }]),
      { event: "fire" as const, modelSha256: model },
    ].map(({ event, modelSha256 }) =>
      verifyCertificate(
        exampleCertificate({
          ...{ id: certificate(event), event, analyticId: analyticId(event), modelSha256 },
          issuedAt: new Date(now - HOUR).toISOString(),
          validUntil: new Date(now + HOUR).toISOString(),
        }),
        trust,
      ),
    );
    return {
      ...EMPTY_WORLD,
      profile: { ...profile, profile: { ...profile.profile, requires, rules } },
      authorisations: [verifyAuthorisation(authorisation, trust)],
      certificates,
      cameras: [{ id: "gate", location: SITE_PLACE.location, fieldOfView: SITE_PLACE.fieldOfView }],
    };
  }

  function permitted(world: PolicyWorld, slots: SlotHashes | null): readonly string[] {
    const permission = new Permission({
      authority: authority(world, true),
      camera: armed,
      modelSha256: model,
      ...(slots === null ? {} : { slots }),
      clock: new HandClock(now),
      onIncident: ({ kind }) => expect(kind).toBeNull(),
    });
    permission.refresh(now);
    return permission.decisions.flatMap(({ allow, ruleId, reasons }) =>
      allow ? [ruleId] : reasons.map(({ code }) => `${ruleId}: ${code}`),
    );
  }

  const ours: SlotHashes = new Map([[manifest, OURS]]);

  it("is permitted by the authorisation and the certificate of that network, others by the detector's", () => {
    expect(permitted(site(OURS, OURS), ours)).toEqual(["weapon", "fire"]);
  });

  it.each<[string, PolicyWorld, SlotHashes | null, string]>([
    ["a certificate of the detector", site(OURS, model), ours, "certificate_other_model"],
    ["a certificate of another network", site(OURS, "d".repeat(64)), ours, "certificate_other_model"],
    ["no certificate", site(OURS, null), ours, "no_certificate"],
    ["an authorisation of the detector", site(model, OURS), ours, "model_not_authorised"],
    ["a network that nobody knows", site(OURS, OURS), null, "model_not_authorised"],
    [
      "another network under its name",
      site(OURS, OURS),
      new Map([[manifest, model]]),
      "model_not_authorised",
    ],
  ])("is denied with %s, and other rules are not", (_, world, slots, reason) => {
    const answers = permitted(world, slots);
    expect(answers).toContain(`weapon: ${reason}`);
    expect(answers).not.toContain("weapon");
    expect(answers).toContain("fire");
  });
});
