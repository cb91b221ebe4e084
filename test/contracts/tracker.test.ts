import { createTracker, TRACKER_DEFAULTS } from "../../src/tracking/byte-tracker.ts";
import { trackerContract } from "./tracker.ts";

trackerContract("The motion-only tracker", {
  make: (picture) => createTracker(picture),
  longestGap: TRACKER_DEFAULTS.longestGap,
  confirmedWithin: 0.5,
});
