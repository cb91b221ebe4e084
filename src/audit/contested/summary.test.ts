import { describe, expect, it } from "vitest";
import { contestedText } from "../../cli/audit/contested-words.ts";
import { ALL_CONTESTED_SETTINGS } from "../../rules/contested/registry.ts";
import { settingWords } from "../../rules/contested/words.ts";
import type { ClipFact, ContestedFact } from "../record.ts";
import { settingIn } from "./setting-words.ts";
import { contestedSummary } from "./summary.ts";

const SETTING = "stays within 2 m for 30 s";

function clip(part: Partial<ClipFact>): ClipFact {
  return {
    id: "clip",
    seconds: 3600,
    camera: "camera",
    conditions: {},
    videoSha256: null,
    referenceSha256: null,
    picture: { width: 600, height: 400 },
    rules: [],
    counts: null,
    tracking: null,
    contested: [],
    background: null,
    wallSeconds: null,
    cpuSeconds: null,
    health: [],
    suspendedSeconds: 0,
    fault: null,
    ...part,
  };
}

/** Somebody for so many seconds whose feet are at a point. */
function fact(...times: readonly (readonly [seconds: number, x: number, y: number])[]): ContestedFact {
  const episodes = times.map(([seconds, x, y]) => ({
    begin: 10,
    end: 10 + seconds,
    box: { x: x - 10, y: y - 50, width: 20, height: 50 },
  }));
  return { kind: "static_presence", setting: SETTING, episodes };
}

describe("contestedSummary", () => {
  it("counts, with an exact interval, for how long, and where", () => {
    const { hours, rules } = contestedSummary([
      clip({ id: "a", contested: [fact([30, 50, 50], [40, 599, 399])] }),
      clip({ id: "b", contested: [fact([90, 50, 99])] }),
      clip({ id: "c", camera: "other", contested: [fact()] }),
    ]);
    expect(hours).toBe(3);
    expect(rules).toHaveLength(1);
    expect(rules[0]).toMatchObject({
      kind: "static_presence",
      setting: SETTING,
      flagged: 3,
      hours: 3,
      perHour: 1,
      seconds: { p50: 40, longest: 90, total: 160 },
    });
    // 3 in 3 h: chi-square quantiles of 6 and 8 degrees of freedom, halved, a third (Garwood 1936).
    expect(rules[0]?.perHourInterval[0]).toBeCloseTo(0.6187 / 3, 3);
    expect(rules[0]?.perHourInterval[1]).toBeCloseTo(8.7673 / 3, 3);
    expect(rules[0]?.places).toEqual([
      {
        camera: "camera",
        counts: [
          [2, 0, 0, 0, 0, 0],
          [0, 0, 0, 0, 0, 0],
          [0, 0, 0, 0, 0, 0],
          [0, 0, 0, 0, 0, 1],
        ],
      },
    ]);
  });

  it("says of no flagging what it is worth: up to 3.69 in the exposure", () => {
    const [rule] = contestedSummary([clip({ contested: [fact()] })]).rules;
    expect(rule).toMatchObject({ flagged: 0, perHour: 0, seconds: null, places: [] });
    expect(rule?.perHourInterval[1]).toBeCloseTo(3.689, 3);
  });

  it("does not take what was not analysed for empty", () => {
    const failed = clip({ id: "failed", seconds: 0, contested: [fact()] });
    const { hours, notMeasured, rules } = contestedSummary([clip({ id: "without" }), failed]);
    expect({ hours, notMeasured, rules }).toEqual({
      hours: 0,
      notMeasured: ["without", "failed"],
      rules: [],
    });
  });
});

describe("what is said of it", () => {
  const summary = contestedSummary([
    clip({ contested: [fact([30, 50, 50], [40, 599, 399])] }),
    clip({ id: "dark" }),
  ]);

  it.each([
    ["en", SETTING, "2.0 [0.2, 7.2]", "Nobody is alerted", "Not measured"],
    ["fr", "reste 30 s dans un rayon de 2 m", "2,0 [0,2, 7,2]", "n'alertent personne", "Non mesuré"],
  ] as const)("in %s: how many, an hour, where, and that nobody is told", (language, ...words) => {
    const text = contestedText(summary, language);
    for (const word of words) expect(text).toContain(word);
    expect(text).toContain("     1   .   .   .   .   .");
  });

  it("has French words for each setting, and leaves a setting of another version as it is", () => {
    for (const setting of ALL_CONTESTED_SETTINGS) {
      for (const calibrated of [true, false]) {
        const english = settingWords(setting, calibrated);
        expect(settingIn("en", english)).toBe(english);
        expect(settingIn("fr", english)).toBe(settingWords(setting, calibrated, "fr"));
        expect(settingIn("fr", english)).not.toBe(english);
      }
    }
    expect(settingIn("fr", "hums a tune")).toBe("hums a tune");
  });
});
