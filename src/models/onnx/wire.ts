/**
 * The protocol buffers wire format, as much of it as ONNX files use: varints, 32-bit floats and
 * length-delimited fields (https://protobuf.dev/programming-guides/encoding/).
 * Fields are written in the order of the calls and never reordered, so the same model gives the same bytes.
 */
export class WireWriter {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  /** An unsigned or (two's complement, ten bytes) negative integer. */
  integer(field: number, value: number | bigint): this {
    return this.#push(varint(BigInt(field) << 3n)).#push(varint(BigInt.asUintN(64, BigInt(value))));
  }

  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.#push(varint((BigInt(field) << 3n) | 5n)).#push(bytes);
  }

  bytes(field: number, value: Uint8Array): this {
    return this.#push(varint((BigInt(field) << 3n) | 2n))
      .#push(varint(BigInt(value.length)))
      .#push(value);
  }

  text(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  message(field: number, write: (inner: WireWriter) => void): this {
    const inner = new WireWriter();
    write(inner);
    return this.bytes(field, inner.finish());
  }

  finish(): Uint8Array {
    const whole = new Uint8Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  #push(part: Uint8Array): this {
    this.#parts.push(part);
    this.#length += part.length;
    return this;
  }
}

/** One field as it stands in the bytes: `value` for varints, `bytes` for what has a length. */
export interface WireField {
  readonly field: number;
  readonly value: bigint;
  readonly bytes: Uint8Array;
}

const NO_BYTES = new Uint8Array(0);

/** Reads the fields of one message. @throws RangeError where the bytes are not a protocol buffers message */
export function* readFields(bytes: Uint8Array): Generator<WireField> {
  let at = 0;
  const readVarint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw new RangeError("ends in the middle of a number");
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError("holds a number longer than 64 bits");
  };
  const take = (length: number): Uint8Array => {
    if (at + length > bytes.length) throw new RangeError("ends in the middle of a field");
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = readVarint();
    const field = Number(tag >> 3n);
    if (field === 0) throw new RangeError("holds a field without a number");
    switch (Number(tag & 7n)) {
      case 0:
        yield { field, value: readVarint(), bytes: NO_BYTES };
        break;
      case 1:
        yield { field, value: 0n, bytes: take(8) };
        break;
      case 2: {
        const length = readVarint();
        if (length > BigInt(bytes.length)) throw new RangeError("ends in the middle of a field");
        yield { field, value: 0n, bytes: take(Number(length)) };
        break;
      }
      case 5:
        yield { field, value: 0n, bytes: take(4) };
        break;
      default:
        throw new RangeError("holds a field of an unknown kind");
    }
  }
}

function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
