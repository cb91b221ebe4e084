import { type Command, Option } from "commander";
import { journalFolder } from "../../journal/folder.ts";
import type { Acknowledgement, Json, LeafType } from "../../journal/leaf.ts";
import { submit } from "../../journal/submit.ts";
import { LANGUAGES, type Language, languageOf } from "../../report/language.ts";
import { type Clock, systemClock } from "../../time/clock.ts";
import { print } from "../print.ts";

/** What every command of `authorise` takes. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly lang?: Language;
  readonly state?: string;
}

/** What was changed on the disk, as it is said to a person and handed to the journal. */
export interface Change {
  /** In the reader's language, a line each. */
  readonly said: readonly string[];
  /** The command that comes next, as it would be typed; null where nothing is left to do. */
  readonly next: string | null;
  /** Who acted. */
  readonly actor: string;
  /** What happened, as the journal holds it and `--json` prints it. */
  readonly changes: readonly Changed[];
  /** Under a profile whose journal lies with each run nobody else has to note it. */
  readonly journalOfRun?: boolean;
}

export interface Changed {
  readonly type: Extract<LeafType, "authorisation" | "certificate" | "trust" | "notice">;
  readonly payload: { readonly [key: string]: Json };
}

/** Adds `--json` and `--lang`, and to a command that changes something `--state`. */
export function withCommon(command: Command, { changes }: { readonly changes: boolean }): Command {
  command
    .exitOverride()
    .option("--json", "print the result as JSON")
    .addOption(new Option("--lang <language>", "language of what is printed").choices([...LANGUAGES]));
  if (!changes) return command;
  return command.option(
    "--state <dir>",
    "folder of the site's state: the change is written to its journal too, now",
  );
}

export function languageFor(options: CommonOptions): Language {
  return options.lang ?? languageOf(process.env);
}

/**
 * Says what changed and which command comes next, after the journal has acknowledged it where there is one.
 * @throws what `submit` throws: the change itself stands then
 */
export async function announce(
  { said, next, actor, changes, journalOfRun = false }: Change,
  options: CommonOptions,
  clock: Clock = systemClock,
): Promise<void> {
  const words = WORDS[languageFor(options)];
  const json = options.json === true;
  // Before the journal is asked: the change stands whatever becomes of the trace, and a person has to know.
  if (!json) for (const line of said) print(line);
  const leaves: Acknowledgement[] = [];
  if (options.state !== undefined) {
    const folder = journalFolder(options.state);
    for (const { type, payload } of changes)
      leaves.push(await submit(folder, { type, actor, payload }, { clock }));
  }
  if (json) {
    const told = changes.map(({ type, payload }) => ({ type, ...payload }));
    print(
      JSON.stringify({ schema: "contrechamp/authorise@1", changes: told, next, journal: leaves }, null, 2),
    );
    return;
  }
  if (leaves.length > 0) print(words.noted(leaves.map(({ seq }) => String(seq)).join(", ")));
  else if (!journalOfRun) print(words.later);
  if (next !== null) print(words.next(next));
}

/** A command as it is typed: what a shell would take apart is quoted. */
export function commandLine(...parts: readonly string[]): string {
  return ["contrechamp", ...parts].map(shellWord).join(" ");
}

export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

const WORDS: Readonly<
  Record<
    Language,
    {
      readonly later: string;
      readonly noted: (leaves: string) => string;
      readonly next: (command: string) => string;
    }
  >
> = {
  fr: {
    later:
      "Le moteur notera ce changement dès qu’il relira le dossier (--state l’écrit au journal tout de suite).",
    noted: (leaves) => `Noté au journal, feuille ${leaves}.`,
    next: (command) => `Ensuite : ${command}`,
  },
  en: {
    later:
      "The engine will note this change when it next reads the folder (--state writes it to the journal now).",
    noted: (leaves) => `Noted in the journal, leaf ${leaves}.`,
    next: (command) => `Next: ${command}`,
  },
};
