import type { Mode } from "./state.ts";

/** A key as the browser tells of it. */
export interface Pressed {
  readonly key: string;
  /** The key's place on the keyboard: digits are the same on AZERTY, where they need no Shift here. */
  readonly code: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** What a key asks for. */
export type Command =
  | {
      readonly kind:
        | "playPause"
        | "pause"
        | "faster"
        | "backwards"
        | "frameBack"
        | "frameForward"
        | "secondBack"
        | "secondForward"
        | "start"
        | "finish"
        | "begin"
        | "end"
        | "add"
        | "box"
        | "removeBox"
        | "count"
        | "next"
        | "previous"
        | "delete"
        | "undo"
        | "redo"
        | "zoomIn"
        | "zoomOut"
        | "zoomAll"
        | "accept"
        | "cancel"
        | "countOne"
        | "uncountOne"
        | "countBack"
        | "help";
    }
  /** Index in the list of kinds. */
  | { readonly kind: "choose"; readonly index: number }
  /** Steps of the box's place or size; `fine` is one px. */
  | {
      readonly kind: "nudge";
      readonly dx: number;
      readonly dy: number;
      readonly resize: boolean;
      readonly fine: boolean;
    };

/** What a pressed key asks for in a mode; null where it is not ours, and the browser's own. */
export function commandOf(pressed: Pressed, mode: Mode["kind"]): Command | null {
  const { ctrlKey, metaKey, shiftKey } = pressed;
  if (ctrlKey || metaKey) {
    const key = pressed.key.toLowerCase();
    if (key === "z") return { kind: shiftKey ? "redo" : "undo" };
    return key === "y" && !shiftKey ? { kind: "redo" } : null;
  }
  const special = mode === "box" ? boxCommand(pressed) : mode === "count" ? countCommand(pressed) : null;
  if (special !== null) return special;
  if (pressed.altKey && ARROWS.has(pressed.key)) return null;
  return plainCommand(pressed);
}

const ARROWS: ReadonlyMap<string, readonly [number, number]> = new Map([
  ["ArrowLeft", [-1, 0]],
  ["ArrowRight", [1, 0]],
  ["ArrowUp", [0, -1]],
  ["ArrowDown", [0, 1]],
]);

function boxCommand({ key, shiftKey, altKey }: Pressed): Command | null {
  const arrow = ARROWS.get(key);
  if (arrow !== undefined) {
    return { kind: "nudge", dx: arrow[0], dy: arrow[1], resize: shiftKey, fine: altKey };
  }
  if (key === "Enter" || key.toLowerCase() === "b") return { kind: "accept" };
  return key === "Delete" || key === "Backspace" ? { kind: "removeBox" } : null;
}

function countCommand({ key }: Pressed): Command | null {
  switch (key) {
    case "Enter":
      return { kind: "accept" };
    case "ArrowUp":
    case "+":
      return { kind: "countOne" };
    case "ArrowDown":
    case "-":
    case "Backspace":
    case "Delete":
      return { kind: "uncountOne" };
    case "PageUp":
      return { kind: "countBack" };
    default:
      return null;
  }
}

function plainCommand({ key, code, shiftKey }: Pressed): Command | null {
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(code)?.[1];
  if (digit !== undefined && !(shiftKey && code.startsWith("Digit") && !/\d/.test(key))) {
    return digit === "0" ? { kind: "zoomAll" } : { kind: "choose", index: Number(digit) - 1 };
  }
  const found = PLAIN.get(key.length === 1 ? key.toLowerCase() : key);
  if (found === undefined) return null;
  if (shiftKey && found === "frameBack") return { kind: "secondBack" };
  if (shiftKey && found === "frameForward") return { kind: "secondForward" };
  if (shiftKey && found === "next" && key === "Tab") return { kind: "previous" };
  return { kind: found };
}

type Simple = Exclude<Command["kind"], "choose" | "nudge">;

const PLAIN: ReadonlyMap<string, Simple> = new Map<string, Simple>([
  [" ", "playPause"],
  ["j", "backwards"],
  ["k", "pause"],
  ["l", "faster"],
  ["ArrowLeft", "frameBack"],
  ["ArrowRight", "frameForward"],
  ["Home", "start"],
  ["End", "finish"],
  ["[", "begin"],
  ["]", "end"],
  // Brackets take two hands on a French keyboard; these are the "in" and "out" of editing tables.
  ["i", "begin"],
  ["o", "end"],
  ["n", "add"],
  ["b", "box"],
  ["c", "count"],
  ["Tab", "next"],
  ["ArrowDown", "next"],
  ["ArrowUp", "previous"],
  ["Delete", "delete"],
  ["Backspace", "delete"],
  ["+", "zoomIn"],
  ["=", "zoomIn"],
  ["-", "zoomOut"],
  ["Escape", "cancel"],
  ["?", "help"],
]);

/** The keys as the help shows them, in groups; what they do is said in the page's words under the same name. */
export const KEY_GROUPS = [
  {
    group: "playing",
    keys: [
      ["playPause", "Space"],
      ["frames", "← →"],
      ["seconds", "Shift + ← →"],
      ["shuttle", "J  K  L"],
      ["ends", "Home  End"],
    ],
  },
  {
    group: "marking",
    keys: [
      ["add", "N"],
      ["begin", "[  /  I"],
      ["end", "]  /  O"],
      ["choose", "1 … 9"],
      ["walk", "Tab  /  Shift + Tab  /  ↓ ↑"],
      ["delete", "Delete"],
      ["undo", "Ctrl + Z"],
      ["redo", "Ctrl + Shift + Z"],
    ],
  },
  {
    group: "drawing",
    keys: [
      ["box", "B"],
      ["boxMove", "← → ↑ ↓"],
      ["boxSize", "Shift + ← → ↑ ↓"],
      ["boxFine", "Alt"],
      ["boxAccept", "Enter"],
      ["boxRemove", "Delete"],
    ],
  },
  {
    group: "counting",
    keys: [
      ["count", "C"],
      ["countOne", "↑ ↓  /  + -"],
      ["countAccept", "Enter"],
      ["countBack", "Page ↑"],
    ],
  },
  {
    group: "page",
    keys: [
      ["zoom", "+  -"],
      ["zoomAll", "0"],
      ["cancel", "Esc"],
      ["help", "?"],
    ],
  },
] as const;
export type KeyGroup = (typeof KEY_GROUPS)[number]["group"];
export type KeyName = (typeof KEY_GROUPS)[number]["keys"][number][0];
