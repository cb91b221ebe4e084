import type { AuditRecord } from "../../src/audit/record.ts";
import { renderAuditReport } from "../../src/audit/report/report.ts";
import { assess } from "../../src/audit/scoring/assessment.ts";
import { scoresOf } from "../../src/audit/scoring/scores.ts";
import type { Language } from "../../src/report/language.ts";
import type { Still } from "../../src/report/page.ts";

/** The report of a record as it is written. */
export function renderReport(
  record: AuditRecord,
  language: Language = "en",
  stills: ReadonlyMap<string, Still> = new Map(),
): string {
  return renderAuditReport({
    record,
    scores: scoresOf(record),
    assessment: assess(record, { preregistered: record.settings.preregistered ?? [] }),
    language,
    stills,
    fonts: "",
  });
}

/** What a reader of one language sees: the other language, style and markup taken away. */
export function textIn(page: string, language: Language): string {
  const other = language === "en" ? "fr" : "en";
  let body = page.slice(page.indexOf("<main>"));
  // Spans of a language may hold others without one; the innermost go first.
  for (let before = ""; before !== body; ) {
    before = body;
    body = body.replace(/<(bdi|b|tspan|span)(?! lang=)[^>]*>([^<]*)<\/\1>/g, "$2");
    body = body.replace(
      new RegExp(`<(span|tspan) lang="${other}">(?:[^<]|<br>|<svg.*?</svg>)*</\\1>`, "g"),
      "",
    );
    body = body.replace(new RegExp(`<(span|tspan) lang="${language}">((?:[^<]|<br>)*)</\\1>`, "g"), "$2");
  }
  return (
    body
      .replaceAll(/<[^>]*>/g, " ")
      .replaceAll("&lt;", "<")
      // French groups thousands with a narrow space.
      .replaceAll(/(?<=\d)\u202f(?=\d)/g, "")
      .replaceAll(/[\s\u00a0\u202f]+/g, " ")
  );
}
