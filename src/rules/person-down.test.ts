import { describe, expect, it } from "vitest";
import { sceneOf } from "../../test/support/observations.ts";
import type { Detection } from "../detectors/detector.ts";
import { type Box, footPoint } from "../geometry/shapes.ts";
import { issueTrackId } from "../tracking/track-id.ts";
import type { Track } from "../tracking/tracker.ts";
import { PersonDown } from "./person-down.ts";
import type { Observation } from "./rule.ts";

const VIEW = { width: 640, height: 360, zones: [], lines: [], homography: null };
const PLANE = { width: 160, height: 90 };
const HZ = 8;

/** Stands here with feet at (x, y), 100 px tall. */
const standing = (x = 300, y = 250): Box => ({ x: x - 17, y: y - 100, width: 34, height: 100 });
/** So high and so wide, in shares of that height, the lower edge `rise` above the feet. */
const posture = (high: number, wide: number, rise = 0): Box => ({
  x: 300 - 17,
  y: 250 - 100 * (high + rise),
  width: 100 * wide,
  height: 100 * high,
});
const FLAT = posture(0.3, 0.95);

/** What is seen from a moment on: a track's box, a doubtful detection, a silhouette; null for none. */
interface Stage {
  readonly from: number;
  readonly track: Box | null;
  readonly detected?: Detection | null;
  readonly silhouette?: Box | null;
  /** Another detection on a part of the same body. */
  readonly part?: Detection;
  /** The track has an id of its own from here on. */
  readonly renewed?: boolean;
}

const doubtful = (box: Box, cls: Detection["class"] = "person"): Detection => ({
  class: cls,
  box,
  score: 0.15,
});
const STANDS: Stage = { from: 0, track: standing() };
/** Half-way down: nobody recognises it, the background still shows it. */
const FALLING: Stage = { from: 4, track: null, silhouette: posture(0.6, 0.6) };

function alerts(stages: readonly Stage[], options: { after?: number; view?: typeof VIEW } = {}): number[] {
  const rule = new PersonDown(
    { event: "person_down", id: "r", after: options.after ?? 1, clear: 3, longest: 600 },
    null,
    options.view ?? VIEW,
  );
  const ids = [issueTrackId(), issueTrackId()] as const;
  const raised: number[] = [];
  for (let at = 0; at <= 12; at += 1 / HZ) {
    const stage = stages.findLast((s) => s.from <= at);
    if (stage === undefined) continue;
    for (const change of rule.observe(seen(at, ids[stage.renewed === true ? 1 : 0], stage)))
      if (change.kind === "opened") raised.push(at);
  }
  return raised;
}

function seen(
  at: number,
  id: Track["id"],
  { track, detected = null, silhouette = null, part }: Stage,
): Observation {
  const detections = [
    ...(track === null ? [] : [{ class: "person" as const, box: track, score: 0.6 }]),
    // Never twice the same to the pixel, as a network's.
    ...[detected, part ?? null]
      .filter((one) => one !== null)
      .map((one) => ({ ...one, box: { ...one.box, x: one.box.x + (at % 0.5) } })),
  ];
  const tracks: Track[] =
    track === null
      ? []
      : [
          {
            id,
            class: "person",
            box: track,
            foot: footPoint(track),
            velocity: { x: 0, y: 0 },
            confirmed: at >= 0.5,
            coasting: false,
            firstSeen: 0,
            lastSeen: at,
          },
        ];
  const shown = [track, silhouette].filter((box) => box !== null);
  return { at, tracks, detections, scene: sceneOf(at, VIEW, shown, PLANE) };
}

