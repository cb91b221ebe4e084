import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeAt, newAccounts, PASSWORD } from "../../test/support/accounts.ts";
import { buildApi } from "./api/app.ts";
import { type Listening, listen, originsOf } from "./listen.ts";

type Site = Awaited<ReturnType<typeof newAccounts>>;
let site: Site;
let server: Listening;
const faults: unknown[] = [];
beforeAll(async () => {
  site = await newAccounts();
  const { app } = buildApi({
    ...{ accounts: site.accounts, state: site.state, journal: site.journal, clock: site.clock },
    ...{ cameras: [], standing: () => [], vault: null },
    version: "0.0.0",
    origins: () => server.origins,
    secure: false,
    onFault: (error) => faults.push(error),
  });
  server = await listen({ host: "127.0.0.1", port: 0, origin: null }, app.fetch);
});
afterAll(async () => {
  await server.close(1);
  await site.close();
});

/** A browser: keeps cookies, and sends what its page knows. */
class Browser {
  readonly #cookies = new Map<string, string>();
  #requestToken = "";

  async ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const origin = `http://127.0.0.1:${server.port}`;
    const response = await fetch(`${origin}/api/v1${path}`, {
      method,
      headers: {
        origin,
        cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; "),
        "x-request-token": this.#requestToken,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ""] = cookie.split(";");
      const at = pair.indexOf("=");
      if (/Max-Age=0/i.test(cookie)) this.#cookies.delete(pair.slice(0, at));
      else this.#cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    const text = await response.text();
    const json = text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
    if (typeof json["requestToken"] === "string") this.#requestToken = json["requestToken"];
    return { status: response.status, etag: response.headers.get("etag") ?? "", json };
  }
}

describe("a server on loopback", () => {
  it("goes the whole way: first start, a person invited, a second factor, a role changed, signed out", async () => {
    const link = await site.accounts.signIn.firstLink();
    const admin = new Browser();
    expect((await admin.ask("GET", "/session")).status).toBe(401);
    const first = {
      token: link?.token,
      login: "a.admin",
      name: "A. Admin",
      pseudonym: "adm-1",
      password: PASSWORD,
    };
    expect(await admin.ask("POST", "/link/first-start", first)).toMatchObject({
      status: 200,
      json: { stage: "open" },
    });
    const from = "2026-11-01T00:00:00+01:00";
    const until = "2026-12-01T00:00:00+01:00";
    const added = await admin.ask("POST", "/persons", {
      ...{ login: "o.peron", name: "O. Peron", pseudonym: "op-1" },
      grants: [{ role: "operator", cameraId: "north-gate", effect: "permit" }],
      designation: { act: "AR-2026-12", from, until },
      training: { syllabus: "S1", on: from, until },
    });
    expect(added).toMatchObject({
      status: 201,
      json: { person: { hasPassword: false, designation: { from: "2026-10-31T23:00:00.000Z" } } },
    });
    const { person, link: invitation } = added.json as { person: { id: string }; link: { token: string } };

    const operator = new Browser();
    const accepted = { token: invitation.token, password: `${PASSWORD}, vraiment` };
    expect((await operator.ask("POST", "/link/invitation", accepted)).json["stage"]).toBe("open");
    expect((await operator.ask("GET", "/persons")).status).toBe(403);
    const { json: codes } = await operator.ask("POST", "/me/codes", { password: accepted.password });
    const secret = String(codes["secret"]);
    const code = () => ({ code: codeAt(secret, site.clock.now()) });
    expect((await operator.ask("PUT", "/me/codes", code())).status).toBe(204);
    expect((await operator.ask("DELETE", "/session")).status).toBe(204);
    expect((await operator.ask("GET", "/session")).status).toBe(401);
    const credentials = { login: "O.Peron", password: accepted.password };
    expect((await operator.ask("POST", "/session", credentials)).json["stage"]).toBe("second_factor");
    site.clock.pass(30);
    expect((await operator.ask("POST", "/session/code", code())).json["stage"]).toBe("open");

    const { etag } = await admin.ask("GET", `/persons/${person.id}`);
    const grants = [{ role: "auditor", cameraId: null, effect: "permit" }];
    const changed = await admin.ask("PATCH", `/persons/${person.id}`, { grants }, { "if-match": etag });
    expect(changed.json["roles"]).toEqual(["auditor"]);
    expect((await admin.ask("DELETE", `/persons/${person.id}/sessions`)).status).toBe(204);
    expect((await operator.ask("GET", "/session")).status).toBe(401);
    expect(site.leaves.map(({ type, actor }) => `${type} ${actor}`)).toEqual([
      ...["person adm-1", "sign_in adm-1", "person adm-1", "person op-1", "sign_in op-1", "person op-1"],
      ...["sign_in op-1", "sign_in op-1", "person adm-1", "sign_in adm-1"],
    ]);
    expect(faults).toEqual([]);
  });

  it("answers no name but its own, and what is no HTTP not at all", async () => {
    const say = (text: string) =>
      new Promise<string>((resolve, reject) => {
        const socket = connect(server.port, "127.0.0.1", () => socket.write(text));
        let heard = "";
        socket.on("data", (bytes) => {
          heard += bytes;
        });
        socket.on("close", () => resolve(heard)).on("error", reject);
      });
    const get = (host: string) =>
      say(`GET /api/v1/openapi.json HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    expect(await get(`127.0.0.1:${server.port}`)).toMatch(/^HTTP\/1\.1 200 /);
    expect(await get(`localhost:${server.port}`)).toMatch(/^HTTP\/1\.1 200 /);
    expect(await get("rebound.example")).toMatch(/^HTTP\/1\.1 421 /);
    for (const host of ["", "a b", "evil/", "[", "@"]) expect(await get(host)).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(await say("\u0000\u0001 what\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 /);
    expect(
      await say(`GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX: ${"y".repeat(20_000)}\r\n\r\n`),
    ).toMatch(/^HTTP\/1\.1 431 /);
  });

  it("says so where the port is taken, and refuses to send passwords over a network in clear", async () => {
    const answering = () => new Response();
    const again = listen({ host: "127.0.0.1", port: server.port, origin: null }, answering);
    await expect(again).rejects.toMatchObject({ code: "LISTEN_FAILED" });
    for (const host of ["0.0.0.0", "::", "192.0.2.1", "127.0.0.1.example"])
      for (const origin of [null, "http://site.example"])
        await expect(listen({ host, port: 0, origin }, answering)).rejects.toMatchObject({
          code: "LISTEN_IN_CLEAR",
        });
  });

  it("is opened under the names that browsers write", () => {
    expect(originsOf({ host: "127.0.0.1", port: 80, origin: null })).toContain("http://localhost");
    expect(originsOf({ host: "::1", port: 8080, origin: null })).toContain("http://[::1]:8080");
    expect(originsOf({ host: "127.0.0.1", port: 8080, origin: "https://vsa.example.org/" })).toEqual([
      "https://vsa.example.org",
    ]);
  });
});
