/**
 * Child process of mutated-streams.test.ts: reads mutated streams one after the other and tells of each.
 *
 *   mutated-stream-reader.ts FOLDER FIRST COUNT
 *
 * Says `start SEED KIND HOW` before and `end SEED OUTCOME PEAK_MB MS` after each, so that the parent knows which
 * stream a crash or a hang belongs to.
 */
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { CodedError } from "../../src/errors.ts";
import { createSource } from "../../src/sources/open-source.ts";
import { type Clock, systemClock } from "../../src/time/clock.ts";
import { mutate, seededRandom } from "../support/mutate.ts";

const FILES = ["mp4", "mkv", "avi", "ts", "mjpeg", "h264"] as const;
/** In every twenty streams: one over RTSP, one over MJPEG, one over HLS, three playlists, the rest files. */
const KINDS = ["rtsp", "http-mjpeg", "http-hls", "playlist", "playlist", "segment"] as const;

/** Twenty seconds pass in one: the time limits of the sources are the real ones, only sooner over. */
const HASTE = 20;
const hurriedClock: Clock = {
  now: () => systemClock.now(),
  monotonic: () => systemClock.monotonic() * HASTE,
  sleep: (seconds, signal) => systemClock.sleep(seconds / HASTE, signal),
};

const [folder = "", first = "0", count = "0"] = process.argv.slice(2);
const work = join(folder, `work-${first}`);
mkdirSync(work, { recursive: true });
for (let seed = Number(first); seed < Number(first) + Number(count); seed++) await run(seed);
rmSync(work, { recursive: true, force: true });

async function run(seed: number): Promise<void> {
  const random = seededRandom(seed);
  const kind = KINDS[seed % 20] ?? FILES[seed % FILES.length] ?? "mp4";
  const original = readFileSync(join(folder, sample(kind)));
  const { how, bytes } = mutate(original, random);
  console.log(`start ${seed} ${kind} ${how}`);
  const began = performance.now();
  const { address, stop } = await place(kind, bytes);
  try {
    const outcome = await read(address);
    console.log(
      `end ${seed} ${outcome} ${Math.round(process.resourceUsage().maxRSS / 1024)} ${Math.round(performance.now() - began)}`,
    );
  } finally {
    await stop();
  }
}

function sample(kind: string): string {
  if (kind === "rtsp") return "rtsp.txt";
  if (kind === "http-mjpeg") return "multipart.bin";
  if (kind === "http-hls" || kind === "playlist") return "clip.m3u8";
  return kind === "segment" ? "clip0.ts" : `clip.${kind}`;
}

interface Placed {
  readonly address: string;
  stop(): Promise<void>;
}

/** Puts the mutated bytes where they can be read. */
async function place(kind: string, bytes: Uint8Array): Promise<Placed> {
  const stop = async () => {};
  if (kind === "rtsp") return await serve("rtsp", "/test", (socket) => answerRtsp(socket, bytes));
  if (kind === "http-mjpeg") return await serve("http", "/video", (socket) => socket.end(bytes));
  if (kind === "http-hls") {
    return await serve("http", "/clip.m3u8", (socket, request) => {
      const isSegment = /GET \S*\.ts/.test(request);
      const body = isSegment ? readFileSync(join(folder, "clip0.ts")) : bytes;
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`);
      socket.end(body);
    });
  }
  const isHls = kind === "playlist" || kind === "segment";
  const path = join(work, isHls ? "clip.m3u8" : `clip.${kind}`);
  if (isHls) {
    copyFileSync(join(folder, "clip.m3u8"), path);
    copyFileSync(join(folder, "clip0.ts"), join(work, "clip0.ts"));
  }
  writeFileSync(kind === "segment" ? join(work, "clip0.ts") : path, bytes);
  return { address: path, stop };
}

async function serve(
  protocol: string,
  path: string,
  answer: (socket: Socket, request: string) => void,
): Promise<Placed> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("data", (request) => answer(socket, request.toString("latin1")));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const bound = server.address();
  const port = bound !== null && typeof bound === "object" ? bound.port : 0;
  return {
    address: `${protocol}://127.0.0.1:${port}${path}`,
    stop: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** Answers each request with the next of the mutated replies; after the last, the connection ends. */
function answerRtsp(socket: Socket, bytes: Uint8Array): void {
  const replies = Buffer.from(bytes).toString("latin1").split("----\n");
  const turn = Number(Reflect.get(socket, "turn") ?? 0);
  Reflect.set(socket, "turn", turn + 1);
  const reply = replies[turn];
  if (reply === undefined) socket.end();
  else socket.write(Buffer.from(reply, "latin1"));
}

/** Reads all there is. @returns the code of the error or `ended`, or `blind` for a live stream that broke off */
async function read(address: string): Promise<string> {
  const source = createSource(address, {
    clock: hurriedClock,
    realtime: false,
    startedAt: 0,
    transport: "tcp",
    decoderThreads: 1,
    queueFrames: 4,
  });
  try {
    await source.open();
    let outcome = "silent";
    let last = -1;
    for await (const item of source.items()) {
      if (item.kind === "frame") {
        if (item.frame.pts <= last) throw new Error(`time went from ${last} to ${item.frame.pts}`);
        last = item.frame.pts;
        item.frame.luma();
        item.frame.motionVectors();
        item.frame.rgb({ x: 3, y: 1, width: item.frame.width - 4, height: item.frame.height - 2 }, 64, 48);
        item.frame.release();
      } else if (item.health.kind === "ended") {
        outcome = "ended";
      } else if (item.health.kind === "camera_blind") {
        outcome = "blind";
        break;
      }
    }
    return outcome;
  } catch (error) {
    if (error instanceof CodedError) return error.code;
    return `THREW:${String(error).replaceAll(/\s/g, "_")}`;
  } finally {
    await source.close();
  }
}
