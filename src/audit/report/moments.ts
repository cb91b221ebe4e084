import { foreign, Html, html } from "../../report/html.ts";
import { clockTime } from "../../report/language.ts";
import type { Still } from "../../report/page.ts";
import type { AuditRecord, ClipFact } from "../record.ts";
import { clipTimeline, drawnRules, instantOf, type NumberedError, TIMELINE_KEY } from "./clip-timeline.ts";
import { conditionWords } from "./condition-words.ts";
import { both, counted, each, eventNoun, eventTitle, spokenTime } from "./words.ts";

/** Pictures in one report: more would not be looked at, and the file would no longer open on a phone. */
const MOST_PICTURES = 36;
/** Of one kind in one rule of one clip: what a rule does wrong it mostly does in the same way. */
const MOST_ALIKE = 6;
/** Rows of the table of those without a picture, and instants in one of them. */
const MOST_ROWS = 200;
const MOST_TIMES = 40;
/** Timelines in one report, those of clips with something wrong first. */
const MOST_TIMELINES = 40;
const MOST_FLAWLESS = 6;

/** Lanes that half of the page's width has room for. */
const FEW_LANES = 2;

interface ClipErrors {
  readonly clip: ClipFact;
  readonly errors: readonly NumberedError[];
  /** So little to show that two clips stand side by side. */
  readonly narrow: boolean;
}

/**
 * Every missed event and every false alarm, numbered through the report: clip by clip, in order of time. Clips with
 * little to show come last, so that they fill the rows two by two.
 */
function numberedErrors(record: AuditRecord): ClipErrors[] {
  let number = 0;
  const clips = record.clips.map((clip) => ({ clip, narrow: isNarrow(clip) }));
  return clips
    .toSorted((a, b) => Number(a.narrow) - Number(b.narrow))
    .map(({ clip, narrow }) => {
      const found = clip.rules.flatMap((rule) => [
        ...rule.references.flatMap((reference, index) =>
          reference.alert === null ? [{ kind: "miss" as const, index, rule, number: 0 }] : [],
        ),
        ...rule.alerts.flatMap((alert, index) =>
          alert.outcome === "false_alarm" ? [{ kind: "false_alarm" as const, index, rule, number: 0 }] : [],
        ),
      ]);
      const errors = found
        .toSorted((a, b) => instantOf(a) - instantOf(b))
        .map((error) => {
          number += 1;
          return { ...error, number };
        });
      return { clip, errors, narrow };
    });
}

function isNarrow(clip: ClipFact): boolean {
  const lanes = drawnRules(clip);
  const marks = lanes.flatMap(({ references, alerts }) => [...references, ...alerts]);
  const wrong = lanes.flatMap(({ references, alerts }) => [
    ...references.filter(({ alert }) => alert === null),
    ...alerts.filter(({ outcome }) => outcome === "false_alarm"),
  ]);
  return lanes.length <= FEW_LANES && wrong.length <= 1 && marks.length <= MOST_ALIKE;
}

interface Unpictured {
  readonly clip: ClipFact;
  readonly error: NumberedError;
}

/** Paths of the pictures that the section shows. */
export function momentPictures(record: AuditRecord): string[] {
  return [...chosen(record, numberedErrors(record))].flatMap((error) => pathOf(error) ?? []);
}

