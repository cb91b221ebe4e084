import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { boxBetween, movedBox, resizedBox, startingBox } from "./box.ts";
import { conditionsText, parsedConditions, wordsOfPersons } from "./note-check.ts";
import { clock, following, parsedTime, shifted, ticks, zoomed } from "./time-view.ts";

test.each([
  ["62.16", 62.16],
  ["1:02,16", 62.16],
  ["1:00:02.5", 3602.5],
  [" 7 ", 7],
  ["", null],
  ["-3", null],
  ["1:2:3:4", null],
  ["1e3", null],
  ["soon", null],
])("the time %j is %s s", (text, seconds) => {
  expect(parsedTime(text)).toBe(seconds);
});

test("a time that is shown is read as it was, to the millisecond", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 9e7 }), (milliseconds) => {
      expect(parsedTime(clock(milliseconds / 1000))).toBeCloseTo(milliseconds / 1000, 6);
    }),
  );
});

test.each([
  ["somebody falls on the steps", []],
  ["une personne tombe sur le manège", []],
  ["A man in a red jacket", ["man", "jacket"]],
  ["deux femmes voilées, 30 ans", ["femmes", "voilées", "ans"]],
  ["Madame", ["madame"]],
  ["commande, manger, human", []],
])("of the note %j it asks about %j", (note, words) => {
  expect(wordsOfPersons(note)).toEqual(words);
});

test.each([
  ["light: night, crowd = dense", { light: "night", crowd: "dense" }],
  ["", {}],
  ["camera height: 4:3", { "camera height": "4:3" }],
  ["night", null],
  ["é: x", null],
  ["light:", null],
])("the conditions %j are %j", (text, conditions) => {
  expect(parsedConditions(text)).toEqual(conditions);
  if (conditions !== null) expect(parsedConditions(conditionsText(conditions))).toEqual(conditions);
});

describe("a box", () => {
  const picture = { width: 320, height: 180 };
  const step = fc.integer({ min: -400, max: 400 });

  test("stays within the picture, whatever moves and sizes it", () => {
    const change = fc.tuple(fc.constantFrom(movedBox, resizedBox), step, step);
    fc.assert(
      fc.property(fc.array(change, { maxLength: 20 }), (changes) => {
        const [x, y, w, h] = changes.reduce(
          (box, [act, dx, dy]) => act(box, dx, dy, picture),
          startingBox(picture),
        );
        expect([x >= 0, y >= 0, w >= 2, h >= 2, x + w <= 320, y + h <= 180]).not.toContain(false);
      }),
    );
  });

  test("is the same from whichever corner it is drawn, and is cut off at the edge", () => {
    expect(boxBetween([100, 50], [40, 90], picture)).toEqual([40, 50, 60, 40]);
    expect(boxBetween([40, 90], [100, 50], picture)).toEqual([40, 50, 60, 40]);
    expect(boxBetween([-30, 170], [500, 400], picture)).toEqual([0, 170, 320, 10]);
  });
});

describe("the part of the time line that is shown", () => {
  const duration = 600;
  const whole = { from: 0, to: duration };

  test("zooming keeps the instant in its place, and stays within the recording", () => {
    expect(zoomed(whole, 0.5, 300, duration)).toEqual({ from: 150, to: 450 });
    expect(zoomed({ from: 150, to: 450 }, 4, 300, duration)).toEqual(whole);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(0.5, 2, 0.8), fc.double({ min: 0, max: 600, noNaN: true })), {
          maxLength: 30,
        }),
        (zooms) => {
          const view = zooms.reduce((now, [factor, at]) => zoomed(now, factor, at, duration), whole);
          expect(view.from).toBeGreaterThanOrEqual(0);
          expect(view.to).toBeLessThanOrEqual(duration + 1e-9);
          expect(view.to - view.from).toBeGreaterThanOrEqual(1 - 1e-9);
        },
      ),
    );
  });

  test("what plays stays in sight", () => {
    expect(following({ from: 100, to: 200 }, 150, duration)).toEqual({ from: 100, to: 200 });
    expect(following({ from: 100, to: 200 }, 201, duration)).toEqual({ from: 191, to: 291 });
    expect(following({ from: 100, to: 200 }, 0, duration)).toEqual({ from: 0, to: 100 });
    expect(shifted({ from: 0, to: 100 }, -1, duration)).toEqual({ from: 0, to: 100 });
  });

  test("times stand at round distances, and not too many", () => {
    expect(ticks(whole, 6)).toEqual([0, 120, 240, 360, 480, 600]);
    expect(ticks({ from: 0.25, to: 1.25 }, 10)).toEqual([0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2]);
  });
});
