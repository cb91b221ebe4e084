import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OBJECT_CLASSES } from "../detectors/detector.ts";
import {
  beginMotion,
  boxSize,
  correctMotion,
  MOTION_MODELS,
  positionSpread,
  predictMotion,
  stateBox,
  stateVelocity,
} from "./motion.ts";

const box = { x: 100, y: 100, width: 40, height: 100 };
const PERSON = MOTION_MODELS.person;

describe("the motion model", () => {
  it("predicts the same in one step as in any number of steps", () => {
    const steps = fc.array(fc.double({ min: 0.001, max: 2, noNaN: true }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(
        steps,
        fc.constantFrom(...OBJECT_CLASSES),
        fc.integer({ min: -60, max: 60 }),
        (gaps, cls, vx) => {
          const model = MOTION_MODELS[cls];
          const moving = correctMotion(model, predictMotion(model, beginMotion(model, 0, box), 0.5), {
            ...box,
            x: box.x + vx / 2,
          });
          let stepped = moving;
          let at = 0.5;
          for (const gap of gaps) {
            at += gap;
            stepped = predictMotion(model, stepped, at);
          }
          const whole = predictMotion(model, moving, at);
          for (const axis of ["x", "y"] as const) {
            for (const key of ["p", "v", "pp", "pv", "vv"] as const) {
              expect(stepped[axis][key]).toBeCloseTo(whole[axis][key], 4);
            }
          }
          expect(stepped.logHeight.variance).toBeCloseTo(whole.logHeight.variance, 8);
        },
      ),
    );
  });

  it("never expects a speed beyond what the class can do, however long it waits", () => {
    const waited = predictMotion(PERSON, beginMotion(PERSON, 0, box), 1000);
    expect(Math.sqrt(waited.x.vv)).toBeLessThanOrEqual(PERSON.speed * boxSize(box) * 1.0001);
    expect(Math.hypot(stateVelocity(waited).x, stateVelocity(waited).y)).toBeCloseTo(0, 6);
  });

  it("is less sure the longer it waits, and surer after a sighting", () => {
    let state = beginMotion(PERSON, 0, box);
    for (const at of [0.1, 0.5, 1, 2, 5]) {
      const later = predictMotion(PERSON, state, at);
      expect(positionSpread(later)).toBeGreaterThan(positionSpread(state));
      state = later;
    }
    expect(positionSpread(correctMotion(PERSON, state, box))).toBeLessThan(positionSpread(state));
  });

  it.each([2, 5, 10, 30])("learns a steady walk within two seconds at %d sightings a second", (hz) => {
    let state = beginMotion(PERSON, 0, box);
    for (let index = 1; index <= 2 * hz; index++) {
      const at = index / hz;
      state = correctMotion(PERSON, predictMotion(PERSON, state, at), { ...box, x: box.x + 70 * at });
    }
    expect(stateVelocity(state).x).toBeGreaterThan(60);
    expect(stateVelocity(state).x).toBeLessThan(75);
    expect(stateVelocity(state).y).toBeCloseTo(0, 6);
    const ahead = stateBox(predictMotion(PERSON, state, 3));
    expect(Math.abs(ahead.x - (box.x + 210))).toBeLessThan(0.3 * boxSize(box));
  });

  it("re-estimates the velocity over a gap from the two sightings at its ends", () => {
    let state = beginMotion(PERSON, 0, box);
    for (let at = 0.1; at < 1.05; at += 0.1)
      state = correctMotion(PERSON, predictMotion(PERSON, state, at), box);
    // It stood, and is found again 80 px further after a second and a half: about 53 px/s.
    state = correctMotion(PERSON, predictMotion(PERSON, state, 2.5), { ...box, x: box.x + 80 });
    expect(stateVelocity(state).x).toBeGreaterThan(40);
    expect(stateVelocity(state).x).toBeLessThan(110);
  });

  it("scales with the thing: a picture of twice the size gives twice the motion", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 10 }), (moves) => {
        const run = (k: number) => {
          let b = { x: 300 * k, y: 200 * k, width: 60 * k, height: 150 * k };
          let state = beginMotion(PERSON, 0, b);
          for (const [index, move] of moves.entries()) {
            b = { ...b, x: b.x + move * k };
            state = correctMotion(PERSON, predictMotion(PERSON, state, (index + 1) / 5), b);
          }
          return state;
        };
        const [one, two] = [run(1), run(2)];
        // The floor of one pixel of noise does not scale: hence not exactly.
        expect(Math.abs(two.x.p - 2 * one.x.p)).toBeLessThan(2);
        expect(Math.abs(two.x.v - 2 * one.x.v)).toBeLessThan(6);
      }),
    );
  });
});
