import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decisionRef } from "../policy/decision-ref.ts";
import type { Decision } from "../policy/question.ts";
import { earliestAfter, groundsOf } from "./grounds.ts";

const utc = (text: string) => Date.parse(text);
const iso = (at: number) => new Date(at).toISOString();

describe("how long evidence may be kept", () => {
  it.each([
    // A month from 31 January ends with February, in the site's own time.
    ["2024-01-31T22:30:00Z", ["P1M"], "Europe/Paris", "2024-02-29T22:30:00.000Z"],
    ["2023-01-31T10:00:00Z", ["P1M"], "Europe/Paris", "2023-02-28T10:00:00.000Z"],
    // In summer time the same hour of the day is an hour earlier in UTC.
    ["2024-03-15T11:00:00Z", ["P1M"], "Europe/Paris", "2024-04-15T10:00:00.000Z"],
    ["2024-10-15T10:00:00Z", ["P1M"], "Europe/Paris", "2024-11-15T11:00:00.000Z"],
    // A day across the change has 23 hours; 24 hours have 24.
    ["2024-03-30T23:00:00Z", ["P1D"], "Europe/Paris", "2024-03-31T22:00:00.000Z"],
    ["2024-03-30T23:00:00Z", ["PT24H"], "Europe/Paris", "2024-03-31T23:00:00.000Z"],
    // Nearly midnight on the 31st in Paris is still the 30th in UTC.
    ["2024-05-30T22:30:00Z", ["P1M"], "Europe/Paris", "2024-06-29T22:30:00.000Z"],
    ["2024-05-30T22:30:00Z", ["P1M"], "UTC", "2024-06-30T22:30:00.000Z"],
    // The shorter of two, which depends on the month.
    ["2024-02-01T00:00:00Z", ["P30D", "P1M"], "UTC", "2024-03-01T00:00:00.000Z"],
    ["2024-07-01T00:00:00Z", ["P30D", "P1M"], "UTC", "2024-07-31T00:00:00.000Z"],
    ["2024-07-01T00:00:00Z", ["P1M", "PT72H"], "UTC", "2024-07-04T00:00:00.000Z"],
  ])("from %s for %j in %s: until %s", (at, durations, zone, until) => {
    expect(iso(earliestAfter(utc(at), durations, zone))).toBe(until);
  });

  it("is never longer for being limited once more", () => {
    const duration = fc.constantFrom("PT1H", "PT72H", "P1D", "P7D", "P30D", "P31D", "P1M", "P1Y");
    const at = fc.integer({ min: utc("2020-01-01T00:00:00Z"), max: utc("2035-01-01T00:00:00Z") });
    fc.assert(
      fc.property(at, fc.array(duration, { minLength: 1, maxLength: 4 }), duration, (from, some, more) => {
        const before = earliestAfter(from, some, "Europe/Paris");
        expect(earliestAfter(from, [...some, more], "Europe/Paris")).toBeLessThanOrEqual(before);
        expect(before).toBeGreaterThan(from);
      }),
    );
  });
});

describe("the grounds of an alert's evidence", () => {
  const at = Date.UTC(2024, 6, 26, 18);
  const decision: Decision = {
    at: iso(at),
    use: "alert",
    cameraId: "gate",
    ruleId: "floor",
    analyticId: "urn:contrechamp:analytic:zone_intrusion",
    modelSha256: "0".repeat(64),
    event: "zone_intrusion",
    footage: "live",
    allow: true,
    reasons: [{ code: "permitted", ruleId: "example-rule", source: "Example, article 1" }],
    profileId: "example",
    profileSha256: "1".repeat(64),
    authorisationId: "urn:example:authorisation:1",
    authorisationSha256: "2".repeat(64),
    overlayIds: [],
    evaluator: "example 1",
  };
  const regime = (clips: "confirmed" | "always", maxRetention = "P1M") => ({
    timeZone: "Europe/Paris",
    limits: { maxDuration: "P1M", maxRetention, attestationValidFor: "PT24H" },
    handling: { evidence: "encrypted", clips, undecidedFor: "PT72H", sinks: true, journal: "site" } as const,
  });
  const authorisation = (clips: string) => ({ retention: { clips, accessLogs: "P1Y", aggregates: "P1Y" } });

  it("name the decision as the alert does, and what it rests on", () => {
    expect(groundsOf(decision, regime("confirmed"), authorisation("P7D"), at)).toEqual({
      profileId: "example",
      profileSha256: "1".repeat(64),
      authorisationId: "urn:example:authorisation:1",
      authorisationSha256: "2".repeat(64),
      decisionRef: decisionRef(decision),
      deadline: "2024-08-02T18:00:00.000Z",
      undecidedUntil: "2024-07-29T18:00:00.000Z",
    });
  });

  it("never keep longer than the profile's maximum, whatever the authorisation says", () => {
    const { deadline } = groundsOf(decision, regime("always", "P7D"), authorisation("P1Y"), at);
    expect(deadline).toBe("2024-08-02T18:00:00.000Z");
  });

  it("wait for nobody longer than the deadline, and for nobody at all where every clip is kept", () => {
    const short = groundsOf(decision, regime("confirmed"), authorisation("PT1H"), at);
    expect(short.undecidedUntil).toBe(short.deadline);
    expect(groundsOf(decision, regime("always"), null, at).undecidedUntil).toBeNull();
  });
});
