import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Frame as NativeFrame } from "node-av/lib";
import { fault } from "../../errors.ts";
import type { Address } from "../address.ts";
import { openFailure } from "../libav/failure.ts";
import type { PicturePool } from "../libav/frame.ts";
import { Input, type InputOptions, isConcealed, type TrackFacts } from "../libav/input.ts";
import type { Feed, Step } from "../recording.ts";
import { isImageName } from "./image-names.ts";

/** Pictures per second that a folder of images stands for, unless told otherwise. */
export const DEFAULT_IMAGE_RATE = 10;

/** `frame-9` before `frame-10`, in the same order on every machine. */
const naturalOrder = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/**
 * The images of a folder, in the natural order of their names, as pictures evenly spaced in time. One that
 * cannot be read is counted as damage and leaves its time empty.
 */
export class FolderFeed implements Feed {
  readonly facts: TrackFacts;
  readonly #address: Address;
  readonly #files: readonly string[];
  readonly #rate: number;
  readonly #options: InputOptions;
  #next = 0;

  /** @throws CodedError SOURCE_NO_IMAGES, SOURCE_UNREADABLE, SOURCE_NOT_FOUND */
  constructor(address: Address, options: InputOptions, rate: number) {
    this.#address = address;
    this.#options = options;
    this.#rate = rate;
    this.#files = imagesIn(address);
    this.facts = {
      codec: "images",
      timeBase: { num: 1, den: 1 },
      rotation: 0,
      storedAspect: 1,
      nominalRate: rate,
      duration: this.#files.length / rate,
      createdAt: null,
    };
  }

  step(pool: PicturePool): Step {
    const index = this.#next++;
    const file = this.#files[index];
    if (file === undefined) return { kind: "end", broken: null };
    const picture = this.#decode(file, pool);
    if (picture === null) return { kind: "damaged" };
    return { kind: "picture", picture, pts: index / this.#rate, damaged: isConcealed(picture) };
  }

  interrupt(): void {}

  async close(): Promise<void> {}

  /** The picture of one file; null where it cannot be read. */
  #decode(file: string, pool: PicturePool): NativeFrame | null {
    const location = join(this.#address.location, file);
    let input: Input;
    try {
      input = Input.openFile({ kind: "file", location, shown: location }, this.#options);
    } catch {
      // Why one of many images fails is told by opening it alone; here the count says that some did.
      return null;
    }
    const picture = pool.take();
    try {
      if (input.readSync() === "video") input.decode();
      input.drain();
      for (;;) {
        const result = input.receive(picture);
        if (result === "picture") return picture;
        if (result !== "more") break;
      }
    } finally {
      input.closeSync();
    }
    pool.give(picture);
    return null;
  }
}

function imagesIn(address: Address): string[] {
  let names: string[];
  try {
    names = readdirSync(address.location);
  } catch (error) {
    const errno = error instanceof Error && "errno" in error ? Number(error.errno) : 0;
    throw openFailure(errno, address.shown);
  }
  const images = names.filter(isImageName).sort(naturalOrder.compare);
  if (images.length === 0) throw fault("SOURCE_NO_IMAGES", { address: address.shown });
  return images;
}
