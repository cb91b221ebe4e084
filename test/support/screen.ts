import { Writable } from "node:stream";

/** A terminal's screen, as far as `cli-progress` and `node:readline` move on it; or a pipe. */
export class ScreenStream extends Writable {
  readonly isTTY: boolean;
  readonly columns: number;
  readonly rows = 40;
  readonly #rows: string[][] = [[]];
  #row = 0;
  #column = 0;

  constructor(columns: number, isTTY = true) {
    super({ decodeStrings: false });
    this.columns = columns;
    this.isTTY = isTTY;
  }

  /** What stands on the screen, without trailing blanks and empty last lines. */
  lines(): string[] {
    const lines = this.#rows.map((row) => row.join("").trimEnd());
    while (lines.at(-1) === "") lines.pop();
    return lines;
  }

  override _write(chunk: string | Buffer, _: BufferEncoding, done: () => void): void {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal is moved by them
    for (const [part, amount, command] of String(chunk).matchAll(/\x1b\[\??(\d*)(?:;\d+)?([A-Za-z])|./gsu)) {
      if (command === undefined) this.#type(part);
      else this.#move(command, amount === "" ? null : Number(amount));
    }
    done();
  }

  #type(character: string): void {
    if (character === "\n") {
      this.#row += 1;
      this.#column = 0;
    } else if (character === "\r") this.#column = 0;
    else {
      if (this.#column === this.columns) {
        this.#row += 1;
        this.#column = 0;
      }
      const row = this.#at(this.#row);
      while (row.length < this.#column) row.push(" ");
      row[this.#column] = character;
      this.#column += 1;
    }
    this.#at(this.#row);
  }

  #move(command: string, amount: number | null): void {
    switch (command) {
      case "A":
        this.#row = Math.max(0, this.#row - (amount ?? 1));
        break;
      case "B":
        this.#row += amount ?? 1;
        break;
      case "G":
        this.#column = (amount ?? 1) - 1;
        break;
      case "J":
        this.#at(this.#row).splice(this.#column);
        this.#rows.splice(this.#row + 1);
        break;
      case "K":
        this.#at(this.#row).splice(amount === 2 || amount === 1 ? 0 : this.#column);
        break;
      // Cursor shown or hidden, wrapping on or off: nothing that can be read.
      case "h":
      case "l":
        break;
      default:
        throw new Error(`a screen that does not know the command ${command}`);
    }
  }

  #at(row: number): string[] {
    while (this.#rows.length <= row) this.#rows.push([]);
    return this.#rows[row] ?? [];
  }
}
