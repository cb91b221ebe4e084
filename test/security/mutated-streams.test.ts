import { spawn } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSource } from "../../src/sources/open-source.ts";
import { systemClock } from "../../src/time/clock.ts";
import { writeClip } from "../support/clip.ts";

const READER = fileURLToPath(new URL("./mutated-stream-reader.ts", import.meta.url));
const STREAMS = 2000;
const BATCH = 100;
const PROCESSES = 2;
/** A stream that takes longer hangs: the longest limit of the sources is 20 s. */
const LONGEST_MS = 30_000;
/** A process that reads streams of 160x120 one after the other; Node and libav alone take some 150 MB. */
const MOST_MEGABYTES = 700;

const folder = mkdtempSync(join(tmpdir(), "contrechamp-mutated-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(() => {
  const path = (name: string) => join(folder, name);
  writeClip({ path: path("clip.mp4"), format: "mp4", bFrames: 1 });
  writeClip({ path: path("clip.mkv"), format: "matroska", bFrames: 1, sound: true });
  writeClip({ path: path("clip.avi"), format: "avi", codec: "mpeg4" });
  writeClip({ path: path("clip.ts"), format: "mpegts" });
  writeClip({ path: path("clip.h264"), format: "h264" });
  writeClip({ path: path("clip.mjpeg"), format: "mjpeg", codec: "mjpeg" });
  writeClip({ path: path("clip.m3u8"), format: "hls", frames: 10, muxer: { hls_list_size: "0" } });
  writeFileSync(path("multipart.bin"), multipart(readFileSync(path("clip.mjpeg"))));
  writeFileSync(path("rtsp.txt"), RTSP_REPLIES.join("----\n"));
});

describe("mutated streams", () => {
  it(`reads ${STREAMS} of them without a crash, a hang or a runaway`, async () => {
    const batches = Array.from({ length: STREAMS / BATCH }, (_, index) => index * BATCH);
    const outcomes = new Map<number, Outcome>();
    const reader = async () => {
      for (let next = batches.shift(); next !== undefined; next = batches.shift()) {
        for (const outcome of await readBatch(next, BATCH)) outcomes.set(outcome.seed, outcome);
      }
    };
    await Promise.all(Array.from({ length: PROCESSES }, reader));

    const all = [...outcomes.values()];
    const bad = all.filter(({ end }) => !/^(SOURCE_[A-Z_]+|ended|blind)$/.test(end));
    expect(bad).toEqual([]);
    expect(all).toHaveLength(STREAMS);
    expect(Math.max(...all.map(({ megabytes }) => megabytes))).toBeLessThan(MOST_MEGABYTES);
    // The mutations neither break everything nor nothing.
    const read = all.filter(({ end }) => end === "ended").length;
    expect(read).toBeGreaterThan(STREAMS / 10);
    expect(STREAMS - read).toBeGreaterThan(STREAMS / 10);
  });

  it("refuses a header that declares 30000x30000 pixels before it takes the memory", async () => {
    const huge = join(folder, "huge.mp4");
    copyFileSync(join(folder, "clip.mp4"), huge);
    const bytes = readFileSync(huge);
    // Width and height of the sample entry stand 28 bytes after its name.
    const entry = bytes.indexOf("avc1", bytes.indexOf("stsd"));
    bytes.writeUInt16BE(30_000, entry + 28);
    bytes.writeUInt16BE(30_000, entry + 30);
    writeFileSync(huge, bytes);
    const source = createSource(huge, {
      clock: systemClock,
      realtime: false,
      startedAt: null,
      transport: "tcp",
      decoderThreads: 1,
      queueFrames: 4,
    });
    const before = process.memoryUsage().rss;
    await expect(source.open()).rejects.toMatchObject({ code: "SOURCE_TOO_LARGE" });
    expect(process.memoryUsage().rss - before).toBeLessThan(100e6);
  });
});

