import { describe, expect, it } from "vitest";
import { letThrough } from "../../test/support/authority.ts";
import {
  type AlertContext,
  alertJsonSchema,
  alertLine,
  alertSchema,
  type TellingChange,
  toAlert,
} from "./alert.ts";
import type { Episode } from "./episode.ts";

const episode: Episode = {
  id: "0b9d5c1e-5f0e-4a51-8d7a-0c8d1c9f0a11",
  ruleId: "verge",
  event: "zone_intrusion",
  place: { kind: "zone", id: "verge", box: { x: 600.04, y: 330, width: 41.26, height: 90 } },
  since: 1.6,
  raisedAt: 2.6000001,
  endedAt: null,
  count: null,
  densityPerM2: null,
};
const context: AlertContext = {
  cameraId: "north-gate",
  at: Date.UTC(2026, 2, 1, 14, 30, 2, 600),
  streamTime: 2.6000001,
  model: { name: "mb3-centernet", sha256: "a".repeat(64) },
  configSha256: "b".repeat(64),
  footage: "recording",
  decisionRef: "c".repeat(64),
  authorisationId: "urn:example:study",
  evidence: { kind: "clear", id: "x", still: "evidence/x.png", clip: "evidence/x.mp4" },
  engineVersion: "0.1.0",
};
const opened: TellingChange = { kind: "opened", episode: letThrough(episode) };

describe("toAlert", () => {
  it("writes an episode's beginning", () => {
    expect(toAlert(opened, context)).toEqual({
      schema: "contrechamp/alert@1",
      id: episode.id,
      kind: "raised",
      reason: null,
      event: "zone_intrusion",
      cameraId: "north-gate",
      ruleId: "verge",
      place: { kind: "zone", id: "verge", box: { x: 600, y: 330, width: 41.3, height: 90 } },
      at: "2026-03-01T14:30:02.600Z",
      footage: "recording",
      decisionRef: "c".repeat(64),
      authorisationId: "urn:example:study",
      streamTime: 2.6,
      since: 1.6,
      until: null,
      countBand: null,
      densityPerM2: null,
      model: context.model,
      configSha256: context.configSha256,
      evidence: context.evidence,
      engineVersion: "0.1.0",
    });
  });

  it.each([
    "cleared",
    "longest_life",
    "stream_ended",
    "suspended",
  ] as const)("writes an end: %s", (reason) => {
    const alert = toAlert(
      { kind: "closed", episode: letThrough({ ...episode, endedAt: 6.4 }), reason },
      context,
    );
    expect(alert).toMatchObject({ kind: "closed", reason, until: 6.4, id: episode.id });
  });

  it("writes a count with the precision it has", () => {
    const count = { low: 31.234, best: 38.05, high: 47.77 };
    const crowd: Episode = { ...episode, event: "crowd_density", count, densityPerM2: 0.41239 };
    expect(toAlert({ kind: "opened", episode: letThrough(crowd) }, context)).toMatchObject({
      countBand: { low: 31.2, best: 38.1, high: 47.8 },
      densityPerM2: 0.412,
    });
  });

  it("lets nothing through that an episode or its context carries beside", () => {
    const loaded = {
      kind: "opened" as const,
      episode: letThrough({ ...episode, trackId: 42, place: { ...episode.place, trackId: 42 } }),
    };
    const line = alertLine(toAlert(loaded, { ...context, ...{ score: 0.9 } }));
    expect(line).not.toMatch(/track|score|rank/i);
    expect(line).not.toContain("\n");
    expect(alertSchema.parse(JSON.parse(line))).toEqual(toAlert(opened, context));
  });
});

describe("what the gate has not let through", () => {
  it("cannot be written, whatever its type says", () => {
    const forged = { ...opened, episode: { ...opened.episode } };
    expect(() => toAlert(forged, context)).toThrow(expect.objectContaining({ code: "GATE_PASSED_BY" }));
    // @ts-expect-error an episode is not an authorised one
    const unmarked: TellingChange = { kind: "opened", episode: { ...episode } };
    expect(() => toAlert(unmarked, context)).toThrow(expect.objectContaining({ code: "GATE_PASSED_BY" }));
  });
});

describe("alertSchema", () => {
  const good = toAlert(opened, context);
  const clear = { kind: "clear", id: "x", still: "a.png", clip: "a.mp4" };

  it.each<[string, object]>([
    ["a track id", { trackId: 7 }],
    ["a score", { score: 0.9 }],
    ["a rank", { priority: 1 }],
    ["an event of its own", { event: "loitering" }],
    ["a local time", { at: "2026-03-01T15:30:02.600+01:00" }],
    ["no milliseconds", { at: "2026-03-01T14:30:02Z" }],
    ["a hash in capitals", { configSha256: "B".repeat(64) }],
    ["an absolute evidence path", { evidence: { ...clear, still: "/etc/passwd" } }],
    ["an evidence path that climbs", { evidence: { ...clear, still: "a/../../b.png" } }],
    ["an evidence address", { evidence: { ...clear, still: "https://x/y.png" } }],
    ["a time before the stream", { since: -1 }],
    ["a band upside down", { countBand: { low: 3, best: 2, high: 4 } }],
    ["a place with more in it", { place: { ...good.place, trackId: 1 } }],
  ])("refuses %s", (_, change) => {
    expect(alertSchema.safeParse({ ...good, ...change }).success).toBe(false);
    expect(alertSchema.safeParse(good).success).toBe(true);
  });
});

describe("alertJsonSchema", () => {
  it("closes every object and describes every property", () => {
    const visit = (node: unknown, path: string): void => {
      if (typeof node !== "object" || node === null) return;
      if ("properties" in node && typeof node.properties === "object" && node.properties !== null) {
        expect("additionalProperties" in node && node.additionalProperties, path).toBe(false);
      }
      for (const [key, child] of Object.entries(node)) visit(child, `${path}/${key}`);
    };
    const schema = alertJsonSchema();
    visit(schema, "");
    expect(schema).toMatchObject({ $schema: "https://json-schema.org/draft/2020-12/schema", type: "object" });
    expect(schema["required"]).toEqual(Object.keys(alertSchema.shape));
  });
});
