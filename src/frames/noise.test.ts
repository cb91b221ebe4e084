import { expect, it } from "vitest";
import { noiseOf } from "./noise.ts";

/** Histogram of |difference| of two frames with Gaussian noise, rounded, `share` of them moving. */
function histogram(sigma: number, share: number): Int32Array {
  const counts = new Int32Array(256);
  let state = 7;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return ((state >>> 8) + 0.5) / 16_777_216;
  };
  for (let i = 0; i < 40_000; i++) {
    const normal = () => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
    const [a, b] = [Math.round(100 + sigma * normal()), Math.round(100 + sigma * normal())];
    const d = random() < share ? Math.floor(80 * random()) : Math.abs(a - b);
    counts[d] = (counts[d] ?? 0) + 1;
  }
  return counts;
}

it.each([0.8, 1.5, 3, 6, 10])("finds noise of %d grey levels", (sigma) => {
  expect(noiseOf(histogram(sigma, 0))).toBeGreaterThan(0.85 * sigma);
  expect(noiseOf(histogram(sigma, 0))).toBeLessThan(1.15 * sigma);
  expect(noiseOf(histogram(sigma, 0.3))).toBeLessThan(1.7 * sigma);
});

it("is nothing where nothing differs, or nothing was counted", () => {
  const still = new Int32Array(256);
  still[0] = 1000;
  expect(noiseOf(still)).toBeLessThan(0.3);
  expect(noiseOf(new Int32Array(256))).toBe(0);
});
