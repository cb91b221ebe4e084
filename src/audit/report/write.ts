import { join } from "node:path";
import { type CodedError, fault } from "../../errors.ts";
import { embeddedFonts } from "../../report/fonts.ts";
import { LANGUAGES, type Language, languageOf } from "../../report/language.ts";
import type { Still } from "../../report/page.ts";
import { readStill } from "../../report/report.ts";
import type { AuditRecord } from "../record.ts";
import { mayWrite, writeResult } from "../record-file.ts";
import { assess } from "../scoring/assessment.ts";
import { scoresOf } from "../scoring/scores.ts";
import { placePictures } from "./contested.ts";
import { momentPictures } from "./moments.ts";
import { findBrowser, printPdf, triedBrowsers } from "./pdf.ts";
import { renderAuditReport } from "./report.ts";

/** Pictures beyond this many bytes together are named, not held: a page must still open on a phone. */
const MOST_INLINE_BYTES = 16 * 1024 * 1024;

/** The page in a report's folder; it holds both languages. */
export const REPORT_FILE = "report.html";

/** The printed report's name in a report's folder. */
export function pdfFile(language: Language): string {
  return `report.${language}.pdf`;
}

export interface AuditReportOptions {
  /** What the page opens in, and the PDF's only language; both: a PDF in each. Default: the environment's. */
  readonly language?: Language | "both";
  /** Default: where a Chromium is found, without complaint. `always` takes it for a fault where it cannot be made. */
  readonly pdf?: "always" | "if_possible" | "never";
  /** Whether a report that is there already is overwritten. */
  readonly force?: boolean;
  /** The folder that the record's pictures are relative to. Default: the report's. */
  readonly pictures?: string;
}

export interface WrittenReport {
  readonly html: string;
  readonly pdfs: readonly string[];
  /** Why there is no PDF, where one was wanted if possible; null where nothing is missing. */
  readonly pdfProblem: CodedError | null;
}

/**
 * Writes the report of a record into a folder: report.html, and report.LANGUAGE.pdf where a Chromium prints it.
 * @throws AUDIT_EXISTS before anything is written, AUDIT_NOT_WRITTEN; REPORT_NO_BROWSER, REPORT_PDF_FAILED with `pdf:
 * "always"`, after the page was written
 */
export async function writeAuditReport(
  record: AuditRecord,
  folder: string,
  options: AuditReportOptions = {},
): Promise<WrittenReport> {
  const {
    language = languageOf(process.env),
    pdf = "if_possible",
    force = false,
    pictures = folder,
  } = options;
  const languages: readonly Language[] = language === "both" ? LANGUAGES : [language];
  const html = join(folder, REPORT_FILE);
  const targets = pdf === "never" ? [] : languages.map((one) => join(folder, pdfFile(one)));
  for (const path of [html, ...targets]) await mayWrite(path, force);

  const scores = scoresOf(record);
  const assessment = assess(record, { preregistered: record.settings.preregistered ?? [] });
  const [fonts, stills] = await Promise.all([embeddedFonts(), readPictures(record, pictures)]);
  const opening = language === "both" ? languageOf(process.env) : language;
  const pageIn = (one: Language) =>
    renderAuditReport({ record, scores, assessment, language: one, fonts, stills });
  await writeResult(html, pageIn(opening));
  if (pdf === "never") return { html, pdfs: [], pdfProblem: null };

  const browser = await findBrowser(process.env);
  const missing = (problem: CodedError): WrittenReport => {
    if (pdf === "always") throw problem;
    return { html, pdfs: [], pdfProblem: problem };
  };
  if (browser === null)
    return missing(fault("REPORT_NO_BROWSER", { tried: triedBrowsers(process.env), html }));
  const pdfs: string[] = [];
  for (const one of languages) {
    const path = join(folder, pdfFile(one));
    let bytes: Uint8Array;
    try {
      bytes = await printPdf(browser, pageIn(one));
    } catch (thrown) {
      const reason = thrown instanceof Error ? thrown.message : String(thrown);
      return { ...missing(fault("REPORT_PDF_FAILED", { browser, html, reason }, thrown)), pdfs };
    }
    await writeResult(path, bytes);
    pdfs.push(path);
  }
  return { html, pdfs, pdfProblem: null };
}

/** The pictures that the page shows, as far as there is room for them. */
async function readPictures(record: AuditRecord, folder: string): Promise<ReadonlyMap<string, Still>> {
  const stills = new Map<string, Still>();
  let room = MOST_INLINE_BYTES;
  for (const path of new Set([...placePictures(record), ...momentPictures(record)])) {
    const still = await readStill(folder, path, room);
    if (still.kind === "inline") room -= (still.base64.length * 3) / 4;
    stills.set(path, still);
  }
  return stills;
}
