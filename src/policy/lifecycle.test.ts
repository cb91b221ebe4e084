import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arbitraryAuthorisation } from "../../test/support/policy-arbitraries.ts";
import { exampleCameraAuthorisation, exampleFields, testKeys } from "../../test/support/policy-fixtures.ts";
import { CodedError } from "../errors.ts";
import type { AnalyticAuthorisation, Authorisation, AuthorisationStatus } from "./authorisation.ts";
import { checkAuthorisation, checkRenewal } from "./authorisation-checks.ts";
import { documentText, inspectDocument } from "./documents.ts";
import {
  attest,
  draft,
  type EndingStatus,
  end,
  publish,
  type Renewal,
  renew,
  resume,
  signDecision,
  suspend,
} from "./lifecycle.ts";
import { statusAt } from "./validity.ts";
import { verifyAuthorisation } from "./verify-documents.ts";

const { issuing, publishing, attesting, suspending, trust } = testKeys();
const at = (text: string) => Date.parse(text);
const DRAFTED = { by: "Exemple", at: at("2024-07-09T08:00Z") };
const URL = "https://example.org/actes/1";

const newDraft = (changed: Partial<ReturnType<typeof exampleFields>> = {}) =>
  analytic(draft({ ...exampleFields(), ...changed }, DRAFTED));
const signedDraft = () => signDecision(newDraft(), issuing, at("2024-07-10T09:00Z"));
const active = () => publish(signedDraft(), { at: at("2024-07-12T07:00Z"), url: URL, key: publishing });
const suspended = () =>
  suspend(active(), { by: "Exemple", at: at("2024-07-18T10:00Z"), reason: "Exemple", key: suspending });
const ended = (status: EndingStatus) =>
  end(active(), {
    status,
    by: "Exemple",
    at: at("2024-08-12T10:00Z"),
    reason: "Exemple",
    key: issuing,
    annulmentGround: status === "annulled" ? "substantive" : null,
  });

function analytic(a: Authorisation): AnalyticAuthorisation {
  if (a.kind !== "analytic_authorisation") throw new TypeError("an authorisation to analyse is one");
  return a;
}

function refusal(act: () => unknown): { code: string; message: string } {
  try {
    act();
  } catch (thrown) {
    if (thrown instanceof CodedError) return { code: thrown.code, message: thrown.message };
    throw thrown;
  }
  throw new Error("nothing was refused");
}

/** Whatever a step returns is sound, is read back as it is, and its signatures hold. */
function holds(a: Authorisation): void {
  expect(checkAuthorisation(a).map((found) => found.fault("").message)).toEqual([]);
  expect(inspectDocument(documentText(a, "a.yml"), "a.yml")).toEqual({ document: a, problems: [] });
  const { decision, publication, conditions, history } = verifyAuthorisation(a, trust).signatures;
  const analyticOnly = a.kind === "analytic_authorisation" ? a.conditions : [];
  expect({ decision, publication, conditions, history }).toEqual({
    decision: a.decisionSignature === null ? "missing" : "valid",
    publication: a.publicationSignature === null ? "missing" : "valid",
    conditions: Object.fromEntries(
      analyticOnly.map((one) => [one.id, one.signature === null ? "missing" : "valid"]),
    ),
    history: a.statusHistory.map((entry) => (entry.signature === null ? "missing" : "valid")),
  });
}

test("a whole life: drafted, signed, published, attested, suspended, resumed, ended", () => {
  const steps: Authorisation[] = [newDraft()];
  const push = (a: AnalyticAuthorisation) => {
    steps.push(a);
    return a;
  };
  const signed = push(signedDraft());
  const published = push(publish(signed, { at: at("2024-07-12T07:00Z"), url: URL, key: publishing, trust }));
  const attested = push(
    attest(published, "affluence", { by: "Exemple", at: at("2024-07-20T10:00Z"), key: attesting }),
  );
  const again = push(
    attest(attested, "affluence", { by: "Exemple", at: at("2024-07-20T12:00Z"), key: attesting }),
  );
  const stopped = push(
    suspend(again, { by: "Quiconque", at: at("2024-07-20T13:00Z"), reason: "Pluie", key: null }),
  );
  const resumed = push(
    resume(stopped, {
      by: "Exemple",
      at: at("2024-07-20T15:00Z"),
      reason: "Fin de la pluie",
      key: publishing,
    }),
  );
  const over = push(
    end(resumed, {
      status: "expired",
      by: "Exemple",
      at: at("2024-08-11T22:00Z"),
      reason: "Terme",
      key: publishing,
    }),
  );
  for (const a of steps) holds(a);
  expect(over.statusHistory.map((entry) => entry.status)).toEqual([
    "draft",
    "published",
    "active",
    "suspended",
    "active",
    "expired",
  ]);
  const { history } = verifyAuthorisation(over, trust).signatures;
  const statuses = ["07-12T06:59Z", "07-12T07:00Z", "07-20T13:00Z", "07-20T15:00Z", "08-11T22:00Z"].map(
    (when) => statusAt(over, history, at(`2024-${when}`)),
  );
  expect(statuses).toEqual<AuthorisationStatus[]>(["draft", "active", "suspended", "active", "expired"]);
});

