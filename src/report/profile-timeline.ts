import type { PageLane, PageSpan } from "../policy/profile-page.ts";
import { type Html, html } from "./html.ts";

// Units of the drawing: at the page's full width one is a pixel.
const WIDTH = 768;
const TOP = 8;
const BAR = 32;
const AXIS = 28;
/** The room that a year's number takes. */
const DIGITS = 36;
const DAY = 86_400_000;

/**
 * What is permitted and what not along the years: full where it is permitted, hatched where it is refused, dashed
 * where nobody has verified it. Numbers are the rows of the table below.
 */
export function laneDrawing(lane: PageLane): Html {
  const days = lane.spans.flatMap(({ from }) => (from === null ? [] : [utc(from)]));
  const first = Math.min(...days);
  const last = Math.max(...days);
  // What is open at an end is drawn for a tenth of the rest.
  const margin = Math.max(60 * DAY, (last - first) / 10);
  const scale = { from: first - margin, until: last + margin };
  const bars = lane.spans.map((span, index) => bar(span, index + 1, scale));
  return html`<div class="scroll"><svg class="timeline" viewBox="0 0 ${WIDTH} ${TOP + BAR + AXIS}" aria-hidden="true">${axis(scale)}${bars}</svg></div>`;
}

interface Scale {
  readonly from: number;
  readonly until: number;
}

function bar({ from, until, verdict }: PageSpan, number: number, scale: Scale): Html {
  const left = from === null ? 0 : x(utc(from), scale);
  const right = until === null ? WIDTH : x(utc(until) + DAY, scale);
  const width = Math.max(2, right - left - 2);
  const rect = html`<rect class="${verdict}" x="${round(left + 1)}" y="${TOP}" width="${round(width)}" height="${BAR}"/>`;
  // A number needs room; the table has every row.
  if (width < 14) return rect;
  const on = verdict === "permitted" ? " on" : "";
  return html`${rect}<text class="number${on}" x="${round(left + 1 + width / 2)}" y="${TOP + BAR / 2 + 4}">${number}</text>`;
}

function axis(scale: Scale): Html {
  const firstYear = new Date(scale.from).getUTCFullYear() + 1;
  const lastYear = new Date(scale.until).getUTCFullYear();
  const step = Math.max(1, Math.ceil((lastYear - firstYear) / 12));
  const years = Array.from(
    { length: Math.max(0, Math.floor((lastYear - firstYear) / step) + 1) },
    (_, index) => firstYear + index * step,
  );
  const y = TOP + BAR;
  return html`<line class="axis" x1="0" y1="${y}" x2="${WIDTH}" y2="${y}"/>${years.map((year) => {
    const at = round(x(Date.UTC(year, 0, 1), scale));
    if (at < DIGITS / 2 || at > WIDTH - DIGITS / 2) return "";
    return html`<line class="axis" x1="${at}" y1="${y}" x2="${at}" y2="${y + 6}"/><text x="${at}" y="${y + 22}" text-anchor="middle">${year}</text>`;
  })}`;
}

function x(instant: number, { from, until }: Scale): number {
  return (WIDTH * (instant - from)) / (until - from);
}

function utc(date: string): number {
  return Date.parse(`${date}T00:00:00Z`);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
