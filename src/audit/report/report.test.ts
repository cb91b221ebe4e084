import { createHash } from "node:crypto";
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
import { renderReport as render, textIn } from "../../../test/support/audit-report.ts";
import { FORMATS, type Language } from "../../report/language.ts";
import type { Still } from "../../report/page.ts";
import type { AuditRecord } from "../record.ts";
import { scoresOf } from "../scoring/scores.ts";

const LOG: Partial<AuditRecord> = {
  system: { kind: "log", name: "Example <Vendor>", files: [{ name: "a.csv", sha256: "ab".repeat(32) }] },
  log: {
    rows: 120,
    rejected: 3,
    rejections: [{ file: "a.csv", line: 12, code: "LOG_TIME", message: "the time is empty" }],
    clockOffset: { seconds: -3.4, applied: true, pairs: 12, spread: 0.4 },
  },
};

const CONTESTED = clipFact("square", {
  background: "stills/ground.png",
  contested: [
    {
      kind: "static_presence",
      setting: "standing for 60 s within 2 m",
      episodes: [{ begin: 20, end: 110, box: { x: 100, y: 120, width: 40, height: 100 } }],
    },
  ],
});

describe("the answer", () => {
  test("says what was found with its interval, and false alarms with their exposure", () => {
    const clip = clipFact("a", {
      seconds: 2400,
      rules: [matchedRule("wrong_way", { references: 27, hits: 26 })],
    });
    const page = render(auditRecord([clip]));
    // Wilson of 26 of 27: 0.817 to 0.993. Garwood of none in 40 min: up to 3.689 / (2 / 3) = 5.53.
    expect(textIn(page, "en")).toContain(
      "Of 27 wrong-way passages it found 26. Of 100 more of the kind it would find between 82 and 99. In 40 minutes it raised no false alarm. That is too short to be reassuring: even a system that raises 5.5 an hour may show none in so little time.",
    );
    expect(textIn(page, "fr")).toContain(
      "Sur 27 passages à contresens, il en a trouvé 26. Sur 100 autres du même genre, il en trouverait entre 82 et 99. En 40 minutes, il n’a levé aucune fausse alerte. C’est trop court pour rassurer : même un système qui en lève 5,5 par heure peut n’en montrer aucune en si peu de temps.",
    );
  });

  test.each([
    [
      { references: 1, hits: 1 },
      "There was one fire, and it found it.",
      "un seul départ de feu, et il l’a trouvé.",
    ],
    [{ references: 1, hits: 0 }, "and it missed it.", "et il l’a manqué."],
    [{ references: 4, hits: 0 }, "Of 4 fires it found none", "il n’en a trouvé aucun"],
    [{ references: 4, hits: 4 }, "Of 4 fires it found all", "il les a tous trouvés"],
    [{ references: 0, hits: 0 }, "There was no fire", "Aucun départ de feu"],
  ])("%o", (counts, en, fr) => {
    const page = render(auditRecord([clipFact("a", { rules: [matchedRule("fire", counts)] })]));
    expect(textIn(page, "en")).toContain(en);
    expect(textIn(page, "fr")).toContain(fr);
  });

  test("says as loudly what was not looked for, and gives it no interval", () => {
    const rule = ruleFact("fire", {
      watched: false,
      reason: "The model is not installed.",
      references: [referenceFact(10), referenceFact(40)],
    });
    const text = textIn(render(auditRecord([clipFact("a", { rules: [rule] })])), "en");
    const answer = text.slice(0, text.indexOf("The figures"));
    expect(answer).toContain(
      "Fires: it did not look for this at all. 2 events of the kind happened and count as missed.",
    );
    expect(answer).toContain("The model is not installed.");
    expect(answer).not.toContain("would find");
  });

  test("names a recording that failed, and what became of its events", () => {
    const fault = { code: "SOURCE_DAMAGED", message: "broken.mp4 ends after 12 s of 60 s." };
    const text = textIn(render(auditRecord([clipFact("broken", { seconds: 12, fault })])), "en");
    expect(text).toContain("1 recording could not be analysed to the end");
    expect(text).toContain(fault.message);
  });

  test("has the figures of the scores, whatever they are, in both languages", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 400 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 60, max: 500_000 }),
        (references, share, falseAlarms, seconds) => {
          const hits = Math.floor(share * references);
          const rules = [matchedRule("zone_intrusion", { references, hits, falseAlarms })];
          const record = auditRecord([clipFact("a", { seconds, rules })]);
          const scores = scoresOf(record).events["zone_intrusion"];
          const page = render(record);
          for (const language of ["en", "fr"] as const) {
            const f = FORMATS[language];
            const text = textIn(page, language);
            const of = (value: number) => f.number(value).replaceAll(/[\u00a0\u202f]/g, " ");
            expect(text).toContain(`${of(scores?.hits ?? -1)} / ${of(scores?.references ?? -1)}`);
            const percent = f.percent(scores?.recall ?? -1).replaceAll(/[\u00a0\u202f]/g, " ");
            expect(text).toContain(`${percent} (`);
            if (falseAlarms > 1)
              expect(text).toContain(
                `${of(falseAlarms)} ${language === "en" ? "false alarms" : "fausses alertes"}`,
              );
          }
        },
      ),
      { numRuns: 16 },
    );
  });
});

