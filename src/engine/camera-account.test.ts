import { describe, expect, it } from "vitest";
import type { Alert } from "../alerts/alert.ts";
import { configSha256 } from "../config/hash.ts";
import { defaultCamera, defaultConfig } from "../config/load.ts";
import { fault } from "../errors.ts";
import { EMPTY_WORLD } from "../policy/world.ts";
import { systemClock } from "../time/clock.ts";
import { CameraAccount } from "./camera-account.ts";
import type { SupervisedJob } from "./messages.ts";

const camera = defaultCamera("rtsp://me:hunter2@camera.example/stream", "gate");
const config = defaultConfig([camera]);
const JOB: SupervisedJob = {
  camera,
  engine: { ...config.engine, threads: 1 },
  evidence: config.evidence,
  authority: { world: EMPTY_WORLD, use: "alert", footage: "live", recordingSha256: null, instant: "now" },
  vault: null,
  configSha256: configSha256(config),
  out: "/out",
  realtime: false,
  longest: null,
  live: true,
  patient: true,
};
const RAISED: Alert = {
  schema: "contrechamp/alert@1",
  id: "e",
  kind: "raised",
  reason: null,
  event: "zone_intrusion",
  cameraId: "gate",
  ruleId: "r",
  place: { kind: "zone", id: "z", box: { x: 0, y: 0, width: 1, height: 1 } },
  at: "2026-01-01T00:00:10.000Z",
  footage: "live",
  decisionRef: "0".repeat(64),
  authorisationId: null,
  streamTime: 10,
  since: 9,
  until: null,
  countBand: null,
  densityPerM2: null,
  model: { name: "m", sha256: "0".repeat(64) },
  configSha256: "0".repeat(64),
  evidence: null,
  engineVersion: "0.1.0",
};
const progress = (videoSeconds: number, decoded: number) =>
  ({
    kind: "progress",
    videoSeconds,
    wallSeconds: videoSeconds,
    rssBytes: 1,
    startedAt: "2026-01-01T00:00:00.000Z",
    frames: { decoded, analysed: decoded, inferred: 0, gated: 0, dropped: 0 },
  }) as const;
const ENDED = fault("CAMERA_PROCESS_ENDED", { camera: "gate", how: "signal SIGKILL" });

describe("CameraAccount", () => {
  it("closes what a lost process left open, and nothing twice", () => {
    const account = new CameraAccount(JOB, systemClock);
    account.alert(RAISED);
    account.progress(progress(14.5, 145));
    const closed = account.processLost();
    expect(closed).toMatchObject([
      { id: "e", kind: "closed", reason: "stream_ended", streamTime: 14.5, until: 14.5, since: 9 },
    ]);
    expect(account.processLost()).toEqual([]);
    expect(account.summary(null, null).alerts.map(({ kind }) => kind)).toEqual(["raised", "closed"]);
  });

  it("adds up what all processes saw", () => {
    const account = new CameraAccount(JOB, systemClock);
    account.progress(progress(5, 50));
    account.progress(progress(10, 100));
    account.processLost();
    account.progress(progress(3, 30));
    account.processLost();
    expect(account.summary(null, ENDED)).toMatchObject({
      videoSeconds: 13,
      frames: { decoded: 130, analysed: 130 },
      startedAt: "2026-01-01T00:00:00.000Z",
      failed: true,
    });
  });

  it("says once that a camera is waited for, again for another reason, and never its password", () => {
    const account = new CameraAccount(JOB, systemClock);
    const refused = fault("SOURCE_UNREACHABLE", { address: "rtsp://camera.example", reason: "refused" });
    const silent = fault("SOURCE_TIMEOUT", { address: "rtsp://camera.example", seconds: 10 });
    expect([refused, refused, silent, silent].map((error) => account.waiting(error)?.code)).toEqual([
      "SOURCE_UNREACHABLE",
      undefined,
      "SOURCE_TIMEOUT",
      undefined,
    ]);
    const summary = account.summary(null, silent);
    expect(summary).toMatchObject({ failed: true, live: true, width: null, videoSeconds: 0 });
    expect(summary.health).toHaveLength(2);
    expect(JSON.stringify(summary)).not.toContain("hunter2");
  });

  it("keeps the newest of what has no end", () => {
    const account = new CameraAccount(JOB, systemClock);
    for (let i = 0; i < 10_100; i += 1) account.alert({ ...RAISED, id: `${i}`, kind: "closed" });
    const { alerts } = account.summary(null, null);
    expect(alerts).toHaveLength(10_000);
    expect(alerts.at(-1)?.id).toBe("10099");
  });
});
