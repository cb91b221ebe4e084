import { EVENT_TYPES, type EventType } from "../event.ts";
import type { Recipient } from "../journal/export.ts";
import type { Access, Totals } from "../journal/totals-figures.ts";
import type { UtcMilliseconds } from "../time/clock.ts";
import { formatUtc } from "../time/clock.ts";
import { ALERT_WORDS } from "./alert-words.ts";
import { renderDocument } from "./document.ts";
import { type Fragment, foreign, type Html, html } from "./html.ts";
import { both, FORMATS, type Language } from "./language.ts";
import { LEAF_WORDS } from "./leaf-words.ts";

export interface TotalsInput {
  readonly totals: Totals;
  readonly recipient: Recipient;
  readonly language: Language;
  /** SHA-256 of the counts' canonical JSON, as the journal's export leaf has it. */
  readonly sha256: string;
}

export interface TotalsPageInput extends TotalsInput {
  /** Style rules of the embedded typefaces, may be empty. */
  readonly fonts: string;
  readonly at: UtcMilliseconds;
  readonly engineVersion: string;
}

/** Titles and grounds. The two that no primary text was read for say so. */
const RECIPIENT_WORDS: Readonly<Record<Recipient, Record<Language, { title: string; ground: string }>>> = {
  prefect: {
    en: {
      title: "Account to the prefect",
      ground:
        "Weekly account of the use of the analysis (loi n° 2023-380, article 10, VIII; to be checked against the text that applies).",
    },
    fr: {
      title: "Compte rendu au préfet",
      ground:
        "Compte rendu hebdomadaire de l’emploi du traitement (loi n° 2023-380, article 10, VIII ; à vérifier d’après le texte applicable).",
    },
  },
  cnil: {
    en: {
      title: "Account to the CNIL",
      ground: "Account every three months (décret n° 2023-939, article 2).",
    },
    fr: {
      title: "Compte rendu à la CNIL",
      ground: "Compte rendu tous les trois mois (décret n° 2023-939, article 2).",
    },
  },
  renewal: {
    en: {
      title: "File for the renewal of an authorisation",
      ground:
        "What the authorisation led to, for the decision whether to renew it (loi n° 2023-380, article 10, VII; to be checked against the text that applies).",
    },
    fr: {
      title: "Dossier de renouvellement d’une autorisation",
      ground:
        "Ce que l’autorisation a produit, pour décider de son renouvellement (loi n° 2023-380, article 10, VII ; à vérifier d’après le texte applicable).",
    },
  },
};

const PROBLEM_WORDS: Readonly<Record<Totals["problems"][number]["code"], Record<Language, string>>> = {
  alert_twice: { en: "an alert was raised twice", fr: "une alerte a été levée deux fois" },
  closed_without_raised: {
    en: "an alert was closed that was never raised",
    fr: "une alerte close n’a jamais été levée",
  },
  disposition_without_alert: {
    en: "a disposition is about no alert",
    fr: "une suite ne porte sur aucune alerte",
  },
  disposition_twice: {
    en: "an alert was disposed of twice, without a correction",
    fr: "une alerte a reçu deux suites, sans rectification",
  },
  content_missing: {
    en: "the content of a line is erased or left out, and is not counted",
    fr: "le contenu d’une ligne est effacé ou omis, et n’est pas compté",
  },
  content_unexpected: {
    en: "the content of a line is not of the known form",
    fr: "le contenu d’une ligne n’a pas la forme connue",
  },
  sums_differ: { en: "the sums differ", fr: "les sommes diffèrent" },
};

const OUTCOME_WORDS = {
  raised: { en: "raised", fr: "levées" },
  confirmed: { en: "confirmed", fr: "confirmées" },
  dismissed: { en: "dismissed", fr: "écartées" },
  undetermined: { en: "undetermined", fr: "indéterminées" },
  expired: { en: "not seen in time", fr: "non vues à temps" },
  open: { en: "still open", fr: "encore ouvertes" },
} as const;
const OUTCOMES = ["raised", "confirmed", "dismissed", "undetermined", "expired", "open"] as const;

