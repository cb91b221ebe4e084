import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { prepareScene } from "../../src/scenes/catalogue.ts";
import { writeScene } from "../../src/scenes/write.ts";
import { PASSWORD } from "../support/accounts.ts";
import { writeStudy } from "../support/authority.ts";

const LAUNCHER = fileURLToPath(new URL("../../bin/contrechamp", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "contrechamp-serve-"));
let server: ChildProcess;
let said = "";
let camera = "";
let origin = "";

/** Waits for something to be there. */
async function until<T>(look: () => T | null | Promise<T | null>): Promise<T> {
  for (let i = 0; i < 600; i += 1) {
    const found = await look();
    if (found !== null) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`it did not come; said: ${said}`);
}

beforeAll(async () => {
  const script = prepareScene("plaza-intrusion", 1, { seconds: 14, rate: 8, width: 480, height: 270 });
  camera = script.name;
  const { config, video } = writeScene(script, folder);
  const study = await writeStudy(join(folder, "documents"), [video], { cameras: [camera] });
  const args = [
    "serve",
    "--config",
    config,
    ...study,
    "--out",
    join(folder, "out"),
    "--port",
    "0",
    "--lang",
    "en",
  ];
  server = spawn(process.execPath, [LAUNCHER, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [server.stdout, server.stderr])
    stream?.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  origin = await until(() => /Serving (http:\/\/127\.0\.0\.1:\d+)\/api\/v1/.exec(said)?.[1] ?? null);
});
afterAll(() => {
  server.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

/** A session: its cookie and its request token. */
function session() {
  let cookie = "";
  let requestToken = "";
  return async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${origin}/api/v1${path}`, {
      method,
      headers: { origin, cookie, "x-request-token": requestToken, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const [set] = response.headers.getSetCookie();
    if (set !== undefined) cookie = set.split(";")[0] ?? "";
    const text = await response.text();
    const json = (text === "" ? {} : JSON.parse(text)) as Record<string, unknown>;
    if (typeof json["requestToken"] === "string") requestToken = json["requestToken"];
    return { status: response.status, json };
  };
}

describe("contrechamp serve", () => {
  it("makes the first person by its token, shows an operator the engine's alerts, and ends in order", async () => {
    const token = await until(() => /\n {2}([\w-]{43})\n/.exec(said)?.[1] ?? null);
    const admin = session();
    const first = { token, login: "root", name: "Root", pseudonym: "adm-1", password: PASSWORD };
    expect((await admin("POST", "/link/first-start", first)).status).toBe(200);
    expect((await admin("GET", "/alerts")).status).toBe(403);
    const [from, until_] = ["2020-01-01T00:00:00Z", "2100-01-01T00:00:00Z"];
    const { json: added } = await admin("POST", "/persons", {
      ...{ login: "op", name: "Op", pseudonym: "op-1" },
      grants: [{ role: "operator", cameraId: camera, effect: "permit" }],
      designation: { act: "AR-1", from, until: until_ },
      training: { syllabus: "S1", on: from, until: until_ },
    });
    const { link } = added as { link: { token: string } };
    const operator = session();
    await operator("POST", "/link/invitation", { token: link.token, password: PASSWORD });
    const { json } = await operator("GET", "/cameras");
    expect(json).toMatchObject({
      items: [{ id: camera, rules: [{ event: "zone_intrusion", allow: true }] }],
    });

    const alert = await until(async () => {
      const { items } = (await operator("GET", "/alerts")).json as { items?: { raised: { id: string } }[] };
      return items?.[0] ?? null;
    });
    const order = { outcome: "dismissed", reasonCode: "exercise_or_test", secondsOnAlert: 1, isSure: false };
    const path = `/alerts/${alert.raised.id}/disposition`;
    expect(await operator("POST", path, { ...order, correction: null })).toMatchObject({
      status: 201,
      json: { disposition: { outcome: "dismissed", operatorPseudonym: "op-1" } },
    });
    const ended = once(server, "exit");
    server.kill("SIGTERM");
    const [code] = await ended;
    expect([0, 130]).toContain(code);
    expect(said).not.toMatch(/\(INTERNAL\)/);
  });
});
