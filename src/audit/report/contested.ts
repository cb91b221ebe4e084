import { foreign, Html, html } from "../../report/html.ts";
import { clockTime } from "../../report/language.ts";
import type { Still } from "../../report/page.ts";
import { garwood } from "../intervals/rate.ts";
import type { AuditRecord, ClipFact, ContestedFact } from "../record.ts";
import { both, counted, each, figure, spokenTime } from "./words.ts";

const MOST_ROWS = 60;
const MOST_PLACES = 400;

const TITLES = {
  static_presence: { en: "Staying in one place", fr: "Rester sur place" },
  running: { en: "Running", fr: "Courir" },
  slow_walking: { en: "Walking slowly", fr: "Marcher lentement" },
} as const satisfies Record<ContestedFact["kind"], { en: string; fr: string }>;

/** Paths of the backgrounds on which the section draws places. */
export function placePictures(record: AuditRecord): string[] {
  return record.clips.flatMap(({ contested, background }) =>
    background !== null && contested.some(({ episodes }) => episodes.length > 0) ? [background] : [],
  );
}

/** Whom contested rules would have flagged: how many, for how long, and where; never a person's picture. */
export function contestedSection(record: AuditRecord, stills: ReadonlyMap<string, Still>): Html {
  const clips = record.clips.filter(({ contested }) => contested.length > 0);
  if (clips.length === 0) return html``;
  return html`<section><h2>${both("Contested rules: whom they would have flagged", "Règles contestées : qui elles auraient désigné")}</h2>
<p class="note warn">${both(
    "This is not a capability. Contrechamp has no alert for staying in one place, running or walking slowly, and none can be switched on. Some products sell such rules; here they were applied to recordings to count whom they would have singled out.",
    "Ce n’est pas une fonction. Contrechamp n’a aucune alerte pour qui reste sur place, court ou marche lentement, et rien ne permet d’en activer une. Certains produits vendent de telles règles ; on les a appliquées ici à des enregistrements pour compter qui elles auraient désigné.",
  )}</p>
${totals(clips)}
${clips.filter(({ contested }) => contested.some(({ episodes }) => episodes.length > 0)).map((clip) => places(clip, stills))}
<p class="small muted">${both(
    "A person who left the view and came back counts again: nobody is recognised. Whether any of them did something wrong is not known and was not asked.",
    "Une personne sortie du champ puis revenue compte deux fois : personne n’est reconnu. On ne sait pas si l’une d’elles faisait quoi que ce soit de mal, et on ne se l’est pas demandé.",
  )}</p></section>`;
}

