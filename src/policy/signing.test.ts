import { verify } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  arbitraryAuthorisation,
  arbitraryCameraAuthorisation,
  arbitraryCertificate,
  arbitraryNotice,
} from "../../test/support/policy-arbitraries.ts";
import { EXAMPLE_INSTANT, exampleAuthorisation, testKeys } from "../../test/support/policy-fixtures.ts";
import type { Authorisation } from "./authorisation.ts";
import { generateKey, parsePrivateKey, publicKeyObject } from "./keys.ts";
import type { Trust } from "./signature.ts";
import { attestationText, decisionText, publicationText, statusText, statusTexts } from "./signed-texts.ts";
import { check, sign } from "./signing.ts";
import { verifyAuthorisation, verifyCertificate, verifyNotice } from "./verify-documents.ts";

const { issuing, publishing, trust } = testKeys();
const TEXT = { purpose: "contrechamp/test@1", words: "é\u2028 and 1e21", number: 1e21 };
const AT = Date.parse("2024-07-20T18:00:00Z");
const SIGNED = sign(TEXT, issuing, AT);

/** The trust file with one key changed. */
function believing(changed: Partial<Trust["keys"][number]>): Trust {
  return {
    ...trust,
    keys: trust.keys.map((key) => (key.keyId === issuing.keyId ? { ...key, ...changed } : key)),
  };
}

test("what is signed is the canonical JSON of the text, the key's id and the instant", () => {
  const bytes = `{"at":"2024-07-20T18:00:00.000Z","keyId":"${issuing.keyId}","signed":{"number":1e+21,"purpose":"contrechamp/test@1","words":"é\u2028 and 1e21"}}`;
  const key = publicKeyObject(issuing.publicKey);
  expect(SIGNED.at).toBe("2024-07-20T18:00:00.000Z");
  expect(key && verify(null, Buffer.from(bytes), key, Buffer.from(SIGNED.value, "base64"))).toBe(true);
});

describe("what becomes of a signature's check", () => {
  const holder = "Exemple de clé (issuing)";
  const flipped = (index: number) => {
    const bytes = Buffer.from(SIGNED.value, "base64");
    bytes[index] = (bytes[index] ?? 0) ^ 1;
    return { ...SIGNED, value: bytes.toString("base64") };
  };
  // The last two bits of 64 bytes in base64 say nothing: another letter there is another text of the same bytes.
  const loose = { ...SIGNED, value: SIGNED.value.replace(/.==$/, (end) => `${next(end[0] ?? "")}==`) };
  const stranger = parsePrivateKey(generateKey().privatePem, "stranger");
  const cases: readonly (readonly [string, ReturnType<typeof check>, ReturnType<typeof check>])[] = [
    ["a good one", check(TEXT, SIGNED, "issuing", trust), { state: "valid", holder }],
    [
      "one of several roles",
      check(TEXT, SIGNED, ["publishing", "issuing"], trust),
      { state: "valid", holder },
    ],
    ["none", check(TEXT, null, "issuing", trust), { state: "missing", holder: null }],
    ["no trust file", check(TEXT, SIGNED, "issuing", null), { state: "unknown_key", holder: null }],
    [
      "an empty one",
      check(TEXT, SIGNED, "issuing", { ...trust, keys: [] }),
      { state: "unknown_key", holder: null },
    ],
    [
      "a stranger's",
      check(TEXT, sign(TEXT, stranger, AT), "issuing", trust),
      { state: "unknown_key", holder: null },
    ],
    [
      "another's under this key's id",
      check(TEXT, { ...sign(TEXT, stranger, AT), keyId: issuing.keyId }, "issuing", trust),
      { state: "broken", holder },
    ],
    [
      "a trust file that gives the id another key",
      check(TEXT, SIGNED, "issuing", believing({ publicKey: stranger.publicKey })),
      { state: "unknown_key", holder: null },
    ],
    ["another role", check(TEXT, SIGNED, "publishing", trust), { state: "wrong_key", holder }],
    [
      "before the key was valid",
      check(TEXT, SIGNED, "issuing", believing({ validFrom: "2024-07-20T18:00:00.001Z" })),
      { state: "wrong_key", holder },
    ],
    [
      "at the first instant of the key",
      check(TEXT, SIGNED, "issuing", believing({ validFrom: "2024-07-20T20:00:00+02:00" })),
      { state: "valid", holder },
    ],
    [
      "at the first instant after the key",
      check(TEXT, SIGNED, "issuing", believing({ validUntil: "2024-07-20T18:00:00Z" })),
      { state: "wrong_key", holder },
    ],
    ["another text", check({ ...TEXT, words: "e" }, SIGNED, "issuing", trust), { state: "broken", holder }],
    [
      "another purpose",
      check({ ...TEXT, purpose: "contrechamp/other@1" }, SIGNED, "issuing", trust),
      { state: "broken", holder },
    ],
    [
      "dated back",
      check(TEXT, { ...SIGNED, at: "2024-07-19T18:00:00.000Z" }, "issuing", trust),
      { state: "broken", holder },
    ],
    ["the first bit changed", check(TEXT, flipped(0), "issuing", trust), { state: "broken", holder }],
    ["the last byte changed", check(TEXT, flipped(63), "issuing", trust), { state: "broken", holder }],
    ["a loose spelling of base64", check(TEXT, loose, "issuing", trust), { state: "broken", holder }],
  ];
  test.each(cases)("%s", (_, found, expected) => {
    expect(found).toEqual(expected);
  });
});

