import { Command } from "commander";
import { fault } from "../../errors.ts";
import { writeDocument } from "../../policy/documents.ts";
import { webAddress } from "../../policy/fields.ts";
import { attest, publish, signDecision } from "../../policy/lifecycle.ts";
import { attestationText, decisionText, publicationText } from "../../policy/signed-texts.ts";
import { check } from "../../policy/signing.ts";
import { dateAndTime } from "../../policy/time-words.ts";
import { isoDurationEnd } from "../../policy/validity.ts";
import { systemClock } from "../../time/clock.ts";
import { announce, type CommonOptions, commandLine, languageFor, withCommon } from "./change.ts";
import { analytic, openAuthorisation } from "./files.ts";
import { instantOption } from "./instant.ts";
import { openKey } from "./keys.ts";
import { identity } from "./study.ts";
import { WORDS } from "./words.ts";

export interface ActOptions extends CommonOptions {
  readonly profile?: string;
  readonly at?: string;
}

const EXITS = `
Exit codes: 0 done; 64 wrong usage; 65 the file is wrong, or it cannot be done in the state that it is in;
66 not found; 73 cannot write. Nothing is changed unless it is 0.`;

/** Adds what every act on one file takes. */
export function onFile(command: Command, argument = "the authorisation"): Command {
  command
    .argument("<file>", argument)
    .option("--profile <id>", "its profile, where it is none that comes with Contrechamp")
    .option("--at <instant>", "when it was done, for an act that is transcribed later (default: now)")
    .addHelpText("after", EXITS);
  return withCommon(command, { changes: true });
}

/** `contrechamp authorise sign FILE --key K` */
export function signCommand(): Command {
  return onFile(new Command("sign"))
    .description("sign the decision with an issuing key; what contradicts itself is not signed")
    .requiredOption("--key <file>", "the issuing authority's private key")
    .action(sign);
}

async function sign(file: string, options: ActOptions & { readonly key: string }): Promise<void> {
  const { authorisation, timeZone, trust } = await openAuthorisation(file, options.profile);
  const key = await openKey(options.key);
  const at = instantOption("--at", options.at, timeZone) ?? systemClock.now();
  const signed = signDecision(authorisation, key, at, timeZone);
  await writeDocument(file, signed);
  const words = WORDS[languageFor(options)];
  const { state } = check(decisionText(signed), signed.decisionSignature, "issuing", trust);
  await announce(
    {
      said: [
        words.signed(signed, file, key.keyId),
        ...(state === "valid" ? [] : [words.signatureState(state)]),
      ],
      next: `${commandLine("authorise", "publish", file)} --key KEY --url URL`,
      actor: signed.issuingAuthority.name,
      changes: [
        {
          type: "authorisation",
          payload: { action: "signed", keyId: key.keyId, signature: state, ...identity(signed, file) },
        },
      ],
    },
    options,
  );
}

/** `contrechamp authorise publish FILE --key K --url U` */
export function publishCommand(): Command {
  return onFile(new Command("publish"))
    .description(
      "write where and when the decision was published, with a publishing key: it is then in force",
    )
    .requiredOption("--key <file>", "the private key of who publishes it")
    .requiredOption("--url <url>", "where anybody can read the decision")
    .option("--by <name>", "who publishes it (default: the authority)")
    .action(publishDecision);
}

async function publishDecision(
  file: string,
  options: ActOptions & { readonly key: string; readonly url: string; readonly by?: string },
): Promise<void> {
  const { authorisation, timeZone, trust } = await openAuthorisation(file, options.profile);
  if (!webAddress.safeParse(options.url).success) {
    throw fault("AUTHORISE_VALUE", {
      option: "--url",
      found: JSON.stringify(options.url),
      expected: "an address that begins with https:// or http://",
    });
  }
  const key = await openKey(options.key);
  const at = instantOption("--at", options.at, timeZone) ?? systemClock.now();
  const published = publish(authorisation, {
    at,
    url: options.url,
    key,
    ...(options.by === undefined ? {} : { by: options.by }),
    ...(trust === null ? {} : { trust }),
  });
  await writeDocument(file, published);
  const language = languageFor(options);
  const words = WORDS[language];
  const { state } = check(publicationText(published), published.publicationSignature, "publishing", trust);
  const open = published.kind === "analytic_authorisation" ? published.conditions : [];
  const [condition] = open;
  await announce(
    {
      said: [
        words.published(published, file, dateAndTime(new Date(at).toISOString(), timeZone, language)),
        ...(state === "valid" ? [] : [words.signatureState(state)]),
      ],
      next:
        condition === undefined
          ? commandLine("authorise", "check", file)
          : `${commandLine("authorise", "attest", file, "--condition", condition.id)} --by NAME --key KEY`,
      actor: options.by ?? published.issuingAuthority.name,
      changes: [
        {
          type: "authorisation",
          payload: {
            action: "published",
            url: options.url,
            keyId: key.keyId,
            signature: state,
            ...identity(published, file),
          },
        },
      ],
    },
    options,
  );
}

/** `contrechamp authorise attest FILE --condition ID --by NAME --key K` */
export function attestCommand(): Command {
  return onFile(new Command("attest"))
    .description("write that somebody looked, and that a condition is met: until it lapses")
    .requiredOption("--condition <id>", "which condition")
    .requiredOption("--by <name>", "who looked")
    .requiredOption("--key <file>", "an attesting private key")
    .action(attestCondition);
}

async function attestCondition(
  file: string,
  options: ActOptions & { readonly condition: string; readonly by: string; readonly key: string },
): Promise<void> {
  const { authorisation, profile, timeZone, trust } = await openAuthorisation(file, options.profile);
  const key = await openKey(options.key);
  const at = instantOption("--at", options.at, timeZone) ?? systemClock.now();
  const attested = attest(analytic(authorisation, "attested"), options.condition, {
    by: options.by,
    at,
    key,
  });
  await writeDocument(file, attested);
  const language = languageFor(options);
  const words = WORDS[language];
  const found = attested.conditions.find(({ id }) => id === options.condition);
  const { state } = check(
    attestationText(attested, options.condition),
    found?.signature ?? null,
    "attesting",
    trust,
  );
  const ends = [found?.validFor, profile?.limits.attestationValidFor].flatMap((length) =>
    length === undefined ? [] : [isoDurationEnd(at, length, timeZone)],
  );
  const until = new Date(Math.min(...ends)).toISOString();
  await announce(
    {
      said: [
        words.attested(attested, options.condition, options.by, dateAndTime(until, timeZone, language)),
        ...(state === "valid" ? [] : [words.signatureState(state)]),
      ],
      next: commandLine("authorise", "check", file),
      actor: options.by,
      changes: [
        {
          type: "authorisation",
          payload: {
            action: "attested",
            condition: options.condition,
            lapsesAt: until,
            keyId: key.keyId,
            signature: state,
            ...identity(attested, file),
          },
        },
      ],
    },
    options,
  );
}
