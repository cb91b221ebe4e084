/** One file of a tar stream. `read` gives its content, and may be called only before the next file. */
export interface TarEntry {
  readonly path: string;
  readonly bytes: number;
  read(): Promise<Uint8Array>;
}

const BLOCK = 512;

/**
 * The regular files of a tar stream (POSIX ustar and pax, GNU long names), one after the other. What is not
 * read is passed over without being kept: nothing is ever written anywhere.
 * @throws RangeError where the stream is not tar or ends early
 */
export async function* readTar(stream: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry> {
  const reader = new BlockReader(stream);
  let longName: string | null = null;
  for (;;) {
    const header = await reader.take(BLOCK);
    if (header === null || header.every((byte) => byte === 0)) {
      await reader.drain();
      return;
    }
    if (!checksumHolds(header)) throw new RangeError("the archive is damaged: a header's checksum is wrong");
    const bytes = octal(header, 124, 12);
    const type = String.fromCharCode(header[156] ?? 0);
    const padded = Math.ceil(bytes / BLOCK) * BLOCK;
    if (type === "x" || type === "L") {
      const body = (await reader.need(padded)).subarray(0, bytes);
      longName = (type === "x" ? paxPath(body) : text(body, 0, bytes)) ?? longName;
      continue;
    }
    const prefix = text(header, 257, 5) === "ustar" ? text(header, 345, 155) : "";
    const path = longName ?? (prefix === "" ? "" : `${prefix}/`) + text(header, 0, 100);
    longName = null;
    let left = padded;
    if (type === "0" || type === "\0") {
      yield {
        path,
        bytes,
        read: async () => {
          left = 0;
          return (await reader.need(padded)).slice(0, bytes);
        },
      };
    }
    await reader.skip(left);
  }
}

class BlockReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(stream: AsyncIterable<Uint8Array>) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  /** The next `length` bytes, null at the stream's end. */
  async take(length: number): Promise<Uint8Array | null> {
    const parts: Uint8Array[] = [];
    let missing = length;
    while (missing > 0) {
      if (this.#rest.length === 0 && !(await this.#refill())) {
        if (missing === length) return null;
        throw new RangeError("the archive ends early");
      }
      const part = this.#rest.subarray(0, missing);
      this.#rest = this.#rest.subarray(part.length);
      parts.push(part);
      missing -= part.length;
    }
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
  }

  async need(length: number): Promise<Uint8Array> {
    if (length === 0) return new Uint8Array(0);
    const bytes = await this.take(length);
    if (bytes === null) throw new RangeError("the archive ends early");
    return bytes;
  }

  async skip(length: number): Promise<void> {
    let left = length;
    while (left > 0) {
      if (this.#rest.length === 0 && !(await this.#refill())) throw new RangeError("the archive ends early");
      const step = Math.min(left, this.#rest.length);
      this.#rest = this.#rest.subarray(step);
      left -= step;
    }
  }

  /** Reads to the end: what checks the stream's hash says so only there. */
  async drain(): Promise<void> {
    while (await this.#refill());
  }

  async #refill(): Promise<boolean> {
    const next = await this.#chunks.next();
    if (next.done === true) return false;
    this.#rest = next.value;
    return true;
  }
}

function text(bytes: Uint8Array, from: number, length: number): string {
  const field = bytes.subarray(from, from + length);
  const end = field.indexOf(0);
  return Buffer.from(end < 0 ? field : field.subarray(0, end)).toString("utf8");
}

function octal(bytes: Uint8Array, from: number, length: number): number {
  const value = Number.parseInt(text(bytes, from, length).trim() || "0", 8);
  if (!(value >= 0)) throw new RangeError("the archive is damaged: a size is not a number");
  return value;
}

function checksumHolds(header: Uint8Array): boolean {
  // The checksum field itself counts as eight spaces.
  const sum = header.reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 32 : byte), 0);
  return sum === octal(header, 148, 8);
}

/** The `path` of a pax header: records of "<length> <key>=<value>\n". */
function paxPath(body: Uint8Array): string | null {
  const records = Buffer.from(body).toString("utf8").split("\n");
  const path = records
    .map((record) => /^\d+ path=(.*)$/.exec(record)?.[1])
    .find((found) => found !== undefined);
  return path ?? null;
}
