import { dirname, join } from "node:path";
import { Command } from "commander";
import { fault } from "../../errors.ts";
import { writeDocument } from "../../policy/documents.ts";
import { webAddress } from "../../policy/fields.ts";
import { NOTICE_SCHEMA_NAME, type Notice } from "../../policy/notice.ts";
import { publicNotice } from "../../policy/notice-text.ts";
import { documentSha256, noticeText } from "../../policy/signed-texts.ts";
import { check, sign } from "../../policy/signing.ts";
import { formatUtc, systemClock } from "../../time/clock.ts";
import { announce, commandLine, languageFor } from "./change.ts";
import { type ActOptions, onFile } from "./decide.ts";
import { analytic, openAuthorisation, slugOf } from "./files.ts";
import { instantOption } from "./instant.ts";
import { openKey } from "./keys.ts";
import { WORDS } from "./words.ts";

interface NoticeOptions extends ActOptions {
  readonly url: string;
  readonly key: string;
  readonly out?: string;
}

/** `contrechamp authorise notice FILE --url U --key K` */
export function noticeCommand(): Command {
  return onFile(new Command("notice"), "the authorisation to analyse that the public is told of")
    .description("write the notice to the public from the authorisation, in French and English, and sign it")
    .requiredOption("--url <url>", "where anybody can read the notice: that of the sign on the spot")
    .requiredOption("--key <file>", "a publishing private key")
    .option("--out <file>", "where it is written (default: beside the authorisation)")
    .action(writeNotice);
}

async function writeNotice(file: string, options: NoticeOptions): Promise<void> {
  const { authorisation, profile, timeZone, trust } = await openAuthorisation(file, options.profile);
  const a = analytic(authorisation, "told to the public");
  if (profile === null) {
    const named = a.legalBasis.map(({ profileId }) => profileId).join(", ");
    throw fault("AUTHORISE_VALUE", { option: "--profile", found: "none", expected: `the profile ${named}` });
  }
  if (!webAddress.safeParse(options.url).success) {
    throw fault("AUTHORISE_VALUE", {
      option: "--url",
      found: JSON.stringify(options.url),
      expected: "an address that begins with https:// or http://",
    });
  }
  const key = await openKey(options.key);
  const at = instantOption("--at", options.at, timeZone) ?? systemClock.now();
  const unsigned: Notice = {
    schema: NOTICE_SCHEMA_NAME,
    authorisationId: a.id,
    events: a.events,
    cameras: a.cameras,
    text: publicNotice(a, profile, options.url),
    noticeUrl: options.url,
    publishedAt: formatUtc(at),
    withdrawnAt: null,
    signature: null,
  };
  const notice: Notice = { ...unsigned, signature: sign(noticeText(unsigned), key, at) };
  const out = options.out ?? join(dirname(file), `${slugOf(a.reference)}.notice.yml`);
  await writeDocument(out, notice, { exclusive: true });
  const { state } = check(noticeText(notice), notice.signature, "publishing", trust);
  const language = languageFor(options);
  const words = WORDS[language];
  if (options.json !== true) process.stdout.write(`${notice.text[language]}\n\n`);
  await announce(
    {
      said: [words.notice(out, a.reference), ...(state === "valid" ? [] : [words.signatureState(state)])],
      next: commandLine("authorise", "check", file),
      actor: a.controller.name,
      changes: [
        {
          type: "notice",
          payload: {
            action: "published",
            authorisationId: a.id,
            url: options.url,
            sha256: documentSha256(notice),
            keyId: key.keyId,
            signature: state,
            file: out,
          },
        },
      ],
    },
    options,
  );
}