test("an authorisation to film lives the same life", () => {
  const a = exampleCameraAuthorisation();
  holds(a);
  const stopped = suspend(a, {
    by: "Exemple",
    at: at("2024-07-20T13:00Z"),
    reason: "Travaux",
    key: suspending,
  });
  holds(stopped);
  holds(
    end(stopped, {
      status: "withdrawn",
      by: "Exemple",
      at: at("2024-07-21T13:00Z"),
      reason: "Fin",
      key: null,
    }),
  );
});

test("a step changes nothing of the document that it is given", () => {
  const a = suspended();
  const before = JSON.stringify(a);
  resume(a, { by: "Exemple", at: at("2024-07-20T15:00Z"), reason: "Exemple", key: publishing });
  renew(a, RENEWAL);
  expect(JSON.stringify(a)).toBe(before);
});

test("a draft takes over no attestation, and fills in what has a default", () => {
  const a = newDraft({
    conditions: [
      {
        id: "affluence",
        text: { fr: "Exemple.", en: "Example." },
        validFor: "PT24H",
        attestedBy: "Somebody",
        attestedAt: "2024-07-20T17:00:00Z",
      },
    ],
  });
  expect(a.conditions[0]).toMatchObject({ attestedBy: null, attestedAt: null, signature: null });
  expect(a).toMatchObject({ status: "draft", decisionSignature: null, publishedAt: null, processors: [] });
});

test("spaces around a name are not signed: they are not read back either", () => {
  const a = suspend(active(), {
    by: "  Exemple ",
    at: at("2024-07-18T10:00Z"),
    reason: " Exemple\n",
    key: suspending,
  });
  holds(a);
  expect(a.statusHistory.at(-1)).toMatchObject({ by: "Exemple", reason: "Exemple" });
  holds(attest(active(), "affluence", { by: " Exemple ", at: at("2024-07-18T10:00Z"), key: attesting }));
});

const RENEWAL: Renewal = {
  by: "Exemple",
  at: at("2024-08-09T08:00Z"),
  id: "urn:example:autorisation:2024-0002",
  reference: "Arrêté d’exemple 2024-0002",
  newGrounds: {
    fr: "Exemple : un second concert est annoncé, l’affluence reste forte.",
    en: "Example: a second concert is announced, attendance stays high.",
  },
  validFrom: "2024-08-12T00:00:00+02:00",
  validUntil: "2024-09-09T00:00:00+02:00",
  decidedAt: "2024-08-09T10:00:00+02:00",
  documentSha256: "e".repeat(64),
};

describe("a renewal", () => {
  test("is a new draft with grounds of its own, that names the one before", () => {
    const renewal = renew(active(), RENEWAL);
    holds(renewal);
    expect(renewal).toMatchObject({
      id: RENEWAL.id,
      status: "draft",
      grounds: RENEWAL.newGrounds,
      renewalOf: active().id,
      renewalCount: 1,
      decisionSignature: null,
      publishedAt: null,
    });
    expect(renewal.statusHistory).toHaveLength(1);
    expect(checkRenewal(renewal, active())).toEqual([]);
    const second = renew(
      publish(signDecision(renewal, issuing, at("2024-08-09T09:00Z")), {
        at: at("2024-08-10T09:00Z"),
        url: URL,
        key: publishing,
      }),
      { ...RENEWAL, id: "urn:example:autorisation:2024-0003", newGrounds: { fr: "Autre.", en: "Other." } },
    );
    expect(second).toMatchObject({ renewalOf: RENEWAL.id, renewalCount: 2 });
  });

  test("may decide other cameras, zones, hours and conditions", () => {
    const renewal = renew(active(), { ...RENEWAL, zones: [], dailyWindows: [], conditions: [] });
    expect(renewal).toMatchObject({ zones: [], dailyWindows: [], conditions: [], cameras: active().cameras });
  });

  test("with the grounds of the one before is refused, whatever their spaces and capitals", () => {
    const { grounds } = exampleFields();
    const dressed = { fr: grounds.fr.toUpperCase().replaceAll(" ", "\n "), en: "Quite other ones." };
    expect(refusal(() => renew(active(), { ...RENEWAL, newGrounds: dressed }))).toEqual({
      code: "AUTHORISATION_SAME_GROUNDS",
      message:
        "urn:example:autorisation:2024-0002: the grounds are those of urn:example:autorisation:2024-0001, word for word",
    });
  });
});

