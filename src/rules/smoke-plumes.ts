import type { SceneState } from "../frames/scene.ts";
import { boundsOfSamples, connectedSets } from "../geometry/masks.ts";
import type { Box } from "../geometry/shapes.ts";
import type { Seconds } from "../time/clock.ts";
import { churnOf, greyOf, type Veil, veilOver } from "./smoke-veil.ts";

/** How often the view is compared with what it showed before. */
const EVERY: Seconds = 0.25;
/** A block is veiled when it was in half the looks of this time: smoke stays, what passes does not. */
const SPAN: Seconds = 5;
const STAYS = 0.5;
/** The background of the past that is compared with: smoke that grows slowly is learnt as background meanwhile. */
const KEPT_EVERY: Seconds = 5;
const KEPT = 4;
/** While there may be smoke it is the one from before, for at most this long. */
const KEPT_FOR: Seconds = 60;
/** Veiled blocks no further apart than this belong to one plume. */
const REACH = 2;
/** How far its lowest point may wander, as a share of the picture's height. */
const WANDERS = 0.12;
/** Of the least area, what a plume must cover for its growth to be watched. */
const BEGINS = 0.5;

/** What a plume must show to be told of as smoke; docs/rules/fire.md says what each was measured at. */
export interface SmokeLimits {
  /** Share of the picture. */
  readonly area: number;
  /** How many times what it covered at first. */
  readonly growth: number;
  /** Seconds that it grows. */
  readonly lasts: Seconds;
  /** Grey of the veil: a shadow has none. */
  readonly grey: number;
  /** Deviation of what shows through, 0 to 1: glass, fog and a curtain do not churn. */
  readonly churn: number;
}

export const SMOKE_LIMITS: SmokeLimits = { area: 0.01, growth: 2, lasts: 10, grey: 50, churn: 0.06 };

interface Plume {
  readonly since: Seconds;
  /** Blocks that it covered at first, and their middle and lower edge. */
  readonly first: Extent;
  readonly now: Extent;
  readonly confirmed: boolean;
}

interface Extent {
  readonly blocks: readonly number[];
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** Mean row. */
  readonly middle: number;
}

/**
 * A veil over the learnt background that churns, that stays over one source and rises and grows from it for ten
 * seconds and more. That is smoke, or steam: nothing here can tell which.
 */
export class SmokePlumes {
  readonly #limits: SmokeLimits;
  #kept: { readonly at: Seconds; readonly data: Uint8Array }[] = [];
  #veils: { readonly at: Seconds; readonly veil: Veil }[] = [];
  #plume: Plume | null = null;
  #next: Seconds = Number.NEGATIVE_INFINITY;

  constructor(limits: SmokeLimits = SMOKE_LIMITS) {
    this.#limits = limits;
  }

  /** @param isElses whether a part of the analysis luma is somebody's or out of the rule's area */
  observe(scene: SceneState, isElses: (box: Box) => boolean): void {
    const { at, picture } = scene;
    if (!scene.settled || scene.lightChanged || scene.viewMoved || scene.unreadable) {
      this.clear();
      return;
    }
    if (this.#kept[0]?.data.length !== picture.data.length) this.clear();
    if (at < this.#next - 1e-6) return;
    this.#next = at + EVERY;
    this.#keep(at, scene.background.data);
    const [oldest] = this.#kept;
    if (oldest === undefined) return;
    const veil = veilOver(picture, oldest.data);
    this.#veils.push({ at, veil });
    while ((this.#veils[0]?.at ?? at) < at - SPAN - 1e-6) this.#veils.shift();
    const cell = picture.width / veil.columns;
    const extent = largest(veil, this.#staying(veil), (column, row) =>
      isElses({ x: column * cell, y: row * cell, width: cell, height: cell }),
    );
    this.#plume = this.#follow(at, veil, extent);
  }

  /** Where smoke rises, in shares of the picture, and since when; null where none does. */
  get confirmed(): { readonly box: Box; readonly since: Seconds } | null {
    const veil = this.#veils.at(-1)?.veil;
    if (this.#plume === null || !this.#plume.confirmed || veil === undefined) return null;
    const { left, right, top, bottom } = this.#plume.now;
    const box = {
      x: left / veil.columns,
      y: top / veil.rows,
      width: (right - left) / veil.columns,
      height: (bottom - top) / veil.rows,
    };
    return { box, since: this.#plume.since };
  }

  clear(): void {
    this.#kept = [];
    this.#veils = [];
    this.#plume = null;
    this.#next = Number.NEGATIVE_INFINITY;
  }

  #keep(at: Seconds, background: Uint8Array): void {
    const last = this.#kept.at(-1);
    if (last !== undefined && at - last.at < KEPT_EVERY) return;
    if (this.#plume !== null && last !== undefined && at - last.at < KEPT_FOR) return;
    this.#kept.push({ at, data: background.slice() });
    if (this.#kept.length > KEPT) this.#kept.shift();
  }

  /** 1 for blocks that were veiled for long enough. */
  #staying({ clear }: Veil): Uint8Array {
    const marked = new Uint8Array(clear.length);
    const [first] = this.#veils;
    const last = this.#veils.at(-1);
    if (first === undefined || last === undefined || last.at - first.at < 0.9 * SPAN) return marked;
    for (let block = 0; block < marked.length; block++) {
      let count = 0;
      for (const { veil } of this.#veils) if (!Number.isNaN(veil.clear[block])) count++;
      if (count >= STAYS * this.#veils.length) marked[block] = 1;
    }
    return marked;
  }

  #follow(at: Seconds, veil: Veil, now: Extent | null): Plume | null {
    const limits = this.#limits;
    const least = limits.area * veil.clear.length;
    if (now === null || now.blocks.length < BEGINS * least) return null;
    const before = this.#plume;
    const same = before !== null && sameSource(before.first, now, veil.rows);
    const { since, first } = same ? before : { since: at, first: now };
    const veils = this.#veils.map((one) => one.veil);
    const confirmed =
      at - since >= limits.lasts &&
      now.blocks.length >= Math.max(least, limits.growth * first.blocks.length) &&
      now.middle <= first.middle &&
      greyOf(veil, now.blocks) >= limits.grey &&
      churnOf(veils, now.blocks) >= limits.churn;
    // Once told of it goes on while it is there: it does not grow for ever.
    return { since, first, now, confirmed: confirmed || (same && before.confirmed) };
  }
}

function sameSource(first: Extent, now: Extent, rows: number): boolean {
  return (
    now.left < first.right && now.right > first.left && Math.abs(now.bottom - first.bottom) <= WANDERS * rows
  );
}

/** The largest set of marked blocks that hang together and are nobody else's. */
function largest(
  { columns, rows }: Veil,
  marked: Uint8Array,
  isElses: (column: number, row: number) => boolean,
): Extent | null {
  const own = marked.map((mark, block) => {
    const column = block % columns;
    return mark === 1 && !isElses(column, (block - column) / columns) ? 1 : 0;
  });
  const [best] = connectedSets(own, columns, rows, REACH).sort((a, b) => b.length - a.length);
  return best === undefined ? null : extentOf(best, columns);
}

function extentOf(blocks: readonly number[], columns: number): Extent {
  const { x: left, y: top, width, height } = boundsOfSamples(blocks, columns);
  const sum = blocks.reduce((rows, block) => rows + Math.floor(block / columns), 0);
  return { blocks, left, top, right: left + width, bottom: top + height, middle: sum / blocks.length };
}
