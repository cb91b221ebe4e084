import { clearScreenDown } from "node:readline";
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
  /** Something that went wrong: said whatever else is not. */
  error(text: string): void;
  end(cameraId: string): void;
  close(): void;
}

/** A pipe, a file or a terminal. */
type OutputStream = NodeJS.WritableStream & { readonly isTTY?: boolean };

/** Where a run is shown. */
export interface Outputs {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
}

const FORMAT = "{camera} [{bar}] {position} {speed}";

/** Bars where standard error is a terminal; plain lines elsewhere. */
export function createRunDisplay(quiet: boolean, { stdout, stderr }: Outputs = process): RunDisplay {
  return quiet || !stderr.isTTY ? plainDisplay(quiet, stdout, stderr) : barDisplay(stdout, stderr);
}

function plainDisplay(quiet: boolean, stdout: OutputStream, stderr: OutputStream): RunDisplay {
  const write = (stream: OutputStream) => (text: string) => void stream.write(`${text}\n`);
  return {
    begin: () => undefined,
    progress: () => undefined,
    line: write(stdout),
    note: quiet ? () => undefined : write(stderr),
    error: write(stderr),
    end: () => undefined,
    close: () => undefined,
  };
}

function barDisplay(stdout: OutputStream, stderr: OutputStream): RunDisplay {
  const bars = new Map<string, SingleBar>();
  const multi = new MultiBar({
    stream: stderr,
    format: FORMAT,
    barsize: 28,
    barCompleteChar: "━",
    barIncompleteChar: "─",
    clearOnComplete: true,
    fps: 8,
    // Bars are cut at the terminal's edge: one that wrapped could not be taken back. Text is not.
    linewrap: true,
    // Each round draws all bars anew below what was said, see `redraw-pre`.
    forceRedraw: true,
    // A live camera has no total: its bar stays empty and its position counts up.
    emptyOnZero: true,
  });
  multi.on("redraw-pre", () => clearScreenDown(stderr));
  // The library holds text back until its next round, and for ever before its first bar and after its last.
  let drawing = false;
  const above = (text: string) => {
    if (!drawing) return void stderr.write(`${text}\n`);
    multi.log(`${text}\n`);
    multi.update();
  };
  const end = (cameraId: string) => {
    const bar = bars.get(cameraId);
    if (bar === undefined) return;
    bars.delete(cameraId);
    bar.stop();
    multi.remove(bar);
  };
  return {
    begin: (cameraId, duration) => {
      end(cameraId);
      drawing = true;
      const total = Math.round((duration ?? 0) * 10);
      bars.set(cameraId, multi.create(total, 0, { camera: cameraId, position: clockTime(0), speed: "" }));
    },
    progress: (cameraId, videoSeconds, wallSeconds) => {
      const speed = wallSeconds > 0.5 ? `${(videoSeconds / wallSeconds).toFixed(1)}×` : "";
      const bar = bars.get(cameraId);
      const value = bar?.getTotal() === 0 ? 0 : Math.round(videoSeconds * 10);
      bar?.update(value, { position: clockTime(videoSeconds), speed });
    },
    // Where standard output is the same terminal the bars must make room; where it is a file it gets the line alone.
    line: (text) => (stdout.isTTY ? above(text) : void stdout.write(`${text}\n`)),
    note: above,
    error: above,
    end,
    close: () => {
      if (drawing) multi.stop();
      drawing = false;
    },
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
