import type { CameraSummary, RunSummary } from "../engine/run-summary.ts";
import { foreign, type Html, html } from "./html.ts";
import { both } from "./language.ts";
import { say } from "./words.ts";

const FRAMES = ["decoded", "analysed", "inferred", "gated", "dropped"] as const;

/** What the analysis cost, camera by camera, stage by stage. */
export function speed(run: RunSummary): Html {
  const cameras = run.cameras.filter((camera) => camera.frames.decoded > 0);
  if (cameras.length === 0) return html``;
  return html`<section><h2>${both("How it ran", "Comment l’analyse s’est déroulée")}</h2>
<p class="muted">${foreign(run.machine.description)}, ${run.machine.cores} ${both("cores", "cœurs")}, ${say((_, f) => f.bytes(run.machine.memoryBytes))}</p>
${cameras.map((camera) => cameraSpeed(camera, cameras.length > 1))}</section>`;
}

function cameraSpeed(camera: CameraSummary, named: boolean): Html {
  const cpu = camera.cpuSecondsPerVideoSecond;
  const memory = camera.peakRssBytes;
  const frames = FRAMES.map(
    (kind) =>
      html`<tr><th scope="row">${say((w) => w.frames[kind])}</th><td class="num">${say((_, f) => f.number(camera.frames[kind]))}</td></tr>`,
  );
  const stages = camera.stages.map(
    ({ name, count, p50Ms, p95Ms, cpuSeconds }) =>
      html`<tr><th scope="row">${say((w) => (Object.hasOwn(w.stages, name) ? (w.stages[name] ?? name) : name))}</th><td class="num">${say((_, f) => f.number(count))}</td><td class="num">${milliseconds(p50Ms)}</td><td class="num">${milliseconds(p95Ms)}</td><td class="num">${cpuSeconds === null ? "–" : say((_, f) => f.number(cpuSeconds, 1))}</td></tr>`,
  );
  return html`${named ? html`<h3>${foreign(camera.id)}</h3>` : ""}
<p>${
    cpu === null
      ? ""
      : html`${say((_, f) => f.number(cpu, 2))} ${both("s of processor time for each second of video", "s de processeur par seconde de vidéo")}`
  }${cpu !== null && memory !== null ? ". " : ""}${
    memory === null
      ? ""
      : html`${both("At most ", "Au plus ")}${say((_, f) => f.bytes(memory))} ${both("of memory.", "de mémoire.")}`
  }</p>
<div class="scroll"><table><thead><tr><th scope="col">${both("Pictures", "Images")}</th><th scope="col" class="num">${both("Number", "Nombre")}</th></tr></thead><tbody>${frames}</tbody></table></div>
<div class="scroll"><table><thead><tr><th scope="col">${both("Stage", "Étape")}</th><th scope="col" class="num">${both("Times", "Fois")}</th><th scope="col" class="num">${both("Median, ms", "Médiane, ms")}</th><th scope="col" class="num">${both("95 in 100 within, ms", "95 sur 100 en, ms")}</th><th scope="col" class="num">${both("Total, s", "Total, s")}</th></tr></thead><tbody>${stages}</tbody></table></div>`;
}

function milliseconds(value: number | null): Html | string {
  return value === null ? "–" : say((_, f) => f.number(value, value < 0.1 ? 3 : value < 10 ? 2 : 1));
}

/** What ran, so that somebody else can run it again: versions and hashes. */
export function provenance(run: RunSummary): Html {
  const row = (en: string, fr: string, value: Html | string) =>
    html`<dt>${both(en, fr)}</dt><dd>${value}</dd>`;
  return html`<section><h2>${both("What this rests on", "Sur quoi cela repose")}</h2>
<dl class="proof">
${row("Engine", "Moteur", html`Contrechamp ${run.engine.version}, Node ${run.engine.node}`)}
${run.models.map((model) =>
  row(
    "Network",
    "Réseau",
    html`${foreign(model.name)}${model.licence === null ? "" : html`, ${both("licence", "licence")} ${foreign(model.licence)}`}<br><span class="mono">sha256 ${model.sha256}</span>`,
  ),
)}
${row("Configuration", "Configuration", html`<span class="mono">sha256 ${run.configSha256}</span>`)}
${row("Command", "Commande", html`<span class="mono">${foreign(run.command)}</span>`)}
${row(
  "Began",
  "Début",
  say((_, f) => f.instant(run.startedAt)),
)}
${row(
  "Ended",
  "Fin",
  say((_, f) => f.instant(run.endedAt)),
)}
${row("The same as data", "Les mêmes données", html`<a href="./run.json">run.json</a>, <a href="./alerts.jsonl">alerts.jsonl</a>`)}
</dl></section>`;
}
