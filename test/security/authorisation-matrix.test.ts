import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Welcome } from "../../src/server/accounts/sign-in.ts";
import { ACCESS, type Access } from "../../src/server/api/access.ts";
import { type ApiOfTest, apiOfTest, operationsOf } from "../support/api.ts";

/** Who there is: with and without a session, with each role, and with a role for one camera alone. */
const WHO = [
  "nobody",
  "half administrator",
  "no role",
  "operator",
  "supervisor",
  "auditor",
  "administrator",
  "denied administrator",
  "camera administrator",
] as const;
type Who = (typeof WHO)[number];

let api: ApiOfTest;
const people = new Map<Who, Welcome | null>();

beforeAll(async () => {
  api = await apiOfTest();
  const grant = (cameraId: string | null, effect: "permit" | "deny") =>
    ({ role: "administrator", cameraId, effect }) as const;
  people.set("nobody", null);
  people.set("half administrator", await api.half("administrator"));
  people.set("no role", await api.join(null));
  for (const role of ["operator", "supervisor", "auditor", "administrator"] as const)
    people.set(role, await api.join(role));
  const denied = { grants: [grant(null, "permit"), grant(null, "deny")] };
  people.set("denied administrator", await api.join(null, denied));
  people.set("camera administrator", await api.join(null, { grants: [grant("gate", "permit")] }));
});
afterAll(() => api.close());

/** What the matrix means, said again in other words than the guard's. */
function refusal(access: Access, who: Who): 401 | 403 | null {
  if (access.kind === "anyone") return null;
  if (who === "nobody") return 401;
  if (access.kind === "half") return null;
  if (who === "half administrator") return 401;
  if (access.kind === "signed_in") return null;
  const roles: readonly string[] = access.roles;
  if (access.kind === "somewhere" && who === "camera administrator")
    return roles.includes("administrator") ? null : 403;
  return roles.includes(who) ? null : 403;
}

const REFUSALS = new Set(["SESSION_NEEDED", "SECOND_FACTOR_NEEDED", "ROLE_NEEDED"]);

describe("the authorisation matrix", () => {
  test("has a line for each route that the server answers, and no other", () => {
    const described = operationsOf(api);
    expect(described.map(({ id }) => id).toSorted()).toEqual(Object.keys(ACCESS).toSorted());
    // What hono would answer, whether it is described or not; `ALL` is what stands before every route.
    const answered = api.app.routes.filter(({ method }) => method !== "ALL");
    const places = new Set(answered.map(({ method, path }) => `${method} ${path}`));
    expect([...places].toSorted()).toEqual(
      described
        .map(({ method, path }) => `${method.toUpperCase()} /api/v1${path.replaceAll(/\{(\w+)\}/g, ":$1")}`)
        .toSorted(),
    );
  });

  test.each(WHO)("is what each route does for: %s", async (who) => {
    const wrong: string[] = [];
    for (const { method, path, id } of operationsOf(api)) {
      // Ending a session would leave nobody to ask the rest.
      const as = people.get(who) ?? null;
      if (["signOut", "endOtherSessions"].includes(id) && as !== null) continue;
      const place = `/api/v1${path.replaceAll(/\{\w+\}/g, randomUUID())}`;
      const sendsBody = ["post", "put", "patch"].includes(method);
      const response = await api.ask(method.toUpperCase(), place, { as, ...(sendsBody ? { body: {} } : {}) });
      const expected = refusal(ACCESS[id as keyof typeof ACCESS], who);
      const { code } =
        response.status < 400 ? { code: "" } : ((await response.json()) as { readonly code: string });
      const refused = REFUSALS.has(code) ? response.status : null;
      if (refused !== expected) wrong.push(`${id}: ${response.status} ${code}, expected ${expected}`);
    }
    expect(wrong).toEqual([]);
    expect(api.faults).toEqual([]);
  });

  test("refuses before it looks at what was sent", async () => {
    const as = people.get("operator") ?? null;
    const response = await api.ask("POST", "/api/v1/persons", { as, body: "{ not JSON" });
    expect(response.status).toBe(403);
    expect((await api.ask("GET", "/api/v1/persons/not-an-id", { as })).status).toBe(403);
  });

  test("holds after the role was taken away, in a session that was open before", async () => {
    const { person, ...begun } = await api.join("administrator");
    const as = { person, ...begun };
    expect((await api.ask("GET", "/api/v1/persons", { as })).status).toBe(200);
    await api.accounts.change(api.administrator.person, person.id, person.version, { grants: [] });
    expect((await api.ask("GET", "/api/v1/persons", { as })).status).toBe(403);
    const now = await api.accounts.read(person.id);
    await api.accounts.end(api.administrator.person, person.id, now.version);
    expect((await api.ask("GET", "/api/v1/session", { as })).status).toBe(401);
  });
});
