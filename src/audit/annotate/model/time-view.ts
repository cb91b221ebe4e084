/** The part of the recording that the timeline shows, seconds. */
export interface TimeView {
  readonly from: number;
  readonly to: number;
}

const SHORTEST_VIEW = 1;

/** Shows more (`factor` above 1) or less, with the instant `about` where it was. */
export function zoomed({ from, to }: TimeView, factor: number, about: number, duration: number): TimeView {
  const length = Math.min(Math.max((to - from) * factor, Math.min(SHORTEST_VIEW, duration)), duration);
  const share = to > from ? Math.min(Math.max((about - from) / (to - from), 0), 1) : 0.5;
  return placed(about - share * length, length, duration);
}

/** Moves the view, no more than needed, so that an instant is in it. */
export function following(view: TimeView, instant: number, duration: number): TimeView {
  const length = view.to - view.from;
  if (instant >= view.from && instant <= view.to) return view;
  // A page on rather than a pixel: what comes next should be seen too.
  return placed(instant < view.from ? instant - 0.9 * length : instant - 0.1 * length, length, duration);
}

/** Moves the view by a share of its length. */
export function shifted(view: TimeView, share: number, duration: number): TimeView {
  const length = view.to - view.from;
  return placed(view.from + share * length, length, duration);
}

function placed(from: number, length: number, duration: number): TimeView {
  const start = Math.min(Math.max(0, from), Math.max(0, duration - length));
  return { from: start, to: start + length };
}

const STEPS = [
  0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200,
  86_400,
];

/** Instants to write a time at: at most `most` of them, at round distances. */
export function ticks({ from, to }: TimeView, most: number): readonly number[] {
  const step = STEPS.find((candidate) => (to - from) / candidate <= most) ?? (to - from) / most;
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => {
    return Math.round((first + index) * step * 1000) / 1000;
  });
}

/** `1:02.160`, `1:00:02.160`; `digits` after the point. The same in both languages. */
export function clock(seconds: number, digits = 3): string {
  const scale = 10 ** digits;
  const whole = Math.round(Math.max(0, seconds) * scale);
  const s = Math.floor(whole / scale);
  const rest = digits === 0 ? "" : `.${String(whole % scale).padStart(digits, "0")}`;
  const h = Math.floor(s / 3600);
  const minutes = Math.floor((s % 3600) / 60);
  const tail = `${String(s % 60).padStart(2, "0")}${rest}`;
  return h === 0 ? `${minutes}:${tail}` : `${h}:${String(minutes).padStart(2, "0")}:${tail}`;
}

/** Seconds of a time as a person types it: `62.16`, `1:02.160`, `1:02,16`; null where it is none. */
export function parsedTime(text: string): number | null {
  const found = /^(?:(?:(\d{1,4}):)?(\d{1,4}):)?(\d{1,6}(?:[.,]\d*)?)$/.exec(text.trim());
  if (found === null) return null;
  const [, hours = "0", minutes = "0", seconds = "0"] = found;
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds.replace(",", "."));
}
