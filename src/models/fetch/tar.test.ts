import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tarOf } from "../../../test/contracts/tar-archive.ts";
import { readTar } from "./tar.ts";

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function list(bytes: Uint8Array, size = 10_000, wanted = (_: string) => true) {
  const found: Record<string, string> = {};
  for await (const entry of readTar(inChunks(bytes, size))) {
    found[entry.path] = wanted(entry.path) ? Buffer.from(await entry.read()).toString() : "";
  }
  return found;
}

describe("readTar", () => {
  it("gives back any files, however the bytes arrive, whichever are read", async () => {
    const path = fc.stringMatching(/^[a-z]{1,20}(\/[a-z]{1,60}){0,4}$/);
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.tuple(path, fc.string({ unit: "binary", maxLength: 2000 })), {
          selector: ([p]) => p,
        }),
        fc.integer({ min: 1, max: 3000 }),
        async (files, size) => {
          const tar = tarOf(files.map(([p, content]) => [p, Buffer.from(content)]));
          const expected = Object.fromEntries(
            files.map(([p, c]) => [p, p < "m" ? Buffer.from(c).toString() : ""]),
          );
          expect(await list(tar, size, (p) => p < "m")).toEqual(expected);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("refuses what is damaged or cut short", async () => {
    const tar = tarOf([["a", Buffer.alloc(2000, "x")]]);
    await expect(list(tar.subarray(0, 900))).rejects.toThrow("ends early");
    await expect(list(tar.subarray(0, 300))).rejects.toThrow("ends early");
    const damaged = tar.slice();
    damaged[0] = 0x7a;
    await expect(list(damaged)).rejects.toThrow("checksum");
    await expect(list(Buffer.alloc(2000, "not a tar"))).rejects.toThrow(RangeError);
    expect(await list(new Uint8Array(0))).toEqual({});
  });
});
