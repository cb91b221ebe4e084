/**
 * A quantile of a sample by linear interpolation between its ordered values (type 7 of Hyndman and Fan 1996: what R,
 * NumPy and spreadsheets do unless asked otherwise).
 * @param share 0 to 1: 0.5 is the median
 * @returns null of an empty sample
 */
export function sampleQuantile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)];
  const above = sorted[Math.ceil(place)];
  if (below === undefined || above === undefined) return null;
  return below + (above - below) * (place - Math.floor(place));
}
