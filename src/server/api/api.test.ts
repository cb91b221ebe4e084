import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeAt, PASSWORD } from "../../../test/support/accounts.ts";
import { type ApiOfTest, apiOfTest, asPage, ORIGIN } from "../../../test/support/api.ts";
import { ERRORS } from "../../errors.ts";
import type { Welcome } from "../accounts/sign-in.ts";
import { networkOf } from "./address.ts";
import { problemSchema } from "./problem.ts";
import { LARGEST_BODY } from "./protection.ts";
import { currentSessionSchema } from "./views.ts";

let api: ApiOfTest;
let admin: Welcome;
beforeAll(async () => {
  api = await apiOfTest();
  admin = api.administrator;
});
afterAll(() => api.close());

const json = async (response: Response) => (await response.json()) as Record<string, unknown>;
/** The status and code of a refusal, which must be a whole problem. */
async function refusalOf(response: Response): Promise<string> {
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  const problem = problemSchema.parse(await response.json());
  expect(problem.status).toBe(response.status);
  expect(problem.type).toBe(`urn:contrechamp:error:${problem.code}`);
  expect(Object.keys(ERRORS)).toContain(problem.code);
  expect(problem.detail).not.toBe("");
  return `${response.status} ${problem.code}`;
}
const signIn = (login: string, password: string, headers = {}) =>
  api.ask("POST", "/api/v1/session", { body: { login, password }, headers });

