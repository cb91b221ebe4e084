import { foreign, type Html, html } from "../../report/html.ts";
import { FORMATS, type Language } from "../../report/language.ts";
import type { AuditRecord } from "../record.ts";
import { align } from "../scoring/alignment.ts";
import { both, counted, each } from "./words.ts";

const MOST_ROWS = 50;

/** What of a vendor's log could be scored, what could not and why, and how far its clock was off. */
export function logSection(record: AuditRecord): Html {
  const { log } = record;
  if (log === null) return html``;
  const rows = log.rejections
    .slice(0, MOST_ROWS)
    .map(
      ({ file, line, code, message }) =>
        html`<tr><th scope="row">${foreign(file)}:${line}</th><td>${foreign(message)} <span class="mono muted">${code}</span></td></tr>`,
    );
  const more = log.rejected - rows.length;
  return html`<section><h2>${both("The alert log", "Le journal d’alertes")}</h2>
<p>${each((language, f) => {
    const all = counted(log.rows, "row", "rows", "en");
    if (language === "en") {
      if (log.rows === 0) return "The log has no row at all: nothing was raised, or nothing was exported.";
      return log.rejected === 0
        ? `All ${all} could be scored.`
        : `Of ${all}, ${f.number(log.rejected)} could not be scored. They count neither for nor against the system; the reasons are below.`;
    }
    const toutes = counted(log.rows, "ligne", "lignes", "fr");
    if (log.rows === 0)
      return "Le journal ne contient aucune ligne : rien n’a été signalé, ou rien n’a été exporté.";
    return log.rejected === 0
      ? `${toutes}, toutes notées.`
      : `Sur ${toutes}, ${f.number(log.rejected)} n’ont pas pu être notées. Elles ne comptent ni pour ni contre le système ; les raisons sont ci-dessous.`;
  })}</p>
<h3>${both("Its clock", "Son horloge")}</h3>
${clock(record, log.clockOffset)}
${
  rows.length === 0
    ? ""
    : html`<div class="scroll"><table class="long"><thead><tr><th scope="col">${both("File and line", "Fichier et ligne")}</th><th scope="col">${both("Why it was not scored", "Pourquoi elle n’a pas été notée")}</th></tr></thead><tbody>${rows}</tbody></table></div>`
}${
  more <= 0
    ? ""
    : html`<p class="small muted">${each((language, f) => (language === "en" ? `And ${f.number(more)} more.` : `Et ${f.number(more)} de plus.`))}</p>`
}</section>`;
}

/** On the first page: what was found hangs on the clock, where setting it right makes it find more. */
export function clockNote(record: AuditRecord): Html {
  const offset = record.log?.clockOffset ?? null;
  if (offset === null) return html``;
  const { seconds, applied } = offset;
  const now = hitsAt(record, 0);
  const otherwise = hitsAt(record, applied ? seconds : -seconds);
  if (applied ? now === otherwise : otherwise <= now) return html``;
  return html`<p class="note warn">${each((language, f) => {
    const by = f.number(Math.abs(seconds), 1);
    const [found, others] = [f.number(now), f.number(otherwise)];
    if (language === "en") {
      const way = seconds >= 0 ? "ahead" : "behind";
      return applied
        ? `This holds only because the log’s clock, ${by} seconds ${way}, was set right first. As the product wrote it, the log finds ${otherwise === 0 ? "none" : others}, not ${found}.`
        : `The log’s clock seems to be ${by} seconds ${way}. Set right, the log would find ${others} events instead of ${found}; more on this below.`;
    }
    const way = seconds >= 0 ? "avance" : "retard";
    return applied
      ? `Ce résultat suppose que l’horloge du journal, en ${way} de ${by} secondes, a d’abord été remise à l’heure. Tel que le produit l’a écrit, le journal ${otherwise === 0 ? "n’en trouve aucun" : `en trouve ${others}`}, et non ${found}.`
      : `L’horloge du journal paraît en ${way} de ${by} secondes. Une fois remise à l’heure, le journal trouverait ${others} événements au lieu de ${found} ; on y revient plus bas.`;
  })}</p>`;
}

type Offset = NonNullable<AuditRecord["log"]>["clockOffset"];

