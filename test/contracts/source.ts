import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CodedError } from "../../src/errors.ts";
import { analysisSize, type Frame } from "../../src/frames/frame.ts";
import type { HealthEvent } from "../../src/frames/health.ts";
import type { Source, SourceInfo } from "../../src/sources/source.ts";

/** What an implementation gives to be tested: a stream of `drawMovingSquare`, started before and stopped after. */
export interface SourceUnderTest {
  /** A new source of the stream. */
  make(): Source;
  /** Of the pictures as shown. */
  readonly width: number;
  readonly height: number;
  readonly rate: number;
  /** Pictures in all for a recording, null for what does not end. */
  readonly frames: number | null;
  /** Must appear in nothing that the source says. */
  readonly secret?: string;
  stop?(): Promise<void>;
}

/** Pictures that are looked at of a stream without end. */
const ENOUGH = 12;

/**
 * What every source must keep to, whatever it reads.
 * @param skip why it cannot be tested here, null where it can
 */
export function sourceContract(
  name: string,
  start: () => Promise<SourceUnderTest>,
  skip: string | null = null,
): void {
  describe.skipIf(skip !== null)(`source: ${name}${skip === null ? "" : ` (skipped: ${skip})`}`, () => {
    let subject: SourceUnderTest;
    beforeAll(async () => {
      subject = await start();
    }, 30_000);
    afterAll(() => subject?.stop?.());

    it("describes the stream, and yields pictures with strictly increasing times at its rate", async () => {
      const source = subject.make();
      const info = await source.open();
      expect(info).toMatchObject({
        width: subject.width,
        height: subject.height,
        pixelAspect: 1,
        live: subject.frames === null,
      });
      const seen = await look(source, subject.frames ?? ENOUGH);
      await source.close();
      const times = seen.frames.map((frame) => frame.pts);
      expect(times[0]).toBe(0);
      const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
      expect(Math.min(...gaps)).toBeGreaterThan(0);
      const middle = gaps.toSorted((a, b) => a - b)[gaps.length >> 1] ?? 0;
      expect(middle).toBeCloseTo(1 / subject.rate, 2);
      const clocks = seen.frames.map((frame) => frame.wallClock);
      expect(clocks).toEqual(clocks.toSorted((a, b) => a - b));
      if (subject.frames !== null) expect(times).toHaveLength(subject.frames);
      expectNoSecret(subject.secret, info, seen.health);
    });

    it("ends a recording with `ended`, and does nothing after it", async ({ skip: leave }) => {
      if (subject.frames === null) return leave("it has no end");
      const source = subject.make();
      await source.open();
      const iterator = source.items();
      let last: HealthEvent | null = null;
      for await (const item of iterator) {
        if (item.kind === "frame") item.frame.release();
        last = item.kind === "health" ? item.health : null;
      }
      expect(last).toMatchObject({ kind: "ended", code: null });
      expect(await iterator.next()).toEqual({ done: true, value: undefined });
      await source.close();
    });

    it("gives luma, colour and vectors of a picture until it is released", async () => {
      const source = subject.make();
      await source.open();
      const iterator = source.items();
      const frame = await nextFrame(iterator);
      expect({ width: frame.width, height: frame.height }).toEqual({
        width: subject.width,
        height: subject.height,
      });
      const luma = frame.luma();
      expect({ width: luma.width, height: luma.height }).toEqual(analysisSize(frame.width, frame.height));
      expect(luma.data).toHaveLength(luma.width * luma.height);
      expect(frame.luma()).toBe(luma);
      // The square is bright, the gradient behind it is not.
      expect(share(luma.data, (sample) => sample > 190)).toBeGreaterThan(0.01);
      expect(share(luma.data, (sample) => sample < 160)).toBeGreaterThan(0.8);
      const shared = new Uint8Array(new SharedArrayBuffer(3 * 32 * 24));
      const whole = { x: 0, y: 0, width: frame.width, height: frame.height };
      const colour = frame.rgb(whole, 32, 24, shared);
      expect(colour.data).toBe(shared);
      expect(share(shared, (sample) => sample > 0)).toBeGreaterThan(0.99);
      expect(frame.rgb(whole, 32, 24).data).toEqual(new Uint8Array(shared));
      const vectors = frame.motionVectors();
      if (vectors !== null) {
        expect(vectors.x).toHaveLength(vectors.count);
        expect(vectors.dy).toHaveLength(vectors.count);
      }
      frame.release();
      frame.release();
      expect(codeOf(() => frame.luma())).toBe("FRAME_RELEASED");
      expect(codeOf(() => frame.rgb(whole, 32, 24))).toBe("FRAME_RELEASED");
      expect(codeOf(() => frame.motionVectors())).toBe("FRAME_RELEASED");
      expect(frame.pts).toBeGreaterThanOrEqual(0);
      await source.close();
    });

    it("lets a picture be used after the source is closed", async () => {
      const source = subject.make();
      await source.open();
      const frame = await nextFrame(source.items());
      await source.close();
      expect(frame.luma().data.length).toBeGreaterThan(0);
      frame.release();
    });

    it("ends the iteration within a second when it is closed, and closes twice", async () => {
      const source = subject.make();
      await source.open();
      const iterator = source.items();
      (await nextFrame(iterator)).release();
      const waiting = drain(iterator);
      await source.close();
      const began = performance.now();
      await waiting;
      await source.close();
      expect(performance.now() - began).toBeLessThan(1000);
    });

    it("closes within a second before, while and after it opens", async () => {
      const unopened = subject.make();
      await unopened.close();
      await expect(unopened.open()).rejects.toMatchObject({ code: "SOURCE_CLOSED" });

      const opening = subject.make();
      const opened = opening.open().then(
        () => "opened",
        (error: unknown) => (error instanceof CodedError ? error.code : error),
      );
      await new Promise((resolve) => setTimeout(resolve, 5));
      const began = performance.now();
      await opening.close();
      expect(["opened", "SOURCE_CLOSED"]).toContain(await opened);
      expect(performance.now() - began).toBeLessThan(1000);

      const unread = subject.make();
      await unread.open();
      await unread.close();
      expect(await unread.items().next()).toEqual({ done: true, value: undefined });
    });
  });
}

