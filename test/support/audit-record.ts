import type { AlertFact, AuditRecord, ClipFact, ReferenceFact, RuleFact } from "../../src/audit/record.ts";

const HASH = "0123456789abcdef".repeat(4);

/** A reference event of 3 s that was missed, unless told otherwise. */
export function referenceFact(begin: number, over: Partial<ReferenceFact> = {}): ReferenceFact {
  return {
    begin,
    end: begin + 3,
    tolerance: 1,
    box: null,
    conditions: {},
    alert: null,
    still: null,
    ...over,
  };
}

/** An alert of nothing, unless told otherwise. */
export function alertFact(at: number, over: Partial<AlertFact> = {}): AlertFact {
  return {
    at,
    until: null,
    confidence: null,
    box: null,
    outcome: "false_alarm",
    reference: null,
    origin: null,
    still: null,
    ...over,
  };
}

export function ruleFact(event: string, over: Partial<RuleFact> = {}): RuleFact {
  return {
    rule: `${event}-rule`,
    event,
    watched: true,
    reason: null,
    after: null,
    references: [],
    alerts: [],
    ...over,
  };
}

/**
 * A rule with references every 10 s, the first `hits` of them found 1 s after they began, and false alarms in between.
 */
export function matchedRule(
  event: string,
  { references, hits, falseAlarms = 0 }: { references: number; hits: number; falseAlarms?: number },
  over: Partial<RuleFact> = {},
): RuleFact {
  return ruleFact(event, {
    references: Array.from({ length: references }, (_, index) =>
      referenceFact(10 * index, { alert: index < hits ? index : null }),
    ),
    alerts: [
      ...Array.from({ length: hits }, (_, index) =>
        alertFact(10 * index + 1, { outcome: "hit", reference: index }),
      ),
      ...Array.from({ length: falseAlarms }, (_, index) => alertFact(10 * index + 7)),
    ],
    ...over,
  });
}

export function clipFact(id: string, over: Partial<ClipFact> = {}): ClipFact {
  return {
    id,
    seconds: 600,
    camera: `camera-of-${id}`,
    conditions: {},
    videoSha256: HASH,
    referenceSha256: HASH,
    picture: { width: 640, height: 360 },
    rules: [],
    counts: null,
    tracking: null,
    contested: [],
    background: null,
    wallSeconds: 60,
    cpuSeconds: 90,
    health: [],
    suspendedSeconds: 0,
    fault: null,
    ...over,
  };
}

/** A record of this engine over clips; with `log`, of a log. */
export function auditRecord(clips: readonly ClipFact[], over: Partial<AuditRecord> = {}): AuditRecord {
  return {
    schema: "contrechamp/audit@1",
    suite: { name: "example suite", sha256: HASH },
    system: {
      kind: "engine",
      name: "contrechamp",
      version: "0.1.0",
      model: "example-network",
      modelSha256: HASH,
      configSha256: HASH,
    },
    settings: { alignment: "instant", recallBias: 1 },
    startedAt: "2026-03-01T10:00:00Z",
    endedAt: "2026-03-01T10:20:00Z",
    command: "contrechamp audit run example.yml --report out",
    clips: [...clips],
    log: null,
    ...over,
  };
}
