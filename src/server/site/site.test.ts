import { rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AccountsOfTest, accountsOfTest } from "../../../test/support/accounts.ts";
import { asPage, ORIGIN } from "../../../test/support/api.ts";
import { vaultSite } from "../../../test/support/vault-site.ts";
import type { Alert } from "../../alerts/alert.ts";
import { parseInclusionProof } from "../../journal/proof.ts";
import { readHolds } from "../../policy/hold-store.ts";
import { systemClock } from "../../time/clock.ts";
import type { Welcome } from "../accounts/sign-in.ts";
import { buildApi } from "../api/app.ts";
import { AlertBook } from "./alert-book.ts";
import { readTrace } from "./trace.ts";

let site: Awaited<ReturnType<typeof vaultSite>>;
let people: AccountsOfTest;
const faults: Error[] = [];
let ask: (method: string, path: string, as: Welcome, body?: unknown) => Promise<Response>;

beforeAll(async () => {
  site = await vaultSite(Date.UTC(2026, 10, 22, 8));
  people = await accountsOfTest();
  const { app } = buildApi({
    ...{ accounts: people.accounts, state: site.state, journal: site.journal, clock: systemClock },
    ...{ vault: { vault: site.vault, siteKey: site.siteKey }, standing: () => [] },
    ...{ cameras: ["gate", "hall"], version: "0.0.0", secure: false, origins: () => [ORIGIN] },
    onFault: (error) => faults.push(error),
  });
  ask = async (method, path, as, body) => {
    const text = JSON.stringify(body ?? {});
    const headers = {
      ...{ origin: ORIGIN, "content-type": "application/json", "content-length": `${text.length}` },
      ...asPage(people, as),
    };
    const request = new Request(`${ORIGIN}/api/v1${path}`, {
      method,
      headers,
      ...(method === "GET" ? {} : { body: text }),
    });
    return app.fetch(request, {});
  };
});
afterAll(async () => {
  await site.journal.close();
  await people.close();
  rmSync(site.state, { recursive: true, force: true });
});

const permit = (role: "operator" | "supervisor" | "auditor", cameraId: string | null) =>
  people.join(null, { grants: [{ role, cameraId, effect: "permit" }] });
const standing = async () => (await readHolds(site.state)).filter(({ released }) => released === null);

describe("the stop switch", () => {
  it("is for every operator, needs no reason, stands at once, and takes a supervisor and a reason to lift", async () => {
    const operator = await permit("operator", "gate");
    // Of one camera only that one.
    expect((await ask("POST", "/holds", operator, { cameraId: "hall", reason: null })).status).toBe(403);
    expect((await ask("POST", "/holds", operator, { cameraId: null, reason: null })).status).toBe(403);
    expect((await ask("POST", "/holds", operator, { cameraId: "nowhere", reason: null })).status).toBe(404);
    expect(await standing()).toEqual([]);
    const stopped = await ask("POST", "/holds", operator, { cameraId: "gate", reason: null });
    expect(stopped.status).toBe(201);
    const { hold, leaf } = (await stopped.json()) as { hold: { id: string }; leaf: number };
    expect(await standing()).toMatchObject([
      { id: hold.id, scope: { kind: "camera", cameraId: "gate" }, by: operator.person.pseudonym },
    ]);
    expect(leaf).toBeGreaterThanOrEqual(0);

    const path = `/holds/${hold.id}/release`;
    const reason = "looked at the place: nothing is wrong";
    expect((await ask("POST", path, operator, { reason })).status).toBe(403);
    const elsewhere = await permit("supervisor", "hall");
    expect((await ask("POST", path, elsewhere, { reason })).status).toBe(403);
    const supervisor = await permit("supervisor", null);
    expect((await ask("POST", path, supervisor, { reason: "  " })).status).toBe(400);
    expect(await standing()).toHaveLength(1);
    expect((await ask("POST", path, supervisor, { reason })).status).toBe(200);
    expect(await standing()).toEqual([]);
    expect((await ask("POST", path, supervisor, { reason })).status).toBe(404);
  });

  it("stops where the journal cannot be written, and lifts nothing then", async () => {
    const supervisor = await permit("supervisor", null);
    const append = site.journal.append;
    site.journal.append = () => Promise.reject(new Error("the disk is full"));
    try {
      const answer = await ask("POST", "/holds", supervisor, { cameraId: null, reason: "smoke" });
      expect(await answer.json()).toMatchObject({ hold: { reason: "smoke" }, leaf: null });
      expect(faults.splice(0)).toMatchObject([{ message: expect.stringContaining("the disk is full") }]);
      const [hold] = await standing();
      expect(hold).toMatchObject({ scope: { kind: "site" }, reason: "smoke" });
      const response = await ask("POST", `/holds/${hold?.id}/release`, supervisor, { reason: "over" });
      expect(await response.json()).toMatchObject({ status: 503, code: "HOLD_NO_TRACE" });
      expect(await standing()).toHaveLength(1);
    } finally {
      site.journal.append = append;
    }
  });
});

