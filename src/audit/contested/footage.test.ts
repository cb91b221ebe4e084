import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { defaultConfig } from "../../config/load.ts";
import { prepareScene } from "../../scenes/catalogue.ts";
import { type WrittenScene, writeScene, writeSuite } from "../../scenes/write.ts";
import { systemClock } from "../../time/clock.ts";
import { runSuite } from "../run/run-suite.ts";
import { loadSuite } from "../suite.ts";
import { contestedFootage } from "./footage.ts";
import { contestedSummary } from "./summary.ts";

const folder = mkdtempSync(join(tmpdir(), "contrechamp-contested-"));
let waiting: WrittenScene;
let suite: string;

beforeAll(() => {
  // Three people wait on their feet and one on a bench, from the first picture to the last.
  waiting = writeScene(prepareScene("platform-waiting", 1, { seconds: 36, rate: 4 }), folder);
  suite = writeSuite("waiting", [waiting.clip], folder);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const playlist = join(folder, "street.m3u8");
writeFileSync(playlist, "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://127.0.0.1:9/live.ts\n");

describe("contestedFootage", () => {
  it.each([
    "rtsp://user:secret@127.0.0.1/street",
    "http://127.0.0.1/stream.m3u8",
    "http://127.0.0.1/camera",
    "/dev/video0",
  ])("refuses the stream %s, and tells no password", async (address) => {
    const refused = contestedFootage([waiting.video, address]);
    await expect(refused).rejects.toMatchObject({ code: "CONTESTED_STREAM" });
    await expect(refused).rejects.not.toThrow(/secret/);
  });

  it("refuses a suite that names a stream", async () => {
    const file = join(folder, "stream.yml");
    const clip = { id: "live", video: "rtsp://127.0.0.1/a", reference: "a.json", camera: {} };
    writeFileSync(file, stringify({ schema: "contrechamp/suite@1", name: "live", clips: [clip] }));
    await expect(contestedFootage([file])).rejects.toThrow(/is a stream/);
  });

  it.each([
    [["nowhere.mp4"], "SOURCE_NOT_FOUND"],
    [["nowhere.yml"], "AUDIT_UNREADABLE"],
    // What it names may lie anywhere, and be another tomorrow: it is not even asked for.
    [[playlist], "RECORDING_KIND"],
    [["nowhere.yml", "clip.mp4"], "CONTESTED_SUITE_ALONE"],
  ])("refuses %s with %s", async (paths, code) => {
    await expect(contestedFootage(paths)).rejects.toMatchObject({ code });
  });

  it("takes recordings one by one, two of one name too, and everything in them is looked at", async () => {
    const { clips } = await contestedFootage([waiting.video, waiting.video]);
    expect(clips.map(({ id }) => id)).toEqual(["platform-waiting.mp4", "platform-waiting.mp4 (2)"]);
    for (const { view, cameraKey, id } of clips) {
      expect(cameraKey).toBe(id);
      expect(view.rules).toMatchObject([{ event: "crowd_density", persons: 10_000 }]);
    }
  });

  it("takes of a suite the views and their calibration, and neither rules nor references", async () => {
    const { clips } = await contestedFootage([suite]);
    expect(clips[0]?.view.calibration).toHaveLength(4);
    expect(clips[0]?.view.zones).toEqual([]);
    expect(clips[0]?.view.rules.map(({ id }) => id)).toEqual(["whole-view"]);
    expect(clips[0]?.reference).toEqual({ events: [], distractors: [], counts: null, tracks: null });
  });
});

describe("a rule of 30 s on a platform", () => {
  it("flags people who wait for a train, through the engine, and nobody is told", async () => {
    const footage = await contestedFootage([suite]);
    // A few seconds more, in a suite that watches for nothing.
    const short = writeScene(
      prepareScene("platform-waiting", 1, { seconds: 4, rate: 4 }),
      join(folder, "short"),
    );
    const [clip] = (await loadSuite(writeSuite("short", [short.clip], join(folder, "short")))).clips;
    if (clip === undefined) throw new TypeError("the suite has no clip");
    const bare = { ...clip, view: { ...clip.view, rules: [] }, reference: { ...clip.reference, events: [] } };
    const { record, forget } = await runSuite(
      { ...footage, clips: [...footage.clips, bare] },
      {
        engine: defaultConfig([]).engine,
        alignment: "instant",
        recallBias: 1,
        jobs: 2,
        contested: true,
        folder: null,
        fresh: true,
        by: "a test",
        command: "a test",
        clock: systemClock,
        signal: new AbortController().signal,
        onProgress: () => undefined,
      },
    );
    await forget();
    expect(record.clips[0]?.fault).toBeNull();
    expect(record.clips[0]?.rules.flatMap(({ alerts }) => alerts)).toEqual([]);
    // How people are followed is measured there too, and what is measured hangs on no rule.
    expect(record.clips[1]).toMatchObject({ fault: null, rules: [] });
    expect(record.clips[1]?.contested.map(({ setting }) => setting)).toEqual(
      record.clips[0]?.contested.map(({ setting }) => setting),
    );
    expect(record.clips[1]?.tracking?.hota).toBeGreaterThan(0.2);
    const flagged = new Map(
      contestedSummary(record.clips.slice(0, 1)).rules.map(({ setting, flagged }) => [setting, flagged]),
    );
    expect(flagged.get("stays within 2 m for 30 s")).toBeGreaterThanOrEqual(2);
    expect(flagged.get("stays within 2 m for 30 s")).toBeLessThanOrEqual(4);
    // The others last longer than the recording, or did not happen.
    const others = [...flagged].filter(([setting]) => setting !== "stays within 2 m for 30 s");
    expect(others).toHaveLength(6);
    for (const [setting, count] of others) expect(count, setting).toBe(0);
  }, 60_000);
});
