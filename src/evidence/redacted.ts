/**
 * A value that was redacted when it was made. It is opaque on purpose: no frame's pixels can be assigned or
 * asserted to be one, the constructor is closed, and whatever writes or sends pixels asks for this type.
 * Only this folder may call `seal` (redacted.test.ts reads every import in the product to prove it).
 */
export class Redacted<T> {
  readonly #value: T;

  private constructor(value: T) {
    this.#value = value;
  }

  /** The redacted value, to be written or shown. */
  get value(): T {
    return this.#value;
  }

  /** For this folder alone: says that `value` was composed of background and flat colour, and of nothing else. */
  static seal<T>(value: T): Redacted<T> {
    return new Redacted(value);
  }
}
