import { foreign, type Html, html, plain } from "../../report/html.ts";
import type { AuditRecord, ClipFact, CountFact } from "../record.ts";
import type { Scores } from "../scores.ts";
import { axis } from "./clip-timeline.ts";
import { niceTop } from "./forest.ts";
import { drawing, round } from "./svg.ts";
import { both, each, eachSvg } from "./words.ts";

const WIDTH = 768;
const CHART = 140;
const TOP = 20;
const AXIS = 28;
/** Points of one line: more than the drawing has room for say no more. */
const MOST_POINTS = 768;
const MOST_CURVES = 20;

type ClipCounts = NonNullable<Scores["clips"][number]["counts"]>;

interface Counted {
  readonly clip: ClipFact;
  readonly fact: CountFact;
  readonly scores: ClipCounts;
}

/** What was counted against what a person counted, as curves, and how far apart they are. */
export function countSection(record: AuditRecord, scores: Scores): Html {
  const counted = record.clips.flatMap((clip, index): Counted[] => {
    const of = scores.clips[index]?.counts ?? null;
    return clip.counts === null || of === null ? [] : [{ clip, fact: clip.counts, scores: of }];
  });
  if (counted.length === 0) return html``;
  const more = counted.length - MOST_CURVES;
  return html`<section><h2>${both("How well it counts", "Sait-il compter ?")}</h2>
${counted.slice(0, MOST_CURVES).map(curve)}
<div class="scroll"><table><thead><tr><th scope="col">${both("Recording", "Enregistrement")}</th><th scope="col" class="num">${both("Really, on average", "En réalité, en moyenne")}</th><th scope="col" class="num">${both("Counted, on average", "Compté, en moyenne")}</th><th scope="col" class="num">${both("Off by, on average (MAE)", "Écart moyen (MAE)")}</th><th scope="col" class="num">RMSE</th><th scope="col" class="num">${both("Leaning (bias)", "Penchant (biais)")}</th><th scope="col" class="num">${both("Instants", "Instants")}</th></tr></thead><tbody>${counted.map(row)}</tbody></table></div>${
    more <= 0
      ? ""
      : html`<p class="small muted">${each((language, f) => (language === "en" ? `${f.number(more)} more curves are not drawn.` : `${f.number(more)} autres courbes ne sont pas dessinées.`))}</p>`
  }
<p class="small muted">${both(
    "Values that follow each other in one recording resemble each other, so no range is given for their error: it would look surer than it is.",
    "Dans un enregistrement, les valeurs qui se suivent se ressemblent ; on ne donne donc pas de fourchette pour leur écart : elle paraîtrait plus sûre qu’elle n’est.",
  )}</p></section>`;
}

function curve({ clip, fact, scores }: Counted, index: number): Html {
  const { samples } = fact;
  const end = Math.max(1, ...[samples.at(-1)?.at ?? 0]);
  const most = niceTop(
    samples.reduce((high, { reference, measured }) => Math.max(high, reference, measured), 1),
  );
  const x = (at: number) => round((WIDTH * at) / end);
  const y = (value: number) => round(TOP + CHART * (1 - value / most));
  const step = Math.max(1, Math.ceil(samples.length / MOST_POINTS));
  const points = samples.filter((_, index) => index % step === 0);
  const line = (of: (sample: (typeof samples)[number]) => number) =>
    points.map((sample) => `${x(sample.at)},${y(of(sample))}`).join(" ");
  return html`<figure class="curve"><h3>${foreign(clip.id)} <span class="muted">${foreign(fact.rule)}</span></h3>
<p>${each((language, f) => {
    const mean = meanOf(fact, (sample) => sample.reference);
    const off = f.number(scores.mae, 1);
    const side = Math.abs(scores.bias) < 0.05 ? 0 : Math.sign(scores.bias);
    const by = f.number(Math.abs(scores.bias), 1);
    if (language === "en")
      return `On average it was off by ${off} ${off === "1.0" ? "person" : "persons"}, where ${f.number(mean, 1)} were there.${side === 0 ? "" : side > 0 ? ` It counts ${by} too many on balance.` : ` It counts ${by} too few on balance.`}`;
    return `En moyenne, il se trompait de ${off} ${scores.mae < 1.95 ? "personne" : "personnes"}, pour ${f.number(mean, 1)} présentes.${side === 0 ? "" : side > 0 ? ` Tout compte fait, il en voit ${by} de trop.` : ` Tout compte fait, il en oublie ${by}.`}`;
  })}</p>
<ul class="key"><li><svg class="plot swatch" viewBox="0 0 28 20" aria-hidden="true"><line class="reference" x1="0" y1="10" x2="28" y2="10"/></svg>${both("counted by a person", "compté par une personne")}</li><li><svg class="plot swatch" viewBox="0 0 28 20" aria-hidden="true"><line class="measured" x1="0" y1="10" x2="28" y2="10"/></svg>${both("counted by the system", "compté par le système")}</li></ul>
<div class="scroll">${drawing({
    id: `counts-${index}`,
    className: "plot timeline",
    box: [0, 0, WIDTH, TOP + CHART + AXIS],
    name: (language) =>
      language === "en"
        ? `Counts in ${plain(clip.id)}, by a person and by the system`
        : `Comptages dans ${plain(clip.id)}, par une personne et par le système`,
    inside: html`${axis(end, TOP + CHART, x)}
${[0, 0.5, 1].map((share) => html`<line class="grid" x1="0" y1="${y(most * share)}" x2="${WIDTH}" y2="${y(most * share)}"/>`)}
<text x="${WIDTH}" y="${TOP - 6}" text-anchor="end">${eachSvg((language, f) => `${f.number(most)} ${language === "en" ? "persons" : "personnes"}`)}</text>
<polyline class="measured" points="${line(({ measured }) => measured)}"/><polyline class="reference" points="${line(({ reference }) => reference)}"/>`,
  })}</div></figure>`;
}

function row({ clip, fact, scores }: Counted): Html {
  return html`<tr><th scope="row">${foreign(clip.id)}</th>${[
    meanOf(fact, (sample) => sample.reference),
    meanOf(fact, (sample) => sample.measured),
    scores.mae,
    scores.rmse,
    scores.bias,
  ].map(
    (value) => html`<td class="num">${each((_, f) => f.number(value, 1))}</td>`,
  )}<td class="num">${each((_, f) => f.number(scores.samples))}</td></tr>`;
}

function meanOf({ samples }: CountFact, of: (sample: CountFact["samples"][number]) => number): number {
  return samples.reduce((sum, sample) => sum + of(sample), 0) / Math.max(1, samples.length);
}
