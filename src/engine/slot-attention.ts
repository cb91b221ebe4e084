import type { InputSize } from "../detectors/detector.ts";
import type { SceneState } from "../frames/scene.ts";
import { type Box, boxArea, intersectBoxes } from "../geometry/shapes.ts";
import { grown, type SlotWish } from "../rules/slot-detections.ts";
import type { Seconds } from "../time/clock.ts";
import { type Look, movingShare, sizedLook } from "./attention.ts";
import { Pace } from "./pace.ts";

/** A look of a rule's own network. */
export interface SlotLookPlan extends Look {
  readonly closer: boolean;
}

export interface SlotAttentionOptions {
  readonly picture: { readonly width: number; readonly height: number; readonly pixelAspect: number };
  readonly input: InputSize;
  /** Long side of the network's input for the whole view, px. */
  readonly inputLongSide: number;
}

/** Looks at one instant, of each sort: with the rule's pace they bound what the slot costs, however many people. */
const MOST_WIDE = 2;
const MOST_CLOSER = 2;
/** Long side of what the network sees of a part of the picture, px, where it takes any size. */
const PART_LONG_SIDE = 384;
/**
 * Input pixels for one of the picture, at most: a first look is not enlarged, a closer one by so much, beyond which
 * nothing new is shown.
 */
const LARGEST_SCALE = { wide: 1, closer: 2 } as const;
/**
 * What an arm and what it holds reach, as shares of a stature: a raised arm ends 0.25 above the head, one held out
 * 0.45 from the body's middle (Drillis and Contini 1966), and a long thing goes further; a thing may lie at the feet.
 */
const REACH = { sides: 0.5, above: 0.35, below: 0.15 } as const;
/** Somebody by whom nothing moves is looked at this often all the same. */
const STILL_EVERY: Seconds = 2;
const STILL_SHARE = 0.02;
/** This share of somebody's surroundings within a look counts as looked at. */
const COVERED = 0.8;

/**
 * Decides where a rule's own network looks at an instant: closer where the rule asks for it, and around persons, those
 * first whom it has not seen for longest. Where nobody is and the rule looks around persons it does not look at all.
 */
export class SlotAttention {
  readonly #options: SlotAttentionOptions;
  readonly #wish: SlotWish;
  readonly #pace: Pace;
  /** Parts seen of late, newest last. */
  #seen: { readonly region: Box; readonly at: Seconds }[] = [];

  constructor(wish: SlotWish, options: SlotAttentionOptions) {
    this.#wish = wish;
    this.#options = options;
    this.#pace = new Pace(wish.looksPerSecond);
  }

  /** @param persons boxes of those who are in view, image coordinates */
  plan(scene: SceneState, persons: readonly Box[]): readonly SlotLookPlan[] {
    const { at } = scene;
    const closer = this.#wish.closer().slice(0, MOST_CLOSER);
    if (this.#wish.around === "persons" && persons.length === 0 && closer.length === 0) return [];
    if (!this.#pace.due(at)) return [];
    this.#seen = this.#seen.filter((one) => at - one.at < STILL_EVERY);
    const wide = this.#wish.around === "view" ? [this.#view] : this.#around(persons, scene);
    this.#seen.push(...wide.map((region) => ({ region, at })));
    return [
      ...wide.map((region) => this.#look(region, false)),
      ...closer.map((region) => this.#look(this.#inside(region), true)),
    ];
  }

  reset(): void {
    this.#pace.reset();
    this.#seen = [];
  }

  get #view(): Box {
    const { width, height } = this.#options.picture;
    return { x: 0, y: 0, width, height };
  }

  /** The surroundings of those who wait for longest; whoever stands in somebody else's is seen along with them. */
  #around(persons: readonly Box[], { at, moving }: SceneState): readonly Box[] {
    const due = persons
      .map((box) => this.#inside(grown(box, box.height, REACH)))
      .map((region) => ({ region, last: this.#lastSeen(region) }))
      .filter(
        ({ region, last }) =>
          at - last >= STILL_EVERY || movingShare(region, moving, this.#options.picture) >= STILL_SHARE,
      )
      .toSorted((a, b) => a.last - b.last);
    const chosen: Box[] = [];
    for (const { region } of due) {
      if (chosen.length === MOST_WIDE) break;
      if (!chosen.some((other) => covers(other, region))) chosen.push(region);
    }
    return chosen;
  }

  #lastSeen(region: Box): Seconds {
    return this.#seen.findLast((one) => covers(one.region, region))?.at ?? Number.NEGATIVE_INFINITY;
  }

  /** Moved into the picture where it fits, else cut to it. */
  #inside(region: Box): Box {
    const { width, height } = this.#options.picture;
    const w = Math.min(region.width, width);
    const h = Math.min(region.height, height);
    return {
      x: Math.min(Math.max(0, region.x), width - w),
      y: Math.min(Math.max(0, region.y), height - h),
      width: w,
      height: h,
    };
  }

  #look(region: Box, closer: boolean): SlotLookPlan {
    const { input, inputLongSide, picture } = this.#options;
    const whole = !closer && this.#wish.around === "view";
    const longSide = whole ? inputLongSide : PART_LONG_SIDE;
    const wide = region.width * picture.pixelAspect;
    const fit =
      input.kind === "fixed"
        ? Math.min(input.width / wide, input.height / region.height)
        : longSide / Math.max(wide, region.height);
    const scale = Math.min(fit, LARGEST_SCALE[closer ? "closer" : "wide"]);
    return { ...sizedLook(region, scale, picture.pixelAspect, input), closer };
  }
}

function covers(outer: Box, inner: Box): boolean {
  return boxArea(intersectBoxes(outer, inner)) >= COVERED * boxArea(inner);
}
