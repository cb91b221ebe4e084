import { isDeepStrictEqual } from "node:util";
import { Command, Option } from "commander";
import { EXIT, fault } from "../errors.ts";
import type { Hold } from "../policy/hold.ts";
import { readHolds, releaseHold } from "../policy/hold-store.ts";
import { LANGUAGES, type Language, languageOf } from "../report/language.ts";
import { formatUtc, systemClock } from "../time/clock.ts";
import { type HoldPlaceOptions, holdPlace, scopesOf } from "./hold-place.ts";
import { type HoldTrace, traceHolds } from "./hold-trace.ts";
import { HOLD_WORDS, holdLines, plain, scopeText } from "./hold-words.ts";
import { print, printJson } from "./print.ts";

interface ResumeOptions extends HoldPlaceOptions {
  readonly hold?: readonly string[];
  readonly by?: string;
  readonly reason?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
  readonly lang?: Language;
}

/** What `resume --json` prints. */
export interface ResumeReport {
  readonly schema: "contrechamp/resume@1";
  readonly stateFolder: string | null;
  readonly released: readonly Hold[];
  /** What is held all the same, by another hold. */
  readonly stillHeld: readonly Hold[];
  /** Where it was written down. Null where no journal was named. */
  readonly journal: HoldTrace | null;
}

const LONGEST_NAME = 200;
const LONGEST_REASON = 2000;

/** `contrechamp resume`: lets run again what is held. Coded errors reject the parse. */
export function resumeCommand(): Command {
  return new Command("resume")
    .description(
      "Let run again what was stopped or is held: with a name and a reason, which are written down",
    )
    .option("--camera <id...>", "release the holds of these cameras")
    .option("--site", "release the holds of the whole site (where nothing else is said)")
    .option(
      "--everything",
      "release the holds of everything on this machine, and files of holds that are damaged",
    )
    .option("--hold <id...>", "release these holds; contrechamp stop --list names them")
    .option("--state <dir>", "the state folder of the engine")
    .option("--config <file>", "the configuration of the engine, which names its state folder")
    .option("--by <name>", "who lets it run again")
    .option("--reason <text>", "why it may")
    .option("--yes", "on a terminal: do not ask again")
    .option("--json", "print JSON, and do not ask again")
    .addOption(new Option("--lang <language>", "language of what is printed").choices([...LANGUAGES]))
    .addHelpText(
      "after",
      `
A camera runs again when none of its holds is left: those of the camera, of the site and of everything. The release
is written to the journal before it counts; where the journal cannot take it, it is held as before.

Exit codes: 0 released; 1 nothing was changed, because the answer was no; 64 wrong usage, such as no name or no
reason; 66 nothing of that kind is held; 73 it could not be written: it is held as before; 66, 78 the configuration
cannot be read.`,
    )
    .action(resume);
}

async function resume(options: ResumeOptions): Promise<void> {
  const by = options.by?.trim() ?? "";
  const reason = options.reason?.trim() ?? "";
  if (by === "" || by.length > LONGEST_NAME) throw fault("HOLD_NO_NAME", {});
  if (reason === "" || reason.length > LONGEST_REASON) throw fault("HOLD_NO_REASON", {});
  const language = options.lang ?? languageOf(process.env);
  const words = HOLD_WORDS[language];
  const { stateFolder, chosen } = await choose(options);
  if (options.json !== true) for (const hold of chosen) say(holdLines(hold, language));
  if (!(await sure(options, words.ask(chosen.length)))) {
    print(words.unchanged);
    process.exitCode = EXIT.partial;
    return;
  }
  const at = systemClock.now();
  // The trace first: what runs again without one could be denied.
  const released = chosen.map((hold) => ({ ...hold, released: { at: formatUtc(at), by, reason } }));
  const journal = stateFolder === null ? null : await traceHolds(stateFolder, "hold_released", released, by);
  if (journal !== null && journal.error !== null) throw fault("HOLD_NO_TRACE", { reason: journal.error });
  const ids = chosen.map((hold) => hold.id);
  const freed = await releaseHold(stateFolder, ids, { by, reason, at });
  const stillHeld = (await readHolds(stateFolder)).filter((hold) => hold.released === null);
  if (options.json === true) {
    const report: ResumeReport = {
      schema: "contrechamp/resume@1",
      stateFolder,
      released: freed,
      stillHeld,
      journal,
    };
    return printJson(report);
  }
  print(words.released(freed.length));
  print(journal === null ? words.noJournal : words.trace(journal.leaves.join(", ")));
  if (stillHeld.length > 0) print(words.stillHeld);
  for (const hold of stillHeld) say(holdLines(hold, language));
}

/** The holds that are meant. @throws CodedError HOLD_NOTHING_HELD */
async function choose(
  options: ResumeOptions,
): Promise<{ readonly stateFolder: string | null; readonly chosen: readonly Hold[] }> {
  const place = await holdPlace(options);
  const { stateFolder } = place;
  const standing = (await readHolds(stateFolder)).filter((hold) => hold.released === null);
  const ids = options.hold ?? [];
  const isNamed = options.camera !== undefined || options.site === true || options.everything === true;
  // A camera that the configuration no longer has may still be held: any name can be released.
  const scopes = ids.length > 0 && !isNamed ? [] : scopesOf(options, { ...place, cameras: null });
  const chosen = standing.filter(
    (hold) => ids.includes(hold.id) || scopes.some((scope) => isDeepStrictEqual(scope, hold.scope)),
  );
  const what = [...scopes.map((scope) => scopeText(scope, "en")), ...ids.map((id) => `hold ${plain(id)}`)];
  const missing = ids.filter((id) => !standing.some((hold) => hold.id === id));
  if (chosen.length === 0 || missing.length > 0) {
    throw fault("HOLD_NOTHING_HELD", {
      what: missing.length > 0 ? `hold ${missing.map(plain).join(", ")}` : what.join(", "),
      held: [...new Set(standing.map((hold) => scopeText(hold.scope, "en")))].join(", ") || "nothing",
    });
  }
  return { stateFolder, chosen };
}

/** Asks again, where there is somebody to ask. */
async function sure(options: ResumeOptions, question: string): Promise<boolean> {
  if (options.yes === true || options.json === true) return true;
  if (!process.stdin.isTTY || !process.stdout.isTTY) return true;
  const { confirm } = await import("@clack/prompts");
  return (await confirm({ message: question, initialValue: false })) === true;
}

function say(lines: readonly string[]): void {
  for (const line of lines) print(line);
}
