import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { Command, Option } from "commander";
import { EXIT, fault } from "../errors.ts";
import { SEALED_KINDS, type SealedKind } from "../evidence/vault/sealing.ts";
import {
  openSiteKey,
  readPassphrase,
  siteKeyPath,
  siteKeyProtection,
  writeSiteKey,
} from "../evidence/vault/site-key.ts";
import type { Vault } from "../evidence/vault/vault.ts";
import { verifyEvidence } from "../evidence/vault/verify.ts";
import { exportEvidence, viewEvidence, writeClear } from "../evidence/vault/view.ts";
import { FORMATS, LANGUAGES, type Language, languageOf } from "../report/language.ts";
import { EVIDENCE_WORDS } from "./evidence-words.ts";
import { plain } from "./hold-words.ts";
import { print, printJson } from "./print.ts";
import { askHidden, askPassphrase, openVaultPlace, type VaultPlace } from "./vault-place.ts";

interface Common {
  readonly json?: boolean;
  readonly lang?: Language;
}

interface InState extends Common {
  readonly state: string;
}

interface AccessFlags extends InState {
  readonly by?: string;
  readonly reason?: string;
  readonly out: string;
}

/** `contrechamp evidence list | view | export | verify | key`. Coded errors reject the parse. */
export function evidenceCommand(): Command {
  const command = new Command("evidence").description(
    "List, look at, hand out and verify the evidence that lies encrypted in a site's vault",
  );
  inState(command.command("list"))
    .description("what the vault holds, what became of it, and until when it stays; opens nothing")
    .action(list);
  inState(command.command("view"))
    .description("open one file for yourself; who and why are in the journal before it opens")
    .argument("<id>", "id of the evidence")
    .option("--by <pseudonym>", "who looks")
    .option("--reason <text>", "why")
    .requiredOption("--out <file>", "where it is written, in clear")
    .addOption(new Option("--file <kind>", "which file").choices([...SEALED_KINDS]).default("still"))
    .action(view);
  inState(command.command("export"))
    .description("write everything in clear, with proofs, for somebody outside")
    .argument("<id>", "id of the evidence")
    .option("--by <pseudonym>", "who hands it out")
    .option("--reason <text>", "why")
    .option("--to <recipient>", "who receives it")
    .requiredOption("--out <dir>", "folder of the bundle")
    .action(exportOne);
  common(command.command("verify"))
    .description("check a bundle, a manifest, or evidence in clear, offline and without any secret")
    .argument("<path>", "folder of a bundle, or a manifest (.json)")
    .option("--key <key>", "the journal's public key as the site published it, or a file that holds it")
    .addHelpText(
      "after",
      "\nExit codes: 0 everything fits; 1 nothing contradicts it, and some proof is not here; 65 it does not hold; 66 it cannot be read.",
    )
    .action(verify);
  const key = new Command("key").description("the site key, which protects the key of each evidence");
  inState(key.command("show").exitOverride())
    .description("which key it is, and what protects it")
    .action(showKey);
  inState(key.command("protect").exitOverride())
    .description("put the site key behind a passphrase, which each start then needs")
    .option("--again", "change the passphrase that protects it already")
    .option("--passphrase-file <file>", "take the new passphrase from a file of mode 600")
    .action(protectKey);
  return command.addCommand(key);
}

async function list(options: InState): Promise<void> {
  const { vault, trace } = await openVaultPlace(options.state);
  const found = await Promise.all((await vault.recorded()).map((id) => entryOf(vault, trace, id)));
  const entries = found.toSorted((a, b) => a.at.localeCompare(b.at));
  if (options.json === true) return printJson({ schema: "contrechamp/evidence-list@1", entries });
  const language = options.lang ?? languageOf(process.env);
  const words = EVIDENCE_WORDS[language];
  const { instant } = FORMATS[language];
  if (entries.length === 0) print(words.none);
  for (const one of entries) {
    print(`${one.id}  ${plain(one.cameraId)}  ${one.event}  ${instant(one.at)}`);
    const parts = [words.outcome[one.outcome]];
    if (one.erased !== null) parts.push(words.erased(instant(one.erased.at), one.erased.cause));
    else if (one.outcome === "open" && one.undecidedUntil !== null)
      parts.splice(0, 1, words.open(instant(one.undecidedUntil)));
    else parts.push(words.kept(instant(one.deadline)));
    if (!one.clip) parts.push(words.noClip);
    if (one.leaf === null) parts.push(words.noLeaf);
    print(`  ${parts.join("; ")}`);
  }
}

async function entryOf(vault: Vault, trace: VaultPlace["trace"], id: string) {
  const record = await vault.record(id);
  if (record === null) throw fault("EVIDENCE_UNKNOWN", { id, vault: vault.folder });
  const { cameraId, episodeId, event, at, files, grounds } = record;
  const erased = await vault.erased(id);
  return {
    id,
    cameraId,
    event,
    at,
    alertId: episodeId,
    outcome: trace.outcome(episodeId) ?? ("open" as const),
    clip: files.clip !== null,
    deadline: grounds.deadline,
    undecidedUntil: grounds.undecidedUntil,
    authorisationId: grounds.authorisationId,
    leaf: (await vault.manifest(id))?.journal.seq ?? null,
    erased: erased === null ? null : { at: erased.at, cause: erased.cause, leaf: erased.journal.seq },
  };
}

