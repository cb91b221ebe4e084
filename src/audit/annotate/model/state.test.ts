import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Annotation, fromReference, toReference } from "./document.ts";
import { type Action, initialState, neighbour, reduce, type State, selectedEvent } from "./state.ts";

const EMPTY: Annotation = { events: [], counts: null };
const add = (at: number, event = "fire"): Action => ({ type: "add", event, rule: null, at, tolerance: 0.5 });
const stateAfter = (...actions: readonly Action[]): State =>
  actions.reduce(reduce, reduce(initialState(EMPTY), { type: "duration", seconds: 60 }));
const times = (state: State) => state.annotation.events.map(({ begin, end }) => [begin, end]);

describe("marking", () => {
  test("a new event is an instant, and selected; its end is set later", () => {
    const state = stateAfter(add(3.0000004), { type: "end", at: 7.25 });
    expect(times(state)).toEqual([[3, 7.25]]);
    expect(selectedEvent(state)?.id).toBe(1);
  });

  test.each([
    ["a begin behind the end takes the end along", { type: "begin", at: 9 }, [9, 9]],
    ["an end before the begin takes the begin along", { type: "end", at: 1 }, [1, 1]],
    ["nothing lies before the recording", { type: "begin", at: -5 }, [0, 4]],
    ["nothing lies behind it", { type: "end", at: 99 }, [2, 60]],
    ["what is typed is held to the same", { type: "edit", change: { begin: 9 }, typing: null }, [9, 9]],
  ] satisfies [string, Action, number[]][])("%s", (_name, action, wanted) => {
    expect(times(stateAfter(add(2), { type: "end", at: 4 }, action))).toEqual([wanted]);
  });

  test("walking goes in the order of time, and stops at the ends", () => {
    const state = stateAfter(add(5), add(1), add(3));
    expect(selectedEvent(state)?.begin).toBe(3);
    const last = reduce(state, { type: "next" });
    expect(selectedEvent(last)?.begin).toBe(5);
    expect(neighbour(last, 1)).toBeNull();
    expect(selectedEvent(reduce(last, { type: "next" }))?.begin).toBe(5);
  });

  test("deleting selects what stands beside it", () => {
    const state = stateAfter(add(1), add(2), add(3), { type: "previous" }, { type: "delete" });
    expect(times(state)).toEqual([
      [1, 1],
      [3, 3],
    ]);
    expect(selectedEvent(state)?.begin).toBe(3);
  });

  test("without a selected event nothing changes, and no step of undo is made", () => {
    const state = stateAfter();
    for (const type of ["delete", "removeBox", "undo", "redo", "acceptBox", "acceptCount"] as const)
      expect(reduce(state, { type }).annotation).toBe(EMPTY);
    expect(reduce(state, { type: "begin", at: 2 })).toBe(state);
  });
});

describe("boxes", () => {
  test("only an accepted box is written, as one step", () => {
    const drawing = stateAfter(
      add(1),
      { type: "draw", box: [0, 0, 5, 5] },
      { type: "draw", box: [1, 1, 5, 5] },
    );
    expect(selectedEvent(drawing)?.box).toBeNull();
    const done = reduce(drawing, { type: "acceptBox" });
    expect(selectedEvent(done)?.box).toEqual([1, 1, 5, 5]);
    expect(selectedEvent(reduce(done, { type: "undo" }))?.box).toBeNull();
    expect(selectedEvent(reduce(drawing, { type: "cancel" }))?.box).toBeNull();
  });
});

