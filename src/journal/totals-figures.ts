import type { Period } from "./export-period.ts";
import type { LeafType } from "./leaf.ts";
import type { AlertSums } from "./totals-alerts.ts";

/** What happened in a period, counted from the journal alone. Plain data: it is what `--json` prints. */
export interface Totals {
  readonly schema: "contrechamp/totals@1";
  /** The journal that it was counted from, as it was signed then. */
  readonly journal: { readonly origin: string | null; readonly size: number; readonly root: string | null };
  readonly period: Period;
  /** Leaves of the period, by type. */
  readonly leaves: Readonly<Partial<Record<LeafType, number>>>;
  readonly alerts: AlertSums;
  /** Episodes that the gate did not let through. One can have several reasons: those add up to more. */
  readonly denials: {
    readonly total: number;
    readonly byReason: readonly Counted<{ readonly reason: string }>[];
    readonly rows: readonly Counted<RuleKey>[];
  };
  /** Episodes that were counted in the dark and shown to nobody. */
  readonly shadow: readonly Counted<RuleKey>[];
  readonly starts: readonly RunEvent[];
  readonly stops: readonly RunEvent[];
  readonly suspensions: readonly Suspension[];
  /** Persons who looked, exported or disposed, by pseudonym. */
  readonly persons: readonly Person[];
  readonly views: readonly Access[];
  readonly exports: readonly Access[];
  readonly erasures: {
    readonly evidence: number;
    readonly payloads: number;
    readonly byCause: readonly Counted<{ readonly cause: string }>[];
  };
  readonly health: readonly Counted<{ readonly cameraId: string; readonly kind: string }>[];
  readonly models: readonly { readonly name: string; readonly sha256: string; readonly since: string }[];
  /** Authorisations under which the gate answered in the period. */
  readonly authorisations: readonly {
    readonly authorisationId: string;
    readonly sha256: string;
    readonly profileId: string | null;
    readonly allowed: number;
    readonly denied: number;
  }[];
  /** What was changed of what it runs under: authorisations, profiles, notices, keys, configurations. */
  readonly changes: readonly {
    readonly at: string;
    readonly type: LeafType;
    readonly actor: string;
    readonly what: string;
  }[];
  readonly incidents: number;
  readonly clockChecks: number;
  readonly recoveries: number;
  /** Leaves of the period whose content is not there, so that it is not counted. */
  readonly unreadable: { readonly erased: number; readonly withheld: number };
  /** What does not add up; empty where all does. */
  readonly problems: readonly TotalsProblem[];
}

export type Counted<What extends object> = What & { readonly count: number };

/** A rule of a camera. */
export interface RuleKey {
  readonly event: string;
  readonly cameraId: string;
  readonly ruleId: string;
}

export interface RunEvent {
  readonly at: string;
  /** Null for the whole engine. */
  readonly cameraId: string | null;
  readonly by: string;
  readonly reason: string | null;
}

export interface Suspension {
  readonly id: string;
  /** `everything`, `site` or a camera's id. */
  readonly scope: string;
  readonly cause: string;
  readonly from: string;
  /** Null while it lasts. */
  readonly until: string | null;
  readonly by: string;
  readonly reason: string;
  readonly releasedBy: string | null;
  readonly releaseReason: string | null;
  /** How much of it lies in the period. */
  readonly secondsInPeriod: number;
}

export interface Person {
  readonly pseudonym: string;
  readonly views: number;
  readonly exports: number;
  readonly dispositions: number;
}

export interface Access {
  readonly at: string;
  readonly by: string;
  /** The evidence, or what was exported. */
  readonly what: string;
  readonly alertId: string | null;
  readonly reason: string;
  readonly recipients: readonly string[];
}

/** Why a count cannot be relied on, with the leaves concerned. */
export interface TotalsProblem {
  readonly code:
    | "alert_twice"
    | "closed_without_raised"
    | "disposition_without_alert"
    | "disposition_twice"
    | "content_missing"
    | "content_unexpected"
    | "sums_differ";
  readonly count: number;
  /** At most 20 of them. */
  readonly leaves: readonly number[];
}
