import { join } from "node:path";

/** Folder of the journal in a site's state folder. */
export function journalFolder(state: string): string {
  return join(state, "journal");
}
