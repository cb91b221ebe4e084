import { describe, expect, it } from "vitest";
import { ScreenStream } from "../../test/support/screen.ts";
import { clockTime, createRunDisplay } from "./run-display.ts";

const terminal = () => {
  const screen = new ScreenStream(60);
  return { screen, display: createRunDisplay(false, { stdout: screen, stderr: screen }) };
};

describe("a run on a terminal", () => {
  it("says at once what comes before the first bar", () => {
    const { screen, display } = terminal();
    display.error("camera: there is no such file");
    expect(screen.lines()).toEqual(["camera: there is no such file"]);
    display.close();
  });

  it("keeps every line above the bars, whole, also one that is longer than the terminal", () => {
    const { screen, display } = terminal();
    display.begin("a", 100);
    display.begin("b", null);
    display.progress("a", 50, 10);
    display.line("alert 1");
    display.note(`a note of several lines\n${"x".repeat(80)}`);
    display.progress("b", 3, 3);
    display.line("alert 2");
    const lines = screen.lines();
    expect(lines.slice(0, 5)).toEqual([
      "alert 1",
      "a note of several lines",
      "x".repeat(60),
      "x".repeat(20),
      "alert 2",
    ]);
    expect(lines.slice(5)).toEqual([
      expect.stringMatching(/^a \[━{14}─{14}\] 0:50\.0 5\.0×$/),
      expect.stringMatching(/^b \[─{28}\] 0:03\.0 1\.0×$/),
    ]);
    display.close();
  });

  it("takes bars away when a camera ends and at the end, and loses nothing that is said after", () => {
    const { screen, display } = terminal();
    display.begin("a", 10);
    display.begin("b", 10);
    display.end("a");
    display.note("a has failed");
    display.begin("b", 10);
    display.note("b again");
    expect(screen.lines().filter((line) => line.startsWith("b ["))).toHaveLength(1);
    display.end("b");
    display.note("b is done");
    display.close();
    display.note("1 alert");
    expect(screen.lines().filter((line) => line !== "")).toEqual([
      "a has failed",
      "b again",
      "b is done",
      "1 alert",
    ]);
  });

  it("cuts a bar at the terminal's edge", () => {
    const { screen, display } = terminal();
    display.begin("a-camera-of-a-very-long-name-that-nobody-would-give-it", 10);
    display.line("alert");
    expect(screen.lines()).toHaveLength(2);
    display.close();
  });
});

describe("a run without a terminal", () => {
  it.each([
    { quiet: false, said: ["note", "error"] },
    { quiet: true, said: ["error"] },
  ])("prints results apart from notes, and errors always (quiet: $quiet)", ({ quiet, said }) => {
    const stdout = new ScreenStream(80, false);
    const stderr = new ScreenStream(80, false);
    const display = createRunDisplay(quiet, { stdout, stderr });
    display.begin("a", 10);
    display.progress("a", 1, 1);
    display.line("result");
    display.note("note");
    display.error("error");
    display.close();
    expect(stdout.lines()).toEqual(["result"]);
    expect(stderr.lines()).toEqual(said);
  });
});

describe("clockTime", () => {
  it.each([
    [0, "0:00.0"],
    [59.96, "1:00.0"],
    [3723.4, "1:02:03.4"],
  ])("writes %d s", (seconds, text) => expect(clockTime(seconds)).toBe(text));
});
