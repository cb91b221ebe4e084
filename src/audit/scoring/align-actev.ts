import {
  type AlignableAlert,
  type AlignableReference,
  type Alignment,
  compareAlerts,
  compareNumbers,
  SLACK_SECONDS,
} from "./alignable.ts";

/** An overlap this long is enough of any reference. */
const ENOUGH_SECONDS = 1;
/** Of a reference that is shorter than that, this share of it. */
const ENOUGH_SHARE = 0.5;

/**
 * Alignment as the NIST ActEV scorer does it for activity detection (usnistgov/ActEV_Scorer,
 * `build_temporal_second_overlap_filter_v2` with 1 s and 0.5, `perform_alignment`): a pair may be aligned where
 * reference and alert overlap for at least 1 s or, of a reference shorter than 1 s, for half of it. Of all ways to
 * align one to one it takes one that maximises the sum of 1 + epsilon × confidence. What is not aligned is a miss or
 * a false alarm: it knows no duplicate, and neither tolerance nor place counts.
 *
 * That sum hangs on the alert alone, whichever reference it gets. So adding alerts in the order of their confidence,
 * each by an augmenting path (Kuhn 1955), gives the same maximum as the scorer's Hungarian algorithm, without a
 * matrix of all alerts by all references: any alert that has a place at all keeps it.
 *
 * An alert without an end, or with one at its instant, lasts no time and could overlap with nothing; it is taken to
 * fit where its instant lies inside the reference.
 */
export function alignActev(
  references: readonly AlignableReference[],
  alerts: readonly AlignableAlert[],
): Alignment {
  const hitBy = new Array<number | null>(references.length).fill(null);
  const fitting = fittingReferences(references, alerts);
  // References that a failed search has seen are all taken for good, by alerts that cannot move elsewhere.
  const closed = new Set<number>();
  for (const first of bySurety(alerts)) {
    const cameFrom = new Map<number, number>();
    const queue = [first];
    let free: number | null = null;
    for (let place = 0; place < queue.length && free === null; place++) {
      const alert = queue[place] ?? first;
      for (const reference of fitting[alert] ?? []) {
        if (cameFrom.has(reference) || closed.has(reference)) continue;
        cameFrom.set(reference, alert);
        const holder = hitBy[reference] ?? null;
        if (holder === null) {
          free = reference;
          break;
        }
        queue.push(holder);
      }
    }
    if (free === null) {
      for (const reference of cameFrom.keys()) closed.add(reference);
      continue;
    }
    // Back along the path: each alert takes the reference it found and leaves the one it held.
    const held = new Map<number, number>();
    for (const reference of cameFrom.keys()) {
      const holder = hitBy[reference] ?? null;
      if (holder !== null) held.set(holder, reference);
    }
    for (let reference: number | undefined = free; reference !== undefined; ) {
      const alert: number = cameFrom.get(reference) ?? first;
      hitBy[reference] = alert;
      reference = alert === first ? undefined : held.get(alert);
    }
  }
  const results = alerts.map((): Alignment["alerts"][number] => ({
    outcome: "false_alarm",
    reference: null,
  }));
  for (const [reference, alert] of hitBy.entries())
    if (alert !== null) results[alert] = { outcome: "hit", reference };
  return { alerts: results, references: hitBy };
}

/** Whether an alert and a reference overlap by as much as the scorer asks for. */
export function overlapsEnough(reference: AlignableReference, alert: AlignableAlert): boolean {
  const until = alert.until ?? alert.at;
  if (until <= alert.at)
    return alert.at >= reference.begin - SLACK_SECONDS && alert.at <= reference.end + SLACK_SECONDS;
  const length = reference.end - reference.begin;
  const needed = length < ENOUGH_SECONDS ? ENOUGH_SHARE * length : ENOUGH_SECONDS;
  const shared = Math.min(reference.end, until) - Math.max(reference.begin, alert.at);
  return shared >= needed - SLACK_SECONDS && (length > 0 || shared >= 0);
}

/** Of each alert the references it may have, earliest first. */
function fittingReferences(
  references: readonly AlignableReference[],
  alerts: readonly AlignableAlert[],
): readonly (readonly number[])[] {
  const ordered = references
    .map((reference, index) => ({ reference, index }))
    .toSorted(({ reference: a }, { reference: b }) => a.begin - b.begin || a.end - b.end);
  const fitting = alerts.map((): number[] => []);
  let next = 0;
  let near: typeof ordered = [];
  const byTime = alerts.map((alert, index) => ({ alert, index })).toSorted((a, b) => a.alert.at - b.alert.at);
  for (const { alert, index } of byTime) {
    // What is over before an alert begins is over for all later ones; what begins after its end fits it no more.
    near = near.some(({ reference }) => reference.end < alert.at - SLACK_SECONDS)
      ? near.filter(({ reference }) => reference.end >= alert.at - SLACK_SECONDS)
      : near;
    for (; next < ordered.length; next++) {
      const one = ordered[next];
      if (one === undefined || one.reference.begin > alert.at) break;
      if (one.reference.end >= alert.at - SLACK_SECONDS) near.push(one);
    }
    const own = fitting[index] ?? [];
    for (const { reference, index: of } of near) if (overlapsEnough(reference, alert)) own.push(of);
    const until = (alert.until ?? alert.at) + SLACK_SECONDS;
    for (let ahead = next; ahead < ordered.length; ahead++) {
      const one = ordered[ahead];
      if (one === undefined || one.reference.begin > until) break;
      if (overlapsEnough(one.reference, alert)) own.push(one.index);
    }
  }
  return fitting;
}

/** Surest first, those without a confidence last; of equals the earliest. */
function bySurety(alerts: readonly AlignableAlert[]): readonly number[] {
  return alerts
    .map((alert, index) => ({ alert, index }))
    .toSorted(
      ({ alert: a }, { alert: b }) => compareNumbers(b.confidence, a.confidence) || compareAlerts(a, b),
    )
    .map(({ index }) => index);
}
