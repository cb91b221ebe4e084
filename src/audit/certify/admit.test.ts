import { describe, expect, it } from "vitest";
import { referenceFact } from "../../../test/support/audit-record.ts";
import {
  CERTIFIED_AT,
  certified,
  clips,
  exampleRecord,
  exampleThresholds,
  fixed,
  pinnedOf,
  refusal,
  rules,
} from "../../../test/support/certified.ts";
import { testKeys } from "../../../test/support/policy-fixtures.ts";
import { cameraViewSchema } from "../../config/schema.ts";
import type { AuditRecord, ClipFact } from "../record.ts";
import type { Suite } from "../suite.ts";
import { certify } from "./certify.ts";
import type { Pinned } from "./fixed-thresholds.ts";

const system = (change: object): Partial<AuditRecord> => {
  const { system: of } = exampleRecord();
  if (of.kind !== "engine") throw new Error("the example is of the engine");
  return { system: { ...of, ...change } };
};
const OTHER = "f".repeat(64);
/** The record of a system in which the rules for one event name a network of their own. */
const own = (sha256: string) => system({ slots: [{ event: "wrong_way", name: "ours", sha256 }] });
const HALL = [
  [0, 0],
  [100, 0],
  [100, 100],
];

describe("a record", () => {
  it.each<[string, Partial<AuditRecord>]>([
    ["other_suite", { suite: { name: "example suite", sha256: OTHER } }],
    ["other_model", system({ modelSha256: OTHER })],
    ["other_config", system({ configSha256: OTHER })],
    ["other_version", system({ version: "0.2.0" })],
    ["not_engine", { system: { kind: "log", name: "An example of a product", files: [] } }],
    ["other_alignment", { settings: { alignment: "actev", recallBias: 1 } }],
    ["times", { endedAt: "2026-02-28T10:00:00Z" }],
    ["times", { endedAt: "2030-01-01T00:00:00Z" }],
    ["clip_fault", clips(() => ({ fault: { code: "SOURCE_LOST", message: "It ended early." } }))],
    [
      "event_not_watched",
      {
        clips: exampleRecord().clips.map((clip) => ({
          ...clip,
          rules: clip.rules.map((rule) => ({ ...rule, watched: rule.event !== "wrong_way", alerts: [] })),
        })),
      },
    ],
    ["contradiction", { clips: exampleRecord().clips.map((clip) => ({ ...clip, id: "first" })) }],
    ["contradiction", rules(({ alerts }) => ({ alerts: alerts.slice(1) }))],
    ["contradiction", rules(({ references }) => ({ references: [...references, referenceFact(9.5)] }))],
    [
      "contradiction",
      rules(({ alerts }) => ({ alerts: alerts.map((alert) => ({ ...alert, at: alert.at + 5 })) })),
    ],
    [
      "contradiction",
      rules(({ references }) => ({ references: references.map((one) => ({ ...one, alert: null })) })),
    ],
    ["contradiction", rules(() => ({ watched: false }))],
    [
      "contradiction",
      rules(({ alerts }) => ({
        alerts: alerts.map((alert) => ({ ...alert, outcome: "duplicate" as const })),
      })),
    ],
  ])("is refused for %s", async (kind, overrides) => {
    const said = await refusal(() => certified({ record: exampleRecord(overrides) }));
    expect(said).toContain("CERTIFY_RECORD audit.json cannot be certified");
    expect(said).toContain(`(${kind})`);
  });

  it.each<[string, string, Partial<Pinned>, Partial<AuditRecord>]>([
    ["a network of an event's own that was not fixed", "none was fixed", {}, own("d".repeat(64))],
    ["one that did not run", "is none", { slots: { wrong_way: OTHER } }, {}],
    ["another one than was fixed", "was fixed", { slots: { wrong_way: OTHER } }, own("d".repeat(64))],
  ])("is refused for %s", async (_, words, pinned, overrides) => {
    const measured = { record: exampleRecord(overrides), file: "audit.json", sha256: "cd".repeat(32) };
    const given = { key: testKeys().certifying, now: CERTIFIED_AT, suite: null };
    const said = await refusal(() => certify(exampleThresholds(), fixed(pinned), measured, given));
    expect(said).toContain("the network that rules for wrong_way name");
    expect(said).toContain(words);
    expect(said).toContain("(other_model)");
  });

  it("gives a certificate of that network to its event, and of the detector to the others", () => {
    const measured = { record: exampleRecord(own(OTHER)), file: "audit.json", sha256: "cd".repeat(32) };
    const given = { key: testKeys().certifying, now: CERTIFIED_AT, suite: null };
    const made = certify(exampleThresholds(), fixed({ slots: { wrong_way: OTHER } }), measured, given);
    const models = made.map(({ event, certificate }) => [event, certificate.modelSha256]);
    expect(Object.fromEntries(models)).toEqual({
      zone_intrusion: pinnedOf(exampleThresholds()).modelSha256,
      wrong_way: OTHER,
    });
  });

  it("is refused for all its reasons at once", async () => {
    const overrides = {
      ...system({ modelSha256: OTHER, version: "0.2.0" }),
      endedAt: "2030-01-01T00:00:00Z",
    };
    const said = await refusal(() => certified({ record: exampleRecord(overrides) }));
    expect(said).toContain("for 3 reasons");
  });
});

