import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { authorisationSchema } from "../../policy/authorisation.ts";
import { loadRegime } from "../../policy/profile-load.ts";
import { ANALYTIC_FIELDS, CAMERA_FIELDS } from "./analytic-fields.ts";
import { COMMON_FIELDS } from "./common-fields.ts";
import { draftOf, isMapping, merge, valueAt } from "./draft-parts.ts";
import type { Situation } from "./field.ts";
import { slugOf } from "./files.ts";

const { profile } = await loadRegime("fr-loi-2023-380");
const situation: Situation = {
  kind: "analytic_authorisation",
  profile,
  now: 0,
  config: null,
  renewal: false,
};

describe("merge", () => {
  const draft = fc.dictionary(fc.constantFrom("a", "b", "__proto__", "constructor"), fc.jsonValue());

  test("keeps every key of both; the later value stands unless both are mappings", () => {
    fc.assert(
      fc.property(draft, draft, (one, two) => {
        const joined = merge(one, two);
        expect(new Set(Object.keys(joined))).toEqual(new Set([...Object.keys(one), ...Object.keys(two)]));
        for (const [key, value] of Object.entries(two)) {
          if (!isMapping(value)) expect(Object.getOwnPropertyDescriptor(joined, key)?.value).toEqual(value);
        }
        expect(Object.getPrototypeOf(joined)).toBe(Object.prototype);
      }),
    );
  });

  test("joins mappings and replaces lists", () => {
    expect(merge({ a: { x: 1, l: [1] }, b: null }, { a: { y: 2, l: [2] }, b: { z: 3 } })).toEqual({
      a: { x: 1, y: 2, l: [2] },
      b: { z: 3 },
    });
  });
});

describe("the fields", () => {
  const all = [...COMMON_FIELDS, ...ANALYTIC_FIELDS, ...CAMERA_FIELDS];
  /** They are worked into other keys. */
  const derived = ["model", "certificates", "zoneJustification"];

  test("each stand at a key that the schema knows", () => {
    for (const field of all) {
      const [first = "", second] = field.path.split(".");
      if (derived.includes(first)) continue;
      const kind = field.only ?? "analytic_authorisation";
      const shape = authorisationSchema.options.find((option) => option.shape.kind.value === kind)?.shape;
      expect(Object.keys(shape ?? {}), field.path).toContain(first);
      // An unknown second key would be refused by name.
      const issues =
        authorisationSchema.safeParse({ kind, [first]: { [second ?? ""]: 1 } }).error?.issues ?? [];
      const unknown = issues.filter((issue) => issue.code === "unrecognized_keys" && issue.path[0] === first);
      if (second !== undefined) expect(unknown, field.path).toEqual([]);
    }
  });

  test("each have one flag of their own, and are asked in both languages with what they rest on", () => {
    const flags = [...COMMON_FIELDS, ...ANALYTIC_FIELDS].map(({ flag }) => flag);
    expect(new Set(flags).size).toBe(flags.length);
    for (const { question, why, flag } of all) {
      for (const text of [question.fr, question.en, why.fr, why.en])
        expect(text.length, flag).toBeGreaterThan(2);
      expect(why.en, flag).toMatch(/\.$/);
    }
  });

  test("put answers in their places and name those that cannot be taken", () => {
    const given = new Map([
      ["reference", ["EX 1"]],
      ["camera", ["a", "b"]],
      ["title-fr", ["Exemple"]],
      ["valid-from", ["hier"]],
    ]);
    const { draft, refused } = draftOf(all, given, situation);
    expect(draft).toEqual({ reference: "EX 1", cameras: ["a", "b"], title: { fr: "Exemple" } });
    expect(refused.map(({ field, found }) => [field.flag, found])).toEqual([["valid-from", "hier"]]);
    expect(valueAt(draft, "title.fr")).toBe("Exemple");
    expect(valueAt(draft, "title.en")).toBeUndefined();
  });
});

test.each([
  ["Arrêté n° 2024-07/12", "arrete-n-2024-07-12"],
  ["../../etc/passwd", "etc-passwd"],
  ["———", "authorisation"],
  ["x".repeat(300), "x".repeat(100)],
])("slugOf(%j) is safe as a file's name", (reference, slug) => expect(slugOf(reference)).toBe(slug));
