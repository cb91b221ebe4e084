import { randomInt } from "node:crypto";
import type { TrackId } from "./tracker.ts";

/** crypto.randomInt takes ranges below 2^48: two ids of a process meet with a chance of about 1 in 10^14. */
const RANGE = 2 ** 48 - 1;

/**
 * A fresh random id. Never sequential: an id must not say how many persons came before, nor in which order.
 * The one place where a number becomes a TrackId.
 */
export function issueTrackId(): TrackId {
  return randomInt(RANGE) as TrackId;
}
