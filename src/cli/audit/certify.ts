import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Command, Option } from "commander";
import { type Certified, certificateEntry, certify } from "../../audit/certify/certify.ts";
import {
  type FixedThresholds,
  findFixed,
  type JournalKeys,
  type Pinned,
} from "../../audit/certify/fixed-thresholds.ts";
import { pin, suiteOf } from "../../audit/certify/pin.ts";
import { loadThresholds, type ThresholdsFile } from "../../audit/certify/thresholds.ts";
import { mayWrite } from "../../audit/record-file.ts";
import type { Suite } from "../../audit/suite.ts";
import { engineVersion } from "../../engine/version.ts";
import { EXIT, fault } from "../../errors.ts";
import type { Acknowledgement } from "../../journal/leaf.ts";
import { submit } from "../../journal/submit.ts";
import { loadDocuments, writeDocument } from "../../policy/documents.ts";
import type { SigningKey } from "../../policy/keys.ts";
import type { SignatureState, Trust } from "../../policy/signature.ts";
import { verifyCertificate } from "../../policy/verify-documents.ts";
import { LANGUAGES, type Language, languageOf } from "../../report/language.ts";
import { formatUtc, systemClock } from "../../time/clock.ts";
import { openKey } from "../authorise/keys.ts";
import { print, printJson } from "../print.ts";
import { measure } from "./certify-run.ts";
import { verifyCommand } from "./certify-verify.ts";
import { CERTIFY_WORDS } from "./certify-words.ts";
import { journalKeys, type KeyOptions, needed, readMeasured } from "./measured.ts";
import { fixCommand, type JournalPlace, journalOf, withJournal } from "./thresholds.ts";

interface CertifyOptions extends JournalPlace, KeyOptions {
  readonly thresholds?: string;
  readonly record?: string;
  readonly run?: string;
  readonly suite?: string;
  readonly key?: string;
  readonly out?: string;
  readonly force?: boolean;
  readonly json?: boolean;
  readonly lang?: Language;
}

/** `contrechamp audit certify`: judges a record by thresholds that were fixed before, and signs what comes of it. */
export function certifyCommand(): Command {
  const command = new Command("certify")
    .description("judge a record by thresholds that were fixed before it, and sign what comes of it")
    .option("--thresholds <file>", "the thresholds, as they were fixed with `certify fix`")
    .option("--record <folder>", "the record: what `audit run --report` wrote")
    .option("--run <folder>", "in the place of --record: measure now, and write the record there")
    .option("--suite <file>", "the suite, where it does not lie where the thresholds say")
    .option("--key <file>", "the private key of who certifies");
  withJournal(command)
    .option("--out <dir>", "where the certificates are written (default: `certificates` beside the record)")
    .option("--journal-key <key>", "the journal's public key, from its register: a line, or a file with it")
    .option("--witness-key <key>", "a witness's public key, as the witness gave it (repeatable)", append, [])
    .option("--force", "overwrite certificates of the same record")
    .option("--json", "print the result as JSON")
    .addOption(new Option("--lang <language>", "language of what is printed").choices([...LANGUAGES]))
    .addHelpText(
      "after",
      `
One certificate for each event, signed and written into the journal whether it passes or fails.
Exit codes: 0 all passed; 1 at least one failed, and its certificate says so; 64 wrong usage; 65 the record cannot be
certified, or the thresholds were not fixed before it; 66 not found; 69 the journal cannot be read or written now;
73 cannot write, or a file is there already.`,
    )
    .action(run);
  command.addCommand(fixCommand()).addCommand(verifyCommand());
  return command;
}

async function run(options: CertifyOptions): Promise<void> {
  const thresholds = needed("--thresholds", options.thresholds);
  const keyFile = needed("--key", options.key);
  const place = recordPlace(options);
  const journal = await journalOf(options);
  const source = await loadThresholds(thresholds);
  const key = await openKey(keyFile);
  const keys = await journalKeys(options);
  const suite = options.run === undefined ? null : await runNow(source, options.run, journal, keys, options);
  const measured = await readMeasured(place);
  const fixed = await findFixed(journal, source, measured.record.startedAt, keys);
  const compared = suite ?? (await suiteOf(source, options.suite));
  const out = options.out ?? join(dirname(measured.file), "certificates");
  const certified = certify(source, fixed, measured, { key, now: systemClock.now(), suite: compared });
  const published = await publish(certified, { out, journal, force: options.force === true });
  if (certified.some(({ judgement }) => !judgement.passed)) process.exitCode = EXIT.partial;
  tell({ source, fixed, suite: compared, key, out, published }, options);
}

function recordPlace({ record, run: folder }: CertifyOptions): string {
  const place = record ?? folder;
  if (place !== undefined && (record === undefined || folder === undefined)) return place;
  const what =
    "One of --record and --run says what is certified: a record that is there, or one that is made now";
  throw fault("CERTIFY_USAGE", { what });
}