interface Seen {
  readonly frames: { readonly pts: number; readonly wallClock: number }[];
  readonly health: HealthEvent[];
}

/** Takes so many pictures. */
async function look(source: Source, count: number): Promise<Seen> {
  const seen: Seen = { frames: [], health: [] };
  for await (const item of source.items()) {
    if (item.kind === "health") {
      seen.health.push(item.health);
      continue;
    }
    seen.frames.push({ pts: item.frame.pts, wallClock: item.frame.wallClock });
    item.frame.release();
    if (seen.frames.length === count) break;
  }
  return seen;
}

async function nextFrame(iterator: ReturnType<Source["items"]>): Promise<Frame> {
  for (;;) {
    const { value, done } = await iterator.next();
    if (done) throw new Error("the source ended without a picture");
    if (value.kind === "frame") return value.frame;
  }
}

async function drain(iterator: ReturnType<Source["items"]>): Promise<void> {
  for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
    if (next.value.kind === "frame") next.value.frame.release();
  }
}

function expectNoSecret(secret: string | undefined, info: SourceInfo, health: readonly HealthEvent[]): void {
  if (secret === undefined) return;
  expect(JSON.stringify({ info, health })).not.toContain(secret);
  expect(info.address).toContain("***");
}

function share(samples: Uint8Array, holds: (sample: number) => boolean): number {
  return samples.reduce((count, sample) => count + (holds(sample) ? 1 : 0), 0) / samples.length;
}

function codeOf(act: () => unknown): string | null {
  try {
    act();
    return null;
  } catch (error) {
    return error instanceof CodedError ? error.code : String(error);
  }
}
