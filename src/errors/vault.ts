import { EXIT, entry } from "./entry.ts";

/** Evidence at rest, and what people make of alerts. */
export const VAULT_ERRORS = {
  STATE_MISSING: entry<{ folder: string }>(
    EXIT.noInput,
    (p) => `There is no state folder at ${p.folder}.`,
    () =>
      "Name with --state the folder that the configuration names as authority.state, or STATE in a run's results.",
  ),
  EVIDENCE_NOT_SEALED: entry<{ id: string; vault: string; reason: string }>(
    EXIT.cannotCreate,
    (p) => `Evidence ${p.id} could not be sealed in ${p.vault}: ${p.reason}`,
    () =>
      "Check that the vault's folder is there and may be written, and that the disk is not full. The analysis goes on; nothing of this evidence was written in clear.",
  ),
  EVIDENCE_WITHOUT_GROUNDS: entry<{ id: string }>(
    EXIT.notPermitted,
    (p) => `Evidence ${p.id} was not kept: nothing says under which authorisation and until when`,
    () => "Evidence is sealed only for an alert that the gate has let pass. Run `contrechamp check`.",
  ),
  EVIDENCE_DAMAGED: entry<{ id: string; file: string }>(
    EXIT.data,
    (p) => `Evidence ${p.id} is damaged or was changed: its ${p.file} does not open`,
    () =>
      "AES-GCM refuses what differs in a single bit. Restore the vault from a copy if there is one; its manifest still proves what it was.",
  ),
  EVIDENCE_RECORD_UNREADABLE: entry<{ path: string; reason: string }>(
    EXIT.data,
    (p) => `${p.path} is not a record of evidence: ${p.reason}`,
    () => "The file was damaged or changed by hand. It is left as it is; restore it from a copy.",
  ),
  EVIDENCE_UNKNOWN: entry<{ id: string; vault: string }>(
    EXIT.noInput,
    (p) => `${p.vault} holds no evidence ${p.id}.`,
    () => "`contrechamp evidence list` names all that it holds.",
  ),
  EVIDENCE_ERASED: entry<{ id: string; at: string; cause: string }>(
    EXIT.noInput,
    (p) => `Evidence ${p.id} was erased at ${p.at} (${p.cause}).`,
    () =>
      "Its key is destroyed and nobody can bring it back. Its manifest and the journal still say what it was.",
  ),
  EVIDENCE_PART_MISSING: entry<{ id: string; file: string }>(
    EXIT.noInput,
    (p) => `Evidence ${p.id} has no ${p.file}.`,
    () => "A clip that could not be made leaves the still alone.",
  ),
  EVIDENCE_NOT_REGISTERED: entry<{ id: string }>(
    EXIT.unavailable,
    (p) => `Evidence ${p.id} is not yet in the journal.`,
    () => "It is registered within seconds of its alert, or at the engine's next start. Try again then.",
  ),
  VIEW_WITHOUT_REASON: entry<{ id: string }>(
    EXIT.usage,
    (p) => `Nobody looks at evidence ${p.id} without saying who and why.`,
    () => 'Say it with --by PSEUDONYM and --reason "TEXT": both are written to the journal (CSI, R.253-5).',
  ),
  EXPORT_WITHOUT_RECIPIENT: entry<{ id: string }>(
    EXIT.usage,
    (p) => `Nothing says who receives evidence ${p.id}.`,
    () => 'Name them with --to "RECIPIENT": it is written to the journal (CSI, R.253-5).',
  ),
  ERASURE_WITHOUT_REASON: entry<Record<never, never>>(
    EXIT.usage,
    () => "Nobody erases evidence by hand without saying who and why.",
    () => 'Say it with --by PSEUDONYM and --reason "TEXT": both are written to the journal.',
  ),
  ERASURE_OF_WHAT: entry<Record<never, never>>(
    EXIT.usage,
    () => "Nothing says what to erase, or several things do.",
    () => "Give one of --due, --evidence ID, --authorisation ID or --all.",
  ),
  ERASURE_NOT_CONFIRMED: entry<Record<never, never>>(
    EXIT.partial,
    () => "Nothing was erased: that takes a second yes.",
    () => "Answer the question on a terminal, or repeat the command with --yes.",
  ),
  ERASURE_UNFINISHED: entry<{ id: string; reason: string }>(
    EXIT.cannotCreate,
    (p) => `The erasure of evidence ${p.id} was begun and not finished: ${p.reason}`,
    () => "What remains is finished at the next start, or by running the command again.",
  ),
  SITE_KEY_MISSING: entry<{ path: string }>(
    EXIT.noInput,
    (p) => `The site key is not at ${p.path}, and the vault holds evidence that only it opens.`,
    () =>
      "Put it back, or name where it is with CONTRECHAMP_SITE_KEY_FILE. Without it nothing in the vault can be read.",
  ),
  SITE_KEY_NOT_WRITTEN: entry<{ path: string; reason: string }>(
    EXIT.cannotCreate,
    (p) => `The site key could not be written to ${p.path}: ${p.reason}`,
    () => "Check that the folder is there and may be written.",
  ),
  SITE_KEY_EXPOSED: entry<{ path: string; mode: string }>(
    EXIT.config,
    (p) => `The site key ${p.path} can be read by others (mode ${p.mode}).`,
    (p) => `Run: chmod 600 ${p.path}. If others may have read it, erase what it protects.`,
  ),
  SITE_KEY_UNREADABLE: entry<{ path: string; reason: string }>(
    EXIT.config,
    (p) => `${p.path} cannot be used as a site key: ${p.reason}`,
    () => "Restore it from its copy. Another key opens nothing of what this one protects.",
  ),
  SITE_KEY_PASSPHRASE_NEEDED: entry<{ path: string }>(
    EXIT.config,
    (p) => `The site key ${p.path} is protected by a passphrase, and none was given.`,
    () =>
      "Start on a terminal, or name a file of mode 600 that holds it with CONTRECHAMP_SITE_PASSPHRASE_FILE.",
  ),
  SITE_KEY_PASSPHRASE_WRONG: entry<{ path: string }>(
    EXIT.config,
    (p) => `This is not the passphrase of the site key ${p.path}.`,
    () => "Give the one that it was protected with. Nobody can find it out from the file.",
  ),
  SITE_KEY_PASSPHRASE_WEAK: entry<{ least: number }>(
    EXIT.usage,
    (p) =>
      `A passphrase of fewer than ${p.least} characters protects nothing from somebody who has the disk.`,
    () => "Take five or more random words.",
  ),
  SITE_KEY_PROTECTED: entry<{ path: string }>(
    EXIT.usage,
    (p) => `The site key ${p.path} is protected by a passphrase already.`,
    () => "To change the passphrase, give the old one when asked, and --again.",
  ),
  SITE_KEY_WRONG: entry<{ id: string; wanted: string; found: string }>(
    EXIT.config,
    (p) => `Evidence ${p.id} was sealed for site key ${p.wanted}; this one is ${p.found}.`,
    () => "Name the right key with CONTRECHAMP_SITE_KEY_FILE.",
  ),
  BUNDLE_UNREADABLE: entry<{ path: string; reason: string }>(
    EXIT.noInput,
    (p) => `${p.path} cannot be verified: ${p.reason}`,
    () => "Give the folder that `contrechamp evidence export` wrote, or a manifest.",
  ),
  ALERT_UNKNOWN: entry<{ id: string }>(
    EXIT.noInput,
    (p) => `The journal knows no alert ${p.id}.`,
    () => "Take the id from the alert itself, and the state folder of the run that raised it.",
  ),
  DISPOSITION_UNREADABLE: entry<{ reason: string }>(
    EXIT.usage,
    (p) => `This is not a disposition: ${p.reason}`,
    () => "`contrechamp dispose --help` lists the outcomes and the reasons that fit each.",
  ),
  DISPOSITION_FINAL: entry<{ id: string; outcome: string; by: string; at: string }>(
    EXIT.usage,
    (p) => `Alert ${p.id} is ${p.outcome} since ${p.at}, by ${p.by}.`,
    () => 'To correct it, say why with --correct "TEXT": the first one stays in the journal.',
  ),
  DISPOSITION_NOTHING_TO_CORRECT: entry<{ id: string }>(
    EXIT.usage,
    (p) => `Alert ${p.id} is open: there is nothing to correct.`,
    () => "Leave out --correct.",
  ),
  DISPOSITION_NOT_CONFIRMED: entry<{ id: string }>(
    EXIT.usage,
    (p) => `Alert ${p.id} was not confirmed: that takes two steps.`,
    () => "Answer the question on a terminal, or repeat the command with --confirm.",
  ),
} as const;
