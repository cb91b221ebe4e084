import { expect, test } from "vitest";
import { type Command, commandOf, KEY_GROUPS, type Pressed } from "./keys.ts";
import { WORDS } from "./words.ts";

const pressed = (key: string, more: Partial<Pressed> = {}): Pressed => ({
  key,
  code: "",
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...more,
});

test.each([
  [pressed(" "), "playPause"],
  [pressed("ArrowLeft"), "frameBack"],
  [pressed("ArrowRight", { shiftKey: true }), "secondForward"],
  [pressed("J", { shiftKey: true }), "backwards"],
  [pressed("["), "begin"],
  [pressed("o"), "end"],
  [pressed("Tab"), "next"],
  [pressed("Tab", { shiftKey: true }), "previous"],
  [pressed("z", { ctrlKey: true }), "undo"],
  [pressed("Z", { ctrlKey: true, shiftKey: true }), "redo"],
  [pressed("z", { metaKey: true }), "undo"],
  [pressed("y", { ctrlKey: true }), "redo"],
  // Ctrl and a letter that is not ours stays the browser's: a new window, a reload.
  [pressed("n", { ctrlKey: true }), undefined],
  [pressed("r", { ctrlKey: true }), undefined],
  [pressed("0", { code: "Digit0" }), "zoomAll"],
  [pressed("ArrowLeft", { altKey: true }), undefined],
  [pressed("x"), undefined],
  [pressed("constructor"), undefined],
])("%o asks for %s", (key, kind) => {
  expect(commandOf(key, "mark")?.kind).toBe(kind);
});

test.each([
  ["on a row without Shift", pressed("3", { code: "Digit3" }), 2],
  ["on AZERTY, where the row has signs", pressed('"', { code: "Digit3" }), 2],
  ["on AZERTY with Shift", pressed("3", { code: "Digit3", shiftKey: true }), 2],
  ["of the number pad", pressed("9", { code: "Numpad9" }), 8],
])("a digit %s chooses a kind", (_name, key, index) => {
  expect(commandOf(key, "mark")).toEqual({ kind: "choose", index });
});

test("on QWERTY, Shift and a digit are a sign", () => {
  expect(commandOf(pressed("#", { code: "Digit3", shiftKey: true }), "mark")).toBeNull();
});

test.each([
  ["moves", pressed("ArrowUp"), { kind: "nudge", dx: 0, dy: -1, resize: false, fine: false }],
  [
    "sizes",
    pressed("ArrowRight", { shiftKey: true }),
    { kind: "nudge", dx: 1, dy: 0, resize: true, fine: false },
  ],
  [
    "by a pixel",
    pressed("ArrowDown", { altKey: true }),
    { kind: "nudge", dx: 0, dy: 1, resize: false, fine: true },
  ],
  ["is accepted", pressed("Enter"), { kind: "accept" }],
  ["is removed, not the event", pressed("Delete"), { kind: "removeBox" }],
  ["is cancelled", pressed("Escape"), { kind: "cancel" }],
  ["leaves undo as it is", pressed("z", { ctrlKey: true }), { kind: "undo" }],
] satisfies [string, Pressed, Command][])("while a box is drawn it %s", (_name, key, command) => {
  expect(commandOf(key, "box")).toEqual(command);
});

test("while heads are counted no key deletes an event", () => {
  expect(commandOf(pressed("Delete"), "count")).toEqual({ kind: "uncountOne" });
  expect(commandOf(pressed("+"), "count")).toEqual({ kind: "countOne" });
});

test("every key of the help is said in both languages", () => {
  for (const words of Object.values(WORDS)) {
    for (const { group, keys } of KEY_GROUPS) {
      expect(words.groups[group]).not.toBe("");
      for (const [name] of keys) expect(words.does[name]).not.toBe("");
    }
  }
});
