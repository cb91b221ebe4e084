import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CodedError } from "../errors.ts";
import { absolutePath, expandSource, missingVariables, redactAddress } from "./address.ts";

const VARIABLES = `rtsp://\${CAMERA_USER}:\${CAMERA_PASSWORD}@camera.example/stream`;

describe("redactAddress", () => {
  test.each([
    ["clip.mp4", "clip.mp4"],
    ["/dev/video0", "/dev/video0"],
    ["a@b/c:d.mp4", "a@b/c:d.mp4"],
    ["rtsp://camera.example/stream", "rtsp://camera.example/stream"],
    ["rtsp://camera.example:554/stream?channel=1", "rtsp://camera.example:554/stream?channel=1"],
    ["rtsp://admin:secret@camera.example/stream", "rtsp://***:***@camera.example/stream"],
    ["rtsp://admin@camera.example/stream", "rtsp://***@camera.example/stream"],
    ["rtsp://admin:p@ss/w?rd#1@camera.example/stream", "rtsp://***:***@camera.example/stream"],
    ["rtsp://admin:12/34@camera.example", "rtsp://***:***@camera.example"],
    ["http://cam/video?user=me&pwd=secret&fps=5", "http://cam/video?user=***&pwd=***&fps=5"],
    ["http://cam/video?Access_Token=abc#x", "http://cam/video?Access_Token=***#x"],
    ["http://cam/mail@list", "http://***@list"],
    ["file:///clips/a@b.mp4", "file:///clips/a@b.mp4"],
    [VARIABLES, VARIABLES],
    [`rtsp://admin:\${CAMERA_PASSWORD}x@cam/`, "rtsp://***:***@cam/"],
    [`http://cam/v?pwd=\${CAMERA_PASSWORD}`, `http://cam/v?pwd=\${CAMERA_PASSWORD}`],
  ])("%s", (address, shown) => {
    expect(redactAddress(address)).toBe(shown);
  });

  test("no password comes through, whatever it is made of", () => {
    const secret = fc.string({ minLength: 6, maxLength: 20 }).map((text) => `Xq7${text}`);
    fc.assert(
      fc.property(secret, secret, fc.boolean(), (user, password, query) => {
        const shown = redactAddress(
          `rtsp://${user}:${password}@camera.example/stream${query ? `?password=${encodeURIComponent(password)}` : ""}`,
        );
        expect(shown).not.toContain("Xq7");
        expect(shown).toContain("@camera.example/stream");
      }),
    );
  });
});

describe("expandSource", () => {
  test("puts in what the environment holds, so that it is read back whole", () => {
    const text = fc.string({ minLength: 1, unit: "grapheme-ascii" });
    fc.assert(
      fc.property(text, text, (user, password) => {
        const url = new URL(expandSource(VARIABLES, { CAMERA_USER: user, CAMERA_PASSWORD: password }));
        expect(decodeURIComponent(url.username)).toBe(user);
        expect(decodeURIComponent(url.password)).toBe(password);
        expect(url.hostname).toBe("camera.example");
      }),
    );
  });

  test("a path takes a variable as it is, and what is no reference stays", () => {
    expect(expandSource(`/clips/\${DAY}/a b.mp4`, { DAY: "2026 03" })).toBe("/clips/2026 03/a b.mp4");
    expect(expandSource(`/clips/$DAY/\${}.mp4`, {})).toBe(`/clips/$DAY/\${}.mp4`);
  });

  test.each([
    [{}],
    [{ CAMERA_USER: "me" }],
    [{ CAMERA_USER: "me", CAMERA_PASSWORD: "" }],
  ])("says which variable is missing from %j", (environment: Record<string, string>) => {
    let thrown: unknown;
    try {
      expandSource(VARIABLES, environment);
    } catch (error) {
      thrown = error;
    }
    const name = "CAMERA_USER" in environment ? "CAMERA_PASSWORD" : "CAMERA_USER";
    expect(thrown).toBeInstanceOf(CodedError);
    expect(thrown).toMatchObject({ code: "CONFIG_VARIABLE_MISSING" });
    expect(String(thrown)).toContain(`variable ${name} is not set`);
    expect(missingVariables(VARIABLES, environment)[0]).toBe(name);
  });
});

test("relative paths start from the configuration's folder; addresses and absolute paths stay", () => {
  expect(absolutePath("clips/a.mp4", "/etc/contrechamp")).toBe("/etc/contrechamp/clips/a.mp4");
  expect(absolutePath("/dev/video0", "/etc/contrechamp")).toBe("/dev/video0");
  expect(absolutePath("rtsp://cam/../x", "/etc/contrechamp")).toBe("rtsp://cam/../x");
});
