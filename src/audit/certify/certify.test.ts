import { randomUUID } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  CERTIFIED_AT,
  certified,
  clips,
  exampleRecord,
  exampleThresholds,
  FIXED_AT,
  fixed,
  fixing,
  journalWith,
  pinnedOf,
  refusal,
  rules,
} from "../../../test/support/certified.ts";
import { HandClock } from "../../../test/support/hand-clock.ts";
import { testKeys } from "../../../test/support/policy-fixtures.ts";
import { openJournal } from "../../journal/journal.ts";
import type { Certificate, CertificateMeasurement } from "../../policy/certificate.ts";
import { documentText, inspectDocument } from "../../policy/documents.ts";
import { verifyCertificate } from "../../policy/verify-documents.ts";
import { certificateEntry, factsSha256 } from "./certify.ts";
import { findFixed } from "./fixed-thresholds.ts";
import { differences } from "./recompute.ts";

const { trust } = testKeys();
const SOURCE = exampleThresholds();
const STARTED = exampleRecord().startedAt;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "contrechamp-certify-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function journal(...args: Parameters<typeof journalWith> extends [string, ...infer R] ? R : never) {
  const place = join(folder, randomUUID());
  await journalWith(place, ...args);
  return place;
}

describe("thresholds in a journal", () => {
  it("are found with their line, and with all that was fixed and certified beside them", async () => {
    const other = exampleThresholds({ id: "urn:example:thresholds:2", validFor: "P3M" });
    const [, failed] = certified({}).toReversed();
    if (failed === undefined) throw new Error("there are two");
    const place = await journal([
      fixing(SOURCE),
      fixing(other),
      fixing(other),
      certificateEntry(failed.certificate, "valid"),
      certificateEntry(failed.certificate, "valid"),
      { type: "certificate", actor: "engine", payload: { id: "urn:example:another", passed: true } },
    ]);
    const found = await findFixed(place, SOURCE, STARTED);
    expect(found.leaf.seq).toBe(1);
    expect(found.leaf.at).toBe(new Date(FIXED_AT).toISOString());
    expect(found.leaf.leafHash).toMatch(/^[0-9a-f]{64}$/);
    expect(found).toMatchObject({ others: 1, vouched: false, pinned: { thresholdsSha256: SOURCE.sha256 } });
    const line = { event: failed.event, passed: failed.judgement.passed };
    expect(found.earlier).toMatchObject([line, line]);
  });

  it("count as they stood when the measurement began, where they were fixed more than once", async () => {
    const later = Date.parse(STARTED) - 500;
    const place = await journal([fixing(SOURCE, { configSha256: "a".repeat(64) })]);
    await journalWith(place, [fixing(SOURCE), fixing(SOURCE, { modelSha256: "b".repeat(64) })], later);
    const { pinned } = await findFixed(place, SOURCE, STARTED);
    expect(pinned.configSha256).toBe(pinnedOf(SOURCE).configSha256);
    expect(pinned.modelSha256).toBe(pinnedOf(SOURCE).modelSha256);
  });

  const lowered = exampleThresholds({ validFor: "P3M" });
  it.each<[string, () => Promise<string>, string]>([
    ["changed since", () => journal([fixing(lowered)]), "CERTIFY_NOT_FIXED"],
    ["never fixed", () => journal([]), "CERTIFY_NOT_FIXED"],
    [
      "fixed after the run began",
      () => journal([fixing(SOURCE)], Date.parse(STARTED) + 1),
      "CERTIFY_FIXED_LATE",
    ],
    ["fixed at the very instant", () => journal([fixing(SOURCE)], Date.parse(STARTED)), "CERTIFY_FIXED_LATE"],
    [
      "whose own words are not those of their hash",
      () => journal([fixing(SOURCE, { thresholds: pinnedOf(lowered).thresholds })]),
      "CERTIFY_NOT_FIXED",
    ],
    ["in no journal at all", async () => folder, "VERIFY_NO_JOURNAL"],
  ])("are refused: %s", async (_, place, code) => {
    const where = await place();
    expect(await refusal(() => findFixed(where, SOURCE, STARTED))).toContain(code);
  });

  it("say which line the file differs from", async () => {
    const place = await journal([fixing(lowered)]);
    const said = await refusal(() => findFixed(place, SOURCE, STARTED));
    expect(said).toContain(`sha256 ${lowered.sha256} (leaf 1): the file was changed since`);
  });

  it("are not fixed earlier by a clock that was set back", async () => {
    const place = await journal([], Date.parse(STARTED) + 60_000);
    await journalWith(place, [fixing(SOURCE)], FIXED_AT);
    expect(await refusal(() => findFixed(place, SOURCE, STARTED))).toContain("CERTIFY_FIXED_LATE");
  });

  it("are refused in a journal of which a byte was changed", async () => {
    const place = await journal([fixing(SOURCE)]);
    const segment = join(place, "payloads");
    const [name = ""] = (await readdir(segment)).filter((one) => one.endsWith(".jsonl"));
    const text = await readFile(join(segment, name), "utf8");
    expect(text).toContain('"recall":0.9');
    await writeFile(join(segment, name), text.replace('"recall":0.9', '"recall":0.5'));
    expect(await refusal(() => findFixed(place, SOURCE, STARTED))).toContain("CERTIFY_JOURNAL");
  });

  it("wait for the journal to sign their line", async () => {
    const place = await journal([]);
    const open = await openJournal(place, {
      clock: new HandClock(FIXED_AT),
      onFault: (fault) => {
        throw fault;
      },
    });
    try {
      await open.append(fixing(SOURCE));
      expect(await refusal(() => findFixed(place, SOURCE, STARTED))).toContain("CERTIFY_NOT_SIGNED");
      await open.checkpoint();
      expect((await findFixed(place, SOURCE, STARTED)).leaf.seq).toBe(1);
    } finally {
      await open.close();
    }
  });

  it("are refused in a journal that another key signed", async () => {
    const [place, other] = [await journal([fixing(SOURCE)]), await journal([])];
    const logKey = (await readFile(join(other, "public"), "utf8")).trim();
    expect(await refusal(() => findFixed(place, SOURCE, STARTED, { logKey }))).toContain("CERTIFY_JOURNAL");
  });
});

