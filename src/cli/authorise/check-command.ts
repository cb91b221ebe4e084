import { dirname, resolve } from "node:path";
import { Command } from "commander";
import type { Problem } from "../../config/diagnostics.ts";
import { EXIT, type ExitCode } from "../../errors.ts";
import { AUTHORISATION_SCHEMA_NAME } from "../../policy/authorisation.ts";
import { AUTHORISATION_WORDS } from "../../policy/authorisation-words.ts";
import { readDocumentText } from "../../policy/document-files.ts";
import { inspectDocument, type LoadedDocuments, loadDocuments } from "../../policy/documents.ts";
import { loadRegime } from "../../policy/profile-load.ts";
import { REASON_TEXTS } from "../../policy/reason-texts.ts";
import type { Reason } from "../../policy/reasons.ts";
import { dateAndTime } from "../../policy/time-words.ts";
import { DEFAULT_TIME_ZONE } from "../../policy/validity.ts";
import { verifyAuthorisation } from "../../policy/verify-documents.ts";
import type { VerifiedAuthorisation } from "../../policy/world.ts";
import type { Language } from "../../report/language.ts";
import { type Clock, formatUtc, systemClock } from "../../time/clock.ts";
import { print, printJson } from "../print.ts";
import { type CommonOptions, languageFor, withCommon } from "./change.ts";
import { profileNamedIn } from "./files.ts";
import { instantOption } from "./instant.ts";
import { lacksAt } from "./standing-now.ts";

interface CheckOptions extends CommonOptions {
  readonly profile?: string;
  readonly at?: string;
}

/** A problem of the file, or of another one in its folder, which may be of any code. */
export type FoundProblem = Omit<Problem, "code"> & { readonly code: string };

/** What `authorise check` finds of one file. */
export interface CheckedFile {
  readonly file: string;
  readonly schema: string | null;
  readonly id: string | null;
  readonly problems: readonly FoundProblem[];
  /** Of an authorisation that can be read; null for all else. */
  readonly signatures: VerifiedAuthorisation["signatures"] | null;
  /** What is missing before it is valid at the instant asked about; null where that cannot be said. */
  readonly lacks: readonly Reason[] | null;
  readonly at: string | null;
  /** In which a person is told that instant. */
  readonly timeZone: string;
}

/** `contrechamp authorise check FILE...` */
export function checkFilesCommand(): Command {
  return withCommon(
    new Command("check")
      .description("all that is wrong in documents, and what an authorisation still lacks before it is valid")
      .argument("<file...>", "authorisations, certificates, notices, trust files")
      .option("--profile <id>", "the profile, where it is none that comes with Contrechamp")
      .option("--at <instant>", "say what it lacks at this instant (default: now)"),
    { changes: false },
  )
    .addHelpText(
      "after",
      `
Keys, certificates, notices and the authorisation to film are looked for in the folder of each file.
Exit codes: 0 sound, and valid now; 1 sound, and something is still missing or unwise; 65 wrong; 66 not found.`,
    )
    .action(async (files: readonly string[], options: CheckOptions) => {
      const checked: CheckedFile[] = [];
      for (const file of files) checked.push(await checkFile(file, options, systemClock));
      const language = languageFor(options);
      if (options.json === true) {
        printJson({ schema: "contrechamp/authorise-check@1", files: checked });
      } else for (const one of checked) for (const line of describe(one, language)) print(line);
      process.exitCode = exitOf(checked);
    });
}

/** Checks one document. @throws only where the file cannot be read */
export async function checkFile(file: string, options: CheckOptions, clock: Clock): Promise<CheckedFile> {
  const text = await readDocumentText(file, file);
  const regime = await profileNamedIn(file, options.profile).catch(() => null);
  const timeZone = regime?.timeZone ?? DEFAULT_TIME_ZONE;
  const { document, problems } = inspectDocument(text, file, { timeZone });
  const bare = { file, problems, signatures: null, lacks: null, at: null, timeZone };
  if (document === null) return { ...bare, schema: null, id: null };
  const id = "id" in document ? document.id : "authorisationId" in document ? document.authorisationId : null;
  if (document.schema !== AUTHORISATION_SCHEMA_NAME) return { ...bare, schema: document.schema, id };
  const documents = await loadDocuments(dirname(resolve(file)), { timeZone });
  const verified = verifyAuthorisation(document, documents.trust);
  const at = instantOption("--at", options.at, timeZone) ?? clock.now();
  return {
    ...bare,
    problems: [...problems, ...ofTheFolder(file, documents, problems)],
    schema: document.schema,
    id,
    signatures: verified.signatures,
    lacks: await lacksOf(verified, documents, options.profile ?? regime?.id, at),
    at: formatUtc(at),
  };
}

async function lacksOf(
  verified: VerifiedAuthorisation,
  documents: LoadedDocuments,
  profile: string | undefined,
  at: number,
): Promise<readonly Reason[] | null> {
  if (profile === undefined) return null;
  return lacksAt(verified, documents, await loadRegime(profile), at);
}

