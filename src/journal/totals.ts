import { z } from "zod";
import type { Period } from "./export-period.ts";
import type { LeafType } from "./leaf.ts";
import { type LogEntry, readCheckpoint, readLog } from "./log-reader.ts";
import { AlertTotals } from "./totals-alerts.ts";
import { Counter, ProblemList } from "./totals-counters.ts";
import type { Access, RuleKey, RunEvent, Suspension, Totals } from "./totals-figures.ts";

/**
 * Counts a period from a journal or a bundle that holds it. It reads all before the period too: an alert that was
 * raised earlier may have been disposed of in it.
 * @throws VERIFY_NO_JOURNAL, JOURNAL_DAMAGED
 */
export async function totalsOf(folder: string, period: Period): Promise<Totals> {
  const sums = new Sums(period);
  for await (const entry of readLog(folder)) sums.take(entry);
  const checkpoint = await readCheckpoint(folder);
  return sums.totals({
    origin: checkpoint?.origin ?? null,
    size: checkpoint?.size ?? 0,
    root: checkpoint?.root.toString("hex") ?? null,
  });
}

const text = z.string();
const shapes = {
  denials: z.object({
    cameraId: text,
    ruleId: text,
    event: text,
    reasons: z.array(text),
    count: z.int().min(0),
  }),
  shadow_counts: z.object({ cameraId: text, ruleId: text, event: text, count: z.int().min(0) }),
  run: z.object({ cameraId: text.nullish(), reason: text.nullish(), by: text.nullish() }),
  hold: z.object({
    id: text,
    scope: z.object({ kind: text, cameraId: text.optional() }),
    cause: text,
    at: text,
    by: text,
    reason: text,
    released: z.object({ at: text, by: text, reason: text }).nullable(),
  }),
  access: z.object({
    evidenceId: text.nullish(),
    what: text.nullish(),
    alertId: text.nullish(),
    reason: text,
    recipient: text.nullish(),
    recipients: z.array(text).nullish(),
  }),
  erasure: z.object({
    evidenceId: text.nullish(),
    cause: text.nullish(),
    leaves: z.array(z.int()).nullish(),
    seqs: z.array(z.int()).nullish(),
  }),
  health: z.object({ cameraId: text, kind: text, count: z.int().min(0).nullish() }),
  model: z.object({ name: text, sha256: text }),
  decision: z.object({
    allow: z.boolean(),
    profileId: text.nullable(),
    authorisationId: text.nullable(),
    authorisationSha256: text.nullable(),
  }),
  change: z.object({
    action: text.nullish(),
    id: text.nullish(),
    authorisationId: text.nullish(),
    configSha256: text.nullish(),
  }),
};

/** Types whose contents are needed whenever they were written: what they say reaches into later periods. */
const ALWAYS: readonly LeafType[] = ["alert", "disposition", "hold", "hold_released", "model"];
const CHANGES: readonly LeafType[] = [
  "profile",
  "authorisation",
  "thresholds",
  "certificate",
  "notice",
  "trust",
  "configuration",
  "documents_unreadable",
];

class Sums {
  readonly #period: Period;
  readonly #alerts: AlertTotals;
  readonly #leaves = new Counter<{ type: LeafType }>();
  readonly #denials = new Counter<RuleKey>();
  readonly #reasons = new Counter<{ reason: string }>();
  readonly #shadow = new Counter<RuleKey>();
  readonly #health = new Counter<{ cameraId: string; kind: string }>();
  readonly #causes = new Counter<{ cause: string }>();
  readonly #starts: RunEvent[] = [];
  readonly #stops: RunEvent[] = [];
  readonly #holds = new Map<string, z.output<typeof shapes.hold>>();
  readonly #persons = new Map<string, { views: number; exports: number; dispositions: number }>();
  readonly #views: Access[] = [];
  readonly #exports: Access[] = [];
  readonly #models = new Map<string, { name: string; sha256: string; since: string }>();
  readonly #authorisations = new Map<string, Totals["authorisations"][number]>();
  readonly #changes: Totals["changes"][number][] = [];
  readonly #unreadable = { erased: 0, withheld: 0 };
  readonly #problems = new ProblemList();
  #erasedPayloads = 0;
  #erasedEvidence = 0;
  /** The last model that was loaded before the period: it is in force at its beginning. */
  #modelBefore: { name: string; sha256: string; since: string } | null = null;

