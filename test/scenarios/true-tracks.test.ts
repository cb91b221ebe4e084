import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { loadReference } from "../../src/audit/load-reference.ts";
import type { ReferenceEvent } from "../../src/audit/reference.ts";
import { cameraViewSchema } from "../../src/config/schema.ts";
import type { Detection } from "../../src/detectors/detector.ts";
import { footPoint } from "../../src/geometry/shapes.ts";
import { createRule } from "../../src/rules/registry.ts";
import type { Observation } from "../../src/rules/rule.ts";
import { createTracker } from "../../src/tracking/byte-tracker.ts";
import { issueTrackId } from "../../src/tracking/track-id.ts";
import type { Track, TrackId } from "../../src/tracking/tracker.ts";
import { footage, missingFootage } from "../support/footage.ts";
import { type MotBox, readMot } from "../support/mot.ts";
import { sceneOf } from "../support/observations.ts";
import { type RaisedAlert, type Score, scoreAlerts } from "../support/score-alerts.ts";

const TRUTH = "data/pets09-s2l1/gt.txt";
const REFERENCE = "data/pets09-s2l1/reference.json";
const SUITE = "suites/open.yml";
const PICTURE = { width: 768, height: 576 };
const FRAMES = 395;
const FPS = 10;
const SCENE = sceneOf(0, PICTURE, [], { width: 16, height: 12 });
const missing = missingFootage(TRUTH, REFERENCE, SUITE);

/** What the rules do with what is true, and what the tracker adds: without any network. */
describe.skipIf(missing !== null)(`rules on true boxes${missing === null ? "" : ` (${missing})`}`, () => {
  let truth: readonly MotBox[];
  let references: readonly ReferenceEvent[];
  let camera: unknown;

  beforeAll(async () => {
    truth = await readMot(footage(TRUTH));
    references = (await loadReference(footage(REFERENCE))).events;
    const suite = parse(await readFile(footage(SUITE), "utf8"));
    camera = suite.clips.find((clip: { id: string }) => clip.id === "pets09").camera;
  });

  function score(observations: readonly Observation[], event: string): Score {
    const view = cameraViewSchema.parse(camera);
    const rules = view.rules
      .filter((rule) => rule.event === event)
      .map((rule) =>
        createRule(rule, { ...PICTURE, zones: view.zones, lines: view.lines, homography: null }),
      );
    const alerts = rules.flatMap((rule) =>
      observations.flatMap((o) =>
        rule.observe(o).flatMap((c): RaisedAlert[] => {
          if (c.kind !== "opened") return [];
          return [{ rule: rule.id, at: c.episode.raisedAt, box: c.episode.place.box }];
        }),
      ),
    );
    return scoreAlerts(
      references.filter((r) => r.event === event),
      alerts,
    );
  }

  it.each([10, 5, 10 / 3, 2])("find every event and nothing else on true tracks at %d/s", (rate) => {
    const observations = trueTracks(truth, Math.round(FPS / rate));
    for (const event of ["zone_intrusion", "wrong_way"]) {
      const { missed, unfounded, duplicates } = score(observations, event);
      expect({ missed, unfounded, duplicates }).toEqual({ missed: [], unfounded: [], duplicates: 0 });
    }
  });

  it.each([
    [10, 0.93],
    [5, 0.9],
    [10 / 3, 0.85],
  ])("find nearly all from the tracker's own tracks over a poor detector at %d/s", (rate, least) => {
    let [hits, of, falseAlarms] = [0, 0, 0];
    for (const seed of [1, 2, 3, 4, 5]) {
      const observations = tracked(truth, Math.round(FPS / rate), seed);
      for (const event of ["zone_intrusion", "wrong_way"]) {
        const found = score(observations, event);
        hits += found.hits;
        of += found.references;
        falseAlarms += found.falseAlarms;
      }
    }
    console.log(`${rate.toFixed(1)}/s: ${hits} of ${of} found, ${falseAlarms} false alarms`);
    expect(hits / of).toBeGreaterThanOrEqual(least);
    expect(hits / (hits + falseAlarms)).toBeGreaterThanOrEqual(0.95);
  });
});

function boxesOf(truth: readonly MotBox[], frame: number): readonly MotBox[] {
  return truth.filter((b) => b.frame === frame);
}

function trueTracks(truth: readonly MotBox[], step: number): readonly Observation[] {
  const ids = new Map<number, { readonly id: TrackId; readonly firstSeen: number }>();
  return frames(step).map((frame) => {
    const at = (frame - 1) / FPS;
    const tracks = boxesOf(truth, frame).map(({ id, box }): Track => {
      const known = ids.get(id) ?? { id: issueTrackId(), firstSeen: at };
      ids.set(id, known);
      const still = { velocity: { x: 0, y: 0 }, confirmed: true, coasting: false, lastSeen: at };
      return { ...known, ...still, class: "person", box, foot: footPoint(box) };
    });
    return { at, tracks, detections: null, scene: SCENE };
  });
}

/** Noise on every edge, one in seven missed, who is mostly covered not seen at all, boxes where nobody is. */
function tracked(truth: readonly MotBox[], step: number, seed: number): readonly Observation[] {
  const tracker = createTracker(PICTURE);
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const noise = (scale: number) => (random() + random() + random() - 1.5) * 2 * scale;
  return frames(step).map((frame) => {
    const at = (frame - 1) / FPS;
    const present = boxesOf(truth, frame);
    const detections = present.flatMap(({ box }): Detection[] => {
      const covered = present.some(
        ({ box: o }) =>
          o.y + o.height > box.y + box.height &&
          Math.max(0, Math.min(o.x + o.width, box.x + box.width) - Math.max(o.x, box.x)) > 0.6 * box.width &&
          o.y < box.y + 0.4 * box.height,
      );
      if (covered || random() < 0.14) return [];
      const width = box.width * (1 + noise(0.1));
      const height = box.height * (1 + noise(0.06));
      const x = box.x + box.width / 2 - width / 2 + noise(0.05 * box.width);
      const y = box.y + box.height / 2 - height / 2 + noise(0.03 * box.height);
      return [{ class: "person", box: { x, y, width, height }, score: 0.6 + noise(0.1) }];
    });
    if (random() < 0.3) {
      const box = { x: random() * 700, y: 100 + random() * 380, width: 35, height: 80 };
      detections.push({ class: "person", box, score: 0.2 + 0.3 * random() });
    }
    return { at, tracks: tracker.update(at, detections), detections, scene: SCENE };
  });
}

function frames(step: number): readonly number[] {
  return Array.from({ length: FRAMES }, (_, index) => index + 1).filter((frame) => (frame - 1) % step === 0);
}