/** Other documents of the folder keep this one from counting: whoever checks it is told. */
function ofTheFolder(
  file: string,
  { faults, warnings }: LoadedDocuments,
  known: readonly Problem[],
): readonly FoundProblem[] {
  const help = "Correct the file that is named, or take it out of the folder.";
  const here = (one: { readonly file: string }) => resolve(dirname(file), one.file) === resolve(file);
  const said = new Set<string>(known.map(({ code }) => code));
  return [
    ...faults.map((one) => ({ ...one, severity: "error" as const })),
    ...warnings.filter(here).map((one) => ({ ...one, severity: "warning" as const })),
  ]
    .filter((one) => !(here(one) && said.has(one.code)))
    .map(({ severity, message, code }) => ({ severity, message, help, code, line: 1, column: 1, path: "" }));
}

export function exitOf(checked: readonly CheckedFile[]): ExitCode {
  if (checked.some(({ problems }) => problems.some(({ severity }) => severity === "error"))) return EXIT.data;
  const complete = checked.every(
    ({ problems, schema, lacks }) =>
      problems.length === 0 && (schema !== AUTHORISATION_SCHEMA_NAME || lacks?.length === 0),
  );
  return complete ? EXIT.ok : EXIT.partial;
}

function describe(checked: CheckedFile, language: Language): readonly string[] {
  const words = WORDS[language];
  const { file, problems, signatures, lacks } = checked;
  const errors = problems.filter(({ severity }) => severity === "error");
  const head = errors.length > 0 ? words.wrong(file, errors.length) : words.sound(file, checked.id);
  const lines = [head];
  for (const { severity, message, help, code } of problems) {
    lines.push(`  ${words.severity[severity]}: ${message} (${code})`, `    ${help}`);
  }
  if (signatures !== null) {
    const states = AUTHORISATION_WORDS[language].signatures;
    const conditions = Object.entries(signatures.conditions);
    const rows: (readonly [string, string])[] = [
      [words.decision, `${states[signatures.decision]}${holder(signatures.decisionHolder)}`],
      [words.publication, `${states[signatures.publication]}${holder(signatures.publicationHolder)}`],
      ...conditions.map(([id, state]) => [`${words.condition} ${id}`, states[state]] as const),
    ];
    lines.push(`  ${words.signatures}: ${rows.map(([what, state]) => `${what}: ${state}`).join("; ")}`);
  }
  const at = checked.at === null ? "" : dateAndTime(checked.at, checked.timeZone, language);
  if (lacks === null) return signatures === null ? lines : [...lines, `  ${words.noProfile}`];
  if (lacks.length === 0) return [...lines, `  ${words.valid(at)}`];
  lines.push(`  ${words.lacks(lacks.length, at)}`);
  for (const { code, source } of lacks) {
    lines.push(`  - ${REASON_TEXTS[code].why[language]} (${code})`);
    lines.push(`    ${source}`, `    ${REASON_TEXTS[code].remedy[language]}`);
  }
  return lines;
}

function holder(name: string | null): string {
  return name === null ? "" : ` (${name})`;
}

interface Words {
  readonly wrong: (file: string, errors: number) => string;
  readonly sound: (file: string, id: string | null) => string;
  readonly severity: Readonly<Record<Problem["severity"], string>>;
  readonly signatures: string;
  readonly decision: string;
  readonly publication: string;
  readonly condition: string;
  readonly noProfile: string;
  readonly valid: (at: string) => string;
  readonly lacks: (count: number, at: string) => string;
}

const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    wrong: (file, errors) => `${file} cannot be used: ${errors} error${errors === 1 ? "" : "s"}`,
    sound: (file, id) => `${file} is sound${id === null ? "" : `: ${id}`}`,
    severity: { error: "error", warning: "warning" },
    signatures: "signatures",
    decision: "decision",
    publication: "publication",
    condition: "condition",
    noProfile:
      "Its profile is none that comes with Contrechamp: give it with --profile to know what it lacks.",
    valid: (at) => `Valid on ${at}: nothing is missing.`,
    lacks: (count, at) =>
      `Not valid on ${at}: ${count} thing${count === 1 ? " is" : "s are"} missing before it permits anything.`,
  },
  fr: {
    wrong: (file, errors) => `${file} ne peut pas servir : ${errors} erreur${errors > 1 ? "s" : ""}`,
    sound: (file, id) => `${file} est en règle${id === null ? "" : ` : ${id}`}`,
    severity: { error: "erreur", warning: "avertissement" },
    signatures: "signatures",
    decision: "décision",
    publication: "publication",
    condition: "condition",
    noProfile:
      "Son profil n’est pas livré avec Contrechamp : donnez-le par --profile pour savoir ce qui manque.",
    valid: (at) => `Valable le ${at} : rien ne manque.`,
    lacks: (count, at) =>
      `Pas valable le ${at} : il manque ${count} chose${count > 1 ? "s" : ""} avant qu’elle permette quoi que ce soit.`,
  },
};
