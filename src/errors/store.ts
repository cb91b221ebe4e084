import { EXIT, entry } from "./entry.ts";

/** The database of a site: who works there. */
export const STORE_ERRORS = {
  STORE_UNREADABLE: entry<{ file: string; reason: string }>(
    EXIT.data,
    (p) => `The store ${p.file} cannot be used: ${p.reason}`,
    () =>
      "Check that it is there, that this user may write to it and its folder, and that the disk is not full. If it is damaged, restore it from a copy.",
  ),
  STORE_NEWER: entry<{ file: string; known: number }>(
    EXIT.data,
    (p) =>
      `The store ${p.file} was written by a later version of Contrechamp (this one knows ${p.known} steps).`,
    () => "Use that version again, or restore the copy that was made before the change of version.",
  ),
} as const;