describe("the trace", () => {
  it("is an auditor's to read in pages, by type, leaf by leaf, with proofs that hold offline", async () => {
    const auditor = await permit("auditor", null);
    for (let i = 0; i < 7; i += 1)
      await site.journal.append({
        type: "health",
        actor: "engine",
        payload: { cameraId: "gate", number: i },
      });
    // A journal can be read from its first signed state on; what follows that state is read too, and not proved yet.
    const nothing = { items: [], next: null };
    expect(await (await ask("GET", "/journal", auditor)).json()).toEqual(nothing);
    expect(await (await ask("GET", "/journal/0", auditor)).json()).toMatchObject({
      code: "JOURNAL_UNSIGNED_YET",
    });
    await site.journal.checkpoint();
    await site.journal.append({ type: "clock_check", actor: "engine", payload: { jumpSeconds: 0 } });
    const seen: { leaf: { seq: number; type: string }; payload: unknown }[] = [];
    let cursor = "";
    do {
      const page = (await (await ask("GET", `/journal?limit=3${cursor}`, auditor)).json()) as {
        items: typeof seen;
        next: string | null;
      };
      seen.push(...page.items);
      cursor = page.next === null ? "" : `&cursor=${page.next}`;
    } while (cursor !== "");
    expect(seen.map(({ leaf }) => leaf.seq)).toEqual(seen.map((_, index) => index));
    expect(seen.length).toBe(site.journal.size);
    const health = (await (await ask("GET", "/journal?type=health", auditor)).json()) as {
      items: typeof seen;
    };
    expect(health.items).toEqual(seen.filter(({ leaf }) => leaf.type === "health"));
    const last = seen.at(-1);
    expect(await (await ask("GET", `/journal/${last?.leaf.seq}`, auditor)).json()).toEqual(last);
    const late = await ask("GET", `/journal/${last?.leaf.seq}/proof`, auditor);
    expect(await late.json()).toMatchObject({ code: "JOURNAL_UNSIGNED_YET" });
    await site.journal.checkpoint();
    const proof = await (await ask("GET", `/journal/${last?.leaf.seq}/proof`, auditor)).text();
    expect(parseInclusionProof(proof).index).toBe(last?.leaf.seq);
    expect((await ask("GET", "/journal/99999", auditor)).status).toBe(404);
    const operator = await permit("operator", null);
    expect((await ask("GET", "/journal", operator)).status).toBe(403);
  });
});

