import { foreign, type Html, html } from "../../report/html.ts";
import { type AuditRecord, RECORD_SCHEMA_NAME } from "../record.ts";
import { SCORES_SCHEMA_NAME } from "../scores.ts";
import { both, each } from "./words.ts";

const MOST_CLIPS = 500;

/** What anybody needs to get the same figures again: the command, and the hash of all that went in. */
export function reproduceSection(record: AuditRecord): Html {
  const { system, suite, settings } = record;
  const fact = (en: string, fr: string, value: Html) => html`<dt>${both(en, fr)}</dt><dd>${value}</dd>`;
  return html`<section><h2>${both("Do it again", "Refaire la mesure")}</h2>
<p>${both(
    "Whoever has the same recordings can run this command and must get the same figures. A hash is a fingerprint of a file: if one byte changes, it changes.",
    "Quiconque a les mêmes enregistrements peut lancer cette commande et doit obtenir les mêmes chiffres. Une empreinte identifie un fichier : qu’un octet change, et elle change.",
  )}</p>
<pre>${inLines(record.command)}</pre>
<dl class="proof">
${fact("Measured", "Mesuré", html`${each((_, f) => f.instant(record.startedAt))} – ${each((_, f) => f.instant(record.endedAt))}`)}
${fact("Recordings", "Enregistrements", html`${foreign(suite.name)}<br>${hash(suite.sha256)}`)}
${
  system.kind === "engine"
    ? html`${fact("System", "Système", html`${foreign(system.name)} ${foreign(system.version)}`)}
${fact("Network", "Réseau", html`${foreign(system.model)}<br>${hash(system.modelSha256)}`)}
${(system.slots ?? []).map(({ event, name, sha256 }) =>
  fact(`Network for ${event}`, `Réseau pour ${event}`, html`${foreign(name)}<br>${hash(sha256)}`),
)}
${fact("Settings", "Réglages", hash(system.configSha256))}`
    : html`${fact("System", "Système", html`${foreign(system.name)} <span class="muted">${both("(its alert log alone was scored)", "(seul son journal d’alertes a été noté)")}</span>`)}
${system.files.map((file) => fact("Log", "Journal", html`${foreign(file.name)}<br>${hash(file.sha256)}`))}`
}
${fact("Matching", "Mise en correspondance", settings.alignment === "instant" ? both("by the instant of the alert", "par l’instant de l’alerte") : both("by overlap, as NIST ActEV", "par recouvrement, comme NIST ActEV"))}
${fact("Recall bias", "Poids du rappel", html`${each((_, f) => f.number(settings.recallBias, Number.isInteger(settings.recallBias) ? 0 : 2))}`)}
</dl>
<h3>${both("The recordings", "Les enregistrements")}</h3>
${clipTable(record)}
<h3>${both("The files", "Les fichiers")}</h3>
<p>${both(
    html`This page is worked out from <span class="mono">audit.json</span> (format <span class="mono">${RECORD_SCHEMA_NAME}</span>), which holds every event, alert and count; the figures alone are <span class="mono">${SCORES_SCHEMA_NAME}</span>. To make this page again: <span class="mono">contrechamp audit report audit.json --out DIR</span>`,
    html`Cette page est calculée à partir de <span class="mono">audit.json</span> (format <span class="mono">${RECORD_SCHEMA_NAME}</span>), qui contient chaque événement, chaque alerte et chaque comptage ; les chiffres seuls sont au format <span class="mono">${SCORES_SCHEMA_NAME}</span>. Pour refaire cette page : <span class="mono">contrechamp audit report audit.json --out DOSSIER</span>`,
  )}</p></section>`;
}

function clipTable({ clips }: AuditRecord): Html {
  const rows = clips
    .slice(0, MOST_CLIPS)
    .map(
      ({ id, seconds, camera, videoSha256, referenceSha256 }) =>
        html`<tr><th scope="row">${foreign(id)}<br><span class="small muted">${foreign(camera)}</span></th><td class="num">${each((_, f) => f.duration(seconds))}</td><td>${hash(videoSha256)}</td><td>${hash(referenceSha256)}</td></tr>`,
    );
  const more = clips.length - rows.length;
  return html`<div class="scroll"><table class="long hashes"><thead><tr><th scope="col">${both("Recording, camera", "Enregistrement, caméra")}</th><th scope="col" class="num">${both("Analysed", "Analysé")}</th><th scope="col">${both("Hash of the video", "Empreinte de la vidéo")}</th><th scope="col">${both("Hash of its reference", "Empreinte de sa référence")}</th></tr></thead><tbody>${rows}</tbody></table></div>${
    more <= 0
      ? ""
      : html`<p class="small muted">${each((language, f) => (language === "en" ? `And ${f.number(more)} more in the record.` : `Et ${f.number(more)} de plus dans le relevé.`))}</p>`
  }`;
}

/** Two halves, so that it breaks there and nowhere else. */
function hash(sha256: string | null): Html {
  if (sha256 === null) return html`–`;
  return html`<span class="hash">${sha256.slice(0, 32)}<wbr>${sha256.slice(32)}</span>`;
}

const LONGEST_LINE = 72;

/** A long command with a line for each option, as a shell still takes it; within quotation marks nothing is broken. */
function inLines(command: string): Html {
  if (command.length <= LONGEST_LINE) return html`${command}`;
  const starts = [0];
  let quote: string | null = null;
  for (let index = 0; index < command.length; index++) {
    const sign = command.charAt(index);
    if (quote === null && command.startsWith(" --", index)) starts.push(index + 1);
    if (quote === null && (sign === "'" || sign === '"')) quote = sign;
    else if (sign === quote) quote = null;
  }
  const lines = starts.map((start, index) => command.slice(start, starts[index + 1]).trimEnd());
  return html`${lines.map((line, index) => (index === 0 ? line : html` \\\n  ${line}`))}`;
}
