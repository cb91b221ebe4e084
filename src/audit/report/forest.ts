import { type Html, html } from "../../report/html.ts";
import type { Interval } from "../intervals/proportion.ts";
import type { Assessment, EventAssessment } from "../scoring/assessment.ts";
import type { RateEstimate, ShareEstimate } from "../scoring/estimates.ts";
import { drawing, round, shorten } from "./svg.ts";
import {
  both,
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
const LABEL = 216;
const PANEL = 152;
const GAP = 56;
const ROW = 36;
const TOP = 48;
const BOTTOM = 32;

/** Every figure with its interval, drawn, and in a table with what it rests on. */
export function forestSection({ events: all, cameras }: Assessment): Html {
  if (all.length === 0) return html``;
  const events = inOrderOfEvents(all);
  const clustered = events.some(
    ({ recall, precision, falseAlarmsPerHour }) =>
      recall.bootstrap !== null || precision.bootstrap !== null || falseAlarmsPerHour.bootstrap !== null,
  );
  return html`<section><h2>${both("The figures, with how sure they are", "Les chiffres, et leur degré de certitude")}</h2>
<p>${both(
    "Each mark is what was measured; the line through it is the range in which the truth lies, as far as these recordings can tell. A long line means: too little was seen to know.",
    "Chaque marque est ce qui a été mesuré ; le trait qui la traverse est la fourchette où se trouve la vérité, autant que ces enregistrements permettent de le dire. Un long trait veut dire : on n’en a pas vu assez pour savoir.",
  )}</p>
${forest(events)}
${
  rateAxis(events).cut
    ? html`<p class="small muted">${both("An arrow: the range goes on beyond the drawing; the table has its end.", "Une flèche : la fourchette se poursuit hors du dessin ; le tableau en donne la fin.")}</p>`
    : ""
}${table(events)}
<p class="small muted">${both(
    "Ranges at 95 %: Wilson for shares, Garwood (exact Poisson) for false alarms. How many alerts are right depends on how often events happen: in a street they are far rarer than here, and far fewer alerts are right; the next part says how many.",
    "Fourchettes à 95 % : Wilson pour les parts, Garwood (Poisson exact) pour les fausses alertes. La part d’alertes justes dépend de la fréquence des événements : dans une rue ils sont bien plus rares qu’ici, et bien moins d’alertes sont justes ; la partie suivante dit combien.",
  )}${
    clustered
      ? html` ${each((language, f) =>
          language === "en"
            ? `The thin grey line is the range that results from drawing the ${f.number(cameras)} cameras again at random: events of one camera resemble each other, and where the grey line is the longer of the two, believe the grey one.`
            : `Le trait gris et fin est la fourchette obtenue en tirant de nouveau au sort les ${f.number(cameras)} caméras : les événements d’une même caméra se ressemblent, et là où le trait gris est le plus long des deux, c’est lui qu’il faut croire.`,
        )}`
      : ""
  }</p></section>`;
}

/** What was tested most comes first, as in the answer. */
export function inOrderOfEvents<T extends { readonly references: number }>(events: readonly T[]): T[] {
  return events.toSorted((a, b) => b.references - a.references);
}

function forest(events: readonly EventAssessment[]): Html {
  const bottom = TOP + events.length * ROW;
  const { unit, top } = rateAxis(events);
  const left = (panel: number) => LABEL + panel * (PANEL + GAP);
  const share = (panel: number) => (value: number) => round(left(panel) + PANEL * value);
  const rate = (perHour: number) => round(left(2) + PANEL * Math.min(1, (perHour * unit.hours) / top));
  const rows = events.map(({ event, recall, precision, falseAlarmsPerHour: alarms }, index) => {
    const y = TOP + index * ROW + ROW / 2;
    return html`<text class="label" x="0" y="${y + 5}">${eachSvg((language) => shorten(capital(eventNoun(event, language).many), 26))}</text>
${
  alarms.exposure === 0
    ? html`<text x="${left(0)}" y="${y + 5}">${eachSvg((language) => (language === "en" ? "not looked for" : "pas cherché"))}</text>`
    : mark("square", recall.value, recall.wilson, recall.bootstrap, share(0), y)
}
${mark("diamond", precision.value, precision.wilson, precision.bootstrap, share(1), y)}
${mark("disc", alarms.value, alarms.garwood, alarms.bootstrap, rate, y)}${
  (alarms.garwood?.[1] ?? 0) * unit.hours > top
    ? html`<path class="point rate" d="M${left(2) + PANEL} ${y - 6}l9 6l-9 6z"/>`
    : ""
}`;
  });
  const inside = html`${heading(left(0), "Found", "Trouvés")}${heading(left(1), "Right, of the alerts", "Alertes justes")}${heading(left(2), `False alarms ${unit.en}`, `Fausses alertes ${unit.fr}`)}
${[0, 1].map((panel) => [0, 0.25, 0.5, 0.75, 1].map((at) => grid(share(panel)(at), bottom, at % 0.5 === 0 ? eachSvg((_, f) => f.percent(at)) : null)))}
${[0, 0.5, 1].map((at) =>
  grid(
    round(left(2) + PANEL * at),
    bottom,
    eachSvg((_, f) => figure(top * at, f)),
  ),
)}
${rows}`;
  return html`<div class="scroll">${drawing({
    id: "figures",
    className: "plot",
    box: [0, 0, WIDTH, bottom + BOTTOM],
    name: (language) =>
      language === "en"
        ? "The figures of the table below, each with its range"
        : "Les chiffres du tableau ci-dessous, chacun avec sa fourchette",
    inside,
  })}</div>`;
}

/**
 * The scale of false alarms. One event that was hardly watched has so long a range that beside it nothing else could
 * be seen: then the scale is that of the others, and its range is cut.
 */
function rateAxis(events: readonly EventAssessment[]): { unit: RateUnit; top: number; cut: boolean } {
  const rates = events.flatMap(({ falseAlarmsPerHour: { value, garwood } }) =>
    value === null || garwood === null ? [] : [{ value, high: garwood[1] }],
  );
  const highs = rates.map(({ high }) => high).toSorted((a, b) => a - b);
  const highest = highs.at(-1) ?? 0;
  const usual = 4 * (highs[Math.floor((highs.length - 1) / 2)] ?? 0);
  const most = Math.min(highest, Math.max(usual, ...rates.map(({ value }) => 1.2 * value)));
  const unit = rateUnit(most);
  const top = niceTop(most * unit.hours);
  return { unit, top, cut: highest * unit.hours > top };
}

function heading(x: number, en: string, fr: string): Html {
  return html`<text class="title" x="${x}" y="16">${eachSvg((language) => (language === "en" ? en : fr))}</text>`;
}

function grid(x: number, bottom: number, label: Html | null): Html {
  return html`<line class="grid" x1="${x}" y1="${TOP - 16}" x2="${x}" y2="${bottom}"/>${label === null ? "" : html`<text x="${x}" y="${bottom + 20}" text-anchor="middle">${label}</text>`}`;
}

/** A point and its intervals, with a shape of its own for each figure; below it, thin, that of cameras drawn again. */
function mark(
  shape: "square" | "diamond" | "disc",
  value: number | null,
  interval: Interval | null,
  bootstrap: Interval | null,
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
  return html`${
    bootstrap === null
      ? ""
      : html`<path class="range thin" d="M${x(bootstrap[0])} ${y + 10}H${x(bootstrap[1])}"/>`
  }<path class="range${kind}" d="M${from} ${y - 6}v12M${from} ${y}H${to}M${to} ${y - 6}v12"/>${point}`;
}

function table(events: readonly EventAssessment[]): Html {
  const rows = events.map(({ event, recall, precision, falseAlarms, falseAlarmsPerHour }) => {
    const seconds = falseAlarmsPerHour.exposure * 3600;
    return html`<tr><th scope="row">${eventTitle(event)}</th><td class="num">${shareWords(recall)}</td><td class="num">${shareWords(precision)}</td><td class="num">${
      seconds === 0
        ? both("not looked for", "pas cherché")
        : each((language, f) => {
            const inTime = language === "en" ? "in" : "en";
            return `${f.number(falseAlarms)} ${inTime} ${f.duration(seconds)}`;
          })
    }</td><td class="num">${rateWords(falseAlarmsPerHour)}</td></tr>`;
  });
  return html`<div class="scroll"><table><thead><tr><th scope="col">${both("Event", "Événement")}</th><th scope="col" class="num">${both("Found, of those that happened", "Trouvés, sur ceux survenus")}</th><th scope="col" class="num">${both("Right, of the alerts", "Justes, sur les alertes")}</th><th scope="col" class="num">${both("False alarms", "Fausses alertes")}</th><th scope="col" class="num">${both("How often (range)", "Fréquence (fourchette)")}</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function shareWords({ k, n, value, wilson }: ShareEstimate): Html {
  if (n === 0) return html`–`;
  return each((_, f) => html`${f.number(k)} / ${f.number(n)}<br>${shareCell(value, wilson, f)}`);
}

function rateWords({ value, garwood }: RateEstimate): Html {
  if (value === null || garwood === null) return html`–`;
  const [low, high] = garwood;
  const unit: RateUnit = rateUnit(high);
  return each(
    (language, f) =>
      html`${figure(value * unit.hours, f)} ${language === "en" ? unit.en : unit.fr}<br>(${figure(low * unit.hours, f)}–${figure(high * unit.hours, f)})`,
  );
}

/** The next of 1, 2, 5, 10, 20 … that is not below a value: the end of an axis. */
export function niceTop(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value * 0.999_999) ?? 10 * power;
}