describe("a record beside its suite", () => {
  const events = (clip: ClipFact) =>
    clip.rules.flatMap(({ event, rule, references }) =>
      references.map(({ begin, end, tolerance, box, conditions }) => {
        return { event, rule, begin, end, tolerance, box, conditions };
      }),
    );
  const declared = cameraViewSchema.parse({
    zones: [{ id: "hall", nature: "forbidden", polygon: HALL }],
    lines: [{ id: "gate", from: [100, 50], to: [100, 300] }],
    rules: [
      { id: "first", event: "zone_intrusion", zone: "hall" },
      { id: "second", event: "wrong_way", line: "gate", forbidden: "left" },
    ],
  });
  // As the example record calls them.
  const view = {
    ...declared,
    rules: declared.rules.map((rule) => ({ ...rule, id: `${rule.event}-rule` })),
  };
  const suite: Suite = {
    ...{
      name: "example suite",
      file: "suite.yml",
      sha256: exampleRecord().suite.sha256,
      warnings: [],
      slots: [],
    },
    clips: exampleRecord().clips.map((clip) => ({
      ...{ id: clip.id, video: "/v.mp4", referenceFile: "/r.json", conditions: {}, cameraKey: clip.camera },
      reference: { events: events(clip), distractors: [], counts: null, tracks: null },
      view,
      picture: { width: 640, height: 360 },
      duration: clip.seconds,
      videoSha256: clip.videoSha256 ?? "",
      referenceSha256: clip.referenceSha256 ?? "",
      tracksSha256: null,
    })),
  };

  it("is taken where it has every clip and event of it", () => {
    expect(certified({ suite })).toHaveLength(2);
    const reversed = exampleRecord({ clips: exampleRecord().clips.toReversed() });
    expect(certified({ suite, record: reversed })).toHaveLength(2);
  });

  const fewer = { references: 29, hits: 29 };
  it.each<[string, string, Partial<AuditRecord>]>([
    ["a clip left out", "clips_differ", { clips: exampleRecord().clips.slice(1) }],
    ["a clip more", "clips_differ", { clips: [...exampleRecord().clips, { ...first(), id: "third" }] }],
    ["another recording", "clips_differ", clips(() => ({ videoSha256: OTHER }))],
    ["another reference", "clips_differ", clips(() => ({ referenceSha256: OTHER }))],
    ["hours that nobody filmed", "exposure", clips(() => ({ seconds: 1802 }))],
    [
      "a missed event left out",
      "references_differ",
      rules(({ references, alerts }) => ({
        references: references.slice(0, fewer.references),
        alerts: alerts.slice(0, fewer.hits),
      })),
    ],
    [
      "an event made longer",
      "references_differ",
      rules(({ references }) => ({ references: references.map((one) => ({ ...one, end: one.end + 1 })) })),
    ],
    [
      "a rule left out, and its false alarms with it",
      "rules_differ",
      clips(({ rules: all }) => ({ rules: all.slice(1) })),
    ],
    ["a rule that is said to have watched nothing", "rules_differ", unwatched()],
    [
      "a rule that stands in it twice",
      "rules_differ",
      clips(({ rules: all }) => ({ rules: [...all, ...all] })),
    ],
    [
      "an event of another rule, which raised something then",
      "references_differ",
      rules(() => ({ rule: "another" })),
    ],
  ])("is refused with %s", async (_, kind, overrides) => {
    expect(await refusal(() => certified({ suite, record: exampleRecord(overrides) }))).toContain(
      `(${kind})`,
    );
  });

  it("is refused where it leaves out the place at which an event happened", async () => {
    const box = { x: 1, y: 2, width: 30, height: 40 };
    const placed = {
      ...suite,
      clips: suite.clips.map((clip) => ({
        ...clip,
        reference: {
          ...clip.reference,
          events: clip.reference.events.map((event) => ({ ...event, box })),
        },
      })),
    };
    expect(await refusal(() => certified({ suite: placed }))).toContain("(references_differ)");
  });

  it("is compared with no other suite than the one that was fixed", async () => {
    const said = await refusal(() => certified({ suite: { ...suite, sha256: OTHER } }));
    expect(said).toContain(`the seal of the suite that is compared with is ${OTHER}`);
    expect(said).toContain("(other_suite)");
  });
});

function unwatched(): Partial<AuditRecord> {
  return rules(() => ({ watched: false, references: [], alerts: [] }));
}

function first(): ClipFact {
  const [clip] = exampleRecord().clips;
  if (clip === undefined) throw new Error("the example has two");
  return clip;
}
