import { type Html, html } from "../../report/html.ts";
import { both } from "../../report/language.ts";
import type { AuditRecord } from "../record.ts";
import type { EventScores, Scores } from "../scores.ts";
import { tallyEvent } from "../scoring/tally.ts";
import { round, shorten } from "./clip-timeline.ts";
import {
  capital,
  each,
  eachSvg,
  eventNoun,
  eventTitle,
  figure,
  type RateUnit,
  rateUnit,
  shareCell,
} from "./words.ts";

// Units of the drawing: at the page's full width one is a pixel.
const WIDTH = 816;
const LABEL = 232;
const PANEL = 168;
const GAP = 40;
const ROW = 36;
const TOP = 48;
const BOTTOM = 32;

/** Every figure with its interval, drawn, and in a table with what it rests on. */
export function forestSection(record: AuditRecord, scores: Scores): Html {
  const events = Object.entries(scores.events);
  if (events.length === 0) return html``;
  return html`<section><h2>${both("The figures, with how sure they are", "Les chiffres, et leur degré de certitude")}</h2>
<p>${both(
    "Each mark is what was measured; the line through it is the range in which the truth lies, as far as these recordings can tell. A long line means: too little was seen to know.",
    "Chaque marque est ce qui a été mesuré ; le trait qui la traverse est la fourchette où se trouve la vérité, autant que ces enregistrements permettent de le dire. Un long trait veut dire : on n’en a pas vu assez pour savoir.",
  )}</p>
${drawing(events)}
${table(record, events)}
<p class="small muted">${both(
    "Ranges at 95 %: Wilson for shares, Garwood (exact Poisson) for false alarms. “Right” depends on how often events happen: in a street they are far rarer than here, and far fewer alerts are right; see below.",
    "Fourchettes à 95 % : Wilson pour les parts, Garwood (Poisson exact) pour les fausses alertes. La part d’alertes « justes » dépend de la fréquence des événements : dans une rue ils sont bien plus rares qu’ici, et bien moins d’alertes sont justes ; voir plus bas.",
  )}</p></section>`;
}

type Row = readonly [event: string, scores: EventScores];

function drawing(events: readonly Row[]): Html {
  const height = TOP + events.length * ROW + BOTTOM;
  const bottom = TOP + events.length * ROW;
  const highest = Math.max(
    0,
    ...events.map(([, { falseAlarmsPerHourInterval }]) => falseAlarmsPerHourInterval?.[1] ?? 0),
  );
  const unit = rateUnit(highest);
  const top = niceTop(highest * unit.hours);
  const left = (panel: number) => LABEL + panel * (PANEL + GAP);
  const share = (panel: number) => (value: number) => round(left(panel) + PANEL * value);
  const rate = (perHour: number) => round(left(2) + (PANEL * perHour * unit.hours) / top);
  const rows = events.map(([event, of], index) => {
    const y = TOP + index * ROW + ROW / 2;
    return html`<text class="label" x="0" y="${y + 5}">${eachSvg((language) => shorten(capital(eventNoun(event, language).many), 28))}</text>
${of.references === 0 ? "" : mark("square", of.recall, of.recallInterval, share(0), y)}
${of.hits + of.falseAlarms === 0 ? "" : mark("diamond", of.precision, of.precisionInterval, share(1), y)}
${mark("disc", of.falseAlarmsPerHour, of.falseAlarmsPerHourInterval, rate, y)}`;
  });
  return html`<div class="scroll"><svg class="plot" viewBox="0 0 ${WIDTH} ${height}" aria-hidden="true">
${heading(left(0), "Found", "Trouvés")}${heading(left(1), "Right, of the alerts", "Alertes justes")}${heading(left(2), `False alarms ${unit.en}`, `Fausses alertes ${unit.fr}`)}
${[0, 1].map((panel) => [0, 0.25, 0.5, 0.75, 1].map((at) => grid(share(panel)(at), bottom, at % 0.5 === 0 ? eachSvg((_, f) => f.percent(at)) : null)))}
${[0, 0.5, 1].map((at) =>
  grid(
    round(left(2) + PANEL * at),
    bottom,
    eachSvg((_, f) => figure(top * at, f)),
  ),
)}
${rows}</svg></div>`;
}

