import { Command } from "commander";
import { fault } from "../../errors.ts";
import { readCheckpoint, readLogEntry } from "../../journal/log-reader.ts";
import { formatConsistencyProof, formatInclusionProof } from "../../journal/proof.ts";
import { TileReader } from "../../journal/tiles.ts";
import { readWitnessed } from "../../journal/verify-source.ts";
import { journalMeant, writeOutput } from "./place.ts";

interface ProveFlags {
  readonly consistency?: readonly string[];
  readonly withoutContent?: boolean;
  readonly out?: string;
  readonly json?: boolean;
}

/** `contrechamp journal prove FOLDER SEQ` or `--consistency OLD [NEW]`. Coded errors reject the parse. */
export function proveCommand(): Command {
  return new Command("prove")
    .description(
      "Write a proof as a small text file: that a leaf is in the journal, or that a state continues another",
    )
    .argument("<folder>", "the journal's folder, a state folder, or a bundle")
    .argument("[seq]", "number of the leaf")
    .option(
      "--consistency <sizes...>",
      "old and new number of leaves; the new one is the newest signed where missing",
    )
    .option("--without-content", "leave out what the leaf is about")
    .option("-o, --out <file>", "write it to a file")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      `
Both are checked offline: a leaf's by \`contrechamp journal verify --proof FILE --key KEY\`, a state's by a witness:
\`contrechamp journal witness FILE\`. The formats are those of https://c2sp.org/tlog-proof and
https://c2sp.org/tlog-witness.
Exit codes: 0 done; 64 wrong usage; 65 the journal is damaged; 66 no such leaf or signed state.`,
    )
    .action(run);
}

async function run(
  given: string,
  seq: string | undefined,
  flags: ProveFlags,
  command: Command,
): Promise<void> {
  const folder = await journalMeant(given);
  const checkpoint = await readCheckpoint(folder);
  if (checkpoint === null) throw fault("NO_SIGNED_STATE", { folder, size: "any number", known: "none" });
  const { size, note } = checkpoint;
  const tree = new TileReader(folder, size);
  let proof: string;
  if (flags.consistency !== undefined) {
    const [old, wanted, more] = flags.consistency.map(Number);
    if (
      old === undefined ||
      more !== undefined ||
      !isCount(old) ||
      (wanted !== undefined && !isCount(wanted))
    ) {
      command.error("error: --consistency takes one or two numbers of leaves");
    }
    const to = wanted === undefined || wanted === size ? note : await signedState(folder, wanted, size);
    proof = await formatConsistencyProof(tree, old, to);
  } else {
    const number = Number(seq);
    if (seq === undefined || !isCount(number)) command.error("error: name the leaf by its number, from 0");
    const { leaf, content } = await readLogEntry(folder, number);
    const opening =
      content.kind === "kept" && flags.withoutContent !== true
        ? { payload: content.payload, salt: content.salt }
        : null;
    proof = await formatInclusionProof(tree, { leaf, opening }, note);
  }
  await writeOutput(flags.out, flags.json === true ? `${JSON.stringify({ proof })}\n` : proof);
}

/** An earlier state of which the signed text is kept. */
async function signedState(folder: string, size: number, newest: number): Promise<string> {
  const kept = await readWitnessed(folder);
  const found = kept.find(({ name }) => name.endsWith(`/${size}`));
  if (found !== undefined) return found.text;
  const known = [...kept.map(({ name }) => name.split("/").at(-1) ?? ""), String(newest)].join(", ");
  throw fault("NO_SIGNED_STATE", { folder, size: String(size), known });
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
