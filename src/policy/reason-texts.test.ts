import { describe, expect, it } from "vitest";
import { REASON_TEXTS } from "./reason-texts.ts";
import { REASON_CODES } from "./reasons.ts";

describe("REASON_TEXTS", () => {
  it.each(REASON_CODES)("says in both languages why, and what would change it: %s", (code) => {
    const { why, remedy } = REASON_TEXTS[code];
    for (const { fr, en } of [why, remedy]) {
      expect(fr).not.toBe(en);
      for (const sentence of [fr, en]) expect(sentence).toMatch(/^[A-ZÀÉÊ].{15,}[.]$/u);
    }
  });

  it("says of no two reasons the same", () => {
    for (const language of ["fr", "en"] as const) {
      expect(new Set(REASON_CODES.map((code) => REASON_TEXTS[code].why[language])).size).toBe(
        REASON_CODES.length,
      );
    }
  });

  it("names only commands that exist, in both languages alike", () => {
    const commands = (text: string) => text.match(/contrechamp [a-z]+(?: [a-z]+)?/g) ?? [];
    for (const { why, remedy } of Object.values(REASON_TEXTS)) {
      for (const { fr, en } of [why, remedy]) {
        expect(commands(fr)).toEqual(commands(en));
        for (const command of commands(en)) {
          expect(command).toMatch(/^contrechamp (?:resume|authorise (?:check|sign|publish|attest))$/);
        }
      }
    }
  });
});
