import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HandClock } from "../../test/support/hand-clock.ts";
import { type Counted, RollUp } from "./roll-up.ts";

describe("a roll-up", () => {
  it("counts what is alike and says it once a minute, with its first and last instant", () => {
    const clock = new HandClock(0);
    const said: Counted<{ rule: string }>[] = [];
    const counts = new RollUp<{ rule: string }>(clock, (one) => said.push(one));
    clock.pass(10);
    counts.add({ rule: "a" });
    counts.add({ rule: "b" });
    clock.pass(20);
    counts.add({ rule: "a" });
    counts.tick();
    expect(said).toEqual([]);
    clock.pass(30);
    counts.tick();
    const to = "1970-01-01T00:01:00.000Z";
    expect(said).toEqual([
      { rule: "a", count: 2, from: "1970-01-01T00:00:10.000Z", to },
      { rule: "b", count: 1, from: "1970-01-01T00:00:10.000Z", to },
    ]);
    counts.tick();
    counts.flush();
    expect(said).toHaveLength(2);
  });

  it("loses nothing and says nothing twice, whatever comes when", () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant("add" as const), rule: fc.constantFrom("a", "b", "c") }),
      fc.record({ kind: fc.constant("pass" as const), seconds: fc.integer({ min: 0, max: 90 }) }),
      fc.record({ kind: fc.constant("set" as const), now: fc.integer({ min: 0, max: 1e9 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const clock = new HandClock(0);
        const added = new Map<string, number>();
        const said = new Map<string, number>();
        const counts = new RollUp<{ rule: string }>(clock, ({ rule, count }) => {
          expect(count).toBeGreaterThan(0);
          said.set(rule, (said.get(rule) ?? 0) + count);
        });
        for (const one of steps) {
          if (one.kind === "add") {
            counts.add({ rule: one.rule });
            added.set(one.rule, (added.get(one.rule) ?? 0) + 1);
          } else if (one.kind === "pass") clock.pass(one.seconds);
          else clock.set(one.now);
          counts.tick();
        }
        counts.flush();
        expect(said).toEqual(added);
      }),
    );
  });
});
