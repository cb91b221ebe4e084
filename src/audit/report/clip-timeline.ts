import { type Html, html, plain } from "../../report/html.ts";
import { clockTime, type Language } from "../../report/language.ts";
import type { ClipFact, RuleFact } from "../record.ts";
import { drawing, round, shorten } from "./svg.ts";
import { both, eachSvg, eventNoun } from "./words.ts";

// Units of the drawing: at the page's full width, or at half of it, one is a pixel.
const WIDE = { width: 768, left: 176, above: 0, ticks: 8 } as const;
const NARROW = { width: 376, left: 0, above: 28, ticks: 4 } as const;
const LANE = 44;
const GAP = 8;
const AXIS = 28;
const TICKS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400];
/** Room that a number takes, so that close ones do not lie over each other. */
const DIGIT = 8;

type Layout = typeof WIDE | typeof NARROW;

/** A missed event or a false alarm and the number that it bears in timeline and pictures. */
export interface NumberedError {
  readonly number: number;
  readonly kind: "miss" | "false_alarm";
  /** Index in the rule's references (a miss) or alerts (a false alarm). */
  readonly index: number;
  readonly rule: RuleFact;
}

/** Rules with something to draw; of the others it is enough to say so. */
export function drawnRules({ rules }: ClipFact): readonly RuleFact[] {
  return rules.filter(({ references, alerts }) => references.length + alerts.length > 0);
}

/**
 * What happened in a clip and what was raised, one lane a rule. Above the line what the reference says, below it what
 * the system raised; found, missed, repeated and false are told apart by shape. The pictures and tables say the same.
 * @param number of the clip, unlike that of every other timeline of the page
 */
export function clipTimeline(
  clip: ClipFact,
  number: number,
  errors: readonly NumberedError[],
  size: "wide" | "narrow" = "wide",
): Html {
  const rules = drawnRules(clip);
  if (rules.length === 0) return html``;
  const layout = size === "wide" ? WIDE : NARROW;
  const { width, left, above, ticks } = layout;
  const end = clipEnd(clip);
  const x = (at: number) => round(left + ((width - left) * Math.min(end, Math.max(0, at))) / end);
  const pitch = above + LANE + GAP;
  const lanes = rules.map((rule, index) =>
    lane(
      rule,
      errors.filter((error) => error.rule === rule),
      index * pitch + above,
      x,
      layout,
    ),
  );
  const bottom = rules.length * pitch;
  return html`<div class="scroll">${drawing({
    id: `timeline-${number}`,
    className: size === "wide" ? "timeline audit" : "timeline audit narrow",
    box: [0, -2, width, bottom + AXIS],
    name: (language) =>
      language === "en" ? `Timeline of ${plain(clip.id)}` : `Ligne du temps de ${plain(clip.id)}`,
    inside: html`${axis(end, bottom, x, width, ticks)}${lanes}`,
  })}</div>`;
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
  layout: Layout,
): Html {
  const { width, left } = layout;
  const line = top + LANE / 2;
  const truths = rule.references.map((reference) => {
    const begin = x(reference.begin);
    const length = round(Math.max(3, x(reference.end) - begin));
    return html`<rect class="truth${reference.alert === null ? " missed" : ""}" x="${Math.min(begin, width - 3)}" y="${line - 13}" width="${length}" height="10"/>`;
  });
  const alerts = rule.alerts.map((alert) => {
    const at = Math.min(width - 5, Math.max(left + 5, x(alert.at)));
    const y = line + 10;
    if (alert.outcome === "hit") return html`<circle class="hit" cx="${at}" cy="${y}" r="4.5"/>`;
    if (alert.outcome === "duplicate") return html`<circle class="repeat" cx="${at}" cy="${y}" r="4"/>`;
    return html`<path class="wrong" d="M${round(at - 4)} ${y - 4}l8 8M${round(at + 4)} ${y - 4}l-8 8"/>`;
  });
  return html`${left === 0 ? labelAbove(rule, top) : labelBeside(rule, line)}
<line class="lane${rule.watched ? "" : " unwatched"}" x1="${left}" y1="${line}" x2="${width}" y2="${line}"/>${truths}${alerts}${marks(numbers, line, x, layout)}`;
}

/** The rule and its event to the left of the lane, so that nothing lies over them. */
function labelBeside(rule: RuleFact, line: number): Html {
  return html`<text class="label" x="0" y="${line - 3}">${shorten(rule.rule, 20)}</text><text class="about" x="0" y="${line + 13}">${eachSvg((language) => shorten(aboutRule(rule, language), 26))}</text>`;
}

function labelAbove(rule: RuleFact, top: number): Html {
  return html`<text class="label" x="0" y="${top - 12}">${shorten(rule.rule, 20)}<tspan class="about" dx="8">${eachSvg((language) => shorten(aboutRule(rule, language), 34))}</tspan></text>`;
}

function aboutRule({ event, watched }: RuleFact, language: Language): string {
  const { many } = eventNoun(event, language);
  if (watched) return many;
  return language === "en" ? `${many}, not sought` : `${many}, pas cherché`;
}

/** The numbers of misses above the line and of false alarms below it; where they are close only some have room. */
function marks(
  numbers: readonly NumberedError[],
  line: number,
  x: (at: number) => number,
  { width, left }: Layout,
): Html {
  const placed = { miss: Number.NEGATIVE_INFINITY, false_alarm: Number.NEGATIVE_INFINITY };
  const out: Html[] = [];
  for (const error of numbers.toSorted((a, b) => instantOf(a) - instantOf(b))) {
    const half = (DIGIT * String(error.number).length) / 2;
    const at = Math.min(width - half, Math.max(left + half, x(instantOf(error))));
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
export function axis(
  end: number,
  y: number,
  x: (at: number) => number,
  width: number = WIDE.width,
  most: number = WIDE.ticks,
): Html {
  const step = TICKS.find((candidate) => end / candidate <= most) ?? Math.ceil(end / most);
  const ticks: Html[] = [];
  for (let at = 0; at <= end; at += step) {
    const anchor = at === 0 ? "start" : x(at) > width - 20 ? "end" : "middle";
    ticks.push(
      html`<line class="axis" x1="${x(at)}" y1="0" x2="${x(at)}" y2="${y + 6}"/><text x="${x(at)}" y="${y + 22}" text-anchor="${anchor}">${clockTime(at)}</text>`,
    );
  }
  return html`${ticks}`;
}

function sign(shape: Html): Html {
  return html`<svg class="audit" viewBox="0 0 20 20" aria-hidden="true">${shape}</svg>`;
}
