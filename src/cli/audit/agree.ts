import { basename } from "node:path";
import { Command, Option } from "commander";
import { agreementOf, lastInstant } from "../../audit/annotate/agreement/agreement.ts";
import { agreementText } from "../../audit/annotate/agreement/text.ts";
import { loadReference } from "../../audit/load-reference.ts";
import { fault } from "../../errors.ts";
import { LANGUAGES, type Language, languageOf } from "../../report/language.ts";
import { print, printJson } from "../print.ts";

interface Options {
  readonly seconds?: string;
  readonly bin: string;
  readonly lang?: Language;
  readonly json?: boolean;
}

/** A recording of a month is no recording; beyond this, bins would fill the memory. */
const LONGEST_SECONDS = 31 * 86_400;
const SHORTEST_BIN = 0.1;
const LONGEST_BIN = 1;

/** `contrechamp audit agree A B`: how well two annotators agree. Coded errors reject the parse. */
export function agreeCommand(): Command {
  return new Command("agree")
    .description("say how well two annotators of one recording agree: events, times, boxes, counts")
    .argument("<a>", "a reference")
    .argument("<b>", "another of the same recording, made without knowing the first")
    .option("--seconds <seconds>", "length of the recording; without it, the end of the last mark")
    .option("--bin <seconds>", "length of the pieces of time that kappa compares, 0.1 to 1", "0.5")
    .addOption(new Option("--lang <language>", "language of what is printed").choices([...LANGUAGES]))
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      "\nExit codes: 0; 64 wrong usage; 65 a reference is not sound; 66 it cannot be read.",
    )
    .action(agree);
}

async function agree(a: string, b: string, options: Options): Promise<void> {
  const binSeconds = within("--bin", options.bin, SHORTEST_BIN, LONGEST_BIN);
  const seconds =
    options.seconds === undefined ? null : within("--seconds", options.seconds, binSeconds, LONGEST_SECONDS);
  const [first, second] = await Promise.all(
    [a, b].map((path) => loadReference(path, { rules: null, duration: seconds })),
  );
  if (first === undefined || second === undefined) throw new RangeError("two references are compared");
  const last = lastInstant([first, second]);
  if (last > LONGEST_SECONDS)
    throw fault("AGREE_OPTION", {
      option: "The end of the last event",
      value: String(last),
      allowed: `at most ${LONGEST_SECONDS} s`,
    });
  const agreement = agreementOf(first, second, { seconds, binSeconds });
  if (options.json === true) {
    const found = { schema: "contrechamp/agreement@1", a, b, ...agreement };
    return printJson(found);
  }
  const names = basename(a) === basename(b) ? { a, b } : { a: basename(a), b: basename(b) };
  print(agreementText(agreement, names, options.lang ?? languageOf(process.env)));
}

function within(option: string, value: string, low: number, high: number): number {
  const found = Number(value);
  if (value.trim() !== "" && found >= low && found <= high) return found;
  throw fault("AGREE_OPTION", { option, value, allowed: `a number of seconds from ${low} to ${high}` });
}
