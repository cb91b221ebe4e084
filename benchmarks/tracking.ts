/**
 * Input strategies and association methods on the clips of a suite whose reference has tracks: each picture goes
 * through the network once for each strategy, then the trackers are run on what was seen. Prints Markdown.
 *
 * Usage: node benchmarks/tracking.ts SUITE [--model NAME]
 */
import { parseArgs } from "node:util";
import { loadSuite } from "../src/audit/suite.ts";
import { readMotFile } from "../src/audit/tracking/mot-file.ts";
import type { TrackingScores } from "../src/audit/tracking/tracking-scores.ts";
import { createTracker } from "../src/tracking/byte-tracker.ts";
import type { Tracker } from "../src/tracking/tracker.ts";
import { budget } from "./tracking/budget.ts";
import { seeClip } from "./tracking/detections.ts";
import { follow, scores } from "./tracking/follow.ts";
import { createOcSort } from "./tracking/oc-sort.ts";

/** Looks a second: the engine's default, and more and fewer, because one rate alone is luck. */
const RATES = [5, 8, 10] as const;
const ENGINE_RATE = 8;

const { values, positionals } = parseArgs({
  options: { model: { type: "string", default: "mb3-centernet" } },
  allowPositionals: true,
});
const [file] = positionals;
if (file === undefined) throw new Error("Usage: node benchmarks/tracking.ts SUITE [--model NAME]");

const three = ({ mota, idf1, hota }: TrackingScores) =>
  [mota, idf1, hota].map((value) => value.toFixed(3)).join(" ");

const suite = await loadSuite(file);
for (const clip of suite.clips) {
  if (clip.reference.tracks === null) continue;
  const reference = await readMotFile(clip.reference.tracks);
  const seen = await seeClip(clip.video, values.model);
  const trackers: Readonly<Record<string, () => Tracker>> = {
    engine: () => createTracker({ width: seen.width, height: seen.height }),
    "OC-SORT": () => createOcSort(),
    "OC-SORT, score 0.4": () => createOcSort({ score: 0.4 }),
  };
  const [engine] = seen.strategies;
  const first = seen.pictures[0]?.by.get("whole 512")?.pixels ?? Number.NaN;
  console.log(`\n### ${clip.id}: MOTA, IDF1, HOTA\n`);
  console.log(
    `| Input | Pixels a look | Tracker | ${RATES.map((rate) => `${rate}/s`).join(" | ")} | Unscored persons forgiven, ${ENGINE_RATE}/s |`,
  );
  console.log(`|---|---|---|${RATES.map(() => "---|").join("")}---|`);
  for (const strategy of seen.strategies) {
    const pixels = seen.pictures.reduce((sum, { by }) => sum + (by.get(strategy)?.pixels ?? 0), 0);
    for (const [name, make] of Object.entries(trackers)) {
      const runs = RATES.map((rate) => ({
        rate,
        ...scores(seen, reference, follow(seen, strategy, rate, make())),
      }));
      const forgiven = runs.find(({ rate }) => rate === ENGINE_RATE)?.forgiven;
      const cost = (pixels / seen.pictures.length / first).toFixed(2);
      console.log(
        `| ${strategy} | ${cost} | ${name} | ${runs.map(({ bench }) => three(bench)).join(" | ")} | ${forgiven === undefined ? "" : three(forgiven)} |`,
      );
    }
  }
  if (engine === undefined) continue;
  const followed = follow(
    seen,
    engine,
    ENGINE_RATE,
    createTracker({ width: seen.width, height: seen.height }),
  );
  const { reference: boxes, missed, wrong, seen: oracle } = budget(reference, followed);
  console.log(
    `\n### ${clip.id}: where boxes are lost (${engine}, ${ENGINE_RATE}/s, ${followed.length} pictures)\n`,
  );
  console.log(
    `${boxes} boxes of the reference are to be scored. The network has a box on ${oracle.scored} of them, and on ${oracle.unscored} persons that are not to be scored.\n`,
  );
  console.log("| Missed | Boxes |\n|---|---|");
  for (const [why, count] of Object.entries(missed)) console.log(`| ${why} | ${count} |`);
  console.log("\n| Wrong | Boxes |\n|---|---|");
  for (const [why, count] of Object.entries(wrong)) console.log(`| ${why} | ${count} |`);
}
// The inference thread may outlive its session by a moment.
process.exit(0);
