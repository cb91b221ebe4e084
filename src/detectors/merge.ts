import { type Box, boxArea, intersectBoxes, intersectionOverUnion, uniteBoxes } from "../geometry/shapes.ts";
import type { Detection } from "./detector.ts";

/** What was seen in one part of a frame. */
export interface ViewDetections {
  /** The part, in image coordinates. */
  readonly region: Box;
  readonly detections: readonly Detection[];
}

/** Boxes of two views that overlap by more are one thing. */
const SAME = 0.5;
/** A box cut by its view's edge is a part of another that covers this share of it. */
const COVERED = 0.65;
/** Two boxes cut by facing edges are one thing if they agree by this share along the cut. */
const ALIGNED = 0.6;
/** How near to its view's edge a box counts as cut, as a share of the view's side. */
const EDGE = 0.01;

/**
 * Joins what overlapping views of one frame saw. A thing seen in several is kept once, with its best score; a
 * thing cut by a view's edge gives way to the whole one from the neighbour, and two halves that nobody saw whole
 * become one box. Things within one view are never set against each other: that is the network's decoder's part.
 * @param views in any order; regions overlap or not
 * @param frame the picture's size: its own border cuts nothing
 * @returns best score first
 */
export function mergeViews(
  views: readonly ViewDetections[],
  frame: { readonly width: number; readonly height: number },
): Detection[] {
  const [only] = views;
  if (views.length === 1 && only !== undefined) return only.detections.toSorted(byScore);
  const seen = views.flatMap(({ region, detections }, view): Seen[] =>
    detections.map((detection) => ({ ...detection, view, cut: cutSides(detection.box, region, frame) })),
  );
  const whole = seen.filter((one) => !isCut(one.cut));
  const isPart = (one: Seen): boolean => whole.some((other) => sameThing(one, other));
  const parts = seen.filter((one) => isCut(one.cut) && isPart(one));
  const halves = seen.filter((one) => isCut(one.cut) && !isPart(one));
  return dropRepeated([...whole, ...parts, ...joinHalves(halves)])
    .toSorted(byScore)
    .map(({ class: name, box, score }) => ({ class: name, box, score }));
}

interface Sides {
  readonly left: boolean;
  readonly top: boolean;
  readonly right: boolean;
  readonly bottom: boolean;
}

interface Seen extends Detection {
  readonly view: number;
  readonly cut: Sides;
}

const byScore = (a: Detection, b: Detection): number => b.score - a.score;
const isCut = ({ left, top, right, bottom }: Sides): boolean => left || top || right || bottom;

/** Which of a box's sides lie on its view's edge and not on the picture's border. */
function cutSides(box: Box, region: Box, frame: { width: number; height: number }): Sides {
  const x = region.width * EDGE;
  const y = region.height * EDGE;
  const regionRight = region.x + region.width;
  const regionBottom = region.y + region.height;
  return {
    left: region.x > x && box.x - region.x <= x,
    top: region.y > y && box.y - region.y <= y,
    right: frame.width - regionRight > x && regionRight - (box.x + box.width) <= x,
    bottom: frame.height - regionBottom > y && regionBottom - (box.y + box.height) <= y,
  };
}

/** Whole boxes first, then by score: a cut box never displaces a whole one. */
function dropRepeated(seen: readonly Seen[]): Seen[] {
  const kept: Seen[] = [];
  const order = seen.toSorted((a, b) => Number(isCut(a.cut)) - Number(isCut(b.cut)) || byScore(a, b));
  for (const one of order) {
    const twin = kept.findIndex((other) => sameThing(one, other));
    const found = kept[twin];
    if (found === undefined) kept.push(one);
    else if (one.score > found.score) kept[twin] = { ...found, score: one.score };
  }
  return kept;
}

/** Whether `one` is `other`, or the part of it that its view shows. */
function sameThing(one: Seen, other: Seen): boolean {
  if (one.view === other.view || one.class !== other.class) return false;
  if (intersectionOverUnion(one.box, other.box) > SAME) return true;
  return isCut(one.cut) && coveredShare(one.box, other.box) > COVERED;
}

function coveredShare(part: Box, whole: Box): number {
  const area = boxArea(part);
  return area === 0 ? 0 : boxArea(intersectBoxes(part, whole)) / area;
}

/** Unites pairs cut by facing edges. */
function joinHalves(seen: readonly Seen[]): Seen[] {
  const rest = [...seen];
  for (let i = 0; i < rest.length; i++) {
    for (let j = 0; j < rest.length; j++) {
      const a = rest[i];
      const b = rest[j];
      if (a === undefined || b === undefined || i === j || a.view === b.view || a.class !== b.class) continue;
      const across = a.cut.right && b.cut.left && facing(a.box, b.box, "x");
      const down = a.cut.bottom && b.cut.top && facing(a.box, b.box, "y");
      if (!across && !down) continue;
      const box = uniteBoxes(a.box, b.box);
      const cut = {
        left: a.cut.left || (down && b.cut.left),
        top: a.cut.top || (across && b.cut.top),
        right: b.cut.right || (down && a.cut.right),
        bottom: b.cut.bottom || (across && a.cut.bottom),
      };
      const score = Math.max(a.score, b.score);
      rest[i] = { class: a.class, box, score, view: a.view, cut };
      rest.splice(j, 1);
      return joinHalves(rest);
    }
  }
  return rest;
}

/** Whether `first` ends where `second` begins, or beyond, along the axis, and both agree across it. */
function facing(first: Box, second: Box, axis: "x" | "y"): boolean {
  const [from, length, across, breadth] =
    axis === "x" ? (["x", "width", "y", "height"] as const) : (["y", "height", "x", "width"] as const);
  const meet = first[from] + first[length] >= second[from] && first[from] < second[from];
  const shared =
    Math.min(first[across] + first[breadth], second[across] + second[breadth]) -
    Math.max(first[across], second[across]);
  return meet && shared / Math.max(first[breadth], second[breadth]) > ALIGNED;
}
