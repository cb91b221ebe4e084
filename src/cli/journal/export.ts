import { createHash } from "node:crypto";
import { Command, Option } from "commander";
import { canonicalize } from "json-canonicalize";
import { engineVersion } from "../../engine/version.ts";
import { EXIT } from "../../errors.ts";
import { writeBundle } from "../../journal/bundle.ts";
import { RECIPIENTS, type Recipient, reconciles, totalsCsv } from "../../journal/export.ts";
import { DEFAULT_TIME_ZONE, leavesOfPeriod, parsePeriod } from "../../journal/export-period.ts";
import type { Json } from "../../journal/leaf.ts";
import { LEAF_TYPES, type LeafType } from "../../journal/leaf.ts";
import { readCheckpoint } from "../../journal/log-reader.ts";
import { submit } from "../../journal/submit.ts";
import { totalsOf } from "../../journal/totals.ts";
import { openSource } from "../../journal/verify-source.ts";
import { embeddedFonts } from "../../report/fonts.ts";
import { LANGUAGES, type Language, languageOf } from "../../report/language.ts";
import { renderTotals, totalsText } from "../../report/totals-page.ts";
import { systemClock } from "../../time/clock.ts";
import { journalMeant, writeOutput } from "./place.ts";
import { JOURNAL_WORDS } from "./words.ts";

interface ExportFlags {
  readonly bundle?: string;
  readonly from?: string;
  readonly to?: string;
  readonly withhold?: readonly LeafType[];
  readonly period?: string;
  readonly timeZone: string;
  readonly for?: Recipient;
  readonly by?: string;
  readonly reason?: string;
  readonly recipient: readonly string[];
  readonly html?: string;
  readonly csv?: string;
  readonly json?: boolean;
  readonly lang?: Language;
}

/** `contrechamp journal export FOLDER`: a bundle that verifies alone, or the counts of a period. */
export function exportCommand(): Command {
  return new Command("export")
    .description("Hand out a part of the journal as a bundle that verifies alone, or the counts of a period")
    .argument("<folder>", "the journal's folder, a state folder, or (for counts) a bundle")
    .option("--bundle <dir>", "write a bundle into a new folder")
    .option("--from <seq>", "first leaf of the bundle")
    .option("--to <seq>", "last leaf of the bundle")
    .addOption(
      new Option("--withhold <types...>", "leave out the contents of leaves of these types").choices([
        ...LEAF_TYPES,
      ]),
    )
    .option("--period <period>", "2024-W30, 2024-07, 2024-Q3, 2024 or 2024-07-26")
    .option("--time-zone <name>", "IANA time zone of the period's days", DEFAULT_TIME_ZONE)
    .addOption(new Option("--for <recipient>", "whom the counts are for").choices([...RECIPIENTS]))
    .option("--by <pseudonym>", "who hands it out: a pseudonym, never a name")
    .option("--reason <text>", "why")
    .option(
      "--recipient <name>",
      "who is given it (repeatable)",
      (one: string, all: readonly string[]) => [...all, one],
      [],
    )
    .option("--html <file>", "write the counts as a page")
    .option("--csv <file>", "write the counts as a table")
    .option("--json", "print JSON")
    .addOption(new Option("--lang <language>", "language of what is printed").choices([...LANGUAGES]))
    .addHelpText(
      "after",
      `
An export out of a journal is itself a leaf of it: --by and --reason are needed. Counts of a bundle leave none.
Exit codes: 0 done, and the counts add up; 1 done, and they do not add up: it says why; 64 wrong usage;
65 the journal is damaged; 66 there is none; 69, 73 the journal or the files cannot be written: nothing is handed out.`,
    )
    .action(run);
}

async function run(given: string, flags: ExportFlags, command: Command): Promise<void> {
  const folder = await journalMeant(given);
  const { kind } = await openSource(folder);
  const leaf = async (payload: { readonly [key: string]: Json }) => {
    if (kind === "bundle") return;
    const { by, reason } = flags;
    if (by === undefined || reason === undefined)
      command.error("error: say who hands it out and why: --by, --reason");
    const recipients = flags.recipient.length > 0 ? flags.recipient : [flags.for ?? "unnamed"];
    await submit(
      folder,
      { type: "export", actor: by, payload: { ...payload, reason, recipients: [...recipients] } },
      { clock: systemClock },
    );
  };
  const language = flags.lang ?? languageOf(process.env);
  const period = flags.period === undefined ? null : parsePeriod(flags.period, flags.timeZone);
  if (flags.bundle !== undefined) {
    const part = period === null ? null : await leavesOfPeriod(folder, period);
    const from = part?.from ?? numberOf(flags.from, command) ?? 0;
    const last = part === null ? numberOf(flags.to, command) : part.to - 1;
    const checkpoint = await readCheckpoint(folder);
    const to = Math.min(checkpoint?.size ?? 0, (last ?? Number.MAX_SAFE_INTEGER - 1) + 1);
    if (period !== null && part === null) command.error(`error: no signed leaf lies in ${period.name}`);
    await leaf({
      what: "bundle",
      from,
      to,
      withheld: [...(flags.withhold ?? [])],
      period: period?.name ?? null,
    });
    const description = await writeBundle(folder, {
      out: flags.bundle,
      from,
      to,
      ...(checkpoint === null ? {} : { checkpoint }),
      ...(flags.withhold === undefined ? {} : { withhold: flags.withhold }),
      engineVersion: engineVersion(),
      clock: systemClock,
    });
    process.stdout.write(
      flags.json === true
        ? `${JSON.stringify(description)}\n`
        : `${JOURNAL_WORDS[language].bundled(description.from, description.to, flags.bundle)}\n`,
    );
    return;
  }
  if (period === null || flags.for === undefined) {
    command.error("error: give --bundle DIR, or --period PERIOD with --for prefect, cnil or renewal");
  }
  const totals = await totalsOf(folder, period);
  const sha256 = createHash("sha256").update(canonicalize(totals)).digest("hex");
  await leaf({ what: "totals", period: period.name, timeZone: period.timeZone, for: flags.for, sha256 });
  const page = { totals, recipient: flags.for, language, sha256 };
  if (flags.html !== undefined) {
    await writeOutput(
      flags.html,
      renderTotals({
        ...page,
        fonts: await embeddedFonts(),
        at: systemClock.now(),
        engineVersion: engineVersion(),
      }),
    );
  }
  if (flags.csv !== undefined) await writeOutput(flags.csv, totalsCsv(totals));
  process.stdout.write(
    flags.json === true
      ? `${JSON.stringify({ ...totals, reconciles: reconciles(totals), sha256 })}\n`
      : totalsText(page),
  );
  process.exitCode = reconciles(totals) ? EXIT.ok : EXIT.partial;
}

function numberOf(text: string | undefined, command: Command): number | null {
  if (text === undefined) return null;
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value))
    command.error(`error: ${text} is not the number of a leaf`);
  return value;
}
