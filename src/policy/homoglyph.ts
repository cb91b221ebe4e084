/**
 * Letters that look alike and differ: a name that mixes scripts (a Cyrillic а within a Latin word), a word made of
 * lookalikes among Latin ones, and characters that nobody sees. After Unicode Technical Standard 39, which calls what
 * is allowed here "highly restrictive".
 */
export interface Suspect {
  /** Why it cannot be told from another text by reading it. */
  readonly kind: "mixed_scripts" | "lookalike" | "invisible";
  /** The word, with what cannot be seen written as its code point. */
  readonly word: string;
  /** Such as "the letter а is U+0430 (Cyrillic)". */
  readonly what: string;
}

/** The first word of a name or an id that may pass for another one; null where there is none. */
export function suspectName(text: string): Suspect | null {
  const unseen = invisible(text);
  if (unseen !== null) return unseen;
  const words = text.match(/[\p{L}\p{M}]+/gu) ?? [];
  const latin = words.some((word) => LATIN.test(word));
  for (const word of words) {
    const found = mixed(word) ?? (latin ? lookalike(word) : null);
    if (found !== null) return found;
  }
  return null;
}

/**
 * The first character of a text that is not seen or turns the reading round: zero-width ones, controls, bidirectional
 * overrides ("Trojan Source", CVE-2021-42574). Line feeds and tabs are seen.
 */
export function invisible(text: string): Suspect | null {
  const at = text.search(UNSEEN);
  if (at === -1) return null;
  const point = text.codePointAt(at) ?? 0;
  const word = text.slice(Math.max(0, at - 20), at + 20).trim();
  return {
    kind: "invisible",
    word: visible(word),
    what: `it holds the invisible character ${codePoint(point)}`,
  };
}

const LATIN = /\p{Script=Latin}/u;
// Cf holds zero-width and bidirectional characters and the soft hyphen, Cc controls, Cs halves of characters (which
// become others when they are written as UTF-8), Co private ones; the last four are blank letters.
const UNSEEN = /[\p{Cf}\p{Co}\p{Cs}\u{115F}\u{1160}\u{3164}\u{FFA0}]|(?![\n\r\t])\p{Cc}/u;

/** What one word may hold together: each set by itself. Letters of Script=Common (ª, º, µ) fit everywhere. */
const TOGETHER = [
  ["Han", "Hiragana", "Katakana"],
  ["Han", "Hangul"],
  ["Han", "Bopomofo"],
] as const;
const SCRIPTS = [
  "Latin",
  "Cyrillic",
  "Greek",
  "Armenian",
  "Cherokee",
  "Coptic",
  "Lisu",
  "Georgian",
  "Hebrew",
  "Arabic",
  "Devanagari",
  "Thai",
  "Han",
  "Hiragana",
  "Katakana",
  "Hangul",
  "Bopomofo",
] as const;
type Script = (typeof SCRIPTS)[number];
const OF_SCRIPT: ReadonlyMap<Script, RegExp> = new Map(
  SCRIPTS.map((script) => [script, new RegExp(`\\p{Script=${script}}`, "u")]),
);

/** Letters of other scripts that a reader takes for Latin ones (of the confusables of UTS 39, the common ones). */
const LIKE_LATIN = new Set("АВЕЅЗІЈКМНОРСТУХЬаеѕіјорсухһԁԛԝѡΑΒΕΖΗΙΚΜΝΟΡΤΥΧαινορυχϲϳցոսօհԱՍՏᎪᎬᎻᎫᏦᎷᏢᏚᎢ");

function mixed(word: string): Suspect | null {
  // Letters in the shape of a style (fullwidth, mathematical bold) read as plain ones and are other code points; raised
  // ones, as in 3ᵉ, are seen to be others.
  for (const letter of word.replace(/\p{Lm}/gu, "")) {
    const plain = letter.normalize("NFKC");
    if (plain !== letter.normalize("NFC") && /^[A-Za-z]+$/.test(plain)) {
      return { kind: "lookalike", word: visible(word), what: `${named(letter)} only looks like ${plain}` };
    }
  }
  let first: { readonly letter: string; readonly script: Script | "other" } | null = null;
  for (const letter of word) {
    const script = scriptOf(letter);
    if (script === null) continue;
    if (first === null) {
      first = { letter, script };
      continue;
    }
    if (script === first.script) continue;
    const other = script;
    const before = first.script;
    const allowed = TOGETHER.some((set) => [other, before].every((name) => set.some((one) => one === name)));
    if (!allowed) {
      return {
        kind: "mixed_scripts",
        word: visible(word),
        what: `${named(first.letter)} and ${named(letter)} are of different scripts`,
      };
    }
  }
  return null;
}

/** A word wholly of another script whose every letter passes for a Latin one. */
function lookalike(word: string): Suspect | null {
  const letters = [...word.normalize("NFC")].filter((letter) => /\p{L}/u.test(letter));
  if (letters.length < 2 || letters.some((letter) => LATIN.test(letter) || !LIKE_LATIN.has(letter)))
    return null;
  const [letter = ""] = letters;
  return { kind: "lookalike", word: visible(word), what: `${named(letter)} only looks like a Latin letter` };
}

/** Null for what belongs to no script, such as marks and µ. */
function scriptOf(letter: string): Script | "other" | null {
  if (/[\p{Script=Common}\p{Script=Inherited}]/u.test(letter)) return null;
  for (const [script, pattern] of OF_SCRIPT) if (pattern.test(letter)) return script;
  return "other";
}

function named(letter: string): string {
  const script = scriptOf(letter);
  const kind = script === null || script === "other" ? "" : ` (${script})`;
  return `${letter} ${codePoint(letter.codePointAt(0) ?? 0)}${kind}`;
}

function codePoint(point: number): string {
  return `U+${point.toString(16).toUpperCase().padStart(4, "0")}`;
}

function visible(word: string): string {
  return word.replace(
    new RegExp(UNSEEN.source, "gu"),
    (unseen) => `<${codePoint(unseen.codePointAt(0) ?? 0)}>`,
  );
}
