import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { canonicalize } from "json-canonicalize";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import {
  hashed,
  inspectProfile,
  listProfiles,
  loadOverlay,
  loadProfile,
  loadRegime,
  readProfileFile,
} from "./profile-load.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "profiles-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, text: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

describe("the profiles that ship", () => {
  it("are all sound, each under the id that its file is called by", async () => {
    const all = await listProfiles();
    expect(all.map(({ profile }) => profile.id)).toEqual([
      "demonstration",
      "eu-ai-act-art-5",
      "fr-loi-2023-380",
      "municipal-ban",
      "private-premises",
      "recording-study",
      "template",
    ]);
    for (const { profile } of all) {
      const { problems } = inspectProfile(await readProfileFile(`profiles/${profile.id}.yml`), profile.id);
      expect(problems).toEqual([]);
    }
  });

  it("name proofs that exist", async () => {
    const proofs = (await listProfiles()).flatMap(({ profile }) =>
      profile.practices.flatMap((practice) => practice.proofs),
    );
    expect(proofs.length).toBeGreaterThan(10);
    expect(proofs.filter((path) => !existsSync(path))).toEqual([]);
  });

  it("mark as verified nothing whose address is not that of an official publisher", async () => {
    const official = /^https:\/\/(?:www\.)?(?:legifrance\.gouv\.fr|eur-lex\.europa\.eu|conseil-etat\.fr)\//;
    for (const { profile } of await listProfiles()) {
      for (const { verification, source } of [
        ...profile.instruments,
        ...profile.rules,
        ...profile.practices,
      ]) {
        if (verification === "verified") expect(source.url).toMatch(official);
      }
    }
  });

  it("demand everything where people are filmed in public, and no more than a list where nobody is", async () => {
    const { requires, limits, handling } = (await loadRegime("fr-loi-2023-380")).profile;
    expect(Object.values(requires)).toEqual(Object.values(requires).map(() => true));
    expect(limits).toEqual({ maxDuration: "P1M", maxRetention: "P1M", attestationValidFor: "PT24H" });
    expect(handling).toMatchObject({ evidence: "encrypted", clips: "confirmed", journal: "site" });
    for (const id of ["recording-study", "demonstration"]) {
      const light = (await loadRegime(id)).profile;
      expect(Object.entries(light.requires).filter(([, demanded]) => demanded)).toEqual([
        ["listedRecordings", true],
      ]);
      expect(light.footage).not.toContain("live");
      expect(light.handling.sinks).toBe(false);
    }
  });
});

