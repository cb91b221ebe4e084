import { describe, expect, test } from "vitest";
import {
  EXAMPLE_INSTANT,
  exampleAuthorisation,
  exampleCameraAuthorisation,
  testKeys,
} from "../../test/support/policy-fixtures.ts";
import type { Authorisation } from "./authorisation.ts";
import { type AuthorisationPage, authorisationPage } from "./authorisation-page.ts";
import { end, resume, suspend } from "./lifecycle.ts";
import { loadRegime } from "./profile-load.ts";
import type { Reason } from "./reasons.ts";
import { verifyAuthorisation } from "./verify-documents.ts";

const { profile } = await loadRegime("fr-loi-2023-380");
const HOUR = 3_600_000;

function page(
  a: Authorisation,
  {
    at = EXAMPLE_INSTANT,
    lacks = [],
    language = "en" as const,
  }: Partial<{
    at: number;
    lacks: readonly Reason[] | null;
    language: "en" | "fr";
  }> = {},
): AuthorisationPage {
  const verified = verifyAuthorisation(a, testKeys().trust);
  return authorisationPage({ verified, profile, lacks, at }, language);
}

const flat = (shown: AuthorisationPage): string => JSON.stringify(shown);

describe("the page of an authorisation", () => {
  test.each([
    "en",
    "fr",
  ] as const)("says what, where, until when, why, who and how to challenge it (%s)", (language) => {
    const a = exampleAuthorisation();
    const shown = page(a, { language });
    const text = flat(shown);
    expect(shown.permits).toBe(true);
    for (const said of [a.title[language], a.purpose[language], a.grounds[language], a.reference])
      expect(text).toContain(JSON.stringify(said).slice(1, -1));
    for (const said of [a.controller.contact, a.appeal.court, a.documentSha256, a.cameras[0] ?? "?"])
      expect(text).toContain(said);
    expect(text).not.toMatch(/undefined|\[object/);
    expect(new Set(shown.sections.map(({ heading }) => heading)).size).toBe(shown.sections.length);
  });

  test.each<[string, Authorisation, Partial<{ at: number; lacks: readonly Reason[] | null }>, RegExp]>([
    ["in force", exampleAuthorisation(), {}, /^In force, until 12 August 2024/],
    [
      "over",
      exampleAuthorisation(),
      { at: Date.parse("2024-09-01T00:00Z"), lacks: null },
      /^Its time was over/,
    ],
    [
      "to come",
      exampleAuthorisation(),
      { at: Date.parse("2024-07-12T00:00Z"), lacks: null },
      /^It begins on 15 July/,
    ],
    [
      "incomplete",
      exampleAuthorisation(),
      { lacks: [{ code: "no_notice", ruleId: null, source: "x" }] },
      /missing/,
    ],
    ["of an unknown profile", exampleAuthorisation(), { lacks: null }, /profile that is not at hand/],
  ])("says of one that is %s what it is worth", (_, a, when, standing) => {
    expect(page(a, when).standing).toMatch(standing);
  });

  test("tells who suspended it and why, and when it was resumed", () => {
    const a = exampleAuthorisation();
    const act = { by: "Exemple de passante", reason: "La caméra a bougé.", at: EXAMPLE_INSTANT - HOUR / 2 };
    const suspended = suspend(a, { ...act, key: null });
    const lacks: Reason[] = [{ code: "suspended", ruleId: a.id, source: "x" }];
    expect(page(suspended, { lacks }).standing).toMatch(/^Suspended on .* by Exemple de passante: La caméra/);
    const { publishing } = testKeys();
    const resumed = resume(suspended, { ...act, reason: "Remise.", key: publishing, at: EXAMPLE_INSTANT });
    expect(page(resumed).standing).toMatch(/^In force/);
    // Before it was resumed it was suspended, whatever is known later.
    expect(page(resumed, { lacks, at: EXAMPLE_INSTANT - 1 }).standing).toMatch(/^Suspended/);
  });

  test("says that an annulled one never was, also for before", () => {
    const ended = end(exampleAuthorisation(), {
      status: "annulled",
      by: "Exemple de tribunal",
      reason: "Exemple.",
      at: EXAMPLE_INSTANT + HOUR,
      key: null,
      annulmentGround: "substantive",
    });
    expect(page(ended, { lacks: null }).standing).toMatch(/^Ended: annulled/);
  });

  test("shows a change after the signature for what it is", () => {
    const forged: Authorisation = { ...exampleAuthorisation(), validUntil: "2024-08-13T00:00:00+02:00" };
    expect(flat(page(forged))).toContain("something was changed after it was signed");
  });

  test("says of filming that nothing may be analysed on this ground", () => {
    const text = flat(page(exampleCameraAuthorisation()));
    expect(text).toContain("Nothing that a camera sees may be analysed");
    expect(text).not.toContain("a human who decides");
  });

  test("makes a link of web addresses alone", () => {
    const sha256 = "d".repeat(64);
    const a = exampleAuthorisation({ publicationUrl: `urn:contrechamp:document:${sha256}` });
    expect(flat(page(a))).not.toContain('"href":"urn:');
    expect(flat(page(a))).toContain("not on the web");
  });
});
