import { plain } from "./hold-words.ts";

/** A line for a person: how far it is indented, in columns, and what it says. */
export interface Line {
  readonly indent: number;
  readonly text: string;
}

export function line(indent: number, text: string): Line {
  return { indent, text };
}

/**
 * Lines as they are printed. What others wrote into documents loses whatever would make a terminal do things.
 * @param width of the terminal in columns: longer lines go on below, two columns further in; null leaves them whole
 */
export function printed(lines: readonly Line[], width: number | null): string {
  return lines.map(({ indent, text }) => `${wrapped(indent, plain(text), width)}\n`).join("");
}

/** Where a terminal is narrower than this nothing would be left of a line. */
const NARROWEST = 40;

function wrapped(indent: number, text: string, width: number | null): string {
  const margin = " ".repeat(indent);
  if (text === "") return "";
  if (width === null || width < NARROWEST) return margin + text;
  const rows: string[] = [];
  let row = margin;
  let empty = true;
  for (const word of text.split(" ")) {
    if (!empty && row.length + 1 + word.length > width) {
      rows.push(row);
      row = `${margin}  `;
      empty = true;
    }
    row += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...rows, row].join("\n");
}
