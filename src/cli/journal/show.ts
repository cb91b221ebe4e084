import { Command, Option } from "commander";
import { LEAF_TYPES, type LeafType } from "../../journal/leaf.ts";
import { type LogEntry, readLog } from "../../journal/log-reader.ts";
import { LANGUAGES, type Language, languageOf } from "../../report/language.ts";
import { plain } from "../hold-words.ts";
import { journalMeant } from "./place.ts";
import { JOURNAL_WORDS } from "./words.ts";

interface ShowFlags {
  readonly type?: readonly LeafType[];
  readonly from?: number;
  readonly to?: number;
  readonly json?: boolean;
  readonly lang?: Language;
}

/** `contrechamp journal show FOLDER`: the leaves, one a line, with what they are about. */
export function showLeavesCommand(): Command {
  return new Command("show")
    .description("List the leaves of a journal or a bundle, with what they are about")
    .argument("<folder>", "the journal's folder, a state folder, or a bundle")
    .addOption(new Option("--type <types...>", "only leaves of these types").choices([...LEAF_TYPES]))
    .addOption(new Option("--from <seq>", "first leaf").argParser(count))
    .addOption(new Option("--to <seq>", "last leaf").argParser(count))
    .option("--json", "print one object of JSON a line")
    .addOption(new Option("--lang <language>", "language of what is printed").choices([...LANGUAGES]))
    .addHelpText(
      "after",
      "\nExit codes: 0 done; 64 wrong usage; 65 the journal is damaged; 66 there is none.",
    )
    .action(run);
}

async function run(given: string, flags: ShowFlags): Promise<void> {
  const words = JOURNAL_WORDS[flags.lang ?? languageOf(process.env)];
  const folder = await journalMeant(given);
  const range = {
    ...(flags.from === undefined ? {} : { from: flags.from }),
    ...(flags.to === undefined ? {} : { to: flags.to + 1 }),
  };
  let shown = 0;
  for await (const entry of readLog(folder, range)) {
    if (flags.type !== undefined && !flags.type.includes(entry.leaf.type)) continue;
    const line = flags.json === true ? jsonLine(entry) : `${textLine(entry, words)}`;
    shown += 1;
    if (!process.stdout.write(`${line}\n`) && !process.stdout.destroyed) {
      await new Promise((resolve) => process.stdout.once("drain", resolve).once("close", resolve));
    }
    if (process.stdout.destroyed) return;
  }
  if (shown === 0 && flags.json !== true) process.stderr.write(`${words.nothing}\n`);
}

function jsonLine({ leaf, content }: LogEntry): string {
  return JSON.stringify({
    ...leaf,
    ...(content.kind === "kept" ? { payload: content.payload } : { content }),
  });
}

function textLine({ leaf, content }: LogEntry, words: (typeof JOURNAL_WORDS)[Language]): string {
  const about =
    content.kind === "kept"
      ? JSON.stringify(content.payload)
      : content.kind === "erased"
        ? `(${words.erased(content.at, content.by)})`
        : `(${words.withheld})`;
  return plain(`${leaf.seq}  ${leaf.at}  ${leaf.type}  ${leaf.actor}  ${about}`);
}

function count(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) throw new RangeError("a number of a leaf, from 0");
  return value;
}