describe("authorisations, certificates and notices", () => {
  test("what was signed is valid, whatever it says", () => {
    fc.assert(
      fc.property(fc.oneof(arbitraryAuthorisation(), arbitraryCameraAuthorisation()), (a) => {
        const { decision, publication, conditions, history } = verifyAuthorisation(a, trust).signatures;
        expect([decision, publication, ...Object.values(conditions)]).toEqual(
          Array.from({ length: 2 + Object.keys(conditions).length }, () => "valid"),
        );
        expect(history).toEqual(
          a.statusHistory.map((entry) => (entry.signature === null ? "missing" : "valid")),
        );
      }),
      { numRuns: 60 },
    );
    fc.assert(
      fc.property(arbitraryCertificate(), arbitraryNotice(), (certificate, notice) => {
        expect(verifyCertificate(certificate, trust).signature).toBe("valid");
        expect(verifyNotice(notice, trust).signature).toBe("valid");
        expect(verifyCertificate({ ...certificate, passed: !certificate.passed }, trust).signature).toBe(
          "broken",
        );
        expect(verifyNotice({ ...notice, cameras: [...notice.cameras, "more"] }, trust).signature).toBe(
          "broken",
        );
      }),
      { numRuns: 60 },
    );
  });

  test("any change of any value of what was decided breaks the decision, its publication and all that hangs on it", () => {
    fc.assert(
      fc.property(arbitraryAuthorisation(), fc.nat(), (a, choice) => {
        const paths = leaves(a).filter((path) => isDecided(path) && path.join() !== "conditions");
        const path = paths[choice % paths.length] ?? [];
        const { decision, publication, conditions, history } = verifyAuthorisation(
          changed(a, path),
          trust,
        ).signatures;
        expect([path, decision, publication]).toEqual([path, "broken", "broken"]);
        // A condition may have been given another name: then it is looked up under that one.
        expect(new Set(Object.values(conditions)).has("valid")).toBe(false);
        expect(history.includes("valid")).toBe(false);
      }),
      { numRuns: 150 },
    );
  });

  test("every leaf of the decided part, of one example, is covered", () => {
    const a = exampleAuthorisation();
    const paths = leaves(a).filter((path) => isDecided(path));
    expect(paths.length).toBeGreaterThan(90);
    for (const path of paths) {
      expect([path, verifyAuthorisation(changed(a, path), trust).signatures.decision]).toEqual([
        path,
        "broken",
      ]);
    }
  });

  test("a change of what is not decided leaves the decision valid", () => {
    const a = exampleAuthorisation();
    const paths = leaves(a).filter((path) => !isDecided(path) && path[0] !== "decisionSignature");
    expect(paths.length).toBeGreaterThan(20);
    for (const path of paths) {
      expect([path, verifyAuthorisation(changed(a, path), trust).signatures.decision]).toEqual([
        path,
        "valid",
      ]);
    }
  });

  test("publication, attestations and entries are each covered by their own signature", () => {
    const a = exampleAuthorisation();
    const moved = { ...a, publicationUrl: "https://example.org/elsewhere" };
    const later = { ...a, publishedAt: "2024-07-10T08:00:00.001Z" };
    for (const other of [moved, later]) {
      expect(verifyAuthorisation(other, trust).signatures).toMatchObject({
        decision: "valid",
        publication: "broken",
      });
    }
    const attestedLater = {
      ...a,
      conditions: a.conditions.map((condition) => ({ ...condition, attestedAt: "2024-07-21T17:00:00.000Z" })),
    };
    expect(verifyAuthorisation(attestedLater, trust).signatures).toMatchObject({
      decision: "valid",
      publication: "valid",
      conditions: { affluence: "broken" },
    });
  });

  test("a signature for one thing does not pass for another", () => {
    const a = exampleAuthorisation();
    const crossed = {
      ...a,
      publicationSignature: a.decisionSignature,
      decisionSignature: a.publicationSignature,
    };
    expect(verifyAuthorisation(crossed, trust).signatures).toMatchObject({
      decision: "broken",
      publication: "broken",
    });
    const texts = [decisionText(a), publicationText(a), attestationText(a, "affluence"), statusText(a, 0)];
    expect(new Set(texts.map(({ purpose }) => purpose)).size).toBe(texts.length);
  });

  test("of two conditions neither's attestation passes for the other's", () => {
    const a = exampleAuthorisation({
      conditions: ["one", "two"].map((id) => ({
        id,
        text: { fr: "Exemple.", en: "Example." },
        validFor: "PT24H",
        attestedBy: null,
        attestedAt: null,
        signature: null,
      })),
    });
    const [one, two] = a.conditions;
    if (one === undefined || two === undefined) throw new Error("two conditions");
    const crossed = {
      ...a,
      conditions: [one, { ...one, id: "two", text: two.text, validFor: two.validFor }],
    };
    expect(verifyAuthorisation(crossed, trust).signatures).toMatchObject({
      decision: "valid",
      conditions: { one: "valid", two: "broken" },
    });
  });
});

