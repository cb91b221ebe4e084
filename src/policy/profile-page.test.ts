import { describe, expect, it } from "vitest";
import { profileSchema } from "./profile.ts";
import { hashed, listProfiles, loadProfile } from "./profile-load.ts";
import { profileMarkdown } from "./profile-markdown.ts";
import { aboutWords, profilePage } from "./profile-page.ts";

const profiles = await listProfiles();
const languages = ["fr", "en"] as const;

describe.each(languages)("the page in %s", (language) => {
  it.each(profiles.map((loaded) => [loaded.profile.id, loaded] as const))("says all of %s", (_, loaded) => {
    const { profile, sha256 } = loaded;
    const text = profileMarkdown(profilePage(loaded, language)).replaceAll("\\", "");
    for (const { id, text: said, source } of [...profile.rules, ...profile.practices]) {
      expect(text).toContain(`### \`${id}\``);
      expect(text).toContain(said[language]);
      expect(text).toContain(source.title);
      if (source.url !== null) expect(text).toContain(source.url);
    }
    for (const { title, note } of profile.instruments) {
      expect(text).toContain(title[language]);
      if (note !== null) expect(text).toContain(note[language]);
    }
    expect(text).toContain(sha256);
    expect(text).not.toMatch(/undefined|\[object|null\b/);
  });
});

it("draws the French timeline as the law's clock answers it", async () => {
  const page = profilePage(await loadProfile("fr-loi-2023-380"), "fr");
  const alerts = page.lanes[0];
  expect(alerts?.about).toBe("les huit événements ; flux en direct, enregistrements ; montrer à un humain");
  expect(alerts?.spans.map(({ from, until, verdict, answer }) => [from, until, verdict, answer])).toEqual([
    [null, "2023-05-20", "denied", "refusé : aucune base légale"],
    ["2023-05-21", "2023-08-30", "denied", "refusé : le décret manque"],
    ["2023-08-31", "2025-03-31", "permitted", "permis"],
    ["2025-04-01", "2025-04-23", "denied", "refusé : la permission a pris fin"],
    ["2025-04-24", "2026-03-20", "denied", "refusé : la permission a pris fin"],
    ["2026-03-21", "2026-07-21", "unverified", "non vérifié : refusé"],
    ["2026-07-22", "2027-12-31", "unverified", "non vérifié : refusé"],
    ["2028-01-01", null, "denied", "refusé : la permission a pris fin"],
  ]);
});

it("says of a mark who checked and when, and what it means where nobody did", async () => {
  const { rules } = profilePage(await loadProfile("fr-loi-2023-380"), "en");
  const check = (id: string) => rules.find((rule) => rule.id === id)?.check;
  expect(check("decree-missing")).toBe("checked against the text by Contrechamp project on 22 November 2026");
  expect(check("reopened-2026")).toBe("not verified: permits nothing until somebody has checked it");
  expect(check("prolongation-struck-down")).toBe(
    "from secondary sources; to be checked: forbids all the same",
  );
});

it("says what the profile demands and what it does not", async () => {
  const strict = profilePage(await loadProfile("fr-loi-2023-380"), "en").conditions;
  const light = profilePage(await loadProfile("demonstration"), "en").conditions;
  expect(strict).toContain("an authorisation to film, apart from the one to analyse");
  expect(strict).toContain("an authorisation is valid for 1 month at most");
  expect(light).toContain("no authorisation to film is asked for");
  expect(light).toContain("no alert goes to another system");
  expect(profilePage(await loadProfile("municipal-ban"), "en").conditions).toEqual([]);
});

it("names events as people say them", () => {
  expect(aboutWords(["fire"], ["live"], ["shadow"], "fr")).toBe(
    "un départ de feu ; flux en direct ; compter sans rien montrer",
  );
});

it("keeps a profile's texts from becoming markup", async () => {
  const { profile } = await loadProfile("template");
  const hostile = "a | b\n# c <script>alert(1)</script> [d](javascript:e) `f` _g_ *h*";
  const changed = profileSchema.parse({ ...profile, title: { fr: hostile, en: hostile } });
  const text = profileMarkdown(profilePage(hashed(changed), "en"), { name: "Français", file: "x.md" });
  expect(text.split("\n")[0]).toBe(
    "# a \\| b # c \\<script\\>alert(1)\\</script\\> \\[d\\](javascript:e) \\`f\\` \\_g\\_ \\*h\\*",
  );
});
