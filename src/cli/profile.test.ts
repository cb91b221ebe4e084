import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { asCoded } from "../errors.ts";
import { profileCommand } from "./profile.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "profile-command-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** The command as a person writes it, in an English environment: what it prints, or the coded error it ends with. */
async function run(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = "";
  const write = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    out += String(text);
    return true;
  });
  vi.stubEnv("LC_ALL", "en_GB.UTF-8");
  process.exitCode = undefined;
  const program = new Command("contrechamp").addCommand(profileCommand());
  try {
    await program.parseAsync(["profile", ...words], { from: "user" });
    return { code: Number(process.exitCode ?? 0), out, err: "" };
  } catch (thrown) {
    const { exit, code } = asCoded(thrown);
    return { code: exit, out, err: code };
  } finally {
    write.mockRestore();
    vi.unstubAllEnvs();
    process.exitCode = undefined;
  }
}

describe("contrechamp profile list", () => {
  it("says what each answers at an instant, in a language", async () => {
    const { code, out } = await run("list", "--at", "2025-04-01T00:00:00+02:00", "--lang", "fr");
    expect(code).toBe(0);
    expect(out).toContain("fr-loi-2023-380 1.0.0\n  France : traitement algorithmique");
    expect(out).toContain("1er avril 2025 à 00:00 (Europe/Paris)");
    expect(out).toContain("refusé : la permission a pris fin");
    expect(out).toContain("JORFTEXT000048007135");
  });

  it("as data", async () => {
    const { out } = await run("list", "--at", "2025-03-31T23:59:59+02:00", "--json");
    const listed = JSON.parse(out);
    expect(listed.map(({ id }: { id: string }) => id)).toContain("municipal-ban");
    const french = listed.find(({ id }: { id: string }) => id === "fr-loi-2023-380");
    expect(french.at).toBe("2025-03-31T21:59:59.000Z");
    expect(french.answers[0]).toMatchObject({ uses: ["alert"], permit: "experiment-2023-2025", denials: [] });
    expect(french.answers[1]).toMatchObject({ uses: ["shadow"], permit: null });
  });
});

describe("contrechamp profile show", () => {
  it("prints the page in the language of the environment, or the one asked for", async () => {
    const english = await run("show", "municipal-ban");
    const french = await run("show", "municipal-ban", "--lang", "fr");
    expect(english.out).toContain("# Municipal ban (example)");
    expect(french.out).toContain("# Interdiction municipale (exemple)");
  });

  it("says what it answers at an instant, with the source", async () => {
    const { code, out } = await run("show", "fr-loi-2023-380", "--at", "2023-08-30T23:59:59+02:00");
    expect(code).toBe(0);
    expect(out).toContain("30 August 2023 at 23:59:59 (Europe/Paris)");
    expect(out).toContain("refused: the decree is missing");
    expect(out).toContain("decree-missing: loi n° 2023-380 du 19 mai 2023, art. 10 — https://");
  });

  it("writes one HTML file that fetches nothing and runs nothing", async () => {
    const file = join(folder, "page.html");
    const { code, out } = await run("show", "fr-loi-2023-380", "--html", file, "--json");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ schema: "contrechamp/profile-view@1", html: file });
    const page = await readFile(file, "utf8");
    const style = /<style>([\s\S]*)<\/style>/.exec(page)?.[1] ?? "";
    const hash = createHash("sha256").update(style).digest("base64");
    expect(page).toContain(`default-src &#39;none&#39;; style-src &#39;sha256-${hash}&#39;; font-src data:`);
    expect(page).not.toMatch(/<script|<link|<img|<iframe|url\((?!data:font|#)|\bsrc=/);
    expect(page).toContain("Ce que dit le droit, dans le temps");
    expect(page).toContain("What the law says, through time");
    expect(page).toContain('<rect class="permitted"');
    expect(page).toContain('<rect class="unverified"');
  });

  it("text of a profile cannot become markup", async () => {
    const text = await readFile("profiles/template.yml", "utf8");
    const file = join(folder, "hostile.yml");
    await writeFile(
      file,
      text.replace(
        'en: "Template: a country that does not exist"',
        `en: "<script>alert(1)</script><b onclick='x'>"`,
      ),
    );
    const page = join(folder, "hostile.html");
    expect((await run("show", file, "--html", page)).code).toBe(0);
    const html = await readFile(page, "utf8");
    expect(html).not.toContain("<script");
    expect(html).toContain("&lt;script&gt;");
  });

  it.each([
    [["show", "fr-loi-2023-381"], 66, "PROFILE_UNKNOWN"],
    [["show", "/none.yml"], 66, "PROFILE_UNREADABLE"],
    [["show", "demonstration", "--at", "2024-07-26T17:30:00"], 64, "PROFILE_INSTANT"],
    [["show", "demonstration", "--at", "2024-02-30T25:30:00Z"], 64, "PROFILE_INSTANT"],
    [["show", "demonstration", "--html", "/proc/none/page.html"], 73, "PROFILE_PAGE"],
  ])("%j ends with %i and says why", async (argv, code, error) => {
    expect(await run(...argv)).toEqual({ code, out: "", err: error });
  });
});

describe("contrechamp profile lint", () => {
  it("goes through all files, and ends with the gravest", async () => {
    const text = await readFile("profiles/template.yml", "utf8");
    const unsound = join(folder, "unsound.yml");
    const warned = join(folder, "warned.yml");
    await writeFile(unsound, text.replace("reason: decree_missing", "reason: null"));
    await writeFile(warned, text.replace('from: "2033-01-01"', 'from: "2030-07-01"'));
    const sound = await run("lint", "profiles/template.yml");
    const warning = await run("lint", "profiles/template.yml", warned);
    const invalid = await run("lint", unsound, warned, "--json");
    const missing = await run("lint", unsound, join(folder, "none.yml"), "profiles/template.yml");
    expect(sound.code).toBe(0);
    expect(sound.out).toMatch(/is sound: template \(SHA-256 [0-9a-f]{64}\)\nnote: /);
    expect(warning.code).toBe(1);
    expect(warning.out).toContain("warning: ");
    expect(invalid.code).toBe(78);
    expect(JSON.parse(invalid.out)).toMatchObject([
      { file: unsound, valid: false, problems: [{ code: "PROFILE_REASON", severity: "error" }] },
      { file: warned, valid: true, problems: [{ code: "PROFILE_UNREACHABLE", severity: "warning" }] },
    ]);
    expect(missing.code).toBe(66);
    expect(missing.out).toContain("PROFILE_UNREADABLE");
    expect(missing.out).toContain("PROFILE_REASON");
    expect(missing.out).toContain("template.yml is sound");
  });
});
