import { join, resolve } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { detectFormat, readerOf } from "../../audit/logs/formats.ts";
import { COLUMNS, DATE_ORDERS, LOG_FORMATS, TIME_UNITS } from "../../audit/logs/log.ts";
import { openLog } from "../../audit/logs/log-source.ts";
import { ALIGNMENTS, type AlignmentKind } from "../../audit/record.ts";
import { mayWrite, RECORD_FILE, writeRecord, writeResult } from "../../audit/record-file.ts";
import { pdfFile, REPORT_FILE, writeAuditReport } from "../../audit/report/write.ts";
import { EMPTY_MAP, loadLogMap } from "../../audit/score/log-map.ts";
import { MATCH_BY, type MatchBy } from "../../audit/score/match-by.ts";
import { scoreLog } from "../../audit/score/score-log.ts";
import { scoresOf } from "../../audit/scoring/scores.ts";
import { EXIT, fault } from "../../errors.ts";
import { LANGUAGES, type Language, languageOf } from "../../report/language.ts";
import { systemClock } from "../../time/clock.ts";
import { commandLine } from "../authorise/change.ts";
import { conditionKeys } from "./condition-keys.ts";
import { positiveNumber } from "./numbers.ts";
import { type ClipOptions, givenClips } from "./score-clips.ts";
import { type ReadingOptions, readingOf } from "./score-reading.ts";
import { answer } from "./score-words.ts";

interface Flags extends ReadingOptions, Omit<ClipOptions, "timeZone"> {
  readonly alerts: readonly string[];
  readonly map?: string;
  readonly by: MatchBy;
  readonly clockOffset: "estimate" | "auto" | number;
  readonly system: string;
  readonly alignment: AlignmentKind;
  readonly recallBias: number;
  readonly slices?: readonly string[];
  readonly json?: string;
  readonly report?: string;
  readonly force?: boolean;
  readonly lang?: Language;
}

/** `contrechamp audit score`: how often a vendor's log was right and wrong. Coded errors reject the parse. */
export function scoreCommand(): Command {
  return new Command("score")
    .description("score a vendor's alert log on recordings with known truth, without running anything")
    .option("--alerts <log>", "the alert log (repeatable: its parts)", append, [])
    .option("--reference <[clip=]file>", "what happened (contrechamp/reference@1; one a clip)", append, [])
    .option("--suite <file>", "a suite instead of references (contrechamp/suite@1)")
    .option("--exposure <[clip=]time>", "how long the system watched, such as 24h", append, [])
    .option("--seconds <[clip=]number>", "how long the clip is", append, [])
    .option("--video <[clip=]file>", "the recording: its length, size and hash are read", append, [])
    .option("--start <[clip=]instant>", "when the clip begins, for logs with times of day", append, [])
    .option("--frames-per-second <[clip=]number>", "of the recording, for logs that count frames", append, [])
    .option("--system <name>", "what to call the product", "alert log")
    .addOption(new Option("--format <format>", "told from the log if left out").choices([...LOG_FORMATS]))
    .option("--map <file>", "how the log is to be read (contrechamp/log-map@1)")
    .option("--column <name=header>", `which column is which: ${COLUMNS.join(", ")}`, append, [])
    .option("--delimiter <sign>", 'of a CSV log: ";", "," or tab')
    .addOption(new Option("--decimal <sign>", "decimal sign of a CSV log").choices([",", "."]))
    .option("--no-header", "the first row of a CSV log is an alert; columns are numbers")
    .addOption(new Option("--time-unit <unit>", "of bare numbers").choices([...TIME_UNITS]))
    .option("--time-zone <zone>", "of local times, such as Europe/Paris")
    .addOption(new Option("--date-order <order>", "of dates that are not ISO 8601").choices([...DATE_ORDERS]))
    .option("--event <name>", "what every row tells of, where the log does not say it")
    .option("--events <names>", "what the system is sold to find: only these are scored (fight,theft)")
    .option("--event-map <theirs=ours>", "name of an event in the log and in the reference", append, [])
    .option("--rule-map <theirs=ours>", "name of a rule in the log and in the reference", append, [])
    .option("--clip-map <theirs=ours>", "name of a camera or file in the log, and of a clip", append, [])
    .option("--clip <name>", "what the log calls the one clip of --reference; other rows are left out")
    .option("--join-frames <number>", "detections so many pictures apart are one alert (25)")
    .addOption(
      new Option("--by <what>", "match alerts by rule or by event alone")
        .choices([...MATCH_BY])
        .default("auto"),
    )
    .option(
      "--clock-offset <offset>",
      "correct the log's clock: by so many seconds, or auto, if more events are found so",
      offset,
      "estimate",
    )
    .addOption(
      new Option("--alignment <kind>", "how alerts and events are matched")
        .choices([...ALIGNMENTS])
        .default("instant"),
    )
    .option("--recall-bias <number>", "i-LIDS: how much more recall weighs than precision", positiveNumber, 1)
    .option("--slices <keys>", "conditions to compare, named beforehand: light,weather", conditionKeys)
    .option("--json <file>", "write the scores (contrechamp/scores@1); - writes them to standard output")
    .option("--report <folder>", "write the record and the report, as a page and as PDF")
    .option("--force", "overwrite what is there")
    .addOption(new Option("--lang <language>", "language of what is printed").choices([...LANGUAGES]))
    .addHelpText(
      "after",
      `
Rows that cannot be scored are counted and listed with their reason, and do not stop the rest. How each format is read,
and how the clock's offset is estimated, is in docs/audit/score.md.
Exit codes: 0; 1 the log breaks off, or not one of its rows could be scored; 64 wrong usage, or something has to be
said first; 65 bad reference, suite, map or log; 66 a file is not there; 73 cannot write, or a file is there already.`,
    )
    .action(run);
}

