import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { loadReference } from "../../src/audit/load-reference.ts";
import type { ReferenceEvent } from "../../src/audit/reference.ts";
import { evidenceManifestSchema } from "../../src/evidence/manifest.ts";
import { writeStudy } from "../support/authority.ts";
import { footage, missingFootage } from "../support/footage.ts";
import { readFootage, readPng, revealedShare } from "../support/leaks.ts";
import { type Score, scoreAlerts } from "../support/score-alerts.ts";
import { startWatch, type Watched } from "../support/watch.ts";

const CLIP = "data/pets09-s2l1/frames-001-395.mp4";
const REFERENCE = "data/pets09-s2l1/reference.json";
const SUITE = "suites/open.yml";
const missing = missingFootage(CLIP, REFERENCE, SUITE);

/** The clip's camera of the suite, as a configuration, with the rules of this version. */
async function configuration(): Promise<string> {
  const suite = parse(await readFile(footage(SUITE), "utf8"));
  const { camera } = suite.clips.find((clip: { id: string }) => clip.id === "pets09");
  const rules = camera.rules.filter((rule: { event: string }) => /zone_intrusion|wrong_way/.test(rule.event));
  return stringify({
    schema: "contrechamp/config@1",
    cameras: [{ ...camera, rules, id: "campus", source: footage(CLIP) }],
  });
}

describe.skipIf(missing !== null)(
  `a campus road with pedestrians${missing === null ? "" : ` (${missing})`}`,
  () => {
    let folder: string;
    let watched: Watched;
    let references: readonly ReferenceEvent[];

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "contrechamp-campus-"));
      const config = join(folder, "campus.yml");
      await writeFile(config, await configuration());
      references = (await loadReference(footage(REFERENCE))).events;
      const recordings = [footage(CLIP)];
      const study = await writeStudy(join(folder, "documents"), recordings, { cameras: ["campus"] });
      watched = await startWatch(["--config", config, ...study], join(folder, "out")).done;
    });
    afterAll(() => rm(folder, { recursive: true, force: true }));

    function score(event: string): Score {
      const raised = watched.alerts.filter((alert) => alert.event === event && alert.kind === "raised");
      const alerts = raised.map((alert) => ({
        rule: alert.ruleId,
        at: alert.streamTime,
        box: alert.place.box,
      }));
      return scoreAlerts(
        references.filter((reference) => reference.event === event),
        alerts,
      );
    }

    it("runs to its end", () => {
      expect(watched.errors).not.toContain("INTERNAL");
      expect(watched.exitCode).toBe(0);
      expect(watched.run?.outcome).toBe("complete");
    });

    // 8 episodes and 27 crossings: 0.95 allows no miss and no false alarm of the former, one of the latter.
    it.each([
      "zone_intrusion",
      "wrong_way",
    ])("finds %s with recall and precision of at least 0.95", (event) => {
      const { recall, precision, missed, unfounded, hits, references: of } = score(event);
      console.log(`${event}: ${hits} of ${of} found, ${unfounded.length} false alarms`);
      expect({ missed, unfounded, recall: recall >= 0.95, precision: precision >= 0.95 }).toMatchObject({
        recall: true,
        precision: true,
      });
    });

    it("shows nothing of who moved, in any still: at most what a flat colour matches by chance", async () => {
      const evidence = join(folder, "out", "campus", "evidence");
      const manifests = await Promise.all(
        (await readdir(evidence))
          .filter((name) => name.endsWith(".json"))
          .map(async (name) =>
            evidenceManifestSchema.parse(JSON.parse(await readFile(join(evidence, name), "utf8"))),
          ),
      );
      expect(manifests.length).toBe(watched.alerts.filter((alert) => alert.kind === "raised").length);
      const [first] = manifests;
      if (first === undefined) return;
      const size = await readPng(join(evidence, first.still.file));
      const times = manifests.map((manifest) => manifest.streamTime);
      const { empty, at } = await readFootage(footage(CLIP), size.width, size.height, times, 0.9);
      let withBackground = 0;
      for (const { still, streamTime } of manifests) {
        const picture = at.get(streamTime);
        if (picture === undefined) throw new Error(`no picture at ${streamTime} s`);
        const { moving, share } = revealedShare(await readPng(join(evidence, still.file)), picture, empty);
        expect(moving).toBeGreaterThan(1000);
        expect(share).toBeLessThan(0.01);
        expect(revealedShare(picture, picture, empty).share).toBe(1);
        if (still.background.kind === "learnt") withBackground += 1;
      }
      // Grey alone would prove little.
      expect(withBackground).toBeGreaterThan(5);
    });

    it("alerts on intrusions within 1.5 s of their begin and the rule's time, in 9 of 10", () => {
      const late = score("zone_intrusion").secondsToAlert.filter((seconds) => seconds > 1 + 1.5);
      expect(late.length).toBeLessThanOrEqual(0.1 * score("zone_intrusion").hits);
    });
  },
);