interface Outcome {
  readonly seed: number;
  readonly what: string;
  readonly end: string;
  readonly megabytes: number;
}

/** Reads a batch in a process of its own; where that crashes or hangs, goes on after the stream that did it. */
async function readBatch(first: number, count: number): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  let next = first;
  while (next < first + count) {
    const { ended, fatal } = await readInProcess(next, first + count - next);
    outcomes.push(...ended);
    if (fatal !== null) outcomes.push(fatal);
    const done = ended.length + (fatal === null ? 0 : 1);
    if (done === 0) throw new Error(`the reader did not start at ${next}`);
    next += done;
  }
  return outcomes;
}

async function readInProcess(
  first: number,
  count: number,
): Promise<{ ended: Outcome[]; fatal: Outcome | null }> {
  const child = spawn(process.execPath, [READER, folder, String(first), String(count)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let complaint = "";
  child.stderr.on("data", (chunk) => {
    complaint = `${complaint}${chunk}`.slice(-2000);
  });
  const ended: Outcome[] = [];
  let running: { seed: number; what: string } | null = null;
  let hung = false;
  const onHang = () => {
    hung = true;
    child.kill("SIGKILL");
  };
  let timer = setTimeout(onHang, LONGEST_MS);
  for await (const line of createInterface({ input: child.stdout })) {
    const [event, seed = "", ...rest] = line.split(" ");
    clearTimeout(timer);
    timer = setTimeout(onHang, LONGEST_MS);
    if (event === "start") running = { seed: Number(seed), what: rest.join(" ") };
    if (event === "end" && running !== null) {
      ended.push({ ...running, end: rest[0] ?? "", megabytes: Number(rest[1]) });
      running = null;
    }
  }
  clearTimeout(timer);
  const code = await new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve(child.signalCode ?? child.exitCode);
    else child.once("exit", (status, signal) => resolve(signal ?? status));
  });
  if (running === null) return { ended, fatal: null };
  const end = hung ? "HUNG" : `CRASHED with ${code}: ${complaint}`;
  return { ended, fatal: { ...running, end, megabytes: 0 } };
}

/** What a camera answers to GET, with ten pictures. */
function multipart(stream: Buffer): Buffer {
  const parts: Buffer[] = [
    Buffer.from("HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace;boundary=frame\r\n\r\n"),
  ];
  const start = Buffer.from([0xff, 0xd8, 0xff]);
  for (let at = 0, n = 0; at >= 0 && n < 10; n++) {
    const next = stream.indexOf(start, at + 3);
    const picture = stream.subarray(at, next < 0 ? undefined : next);
    parts.push(
      Buffer.from(`--frame\r\nContent-Type: image/jpeg\r\nContent-Length: ${picture.length}\r\n\r\n`),
      picture,
      Buffer.from("\r\n"),
    );
    at = next;
  }
  return Buffer.concat(parts);
}

const SDP =
  "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=test\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1;sprop-parameter-sets=Z0LACtoKP6EAAAMAAQAAAwAyDxIg0w==,aM48gA==\r\na=control:stream=0\r\n";

/** OPTIONS, DESCRIBE, SETUP, PLAY of a server, and two packets of the stream. */
const RTSP_REPLIES = [
  "RTSP/1.0 200 OK\r\nCSeq: 1\r\nPublic: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n\r\n",
  `RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Type: application/sdp\r\nContent-Length: ${SDP.length}\r\n\r\n${SDP}`,
  "RTSP/1.0 200 OK\r\nCSeq: 3\r\nSession: 12345678;timeout=60\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n\r\n",
  "RTSP/1.0 200 OK\r\nCSeq: 4\r\nSession: 12345678\r\nRange: npt=0-\r\n\r\n$\0\0\x10\x80\x60\0\x01\0\0\0\0\0\0\0\x01\x65\x88\x84\0$\0\0\x10\x80\xe0\0\x02\0\0\x0e\x10\0\0\0\x01\x41\x9a\x02\0",
];
