import { type Line, readLines } from "./lines.ts";
import type { LogSource } from "./log-source.ts";

/** A row of a log holds no more: a note of an operator, not a file. What is not over is looked at again and again. */
const MOST_LINES = 20;
const MOST_SIGNS = 65_536;

/**
 * The text of a CSV log without the rows whose quotation marks are not as RFC 4180 has them: an empty line stands in
 * their place, so that all others keep their numbers. One mark that is never closed would otherwise take all that
 * follows into one cell.
 * @param refuse is told of each line that is left out, before what follows it is yielded
 */
export async function* soundRows(
  source: LogSource,
  delimiter: string,
  refuse: (line: number, what: string) => void,
): AsyncGenerator<string> {
  /** Lines of a row that is not over, or that have to be looked at again. */
  let held: Line[] = [];
  for await (const line of readLines(source)) {
    held.push(line);
    // Rows of one line, nearly all of them, are looked at once.
    if (held.length === 1 && line.text !== null && !line.text.includes('"')) {
      yield `${line.text}\n`;
      held = [];
      continue;
    }
    yield* settle(false);
  }
  yield* settle(true);

  /** Hands on the rows that are whole, and leaves out the lines that begin none. */
  function* settle(over: boolean): Generator<string> {
    while (held.length > 0) {
      const { lines, fault } = firstRow(held, delimiter);
      const [first, ...rest] = held;
      if (fault === null) {
        yield `${held
          .slice(0, lines)
          .map(({ text }) => text)
          .join("\n")}\n`;
        held = held.slice(lines);
      } else if (fault === "open" && !over && mayGoOn(held)) {
        return;
      } else {
        refuse(first?.number ?? 1, WORDS[fault]);
        yield "\n";
        held = rest;
      }
    }
  }
}

function mayGoOn(lines: readonly Line[]): boolean {
  const signs = lines.reduce((sum, { text }) => sum + (text?.length ?? 0), 0);
  return lines.length < MOST_LINES && signs < MOST_SIGNS;
}

type Fault = "open" | "closing" | "opening" | "long";

const WORDS: Readonly<Record<Fault, string>> = {
  open: "a quotation mark is opened and not closed",
  closing: "something follows a closing quotation mark",
  opening: "a quotation mark stands in the middle of a cell",
  long: "the line is longer than is read",
};

/** How many lines the row takes that begins with the first of them, or why they begin none. */
function firstRow(
  lines: readonly Line[],
  delimiter: string,
): { readonly lines: number; readonly fault: Fault | null } {
  let quoted = false;
  for (const [index, { text }] of lines.entries()) {
    if (text === null) return { lines: 1, fault: index === 0 ? "long" : "open" };
    let begins = !quoted;
    for (let at = 0; at < text.length; at++) {
      const sign = text[at];
      if (quoted) {
        if (sign !== '"') continue;
        if (text[at + 1] === '"') {
          at++;
          continue;
        }
        quoted = false;
        if (at + 1 < text.length && text[at + 1] !== delimiter) return { lines: 1, fault: "closing" };
      } else if (sign === '"') {
        if (!begins) return { lines: 1, fault: "opening" };
        quoted = true;
      }
      begins = sign === delimiter;
    }
    if (!quoted) return { lines: index + 1, fault: null };
  }
  return { lines: 1, fault: "open" };
}
