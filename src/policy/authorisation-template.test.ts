import { describe, expect, test } from "vitest";
import { EVENT_TYPES } from "../event.ts";
import { authorisationSchema } from "./authorisation.ts";
import { checkAuthorisation } from "./authorisation-checks.ts";
import { authorisationTemplate, legalBasisAt, studyAuthorisation } from "./authorisation-template.ts";
import { loadRegime } from "./profile-load.ts";

const { profile: france } = await loadRegime("fr-loi-2023-380");
const { profile: study } = await loadRegime("recording-study");

describe("the template", () => {
  test("settles what the profile settles, and invents nothing", () => {
    const template = authorisationTemplate("analytic_authorisation", france, Date.parse("2024-07-01T00:00Z"));
    expect(template).toMatchObject({
      maxDuration: france.limits.maxDuration,
      retention: { clips: "P1M" },
      dataLocation: ["FR"],
      eventGathering: null,
      dpia: null,
    });
    for (const key of ["reference", "title", "grounds", "cameras", "events", "perimeter", "validFrom"])
      expect(template).not.toHaveProperty(key);
  });

  test("of the public way has the condition that the grounds still stand, to be attested within a day", () => {
    const template = authorisationTemplate("analytic_authorisation", france, 0);
    expect(template["conditions"]).toEqual([
      expect.objectContaining({ id: "grounds-still-stand", validFor: "PT24H" }),
    ]);
    expect(authorisationTemplate("analytic_authorisation", study, 0)["conditions"]).toEqual([]);
  });

  test("never keeps clips for longer than a month, whatever the profile says", () => {
    const long = { ...study, limits: { ...study.limits, maxRetention: "P1Y" } };
    const short = { ...study, limits: { ...study.limits, maxRetention: "P7D" } };
    expect(authorisationTemplate("analytic_authorisation", long, 0)).toMatchObject({
      retention: { clips: "P1M" },
    });
    expect(authorisationTemplate("analytic_authorisation", short, 0)).toMatchObject({
      retention: { clips: "P7D" },
    });
  });

  test("rests on what permits on that day", () => {
    const [basis, ...others] = legalBasisAt(france, Date.parse("2024-07-01T00:00Z"));
    expect(others).toEqual([]);
    expect(basis).toMatchObject({ profileId: "fr-loi-2023-380" });
    expect(basis?.instrumentId).toMatch(/2023/);
    // In the gap nothing permits; the document names what there was and will be, and the gate says no.
    expect(legalBasisAt(france, Date.parse("2025-06-01T00:00Z")).length).toBeGreaterThan(0);
  });
});

test("the authorisation of a study is whole and contradicts nothing", () => {
  const draft = studyAuthorisation({
    profile: study,
    slug: "etude-exemple",
    by: "Exemple de chercheuse",
    purpose: "Mesurer.",
    cameras: ["camera"],
    recordings: [{ name: "a.mp4", sha256: "a".repeat(64) }],
    events: [...EVENT_TYPES].reverse(),
    modelSha256: "b".repeat(64),
    decidedAt: Date.parse("2026-01-10T10:00Z"),
    validFrom: Date.parse("2026-01-10T10:00Z"),
    validUntil: Date.parse("2026-02-09T10:00Z"),
    documentSha256: "c".repeat(64),
  });
  const history = [{ status: "draft", at: "2026-01-10T10:00:00Z", by: "Exemple", reason: "Drafted" }];
  const parsed = authorisationSchema.parse({ ...draft, statusHistory: history });
  expect(checkAuthorisation(parsed, study.timeZone)).toEqual([]);
  expect(parsed).toMatchObject({ kind: "analytic_authorisation", events: EVENT_TYPES, perimeter: null });
});
