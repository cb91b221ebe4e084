import { type Html, html } from "../../report/html.ts";
import type { Assessment } from "../scoring/assessment.ts";
import type { Calibration } from "../scoring/calibration.ts";
import type { AtTarget, DetectionCurve } from "../scoring/detection-curve.ts";
import { inOrderOfEvents, niceTop } from "./forest.ts";
import { drawing, round } from "./svg.ts";
import { both, each, eachSvg, eventTitle, figure, shareCell } from "./words.ts";

// Units of the drawing: half of the page's width is about as many pixels.
const SIZE = 300;
const LEFT = 44;
const TOP = 24;
const BOTTOM = 44;
const RIGHT = 16;
const MOST_ROWS = 8;
/** ActEV's usual targets: false alarms a minute, and false-alarm time. */
const RATE_TARGET = 0.15;
const TFA_TARGET = 0.02;

/**
 * What another threshold would have given, and whether the confidence means anything; where alerts carry one.
 * DET after Martin et al. 1997, with linear axes: a reader need not know normal deviates.
 */
export function confidenceSection({ events }: Assessment): Html {
  const parts = events.filter(({ curve, calibration }) => curve !== null || calibration !== null);
  if (parts.length === 0) return html``;
  return html`<section><h2>${both("How sure it says it is", "La certitude qu’il affiche")}</h2>
<p>${both(
    "Each alert carries a confidence. Raising the threshold below which alerts are dropped gives fewer false alarms and more missed events; the first drawing shows that bargain. The second shows whether the number means what it seems to: of alerts at 80 %, are 80 of 100 right?",
    "Chaque alerte porte un indice de confiance. Relever le seuil sous lequel les alertes sont écartées donne moins de fausses alertes et plus d’événements manqués ; le premier dessin montre ce marché. Le second montre si l’indice veut dire ce qu’il semble dire : parmi les alertes à 80 %, y en a-t-il 80 sur 100 de justes ?",
  )}</p>
${inOrderOfEvents(parts).map(
  ({ event, curve, calibration }, index) =>
    html`<h3>${eventTitle(event)}</h3><div class="squares">${curve === null ? "" : detFigure(curve, index)}${calibration === null ? "" : calibrationFigure(calibration, index)}</div>${curve === null ? "" : actevWords(curve)}`,
)}</section>`;
}

const at = (share: number) => round(TOP + SIZE * (1 - share));
const across = (share: number) => round(LEFT + SIZE * share);

function detFigure(curve: DetectionCurve, index: number): Html {
  const { points } = curve;
  if (points.every(({ falseAlarmsPerHour }) => falseAlarmsPerHour === 0)) {
    return html`<figure><p>${both(
      "There was no false alarm at any threshold, so there is no bargain to draw (DET curve): every alert dropped would only be an event missed.",
      "Il n’y a eu aucune fausse alerte à aucun seuil ; il n’y a donc pas de marché à dessiner (courbe DET) : chaque alerte écartée ne serait qu’un événement manqué.",
    )}</p></figure>`;
  }
  const most = niceTop(points.at(-1)?.falseAlarmsPerHour ?? 0);
  // Where nothing is kept, everything is missed. From one threshold to the next it goes in steps.
  let path = `M${across(0)} ${at(1)}`;
  for (const { falseAlarmsPerHour, pmiss } of points)
    path += `H${across(falseAlarmsPerHour / most)}V${at(pmiss)}`;
  const marked = points.length > 60 ? [points.at(0), points.at(-1)] : points;
  return html`<figure>${frame(
    `det-${index}`,
    html`${ticks((share) => eachSvg((_, f) => figure(most * share, f)))}<path class="measured" d="${path}"/>${marked.map(
      (point) =>
        point === undefined
          ? ""
          : html`<circle class="point" cx="${across(point.falseAlarmsPerHour / most)}" cy="${at(point.pmiss)}" r="3"/>`,
    )}`,
    { en: "False alarms an hour", fr: "Fausses alertes par heure" },
    { en: "Missed", fr: "Manqués" },
  )}<figcaption>${both(
    "DET curve: towards the lower left is better. Each point is a threshold.",
    "Courbe DET : plus on va vers le coin inférieur gauche, mieux c’est. Chaque point est un seuil.",
  )}</figcaption>${curveTable(curve)}</figure>`;
}

function calibrationFigure(calibration: Calibration, index: number): Html {
  const { bins, expectedError } = calibration;
  return html`<figure>${frame(
    `calibration-${index}`,
    html`${ticks((share) => eachSvg((_, f) => f.percent(share)))}<line class="ideal" x1="${across(0)}" y1="${at(0)}" x2="${across(1)}" y2="${at(1)}"/>${bins.map(
      ({ meanConfidence, shareTrue, interval: [low, high] }) => {
        const x = across(meanConfidence);
        return html`<path class="range" d="M${x - 4} ${at(low)}h8M${x} ${at(low)}V${at(high)}M${x - 4} ${at(high)}h8"/><circle class="point" cx="${x}" cy="${at(shareTrue)}" r="4"/>`;
      },
    )}`,
    { en: "Confidence it gave", fr: "Confiance affichée" },
    { en: "Right", fr: "Justes" },
  )}<figcaption>${each((language, f) =>
    language === "en"
      ? `On the dashed line the confidence would mean what it says. On average it is off by ${f.number(expectedError * 100)} of 100.`
      : `Sur la diagonale, l’indice voudrait dire ce qu’il dit. En moyenne il s’en écarte de ${f.number(expectedError * 100)} sur 100.`,
  )}</figcaption>${calibrationTable(calibration)}</figure>`;
}

