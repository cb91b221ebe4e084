import { dirname } from "node:path";
import { Command } from "commander";
import { fault } from "../../errors.ts";
import { CERTIFICATE_SCHEMA_NAME } from "../../policy/certificate.ts";
import { loadDocuments, readDocument, writeDocument } from "../../policy/documents.ts";
import { certificateText, documentSha256 } from "../../policy/signed-texts.ts";
import { check, sign } from "../../policy/signing.ts";
import { DEFAULT_TIME_ZONE } from "../../policy/validity.ts";
import { systemClock } from "../../time/clock.ts";
import { announce, languageFor } from "./change.ts";
import { type ActOptions, onFile } from "./decide.ts";
import { instantOption } from "./instant.ts";
import { openKey } from "./keys.ts";
import { WORDS } from "./words.ts";

/**
 * `contrechamp authorise certify FILE --key K`: signs a certificate that somebody has written by hand after a
 * measurement of their own. Whether its figures reach their thresholds is the gate's question.
 */
export function certifyCommand(): Command {
  return onFile(new Command("certify"), "the certificate")
    .description("sign a certificate with a certifying key: whoever signs answers for the measurement")
    .requiredOption("--key <file>", "the private key of who measured")
    .action(certify);
}

async function certify(file: string, options: ActOptions & { readonly key: string }): Promise<void> {
  const document = await readDocument(file);
  if (document.schema !== CERTIFICATE_SCHEMA_NAME) {
    throw fault("AUTHORISE_VALUE", { option: "FILE", found: document.schema, expected: "a certificate" });
  }
  const key = await openKey(options.key);
  const at = instantOption("--at", options.at, DEFAULT_TIME_ZONE) ?? systemClock.now();
  const text = certificateText(document);
  const signed = { ...document, signature: sign(text, key, at) };
  await writeDocument(file, signed);
  const { trust } = await loadDocuments(dirname(file));
  const { state } = check(text, signed.signature, "certifying", trust);
  const words = WORDS[languageFor(options)];
  const { id, event, passed } = document;
  await announce(
    {
      said: [
        words.certified(id, file, key.keyId),
        ...(state === "valid" ? [] : [words.signatureState(state)]),
      ],
      next: "contrechamp check --config FILE",
      actor: document.issuer,
      changes: [
        {
          type: "certificate",
          payload: { id, event, passed, sha256: documentSha256(signed), signature: state },
        },
      ],
    },
    options,
  );
}
