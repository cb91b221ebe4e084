import { type CodedError, fault } from "../../errors.ts";
import type { Box } from "../../geometry/shapes.ts";
import { formatUtc, type Seconds } from "../../time/clock.ts";
import type { LoggedAlert, LoggedTime, Origin } from "../logs/log.ts";
import { place } from "../logs/rows.ts";
import type { ScoredClip } from "./clip.ts";

/** An alert of a log in seconds of a clip, by the log's own clock. */
export interface PlacedAlert {
  readonly clip: number;
  readonly event: string;
  readonly rule: string | null;
  readonly at: Seconds;
  readonly since: Seconds | null;
  readonly until: Seconds | null;
  readonly confidence: number | null;
  readonly box: Box | null;
  readonly origin: Origin;
}

/**
 * The seconds of a clip that a logged time stands for.
 * @returns the seconds, or why there are none
 * @throws LOG_FRAME_RATE, LOG_NO_START where the person who asked has to say something first
 */
export function secondsOf(time: LoggedTime, clip: ScoredClip, origin: Origin): Seconds | CodedError {
  if (time.kind === "seconds") return time.value;
  if (time.kind === "frame") {
    if (clip.framesPerSecond === null) throw fault("LOG_FRAME_RATE", { at: place(origin) });
    return time.value / clip.framesPerSecond;
  }
  const { start } = clip;
  if (start === null) throw fault("LOG_NO_START", { at: place(origin), clip: clip.id });
  const seconds = (time.utc - start) / 1000;
  if (time.again === null) return seconds;
  // The hour that clocks go through twice: where the clip has only one of them, it is that one.
  const later = (time.again - start) / 1000;
  const inside = [seconds, later].filter((value) => value >= 0 && value <= clip.length);
  if (inside.length === 2) return fault("LOG_ROW_TIME_TWICE", { at: place(origin), clip: clip.id });
  return inside[0] ?? seconds;
}

/** Puts an alert of a clip on the clip's clock. @returns it, or why it cannot be scored */
export function placeAlert(
  alert: LoggedAlert,
  names: { readonly clip: number; readonly event: string; readonly rule: string | null },
  clip: ScoredClip,
): PlacedAlert | CodedError {
  const { origin, box, confidence } = alert;
  const times: Seconds[] = [];
  for (const time of [alert.at, alert.since ?? alert.at, alert.until ?? alert.at]) {
    const seconds = secondsOf(time, clip, origin);
    if (typeof seconds !== "number") return seconds;
    times.push(seconds);
  }
  const [at = 0, since = 0, until = 0] = times;
  if (alert.until !== null && until < (alert.since === null ? at : since))
    return fault("LOG_ROW_ENDS_BEFORE", { at: place(origin) });
  const { picture } = clip;
  const outside =
    picture !== null &&
    box !== null &&
    (box.x >= picture.width || box.y >= picture.height || box.x + box.width <= 0 || box.y + box.height <= 0);
  if (outside) {
    const what = `the box lies outside the picture, which is ${picture.width} by ${picture.height} px`;
    return fault("LOG_ROW_BOX", { at: place(origin), what });
  }
  return {
    ...names,
    at,
    since: alert.since === null ? null : since,
    until: alert.until === null ? null : until,
    confidence,
    box,
    origin,
  };
}

const DAY: Seconds = 86_400;
/** Times in files are rounded to a millisecond. */
const HAIR: Seconds = 0.001;

/** Why an alert lies outside of its clip; null where it lies within. @param at after correction of the clock */
export function outsideClip(at: Seconds, clip: ScoredClip, origin: Origin): CodedError | null {
  if (at >= -HAIR && at <= clip.length + HAIR) return null;
  if (clip.start !== null && (at < -DAY || at > clip.length + DAY)) {
    const instant = clip.start + at * 1000;
    const found = Math.abs(instant) > 8.64e15 ? "no date" : formatUtc(instant).slice(0, 10);
    const start = formatUtc(clip.start).slice(0, 10);
    if (found.slice(0, 4) !== start.slice(0, 4))
      return fault("LOG_ROW_OTHER_YEAR", { at: place(origin), found, clip: clip.id, start });
  }
  const seconds = rounded(Math.abs(at));
  return at < 0
    ? fault("LOG_ROW_BEFORE", { at: place(origin), seconds })
    : fault("LOG_ROW_BEYOND", { at: place(origin), seconds, length: rounded(clip.length) });
}

function rounded(seconds: Seconds): Seconds {
  return Number(seconds.toFixed(3));
}
