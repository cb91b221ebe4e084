import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { detectFormat } from "../../src/audit/logs/formats.ts";
import { DEFAULT_READING, LOG_FORMATS, type LogRow } from "../../src/audit/logs/log.ts";
import { textSource } from "../../src/audit/logs/log-source.ts";
import { readRecord } from "../../src/audit/record-file.ts";
import { parseLogMap } from "../../src/audit/score/log-map.ts";
import { scoresSchema } from "../../src/audit/scores.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const MAIN = join(ROOT, "src/cli/main.ts");
/** In the order of the page: what is shown, with the words after its language. */
const blocks = (text: string, language: string) =>
  [...text.matchAll(/^ *```(\w+)(?: (\w+))?\n([\s\S]*?)^ *```$/gm)]
    .map(([, of, format, body = ""]) => ({ of, format: format ?? null, body }))
    .filter(({ of }) => of === language);

let folder: string;
let page: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "contrechamp-score-"));
  await cp(join(ROOT, "examples/vendor-log"), join(folder, "examples/vendor-log"), { recursive: true });
  page = await readFile(join(ROOT, "docs/audit/score.md"), "utf8");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs a command line as it stands in the page. */
async function shell(
  line: string,
): Promise<{ code: number; stdout: string; stderr: string; seconds: number }> {
  const began = performance.now();
  const script = `contrechamp() { "${process.execPath}" "${MAIN}" "$@"; }; node() { "${process.execPath}" "$@"; }; ${line}`;
  return new Promise((done) => {
    const options = {
      cwd: folder,
      env: { ...process.env, LC_ALL: "C.UTF-8", CONTRECHAMP_CHROMIUM: "/nowhere" },
      maxBuffer: 1 << 26,
    };
    execFile("bash", ["-c", script], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
      done({ code, stdout, stderr, seconds: (performance.now() - began) / 1000 });
    });
  });
}

describe("docs/audit/score.md", () => {
  test("its commands run as they are written, and say what the page says", async () => {
    const [shown, corrected, large] = blocks(page, "sh").map(({ body }) => body.trim());
    const first = await shell(shown ?? "");
    expect(first.code, first.stderr).toBe(0);
    expect(first.stdout).toContain("it found none");
    expect(first.stdout).toMatch(/log minus reference \+44\.6 s \(30\spairs/);
    expect(first.stdout).toContain("TO CORRECT IT WOULD CHANGE THE RESULT: 30 events found instead of 0");

    const second = await shell(corrected ?? "");
    expect(second.code, second.stderr).toBe(0);
    const scores = scoresSchema.parse(JSON.parse(await readFile(join(folder, "scores.json"), "utf8")));
    expect(scores.events["fight"]).toMatchObject({ references: 40, hits: 30, misses: 10, falseAlarms: 30 });
    expect(scores.exposureHours).toBe(24);
    const record = await readRecord(join(folder, "report"));
    expect(record.log?.clockOffset?.applied).toBe(true);
    expect(await readFile(join(folder, "report/report.html"), "utf8")).toContain("example-vendor");
    // Nothing is overwritten.
    expect(await shell(corrected ?? "")).toMatchObject({ code: 73 });

    const [generate = "", score = ""] = (large ?? "").split("\n");
    expect((await shell(generate)).code).toBe(0);
    const hundredThousand = await shell(score);
    expect(hundredThousand.code, hundredThousand.stderr).toBe(0);
    expect(hundredThousand.stdout).toContain("100,000");
    // The promise is 10 s on two cores of their own; a machine that builds something else meanwhile is slower.
    expect(hundredThousand.seconds).toBeLessThan(30);
  });

  test("its sample of each format is one", async () => {
    const samples = ["csv", "json", "xml"]
      .flatMap((language) => blocks(page, language))
      .filter(({ format }) => format);
    expect(samples.map(({ format }) => format).toSorted()).toEqual([...LOG_FORMATS].toSorted());
    for (const { format, body } of samples) {
      const source = textSource("sample", body);
      const reader = detectFormat(source);
      expect(reader.format).toBe(format);
      const rows: LogRow[] = [];
      for await (const row of reader.read(source, {
        ...DEFAULT_READING,
        event: format === "mot" ? "fight" : null,
      }))
        rows.push(row);
      expect(rows.map(({ kind }) => kind)).toEqual(["alert"]);
    }
  });

  test("its map is one, and every reason that the table names is a code", async () => {
    const [map] = blocks(page, "yaml");
    expect(parseLogMap(map?.body ?? "", "score.md").columns?.time).toBe("Date et heure");
    const { ERRORS } = await import("../../src/errors.ts");
    const named = new Set([...page.matchAll(/`(LOG_[A-Z_]+)`/g)].map(([, code]) => code));
    const rows = Object.keys(ERRORS).filter((code) => code.startsWith("LOG_ROW_") || code === "LOG_BROKEN");
    expect([...named].toSorted()).toEqual(rows.toSorted());
  });

  test("its example is what its generator makes", async () => {
    expect((await shell("node examples/vendor-log/generate.mjs again")).code).toBe(0);
    for (const file of ["alerts.csv", "reference.json"]) {
      const made = await readFile(join(folder, "again", file), "utf8");
      expect(made.replaceAll("\r\n", "\n")).toBe(
        (await readFile(join(ROOT, "examples/vendor-log", file), "utf8")).replaceAll("\r\n", "\n"),
      );
    }
  });
});

describe("audit score", () => {
  const example = "contrechamp audit score --reference examples/vendor-log/reference.json";

  test("answers in French, and to programs on standard output; a log that breaks off is no success", async () => {
    await writeFile(
      join(folder, "cut.json"),
      '{"activities":[{"activity":"fight","alertFrame":100},\n{"activity":"fi',
    );
    const line = `${example} --alerts cut.json --exposure 24h --frames-per-second 25`;
    const french = await shell(`${line} --lang fr`);
    expect(french).toMatchObject({ code: 1 });
    expect(french.stdout).toContain("ATTENTION : le journal s’interrompt");
    expect(french.stdout).toContain("cut.json:2");
    const json = await shell(`${line} --json -`);
    expect(scoresSchema.parse(JSON.parse(json.stdout)).events["fight"]?.falseAlarms).toBe(1);
  });
});
