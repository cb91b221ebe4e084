import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EventScores, type Scores, scoresSchema } from "../../src/audit/scores.ts";
import { CodedError } from "../../src/errors.ts";
import { DEFAULT_MODEL } from "../../src/models/manifest.ts";
import { resolveModel } from "../../src/models/models.ts";
import { RENDERED_CLIPS, writeRenderedSuite } from "../support/rendered-suite.ts";

/**
 * Every event on rendered scenes, as a user of the bench would measure it: `contrechamp audit run` on a suite of
 * clips in each of which the same thing happens again and again, among as much that looks like it.
 *
 * The bounds are what was measured when they were set, less what chance takes in a sample of this size: they keep a
 * rule from growing worse, and are to be raised when it grows better. What is known not to work is in the suite, and
 * counted: docs/audit/rendered-suite.md names it.
 */
const BOUNDS: Readonly<Record<string, Bounds>> = {
  zone_intrusion: { found: 0.75, misled: 0.07 },
  wrong_way: { found: 0.9, misled: 0.03 },
  crowd_density: { found: 0.55, misled: 0.05 },
  fire: { found: 0.9, misled: 0.05 },
  person_down: { found: 0.55, misled: 0.05 },
  abandoned_object: { found: 0.5, misled: 0.06 },
  crowd_movement: { found: 0.75, misled: 0.05 },
  weapon: { found: 0.9, misled: 0.05 },
};

interface Bounds {
  /** Least share of events that are found. */
  readonly found: number;
  /** Largest share of lookalikes that raise an alert. */
  readonly misled: number;
}

const FEWEST = { events: 20, distractors: 40 } as const;
const LAUNCHER = fileURLToPath(new URL("../../bin/contrechamp", import.meta.url));
const MINUTES = 60_000;

const unavailable = await resolveModel(DEFAULT_MODEL).then(
  () => null,
  (error: unknown) => {
    if (error instanceof CodedError && error.code === "MODEL_FETCH") return error.message;
    throw error;
  },
);

describe.skipIf(unavailable !== null)(
  `rendered scenes${unavailable === null ? "" : ` (${unavailable})`}`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), "contrechamp-rendered-"));
    afterAll(() => rmSync(folder, { recursive: true, force: true }));
    let scores: Scores;

    beforeAll(async () => {
      const suite = await writeRenderedSuite(folder, RENDERED_CLIPS);
      const json = join(folder, "scores.json");
      const args = ["audit", "run", suite, "--json", json, "--jobs", "2", "--quiet", "--lang", "en"];
      const { stdout } = await promisify(execFile)(process.execPath, [LAUNCHER, ...args], {
        env: { ...process.env, XDG_STATE_HOME: join(folder, "state") },
      });
      console.log(stdout);
      scores = scoresSchema.parse(JSON.parse(readFileSync(json, "utf8")));
    }, 10 * MINUTES);

    const of = (event: string): EventScores => {
      const found = scores.events[event];
      if (found === undefined) throw new Error(`no clip has a rule of ${event}`);
      return found;
    };

    it.each(Object.keys(BOUNDS))("%s has events and lookalikes enough to be measured", (event) => {
      expect(of(event).references).toBeGreaterThanOrEqual(FEWEST.events);
      expect(of(event).distractors).toBeGreaterThanOrEqual(FEWEST.distractors);
    });

    it.each(Object.entries(BOUNDS))("%s finds what happens", (event, { found }) => {
      expect(of(event).recall).toBeGreaterThanOrEqual(found);
    });

    it.each(Object.entries(BOUNDS))("%s takes little else for it", (event, { misled }) => {
      const { distractors = 0, alertsOnDistractors = 0, falseAlarms } = of(event);
      expect(alertsOnDistractors / distractors).toBeLessThanOrEqual(misled);
      // Nor anything that nobody thought of.
      expect(falseAlarms - alertsOnDistractors).toBeLessThanOrEqual(Math.max(1, 0.05 * distractors));
    });

    it("analyses every clip to its end", () => {
      expect(scores.clips).toHaveLength(RENDERED_CLIPS.length);
      for (const { id, seconds } of scores.clips) expect(seconds, id).toBeGreaterThan(20);
    });
  },
);