/** What went wrong: each miss and each false alarm beside the timeline of its clip. */
export function momentsSection(record: AuditRecord, stills: ReadonlyMap<string, Still>): Html {
  const clips = numberedErrors(record);
  const total = clips.reduce((sum, { errors }) => sum + errors.length, 0);
  if (total === 0) {
    const anything = record.clips.some(({ rules }) => rules.some((rule) => rule.references.length > 0));
    return html`<section><h2>${both("Where it was wrong", "Là où il s’est trompé")}</h2>
<p>${
      anything
        ? both(
            "Nowhere in these recordings: every event was found, and nothing else was raised.",
            "Nulle part dans ces enregistrements : chaque événement a été trouvé, et rien d’autre n’a été signalé.",
          )
        : both(
            "Nothing happened in these recordings that it was to find, and it raised nothing.",
            "Il ne s’est rien passé dans ces enregistrements qu’il devait trouver, et il n’a rien signalé.",
          )
    }</p>${someTimelines(clips)}</section>`;
  }
  const shown = chosen(record, clips);
  const rest = clips.flatMap(({ clip, errors }) =>
    errors.filter((error) => !shown.has(error)).map((error) => ({ clip, error })),
  );
  const parts = clips
    .filter(({ errors }) => errors.length > 0)
    .slice(0, MOST_TIMELINES)
    .map((one, index) => clipCase(one, index, shown, stills));
  const flawless = clips.filter(({ errors }) => errors.length === 0);
  return html`<section><h2>${both("Where it was wrong", "Là où il s’est trompé")}</h2>
<p>${
    shown.size === 0 && record.system.kind === "log"
      ? both(
          "A log has no pictures: each missed event and each false alarm is on the timeline of its recording, and in the list below them.",
          "Un journal d’alertes n’a pas d’images : chaque événement manqué et chaque fausse alerte figure sur la ligne du temps de son enregistrement, et dans la liste qui suit.",
        )
      : both(
          "Each event that it missed and each false alarm has a number, the same in the timeline and beside the picture. Pictures show the empty place and flat shapes: nobody can be recognised, also where the system saw nobody.",
          "Chaque événement manqué et chaque fausse alerte porte un numéro, le même sur la ligne du temps et à côté de l’image. Les images montrent le lieu vide et des formes planes : personne n’y est reconnaissable, même là où le système n’a vu personne.",
        )
  }</p>
${TIMELINE_KEY}<div class="cases">${parts}</div>${restTable(rest, shown.size > 0)}
${
  flawless.length === 0
    ? ""
    : html`<p class="note">${each((language) =>
        language === "en"
          ? `In ${counted(flawless.length, "further recording", "further recordings", "en")} it missed nothing and raised no false alarm.`
          : `Dans ${counted(flawless.length, "autre enregistrement", "autres enregistrements", "fr")}, il n’a rien manqué et n’a levé aucune fausse alerte.`,
      )}</p>`
}</section>`;
}

/** A clip's timeline, and its pictures below it. */
function clipCase(
  { clip, errors, narrow }: ClipErrors,
  index: number,
  shown: ReadonlySet<NumberedError>,
  stills: ReadonlyMap<string, Still>,
): Html {
  const pictured = errors.filter((error) => shown.has(error));
  return html`<article class="case${narrow ? " narrow" : ""}"><h3>${foreign(clip.id)}</h3>${about(clip, errors)}${clipTimeline(clip, index, pictured, narrow ? "narrow" : "wide")}${
    pictured.length === 0
      ? ""
      : html`<div class="moments">${pictured.map((error) => card(error, stills))}</div>`
  }</article>`;
}

/** Timelines of clips in which nothing went wrong, where that is all there is to show. */
function someTimelines(clips: readonly ClipErrors[]): Html {
  const drawn = clips.filter(({ clip }) =>
    clip.rules.some(({ references, alerts }) => references.length + alerts.length > 0),
  );
  if (drawn.length === 0) return html``;
  const parts = drawn.slice(0, MOST_FLAWLESS).map((one, index) => clipCase(one, index, new Set(), new Map()));
  return html`${TIMELINE_KEY}<div class="cases">${parts}</div>`;
}

