import { Command, Option } from "commander";
import { type Comparison, compareRecords } from "../../audit/compare/compare.ts";
import { renderComparison } from "../../audit/compare/page.ts";
import { comparisonText } from "../../audit/compare/text.ts";
import { mayWrite, readRecord, writeResult } from "../../audit/record-file.ts";
import { embeddedFonts } from "../../report/fonts.ts";
import { LANGUAGES, type Language, languageOf } from "../../report/language.ts";

interface CompareFlags {
  readonly json?: boolean;
  readonly html?: string;
  readonly force?: boolean;
  readonly lang?: Language;
}

/** `contrechamp audit compare A B`: two systems on the same recordings, pair by pair. */
export function compareCommand(): Command {
  return new Command("compare")
    .description("Compare two systems on the same recordings: what one finds and the other does not")
    .argument("<a>", "what is compared with: a folder of `audit run` or `audit score`, or its audit.json")
    .argument("<b>", "what is compared; every difference is the second minus the first")
    .option("--html <file>", "write the comparison as one HTML file, in both languages")
    .option("--force", "overwrite a page that is there already")
    .addOption(new Option("--lang <language>", "language of what is printed").choices([...LANGUAGES]))
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      `
Both must have been measured on the same suite; a log scored on the same references will do.
Exit codes: 0 compared, whatever came out; 64 wrong usage; 65 a record is not sound, or they are of different
recordings; 66 one cannot be read; 73 the page is there already (--force) or cannot be written.`,
    )
    .action(compare);
}

async function compare(a: string, b: string, flags: CompareFlags): Promise<void> {
  const language = flags.lang ?? languageOf(process.env);
  const comparison = compareRecords(await readRecord(a), await readRecord(b));
  if (flags.html !== undefined) await writePage(comparison, language, flags.html, flags.force === true);
  process.stdout.write(
    flags.json === true ? `${JSON.stringify(comparison, null, 2)}\n` : comparisonText(comparison, language),
  );
}

async function writePage(comparison: Comparison, language: Language, file: string, force: boolean) {
  await mayWrite(file, force);
  await writeResult(file, renderComparison({ comparison, language, fonts: await embeddedFonts() }));
  process.stderr.write(`${{ en: "Open", fr: "Ouvrez" }[language]} ${file}\n`);
}
