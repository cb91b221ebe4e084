import { foreign, type Html, html } from "../../report/html.ts";
import type { AuditRecord } from "../record.ts";
import { both, each } from "./words.ts";

const MOST_ROWS = 100;

/** How well moving people are kept apart, where the reference has every person's box. */
export function trackingSection({ clips }: AuditRecord): Html {
  const tracked = clips.flatMap(({ id, tracking }) => (tracking === null ? [] : [{ id, tracking }]));
  if (tracked.length === 0) return html``;
  const rows = tracked
    .slice(0, MOST_ROWS)
    .map(
      ({ id, tracking: { hota, mota, idf1, idSwitches } }) =>
        html`<tr><th scope="row">${foreign(id)}</th>${[hota, mota, idf1].map((value) => html`<td class="num">${each((_, f) => f.number(value, 3))}</td>`)}<td class="num">${each((_, f) => f.number(idSwitches))}</td></tr>`,
    );
  const more = tracked.length - rows.length;
  return html`<section><h2>${both("How well it tells people apart while they move", "Sait-il distinguer les personnes qui bougent ?")}</h2>
<p>${both(
    "Rules about direction and duration need to know, for some seconds, that a shape is still the same one. 1 would be perfect; the measures differ in what they punish: MOTA missed and invented people, IDF1 mistaken ones, HOTA both alike. Nothing of this is kept.",
    "Les règles de direction et de durée doivent savoir, quelques secondes, qu’une forme est toujours la même. 1 serait parfait ; les mesures diffèrent par ce qu’elles punissent : MOTA les personnes manquées ou inventées, IDF1 les confusions, HOTA les deux à parts égales. Rien de cela n’est conservé.",
  )}</p>
<div class="scroll"><table class="long"><thead><tr><th scope="col">${both("Recording", "Enregistrement")}</th><th scope="col" class="num">HOTA</th><th scope="col" class="num">MOTA</th><th scope="col" class="num">IDF1</th><th scope="col" class="num">${both("Times one was taken for another", "Confusions entre deux personnes")}</th></tr></thead><tbody>${rows}</tbody></table></div>${
    more <= 0
      ? ""
      : html`<p class="small muted">${each((language, f) => (language === "en" ? `And ${f.number(more)} more in the record.` : `Et ${f.number(more)} de plus dans le relevé.`))}</p>`
  }</section>`;
}