/** Measures what was fixed. Before hours of work it is seen to that the thresholds stand, and mean what is here. */
async function runNow(
  source: ThresholdsFile,
  folder: string,
  journal: string,
  keys: JournalKeys,
  options: CertifyOptions,
): Promise<Suite> {
  const { pinned } = await findFixed(journal, source, formatUtc(systemClock.now()), keys);
  const { suite, engine, pinned: now } = await pin(source, options.suite);
  if (suite === null || engine === null) {
    const what = "To measure, the thresholds must name the suite's path (or --suite) and the model";
    throw fault("CERTIFY_USAGE", { what });
  }
  const changed = changesBetween(pinned, now);
  if (changed.length > 0) {
    const list = changed.map((line) => `  ${line}`).join("\n");
    throw fault("CERTIFY_RECORD", { file: source.file, count: changed.length, list });
  }
  const words = CERTIFY_WORDS[options.lang ?? languageOf(process.env)];
  process.stderr.write(`${words.running(suite.name, suite.clips.length)}\n`);
  await measure({
    ...{ suite, engine, folder, force: options.force === true, alignment: source.thresholds.alignment },
    onClip: (id, done, clips) => process.stderr.write(`${words.clip(id, done, clips)}\n`),
  });
  return suite;
}

/** What is no longer what it was when the thresholds were fixed. */
function changesBetween(fixed: Pinned, now: Pinned): readonly string[] {
  const pairs = [
    ["the suite's seal", fixed.suite.sha256, now.suite.sha256],
    ["the model", fixed.modelSha256, now.modelSha256],
    ["the configuration of the engine", fixed.configSha256, now.configSha256],
    ["the version of the engine", fixed.engineVersion, engineVersion()],
  ] as const;
  return pairs.flatMap(([what, was, is]) => (was === is ? [] : [`${what} is ${is}, and ${was} was fixed`]));
}

/** A certificate that was journalled and written. */
interface Published extends Certified {
  readonly file: string;
  readonly leaf: Acknowledgement;
  /** What the trust file beside it makes of its signature. */
  readonly signature: SignatureState;
}

/** Into the journal first: a certificate that somebody would rather not see is published all the same. */
async function publish(
  certified: readonly Certified[],
  { out, journal, force }: { readonly out: string; readonly journal: string; readonly force: boolean },
): Promise<readonly Published[]> {
  const trust = await trustOf(out);
  const planned = certified.map((one) => ({ ...one, file: join(out, fileNameOf(one)) }));
  for (const { file } of planned) await mayWrite(file, force);
  const published: Published[] = [];
  for (const one of planned) {
    const { certificate, file } = one;
    const { signature } = verifyCertificate(certificate, trust);
    const leaf = await submit(journal, certificateEntry(certificate, signature), { clock: systemClock });
    await writeDocument(file, certificate);
    published.push({ ...one, leaf, signature });
  }
  return published;
}

/** Null where the folder is not there yet or has none that can be read. */
async function trustOf(folder: string): Promise<Trust | null> {
  const there = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return there ? (await loadDocuments(folder)).trust : null;
}

function fileNameOf({ event, certificate }: Certified): string {
  return `certificate-${event}-${certificate.id.slice(-8)}.yml`;
}

interface Told {
  readonly source: ThresholdsFile;
  readonly fixed: FixedThresholds;
  readonly suite: Suite | null;
  readonly key: SigningKey;
  readonly out: string;
  readonly published: readonly Published[];
}

function tell({ source, fixed, suite, key, out, published }: Told, options: CertifyOptions): void {
  const { others, earlier, vouched, leaf } = fixed;
  if (options.json === true) {
    const certificates = published.map(({ event, certificate, judgement, file, leaf: of, signature }) => ({
      ...{ event, id: certificate.id, passed: judgement.passed, file, signature },
      ...{ shortfalls: judgement.shortfalls, leaf: of, certificate },
    }));
    const thresholds = { id: source.thresholds.id, sha256: source.sha256, leaf, vouched };
    const text = {
      schema: "contrechamp/certified@1",
      thresholds,
      others,
      earlier,
      comparedWithSuite: suite !== null,
    };
    printJson({ ...text, certificates });
    return;
  }
  const words = CERTIFY_WORDS[options.lang ?? languageOf(process.env)];
  for (const one of published) {
    for (const line of words.verdict(one, one.file, one.leaf.seq)) print(line);
    const { references } = one.certificate.results;
    for (const shortfall of one.judgement.shortfalls) print(words.shortfall(shortfall, references));
  }
  for (const line of words.history(fixed)) print(line);
  if (suite === null) print(words.notCompared);
  if (!vouched) print(words.unwitnessed);
  const doubtful = published.find(({ signature }) => signature !== "valid");
  if (doubtful !== undefined && doubtful.signature !== "valid") {
    print(words.signature(doubtful.signature, key.keyId, out));
  }
}

function append(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}
