import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { canonicalSha256 } from "./canonical-hash.ts";

it("is of the canonical form, whatever the order of the keys", () => {
  const expected = createHash("sha256").update('{"a":[1,"é"],"b":null}').digest("hex");
  expect(canonicalSha256({ b: null, a: [1, "é"] })).toBe(expected);
  expect(canonicalSha256({ a: [1, "é"], b: null })).toBe(expected);
  expect(canonicalSha256({ a: ["é", 1], b: null })).not.toBe(expected);
});
