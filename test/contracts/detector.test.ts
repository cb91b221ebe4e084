import { describe, it } from "vitest";
import { createDetector } from "../../src/detectors/create.ts";
import { CodedError } from "../../src/errors.ts";
import { DEFAULT_MODEL } from "../../src/models/manifest.ts";
import { resolveModel } from "../../src/models/models.ts";
import { blankView, type DetectorScene, detectorContract, paint } from "./detector.ts";
import { FIXED_SIDE, GENERATED, type Generated, generatedModel, SQUARE } from "./generated-networks.ts";

/** Two people, a vehicle and, in blue, something that no class names. */
function squares(kind: Generated): DetectorScene {
  const side = kind.startsWith("centernet") ? 2 * FIXED_SIDE : FIXED_SIDE;
  const view = blankView({ width: side, height: FIXED_SIDE }, 0);
  const boxAt = (column: number, row: number) => {
    return { x: column * SQUARE, y: row * SQUARE, width: SQUARE, height: SQUARE };
  };
  paint(view, boxAt(1, 0), [255, 0, 0]);
  paint(view, boxAt(3, 2), [255, 0, 0]);
  paint(view, boxAt(0, 3), [0, 255, 0]);
  paint(view, boxAt(2, 1), [0, 0, 255]);
  const expected = [
    { class: "person", box: boxAt(1, 0) },
    { class: "person", box: boxAt(3, 2) },
    { class: "vehicle", box: boxAt(0, 3) },
  ] as const;
  return { view, expected, minScore: 0.4 };
}

for (const kind of GENERATED) {
  detectorContract(
    `a generated ${kind} network`,
    async () => createDetector(await generatedModel(kind)),
    squares(kind),
  );
}

const pulled = await resolveModel(DEFAULT_MODEL).catch((error: unknown) => {
  if (error instanceof CodedError && error.code === "MODEL_FETCH") return error;
  throw error;
});
if (pulled instanceof CodedError) {
  describe("the default model as a detector", () => {
    it.skip(`cannot be had: ${pulled.message}`, () => {});
  });
} else detectorContract("the default model", () => createDetector(pulled));
