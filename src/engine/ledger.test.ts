import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { CodedError } from "../errors.ts";
import type { Acknowledgement, EntrySink, JournalEntry } from "../journal/leaf.ts";
import { Ledger, toPayload } from "./ledger.ts";

/** A sink whose writes become durable, or fail, when the test says so. */
class SlowSink implements EntrySink {
  readonly writes: { entry: JournalEntry; done: () => void; fail: (why: Error) => void }[] = [];

  append(entry: JournalEntry): Promise<Acknowledgement> {
    const { promise, resolve, reject } = Promise.withResolvers<Acknowledgement>();
    const seq = this.writes.length;
    const done = () => resolve({ seq, at: "2026-01-01T00:00:00.000Z", leafHash: "0".repeat(64) });
    this.writes.push({ entry, done, fail: reject });
    return promise;
  }
}

const entry = (n: number): JournalEntry => ({ type: "alert", actor: "engine", payload: { n } });

function begin() {
  const sink = new SlowSink();
  const faults: CodedError[] = [];
  const shown: number[] = [];
  const ledger = new Ledger(sink, (error) => faults.push(error));
  const write = (n: number) => ledger.write(entry(n), ({ seq }) => shown.push(seq));
  return { sink, faults, shown, ledger, write };
}

describe("a ledger", () => {
  it("hands entries on at once, and shows each when it and all before it are durable", async () => {
    const { sink, shown, write, ledger, faults } = begin();
    for (const n of [0, 1, 2]) write(n);
    expect(sink.writes.map(({ entry: { payload } }) => payload)).toEqual([{ n: 0 }, { n: 1 }, { n: 2 }]);
    sink.writes[2]?.done();
    sink.writes[1]?.done();
    await sleep(5);
    expect(shown).toEqual([]);
    sink.writes[0]?.done();
    await ledger.idle();
    expect(shown).toEqual([0, 1, 2]);
    expect(faults).toEqual([]);
  });

  it("shows nothing more after a write that failed, and says so once", async () => {
    const { sink, shown, write, ledger, faults } = begin();
    for (const n of [0, 1, 2]) write(n);
    // The second fails before the first is durable: the first is shown all the same.
    sink.writes[1]?.fail(new Error("the disk is full"));
    sink.writes[2]?.done();
    await sleep(5);
    sink.writes[0]?.done();
    await ledger.idle();
    expect(shown).toEqual([0]);
    expect(ledger.failed).toBe(true);
    write(3);
    sink.writes[3]?.done();
    write(4);
    sink.writes[4]?.fail(new Error("the disk is full"));
    await ledger.idle();
    expect(shown).toEqual([0]);
    expect(faults).toHaveLength(1);
  });

  it("takes a sink that throws, and a viewer that does, as a failure", async () => {
    for (const which of ["sink", "viewer"]) {
      const faults: CodedError[] = [];
      const shown: string[] = [];
      const sink = new SlowSink();
      const throwing: EntrySink = {
        append: (one) => {
          if (which === "sink") throw new Error("closed");
          return sink.append(one);
        },
      };
      const ledger = new Ledger(throwing, (error) => faults.push(error));
      ledger.write(entry(0), () => {
        throw new Error("nobody can write there");
      });
      sink.writes[0]?.done();
      ledger.write(entry(1), () => shown.push("alert"));
      sink.writes[1]?.done();
      await ledger.idle();
      expect(shown).toEqual([]);
      expect(faults).toHaveLength(1);
    }
  });

  it("leaves out of payloads what JSON has no word for", () => {
    expect(toPayload({ a: undefined, b: Number.NaN, c: new Date(0) })).toEqual({
      b: null,
      c: "1970-01-01T00:00:00.000Z",
    });
  });
});
