import { Temporal } from "temporal-polyfill";
import type { Clock } from "../time/clock.ts";
import type { Journal } from "./journal.ts";
import type { LeafType } from "./leaf.ts";
import { readLog } from "./log-reader.ts";

/**
 * Leaves that say who looked at what, and why, or who worked there when: personal data of the people who work there
 * (CSI, art. R.253-5).
 */
const ACCESS: ReadonlySet<LeafType> = new Set(["view", "export", "sign_in"]);
/** Payloads that one erasure takes: its leaf names each. */
const AT_ONCE = 1000;

export interface AccessRetentionOptions {
  readonly clock: Clock;
  /** ISO 8601, counted on the calendar of `timeZone`. */
  readonly keptFor: string;
  readonly timeZone: string;
  /** Leaf to begin at: what lies before was looked at already. */
  readonly from: number;
}

/**
 * Erases the payloads of access leaves whose time is over. The leaves stay, and with them every proof; what is gone
 * says nothing any more.
 * @returns how many were erased, and the leaf at which the next look begins
 * @throws what reading and erasing throw; what was erased before stays so
 */
export async function eraseOldAccesses(
  journal: Journal,
  { clock, keptFor, timeZone, from }: AccessRetentionOptions,
): Promise<{ readonly erased: number; readonly next: number }> {
  const now = Temporal.Instant.fromEpochMilliseconds(clock.now()).toZonedDateTimeISO(timeZone);
  const limit = now.subtract(Temporal.Duration.from(keptFor)).epochMilliseconds;
  const due: number[] = [];
  let next = from;
  for await (const { leaf, content } of readLog(journal.folder, { from })) {
    if (Date.parse(leaf.at) > limit) break;
    next = leaf.seq + 1;
    if (content.kind === "kept" && ACCESS.has(leaf.type)) due.push(leaf.seq);
  }
  for (let i = 0; i < due.length; i += AT_ONCE) {
    const reason = `access logs are kept for ${keptFor}`;
    await journal.erasePayload(due.slice(i, i + AT_ONCE), { actor: "engine", reason });
  }
  return { erased: due.length, next };
}
