import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatDuration, parseDuration } from "./duration.ts";

describe("parseDuration", () => {
  test.each([
    ["500ms", 0.5],
    ["1s", 1],
    ["0.5s", 0.5],
    ["2m", 120],
    ["1.5h", 5400],
    ["0s", 0],
    ["0.1m", 6],
  ])("reads %s as %d s", (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });

  test.each([
    "5",
    "",
    "s",
    "1 s",
    "-1s",
    "1S",
    "1sec",
    "1e3s",
    "1.s",
    ".5s",
    "1m30s",
    "1s\n",
    "١s",
    "Infinitys",
  ])("refuses %j", (text) => {
    expect(parseDuration(text)).toBeNull();
  });

  test("refuses a number too large to be one", () => {
    expect(parseDuration(`${"9".repeat(400)}s`)).toBeNull();
  });
});

describe("formatDuration", () => {
  test.each([
    [0, "0s"],
    [0.25, "250ms"],
    [1, "1s"],
    [90, "90s"],
    [120, "2m"],
    [86_400, "24h"],
    [0.0001, "0.0001s"],
    [1e-9, "0.000000001s"],
  ])("writes %d s as %s", (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  test("is read back as the same time", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100_000_000 }), (milliseconds) => {
        expect(parseDuration(formatDuration(milliseconds / 1000))).toBeCloseTo(milliseconds / 1000, 9);
      }),
    );
  });
});
