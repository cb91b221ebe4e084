import { asCoded, type CodedError } from "../errors.ts";
import { eraseOldAccesses } from "../journal/access-retention.ts";
import type { Journal } from "../journal/journal.ts";
import { isLonger } from "../policy/validity.ts";
import type { PolicyWorld } from "../policy/world.ts";
import type { Clock, Seconds } from "../time/clock.ts";

const LOOK_EVERY: Seconds = 3600;
/** The shortest that an authorisation may say (AI Act, art. 19 and 26(6)): where none says anything, logs go then. */
const SHORTEST = "P6M";

/**
 * Erases access logs whose time is over, every hour, until the signal aborts. Where several authorisations are in the
 * folder the longest time counts: a leaf does not say under which of them somebody looked.
 */
export async function followAccessRetention(
  journal: Journal,
  options: {
    readonly clock: Clock;
    readonly world: () => PolicyWorld;
    readonly onFault: (error: CodedError) => void;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const { clock, world, onFault, signal } = options;
  let from = 0;
  for (;;) {
    await clock.sleep(LOOK_EVERY, signal);
    if (signal.aborted) return;
    const { profile } = world();
    if (profile === null) continue;
    try {
      const rule = { clock, keptFor: keptFor(world()), timeZone: profile.profile.timeZone, from };
      ({ next: from } = await eraseOldAccesses(journal, rule));
    } catch (thrown) {
      onFault(asCoded(thrown));
    }
  }
}

function keptFor({ authorisations }: PolicyWorld): string {
  return authorisations.reduce((longest, { document }) => {
    if (document.kind !== "analytic_authorisation") return longest;
    const { accessLogs } = document.retention;
    return isLonger(accessLogs, longest) ? accessLogs : longest;
  }, SHORTEST);
}
