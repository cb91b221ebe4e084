import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { writeDurably } from "./durable.ts";
import { CompactRange, leafHash, nodeHash, rootAt } from "./merkle.ts";
import { entriesPath, numberPath, TILE_WIDTH, TileEdge, TileReader, tilePath, tileWidth } from "./tiles.ts";

const top = mkdtempSync(join(tmpdir(), "contrechamp-tiles-"));
afterAll(() => rmSync(top, { recursive: true, force: true }));
let folders = 0;
const newFolder = () => join(top, String(folders++));

describe("paths of tlog-tiles", () => {
  it.each([
    [0, "000"],
    [67, "067"],
    [999, "999"],
    [1000, "x001/000"],
    [1_234_067, "x001/x234/067"],
    [Number.MAX_SAFE_INTEGER, "x009/x007/x199/x254/x740/991"],
  ])("writes %i as %s", (index, path) => expect(numberPath(index)).toBe(path));

  it("names tiles and bundles, full and partial", () => {
    expect(tilePath(0, 5)).toBe("tile/0/005");
    expect(tilePath(1, 1004, 17)).toBe("tile/1/x001/004.p/17");
    expect(entriesPath(273)).toBe("tile/entries/273");
    expect(entriesPath(0, 1)).toBe("tile/entries/000.p/1");
  });

  it.each([
    [0, 0, 0, 0],
    [0, 0, 256, 256],
    [0, 1, 256, 0],
    [0, 1, 300, 44],
    [1, 0, 65_535, 255],
    [1, 0, 70_000, 256],
    [1, 1, 70_000, 17],
    [2, 0, 70_000, 1],
  ])("a tile %i/%i of %i leaves has %i hashes", (level, index, size, width) => {
    expect(tileWidth(level, index, size)).toBe(width);
  });
});

const leaf = (i: number) => leafHash(Buffer.from(`leaf ${i}`));

describe("TileEdge and TileReader", () => {
  it("stores in steps of any length what one reading of all leaves gives", async () => {
    const step = fc.integer({ min: 1, max: 700 });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 5 }), async (steps) => {
        const folder = newFolder();
        const whole = new CompactRange();
        let edge = TileEdge.empty();
        for (const [i, count] of steps.entries()) {
          // What comes while the files are written belongs to the next step.
          const size = whole.size + count;
          while (whole.size < size) whole.append(leaf(whole.size));
          while (edge.size < size + 3) edge.append(leaf(edge.size));
          await writeDurably(folder, edge.files(size));
          edge.advance(size);
          expect(await rootAt(new TileReader(folder, size), size)).toEqual(whole.root());
          // Every other time it is read anew, as after a restart.
          if (i % 2 === 1) edge = await TileEdge.read(new TileReader(folder, size), size);
        }
      }),
      { numRuns: 25 },
    );
  });

  it("fills tiles of the second and third level, and gives every complete node", async () => {
    const folder = newFolder();
    const size = 2 * TILE_WIDTH ** 2 + TILE_WIDTH + 9;
    const edge = TileEdge.empty();
    const nodes = new Map<string, Buffer>();
    const range = new CompactRange();
    for (let i = 0; i < size; i += 1) {
      edge.append(leaf(i));
      range.append(leaf(i), (level, index, node) => nodes.set(`${level}/${index}`, node));
    }
    const files = edge.files(size);
    expect([...files.keys()].filter((path) => !path.startsWith("tile/0/"))).toEqual([
      "tile/1/000",
      "tile/1/001",
      "tile/1/002.p/1",
      "tile/2/000.p/2",
    ]);
    await writeDurably(folder, files);
    const reader = new TileReader(folder, size);
    for (const [place, node] of nodes) {
      const [level = 0, index = 0] = place.split("/").map(Number);
      // All nodes of the upper levels, and some of the many below.
      if (level >= 6 || index % 97 === 0) expect(await reader.hash(level, index), place).toEqual(node);
    }
    expect(edge.root()).toEqual(range.root());
    await expect(reader.hash(17, 1)).rejects.toThrow(RangeError);
  });

  it("takes the full tile where the partial one is gone", async () => {
    const folder = newFolder();
    const edge = TileEdge.empty();
    while (edge.size < TILE_WIDTH) edge.append(leaf(edge.size));
    await writeDurably(folder, edge.files(TILE_WIDTH));
    const reader = new TileReader(folder, 3);
    expect(await reader.hash(1, 0)).toEqual(nodeHash(leaf(0), leaf(1)));
    await expect(reader.hash(1, 1)).rejects.toThrow(RangeError);
  });

  it("says which tile is missing or not whole", async () => {
    const folder = newFolder();
    await expect(new TileReader(folder, 3).hash(0, 0)).rejects.toMatchObject({
      code: "JOURNAL_CUT",
      message: expect.stringContaining("tile/0/000.p/3 is missing"),
    });
    await writeDurably(folder, new Map([[tilePath(0, 0, 3), Buffer.alloc(96)]]));
    writeFileSync(join(folder, tilePath(0, 0, 3)), Buffer.alloc(95));
    await expect(new TileReader(folder, 3).hash(0, 0)).rejects.toMatchObject({ code: "JOURNAL_DAMAGED" });
  });
});
