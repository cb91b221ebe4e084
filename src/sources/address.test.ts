import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { parseAddress } from "./address.ts";

const folder = mkdtempSync(join(tmpdir(), "contrechamp-address-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("parseAddress", () => {
  it.each([
    ["clip.mp4", "file"],
    ["./dir/clip@home.mkv", "file"],
    ["file:///tmp/clip.avi", "file"],
    ["list.m3u8", "playlist"],
    [folder, "images"],
    ["rtsp://camera/stream", "rtsp"],
    ["RTSPS://camera:322/stream", "rtsp"],
    ["https://host/live/index.m3u8?token=1", "hls"],
    ["http://host/mjpg/video.cgi?fps=5", "mjpeg"],
    ["http://host:8080", "mjpeg"],
    ["/dev/video0", "device"],
    ["/dev/video12", "device"],
  ])("takes %s for %s", (address, kind) => {
    expect(parseAddress(address).kind).toBe(kind);
  });

  it.each([
    ["", "it is empty"],
    ["   ", "it is empty"],
    ["rtmp://host/live", "rtmp:// is not read"],
    ["ftp://host/clip.mp4", "ftp:// is not read"],
    ["https://host/clip.mp4", "recordings are read from disk, not over http"],
    ["file://elsewhere/clip.mp4", "it is not a file URL of this machine"],
  ])("refuses %j, since %s", (address, why) => {
    expect(() => parseAddress(address)).toThrowError(
      expect.objectContaining({ code: "SOURCE_ADDRESS", message: expect.stringContaining(why) }),
    );
  });

  it("never shows a password, whatever it is made of", () => {
    const marked = fc
      .string({ minLength: 1, maxLength: 20, unit: "binary-ascii" })
      .map((text) => `PW${text}PW`);
    fc.assert(
      fc.property(marked, fc.constantFrom("rtsp", "rtsps", "http", "https"), (password, scheme) => {
        const address = parseAddress(`${scheme}://admin:${password}@192.0.2.7:554/stream`);
        expect(address.shown).not.toContain("PW");
        expect(address.shown).toMatch(/192\.0\.2\.7:554\/stream$/);
        expect(address.location).toContain(password);
      }),
    );
  });

  it("hides the password of a protocol that it refuses", () => {
    expect(() => parseAddress("rtmp://me:hunter2@host/live")).toThrowError(
      expect.objectContaining({ message: expect.not.stringContaining("hunter2") }),
    );
  });
});
