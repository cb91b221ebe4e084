import { Command, Option } from "commander";
import { EXIT } from "../errors.ts";
import type { Hold } from "../policy/hold.ts";
import { awaitEngines, type EngineAnswer, runningEngines } from "../policy/hold-seen.ts";
import { placeHolds, readHolds } from "../policy/hold-store.ts";
import { FORMATS, LANGUAGES, type Language, languageOf } from "../report/language.ts";
import { type Seconds, systemClock } from "../time/clock.ts";
import { accountName } from "./account.ts";
import { type HoldPlace, type HoldPlaceOptions, holdPlace, scopesOf } from "./hold-place.ts";
import { type HoldTrace, traceHolds } from "./hold-trace.ts";
import { HOLD_WORDS, holdLines, plain, scopeText } from "./hold-words.ts";
import { print, printJson } from "./print.ts";

interface StopOptions extends HoldPlaceOptions {
  readonly by?: string;
  readonly reason?: string;
  readonly list?: boolean;
  readonly json?: boolean;
  readonly lang?: Language;
}

/** What `stop --json` prints. */
export interface StopReport {
  readonly schema: "contrechamp/stop@1";
  readonly stateFolder: string | null;
  readonly holds: readonly Hold[];
  /** Between the start of this command and the instant from which the holds stand, whatever fails then. */
  readonly placedAfter: Seconds;
  /** The engines that run, and what they answered. */
  readonly engines: readonly EngineAnswer[];
  /** Where none runs there: engines of this user that run elsewhere, and that this does not stop. */
  readonly elsewhere: readonly { readonly pid: number; readonly stateFolder: string | null }[];
  /** Between the start of this command and the last engine's answer; null where one has not answered. */
  readonly stoodAfter: Seconds | null;
  /** Where it was written down. Null where no journal was named. */
  readonly journal: HoldTrace | null;
}

/** What `stop --list --json` prints. */
export interface HoldList {
  readonly schema: "contrechamp/holds-list@1";
  readonly stateFolder: string | null;
  /** Those that are not released. */
  readonly holds: readonly Hold[];
  readonly engines: readonly EngineAnswer[];
}

/** How long the engine has for its answer. */
const PATIENCE: Seconds = 1;

/** `contrechamp stop`: the stop switch. Coded errors reject the parse. */
export function stopCommand(): Command {
  return new Command("stop")
    .description("Stop cameras, a site or everything now; only a person, with a reason, lets it run again")
    .option("--camera <id...>", "stop these cameras")
    .option("--site", "stop the whole site (what is stopped where nothing else is said)")
    .option(
      "--everything",
      "stop every engine of this user on this machine (without --state and --config: this)",
    )
    .option("--state <dir>", "the state folder of the engine")
    .option("--config <file>", "the configuration of the engine, which names its state folder")
    .option("--by <name>", "who stops it (default: the account that runs the command)")
    .option("--reason <text>", "why; nobody has to say why to stop")
    .option("--list", "say what is held, and stop nothing")
    .option("--json", "print JSON")
    .addOption(new Option("--lang <language>", "language of what is printed").choices([...LANGUAGES]))
    .addHelpText(
      "after",
      `
The hold stands before anything else is done, and survives a crash and a restart. Then the command waits, for
${PATIENCE} s at most, until each engine says that no picture of what is held is decoded any more.
To let it run again: contrechamp resume

Exit codes: 0 it stands, and each engine that runs has said so; 1 it stands, and an engine has not answered or the
journal did not take it; 64 wrong usage: nothing is stopped; 73 it could not be written: NOTHING IS STOPPED, or not
everywhere; 66, 78 the configuration cannot be read.`,
    )
    .action(async (options: StopOptions) => {
      if (options.list === true) await list(options);
      else await stop(options);
    });
}

