import { Command, Option } from "commander";
import { authorityOverride } from "../config/authority-override.ts";
import { inspectConfig, readConfigFile } from "../config/load.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import { LANGUAGES, type Language, languageOf } from "../report/language.ts";
import { systemClock } from "../time/clock.ts";
import { reportOf } from "./check-configuration.ts";
import { checkGate } from "./check-gate.ts";
import type { CheckReport } from "./check-report.ts";
import { formatReport } from "./check-text.ts";
import { modelOf, slotsOf } from "./site-sources.ts";
import { inPlaceOf } from "./watch-jobs.ts";

interface CheckOptions {
  readonly config: string;
  readonly camera?: string;
  readonly profile?: string;
  readonly documents?: string;
  readonly state?: string;
  readonly out?: string;
  readonly shadow?: boolean;
  readonly at?: string;
  readonly lang?: Language;
  readonly json?: boolean;
}

/** `contrechamp check --config F [--profile ID --documents DIR --state DIR] [--at INSTANT] [--lang] [--json] [SOURCE...]` */
export function checkCommand(): Command {
  return new Command("check")
    .description(
      "Say for each camera and rule what may run, what may not, why, and what would change it; nothing is started, written or held",
    )
    .argument("[source...]", "recordings or addresses in the place of a camera's own, as `watch` takes them")
    .requiredOption("-c, --config <file>", "the configuration to check")
    .option("--camera <id>", "which camera of the configuration stands for SOURCE, where it has several")
    .option("--profile <id>", "the law that applies, as data: see `contrechamp profile list`")
    .option("--documents <dir>", "folder of authorisations, certificates, notices and trusted keys")
    .option("--state <dir>", "folder of the journal, the holds and the keys")
    .option("--out <dir>", "where `watch` would write results: the state is there where none is named")
    .option("--shadow", "ask for episodes that are counted and shown to nobody")
    .option(
      "--at <instant>",
      'ask about another instant, such as "2026-12-24 18:00" in the time zone of the profile (default: now, and for a replayed recording when it began)',
    )
    .addOption(new Option("--lang <language>", "language of what is printed").choices([...LANGUAGES]))
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      `
Exit codes: 0 all of it may run; 1 it is valid, and a part may not run, there are warnings, or something it names
is missing; 77 it is sound, and nothing may run;
64 wrong usage; 66 the file cannot be read; 78 it is wrong.`,
    )
    .action(async (sources: readonly string[], options: CheckOptions) => {
      const report = await check(sources, options);
      const language = options.lang ?? languageOf(process.env);
      const text =
        options.json === true
          ? `${JSON.stringify(report, null, 2)}\n`
          : formatReport(report, language, process.stdout.columns ?? null);
      process.stdout.write(text);
      process.exitCode = exitOf(report);
    });
}

async function check(sources: readonly string[], options: CheckOptions): Promise<CheckReport> {
  const { config: file, camera, state, out, at } = options;
  const environment = process.env;
  const { config: written, problems } = inspectConfig(await readConfigFile(file), file);
  if (written === null) return reportOf(null, problems, file, environment);
  const config = authorityOverride(inPlaceOf(written, sources, camera), options);
  const report = await reportOf(config, problems, file, environment);
  // A model that cannot be used has no hash to ask about.
  if (report.model?.state == null || report.slots.some((slot) => slot.state === null)) return report;
  const { sha256 } = await modelOf(config);
  const slots = await slotsOf(config);
  const asked = { state, out, at, modelSha256: sha256, slots, environment, now: systemClock.now() };
  return { ...report, gate: await checkGate(config, asked) };
}

/** 78 where it cannot be used, 1 where something is missing, 77 where all is there and nothing may run, else 0 or 1. */
export function exitOf(report: CheckReport): ExitCode {
  const { gate } = report;
  if (!report.valid) return EXIT.config;
  const complete =
    report.problems.length === 0 &&
    report.model?.error == null &&
    report.slots.every(({ error }) => error === null) &&
    report.cameras.every((camera) => camera.missingVariables.length === 0) &&
    (gate === null || (gate.state.error === null && gate.cameras.every(({ error }) => error === null)));
  if (!complete) return EXIT.partial;
  if (gate === null) return EXIT.ok;
  if (gate.cameras.every(({ runs }) => !runs)) return EXIT.notPermitted;
  // Of a camera without rules one yes is enough.
  const all = gate.cameras.every((camera) => {
    const rules = report.cameras.find(({ id }) => id === camera.id)?.rules ?? [];
    return rules.length === 0 ? camera.runs : camera.answers.every(({ allow }) => allow);
  });
  return all ? EXIT.ok : EXIT.partial;
}