async function run(flags: Flags): Promise<void> {
  if (flags.alerts.length === 0) {
    throw fault("LOG_OPTION", { what: "No alert log is given", help: "Give --alerts LOG." });
  }
  const language = flags.lang ?? languageOf(process.env);
  const force = flags.force === true;
  const folder = flags.report === undefined ? null : resolve(flags.report);
  const json = flags.json === undefined || flags.json === "-" ? null : flags.json;
  if (json !== null) await mayWrite(json, force);
  if (folder !== null)
    for (const name of [RECORD_FILE, REPORT_FILE, pdfFile(language)])
      await mayWrite(join(folder, name), force);

  const map = flags.map === undefined ? EMPTY_MAP : await loadLogMap(flags.map);
  const { format, reading, names } = readingOf(flags, map);
  const { clips, suite } = await givenClips({ ...flags, timeZone: reading.time.zone });
  const files = await Promise.all(flags.alerts.map(openLog));
  const scored = await scoreLog({
    logs: files.map((source) => ({
      source,
      reader: format === null ? detectFormat(source) : readerOf(format),
      reading,
    })),
    files: await Promise.all(files.map(async (file) => ({ name: file.name, sha256: await file.sha256() }))),
    clips,
    suite,
    names,
    by: flags.by,
    system: flags.system,
    alignment: flags.alignment,
    recallBias: flags.recallBias,
    ...(flags.slices === undefined ? {} : { preregistered: flags.slices }),
    clockOffset: flags.clockOffset,
    command: commandLine(...process.argv.slice(2)),
    now: systemClock.now,
  });
  const { record } = scored;
  if (format !== null && record.log?.rows === 0) {
    // A log without an alert is one; a file of something else is none, and would count as all missed.
    const other = files.find(({ head }) => head.trim() !== "" && !readerOf(format).recognises(head));
    if (other !== undefined) throw fault("LOG_NOT_OF_FORMAT", { file: other.name, format });
  }
  const scores = scoresOf(record);
  const text = `${JSON.stringify(scores, null, 2)}\n`;
  if (json !== null) await writeResult(json, text);
  if (folder !== null) {
    await writeRecord(record, folder);
    const { html, pdfs, pdfProblem } = await writeAuditReport(record, folder, { language, force });
    for (const file of [html, ...pdfs]) process.stderr.write(`${file}\n`);
    if (pdfProblem !== null) process.stderr.write(`${pdfProblem.message}\n  ${pdfProblem.help}\n`);
  }
  process.stdout.write(flags.json === "-" ? text : answer(scored, scores, language));
  const { rows, rejected } = record.log ?? { rows: 0, rejected: 0 };
  if (scored.broken || (rows > 0 && rejected === rows)) process.exitCode = EXIT.partial;
}

function append(value: string, earlier: readonly string[]): readonly string[] {
  return [...earlier, value];
}

function offset(value: string): "estimate" | "auto" | number {
  if (value === "auto" || value === "estimate") return value;
  const seconds = value.trim() === "" ? Number.NaN : Number(value);
  if (!Number.isFinite(seconds)) throw new InvalidArgumentError("auto, or a number of seconds.");
  return seconds;
}