function heading(x: number, en: string, fr: string): Html {
  return html`<text class="title" x="${x}" y="16">${eachSvg((language) => (language === "en" ? en : fr))}</text>`;
}

function grid(x: number, bottom: number, label: Html | null): Html {
  return html`<line class="grid" x1="${x}" y1="${TOP - 16}" x2="${x}" y2="${bottom}"/>${label === null ? "" : html`<text x="${x}" y="${bottom + 20}" text-anchor="middle">${label}</text>`}`;
}

/** A point and its interval, with a shape of its own for each figure. */
function mark(
  shape: "square" | "diamond" | "disc",
  value: number | null,
  interval: readonly [number, number] | null,
  x: (value: number) => number,
  y: number,
): Html {
  if (value === null || interval === null) return html``;
  const [from, to] = [x(interval[0]), x(interval[1])];
  const at = x(value);
  const kind = shape === "disc" ? " rate" : "";
  const point =
    shape === "square"
      ? html`<rect class="point" x="${at - 4.5}" y="${y - 4.5}" width="9" height="9"/>`
      : shape === "diamond"
        ? html`<path class="point" d="M${at} ${y - 6}l6 6l-6 6l-6 -6z"/>`
        : html`<circle class="point rate" cx="${at}" cy="${y}" r="5"/>`;
  return html`<path class="range${kind}" d="M${from} ${y - 6}v12M${from} ${y}H${to}M${to} ${y - 6}v12"/>${point}`;
}

function table(record: AuditRecord, events: readonly Row[]): Html {
  const rows = events.map(([event, of]) => {
    const seconds = tallyEvent(record.clips, event).exposureSeconds;
    return html`<tr><th scope="row">${eventTitle(event)}</th><td class="num">${each((_, f) => f.number(of.references))}</td><td class="num">${each((_, f) => f.number(of.hits))}</td><td class="num">${each((_, f) => shareCell(of.references === 0 ? null : of.recall, of.recallInterval, f))}</td><td class="num">${each((_, f) => shareCell(of.precision, of.precisionInterval, f))}</td><td class="num">${each((_, f) => f.number(of.falseAlarms))}</td><td class="num">${rateCell(of)}</td><td class="num">${seconds === 0 ? "–" : each((_, f) => f.duration(seconds))}</td></tr>`;
  });
  return html`<div class="scroll"><table><thead><tr><th scope="col">${both("Event", "Événement")}</th><th scope="col" class="num">${both("Happened", "Arrivés")}</th><th scope="col" class="num">${both("Found", "Trouvés")}</th><th scope="col" class="num">${both("Share found", "Part trouvée")}</th><th scope="col" class="num">${both("Alerts right", "Alertes justes")}</th><th scope="col" class="num">${both("False alarms", "Fausses alertes")}</th><th scope="col" class="num">${both("How often", "Fréquence")}</th><th scope="col" class="num">${both("Watched", "Surveillé")}</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function rateCell({ falseAlarmsPerHour, falseAlarmsPerHourInterval }: EventScores): Html {
  if (falseAlarmsPerHour === null || falseAlarmsPerHourInterval === null) return html`–`;
  const [low, high] = falseAlarmsPerHourInterval;
  const unit: RateUnit = rateUnit(high);
  return each(
    (language, f) =>
      `${figure(falseAlarmsPerHour * unit.hours, f)} (${figure(low * unit.hours, f)}–${figure(high * unit.hours, f)}) ${language === "en" ? unit.en : unit.fr}`,
  );
}

/** The next of 1, 2, 5, 10, 20 … that is not below a value: the end of an axis. */
export function niceTop(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value * 0.999_999) ?? 10 * power;
}
