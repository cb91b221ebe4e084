import { join } from "node:path";
import { Command, Option } from "commander";
import { PUBLIC_KEY_FILE } from "../../journal/log-key.ts";
import { parseVerifierKey } from "../../journal/note.ts";
import { LANGUAGES, type Language, languageOf } from "../../report/language.ts";
import { journalMeant, readInput } from "./place.ts";
import { JOURNAL_WORDS } from "./words.ts";

/** `contrechamp journal key FOLDER`: the journal's public key, to be published. */
export function journalKeyCommand(): Command {
  return new Command("key")
    .description("Print the journal's public key, to be published where people look it up")
    .argument("<folder>", "the journal's folder, or a state folder")
    .option("--json", "print JSON")
    .addOption(new Option("--lang <language>", "language of what is printed").choices([...LANGUAGES]))
    .addHelpText("after", "\nExit codes: 0 done; 65 the file is no key; 66 there is none.")
    .action(async (given: string, { json, lang }: { json?: boolean; lang?: Language }) => {
      const line = (await readInput(join(await journalMeant(given), PUBLIC_KEY_FILE))).trim();
      const { name } = parseVerifierKey(line);
      process.stdout.write(
        json === true
          ? `${JSON.stringify({ origin: name, verifierKey: line })}\n`
          : JOURNAL_WORDS[lang ?? languageOf(process.env)].logKey(name, line),
      );
    });
}
