import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quietScene } from "../../test/support/observations.ts";
import { type Box, boxArea, intersectBoxes } from "../geometry/shapes.ts";
import type { SlotWish } from "../rules/slot-detections.ts";
import { SlotAttention } from "./slot-attention.ts";

const PICTURE = { width: 1280, height: 720, pixelAspect: 1 };
const WHOLE: Box = { x: 0, y: 0, width: 1280, height: 720 };
const somebody = (x: number, height = 120): Box => ({ x, y: 300, width: 0.4 * height, height });

function attention(wish: Partial<SlotWish> = {}, input: "any" | "fixed" = "any"): SlotAttention {
  return new SlotAttention(
    { around: "persons", looksPerSecond: 4, closer: () => [], ...wish },
    {
      picture: PICTURE,
      input: input === "any" ? { kind: "multiple", of: 32 } : { kind: "fixed", width: 640, height: 640 },
      inputLongSide: 512,
    },
  );
}

/** A scene at analysis size in which all of the view moves. */
const moving = (at: number) => {
  const data = new Uint8Array(384 * 216).fill(255);
  return quietScene(at, { moving: { width: 384, height: 216, data } });
};

describe("where a rule's own network looks", () => {
  it("is nowhere while nobody is in view", () => {
    const one = attention();
    for (let at = 0; at < 10; at += 0.1) expect(one.plan(moving(at), [])).toEqual([]);
  });

  it("is around whoever is there, with room for an arm and what it holds", () => {
    const person = somebody(600);
    const [look, ...others] = attention().plan(moving(0), [person]);
    expect(others).toEqual([]);
    expect(look?.closer).toBe(false);
    const region = look?.region ?? WHOLE;
    expect(region.x).toBeLessThanOrEqual(person.x - 0.4 * person.height);
    expect(region.y).toBeLessThanOrEqual(person.y - 0.3 * person.height);
    expect(boxArea(region)).toBeLessThan(4 * person.height ** 2);
  });

  it("costs so much at most, whatever happens", () => {
    const anyBox = fc.record({
      x: fc.integer({ min: -100, max: 1300 }),
      y: fc.integer({ min: -100, max: 800 }),
      width: fc.integer({ min: 1, max: 400 }),
      height: fc.integer({ min: 1, max: 700 }),
    });
    const boxes = fc.array(anyBox, { maxLength: 40 });
    fc.assert(
      fc.property(
        boxes,
        boxes,
        fc.constantFrom("any" as const, "fixed" as const),
        (persons, closer, input) => {
          const one = attention({ closer: () => closer }, input);
          let instants = 0;
          for (let index = 0; index < 50; index++) {
            const plan = one.plan(moving(index / 25), persons);
            if (plan.length > 0) instants += 1;
            expect(plan.filter((look) => look.closer).length).toBeLessThanOrEqual(2);
            expect(plan.filter((look) => !look.closer).length).toBeLessThanOrEqual(2);
            for (const { region, width, height } of plan) {
              expect(boxArea(intersectBoxes(region, WHOLE))).toBeCloseTo(boxArea(region), 6);
              expect(width * height).toBeLessThanOrEqual(input === "any" ? 416 * 416 : 640 * 640);
              if (input === "any") expect([width % 32, height % 32]).toEqual([0, 0]);
            }
          }
          // Two seconds at 4 a second.
          expect(instants).toBeLessThanOrEqual(8);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("comes round to everybody in a crowd", () => {
    const crowd = Array.from({ length: 6 }, (_, index) => somebody(20 + 210 * index, 60));
    const one = attention();
    const seen = new Set<number>();
    for (let index = 0; index < 8; index++) {
      for (const { region } of one.plan(moving(index / 4), crowd)) {
        for (const [number, box] of crowd.entries()) {
          if (boxArea(intersectBoxes(region, box)) > 0.99 * boxArea(box)) seen.add(number);
        }
      }
    }
    expect(seen.size).toBe(crowd.length);
  });

  it("is seldom by somebody by whom nothing moves", () => {
    const one = attention();
    const looks = Array.from({ length: 40 }, (_, index) =>
      one.plan(quietScene(index / 4), [somebody(600)]),
    ).flat();
    expect(looks.length).toBeGreaterThanOrEqual(4);
    expect(looks.length).toBeLessThanOrEqual(6);
  });

  it("is closer where the rule asks for it: at a larger scale, also where nobody is any more", () => {
    const region = { x: 640, y: 330, width: 70, height: 70 };
    const one = attention({ closer: () => [region] });
    const [wide, close] = one.plan(moving(0), [somebody(600)]);
    expect(close).toMatchObject({ region, closer: true });
    const scale = (look: typeof wide) => (look?.width ?? 0) / (look?.region.width ?? 1);
    expect(scale(close)).toBeGreaterThan(scale(wide));
    // No larger than shows anything new.
    expect(scale(close)).toBeLessThan(2.5);
    expect(one.plan(moving(1), [])).toHaveLength(1);
  });

  it("is the whole view where the rule wants that", () => {
    const [look] = attention({ around: "view" }).plan(quietScene(0), []);
    expect(look).toEqual({ region: WHOLE, width: 512, height: 288, closer: false });
  });
});