describe("PersonDown", () => {
  it.each<[string, readonly Stage[]]>([
    ["a doubtful box of a person", [STANDS, FALLING, { from: 4.5, track: null, detected: doubtful(FLAT) }]],
    [
      "an animal, as networks see it",
      [STANDS, FALLING, { from: 4.5, track: null, detected: doubtful(FLAT, "animal") }],
    ],
    ["a silhouette alone", [STANDS, FALLING, { from: 4.5, track: null, silhouette: FLAT }]],
    [
      "a silhouette along the line of sight",
      [STANDS, FALLING, { from: 4.5, track: null, silhouette: posture(0.33, 0.35) }],
    ],
    [
      "the track that goes down with it",
      [STANDS, { from: 4, track: posture(0.6, 0.6) }, { from: 4.5, track: FLAT }],
    ],
    [
      "a fall off a chair",
      [
        STANDS,
        { from: 2, track: posture(0.72, 0.45) },
        FALLING,
        { from: 4.5, track: null, silhouette: FLAT },
      ],
    ],
    [
      "a fall of somebody who sat on a chair from the first picture on, seen from the side",
      [
        { from: 0, track: posture(0.72, 0.55) },
        { from: 4, track: null, silhouette: posture(0.5, 0.6) },
        { from: 4.5, track: null, detected: doubtful(posture(0.24, 0.95)) },
      ],
    ],
    [
      "a fall off a chair on which the tracker took up a new track",
      [
        STANDS,
        { from: 2, track: null },
        { from: 2.5, track: posture(0.72, 0.62), renewed: true },
        { from: 4, track: null, silhouette: posture(0.5, 0.6), renewed: true },
        { from: 4.5, track: null, detected: doubtful(FLAT), renewed: true },
      ],
    ],
    [
      "somebody crouches beside the one who lies",
      [
        STANDS,
        FALLING,
        {
          from: 4.5,
          track: null,
          detected: doubtful(FLAT),
          part: { class: "person", box: { x: 380, y: 198, width: 40, height: 52 }, score: 0.5 },
        },
      ],
    ],
  ])("tells of somebody who falls and lies: %s", (_, stages) => {
    const raised = alerts(stages);
    expect(raised).toHaveLength(1);
    expect(raised[0]).toBeGreaterThanOrEqual(5.4);
    expect(raised[0]).toBeLessThanOrEqual(6.5);
  });

  it.each<[string, readonly Stage[]]>([
    ["crouches or ties a shoe", [STANDS, { from: 4, track: null, silhouette: posture(0.55, 0.45) }]],
    [
      "bends",
      [
        STANDS,
        { from: 4, track: null, silhouette: posture(0.6, 0.6), detected: doubtful(posture(0.6, 0.6)) },
      ],
    ],
    ["sits on a chair", [STANDS, { from: 4, track: posture(0.72, 0.5) }]],
    [
      "sits on the ground and lies down later",
      [STANDS, { from: 4, track: posture(0.52, 0.5) }, { from: 8, track: FLAT }],
    ],
    [
      "sits down on the floor with the legs stretched out",
      [
        STANDS,
        { from: 4, track: null, detected: doubtful(posture(0.52, 0.66)), silhouette: posture(0.52, 0.66) },
      ],
    ],
    [
      "sits on the floor, where the network sees the legs as luggage",
      [
        STANDS,
        {
          from: 4,
          track: null,
          detected: { class: "person", box: posture(0.58, 0.7), score: 0.5 },
          part: doubtful(posture(0.42, 0.7), "luggage"),
        },
      ],
    ],
    [
      "sits on the floor, where the network draws a box around the trunk and another around the legs",
      [
        STANDS,
        {
          from: 4,
          track: null,
          detected: { class: "person", box: posture(0.52, 0.25), score: 0.45 },
          part: doubtful({ x: 303, y: 230, width: 50, height: 20 }),
        },
      ],
    ],
    [
      "is lost where somebody else sits, nearer to the camera",
      [
        STANDS,
        { from: 4, track: null, detected: doubtful({ x: 280, y: 305, width: 50, height: 30 }, "luggage") },
      ],
    ],
    ["lies on a bench", [STANDS, { from: 4, track: null, detected: doubtful(posture(0.3, 0.95, 0.25)) }]],
    ["walks behind a counter", [STANDS, { from: 4, track: null, silhouette: posture(0.4, 0.34, 0.6) }]],
    [
      "leaves, and a shadow stays",
      [STANDS, { from: 4, track: null }, { from: 5, track: null, silhouette: FLAT }],
    ],
    [
      "gets up at once",
      [STANDS, FALLING, { from: 4.5, track: null, silhouette: FLAT }, { from: 5.1, track: standing() }],
    ],
    ["lies there from the start", [{ from: 0, track: null, detected: doubtful(FLAT), silhouette: FLAT }]],
    [
      "passes somebody who does, and is lost",
      [
        { from: 0, track: standing(), detected: doubtful(FLAT) },
        { from: 4, track: null, detected: doubtful(FLAT) },
      ],
    ],
  ])("says nothing of somebody who %s", (_, stages) => {
    expect(alerts(stages)).toEqual([]);
  });

  it("says nothing of somebody whose feet the picture's lower border hides", () => {
    const view = { ...VIEW, height: 251 };
    expect(alerts([STANDS, FALLING, { from: 4.5, track: null, silhouette: FLAT }], { view })).toEqual([]);
  });

  it.each([
    ["stands", 30, 1],
    ["sits", 45, 0],
  ])("takes the height of somebody at the picture's side only if he surely stands: %s", (_, width, count) => {
    const view = { ...VIEW, width: 330 };
    const box = { ...standing(), x: 329 - width, width };
    const lies = { x: 279, y: 222, width: 50, height: 30 };
    const stages = [
      { from: 0, track: box },
      { from: 4, track: null },
      { from: 4.5, track: null, detected: doubtful(lies) },
    ];
    expect(alerts(stages, { view })).toHaveLength(count);
  });

  it("waits for as long as it is told", () => {
    const [raised] = alerts([STANDS, FALLING, { from: 4.5, track: null, silhouette: FLAT }], { after: 5 });
    expect(raised).toBeGreaterThanOrEqual(9.4);
    expect(raised).toBeLessThanOrEqual(10.5);
  });
});
