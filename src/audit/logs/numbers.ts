const DOT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?$/i;
const COMMA = /^[+-]?(?:\d+,?\d*|,\d+)(?:e[+-]?\d{1,3})?$/i;
/** Spaces between thousands, as French spreadsheets write them: plain, no-break and narrow no-break. */
const THOUSANDS = /(?<=\d)[ \u00a0\u202f](?=\d{3}(?!\d))/g;

/**
 * A number as a log writes it. A comma is taken for the decimal sign only where that is known: elsewhere `1,234` may
 * be a thousand or one and a quarter.
 * @param decimal how decimals are written; null: with a dot, and a number with a comma is not read
 * @returns null where it is none; `NaN` and `inf` are none
 */
export function parseNumber(text: string, decimal: "," | "." | null): number | null {
  const plain = text.trim().replace(THOUSANDS, "");
  if (DOT.test(plain)) return finite(Number(plain));
  if (decimal === "," && COMMA.test(plain)) return finite(Number(plain.replace(",", ".")));
  return null;
}

/** The same, or a share of a hundred: `87 %` is 0.87. */
export function parseConfidence(text: string, decimal: "," | "." | null): number | null {
  const percent = /^(.*?)\s*%$/s.exec(text.trim());
  const value = parseNumber(percent?.[1] ?? text, decimal);
  return value === null || percent === null ? value : value / 100;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
