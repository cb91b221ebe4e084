import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseMotionVectors } from "./motion-vectors.ts";
import { type Rotation, readRotation, rotatePixels, storedBox } from "./rotation.ts";

const ROTATIONS: readonly Rotation[] = [0, 90, 180, 270];

/** The matrix that av_display_rotation_set writes for a picture to be turned clockwise. */
function matrix(degrees: number, scale = 65_536): Uint8Array {
  const radians = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(radians) * scale, Math.sin(radians) * scale].map(Math.round);
  return new Uint8Array(
    new Int32Array([cos ?? 0, sin ?? 0, 0, -(sin ?? 0), cos ?? 0, 0, 0, 0, 1 << 30]).buffer,
  );
}

describe("readRotation", () => {
  it.each([
    [0, 0],
    [90, 90],
    [180, 180],
    [270, 270],
    [-90, 270],
    [85, 90],
    [40, 0],
    [359, 0],
  ])("reads %d degrees as %d", (degrees, rotation) => {
    expect(readRotation(matrix(degrees))).toBe(rotation);
  });

  it("takes no, a short and an empty matrix for upright", () => {
    expect(readRotation(null)).toBe(0);
    expect(readRotation(new Uint8Array(12))).toBe(0);
    expect(readRotation(new Uint8Array(36))).toBe(0);
  });
});

describe("rotatePixels", () => {
  const picture = Uint8Array.from([1, 2, 3, 4, 5, 6]);

  it.each<[Rotation, number[]]>([
    [0, [1, 2, 3, 4, 5, 6]],
    [90, [4, 1, 5, 2, 6, 3]],
    [180, [6, 5, 4, 3, 2, 1]],
    [270, [3, 6, 2, 5, 1, 4]],
  ])("turns a 3x2 picture clockwise by %d degrees", (rotation, expected) => {
    const turned = new Uint8Array(6);
    rotatePixels(picture, 3, 2, 3, 1, rotation, turned);
    expect([...turned]).toEqual(expected);
  });

  it("keeps colours together, and leaves row padding out", () => {
    const padded = Uint8Array.from([1, 1, 1, 2, 2, 2, 0, 3, 3, 3, 4, 4, 4, 0]);
    for (const [rotation, expected] of [
      [0, [1, 2, 3, 4]],
      [90, [3, 1, 4, 2]],
    ] as const) {
      const turned = new Uint8Array(12);
      rotatePixels(padded, 2, 2, 7, 3, rotation, turned);
      expect([...turned]).toEqual(expected.flatMap((value) => [value, value, value]));
    }
  });
});

describe("storedBox", () => {
  it("names the same pixels as turning the whole picture and cutting then", () => {
    const boxIn = (width: number, height: number) =>
      fc.tuple(fc.nat(width - 1), fc.nat(height - 1)).chain(([x, y]) =>
        fc.record({
          x: fc.constant(x),
          y: fc.constant(y),
          width: fc.integer({ min: 1, max: width - x }),
          height: fc.integer({ min: 1, max: height - y }),
        }),
      );
    const size = { width: 7, height: 5 };
    const stored = Uint8Array.from({ length: 35 }, (_, index) => index);
    for (const rotation of ROTATIONS) {
      const sideways = rotation % 180 === 90;
      const shown = sideways ? { width: 5, height: 7 } : size;
      const turned = new Uint8Array(35);
      rotatePixels(stored, size.width, size.height, size.width, 1, rotation, turned);
      fc.assert(
        fc.property(boxIn(shown.width, shown.height), (box) => {
          const cut = storedBox(box, size.width, size.height, rotation);
          const fromStored = new Set(pixels(stored, size.width, cut));
          const fromShown = new Set(pixels(turned, shown.width, box));
          expect(fromStored).toEqual(fromShown);
        }),
      );
    }
  });
});

function pixels(
  picture: Uint8Array,
  stride: number,
  box: { x: number; y: number; width: number; height: number },
): number[] {
  const found: number[] = [];
  for (let y = box.y; y < box.y + box.height; y++) {
    for (let x = box.x; x < box.x + box.width; x++) found.push(picture[y * stride + x] ?? -1);
  }
  return found;
}

describe("parseMotionVectors", () => {
  /** One `AVMotionVector`. */
  function entry(source: number, dst: [number, number], motion: [number, number], scale: number): Uint8Array {
    const view = new DataView(new ArrayBuffer(40));
    view.setInt32(0, source, true);
    view.setUint8(4, 16);
    view.setUint8(5, 8);
    view.setInt16(10, dst[0], true);
    view.setInt16(12, dst[1], true);
    view.setInt32(24, motion[0], true);
    view.setInt32(28, motion[1], true);
    view.setUint16(32, scale, true);
    return new Uint8Array(view.buffer);
  }

  it("keeps vectors into the past, says where the block went, and drops an incomplete rest", () => {
    const data = Buffer.concat([
      entry(-1, [40, 24], [-12, 8], 4),
      entry(1, [8, 8], [4, 4], 4),
      entry(-1, [8, 12], [0, 0], 0),
      Buffer.alloc(13),
    ]);
    const vectors = parseMotionVectors(data, 160, 120, 0);
    expect(vectors.count).toBe(2);
    expect([...vectors.x]).toEqual([40, 8]);
    expect([...vectors.y]).toEqual([24, 12]);
    expect([...vectors.width]).toEqual([16, 16]);
    expect([...vectors.height]).toEqual([8, 8]);
    expect([...vectors.dx]).toEqual([3, -0]);
    expect([...vectors.dy]).toEqual([-2, -0]);
  });

  it.each<[Rotation, number[]]>([
    [90, [120 - 24, 40, 8, 16, 2, 3]],
    [180, [160 - 40, 120 - 24, 16, 8, -3, 2]],
    [270, [24, 160 - 40, 8, 16, -2, -3]],
  ])("turns them with the picture by %d degrees", (rotation, expected) => {
    const { x, y, width, height, dx, dy } = parseMotionVectors(
      entry(-1, [40, 24], [-12, 8], 4),
      160,
      120,
      rotation,
    );
    expect([x[0], y[0], width[0], height[0], dx[0], dy[0]]).toEqual(expected);
  });
});
