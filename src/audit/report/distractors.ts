import { foreign, type Html, html } from "../../report/html.ts";
import type { AuditRecord } from "../record.ts";
import type { EventScores } from "../scores.ts";
import { type DistractorKind, distractorKinds } from "../scoring/distractor-kinds.ts";
import { each, ofHundred } from "./words.ts";

const MOST_KINDS = 8;

/** What looked like an event and was none: how much of it raised an alert, and of which kinds. Empty without any. */
export function distractorWords(record: AuditRecord, event: string, scores: EventScores): Html {
  const { distractors = 0, alertsOnDistractors = 0, distractorInterval } = scores;
  if (distractors === 0 || distractorInterval === undefined) return html``;
  const misled = distractorKinds(record.clips, event).filter(({ alerts }) => alerts > 0);
  return html`<p class="muted">${each((language, f) => {
    const [low, high] = distractorInterval.map((end) => ofHundred(end, f));
    const [all, raised] = [f.number(distractors), f.number(alertsOnDistractors)];
    if (language === "en") {
      const said = alertsOnDistractors === 0 ? "none" : raised;
      return `Of ${all} things that look like it and are not, ${said} raised an alert; of 100 more, ${low} to ${high} would.`;
    }
    const said =
      alertsOnDistractors === 0
        ? "aucune n’a levé d’alerte"
        : `${raised} ${alertsOnDistractors > 1 ? "ont" : "a"} levé une alerte`;
    return `Sur ${all} choses qui y ressemblent sans en être, ${said} ; sur 100 autres, de ${low} à ${high} en lèveraient.`;
  })}${misled.length === 0 ? "" : html` ${kindList(misled.slice(0, MOST_KINDS))}`}</p>`;
}

/** Kinds are called what whoever wrote the reference called them. */
function kindList(kinds: readonly DistractorKind[]): Html {
  return html`(${kinds.map(({ what, alerts, distractors }, index) => html`${index === 0 ? "" : ", "}${foreign(what)} ${alerts}/${distractors}`)})`;
}
