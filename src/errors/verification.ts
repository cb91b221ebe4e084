import { EXIT, entry } from "./entry.ts";

/** The journal as outsiders meet it: signed notes, checkpoints, witnesses, proofs, bundles. */
export const VERIFICATION_ERRORS = {
  NOTE_MALFORMED: entry<{ what: string }>(
    EXIT.data,
    (p) => `This is not a signed note: ${p.what}.`,
    () => "It was damaged or edited on its way. Ask for the file again, and send it as an attachment.",
  ),
  NOTE_UNSIGNED: entry<{ wanted: string; found: string }>(
    EXIT.data,
    (p) => `No signature of this note is by a key that is known here (${p.wanted}); it bears: ${p.found}.`,
    () => "Do not rely on its text. Give the right public key, or ask who signed it.",
  ),
  NOTE_SIGNATURE_WRONG: entry<{ name: string }>(
    EXIT.data,
    (p) => `The signature of ${p.name} does not fit this text.`,
    () =>
      "The text was changed after it was signed, or the signature was taken from another one. Keep it as it is and ask.",
  ),
  NOTE_KEY: entry<{ what: string }>(
    EXIT.data,
    (p) => `This is not a key for signed notes: ${p.what}.`,
    () => "A public key is one line such as example.org/journal+1a2b3c4d+AZ…; copy it whole.",
  ),
  CHECKPOINT_MALFORMED: entry<{ what: string }>(
    EXIT.data,
    (p) => `This is not a checkpoint: ${p.what}.`,
    () =>
      "A checkpoint has the journal's name, its number of leaves and its root hash, one a line. Ask for it again.",
  ),
  VERIFY_NO_JOURNAL: entry<{ folder: string }>(
    EXIT.noInput,
    (p) => `There is no journal and no bundle of one in ${p.folder}.`,
    () => "Give the folder that holds the file `checkpoint` and the folder `tile`.",
  ),
  VERIFY_BUNDLE: entry<{ file: string }>(
    EXIT.data,
    (p) => `The description ${p.file} of this bundle cannot be read.`,
    () => "The bundle was damaged on its way: ask for it again. Nothing of it was judged.",
  ),
  COSIGNATURE_NOT_OURS: entry<{ origin: string; size: number; present: number }>(
    EXIT.data,
    (p) =>
      `What was signed is a state of ${p.origin} with ${p.size} leaves, which this journal (${p.present} leaves) does not continue.`,
    () =>
      "Nothing was taken up. If it is your journal's name, keep that file: somebody has shown the witness another journal.",
  ),
  WITNESS_KEY_FILE: entry<{ file: string; reason: string }>(
    EXIT.noInput,
    (p) => `The witness's key ${p.file} cannot be used: ${p.reason}.`,
    () =>
      "Make one with `contrechamp journal witness key new FILE --name NAME`; keep it where nobody else can read it.",
  ),
  JOURNAL_INPUT: entry<{ file: string; reason: string }>(
    EXIT.noInput,
    (p) => `${p.file} cannot be read: ${p.reason}.`,
    () => "Check the spelling and the folder the command runs in.",
  ),
  JOURNAL_OUTPUT: entry<{ file: string; reason: string }>(
    EXIT.cannotCreate,
    (p) => `${p.file} could not be written: ${p.reason}.`,
    () => "Check that the folder exists and may be written, and that no file of that name is there already.",
  ),
  NO_SIGNED_STATE: entry<{ folder: string; size: string; known: string }>(
    EXIT.noInput,
    (p) => `There is no signed state of ${p.size} leaves in ${p.folder}.`,
    (p) => `Take one of: ${p.known}. Without a number the newest is taken.`,
  ),
  BUNDLE_EXISTS: entry<{ folder: string }>(
    EXIT.cannotCreate,
    (p) => `The folder ${p.folder} already holds something.`,
    () => "Give the name of a new folder with --bundle.",
  ),
  BUNDLE_EMPTY: entry<{ folder: string; size: number }>(
    EXIT.usage,
    (p) => `No leaf of that part is signed yet: the signed state of ${p.folder} has ${p.size} leaves.`,
    () => "Give a part that lies below that number, or sign now: contrechamp journal checkpoint --sign",
  ),
  BUNDLE_NOT_WRITTEN: entry<{ folder: string; reason: string }>(
    EXIT.cannotCreate,
    (p) => `The bundle could not be written to ${p.folder}: ${p.reason}`,
    () =>
      "Check that the folder may be written and that the disk is not full. Remove what is there, and try again.",
  ),
  PERIOD: entry<{ period: string }>(
    EXIT.usage,
    (p) => `There is no period ${p.period}.`,
    () =>
      "Write a week as 2024-W30, a month as 2024-07, a quarter as 2024-Q3, a year as 2024, a day as 2024-07-26.",
  ),
  TIME_ZONE: entry<{ name: string }>(
    EXIT.usage,
    (p) => `There is no time zone ${p.name}.`,
    () => "Take an IANA name, such as Europe/Paris or Indian/Reunion.",
  ),
  PROOF_MALFORMED: entry<{ what: string }>(
    EXIT.data,
    (p) => `This is not a proof: ${p.what}.`,
    () => "It was damaged or edited on its way. Ask for the file again, and send it as an attachment.",
  ),
  PROOF_WRONG: entry<{ what: string }>(
    EXIT.data,
    (p) => `The proof does not hold: ${p.what}.`,
    () =>
      "Do not rely on it. Keep the file, ask for another, and verify the whole journal: contrechamp journal verify.",
  ),
  PROOF_BEYOND_CHECKPOINT: entry<{ seq: number; size: number }>(
    EXIT.usage,
    (p) => `The checkpoint covers ${p.size} leaves; ${p.seq} is beyond it.`,
    () => "Take a smaller number, or a newer checkpoint.",
  ),
  WITNESS_MEMORY: entry<{ file: string; what: string }>(
    EXIT.data,
    (p) => `The witness's memory ${p.file} cannot be used: ${p.what}.`,
    () =>
      "Nothing was signed. Put back the last copy of the file; without it a witness can be misled about the past.",
  ),
  WITNESS_MEMORY_BUSY: entry<{ file: string }>(
    EXIT.unavailable,
    (p) => `The witness's memory ${p.file} is in use by another process.`,
    (p) => `Wait for it. If none is running, remove ${p.file}.lock.`,
  ),
  WITNESS_LOG_UNKNOWN: entry<{ origin: string }>(
    EXIT.usage,
    (p) => `This witness has never seen the journal ${p.origin}, and does not know its public key.`,
    () =>
      "Get the key from who runs the journal, in person or from its published register, and give it with --log KEY.",
  ),
  WITNESS_LOG_KEY: entry<{ origin: string }>(
    EXIT.data,
    (p) => `The key that was given for ${p.origin} is not the one that this witness has kept.`,
    () =>
      "Nothing was signed. A journal's key does not change: ask who runs it what happened, and keep both keys.",
  ),
  WITNESS_NEEDS_PROOF: entry<{ origin: string; size: number }>(
    EXIT.usage,
    (p) =>
      `This witness last saw ${p.origin} with ${p.size} leaves; a checkpoint alone does not show that it continues that.`,
    (p) => `Ask for a request that starts there: contrechamp journal prove --consistency ${p.size}`,
  ),
  WITNESS_OTHER_START: entry<{ origin: string; size: number; given: number }>(
    EXIT.data,
    (p) => `The request starts at ${p.given} leaves; this witness last saw ${p.origin} with ${p.size}.`,
    (p) => `Ask for one that starts there: contrechamp journal prove --consistency ${p.size}`,
  ),
  WITNESS_SMALLER: entry<{ origin: string; size: number; given: number; kept: string }>(
    EXIT.data,
    (p) =>
      `REFUSED: ${p.origin} has ${p.given} leaves now; it had ${p.size} when this witness last saw it. A journal never shrinks: leaves were removed, an old copy was put back, or this is an old request.`,
    (p) =>
      `Nothing was signed. Ask for a new request; if that one is smaller too, leaves are gone. Both signed states are kept in ${p.kept}: they show it to anyone. Ask who runs the journal.`,
  ),
  WITNESS_FORK: entry<{ origin: string; size: number; given: number; kept: string }>(
    EXIT.data,
    (p) =>
      `REFUSED: the journal ${p.origin} with ${p.given} leaves does not continue the one with ${p.size} leaves that this witness saw. Its past was rewritten, or two journals are shown to different people.`,
    (p) =>
      `Nothing was signed. Both signed states are kept in ${p.kept}: they prove it to anyone. Do not delete that file.`,
  ),
  WITNESS_PROOF: entry<{ origin: string; size: number; given: number; kept: string }>(
    EXIT.data,
    (p) =>
      `REFUSED: the request does not show that the ${p.given} leaves of ${p.origin} continue the ${p.size} that this witness saw. It was damaged on its way, or the past was rewritten.`,
    (p) =>
      `Nothing was signed. Ask for the request again; if a fresh one fails too, the past was rewritten. Both states are kept in ${p.kept}.`,
  ),
  WITNESS_CLOCK: entry<{ at: string; last: string }>(
    EXIT.unavailable,
    (p) => `This machine's clock says ${p.at}, which is before this witness's last signature of ${p.last}.`,
    () => "Nothing was signed. Set the clock right, then run the command again.",
  ),
  VERIFY_TRUSTED_WITHIN: entry<{ file: string; folder: string }>(
    EXIT.usage,
    (p) => `${p.file} lies in ${p.folder}, which is to be verified: it came with it and vouches for nothing.`,
    () =>
      "Give a signed state or a witness's memory that you kept apart from it, before it was handed to you.",
  ),
} as const;