  constructor(period: Period) {
    this.#period = period;
    this.#alerts = new AlertTotals(period, this.#problems);
  }

  take(entry: LogEntry): void {
    const { leaf, content } = entry;
    const { fromUtc, toUtc } = this.#period;
    if (leaf.at >= toUtc) {
      if (leaf.type === "disposition") this.#alerts.take(entry);
      return;
    }
    const within = leaf.at >= fromUtc;
    if (within) this.#leaves.add({ type: leaf.type }, 1);
    if (!within && !ALWAYS.includes(leaf.type)) return;
    if (content.kind !== "kept") {
      if (within) this.#unreadable[content.kind] += 1;
      if (leaf.type === "alert" || leaf.type === "disposition" || within)
        this.#problems.add("content_missing", leaf.seq);
      return;
    }
    if (leaf.type === "alert" || leaf.type === "disposition") {
      const by = this.#alerts.take(entry);
      if (by !== null && within) this.#person(by).dispositions += 1;
      return;
    }
    if (!this.#count(entry, content.payload, within)) this.#problems.add("content_unexpected", leaf.seq);
  }

  totals(journal: Totals["journal"]): Totals {
    const alerts = this.#alerts.sums();
    const leaves = Object.fromEntries(this.#leaves.list().map(({ type, count }) => [type, count]));
    return {
      schema: "contrechamp/totals@1",
      journal,
      period: this.#period,
      leaves,
      alerts,
      denials: {
        total: this.#denials.list().reduce((sum, { count }) => sum + count, 0),
        byReason: this.#reasons.list(),
        rows: this.#denials.list(),
      },
      shadow: this.#shadow.list(),
      starts: this.#starts,
      stops: this.#stops,
      suspensions: [...this.#holds.values()].flatMap((hold) => this.#suspension(hold)),
      persons: [...this.#persons]
        .map(([pseudonym, counts]) => ({ pseudonym, ...counts }))
        .sort((a, b) => (a.pseudonym < b.pseudonym ? -1 : 1)),
      views: this.#views,
      exports: this.#exports,
      erasures: {
        evidence: this.#erasedEvidence,
        payloads: this.#erasedPayloads,
        byCause: this.#causes.list(),
      },
      health: this.#health.list(),
      models: [...(this.#modelBefore === null ? [] : [this.#modelBefore]), ...this.#models.values()],
      authorisations: [...this.#authorisations.values()],
      changes: this.#changes,
      incidents: leaves["incident"] ?? 0,
      clockChecks: leaves["clock_check"] ?? 0,
      recoveries: leaves["recovery"] ?? 0,
      unreadable: { ...this.#unreadable },
      problems: this.#problems.list(),
    };
  }

  /** @returns false where the content is not of the form that its type has */
  #count({ leaf }: LogEntry, payload: object, within: boolean): boolean {
    const { at, actor, type } = leaf;
    switch (type) {
      case "denials":
        return parsed(shapes.denials, payload, ({ cameraId, ruleId, event, reasons, count }) => {
          this.#denials.add({ event, cameraId, ruleId }, count);
          for (const reason of reasons) this.#reasons.add({ reason }, count);
        });
      case "shadow_counts":
        return parsed(shapes.shadow_counts, payload, ({ cameraId, ruleId, event, count }) =>
          this.#shadow.add({ event, cameraId, ruleId }, count),
        );
      case "start":
      case "stop":
        return parsed(shapes.run, payload, ({ cameraId, reason, by }) => {
          const list = type === "start" ? this.#starts : this.#stops;
          list.push({ at, cameraId: cameraId ?? null, by: by ?? actor, reason: reason ?? null });
        });
      case "hold":
      case "hold_released":
        return parsed(shapes.hold, payload, (hold) => this.#holds.set(hold.id, hold));
      case "view":
      case "export":
        return parsed(shapes.access, payload, (access) => {
          const { evidenceId, what, alertId, reason, recipient, recipients } = access;
          const list = type === "view" ? this.#views : this.#exports;
          const all = recipients ?? (typeof recipient === "string" ? [recipient] : []);
          list.push({
            at,
            by: actor,
            what: evidenceId ?? what ?? "",
            alertId: alertId ?? null,
            reason,
            recipients: all,
          });
          this.#person(actor)[type === "view" ? "views" : "exports"] += 1;
        });
      case "erasure":
        return parsed(shapes.erasure, payload, ({ evidenceId, cause, leaves, seqs }) => {
          const payloads = (leaves ?? seqs ?? []).length;
          this.#erasedPayloads += payloads;
          if (typeof evidenceId === "string") this.#erasedEvidence += 1;
          this.#causes.add({ cause: cause ?? "payloads" }, typeof evidenceId === "string" ? 1 : payloads);
        });
      case "health":
        return parsed(shapes.health, payload, ({ cameraId, kind, count }) =>
          this.#health.add({ cameraId, kind }, count ?? 1),
        );
      case "model":
        return parsed(shapes.model, payload, ({ name, sha256 }) => {
          const model = { name, sha256, since: at };
          if (!within) this.#modelBefore = model;
          else if (this.#modelBefore?.sha256 !== sha256 && !this.#models.has(sha256))
            this.#models.set(sha256, model);
        });
      case "decision":
        return parsed(shapes.decision, payload, (decision) => this.#decision(decision));
      default:
        if (!CHANGES.includes(type)) return true;
        return parsed(shapes.change, payload, ({ action, id, authorisationId, configSha256 }) => {
          const what = [action, authorisationId ?? id ?? configSha256].filter(
            (part) => typeof part === "string",
          );
          this.#changes.push({ at, type, actor, what: what.join(" ") });
        });
    }
  }

  #decision({
    allow,
    profileId,
    authorisationId,
    authorisationSha256,
  }: z.output<typeof shapes.decision>): void {
    if (authorisationId === null || authorisationSha256 === null) return;
    const before = this.#authorisations.get(authorisationSha256);
    this.#authorisations.set(authorisationSha256, {
      authorisationId,
      sha256: authorisationSha256,
      profileId,
      allowed: (before?.allowed ?? 0) + (allow ? 1 : 0),
      denied: (before?.denied ?? 0) + (allow ? 0 : 1),
    });
  }

  #suspension({
    id,
    scope,
    cause,
    at,
    by,
    reason,
    released,
  }: z.output<typeof shapes.hold>): readonly Suspension[] {
    const { from, to } = this.#period;
    const start = Date.parse(at);
    const end = released === null ? Number.POSITIVE_INFINITY : Date.parse(released.at);
    if (start >= to || end <= from) return [];
    return [
      {
        id,
        scope: scope.cameraId ?? scope.kind,
        cause,
        from: at,
        until: released?.at ?? null,
        by,
        reason,
        releasedBy: released?.by ?? null,
        releaseReason: released?.reason ?? null,
        secondsInPeriod: Math.max(0, Math.min(end, to) - Math.max(start, from)) / 1000,
      },
    ];
  }

  #person(pseudonym: string) {
    const found = this.#persons.get(pseudonym) ?? { views: 0, exports: 0, dispositions: 0 };
    this.#persons.set(pseudonym, found);
    return found;
  }
}

function parsed<S extends z.ZodType>(schema: S, value: unknown, then: (found: z.output<S>) => void): boolean {
  const found = schema.safeParse(value);
  if (found.success) then(found.data);
  return found.success;
}
