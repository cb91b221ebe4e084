import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { createSource } from "../../src/sources/open-source.ts";
import type { SourceOptions } from "../../src/sources/source.ts";
import { systemClock } from "../../src/time/clock.ts";
import { type ClipOptions, writeClip } from "../support/clip.ts";
import { HlsServer, MjpegServer } from "../support/http-servers.ts";
import { RtspServer, rtspServerMissing } from "../support/rtsp-server.ts";
import { type SourceUnderTest, sourceContract } from "./source.ts";

const folder = mkdtempSync(join(tmpdir(), "contrechamp-sources-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const OPTIONS: SourceOptions = {
  clock: systemClock,
  realtime: false,
  startedAt: null,
  transport: "tcp",
  decoderThreads: 1,
  queueFrames: 100,
};
const LOOK = { width: 160, height: 120, rate: 10 };

function clip(name: string, options: Omit<ClipOptions, "path">): string {
  const path = join(folder, name);
  writeClip({ path, ...options });
  return path;
}

function recording(address: string, frames: number, look = LOOK): SourceUnderTest {
  return { ...look, frames, make: () => createSource(address, OPTIONS) };
}

sourceContract("mp4, B-frames", async () =>
  recording(clip("clip.mp4", { format: "mp4", bFrames: 2, frames: 25 }), 25),
);
sourceContract("mp4, turned by 90 degrees", async () => {
  const path = clip("turned.mp4", { format: "mp4", rotation: 90, frames: 15 });
  return recording(path, 15, { width: 120, height: 160, rate: 10 });
});
sourceContract("mkv with sound", async () =>
  recording(clip("clip.mkv", { format: "matroska", sound: true, frames: 25 }), 25),
);
sourceContract("avi, MPEG-4", async () =>
  recording(clip("clip.avi", { format: "avi", codec: "mpeg4", frames: 25 }), 25),
);
sourceContract("transport stream", async () =>
  recording(clip("clip.ts", { format: "mpegts", bFrames: 1, frames: 25 }), 25),
);
sourceContract("image folder", async () => {
  mkdirSync(join(folder, "images"));
  clip("images/frame-%d.jpg", { format: "image2", codec: "mjpeg", frames: 12 });
  return recording(join(folder, "images"), 12);
});
sourceContract("HLS on disk", async () => {
  mkdirSync(join(folder, "hls"));
  return recording(clip("hls/clip.m3u8", { format: "hls", frames: 25, muxer: { hls_list_size: "0" } }), 25);
});
sourceContract("HLS, complete, over http", async () => {
  const server = await hlsServer("vod", 30, false);
  return { ...recording(server.address, 30), stop: () => server.stop() };
});
sourceContract("HLS, live", async () => {
  const server = await hlsServer("live", 600, true);
  return live(server.address, () => server.stop());
});
sourceContract("http MJPEG with a password", async () => {
  const password = "p@ss/word";
  const path = clip("camera.mjpeg", { format: "mjpeg", codec: "mjpeg", frames: 20 });
  const server = new MjpegServer({ clip: path, rate: 25, login: { user: "admin", password } });
  await server.start();
  // Its pictures carry no times: they come at the rate that libav assumes for MJPEG.
  return { ...live(server.address, () => server.stop()), rate: 25, secret: password };
});
for (const transport of ["tcp", "udp"] as const) {
  sourceContract(
    `RTSP over ${transport} with a password`,
    async () => {
      const file = clip(`rtsp-${transport}.mp4`, { format: "mp4", frames: 40, bFrames: 1 });
      const server = new RtspServer({
        file,
        user: "admin",
        password: "s3cret-w0rd",
        digest: transport === "tcp",
      });
      await server.start();
      return {
        ...live(server.address, () => server.stop()),
        make: () => createSource(server.address, { ...OPTIONS, transport }),
        secret: "s3cret-w0rd",
      };
    },
    rtspServerMissing(),
  );
}

async function hlsServer(name: string, frames: number, isLive: boolean): Promise<HlsServer> {
  mkdirSync(join(folder, name));
  const muxer = { hls_time: "1", hls_list_size: "0" };
  const server = new HlsServer(clip(`${name}/clip.m3u8`, { format: "hls", frames, muxer }), { live: isLive });
  await server.start();
  return server;
}

function live(address: string, stop: () => Promise<void>): SourceUnderTest {
  return { ...LOOK, frames: null, make: () => createSource(address, OPTIONS), stop };
}
