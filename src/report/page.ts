import type { CameraSummary, HealthEntry, RunSummary } from "../engine/run-summary.ts";
import { authoritySection } from "./authority.ts";
import { renderDocument } from "./document.ts";
import { type ReportedEpisode, reportedEpisodes } from "./episodes.ts";
import { foreign, Html, html, relativeHref } from "./html.ts";
import { both, clockTime, type Language } from "./language.ts";
import { provenance, speed } from "./machine.ts";
import { cameraTimeline, HATCH } from "./timeline.ts";
import { say } from "./words.ts";

/** A redacted still as the page holds it, or why it does not. */
export type Still =
  | { readonly kind: "inline"; readonly base64: string }
  | { readonly kind: "missing" | "left_out" };

export interface PageInput {
  readonly run: RunSummary;
  /** What the page opens in; the reader can change it. */
  readonly language: Language;
  /** Style rules of the embedded typefaces, may be empty. */
  readonly fonts: string;
  /** By the still's path in its alert. */
  readonly stills: ReadonlyMap<string, Still>;
}

/** The whole page: the answer first, then what it rests on. */
export function renderPage({ run, language, fonts, stills }: PageInput): string {
  const episodes = reportedEpisodes(run);
  const day = run.startedAt.slice(0, 10);
  return renderDocument({
    title: { en: `Report ${day}`, fr: `Rapport ${day}` },
    kind: { en: "report", fr: "rapport" },
    language,
    fonts,
    style: "",
    patterns: HATCH,
    pictures: true,
    body: html`${answer(run, episodes)}
${run.cameras.map((camera) => cameraSection(camera, episodes))}
${alertList(episodes, stills)}
${authoritySection(run)}
${health(run)}
${speed(run)}
${limits(run)}
${provenance(run)}`,
  });
}

function answer(run: RunSummary, episodes: readonly ReportedEpisode[]): Html {
  const seconds = run.cameras.reduce((sum, camera) => sum + camera.videoSeconds, 0);
  const suspended = run.cameras.reduce((sum, camera) => sum + camera.suspendedSeconds, 0);
  const rules = run.cameras.reduce((sum, camera) => sum + camera.rules.length, 0);
  return html`<h1>${say((w, f) => w.answer(episodes.length, f.duration(seconds)))}</h1>
<p class="lead">${say((w, f) => w.exposure(run.cameras.length, seconds < 7200 ? null : f.hours(seconds)))}, ${say((_, f) => f.instant(run.startedAt))}</p>
${episodes.length === 0 ? "" : answerTable(episodes, run.cameras.length > 1)}
${run.outcome === "complete" ? "" : html`<p class="note warn">${say((w) => w.outcome[run.outcome])}</p>`}
${
  suspended === 0
    ? ""
    : html`<p class="note warn">${both(
        html`For ${say((_, f) => f.duration(suspended))} of it no rule ran: the view had moved, or nothing could be seen.`,
        html`Pendant ${say((_, f) => f.duration(suspended))}, aucune règle n’a été appliquée : la vue avait bougé, ou l’on n’y voyait rien.`,
      )}</p>`
}
${
  rules === 0
    ? html`<p class="note warn">${both("No rule was declared: nothing could raise an alert.", "Aucune règle n’était déclarée : rien ne pouvait donner d’alerte.")}</p>`
    : html`<p class="note">${say((w) => (episodes.length === 0 ? w.nothing : w.question))}</p>`
}`;
}

