import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeClip } from "../../../test/support/clip.ts";
import { MjpegServer } from "../../../test/support/http-servers.ts";
import { RtspServer, rtspServerMissing } from "../../../test/support/rtsp-server.ts";
import { CodedError } from "../../errors.ts";
import type { HealthEvent } from "../../frames/health.ts";
import { type Clock, systemClock } from "../../time/clock.ts";
import { createSource } from "../open-source.ts";
import type { Source, SourceItem, SourceOptions } from "../source.ts";

const folder = mkdtempSync(join(tmpdir(), "contrechamp-live-"));
const camera = join(folder, "camera.mjpeg");
const clip = join(folder, "camera.mp4");
beforeAll(() => {
  writeClip({ path: camera, format: "mjpeg", codec: "mjpeg", frames: 20 });
  writeClip({ path: clip, format: "mp4", frames: 40, rate: 20 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const OPTIONS: SourceOptions = {
  clock: systemClock,
  realtime: false,
  startedAt: null,
  transport: "tcp",
  decoderThreads: 1,
  queueFrames: 50,
};
/** Attempts to connect come as early as they may. */
const EARLY = { random: () => 0 };

interface Event {
  readonly pts: number | null;
  readonly kind: string;
  readonly code: string | null;
  readonly at: number;
}

/** Notes what comes until `enough` says so. */
async function note(source: Source, enough: (events: readonly Event[]) => boolean): Promise<Event[]> {
  const events: Event[] = [];
  for await (const item of source.items()) {
    events.push(eventOf(item));
    if (item.kind === "frame") item.frame.release();
    if (enough(events)) break;
  }
  return events;
}

function eventOf(item: SourceItem): Event {
  const at = performance.now() / 1000;
  if (item.kind === "frame") return { pts: item.frame.pts, kind: "frame", code: null, at };
  return { pts: item.health.pts, kind: item.health.kind, code: item.health.code, at };
}

function framesSince(events: readonly Event[], kind: string): number {
  const index = events.findIndex((event) => event.kind === kind);
  return index < 0 ? 0 : events.slice(index).filter((event) => event.kind === "frame").length;
}

function expectOneOutage(events: readonly Event[], code: string): void {
  const conditions = events.filter(({ kind }) => kind.startsWith("camera_"));
  expect(conditions.map(({ kind, code: why }) => `${kind} ${why}`)).toEqual([
    `camera_blind ${code}`,
    "camera_back null",
  ]);
  const frames = events.filter(({ kind }) => kind === "frame");
  const times = frames.map(({ pts }) => pts ?? Number.NaN);
  expect(times.every((time, index) => index === 0 || time > (times[index - 1] ?? 0))).toBe(true);
  // Presentation time goes on by as long as the camera was blind.
  const after = events.findIndex(({ kind }) => kind === "camera_back");
  const before = events.slice(0, after).findLast(({ kind }) => kind === "frame");
  const first = events.slice(after).find(({ kind }) => kind === "frame");
  const blindFor = (first?.at ?? 0) - (before?.at ?? 0);
  expect(Math.abs((first?.pts ?? 0) - (before?.pts ?? 0) - blindFor)).toBeLessThan(0.5);
}

describe("a camera over MJPEG", () => {
  it("goes blind when it is cut off, and comes back by itself", async () => {
    const server = new MjpegServer({ clip: camera, rate: 25 });
    await server.start();
    const source = createSource(server.address, OPTIONS, EARLY);
    await source.open();
    let cut = false;
    const events = await note(source, (seen) => {
      if (!cut && seen.length === 10) {
        cut = true;
        void server.stop().then(() => setTimeout(() => void server.start(), 600));
      }
      return framesSince(seen, "camera_back") === 10;
    });
    expectOneOutage(events, "SOURCE_LOST");
    await server.stop();
  });

  it("tells the time by the arrival of pictures, whatever rate the container claims", async () => {
    const server = new MjpegServer({ clip: camera, rate: 5 });
    await server.start();
    const source = createSource(server.address, OPTIONS);
    await source.open();
    const times: number[] = [];
    for await (const item of source.items()) {
      if (item.kind !== "frame") continue;
      times.push(item.frame.pts);
      item.frame.release();
      if (times.length === 8) break;
    }
    await server.stop();
    const span = (times.at(-1) ?? 0) - (times[1] ?? 0);
    // Six steps of 0.2 s; a container's 25 a second would make 0.24 s of them.
    expect(span).toBeGreaterThan(0.8);
    expect(span).toBeLessThan(2);
  });

  it("drops the oldest pictures for a slow consumer, counts them, and says so once a second", async () => {
    const server = new MjpegServer({ clip: camera, rate: 100 });
    await server.start();
    const source = createSource(server.address, { ...OPTIONS, queueFrames: 3 });
    await source.open();
    const began = performance.now();
    const health: HealthEvent[] = [];
    let frames = 0;
    let last = -1;
    for await (const item of source.items()) {
      if (item.kind === "frame") {
        frames++;
        expect(item.frame.pts).toBeGreaterThan(last);
        last = item.frame.pts;
        item.frame.release();
        await systemClock.sleep(0.1);
      } else {
        health.push(item.health);
      }
      if (performance.now() - began > 2600) break;
    }
    await server.stop();
    const drops = health.filter(({ kind }) => kind === "frames_dropped");
    expect(drops.length).toBeGreaterThanOrEqual(2);
    expect(drops.length).toBeLessThanOrEqual(3);
    const dropped = drops.reduce((sum, { count }) => sum + (count ?? 0), 0);
    expect(dropped).toBeGreaterThan(2 * frames);
  });

  it("says what is wrong with the password or the path", async () => {
    const server = new MjpegServer({ clip: camera, rate: 10, login: { user: "admin", password: "right" } });
    await server.start();
    const wrong = server.address.replace("right", "wr0ng");
    expect(await refusal(wrong)).toMatchObject({ code: "SOURCE_PASSWORD" });
    expect(await refusal(server.address.replace("/video", "/nothing"))).toMatchObject({
      code: "SOURCE_NO_STREAM",
    });
    await server.stop();
    expect(await refusal(wrong)).toMatchObject({ code: "SOURCE_UNREACHABLE" });
  });

  it("says nothing of the password, not even where libav complains", async () => {
    const server = new MjpegServer({ clip: camera, rate: 10, login: { user: "admin", password: "right" } });
    await server.start();
    const script = `
      import { createSource } from ${JSON.stringify(fileURLToPath(new URL("../open-source.ts", import.meta.url)))};
      import { systemClock } from ${JSON.stringify(fileURLToPath(new URL("../../time/clock.ts", import.meta.url)))};
      for (const address of process.env.ADDRESSES.split(" ")) {
        const source = createSource(address, { clock: systemClock, transport: "tcp", decoderThreads: 1, queueFrames: 2 });
        await source.open().catch((error) => console.error(error));
        await source.close();
      }`;
    const port = new URL(server.address).port;
    const hosts = [`http://admin:hunter2@127.0.0.1:${port}/video`, "rtsp://admin:hunter2@127.0.0.1:9/x"];
    // Asynchronous: the server answers from this process.
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
      env: { ...process.env, ADDRESSES: hosts.join(" ") },
    });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (said += text));
    await new Promise((resolve) => child.once("close", resolve));
    await server.stop();
    expect(said).toContain("SOURCE_PASSWORD");
    expect(said).toContain("SOURCE_UNREACHABLE");
    expect(said).not.toContain("hunter2");
  });
});

describe("a host that does not answer", () => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => sockets.add(socket));
  let port = 0;
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const bound = server.address();
    port = bound !== null && typeof bound === "object" ? bound.port : 0;
  });
  afterAll(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  it.each(["rtsp", "http"])("is given up after the limit (%s)", async (scheme) => {
    const hurried: Clock = {
      ...systemClock,
      sleep: (seconds, signal) => systemClock.sleep(seconds / 100, signal),
    };
    const source = createSource(`${scheme}://me:hunter2@127.0.0.1:${port}/x`, { ...OPTIONS, clock: hurried });
    const error = await source.open().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "SOURCE_TIMEOUT", message: expect.not.stringContaining("hunter2") });
    await source.close();
  });

  it.each(["rtsp", "http"])("does not hold up closing (%s)", async (scheme) => {
    const source = createSource(`${scheme}://127.0.0.1:${port}/x`, OPTIONS);
    const opened = source.open().catch((reason: unknown) => reason);
    await systemClock.sleep(0.1);
    const began = performance.now();
    await source.close();
    expect(await opened).toMatchObject({ code: "SOURCE_CLOSED" });
    expect(performance.now() - began).toBeLessThan(1000);
  });

  it("is not taken for another where its name is unknown", async () => {
    expect(await refusal("rtsp://camera.invalid/stream")).toMatchObject({ code: "SOURCE_UNREACHABLE" });
  });
});

