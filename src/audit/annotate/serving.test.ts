import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { writeClip } from "../../../test/support/clip.ts";
import { HandClock } from "../../../test/support/hand-clock.ts";
import { clipOfSuite, kindsOf } from "./kinds.ts";
import { convertCommand, describeRecording } from "./recording.ts";
import { acceptedLanguage, shellPage } from "./shell.ts";
import { rangeOf } from "./video-response.ts";
import { Windows } from "./windows.ts";

const folder = mkdtempSync(join(tmpdir(), "contrechamp-annotate-serving-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// RFC 9110, section 14.1.2, of 10,000 bytes, and what is none.
test.each([
  ["bytes=0-499", { first: 0, last: 499 }],
  ["bytes=9500-", { first: 9500, last: 9999 }],
  ["bytes=-500", { first: 9500, last: 9999 }],
  ["bytes=-20000", { first: 0, last: 9999 }],
  ["bytes=9000-20000", { first: 9000, last: 9999 }],
  ["bytes=10000-", "unsatisfiable"],
  ["bytes=-0", "unsatisfiable"],
  ["bytes=500-100", null],
  ["bytes=0-1,5-6", null],
  ["bytes=-", null],
  ["lines=0-1", null],
  [undefined, null],
])("the range %s is %o", (header, range) => {
  expect(rangeOf(header, 10_000)).toEqual(range);
});

test.each([
  ["fr-CA,fr;q=0.9,en;q=0.5", "fr"],
  ["en-GB,fr;q=0.9", "en"],
  ["de, fr;q=0.2", "fr"],
  ["en;q=0.1, fr;q=0.8", "fr"],
  ["fr;q=0", "en"],
  ["de", "en"],
  [undefined, "en"],
])("who accepts %s reads %s", (header, language) => {
  expect(acceptedLanguage(header)).toBe(language);
});

test("a file's name is a text in the page, whatever it holds", () => {
  expect(shellPage("en", "<script>x</script>.mp4")).not.toContain("<script>x");
});

test("a window is there for as long as it asks, and gone when it says so", () => {
  const clock = new HandClock(0);
  const windows = new Windows(clock);
  expect(windows.note("a")).toBe(1);
  expect(windows.note("b")).toBe(2);
  expect(windows.note("not a name!")).toBe(2);
  expect(windows.leave("b")).toBe(1);
  windows.note("b");
  clock.pass(9);
  expect(windows.note("a")).toBe(1);
});

describe("what browsers do not play", () => {
  test.each([
    ["an AVI of MPEG-4 part 2", "old.avi", "avi", "mpeg4"],
    ["MPEG-4 part 2 in mp4", "old.mp4", "mp4", "mpeg4"],
    ["H.264 in an MPEG transport stream", "stream.ts", "mpegts", "libx264"],
  ] as const)("%s is refused with the command that converts it", async (_name, name, format, codec) => {
    const path = join(folder, name);
    writeClip({ path, format, codec, frames: 5 });
    await expect(describeRecording(path)).rejects.toMatchObject({
      code: "ANNOTATE_NOT_PLAYABLE",
      help: expect.stringContaining(convertCommand(path)),
    });
  });

  test("of what they play, size, rate and length are known", async () => {
    const path = join(folder, "new.mp4");
    writeClip({ path, format: "mp4", frames: 20, rate: 10, rotation: 90 });
    expect(await describeRecording(path)).toMatchObject({ width: 120, height: 160, rate: 10, duration: 2 });
  });

  test("a folder is no recording", async () => {
    await expect(describeRecording(folder)).rejects.toMatchObject({ code: "ANNOTATE_NOT_A_FILE" });
  });

  test("the command is safe to paste", () => {
    expect(convertCommand("it's; rm -rf.avi")).toMatch(
      /^ffmpeg -i 'it'\\''s; rm -rf\.avi' .* 'it'\\''s; rm -rf\.annotate\.mp4'$/,
    );
  });
});

describe("a clip of a suite", () => {
  const suite = join(folder, "suite.yml");
  const camera = {
    zones: [
      {
        id: "quay",
        nature: "forbidden",
        polygon: [
          [0, 0],
          [9, 0],
          [9, 9],
        ],
      },
    ],
    rules: [{ id: "edge", event: "zone_intrusion", zone: "quay" }],
  };
  const clip = { id: "a", video: "v/a.mp4", reference: "r/a.json", camera };
  writeFileSync(suite, JSON.stringify({ schema: "contrechamp/suite@1", name: "example", clips: [clip] }));

  test("gives recording, reference and rules, before the reference is there", async () => {
    const found = await clipOfSuite(suite, "a");
    expect(found).toMatchObject({ video: join(folder, "v/a.mp4"), reference: join(folder, "r/a.json") });
    expect(kindsOf(found.rules)).toEqual([{ event: "zone_intrusion", rule: "edge" }]);
  });

  test("that is not there is said with those that are", async () => {
    await expect(clipOfSuite(suite, "b")).rejects.toMatchObject({ code: "ANNOTATE_CLIP" });
  });
});
