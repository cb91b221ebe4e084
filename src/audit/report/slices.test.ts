import { describe, expect, test } from "vitest";
import {
  auditRecord,
  clipFact,
  matchedRule,
  referenceFact,
  ruleFact,
} from "../../../test/support/audit-record.ts";
import { renderReport as render, textIn } from "../../../test/support/audit-report.ts";

describe("conditions", () => {
  const clips = (["day", "night"] as const).map((light, index) =>
    clipFact(light, {
      conditions: { light, crowd: index === 0 ? "dense" : "sparse", origin: "rendered" },
      rules: [
        matchedRule("fire", { references: 30, hits: index === 0 ? 30 : 6 }),
        ruleFact("weapon"),
        ruleFact("wrong_way", { watched: false, references: [referenceFact(1)] }),
      ],
    }),
  );
  const named = (...preregistered: string[]) =>
    render(auditRecord(clips, { settings: { alignment: "instant", recallBias: 1, preregistered } }));

  test("those fixed before the run are told from the exploratory ones", () => {
    const text = textIn(named("light"), "en");
    expect(text).toContain("Some comparisons were fixed before the run; the others are exploratory");
    expect(text).toContain("Of 100 fires it finds 100 (light: day) or 20 (night). (fixed before the run)");
    expect(text).toContain("Of 100 fires it finds 100 (crowd: dense) or 20 (sparse). (exploratory)");
    expect(textIn(named("light"), "fr")).toContain(
      "Sur 100 départs de feu, il en trouve 100 (lumière : jour) ou 20 (nuit). (fixé avant la mesure)",
    );
  });

  test("what was asked beforehand and cannot be answered is said", () => {
    expect(textIn(named("weather"), "en")).toContain(
      "Fixed before the run, and not answered: these recordings have nothing to compare by weather.",
    );
  });

  test("rows that hold nothing are left out, and that is said", () => {
    const text = textIn(named(), "en");
    const part = text.slice(text.indexOf("Under which conditions"), text.indexOf("Are the differences"));
    expect(part).toContain("light: night Fires 6 / 30");
    expect(part).not.toMatch(/Weapons|Wrong-way/);
    expect(part).toContain("Left out");
  });
});