/** The counts in a few lines, for a terminal. */
export function totalsText({ totals, recipient, language, sha256 }: TotalsInput): string {
  const { period, alerts, denials, journal, problems } = totals;
  const fr = language === "fr";
  const lines = [
    `${RECIPIENT_WORDS[recipient][language].title}: ${period.name} (${period.timeZone}), ${period.fromUtc} – ${period.toUtc}`,
    `${journal.origin ?? ""}: ${journal.size} ${fr ? "feuilles, racine" : "leaves, root"} ${journal.root ?? ""}`,
    OUTCOMES.map((name) => `${OUTCOME_WORDS[name][language]} ${alerts[name]}`).join(", "),
    fr ? `refus ${denials.total}` : `refusals ${denials.total}`,
    `SHA-256 ${sha256}`,
    problems.length === 0
      ? fr
        ? "Les comptes se recoupent."
        : "The counts add up."
      : fr
        ? "LES COMPTES NE SE RECOUPENT PAS :"
        : "THE COUNTS DO NOT ADD UP:",
    ...problems.map(
      ({ code, count, leaves }) => `  ${PROBLEM_WORDS[code][language]} (${count}: ${leaves.join(", ")})`,
    ),
  ];
  return `${lines.join("\n")}\n`;
}

/** The counts of a period as a page for whom they are for. */
export function renderTotals({
  totals,
  recipient,
  language,
  sha256,
  fonts,
  at,
  engineVersion,
}: TotalsPageInput): string {
  const words = RECIPIENT_WORDS[recipient];
  const { period } = totals;
  return renderDocument({
    title: { en: `${words.en.title} ${period.name}`, fr: `${words.fr.title} ${period.name}` },
    kind: { en: "account of a period", fr: "compte rendu de période" },
    language,
    fonts,
    style:
      ".total th, .total td { font-weight: 650; }\ntd.code { font-family: var(--mono); font-size: 14px; overflow-wrap: anywhere; }\nthead th { white-space: normal; vertical-align: bottom; }\n.scroll + dl.proof { margin-top: 24px; }\n",
    body: [
      head(totals, recipient),
      alertSection(totals),
      denialSection(totals),
      runSection(totals),
      accessSection(totals),
      erasureSection(totals),
      underWhat(totals),
      html`<section><h2>${both("So that it can be checked", "Pour vérification")}</h2><dl class="proof">
${fact("Journal", "Journal", html`<span class="mono">${foreign(totals.journal.origin ?? "–")}</span>`)}
${fact("Signed state", "État signé", html`${number(totals.journal.size)} · <span class="mono">${totals.journal.root ?? "–"}</span>`)}
${fact("SHA-256 of these counts", "SHA-256 de ces comptes", html`<span class="mono">${sha256}</span>`)}
${fact("Made", "Établi", html`${instant(formatUtc(at))}, Contrechamp ${engineVersion}`)}
</dl><p class="note">${both("Everything was counted from the journal. Ask for the bundle of the same period: with it anyone can count again.", "Tout a été compté à partir du journal. Demandez l’extrait de la même période : chacun peut alors recompter.")}</p></section>`,
    ],
  });
}

