/**
 * The yardstick: decodes a recording with the engine's own source and looks at nothing. Prints JSON.
 * Usage: node benchmarks/decode-only.ts CLIP
 */
import { createSource } from "../src/sources/open-source.ts";
import { systemClock } from "../src/time/clock.ts";

const [clip] = process.argv.slice(2);
if (clip === undefined) throw new Error("Usage: node benchmarks/decode-only.ts CLIP");
const source = createSource(clip, {
  clock: systemClock,
  realtime: false,
  startedAt: null,
  transport: "tcp",
  decoderThreads: 1,
  queueFrames: 4,
});
const info = await source.open();
const cpu = process.cpuUsage();
let frames = 0;
let seconds = 0;
for await (const item of source.items()) {
  if (item.kind !== "frame") continue;
  frames += 1;
  seconds = item.frame.pts;
  item.frame.release();
}
const used = process.cpuUsage(cpu);
await source.close();
console.log(
  JSON.stringify({
    width: info.width,
    height: info.height,
    frames,
    seconds,
    cpuSeconds: (used.user + used.system) / 1e6,
  }),
);