function clock(record: AuditRecord, offset: Offset): Html {
  if (offset === null) {
    return html`<p>${both(
      "Whether the log’s clock agrees with the reference’s could not be estimated: too few alerts match. A clock that is off turns right alerts into false ones.",
      "On n’a pas pu estimer si l’horloge du journal s’accorde avec celle de la référence : trop peu d’alertes correspondent. Une horloge décalée fait passer des alertes justes pour fausses.",
    )}</p>`;
  }
  const { seconds, applied, pairs, spread } = offset;
  const now = hitsAt(record, 0);
  const otherwise = hitsAt(record, applied ? seconds : -seconds);
  return html`<p>${each((language, f) => {
    const by = f.number(Math.abs(seconds), 1);
    const about = f.number(spread, 1);
    if (language === "en") {
      const way = seconds >= 0 ? "ahead of" : "behind";
      return `The log’s clock is ${by}\u00a0s ${way} the reference’s, give or take ${about}\u00a0s, as ${counted(pairs, "pair", "pairs", "en")} of alert and event show. What the product itself takes to raise an alert is part of that: a log alone cannot tell one from the other.`;
    }
    const way = seconds >= 0 ? "avance" : "retarde";
    return `L’horloge du journal ${way} de ${by}\u00a0s sur celle de la référence, à ${about}\u00a0s près, d’après ${counted(pairs, "couple", "couples", "fr")} d’alerte et d’événement. Le temps que met le produit à alerter en fait partie : un journal ne permet pas de séparer l’un de l’autre.`;
  })}</p>
<p>${each((language) => (applied ? appliedWords(now, otherwise, language) : unappliedWords(now, otherwise, language)))}</p>`;
}

function appliedWords(now: number, otherwise: number, language: Language): string {
  const f = FORMATS[language];
  const found = f.number(now);
  if (language === "en") {
    const matters =
      now === otherwise
        ? "Without the correction it would have found just as many."
        : `Without the correction it would have found ${otherwise === 0 ? "none" : f.number(otherwise)} instead of ${found}.`;
    return `The clock was corrected before scoring. ${matters} Times to alert are not given, for the correction has taken them away.`;
  }
  const matters =
    now === otherwise
      ? "Sans cette correction, il en aurait trouvé tout autant."
      : otherwise === 0
        ? `Sans cette correction, il n’aurait trouvé aucun événement au lieu de ${found}.`
        : `Sans cette correction, il aurait trouvé ${counted(otherwise, "événement", "événements", "fr")} au lieu de ${found}.`;
  return `L’horloge a été corrigée avant de noter. ${matters} On ne donne pas de délai d’alerte, la correction l’ayant effacé.`;
}

function unappliedWords(now: number, otherwise: number, language: Language): string {
  const f = FORMATS[language];
  const [found, corrected] = [f.number(now), f.number(otherwise)];
  if (language === "en") {
    if (now === otherwise)
      return "The clock was not corrected. To correct it would not change how many events are found.";
    return `The clock was not corrected. Corrected, the log would show ${corrected} events found instead of ${found}. Which of the two is fair is for you to decide: a clock can be wrong, and an alert that comes late is late.`;
  }
  if (now === otherwise)
    return "L’horloge n’a pas été corrigée. La corriger ne changerait pas le nombre d’événements trouvés.";
  return `L’horloge n’a pas été corrigée. Une fois corrigée, le journal montrerait ${corrected} ${otherwise < 2 ? "événement trouvé" : "événements trouvés"} au lieu de ${found}. À vous de décider lequel des deux est juste : une horloge peut se tromper, mais une alerte qui vient tard est tardive.`;
}

/** How many events would be found, were every alert that was scored so many seconds later. */
function hitsAt({ clips, settings }: AuditRecord, later: number): number {
  const rules = clips.flatMap((clip) => clip.rules);
  return rules.reduce((sum, { references, alerts }) => {
    const moved = alerts.map(({ at, until, confidence, box }) => ({
      at: at + later,
      until: until === null ? null : until + later,
      confidence,
      box,
    }));
    const matched = align(settings.alignment, references, moved).references;
    return sum + matched.filter((alert) => alert !== null).length;
  }, 0);
}