describe("signing in", () => {
  it("gives cookies that no script reads and no other site sends, and who it is", async () => {
    const { person } = await api.join("operator");
    const response = await signIn(person.login ?? "", PASSWORD);
    expect(response.status).toBe(200);
    const cookies = response.headers.getSetCookie();
    expect(cookies.map((cookie) => cookie.split("=")[0])).toEqual(["contrechamp", "contrechamp-device"]);
    for (const cookie of cookies) {
      expect(cookie).toMatch(/; HttpOnly/);
      expect(cookie).toMatch(/; SameSite=Strict/);
      expect(cookie).toMatch(/; Path=\//);
      expect(cookie).not.toMatch(/Domain/i);
    }
    expect(currentSessionSchema.parse(await response.json())).toMatchObject({
      stage: "open",
      person: { id: person.id, roles: ["operator"] },
    });
  });

  it("over TLS gives cookies of this host alone", async () => {
    const secure = await apiOfTest(true);
    const body = { login: "root.admin", password: PASSWORD };
    const response = await secure.ask("POST", "/api/v1/session", { body });
    expect(response.headers.getSetCookie()).toHaveLength(2);
    for (const cookie of response.headers.getSetCookie())
      expect(cookie).toMatch(/^__Host-contrechamp(-device)?=.*; Secure/);
    expect(response.headers.get("strict-transport-security")).toMatch(/max-age=\d{7}/);
    // A cookie without the prefix, which a subdomain could have set, is none.
    const { token } = secure.administrator;
    const sent = (cookie: string) => secure.ask("GET", "/api/v1/session", { headers: { cookie } });
    expect((await sent(`contrechamp=${token}`)).status).toBe(401);
    expect((await sent(`__Host-contrechamp=${token}`)).status).toBe(200);
    await secure.close();
  });

  it("says nothing of which of the two was wrong, and slows down", async () => {
    const { person } = await api.join("operator");
    const answers = new Set<string>();
    for (const login of ["nobody-has-this", person.login ?? ""]) {
      const response = await signIn(login, "not the password");
      answers.add(
        JSON.stringify([response.status, await response.clone().json(), [...response.headers.keys()]]),
      );
      expect(await refusalOf(response)).toBe("401 SIGN_IN_REFUSED");
    }
    expect(answers.size).toBe(1);
    for (let i = 0; i < 5; i += 1) await signIn(person.login ?? "", "not the password");
    const slowed = await signIn(person.login ?? "", PASSWORD);
    expect(Number(slowed.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await refusalOf(slowed)).toBe("429 SIGN_IN_THROTTLED");
  });

  it("with a second factor opens nothing until the code", async () => {
    const one = await api.join("operator");
    const begun = await api.ask("POST", "/api/v1/me/codes", { as: one, body: { password: PASSWORD } });
    const { secret } = (await begun.json()) as { secret: string };
    const code = codeAt(secret, api.clock.now());
    expect((await api.ask("PUT", "/api/v1/me/codes", { as: one, body: { code } })).status).toBe(204);
    const half = await signIn(one.person.login ?? "", PASSWORD);
    const stage = currentSessionSchema.parse(await half.json());
    expect(stage.stage).toBe("second_factor");
    expect(Object.keys(stage)).toEqual(["stage", "requestToken"]);
    const cookie = half.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    const headers = { cookie, "x-request-token": stage.requestToken };
    expect(await refusalOf(await api.ask("GET", "/api/v1/sessions", { headers }))).toBe(
      "401 SECOND_FACTOR_NEEDED",
    );
    const wrong = await api.ask("POST", "/api/v1/session/code", { headers, body: { code } });
    expect(await refusalOf(wrong)).toBe("401 SECOND_FACTOR_REFUSED");
    api.clock.pass(30);
    const next = { code: codeAt(secret, api.clock.now()) };
    const open = await api.ask("POST", "/api/v1/session/code", { headers, body: next });
    expect(currentSessionSchema.parse(await open.json()).stage).toBe("open");
    expect(open.headers.getSetCookie()[0]?.split(";")[0]).not.toBe(cookie);
    expect((await api.ask("GET", "/api/v1/session", { headers: { cookie } })).status).toBe(401);
  });
});

describe("a change", () => {
  const body = { removeCodes: false };
  it("is refused from a page of elsewhere, whatever cookie comes with it", async () => {
    const one = await api.join("operator");
    const change = (headers: Record<string, string>) =>
      api.ask("DELETE", "/api/v1/sessions", { as: one, headers });
    for (const headers of [
      { origin: "https://evil.example" },
      { origin: "null" },
      { origin: "http://127.0.0.1:8081" },
      { "x-request-token": "" },
      { "x-request-token": asPage(api, admin)["x-request-token"] },
    ])
      expect(await refusalOf(await change(headers))).toBe("403 REQUEST_FOREIGN");
    expect((await change({})).status).toBe(204);
  });

  it("is refused where the browser says that another site asked, and no origin is there", async () => {
    const asked = async (site: string, path: string, method = "POST") => {
      const request = new Request(`${ORIGIN}${path}`, {
        method,
        headers: { "sec-fetch-site": site, "content-type": "application/json" },
        body: JSON.stringify({ login: "a", password: "b" }),
      });
      return refusalOf(await api.app.fetch(request, {}));
    };
    for (const site of ["cross-site", "same-site"])
      expect(await asked(site, "/api/v1/session")).toBe("403 REQUEST_FOREIGN");
    expect(await asked("same-origin", "/api/v1/session")).toBe("401 SIGN_IN_REFUSED");
  });

  it("of a person needs the version that it was made from", async () => {
    const { person } = await api.join("operator");
    const at = `/api/v1/persons/${person.id}`;
    const change = (headers: Record<string, string>) =>
      api.ask("PATCH", at, { as: admin, headers, body: { name: "Somebody Else" } });
    expect(await refusalOf(await change({}))).toBe("428 VERSION_NEEDED");
    expect(await refusalOf(await change({ "if-match": '"9"' }))).toBe("412 PERSON_CHANGED");
    expect(await refusalOf(await change({ "if-match": "W/x" }))).toBe("412 PERSON_CHANGED");
    const tag = (await api.ask("GET", at, { as: admin })).headers.get("etag") ?? "";
    const changed = await change({ "if-match": tag });
    expect(await json(changed)).toMatchObject({ name: "Somebody Else", version: 2 });
    expect(changed.headers.get("etag")).toBe('"2"');
    const gone = await api.ask("DELETE", at, { as: admin, headers: { "if-match": '"2"' } });
    expect(gone.status).toBe(204);
    expect(await json(await api.ask("GET", at, { as: admin }))).toMatchObject({ name: null, login: null });
    const link = await api.ask("POST", `${at}/link`, { as: admin, body });
    expect(await refusalOf(link)).toBe("409 PERSON_LEFT");
  });
});

describe("an answer", () => {
  it("is nobody's to frame, to guess the type of, to cache or to read from another site", async () => {
    for (const path of ["/api/v1/openapi.json", "/api/v1/session", "/", "/api/v1/persons/../../etc/passwd"]) {
      const { headers } = await api.ask("GET", path);
      expect(headers.get("content-security-policy")).toMatch(/^default-src 'none';.*frame-ancestors 'none'/);
      expect(headers.get("content-security-policy")).not.toMatch(/unsafe/);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("cache-control")).toBe("no-store");
      expect(headers.get("referrer-policy")).toBe("no-referrer");
      expect(headers.get("cross-origin-resource-policy")).toBe("same-origin");
      expect(headers.get("access-control-allow-origin")).toBeNull();
    }
  });

  it("is given under this server's own names alone", async () => {
    const response = await api.app.request("http://rebound.example:8080/api/v1/openapi.json");
    expect(await refusalOf(response)).toBe("421 REQUEST_HOST");
  });

  it("that has not changed is not sent again", async () => {
    const first = await api.ask("GET", "/api/v1/persons", { as: admin });
    const tag = first.headers.get("etag") ?? "";
    const headers = { "if-none-match": tag };
    const again = await api.ask("GET", "/api/v1/persons", { as: admin, headers });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe("");
    await api.join("operator");
    expect((await api.ask("GET", "/api/v1/persons", { as: admin, headers })).status).toBe(200);
  });

  it("of a list comes in pages, whose cursors are none of somebody's making", async () => {
    for (let i = 0; i < 5; i += 1) await api.join(null);
    const ids: string[] = [];
    let cursor = "";
    do {
      const path = `/api/v1/persons?limit=3${cursor}`;
      const { items, next } = (await (await api.ask("GET", path, { as: admin })).json()) as {
        items: { id: string }[];
        next: string | null;
      };
      expect(items.length).toBeLessThanOrEqual(3);
      ids.push(...items.map(({ id }) => id));
      cursor = next === null ? "" : `&cursor=${encodeURIComponent(next)}`;
    } while (cursor !== "");
    const all = await api.accounts.list({ after: null, limit: 1000 });
    expect(ids).toEqual(all.map(({ id }) => id));
    for (const made of [
      "x",
      Buffer.from('{"addedAt":1}').toString("base64url"),
      Buffer.from("[").toString("base64url"),
    ])
      expect(await refusalOf(await api.ask("GET", `/api/v1/persons?cursor=${made}`, { as: admin }))).toBe(
        "400 CURSOR_INVALID",
      );
    expect(await refusalOf(await api.ask("GET", "/api/v1/persons?limit=0", { as: admin }))).toBe(
      "400 REQUEST_INVALID",
    );
    expect(await refusalOf(await api.ask("GET", "/api/v1/persons?rank=1", { as: admin }))).toBe(
      "400 REQUEST_INVALID",
    );
  });

  it.each([
    ["a body that is no JSON", { body: "{" }, "400 REQUEST_UNREADABLE"],
    [
      "a body of another type",
      { body: "a=b", headers: { "content-type": "text/plain" } },
      "415 REQUEST_MEDIA_TYPE",
    ],
    ["no body", {}, "400 REQUEST_INVALID"],
    ["a key more", { body: { login: "a", password: "b", trackId: 1 } }, "400 REQUEST_INVALID"],
    [
      "a password of a megabyte",
      { body: { login: "a", password: "x".repeat(1e6) } },
      "413 REQUEST_TOO_LARGE",
    ],
    [
      "a password of a page",
      { body: { login: "a", password: "x".repeat(LARGEST_BODY / 2) } },
      "400 REQUEST_INVALID",
    ],
  ])("to %s says so", async (_, asked, expected) => {
    expect(await refusalOf(await api.ask("POST", "/api/v1/session", asked))).toBe(expected);
  });

  it("names each place of a request that is wrong", async () => {
    const response = await api.ask("POST", "/api/v1/persons", {
      as: admin,
      body: { login: "No Spaces!", grants: [{}] },
    });
    const { errors } = problemSchema.parse(await response.json());
    expect(errors.map(({ path }) => path)).toEqual(
      expect.arrayContaining(["login", "name", "grants.0.role"]),
    );
  });

  it("to what should not happen says nothing of it, and tells whoever runs the server", async () => {
    const broken = await apiOfTest();
    await broken.accounts.close();
    const response = await broken.ask("GET", "/api/v1/session", { as: broken.administrator });
    const text = await response.clone().text();
    expect(await refusalOf(response)).toBe("500 INTERNAL");
    expect(text).not.toMatch(/driver|destroyed|sqlite/i);
    expect(broken.faults.map(({ message }) => message).join()).toMatch(/destroyed/);
  });
});

describe("where a request comes from", () => {
  it.each([
    ["192.0.2.1", "192.0.2.1"],
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["2001:db8:1:2:aaaa:bbbb:cccc:dddd", "2001:db8:1:2::/64"],
    ["2001:db8:1:2::1", "2001:db8:1:2::/64"],
    ["2001:db8::", "2001:db8:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
    ["unknown", "unknown"],
  ])("%s is %s", (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
