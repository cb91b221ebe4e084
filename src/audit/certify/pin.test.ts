import { describe, expect, it } from "vitest";
import { exampleThresholds } from "../../../test/support/certified.ts";
import { cameraViewSchema } from "../../config/schema.ts";
import { engineVersion } from "../../engine/version.ts";
import { CodedError } from "../../errors.ts";
import { DEFAULT_MODEL, loadManifest } from "../../models/manifest.ts";
import type { Suite } from "../suite.ts";
import { outlookOf, pin } from "./pin.ts";
import type { EventThresholds } from "./thresholds.ts";

const OTHER = "f".repeat(64);
const model = (await loadManifest(DEFAULT_MODEL)).onnx.sha256;

describe("what thresholds stand for", () => {
  it("is worked out from the model's name: its hash, the default settings, this version", async () => {
    const { pinned, engine, suite } = await pin(
      exampleThresholds({ model: { name: DEFAULT_MODEL }, engine: {} }),
    );
    expect(pinned).toMatchObject({ modelSha256: model, engineVersion: engineVersion() });
    expect(pinned.configSha256).toMatch(/^[0-9a-f]{64}$/);
    expect(engine?.model).toBe(DEFAULT_MODEL);
    expect(suite).toBeNull();
    const again = { name: DEFAULT_MODEL, sha256: model };
    const { configSha256 } = pinned;
    await expect(pin(exampleThresholds({ model: again, engine: { configSha256 } }))).resolves.toMatchObject({
      pinned: { modelSha256: model, configSha256 },
    });
  });

  it("is taken as it is where the file names hashes alone", async () => {
    const { pinned, engine } = await pin(exampleThresholds());
    expect(pinned).toMatchObject({ engineVersion: "0.1.0", suite: { name: "example suite" } });
    expect(engine).toBeNull();
  });

  it.each<[string, Parameters<typeof exampleThresholds>[0], string]>([
    ["another network than the name's", { model: { name: DEFAULT_MODEL, sha256: OTHER } }, model],
    [
      "other settings than the defaults",
      { model: { name: DEFAULT_MODEL }, engine: { configSha256: OTHER } },
      "the settings",
    ],
    ["a network without settings", { engine: {} }, "without the model's name"],
    [
      "a network and a configuration without its name",
      { engine: { configSha256: OTHER, config: "site.yml" } },
      "without the model's name",
    ],
    ["a model that nobody knows", { model: { name: "none" } }, "none"],
    ["a suite that is not there", { suite: { path: "nowhere.yml" } }, "nowhere.yml"],
  ])("refuses %s", async (_, overrides, expected) => {
    const refused = await pin(exampleThresholds(overrides)).catch((thrown: unknown) => thrown);
    expect(refused).toBeInstanceOf(CodedError);
    expect(String(refused)).toContain(expected);
  });
});

describe("the outlook of a suite", () => {
  const demanded: EventThresholds = { recall: 0.9, precision: 0.5, falseAlarmsPerHour: 1, minimumEvents: 20 };
  const suite = (events: number, hours: number | null): Suite => {
    const rule = { id: "rule", event: "zone_intrusion", zone: "hall" };
    const view = cameraViewSchema.parse({
      zones: [
        {
          id: "hall",
          nature: "forbidden",
          polygon: [
            [0, 0],
            [9, 0],
            [9, 9],
          ],
        },
      ],
      rules: [rule],
    });
    const event = { event: "zone_intrusion", rule: "rule", tolerance: 0, box: null, conditions: {} };
    const clip = {
      ...{ id: "clip", video: "/v.mp4", referenceFile: "/r.json", view, conditions: {}, cameraKey: "camera" },
      reference: {
        events: Array.from({ length: events }, (_, index) => ({ ...event, begin: index, end: index + 0.5 })),
        distractors: [],
        counts: null,
        tracks: null,
      },
      picture: { width: 640, height: 360 },
      duration: hours === null ? null : 3600 * hours,
      ...{ videoSha256: OTHER, referenceSha256: OTHER, tracksSha256: null },
    };
    return { name: "example", file: "suite.yml", sha256: OTHER, warnings: [], slots: [], clips: [clip] };
  };

  it.each<[string, number, number | null, Partial<EventThresholds>, boolean]>([
    ["just enough", 36, 3.69, {}, true],
    ["one event too few", 35, 3.69, {}, false],
    ["a little too short", 36, 3.68, {}, false],
    ["short, where false alarms are not judged", 36, 0.1, { falseAlarmsPerHour: null }, true],
    ["fewer than the stated minimum", 36, 9, { minimumEvents: 37 }, false],
    ["of a length that nobody knows", 36, null, {}, true],
  ])("%s", (_, events, hours, overrides, reachable) => {
    const found = outlookOf("zone_intrusion", { ...demanded, ...overrides }, 0.95, suite(events, hours));
    expect(found).toMatchObject({ reachable, inSuite: events, hoursInSuite: hours });
  });

  it("is not told where the suite is elsewhere", () => {
    expect(outlookOf("zone_intrusion", demanded, 0.95, null)).toMatchObject({
      ...{ reachable: null, inSuite: null, hoursInSuite: null, eventsForRecall: 36, eventsForPrecision: 6 },
    });
  });
});
