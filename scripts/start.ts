/**
 * `npm start`: from nothing to a report on real footage. Gets the default model and a sample clip, both by
 * hash, analyses the clip with examples/campus.yml and says what to open.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { sampleClip } from "./sample.ts";

const root = resolve(import.meta.dirname, "..");
const out = join(root, "out");

console.log("1/3  The model");
contrechamp("models", "pull");

console.log("\n2/3  The footage");
const real = await sampleClip(console.log);
const [clip, config] = real === null ? rendered() : [real, join(root, "examples", "campus.yml")];
console.log(`  ${clip}`);

console.log(`\n3/3  The analysis, with ${relative(root, config)}`);
contrechamp("watch", clip, "--config", config, "--out", out);

console.log(`
Open ${join(out, "report.html")}: the alerts, their evidence (shapes on the learnt background, never the
picture), what the camera went through, and how long each step took.

Your own camera next:
  npx contrechamp watch rtsp://camera.example/stream --out out
  npx contrechamp check --config examples/campus.yml      what a configuration would do, before it runs`);

/** No footage could be had: people and vehicles drawn by the project itself, and its own configuration. */
function rendered(): readonly [string, string] {
  console.log("  No real footage can be had here (no network, no apt): analysing a RENDERED scene instead.");
  mkdirSync(out, { recursive: true });
  const clip = join(out, "rendered-scene.mp4");
  contrechamp("scene", "render", "plaza", "--out", clip);
  return [clip, join(root, "examples", "rendered-plaza.yml")];
}

/** Runs one command as a person would, and ends with its exit code should it fail. */
function contrechamp(...args: readonly string[]): void {
  const bin = join(root, "bin", "contrechamp");
  const run = spawnSync(process.execPath, [bin, ...args], { cwd: root, stdio: "inherit" });
  if (run.status !== 0) process.exit(run.status ?? 70);
}
