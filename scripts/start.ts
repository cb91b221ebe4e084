/**
 * `npm start`: from nothing to a report on real footage. Gets the default model and a sample clip, both by
 * hash, analyses the clip with examples/campus.yml and says what to open.
 */
import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { cacheFolder, sampleClip } from "./sample.ts";

const root = resolve(import.meta.dirname, "..");
const out = join(root, "out");

console.log("1/3  The model");
contrechamp("models", "pull");

console.log("\n2/3  The footage");
const clip = await sampleClip(console.log);
const [input, config] = clip === null ? rendered() : [[clip], join(root, "examples", "campus.yml")];
if (clip !== null) console.log(`  ${clip}`);

console.log(`\n3/3  The analysis, with ${config}`);
contrechamp("watch", ...input, "--config", config, "--out", out);

console.log(`
Open ${join(out, "report.html")}: the alerts, their evidence (shapes on the learnt background, never the
picture), what the camera went through, and how long each step took.

Your own camera next:
  npx contrechamp watch rtsp://camera.example/stream --out out
  npx contrechamp check --config examples/campus.yml      what a configuration would do, before it runs`);

/** No footage could be had: people drawn by the project itself, with the configuration that belongs to them. */
function rendered(): readonly [readonly string[], string] {
  const scene = "plaza-busy";
  console.log(
    "  No real footage can be had here. Drawing a RENDERED scene instead: nobody in it is real, and how",
  );
  console.log("  often the analysis is right on it says nothing of how often it is right in the street.");
  const folder = join(cacheFolder(), "scenes");
  contrechamp("scene", "render", scene, "--out", folder);
  return [[], join(folder, `${scene}.config.yml`)];
}

/** Runs one command as a person would, and ends with its exit code should it fail. */
function contrechamp(...args: readonly string[]): void {
  const bin = join(root, "bin", "contrechamp");
  const run = spawnSync(process.execPath, [bin, ...args], { cwd: root, stdio: "inherit" });
  if (run.status !== 0) process.exit(run.status ?? 70);
}
