import type { Counted, TotalsProblem } from "./totals-figures.ts";

/** Counts what is alike. */
export class Counter<What extends object> {
  readonly #counts = new Map<string, Counted<What>>();

  add(what: What, count: number): void {
    const key = JSON.stringify(what);
    this.#counts.set(key, { ...what, count: (this.#counts.get(key)?.count ?? 0) + count });
  }

  /** In the order of their names. */
  list(): readonly Counted<What>[] {
    return [...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, counted]) => counted);
  }
}

/** Gathers what does not add up. */
export class ProblemList {
  readonly #found = new Map<TotalsProblem["code"], { count: number; leaves: number[] }>();

  add(code: TotalsProblem["code"], seq?: number): void {
    const found = this.#found.get(code) ?? { count: 0, leaves: [] };
    found.count += 1;
    if (seq !== undefined && found.leaves.length < 20) found.leaves.push(seq);
    this.#found.set(code, found);
  }

  list(): readonly TotalsProblem[] {
    return [...this.#found].map(([code, found]) => ({ code, ...found }));
  }
}
