import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { createSource } from "../sources/open-source.ts";
import { systemClock } from "../time/clock.ts";
import { prepareScene } from "./catalogue.ts";
import { frameTimes, renderScene } from "./render.ts";
import { writeScene, writeSuite } from "./write.ts";

const folder = mkdtempSync(join(tmpdir(), "contrechamp-scenes-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SMALL = { width: 240, height: 136, rate: 5, seconds: 3 } as const;

async function timesOf(file: string): Promise<{ times: number[]; width: number; height: number }> {
  const source = createSource(file, {
    clock: systemClock,
    realtime: false,
    startedAt: null,
    transport: "tcp",
    decoderThreads: 1,
    queueFrames: 8,
  });
  const info = await source.open();
  const times: number[] = [];
  for await (const item of source.items()) {
    if (item.kind !== "frame") continue;
    times.push(item.frame.pts);
    item.frame.release();
  }
  await source.close();
  return { times, width: info.width, height: info.height };
}

describe("writeScene", () => {
  it.each([
    ".mp4",
    ".mkv",
    ".avi",
    ".ts",
  ] as const)("writes a %s whose pictures come at the script's times", async (container) => {
    const jitter = container === ".avi" ? 0 : 0.6;
    const script = prepareScene("plaza-intrusion", 1, { ...SMALL, timeJitter: jitter });
    const written = writeScene(script, join(folder, "clips"), { container });
    expect(written.pictures).toBe(15);
    const { times, width, height } = await timesOf(written.video);
    expect([width, height]).toEqual([240, 136]);
    const expected = frameTimes(script);
    expect(times.length).toBe(expected.length);
    for (const [index, at] of expected.entries()) expect(times[index]).toBeCloseTo(at, 2.5);
  });

  it("writes reference, tracks and configuration that belong together", () => {
    const script = prepareScene("plaza-busy", 1, { ...SMALL, rate: 2, seconds: 8 });
    const written = writeScene(script, join(folder, "busy"), { id: "one" });
    const reference = JSON.parse(readFileSync(written.reference, "utf8"));
    expect(reference).toMatchObject({
      schema: "contrechamp/reference@1",
      events: [{ event: "zone_intrusion", rule: "area", begin: 6, end: expect.any(Number), tolerance: 1 }],
      counts: { rule: "everyone", everySeconds: 0.5 },
      tracks: { format: "mot", file: "one.gt.txt" },
    });
    const lines = readFileSync(written.tracks, "utf8").trim().split("\n");
    const expected = [...renderScene(script)].flatMap((frame, index) =>
      frame.truth.map((actor) => [
        index + 1,
        actor.number,
        actor.box.x,
        actor.box.y,
        actor.box.width,
        actor.box.height,
      ]),
    );
    expect(lines.length).toBe(expected.length);
    for (const [index, line] of lines.entries()) {
      const columns = line.split(",").map(Number);
      expect(columns.length).toBe(9);
      for (const [column, value] of (expected[index] ?? []).entries())
        expect(columns[column]).toBeCloseTo(value, 1);
    }
    const config = parse(readFileSync(written.config, "utf8"));
    expect(config).toMatchObject({
      schema: "contrechamp/config@1",
      cameras: [{ id: "one", source: "one.mp4" }],
    });

    const suite = writeSuite("rendered", [written.clip], dirname(written.video));
    const [clip] = parse(readFileSync(suite, "utf8")).clips;
    expect(resolve(dirname(suite), clip.video)).toBe(written.video);
    expect(clip.camera.rules).toContainEqual({
      id: "area",
      event: "zone_intrusion",
      zone: "area",
      after: "1s",
      classes: ["person"],
    });
    expect(clip.camera.zones[0].polygon.length).toBeGreaterThanOrEqual(3);
  });

  it("marks as not to be considered what is no person, and who is wholly hidden", () => {
    const script = prepareScene("road-wrong-way", 1, { ...SMALL, rate: 1, seconds: 12 });
    const { tracks } = writeScene(script, join(folder, "road"), { crf: 40 });
    const rows = readFileSync(tracks, "utf8")
      .trim()
      .split("\n")
      .map((line) => line.split(",").map(Number));
    const considered = rows.filter((row) => row[6] === 1);
    expect(considered.length).toBeGreaterThan(0);
    expect(considered.length).toBeLessThan(rows.length);
    for (const [, , , , , , marked, kind, visible = 0] of rows) {
      expect(marked).toBe(kind === 1 && visible > 0 ? 1 : 0);
    }
  });

  it("names a clip's camera and adds what is declared of it", () => {
    const script = prepareScene("plaza-idle", 1, { ...SMALL, seconds: 1 });
    const { clip } = writeScene(script, join(folder, "named"), {
      camera: "square",
      conditions: { weather: "dry" },
    });
    expect(clip.camera.id).toBe("square");
    expect(clip.conditions).toEqual({ ...script.conditions, weather: "dry" });
    const suite = writeSuite("named", [clip], join(folder, "named"), ["An example.", "Drawn."]);
    expect(readFileSync(suite, "utf8")).toMatch(/^# An example\.\n# Drawn\.\nschema: contrechamp\/suite@1\n/);
  });

  it("writes the same bytes twice", () => {
    const script = prepareScene("road-traffic", 2, { ...SMALL, seconds: 2 });
    const files = ["a", "b"].map((name) => readFileSync(writeScene(script, join(folder, name)).video));
    expect(files[0]?.equals(files[1] ?? Buffer.alloc(0))).toBe(true);
  });

  it("says where it could not write", () => {
    const file = join(folder, "in-the-way");
    writeFileSync(file, "");
    const script = prepareScene("plaza-idle", 1, { ...SMALL, seconds: 1 });
    expect(() => writeScene(script, join(file, "below"))).toThrow(
      expect.objectContaining({ code: "SCENE_NOT_WRITTEN" }),
    );
  });
});
