import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { SourceItem } from "../sources/source.ts";
import { ReadAhead } from "./read-ahead.ts";

let released = 0;
async function* frames(count: number): AsyncGenerator<SourceItem> {
  for (let i = 0; i < count; i += 1) {
    const frame = {
      pts: i,
      wallClock: 0,
      width: 2,
      height: 2,
      pixelAspect: 1,
      luma: () => ({ width: 16, height: 2, data: new Uint8Array(32) }),
      motionVectors: () => null,
      rgb: () => ({ width: 1, height: 1, data: new Uint8Array(3) }),
      release: () => {
        released += 1;
      },
    };
    yield { kind: "frame", frame };
  }
}

async function times(ahead: ReadAhead, work: (index: number) => Promise<unknown>): Promise<number[]> {
  const seen: number[] = [];
  for (;;) {
    const item = await ahead.next();
    if (item.done) return seen;
    if (item.value.kind === "frame") seen.push(item.value.frame.pts);
    await ahead.during(work(seen.length));
  }
}

describe("ReadAhead", () => {
  it.each([0, 1, 4])("keeps order and loses nothing when reading %d ahead", async (most) => {
    const seen = await times(new ReadAhead(frames(20), most), (i) => sleep(i % 3));
    expect(seen).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });

  it("reads while the work runs, and gives back what was not wanted", async () => {
    released = 0;
    const ahead = new ReadAhead(frames(10), 3);
    await ahead.next();
    await ahead.during(sleep(30));
    ahead.release();
    expect(released).toBe(3);
  });

  it("hands on what the source throws", async () => {
    const broken = (async function* (): AsyncGenerator<SourceItem> {
      yield* frames(1);
      throw new Error("broken");
    })();
    const ahead = new ReadAhead(broken, 4);
    await ahead.next();
    await ahead.during(sleep(10));
    await expect(ahead.next()).rejects.toThrow("broken");
  });

  it("hands on what the work throws", async () => {
    const ahead = new ReadAhead(frames(2), 1);
    await ahead.next();
    await expect(ahead.during(Promise.reject(new Error("no")))).rejects.toThrow("no");
  });
});