describe("the page", () => {
  const record = auditRecord(
    [
      clipFact("a", {
        conditions: { light: "night" },
        tracking: { hota: 0.512, mota: 0.7, idf1: 0.81, idSwitches: 4 },
        rules: [matchedRule("zone_intrusion", { references: 8, hits: 5, falseAlarms: 3 })],
      }),
      clipFact("b", {
        conditions: { light: "day" },
        rules: [matchedRule("zone_intrusion", { references: 9, hits: 9 })],
        counts: {
          rule: "hall",
          samples: [
            { at: 0, reference: 10, measured: 8 },
            { at: 5, reference: 12, measured: 13 },
          ],
        },
      }),
      CONTESTED,
    ],
    LOG,
  );

  test("fetches nothing and runs nothing", () => {
    const page = render(record);
    expect(page).not.toMatch(/<script|<link|<iframe|<object|javascript:|\son[a-z]+=/i);
    expect(page).not.toMatch(/\b(?:src|href|action|data)="(?!data:|#)/);
    expect(page).not.toMatch(/url\((?!data:|#)/);
    expect(page).not.toMatch(/https?:\/\//);
    expect(page).not.toContain(" style=");
  });

  test("has a content policy that names its own style and nothing else", () => {
    const page = render(record);
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? "";
    const sheet = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? "";
    const hash = createHash("sha256").update(sheet).digest("base64");
    expect(policy).toContain("default-src &#39;none&#39;");
    expect(policy).toContain(`&#39;sha256-${hash}&#39;`);
    expect(policy).not.toContain("script-src");
    expect(policy).not.toContain("unsafe");
  });

  test("says the same figures in both languages", () => {
    const page = render(record);
    const digits = (language: Language) =>
      (
        textIn(page, language)
          .replaceAll(
            language === "en" ? /(?<=\d),(?=\d{3})/g : /(?<=\d),(?=\d)/g,
            language === "en" ? "" : ".",
          )
          .match(/\d+(?:\.\d+)?/g) ?? []
      ).toSorted();
    const [en, fr] = [digits("en"), digits("fr")];
    expect(en.length).toBeGreaterThan(100);
    expect(fr).toEqual(en);
  });

  test("has counts, tracking and conditions, which are exploratory unless named before", () => {
    const text = textIn(render(record), "en");
    expect(text).toContain("On average it was off by 1.5 persons, where 11.0 were there.");
    expect(text).toContain("0.512");
    expect(text).toContain("Exploratory: which conditions to compare was not fixed before the run.");
    const named = render({ ...record, settings: { ...record.settings, preregistered: ["light"] } });
    expect(textIn(named, "en")).toContain("Which conditions to compare was fixed before the run.");
    expect(textIn(named, "en")).not.toContain("xploratory");
  });

  test("gives no time to alert where the log’s clock was moved", () => {
    const clip = clipFact("a", { rules: [matchedRule("fight", { references: 5, hits: 3 })] });
    expect(textIn(render(auditRecord([clip])), "en")).toContain("came 1.0 s after");
    expect(textIn(render(auditRecord([clip], LOG)), "en")).not.toContain("came 1.0 s after");
  });

  test.each(["en", "fr"] as const)("opens in %s", (language) => {
    const page = render(record, language);
    expect(page).toContain(`<html lang="${language}">`);
    expect(page).toMatch(new RegExp(`id="lang-${language}" checked`));
  });

  test("keeps hostile names from being markup, or from turning the text round", () => {
    const hostile = `</style><script>alert(1)</script>"onload='x'\u202e&`;
    const clip = clipFact(hostile, {
      camera: hostile,
      conditions: { light: hostile },
      rules: [
        ruleFact("fight", {
          rule: hostile,
          watched: false,
          reason: hostile,
          references: [referenceFact(3, { still: `stills/${hostile}` })],
        }),
        ruleFact("fire", { rule: hostile, alerts: [alertFact(5, { origin: { file: hostile, line: 3 } })] }),
      ],
      fault: { code: hostile, message: hostile },
      contested: [{ kind: "running", setting: hostile, episodes: [] }],
    });
    const page = render(
      auditRecord([clip], {
        suite: { name: hostile, sha256: "0".repeat(64) },
        system: { kind: "log", name: hostile, files: [{ name: hostile, sha256: "0".repeat(64) }] },
        command: hostile,
        log: {
          rows: 2,
          rejected: 1,
          rejections: [{ file: hostile, line: 1, code: hostile, message: hostile }],
          clockOffset: null,
        },
      }),
    );
    expect(page).not.toMatch(/<script/i);
    expect(page).not.toContain("\u202e");
    expect(page.match(/<\/style>/g)).toHaveLength(1);
    expect(page).not.toMatch(/<[^>]*\sonload=/);
    expect(page).toContain("&lt;script&gt;alert(1)");
  });

  test.each([
    ["a recording without any rule", auditRecord([clipFact("a")])],
    ["no recording", auditRecord([])],
    ["nothing that happened, nothing raised", auditRecord([clipFact("a", { rules: [ruleFact("fire")] })])],
    ["an empty log", auditRecord([clipFact("a", { seconds: 0, rules: [ruleFact("fire")] })], LOG)],
  ])("has no broken figure with %s", (_, empty) => {
    const page = render(empty);
    expect(page).not.toMatch(/NaN|Infinity|undefined|\[object/);
    expect(textIn(page, "en")).toContain("How it was measured");
  });
});

describe("where it was wrong", () => {
  const PNG: Still = { kind: "inline", base64: "iVBORw0KGgo=" };

  test("shows each miss and false alarm with its picture, or says why there is none", () => {
    const rule = ruleFact("wrong_way", {
      references: [referenceFact(10, { still: "stills/miss.png" }), referenceFact(30)],
      alerts: [alertFact(60, { still: "stills/alarm.png" }), alertFact(90, { still: "stills/big.png" })],
    });
    const stills = new Map<string, Still>([
      ["stills/miss.png", PNG],
      ["stills/big.png", { kind: "left_out" }],
    ]);
    const page = render(auditRecord([clipFact("a", { rules: [rule] })]), "en", stills);
    expect(page.match(/<figure class="moment">/g)).toHaveLength(4);
    expect(page.match(/<img /g)).toHaveLength(1);
    const text = textIn(page, "en");
    expect(text).toContain("No picture was kept of this moment.");
    expect(text).toContain("could not be read when this report was written: stills/alarm.png");
    expect(text).toContain(
      "Left out, to keep this file small. The picture is beside the record: stills/big.png",
    );
  });

  test("tells outcomes apart by shape", () => {
    const rule = ruleFact("wrong_way", {
      references: [referenceFact(10, { alert: 0 }), referenceFact(30)],
      alerts: [
        alertFact(11, { outcome: "hit", reference: 0 }),
        alertFact(12, { outcome: "duplicate", reference: 0 }),
        alertFact(60),
      ],
    });
    const page = render(auditRecord([clipFact("a", { rules: [rule] })]));
    const timeline = /<svg class="timeline audit"[\s\S]*?<\/svg>/.exec(page)?.[0] ?? "";
    expect(timeline.match(/<rect class="truth"/g)).toHaveLength(1);
    expect(timeline.match(/<rect class="truth missed"/g)).toHaveLength(1);
    expect(timeline.match(/<circle class="hit"/g)).toHaveLength(1);
    expect(timeline.match(/<circle class="repeat"/g)).toHaveLength(1);
    expect(timeline.match(/<path class="wrong"/g)).toHaveLength(1);
  });

  test("caps the pictures of a hundred misses and lists the rest", () => {
    const rules = [matchedRule("wrong_way", { references: 100, hits: 0 })];
    const page = render(auditRecord([clipFact("a", { seconds: 2000, rules })]));
    expect(page.match(/<figure class="moment">/g)).toHaveLength(6);
    const text = textIn(page, "en");
    expect(text).toContain("And 94 more, without a picture here");
    expect(text).toContain("and 54 more");
  });

  test("a log has no pictures: timeline and list stand for them", () => {
    const rules = [matchedRule("fight", { references: 5, hits: 1, falseAlarms: 2 })];
    const page = render(auditRecord([clipFact("a", { rules })], LOG));
    expect(page).not.toContain('class="moment"');
    expect(textIn(page, "en")).toContain("A log has no pictures");
  });

  test("contested rules show places on the empty view, and warn", () => {
    const page = render(auditRecord([CONTESTED]), "en", new Map([["stills/ground.png", PNG]]));
    expect(page.match(/<image /g)).toHaveLength(1);
    expect(page.match(/<rect class="place"/g)).toHaveLength(1);
    // One in ten minutes: 6 an hour; Garwood 0.0253 and 5.572 in the time.
    expect(textIn(page, "en")).toContain("6.0 (0.15–33)");
    expect(textIn(page, "en")).toContain("This is not a capability.");
  });
});

test("a long command has a line for each option, but none within a name", () => {
  const command =
    "contrechamp audit run suites/a-long-name-of-a-suite.yml --json 'my --json.json' --report out --lang fr";
  const page = render(auditRecord([clipFact("a")], { command }));
  const shown = (/<pre>([^<]*)<\/pre>/.exec(page)?.[1] ?? "").replaceAll("&#39;", "'");
  expect(shown.split(" \\\n  ")).toEqual([
    "contrechamp audit run suites/a-long-name-of-a-suite.yml",
    "--json 'my --json.json'",
    "--report out",
    "--lang fr",
  ]);
});
