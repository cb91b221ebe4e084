import { isDeepStrictEqual } from "node:util";
import { currentDisposition, type Disposition } from "../../alerts/disposition.ts";
import { fault } from "../../errors.ts";
import type { Acknowledgement, EntrySink } from "../../journal/leaf.ts";

/** What a journal says of dispositions: as of now after `refresh`. */
export interface DispositionsSaid {
  refresh(): Promise<void>;
  /** All that was said of an alert, in the journal's order. */
  dispositions(alertId: string): readonly Disposition[];
}

/**
 * Writes what a person says of an alert to the journal. Somebody else may have decided at the same moment: the
 * journal's order says who was first, and the other one is told.
 * @throws DISPOSITION_FINAL, and what appending throws: then it counts for nothing
 */
export async function writeDisposition(
  disposition: Disposition,
  { said, journal }: { readonly said: DispositionsSaid; readonly journal: EntrySink },
): Promise<Acknowledgement> {
  const leaf = await journal.append({
    type: "disposition",
    actor: disposition.operatorPseudonym,
    payload: { ...disposition },
  });
  await said.refresh();
  const holds = currentDisposition(said.dispositions(disposition.alertId));
  if (holds === null || isDeepStrictEqual(holds, disposition)) return leaf;
  const { outcome, operatorPseudonym, at } = holds;
  throw fault("DISPOSITION_FINAL", { id: disposition.alertId, outcome, by: operatorPseudonym, at });
}
