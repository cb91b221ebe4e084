import { describe, expect, test } from "vitest";
import { auditRecord, clipFact } from "../../../test/support/audit-record.ts";
import { renderReport, textIn } from "../../../test/support/audit-report.ts";
import { observationsOf, VIEW } from "../../../test/support/walkers.ts";
import { Homography } from "../../geometry/homography.ts";
import { contestedWatch } from "../contested/contested-watch.ts";
import type { ContestedFact } from "../record.ts";

const BOX = { x: 100, y: 120, width: 40, height: 100 };

const GROUND = new Homography(
  [
    [0, 0],
    [640, 0],
    [640, 480],
    [0, 480],
  ].map(([x = 0, y = 0]) => ({ px: { x, y }, m: { x: x / 50, y: y / 50 } })),
);
/** Of the settings of a stay, in their order. */
const LASTS = [30, 60, 120];

/** Every setting, with so many stays of 30, 60 and 120 s and nobody running or walking slowly. */
function facts(calibrated: boolean, stays: readonly number[]): ContestedFact[] {
  const watch = contestedWatch({ ...VIEW, address: "clip.mp4", live: false }, calibrated ? GROUND : null);
  for (const observation of observationsOf([], 4, 1)) watch.observe(observation);
  return watch.facts().map((fact, place) => ({
    ...fact,
    episodes: stays
      .filter((seconds) => fact.kind === "static_presence" && seconds >= (LASTS[place] ?? 0))
      .map((seconds, index) => ({ begin: 10 * index, end: 10 * index + seconds, box: BOX })),
  }));
}

describe("contested rules", () => {
  const record = auditRecord([
    clipFact("hall", { seconds: 1800, contested: facts(true, [40, 70, 130]) }),
    clipFact("square", { seconds: 1800, contested: facts(false, [35]) }),
  ]);
  const page = renderReport(record);
  const section = (language: "en" | "fr") => {
    const text = textIn(page, language);
    return text.slice(
      text.indexOf(language === "en" ? "Contested rules" : "Règles contestées"),
      text.indexOf(language === "en" ? "How it was measured" : "Comment on a mesuré"),
    );
  };

  test("a setting has one row, with or without calibration, and its exposure is that of both", () => {
    // Stays of 30 s: three in the hall, one in the square, in an hour. Garwood of 4: 1.09 to 10.24.
    expect(section("en")).toContain("stays within 2 m for 30 s 4 in 1 h 00 min 4.0 (1.1–10)");
    expect(section("en").match(/stays within 2 m for 30 s 4 in/g)).toHaveLength(1);
    expect(section("fr")).toContain("reste 30 s dans un rayon de 2 m 4 en 1 h 00 min 4,0 (1,1–10)");
    expect(section("en")).toContain("1 recording without calibration");
  });

  test("those that would have flagged nobody are one sentence, with what remains possible", () => {
    expect(section("en")).toContain(
      "In 1 hour they would have flagged nobody who moves at 2.5 m/s or faster for 2 s, moves at 3.5 m/s or faster for 2 s, walks slower than 0.8 m/s for 8 s or walks slower than 0.6 m/s for 8 s. Up to 3.7 an hour remain possible.",
    );
    expect(section("fr")).toContain("elles n’auraient désigné personne qui se déplace à 2,5 m/s ou plus");
  });

  test("a stay of two minutes is no three stays", () => {
    expect(section("en")).toContain(
      "3 times somebody would have been flagged in 30 minutes: stays within 2 m for 30 s.",
    );
    expect(section("fr")).toContain(
      "3 fois quelqu’un aurait été désigné en 30 minutes : reste 30 s dans un rayon de 2 m.",
    );
    expect(page.match(/<rect class="place"/g)).toHaveLength(4);
  });
});