/** The errors that get a picture: the first of each kind in each rule and clip, and never too many. */
function chosen(record: AuditRecord, clips: readonly ClipErrors[]): ReadonlySet<NumberedError> {
  const groups = clips.flatMap(({ errors }) => [
    ...Map.groupBy(errors, (error) => `${error.kind}\n${error.rule.rule}\n${error.rule.event}`).values(),
  ]);
  const shown = new Set<NumberedError>();
  // One of each group, then a second of each: a report that is full still has something of every clip.
  for (let round = 0; round < MOST_ALIKE; round++) {
    for (const group of groups) {
      const error = group[round];
      if (error === undefined || shown.size >= MOST_PICTURES) continue;
      // Of an engine's, a missing picture is worth saying; a log has none, and saying so once is enough.
      if (record.system.kind === "engine" || pathOf(error) !== null) shown.add(error);
    }
  }
  const withTimeline = clips.filter(({ errors }) => errors.length > 0).slice(0, MOST_TIMELINES);
  const drawn = new Set(withTimeline.flatMap(({ errors }) => errors));
  return new Set([...shown].filter((error) => drawn.has(error)));
}

function about(clip: ClipFact, errors: readonly NumberedError[]): Html {
  const misses = errors.filter(({ kind }) => kind === "miss").length;
  const alarms = errors.length - misses;
  const conditions = Object.entries(clip.conditions).map(
    ([key, value]) => html` · ${conditionWords(key, value)}`,
  );
  const drawn = new Set(drawnRules(clip));
  const quiet = clip.rules.filter((rule) => !drawn.has(rule)).map(({ rule }) => rule);
  return html`<p class="muted small">${each((language) => {
    const parts = [
      spokenTime(clip.seconds, language),
      ...(misses > 0
        ? [language === "en" ? `${misses} missed` : counted(misses, "manqué", "manqués", "fr")]
        : []),
      ...(alarms > 0
        ? [
            language === "en"
              ? counted(alarms, "false alarm", "false alarms", "en")
              : counted(alarms, "fausse alerte", "fausses alertes", "fr"),
          ]
        : []),
    ];
    return parts.join(" · ");
  })}${conditions}${
    quiet.length === 0
      ? ""
      : html`<br>${both("Not drawn, for nothing happened and nothing was raised: ", "Non dessiné, rien n’étant arrivé ni signalé : ")}${quiet.map((rule, index) => html`${index === 0 ? "" : ", "}${foreign(rule)}`)}`
  }</p>${
    clip.fault === null
      ? ""
      : html`<p class="note warn">${both(
          "This recording could not be analysed to its end; what happened after that counts as missed.",
          "Cet enregistrement n’a pas pu être analysé jusqu’au bout ; ce qui s’y passe ensuite compte comme manqué.",
        )} <span class="mono">${clip.fault.code}</span> ${foreign(clip.fault.message)}</p>`
  }`;
}

function card(error: NumberedError, stills: ReadonlyMap<string, Still>): Html {
  const id = `moment-${error.number}`;
  return html`<figure class="moment">${picture(pathOf(error), stills, id)}<figcaption><p id="${id}"><span class="order">${error.number}</span> <b>${kindWords(error)}</b></p>
<p class="small">${whenWords(error)}</p>${whyWords(error)}</figcaption></figure>`;
}

function pathOf({ rule, kind, index }: NumberedError): string | null {
  return (kind === "miss" ? rule.references[index] : rule.alerts[index])?.still ?? null;
}

function kindWords({ kind, rule }: NumberedError): Html {
  return each((language) => {
    const { one } = eventNoun(rule.event, language);
    if (kind === "miss") return language === "en" ? `Missed: ${one}` : `Manqué : ${one}`;
    return language === "en" ? `False alarm: ${one}` : `Fausse alerte : ${one}`;
  });
}

function whenWords({ kind, rule, index }: NumberedError): Html {
  const reference = rule.references[index];
  const alert = rule.alerts[index];
  if (kind === "miss" && reference !== undefined) {
    return html`${clockTime(reference.begin)} – ${clockTime(reference.end)} <span class="muted">· ${foreign(rule.rule)}</span>`;
  }
  if (alert === undefined) return html``;
  const sure = alert.confidence;
  return html`${clockTime(alert.at)} <span class="muted">· ${foreign(rule.rule)}${
    sure === null
      ? ""
      : html` · ${each((language, f) => (language === "en" ? `confidence ${f.number(sure, 2)}` : `confiance ${f.number(sure, 2)}`))}`
  }${alert.origin === null ? "" : html` · ${foreign(alert.origin.file)}:${alert.origin.line}`}</span>`;
}

