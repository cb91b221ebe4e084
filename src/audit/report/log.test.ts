import { describe, expect, test } from "vitest";
import {
  alertFact,
  auditRecord,
  clipFact,
  referenceFact,
  ruleFact,
} from "../../../test/support/audit-record.ts";
import { renderReport as render, textIn } from "../../../test/support/audit-report.ts";
import type { AuditRecord } from "../record.ts";

const LOG: Partial<AuditRecord> = {
  system: { kind: "log", name: "Example <Vendor>", files: [{ name: "a.csv", sha256: "ab".repeat(32) }] },
  log: {
    rows: 120,
    rejected: 3,
    rejections: [{ file: "a.csv", line: 12, code: "LOG_TIME", message: "the time is empty" }],
    clockOffset: { seconds: -3.4, applied: true, pairs: 12, spread: 0.4 },
  },
};

describe("the log", () => {
  test("says what was rejected, why, and how far the clock was off", () => {
    const text = textIn(render(auditRecord([clipFact("a")], LOG)), "en");
    expect(text).toContain("Of 120 rows, 3 could not be scored.");
    expect(text).toContain("a.csv:12");
    expect(text).toContain("the time is empty");
    expect(text).toContain("And 2 more.");
    expect(text).toContain("3.4 s behind the reference’s, give or take 0.4 s");
    expect(text).toContain("What the product itself takes to raise an alert is part of that");
  });

  /** Ten events, each with an alert so many seconds after its begin; a tolerance of 1 s, a length of 3 s. */
  const alarmsAt = (late: number, applied: boolean) => {
    const clip = clipFact("a", {
      rules: [
        ruleFact("fire", {
          references: Array.from({ length: 10 }, (_, index) =>
            referenceFact(50 * index, { alert: late <= 4 ? index : null }),
          ),
          alerts: Array.from({ length: 10 }, (_, index) => alertFact(50 * index + late)),
        }),
      ],
    });
    const clockOffset = { seconds: 20, applied, pairs: 10, spread: 0.4 };
    return render(
      auditRecord([clip], { ...LOG, log: { rows: 10, rejected: 0, rejections: [], clockOffset } }),
    );
  };

  test("says what correcting the clock would change", () => {
    const page = alarmsAt(21, false);
    expect(textIn(page, "en")).toContain("Set right, the log would find 10 events instead of 0");
    expect(textIn(page, "en")).toContain("Corrected, the log would show 10 events found instead of 0.");
    expect(textIn(page, "fr")).toContain(
      "Une fois corrigée, le journal montrerait 10 événements trouvés au lieu de 0.",
    );
  });

  test("says what correcting the clock has changed", () => {
    const page = alarmsAt(1, true);
    expect(textIn(page, "en")).toContain("As the product wrote it, the log finds none, not 10.");
    expect(textIn(page, "fr")).toContain("le journal n’en trouve aucun, et non 10.");
    expect(textIn(page, "en")).toContain("Without the correction it would have found none instead of 10.");
    expect(textIn(page, "fr")).toContain(
      "Sans cette correction, il n’aurait trouvé aucun événement au lieu de 10.",
    );
  });

  test("on the first page the clock is named only where it would find more", () => {
    const page = alarmsAt(1, false);
    expect(textIn(page, "en")).not.toContain("Set right");
    expect(textIn(page, "en")).toContain("Corrected, the log would show 0 events found instead of 10.");
  });
});
