import { type Html, html } from "../../report/html.ts";
import { clockTime } from "../../report/language.ts";
import type { ClipFact, RuleFact } from "../record.ts";
import { both, eachSvg, eventNoun } from "./words.ts";

// Units of the drawing: at the page's full width one is a pixel.
const WIDTH = 768;
const LABEL = 22;
const LANE = 44;
const GAP = 14;
const AXIS = 28;
const MOST_TICKS = 8;
const TICKS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400];
/** Room that a number takes, so that close ones do not lie over each other. */
const DIGIT = 8;

/** A missed event or a false alarm and the number that it bears in timeline and pictures. */
export interface NumberedError {
  readonly number: number;
  readonly kind: "miss" | "false_alarm";
  /** Index in the rule's references (a miss) or alerts (a false alarm). */
  readonly index: number;
  readonly rule: RuleFact;
}

/**
 * What happened in a clip and what was raised, one lane a rule. Above the line what the reference says, below it what
 * the system raised; found, missed, repeated and false are told apart by shape. The pictures and tables say the same.
 */
export function clipTimeline(clip: ClipFact, errors: readonly NumberedError[]): Html {
  const end = clipEnd(clip);
  const x = (at: number) => round((WIDTH * Math.min(end, Math.max(0, at))) / end);
  const lanes: Html[] = [];
  let y = 0;
  for (const rule of clip.rules) {
    const numbers = errors.filter((error) => error.rule === rule);
    lanes.push(lane(rule, numbers, y, x));
    y += LABEL + LANE + GAP;
  }
  return html`<div class="scroll"><svg class="timeline audit" viewBox="0 -2 ${WIDTH} ${y + AXIS}" aria-hidden="true">${axis(end, y, x)}${lanes}</svg></div>`;
}

/** What each shape of the timelines means. Stands once, before the first. */
export const TIMELINE_KEY = html`<ul class="key">
<li>${sign(html`<rect class="truth" x="1" y="6" width="18" height="8"/>`)}${both("it happened, and was found", "c’est arrivé, et trouvé")}</li>
<li>${sign(html`<rect class="truth missed" x="1" y="6" width="18" height="8"/>`)}${both("it happened, and was missed", "c’est arrivé, et manqué")}</li>
<li>${sign(html`<circle class="hit" cx="10" cy="10" r="5"/>`)}${both("alert that was right", "alerte juste")}</li>
<li>${sign(html`<circle class="repeat" cx="10" cy="10" r="4.5"/>`)}${both("alert of the same event again", "nouvelle alerte du même événement")}</li>
<li>${sign(html`<path class="wrong" d="M5 5l10 10M15 5l-10 10"/>`)}${both("false alarm", "fausse alerte")}</li></ul>`;

/** The end of a clip's drawing: its own, or that of the last thing in it. Never 0. */
export function clipEnd(clip: ClipFact): number {
  let end = Math.max(1, clip.seconds);
  for (const rule of clip.rules) {
    for (const reference of rule.references) end = Math.max(end, reference.end);
    for (const alert of rule.alerts) end = Math.max(end, alert.at);
  }
  return end;
}

function lane(
  rule: RuleFact,
  numbers: readonly NumberedError[],
  top: number,
  x: (at: number) => number,
): Html {
  const line = top + LABEL + LANE / 2;
  const truths = rule.references.map((reference) => {
    const left = x(reference.begin);
    const width = round(Math.max(3, x(reference.end) - left));
    return html`<rect class="truth${reference.alert === null ? " missed" : ""}" x="${Math.min(left, WIDTH - 3)}" y="${line - 13}" width="${width}" height="10"/>`;
  });
  const alerts = rule.alerts.map((alert) => {
    const at = Math.min(WIDTH - 5, Math.max(5, x(alert.at)));
    const y = line + 10;
    if (alert.outcome === "hit") return html`<circle class="hit" cx="${at}" cy="${y}" r="4.5"/>`;
    if (alert.outcome === "duplicate") return html`<circle class="repeat" cx="${at}" cy="${y}" r="4"/>`;
    return html`<path class="wrong" d="M${round(at - 4)} ${y - 4}l8 8M${round(at + 4)} ${y - 4}l-8 8"/>`;
  });
  return html`<text class="label" x="0" y="${top + 13}">${shorten(rule.rule, 40)}<tspan class="about" dx="10">${eachSvg((language) => shorten(eventNoun(rule.event, language).many, 40))}</tspan>${
    rule.watched
      ? ""
      : html`<tspan class="unwatched" dx="10">${eachSvg((language) => (language === "en" ? "not looked for" : "pas cherché"))}</tspan>`
  }</text>
<line class="lane${rule.watched ? "" : " unwatched"}" x1="0" y1="${line}" x2="${WIDTH}" y2="${line}"/>${truths}${alerts}${marks(numbers, line, x)}`;
}

/** The numbers of misses above the line and of false alarms below it; where they are close only some have room. */
function marks(numbers: readonly NumberedError[], line: number, x: (at: number) => number): Html {
  const placed = { miss: Number.NEGATIVE_INFINITY, false_alarm: Number.NEGATIVE_INFINITY };
  const out: Html[] = [];
  for (const error of numbers.toSorted((a, b) => instantOf(a) - instantOf(b))) {
    const half = (DIGIT * String(error.number).length) / 2;
    const at = Math.min(WIDTH - half, Math.max(half, x(instantOf(error))));
    if (at - half < placed[error.kind] + 2) continue;
    placed[error.kind] = at + half;
    const y = error.kind === "miss" ? line - 17 : line + 29;
    out.push(html`<text class="order" x="${round(at)}" y="${y}" text-anchor="middle">${error.number}</text>`);
  }
  return html`${out}`;
}

/** The instant at which a miss began or a false alarm was raised. */
export function instantOf({ kind, index, rule }: NumberedError): number {
  return (kind === "miss" ? rule.references[index]?.begin : rule.alerts[index]?.at) ?? 0;
}

/** Time along the bottom, with lines through all lanes. */
export function axis(end: number, y: number, x: (at: number) => number): Html {
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

/** Names that others chose may be long; the tables have them whole. */
export function shorten(text: string, most: number): string {
  const signs = [...text];
  return signs.length <= most ? text : `${signs.slice(0, most - 1).join("")}…`;
}

/** One decimal of a drawing's unit: what can be seen. */
export function round(value: number): number {
  return Math.round(10 * value) / 10;
}

function sign(shape: Html): Html {
  return html`<svg class="audit" viewBox="0 0 20 20" aria-hidden="true">${shape}</svg>`;
}
