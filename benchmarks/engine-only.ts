/**
 * The whole engine on one recording, in this process. Prints its account as JSON.
 * Usage: node benchmarks/engine-only.ts CLIP CONFIG OUT
 */
import { configSha256 } from "../src/config/hash.ts";
import { loadConfig } from "../src/config/load.ts";
import { runCamera } from "../src/engine/camera-run.ts";
import { recordingSha256 } from "../src/sources/recording-hash.ts";
import { systemClock } from "../src/time/clock.ts";
import { studyAuthority } from "../test/support/authority.ts";

const [clip, configFile, out] = process.argv.slice(2);
if (clip === undefined || configFile === undefined || out === undefined) {
  throw new Error("Usage: node benchmarks/engine-only.ts CLIP CONFIG OUT");
}
const config = await loadConfig(configFile);
const [camera] = config.cameras;
if (camera === undefined) throw new Error("The configuration has no camera.");
let cpuAtStart = process.cpuUsage();
const summary = await runCamera(
  {
    camera: { ...camera, source: clip },
    engine: { ...config.engine, threads: 1 },
    evidence: config.evidence,
    authority: studyAuthority({ recording: await recordingSha256(clip), cameras: [camera.id] }),
    vault: null,
    configSha256: configSha256(config),
    out,
    realtime: false,
    longest: null,
  },
  {
    clock: systemClock,
    signal: new AbortController().signal,
    // The model is loaded and the source open: what follows is the running cost.
    say: (message) => {
      if (message.kind === "ready") cpuAtStart = process.cpuUsage();
    },
  },
);
const used = process.cpuUsage(cpuAtStart);
console.log(JSON.stringify({ cpuSeconds: (used.user + used.system) / 1e6, summary }));
// The inference thread may outlive its session by a moment; the figures are printed.
process.exit(0);