describe("alerts", () => {
  const raised = (id: string, cameraId: string): Alert => ({
    ...{ schema: "contrechamp/alert@1", id, kind: "raised", reason: null, event: "zone_intrusion", cameraId },
    ...{ ruleId: "r", place: { kind: "zone", id: "z", box: { x: 1, y: 2, width: 3, height: 4 } } },
    ...{
      at: "2026-11-22T08:00:00.000Z",
      footage: "live",
      decisionRef: "0".repeat(64),
      authorisationId: null,
    },
    ...{ streamTime: 9, since: 8, until: null, countBand: null, densityPerM2: null },
    ...{
      model: { name: "m", sha256: "1".repeat(64) },
      configSha256: "2".repeat(64),
      evidence: null,
      engineVersion: "0",
    },
  });
  const order = {
    outcome: "dismissed",
    reasonCode: "animal",
    secondsOnAlert: 4,
    isSure: false,
    correction: null,
  };
  const write = async (alert: Alert) => {
    await site.journal.append({ type: "alert", actor: "engine", payload: { ...alert } });
    await site.journal.checkpoint();
  };
  const idsSeen = async (as: Welcome, query = "") => {
    const page = (await (await ask("GET", `/alerts${query}`, as)).json()) as {
      items: { raised: { id: string } }[];
    };
    return page.items.map(({ raised }) => raised.id);
  };

  it("come in the order in which they were raised, and of one's own cameras alone", async () => {
    for (const [id, camera] of [
      ["a1", "gate"],
      ["a2", "hall"],
      ["a3", "gate"],
    ] as const)
      await write(raised(id, camera));
    await write({ ...raised("a1", "gate"), kind: "closed", reason: "cleared", until: 12 });
    const all = await permit("operator", null);
    const one = await permit("operator", "gate");
    expect(await idsSeen(all)).toEqual(["a1", "a2", "a3"]);
    expect(await idsSeen(one)).toEqual(["a1", "a3"]);
    expect((await ask("GET", "/alerts/a2", one)).status).toBe(404);
    expect((await ask("POST", "/alerts/a2/disposition", one, order)).status).toBe(404);
    expect(await (await ask("GET", "/alerts/a1", one)).json()).toMatchObject({
      closed: { reason: "cleared" },
      disposition: null,
    });
    const first = (await (await ask("GET", "/alerts?limit=2", all)).json()) as { next: string };
    expect(await idsSeen(all, `?limit=2&cursor=${first.next}`)).toEqual(["a3"]);
  });

  it("are disposed of once, by whoever is first; dismissed in one step, confirmed in two, corrected by supervisors", async () => {
    await write(raised("b1", "gate"));
    await write(raised("b2", "gate"));
    const [one, other] = [await permit("operator", "gate"), await permit("operator", "gate")];
    const say = (id: string, as: Welcome, change = {}) =>
      ask("POST", `/alerts/${id}/disposition`, as, { ...order, ...change });
    const both = await Promise.all([say("b1", one), say("b1", other, { reasonCode: "weather" })]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([201, 409]);
    expect(await idsSeen(one, "?state=open")).not.toContain("b1");

    const confirm = { outcome: "confirmed", reasonCode: "event_present" };
    expect(await (await say("b2", one, confirm)).json()).toMatchObject({ code: "DISPOSITION_NOT_CONFIRMED" });
    expect(await (await say("b2", one, { ...confirm, isSure: true })).json()).toMatchObject({
      disposition: { outcome: "confirmed", operatorPseudonym: one.person.pseudonym },
    });
    expect((await say("b2", one, { reasonCode: "event_present" })).status).toBe(409);
    expect((await say("b2", one, { correction: "a cat" })).status).toBe(403);
    const supervisor = await permit("supervisor", "gate");
    expect(await (await say("b2", supervisor, { correction: "a cat" })).json()).toMatchObject({
      disposition: { outcome: "dismissed", correction: { replaces: "confirmed" } },
      dispositions: [{ outcome: "confirmed" }, { outcome: "dismissed" }],
    });
    expect((await say("b1", supervisor, { reasonCode: "event_present", correction: "x" })).status).toBe(422);
  });

  it("are nobody's whose designation is over, and the journal has that; the stop switch still is", async () => {
    const lapsed = await people.join(null, {
      grants: [{ role: "operator", cameraId: null, effect: "permit" }],
      designation: { act: "AR-1", from: 0, until: 1 },
    });
    for (const path of ["/alerts", "/alerts/a1"])
      expect(await (await ask("GET", path, lapsed)).json()).toMatchObject({
        status: 403,
        code: "OPERATOR_LAPSED",
      });
    expect((await ask("POST", "/alerts/a1/disposition", lapsed, order)).status).toBe(403);
    expect(people.leaves.filter(({ type }) => type === "operator_lapsed")).toHaveLength(1);
    expect((await ask("POST", "/holds", lapsed, { cameraId: "hall", reason: null })).status).toBe(201);
  });

  it("show their redacted evidence to who says why, which the journal has first", async () => {
    const { sample } = await site.evidence();
    const id = sample.whole.id;
    await write({ ...raised("c1", "gate"), evidence: { kind: "sealed", id } });
    const one = await permit("operator", "gate");
    const look = (as: Welcome, body: object, alert = "c1") =>
      ask("POST", `/alerts/${alert}/evidence`, as, body);
    expect((await look(one, { file: "still", reason: " " })).status).toBe(400);
    const still = await look(one, { file: "still", reason: "alert c1" });
    expect(still.headers.get("content-type")).toBe("image/png");
    expect(still.headers.get("cache-control")).toBe("no-store");
    expect(Buffer.compare(Buffer.from(await still.arrayBuffer()), sample.still.value)).toBe(0);
    expect((await look(one, { file: "clip", reason: "alert c1" })).headers.get("content-type")).toBe(
      "video/mp4",
    );
    await site.journal.checkpoint();
    const { entries } = await readTrace(site.journal.folder, { from: 0, limit: 1000, type: "view" });
    expect(entries.map(({ leaf, content }) => [leaf.actor, content])).toMatchObject([
      [one.person.pseudonym, { payload: { evidenceId: id, file: "still", reason: "alert c1" } }],
      [one.person.pseudonym, { payload: { evidenceId: id, file: "clip" } }],
    ]);
    expect((await look(await permit("operator", "hall"), { file: "still", reason: "x" })).status).toBe(404);
    expect((await look(await permit("auditor", null), { file: "still", reason: "x" })).status).toBe(403);
    expect((await look(one, { file: "still", reason: "x" }, "a1")).status).toBe(404);
  });

  it("are booked up to a number, and the oldest is let go", async () => {
    const book = new AlertBook(site.journal.folder, 2);
    await Promise.all([book.refresh(), book.refresh()]);
    expect([...book.after(-1)].map(({ raised }) => raised.id)).toEqual(["b2", "c1"]);
    expect(book.dispositions("b2")).toHaveLength(2);
    expect(faults).toEqual([]);
  });
});
