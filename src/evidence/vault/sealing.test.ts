import { randomBytes, randomUUID } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { open, SEALED_KINDS, type SealedKind, seal } from "./sealing.ts";

const bytes = fc.uint8Array({ maxLength: 3000 });
const kind = fc.constantFrom<SealedKind>(...SEALED_KINDS);
const id = fc.uuid();

describe("a sealed file", () => {
  it("opens to what was sealed", () => {
    fc.assert(
      fc.property(bytes, kind, id, (plain, what, evidence) => {
        const key = randomBytes(32);
        const opened = open(key, evidence, what, seal(key, evidence, what, plain));
        expect(Buffer.compare(opened ?? Buffer.of(1, 2, 3), plain)).toBe(0);
      }),
    );
  });

  it("is refused with any one bit changed, and cut or longer by a byte", () => {
    fc.assert(
      fc.property(bytes, fc.nat(), fc.integer({ min: 0, max: 7 }), (plain, where, bit) => {
        const key = randomBytes(32);
        const evidence = randomUUID();
        const sealed = seal(key, evidence, "still", plain);
        const changed = Uint8Array.from(sealed);
        const at = where % changed.length;
        changed[at] = (changed[at] ?? 0) ^ (1 << bit);
        expect(open(key, evidence, "still", changed)).toBeNull();
        expect(open(key, evidence, "still", sealed.subarray(0, -1))).toBeNull();
        expect(open(key, evidence, "still", Buffer.concat([sealed, Buffer.of(0)]))).toBeNull();
      }),
    );
  });

  it("is refused at every byte of a small one", () => {
    const key = randomBytes(32);
    const sealed = seal(key, "e", "clip", Buffer.from("a small clip"));
    for (let at = 0; at < sealed.length; at++) {
      const changed = Uint8Array.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 0x80;
      expect(open(key, "e", "clip", changed), `byte ${at}`).toBeNull();
    }
    for (let length = 0; length < sealed.length; length++)
      expect(open(key, "e", "clip", sealed.subarray(0, length)), `cut at ${length}`).toBeNull();
  });

  it("opens for no other evidence, no other kind of file and no other key", () => {
    fc.assert(
      fc.property(bytes, id, id, (plain, evidence, another) => {
        fc.pre(evidence !== another);
        const key = randomBytes(32);
        const sealed = seal(key, evidence, "still", plain);
        expect(open(key, another, "still", sealed)).toBeNull();
        expect(open(key, evidence, "clip", sealed)).toBeNull();
        expect(open(randomBytes(32), evidence, "still", sealed)).toBeNull();
      }),
    );
  });

  it("is never the same twice", () => {
    const key = randomBytes(32);
    const seen = new Set(
      Array.from({ length: 500 }, () =>
        Buffer.from(seal(key, "e", "still", Buffer.alloc(16))).toString("hex"),
      ),
    );
    expect(seen.size).toBe(500);
  });
});