/** Each rule as it was set: how often it would have flagged somebody, in how much video, for how long. */
function totals(clips: readonly ClipFact[]): Html {
  const groups = Map.groupBy(
    clips.flatMap((clip) => clip.contested.map((fact) => ({ clip, fact }))),
    ({ fact }) => `${fact.kind}\n${fact.setting}`,
  );
  const rows = [...groups.values()].map((group) => {
    const [first] = group;
    if (first === undefined) return html``;
    const { kind, setting } = first.fact;
    const lengths = group.flatMap(({ fact }) => fact.episodes.map(({ begin, end }) => end - begin));
    const seconds = group.reduce((sum, { clip }) => sum + clip.seconds, 0);
    const hours = seconds / 3600;
    const range = hours > 0 ? garwood(lengths.length, hours) : null;
    const middle = lengths.toSorted((a, b) => a - b)[Math.floor((lengths.length - 1) / 2)];
    return html`<tr><th scope="row">${both(TITLES[kind].en, TITLES[kind].fr)}<br><span class="small muted">${foreign(setting)}</span></th><td class="num">${each((_, f) => f.number(lengths.length))}</td><td class="num">${each((_, f) => f.duration(seconds))}</td><td class="num">${range === null ? "–" : each((_, f) => `${figure(lengths.length / hours, f)} (${figure(range[0], f)}–${figure(range[1], f)})`)}</td><td class="num">${middle === undefined ? "–" : each((_, f) => f.duration(middle))}</td></tr>`;
  });
  return html`<div class="scroll"><table><thead><tr><th scope="col">${both("Rule, as it was set", "Règle, telle que réglée")}</th><th scope="col" class="num">${both("Would have flagged", "Aurait désigné")}</th><th scope="col" class="num">${both("In video of", "En vidéo")}</th><th scope="col" class="num">${both("An hour", "Par heure")}</th><th scope="col" class="num">${both("Median length", "Durée médiane")}</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

/** The empty view with the places, and when. */
function places(clip: ClipFact, stills: ReadonlyMap<string, Still>): Html {
  const episodes = clip.contested.flatMap((fact) => fact.episodes.map((episode) => ({ fact, episode })));
  const rows = episodes
    .slice(0, MOST_ROWS)
    .map(
      ({ fact, episode: { begin, end } }) =>
        html`<tr><td class="when">${clockTime(begin)} – ${clockTime(end)}</td><td>${both(TITLES[fact.kind].en, TITLES[fact.kind].fr)}</td><td class="num">${each((_, f) => f.duration(end - begin))}</td></tr>`,
    );
  const more = episodes.length - rows.length;
  return html`<article class="case"><h3>${foreign(clip.id)}</h3>
<p class="muted small">${each((language) =>
    language === "en"
      ? `${counted(episodes.length, "time", "times", "en")} somebody would have been flagged in ${spokenTime(clip.seconds, "en")}`
      : `${counted(episodes.length, "fois", "fois", "fr")}, quelqu’un aurait été désigné en ${spokenTime(clip.seconds, "fr")}`,
  )}</p>
${drawing(clip, stills)}
<div class="scroll"><table class="long"><thead><tr><th scope="col">${both("In the video", "Dans la vidéo")}</th><th scope="col">${both("Rule", "Règle")}</th><th scope="col" class="num">${both("Length", "Durée")}</th></tr></thead><tbody>${rows}</tbody></table></div>${
    more <= 0
      ? ""
      : html`<p class="small muted">${each((language, f) => (language === "en" ? `And ${f.number(more)} more in the record.` : `Et ${f.number(more)} de plus dans le relevé.`))}</p>`
  }</article>`;
}

function drawing({ picture, background, contested }: ClipFact, stills: ReadonlyMap<string, Still>): Html {
  if (picture === null || picture.width === 0 || picture.height === 0) return html``;
  const { width, height } = picture;
  const still = background === null ? undefined : stills.get(background);
  const boxes = contested.flatMap(({ episodes }) => episodes.map(({ box }) => box)).slice(0, MOST_PLACES);
  const stroke = Math.max(1, width / 400);
  return html`<svg class="plot ground-plan" viewBox="0 0 ${width} ${height}" aria-hidden="true"><rect class="ground" width="${width}" height="${height}"/>${
    still?.kind === "inline"
      ? html`<image width="${width}" height="${height}" href="data:image/png;base64,${Html.trusted(still.base64)}"/>`
      : ""
  }${boxes.map(({ x, y, width, height }) =>
    ["halo", "place"].map(
      (kind) =>
        html`<rect class="${kind}" x="${x}" y="${y}" width="${width}" height="${height}" stroke-width="${kind === "halo" ? 3 * stroke : stroke}"/>`,
    ),
  )}</svg>
<p class="small muted">${
    still?.kind === "inline"
      ? both(
          "The empty place, learnt by the system, and where it would have flagged somebody. Grey is not known, and not shown.",
          "Le lieu vide, tel que le système l’a appris, et les endroits où il aurait désigné quelqu’un. Le gris n’est pas connu, et n’est pas montré.",
        )
      : both(
          "Where in the picture it would have flagged somebody. No picture of the empty place was kept.",
          "Les endroits de l’image où il aurait désigné quelqu’un. Aucune image du lieu vide n’a été gardée.",
        )
  }</p>`;
}
