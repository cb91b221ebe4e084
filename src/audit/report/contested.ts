import { foreign, Html, html, plain } from "../../report/html.ts";
import { clockTime, type Language } from "../../report/language.ts";
import type { Still } from "../../report/page.ts";
import { apartFromCalibration, settingIn } from "../contested/setting-words.ts";
import { contestedSummary, type FlaggedByRule } from "../contested/summary.ts";
import type { AuditRecord, ClipFact, ContestedFact } from "../record.ts";
import { drawing } from "./svg.ts";
import { both, counted, each, figure, french, listed, spokenFigure, spokenTime } from "./words.ts";

const MOST_ROWS = 60;
const MOST_PLACES = 400;

type Kind = ContestedFact["kind"];

const TITLES = {
  static_presence: { en: "Staying in one place", fr: "Rester sur place" },
  running: { en: "Running", fr: "Courir" },
  slow_walking: { en: "Walking slowly", fr: "Marcher lentement" },
} as const satisfies Record<Kind, { en: string; fr: string }>;

/** Paths of the backgrounds on which the section draws places. */
export function placePictures(record: AuditRecord): string[] {
  return record.clips.flatMap(({ contested, background }) =>
    background !== null && contested.some(({ episodes }) => episodes.length > 0) ? [background] : [],
  );
}

/** Whom contested rules would have flagged: how many, for how long, and where; never a person's picture. */
export function contestedSection(record: AuditRecord, stills: ReadonlyMap<string, Still>): Html {
  const clips = record.clips.filter(({ contested }) => contested.length > 0).map(inOneScale);
  if (clips.length === 0) return html``;
  const { rules } = contestedSummary(clips);
  const widest = widestOf(rules);
  const uncalibrated = record.clips.filter(({ contested }) =>
    contested.some(({ setting }) => !apartFromCalibration(setting).calibrated),
  ).length;
  return html`<section><h2>${both("Contested rules: whom they would have flagged", "Règles contestées : qui elles auraient désigné")}</h2>
<p class="note warn">${both(
    "This is not a capability. Contrechamp has no alert for staying in one place, running or walking slowly, and none can be switched on. Some products sell such rules; here they were applied to recordings to count whom they would have singled out.",
    "Ce n’est pas une fonction. Contrechamp n’a aucune alerte pour qui reste sur place, court ou marche lentement, et rien ne permet d’en activer une. Certains produits vendent de telles règles ; on les a appliquées ici à des enregistrements pour compter qui elles auraient désigné.",
  )}</p>
${flaggedTable(rules.filter(({ flagged }) => flagged > 0))}
${nobody(rules.filter(({ flagged }) => flagged === 0))}
${clips.map((clip, index) => places(clip, index, widest, stills))}
<p class="small muted">${both(
    "A person who left the view and came back counts again: nobody is recognised. Whether any of them did something wrong is not known and was not asked.",
    "Une personne sortie du champ puis revenue compte deux fois : personne n’est reconnu. On ne sait pas si l’une d’elles faisait quoi que ce soit de mal, et on ne se l’est pas demandé.",
  )}${
    uncalibrated === 0
      ? ""
      : html` ${each((language) =>
          language === "en"
            ? `In ${counted(uncalibrated, "recording", "recordings", "en")} without calibration metres are told by how tall bodies appear, which is rough.`
            : `Dans ${counted(uncalibrated, "enregistrement", "enregistrements", "fr")} sans étalonnage, les mètres sont estimés d’après la taille apparente des corps, donc grossièrement.`,
        )}`
  }</p></section>`;
}

/** The same rule at the same setting is one, whether metres were told by a calibration or by the height of bodies. */
function inOneScale(clip: ClipFact): ClipFact {
  return {
    ...clip,
    contested: clip.contested.map((fact) => ({
      ...fact,
      setting: apartFromCalibration(fact.setting).setting,
    })),
  };
}

/**
 * The setting of each kind that flags most. Settings of a kind lie within each other: who stays for two minutes stays
 * for half a minute too, and is to be counted once.
 */
function widestOf(rules: readonly FlaggedByRule[]): ReadonlyMap<Kind, string> {
  const widest = new Map<Kind, FlaggedByRule>();
  for (const rule of rules) {
    const before = widest.get(rule.kind);
    if (before === undefined || rule.flagged > before.flagged) widest.set(rule.kind, rule);
  }
  return new Map([...widest].map(([kind, { setting }]) => [kind, setting]));
}