describe("the chain of the status history", () => {
  const long = fc.oneof(arbitraryAuthorisation(), arbitraryCameraAuthorisation());
  /** States of the entries after a change, for those that stand where they stood or later. */
  const statesOf = (a: Authorisation, statusHistory: Authorisation["statusHistory"]) =>
    verifyAuthorisation({ ...a, statusHistory }, trust).signatures.history;

  test("an entry removed breaks every signed one after it", () => {
    fc.assert(
      fc.property(long, fc.nat(), (a, choice) => {
        const at = choice % (a.statusHistory.length - 1);
        const states = statesOf(a, a.statusHistory.toSpliced(at, 1));
        expect(states.slice(at)).not.toContain("valid");
      }),
      { numRuns: 60 },
    );
  });

  test("two entries exchanged break themselves and every signed one after them", () => {
    fc.assert(
      fc.property(long, fc.nat(), (a, choice) => {
        const at = choice % (a.statusHistory.length - 1);
        const [one, two] = a.statusHistory.slice(at, at + 2);
        if (one === undefined || two === undefined) throw new Error("two entries");
        expect(statesOf(a, a.statusHistory.toSpliced(at, 2, two, one)).slice(at)).not.toContain("valid");
      }),
      { numRuns: 60 },
    );
  });

  test("any change of an entry breaks it and every signed one after it", () => {
    fc.assert(
      fc.property(long, fc.nat(), fc.nat(), (a, choice, field) => {
        const at = choice % a.statusHistory.length;
        const found = a.statusHistory[at];
        if (found === undefined) throw new Error("an entry");
        const { signature, ...entry } = found;
        const paths = leaves(entry);
        const other = changed(entry, paths[field % paths.length] ?? []);
        const states = statesOf(a, a.statusHistory.toSpliced(at, 1, { ...other, signature }));
        expect(states.slice(at)).not.toContain("valid");
      }),
      { numRuns: 60 },
    );
  });

  test("an entry put in between breaks every signed one after it, and cannot be signed by a stranger", () => {
    const a = exampleAuthorisation();
    const extra = { ...a.statusHistory[1], status: "suspended" as const, signature: null };
    const first = a.statusHistory[1];
    if (first === undefined) throw new Error("published");
    expect(statesOf(a, a.statusHistory.toSpliced(2, 0, { ...first, ...extra }))).toEqual([
      "missing",
      "valid",
      "missing",
      "broken",
    ]);
    const stranger = parsePrivateKey(generateKey().privatePem, "stranger");
    const forged = { ...a, statusHistory: [...a.statusHistory, { ...first, status: "active" as const }] };
    const signature = sign(statusText(forged, 3), stranger, EXAMPLE_INSTANT);
    expect(statesOf(forged, forged.statusHistory.with(3, { ...first, status: "active", signature }))[3]).toBe(
      "unknown_key",
    );
  });

  test("who publishes does so by a publishing key, not by any key", () => {
    const a = exampleAuthorisation();
    const entry = a.statusHistory[1];
    if (entry === undefined) throw new Error("published");
    const signature = sign(statusText(a, 1), testKeys().suspending, EXAMPLE_INSTANT);
    expect(statesOf(a, a.statusHistory.with(1, { ...entry, signature }))[1]).toBe("wrong_key");
    const right = sign(statusText(a, 1), publishing, EXAMPLE_INSTANT);
    expect(statesOf(a, a.statusHistory.with(1, { ...entry, signature: right }))[1]).toBe("valid");
  });

  test("one text at a time, and all at once, are the same texts", () => {
    const a = exampleAuthorisation();
    expect(statusTexts(a)).toEqual(a.statusHistory.map((_, index) => statusText(a, index)));
    expect(() => statusText(a, 3)).toThrow(RangeError);
    expect(() => statusText(a, -1)).toThrow(RangeError);
  });
});

