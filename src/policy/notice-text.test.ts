import { describe, expect, test } from "vitest";
import { exampleAuthorisation } from "../../test/support/policy-fixtures.ts";
import { EVENT_TYPES } from "../event.ts";
import { CANNOT_DO, EVENT_PHRASES, publicNotice } from "./notice-text.ts";
import { loadRegime } from "./profile-load.ts";

const { profile: law } = await loadRegime("fr-loi-2023-380");
const URL = "https://example.org/avis";
const daily = {
  dailyWindows: [{ from: "18:00", until: "02:00", days: ["fri", "sat"] as ("fri" | "sat")[] }],
};

describe("the notice to the public", () => {
  test.each(["fr", "en"] as const)("is word for word what the golden file says (%s)", async (language) => {
    const text = publicNotice(exampleAuthorisation(daily), law, URL)[language];
    await expect(`${text}\n`).toMatchFileSnapshot(`./golden/notice.${language}.txt`);
  });

  test.each(["fr", "en"] as const)("says all that R.253-6 and article 10 ask for (%s)", (language) => {
    const a = exampleAuthorisation(daily);
    const text = publicNotice(a, law, URL)[language];
    for (const event of a.events) expect(text).toContain(EVENT_PHRASES[language][event]);
    for (const camera of a.cameras) expect(text).toContain(camera);
    for (const item of CANNOT_DO[language]) expect(text).toContain(item);
    for (const said of [a.controller.name, a.controller.contact, a.reference, a.issuingAuthority.name])
      expect(text).toContain(said);
    for (const said of ["2024", "18:00", "R.253-6", "L.253-5", "CNIL", URL, a.appeal.court])
      expect(text).toContain(said);
    expect(text).not.toMatch(/undefined|null|\[object/);
  });

  test("names no event that is not authorised", () => {
    const a = exampleAuthorisation();
    const text = publicNotice(a, law, URL).fr;
    const others = EVENT_TYPES.filter((event) => !a.events.includes(event));
    expect(others.length).toBeGreaterThan(0);
    for (const event of others) expect(text).not.toContain(EVENT_PHRASES.fr[event]);
  });

  test("gives the right to object wherever the law of the public way does not take it away", async () => {
    const { profile: premises } = await loadRegime("private-premises");
    const text = publicNotice(exampleAuthorisation(), premises, URL);
    expect(text.fr).toContain("Vous pouvez vous opposer");
    expect(text.en).toContain("You may object");
    expect(text.fr).not.toContain("R.253-6");
    expect(text.fr).toContain("www.cnil.fr/plaintes");
    const abroad = publicNotice(exampleAuthorisation(), { ...premises, jurisdiction: "BE" }, URL);
    expect(abroad.en).toContain("the data protection authority of your country");
    expect(abroad.fr).not.toContain("CNIL");
  });

  test("says of a trial that nobody sees the signals", () => {
    const text = publicNotice(exampleAuthorisation({ use: "shadow" }), law, URL);
    expect(text.fr).toContain("personne ne les voit");
    expect(text.fr).not.toContain("Un humain regarde chaque signal");
    expect(text.en).toContain("nobody sees them");
  });
});
