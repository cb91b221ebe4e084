/** A live camera runs for months: of what has no natural end, the newest so many are kept. */
const MOST_ENTRIES = 10_000;

/** Appends to a list that keeps its newest entries only. */
export function keepNewest<T>(list: T[], entry: T): void {
  list.push(entry);
  if (list.length > MOST_ENTRIES) list.shift();
}
