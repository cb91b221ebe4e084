import { type Box, boxArea, intersectBoxes } from "../geometry/shapes.ts";
import type { Seconds } from "../time/clock.ts";

/** Flames must be found at a place again and again for this long, on top of the window they are found in. */
const CONFIRMED_AFTER: Seconds = 0.5;
/** They may be missed for this long. */
const FORGOTTEN_AFTER: Seconds = 0.6;
/** Room about a place, as a share of its longer side, within which it is the same: flames sway and grow. */
const ROOM = 0.5;

export interface FlameSite {
  readonly box: Box;
  /** When flames were first found there. */
  readonly since: Seconds;
  readonly last: Seconds;
}

/** Places where flames were found, for as long as they are found there: what wanders is none. */
export class FlameSites {
  #sites: readonly FlameSite[] = [];

  /** @param found boxes of what looks like flames now, image coordinates, largest first */
  observe(at: Seconds, found: readonly Box[]): void {
    const kept = this.#sites.filter(
      (site) => at - site.last <= FORGOTTEN_AFTER && !found.some((box) => meet(site.box, box)),
    );
    const seen = found.map((box) => {
      const before = this.#sites.filter((site) => at - site.last <= FORGOTTEN_AFTER && meet(site.box, box));
      return { box, since: Math.min(at, ...before.map(({ since }) => since)), last: at };
    });
    this.#sites = [...seen, ...kept];
  }

  /** The places where flames stay, largest first. */
  confirmed(): readonly FlameSite[] {
    return this.#sites
      .filter(({ since, last }) => last - since >= CONFIRMED_AFTER - 1e-6)
      .toSorted((a, b) => boxArea(b.box) - boxArea(a.box));
  }

  clear(): void {
    this.#sites = [];
  }
}

function meet(a: Box, b: Box): boolean {
  return boxArea(intersectBoxes(roomy(a), b)) > 0;
}

function roomy(box: Box): Box {
  const room = ROOM * Math.max(box.width, box.height);
  return {
    x: box.x - room,
    y: box.y - room,
    width: box.width + 2 * room,
    height: box.height + 2 * room,
  };
}
