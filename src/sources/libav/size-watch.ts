import { type CodedError, fault } from "../../errors.ts";

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** Notices a stream whose picture changes its size: what was drawn on the first size fits no longer. */
export class SizeWatch {
  readonly #shown: string;
  #size: PictureSize;

  constructor(shown: string, first: PictureSize) {
    this.#shown = shown;
    this.#size = first;
  }

  /** @returns SOURCE_RESIZED where the size differs from the picture before, else null */
  note(size: PictureSize): CodedError | null {
    const before = this.#size;
    if (size.width === before.width && size.height === before.height) return null;
    this.#size = size;
    return fault("SOURCE_RESIZED", { address: this.#shown, from: written(before), to: written(size) });
  }
}

/** The size alone of something that has one. */
export function pictureSize({ width, height }: PictureSize): PictureSize {
  return { width, height };
}

function written({ width, height }: PictureSize): string {
  return `${width}x${height}`;
}
