import { describe, expect, it } from "vitest";
import { fault } from "../errors.ts";
import { mayHeal, Patience } from "./patience.ts";

describe("Patience", () => {
  it("waits twice as long each time, up to a minute, and anew after a good run", () => {
    const patience = new Patience();
    expect(Array.from({ length: 8 }, () => patience.next())).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
    patience.reset();
    expect(patience.next()).toBe(1);
  });
});

describe("mayHeal", () => {
  it("hopes for a camera that is off, and not against a refused password or what is no video", () => {
    const address = "rtsp://camera.example/stream";
    expect(mayHeal(fault("SOURCE_UNREACHABLE", { address, reason: "the connection is refused" }))).toBe(true);
    expect(mayHeal(fault("SOURCE_TIMEOUT", { address, seconds: 10 }))).toBe(true);
    expect(mayHeal(fault("SOURCE_NO_STREAM", { address }))).toBe(true);
    expect(mayHeal(fault("SOURCE_NOT_FOUND", { address: "/dev/video0" }))).toBe(true);
    expect(mayHeal(fault("SOURCE_PASSWORD", { address }))).toBe(false);
    expect(mayHeal(fault("SOURCE_FORMAT", { address }))).toBe(false);
    expect(mayHeal(fault("MODEL_NOT_CACHED", { model: "m", folder: "f" }))).toBe(false);
  });
});
