import { type Html, html } from "../../report/html.ts";
import type { AuditRecord } from "../record.ts";
import type { Assessment } from "../scoring/assessment.ts";
import { both, each, spokenTime } from "./words.ts";

/** How it was measured and what the measurement cannot say, in plain words. */
export function methodSection(record: AuditRecord, assessment: Assessment): Html {
  return html`<section><h2>${both("How it was measured", "Comment on a mesuré")}</h2>
<ol class="steps">${steps(record).map(([en, fr]) => html`<li>${both(en, fr)}</li>`)}</ol></section>
<section><h2>${both("What this does not say", "Ce que cela ne dit pas")}</h2>
<ul class="limits">${limits(record, assessment).map((item) => html`<li>${item}</li>`)}</ul></section>`;
}

function steps({ system, settings }: AuditRecord): [en: string, fr: string][] {
  return [
    [
      "Somebody watched each recording beforehand (or drew it) and wrote down what happens in it, when, and where. That is the reference. The system does not see it.",
      "Quelqu’un a d’abord regardé (ou dessiné) chaque enregistrement et noté ce qui s’y passe, quand et où. C’est la référence. Le système ne la voit pas.",
    ],
    system.kind === "engine"
      ? [
          "The system ran on the recordings as it would on a camera: the same program, the same settings, in presentation time.",
          "Le système a tourné sur les enregistrements comme sur une caméra : même programme, mêmes réglages, au temps de la vidéo.",
        ]
      : [
          "The system itself was not run. Its alert log, as its maker or operator exported it, was laid beside the reference.",
          "Le système lui-même n’a pas tourné. On a rapproché de la référence son journal d’alertes, tel que son fabricant ou son exploitant l’a exporté.",
        ],
    settings.alignment === "instant"
      ? [
          "An alert finds an event if it is raised while the event lasts, or as much earlier or later as the reference allows, and in the same place where both say where. One alert finds one event, the earliest first. A second alert of an event that was found is a repetition, neither right nor false. Every other alert is a false alarm; every event that no alert found is missed.",
          "Une alerte trouve un événement si elle est levée pendant qu’il dure, ou un peu avant ou après dans la limite que la référence admet, et au même endroit quand les deux le disent. Une alerte trouve un événement, le plus ancien d’abord. Une seconde alerte sur un événement déjà trouvé est une répétition, ni juste ni fausse. Toute autre alerte est une fausse alerte ; tout événement qu’aucune alerte n’a trouvé est manqué.",
        ]
      : [
          "An alert finds an event if both overlap for at least one second (of a shorter event, for half of it), as the American institute NIST matches them. One alert finds one event. Every other alert is a false alarm or a repetition; every event that no alert found is missed.",
          "Une alerte trouve un événement si les deux se recouvrent pendant au moins une seconde (pour un événement plus court, sur la moitié de sa durée), selon la méthode de l’institut américain NIST. Une alerte trouve un événement. Toute autre alerte est une fausse alerte ou une répétition ; tout événement qu’aucune alerte n’a trouvé est manqué.",
        ],
    [
      "A range at 95 % is made so that, of 100 such measurements, about 95 give a range that holds the truth. It shrinks as more is seen. It accounts for chance alone, not for recordings that are unlike your street.",
      "Une fourchette à 95 % est faite pour que, sur 100 mesures de ce genre, environ 95 donnent une fourchette qui contient la vérité. Elle se resserre à mesure que l’on voit davantage. Elle tient compte du hasard seul, pas d’enregistrements qui ne ressemblent pas à votre rue.",
    ],
    [
      "No false alarm does not mean never. A system that raises 3.7 an hour on average shows none in one hour out of forty: by luck. So after an hour without any, up to 3.7 an hour remain possible; after a day without any, up to 3.7 a day.",
      "Aucune fausse alerte ne veut pas dire jamais. Un système qui en lève 3,7 par heure en moyenne n’en montre aucune une heure sur quarante : par chance. Après une heure sans fausse alerte, on ne peut donc pas exclure qu’il en lève jusqu’à 3,7 par heure ; après un jour, jusqu’à 3,7 par jour.",
    ],
  ];
}

function limits({ system }: AuditRecord, { cameras, exposureHours, suspendedHours }: Assessment): Html[] {
  const seconds = exposureHours * 3600;
  const suspended = suspendedHours * 3600;
  return [
    each((language, f) =>
      language === "en"
        ? `The recordings are ${spokenTime(seconds, "en")} of ${f.number(cameras)} ${cameras === 1 ? "camera" : "cameras"}, chosen by whoever put them together, mostly because something happens in them. They are no sample of a city, of its weather, of its nights, of its people.`
        : `Les enregistrements sont ${spokenTime(seconds, "fr")} de ${f.number(cameras)} ${cameras < 2 ? "caméra" : "caméras"}, choisis par qui les a réunis, le plus souvent parce qu’il s’y passe quelque chose. Ils ne représentent ni une ville, ni son climat, ni ses nuits, ni ses habitants.`,
    ),
    both(
      "Events of one camera resemble each other. Where many events come from few cameras, the ranges above are narrower than they should be.",
      "Les événements d’une même caméra se ressemblent. Quand beaucoup d’événements viennent de peu de caméras, les fourchettes ci-dessus sont plus étroites qu’elles ne devraient l’être.",
    ),
    both(
      "A reference is made by people. Where an event begins is a matter of judgement, and something may have been overlooked.",
      "Une référence est faite par des personnes. Le moment où un événement commence est affaire de jugement, et quelque chose a pu leur échapper.",
    ),
    both(
      "It says how often the system is wrong, not whether it should be used, nor what people do with its alerts.",
      "Cela dit combien de fois le système se trompe, non s’il faut l’employer, ni ce que l’on fait de ses alertes.",
    ),
    ...(system.kind === "log"
      ? [
          both(
            "A log can be trimmed before it is handed over. Nothing here shows that it holds every alert that was raised.",
            "Un journal peut être épuré avant d’être remis. Rien ici ne montre qu’il contient toutes les alertes levées.",
          ),
        ]
      : []),
    ...(suspended > 0
      ? [
          each((language) =>
            language === "en"
              ? `For ${spokenTime(suspended, "en")} the system had suspended itself, because the view had moved or nothing could be seen. That time counts as exposure, and what happened in it as missed.`
              : `Pendant ${spokenTime(suspended, "fr")}, le système s’était suspendu, parce que la vue avait bougé ou que l’on n’y voyait rien. Ce temps est compté dans la durée surveillée, et ce qui s’y est passé comme manqué.`,
          ),
        ]
      : []),
  ];
}