const missing = rtspServerMissing();
describe.skipIf(missing !== null)(
  `a camera over RTSP${missing === null ? "" : ` (skipped: ${missing})`}`,
  () => {
    it.each([
      "tcp",
      "udp",
    ] as const)("goes blind when it is cut off, and comes back by itself (%s)", async (transport) => {
      const server = new RtspServer({ file: clip });
      await server.start();
      const source = createSource(server.address, { ...OPTIONS, transport }, EARLY);
      expect(await source.open()).toMatchObject({ live: true, codec: "h264", width: 160, height: 120 });
      let cut = false;
      const events = await note(source, (seen) => {
        if (!cut && seen.length === 15) {
          cut = true;
          void server.cut().then(() => setTimeout(() => void server.start(), 500));
        }
        return framesSince(seen, "camera_back") === 10;
      });
      expectOneOutage(events, "SOURCE_LOST");
      await server.stop();
    });

    it("notices a stream that stalls without an end, and comes back", async () => {
      const server = new RtspServer({ file: clip });
      await server.start();
      const source = createSource(server.address, OPTIONS, EARLY);
      await source.open();
      let frozen = 0;
      const events = await note(source, (seen) => {
        if (frozen === 0 && seen.length === 15) {
          frozen = performance.now() / 1000;
          server.freeze();
        }
        if (seen.at(-1)?.kind === "camera_blind") void server.cut().then(() => server.start());
        return framesSince(seen, "camera_back") === 5;
      });
      expectOneOutage(events, "SOURCE_STALLED");
      const noticed = (events.find(({ kind }) => kind === "camera_blind")?.at ?? 0) - frozen;
      expect(noticed).toBeGreaterThan(1.9);
      expect(noticed).toBeLessThan(4.5);
      await server.stop();
    });

    it.each([false, true])("says that the password is refused (digest: %s)", async (digest) => {
      const server = new RtspServer({ file: clip, user: "admin", password: "right", digest });
      await server.start();
      expect(await refusal(server.address.replace("right", "wr0ng"))).toMatchObject({
        code: "SOURCE_PASSWORD",
      });
      expect(await refusal(server.address.replace("/test", "/none"))).toMatchObject({
        code: "SOURCE_NO_STREAM",
      });
      await server.stop();
    });

    it("closes within a second while it is connecting again", async () => {
      const server = new RtspServer({ file: clip });
      await server.start();
      const source = createSource(server.address, OPTIONS, { random: () => 1 });
      await source.open();
      void systemClock.sleep(0.3).then(() => server.cut());
      await note(source, (seen) => seen.at(-1)?.kind === "camera_blind");
      const began = performance.now();
      await source.close();
      expect(performance.now() - began).toBeLessThan(1000);
    });
  },
);

async function refusal(address: string): Promise<CodedError> {
  const source = createSource(address, OPTIONS);
  try {
    await source.open();
  } catch (error) {
    if (error instanceof CodedError) return error;
    throw error;
  } finally {
    await source.close();
  }
  throw new Error("it was opened");
}
