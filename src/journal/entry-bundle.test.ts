import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeBundle, encodeBundle, LONGEST_LEAF } from "./entry-bundle.ts";

describe("entry bundles", () => {
  it("writes each leaf behind its length, big-endian", () => {
    expect(encodeBundle([Buffer.from("ab"), Buffer.alloc(0), Buffer.from("c")]).toString("hex")).toBe(
      "00026162" + "0000" + "000163",
    );
    expect(encodeBundle([Buffer.alloc(258)]).readUInt16BE(0)).toBe(258);
  });

  it("reads what it wrote", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 256 }), (leaves) => {
        const list = leaves.map((bytes) => Buffer.from(bytes));
        expect(decodeBundle(encodeBundle(list), list.length)).toEqual(list);
      }),
      { numRuns: 50 },
    );
  });

  it("takes the longest leaf and none longer", () => {
    const longest = Buffer.alloc(LONGEST_LEAF, 7);
    expect(decodeBundle(encodeBundle([longest]), 1)).toEqual([longest]);
    expect(() => encodeBundle([Buffer.alloc(LONGEST_LEAF + 1)])).toThrow(RangeError);
  });

  it("refuses a bundle that was cut, that goes on, or that holds another number", () => {
    const bundle = encodeBundle([Buffer.from("one"), Buffer.from("two")]);
    for (let length = 0; length < bundle.length; length += 1) {
      expect(() => decodeBundle(bundle.subarray(0, length), 2), `${length} bytes`).toThrow(RangeError);
    }
    expect(() => decodeBundle(Buffer.concat([bundle, Buffer.of(0)]), 2)).toThrow("1 bytes follow");
    expect(() => decodeBundle(bundle, 1)).toThrow(RangeError);
    expect(() => decodeBundle(bundle, 3)).toThrow(RangeError);
  });
});