/** Rules that would have flagged somebody: how often, in how much video, for how long. */
function flaggedTable(rules: readonly FlaggedByRule[]): Html {
  if (rules.length === 0) return html``;
  const rows = rules.map(
    ({ kind, setting, flagged, hours, perHour, perHourInterval: [low, high], seconds }) =>
      html`<tr><th scope="row">${both(TITLES[kind].en, TITLES[kind].fr)}<br><span class="small muted">${settingSaid(setting)}</span></th><td class="num">${each((language, f) => `${f.number(flagged)} ${language === "en" ? "in" : "en"} ${f.duration(hours * 3600)}`)}</td><td class="num">${each((_, f) => `${figure(perHour, f)} (${figure(low, f)}–${figure(high, f)})`)}</td><td class="num">${seconds === null ? "–" : each((_, f) => f.duration(seconds.p50))}</td><td class="num">${seconds === null ? "–" : each((_, f) => f.duration(seconds.longest))}</td></tr>`,
  );
  return html`<div class="scroll"><table><thead><tr><th scope="col">${both("Somebody who…", "Quelqu’un qui…")}</th><th scope="col" class="num">${both("Times flagged", "Fois désigné")}</th><th scope="col" class="num">${both("An hour (range)", "Par heure (fourchette)")}</th><th scope="col" class="num">${both("Half lasted", "Durée médiane")}</th><th scope="col" class="num">${both("Longest", "La plus longue")}</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function settingSaid(setting: string): Html {
  return both(foreign(setting), foreign(french(settingIn("fr", setting))));
}

/** Rules that would have flagged nobody, in a sentence for each length of video. */
function nobody(rules: readonly FlaggedByRule[]): Html {
  return html`${[...Map.groupBy(rules, ({ hours }) => hours)].map(
    ([hours, of]) =>
      html`<p>${each((language, f) => {
        const time = spokenTime(hours * 3600, language);
        const most = spokenFigure(Math.max(...of.map(({ perHourInterval }) => perHourInterval[1])), f);
        const who = of.map(({ setting }) => plain(settingIn(language, setting)));
        return language === "en"
          ? `In ${time} they would have flagged nobody who ${listed(who, "or")}. Up to ${most} an hour remain possible.`
          : `En ${time}, elles n’auraient désigné personne qui ${listed(who, "ou")}. Jusqu’à ${most} par heure restent possibles.`;
      })}</p>`,
  )}`;
}

/** The empty view with the places, and beside it when. Each kind at its widest setting alone. */
function places(
  clip: ClipFact,
  index: number,
  widest: ReadonlyMap<Kind, string>,
  stills: ReadonlyMap<string, Still>,
): Html {
  const facts = clip.contested.filter(({ kind, setting }) => widest.get(kind) === setting);
  const episodes = facts
    .flatMap((fact) => fact.episodes.map((episode) => ({ fact, episode })))
    .toSorted((a, b) => a.episode.begin - b.episode.begin);
  if (episodes.length === 0) return html``;
  const rows = episodes
    .slice(0, MOST_ROWS)
    .map(
      ({ fact, episode: { begin, end } }) =>
        html`<tr><th scope="row" class="when">${clockTime(begin)} – ${clockTime(end)}</th><td>${both(TITLES[fact.kind].en, TITLES[fact.kind].fr)}</td><td class="num">${each((_, f) => f.duration(end - begin))}</td></tr>`,
    );
  const more = episodes.length - rows.length;
  const times = (language: Language) =>
    language === "en"
      ? `${counted(episodes.length, "time", "times", "en")} somebody would have been flagged in ${spokenTime(clip.seconds, "en")}: `
      : `${counted(episodes.length, "fois", "fois", "fr")} quelqu’un aurait été désigné en ${spokenTime(clip.seconds, "fr")} : `;
  const which = facts.filter((fact) => fact.episodes.length > 0).map(({ setting }) => setting);
  return html`<article class="case"><h3>${foreign(clip.id)}</h3>
<p class="muted small">${each((language) => `${times(language)}${which.map((setting) => plain(settingIn(language, setting))).join(", ")}.`)}</p>
<div class="beside"><div>${drawn(
    clip,
    index,
    episodes.map(({ episode }) => episode.box),
    stills,
  )}</div>
<div class="scroll"><table class="long"><thead><tr><th scope="col">${both("In the video", "Dans la vidéo")}</th><th scope="col">${both("Rule", "Règle")}</th><th scope="col" class="num">${both("Length", "Durée")}</th></tr></thead><tbody>${rows}</tbody></table></div></div>${
    more <= 0
      ? ""
      : html`<p class="small muted">${each((language, f) => (language === "en" ? `And ${f.number(more)} more in the record.` : `Et ${f.number(more)} de plus dans le relevé.`))}</p>`
  }</article>`;
}

function drawn(
  { id, picture, background }: ClipFact,
  index: number,
  boxes: readonly ContestedFact["episodes"][number]["box"][],
  stills: ReadonlyMap<string, Still>,
): Html {
  if (picture === null || picture.width === 0 || picture.height === 0) return html``;
  const { width, height } = picture;
  const still = background === null ? undefined : stills.get(background);
  const stroke = Math.max(1, width / 400);
  const inside = html`<rect class="ground" width="${width}" height="${height}"/>${
    still?.kind === "inline"
      ? html`<image width="${width}" height="${height}" href="data:image/png;base64,${Html.trusted(still.base64)}"/>`
      : ""
  }${boxes
    .slice(0, MOST_PLACES)
    .map(({ x, y, width, height }) =>
      ["halo", "place"].map(
        (kind) =>
          html`<rect class="${kind}" x="${x}" y="${y}" width="${width}" height="${height}" stroke-width="${kind === "halo" ? 3 * stroke : stroke}"/>`,
      ),
    )}`;
  return html`${drawing({
    id: `places-${index}`,
    className: "plot ground-plan",
    box: [0, 0, width, height],
    name: (language) =>
      language === "en" ? `Places in the view of ${plain(id)}` : `Endroits dans le champ de ${plain(id)}`,
    inside,
  })}
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