describe("a certificate", () => {
  it("passes or fails by its worse bounds, is signed either way, and is a sound document", () => {
    const [wrongWay, intrusion] = certified({});
    expect(wrongWay).toMatchObject({ event: "wrong_way", judgement: { passed: false } });
    expect(wrongWay?.judgement.shortfalls).toMatchObject([{ what: "recall", needed: 36 }]);
    expect(intrusion).toMatchObject({ event: "zone_intrusion", judgement: { passed: true, shortfalls: [] } });
    for (const { certificate } of certified({})) {
      expect(verifyCertificate(certificate, trust).signature).toBe("valid");
      const { document, problems } = inspectDocument(documentText(certificate, "c.yml"), "c.yml");
      expect(problems).toEqual([]);
      expect(document).toEqual(certificate);
    }
    expect(intrusion?.certificate.results).toMatchObject({ references: 60, hits: 60, exposureHours: 1 });
    expect(intrusion?.certificate.measurement).toMatchObject({
      thresholdsSha256: SOURCE.sha256,
      recordSha256: "cd".repeat(32),
    });
  });

  it("ends by the measurement's age: who signs later gains nothing, and who signs too late is refused", () => {
    const [early] = certified({});
    const [late] = certified({ now: CERTIFIED_AT + 60 * 24 * 3_600_000 });
    expect(early?.certificate.validUntil).toBe("2026-09-01T10:20:00.000Z");
    expect(late?.certificate).toMatchObject({
      id: early?.certificate.id,
      validUntil: early?.certificate.validUntil,
    });
    const now = Date.parse("2026-09-01T10:20:00Z");
    expect(() => certified({ now: now - 1 })).not.toThrow();
    expect(() => certified({ now })).toThrow("outdated");
  });

  it("is worked out again from what it rests on, and differs by exactly what was changed in it", () => {
    const measured = { record: exampleRecord(), file: "audit.json", sha256: "cd".repeat(32) };
    for (const { certificate } of certified({})) {
      const again = (stated: typeof certificate) => differences(stated, SOURCE, fixed(), measured, null);
      expect(again({ ...certificate, signature: null })).toEqual([]);
      expect(again({ ...certificate, issuedAt: "2026-03-02T11:00:00+02:00" })).toEqual([]);
      const { results } = certificate;
      expect(again({ ...certificate, results: { ...results, references: 1, exposureHours: 2 } })).toEqual([
        { path: "results.references", stated: "1", follows: "60" },
        { path: "results.exposureHours", stated: "2", follows: "1" },
      ]);
      expect(again({ ...certificate, validUntil: "2027-01-01T00:00:00Z" })).toHaveLength(1);
      const { measurement: _, ...byHand } = certificate;
      expect(again(byHand).every(({ path, stated }) => path === "measurement" && stated === null)).toBe(true);
      expect(again({ ...certificate, event: "fire" })).toEqual([
        { path: "event", stated: '"fire"', follows: null },
      ]);
    }
  });

  it("does not pass with fewer events than were demanded, however well they were found", () => {
    const { zone_intrusion: demanded } = SOURCE.thresholds.events;
    if (demanded === undefined) throw new Error("it is among the example's");
    const of = (minimumEvents: number) =>
      certified({
        source: exampleThresholds({ events: { zone_intrusion: { ...demanded, minimumEvents } } }),
      });
    expect(of(60)[0]?.certificate.passed).toBe(true);
    expect(of(61)[0]?.certificate.passed).toBe(false);
    expect(of(61)[0]?.judgement.shortfalls).toEqual([
      { what: "events", reached: 60, wanted: 61, needed: 61 },
    ]);
  });

  it.each<[string, (certificate: Certificate) => Certificate, string]>([
    [
      "thresholds that were fixed when it began",
      (one) =>
        withMeasurement(one, ({ startedAt, thresholdsLeaf }) => ({
          thresholdsLeaf: { ...thresholdsLeaf, at: startedAt },
        })),
      "are not in this order",
    ],
    [
      "an end before its beginning",
      (one) => withMeasurement(one, () => ({ endedAt: "2026-03-01T09:59:59Z" })),
      "are not in this order",
    ],
    ["an issue before its end", (one) => ({ ...one, issuedAt: STARTED }), "are not in this order"],
    [
      "a pass with too few events",
      (one) => withMeasurement(one, () => ({ minimumEvents: 61 })),
      "it is said to pass with 60 events, fewer than the 61 that it takes",
    ],
  ])("is no sound document with %s", (_, change, expected) => {
    const passed = certified({}).find(({ certificate }) => certificate.passed)?.certificate;
    if (passed === undefined) throw new Error("one of the example's passes");
    const { problems } = inspectDocument(documentText(change(passed), "c.yml"), "c.yml");
    expect(problems.map(({ code }) => code)).toEqual(["CERTIFICATE_CONTRADICTS"]);
    expect(problems[0]?.message).toContain(expected);
  });

  it("leaves a line in the journal that holds it whole", () => {
    for (const { certificate } of certified({})) {
      const { payload } = certificateEntry(certificate, "unknown_key");
      expect(payload).toMatchObject({ passed: certificate.passed, signature: "unknown_key" });
      expect(payload["certificate"]).toEqual(JSON.parse(JSON.stringify(certificate)));
    }
  });
});

describe("the hash of a record's facts", () => {
  it("is one on any machine and day, and another where a fact differs", () => {
    const facts = factsSha256(exampleRecord());
    expect(factsSha256(exampleRecord({ startedAt: "2026-03-05T10:00:00Z", command: "another" }))).toBe(facts);
    expect(factsSha256(exampleRecord(clips(() => ({ wallSeconds: 1, cpuSeconds: 1 }))))).toBe(facts);
    expect(factsSha256(exampleRecord(clips(() => ({ seconds: 1799 }))))).not.toBe(facts);
    const moved = rules(({ alerts }) => ({ alerts: alerts.map((one) => ({ ...one, at: one.at + 0.04 })) }));
    expect(factsSha256(exampleRecord(moved))).not.toBe(facts);
  });
});

function withMeasurement(
  certificate: Certificate,
  change: (measurement: CertificateMeasurement) => Partial<CertificateMeasurement>,
): Certificate {
  const { measurement } = certificate;
  if (measurement === undefined) throw new Error("the bench's certificates have one");
  return { ...certificate, measurement: { ...measurement, ...change(measurement) } };
}
