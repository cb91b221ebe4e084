import { expect, test } from "vitest";
import { auditRecord, clipFact, matchedRule } from "../../../test/support/audit-record.ts";
import { compareRecords } from "./compare.ts";
import { renderComparison } from "./page.ts";

const record = (hits: number, falseAlarms: number, over: Parameters<typeof auditRecord>[1] = {}) =>
  auditRecord(
    [
      clipFact("<script>alert(1)</script>", {
        rules: [
          matchedRule("wrong_way", { references: 27, hits, falseAlarms }),
          matchedRule("fire", { references: 0, hits: 0 }),
        ],
        tracking: { hota: 0.5, mota: 0.8, idf1: 0.7, idSwitches: 3 },
      }),
    ],
    over,
  );

const page = renderComparison({
  comparison: compareRecords(
    record(21, 5),
    record(25, 0, {
      system: { kind: "log", name: "<img src=x>", files: [{ name: "a&b.csv", sha256: "a".repeat(64) }] },
    }),
  ),
  language: "fr",
  fonts: "",
});

test("one file that fetches nothing and runs nothing, in both languages", () => {
  expect(page).toContain('<html lang="fr">');
  expect(page).toContain("These recordings do not show that one is better than the other");
  expect(page).toContain("Ces enregistrements ne montrent pas que l’un soit meilleur que l’autre");
  const body = page.slice(page.indexOf("</style>"));
  expect(body.match(/<script|<img|<link|<object|url\(|undefined|NaN|Infinity/g)).toBeNull();
  expect(page).toContain("default-src &#39;none&#39;");
  expect(page).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
  expect(page).toContain("&lt;img src=x&gt; (a&amp;b.csv)");
});

test("each difference that has a range is drawn with it, and stands in the table", () => {
  // Wrong way: found, right, false alarms; fire: false alarms alone.
  expect(page.match(/class="range"/g)).toHaveLength(4);
  expect(page.match(/class="point"/g)).toHaveLength(4);
  expect(page).toContain("+15\u00a0pts");
  expect(page).toContain("0.80");
  for (const width of page.matchAll(/(?: x| x1| x2|cx)="(-?[\d.]+)"/g)) {
    expect(Number(width[1])).toBeGreaterThanOrEqual(0);
    expect(Number(width[1])).toBeLessThanOrEqual(816);
  }
});
