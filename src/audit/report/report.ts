import { renderDocument } from "../../report/document.ts";
import { html } from "../../report/html.ts";
import type { Language } from "../../report/language.ts";
import type { Still } from "../../report/page.ts";
import type { AuditRecord } from "../record.ts";
import type { Scores } from "../scores.ts";
import type { Assessment } from "../scoring/assessment.ts";
import { answerSection } from "./answer.ts";
import { confidenceSection } from "./confidence.ts";
import { contestedSection } from "./contested.ts";
import { countSection } from "./counts.ts";
import { forestSection } from "./forest.ts";
import { logSection } from "./log.ts";
import { meaningSection } from "./meaning.ts";
import { methodSection } from "./method.ts";
import { momentsSection } from "./moments.ts";
import { reproduceSection } from "./reproduce.ts";
import { sliceSection } from "./slices.ts";
import { AUDIT_STYLE } from "./style.ts";
import { trackingSection } from "./tracking.ts";

export interface AuditReportInput {
  readonly record: AuditRecord;
  /** Both of this record. */
  readonly scores: Scores;
  readonly assessment: Assessment;
  /** What the page opens in; both languages are in it. */
  readonly language: Language;
  /** By their path in the record. */
  readonly stills: ReadonlyMap<string, Still>;
  /** Style rules of the embedded typefaces, may be empty. */
  readonly fonts: string;
}

/**
 * The report of a measurement as one self-contained HTML file, the answer first: for a reader who is no engineer, to
 * be read aloud, read on a phone, or printed.
 */
export function renderAuditReport({
  record,
  scores,
  assessment,
  language,
  stills,
  fonts,
}: AuditReportInput): string {
  const { name } = record.system;
  const day = record.endedAt.slice(0, 10);
  return renderDocument({
    title: { en: `How often ${name} is wrong, ${day}`, fr: `Combien de fois ${name} se trompe, ${day}` },
    kind: { en: "audit", fr: "audit" },
    language,
    fonts,
    style: AUDIT_STYLE,
    pictures: true,
    body: html`${answerSection(record, assessment, scores)}
${forestSection(assessment)}
${meaningSection(assessment)}
${momentsSection(record, stills)}
${countSection(record, scores)}
${trackingSection(record)}
${confidenceSection(assessment)}
${sliceSection(assessment, record.settings.preregistered ?? [])}
${contestedSection(record, stills)}
${logSection(record)}
${methodSection(record, assessment)}
${reproduceSection(record)}`,
  });
}
