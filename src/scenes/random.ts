/** A seeded stream of numbers in [0, 1): mulberry32, the same on every machine. */
export function randomStream(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A seed of its own for each part of a scene, so that a change of one part leaves the others as they are. */
export function deriveSeed(seed: number, part: string): number {
  let hash = 2166136261 ^ seed;
  for (let index = 0; index < part.length; index++) {
    hash = Math.imul(hash ^ part.charCodeAt(index), 16777619);
  }
  return hash >>> 0;
}

/** A number in [0, 1) for each cell of a grid. */
export function hashCell(x: number, y: number, seed: number): number {
  let h = Math.imul(x | 0, 0x27d4eb2d) ^ Math.imul(y | 0, 0x165667b1) ^ seed;
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
}

/** Smooth noise in [0, 1), one bump a unit. */
export function valueNoise(x: number, y: number, seed: number): number {
  const cellX = Math.floor(x);
  const cellY = Math.floor(y);
  const fx = x - cellX;
  const fy = y - cellY;
  const sx = fx * fx * (3 - 2 * fx);
  const sy = fy * fy * (3 - 2 * fy);
  const top = hashCell(cellX, cellY, seed) * (1 - sx) + hashCell(cellX + 1, cellY, seed) * sx;
  const bottom = hashCell(cellX, cellY + 1, seed) * (1 - sx) + hashCell(cellX + 1, cellY + 1, seed) * sx;
  return top * (1 - sy) + bottom * sy;
}

/** `count` samples of a normal distribution with mean 0 and deviation 1. */
export function normalTable(count: number, seed: number): Float32Array {
  const random = randomStream(seed);
  const table = new Float32Array(count);
  for (let index = 0; index < count; index += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    const angle = 2 * Math.PI * random();
    table[index] = radius * Math.cos(angle);
    if (index + 1 < count) table[index + 1] = radius * Math.sin(angle);
  }
  return table;
}
