import type { RunSummary } from "../engine/run-summary.ts";
import { REASON_TEXTS } from "../policy/reason-texts.ts";
import { foreign, type Html, html } from "./html.ts";
import { both } from "./language.ts";
import { say } from "./words.ts";

/** On what authority it ran, what the gate said no to and why, and where the trace of it is. */
export function authoritySection(run: RunSummary): Html {
  const { profile, use, authorisations, journal } = run.authority;
  return html`<section><h2>${both("On what authority", "Sur quel fondement")}</h2>
${
  profile === null
    ? html`<p class="note warn">${both("No profile says which law applies.", "Aucun profil ne dit quel droit s’applique.")}</p>`
    : html`<p>${both(html`Profile: ${foreign(profile.title.en)}`, html`Profil : ${foreign(profile.title.fr)}`)} <span class="muted mono">${profile.id}</span></p>`
}
${
  use === "shadow"
    ? html`<p class="note">${both("In the dark: episodes were counted and shown to nobody.", "À l’aveugle : les épisodes ont été comptés et montrés à personne.")}</p>`
    : ""
}
${authorisations.map(
  ({ id, title, validFrom, validUntil }) =>
    html`<p>${both(html`Authorisation: ${foreign(title.en)}`, html`Autorisation : ${foreign(title.fr)}`)} <span class="muted mono">${id}</span><br>
<span class="muted">${both("valid from", "valable du")} ${say((_, f) => f.instant(validFrom))} ${both("until", "au")} ${say((_, f) => f.instant(validUntil))}</span></p>`,
)}
${denials(run)}${shadowCounts(run)}
${
  journal === null
    ? ""
    : html`<p class="muted small wide">${both(
        html`All of this is in the journal <span class="mono">${journal.origin}</span>, ${journal.leaves} leaves. To check it: <span class="mono">contrechamp journal verify ${journal.folder}</span>`,
        html`Tout cela est dans le journal <span class="mono">${journal.origin}</span>, ${journal.leaves} feuilles. Pour le vérifier : <span class="mono">contrechamp journal verify ${journal.folder}</span>`,
      )}</p>`
}</section>`;
}

function denials(run: RunSummary): Html {
  const denied = run.authority.standing.filter(({ allow }) => !allow);
  if (denied.length === 0) return html``;
  const rows = denied.map(({ cameraId, ruleId, reasons }) => {
    const why = reasons.map(
      ({ code, source }) =>
        html`<p>${both(REASON_TEXTS[code].why.en, REASON_TEXTS[code].why.fr)}<br><span class="muted small">${foreign(source)}</span></p>`,
    );
    return html`<tr><th scope="row" class="first">${foreign(cameraId)}</th><td>${foreign(ruleId)}</td><td>${why}</td></tr>`;
  });
  return html`<h3>${both("What did not run at the end, and why", "Ce qui ne tournait pas à la fin, et pourquoi")}</h3>
<div class="scroll"><table><thead><tr><th scope="col">${both("Camera", "Caméra")}</th><th scope="col">${both("Rule", "Règle")}</th><th scope="col">${both("Why", "Pourquoi")}</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function shadowCounts(run: RunSummary): Html {
  const rows = run.cameras.flatMap(({ id, shadow }) =>
    shadow.map(
      ({ ruleId, episodes }) =>
        html`<tr><th scope="row" class="first">${foreign(id)}</th><td>${foreign(ruleId)}</td><td class="num">${episodes}</td></tr>`,
    ),
  );
  if (rows.length === 0) return html``;
  return html`<div class="scroll"><table><thead><tr><th scope="col">${both("Camera", "Caméra")}</th><th scope="col">${both("Rule", "Règle")}</th><th scope="col" class="num">${both("Episodes counted in the dark", "Épisodes comptés à l’aveugle")}</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}
