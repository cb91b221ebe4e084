import { describe, expect, test } from "vitest";
import { auditRecord, clipFact, matchedRule } from "../../../test/support/audit-record.ts";
import { FORMATS } from "../../report/language.ts";
import type { RuleFact } from "../record.ts";
import { type Comparison, compareRecords } from "./compare.ts";
import { countTests, eventSentences, headline, pWords, signed } from "./sentences.ts";
import { comparisonText } from "./text.ts";

function compared(a: RuleFact, b: RuleFact): Comparison {
  const record = (rule: RuleFact) => auditRecord([clipFact("gate", { rules: [rule] })]);
  return compareRecords(record(a), record(b));
}

const rule = (event: string, references: number, hits: number, falseAlarms = 0) =>
  matchedRule(event, { references, hits, falseAlarms });

describe("what a comparison says", () => {
  test.each<[string, RuleFact, RuleFact, { en: string; fr: string }]>([
    [
      "more of one",
      rule("wrong_way", 27, 21),
      rule("wrong_way", 27, 25),
      {
        en: "B finds 4 more of 27 wrong-way passages: 25, where A finds 21. The difference may be chance (p = 0.13).",
        fr: "B en trouve 4 de plus sur 27 passages à contresens : 25, contre 21 pour A. La différence peut être due au hasard (p = 0,13).",
      },
    ],
    [
      "more than chance, the other way",
      rule("zone_intrusion", 40, 30),
      rule("zone_intrusion", 40, 0),
      {
        en: "A finds 30 more of 40 intrusions: 30, where B finds none. That is more than chance (p < 0.001).",
        fr: "A en trouve 30 de plus sur 40 intrusions : 30, contre 0 pour B. C’est plus que du hasard (p < 0,001).",
      },
    ],
    [
      "the same",
      rule("zone_intrusion", 14, 9),
      rule("zone_intrusion", 14, 9),
      {
        en: "Both found 9 of 14 intrusions, the same ones.",
        fr: "Sur 14 intrusions, les deux en ont trouvé 9, et ce sont les mêmes.",
      },
    ],
    [
      "all",
      rule("fire", 3, 3),
      rule("fire", 3, 3),
      { en: "Both found all 3 fires.", fr: "Les deux ont trouvé l’ensemble des 3 départs de feu." },
    ],
    [
      "none",
      rule("fire", 3, 0),
      rule("fire", 3, 0),
      { en: "Both found none of 3 fires.", fr: "Sur 3 départs de feu, aucun des deux n’en a trouvé." },
    ],
    [
      "the only one",
      rule("weapon", 1, 1),
      rule("weapon", 1, 1),
      {
        en: "There was one weapon, and both found it.",
        fr: "Il y a eu une seule arme, et les deux l’ont trouvée.",
      },
    ],
    [
      "nothing happened",
      rule("fire", 0, 0),
      rule("fire", 0, 0),
      {
        en: "There was no fire in these recordings: who finds more was not measured.",
        fr: "Il n’y a eu aucun départ de feu dans ces enregistrements : on n’a pas mesuré qui en trouve davantage.",
      },
    ],
  ])("%s", (_, a, b, { en, fr }) => {
    const comparison = compared(a, b);
    const [event] = comparison.events;
    if (event === undefined) throw new Error("no event");
    const tests = countTests(comparison);
    const spaced = (text: string | undefined) => text?.replaceAll("\u00a0", " ");
    expect(spaced(eventSentences(event, tests, "en")[0])).toBe(en);
    expect(spaced(eventSentences(event, tests, "fr")[0])).toBe(fr);
  });

  test("different ones, as many", () => {
    const a = rule("fire", 4, 2);
    const turned = [a.references[2], a.references[3], a.references[0], a.references[1]].filter(
      (one) => !!one,
    );
    const b = {
      ...a,
      references: a.references.map((one, index) => ({ ...one, alert: turned[index]?.alert ?? null })),
    };
    const [event] = compared(a, b).events;
    expect(event?.found).toMatchObject({ onlyA: 2, onlyB: 2 });
    expect(event && eventSentences(event, 1, "en")[0]).toBe(
      "Both found 2 of 4 fires, not the same ones: 2 A alone, 2 B alone.",
    );
  });

  test("false alarms: how many, how often, and whether chance explains it", () => {
    const [event] = compared(rule("fire", 1, 1, 40), rule("fire", 1, 1, 4)).events;
    const said = event === undefined ? [] : eventSentences(event, 1, "en");
    expect(said.join(" ").replaceAll("\u00a0", " ")).toContain(
      "A raised 40 false alarms, B 4, in 10 minutes (240 and 24 an hour). That is more than chance (p < 0.001).",
    );
  });

  test("the headline names what is shown, and says so where nothing is", () => {
    const better = compared(rule("fire", 40, 4, 9), rule("fire", 40, 30, 9));
    expect(headline(better, "en")).toBe("B finds more fires");
    expect(headline(better, "fr")).toBe("B trouve davantage : départs de feu");
    const alike = compared(rule("fire", 4, 3), rule("fire", 4, 4));
    expect(headline(alike, "en")).toBe("These recordings do not show that one is better than the other");
    const nothing = compareRecords(auditRecord([clipFact("gate")]), auditRecord([clipFact("gate")]));
    expect(headline(nothing, "en")).toBe("There is nothing to compare");
  });

  test("p and differences in words", () => {
    expect(
      [0.00001, 0.0312, 0.219, 0.9999].map((p) => pWords(p, FORMATS.en).replaceAll("\u00a0", " ")),
    ).toEqual(["p < 0.001", "p = 0.031", "p = 0.22", "p = 1"]);
    expect([4, -0.356, 0.004, -0.004].map((value) => signed(value, 2, FORMATS.en))).toEqual([
      "+4.00",
      "−0.36",
      "0.00",
      "0.00",
    ]);
  });
});

test("in a terminal, a long list of moments is cut, and names cannot steer it", () => {
  const b = rule("fire", 30, 28);
  const comparison = compared(rule("fire", 30, 2), { ...b, rule: "\u001b[31mred" });
  const text = comparisonText({ ...comparison, a: { ...comparison.a, name: "a\u001b[2Jb" } }, "en");
  expect(text).toContain("Found by B alone");
  expect(text).toContain("and 14 more: --json and --html have them all");
  expect(text).not.toContain("\u001b");
});