function head({ period, alerts, problems, unreadable }: Totals, recipient: Recipient): Html {
  const words = RECIPIENT_WORDS[recipient];
  const day = (date: string, of: Language) =>
    new Intl.DateTimeFormat(of === "fr" ? "fr-FR" : "en-GB", { timeZone: "UTC", dateStyle: "long" }).format(
      new Date(`${date}T00:00:00Z`),
    );
  return html`<h1>${both(
    `${FORMATS.en.number(alerts.raised)} ${alerts.raised === 1 ? "alert" : "alerts"}: ${FORMATS.en.number(alerts.confirmed)} confirmed, ${FORMATS.en.number(alerts.dismissed)} dismissed`,
    `${FORMATS.fr.number(alerts.raised)} ${alerts.raised < 2 ? "alerte" : "alertes"} : ${FORMATS.fr.number(alerts.confirmed)} ${alerts.confirmed < 2 ? "confirmée" : "confirmées"}, ${FORMATS.fr.number(alerts.dismissed)} ${alerts.dismissed < 2 ? "écartée" : "écartées"}`,
  )}</h1>
<p class="lead">${both(
    html`${words.en.title}, ${period.name}: ${day(period.firstDay, "en")} to ${day(period.lastDay, "en")}`,
    html`${words.fr.title}, ${period.name} : du ${day(period.firstDay, "fr")} au ${day(period.lastDay, "fr")}`,
  )}</p>
<p class="muted small">${both(words.en.ground, words.fr.ground)}<br>${period.timeZone}: <span class="mono">${period.fromUtc}</span> – <span class="mono">${period.toUtc}</span></p>
${
  problems.length === 0
    ? html`<p class="note">${both("The counts add up: each alert that was raised has one outcome, or is open.", "Les comptes se recoupent : chaque alerte levée a une suite et une seule, ou reste ouverte.")}</p>`
    : html`<div class="note warn"><p><b>${both("The counts do not add up. Do not rely on them before this is explained:", "Les comptes ne se recoupent pas. Ne vous y fiez pas avant explication :")}</b></p><ul class="limits">${problems.map(
        ({ code, count, leaves }) =>
          html`<li>${both(PROBLEM_WORDS[code].en, PROBLEM_WORDS[code].fr)} (${number(count)}${leaves.length === 0 ? "" : html`; ${both("lines", "lignes")} ${leaves.join(", ")}`})</li>`,
      )}</ul></div>`
}
${unreadable.erased === 0 ? "" : html`<p class="note">${both(html`The content of ${number(unreadable.erased)} lines of the period is erased and is not counted.`, html`Le contenu de ${number(unreadable.erased)} lignes de la période est effacé et n’est pas compté.`)}</p>`}`;
}

function alertSection({ alerts }: Totals): Html {
  const columns = OUTCOMES.map(
    (name) => html`<th scope="col" class="num">${both(OUTCOME_WORDS[name].en, OUTCOME_WORDS[name].fr)}</th>`,
  );
  const rows = alerts.rows.map(
    (row) =>
      html`<tr><th scope="row">${eventName(row.event)}</th><td>${foreign(row.cameraId)}</td><td>${foreign(row.ruleId)}</td>${OUTCOMES.map((name) => html`<td class="num">${number(row[name])}</td>`)}</tr>`,
  );
  const median = alerts.medianSecondsToDisposition;
  return html`<section><h2>${both("Alerts, and what became of them", "Les alertes et leurs suites")}</h2>
<div class="scroll"><table><thead><tr><th scope="col">${both("Event", "Événement")}</th><th scope="col">${both("Camera", "Caméra")}</th><th scope="col">${both("Rule", "Règle")}</th>${columns}</tr></thead><tbody>${rows}<tr class="total"><th scope="row" colspan="3">${both("Sum", "Total")}</th>${OUTCOMES.map((name) => html`<td class="num">${number(alerts[name])}</td>`)}</tr></tbody></table></div>
<dl class="proof">
${fact("Median time until a person disposed", "Délai médian jusqu’à une suite humaine", median === null ? both("no alert was disposed of", "aucune alerte n’a reçu de suite") : both(html`${FORMATS.en.duration(median)} (${FORMATS.en.number(alerts.disposedByPersons)} alerts)`, html`${FORMATS.fr.duration(median)} (${FORMATS.fr.number(alerts.disposedByPersons)} alertes)`))}
${fact("Of those open: disposed of since", "Parmi les ouvertes : suite donnée depuis", number(alerts.settledSince))}
${fact("Dispositions about earlier alerts", "Suites données à des alertes antérieures", number(alerts.carriedOver))}
${fact("Dispositions that were corrected", "Suites rectifiées", number(alerts.corrections))}
</dl></section>`;
}

function denialSection({ denials, shadow }: Totals): Html {
  const rules = (list: Totals["shadow"]) =>
    table(
      [
        both("Event", "Événement"),
        both("Camera", "Caméra"),
        both("Rule", "Règle"),
        both("How many", "Nombre"),
      ],
      list.map((row) => [
        eventName(row.event),
        foreign(row.cameraId),
        foreign(row.ruleId),
        number(row.count),
      ]),
    );
  return html`<section><h2>${both("What was not shown", "Ce qui n’a pas été montré")}</h2>
<p>${both(html`${number(denials.total)} episodes were refused: nobody saw them, and nothing of them was kept.`, html`${number(denials.total)} épisodes ont été refusés : personne ne les a vus, et rien n’en a été gardé.`)}</p>
${denials.total === 0 ? "" : rules(denials.rows)}
${
  denials.byReason.length === 0
    ? ""
    : html`<h3>${both("By reason (one refusal can have several)", "Par motif (un refus peut en avoir plusieurs)")}</h3>${table(
        [both("Reason", "Motif"), both("How many", "Nombre")],
        denials.byReason.map(({ reason, count }) => [
          html`<span class="mono">${foreign(reason)}</span>`,
          number(count),
        ]),
      )}`
}
${shadow.length === 0 ? "" : html`<h3>${both("Counted in the dark", "Comptés sans affichage")}</h3>${rules(shadow)}`}</section>`;
}

