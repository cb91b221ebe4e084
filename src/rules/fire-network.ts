import { type Box, boxArea, intersectBoxes, intersectionOverUnion } from "../geometry/shapes.ts";
import type { Seconds } from "../time/clock.ts";
import { middleOf, type SlotLook, type SlotWish, squareAround } from "./slot-detections.ts";

/** From this score on it sees something. Its certificate says how good that is. */
const SCORE = 0.4;
/** How often the whole view is shown to it. */
const LOOKS_PER_SECOND = 2;
/** What it saw confirms what glows at the same place for so long. */
const AGREES_FOR: Seconds = 3;
/** Room around a place that it looks at closer, in its longer side. */
const CONTEXT = 2;
/** Smoke is there where this share of the looks at its place show it, so many of them, over so long. */
const SHARE = 0.6;
const LEAST_LOOKS = 4;
const WINDOW: Seconds = 4;
/** Two boxes of one column of smoke, which billows, overlap by this share at least. */
const SAME = 0.2;
/** Places of smoke at a time. */
const MOST_PLACES = 4;

/** Where the network saw smoke, and what the looks there came to. */
interface SmokePlace {
  box: Box;
  readonly since: Seconds;
  looks: { readonly at: Seconds; readonly seen: boolean }[];
}

/** Smoke that lasts. */
export interface Smoke {
  readonly box: Box;
  readonly since: Seconds;
}

/**
 * What the network that an operator brings adds to the signs of flames. Flames need both: it must have seen flames or
 * smoke where something glows and flickers, which signs and beacons do too. Smoke, which has no such signs, is the
 * network's alone: seen at one place again and again.
 */
export class FireNetwork {
  readonly slot: SlotWish;
  readonly #smoke: SmokePlace[] = [];
  #seen: { readonly box: Box; readonly at: Seconds }[] = [];
  #proposed: readonly Box[] = [];

  constructor() {
    this.slot = {
      around: "view",
      looksPerSecond: LOOKS_PER_SECOND,
      closer: () =>
        [...this.#proposed, ...this.#smoke.map(({ box }) => box)].map((box) =>
          squareAround(box, CONTEXT * Math.max(box.width, box.height)),
        ),
    };
  }

  observe(at: Seconds, looks: readonly SlotLook[]): void {
    this.#seen = this.#seen.filter((one) => at - one.at <= AGREES_FOR);
    for (const look of looks) {
      const found = look.detections.filter(({ score }) => score >= SCORE);
      this.#seen.push(...found.map(({ box }) => ({ box, at })));
      this.#follow(
        look,
        found.filter(({ class: name }) => name === "smoke").map(({ box }) => box),
        at,
      );
    }
    for (const place of this.#smoke) place.looks = place.looks.filter((look) => at - look.at <= WINDOW);
    const gone = (place: SmokePlace) => !place.looks.some(({ seen }) => seen);
    for (const place of this.#smoke.filter(gone)) this.#smoke.splice(this.#smoke.indexOf(place), 1);
  }

  /** Says where something glows and flickers: it looks there closer. */
  propose(boxes: readonly Box[]): void {
    this.#proposed = boxes;
  }

  /** Whether it saw flames or smoke there of late. */
  agrees(box: Box): boolean {
    return this.#seen.some((one) => boxArea(intersectBoxes(one.box, box)) > 0);
  }

  /** Smoke that it has seen for long enough, the longest first. */
  smoke(): readonly Smoke[] {
    return this.#smoke
      .filter(({ looks }) => {
        const seen = looks.filter((look) => look.seen).length;
        return seen >= LEAST_LOOKS && seen >= SHARE * looks.length;
      })
      .map(({ box, since }) => ({ box, since }))
      .toSorted((a, b) => a.since - b.since);
  }

  forget(): void {
    this.#smoke.length = 0;
    this.#seen = [];
    this.#proposed = [];
  }

  #follow({ region }: SlotLook, boxes: readonly Box[], at: Seconds): void {
    const fresh = new Set(boxes);
    for (const place of this.#smoke) {
      const middle = middleOf(place.box);
      const covered = boxArea(intersectBoxes({ ...middle, width: 1, height: 1 }, region)) > 0;
      if (!covered) continue;
      const [same] = boxes
        .filter((box) => intersectionOverUnion(box, place.box) >= SAME)
        .toSorted((a, b) => intersectionOverUnion(b, place.box) - intersectionOverUnion(a, place.box));
      place.looks.push({ at, seen: same !== undefined });
      if (same === undefined) continue;
      place.box = same;
      fresh.delete(same);
    }
    for (const box of fresh) {
      if (this.#smoke.length < MOST_PLACES) {
        this.#smoke.push({ box, since: at, looks: [{ at, seen: true }] });
      }
    }
  }
}
