import { access, open, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { fault } from "../../errors.ts";
import { writeWhole } from "../../files/write-whole.ts";
import { reasonOf } from "../../journal/durable.ts";
import { journalFolder } from "../../journal/folder.ts";

/** The journal that is meant by a folder: itself, or the one in a state folder. */
export async function journalMeant(folder: string): Promise<string> {
  const inside = journalFolder(folder);
  const own = await isThere(join(folder, "checkpoint"));
  return !own && ((await isThere(join(inside, "checkpoint"))) || (await isThere(join(inside, "tail.log"))))
    ? inside
    : folder;
}

export async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** Text of a file that a person named. @throws JOURNAL_INPUT */
export async function readInput(file: string): Promise<string> {
  try {
    // A record of a journal is a few kilobytes; a proof that carries its payload, some hundred.
    if ((await stat(file)).size > LARGEST_INPUT) {
      throw fault("JOURNAL_INPUT", { file, reason: "it is larger than any such file" });
    }
    return await readFile(file, "utf8");
  } catch (thrown) {
    if (thrown instanceof Error && "code" in thrown && thrown.code === "JOURNAL_INPUT") throw thrown;
    throw fault("JOURNAL_INPUT", { file, reason: reasonOf(thrown) }, thrown);
  }
}

/** A public key that was given as a line, or as the file that holds it. */
export async function keyLine(given: string): Promise<string> {
  return (await isThere(given)) ? (await readInput(given)).trim() : given.trim();
}

/** Writes what a command made: to the file that was named, else to standard output. @throws JOURNAL_OUTPUT */
export async function writeOutput(file: string | undefined, text: string): Promise<void> {
  if (file === undefined) {
    process.stdout.write(text);
    return;
  }
  try {
    await writeWhole(file, text);
  } catch (thrown) {
    throw fault("JOURNAL_OUTPUT", { file, reason: reasonOf(thrown) }, thrown);
  }
}

/** Writes a secret that must not be there yet, for its owner alone. @throws JOURNAL_OUTPUT */
export async function writeSecret(file: string, text: string): Promise<void> {
  try {
    const handle = await open(file, "wx", 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (thrown) {
    throw fault("JOURNAL_OUTPUT", { file, reason: reasonOf(thrown) }, thrown);
  }
}

const LARGEST_INPUT = 4_000_000;

async function isThere(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
