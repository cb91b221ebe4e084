import { execFile, execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { alertFact, auditRecord, clipFact, ruleFact } from "../../../test/support/audit-record.ts";
import { findBrowser, printPdf } from "./pdf.ts";
import { writeAuditReport } from "./write.ts";

// One grey pixel.
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==",
  "base64",
);
const browser = await findBrowser(process.env);
const record = auditRecord([
  clipFact("entrance", {
    rules: [ruleFact("wrong_way", { alerts: [alertFact(12, { still: "stills/alarm.png" })] })],
  }),
]);

let root = "";
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "contrechamp-report-"));
});
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});

describe("writeAuditReport", () => {
  test("writes the page with the pictures of the record's folder, and nothing else without a PDF", async () => {
    const pictures = join(root, "record");
    await mkdir(join(pictures, "stills"), { recursive: true });
    await writeFile(join(pictures, "stills", "alarm.png"), PNG);
    const folder = join(root, "page");
    const written = await writeAuditReport(record, folder, { language: "fr", pdf: "never", pictures });
    expect(await readdir(folder)).toEqual(["report.html"]);
    expect(written).toEqual({ html: join(folder, "report.html"), pdfs: [], pdfProblem: null });
    const page = await readFile(written.html, "utf8");
    expect(page).toContain(
      `<img aria-labelledby="moment-1" src="data:image/png;base64,${PNG.toString("base64")}">`,
    );
    expect(page).toContain('<html lang="fr">');
  });

  test("overwrites nothing unless told to", async () => {
    const folder = join(root, "kept");
    await writeAuditReport(record, folder, { pdf: "never" });
    await writeFile(join(folder, "report.html"), "mine");
    await expect(writeAuditReport(record, folder, { pdf: "never" })).rejects.toMatchObject({
      code: "AUDIT_EXISTS",
    });
    expect(await readFile(join(folder, "report.html"), "utf8")).toBe("mine");
    await writeAuditReport(record, folder, { pdf: "never", force: true });
    expect(await readFile(join(folder, "report.html"), "utf8")).toContain("<!doctype html>");
  });

  test("a PDF that is in the way is found before anything is written", async () => {
    const folder = join(root, "pdf-kept");
    await mkdir(folder);
    await writeFile(join(folder, "report.en.pdf"), "mine");
    await expect(writeAuditReport(record, folder, { language: "en" })).rejects.toMatchObject({
      code: "AUDIT_EXISTS",
    });
    expect(await readdir(folder)).toEqual(["report.en.pdf"]);
  });

  test("never holds a picture from outside the record's folder", async () => {
    const pictures = join(root, "inner");
    await mkdir(pictures);
    await writeFile(join(root, "outside.png"), PNG);
    execFileSync("ln", ["-s", join(root, "outside.png"), join(pictures, "link.png")]);
    const linked = auditRecord([
      clipFact("a", { rules: [ruleFact("fire", { alerts: [alertFact(1, { still: "link.png" })] })] }),
    ]);
    const { html } = await writeAuditReport(linked, join(root, "linked"), { pdf: "never", pictures });
    expect(await readFile(html, "utf8")).not.toContain(PNG.toString("base64"));
  });
});

describe("without a Chromium that works", () => {
  const command = (...args: string[]) =>
    promisify(execFile)(
      process.execPath,
      [join(import.meta.dirname, "../../cli/main.ts"), "audit", "report", ...args],
      {
        env: { PATH: process.env["PATH"], CONTRECHAMP_CHROMIUM: join(root, "no-such-browser") },
      },
    ).then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      (failed: { code: number; stdout: string; stderr: string }) => failed,
    );

  test("the page is written, and the command says how to get a PDF; a fault only where --pdf asked for it", async () => {
    const file = join(root, "audit.json");
    await writeFile(file, JSON.stringify(record));
    const out = join(root, "no-browser");
    const [asked, quiet] = await Promise.all([
      command(file, "--out", out, "--pdf"),
      command(file, "--out", `${out}-2`, "--json"),
    ]);
    expect(asked.code).toBe(1);
    expect(asked.stderr).toContain("REPORT_NO_BROWSER");
    expect(asked.stderr).toContain("apt install chromium");
    expect(await readdir(out)).toEqual(["report.html"]);
    expect(quiet.code).toBe(0);
    expect(JSON.parse(quiet.stdout)).toMatchObject({
      html: join(`${out}-2`, "report.html"),
      pdfs: [],
      pdfProblem: { code: "REPORT_NO_BROWSER" },
    });
  });

  test("one that fails, and one that hangs, are told apart and leave nothing running", async () => {
    const failing = join(root, "failing-browser");
    await writeFile(failing, "#!/bin/sh\necho broken >&2\nexit 3\n", { mode: 0o755 });
    await expect(printPdf(failing, "<p>page</p>")).rejects.toThrow("broken, exit code 3");
    const hanging = join(root, "hanging-browser");
    const pidFile = join(root, "hanging.pid");
    await writeFile(hanging, `#!/bin/sh\necho $$ > ${pidFile}\nsleep 60 &\nwait\n`, { mode: 0o755 });
    await expect(printPdf(hanging, "<p>page</p>", 500)).rejects.toThrow("took longer");
    const pid = Number(await readFile(pidFile, "utf8"));
    expect(() => process.kill(pid, 0)).toThrow();
  });
});

// Skipped, and shown as skipped, on a machine without a Chromium.
describe.skipIf(browser === null)("with a Chromium", () => {
  test("prints a tagged PDF in each language, whose text is that of the page", async () => {
    const folder = join(root, "printed");
    const written = await writeAuditReport(record, folder, { language: "both", pdf: "always" });
    expect(written.pdfs).toEqual([join(folder, "report.en.pdf"), join(folder, "report.fr.pdf")]);
    for (const [path, words, others] of [
      [
        "report.en.pdf",
        ["Nothing happened in 10", "1 false alarm", "How it was measured"],
        "Comment on a mesuré",
      ],
      [
        "report.fr.pdf",
        ["Rien ne s’est passé en 10", "1 fausse alerte", "Comment on a mesuré"],
        "How it was measured",
      ],
    ] as const) {
      const bytes = await readFile(join(folder, path));
      expect(bytes.subarray(0, 5).toString("latin1")).toBe("%PDF-");
      expect(bytes.includes("/StructTreeRoot")).toBe(true);
      const text = pdfText(join(folder, path));
      if (text === null) continue;
      for (const said of words) expect(text.replaceAll(/\s+/g, " ")).toContain(said);
      expect(text).not.toContain(others);
    }
  }, 60_000);
});

/** Null where the machine has no pdftotext. */
function pdfText(path: string): string | null {
  try {
    return execFileSync("pdftotext", ["-layout", path, "-"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
  } catch {
    return null;
  }
}
