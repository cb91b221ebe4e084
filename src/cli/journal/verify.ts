import { realpath } from "node:fs/promises";
import { sep } from "node:path";
import { SingleBar } from "cli-progress";
import { Command, Option } from "commander";
import { engineVersion } from "../../engine/version.ts";
import { EXIT, type ExitCode, fault } from "../../errors.ts";
import { createVerifier } from "../../journal/cosignature.ts";
import { verifyInclusionProof } from "../../journal/proof.ts";
import { type VerificationReport, verifyJournal } from "../../journal/verify.ts";
import { FINDING_WORDS, placeWords } from "../../journal/verify-words.ts";
import { embeddedFonts } from "../../report/fonts.ts";
import { LANGUAGES, type Language, languageOf } from "../../report/language.ts";
import { renderVerification } from "../../report/verification-page.ts";
import { systemClock } from "../../time/clock.ts";
import { journalMeant, keyLine, readInput, writeOutput } from "./place.ts";
import { JOURNAL_WORDS } from "./words.ts";

interface VerifyFlags {
  readonly key?: string;
  readonly witnessKey: readonly string[];
  readonly trusted: readonly string[];
  readonly proof?: string;
  readonly html?: string;
  readonly json?: boolean;
  readonly lang?: Language;
}

/** `contrechamp journal verify FOLDER` or `--proof FILE`. Coded errors reject the parse. */
export function verifyCommand(): Command {
  return new Command("verify")
    .description("Check a journal or a bundle of one from its files alone, offline, and say what that proves")
    .argument("[folder]", "the journal's folder, a state folder, or a bundle")
    .option("--key <key>", "the journal's public key from its published register: a line, or a file with it")
    .option("--witness-key <key>", "a witness's public key, as the witness gave it (repeatable)", append, [])
    .option(
      "--trusted <file>",
      "an earlier signed state or a witness's memory that you kept (repeatable)",
      append,
      [],
    )
    .option("--proof <file>", "check a proof that a leaf is in a journal, instead of a folder")
    .option("--html <file>", "write a page that explains the result")
    .option("--json", "print the result as JSON")
    .addOption(new Option("--lang <language>", "language of what is printed").choices([...LANGUAGES]))
    .addHelpText(
      "after",
      `
Exit codes: 0 sound, and somebody independent vouches for it; 1 nothing speaks against it, and something that would
speak for it is missing, such as a witness; 65 it was changed, cut or forged, or the proof does not hold;
64 wrong usage; 66 there is no journal.`,
    )
    .action(run);
}

async function run(folder: string | undefined, flags: VerifyFlags, command: Command): Promise<void> {
  const language = flags.lang ?? languageOf(process.env);
  const words = JOURNAL_WORDS[language];
  const logKey = flags.key === undefined ? {} : { logKey: await keyLine(flags.key) };
  const witnessKeys = await Promise.all(flags.witnessKey.map(keyLine));
  if (flags.proof !== undefined) {
    const keys = [...Object.values(logKey), ...witnessKeys];
    if (keys.length === 0) command.error(words.proofNeedsKey);
    const proven = verifyInclusionProof(await readInput(flags.proof), keys.map(createVerifier));
    const { entry, checkpoint, signatures } = proven;
    const names = signatures.verified.map(({ name }) => name);
    process.stdout.write(
      flags.json === true
        ? `${JSON.stringify({ schema: "contrechamp/proof@1", holds: true, ...entry, origin: checkpoint.origin, size: checkpoint.size, signedBy: names }, null, 2)}\n`
        : words.proofHolds(
            entry.leaf,
            entry.opening?.payload ?? null,
            checkpoint.origin,
            checkpoint.size,
            names,
          ),
    );
    return;
  }
  if (folder === undefined) command.error(words.folderMissing);
  const place = await journalMeant(folder);
  const trustedCheckpoints = await Promise.all(
    flags.trusted.map(async (name) => {
      await refuseFromWithin(name, place);
      return { name, text: await readInput(name) };
    }),
  );
  const bar = progressBar(words.verifying);
  const report = await verifyJournal(place, {
    ...logKey,
    witnessKeys,
    trustedCheckpoints,
    onProgress: (done, total) => bar?.(done, total),
  });
  bar?.(report.size, report.size, true);
  if (flags.html !== undefined) {
    const page = renderVerification({
      report,
      language,
      fonts: await embeddedFonts(),
      at: systemClock.now(),
      engineVersion: engineVersion(),
    });
    await writeOutput(flags.html, page);
  }
  process.stdout.write(
    flags.json === true ? `${JSON.stringify(report, null, 2)}\n` : formatVerification(report, language),
  );
  process.exitCode = exitOf(report);
}

/** What came with the journal vouches for nothing: whoever made it anew made that anew, too. */
async function refuseFromWithin(file: string, folder: string): Promise<void> {
  const [inner, outer] = await Promise.all([file, folder].map((path) => realpath(path).catch(() => path)));
  if (inner?.startsWith(`${outer}${sep}`)) throw fault("VERIFY_TRUSTED_WITHIN", { file, folder });
}

export function exitOf({ verdict }: VerificationReport): ExitCode {
  return verdict === "broken" ? EXIT.data : verdict === "alone" ? EXIT.partial : EXIT.ok;
}

/** The result for a person: the answer, what it rests on, and each finding with what to do. */
export function formatVerification(report: VerificationReport, language: Language): string {
  const words = JOURNAL_WORDS[language];
  const lines = [words.verdict[report.verdict], "", ...words.checked(report)];
  for (const { code, severity, count, places } of report.findings) {
    const { what, means, todo } = FINDING_WORDS[language][code];
    lines.push("", `${words.severity[severity]}: ${what}${count > 1 ? ` (${count})` : ""}`);
    lines.push(`  ${means}`);
    for (const place of places.slice(0, 5)) {
      const where = placeWords(place, language);
      if (where !== "") lines.push(`  · ${where}`);
    }
    if (count > 5) lines.push(`  · ${words.andMore(count - 5)}`);
    lines.push(`  → ${todo} (${code})`);
  }
  return `${lines.join("\n")}\n`;
}

/** A bar on a terminal, nothing elsewhere. */
function progressBar(title: string): ((done: number, total: number, over?: boolean) => void) | null {
  if (!process.stderr.isTTY) return null;
  const bar = new SingleBar({
    format: `${title} {bar} {percentage} %`,
    hideCursor: true,
    stream: process.stderr,
  });
  let begun = false;
  return (done, total, over = false) => {
    if (!begun) bar.start(total, done);
    else bar.update(done);
    begun = true;
    if (over) bar.stop();
  };
}

function append(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}
