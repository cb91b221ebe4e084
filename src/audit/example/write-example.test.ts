import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { prepareScene } from "../../scenes/catalogue.ts";
import { referenceEvents } from "../../scenes/truth.ts";
import { loadSuite, type Suite } from "../suite.ts";
import { EXAMPLE_CLIPS, SMALL_EXAMPLE_CLIPS } from "./example-clips.ts";
import { type WrittenExample, writeExample } from "./write-example.ts";

const folder = mkdtempSync(join(tmpdir(), "contrechamp-example-"));
const at = join(folder, "suite");
let example: WrittenExample;
let suite: Suite;

beforeAll(async () => {
  // An empty file is nothing that could be lost.
  mkdirSync(at);
  writeFileSync(join(at, "suite.yml"), "");
  example = writeExample(at, { small: true });
  suite = await loadSuite(example.suite);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the clips of the example suite", () => {
  it.each([
    ...EXAMPLE_CLIPS,
    ...SMALL_EXAMPLE_CLIPS,
  ])("$id holds what it is declared to hold, whatever the seed", ({ scene, options, happens }) => {
    for (let seed = 1; seed <= 6; seed++) {
      const events = referenceEvents(prepareScene(scene, seed, options));
      expect([...new Set(events.map(({ event }) => event))]).toEqual(happens === null ? [] : [happens]);
      // Neither half begun nor just over: what a rule is given time to see.
      for (const { begin, end } of events) {
        expect(begin).toBeGreaterThan(1);
        expect(end).toBeLessThanOrEqual(options.seconds);
        if (happens !== "wrong_way") expect(end - begin).toBeGreaterThan(2);
      }
    }
  });

  it("is under four minutes, of several cameras, light and weather, with and without events", () => {
    const seconds = EXAMPLE_CLIPS.reduce((sum, { options }) => sum + options.seconds, 0);
    expect(seconds).toBeLessThan(240);
    const cameras = Map.groupBy(EXAMPLE_CLIPS, ({ camera }) => camera);
    expect(cameras.size).toBe(5);
    for (const clips of cameras.values()) {
      expect(clips.some(({ happens }) => happens === null)).toBe(true);
      expect(clips.some(({ happens }) => happens !== null)).toBe(true);
    }
    expect(new Set(EXAMPLE_CLIPS.map(({ id }) => id)).size).toBe(EXAMPLE_CLIPS.length);
  });
});

describe("writeExample", () => {
  it("writes a suite that loads without a fault or a warning", () => {
    expect(suite.warnings).toEqual([]);
    expect(suite.clips.map(({ id }) => id)).toEqual(["square-day", "square-passers", "corridor-in"]);
    expect(suite.clips.map(({ cameraKey }) => cameraKey)).toEqual(["square", "square", "corridor"]);
    expect(suite.clips[0]?.conditions).toEqual({
      place: "outdoor",
      light: "day",
      origin: "rendered",
      weather: "dry",
      crowd: "sparse",
    });
    for (const [index, clip] of suite.clips.entries()) {
      expect(clip.duration).toBeCloseTo(10, 0);
      expect(clip.reference.events).toHaveLength(example.clips[index]?.events.length ?? -1);
      expect(clip.tracksSha256).toMatch(/^[0-9a-f]{64}$/);
    }
  });

  it("says in the suite itself that drawn scenes say nothing of the street", () => {
    expect(readFileSync(example.suite, "utf8")).toMatch(/^# .*\n# .*says nothing about its error rates/);
  });

  it("overwrites nothing unless it is told to, and then writes the same again", async () => {
    const before = readFileSync(example.suite, "utf8");
    rmSync(example.suite);
    expect(() => writeExample(at, { small: true })).toThrow(
      expect.objectContaining({ code: "AUDIT_EXISTS", message: expect.stringContaining("square-day.mp4") }),
    );
    expect(readdirSync(at)).toEqual(["clips"]);
    writeExample(at, { small: true, force: true });
    expect(readFileSync(example.suite, "utf8")).toBe(before);
    expect((await loadSuite(example.suite)).sha256).toBe(suite.sha256);
  }, 60_000);

  it("refuses a folder that is a file", () => {
    const file = join(folder, "in-the-way");
    writeFileSync(file, "kept");
    expect(() => writeExample(file, { small: true })).toThrow(
      expect.objectContaining({ code: "SCENE_NOT_WRITTEN" }),
    );
    expect(readFileSync(file, "utf8")).toBe("kept");
  });
});
