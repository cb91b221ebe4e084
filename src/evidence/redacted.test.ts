import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { RgbImage } from "../frames/frame.ts";
import { Redacted } from "./redacted.ts";

const src = fileURLToPath(new URL("..", import.meta.url));
const image: RgbImage = { width: 1, height: 1, data: new Uint8Array(3) };
const take = (_picture: Redacted<RgbImage>) => undefined;

describe("Redacted", () => {
  it("cannot be assigned, asserted or constructed from a frame's pixels", () => {
    // Each line below is checked by `tsc`: without the error it announces, the type check fails.
    // @ts-expect-error a picture is not a redacted picture
    take(image);
    // @ts-expect-error nor does it become one by assertion
    take(image as Redacted<RgbImage>);
    // @ts-expect-error nor does anything that merely looks like one
    take({ value: image });
    // @ts-expect-error and the constructor is closed
    const forged = () => new Redacted(image);
    expect(forged).toBeTypeOf("function");
    take(Redacted.seal(image));
  });

  it("is sealed nowhere outside this folder", () => {
    const others = readdirSync(src, { recursive: true, encoding: "utf8" }).filter(
      (file) => file.endsWith(".ts") && !file.startsWith(`evidence${sep}`),
    );
    expect(others.length).toBeGreaterThan(10);
    const sealing = others.filter((file) =>
      /\bRedacted\s*(\.|\?\.|\[)/.test(readFileSync(join(src, file), "utf8")),
    );
    expect(sealing).toEqual([]);
  });

  it("is sealed in this folder only by the composer, the encoders of what is sealed, and the still that a person approves", () => {
    const here = join(src, "evidence");
    const sealing = readdirSync(here, { recursive: true, encoding: "utf8" }).filter(
      (file) =>
        file.endsWith(".ts") &&
        !file.endsWith(".test.ts") &&
        readFileSync(join(here, file), "utf8").includes("Redacted.seal("),
    );
    expect(sealing.sort()).toEqual(["approved-background.ts", "compose.ts", "encode.ts"]);
  });

  it("reads colour from a frame in one place, and that place seals nothing", () => {
    const here = join(src, "evidence");
    const reading = readdirSync(here, { recursive: true, encoding: "utf8" }).filter(
      (file) =>
        file.endsWith(".ts") &&
        !file.endsWith(".test.ts") &&
        /\.(rgb|luma)\(/.test(readFileSync(join(here, file), "utf8")),
    );
    expect(reading).toEqual(["display-background.ts"]);
  });
});
