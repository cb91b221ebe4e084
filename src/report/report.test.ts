import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import sharp from "sharp";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import type { Alert } from "../alerts/alert.ts";
import { type CameraSummary, type RunSummary, runSummarySchema } from "../engine/run-summary.ts";
import { CodedError } from "../errors.ts";
import { HEALTH_KINDS } from "../frames/health.ts";
import { renderPage } from "./page.ts";
import { writeReport } from "./report.ts";

const root = mkdtempSync(join(tmpdir(), "contrechamp-report-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folder = root;
beforeEach(() => {
  folder = mkdtempSync(join(root, "out-"));
});

const HASH = "ab".repeat(32);

function alert(over: Partial<Alert> = {}): Alert {
  return {
    schema: "contrechamp/alert@1",
    id: "e1",
    kind: "raised",
    reason: null,
    event: "zone_intrusion",
    cameraId: "gate",
    ruleId: "verge",
    place: { kind: "zone", id: "verge", box: { x: 0, y: 0, width: 10, height: 10 } },
    at: "2026-03-01T14:30:12.000Z",
    streamTime: 12.4,
    since: 11,
    until: null,
    countBand: null,
    densityPerM2: null,
    model: { name: "mb3", sha256: HASH },
    configSha256: HASH,
    evidence: { kind: "clear", id: "a", still: "gate/evidence/a.png", clip: "gate/evidence/a.mp4" },
    footage: "recording",
    decisionRef: HASH,
    authorisationId: "urn:example:study",
    engineVersion: "0.1.0",
    ...over,
  };
}

function camera(over: Partial<CameraSummary> = {}): CameraSummary {
  return {
    id: "gate",
    address: "rtsp://***@camera.example/stream",
    live: false,
    width: 768,
    height: 576,
    startedAt: "2026-03-01T14:30:00.000Z",
    videoSeconds: 80,
    suspendedSeconds: 0,
    failed: false,
    rules: [
      { id: "verge", event: "zone_intrusion", placeKind: "zone", placeId: "verge" },
      { id: "hall", event: "crowd_density", placeKind: "view", placeId: null },
    ],
    frames: { decoded: 2000, analysed: 960, inferred: 600, gated: 200, dropped: 0 },
    stages: [
      { name: "decode", count: 2000, p50Ms: 1.2, p95Ms: 2.5, cpuSeconds: 2.4 },
      { name: "detect", count: 600, p50Ms: 41.5, p95Ms: 60, cpuSeconds: null },
      { name: "never", count: 0, p50Ms: null, p95Ms: null, cpuSeconds: 0 },
    ],
    cpuSecondsPerVideoSecond: 0.42,
    peakRssBytes: 400 * 2 ** 20,
    greyShare: 0.2,
    health: [],
    shadow: [],
    alerts: [alert(), alert({ kind: "closed", reason: "cleared", streamTime: 19, until: 19 })],
    counts: [
      {
        ruleId: "hall",
        samples: [
          { at: 0, low: 2, best: 3, high: 5 },
          { at: 40, low: 10, best: 12, high: 15 },
        ],
      },
    ],
    ...over,
  };
}

function run(cameras: CameraSummary[] = [camera()], over: Partial<RunSummary> = {}): RunSummary {
  return {
    schema: "contrechamp/run@1",
    engine: { version: "0.1.0", node: "v24.0.0" },
    machine: { description: "A processor", cores: 2, memoryBytes: 8 * 2 ** 30 },
    command: "contrechamp watch clip.mp4",
    startedAt: "2026-03-01T14:30:00.000Z",
    endedAt: "2026-03-01T14:31:00.000Z",
    outcome: "complete",
    configSha256: HASH,
    models: [{ name: "mb3", sha256: HASH, licence: "MIT", limits: ["Misses small persons."] }],
    authority: {
      profile: { id: "recording-study", sha256: HASH, title: { fr: "Étude", en: "Study" } },
      use: "alert",
      authorisations: [],
      standing: [],
      journal: { origin: "contrechamp/example", leaves: 12, folder: "state/journal" },
    },
    cameras,
    ...over,
  };
}

async function written(summary: RunSummary, language: "en" | "fr" = "en"): Promise<string> {
  const path = join(folder, "report.html");
  await writeReport(runSummarySchema.parse(summary), path, language);
  return readFileSync(path, "utf8");
}

/** What a reader of one language sees, without marks. */
function textIn(page: string, language: "en" | "fr"): string {
  const other = language === "en" ? "fr" : "en";
  return page
    .replace(/^.*<body>/s, "")
    .replaceAll(
      new RegExp(`<(span|tspan) lang="${other}">[^<]*(<(\\w+)[^>]*>[^<]*</\\3>[^<]*)*</\\1>`, "g"),
      "",
    )
    .replaceAll(/<[^>]+>/g, " ")
    .replaceAll(/&#39;/g, "'")
    .replaceAll(/\s+/g, " ");
}

/** The marks of a page, in order, without its text and its attribute values. */
function skeleton(page: string): string {
  return [...page.matchAll(/<(\/?[a-zA-Z!][^\s>]*)([^>]*)>/g)]
    .map(([, tag, rest]) => `${tag}${(rest ?? "").replaceAll(/"[^"]*"/g, "")}`)
    .join("\n");
}

describe("the page", () => {
  it("gives the answer first, in both languages", async () => {
    const page = await written(run());
    expect(textIn(page, "en")).toMatch(/1 alert in 1\smin\s20\ss of video/);
    expect(textIn(page, "fr")).toMatch(/1 alerte en 1\smin\s20\ss de vidéo/);
    expect(page.indexOf("<h1>")).toBeLessThan(page.indexOf("<h2>"));
    expect(textIn(page, "en")).toContain("the condition no longer held");
    expect(textIn(page, "fr")).toContain("la condition n’était plus remplie");
    expect(textIn(page, "en")).not.toContain("alerte");
    expect(textIn(page, "fr")).not.toContain(" alert ");
  });

  it.each(["en", "fr"] as const)("opens in the language asked for: %s", async (language) => {
    const page = await written(run(), language);
    expect(page).toContain(`<html lang="${language}">`);
    expect(page).toContain(`id="lang-${language}" checked`);
    expect(page.match(/ checked/g)).toHaveLength(1);
  });

  it("says that silence proves nothing when there was no alert", async () => {
    const page = await written(run([camera({ alerts: [] })]));
    expect(textIn(page, "en")).toContain("No alert in");
    expect(textIn(page, "en")).toContain("does not mean that nothing happened");
    expect(textIn(page, "fr")).toContain("Aucune alerte en");
  });

  it.each([
    ["a run that was stopped", run([camera()], { outcome: "interrupted" }), "stopped by hand"],
    ["a lost camera", run([camera()], { outcome: "partial" }), "could not be analysed"],
    ["time without rules", run([camera({ suspendedSeconds: 12 })]), "no rule ran"],
    ["no rules at all", run([camera({ rules: [], alerts: [], counts: [] })]), "nothing could raise an alert"],
    [
      "no picture",
      run([camera({ videoSeconds: 0, width: null, height: null, startedAt: null })]),
      "No picture came",
    ],
    ["an alert still open", run([camera({ alerts: [alert()] })]), "still open at the end"],
  ])("says it plainly: %s", async (_, summary, words) => {
    expect(textIn(await written(summary), "en")).toContain(words);
  });

  it("names every kind of health entry in both languages", async () => {
    const health = HEALTH_KINDS.map((kind, i) => ({
      kind,
      at: "2026-03-01T14:30:10.000Z",
      streamTime: i,
      code: null,
      detail: `detail ${i}`,
      count: i === 3 ? 7 : null,
    }));
    const page = await written(run([camera({ health })]));
    expect(textIn(page, "en")).toContain("Pictures let go: the machine was too slow ( 7 )");
    expect(textIn(page, "fr")).toContain("La vue a bougé : analyse suspendue");
    expect(page).not.toContain("undefined");
    expect(page.match(/class="blind"/g)).toHaveLength(3);
  });

  it("lists alerts in order of time across cameras, and ranks nothing", async () => {
    const late = camera({ alerts: [alert({ id: "late", at: "2026-03-01T14:40:00.000Z" })] });
    const early = camera({
      id: "yard",
      alerts: [alert({ id: "early", cameraId: "yard", event: "fire", at: "2026-03-01T14:35:00.000Z" })],
    });
    const page = await written(run([late, early]));
    expect(page.indexOf('id="alert-1"')).toBeLessThan(page.indexOf('id="alert-2"'));
    expect(page.slice(page.indexOf('id="alert-1"'), page.indexOf('id="alert-2"'))).toContain("fire");
  });

  it("is one file that fetches nothing and runs nothing", async () => {
    const page = await written(run());
    expect(page).not.toMatch(/<script|<iframe|<object|<embed|<link|<base|@import|javascript:/i);
    expect(page).not.toMatch(/\son\w+=/i);
    expect(page).not.toMatch(/\sstyle="/);
    const addresses = [...page.matchAll(/(?:href|src)="([^"]*)"|url\(([^)]*)\)/g)].map(
      ([, attribute, style]) => attribute ?? style ?? "",
    );
    expect(addresses.length).toBeGreaterThan(5);
    for (const address of addresses) expect(address).toMatch(/^(data:|#|\.\/)/);
    expect(page).toMatch(
      /Content-Security-Policy" content="default-src &#39;none&#39;; style-src &#39;sha256-/,
    );
    expect(readdirSync(folder)).toEqual(["report.html"]);
  });
});

describe("stills", () => {
  const png = () =>
    sharp({ create: { width: 4, height: 4, channels: 3, background: "#c9c9c9" } })
      .png()
      .toBuffer();
  const place = () => join(folder, "gate", "evidence");

  it("are held within the page, and the clip is linked", async () => {
    mkdirSync(place(), { recursive: true });
    const bytes = await png();
    writeFileSync(join(place(), "a.png"), bytes);
    const page = await written(run());
    expect(page).toContain(`src="data:image/png;base64,${bytes.toString("base64")}"`);
    expect(page).toContain('href="./gate/evidence/a.mp4"');
  });

  it.each([
    ["that do not exist", () => undefined],
    ["that are no PNG", () => writeFileSync(join(place(), "a.png"), "<svg onload=alert(1)>")],
    [
      "that lie elsewhere",
      async () => {
        const outside = join(root, "outside.png");
        writeFileSync(outside, await png());
        symlinkSync(outside, join(place(), "a.png"));
      },
    ],
  ])("%s are said to be missing", async (_, prepare) => {
    mkdirSync(place(), { recursive: true });
    await prepare();
    const page = await written(run());
    expect(page).not.toContain("data:image/png");
    expect(textIn(page, "en")).toContain("could not be read");
  });

  it("beyond what a phone can open are linked instead", async () => {
    mkdirSync(place(), { recursive: true });
    const bytes = await png();
    writeFileSync(join(place(), "big.png"), Buffer.concat([bytes, Buffer.alloc(16 * 2 ** 20)]));
    writeFileSync(join(place(), "a.png"), bytes);
    const big = alert({
      id: "e2",
      evidence: { kind: "clear", id: "b", still: "gate/evidence/big.png", clip: "gate/evidence/big.mp4" },
    });
    const page = await written(run([camera({ alerts: [big, alert()] })]));
    expect(page.match(/data:image\/png/g)).toHaveLength(1);
    expect(page).toContain('href="./gate/evidence/big.png"');
  });
});

describe("names that others chose", () => {
  const hostile = (name: string) =>
    run(
      [
        camera({
          id: name,
          address: name,
          rules: [{ id: name, event: "zone_intrusion", placeKind: "zone", placeId: name }],
          health: [
            {
              kind: "stream_damaged",
              at: "2026-03-01T14:30:10.000Z",
              streamTime: 1,
              code: name,
              detail: name,
              count: 1,
            },
          ],
          stages: [{ name, count: 1, p50Ms: 1, p95Ms: 1, cpuSeconds: 1 }],
          counts: [],
          alerts: [
            alert({
              cameraId: name,
              ruleId: name,
              place: { kind: "zone", id: name, box: { x: 0, y: 0, width: 1, height: 1 } },
            }),
          ],
        }),
      ],
      {
        command: name,
        machine: { description: name, cores: 1, memoryBytes: 1 },
        models: [{ name, sha256: HASH, licence: name, limits: [name] }],
      },
    );
  const render = (summary: RunSummary) =>
    renderPage({ run: summary, language: "en", fonts: "", stills: new Map() });

  it.each([
    ["a script", "</style></title><script>alert(1)</script>"],
    ["an attribute", '" onmouseover="alert(1)'],
    ["a comment", "<!-- --><img src=x onerror=alert(1)>"],
    ["an entity", "&lt;b&gt; &amp;#39;"],
    ["a replacement pattern", "$& $1 `x`"],
  ])("stay text: %s", (_, name) => {
    const page = render(hostile(name));
    expect(skeleton(page)).toBe(skeleton(render(hostile("plain"))));
    expect(page).not.toContain("<script");
    expect(page).toContain(
      name.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;"),
    );
  });

  it("cannot turn round or hide the text beside them", () => {
    const page = render(hostile("gate\u202egpj.exe\u2066\u200bx\u0000\u001b[31m"));
    for (const sign of "\u202e\u2066\u200b\u0000\u001b") expect(page).not.toContain(sign);
    expect(page).toContain("<bdi>gate\ufffdgpj.exe");
  });

  it("never change the page's marks, whatever they are", () => {
    const plain = skeleton(render(hostile("plain")));
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1, maxLength: 60 }), (name) => {
        expect(skeleton(render(hostile(name)))).toBe(plain);
      }),
      // Names that every object answers to were once looked up as words.
      { numRuns: 60, examples: [["valueOf"], ["__proto__"], ["constructor"]] },
    );
  });

  it("cannot make a link leave the report's folder", () => {
    const evidence = { kind: "clear" as const, id: "c", still: "a b/%2e%2e/c?d#e.png", clip: 'x"y/é.mp4' };
    const page = render(run([camera({ alerts: [alert({ evidence })] })]));
    expect(page).toContain('href="./x%22y/%C3%A9.mp4"');
  });
});

describe("a place that cannot be written", () => {
  it("is a coded error, and leaves nothing behind", async () => {
    const path = join(folder, "missing", "report.html");
    const error = await writeReport(run(), path, "en").catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CodedError);
    expect(error).toMatchObject({ code: "REPORT_NOT_WRITTEN" });
    mkdirSync(join(folder, "taken.html"));
    await expect(writeReport(run(), join(folder, "taken.html"), "en")).rejects.toMatchObject({
      code: "REPORT_NOT_WRITTEN",
    });
    expect(readdirSync(folder)).toEqual(["taken.html"]);
  });
});
