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
} as const;
