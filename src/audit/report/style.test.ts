import { describe, expect, test } from "vitest";
import { styleSheet } from "../../report/style.ts";
import { AUDIT_STYLE } from "./style.ts";

/** Colour tokens by the query that they stand under; a later one overrides what it names. */
function tokens(query: string | null): ReadonlyMap<string, string> {
  const sheet = styleSheet("");
  const roots = [...sheet.matchAll(/(?:@media ([^{]*)\{\s*)?:root \{([^}]*)\}/g)];
  const found = new Map<string, string>();
  for (const [, media, rules = ""] of roots) {
    if (media !== undefined && media.trim() !== query) continue;
    for (const [, name = "", colour = ""] of rules.matchAll(/--([a-z]+): (#[0-9a-f]{6})/g))
      found.set(name, colour);
  }
  return found;
}

/** WCAG 2.2: (L1 + 0.05) / (L2 + 0.05) of the relative luminances. */
function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].toSorted((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const MODES = [
  ["light", null],
  ["dark", "(prefers-color-scheme: dark)"],
  ["print", "print"],
] as const;

describe.each(MODES)("colours, %s", (_, query) => {
  const colours = tokens(query);

  test.each(
    ["ink", "muted", "action", "open"].flatMap((text) => ["paper", "surface"].map((on) => [text, on])),
  )("%s on %s meets AA for text", (text = "", on = "") => {
    expect(contrast(colours.get(text) ?? "", colours.get(on) ?? "")).toBeGreaterThanOrEqual(4.5);
  });
});

test("contrast of black and white is 21, of a colour with itself 1", () => {
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21);
  expect(contrast("#935700", "#935700")).toBe(1);
});

test("colours of the report's own rules are tokens, but on pictures and the printed page's margin", () => {
  const own = AUDIT_STYLE.replace(/@page \{[\s\S]*?\} \}/, "")
    .split("}")
    .filter(
      (rule) => /#[0-9a-f]{6}/.test(rule) && !/\.(?:moment|plot \.(?:halo|place|ground))|:root/.test(rule),
    );
  expect(own).toEqual([]);
});