describe("what the life does not allow", () => {
  const act = { by: "Exemple", at: at("2024-08-13T10:00Z"), reason: "Exemple", key: publishing };
  const publication = { at: act.at, url: URL, key: publishing };
  const ID = "urn:example:autorisation:2024-0001";
  const never = (from: string, what: string) => `${ID} is ${from}: it cannot be ${what}`;
  const stranger: typeof trust = { ...trust, keys: trust.keys.filter((key) => key.keyId !== issuing.keyId) };
  const cases: readonly (readonly [what: string, act: () => unknown, code: string, message: string])[] = [
    [
      "publish an unsigned draft",
      () => publish(newDraft(), publication),
      "AUTHORISATION_UNSIGNED",
      `${ID} is not signed by its issuing authority: it cannot be published`,
    ],
    [
      "publish what was changed after it was signed",
      () => publish({ ...signedDraft(), reference: "Other" }, { ...publication, trust }),
      "AUTHORISATION_SIGNATURE",
      `The signature of the decision ${ID} does not hold: broken`,
    ],
    [
      "publish what a stranger signed",
      () => publish(signedDraft(), { ...publication, trust: stranger }),
      "AUTHORISATION_SIGNATURE",
      `The signature of the decision ${ID} does not hold: unknown_key`,
    ],
    [
      "publish before the decision",
      () => publish(signedDraft(), { ...publication, at: at("2024-07-10T07:59:59.999Z") }),
      "AUTHORISATION_BACKWARDS",
      `${ID} cannot be published at 2024-07-10T07:59:59.999Z, before 2024-07-10T10:00:00+02:00`,
    ],
    [
      "publish nowhere",
      () => publish(signedDraft(), { ...publication, url: "au tableau" }),
      "DOCUMENT_INVALID",
      `${ID} has 2 problems:\n  publicationUrl: found "au tableau", expected an absolute URI in ASCII, such as https://… or urn:…\n  publicationUrl: found "au tableau", expected an address that begins with https:// or http://, or urn:contrechamp:document: and a SHA-256`,
    ],
    [
      "publish twice",
      () => publish(active(), publication),
      "AUTHORISATION_TRANSITION",
      never("active", "published"),
    ],
    [
      "sign what is published",
      () => signDecision(active(), issuing, act.at),
      "AUTHORISATION_TRANSITION",
      never("active", "signed"),
    ],
    [
      "sign what contradicts itself",
      () => signDecision(newDraft({ validUntil: "2024-07-01T00:00:00+02:00" }), issuing, act.at),
      "DOCUMENT_INVALID",
      `${ID} has 1 problem:\n  validUntil: it ends at 2024-07-01T00:00:00+02:00, which is not after its beginning, 2024-07-15T00:00:00+02:00`,
    ],
    [
      "draft what does not fit the schema",
      () => newDraft({ cameras: [] }),
      "DOCUMENT_INVALID",
      `${ID} has 1 problem:\n  cameras: found an empty list, expected at least 1 item`,
    ],
    [
      "attest an unsigned draft",
      () => attest(newDraft(), "affluence", { ...act, key: attesting }),
      "AUTHORISATION_UNSIGNED",
      `${ID} is not signed by its issuing authority: it cannot be attested`,
    ],
    [
      "attest what is over",
      () => attest(ended("withdrawn"), "affluence", { ...act, key: attesting }),
      "AUTHORISATION_TRANSITION",
      never("withdrawn", "attested"),
    ],
    [
      "attest another condition",
      () => attest(active(), "pluie", { ...act, key: attesting }),
      "AUTHORISATION_NO_CONDITION",
      `${ID} has no condition pluie; it has affluence`,
    ],
    [
      "attest before the last attestation",
      () => {
        const later = attest(active(), "affluence", { ...act, key: attesting });
        return attest(later, "affluence", { ...act, at: act.at - 1, key: attesting });
      },
      "AUTHORISATION_BACKWARDS",
      `${ID} cannot be attested at 2024-08-13T09:59:59.999Z, before 2024-08-13T10:00:00.000Z`,
    ],
    [
      "suspend a draft",
      () => suspend(newDraft(), act),
      "AUTHORISATION_TRANSITION",
      never("draft", "suspended"),
    ],
    [
      "suspend twice",
      () => suspend(suspended(), act),
      "AUTHORISATION_TRANSITION",
      never("suspended", "suspended"),
    ],
    [
      "suspend before it was published",
      () => suspend(active(), { ...act, at: at("2024-07-12T06:00Z") }),
      "AUTHORISATION_BACKWARDS",
      `${ID} cannot be suspended at 2024-07-12T06:00:00.000Z, before 2024-07-12T07:00:00.000Z`,
    ],
    [
      "suspend without a reason",
      () => suspend(active(), { ...act, reason: " " }),
      "DOCUMENT_INVALID",
      `${ID} has 1 problem:\n  statusHistory[3].reason: found "", expected at least 1 character`,
    ],
    ["resume what runs", () => resume(active(), act), "AUTHORISATION_TRANSITION", never("active", "resumed")],
    ["resume a draft", () => resume(newDraft(), act), "AUTHORISATION_TRANSITION", never("draft", "resumed")],
    ...(["withdrawn", "annulled", "expired", "renewed", "never_took_effect"] as const).map(
      (status) =>
        [
          `reactivate what was ${status}`,
          () => resume(ended(status), act),
          "AUTHORISATION_TRANSITION",
          never(status, "resumed"),
        ] as const,
    ),
    [
      "let it expire before its end",
      () => end(active(), { ...act, at: at("2024-08-11T21:59:59.999Z"), status: "expired" }),
      "AUTHORISATION_BACKWARDS",
      `${ID} cannot be expired at 2024-08-11T21:59:59.999Z, before 2024-08-12T00:00:00+02:00`,
    ],
    [
      "let a draft expire",
      () => end(newDraft(), { ...act, status: "expired" }),
      "AUTHORISATION_TRANSITION",
      never("draft", "expired"),
    ],
    [
      "annul without a ground",
      () => end(active(), { ...act, status: "annulled" }),
      "AUTHORISATION_HISTORY",
      `${ID}: an annulment, and nothing else, has a ground: procedural or substantive`,
    ],
    [
      "withdraw with the ground of an annulment",
      () => end(active(), { ...act, status: "withdrawn", annulmentGround: "procedural" }),
      "AUTHORISATION_HISTORY",
      `${ID}: an annulment, and nothing else, has a ground: procedural or substantive`,
    ],
    [
      "withdraw what was annulled",
      () => end(ended("annulled"), { ...act, status: "withdrawn" }),
      "AUTHORISATION_TRANSITION",
      never("annulled", "withdrawn"),
    ],
    [
      "renew a draft",
      () => renew(newDraft(), RENEWAL),
      "AUTHORISATION_TRANSITION",
      never("draft", "renewed"),
    ],
    [
      "renew what was annulled",
      () => renew(ended("annulled"), RENEWAL),
      "AUTHORISATION_TRANSITION",
      never("annulled", "renewed"),
    ],
  ];
  test.each(cases)("%s", (_, refused, code, message) => {
    expect(refusal(refused)).toEqual({ code, message });
  });
});

