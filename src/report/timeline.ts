import type { CameraSummary, CountTimeline } from "../engine/run-summary.ts";
import type { Seconds } from "../time/clock.ts";
import type { ReportedEpisode } from "./episodes.ts";
import { type Html, html } from "./html.ts";
import { clockTime } from "./language.ts";
import { saySvg } from "./words.ts";

// Units of the drawing: at the page's full width one is a pixel.
const WIDTH = 768;
const LANE = 66;
const CHART = 64;
const AXIS = 28;
const DIGIT = 8;
const MOST_TICKS = 8;
const TICKS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400];

/**
 * When each rule of a camera had an open alert, what counting rules counted, and when nothing could be seen.
 * Says nothing that the list of alerts and the health entries do not say in words, so readers' aids skip it.
 */
export function cameraTimeline(camera: CameraSummary, episodes: readonly ReportedEpisode[]): Html {
  const end = Math.max(1, camera.videoSeconds, ...episodes.map(({ until, raisedAt }) => until ?? raisedAt));
  const x = (at: Seconds) => round((WIDTH * Math.min(end, Math.max(0, at))) / end);
  const rows: Html[] = [];
  let y = 0;
  for (const rule of camera.rules) {
    rows.push(
      html`<text class="label" x="0" y="${y + 15}">${rule.id}<tspan class="about" dx="10">${saySvg((w) => `${w.events[rule.event]}, ${w.place(rule.placeKind, rule.placeId)}`)}</tspan></text>`,
    );
    const line = y + 50;
    rows.push(html`<line class="lane" x1="0" y1="${line}" x2="${WIDTH}" y2="${line}"/>`);
    let numberedTo = Number.NEGATIVE_INFINITY;
    for (const episode of episodes) {
      if (episode.alert.ruleId !== rule.id) continue;
      // Where alerts follow closely only some of them have room for their numbers.
      const half = (DIGIT * String(episode.number).length) / 2 + 1;
      const numbered = x(episode.raisedAt) - half >= numberedTo;
      if (numbered) numberedTo = x(episode.raisedAt) + half;
      rows.push(episodeMark(episode, line, x, end, numbered));
    }
    y += LANE;
    const counts = camera.counts.find((timeline) => timeline.ruleId === rule.id);
    if (counts !== undefined && counts.samples.length > 1) {
      rows.push(countChart(counts, y + 16, x));
      y += CHART + 28;
    }
  }
  const blind = blindSpans(camera, end).map(
    ([from, to]) =>
      html`<rect class="blind" x="${x(from)}" y="0" width="${round(Math.max(2, x(to) - x(from)))}" height="${y}"/>`,
  );
  return html`<div class="scroll"><svg class="timeline" viewBox="0 0 ${WIDTH} ${y + AXIS}" aria-hidden="true">${axis(end, y, x)}${blind}${rows}</svg></div>`;
}

/** The pattern of time without sight. Stands once in the page. */
export const HATCH = html`<svg class="marks" aria-hidden="true"><defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line class="hatch" x1="0" y1="0" x2="0" y2="6"/></pattern></defs></svg>`;

/** When a camera gave no picture or was suspended, from its health entries, seconds of stream time. */
export function blindSpans(camera: CameraSummary, end: Seconds): [from: Seconds, to: Seconds][] {
  const pairs = [
    ["view_moved", "view_restored"],
    ["picture_dark", "picture_clear"],
    ["camera_blind", "camera_back"],
  ] as const;
  const spans: [Seconds, Seconds][] = [];
  for (const [begin, over] of pairs) {
    let since: Seconds | null = null;
    for (const { kind, streamTime } of camera.health) {
      if (kind === begin) since ??= streamTime ?? 0;
      else if (kind === over && since !== null) {
        spans.push([since, Math.max(since, streamTime ?? since)]);
        since = null;
      }
    }
    if (since !== null && since < end) spans.push([since, end]);
  }
  return spans.sort((a, b) => a[0] - b[0]);
}

/** A bar from beginning to end; a wedge and its number where the alert was raised. */
function episodeMark(
  { number, since, raisedAt, until }: ReportedEpisode,
  line: number,
  x: (at: Seconds) => number,
  end: Seconds,
  numbered: boolean,
): Html {
  const left = x(since);
  const width = round(Math.max(3, x(until ?? end) - left));
  const at = x(raisedAt);
  return html`<rect class="episode" x="${left}" y="${line - 6}" width="${width}" height="12" rx="1"/>
<path class="raised" d="M${round(at - 4)} ${line - 14}h8l-4 7z"/>${
    numbered
      ? html`<text class="order" x="${Math.min(at, WIDTH - (DIGIT * String(number).length) / 2)}" y="${line - 17}" text-anchor="middle">${number}</text>`
      : ""
  }`;
}

/** The band between low and high, the best guess as a line, and what the top of the chart stands for. */
function countChart({ samples }: CountTimeline, top: number, x: (at: Seconds) => number): Html {
  const most = Math.max(1, ...samples.map((sample) => sample.high));
  const y = (value: number) => round(top + CHART * (1 - value / most));
  const upper = samples.map(({ at, high }) => `${x(at)},${y(high)}`);
  const lower = samples.map(({ at, low }) => `${x(at)},${y(low)}`).reverse();
  const best = samples.map(({ at, best }) => `${x(at)},${y(best)}`);
  return html`<line class="axis" x1="0" y1="${top}" x2="${WIDTH}" y2="${top}"/><line class="axis" x1="0" y1="${top + CHART}" x2="${WIDTH}" y2="${top + CHART}"/>
<polygon class="band" points="${[...upper, ...lower].join(" ")}"/><polyline class="best" points="${best.join(" ")}"/>
<text x="${WIDTH}" y="${top - 4}" text-anchor="end">${saySvg((w, f) => w.persons(f.number(most)))}</text>`;
}

function axis(end: Seconds, y: number, x: (at: Seconds) => number): Html {
  const step = TICKS.find((candidate) => end / candidate <= MOST_TICKS) ?? Math.ceil(end / MOST_TICKS);
  const ticks: Html[] = [];
  for (let at = 0; at <= end; at += step) {
    const anchor = at === 0 ? "start" : x(at) > WIDTH - 20 ? "end" : "middle";
    ticks.push(
      html`<line class="axis" x1="${x(at)}" y1="0" x2="${x(at)}" y2="${y + 6}"/><text x="${x(at)}" y="${y + 22}" text-anchor="${anchor}">${clockTime(at)}</text>`,
    );
  }
  return html`${ticks}`;
}

function round(value: number): number {
  return Math.round(10 * value) / 10;
}
