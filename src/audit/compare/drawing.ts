import { type Html, html } from "../../report/html.ts";
import { niceTop } from "../report/forest.ts";
import { drawing, round, shorten } from "../report/svg.ts";
import { capital, eachSvg, eventNoun, rateUnit } from "../report/words.ts";
import type { Difference, EventComparison } from "./compare.ts";
import { signed } from "./sentences.ts";

// Units of the drawing: at the page's full width one is a pixel.
const WIDTH = 816;
const LABEL = 232;
const PANEL = 168;
const GAP = 40;
const ROW = 36;
const TOP = 64;
const BOTTOM = 32;

interface Panel {
  readonly title: { readonly en: string; readonly fr: string };
  readonly less: { readonly en: string; readonly fr: string };
  readonly more: { readonly en: string; readonly fr: string };
  readonly of: (event: EventComparison) => Difference;
  /** What is drawn for a difference of 1. */
  readonly scale: number;
}

/**
 * B minus A with its range, event by event: left of the line in the middle B has less, right of it more. A range that
 * crosses the line may be chance. The table beside it says the same in numbers.
 */
export function differenceDrawing(events: readonly EventComparison[]): Html {
  const height = TOP + events.length * ROW + BOTTOM;
  const panels = panelsOf(events);
  const drawn = panels.map((panel, index) => panelDrawing(panel, events, LABEL + index * (PANEL + GAP)));
  const labels = events.map(
    ({ event }, index) =>
      html`<text class="label" x="0" y="${TOP + index * ROW + ROW / 2 + 5}">${eachSvg((language) => shorten(capital(eventNoun(event, language).many), 28))}</text>`,
  );
  return html`<div class="scroll">${drawing({
    id: "differences",
    className: "plot",
    box: [0, 0, WIDTH, height],
    name: (language) =>
      language === "en"
        ? "The differences of the tables below, each with its range"
        : "Les écarts des tableaux ci-dessous, chacun avec sa fourchette",
    inside: html`${labels}${drawn}`,
  })}</div>`;
}

function panelsOf(events: readonly EventComparison[]): readonly Panel[] {
  const highest = Math.max(
    0,
    ...events.flatMap(({ falseAlarmsPerHour: { interval } }) => interval?.map(Math.abs) ?? []),
  );
  const unit = rateUnit(highest);
  return [
    {
      title: { en: "Found, of 100", fr: "Trouvés, sur 100" },
      less: { en: "B fewer", fr: "B moins" },
      more: { en: "B more", fr: "B plus" },
      of: ({ recall }) => recall,
      scale: 100,
    },
    {
      title: { en: "Right, of 100 alerts", fr: "Justes, sur 100 alertes" },
      less: { en: "B fewer", fr: "B moins" },
      more: { en: "B more", fr: "B plus" },
      of: ({ precision }) => precision,
      scale: 100,
    },
    {
      title: { en: `False alarms ${unit.en}`, fr: `Fausses alertes ${unit.fr}` },
      less: { en: "B fewer", fr: "B moins" },
      more: { en: "B more", fr: "B plus" },
      of: ({ falseAlarmsPerHour }) => falseAlarmsPerHour,
      scale: unit.hours,
    },
  ];
}

function panelDrawing(panel: Panel, events: readonly EventComparison[], left: number): Html {
  const { title, less, more, of, scale } = panel;
  const bottom = TOP + events.length * ROW;
  const reach = Math.max(
    0,
    ...events.flatMap((event) => {
      const { difference, interval } = of(event);
      return [difference ?? 0, ...(interval ?? [])].map((value) => Math.abs(value) * scale);
    }),
  );
  const top = niceTop(reach);
  const x = (value: number) => round(left + (PANEL / 2) * (1 + (value * scale) / top));
  const digits = top < 10 ? 1 : 0;
  const axis = [-1, 0, 1].map((end) => {
    const at = round(left + (PANEL / 2) * (1 + end));
    return html`<line class="${end === 0 ? "frame" : "grid"}" x1="${at}" y1="${TOP - 12}" x2="${at}" y2="${bottom}"/><text x="${at}" y="${bottom + 20}" text-anchor="${ANCHORS[end + 1] ?? ""}">${eachSvg((_, f) => signed(end * top, end === 0 ? 0 : digits, f))}</text>`;
  });
  const rows = events.map((event, index) => mark(of(event), x, TOP + index * ROW + ROW / 2));
  const words = (said: Panel["title"]) => eachSvg((language) => said[language]);
  return html`<text class="title" x="${left}" y="16">${words(title)}</text><text x="${left}" y="40">← ${words(less)}</text><text x="${left + PANEL}" y="40" text-anchor="end">${words(more)} →</text>${axis}${rows}`;
}

/** Labels stay within their panel. */
const ANCHORS = ["start", "middle", "end"];

function mark({ difference, interval }: Difference, x: (value: number) => number, y: number): Html {
  if (difference === null) return html``;
  const point = html`<path class="point" d="M${x(difference)} ${y - 6}l6 6l-6 6l-6 -6z"/>`;
  if (interval === null) return point;
  const [from, to] = [x(interval[0]), x(interval[1])];
  return html`<path class="range" d="M${from} ${y - 6}v12M${from} ${y}H${to}M${to} ${y - 6}v12"/>${point}`;
}
