import { isCancel, password } from "@clack/prompts";
import { CodedError, fault } from "../../errors.ts";
import { readPrivateKey, type SigningKey } from "../../policy/keys.ts";

/** Holds the passphrase of an encrypted key where nobody can be asked. */
export const PASSPHRASE_VARIABLE = "CONTRECHAMP_PASSPHRASE";

/**
 * Opens a private key. Of an encrypted one the passphrase is taken from the environment, or asked for where there is a
 * terminal; it is never an option, which other users of the machine could read.
 * @throws what `readPrivateKey` throws
 */
export async function openKey(path: string): Promise<SigningKey> {
  const given = process.env[PASSPHRASE_VARIABLE];
  try {
    return await readPrivateKey(path, given);
  } catch (error) {
    const ask =
      error instanceof CodedError &&
      error.code === "KEY_PASSPHRASE" &&
      given === undefined &&
      process.stdin.isTTY &&
      process.stderr.isTTY;
    if (!ask) throw error;
    const said = await password({ message: `Passphrase / phrase secrète : ${path}`, output: process.stderr });
    if (isCancel(said))
      throw fault("KEY_PASSPHRASE", { path, what: "was not opened: no passphrase was given" });
    return readPrivateKey(path, said);
  }
}
