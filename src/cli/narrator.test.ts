import { describe, expect, it } from "vitest";
import { ScreenStream } from "../../test/support/screen.ts";
import type { HealthEntry } from "../engine/run-summary.ts";
import { fault } from "../errors.ts";
import { systemClock } from "../time/clock.ts";
import { lengthOf, Narrator } from "./narrator.ts";
import { createRunDisplay } from "./run-display.ts";

function narrator(quiet = false) {
  const time = { now: 0 };
  const stdout = new ScreenStream(100, false);
  const stderr = new ScreenStream(100, false);
  const display = createRunDisplay(quiet, { stdout, stderr });
  const clock = { ...systemClock, monotonic: () => time.now };
  return { time, stderr, says: new Narrator(display, "en", false, clock) };
}
const health = (kind: HealthEntry["kind"], detail: string): HealthEntry => ({
  kind,
  detail,
  at: "2026-01-01T00:00:00.000Z",
  streamTime: 1,
  code: null,
  count: null,
});

describe("Narrator", () => {
  it("says a trouble that lasts once a minute for each camera, and every change at once", () => {
    const { time, stderr, says } = narrator();
    for (time.now = 0; time.now < 90; time.now += 1) {
      says.health("a", health("frames_dropped", "too slow"));
      if (time.now < 2) says.health("b", health("frames_dropped", "too slow"));
    }
    says.health("a", health("camera_blind", "lost"));
    says.health("a", health("camera_blind", "lost"));
    expect(stderr.lines()).toEqual([
      "0:01.0  a: too slow",
      "0:01.0  b: too slow",
      "0:01.0  a: too slow",
      "0:01.0  a: lost",
      "0:01.0  a: lost",
    ]);
  });

  it("says why a camera failed even where it is to be quiet", () => {
    const { stderr, says } = narrator(true);
    says.health("a", health("camera_blind", "lost"));
    says.failed("a", fault("SOURCE_EMPTY", { address: "clip.mp4" }));
    expect(stderr.lines()).toEqual([
      "a: clip.mp4 is empty: 0 bytes.",
      "  Copy or record it again.",
      "  (SOURCE_EMPTY)",
    ]);
  });
});

describe("lengthOf", () => {
  it.each([
    [0, "0 s"],
    [3.4, "3 s"],
    [59.6, "1 min"],
    [299, "5 min"],
    [3600, "1 h"],
    [3899, "1 h 5 min"],
  ])("writes %d s in the unit that fits", (seconds, text) => expect(lengthOf(seconds)).toBe(text));
});
