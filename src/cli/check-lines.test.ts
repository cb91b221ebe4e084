import { describe, expect, test } from "vitest";
import { line, printed } from "./check-lines.ts";

describe("printed", () => {
  test("leaves a line whole where nobody says how wide it may be", () => {
    const text = "a word ".repeat(40).trim();
    expect(printed([line(2, text), line(0, "")], null)).toBe(`  ${text}\n\n`);
  });

  test("goes on below within the terminal's width, and breaks no address", () => {
    const address = `https://example.org/${"a".repeat(60)}`;
    const rows = printed([line(4, `${"word ".repeat(20)}${address} end`)], 50)
      .trimEnd()
      .split("\n");
    expect(rows[0]).toMatch(/^ {4}word/);
    for (const row of rows.slice(1)) expect(row).toMatch(/^ {6}\S/);
    for (const row of rows) if (!row.includes(address)) expect(row.length).toBeLessThanOrEqual(50);
    expect(rows).toContain(`      ${address}`);
  });

  test("takes what would make a terminal do things out of what others wrote", () => {
    const said = printed([line(0, "number \u001b[2J1\u202e\nof\t2")], null);
    expect(said).toBe("number �[2J1� of 2\n");
  });
});
