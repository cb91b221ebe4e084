import type { Alert } from "../alerts/alert.ts";
import type { RunSummary } from "../engine/run-summary.ts";
import type { Seconds } from "../time/clock.ts";

/** The `raised` and the `closed` line of one alert, joined. */
export interface ReportedEpisode {
  /** Position in order of time, from 1: what the page calls it. */
  readonly number: number;
  readonly alert: Alert;
  /** When it began, was raised, and ended, seconds of stream time. */
  readonly since: Seconds;
  readonly raisedAt: Seconds;
  /** Null where it was still open when the run ended. */
  readonly until: Seconds | null;
  readonly reason: Alert["reason"];
}

/** All alerts of a run in order of time, never of weight: nothing here ranks. */
export function reportedEpisodes(run: RunSummary): ReportedEpisode[] {
  const lines = run.cameras.flatMap((camera) => camera.alerts);
  const ends = new Map(lines.filter((line) => line.kind === "closed").map((line) => [key(line), line]));
  return lines
    .filter((line) => line.kind === "raised")
    .sort((a, b) => a.at.localeCompare(b.at) || key(a).localeCompare(key(b)))
    .map((alert, index) => {
      const end = ends.get(key(alert)) ?? null;
      return {
        number: index + 1,
        alert,
        since: alert.since,
        raisedAt: alert.streamTime,
        until: end?.until ?? null,
        reason: end?.reason ?? null,
      };
    });
}

/** Ids are random for a run; two cameras' processes could still meet on one. */
function key(alert: Alert): string {
  return `${alert.cameraId}\n${alert.id}`;
}