/** Of what, where, how many, when: one line a rule. */
function answerTable(episodes: readonly ReportedEpisode[], manyCameras: boolean): Html {
  const groups = Map.groupBy(episodes, ({ alert }) => `${alert.cameraId}\n${alert.ruleId}`);
  const rows = [...groups.values()].map((group) => {
    const [first] = group;
    const last = group.at(-1);
    if (first === undefined || last === undefined) return html``;
    const { alert } = first;
    const when =
      first === last
        ? clockTime(first.raisedAt)
        : html`${clockTime(first.raisedAt)}${both(" to ", " à ")}${clockTime(last.raisedAt)}`;
    return html`<tr><th scope="row" class="first"><a href="#alert-${first.number}">${say((w) => w.events[alert.event])}</a></th><td>${say((w) => w.place(alert.place.kind, alert.place.id))}</td>${manyCameras ? html`<td>${foreign(alert.cameraId)}</td>` : ""}<td class="num">${group.length}</td><td class="num">${when}</td></tr>`;
  });
  return html`<div class="scroll"><table><thead><tr><th scope="col">${both("Alert", "Alerte")}</th><th scope="col">${both("Where", "Où")}</th>${manyCameras ? html`<th scope="col">${both("Camera", "Caméra")}</th>` : ""}<th scope="col" class="num">${both("How many", "Nombre")}</th><th scope="col" class="num">${both("In the video at", "Dans la vidéo à")}</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function cameraSection(camera: CameraSummary, episodes: readonly ReportedEpisode[]): Html {
  const own = episodes.filter(({ alert }) => alert.cameraId === camera.id);
  const size = camera.width === null || camera.height === null ? "" : ` · ${camera.width} × ${camera.height}`;
  const start = camera.startedAt;
  return html`<section><h2>${both("Camera", "Caméra")} ${foreign(camera.id)}</h2>
<p class="muted small wide"><span class="mono">${foreign(camera.address)}</span>${size}${start === null ? "" : html` · ${both("first picture", "première image")} ${say((_, f) => f.instant(start))}`}</p>
${camera.videoSeconds > 0 && camera.rules.length > 0 ? cameraTimeline(camera, own) : ""}
${camera.videoSeconds === 0 ? html`<p class="note warn">${both("No picture came from this camera.", "Aucune image n’est venue de cette caméra.")}</p>` : ""}
${camera.counts.map((timeline) => countWords(timeline))}</section>`;
}

/** A count's curve in words. */
function countWords({ ruleId, samples }: CameraSummary["counts"][number]): Html {
  const [first] = samples;
  if (first === undefined) return html``;
  const peak = samples.reduce((most, sample) => (sample.best > most.best ? sample : most), first);
  const mean = samples.reduce((sum, sample) => sum + sample.best, 0) / samples.length;
  return html`<p class="small muted">${foreign(ruleId)}${both(": on average ", " : en moyenne ")}${say((w, f) => w.persons(f.number(mean)))}${both(", at most ", ", au plus ")}${say((_, f) => f.number(peak.best))} (${both("between", "entre")} ${say((_, f) => f.number(peak.low))} ${both("and", "et")} ${say((_, f) => f.number(peak.high))}) ${both("at", "à")} ${clockTime(peak.at)}.</p>`;
}

const KEY = html`<ul class="key">
<li><svg viewBox="0 0 20 20" aria-hidden="true"><rect class="person" x="5" y="1" width="10" height="18" rx="5"/></svg>${both("person", "personne")}</li>
<li><svg viewBox="0 0 20 20" aria-hidden="true"><rect class="vehicle" x="1" y="5" width="18" height="10" rx="3"/></svg>${both("vehicle", "véhicule")}</li>
<li><svg viewBox="0 0 20 20" aria-hidden="true"><rect class="other" x="4" y="4" width="12" height="12" rx="4"/></svg>${both("something else that moves or is new", "autre chose qui bouge ou qui est nouveau")}</li>
<li><svg viewBox="0 0 20 20" aria-hidden="true"><rect class="unknown" x="1" y="1" width="18" height="18"/></svg>${both("not known, not shown", "inconnu, non montré")}</li></ul>`;

function alertList(episodes: readonly ReportedEpisode[], stills: ReadonlyMap<string, Still>): Html {
  if (episodes.length === 0) return html``;
  return html`<section><h2>${both("Alerts in order of time", "Alertes dans l’ordre du temps")}</h2>
${KEY}${episodes.map((episode) => alertCard(episode, stills))}</section>`;
}

function alertCard(episode: ReportedEpisode, stills: ReadonlyMap<string, Still>): Html {
  const { alert, number, since, raisedAt, until, reason } = episode;
  const { countBand, densityPerM2, evidence } = alert;
  const fact = (en: string, fr: string, value: Html | string) =>
    html`<dt>${both(en, fr)}</dt><dd>${value}</dd>`;
  return html`<article class="alert" id="alert-${number}"><figure>${stillOf(episode, stills)}</figure>
<div><h3><span class="order">${number}</span> ${say((w) => w.events[alert.event])}</h3>
<p>${say((w) => w.place(alert.place.kind, alert.place.id))}<span class="muted">, ${foreign(alert.cameraId)}</span></p>
<dl class="facts">
${fact("At", "À", html`${clockTime(raisedAt)} <span class="muted">${both("in the video", "dans la vidéo")}</span>`)}
${fact("Instant", "Instant", html`<span class="mono">${alert.at.slice(0, 10)} ${alert.at.slice(11, 19)} UTC</span>`)}
${fact(
  "Lasted",
  "Durée",
  until === null
    ? both("still open at the end", "encore ouverte à la fin")
    : html`${say((_, f) => f.duration(until - since))}${reason === null ? "" : html`<span class="muted">${both(": ", " : ")}${say((w) => w.closed[reason])}</span>`}`,
)}
${
  countBand === null
    ? ""
    : fact(
        "Counted",
        "Comptées",
        say((_, f) => `${f.number(countBand.low)} – ${f.number(countBand.high)}`),
      )
}
${densityPerM2 === null ? "" : fact("Density", "Densité", html`${say((_, f) => f.number(densityPerM2, 1))} / m²`)}
${fact("Rule", "Règle", foreign(alert.ruleId))}
</dl>${evidence?.kind !== "clear" ? "" : html`<a class="clip" href="${relativeHref(evidence.clip)}">${both("Open the clip", "Ouvrir la séquence")}</a>`}</div></article>`;
}

function stillOf(episode: ReportedEpisode, stills: ReadonlyMap<string, Still>): Html {
  const { evidence } = episode.alert;
  if (evidence?.kind === "sealed") {
    return html`<p class="missing">${both(
      "The evidence lies encrypted. Who views it says why, and that is written to the journal:",
      "La preuve est conservée chiffrée. Qui la consulte dit pourquoi, et le journal le garde :",
    )} <span class="mono">contrechamp evidence view ${evidence.id}</span></p>`;
  }
  const still = evidence === null ? null : (stills.get(evidence.still) ?? null);
  if (still?.kind === "inline")
    return html`<img alt="" src="data:image/png;base64,${Html.trusted(still.base64)}">`;
  if (still?.kind === "left_out" && evidence !== null)
    return html`<p class="missing"><a href="${relativeHref(evidence.still)}">${both("Open the still", "Ouvrir l’image")}</a></p>`;
  return html`<p class="missing">${
    evidence === null
      ? both("No evidence was made of this alert.", "Aucune image n’a été faite de cette alerte.")
      : both(
          "The still could not be read when this report was written.",
          "L’image n’a pas pu être lue quand ce rapport a été écrit.",
        )
  }</p>`;
}

function health(run: RunSummary): Html {
  const entries = run.cameras
    .flatMap((camera) => camera.health.map((entry) => ({ camera, entry })))
    .sort((a, b) => a.entry.at.localeCompare(b.entry.at));
  const row = ({ camera, entry }: { camera: CameraSummary; entry: HealthEntry }) => {
    const { kind, streamTime, count, detail, code } = entry;
    return html`<tr><td class="when">${streamTime === null ? "–" : clockTime(streamTime)}</td><td>${foreign(camera.id)}</td><td>${say((w) => w.health[kind])}${count === null ? "" : html` (${say((_, f) => f.number(count))})`}${
      kind === "ended"
        ? ""
        : html`<br><span class="muted small">${foreign(detail)}${code === null ? "" : html` <span class="mono">${code}</span>`}</span>`
    }</td></tr>`;
  };
  return html`<section><h2>${both("How the cameras fared", "État des caméras")}</h2>
${
  entries.length === 0
    ? html`<p>${both("Nothing out of the ordinary.", "Rien à signaler.")}</p>`
    : html`<div class="scroll"><table><thead><tr><th scope="col">${both("When", "Quand")}</th><th scope="col">${both("Camera", "Caméra")}</th><th scope="col">${both("What", "Quoi")}</th></tr></thead><tbody>${entries.map(row)}</tbody></table></div>`
}</section>`;
}

function limits(run: RunSummary): Html {
  const words = [0, 1, 2, 3, 4].map((i) => html`<li>${say((w) => w.limits[i] ?? "")}</li>`);
  const grey = run.cameras.filter((camera) => camera.greyShare !== null && camera.greyShare > 0.005);
  return html`<section><h2>${both("What this system cannot do", "Ce que ce système ne sait pas faire")}</h2>
<ul class="limits">${words}${grey.map(
    (camera) =>
      html`<li>${foreign(camera.id)}${both(": ", " : ")}${say((_, f) => f.percent(camera.greyShare ?? 0))} ${both("of the evidence picture was still grey at the end.", "de l’image conservée était encore grise à la fin.")}</li>`,
  )}</ul>
${run.models
  .filter((model) => model.limits.length > 0)
  .map(
    (model) =>
      html`<h3>${both("Known of the network", "Ce que l’on sait du réseau")} ${foreign(model.name)}</h3><ul class="limits">${model.limits.map((limit) => html`<li>${foreign(limit)}</li>`)}</ul>`,
  )}</section>`;
}
