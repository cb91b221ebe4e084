import { Command, Option } from "commander";
import { type WrittenExample, writeExample } from "../../audit/example/write-example.ts";
import { fault } from "../../errors.ts";
import { FORMATS, LANGUAGES, type Language, languageOf } from "../../report/language.ts";
import { commandLine } from "../authorise/change.ts";
import { print, printJson } from "../print.ts";

interface ExampleFlags {
  readonly seed: string;
  readonly small?: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
  readonly lang?: Language;
}

const LARGEST_SEED = 1_000_000;

/** `contrechamp audit example DIR`: a suite that needs no private footage. Coded errors reject the parse. */
export function exampleCommand(): Command {
  return new Command("example")
    .description(
      "Draw a suite of recordings with exact truth, to try the audit bench on; nobody real is in it",
    )
    .argument("<folder>", "where to write suite.yml and clips/")
    .option("--seed <number>", "another seed gives other people, times and paths", "1")
    .option("--small", "three short clips in the place of twelve")
    .option("--force", "overwrite what is there")
    .addOption(new Option("--lang <language>", "language of what is printed").choices([...LANGUAGES]))
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      `
It takes about half a minute of one core, with --small a few seconds.
Drawn scenes show how the bench works; they say nothing about error rates in the street.
Exit codes: 0 written; 64 wrong usage; 73 a file is there already, or the folder cannot be written.`,
    )
    .action(run);
}

function run(folder: string, flags: ExampleFlags): void {
  const seed = Number(flags.seed);
  if (!/^\d+$/.test(flags.seed) || seed > LARGEST_SEED) {
    throw fault("SCENE_OPTION", {
      option: "--seed",
      value: flags.seed,
      allowed: `a whole number from 0 to ${LARGEST_SEED}`,
    });
  }
  const language = flags.lang ?? languageOf(process.env);
  const example = writeExample(folder, {
    seed,
    small: flags.small === true,
    force: flags.force === true,
    onProgress: progressOf(flags),
  });
  if (flags.json === true) printJson({ schema: "contrechamp/example@1", ...example });
  else for (const line of told(example, language)) print(line);
}

/** One line on a terminal, written over. */
function progressOf(flags: ExampleFlags): (clip: { readonly id: string }, done: number, all: number) => void {
  if (flags.json === true || !process.stderr.isTTY) return () => undefined;
  return ({ id }, done, all) =>
    process.stderr.write(`\r\u001b[K${done === all ? "" : `${id}  ${Math.floor((100 * done) / all)} %`}`);
}

const WORDS = {
  en: {
    events: (count: number) => (count === 0 ? "nothing happens" : `${count} event${count === 1 ? "" : "s"}`),
    caution:
      "These scenes are drawn. They show how the bench works; what a system scores on them says nothing about its error rates in the street.",
    next: "Run it:",
  },
  fr: {
    events: (count: number) =>
      count === 0 ? "il ne se passe rien" : `${count} événement${count > 1 ? "s" : ""}`,
    caution:
      "Ces scènes sont dessinées. Elles montrent comment fonctionne le banc d'essai ; ce qu'un système y obtient ne dit rien de son taux d'erreur dans la rue.",
    next: "Pour l'essayer :",
  },
} as const satisfies Record<Language, unknown>;

function told({ suite, clips }: WrittenExample, language: Language): readonly string[] {
  const words = WORDS[language];
  const width = Math.max(...clips.map(({ id }) => id.length)) + 2;
  return [
    ...clips.map(
      ({ id, seconds, events }) =>
        `${id.padEnd(width)}${FORMATS[language].duration(seconds).padStart(5)}  ${words.events(events.length)}`,
    ),
    suite,
    words.caution,
    words.next,
    `  ${commandLine("audit", "run", suite, "--report", "report")}`,
  ];
}
