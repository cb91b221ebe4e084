import { describe, expect, it } from "vitest";
import { VIEW } from "../../test/support/walkers.ts";
import type { Detection } from "../detectors/detector.ts";
import type { Box } from "../geometry/shapes.ts";
import { sightings } from "./crowd-sight.ts";
import { PersonScale } from "./person-scale.ts";

/** A body whose feet are at (x, y): a fifth of `y` tall, as everywhere in this view. */
function body(x: number, y: number, score = 0.7): Detection {
  return { class: "person", score, box: boxOf(x, y) };
}

function boxOf(x: number, y: number): Box {
  return { x: x - 0.04 * y, y: 0.8 * y, width: 0.08 * y, height: 0.2 * y };
}

/** The upper part of a body. */
function upper(x: number, y: number, share: number, score: number): Detection {
  const box = boxOf(x, y);
  return { class: "person", score, box: { ...box, height: share * box.height } };
}

const scale = new PersonScale();
for (let at = 0; at < 20; at++) {
  scale.learn(
    at,
    [200, 250, 300, 350, 400].map((y, i) => boxOf(100 * (i + 1), y)),
    VIEW,
  );
}

const count = (detections: readonly Detection[]) =>
  sightings(detections, scale).reduce((sum, one) => sum + one.chance * one.standsFor, 0);

/** Mulberry32: the same crowd each time. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

describe("what a close look says of a crowd", () => {
  it("counts those who stand apart once each", () => {
    expect(count([body(100, 300), body(250, 300), body(400, 300)])).toBeCloseTo(3, 1);
  });

  it("does not count the parts of a body", () => {
    const whole = body(300, 400);
    const torso = { ...whole, score: 0.5, box: { ...whole.box, y: 330, height: 40 } };
    const legs = { ...whole, score: 0.4, box: { ...whole.box, y: 360, height: 40 } };
    expect(count([whole, torso, legs])).toBeCloseTo(count([whole]), 6);
  });

  it("counts a head behind somebody, and not the same box where nobody is near", () => {
    const head = upper(303, 330, 0.4, 0.4);
    const alone = count([head]);
    const behind = count([head, body(300, 350)]) - count([body(300, 350)]);
    expect(alone).toBeLessThan(0.15);
    expect(behind).toBeGreaterThan(0.9);
  });

  it("leaves aside what is too tall for its place, and what is smaller than a head", () => {
    const post = { ...body(200, 300), box: { x: 190, y: 100, width: 20, height: 200 } };
    const sliver = { ...body(200, 300), box: { x: 200, y: 240, width: 3, height: 60 } };
    expect(count([post])).toBeLessThan(0.1);
    expect(count([sliver])).toBe(0);
    // Also among others.
    expect(count([sliver, body(215, 320)])).toBeCloseTo(count([body(215, 320)]), 6);
  });

  it("is right on average where bodies hide heads at random", () => {
    // People in a hall, of whom a faultless detector sees all whose middle nobody nearer covers by half.
    const next = random(7);
    for (const persons of [20, 40, 80]) {
      let sum = 0;
      const looks = 60;
      for (let look = 0; look < looks; look++) {
        const crowd = Array.from({ length: persons }, () => ({ x: 640 * next(), y: 190 + 250 * next() }));
        const seen = crowd.filter(({ x, y }) => !crowd.some((other) => hides(other, { x, y })));
        // Only those in the middle, where the picture's border cuts off none of those who hide.
        sum += sightings(
          seen.map(({ x, y }) => body(x, y)),
          scale,
        ).reduce((total, one) => total + one.chance * one.standsFor, 0);
      }
      expect(sum / looks / persons, `${persons} persons`).toBeGreaterThan(0.87);
      expect(sum / looks / persons, `${persons} persons`).toBeLessThan(1.13);
    }
  });
});

/** Whether a body 0.3 wide covers the head of another, as wide, by half or more. */
function hides(nearer: { x: number; y: number }, behind: { x: number; y: number }): boolean {
  const head = 0.82 * behind.y;
  if (nearer.y <= behind.y || 0.8 * nearer.y > head) return false;
  return Math.abs(nearer.x - behind.x) < 0.3 * 0.2 * nearer.y;
}
