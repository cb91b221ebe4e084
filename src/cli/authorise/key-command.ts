import { Command } from "commander";
import { fault } from "../../errors.ts";
import { generateKey, writePrivateKey } from "../../policy/keys.ts";
import { KEY_ROLES, type KeyRole } from "../../policy/signature.ts";
import { DEFAULT_TIME_ZONE } from "../../policy/validity.ts";
import { systemClock } from "../../time/clock.ts";
import { print, printJson } from "../print.ts";
import { announce, type CommonOptions, languageFor, withCommon } from "./change.ts";
import { instantOption } from "./instant.ts";
import { PASSPHRASE_VARIABLE } from "./keys.ts";
import { readTrust, trustKey } from "./trust-file.ts";
import { WORDS } from "./words.ts";

interface NewKeyOptions extends CommonOptions {
  readonly role: string;
  readonly holder: string;
  readonly out: string;
  readonly trust: string;
  readonly validFrom?: string;
  readonly encrypt?: boolean;
}

/** `contrechamp authorise key new | list`: the keys that sign, and whose are believed. */
export function keyCommand(): Command {
  const command = new Command("key").description("make a key that signs, and say whose keys are believed");
  withCommon(
    command
      .command("new")
      .description(
        "make a key pair: the private half in a file of its own, the public half in the trust file",
      )
      .requiredOption("--role <roles>", `what it may sign, separated by commas: ${KEY_ROLES.join(", ")}`)
      .requiredOption("--holder <name>", "whose key it is: one person or one office")
      .requiredOption("--out <file>", "where the private key is written, readable by its owner alone")
      .requiredOption(
        "--trust <file>",
        "the trust file of the documents' folder; it is made where there is none",
      )
      .option("--valid-from <instant>", "since when it is believed (default: now)")
      .option("--encrypt", `encrypt it with the passphrase in ${PASSPHRASE_VARIABLE}`),
    { changes: true },
  )
    .addHelpText(
      "after",
      `
The private key never belongs in the documents' folder, nor on the machine that analyses: who runs the cameras
should not be able to authorise them.
Exit codes: 0 made; 64 wrong usage; 65 the trust file is wrong; 73 cannot write, or the file exists.`,
    )
    .action(makeKey);
  withCommon(
    command
      .command("list")
      .description("whose keys a trust file believes, for what, and since when")
      .requiredOption("--trust <file>", "the trust file"),
    { changes: false },
  ).action(listKeys);
  return command;
}

async function makeKey(options: NewKeyOptions): Promise<void> {
  const roles = rolesOf(options.role);
  const words = WORDS[languageFor(options)];
  const validFrom = instantOption("--valid-from", options.validFrom, DEFAULT_TIME_ZONE) ?? systemClock.now();
  // Before the key is made: a trust file that cannot be read would leave a key that nobody believes.
  await readTrust(options.trust);
  const { privatePem, publicKey, keyId } = generateKey(passphraseFor(options));
  await writePrivateKey(options.out, privatePem);
  await trustKey(options.trust, { keyId, publicKey, holder: options.holder, roles, validFrom });
  await announce(
    {
      said: [
        words.keyMade(options.out, keyId),
        words.keyTrusted(options.holder, roles.join(", "), options.trust),
      ],
      next: null,
      actor: options.holder,
      changes: [
        {
          type: "trust",
          payload: {
            action: "trusted",
            keyId,
            publicKey,
            holder: options.holder,
            roles,
            file: options.trust,
          },
        },
      ],
    },
    options,
  );
}

async function listKeys(options: CommonOptions & { readonly trust: string }): Promise<void> {
  const { keys } = await readTrust(options.trust);
  if (options.json === true) return printJson({ keys });
  if (keys.length === 0) return print(WORDS[languageFor(options)].noKeys(options.trust));
  for (const key of keys) {
    const until = key.validUntil === null ? "" : ` … ${key.validUntil}`;
    print(`${key.keyId}  ${key.holder}  ${key.roles.join(", ")}  ${key.validFrom}${until}`);
  }
}

function rolesOf(text: string): readonly KeyRole[] {
  const names = text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  const roles = names.flatMap((name) => KEY_ROLES.find((role) => role === name) ?? []);
  if (roles.length === names.length && roles.length > 0) return [...new Set(roles)];
  throw fault("AUTHORISE_VALUE", {
    option: "--role",
    found: JSON.stringify(text),
    expected: `one or more of ${KEY_ROLES.join(", ")}`,
  });
}

function passphraseFor({ encrypt }: NewKeyOptions): string | undefined {
  if (encrypt !== true) return undefined;
  const given = process.env[PASSPHRASE_VARIABLE];
  if (given !== undefined) return given;
  throw fault("AUTHORISE_VALUE", {
    option: "--encrypt",
    found: "no such variable",
    expected: `a passphrase in the environment variable ${PASSPHRASE_VARIABLE}`,
  });
}