const NOT_DECIDED = new Set([
  "status",
  "statusHistory",
  "publishedAt",
  "publicationUrl",
  "decisionSignature",
  "publicationSignature",
]);
const ATTESTED = new Set(["attestedBy", "attestedAt", "signature"]);

function isDecided(path: readonly (string | number)[]): boolean {
  const [top, , field] = path;
  if (top === "conditions" && field !== undefined) return !ATTESTED.has(String(field));
  return !NOT_DECIDED.has(String(top));
}

/** Paths to every plain value of a document, and to its empty lists. */
function leaves(
  value: unknown,
  path: readonly (string | number)[] = [],
): readonly (readonly (string | number)[])[] {
  if (typeof value !== "object" || value === null) return [path];
  const inner = Array.isArray(value)
    ? value.flatMap((item, index) => leaves(item, [...path, index]))
    : Object.entries(value).flatMap(([key, item]) => leaves(item, [...path, key]));
  return inner.length === 0 ? [path] : inner;
}

/** A copy with the value at a path changed to another one of its kind. */
function changed<T extends object>(document: T, path: readonly (string | number)[]): T {
  const copy = structuredClone(document);
  let holder: object = copy;
  for (const key of path.slice(0, -1)) {
    const inner: unknown = Reflect.get(holder, key);
    if (typeof inner !== "object" || inner === null) throw new Error("a path leads to a value");
    holder = inner;
  }
  const key = path.at(-1);
  if (key === undefined) throw new Error("a path leads somewhere");
  const old: unknown = Reflect.get(holder, key);
  const other =
    typeof old === "string"
      ? `${old}x`
      : typeof old === "number"
        ? old + 1
        : typeof old === "boolean"
          ? !old
          : Array.isArray(old)
            ? ["x"]
            : "x";
  Reflect.set(holder, key, other);
  return copy;
}

function next(letter: string): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  return letters[(letters.indexOf(letter) + 1) % 64] ?? "";
}