test("a court may annul what has ended, and then it never was", () => {
  const a = end(ended("expired"), {
    status: "annulled",
    by: "Tribunal d’exemple",
    at: at("2025-03-01T09:00Z"),
    reason: "Exemple",
    key: null,
    annulmentGround: "substantive",
    instrumentId: "ta-exemple-1",
  });
  holds(a);
  const { history } = verifyAuthorisation(a, trust).signatures;
  expect(statusAt(a, history, at("2024-07-20T12:00Z"))).toBe("annulled");
});

test("everybody may suspend and end, at any point of any life that has not ended", () => {
  fc.assert(
    fc.property(arbitraryAuthorisation(), (a) => {
      const last = at(a.statusHistory.at(-1)?.at ?? a.decidedAt);
      const act = { by: "Quiconque", at: last + 1, reason: "Exemple", key: null };
      if (a.status === "active") {
        const stopped = suspend(a, act);
        const { history } = verifyAuthorisation(stopped, trust).signatures;
        expect(statusAt(stopped, history, last + 1)).toBe("suspended");
      }
      if (a.status === "active" || a.status === "suspended") {
        const over = end(a, { ...act, status: "withdrawn" });
        const { history } = verifyAuthorisation(over, trust).signatures;
        expect(statusAt(over, history, last + 1)).toBe("withdrawn");
      }
    }),
    { numRuns: 40 },
  );
});