describe("reading", () => {
  it("a profile is frozen to the bottom, and hashed over its canonical JSON", async () => {
    const { profile, sha256 } = await loadProfile("demonstration");
    expect(Object.isFrozen(profile) && Object.isFrozen(profile.rules[0]?.interval)).toBe(true);
    expect(sha256).toBe(createHash("sha256").update(canonicalize(profile)).digest("hex"));
  });

  it("comments, spacing and the order of keys do not change the hash; any value does", async () => {
    const text = await readFile("profiles/demonstration.yml", "utf8");
    const { sha256 } = await loadProfile("demonstration");
    const turned = Object.fromEntries(Object.entries(parse(text)).toReversed());
    expect((await loadProfile(await file("turned.yml", `# again\n${stringify(turned)}`))).sha256).toBe(
      sha256,
    );
    expect((await loadProfile(await file("same.json", JSON.stringify(turned)))).sha256).toBe(sha256);
    const other = text.replace("version: 1.0.0", "version: 1.0.1");
    expect((await loadProfile(await file("other.yml", other))).sha256).not.toBe(sha256);
  });

  it("a regime is no overlay, nor the other way round", async () => {
    expect((await loadRegime("demonstration")).profile.kind).toBe("regime");
    expect((await loadOverlay("municipal-ban")).profile.kind).toBe("overlay");
    await expect(loadRegime("municipal-ban")).rejects.toMatchObject({
      code: "PROFILE_WRONG_KIND",
      message: "The profile municipal-ban is of kind overlay, and authority.profile takes one of kind regime",
    });
    await expect(loadOverlay("demonstration")).rejects.toMatchObject({
      code: "PROFILE_WRONG_KIND",
      exit: 78,
    });
  });

  it("an unknown id, with what was most likely meant", async () => {
    await expect(loadProfile("fr-loi-2023-308")).rejects.toMatchObject({
      code: "PROFILE_UNKNOWN",
      message: 'There is no profile "fr-loi-2023-308" (did you mean fr-loi-2023-380?)',
      exit: 66,
    });
    // An id is no path: nothing outside the folder can be reached by one.
    await expect(loadProfile("..")).rejects.toMatchObject({ code: "PROFILE_UNKNOWN" });
    await expect(loadProfile("")).rejects.toMatchObject({ code: "PROFILE_UNKNOWN" });
  });

  it.each([
    ["no such file", () => join(folder, "none.yml"), "there is no such file"],
    ["a folder", () => join(folder, "folder.yml"), "it is a folder"],
    ["a device without end", () => "/dev/zero", "it is no plain file"],
    ["a file in a file", () => join(folder, "latin.yml", "x.yml"), "a part of its path is not a folder"],
    ["bytes that are no text", () => join(folder, "latin.yml"), "it is not UTF-8 text"],
  ])("%s", async (_, path, reason) => {
    await mkdir(join(folder, "folder.yml"), { recursive: true });
    await file("latin.yml", Uint8Array.of(0x69, 0x64, 0x3a, 0x20, 0xe9, 0x0a));
    await expect(loadProfile(path())).rejects.toMatchObject({
      code: "PROFILE_UNREADABLE",
      message: expect.stringContaining(reason),
      exit: 66,
    });
  });

  it.skipIf(process.getuid?.() === 0)("a file that one may not read", async () => {
    const path = await file("closed.yml", "schema: x");
    await chmod(path, 0);
    await expect(loadProfile(path)).rejects.toMatchObject({ code: "PROFILE_UNREADABLE" });
  });

  it("a file that is too large is not read", async () => {
    const path = await file("large.yml", "#".repeat(1_048_577));
    await expect(loadProfile(path)).rejects.toMatchObject({ code: "PROFILE_TOO_LARGE", exit: 78 });
  });

  it("a text that multiplies itself", async () => {
    const lines = ["a: &a [x, x, x, x, x, x, x, x, x]"];
    for (let letter = "b".charCodeAt(0); letter < "j".charCodeAt(0); letter++) {
      const before = String.fromCharCode(letter - 1);
      const own = String.fromCharCode(letter);
      lines.push(`${own}: &${own} [${Array.from({ length: 9 }, () => `*${before}`).join(", ")}]`);
    }
    await expect(loadProfile(await file("bomb.yml", lines.join("\n")))).rejects.toMatchObject({
      code: "PROFILE_INVALID",
      message: expect.stringContaining("CONFIG_ALIASES"),
    });
  });

  it("a profile with several faults is told all of them", async () => {
    const text = (await readFile("profiles/template.yml", "utf8"))
      .replace("timeZone: Europe/Paris", "timeZone: Mars/Olympus")
      .replace("  certificate: true", "  certificat: true");
    await expect(loadProfile(await file("faults.yml", text))).rejects.toMatchObject({
      code: "PROFILE_INVALID",
      message: expect.stringMatching(/has 3 problems:[\s\S]*Mars\/Olympus[\s\S]*certificat /),
      exit: 78,
    });
  });

  it("a lint error keeps a profile from being loaded", async () => {
    const text = (await readFile("profiles/template.yml", "utf8")).replace(
      "instrument: stadium-regulation",
      "instrument: nothing",
    );
    await expect(loadProfile(await file("lint.yml", text))).rejects.toMatchObject({
      code: "PROFILE_INVALID",
      message: expect.stringContaining("PROFILE_UNKNOWN_INSTRUMENT"),
    });
  });

  it("any text is either a profile or has a problem, and nothing is thrown", async () => {
    const text = await readFile("profiles/template.yml", "utf8");
    const cut = fc.tuple(fc.nat(text.length), fc.nat(200), fc.string({ maxLength: 20 }));
    fc.assert(
      fc.property(cut, ([start, length, instead]) => {
        const changed = text.slice(0, start) + instead + text.slice(start + length);
        const { profile, problems } = inspectProfile(changed, "p.yml");
        expect(profile !== null || problems.some(({ severity }) => severity === "error")).toBe(true);
        if (profile !== null) expect(hashed(profile).sha256).toMatch(/^[0-9a-f]{64}$/);
      }),
      { numRuns: 60 },
    );
  });
});
