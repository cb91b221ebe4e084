import { expect, test } from "vitest";
import { invisible, suspectName } from "./homoglyph.ts";

const SOUND = [
  "Préfecture de l’Exemple",
  "Œuvres & cie — 3ᵉ étage, 5 µm",
  "Łódź, naïve, e\u0301te\u0301",
  "12\u202f000 personnes\u00a0!",
  "Ελλάδα",
  "Москва",
  "日本カメラ",
  "한국漢字",
  "porte-nord",
  "",
];

test.each(SOUND)("%o is a name like any other", (name) => {
  expect(suspectName(name)).toBeNull();
});

/** [what it looks like, what is said of it] */
const SUSPECT: readonly (readonly [name: string, kind: string, word: string, what: string])[] = [
  [
    "Pr\u0435fecture",
    "mixed_scripts",
    "Pr\u0435fecture",
    "P U+0050 (Latin) and \u0435 U+0435 (Cyrillic) are of different scripts",
  ],
  [
    "m\u03bfdel",
    "mixed_scripts",
    "m\u03bfdel",
    "m U+006D (Latin) and \u03bf U+03BF (Greek) are of different scripts",
  ],
  [
    "port\u0435-nord",
    "mixed_scripts",
    "port\u0435",
    "p U+0070 (Latin) and \u0435 U+0435 (Cyrillic) are of different scripts",
  ],
  [
    "ville de \u0441\u043e\u0441\u0430",
    "lookalike",
    "\u0441\u043e\u0441\u0430",
    "\u0441 U+0441 (Cyrillic) only looks like a Latin letter",
  ],
  ["\uff27ate", "lookalike", "\uff27ate", "\uff27 U+FF27 (Latin) only looks like G"],
  ["\u{1d5da}ate", "lookalike", "\u{1d5da}ate", "\u{1d5da} U+1D5DA only looks like G"],
  ["ga\u200bte", "invisible", "ga<U+200B>te", "it holds the invisible character U+200B"],
  ["a\u202etxt.exe", "invisible", "a<U+202E>txt.exe", "it holds the invisible character U+202E"],
  ["por\u00adte", "invisible", "por<U+00AD>te", "it holds the invisible character U+00AD"],
  ["gate\u3164", "invisible", "gate<U+3164>", "it holds the invisible character U+3164"],
  ["bell\u0007", "invisible", "bell<U+0007>", "it holds the invisible character U+0007"],
];

test.each(SUSPECT)("%o is suspect", (name, kind, word, what) => {
  expect(suspectName(name)).toEqual({ kind, word, what });
});

test("half a character is suspect: as UTF-8 it would be another one", () => {
  expect(suspectName("a\ud800b")).toMatchObject({ kind: "invisible", word: "a<U+D800>b" });
});

test("prose may name words of other scripts side by side, and may not hide anything", () => {
  expect(invisible("le mot \u0441\u043e\u0441\u0430,\nle mot caméra\tet 😀")).toBeNull();
  expect(invisible("de 14 h\u202e 2 à")).toMatchObject({ kind: "invisible" });
});
