import { Command, Option } from "commander";
import { asCoded, type CodedError, EXIT, fault } from "../errors.ts";
import { type ErasureOrder, eraseEvidence } from "../evidence/vault/erase.ts";
import type { Erased } from "../evidence/vault/record.ts";
import { type SweepResult, sweep } from "../evidence/vault/sweep.ts";
import type { Vault } from "../evidence/vault/vault.ts";
import { LANGUAGES, type Language, languageOf } from "../report/language.ts";
import { systemClock } from "../time/clock.ts";
import { EVIDENCE_WORDS } from "./evidence-words.ts";
import { print } from "./print.ts";
import { askYes, openVaultPlace, type VaultPlace } from "./vault-place.ts";

interface EraseFlags {
  readonly state: string;
  readonly due?: boolean;
  readonly all?: boolean;
  readonly evidence?: string;
  readonly authorisation?: string;
  readonly by?: string;
  readonly reason?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
  readonly lang?: Language;
}

/** `contrechamp erase`: retention now. Coded errors reject the parse. */
export function eraseCommand(): Command {
  return new Command("erase")
    .description("Erase evidence for good: its key is destroyed, and the journal says who, when and why")
    .requiredOption("--state <dir>", "the site's state folder")
    .option("--due", "all whose time is over: what the engine does by itself while it runs")
    .option("--evidence <id>", "one")
    .option("--authorisation <id>", "all that was made under an authorisation, such as one that was annulled")
    .option("--all", "everything in the vault")
    .option("--by <pseudonym>", "who erases; not needed for --due")
    .option("--reason <text>", "why; not needed for --due")
    .option("--yes", "do not ask again before --all and --authorisation")
    .option("--json", "print JSON, and do not ask")
    .addOption(new Option("--lang <language>", "language of what is printed").choices([...LANGUAGES]))
    .addHelpText(
      "after",
      `
What was erased stays proved: its manifest and its leaves remain, nothing of them shows a picture.

Exit codes: 0 erased; 1 some could not be erased, or the answer was no; 64 wrong usage; 66 it is not there;
69, 73 the journal or the disk cannot be written.`,
    )
    .action(erase);
}

async function erase(options: EraseFlags): Promise<void> {
  const kinds = [options.due, options.all, options.evidence, options.authorisation];
  if (kinds.filter((kind) => kind !== undefined).length !== 1) throw fault("ERASURE_OF_WHAT", {});
  const by = options.by?.trim().slice(0, 200) ?? "";
  const reason = options.reason?.trim().slice(0, 2000) ?? "";
  if (options.due !== true && (by === "" || reason === "")) throw fault("ERASURE_WITHOUT_REASON", {});
  const place = await openVaultPlace(options.state);
  const words = EVIDENCE_WORDS[options.lang ?? languageOf(process.env)];

  let result: SweepResult;
  if (options.due === true) result = await eraseDue(place);
  else {
    const ids = await chosen(place.vault, options);
    if (options.evidence === undefined && options.yes !== true && options.json !== true) {
      if ((await askYes(words.askErase(ids.length))) !== true) throw fault("ERASURE_NOT_CONFIRMED", {});
    }
    const cause = options.authorisation === undefined ? "by_hand" : "authorisation_ended";
    result = await eraseThese(place, ids, { cause, by, reason });
  }
  if (result.faults.length > 0) process.exitCode = EXIT.partial;
  if (options.json === true) {
    const faults = result.faults.map(({ code, message, help }) => ({ code, message, help }));
    return print(
      JSON.stringify(
        { schema: "contrechamp/erase@1", erased: result.erased, kept: result.kept, faults },
        null,
        2,
      ),
    );
  }
  for (const { code, message, help } of result.faults)
    process.stderr.write(`${message}\n  ${help}\n  (${code})\n`);
  print(words.erasedCount(result.erased.length, result.kept));
}

/** What the engine does by itself: also used after a disposition, when no engine may be running. */
export async function eraseDue({ vault, journal, trace }: VaultPlace): Promise<SweepResult> {
  return sweep(vault, {
    clock: systemClock,
    journal,
    find: trace.find,
    async dispositions(alertId) {
      await trace.refresh();
      return trace.outcome(alertId);
    },
  });
}

/** @throws CodedError EVIDENCE_UNKNOWN for one that is named and not there */
async function chosen(vault: Vault, { evidence, authorisation }: EraseFlags): Promise<readonly string[]> {
  if (evidence !== undefined) return [evidence];
  const ids = [...(await vault.ids())];
  const wanted = await Promise.all(
    ids.map(async (id) => {
      if ((await vault.erased(id)) !== null) return false;
      if (authorisation === undefined) return true;
      return (await vault.record(id))?.grounds.authorisationId === authorisation;
    }),
  );
  return ids.filter((_, i) => wanted[i] === true);
}

async function eraseThese(
  { vault, journal, trace }: VaultPlace,
  ids: readonly string[],
  order: ErasureOrder,
): Promise<SweepResult> {
  const erased: Erased[] = [];
  const faults: CodedError[] = [];
  for (const id of ids) {
    try {
      erased.push(await eraseEvidence(vault, id, order, { clock: systemClock, journal, find: trace.find }));
    } catch (thrown) {
      if (ids.length === 1) throw thrown;
      faults.push(asCoded(thrown));
    }
  }
  const left = await Promise.all((await vault.recorded()).map((id) => vault.hasKey(id)));
  return { erased, kept: left.filter(Boolean).length, faults };
}
