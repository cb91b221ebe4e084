import { generateKeyPairSync } from "node:crypto";
import { Command, Option } from "commander";
import { CodedError, fault } from "../../errors.ts";
import { createCosigner } from "../../journal/cosignature.ts";
import { readCheckpoint } from "../../journal/log-reader.ts";
import { consistencyProof } from "../../journal/merkle.ts";
import { formatSignerKey, parseSignerKey } from "../../journal/note.ts";
import { isConsistencyProof, parseConsistencyProof } from "../../journal/proof.ts";
import { TileReader } from "../../journal/tiles.ts";
import { type WitnessRequest, witness } from "../../journal/witness.ts";
import { LANGUAGES, type Language, languageOf } from "../../report/language.ts";
import { systemClock } from "../../time/clock.ts";
import { isFolder, journalMeant, keyLine, readInput, writeOutput, writeSecret } from "./place.ts";
import { JOURNAL_WORDS } from "./words.ts";

interface WitnessFlags {
  readonly key?: string;
  readonly memory?: string;
  readonly log?: string;
  readonly out?: string;
  readonly json?: boolean;
  readonly lang?: Language;
}

/** `contrechamp journal witness SOURCE --key K --memory FILE`, and `… witness key new`. Coded errors reject the parse. */
export function witnessCommand(): Command {
  return new Command("witness")
    .description(
      "Sign a journal's new state as a witness, if it continues what was seen before; refuse it otherwise",
    )
    .argument("<source>", "a request file, a signed state, or the folder of a journal or bundle")
    .option("--key <file>", "the witness's private key")
    .option("--memory <file>", "what this witness remembers: a small text file, made the first time")
    .option("--log <key>", "the journal's public key, the first time: a line, or a file with it")
    .option("-o, --out <file>", "write the signed state to a file, to be sent back")
    .option("--json", "print JSON")
    .addOption(new Option("--lang <language>", "language of what is printed").choices([...LANGUAGES]))
    .addHelpText(
      "after",
      `
Exit codes: 0 signed; 64 something is missing that the message names; 65 REFUSED: the journal was shortened or its past
rewritten, or the file is damaged; 66 a file cannot be read; 69 the memory is in use, or the clock is wrong.`,
    )
    .action(run)
    .addCommand(witnessKeyCommand());
}

function witnessKeyCommand(): Command {
  const made = new Command("new")
    .description("Make the key pair of a witness")
    .argument("<file>", "where the private key goes; it must not be there yet")
    .requiredOption(
      "--name <name>",
      "name of the witness: an address without its scheme, such as example.org/town-hall",
    )
    .addHelpText(
      "after",
      "\nExit codes: 0 done; 64 wrong usage; 65 such a name cannot be; 73 the file is there already.",
    )
    // --json and --lang are those of `witness`.
    .action(async (file: string, { name }: { name: string }, command: Command) => {
      const { json, lang } = command.optsWithGlobals<{ json?: boolean; lang?: Language }>();
      const { privateKey } = generateKeyPairSync("ed25519");
      const { verifierKey } = createCosigner(name, privateKey);
      await writeSecret(file, `${formatSignerKey(name, privateKey)}\n`);
      const words = JOURNAL_WORDS[lang ?? languageOf(process.env)];
      process.stdout.write(
        json === true ? `${JSON.stringify({ name, verifierKey })}\n` : words.keyMade(file, verifierKey),
      );
    });
  return new Command("key").description("Keys of witnesses").addCommand(made.exitOverride());
}

async function run(source: string, flags: WitnessFlags, command: Command): Promise<void> {
  const { key, memory } = flags;
  // Not required options: `witness key new` has no use for them.
  if (key === undefined || memory === undefined) {
    command.error("error: required options '--key <file>' and '--memory <file>' not specified");
  }
  const words = JOURNAL_WORDS[flags.lang ?? languageOf(process.env)];
  const { checkpoint, before, note } = await witness(await requestOf(source), {
    cosigner: await readCosigner(key),
    memory,
    ...(flags.log === undefined ? {} : { logKey: await keyLine(flags.log) }),
    clock: systemClock,
  });
  const { origin, size } = checkpoint;
  if (flags.json === true) {
    const result = {
      origin,
      size,
      before: before?.size ?? null,
      root: checkpoint.root.toString("hex"),
      note,
    };
    process.stdout.write(`${JSON.stringify(result)}\n`);
    if (flags.out !== undefined) await writeOutput(flags.out, note);
    return;
  }
  await writeOutput(flags.out, note);
  process.stderr.write(`${words.witnessed(origin, size, before?.size ?? null)}\n${words.sendBack}\n`);
}

/** What is asked, from whatever was given. */
async function requestOf(source: string): Promise<WitnessRequest> {
  if (await isFolder(source)) {
    const folder = await journalMeant(source);
    const checkpoint = await readCheckpoint(folder);
    if (checkpoint === null) throw fault("NO_SIGNED_STATE", { folder, size: "any number", known: "none" });
    const { size, note } = checkpoint;
    return { note, proofFrom: (from) => consistencyProof(new TileReader(folder, size), from, size) };
  }
  const text = await readInput(source);
  if (!isConsistencyProof(text)) return { note: text, proofFrom: () => Promise.resolve(null) };
  const { oldSize, path, note } = parseConsistencyProof(text);
  return { note, proofFrom: (size) => Promise.resolve(size === oldSize ? path : { startsAt: oldSize }) };
}

async function readCosigner(file: string) {
  try {
    const { name, privateKey } = parseSignerKey(await readInput(file));
    return createCosigner(name, privateKey);
  } catch (thrown) {
    const reason = thrown instanceof CodedError ? thrown.message.replace(/\.$/, "") : "it cannot be read";
    throw fault("WITNESS_KEY_FILE", { file, reason }, thrown);
  }
}
