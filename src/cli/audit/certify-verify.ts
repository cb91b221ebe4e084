import { dirname } from "node:path";
import { Command, Option } from "commander";
import { findFixed } from "../../audit/certify/fixed-thresholds.ts";
import { suiteOf } from "../../audit/certify/pin.ts";
import { differences } from "../../audit/certify/recompute.ts";
import { loadThresholds } from "../../audit/certify/thresholds.ts";
import { EXIT, fault } from "../../errors.ts";
import { loadDocuments, readDocument } from "../../policy/documents.ts";
import { verifyCertificate } from "../../policy/verify-documents.ts";
import { LANGUAGES, type Language, languageOf } from "../../report/language.ts";
import { print } from "../print.ts";
import { CERTIFY_WORDS } from "./certify-words.ts";
import { journalKeys, type KeyOptions, needed, readMeasured } from "./measured.ts";
import { type JournalPlace, journalOf, withJournal } from "./thresholds.ts";

interface VerifyOptions extends JournalPlace, KeyOptions {
  readonly thresholds?: string;
  readonly record?: string;
  readonly suite?: string;
  readonly json?: boolean;
  readonly lang?: Language;
}

/** `contrechamp audit certify verify CERTIFICATE`: whether it follows from what it rests on. Writes nothing. */
export function verifyCommand(): Command {
  return (
    withJournal(
      new Command("verify")
        .description("work a certificate out again, without trusting who issued it, and say what differs")
        .argument("<certificate>", "a certificate that `audit certify` wrote")
        .option("--thresholds <file>", "the thresholds that it names")
        .option("--record <folder>", "the record that it names"),
    )
      .option("--suite <file>", "the suite, where it does not lie where the thresholds say")
      .option("--json", "print the result as JSON")
      .addOption(new Option("--lang <language>", "language of what is printed").choices([...LANGUAGES]))
      .addHelpText(
        "after",
        `
--journal-key and --witness-key, as for \`certify\`, name the keys that you got from somebody else than the journal.
Exit codes: 0 all of it follows, and the journal holds it; 1 the journal does not hold it, or its signature is none
that is believed; 64 wrong usage; 65 it does not follow, or the journal, thresholds or record are others.`,
      )
      .exitOverride()
      // `certify` has options of the same names, and takes those that stand after `verify` too.
      .action((file: string, _own: unknown, command: Command) => verify(file, command.optsWithGlobals()))
  );
}

async function verify(file: string, options: VerifyOptions): Promise<void> {
  const source = await loadThresholds(needed("--thresholds", options.thresholds));
  const record = needed("--record", options.record);
  const journal = await journalOf(options);
  const document = await readDocument(file);
  if (document.schema !== "contrechamp/certificate@1" || document.measurement === undefined) {
    throw fault("CERTIFY_USAGE", { what: `${file} is no certificate that the audit bench wrote` });
  }
  const measured = await readMeasured(record);
  const fixed = await findFixed(journal, source, measured.record.startedAt, await journalKeys(options));
  const suite = await suiteOf(source, options.suite);
  const found = differences(document, source, fixed, measured, suite);
  const { trust } = await loadDocuments(dirname(file));
  const { sha256, signature } = verifyCertificate(document, trust);
  const noted = fixed.earlier.find((one) => one.sha256 === sha256)?.seq ?? null;
  if (found.length > 0) process.exitCode = EXIT.data;
  else if (noted === null || signature !== "valid") process.exitCode = EXIT.partial;
  const { id, passed } = document;
  if (options.json === true) {
    const { others, earlier, vouched } = fixed;
    const told = {
      id,
      passed,
      differences: found,
      signature,
      leaf: noted,
      comparedWithSuite: suite !== null,
    };
    print(
      JSON.stringify(
        { schema: "contrechamp/certificate-verification@1", ...told, others, earlier, vouched },
        null,
        2,
      ),
    );
    return;
  }
  const words = CERTIFY_WORDS[options.lang ?? languageOf(process.env)];
  if (found.length > 0) for (const line of words.differs(id, found)) print(line);
  else print(words.verified(id, passed, noted));
  const others = fixed.earlier.filter((one) => one.id !== id);
  for (const line of words.history({ ...fixed, earlier: others })) print(line);
  if (suite === null) print(words.notCompared);
  if (!fixed.vouched) print(words.unwitnessed);
  if (signature !== "valid")
    print(words.signature(signature, document.signature?.keyId ?? "", dirname(file)));
}
