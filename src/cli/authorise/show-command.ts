import { dirname, join, resolve } from "node:path";
import { Command } from "commander";
import { fault } from "../../errors.ts";
import { writeWhole } from "../../files/write-whole.ts";
import { AUTHORISATION_SCHEMA_NAME } from "../../policy/authorisation.ts";
import { authorisationPage } from "../../policy/authorisation-page.ts";
import { type LoadedDocuments, loadDocuments } from "../../policy/documents.ts";
import type { Hashed, Regime } from "../../policy/profile.ts";
import { loadRegime } from "../../policy/profile-load.ts";
import { DEFAULT_TIME_ZONE, statusAt } from "../../policy/validity.ts";
import { verifyAuthorisation } from "../../policy/verify-documents.ts";
import type { VerifiedAuthorisation } from "../../policy/world.ts";
import { embeddedFonts } from "../../report/fonts.ts";
import { formatUtc, systemClock } from "../../time/clock.ts";
import { print } from "../print.ts";
import { type CommonOptions, languageFor, withCommon } from "./change.ts";
import { openAuthorisation, regimeOrNull } from "./files.ts";
import { instantOption } from "./instant.ts";
import { type Pages, renderHtml, renderText } from "./page.ts";
import { lacksAt } from "./standing-now.ts";
import { exists } from "./trust-file.ts";
import { WORDS } from "./words.ts";

interface ShowOptions extends CommonOptions {
  readonly documents?: string;
  readonly profile?: string;
  readonly html?: string;
  readonly at?: string;
}

/** `contrechamp authorise show FILE|ID [--documents DIR] [--html FILE]` */
export function showCommand(): Command {
  return withCommon(
    new Command("show")
      .description(
        "an authorisation as a page that a town hall can read: what, where, until when, on what grounds",
      )
      .argument("<file-or-id>", "its file, or its identifier with --documents")
      .option("--documents <dir>", "the folder of documents in which an identifier is looked for")
      .option("--profile <id>", "its profile, where it is none that comes with Contrechamp")
      .option("--html <file>", "write the page to a file, in both languages")
      .option("--at <instant>", "say what it is worth at this instant (default: now)"),
    { changes: false },
  )
    .addHelpText(
      "after",
      `
Exit codes: 0 shown, whatever it is worth; 65 it cannot be used; 66 not found; 73 cannot write.`,
    )
    .action(show);
}

async function show(fileOrId: string, options: ShowOptions): Promise<void> {
  const { verified, documents, profile } = await find(fileOrId, options);
  const timeZone = profile?.profile.timeZone ?? DEFAULT_TIME_ZONE;
  const at = instantOption("--at", options.at, timeZone) ?? systemClock.now();
  const lacks = profile === null ? null : lacksAt(verified, documents, profile, at);
  const facts = { verified, profile: profile?.profile ?? null, lacks, at };
  const pages: Pages = { en: authorisationPage(facts, "en"), fr: authorisationPage(facts, "fr") };
  const language = languageFor(options);
  if (options.html !== undefined)
    await writePage(options.html, renderHtml(pages, language, await embeddedFonts()));
  if (options.json === true) {
    const { document, sha256, signatures } = verified;
    const status = statusAt(document, signatures.history, at);
    print(
      JSON.stringify(
        { authorisation: document, sha256, signatures, status, at: formatUtc(at), lacks },
        null,
        2,
      ),
    );
  } else if (options.html !== undefined) print(WORDS[language].page(options.html));
  else print(renderText(pages[language], Math.min(100, process.stdout.columns ?? 100)));
}

interface FoundAuthorisation {
  readonly verified: VerifiedAuthorisation;
  readonly documents: LoadedDocuments;
  readonly profile: Hashed<Regime> | null;
}

async function find(fileOrId: string, options: ShowOptions): Promise<FoundAuthorisation> {
  const inFolder = options.documents === undefined ? null : join(options.documents, fileOrId);
  const file = [fileOrId, inFolder].find((path) => path !== null && looksLikeFile(path));
  if (file !== undefined && file !== null && ((await exists(file)) || options.documents === undefined)) {
    const opened = await openAuthorisation(file, options.profile);
    const { timeZone, authorisation, trust } = opened;
    const documents = await loadDocuments(dirname(resolve(file)), { timeZone });
    const named = options.profile ?? opened.profile?.id;
    const profile = named === undefined ? null : await loadRegime(named);
    return { verified: verifyAuthorisation(authorisation, trust), documents, profile };
  }
  return byId(fileOrId, options.documents ?? ".", options);
}

async function byId(id: string, folder: string, options: ShowOptions): Promise<FoundAuthorisation> {
  const loaded = await loadDocuments(folder);
  const found = loaded.authorisations.find(({ document }) => document.id === id || document.reference === id);
  if (found === undefined) {
    const known = loaded.files.filter(({ schema }) => schema === AUTHORISATION_SCHEMA_NAME);
    const list = known.map(({ id: one, file }) => `${one} (${file})`).join(", ");
    throw fault("AUTHORISE_UNKNOWN", { id, folder, known: list === "" ? "none" : list });
  }
  const named = options.profile ?? found.document.legalBasis.map(({ profileId }) => profileId)[0] ?? "";
  const known = options.profile !== undefined || (await regimeOrNull(named)) !== null;
  return { verified: found, documents: loaded, profile: known ? await loadRegime(named) : null };
}

function looksLikeFile(text: string): boolean {
  return /\.(?:ya?ml|json)$/i.test(text);
}

async function writePage(file: string, page: string): Promise<void> {
  try {
    await writeWhole(file, page, { mode: 0o644 });
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw fault("AUTHORISE_NOT_WRITTEN", { file, reason }, thrown);
  }
}