async function stop(options: StopOptions): Promise<void> {
  const place = await holdPlace(options);
  const scopes = scopesOf(options, place);
  const language = options.lang ?? languageOf(process.env);
  const words = HOLD_WORDS[language];
  const all = scopes.some((scope) => scope.kind === "everything");
  const by = said(options.by, 200) ?? `account ${accountName()}`;
  const reason = said(options.reason, 2000) ?? words.noReason;
  const holds = await placeHolds(
    place.stateFolder,
    scopes.map((scope) => ({ scope, cause: "stop_switch", by, reason, at: systemClock.now() })),
  );
  const placedAfter = sinceStart();
  const engines = await awaitEngines(place.stateFolder, all, holds, {
    clock: systemClock,
    patience: PATIENCE,
  });
  const stands = engines.every((engine) => engine.state === "stands");
  const stoodAfter = stands ? sinceStart() : null;
  const report: StopReport = {
    schema: "contrechamp/stop@1",
    stateFolder: place.stateFolder,
    holds,
    placedAfter,
    engines,
    elsewhere: engines.length > 0 ? [] : await enginesElsewhere(all),
    stoodAfter,
    // Said before the journal is waited for: whoever looks on must know at once.
    journal: null,
  };
  if (options.json !== true) for (const line of stopLines(report, place, language)) print(line);
  const journal = place.stateFolder === null ? null : await traceHolds(place.stateFolder, "hold", holds, by);
  if (options.json === true) printJson({ ...report, journal });
  else print(journalLine(journal, language));
  process.exitCode = stands && (journal === null || journal.error === null) ? EXIT.ok : EXIT.partial;
}

function stopLines(report: StopReport, place: HoldPlace, language: Language): readonly string[] {
  const words = HOLD_WORDS[language];
  const lines = report.holds.map((hold) =>
    words.stopped(scopeText(hold.scope, language), FORMATS[language].number(report.placedAfter, 2)),
  );
  lines.push(...engineLines(report.engines, report.stateFolder, language));
  for (const { pid, stateFolder } of report.elsewhere)
    lines.push(words.elsewhere(pid, plain(stateFolder ?? "-")));
  for (const id of camerasOfNobody(report)) lines.push(words.nobodys(plain(id)));
  if (place.broken !== null) lines.push(words.brokenConfig(plain(place.broken)));
  lines.push(words.resumeWith);
  return lines;
}

/** Cameras that are held and that no running engine has: a name that was mistyped stops nothing. */
function camerasOfNobody({ holds, engines }: StopReport): readonly string[] {
  if (engines.length === 0 || engines.some((engine) => engine.cameras === null)) return [];
  const known = new Set(engines.flatMap((engine) => engine.cameras ?? []));
  return holds.flatMap(({ scope }) =>
    scope.kind === "camera" && !known.has(scope.cameraId) ? [scope.cameraId] : [],
  );
}

/** A state folder that was mistyped stops nothing either. */
async function enginesElsewhere(all: boolean): Promise<StopReport["elsewhere"]> {
  if (all) return [];
  const engines = await runningEngines(null, true);
  return engines.map(({ seen }) => ({ pid: seen.pid, stateFolder: seen.stateFolder }));
}

function engineLines(
  engines: readonly EngineAnswer[],
  stateFolder: string | null,
  language: Language,
): readonly string[] {
  const words = HOLD_WORDS[language];
  if (engines.length === 0) return [words.noEngine(stateFolder === null ? null : plain(stateFolder))];
  const lines = engines.map(({ pid, state, decoding }) =>
    words.answers[state](pid, decoding.map(plain).join(", ")),
  );
  const late = engines.filter(({ state }) => state === "decoding" || state === "silent");
  if (late.length > 0) lines.push(words.notYet(late.map(({ pid }) => pid).join(" ")));
  return lines;
}

function journalLine(journal: StopReport["journal"], language: Language): string {
  const words = HOLD_WORDS[language];
  if (journal === null) return words.noJournal;
  if (journal.error !== null) return words.noTrace(journal.error);
  return words.trace(journal.leaves.join(", "));
}

async function list(options: StopOptions): Promise<void> {
  const { stateFolder } = await holdPlace(options);
  const language = options.lang ?? languageOf(process.env);
  const words = HOLD_WORDS[language];
  const holds = (await readHolds(stateFolder)).filter((hold) => hold.released === null);
  const asked = { clock: systemClock, patience: 0 };
  const engines = await awaitEngines(stateFolder, stateFolder === null, holds, asked);
  if (options.json === true) {
    const report: HoldList = { schema: "contrechamp/holds-list@1", stateFolder, holds, engines };
    return printJson(report);
  }
  if (holds.length === 0) print(stateFolder === null ? words.nothingHeldHere : words.nothingHeld);
  for (const hold of holds) for (const line of holdLines(hold, language)) print(line);
  if (holds.length > 0) for (const line of engineLines(engines, stateFolder, language)) print(line);
}

/** What was said, where anything was. */
function said(text: string | undefined, longest: number): string | null {
  const trimmed = text?.trim().slice(0, longest) ?? "";
  return trimmed === "" ? null : trimmed;
}

function sinceStart(): Seconds {
  return performance.now() / 1000;
}
