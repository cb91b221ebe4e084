import { readFile } from "node:fs/promises";
import type { Box } from "../../src/geometry/shapes.ts";

/** One box of a MOT file: `frame` counts from 1. */
export interface MotBox {
  readonly frame: number;
  readonly id: number;
  readonly box: Box;
}

/** Reads ground truth in the format of the MOT benchmarks: frame, id, left, top, width, height, ... */
export async function readMot(path: string): Promise<readonly MotBox[]> {
  const lines = (await readFile(path, "utf8")).split("\n").filter((line) => line.trim() !== "");
  return lines.map((line) => {
    const [frame = 0, id = 0, x = 0, y = 0, width = 0, height = 0] = line.split(",").map(Number);
    return { frame, id, box: { x, y, width, height } };
  });
}
