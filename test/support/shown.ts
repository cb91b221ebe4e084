import type { SlotClass } from "../../src/detectors/detector.ts";
import type { Plane } from "../../src/frames/frame.ts";
import type { Box, Point } from "../../src/geometry/shapes.ts";
import type { Observation, Rule } from "../../src/rules/rule.ts";
import { grown, middleOf, type SlotLook } from "../../src/rules/slot-detections.ts";
import { issueTrackId } from "../../src/tracking/track-id.ts";
import { quietScene } from "./observations.ts";
import { observationsOf, VIEW, type Walker } from "./walkers.ts";

/** Something at which an operator's network answers. */
export interface Shown {
  readonly class: SlotClass;
  readonly box: Box;
  /** Its score at first sight, and in a closer look; 0 where it is not seen. */
  readonly score: number;
  readonly closerScore: number;
  /** How much larger a closer look shows it. Default 1. */
  readonly grows?: number;
}

/** What there is at an instant: things, and the boxes of persons. */
export interface Moment {
  readonly things: readonly Shown[];
  readonly persons: readonly Box[];
  /** Of all persons, px a second. Default: they stand. */
  readonly velocity?: Point;
}

const WHOLE: Box = { x: 0, y: 0, ...VIEW };
/** Nothing glows. */
const DARK: Plane = { width: 96, height: 72, data: new Uint8Array(96 * 72) };

/** Feeds a rule that has a network of its own, which looks wherever the rule wants it to, as the engine does. */
export function feed(
  rule: Rule,
  momentAt: (at: number) => Moment,
  { seconds, hz = 4, from = 0 }: { readonly seconds: number; readonly hz?: number; readonly from?: number },
): ReturnType<Rule["observe"]> {
  const count = Math.round(seconds * hz);
  return Array.from({ length: count }, (_, index) => from + index / hz).flatMap((at) => {
    const { things, persons, velocity = { x: 0, y: 0 } } = momentAt(at);
    const looks: SlotLook[] = [lookAt(WHOLE, things, false)];
    for (const region of rule.slot?.closer() ?? []) looks.push(lookAt(region, things, true));
    const tracks = persons.map((box) => {
      return {
        ...{ id: issueTrackId(), class: "person" as const, box, velocity },
        foot: { x: box.x + box.width / 2, y: box.y + box.height },
        ...{ confirmed: true, coasting: false, firstSeen: 0, lastSeen: at },
      };
    });
    const observation: Observation = {
      ...{ at, tracks, detections: null, scene: quietScene(at), glow: () => ({ level: DARK, flame: DARK }) },
      slots: new Map([[rule.id, looks]]),
    };
    return rule.observe(observation);
  });
}

function lookAt(region: Box, things: readonly Shown[], closer: boolean): SlotLook {
  const detections = things.flatMap(({ class: name, box, score, closerScore, grows = 1 }) => {
    const { x, y } = middleOf(box);
    const inside =
      x >= region.x && y >= region.y && x <= region.x + region.width && y <= region.y + region.height;
    const seen = closer ? closerScore : score;
    if (!inside || seen === 0) return [];
    const more = closer ? (grows - 1) / 2 : 0;
    const shown = grown(box, 1, {
      sides: more * box.width,
      above: more * box.height,
      below: more * box.height,
    });
    return [{ class: name, box: shown, score: seen }];
  });
  return { region, closer, detections: detections.toSorted((a, b) => b.score - a.score) };
}

/** Observations in which tall walkers, and they alone, hold something in the middle that the rule `r`'s network sees. */
export function armedObservations(
  walkers: readonly Walker[],
  hz: number,
  seconds: number,
): readonly Observation[] {
  return observationsOf(walkers, hz, seconds).map((observation) => {
    const things = observation.tracks
      .filter((track) => track.class === "person" && track.confirmed && track.box.height >= TALL)
      .map(({ box }): Shown => {
        const side = 0.15 * box.height;
        const { x, y } = middleOf(box);
        const at = { x: x - side / 2, y: y - side / 2, width: side, height: side };
        return { class: "weapon", box: at, score: 0.8, closerScore: 0.8 };
      });
    // Whatever the rule asks for: the whole view at a larger scale.
    const looks = [lookAt(WHOLE, things, false), lookAt(WHOLE, things, true)];
    return { ...observation, slots: new Map([["r", looks]]) };
  });
}

const TALL = 120;