describe("counting", () => {
  const count: Action = { type: "count", rule: "hall", everySeconds: 20, index: 0 };
  const mark: Action = { type: "mark", at: [1, 2] };

  test("numbers follow each other without a gap, to the end of the recording", () => {
    const state = stateAfter(
      { ...count, index: 7 },
      mark,
      mark,
      { type: "unmark" },
      { type: "acceptCount" },
      { type: "acceptCount" },
      mark,
      { type: "acceptCount" },
    );
    expect(state.annotation.counts).toEqual({ rule: "hall", everySeconds: 20, values: [1, 0, 1] });
    expect(state.mode).toMatchObject({ kind: "count", index: 3, marks: [] });
    const last = reduce(state, { type: "acceptCount" });
    // 80 s lies beyond the 60 s of the recording.
    expect(last.mode).toEqual({ kind: "mark" });
  });

  test("an instant can be counted again; another area cannot be mixed in", () => {
    const state = stateAfter(count, { type: "acceptCount" }, mark, { type: "acceptCount" });
    const again = [{ ...count, rule: "quay", everySeconds: 1, index: 0 } as const, mark, mark];
    const changed = reduce(again.reduce<State>(reduce, state), { type: "acceptCount" });
    expect(changed.annotation.counts).toEqual({ rule: "hall", everySeconds: 20, values: [2, 1] });
  });

  test("places of heads are nowhere in what is written", () => {
    const state = stateAfter(count, mark, { type: "acceptCount" });
    expect(JSON.stringify(toReference(state.annotation))).not.toContain("[1,2]");
  });
});

describe("undo", () => {
  test("typing into one field is one step, the next field another", () => {
    const type = (note: string): Action => ({ type: "edit", change: { note }, typing: "note" });
    const state = stateAfter(add(1), type("f"), type("fa"), type("fall"), {
      type: "edit",
      change: { tolerance: 2 },
      typing: "tolerance",
    });
    const once = reduce(state, { type: "undo" });
    expect(selectedEvent(once)).toMatchObject({ note: "fall", tolerance: 0.5 });
    expect(selectedEvent(reduce(once, { type: "undo" }))).toMatchObject({ note: "" });
  });

  test("what the file said instead can be undone, and no number is used twice", () => {
    const state = stateAfter(add(1), add(2));
    const theirs = fromReference({ events: [{ event: "fight", begin: 8, end: 9 }] });
    const taken = reduce(state, { type: "replace", annotation: theirs });
    expect(times(taken)).toEqual([[8, 9]]);
    expect(taken.annotation.events[0]?.id).toBeGreaterThan(2);
    expect(reduce(taken, { type: "undo" }).annotation).toEqual(state.annotation);
  });

  const time = fc.double({ min: 0, max: 60, noNaN: true });
  const action: fc.Arbitrary<Action> = fc.oneof(
    time.map((at) => add(at)),
    fc.record({ type: fc.constantFrom("begin" as const, "end" as const), at: time }),
    fc.constantFrom<Action>(
      { type: "delete" },
      { type: "next" },
      { type: "previous" },
      { type: "removeBox" },
      { type: "acceptBox" },
      { type: "acceptCount" },
      { type: "deleteCounts" },
      { type: "mark", at: null },
      { type: "kind", event: "fight", rule: "a" },
      { type: "draw", box: [0, 0, 4, 4] },
      { type: "count", rule: "hall", everySeconds: 10, index: 0 },
      { type: "edit", change: { note: "x" }, typing: "note" },
    ),
  );

  test("undo without limit gives back each earlier state, redo each later one", () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        const states = [initialState(EMPTY)];
        for (const next of actions) {
          const before = states.at(-1) ?? initialState(EMPTY);
          const now = reduce(before, next);
          // What goes on typing, or only moves, is no step.
          if (now.past !== before.past) states.push(now);
          else states[states.length - 1] = now;
        }
        let state = states.at(-1) ?? initialState(EMPTY);
        for (const wanted of states.slice(0, -1).toReversed()) {
          state = reduce(state, { type: "undo" });
          expect(state.annotation).toEqual(wanted.annotation);
        }
        expect(state.past).toBeNull();
        for (const wanted of states.slice(1)) {
          state = reduce(state, { type: "redo" });
          expect(state.annotation).toEqual(wanted.annotation);
        }
        expect(state.future).toBeNull();
      }),
    );
  });

  test("whatever is done, events lie within the recording and what is written reads back", () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
        const { annotation } = stateAfter(...actions);
        for (const { begin, end } of annotation.events) {
          expect(begin).toBeGreaterThanOrEqual(0);
          expect(end).toBeGreaterThanOrEqual(begin);
          expect(end).toBeLessThanOrEqual(60);
        }
        const written = toReference(annotation);
        expect(toReference(fromReference(written))).toEqual(written);
      }),
    );
  });
});
