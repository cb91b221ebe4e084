import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type TimedEntry, writeTestLog } from "../../test/support/test-log.ts";
import { reconciles, totalsCsv } from "./export.ts";
import { parsePeriod } from "./export-period.ts";
import type { JournalEntry, Json } from "./leaf.ts";
import { totalsOf } from "./totals.ts";
import type { Totals } from "./totals-figures.ts";

let root: string;
const { privateKey } = generateKeyPairSync("ed25519");
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "contrechamp-totals-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** The week from Monday 22 July to Sunday 28 July 2024, in Paris. */
const WEEK = parsePeriod("2024-W30");
const BEFORE = "2024-07-21T21:59:59.999Z";
const FIRST = "2024-07-21T22:00:00.000Z";
const DURING = "2024-07-24T12:00:00.000Z";
const LAST = "2024-07-28T21:59:59.999Z";
const AFTER = "2024-07-28T22:00:00.000Z";

const at = (
  instant: string,
  type: JournalEntry["type"],
  payload: { readonly [key: string]: Json },
  actor = "engine",
): TimedEntry => ({ at: Date.parse(instant), type, actor, payload });
const raised = (instant: string, id: string, ruleId = "r1") =>
  at(instant, "alert", { id, kind: "raised", event: "zone_intrusion", cameraId: "cam-1", ruleId });
const closed = (instant: string, id: string) =>
  at(instant, "alert", { id, kind: "closed", event: "zone_intrusion", cameraId: "cam-1", ruleId: "r1" });
const disposed = (instant: string, alertId: string, outcome: string, correction: Json = null) =>
  at(
    instant,
    "disposition",
    { alertId, outcome, operatorPseudonym: "op-1", at: instant, correction },
    "op-1",
  );

async function count(entries: readonly TimedEntry[]): Promise<Totals> {
  const folder = await mkdtemp(join(root, "log-"));
  await writeTestLog(folder, "example.org/journal", privateKey, entries);
  return totalsOf(folder, WEEK);
}

