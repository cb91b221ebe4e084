import { Command, Option } from "commander";
import { pinningEntry } from "../../audit/certify/fixed-thresholds.ts";
import { pin } from "../../audit/certify/pin.ts";
import { loadThresholds } from "../../audit/certify/thresholds.ts";
import { fault } from "../../errors.ts";
import { journalFolder } from "../../journal/folder.ts";
import { submit } from "../../journal/submit.ts";
import { LANGUAGES, type Language, languageOf } from "../../report/language.ts";
import { systemClock } from "../../time/clock.ts";
import { commandLine } from "../authorise/change.ts";
import { journalMeant } from "../journal/place.ts";
import { print, printJson } from "../print.ts";
import { CERTIFY_WORDS } from "./certify-words.ts";

/** Which journal holds the thresholds: that of a state folder, or one by itself. */
export interface JournalPlace {
  readonly state?: string;
  readonly journal?: string;
}

interface FixOptions extends JournalPlace {
  readonly suite?: string;
  readonly by?: string;
  readonly json?: boolean;
  readonly lang?: Language;
}

/** `contrechamp audit certify fix THRESHOLDS`: what a measurement must reach, before it is made. */
export function fixCommand(): Command {
  return (
    withJournal(
      new Command("fix")
        .description(
          "write thresholds into a journal, before the measurement: afterwards nobody can lower them",
        )
        .argument("<thresholds>", "what must be reached (contrechamp/thresholds@1), YAML or JSON"),
    )
      .option("--suite <file>", "the suite, where it does not lie where the thresholds say")
      .option("--by <name>", "who fixes them: a pseudonym or an office (default: the issuer)")
      .option("--json", "print the result as JSON")
      .addOption(new Option("--lang <language>", "language of what is printed").choices([...LANGUAGES]))
      .addHelpText(
        "after",
        `
What is fixed: the thresholds, the seal of the suite, the hash of the model, the engine's settings and version.
Exit codes: 0 fixed; 64 wrong usage; 65 the thresholds or the suite are wrong; 66 not found; 69 the journal cannot be
written now.`,
      )
      .exitOverride()
      // `certify` has options of the same names, and takes those that stand after `fix` too.
      .action((file: string, _own: unknown, command: Command) => fix(file, command.optsWithGlobals()))
  );
}

/** Adds `--state` and `--journal`. */
export function withJournal(command: Command): Command {
  return command
    .option("--state <dir>", "folder of a site's state, whose journal is used")
    .option("--journal <dir>", "a journal by itself; it is made where there is none");
}

/** @throws CERTIFY_USAGE where none or both are given */
export async function journalOf({ state, journal }: JournalPlace): Promise<string> {
  if (state !== undefined && journal === undefined) return journalFolder(state);
  if (journal !== undefined && state === undefined) return journalMeant(journal);
  const what = "One of --state and --journal says which journal holds the thresholds";
  throw fault("CERTIFY_USAGE", { what });
}

async function fix(file: string, options: FixOptions): Promise<void> {
  const folder = await journalOf(options);
  const source = await loadThresholds(file);
  const { pinned, outlook } = await pin(source, options.suite);
  const entry = pinningEntry(pinned, options.by ?? source.thresholds.issuer);
  const leaf = await submit(folder, entry, { clock: systemClock });
  if (options.json === true) {
    const { thresholds: _whole, action: _action, ...fixed } = pinned;
    return printJson({ schema: "contrechamp/fixed@1", ...fixed, leaf, outlook });
  }
  const words = CERTIFY_WORDS[options.lang ?? languageOf(process.env)];
  const { suite, modelSha256, engineVersion } = pinned;
  print(words.fixed(pinned.id, pinned.thresholdsSha256, leaf.seq, leaf.at, leaf.leafHash));
  print(words.pinned(suite.name, suite.sha256, modelSha256, engineVersion));
  for (const one of outlook) for (const line of words.outlook(one, source.thresholds.confidence)) print(line);
  const place =
    options.state === undefined ? ["--journal", options.journal ?? folder] : ["--state", options.state];
  print(
    words.next(
      `${commandLine("audit", "certify", "--thresholds", file, ...place)} --run FOLDER --key KEY --out DOCUMENTS`,
    ),
  );
}