/** Why an event could not be found at all, where that is so. */
function whyWords({ kind, rule }: NumberedError): Html {
  if (kind !== "miss" || rule.watched) return html``;
  return html`<p class="small">${both("It was not looked for.", "On ne le cherchait pas.")}</p>`;
}

/** The picture, or why there is none. */
function picture(path: string | null, stills: ReadonlyMap<string, Still>, caption: string): Html {
  const still = path === null ? null : stills.get(path);
  if (still?.kind === "inline")
    return html`<img aria-labelledby="${caption}" src="data:image/png;base64,${Html.trusted(still.base64)}">`;
  if (path === null) {
    return html`<p class="missing">${both("No picture was kept of this moment.", "Aucune image n’a été gardée de ce moment.")}</p>`;
  }
  return html`<p class="missing">${
    still?.kind === "left_out"
      ? both(
          "Left out, to keep this file small. The picture is beside the record:",
          "Laissée de côté pour que ce fichier reste léger. L’image est à côté du relevé :",
        )
      : both(
          "The picture could not be read when this report was written:",
          "L’image n’a pas pu être lue quand ce rapport a été écrit :",
        )
  } <span class="mono">${path}</span></p>`;
}

/** Those without a picture: one row for each kind in each rule and recording, with the instants. */
function restTable(rest: readonly Unpictured[], pictured: boolean): Html {
  if (rest.length === 0) return html``;
  const groups = [
    ...Map.groupBy(rest, ({ clip, error: { kind, rule } }) =>
      JSON.stringify([clip.id, kind, rule.rule, rule.event]),
    ).values(),
  ];
  const rows = groups.slice(0, MOST_ROWS).map((group) => {
    const [first] = group;
    if (first === undefined) return html``;
    const { kind, rule } = first.error;
    const times = group.slice(0, MOST_TIMES).map(({ error }) => clockTime(instantOf(error)));
    const more = group.length - times.length;
    return html`<tr><th scope="row">${foreign(first.clip.id)}</th><td>${eventTitle(rule.event)}</td><td>${kind === "miss" ? both("missed", "manqué") : both("false alarm", "fausse alerte")}</td><td class="num">${each((_, f) => f.number(group.length))}</td><td class="small">${times.join("  ")}${
      more === 0
        ? ""
        : html` ${each((language, f) => (language === "en" ? `and ${f.number(more)} more` : `et ${f.number(more)} de plus`))}`
    }</td></tr>`;
  });
  const more = groups.length - rows.length;
  return html`<h3>${each((language, f) =>
    language === "en"
      ? pictured
        ? `And ${f.number(rest.length)} more, without a picture here`
        : "All of them"
      : pictured
        ? `Et ${f.number(rest.length)} de plus, sans image ici`
        : "La liste complète",
  )}</h3>
<div class="scroll"><table class="long"><thead><tr><th scope="col">${both("Recording", "Enregistrement")}</th><th scope="col">${both("Event", "Événement")}</th><th scope="col">${both("What", "Quoi")}</th><th scope="col" class="num">${both("How many", "Nombre")}</th><th scope="col">${both("In the video at", "Dans la vidéo à")}</th></tr></thead><tbody>${rows}</tbody></table></div>${
    more <= 0
      ? ""
      : html`<p class="small muted">${each((language, f) =>
          language === "en"
            ? `${f.number(more)} more rows are not shown; the record has every one.`
            : `${f.number(more)} autres lignes ne sont pas montrées ; le relevé les contient toutes.`,
        )}</p>`
  }`;
}
