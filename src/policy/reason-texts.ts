import type { LanguageMap } from "./fields.ts";
import type { ReasonCode } from "./reasons.ts";

/** A reason as it is told to a person. */
export interface ReasonText {
  /** Why the answer is what it is: one sentence. */
  readonly why: LanguageMap;
  /** What would change it, or that nothing does. */
  readonly remedy: LanguageMap;
}

const text = (fr: string, en: string): LanguageMap => ({ fr, en });

const BY_A_PERSON = text(
  "Une personne doit lever l'arrêt et en dire le motif : contrechamp resume.",
  "A person must lift the hold and say why: contrechamp resume.",
);
const ONLY_THE_LAW = text(
  "Aucun réglage n'y change rien : c'est la loi qui devrait changer.",
  "No setting changes this: the law would have to change.",
);
const NEW_DECISION = text(
  "Il faut une nouvelle décision de l'autorité, avec ses propres motifs.",
  "It takes a new decision of the authority, with grounds of its own.",
);

/** Every reason in both languages, complete by its type. */
export const REASON_TEXTS: Readonly<Record<ReasonCode, ReasonText>> = {
  question_unreadable: {
    why: text(
      "La question posée n'a pas de sens : l'instant, l'usage, les images ou le lieu manquent.",
      "The question makes no sense: its instant, use, footage or place is missing.",
    ),
    remedy: text(
      "Vérifier la configuration et l'horloge ; si elles sont justes, c'est un défaut du programme, à signaler.",
      "Check the configuration and the clock; if they are right, it is a fault of the program: please report it.",
    ),
  },
  unknown_event: {
    why: text(
      "Cet événement n'est pas l'un des huit que la liste légale nomme.",
      "This event is none of the eight that the legal list names.",
    ),
    remedy: ONLY_THE_LAW,
  },
  documents_unreadable: {
    why: text(
      "Un document ne peut pas être lu ; dans le doute, rien ne fonctionne.",
      "A document cannot be read; in doubt, nothing runs.",
    ),
    remedy: text(
      "Corriger ou retirer le fichier nommé : contrechamp authorise check dit où est la faute.",
      "Mend or remove the file that is named: contrechamp authorise check says where the fault is.",
    ),
  },
  stopped: {
    why: text("Quelqu'un a actionné l'arrêt.", "Somebody has used the stop switch."),
    remedy: BY_A_PERSON,
  },
  clock_set_back: {
    why: text(
      "L'horloge a reculé : le journal connaît déjà un instant plus récent.",
      "The clock was set back: the journal already knows a later instant.",
    ),
    remedy: text(
      "Remettre l'horloge à l'heure ; si un arrêt est inscrit, une personne doit le lever et en dire le motif.",
      "Set the clock right; where a hold was recorded, a person must lift it and say why.",
    ),
  },
  view_moved: {
    why: text(
      "La caméra a bougé : elle ne voit plus ce qui a été autorisé.",
      "The camera has moved: it no longer sees what was authorised.",
    ),
    remedy: text(
      "Remettre la caméra en place, puis une personne lève l'arrêt et en dit le motif.",
      "Put the camera back in its place; then a person lifts the hold and says why.",
    ),
  },
  model_changed: {
    why: text("Le modèle a été changé.", "The model was changed."),
    remedy: BY_A_PERSON,
  },
  configuration_changed: {
    why: text("La configuration a été changée.", "The configuration was changed."),
    remedy: BY_A_PERSON,
  },
  condition_lapse_held: {
    why: text(
      "Une condition de l'autorisation a cessé d'être attestée, et le traitement a été arrêté.",
      "A condition of the authorisation ceased to be attested, and the processing was stopped.",
    ),
    remedy: text(
      "Attester de nouveau la condition (contrechamp authorise attest), puis une personne lève l'arrêt et en dit le motif.",
      "Attest the condition anew (contrechamp authorise attest); then a person lifts the hold and says why.",
    ),
  },
  incident_held: {
    why: text(
      "Un incident a été constaté, et le traitement a été arrêté.",
      "An incident was found, and the processing was stopped.",
    ),
    remedy: text(
      "Comprendre l'incident, puis une personne lève l'arrêt et en dit le motif.",
      "Understand the incident; then a person lifts the hold and says why.",
    ),
  },
  no_profile: {
    why: text("Aucun profil ne dit quel droit s'applique ici.", "No profile says which law applies here."),
    remedy: text(
      "Nommer un profil dans la configuration (authority.profile) ; sans lui, rien n'est permis.",
      "Name a profile in the configuration (authority.profile); without one, nothing is permitted.",
    ),
  },
  footage_not_permitted: {
    why: text(
      "Le profil n'est pas fait pour ces images (flux, enregistrement ou scène dessinée).",
      "The profile is not for this kind of footage (stream, recording or drawn scene).",
    ),
    remedy: text(
      "Prendre des images que le profil admet, ou le profil du droit qui s'applique vraiment.",
      "Take footage that the profile admits, or the profile of the law that really applies.",
    ),
  },
  use_not_permitted: {
    why: text(
      "Cet usage (alerter, ou compter sans montrer) n'est pas celui qui est permis.",
      "This use (to alert, or to count without showing) is not the one that is permitted.",
    ),
    remedy: text(
      "Chaque usage demande sa propre base légale et sa propre autorisation.",
      "Each use needs a legal basis and an authorisation of its own.",
    ),
  },
  overlay_forbids: {
    why: text(
      "Une règle plus stricte l'interdit ici, quoi que permette le reste.",
      "A stricter rule forbids it here, whatever the rest permits.",
    ),
    remedy: text(
      "Seul qui a posé cette interdiction peut la lever.",
      "Only those who laid down this prohibition can lift it.",
    ),
  },
  no_legal_basis: {
    why: text("Aucune règle de droit ne le permet.", "No rule of law permits it."),
    remedy: ONLY_THE_LAW,
  },
  decree_missing: {
    why: text(
      "La loi le prévoit, mais son décret d'application n'est pas en vigueur.",
      "The law provides for it, but the decree that applies it is not in force.",
    ),
    remedy: text("Attendre l'entrée en vigueur du décret.", "Wait until the decree is in force."),
  },
  expired: {
    why: text(
      "La loi qui le permettait n'est plus en vigueur.",
      "The law that permitted it is no longer in force.",
    ),
    remedy: ONLY_THE_LAW,
  },
  annulled: {
    why: text(
      "Le texte qui le permettait a été annulé ou censuré.",
      "The text that permitted it was annulled or struck down.",
    ),
    remedy: ONLY_THE_LAW,
  },
  unverified_basis: {
    why: text(
      "Une règle semble le permettre, mais personne ne l'a comparée au texte officiel.",
      "A rule seems to permit it, but nobody has compared it with the official text.",
    ),
    remedy: text(
      "Un juriste compare la règle au texte officiel, et le profil le dit.",
      "A jurist compares the rule with the official text, and the profile says so.",
    ),
  },
  no_camera_authorisation: {
    why: text(
      "Aucune autorisation de filmer ne nomme cette caméra.",
      "No authorisation to film names this camera.",
    ),
    remedy: text(
      "Obtenir l'autorisation de la caméra, et mettre le document signé dans le dossier.",
      "Obtain the authorisation of the camera, and put the signed document into the folder.",
    ),
  },
  no_analytic_authorisation: {
    why: text(
      "Aucune autorisation d'analyser ne nomme cette caméra ; celle de filmer ne suffit pas.",
      "No authorisation to analyse names this camera; the one to film is not enough.",
    ),
    remedy: text(
      "Obtenir une autorisation d'analyser, et mettre le document signé dans le dossier.",
      "Obtain an authorisation to analyse, and put the signed document into the folder.",
    ),
  },
  event_not_authorised: {
    why: text("L'autorisation ne nomme pas cet événement.", "The authorisation does not name this event."),
    remedy: NEW_DECISION,
  },
  analytic_not_authorised: {
    why: text(
      "L'autorisation ne nomme pas l'analyse qui détecte cet événement.",
      "The authorisation does not name the analysis that detects this event.",
    ),
    remedy: NEW_DECISION,
  },
  model_not_authorised: {
    why: text(
      "Le modèle qui tourne n'est pas celui que l'autorisation nomme par son empreinte.",
      "The model that runs is not the one that the authorisation names by its hash.",
    ),
    remedy: text(
      "Revenir au modèle autorisé, ou obtenir une nouvelle décision pour celui-ci.",
      "Go back to the authorised model, or obtain a new decision for this one.",
    ),
  },
  recording_not_authorised: {
    why: text(
      "L'autorisation ne nomme pas cet enregistrement par son empreinte.",
      "The authorisation does not name this recording by its hash.",
    ),
    remedy: text(
      "Analyser un enregistrement qui y figure, ou obtenir une nouvelle décision qui nomme celui-ci.",
      "Analyse a recording that it lists, or obtain a new decision that names this one.",
    ),
  },
  zone_not_authorised: {
    why: text(
      "La règle regarde hors des zones que l'autorisation déclare pour cette caméra et cet événement.",
      "The rule looks outside the zones that the authorisation declares for this camera and event.",
    ),
    remedy: text(
      "Ramener la règle dans une zone déclarée ; en agrandir une demande une nouvelle décision.",
      "Bring the rule back into a declared zone; to enlarge one takes a new decision.",
    ),
  },
  outside_perimeter: {
    why: text(
      "La caméra, ou une partie de ce qu'elle voit, est hors du périmètre autorisé.",
      "The camera, or part of what it sees, is outside the authorised perimeter.",
    ),
    remedy: text(
      "Déplacer la caméra ou réduire son champ ; agrandir le périmètre demande une nouvelle décision.",
      "Move the camera or narrow its view; to enlarge the perimeter takes a new decision.",
    ),
  },
  location_unknown: {
    why: text(
      "On ne sait pas où est la caméra, ou quel sol elle voit.",
      "It is not known where the camera stands, or what ground it sees.",
    ),
    remedy: text(
      "Donner sa position et son champ dans la configuration (location, fieldOfView).",
      "Give its position and its view in the configuration (location, fieldOfView).",
    ),
  },
  other_profile: {
    why: text(
      "L'autorisation a été donnée au titre d'un autre droit que celui du profil.",
      "The authorisation was given under another law than the profile's.",
    ),
    remedy: text(
      "Choisir le profil que nomme l'autorisation, s'il s'applique ; sinon, obtenir une nouvelle décision.",
      "Choose the profile that the authorisation names, if it applies; otherwise obtain a new decision.",
    ),
  },
  decision_unsigned: {
    why: text(
      "La décision ne porte pas la signature valable d'une autorité reconnue.",
      "The decision does not bear the valid signature of an authority that is trusted.",
    ),
    remedy: text(
      "L'autorité signe la décision telle qu'elle est (contrechamp authorise sign).",
      "The authority signs the decision as it stands (contrechamp authorise sign).",
    ),
  },
  publication_unsigned: {
    why: text(
      "La publication ne porte pas la signature valable de qui l'a faite, ou c'est la même personne qui a décidé.",
      "The publication does not bear the valid signature of who made it, or the same holder has decided it.",
    ),
    remedy: text(
      "Qui publie signe avec sa propre clé (contrechamp authorise publish).",
      "Whoever publishes signs with a key of their own (contrechamp authorise publish).",
    ),
  },
  not_published: {
    why: text(
      "La décision n'était pas publiée à cet instant.",
      "The decision was not published at that instant.",
    ),
    remedy: text(
      "Publier la décision : elle ne vaut qu'à partir de là.",
      "Publish the decision: it counts only from then on.",
    ),
  },
  not_active: {
    why: text(
      "L'autorisation est prête, mais n'a pas été mise en vigueur.",
      "The authorisation is ready, but was not put into force.",
    ),
    remedy: text(
      "L'autorité la met en vigueur, par une entrée signée de son historique.",
      "The authority puts it into force, by a signed entry of its history.",
    ),
  },
  suspended: {
    why: text("L'autorisation est suspendue.", "The authorisation is suspended."),
    remedy: text(
      "L'autorité met fin à la suspension, par une entrée signée de l'historique.",
      "The authority ends the suspension, by a signed entry of the history.",
    ),
  },
  ended: {
    why: text(
      "L'autorisation a pris fin : retirée, annulée, remplacée ou échue.",
      "The authorisation has ended: withdrawn, annulled, replaced or expired.",
    ),
    remedy: NEW_DECISION,
  },
  duration_too_long: {
    why: text(
      "L'autorisation dure plus longtemps que le droit ou elle-même ne le permet.",
      "The authorisation lasts longer than the law, or the authorisation itself, allows.",
    ),
    remedy: NEW_DECISION,
  },
  retention_too_long: {
    why: text(
      "Elle garde les images plus longtemps que le droit ne le permet.",
      "It keeps pictures longer than the law allows.",
    ),
    remedy: NEW_DECISION,
  },
  not_yet_valid: {
    why: text("L'autorisation ne vaut pas encore.", "The authorisation is not valid yet."),
    remedy: text("Attendre le jour qu'elle fixe.", "Wait for the day that it sets."),
  },
  authorisation_expired: {
    why: text("L'autorisation est arrivée à son terme.", "The authorisation has reached its end."),
    remedy: NEW_DECISION,
  },
  outside_daily_window: {
    why: text(
      "L'autorisation ne vaut pas à cette heure, ou pas ce jour.",
      "The authorisation does not hold at this hour, or not on this day.",
    ),
    remedy: text("Attendre l'heure qu'elle fixe.", "Wait for the hour that it sets."),
  },
  condition_not_attested: {
    why: text(
      "Personne n'a attesté, par une signature valable, qu'une de ses conditions est remplie.",
      "Nobody has attested, by a valid signature, that one of its conditions is met.",
    ),
    remedy: text(
      "Qui en a la charge atteste la condition (contrechamp authorise attest).",
      "Whoever is in charge of it attests the condition (contrechamp authorise attest).",
    ),
  },
  condition_lapsed: {
    why: text(
      "L'attestation d'une de ses conditions est trop ancienne.",
      "The attestation of one of its conditions is too old.",
    ),
    remedy: text(
      "Attester de nouveau la condition, si elle est encore remplie (contrechamp authorise attest).",
      "Attest the condition anew, if it is still met (contrechamp authorise attest).",
    ),
  },
  no_certificate: {
    why: text(
      "Aucune mesure signée ne dit combien de fois cette analyse se trompe.",
      "No signed measurement says how often this analysis is wrong.",
    ),
    remedy: text(
      "Faire mesurer l'analyse, et faire nommer le certificat par l'autorisation.",
      "Have the analysis measured, and have the authorisation name the certificate.",
    ),
  },
  certificate_other_model: {
    why: text(
      "Le certificat est celui d'un autre modèle, d'une autre analyse ou d'un autre événement.",
      "The certificate is of another model, another analysis or another event.",
    ),
    remedy: text("Faire mesurer ce qui tourne vraiment.", "Have measured what really runs."),
  },
  certificate_expired: {
    why: text("Le certificat ne vaut pas à cet instant.", "The certificate does not hold at that instant."),
    remedy: text("Faire mesurer l'analyse de nouveau.", "Have the analysis measured anew."),
  },
  certificate_failed: {
    why: text(
      "La mesure n'atteint pas les seuils fixés d'avance.",
      "The measurement does not reach the thresholds that were set before.",
    ),
    remedy: text(
      "Rien, tant que l'analyse n'est pas assez bonne : les seuils ne se changent pas après coup.",
      "Nothing, as long as the analysis is not good enough: thresholds are not changed afterwards.",
    ),
  },
  no_notice: {
    why: text(
      "Le public n'en est pas informé par un avis publié qui nomme cet événement et cette caméra.",
      "The public is not told of it by a published notice that names this event and this camera.",
    ),
    remedy: text(
      "Publier l'avis, signé, avant de commencer ; ou l'autorité motive la dispense.",
      "Publish the notice, signed, before it begins; or the authority gives grounds for an exemption.",
    ),
  },
  evaluators_differ: {
    why: text(
      "Les deux évaluateurs ne sont pas d'accord ; dans le doute, c'est non.",
      "The two evaluators do not agree; in doubt, it is no.",
    ),
    remedy: text(
      "C'est un défaut du programme, inscrit comme incident : le signaler.",
      "This is a fault of the program, recorded as an incident: please report it.",
    ),
  },
  second_opinion_failed: {
    why: text(
      "Le second évaluateur n'a pas pu répondre ; dans le doute, c'est non.",
      "The second evaluator could not answer; in doubt, it is no.",
    ),
    remedy: text(
      "Lire le diagnostic joint ; si les documents sont justes, c'est un défaut du programme, à signaler.",
      "Read the diagnostic that comes with it; if the documents are right, it is a fault of the program: please report it.",
    ),
  },
  permitted: {
    why: text(
      "Le droit, l'autorisation et tout ce qui doit l'accompagner le permettent à cet instant.",
      "The law, the authorisation and all that must stand beside it permit it at that instant.",
    ),
    remedy: text(
      "Cela s'arrête de soi-même au premier terme atteint, ou quand quelqu'un l'arrête.",
      "It ends by itself when the first of its clocks runs out, or when somebody stops it.",
    ),
  },
};