function runSection({
  starts,
  stops,
  suspensions,
  health,
  incidents,
  clockChecks,
  recoveries,
}: Totals): Html {
  const runs = [
    ...starts.map((run) => ({ ...run, start: true })),
    ...stops.map((run) => ({ ...run, start: false })),
  ].sort((a, b) => (a.at < b.at ? -1 : 1));
  return html`<section><h2>${both("When it ran", "Quand il a fonctionné")}</h2>
<p>${both(html`${number(starts.length)} starts, ${number(stops.length)} stops, ${number(suspensions.length)} suspensions, ${number(recoveries)} interruptions, ${number(incidents)} incidents, ${number(clockChecks)} corrections of the clock.`, html`${number(starts.length)} démarrages, ${number(stops.length)} arrêts, ${number(suspensions.length)} suspensions, ${number(recoveries)} interruptions, ${number(incidents)} incidents, ${number(clockChecks)} corrections d’horloge.`)}</p>
${
  suspensions.length === 0
    ? ""
    : html`<h3>${both("Suspensions", "Suspensions")}</h3>${table(
        [
          both("Of", "Portée"),
          both("Cause", "Cause"),
          both("From", "Du"),
          both("Until", "Au"),
          both("In the period", "Durée sur la période"),
          both("Why, and by whom", "Motif et auteur"),
        ],
        suspensions.map((hold) => [
          foreign(hold.scope),
          html`<span class="mono">${foreign(hold.cause)}</span>`,
          instant(hold.from),
          hold.until === null ? both("it lasts", "en cours") : instant(hold.until),
          both(FORMATS.en.duration(hold.secondsInPeriod), FORMATS.fr.duration(hold.secondsInPeriod)),
          html`${foreign(hold.reason)} <span class="muted">(${foreign(hold.by)}${hold.releasedBy === null ? "" : html` → ${foreign(hold.releaseReason ?? "")}, ${foreign(hold.releasedBy)}`})</span>`,
        ]),
      )}`
}
${
  runs.length === 0
    ? ""
    : html`<h3>${both("Starts and stops", "Démarrages et arrêts")}</h3>${table(
        [both("When", "Quand"), both("What", "Quoi"), both("Camera", "Caméra"), both("By", "Par")],
        runs.map((run) => [
          instant(run.at),
          run.start
            ? both(LEAF_WORDS.start.en, LEAF_WORDS.start.fr)
            : both(LEAF_WORDS.stop.en, LEAF_WORDS.stop.fr),
          run.cameraId === null ? both("all", "toutes") : foreign(run.cameraId),
          foreign(run.by),
        ]),
      )}`
}
${
  health.length === 0
    ? ""
    : html`<h3>${both("State of the cameras", "État des caméras")}</h3>${table(
        [both("Camera", "Caméra"), both("What", "Quoi"), both("How many", "Nombre")],
        health.map(({ cameraId, kind, count }) => [
          foreign(cameraId),
          html`<span class="mono">${foreign(kind)}</span>`,
          number(count),
        ]),
      )}`
}</section>`;
}

