import { join, resolve } from "node:path";
import { Command, Option } from "commander";
import { ALIGNMENTS, type AlignmentKind, type AuditRecord } from "../../audit/record.ts";
import { mayWrite, RECORD_FILE, writeRecord, writeResult } from "../../audit/record-file.ts";
import { pdfFile, REPORT_FILE, writeAuditReport } from "../../audit/report/write.ts";
import { AUTHORITY_FILES, writeAuthority } from "../../audit/run/authority-files.ts";
import { runSuite, type SuiteProgress } from "../../audit/run/run-suite.ts";
import { scoresOf } from "../../audit/scoring/scores.ts";
import { loadSuite } from "../../audit/suite.ts";
import { defaultConfig, loadConfig } from "../../config/load.ts";
import { EXIT } from "../../errors.ts";
import { LANGUAGES, type Language, languageOf } from "../../report/language.ts";
import { systemClock } from "../../time/clock.ts";
import { accountName } from "../account.ts";
import { commandLine } from "../authorise/change.ts";
import { conditionKeys } from "./condition-keys.ts";
import { positiveInteger, positiveNumber } from "./numbers.ts";
import { beginning, clipEnded, summary, warning } from "./run-words.ts";

interface Options {
  readonly json?: string;
  readonly report?: string;
  readonly config?: string;
  readonly model?: string;
  readonly jobs?: number;
  readonly alignment: AlignmentKind;
  readonly recallBias: number;
  readonly slices?: readonly string[];
  readonly contested?: boolean;
  readonly fresh?: boolean;
  readonly force?: boolean;
  readonly quiet?: boolean;
  readonly lang?: Language;
}

/** `contrechamp audit run SUITE`: the engine on every clip, and how often it was right and wrong. */
export function runCommand(): Command {
  return new Command("run")
    .description("run every clip of a suite through the engine, and say how often it was right and wrong")
    .argument("<suite>", "a suite of recordings with known truth (contrechamp/suite@1)")
    .option("--json <file>", "write the scores (contrechamp/scores@1); - for standard output")
    .option("--report <folder>", "write the record, the stills and the report, as a page and as PDF")
    .option("--config <file>", "take the section `engine` of a configuration: model, rates, sizes")
    .option("--model <name>", "name of a model, or path of a manifest; before that of --config")
    .option("--jobs <number>", "clips at a time (one for each core)", positiveInteger)
    .addOption(
      new Option(
        "--alignment <kind>",
        "how alerts and events are matched: EVALUATION's instants, or NIST ActEV's overlaps",
      )
        .choices([...ALIGNMENTS])
        .default("instant"),
    )
    .option("--recall-bias <number>", "i-LIDS: how much more recall weighs than precision", positiveNumber, 1)
    .option("--slices <keys>", "conditions to compare, named before the run: light,weather", conditionKeys)
    .option("--contested", "measure too whom contested rules would have flagged (never an alert)")
    .option("--fresh", "begin anew even where an earlier run of the same was interrupted")
    .option("--force", "overwrite what is there")
    .option("--quiet", "say nothing but the result")
    .addOption(new Option("--lang <language>", "language of what is printed").choices([...LANGUAGES]))
    .addHelpText(
      "after",
      `
It runs on recordings only, under the profile recording-study, with an authorisation that is made for these recordings,
by their hash, and ends by itself. An interrupted run goes on where it was when the same command is given again.
Exit codes: 0; 1 a clip could not be analysed, or it was stopped by hand; 64 wrong usage; 65 bad suite or reference;
66 a file is not there; 69 the model cannot be had; 73 cannot write, or a file is there already.`,
    )
    .action(run);
}

async function run(path: string, options: Options): Promise<void> {
  const language = options.lang ?? languageOf(process.env);
  const say =
    options.quiet === true ? () => undefined : (line: string) => void process.stderr.write(`${line}\n`);
  const force = options.force === true;
  const folder = options.report === undefined ? null : resolve(options.report);
  // Before hours of work, not after.
  const json = options.json === undefined || options.json === "-" ? null : resolve(options.json);
  if (json !== null) await mayWrite(json, force);
  if (folder !== null) {
    const names = [RECORD_FILE, REPORT_FILE, pdfFile(language), ...AUTHORITY_FILES];
    for (const name of names) await mayWrite(join(folder, name), force);
  }

  const suite = await loadSuite(path);
  for (const { message } of suite.warnings) say(warning(language, message));
  const engine =
    options.config === undefined ? defaultConfig([]).engine : (await loadConfig(options.config)).engine;
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  const show = createProgress(language, suite.name, say);
  try {
    const { record, authority, forget } = await runSuite(suite, {
      engine: { ...engine, model: options.model ?? engine.model },
      alignment: options.alignment,
      recallBias: options.recallBias,
      ...(options.slices === undefined ? {} : { preregistered: options.slices }),
      jobs: options.jobs ?? null,
      contested: options.contested === true,
      folder,
      fresh: options.fresh === true,
      by: accountName(),
      command: commandLine(...process.argv.slice(2)),
      clock: systemClock,
      signal: stop.signal,
      onProgress: show.progress,
    });
    show.close();
    const scores = scoresOf(record);
    const text = `${JSON.stringify(scores, null, 2)}\n`;
    if (json !== null) await writeResult(json, text);
    if (folder !== null) {
      await writeRecord(record, folder);
      await writeAuthority(authority, folder);
      const { html, pdfs, pdfProblem } = await writeAuditReport(record, folder, { language, force });
      for (const file of [html, ...pdfs]) say(file);
      if (pdfProblem !== null) say(`${pdfProblem.message}\n  ${pdfProblem.help}`);
    }
    await forget();
    const said = `${summary(language, scores, notWatched(record))}\n`;
    process.stdout.write(options.json === "-" ? text : said);
    if (record.clips.some(({ fault }) => fault !== null)) process.exitCode = EXIT.partial;
  } finally {
    show.close();
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  }
}

/** Events of which at least one rule was not looked for. */
function notWatched(record: AuditRecord): readonly string[] {
  const events = record.clips.flatMap(({ rules }) =>
    rules.filter(({ watched }) => !watched).map(({ event }) => event),
  );
  return [...new Set(events)].sort();
}

interface Progress {
  readonly progress: (progress: SuiteProgress) => void;
  readonly close: () => void;
}

/** Lines as clips end; on a terminal also one that moves, with the time that is left. */
function createProgress(language: Language, suite: string, say: (line: string) => void): Progress {
  const terminal = process.stderr.isTTY === true;
  const clear = () => void (terminal && process.stderr.write("\r\u001b[K"));
  let began: number | null = null;
  return {
    progress(progress) {
      if (began === null) {
        began = systemClock.monotonic();
        for (const line of beginning(language, suite, progress)) say(line);
      }
      const fresh = progress.analysedSeconds - progress.keptSeconds;
      const elapsed = systemClock.monotonic() - began;
      const rest = progress.videoSeconds - progress.analysedSeconds;
      const left = fresh > 0 ? (elapsed * rest) / fresh : null;
      const line = clipEnded(language, progress, left);
      if (line !== null) {
        clear();
        say(line);
      } else if (terminal) {
        const share = progress.videoSeconds > 0 ? progress.analysedSeconds / progress.videoSeconds : 0;
        process.stderr.write(
          `\r\u001b[K${Math.round(100 * share)} %${left === null ? "" : `  ${Math.ceil(left)} s`}`,
        );
      }
    },
    close: clear,
  };
}
