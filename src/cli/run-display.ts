import { MultiBar, type SingleBar } from "cli-progress";
import type { Seconds } from "../time/clock.ts";

/** What a person sees of a run while it lasts. Results go to standard output, the bars to standard error. */
export interface RunDisplay {
  begin(cameraId: string, duration: Seconds | null): void;
  progress(cameraId: string, videoSeconds: Seconds, wallSeconds: Seconds): void;
  /** A line of result: text for a person, or JSON. */
  line(text: string): void;
  /** A line that is no result: health, notes. */
  note(text: string): void;
  end(cameraId: string): void;
  close(): void;
}

const FORMAT = "{camera} [{bar}] {position} {speed}";

/** Bars where standard error is a terminal; plain lines elsewhere. */
export function createRunDisplay(quiet: boolean): RunDisplay {
  if (quiet || !process.stderr.isTTY) {
    return {
      begin: () => undefined,
      progress: () => undefined,
      line: (text) => void process.stdout.write(`${text}\n`),
      note: (text) => void (quiet || process.stderr.write(`${text}\n`)),
      end: () => undefined,
      close: () => undefined,
    };
  }
  const bars = new Map<string, SingleBar>();
  const multi = new MultiBar({
    stream: process.stderr,
    format: FORMAT,
    barsize: 28,
    barCompleteChar: "━",
    barIncompleteChar: "─",
    hideCursor: true,
    clearOnComplete: true,
    fps: 8,
    // A live camera has no total: its bar stays empty and its position counts up.
    emptyOnZero: true,
  });
  const above = (text: string) => {
    // Where standard output is the same terminal the bars must make room; where it is a file it gets the line alone.
    if (process.stdout.isTTY) multi.log(`${text}\n`);
    else process.stdout.write(`${text}\n`);
  };
  return {
    begin: (cameraId, duration) => {
      bars.get(cameraId)?.stop();
      const total = Math.round((duration ?? 0) * 10);
      bars.set(cameraId, multi.create(total, 0, { camera: cameraId, position: clockTime(0), speed: "" }));
    },
    progress: (cameraId, videoSeconds, wallSeconds) => {
      const speed = wallSeconds > 0.5 ? `${(videoSeconds / wallSeconds).toFixed(1)}×` : "";
      bars.get(cameraId)?.update(Math.round(videoSeconds * 10), { position: clockTime(videoSeconds), speed });
    },
    line: above,
    note: (text) => multi.log(`${text}\n`),
    end: (cameraId) => {
      const bar = bars.get(cameraId);
      if (bar === undefined) return;
      bar.stop();
      multi.remove(bar);
      bars.delete(cameraId);
    },
    close: () => multi.stop(),
  };
}

/** `1:02:03.4` or `2:03.4`: a position in a recording. */
export function clockTime(seconds: Seconds): string {
  const tenths = Math.round(seconds * 10);
  const hours = Math.floor(tenths / 36_000);
  const minutes = Math.floor(tenths / 600) % 60;
  const rest = ((tenths % 600) / 10).toFixed(1).padStart(4, "0");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}
