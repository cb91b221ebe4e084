import type { LogSource } from "./log-source.ts";

/** No line of a log that a person could check comes near it. */
export const LONGEST_LINE = 1_048_576;

export interface Line {
  /** Null where the line is longer than is read: then it is skipped, and counted as one. */
  readonly text: string | null;
  /** From 1. */
  readonly number: number;
}

/** The lines of a log, without their ends (LF or CR LF); holds one of them at a time. */
export async function* readLines(source: LogSource): AsyncGenerator<Line> {
  let number = 1;
  let rest = "";
  let tooLong = false;
  for await (const piece of source.pieces()) {
    let begin = 0;
    for (;;) {
      const end = piece.indexOf("\n", begin);
      if (end < 0) break;
      const text = rest + piece.slice(begin, end);
      yield { text: tooLong || text.length > LONGEST_LINE ? null : text.replace(/\r$/, ""), number };
      number++;
      begin = end + 1;
      rest = "";
      tooLong = false;
    }
    if (!tooLong) rest += piece.slice(begin);
    if (rest.length > LONGEST_LINE) {
      tooLong = true;
      rest = "";
    }
  }
  if (tooLong) yield { text: null, number };
  else if (rest !== "") yield { text: rest.replace(/\r$/, ""), number };
}