describe("alerts", () => {
  test("each that was raised in the period has one outcome or is open", async () => {
    const totals = await count([
      raised(BEFORE, "earlier"),
      raised(FIRST, "a"),
      raised(DURING, "b"),
      raised(DURING, "c", "r2"),
      raised(DURING, "d", "r2"),
      raised(LAST, "e", "r2"),
      disposed(LAST, "earlier", "dismissed"),
      disposed(LAST, "a", "confirmed"),
      disposed(LAST, "b", "dismissed"),
      disposed(LAST, "c", "undetermined"),
      disposed(LAST, "d", "expired"),
      closed(LAST, "a"),
      raised(AFTER, "later"),
      disposed(AFTER, "e", "confirmed"),
      disposed(AFTER, "later", "confirmed"),
    ]);
    expect(reconciles(totals)).toBe(true);
    expect(totals.alerts).toMatchObject({
      raised: 5,
      confirmed: 1,
      dismissed: 1,
      undetermined: 1,
      expired: 1,
      open: 1,
      settledSince: 1,
      carriedOver: 1,
      disposedByPersons: 3,
      rows: [
        { ruleId: "r1", raised: 2, confirmed: 1, dismissed: 1, open: 0 },
        { ruleId: "r2", raised: 3, undetermined: 1, expired: 1, open: 1 },
      ],
    });
    expect(totals.persons).toEqual([{ pseudonym: "op-1", views: 0, exports: 0, dispositions: 4 }]);
  });

  test("a correction counts as the outcome, and as a correction", async () => {
    const totals = await count([
      raised(FIRST, "a"),
      disposed(DURING, "a", "dismissed"),
      disposed(LAST, "a", "confirmed", { replaces: "dismissed", reason: "wrong alert" }),
    ]);
    expect(totals.alerts).toMatchObject({ raised: 1, confirmed: 1, dismissed: 0, corrections: 1 });
    expect(reconciles(totals)).toBe(true);
  });

  test("somebody who looks after nobody did is no contradiction", async () => {
    const totals = await count([
      raised(FIRST, "a"),
      disposed(DURING, "a", "expired"),
      disposed(LAST, "a", "confirmed"),
    ]);
    expect(totals.alerts).toMatchObject({ raised: 1, confirmed: 1, expired: 0 });
    expect(reconciles(totals)).toBe(true);
  });

  test("the median is over what persons did", async () => {
    const seconds = (s: number) => new Date(Date.parse(DURING) + s * 1000).toISOString();
    const totals = await count([
      raised(DURING, "a"),
      raised(DURING, "b"),
      raised(DURING, "c"),
      raised(DURING, "d"),
      disposed(seconds(10), "a", "confirmed"),
      disposed(seconds(30), "b", "dismissed"),
      disposed(seconds(600), "c", "dismissed"),
      disposed(seconds(3600), "d", "expired"),
    ]);
    expect(totals.alerts).toMatchObject({ medianSecondsToDisposition: 30, disposedByPersons: 3 });
    expect((await count([raised(DURING, "a")])).alerts.medianSecondsToDisposition).toBeNull();
  });

  test.each([
    ["alert_twice", [raised(FIRST, "a"), raised(DURING, "a")]],
    ["closed_without_raised", [closed(DURING, "a")]],
    ["disposition_without_alert", [disposed(DURING, "a", "confirmed")]],
    [
      "disposition_twice",
      [raised(FIRST, "a"), disposed(DURING, "a", "confirmed"), disposed(LAST, "a", "dismissed")],
    ],
    ["content_unexpected", [at(DURING, "alert", { kind: "raised" })]],
    ["content_unexpected", [raised(FIRST, "a"), disposed(DURING, "a", "perhaps")]],
    ["content_unexpected", [at(DURING, "denials", { count: -1 })]],
  ] as const)("%s is said, and the counts are not called sound", async (code, entries) => {
    const totals = await count(entries);
    expect(totals.problems.map((problem) => problem.code)).toContain(code);
    expect(reconciles(totals)).toBe(false);
  });

  test("whatever happens in an orderly journal adds up", async () => {
    const story = fc.array(
      fc.record({
        rule: fc.constantFrom("r1", "r2", "r3"),
        start: fc.constantFrom(BEFORE, FIRST, DURING, LAST, AFTER),
        outcome: fc.constantFrom("confirmed", "dismissed", "undetermined", "expired", null),
        end: fc.constantFrom(BEFORE, FIRST, DURING, LAST, AFTER),
      }),
      { maxLength: 30 },
    );
    await fc.assert(
      fc.asyncProperty(story, async (alerts) => {
        const entries = alerts.flatMap(({ rule, start, outcome, end }, i) => [
          raised(start, `a${i}`, rule),
          ...(outcome === null || end < start ? [] : [disposed(end, `a${i}`, outcome)]),
        ]);
        const totals = await count(entries.sort((a, b) => a.at - b.at || (a.type === "alert" ? -1 : 1)));
        const { rows, ...all } = totals.alerts;
        expect(all.confirmed + all.dismissed + all.undetermined + all.expired + all.open).toBe(all.raised);
        expect(all.raised).toBe(alerts.filter(({ start }) => start > BEFORE && start < AFTER).length);
        for (const name of ["raised", "confirmed", "dismissed", "undetermined", "expired", "open"] as const) {
          expect(rows.reduce((sum, row) => sum + row[name], 0)).toBe(all[name]);
        }
        expect(reconciles(totals)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });
});

describe("the rest of a period", () => {
  const hold = (id: string, from: string, until: string | null) => ({
    id,
    scope: { kind: "camera", cameraId: "cam-1" },
    cause: "stop_switch",
    at: from,
    by: "op-1",
    reason: "test",
    released: until === null ? null : { at: until, by: "op-2", reason: "over" },
  });
  const entries = [
    at(BEFORE, "model", { name: "model", sha256: "a".repeat(64) }),
    at(BEFORE, "hold", hold("h1", BEFORE, null)),
    at(BEFORE, "denials", {
      cameraId: "cam-1",
      ruleId: "r1",
      event: "fire",
      reasons: ["expired"],
      count: 99,
    }),
    at(FIRST, "start", { cameraId: null }),
    at(FIRST, "model", { name: "other", sha256: "b".repeat(64) }),
    at(DURING, "hold_released", hold("h1", BEFORE, DURING), "op-2"),
    at(DURING, "denials", {
      cameraId: "cam-1",
      ruleId: "r1",
      event: "fire",
      reasons: ["expired", "no_notice"],
      count: 3,
    }),
    at(DURING, "denials", { cameraId: "cam-1", ruleId: "r1", event: "fire", reasons: ["expired"], count: 4 }),
    at(DURING, "shadow_counts", { cameraId: "cam-1", ruleId: "r1", event: "fire", count: 2 }),
    at(DURING, "view", { evidenceId: "e1", alertId: "a", reason: "confirmation" }, "op-1"),
    at(DURING, "export", { evidenceId: "e1", alertId: "a", reason: "request", recipient: "court" }, "op-1"),
    at(DURING, "erasure", { evidenceId: "e1", cause: "retention" }, "engine"),
    at(DURING, "erasure", { what: "payloads", leaves: [1, 2, 3], reason: "access log" }, "engine"),
    at(DURING, "health", { cameraId: "cam-1", kind: "stalled", count: 5 }),
    at(DURING, "health", { cameraId: "cam-1", kind: "stalled" }),
    at(DURING, "decision", {
      allow: true,
      profileId: "p",
      authorisationId: "urn:example:a",
      authorisationSha256: "c".repeat(64),
    }),
    at(DURING, "authorisation", { action: "suspended", id: "urn:example:a" }, "prefect"),
    at(LAST, "stop", { cameraId: "cam-1", reason: "SOURCE_LOST" }),
    at(LAST, "hold", hold("h2", LAST, null)),
    at(AFTER, "start", { cameraId: null }),
  ];

  test("is counted as far as it lies in it", async () => {
    const totals = await count(entries);
    expect(totals.problems).toEqual([]);
    expect(totals).toMatchObject({
      denials: {
        total: 7,
        byReason: [
          { reason: "expired", count: 7 },
          { reason: "no_notice", count: 3 },
        ],
        rows: [{ event: "fire", cameraId: "cam-1", ruleId: "r1", count: 7 }],
      },
      shadow: [{ count: 2 }],
      starts: [{ at: FIRST }],
      stops: [{ at: LAST, cameraId: "cam-1", reason: "SOURCE_LOST" }],
      suspensions: [
        {
          id: "h1",
          from: BEFORE,
          until: DURING,
          releasedBy: "op-2",
          secondsInPeriod: 2.5 * 86_400 + 2 * 3600,
        },
        { id: "h2", until: null, secondsInPeriod: 0.001 },
      ],
      persons: [{ pseudonym: "op-1", views: 1, exports: 1, dispositions: 0 }],
      views: [{ what: "e1", reason: "confirmation" }],
      exports: [{ what: "e1", recipients: ["court"] }],
      erasures: { evidence: 1, payloads: 3 },
      health: [{ cameraId: "cam-1", kind: "stalled", count: 6 }],
      models: [{ name: "model" }, { name: "other" }],
      authorisations: [{ authorisationId: "urn:example:a", allowed: 1, denied: 0 }],
      changes: [{ type: "authorisation", actor: "prefect", what: "suspended urn:example:a" }],
    });
  });

  test("as a table, it adds up to the same, and holds no formula", async () => {
    const totals = await count([...entries, at(AFTER, "view", { reason: "x" }, "=cmd()")]);
    const csv = totalsCsv(totals);
    const rows = csv.split("\r\n").map((line) => line.split(","));
    const denials = rows.filter(([section]) => section === "denials");
    expect(denials.map((row) => row[5])).toEqual(["7", "7"]);
    const danger = totalsCsv({
      ...totals,
      health: [{ cameraId: '=HYPERLINK("x")', kind: "a,b", count: 1 }],
    });
    expect(danger).toContain(`health,,"'=HYPERLINK(""x"")",,"a,b",1\r\n`);
  });
});
