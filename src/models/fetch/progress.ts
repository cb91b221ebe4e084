/** Called as bytes arrive; `total` is null where it is not known beforehand. */
export type FetchProgress = (received: number, total: number | null) => void;
