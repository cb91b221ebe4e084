import { Command, Option } from "commander";
import type { Authorisation } from "../../policy/authorisation.ts";
import { writeDocument } from "../../policy/documents.ts";
import type { SigningKey } from "../../policy/keys.ts";
import { type EndingStatus, end, resume, suspend } from "../../policy/lifecycle.ts";
import { verifyAuthorisation } from "../../policy/verify-documents.ts";
import { systemClock } from "../../time/clock.ts";
import { announce, commandLine, languageFor } from "./change.ts";
import { type ActOptions, onFile } from "./decide.ts";
import { type OpenedAuthorisation, openAuthorisation } from "./files.ts";
import { instantOption } from "./instant.ts";
import { openKey } from "./keys.ts";
import { identity } from "./study.ts";
import { type AuthoriseWords, WORDS } from "./words.ts";

interface StandingOptions extends ActOptions {
  readonly by: string;
  readonly reason: string;
  readonly key?: string;
}

interface EndOptions extends StandingOptions {
  readonly status: EndingStatus;
  readonly instrument?: string;
  readonly ground?: "procedural" | "substantive";
}

const ENDINGS: readonly EndingStatus[] = ["withdrawn", "annulled", "expired", "renewed", "never_took_effect"];

/** `contrechamp authorise suspend FILE --by NAME --reason TEXT [--key K]` */
export function suspendCommand(): Command {
  return standing(new Command("suspend"))
    .description("stop all that runs on it, until a person resumes it; anybody may, with or without a key")
    .option("--key <file>", "a private key, so that it is known who did: it counts without one")
    .action((file: string, options: StandingOptions) =>
      act(file, options, {
        action: "suspended",
        change: ({ authorisation }, at, key) => suspend(authorisation, { ...options, at, key }),
        say: (words, changed) => words.suspended(changed, options.by),
        next: () => `${commandLine("authorise", "resume", file)} --by NAME --reason TEXT --key KEY`,
      }),
    );
}

/** `contrechamp authorise resume FILE --by NAME --reason TEXT --key K` */
export function resumeCommand(): Command {
  return standing(new Command("resume"))
    .description("let what was suspended run again: a person, with a reason and a publishing or issuing key")
    .requiredOption("--key <file>", "a publishing or issuing private key")
    .action((file: string, options: StandingOptions & { readonly key: string }) =>
      act(file, options, {
        action: "resumed",
        change: async ({ authorisation }, at, key) =>
          resume(authorisation, { ...options, at, key: key ?? (await openKey(options.key)) }),
        say: (words, changed) => words.resumed(changed, options.by),
        next: () => commandLine("authorise", "check", file),
      }),
    );
}

/** `contrechamp authorise end FILE --status S --by NAME --reason TEXT` */
export function endCommand(): Command {
  return standing(new Command("end"))
    .description("end it for good; anybody may, with or without a key")
    .addOption(
      new Option("--status <status>", "how it ended").choices([...ENDINGS]).makeOptionMandatory(true),
    )
    .option("--instrument <id>", "the instrument or judgment that ends it, by its id")
    .addOption(
      new Option("--ground <ground>", "of an annulment: on its form, or on what it decides").choices([
        "procedural",
        "substantive",
      ]),
    )
    .option("--key <file>", "a private key, so that it is known who did: it counts without one")
    .action((file: string, options: EndOptions) =>
      act(file, options, {
        action: "ended",
        change: ({ authorisation }, at, key) =>
          end(authorisation, {
            status: options.status,
            by: options.by,
            reason: options.reason,
            at,
            key,
            instrumentId: options.instrument ?? null,
            annulmentGround: options.ground ?? null,
          }),
        say: (words, changed) => words.ended(changed, options.status, options.by),
        next: () => null,
      }),
    );
}

function standing(command: Command): Command {
  return onFile(command)
    .requiredOption("--by <name>", "who does it")
    .requiredOption("--reason <text>", "why: it stands in the history, which is published");
}

interface Act {
  readonly action: string;
  readonly change: (
    opened: OpenedAuthorisation,
    at: number,
    key: SigningKey | null,
  ) => Authorisation | Promise<Authorisation>;
  readonly say: (words: AuthoriseWords, changed: Authorisation) => string;
  readonly next: () => string | null;
}

async function act(file: string, options: StandingOptions, what: Act): Promise<void> {
  const opened = await openAuthorisation(file, options.profile);
  const key = options.key === undefined ? null : await openKey(options.key);
  const at = instantOption("--at", options.at, opened.timeZone) ?? systemClock.now();
  const changed = await what.change(opened, at, key);
  await writeDocument(file, changed);
  const words = WORDS[languageFor(options)];
  const state = verifyAuthorisation(changed, opened.trust).signatures.history.at(-1) ?? "missing";
  await announce(
    {
      said: [
        what.say(words, changed),
        ...(state === "missing"
          ? [words.unsignedKey]
          : state === "valid"
            ? []
            : [words.signatureState(state)]),
      ],
      next: what.next(),
      actor: options.by,
      changes: [
        {
          type: "authorisation",
          payload: {
            action: what.action,
            by: options.by,
            reason: options.reason,
            keyId: key?.keyId ?? null,
            signature: state,
            ...identity(changed, file),
          },
        },
      ],
    },
    options,
  );
}