async function view(id: string, options: AccessFlags & { readonly file: SealedKind }): Promise<void> {
  const access = accessOf(id, options);
  const { vault, journal, siteKey } = await openVaultPlace(options.state);
  const bytes = await viewEvidence(vault, id, options.file, access, { siteKey: await siteKey(), journal });
  const file = resolve(options.out);
  await writeClear(file, bytes);
  if (options.json === true) return printJson({ id, file, bytes: bytes.length });
  print(wordsOf(options).viewed(file, options.file));
}

async function exportOne(id: string, options: AccessFlags & { readonly to?: string }): Promise<void> {
  const access = accessOf(id, options);
  const { vault, journal, siteKey, trace } = await openVaultPlace(options.state);
  const out = resolve(options.out);
  const order = { ...access, recipient: options.to ?? "", out };
  const key = await siteKey();
  const files = await exportEvidence(vault, id, order, { siteKey: key, journal, prove: trace.prove });
  if (options.json === true) return printJson({ id, folder: out, files });
  print(wordsOf(options).exported(out));
}

/** Refused before anything is opened or asked: nobody needs a key to learn that a reason is missing. */
function accessOf(id: string, { by = "", reason = "" }: AccessFlags): { by: string; reason: string } {
  if (by.trim() === "" || reason.trim() === "") throw fault("VIEW_WITHOUT_REASON", { id });
  return { by, reason };
}

async function verify(path: string, options: Common & { readonly key?: string }): Promise<void> {
  const expected = options.key === undefined ? null : await keyLine(options.key);
  const found = await verifyEvidence(path, expected);
  const failed = found.checks.some(({ state }) => state === "failed");
  process.exitCode = found.sound ? EXIT.ok : failed ? EXIT.data : EXIT.partial;
  if (options.json === true) return printJson(found);
  const language = options.lang ?? languageOf(process.env);
  const words = EVIDENCE_WORDS[language];
  print(
    `${found.evidenceId}  ${plain(found.cameraId)}  ${found.event}  ${FORMATS[language].instant(found.at)}`,
  );
  for (const check of found.checks) print(`  ${MARK[check.state]} ${plain(words.check(check))}`);
  print(found.sound ? words.sound : failed ? words.unsound : words.incomplete);
  if (found.key !== null && expected === null) print(words.compareKey(plain(found.key)));
}

const MARK = { ok: "+", failed: "!", absent: "?" } as const;

/** A key line holds plus signs, a path hardly any; a file that is there is one. */
async function keyLine(given: string): Promise<string> {
  const text = await readFile(given, "utf8").catch(() => given);
  return text.trim();
}

async function showKey(options: InState): Promise<void> {
  const { path, protection } = await keyOf(options);
  const place = await openVaultPlace(options.state);
  const { name } = await place.siteKey();
  if (options.json === true) return printJson({ name, path, protection });
  print(wordsOf(options).key(name, path, protection));
}

async function protectKey(
  options: InState & { readonly again?: boolean; readonly passphraseFile?: string },
): Promise<void> {
  const { path, protection } = await keyOf(options);
  if (protection === "passphrase" && options.again !== true) throw fault("SITE_KEY_PROTECTED", { path });
  const words = wordsOf(options);
  const { siteKey } = await openVaultPlace(options.state);
  const key = await siteKey();
  let passphrase: string;
  if (options.passphraseFile !== undefined) passphrase = await readPassphrase(options.passphraseFile);
  else {
    const first = await askHidden(words.askPassphrase);
    const second = first === null ? null : await askHidden(words.askPassphraseAgain);
    if (first === null || second === null) throw fault("SITE_KEY_PASSPHRASE_NEEDED", { path });
    if (first !== second) {
      process.stderr.write(`${words.passphrasesDiffer}\n`);
      process.exitCode = EXIT.usage;
      return;
    }
    passphrase = first;
  }
  await writeSiteKey(path, key, passphrase);
  if (options.json === true) return printJson({ name: key.name, path, protection: "passphrase" });
  print(words.key(key.name, path, "passphrase"));
  print(words.keyProtected);
}

/** The key's file; made first where the vault is new, so that it is protected before anything is sealed. */
async function keyOf({ state }: InState) {
  const { vault } = await openVaultPlace(state);
  await openSiteKeyIfNew(vault);
  const path = siteKeyPath(vault.folder, process.env);
  return { path, protection: await siteKeyProtection(path) };
}

async function openSiteKeyIfNew(vault: Vault): Promise<void> {
  const isNew = !(await vault.isUsed());
  if (isNew) await openSiteKey(vault.folder, isNew, process.env, askPassphrase);
}

function wordsOf({ lang }: Common) {
  return EVIDENCE_WORDS[lang ?? languageOf(process.env)];
}

function inState(command: Command): Command {
  return common(command.requiredOption("--state <dir>", "the site's state folder"));
}

function common(command: Command): Command {
  return command
    .option("--json", "print JSON")
    .addOption(new Option("--lang <language>", "language of what is printed").choices([...LANGUAGES]));
}
