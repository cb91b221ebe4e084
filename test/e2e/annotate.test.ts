import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { parseReference } from "../../src/audit/load-reference.ts";
import { prepareScene } from "../../src/scenes/catalogue.ts";
import { writeScene } from "../../src/scenes/write.ts";

const LAUNCHER = fileURLToPath(new URL("../../bin/contrechamp", import.meta.url));
/** Debian's package `chromium`, or another one. */
const CHROMIUM = process.env["CONTRECHAMP_CHROMIUM"] ?? "/usr/bin/chromium";
const RATE = 10;

const folder = mkdtempSync(join(tmpdir(), "contrechamp-annotate-"));
const file = join(folder, "marked.json");
let program: ChildProcess;
let address = "";

beforeAll(async () => {
  const scene = writeScene(
    prepareScene("plaza-intrusion", 1, { seconds: 6, rate: RATE, width: 320, height: 180 }),
    folder,
  );
  // What was there stays: keys that are not annotated here, an event that is not touched.
  const before = {
    schema: "contrechamp/reference@1",
    note: "an example",
    protocol: { version: 2 },
    events: [{ event: "fight", begin: 5, end: 5.5 }],
  };
  writeFileSync(file, JSON.stringify(before));
  const args = ["audit", "annotate", scene.video, "--reference", file, "--lang", "en", "--json"];
  program = spawn(process.execPath, [LAUNCHER, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  address = await new Promise<string>((resolve, reject) => {
    program.stdout?.once("data", (bytes) => resolve(JSON.parse(String(bytes)).address));
    program.once("exit", (code) => reject(new Error(`it ended with ${code}`)));
  });
});
afterAll(() => {
  program.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

describe("who may ask", () => {
  test("it answers on loopback, under an address that cannot be guessed", () => {
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{32}\/$/);
  });

  test.each([
    ["another token", { path: `/${"A".repeat(32)}/session` }, 403],
    ["no token", { path: "/" }, 403],
    ["another Host, as after DNS rebinding", { host: "example.org" }, 421],
    ["the name localhost", { host: `localhost:${8080}` }, 421],
    ["a page of another site", { headers: { Origin: "https://example.org" } }, 403],
    ["another site, as the browser says", { headers: { "Sec-Fetch-Site": "cross-site" } }, 403],
    ["a change without Origin", { method: "PUT" }, 403],
    ["another method", { method: "DELETE" }, 405],
    ["a file of the disk", { below: "../../../../etc/passwd" }, 404],
    ["the same, encoded", { below: "%2e%2e%2f%2e%2e%2fetc%2fpasswd" }, 404],
    ["a module's neighbour", { below: "page/tsconfig.json" }, 404],
    ["the page", { below: "" }, 200],
  ])("%s", async (_name, { path, host, headers, method, below }: Ask, status) => {
    const answer = await ask({ path, host, headers, method, below });
    expect(answer.status).toBe(status);
    expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
    expect(answer.headers["content-security-policy"]).toContain("default-src 'none'");
    expect(answer.headers["referrer-policy"]).toBe("no-referrer");
  });

  test("a body that is too long is not read to its end", async () => {
    const origin = new URL(address).origin;
    const headers = { Origin: origin, "Content-Type": "application/json", "Content-Length": String(2 ** 30) };
    expect((await ask({ method: "PUT", below: "reference", headers })).status).toBe(413);
  });

  test("the recording is served as it is, in parts", async () => {
    const part = await ask({ below: "video", headers: { Range: "bytes=4-7" } });
    expect(part.status).toBe(206);
    expect(part.body).toBe("ftyp");
    expect((await ask({ below: "video", headers: { Range: "bytes=999999999-" } })).status).toBe(416);
  });
});

describe.skipIf(!existsSync(CHROMIUM))(`the page in a browser (${CHROMIUM})`, () => {
  let browser: Browser;
  let page: Page;
  const asked: string[] = [];
  const complaints: string[] = [];

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
    page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
    page.on("request", (sent) => asked.push(sent.url()));
    page.on("pageerror", ({ message }) => complaints.push(message));
    page.on("console", (line) => {
      if (line.type() === "error") complaints.push(line.text());
    });
    await open();
  });
  afterAll(() => browser.close());

  const open = async () => {
    await page.goto(address);
    await page.locator(".clock", { hasText: "0:00.000 / 0:06.000" }).waitFor();
    // Not `waitForFunction`: what it asks more than once is stopped by the page's own policy.
    const ready = () => page.evaluate<boolean>("document.querySelector('video').readyState >= 2");
    await vi.waitUntil(ready, { timeout: 8000 });
    await page.locator(".work").focus();
  };
  const shows = (where: string, text: string | RegExp) =>
    expect.poll(() => page.locator(where).first().textContent(), { timeout: 8000 }).toMatch(text);
  const press = async (...keys: readonly string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const goTo = async (key: string, clock: string) => {
    await press(key);
    await shows(".clock", clock);
  };
  const onDisk = () => JSON.parse(readFileSync(file, "utf8"));
  const saved = (events: unknown) => expect.poll(() => onDisk().events, { timeout: 8000 }).toEqual(events);

  const fight = { event: "fight", begin: 5, end: 5.5, tolerance: 0 };
  const intrusion = { event: "zone_intrusion", begin: 1.1, end: 2.1, tolerance: 0.5 };
  const fire = { event: "fire", begin: 2.1, end: 3.1, tolerance: 0.5 };

  test("two events by keyboard, to the picture; a file that says what it said before", async () => {
    await goTo("Shift+ArrowRight", "0:01.000");
    await goTo("ArrowRight", "0:01.100");
    await goTo("ArrowRight", "0:01.200");
    await goTo("ArrowLeft", "0:01.100");
    await press("n", "4");
    await goTo("Shift+ArrowRight", "0:02.100");
    await press("]", "n", "8");
    await goTo("Shift+ArrowRight", "0:03.100");
    await press("]");
    await saved([intrusion, fire, fight]);
    expect(onDisk()).toMatchObject({ note: "an example", protocol: { version: 2 } });
    expect(parseReference(readFileSync(file, "utf8"), file).events).toHaveLength(3);
  });

  test("undo and redo, back to the beginning and forth again", async () => {
    // The kind, the two ends, the two events: six steps.
    await press(...Array<string>(6).fill("Control+z"));
    await saved([fight]);
    await press("Control+z");
    await shows(".said", "Nothing to undo");
    await press(...Array<string>(6).fill("Control+Shift+Z"));
    await saved([intrusion, fire, fight]);
  });

  test("a box by keyboard, and one by mouse", async () => {
    await press("ArrowUp");
    await shows(".said", /^Event 1 of 3: intrusion/);
    // A step is 3 px of 320; Alt makes it one.
    await press("b", "ArrowLeft", "Alt+ArrowUp", "Shift+ArrowRight", "Enter");
    await saved([{ ...intrusion, box: [125, 71, 67, 36] }, fire, fight]);
    await press("b");
    const place = await page.locator(".picture").boundingBox();
    if (place === null) throw new Error("the picture is not shown");
    const at = (x: number, y: number) =>
      [place.x + (x / 320) * place.width, place.y + (y / 180) * place.height] as const;
    await page.mouse.move(...at(200, 100));
    await page.mouse.down();
    await page.mouse.move(...at(100, 50), { steps: 3 });
    await page.mouse.up();
    await expect.poll(() => onDisk().events[0].box, { timeout: 8000 }).not.toEqual([125, 71, 67, 36]);
    for (const [index, wanted] of [100, 50, 100, 50].entries())
      expect(Math.abs(onDisk().events[0].box[index] - wanted)).toBeLessThanOrEqual(1);
  });

  test("it is all there when the page is opened again", async () => {
    const before = onDisk();
    await open();
    await shows(".events", /intrusion.*fire.*fight/);
    expect(await page.locator(".lanes .bar").count()).toBe(3);
    await page.waitForTimeout(600);
    expect(onDisk()).toEqual(before);
  });

  test("heads are counted; a note about a person is questioned", async () => {
    await page.locator(".counts summary").click();
    await page.locator("#count-rule").fill("hall");
    await page.locator("#count-every").fill("4");
    await page.locator(".work").focus();
    await press("c", "ArrowUp");
    await page.locator(".overlay").click({ position: { x: 20, y: 20 } });
    await press("Enter");
    await shows(".clock", "0:04.000");
    await press("Enter");
    await expect
      .poll(() => onDisk().counts, { timeout: 8000 })
      .toEqual({ rule: "hall", everySeconds: 4, values: [2, 0] });
    await press("ArrowDown");
    await page.locator("#note").fill("a man falls");
    await shows("#note-warning", /a person: man/);
  });

  test("an event that only a vendor knows is named, and the rule after it", async () => {
    const { event } = onDisk().events[0];
    await page.locator("#kind").selectOption("other");
    await page.locator("#event-name").fill("Loitering!");
    await press("Tab");
    await shows("#event-name-fault", /Small letters/);
    await page.locator("#event-name").fill("loitering");
    await press("Tab");
    await page.keyboard.type("vendor 3");
    await press("Tab");
    await expect
      .poll(() => onDisk().events[0], { timeout: 8000 })
      .toMatchObject({ event: "loitering", rule: "vendor 3" });
    await press("Control+z", "Control+z");
    await expect.poll(() => onDisk().events[0].event, { timeout: 8000 }).toBe(event);
  });

  test("what another program wrote is not overwritten before somebody decides", async () => {
    await expect.poll(() => onDisk().events[0].note, { timeout: 8000 }).toBe("a man falls");
    const others = { ...onDisk(), events: [fight] };
    writeFileSync(file, JSON.stringify(others));
    await page.locator("#note").fill("falls on the steps");
    await shows(".notices", /changed elsewhere/);
    expect(onDisk()).toEqual(others);
    await page.getByRole("button", { name: "Mine: overwrite" }).click();
    await expect.poll(() => onDisk().events[0].note, { timeout: 8000 }).toBe("falls on the steps");
    expect(onDisk().events).toHaveLength(3);
  });

  test("a second window is told, and what it writes is not lost on the first", async () => {
    const second = await browser.newPage();
    await second.goto(address);
    await second.locator(".notices", { hasText: "in another window" }).waitFor();
    await second.locator(".work").focus();
    await second.keyboard.press("n");
    await expect.poll(() => onDisk().events.length, { timeout: 8000 }).toBe(4);
    await shows(".notices", /changed elsewhere/);
    await page.getByRole("button", { name: "The file's" }).click();
    await shows(".side h2", "4 events");
    await page.locator(".work").focus();
    await press("Control+z");
    await shows(".side h2", "3 events");
    await expect.poll(() => onDisk().events.length, { timeout: 8000 }).toBe(3);
    await second.close({ runBeforeUnload: false });
    await press("ArrowUp", "ArrowUp", "ArrowUp");
  });

  test("nothing typed is lost where the program goes away", async () => {
    program.kill("SIGKILL");
    await page.locator("#note").fill("falls again");
    await shows(".notices", /No connection/);
    const [copy] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Keep a copy" }).click(),
    ]);
    const kept = JSON.parse(readFileSync(await copy.path(), "utf8"));
    expect(kept.events[0].note).toBe("falls again");
    expect(parseReference(JSON.stringify(kept), "copy.json").events).toHaveLength(3);
  });

  test("no request left this machine, and nothing was refused by the page's own policy", () => {
    expect(asked.length).toBeGreaterThan(10);
    expect(asked.filter((url) => !url.startsWith(address) && !url.startsWith("data:,"))).toEqual([]);
    // The last test took the program away.
    const others = complaints.filter((text) => !/ERR_CONNECTION_(REFUSED|RESET)|409/.test(text));
    expect(others).toEqual([]);
  });
});

interface Ask {
  readonly path?: string | undefined;
  /** Below the token. */
  readonly below?: string | undefined;
  readonly host?: string | undefined;
  readonly method?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Asks as no browser would: paths are sent as they are. */
function ask({ path, below = "session", host, method = "GET", headers = {} }: Ask): Promise<{
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}> {
  const { hostname, port, pathname } = new URL(address);
  return new Promise((resolve, reject) => {
    const asking = request(
      {
        hostname,
        port,
        method,
        path: path ?? `${pathname}${below}`,
        headers: host === undefined ? headers : { ...headers, Host: host },
      },
      async (response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of response) chunks.push(chunk);
        const body = Buffer.concat(chunks).toString("latin1");
        resolve({ status: response.statusCode, headers: response.headers, body });
        asking.destroy();
      },
    );
    asking.on("error", reject);
    if (headers["Content-Length"] === undefined) asking.end();
    else asking.flushHeaders();
  });
}
