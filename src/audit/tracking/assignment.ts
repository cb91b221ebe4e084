/**
 * The one-to-one pairing of rows and columns of least total cost: shortest augmenting paths after D. F. Crouse, "On
 * implementing 2D rectangular assignment algorithms", IEEE Transactions on Aerospace and Electronic Systems 52(4),
 * 2016, in the order of steps of SciPy's `linear_sum_assignment`.
 *
 * The order matters: of several pairings of the same total, TrackEval and py-motmetrics take the one that SciPy finds,
 * and with whole-pixel boxes such ties are common. The package `linear-sum-assignment`, which the tracker uses, finds
 * another one as good: then switches of tracks, and MOTA, differ from the libraries' in one sequence of a hundred.
 *
 * @param cost finite, row by row: `cost[row * columns + column]`
 * @returns the column of each row; -1 for a row that is left over where there are more rows than columns
 */
export function leastCostPairs(rows: number, columns: number, cost: Float64Array): Int32Array {
  if (rows <= columns) return new Search(rows, columns, cost).solve();
  const turned = new Float64Array(cost.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      turned[column * rows + row] = cost[row * columns + column] ?? 0;
    }
  }
  const rowOf = new Search(columns, rows, turned).solve();
  const columnOf = new Int32Array(rows).fill(-1);
  rowOf.forEach((row, column) => {
    columnOf[row] = column;
  });
  return columnOf;
}

/** The same for the greatest total gain. */
export function greatestGainPairs(rows: number, columns: number, gain: Float64Array): Int32Array {
  return leastCostPairs(
    rows,
    columns,
    gain.map((value) => -value),
  );
}

/** One problem with no more rows than columns. Every index below is within its array. */
class Search {
  readonly #rows: number;
  readonly #columns: number;
  readonly #cost: Float64Array;
  readonly #rowPrice: Float64Array;
  readonly #columnPrice: Float64Array;
  readonly #columnOf: Int32Array;
  readonly #rowOf: Int32Array;
  /** Of the search from one row: the cheapest way to each column, and the row before it on that way. */
  readonly #distance: Float64Array;
  readonly #before: Int32Array;
  readonly #rowSeen: Uint8Array;
  readonly #columnSeen: Uint8Array;
  readonly #remaining: Int32Array;

  constructor(rows: number, columns: number, cost: Float64Array) {
    this.#rows = rows;
    this.#columns = columns;
    this.#cost = cost;
    this.#rowPrice = new Float64Array(rows);
    this.#columnPrice = new Float64Array(columns);
    this.#columnOf = new Int32Array(rows).fill(-1);
    this.#rowOf = new Int32Array(columns).fill(-1);
    this.#distance = new Float64Array(columns);
    this.#before = new Int32Array(columns).fill(-1);
    this.#rowSeen = new Uint8Array(rows);
    this.#columnSeen = new Uint8Array(columns);
    this.#remaining = new Int32Array(columns);
  }

  solve(): Int32Array {
    for (let row = 0; row < this.#rows; row++) {
      const { sink, length } = this.#shortestPath(row);
      this.#reprice(row, length);
      this.#augment(row, sink);
    }
    return this.#columnOf;
  }

  #shortestPath(from: number): { readonly sink: number; readonly length: number } {
    const columns = this.#columns;
    const cost = this.#cost;
    const distance = this.#distance.fill(Number.POSITIVE_INFINITY);
    const remaining = this.#remaining;
    this.#rowSeen.fill(0);
    this.#columnSeen.fill(0);
    // From the last to the first, so that equal costs everywhere pair the first with the first.
    for (let place = 0; place < columns; place++) remaining[place] = columns - place - 1;
    let left = columns;
    let length = 0;
    let row = from;
    for (;;) {
      this.#rowSeen[row] = 1;
      const price = this.#rowPrice[row] ?? 0;
      let lowest = Number.POSITIVE_INFINITY;
      let nearest = 0;
      for (let place = 0; place < left; place++) {
        const column = remaining[place] ?? 0;
        const reach = length + (cost[row * columns + column] ?? 0) - price - (this.#columnPrice[column] ?? 0);
        let best = distance[column] ?? 0;
        if (reach < best) {
          this.#before[column] = row;
          distance[column] = reach;
          best = reach;
        }
        // Of columns equally near, a free one ends the search.
        if (best < lowest || (best === lowest && this.#rowOf[column] === -1)) {
          lowest = best;
          nearest = place;
        }
      }
      length = lowest;
      const column = remaining[nearest] ?? 0;
      this.#columnSeen[column] = 1;
      remaining[nearest] = remaining[--left] ?? 0;
      const holder = this.#rowOf[column] ?? -1;
      if (holder === -1) return { sink: column, length };
      row = holder;
    }
  }

  #reprice(from: number, length: number): void {
    const rowPrice = this.#rowPrice;
    const columnPrice = this.#columnPrice;
    rowPrice[from] = (rowPrice[from] ?? 0) + length;
    for (let row = 0; row < this.#rows; row++) {
      if (this.#rowSeen[row] !== 1 || row === from) continue;
      rowPrice[row] = (rowPrice[row] ?? 0) + (length - (this.#distance[this.#columnOf[row] ?? 0] ?? 0));
    }
    for (let column = 0; column < this.#columns; column++) {
      if (this.#columnSeen[column] !== 1) continue;
      columnPrice[column] = (columnPrice[column] ?? 0) - (length - (this.#distance[column] ?? 0));
    }
  }

  #augment(from: number, sink: number): void {
    let column = sink;
    for (;;) {
      const row = this.#before[column] ?? 0;
      this.#rowOf[column] = row;
      const given = this.#columnOf[row] ?? 0;
      this.#columnOf[row] = column;
      if (row === from) return;
      column = given;
    }
  }
}
