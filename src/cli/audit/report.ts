import { dirname } from "node:path";
import { Command, Option } from "commander";
import { readRecord, recordPath } from "../../audit/record-file.ts";
import { type WrittenReport, writeAuditReport } from "../../audit/report/write.ts";
import { LANGUAGES, type Language, languageOf } from "../../report/language.ts";

interface ReportFlags {
  readonly out: string;
  readonly lang?: Language | "both";
  /** Undefined where neither --pdf nor --no-pdf was given. */
  readonly pdf?: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** `contrechamp audit report RECORD --out DIR`: makes the page and the PDF of a record again. */
export function reportCommand(): Command {
  return new Command("report")
    .description(
      "Write the report of a measurement as one HTML file and as PDF, for a reader who is no engineer",
    )
    .argument(
      "<record>",
      "a folder that `audit run --report` or `audit score --report` wrote, or its audit.json",
    )
    .requiredOption("--out <dir>", "folder to write report.html and report.LANGUAGE.pdf into")
    .addOption(
      new Option(
        "--lang <language>",
        "what the page opens in, and the PDF's language; both: a PDF in each",
      ).choices([...LANGUAGES, "both"]),
    )
    .option("--pdf", "take it for a failure where no PDF can be made")
    .option("--no-pdf", "write the page alone")
    .option("--force", "overwrite a report that is there already")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      `
The PDF is printed by a Chromium of this machine, without network: the one that CONTRECHAMP_CHROMIUM names, or
chromium, google-chrome or microsoft-edge on the PATH. Without one the page is written all the same.
Exit codes: 0 written; 1 --pdf was given and the page alone was written; 64 wrong usage; 65 the record is not sound;
66 it cannot be read; 73 the report is there already (--force) or cannot be written.`,
    )
    .action(run);
}

async function run(given: string, flags: ReportFlags): Promise<void> {
  const [record, path] = [await readRecord(given), await recordPath(given)];
  const written = await writeAuditReport(record, flags.out, {
    ...(flags.lang === undefined ? {} : { language: flags.lang }),
    pdf: flags.pdf === undefined ? "if_possible" : flags.pdf ? "always" : "never",
    force: flags.force === true,
    pictures: dirname(path),
  });
  if (flags.json === true) {
    process.stdout.write(`${JSON.stringify(reportJson(written))}\n`);
    return;
  }
  const { html, pdfs, pdfProblem } = written;
  const open = { en: "Open", fr: "Ouvrez" }[
    flags.lang === undefined || flags.lang === "both" ? languageOf(process.env) : flags.lang
  ];
  for (const file of [html, ...pdfs]) process.stdout.write(`${open} ${file}\n`);
  if (pdfProblem !== null) process.stderr.write(`${pdfProblem.message}\n${pdfProblem.help}\n`);
}

/** What was written, as --json prints it. */
export function reportJson({ html, pdfs, pdfProblem }: WrittenReport) {
  return {
    html,
    pdfs,
    pdfProblem:
      pdfProblem === null
        ? null
        : { code: pdfProblem.code, message: pdfProblem.message, help: pdfProblem.help },
  };
}
