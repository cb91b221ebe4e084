import { beforeAll, describe, expect, it } from "vitest";
import { Homography } from "../../src/geometry/homography.ts";
import { CrowdMovement } from "../../src/rules/crowd-movement.ts";
import type { Observation } from "../../src/rules/rule.ts";
import { footage, missingFootage } from "../support/footage.ts";
import { type MotBox, readMot } from "../support/mot.ts";
import { readPetsTracks, replayed } from "../support/track-replay.ts";

const DENSE = "data/tracks/PETS2009-S1L1-1.xml";
const MIXED = "data/tracks/PETS2009-S2L2.xml";
const SPARSE = "data/pets09-s2l1/gt.txt";
const PICTURE = { width: 768, height: 576 };
/** PETS 2009 was filmed at about seven pictures a second. */
const RATE = 7;
const GROUND = new Homography([
  { px: { x: 100, y: 220 }, m: { x: -7.21, y: 3.42 } },
  { px: { x: 700, y: 160 }, m: { x: 6.12, y: -8.58 } },
  { px: { x: 740, y: 480 }, m: { x: -14.59, y: -15.74 } },
  { px: { x: 160, y: 520 }, m: { x: -19.13, y: -9.68 } },
]);
const missing = missingFootage(DENSE, MIXED, SPARSE);

/** What the rule says of real people's true positions, as they walked, and of the same people made to run. */
describe.skipIf(missing !== null)(
  `crowd_movement on true tracks${missing === null ? "" : ` (${missing})`}`,
  () => {
    let [dense, mixed, sparse]: (readonly MotBox[])[] = [];
    beforeAll(async () => {
      dense = await readPetsTracks(footage(DENSE));
      mixed = await readPetsTracks(footage(MIXED));
      sparse = await readMot(footage(SPARSE));
    });

    describe.each([
      ["uncalibrated", null],
      ["calibrated", GROUND],
    ])("%s", (_, homography) => {
      const alerts = (observations: readonly Observation[]) => {
        const config = { event: "crowd_movement", id: "r", after: 1, clear: 5, longest: 600 } as const;
        const rule = new CrowdMovement(config, null, { ...PICTURE, zones: [], lines: [], homography });
        return observations.flatMap((o) => rule.observe(o)).filter(({ kind }) => kind === "opened").length;
      };

      it("says nothing of crowds that walk, nor of the same a quarter faster", () => {
        for (const boxes of [dense, mixed, sparse]) {
          expect(alerts(replayed(boxes ?? [], RATE))).toBe(0);
          expect(alerts(replayed(boxes ?? [], 1.25 * RATE))).toBe(0);
        }
      });

      it("tells of the same crowds three times as fast, and never of few", () => {
        expect(alerts(replayed(dense ?? [], 3 * RATE))).toBeGreaterThan(0);
        expect(alerts(replayed(mixed ?? [], 3 * RATE))).toBeGreaterThan(0);
        expect(alerts(replayed(sparse ?? [], 3 * RATE))).toBe(0);
      });

      it("tells of a stream that turns back at its own pace", () => {
        // All of them walk back where they came from.
        const turn = 140;
        const back = (dense ?? []).flatMap((one) =>
          one.frame > turn ? [] : one.frame === turn ? [one] : [one, { ...one, frame: 2 * turn - one.frame }],
        );
        expect(alerts(replayed(back, RATE))).toBe(1);
      });
    });
  },
);
