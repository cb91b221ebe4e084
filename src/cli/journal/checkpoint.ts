import { Command, Option } from "commander";
import { fault } from "../../errors.ts";
import { openJournal } from "../../journal/journal.ts";
import { readCheckpoint } from "../../journal/log-reader.ts";
import { takeUpCosignature } from "../../journal/witnessed.ts";
import { LANGUAGES, type Language, languageOf } from "../../report/language.ts";
import { systemClock } from "../../time/clock.ts";
import { journalMeant, keyLine, readInput, writeOutput } from "./place.ts";
import { JOURNAL_WORDS } from "./words.ts";

interface CheckpointFlags {
  readonly sign?: boolean;
  readonly addCosignature?: string;
  readonly witnessKey?: string;
  readonly by: string;
  readonly out?: string;
  readonly json?: boolean;
  readonly lang?: Language;
}

/** `contrechamp journal checkpoint FOLDER`. Coded errors reject the parse. */
export function checkpointCommand(): Command {
  return new Command("checkpoint")
    .description("Print the journal's newest signed state; sign one now; take up a witness's signature")
    .argument("<folder>", "the journal's folder, or a state folder")
    .option(
      "--sign",
      "sign what was written since; while an engine runs it does so by itself, every few seconds",
    )
    .option("--add-cosignature <file>", "take up the signed state that a witness sent back")
    .option("--witness-key <key>", "that witness's public key, the first time: a line, or a file with it")
    .option("--by <pseudonym>", "who takes it up: a pseudonym", "operator")
    .option("-o, --out <file>", "write the signed state to a file")
    .option("--json", "print JSON")
    .addOption(new Option("--lang <language>", "language of what is printed").choices([...LANGUAGES]))
    .addHelpText(
      "after",
      `
Exit codes: 0 done; 64 wrong usage; 65 the witness has signed something else; 66 nothing is signed yet;
69 another process holds the journal.`,
    )
    .action(run);
}

async function run(given: string, flags: CheckpointFlags): Promise<void> {
  const words = JOURNAL_WORDS[flags.lang ?? languageOf(process.env)];
  const folder = await journalMeant(given);
  if (flags.addCosignature !== undefined) {
    const taken = await takeUpCosignature(folder, await readInput(flags.addCosignature), {
      ...(flags.witnessKey === undefined ? {} : { witnessKey: await keyLine(flags.witnessKey) }),
      actor: flags.by,
      clock: systemClock,
    });
    for (const one of taken) {
      const { witness, size, leaf } = one;
      process.stdout.write(
        `${flags.json === true ? JSON.stringify(one) : words.takenUp(witness, size, leaf.seq)}\n`,
      );
    }
    return;
  }
  if (flags.sign === true) {
    const journal = await openJournal(folder, {
      clock: systemClock,
      onFault: (error) => process.stderr.write(`${error.message}\n`),
    });
    try {
      const { size } = await journal.checkpoint();
      if (flags.json !== true) process.stderr.write(`${words.signed(size)}\n`);
    } finally {
      await journal.close();
    }
  }
  const checkpoint = await readCheckpoint(folder);
  if (checkpoint === null) throw fault("NO_SIGNED_STATE", { folder, size: "any number", known: "none" });
  const { origin, size, root, note } = checkpoint;
  const text =
    flags.json === true ? `${JSON.stringify({ origin, size, root: root.toString("hex"), note })}\n` : note;
  await writeOutput(flags.out, text);
}
