import type { Frame as NativeFrame } from "node-av/lib";
import { type CodedError, fault } from "../../errors.ts";
import type { Clock, Seconds } from "../../time/clock.ts";
import type { Address } from "../address.ts";
import type { PicturePool } from "./frame.ts";
import { Input, type InputOptions } from "./input.ts";

/** Within this time a camera must give its first picture: key frames come every ten seconds on some. */
export const CONNECT_LIMIT: Seconds = 20;
/** So many reads that fail in a row end a connection. */
export const MOST_FAILED_READS = 5;

/** An address that was reached and has shown its first picture. */
export interface Connection {
  readonly input: Input;
  readonly picture: NativeFrame;
}

/**
 * Connects, and waits for the first picture.
 * @param signal gives up at once
 * @throws CodedError of connectFailure, or SOURCE_TIMEOUT, SOURCE_CLOSED, SOURCE_NO_PICTURE, SOURCE_LOST
 */
export async function connect(
  address: Address,
  options: InputOptions,
  clock: Clock,
  pool: PicturePool,
  signal: AbortSignal,
): Promise<Connection> {
  if (signal.aborted) throw fault("SOURCE_CLOSED", { address: address.shown });
  let interrupt = () => {};
  const attempt = (async () => {
    const input = await Input.connect(address, options, (stop) => {
      interrupt = stop;
    });
    interrupt = () => input.interrupt();
    try {
      return { input, picture: await firstPicture(input, pool, address.shown) };
    } catch (error) {
      await input.close();
      throw error;
    }
  })();
  const settled = new AbortController();
  const givenUp = new Promise<never>((_, reject) => {
    const giveUp = (error: CodedError) => {
      reject(error);
      interrupt();
    };
    const closed = () => giveUp(fault("SOURCE_CLOSED", { address: address.shown }));
    signal.addEventListener("abort", closed, { once: true, signal: settled.signal });
    void clock.sleep(CONNECT_LIMIT, settled.signal).then(() => {
      if (settled.signal.aborted) return;
      giveUp(fault("SOURCE_TIMEOUT", { address: address.shown, seconds: CONNECT_LIMIT }));
    });
  });
  try {
    return await Promise.race([attempt, givenUp]);
  } catch (error) {
    // Looking a host name up cannot be interrupted: what comes of it later is put away then.
    void attempt.then(
      ({ input, picture }) => {
        pool.give(picture);
        void input.close();
      },
      () => {},
    );
    throw error;
  } finally {
    settled.abort();
  }
}

async function firstPicture(input: Input, pool: PicturePool, shown: string): Promise<NativeFrame> {
  const picture = pool.take();
  let failed = 0;
  for (;;) {
    const read = await input.read();
    if (read === "video") {
      input.decode();
      if (input.receive(picture) === "picture") return picture;
    }
    if (read === "failed") failed++;
    if (read === "end" || failed > MOST_FAILED_READS) {
      input.drain();
      if (input.receive(picture) === "picture") return picture;
      pool.give(picture);
      throw fault("SOURCE_NO_PICTURE", { address: shown });
    }
  }
}
