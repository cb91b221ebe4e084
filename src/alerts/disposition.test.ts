import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ACTIONS,
  currentDisposition,
  DISPOSITION_REASONS,
  type Disposition,
  type DispositionRequest,
  dispose,
  dispositionSchema,
  expire,
  OUTCOMES,
  REASON_CODES_OF,
} from "./disposition.ts";

const request = (over: Partial<DispositionRequest> = {}): DispositionRequest => ({
  alertId: "alert-1",
  outcome: "dismissed",
  reasonCode: "light_or_reflection",
  at: Date.UTC(2026, 2, 1),
  operatorPseudonym: "op-07",
  secondsOnAlert: 12.5,
  actionTaken: "none",
  correction: null,
  ...over,
});

const anyRequest: fc.Arbitrary<DispositionRequest> = fc.constantFrom(...OUTCOMES).chain((outcome) =>
  fc.record({
    alertId: fc.constant("alert-1"),
    outcome: fc.constant(outcome),
    reasonCode: fc.constantFrom(...REASON_CODES_OF[outcome]),
    at: fc.integer({ min: 0, max: 4e12 }),
    operatorPseudonym: fc.constantFrom("op-1", "op-2", "chef_de_salle"),
    secondsOnAlert: fc.option(fc.double({ min: 0, max: 1e6, noNaN: true })),
    actionTaken: fc.constantFrom(...ACTIONS),
    correction: fc.option(fc.constantFrom("looked again", "wrong alert")),
  }),
);

describe("a disposition", () => {
  it("holds what was said, and nothing else", () => {
    const made = dispose(request(), []);
    expect(made).toEqual({
      schema: "contrechamp/disposition@1",
      alertId: "alert-1",
      outcome: "dismissed",
      reasonCode: "light_or_reflection",
      at: "2026-03-01T00:00:00.000Z",
      operatorPseudonym: "op-07",
      secondsOnAlert: 12.5,
      actionTaken: "none",
      correction: null,
    });
    expect(dispositionSchema.safeParse({ ...made, name: "somebody" }).success).toBe(false);
  });

  it.each(
    OUTCOMES.flatMap((outcome) => DISPOSITION_REASONS.map((reason) => [outcome, reason] as const)),
  )("%s because of %s is taken only where the two fit", (outcome, reasonCode) => {
    const codes: readonly string[] = REASON_CODES_OF[outcome];
    const make = () => dispose(request({ outcome, reasonCode }), []);
    if (codes.includes(reasonCode)) expect(make().reasonCode).toBe(reasonCode);
    else expect(make).toThrow(expect.objectContaining({ code: "DISPOSITION_UNREADABLE" }));
  });

  it.each<[string, Partial<DispositionRequest>]>([
    ["an outcome that is none", { outcome: "open" }],
    ["a reason that is none", { reasonCode: "looked suspicious" }],
    ["an action that is none", { actionTaken: "arrest" }],
    ["a name", { operatorPseudonym: "Camille Exemple" }],
    ["nobody", { operatorPseudonym: "" }],
    ["no number of seconds", { secondsOnAlert: Number.NaN }],
    ["a time before the alert", { secondsOnAlert: -1 }],
    ["no alert", { alertId: "" }],
  ])("with %s is refused", (_, over) => {
    expect(() => dispose(request(over), [])).toThrow(
      expect.objectContaining({ code: "DISPOSITION_UNREADABLE", exit: 64 }),
    );
  });

  it("is final: a second one is refused, whoever says it and whatever", () => {
    fc.assert(
      fc.property(anyRequest, anyRequest, (first, second) => {
        const made = dispose({ ...first, correction: null }, []);
        expect(() => dispose({ ...second, correction: null }, [made])).toThrow(
          expect.objectContaining({ code: "DISPOSITION_FINAL" }),
        );
      }),
    );
  });

  it("can be corrected with a reason, which keeps the first", () => {
    const first = dispose(request(), []);
    const second = dispose(
      request({ outcome: "confirmed", reasonCode: "event_present", correction: "looked at the clip again" }),
      [first],
    );
    expect(second.correction).toEqual({ replaces: "dismissed", reason: "looked at the clip again" });
    expect(currentDisposition([first, second])).toBe(second);
    expect(currentDisposition([first])).toBe(first);
    expect(() => dispose(request({ correction: "  " }), [first])).toThrow(
      expect.objectContaining({ code: "DISPOSITION_UNREADABLE" }),
    );
    expect(() => dispose(request({ correction: "of what?" }), [])).toThrow(
      expect.objectContaining({ code: "DISPOSITION_NOTHING_TO_CORRECT" }),
    );
  });

  it("of two people at the same moment is the one that the journal has first", () => {
    const [a, b] = [dispose(request(), []), dispose(request({ operatorPseudonym: "op-08" }), [])];
    expect(currentDisposition([a, b])).toBe(a);
    expect(currentDisposition([b, a])).toBe(b);
  });

  it("leaves an alert that is not open never open again", () => {
    fc.assert(
      fc.property(fc.array(anyRequest, { minLength: 1, maxLength: 8 }), (requests) => {
        const history: Disposition[] = [];
        for (const one of requests) {
          try {
            history.push(dispose(one, history));
          } catch {
            continue; // Refused: nothing is written.
          }
          expect(currentDisposition(history)).toBe(history.at(-1));
        }
      }),
    );
  });

  it("that nobody made says so", () => {
    expect(expire("alert-1", 0)).toMatchObject({
      outcome: "expired",
      reasonCode: "nobody_looked",
      operatorPseudonym: "engine",
      actionTaken: "none",
    });
  });
});
