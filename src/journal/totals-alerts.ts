import { z } from "zod";
import type { Period } from "./export-period.ts";
import type { LogEntry } from "./log-reader.ts";
import type { ProblemList } from "./totals-counters.ts";
import type { RuleKey } from "./totals-figures.ts";

const OUTCOMES = ["confirmed", "dismissed", "undetermined", "expired"] as const;
type Outcome = (typeof OUTCOMES)[number];

/** Alerts that were raised, and what had become of each by the end of the period. The outcomes add up to `raised`. */
export type AlertCounts = { readonly raised: number; readonly open: number } & Readonly<
  Record<Outcome, number>
>;

export interface AlertSums extends AlertCounts {
  /** The same for each rule of each camera; they add up to the sums. */
  readonly rows: readonly (RuleKey & AlertCounts)[];
  /** Of those open at the end: disposed of since. */
  readonly settledSince: number;
  /** Dispositions of the period about alerts that were raised before it. */
  readonly carriedOver: number;
  /** Dispositions of the period that mended an earlier one. */
  readonly corrections: number;
  /** From the alert to what a person first made of it, over alerts of the period; null where there is none. */
  readonly medianSecondsToDisposition: number | null;
  /** How many alerts that median is of. */
  readonly disposedByPersons: number;
}

const alertSchema = z.object({
  id: z.string(),
  kind: z.enum(["raised", "closed"]),
  event: z.string(),
  cameraId: z.string(),
  ruleId: z.string(),
});
const dispositionSchema = z.object({
  alertId: z.string(),
  outcome: z.enum(OUTCOMES),
  operatorPseudonym: z.string(),
  correction: z.unknown(),
});

interface Known extends RuleKey {
  readonly raisedAt: string;
  readonly within: boolean;
  outcome: Outcome | null;
  firstByPerson: string | null;
  settledSince: boolean;
}

/** Follows each alert from its raising to its disposition. */
export class AlertTotals {
  readonly #period: Period;
  readonly #problems: ProblemList;
  readonly #alerts = new Map<string, Known>();
  /** Counted apart from the alerts, so that the two can be compared. */
  #raised = 0;
  #carriedOver = 0;
  #corrections = 0;

  constructor(period: Period, problems: ProblemList) {
    this.#period = period;
    this.#problems = problems;
  }

  /** @returns the pseudonym of who disposed; null for anything else */
  take({ leaf, content }: LogEntry): string | null {
    if (content.kind !== "kept") return null;
    if (leaf.type === "alert") {
      this.#alert(leaf.seq, leaf.at, content.payload);
      return null;
    }
    return this.#disposition(leaf.seq, leaf.at, content.payload);
  }

  sums(): AlertSums {
    const within = [...this.#alerts.values()].filter((alert) => alert.within);
    const groups = Map.groupBy(within, ({ event, cameraId, ruleId }) =>
      JSON.stringify([event, cameraId, ruleId]),
    );
    const rows = [...groups]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([, group]) => {
        const [first] = group;
        if (first === undefined) return [];
        const { event, cameraId, ruleId } = first;
        return [{ event, cameraId, ruleId, ...countsOf(group) }];
      });
    const all = countsOf(within);
    const settled = OUTCOMES.reduce((sum, outcome) => sum + all[outcome], all.open);
    const ofRows = rows.reduce((sum, { raised }) => sum + raised, 0);
    if (settled !== this.#raised || ofRows !== this.#raised) this.#problems.add("sums_differ");
    const waits = within
      .flatMap(({ raisedAt, firstByPerson }) =>
        firstByPerson === null ? [] : [(Date.parse(firstByPerson) - Date.parse(raisedAt)) / 1000],
      )
      .sort((a, b) => a - b);
    return {
      ...all,
      raised: this.#raised,
      rows,
      settledSince: within.filter((alert) => alert.settledSince).length,
      carriedOver: this.#carriedOver,
      corrections: this.#corrections,
      medianSecondsToDisposition: median(waits),
      disposedByPersons: waits.length,
    };
  }

  #alert(seq: number, at: string, payload: unknown): void {
    const found = alertSchema.safeParse(payload);
    if (!found.success) {
      this.#problems.add("content_unexpected", seq);
      return;
    }
    const { id, kind, event, cameraId, ruleId } = found.data;
    if (kind === "closed") {
      if (!this.#alerts.has(id)) this.#problems.add("closed_without_raised", seq);
      return;
    }
    const within = at >= this.#period.fromUtc;
    if (within) this.#raised += 1;
    if (this.#alerts.has(id)) {
      this.#problems.add("alert_twice", seq);
      return;
    }
    const known = { event, cameraId, ruleId, raisedAt: at, within };
    this.#alerts.set(id, { ...known, outcome: null, firstByPerson: null, settledSince: false });
  }

  #disposition(seq: number, at: string, payload: unknown): string | null {
    const found = dispositionSchema.safeParse(payload);
    if (!found.success) {
      this.#problems.add("content_unexpected", seq);
      return null;
    }
    const { alertId, outcome, operatorPseudonym, correction } = found.data;
    const alert = this.#alerts.get(alertId);
    if (at >= this.#period.toUtc) {
      if (alert?.outcome === null) alert.settledSince = true;
      return null;
    }
    if (alert === undefined) {
      this.#problems.add("disposition_without_alert", seq);
      return operatorPseudonym;
    }
    const corrects = correction !== null && correction !== undefined;
    // Somebody may look after nobody did: what a person says stands in the place of `expired`.
    if (alert.outcome !== null && alert.outcome !== "expired" && !corrects)
      this.#problems.add("disposition_twice", seq);
    if (at >= this.#period.fromUtc) {
      if (!alert.within) this.#carriedOver += 1;
      if (corrects) this.#corrections += 1;
    }
    alert.outcome = outcome;
    if (outcome !== "expired") alert.firstByPerson ??= at;
    return outcome === "expired" ? null : operatorPseudonym;
  }
}

function countsOf(alerts: readonly Known[]): AlertCounts {
  const of = (wanted: Outcome | null) => alerts.filter(({ outcome }) => outcome === wanted).length;
  return {
    raised: alerts.length,
    confirmed: of("confirmed"),
    dismissed: of("dismissed"),
    undetermined: of("undetermined"),
    expired: of("expired"),
    open: of(null),
  };
}

/** @param sorted from the least */
function median(sorted: readonly number[]): number | null {
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  return upper === undefined || lower === undefined ? null : (lower + upper) / 2;
}
