import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  alertFact,
  auditRecord,
  clipFact,
  matchedRule,
  referenceFact,
  ruleFact,
} from "../../../test/support/audit-record.ts";
import { renderReport } from "../../../test/support/audit-report.ts";
import type { Still } from "../../report/page.ts";
import { scoresOf } from "../scoring/scores.ts";

const PNG: Still = { kind: "inline", base64: "iVBORw0KGgo=" };

/** A record with something for every drawing. */
const FULL = auditRecord([
  clipFact("a", {
    rules: [
      ruleFact("fire", {
        references: [referenceFact(10, { alert: 0 }), referenceFact(30, { still: "stills/a.png" })],
        alerts: [
          alertFact(11, { outcome: "hit", reference: 0, confidence: 0.9 }),
          alertFact(90, { confidence: 0.4 }),
        ],
      }),
    ],
    conditions: { light: "night" },
    counts: {
      rule: "hall",
      samples: [
        { at: 0, reference: 10, measured: 8 },
        { at: 5, reference: 12, measured: 13 },
      ],
    },
    tracking: { hota: 0.5, mota: 0.6, idf1: 0.7, idSwitches: 1 },
    background: "stills/ground.png",
    contested: [
      {
        kind: "running",
        setting: "moves at 2.5 m/s or faster for 2 s",
        episodes: [{ begin: 1, end: 4, box: { x: 1, y: 2, width: 3, height: 4 } }],
      },
    ],
  }),
  clipFact("b", { rules: [matchedRule("wrong_way", { references: 9, hits: 4, falseAlarms: 3 })] }),
]);

describe("for whoever does not see the drawings", () => {
  const page = renderReport(FULL, "en", new Map([["stills/a.png", PNG]]));
  const main = page.slice(page.indexOf("<main>"));
  const ids = [...main.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id ?? "");

  test("each has a name, in both languages, or is a sign of a key", () => {
    const drawings = [...main.matchAll(/<svg [^>]*>/g)].map(([tag]) => tag);
    const named = drawings.filter((tag) => !tag.includes('aria-hidden="true"'));
    // Two timelines, the figures, a curve of counts, DET and calibration, places.
    expect(named).toHaveLength(7);
    for (const tag of named) {
      expect(tag).toContain('role="img"');
      const id = /aria-labelledby="([^"]*)"/.exec(tag)?.[1] ?? "";
      const name = new RegExp(`<text class="name" id="${id}">(.*?)</text>`).exec(main)?.[1] ?? "";
      expect(name).toMatch(/<tspan lang="en">[^<]+<\/tspan><tspan lang="fr">[^<]+<\/tspan>/);
    }
    const hidden = main.split(/<svg [^>]*aria-hidden="true"/).length - 1;
    expect(main.split(/<ul class="key">[\s\S]*?<\/ul>/).join("")).not.toContain("aria-hidden");
    expect(hidden + named.length).toBe(drawings.length);
  });

  test("pictures are named by their captions, and no name stands twice", () => {
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, id = ""] of main.matchAll(/<img aria-labelledby="([^"]*)"/g)) expect(ids).toContain(id);
    expect(main).not.toMatch(/<img(?! aria-labelledby)/);
  });

  test("every heading cell says of what it is one, and every table has both kinds", () => {
    expect(main).not.toMatch(/<th(?! scope="(?:col|row)")[ >]/);
    for (const [table] of main.matchAll(/<table[\s\S]*?<\/table>/g)) {
      expect(table).toContain('scope="col"');
      expect(table).toContain('scope="row"');
    }
  });
});

test("intervals are drawn to scale, beginning and end, as the scores have them", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.integer({ min: 0, max: 20 }),
      (references, share, falseAlarms) => {
        const hits = Math.floor(share * references);
        const record = auditRecord([
          clipFact("a", { rules: [matchedRule("fire", { references, hits, falseAlarms })] }),
        ]);
        const page = renderReport(record);
        const svg = /<svg [^>]*aria-labelledby="figures"[\s\S]*?<\/svg>/.exec(page)?.[0] ?? "";
        const scores = scoresOf(record).events["fire"];
        const axes = [...svg.matchAll(/<line class="grid" x1="([\d.]+)"/g)].map(([, x]) => Number(x));
        const ranges = [
          ...svg.matchAll(/<path class="range(?: rate)?" d="M([\d.]+) [\d.]+v12M[\d.]+ [\d.]+H([\d.]+)/g),
        ].map(([, from, to]) => [Number(from), Number(to)] as const);
        // Five lines of each share's axis, three of the rate's.
        const [zero = 0, one = 0] = [axes[0], axes[4]];
        const [drawn] = ranges;
        const [low, high] = scores?.recallInterval ?? [0, 0];
        expect(drawn?.[0]).toBeCloseTo(zero + low * (one - zero), 0);
        expect(drawn?.[1]).toBeCloseTo(zero + high * (one - zero), 0);

        const [left = 0, right = 0] = [axes[10], axes[12]];
        const top = Number(
          [...svg.matchAll(/<text[^>]*><tspan lang="en">([\d.,]+)<\/tspan>/g)]
            .at(-1)?.[1]
            ?.replaceAll(",", ""),
        );
        const perHour = scores?.falseAlarmsPerHourInterval ?? [0, 0];
        const rate = ranges.at(-1);
        expect(rate?.[0]).toBeCloseTo(left + (perHour[0] / top) * (right - left), 0);
        expect(rate?.[1]).toBeCloseTo(left + (perHour[1] / top) * (right - left), 0);
      },
    ),
    { numRuns: 16 },
  );
});

test("what is drawn in a timeline lies where it happened, wide or narrow", () => {
  const at = (page: string, name: string) =>
    Number(new RegExp(`class="${name}" c?x="([\\d.]+)"`).exec(page.slice(page.indexOf("timeline-0")))?.[1]);
  const rule = ruleFact("fire", {
    references: [referenceFact(300, { alert: 0 })],
    alerts: [alertFact(450, { outcome: "hit", reference: 0 }), alertFact(60)],
  });
  const narrow = renderReport(auditRecord([clipFact("a", { rules: [rule] })]));
  // 600 s over 376 units.
  expect(at(narrow, "truth")).toBe(188);
  expect(at(narrow, "hit")).toBe(282);
  const others = ["fire", "weapon", "wrong_way"].map((event) =>
    ruleFact(event, { references: [referenceFact(1)] }),
  );
  const wide = renderReport(auditRecord([clipFact("a", { rules: [rule, ...others] })]));
  // 600 s over the 592 units right of the names.
  expect(at(wide, "truth")).toBe(176 + 296);
  expect(at(wide, "hit")).toBe(176 + 444);
});
