import { EXIT, entry } from "./entry.ts";

/** The audit report as a page and as PDF. */
export const AUDIT_REPORT_ERRORS = {
  REPORT_NO_BROWSER: entry<{ tried: string; html: string }>(
    EXIT.partial,
    (p) =>
      `The report was written as a page, ${p.html}, but not as PDF: no Chromium was found (tried ${p.tried}).`,
    () =>
      "Install Chromium or Chrome (Debian: apt install chromium), or name one in CONTRECHAMP_CHROMIUM; or open the page in any browser and print it.",
  ),
  REPORT_PDF_FAILED: entry<{ browser: string; html: string; reason: string }>(
    EXIT.partial,
    (p) =>
      `The report was written as a page, ${p.html}, but not as PDF: ${p.browser} did not print it (${p.reason}).`,
    () => "Open the page in a browser and print it, or name another Chromium in CONTRECHAMP_CHROMIUM.",
  ),
} as const;
