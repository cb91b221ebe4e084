import { Command, Option } from "commander";
import { contestedFootage } from "../../audit/contested/footage.ts";
import { contestedSummary, PLACES } from "../../audit/contested/summary.ts";
import { runSuite, type SuiteProgress } from "../../audit/run/run-suite.ts";
import { defaultConfig } from "../../config/load.ts";
import { EXIT } from "../../errors.ts";
import { LANGUAGES, type Language, languageOf } from "../../report/language.ts";
import { systemClock } from "../../time/clock.ts";
import { accountName } from "../account.ts";
import { commandLine } from "../authorise/change.ts";
import { contestedText } from "./contested-words.ts";
import { positiveInteger } from "./numbers.ts";
import { beginning, clipEnded, warning } from "./run-words.ts";

interface ContestedFlags {
  readonly jobs?: number;
  readonly model?: string;
  readonly fresh?: boolean;
  readonly quiet?: boolean;
  readonly json?: boolean;
  readonly lang?: Language;
}

/** `contrechamp audit contested SUITE|VIDEO...`: whom rules that are not built would have flagged. */
export function contestedCommand(): Command {
  return new Command("contested")
    .description(
      "Measure whom contested rules (staying, running, walking slowly) would have flagged on recordings; they never alert",
    )
    .argument("<footage...>", "a suite, or recordings")
    .option("--jobs <number>", "recordings at a time (one for each core)", positiveInteger)
    .option("--model <name>", "name of a model, or path of a manifest")
    .option("--fresh", "begin anew even where an earlier run of the same was interrupted")
    .option("--quiet", "say nothing but the result")
    .addOption(new Option("--lang <language>", "language of what is printed").choices([...LANGUAGES]))
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      `
Recordings only, under the profile recording-study. The cameras of a suite may be calibrated; without calibration
lengths are told by how tall bodies appear. Nothing is said of any person but when and in which part of the view.
For a report with these figures: contrechamp audit run SUITE --contested --report FOLDER.
Exit codes: 0; 1 a recording could not be analysed, or it was stopped by hand; 64 wrong usage, or a stream;
65 bad suite; 66 a file is not there; 69 the model cannot be had.`,
    )
    .action(run);
}

async function run(paths: readonly string[], flags: ContestedFlags): Promise<void> {
  const language = flags.lang ?? languageOf(process.env);
  const say = (line: string) => void (flags.quiet === true || process.stderr.write(`${line}\n`));
  const suite = await contestedFootage(paths);
  for (const { message } of suite.warnings) say(warning(language, message));
  const { engine } = defaultConfig([]);
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.once("SIGINT", interrupt);
  process.once("SIGTERM", interrupt);
  let begun = false;
  try {
    const { record, forget } = await runSuite(suite, {
      engine: { ...engine, model: flags.model ?? engine.model },
      alignment: "instant",
      recallBias: 1,
      jobs: flags.jobs ?? null,
      contested: true,
      folder: null,
      fresh: flags.fresh === true,
      by: accountName(),
      command: commandLine(...process.argv.slice(2)),
      clock: systemClock,
      signal: stop.signal,
      onProgress(progress: SuiteProgress) {
        if (!begun) for (const line of beginning(language, suite.name, progress)) say(line);
        begun = true;
        const line = clipEnded(language, progress, null);
        if (line !== null) say(line);
      },
    });
    const summary = contestedSummary(record.clips);
    if (flags.json === true) {
      const { suite: of, system, clips } = record;
      const measured = clips.map(({ id, camera, seconds, contested }) => ({
        id,
        camera,
        seconds,
        contested,
      }));
      const result = {
        schema: "contrechamp/contested@1",
        suite: of,
        system,
        grid: PLACES,
        summary,
        clips: measured,
      };
      process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
    } else {
      process.stdout.write(`${contestedText(summary, language)}\n`);
    }
    await forget();
    if (record.clips.some(({ fault }) => fault !== null)) process.exitCode = EXIT.partial;
  } finally {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  }
}
