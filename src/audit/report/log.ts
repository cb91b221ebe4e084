import { foreign, type Html, html } from "../../report/html.ts";
import type { AuditRecord } from "../record.ts";
import { both, counted, each } from "./words.ts";

const MOST_ROWS = 50;

/** What of a vendor's log could be scored, what could not and why, and how far its clock was off. */
export function logSection({ log }: AuditRecord): Html {
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
<p>${clock(log.clockOffset)}</p>
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

type Offset = NonNullable<AuditRecord["log"]>["clockOffset"];

function clock(offset: Offset): Html {
  if (offset === null) {
    return both(
      "Whether the log’s clock agrees with the reference’s could not be estimated: too few alerts match. A clock that is off turns right alerts into false ones.",
      "On n’a pas pu estimer si l’horloge du journal s’accorde avec celle de la référence : trop peu d’alertes correspondent. Une horloge décalée fait passer des alertes justes pour fausses.",
    );
  }
  const { seconds, applied, pairs, spread } = offset;
  return each((language, f) => {
    const by = f.number(Math.abs(seconds), 1);
    const about = f.number(spread, 1);
    if (language === "en") {
      const way = seconds >= 0 ? "ahead of" : "behind";
      const what = applied
        ? "This was corrected before scoring; what the system takes to alert is part of it, so times to alert are not given."
        : "This was not corrected.";
      return `The log’s clock is ${by}\u00a0s ${way} the reference’s, give or take ${about}\u00a0s, as ${counted(pairs, "pair", "pairs", "en")} of alert and event show. ${what}`;
    }
    const way = seconds >= 0 ? "avance" : "retarde";
    const what = applied
      ? "On l’a corrigé avant de noter ; le temps que met le système à alerter en fait partie, on ne donne donc pas de délais d’alerte."
      : "On ne l’a pas corrigé.";
    return `L’horloge du journal ${way} de ${by}\u00a0s sur celle de la référence, à ${about}\u00a0s près, d’après ${counted(pairs, "couple", "couples", "fr")} d’alerte et d’événement. ${what}`;
  });
}
