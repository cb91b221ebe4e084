import { describe, expect, it } from "vitest";
import { StageClock } from "./stage-clock.ts";

describe("StageClock", () => {
  it("gives quantiles within a bucket's width", () => {
    const clock = new StageClock();
    for (let i = 1; i <= 1000; i += 1) clock.book("scene", i / 100);
    const scene = clock.times().find((stage) => stage.name === "scene");
    expect(scene?.count).toBe(1000);
    expect(scene?.p50Ms).toBeGreaterThan(4.7);
    expect(scene?.p50Ms).toBeLessThan(5.4);
    expect(scene?.p95Ms).toBeGreaterThan(9);
    expect(scene?.p95Ms).toBeLessThan(10.1);
    expect(scene?.totalSeconds).toBeCloseTo(5.005, 3);
  });

  it("books the time of work that throws", () => {
    const clock = new StageClock();
    expect(() =>
      clock.measure("rules", () => {
        throw new Error("no");
      }),
    ).toThrow("no");
    expect(clock.times().find((stage) => stage.name === "rules")?.count).toBe(1);
  });

  it("says zero for a stage that never ran", () => {
    expect(new StageClock().times().every((stage) => stage.p50Ms === 0 && stage.count === 0)).toBe(true);
  });
});
