// node --expose-gc camera-ids.ts OUT forgets|keeps SNAPSHOT_AT CONFIG: runs the camera of a configuration, writes the ids
// of its tracks and of its episodes to OUT/tracks.bin (float64, little endian) and OUT/episodes.txt, and from stream
// time SNAPSHOT_AT on, at the first instant without a track, a heap snapshot to OUT/heap.heapsnapshot.
import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { writeHeapSnapshot } from "node:v8";
import { configSha256 } from "../../src/config/hash.ts";
import { loadConfig } from "../../src/config/load.ts";
import { runCamera } from "../../src/engine/camera-run.ts";
import { recordingSha256 } from "../../src/sources/recording-hash.ts";
import { systemClock } from "../../src/time/clock.ts";
import { studyAuthority } from "./authority.ts";

const [out = "", manner = "", snapshotAt = "", file = ""] = process.argv.slice(2);
const config = await loadConfig(file);
const [camera] = config.cameras;
if (camera === undefined) throw new Error("the configuration has no camera");
const tracksFile = openSync(join(out, "tracks.bin"), "w");
const episodesFile = openSync(join(out, "episodes.txt"), "w");
/** What a program would hold that does not forget. */
const kept: unknown[] = [];
const bytes = Buffer.alloc(8);
let taken = false;
const summary = await runCamera(
  {
    camera,
    engine: { ...config.engine, threads: 1 },
    evidence: config.evidence,
    authority: studyAuthority({ recording: await recordingSha256(camera.source), cameras: [camera.id] }),
    vault: null,
    configSha256: configSha256(config),
    out: join(out, "written"),
    realtime: false,
    longest: null,
  },
  {
    clock: systemClock,
    signal: new AbortController().signal,
    say: (message) => {
      if (message.kind !== "alert") return;
      writeSync(episodesFile, `${message.alert.kind} ${message.alert.id}\n`);
      if (manner === "keeps") kept.push({ episode: message.alert.id });
    },
    onObservation: ({ at, tracks }) => {
      for (const track of tracks) {
        // As bytes, outside of V8's heap: this very test must not keep what it looks for.
        bytes.writeDoubleLE(track.id);
        writeSync(tracksFile, bytes);
        if (manner === "keeps") kept.push({ track: track.id });
      }
      if (taken || at < Number(snapshotAt) || tracks.length > 0) return;
      taken = true;
      globalThis.gc?.();
      writeHeapSnapshot(join(out, "heap.heapsnapshot"), { exposeNumericValues: true });
    },
  },
);
for (const opened of [tracksFile, episodesFile]) closeSync(opened);
process.stdout.write(`${JSON.stringify({ taken, kept: kept.length, pictures: summary.frames.decoded })}\n`);
