import type { LogSource } from "./log-source.ts";

/** One member of a JSON document that is read by itself. */
export interface JsonItem {
  /** The top-level key that it stands below; "" where the document itself is a list. */
  readonly list: string;
  /** From 1: where it begins. */
  readonly line: number;
  /** Undefined where the item by itself is no JSON: as where it holds NaN, which Python writes and JSON has not. */
  readonly value: unknown;
}

/** Why no further item can be read. */
export class JsonBroken extends Error {
  readonly line: number;
  constructor(line: number, what: string) {
    super(what);
    this.name = "JsonBroken";
    this.line = line;
  }
}

/** An ActEV activity with a box in every picture of an hour is some MB. */
const LONGEST_ITEM = 16 * 1_048_576;
const DEEPEST = 64;

const QUOTE = 34;
const BACKSLASH = 92;
const NEWLINE = 10;

/**
 * Goes through a JSON document `{"list": [item, …], …}` or `[item, …]` and yields the items of the lists that are
 * asked for, one at a time: a log of any length is read in the memory of its longest item.
 * @param lists the top-level keys whose items are wanted; "" for a document that is a list
 * @throws JsonBroken where the document is no JSON, ends too soon, is too deep, or an item is too long
 */
export async function* readJsonItems(
  source: LogSource,
  lists: ReadonlySet<string>,
): AsyncGenerator<JsonItem> {
  let line = 1;
  let depth = 0;
  let inString = false;
  let escaped = false;
  /** What is being collected: a key of the top level, or an item of a wanted list. */
  let held = "";
  let holding = false;
  let heldLine = 1;
  let key = "";
  /** Depth at which items of a wanted list begin; 0 outside of one. */
  let itemDepth = 0;
  let begun = false;
  let isList = false;
  let over = false;
  let lastString = "";

  const parse = (text: string): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      return undefined;
    }
  };

  for await (const piece of source.pieces()) {
    let from = 0;
    for (let i = 0; i < piece.length; i++) {
      const code = piece.charCodeAt(i);
      if (code === NEWLINE) line++;
      if (inString) {
        if (escaped) escaped = false;
        else if (code === BACKSLASH) escaped = true;
        else if (code === QUOTE) {
          inString = false;
          // A string of the top level may be a key.
          if (itemDepth === 0 && depth === 1 && holding) {
            const text = parse(held + piece.slice(from, i + 1));
            lastString = typeof text === "string" ? text : "";
            held = "";
            holding = false;
          }
        }
        continue;
      }
      switch (code) {
        case QUOTE:
          inString = true;
          if ((itemDepth === 0 && depth === 1) || (depth === itemDepth && !holding)) {
            holding = true;
            held = "";
            from = i;
            heldLine = line;
          }
          break;
        case 123: // {
        case 91: {
          // [
          if (over) throw new JsonBroken(line, "something follows its end");
          depth++;
          if (depth > DEEPEST) throw new JsonBroken(line, `it is nested more than ${DEEPEST} deep`);
          if (!begun) {
            begun = true;
            isList = code === 91;
            if (isList && lists.has("")) itemDepth = 1;
          } else if (itemDepth === 0 && depth === 2 && code === 91 && !isList && lists.has(key)) {
            itemDepth = 2;
          } else if (depth === itemDepth + 1 && itemDepth > 0 && !holding) {
            holding = true;
            held = "";
            from = i;
            heldLine = line;
          }
          break;
        }
        case 125: // }
        case 93: // ]
          if (depth === 0) throw new JsonBroken(line, "it is no JSON");
          if (depth === itemDepth && holding) {
            yield { list: isList ? "" : key, line: heldLine, value: parse(held + piece.slice(from, i)) };
            held = "";
            holding = false;
          }
          depth--;
          if (itemDepth > 0 && depth < itemDepth) itemDepth = 0;
          if (depth === 0) over = true;
          break;
        case 44: // ,
          if (depth === itemDepth && holding) {
            yield { list: isList ? "" : key, line: heldLine, value: parse(held + piece.slice(from, i)) };
            held = "";
            holding = false;
          }
          break;
        case 58: // :
          if (depth === 1 && !isList) key = lastString;
          break;
        default:
          // A bare number, true, false or null as an item.
          if (itemDepth > 0 && depth === itemDepth && !holding && code > 32) {
            holding = true;
            held = "";
            from = i;
            heldLine = line;
          } else if (!begun && code > 32) throw new JsonBroken(line, "it is no JSON");
      }
    }
    if (holding) {
      held += piece.slice(from);
      if (held.length > LONGEST_ITEM) throw new JsonBroken(heldLine, "an item is longer than is read");
    }
  }
  if (!over || inString) throw new JsonBroken(line, "it ends before its end");
}