/** The measures of NIST's ActEV evaluations, for whoever compares with theirs. */
function actevWords({ pmissAtRateFa, naudcAtRateFa, pmissAtTfa }: DetectionCurve): Html {
  const at = (values: readonly AtTarget[], target: number) =>
    values.find((one) => one.target === target)?.value ?? null;
  const missed = at(pmissAtRateFa, RATE_TARGET);
  const area = at(naudcAtRateFa, RATE_TARGET);
  const byTime = pmissAtTfa === null ? null : at(pmissAtTfa, TFA_TARGET);
  if (missed === null || area === null) return html``;
  return html`<p class="small muted">${each((language, f) => {
    const en = language === "en";
    const rate = f.number(RATE_TARGET, 2);
    const first = en
      ? `In the measures of NIST’s ActEV: Pmiss ${f.number(missed, 3)} and nAUDC ${f.number(area, 3)} at ${rate} false alarms a minute`
      : `Dans les mesures ActEV du NIST : Pmiss ${f.number(missed, 3)} et nAUDC ${f.number(area, 3)} à ${rate} fausse alerte par minute`;
    if (byTime === null) return `${first}.`;
    return `${first}${en ? "; " : " ; "}Pmiss ${f.number(byTime, 3)} ${en ? "at" : "à"} TFA ${f.number(TFA_TARGET, 2)}.`;
  })}</p>`;
}

/** A square with shares up the left; what lies along the bottom is drawn by the figure. */
function frame(id: string, inside: Html, x: { en: string; fr: string }, y: { en: string; fr: string }): Html {
  return drawing({
    id,
    className: "plot",
    box: [0, 0, LEFT + SIZE + RIGHT, TOP + SIZE + BOTTOM],
    name: (language) =>
      `${y[language]}${language === "en" ? ", by " : ", selon "}${x[language].toLowerCase()}`,
    inside: html`${[0, 0.5, 1].map(
      (share) =>
        html`<line class="grid" x1="${across(0)}" y1="${at(share)}" x2="${across(1)}" y2="${at(share)}"/><text x="${LEFT - 6}" y="${at(share) + 4}" text-anchor="end">${eachSvg((_, f) => f.percent(share))}</text>`,
    )}<text class="title" x="0" y="12">${eachSvg((language) => y[language])}</text><text class="title" x="${LEFT + SIZE / 2}" y="${TOP + SIZE + 40}" text-anchor="middle">${eachSvg((language) => x[language])}</text>${inside}`,
  });
}

function ticks(label: (share: number) => Html): Html {
  return html`${[0, 0.5, 1].map(
    (share) =>
      html`<line class="grid" x1="${across(share)}" y1="${at(1)}" x2="${across(share)}" y2="${at(0)}"/><text x="${across(share)}" y="${at(0) + 18}" text-anchor="${share === 1 ? "end" : "middle"}">${label(share)}</text>`,
  )}`;
}

function curveTable({ points }: DetectionCurve): Html {
  const step = Math.max(1, (points.length - 1) / (MOST_ROWS - 1));
  const some = new Set(
    Array.from(
      { length: Math.min(MOST_ROWS, points.length) },
      (_, index) => points[Math.round(index * step)],
    ),
  );
  return html`<div class="scroll"><table><thead><tr><th scope="col">${both("Keeping alerts from", "En gardant les alertes dès")}</th><th scope="col" class="num">${both("Missed", "Manqués")}</th><th scope="col" class="num">${both("False alarms an hour", "Fausses alertes par heure")}</th></tr></thead><tbody>${[
    ...some,
  ].map((point) =>
    point === undefined
      ? ""
      : html`<tr><th scope="row">${each((_, f) => f.number(point.threshold, 2))}</th><td class="num">${each((_, f) => f.percent(point.pmiss))}</td><td class="num">${each((_, f) => figure(point.falseAlarmsPerHour, f))}</td></tr>`,
  )}</tbody></table></div>`;
}

function calibrationTable({ bins }: Calibration): Html {
  return html`<div class="scroll"><table><thead><tr><th scope="col">${both("Confidence", "Confiance")}</th><th scope="col" class="num">${both("Alerts", "Alertes")}</th><th scope="col" class="num">${both("Right", "Justes")}</th></tr></thead><tbody>${bins.map(
    ({ from, to, alerts, shareTrue, interval }) =>
      html`<tr><th scope="row">${each((_, f) => `${f.number(from, 1)}–${f.number(to, 1)}`)}</th><td class="num">${each((_, f) => f.number(alerts))}</td><td class="num">${each((_, f) => shareCell(shareTrue, interval, f))}</td></tr>`,
  )}</tbody></table></div>`;
}
