import { EXIT, entry } from "./entry.ts";

/** The journal and its verification. */
export const JOURNAL_ERRORS = {
  // The log itself: written, opened, recovered.
  JOURNAL_FOLDER: entry<{ folder: string; reason: string }>(
    EXIT.cannotCreate,
    (p) => `The journal's folder ${p.folder} cannot be used: ${p.reason}.`,
    () => "Give a folder that this user may read and write, on a disk of this machine.",
  ),
  JOURNAL_IN_USE: entry<{ folder: string; holder: string }>(
    EXIT.unavailable,
    (p) => `The journal ${p.folder} is held by ${p.holder}.`,
    () =>
      "One process writes a journal. Stop that process, or hand your entry to it: commands do so by themselves.",
  ),
  JOURNAL_DAMAGED: entry<{ folder: string; what: string }>(
    EXIT.data,
    (p) => `The journal ${p.folder} is damaged: ${p.what}. Nothing in it was changed.`,
    () =>
      "Keep this folder as it is: it is evidence. Compare it with the last checkpoint that a witness holds, bring back a whole copy, or go on in a new folder.",
  ),
  JOURNAL_CUT: entry<{ folder: string; what: string }>(
    EXIT.data,
    (p) => `The journal ${p.folder} was cut: ${p.what}. Nothing in it was changed.`,
    () =>
      "What was acknowledged is missing, so somebody or something removed it. Keep this folder as it is, bring back a whole copy, or go on in a new folder.",
  ),
  JOURNAL_KEY: entry<{ folder: string; reason: string }>(
    EXIT.noInput,
    (p) => `The signing key of the journal ${p.folder} cannot be used: ${p.reason}.`,
    () => "Bring back private.pem and public from a copy of this journal, or go on in a new folder.",
  ),
  JOURNAL_ORIGIN: entry<{ folder: string; found: string; asked: string }>(
    EXIT.config,
    (p) => `The journal ${p.folder} is named ${p.found}, not ${p.asked}.`,
    () => "A journal keeps its name: leave the name out, or open another folder.",
  ),
  JOURNAL_WRITE_FAILED: entry<{ folder: string; reason: string }>(
    EXIT.cannotCreate,
    (p) => `The journal ${p.folder} could not be written: ${p.reason}. The entry was not acknowledged.`,
    () => "Make room on the disk, or give back the right to write there; then it goes on by itself.",
  ),
  JOURNAL_BUSY: entry<{ folder: string; waiting: number }>(
    EXIT.unavailable,
    (p) => `The journal ${p.folder} takes no more: ${p.waiting} entries wait already.`,
    () => "The disk is too slow for what is written. Wait for earlier entries before the next.",
  ),
  JOURNAL_CLOSED: entry<{ folder: string }>(
    EXIT.unavailable,
    (p) => `The journal ${p.folder} is closed.`,
    () => "Open it again before anything is written.",
  ),
  JOURNAL_ENTRY_INVALID: entry<{ what: string }>(
    EXIT.data,
    (p) => `This cannot be written to the journal: ${p.what}.`,
    () => "An entry has a known type, an actor of 1 to 200 characters and a payload of plain JSON.",
  ),
  JOURNAL_ENTRY_TOO_LARGE: entry<{ bytes: number; limit: number }>(
    EXIT.data,
    (p) => `The entry has ${p.bytes} bytes; the journal takes at most ${p.limit}.`,
    () => "Keep large things beside the journal, and write their hash into it.",
  ),
  JOURNAL_NO_LEAF: entry<{ seq: number; size: number }>(
    EXIT.noInput,
    (p) => `There is no leaf ${p.seq}: the journal has ${p.size} leaves, counted from 0.`,
    () => "Check the number.",
  ),
  JOURNAL_SUBMISSION_REFUSED: entry<{ file: string; reason: string }>(
    EXIT.data,
    (p) => `The journal refused what was put into its inbox as ${p.file}: ${p.reason}.`,
    () => "Nothing was written. Entries are put there by Contrechamp's own commands.",
  ),
  JOURNAL_NO_ANSWER: entry<{ folder: string; seconds: number }>(
    EXIT.unavailable,
    (p) =>
      `The process that holds the journal ${p.folder} did not take the entry within ${p.seconds} s. It was withdrawn: nothing was written.`,
    () => "Check that the process still runs, and try again.",
  ),
  JOURNAL_ANSWER_LOST: entry<{ folder: string; seconds: number }>(
    EXIT.unavailable,
    (p) =>
      `The process that holds the journal ${p.folder} took the entry and did not answer within ${p.seconds} s.`,
    () => "The entry may be written: look into the journal before trying again.",
  ),
} as const;