function accessSection({ persons, views, exports }: Totals): Html {
  const list = (entries: readonly Access[]) =>
    table(
      [
        both("When", "Quand"),
        both("By", "Par"),
        both("What", "Quoi"),
        both("Why", "Motif"),
        both("Recipients", "Destinataires"),
      ],
      entries.map(({ at, by, what, reason, recipients }) => [
        instant(at),
        foreign(by),
        html`<span class="mono">${foreign(what)}</span>`,
        foreign(reason),
        recipients.length === 0 ? "–" : foreign(recipients.join(", ")),
      ]),
    );
  return html`<section><h2>${both("Persons with access", "Personnes ayant eu accès")}</h2>
${
  persons.length === 0
    ? html`<p>${both("Nobody looked, disposed or exported.", "Personne n’a consulté, statué ni communiqué.")}</p>`
    : table(
        [
          both("Pseudonym", "Pseudonyme"),
          both("Looked", "Consultations"),
          both("Exported", "Communications"),
          both("Disposed", "Suites données"),
        ],
        persons.map(({ pseudonym, views: looked, exports: out, dispositions }) => [
          foreign(pseudonym),
          number(looked),
          number(out),
          number(dispositions),
        ]),
      )
}
${views.length === 0 ? "" : html`<h3>${both("Evidence that was looked at", "Pièces consultées")}</h3>${list(views)}`}
${exports.length === 0 ? "" : html`<h3>${both("What was handed out", "Ce qui a été communiqué")}</h3>${list(exports)}`}</section>`;
}

function erasureSection({ erasures }: Totals): Html {
  return html`<section><h2>${both("Erasures", "Effacements")}</h2>
<p>${both(html`${number(erasures.evidence)} pieces of evidence, ${number(erasures.payloads)} contents of the journal.`, html`${number(erasures.evidence)} pièces, ${number(erasures.payloads)} contenus du journal.`)}</p>
${
  erasures.byCause.length === 0
    ? ""
    : table(
        [both("Cause", "Cause"), both("How many", "Nombre")],
        erasures.byCause.map(({ cause, count }) => [
          html`<span class="mono">${foreign(cause)}</span>`,
          number(count),
        ]),
      )
}</section>`;
}

function underWhat({ authorisations, models, changes }: Totals): Html {
  return html`<section><h2>${both("Under what it ran", "Sur quel fondement")}</h2>
${
  authorisations.length === 0
    ? html`<p>${both("Under no authorisation.", "Sous aucune autorisation.")}</p>`
    : table(
        [
          both("Authorisation", "Autorisation"),
          both("Profile", "Profil"),
          both("Answers: yes", "Réponses : oui"),
          both("no", "non"),
        ],
        authorisations.map((one) => [
          html`${foreign(one.authorisationId)}<br><span class="mono muted">${one.sha256}</span>`,
          foreign(one.profileId ?? "–"),
          number(one.allowed),
          number(one.denied),
        ]),
      )
}
${
  models.length === 0
    ? ""
    : html`<h3>${both("Models", "Modèles")}</h3>${table(
        [both("Model", "Modèle"), both("Since", "Depuis"), both("SHA-256", "SHA-256")],
        models.map(({ name, sha256, since }) => [
          foreign(name),
          instant(since),
          html`<span class="mono">${sha256}</span>`,
        ]),
      )}`
}
${
  changes.length === 0
    ? ""
    : html`<h3>${both("Changes", "Changements")}</h3>${table(
        [both("When", "Quand"), both("What", "Quoi"), both("Which", "Lequel"), both("By", "Par")],
        changes.map(({ at, type, what, actor }) => [
          instant(at),
          both(LEAF_WORDS[type].en, LEAF_WORDS[type].fr),
          html`<span class="mono">${foreign(what)}</span>`,
          foreign(actor),
        ]),
      )}`
}</section>`;
}

/** A table whose number columns are those that hold numbers in each row. */
function table(columns: readonly Fragment[], rows: readonly (readonly Fragment[])[]): Html {
  return html`<div class="scroll"><table><thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead><tbody>${rows.map(
    ([first, ...rest]) =>
      html`<tr><th scope="row">${first ?? ""}</th>${rest.map((cell) => html`<td>${cell}</td>`)}</tr>`,
  )}</tbody></table></div>`;
}

function fact(en: string, fr: string, value: Fragment): Html {
  return html`<dt>${both(en, fr)}</dt><dd>${value}</dd>`;
}

function eventName(event: string): Html {
  const known = EVENT_TYPES.find((one): one is EventType => one === event);
  return known === undefined
    ? foreign(event)
    : both(ALERT_WORDS.en.events[known], ALERT_WORDS.fr.events[known]);
}

function instant(utc: string): Html {
  return both(FORMATS.en.instant(utc), FORMATS.fr.instant(utc));
}

function number(value: number): Html {
  return both(FORMATS.en.number(value), FORMATS.fr.number(value));
}
