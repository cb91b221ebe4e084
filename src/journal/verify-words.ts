import type { FindingCode, FindingPlace } from "./verify-findings.ts";

/** What a finding is, what it means, and what to do: for somebody who is no engineer. */
export interface FindingWords {
  readonly what: string;
  readonly means: string;
  readonly todo: string;
}

const KEEP = {
  en: "Do not use this copy as proof. Keep it unchanged, ask for another one, and compare the two.",
  fr: "N’utilisez pas cette copie comme preuve. Gardez-la telle quelle, demandez-en une autre et comparez-les.",
};
const ASK = {
  en: "Ask whoever runs the system for an explanation in writing, and tell the witnesses and the data protection authority.",
  fr: "Demandez à l’exploitant une explication écrite ; prévenez les témoins et l’autorité de protection des données.",
};

const EN: Readonly<Record<FindingCode, FindingWords>> = {
  checkpoint_missing: {
    what: "The signed state is missing",
    means: "Without the file `checkpoint` nothing says what the journal should contain.",
    todo: KEEP.en,
  },
  checkpoint_malformed: {
    what: "The signed state cannot be read",
    means: "The file `checkpoint` was damaged or edited.",
    todo: KEEP.en,
  },
  checkpoint_unsigned: {
    what: "The state is not signed by the journal",
    means: "Nobody answers for these contents: anyone could have written them.",
    todo: KEEP.en,
  },
  checkpoint_signature_wrong: {
    what: "The journal’s signature does not fit its state",
    means: "The state was changed after it was signed.",
    todo: KEEP.en,
  },
  other_key: {
    what: "It was signed with another key",
    means:
      "It bears this journal’s name, and was not signed with the key that you know. It is another journal, or somebody pretends.",
    todo: "Compare the public key with the one in the published register. If that one is right, do not believe this copy.",
  },
  other_journal: {
    what: "It is another journal",
    means: "Its name is not the one that the key belongs to.",
    todo: "Check that you have the right folder and the right key.",
  },
  leaf_changed: {
    what: "A line of the journal was changed",
    means: "What stands there now is not what was signed.",
    todo: KEEP.en,
  },
  part_changed: {
    what: "Lines of the journal were replaced, with their hashes",
    means:
      "Somebody changed at least one of these lines and computed its hash anew. What was signed is something else.",
    todo: KEEP.en,
  },
  tile_changed: {
    what: "A file of hashes was changed",
    means: "The lines themselves are as they were signed; only the stored hashes beside them are wrong.",
    todo: "The contents can be relied on. Ask for another copy all the same: this one was damaged or touched.",
  },
  tile_missing: {
    what: "A file of hashes is missing",
    means: "It may have been lost in copying. The lines can still be checked where they are all there.",
    todo: KEEP.en,
  },
  tile_malformed: {
    what: "A file of hashes is not whole",
    means: "It was cut or written over.",
    todo: KEEP.en,
  },
  earlier_differs: {
    what: "What is left of an earlier state does not fit the present one",
    means: "A file of an earlier signed state holds something else than the journal does now.",
    todo: KEEP.en,
  },
  leaves_missing: {
    what: "Lines of the journal are missing",
    means: "The signed state says that they existed. They were lost or removed.",
    todo: KEEP.en,
  },
  leaves_malformed: {
    what: "A file of lines is not whole",
    means: "It was cut or written over.",
    todo: KEEP.en,
  },
  tail_cut: {
    what: "The end of the journal was cut off",
    means: "The signed state says that there were more lines. The newest ones were lost or removed.",
    todo: KEEP.en,
  },
  root_differs: {
    what: "The contents are not those that were signed",
    means: "What follows from the lines is not the root hash of the signed state.",
    todo: KEEP.en,
  },
  leaf_malformed: {
    what: "A line of the journal is not of the right form",
    means: "Contrechamp does not write such a line: another program did, or it was changed.",
    todo: KEEP.en,
  },
  leaf_out_of_order: {
    what: "A line is not at its place",
    means: "Each line bears its number; this one has another. Lines were exchanged, added or taken out.",
    todo: KEEP.en,
  },
  time_went_back: {
    what: "The clock went back",
    means:
      "A line bears an earlier time than the one before it. The order of the lines is certain, their times are not.",
    todo: "Look for a `clock_check` line near it. A correction of seconds is ordinary; more should be explained.",
  },
  payload_changed: {
    what: "The content of a line was changed",
    means: "What it says happened is not what was written at the time.",
    todo: KEEP.en,
  },
  payload_missing: {
    what: "The content of a line is missing",
    means: "It is not there, and nothing says that it was erased.",
    todo: KEEP.en,
  },
  payload_malformed: {
    what: "The content of a line cannot be read",
    means: "Its file was damaged or edited.",
    todo: KEEP.en,
  },
  erasure_unrecorded: {
    what: "A content was destroyed, and no erasure is on record",
    means:
      "Contents may be erased, but each erasure must leave a line that says who did it and why. This one did not.",
    todo: ASK.en,
  },
  erasure_not_done: {
    what: "A content that was erased is still there",
    means: "The journal says that it was erased. The copy was made before, or the erasure failed.",
    todo: "Ask whoever runs the system to erase it, and destroy this copy of it if you have no right to keep it.",
  },
  fork: {
    what: "There are two journals of the same length",
    means:
      "Somebody else kept a signed state of the same size with other contents. Different people were shown different journals.",
    todo: `Both states are signed, which is proof. Keep both. ${ASK.en}`,
  },
  rewritten: {
    what: "The past was rewritten",
    means:
      "An earlier state that somebody kept is not the beginning of this journal. Lines that stood there were changed, moved or removed.",
    todo: `Both states are signed, which is proof. Keep both. ${ASK.en}`,
  },
  shrunk: {
    what: "The journal is shorter than it was",
    means: "Somebody kept a signed state with more lines. The end was removed, or an old copy was put back.",
    todo: `Keep the longer state: it is signed, which is proof. ${ASK.en}`,
  },
  cosignature_wrong: {
    what: "A witness’s signature does not fit",
    means: "The witness signed something else than this state, or the signature was damaged.",
    todo: "Ask the witness for the state that it signed.",
  },
  record_unusable: {
    what: "A record could not be used for comparison",
    means: "It is not a signed state of this journal, or it was damaged.",
    todo: "Check that it is the right file.",
  },
  not_compared: {
    what: "A record could not be compared",
    means: "This bundle, or a damaged copy, does not hold the hashes that the comparison needs.",
    todo: "Ask for the whole journal, or for a bundle that begins at the first line.",
  },
  nobody_independent: {
    what: "Nobody independent vouches for it",
    means:
      "The journal agrees with itself, and even the key came with it. Somebody could have made all of it anew.",
    todo: "Get the public key from the published register (--key), and the key or memory of a witness (--witness-key, --trusted).",
  },
  no_witness: {
    what: "No witness vouches for it",
    means:
      "The operator signed it. Whether others were shown the same journal cannot be told without a witness.",
    todo: "Get the key or the memory of a witness (--witness-key, --trusted), or keep the signed state and compare it next time.",
  },
  not_yet_vouched: {
    what: "The newest lines have no witness yet",
    means: "They are signed by the operator alone, until a witness signs again.",
    todo: "Nothing, or ask for a copy after the next signature of a witness.",
  },
  unknown_signature: {
    what: "A signature is by somebody unknown here",
    means: "It proves nothing until the public key is given.",
    todo: "If it is a witness that you trust, ask for its public key and give it with --witness-key.",
  },
  beyond_checkpoint: {
    what: "The newest lines are not signed yet",
    means: "They were written after the last signed state. This is ordinary while the system runs.",
    todo: "Nothing: they are covered by the next signed state, a few seconds later.",
  },
  tail_unreadable: {
    what: "What was written after the signed state cannot be read",
    means: "The file `tail.log` is missing or damaged. All that is signed was checked.",
    todo: "If this is a copy of a journal, make it again with `journal export --bundle`. If it is the journal itself, keep it as it is.",
  },
};

const FR: Readonly<Record<FindingCode, FindingWords>> = {
  checkpoint_missing: {
    what: "L’état signé manque",
    means: "Sans le fichier « checkpoint », rien ne dit ce que le journal devrait contenir.",
    todo: KEEP.fr,
  },
  checkpoint_malformed: {
    what: "L’état signé est illisible",
    means: "Le fichier « checkpoint » a été abîmé ou modifié.",
    todo: KEEP.fr,
  },
  checkpoint_unsigned: {
    what: "L’état n’est pas signé par le journal",
    means: "Personne ne répond de ce contenu : n’importe qui a pu l’écrire.",
    todo: KEEP.fr,
  },
  checkpoint_signature_wrong: {
    what: "La signature du journal ne correspond pas à son état",
    means: "L’état a été modifié après sa signature.",
    todo: KEEP.fr,
  },
  other_key: {
    what: "Une autre clé a signé",
    means:
      "Il porte le nom de ce journal, mais la clé que vous connaissez ne l’a pas signé. C’est un autre journal, ou une imitation.",
    todo: "Comparez la clé publique avec celle du registre publié. Si c’est bien elle, ne croyez pas cette copie.",
  },
  other_journal: {
    what: "C’est un autre journal",
    means: "Son nom n’est pas celui auquel la clé appartient.",
    todo: "Vérifiez que vous avez le bon dossier et la bonne clé.",
  },
  leaf_changed: {
    what: "Une ligne du journal a été modifiée",
    means: "Ce qui s’y trouve n’est pas ce qui a été signé.",
    todo: KEEP.fr,
  },
  part_changed: {
    what: "Des lignes du journal ont été remplacées, empreintes comprises",
    means:
      "Au moins une de ces lignes a été modifiée et son empreinte recalculée. Ce qui a été signé est autre chose.",
    todo: KEEP.fr,
  },
  tile_changed: {
    what: "Un fichier d’empreintes a été modifié",
    means:
      "Les lignes elles-mêmes sont telles qu’elles ont été signées ; seules les empreintes gardées à côté sont fausses.",
    todo: "Le contenu est fiable. Demandez tout de même une autre copie : celle-ci a été abîmée ou touchée.",
  },
  tile_missing: {
    what: "Un fichier d’empreintes manque",
    means: "Il a pu se perdre à la copie. Les lignes restent vérifiables là où elles sont toutes présentes.",
    todo: KEEP.fr,
  },
  tile_malformed: {
    what: "Un fichier d’empreintes est incomplet",
    means: "Il a été coupé ou écrasé.",
    todo: KEEP.fr,
  },
  earlier_differs: {
    what: "Ce qui reste d’un état antérieur ne correspond pas à l’état présent",
    means: "Un fichier d’un état signé antérieur contient autre chose que le journal d’aujourd’hui.",
    todo: KEEP.fr,
  },
  leaves_missing: {
    what: "Des lignes du journal manquent",
    means: "L’état signé dit qu’elles ont existé. Elles ont été perdues ou retirées.",
    todo: KEEP.fr,
  },
  leaves_malformed: {
    what: "Un fichier de lignes est incomplet",
    means: "Il a été coupé ou écrasé.",
    todo: KEEP.fr,
  },
  tail_cut: {
    what: "La fin du journal a été coupée",
    means: "L’état signé dit qu’il y avait plus de lignes. Les plus récentes ont été perdues ou retirées.",
    todo: KEEP.fr,
  },
  root_differs: {
    what: "Le contenu n’est pas celui qui a été signé",
    means: "L’empreinte calculée à partir des lignes n’est pas celle de l’état signé.",
    todo: KEEP.fr,
  },
  leaf_malformed: {
    what: "Une ligne du journal n’a pas la bonne forme",
    means: "Contrechamp n’écrit pas de telle ligne : un autre programme l’a écrite, ou elle a été modifiée.",
    todo: KEEP.fr,
  },
  leaf_out_of_order: {
    what: "Une ligne n’est pas à sa place",
    means:
      "Chaque ligne porte son numéro ; celle-ci en porte un autre. Des lignes ont été échangées, ajoutées ou retirées.",
    todo: KEEP.fr,
  },
  time_went_back: {
    what: "L’horloge a reculé",
    means:
      "Une ligne porte une heure antérieure à la précédente. L’ordre des lignes est certain, leurs heures ne le sont pas.",
    todo: "Cherchez une ligne « clock_check » à proximité. Une correction de quelques secondes est banale ; au-delà, elle doit être expliquée.",
  },
  payload_changed: {
    what: "Le contenu d’une ligne a été modifié",
    means: "Ce qu’elle raconte n’est pas ce qui a été écrit sur le moment.",
    todo: KEEP.fr,
  },
  payload_missing: {
    what: "Le contenu d’une ligne manque",
    means: "Il n’est pas là, et rien ne dit qu’il a été effacé.",
    todo: KEEP.fr,
  },
  payload_malformed: {
    what: "Le contenu d’une ligne est illisible",
    means: "Son fichier a été abîmé ou modifié.",
    todo: KEEP.fr,
  },
  erasure_unrecorded: {
    what: "Un contenu a été détruit sans que l’effacement soit inscrit",
    means:
      "Un contenu peut être effacé, mais chaque effacement doit laisser une ligne qui dit par qui et pourquoi. Celui-ci n’en a pas laissé.",
    todo: ASK.fr,
  },
  erasure_not_done: {
    what: "Un contenu effacé est toujours là",
    means: "Le journal dit qu’il a été effacé. La copie a été faite avant, ou l’effacement a échoué.",
    todo: "Demandez à l’exploitant de l’effacer, et détruisez votre copie si vous n’avez pas le droit de la garder.",
  },
  fork: {
    what: "Il existe deux journaux de même longueur",
    means:
      "Quelqu’un d’autre a gardé un état signé de même taille, au contenu différent. On a montré des journaux différents à des personnes différentes.",
    todo: `Les deux états sont signés : c’est une preuve. Gardez les deux. ${ASK.fr}`,
  },
  rewritten: {
    what: "Le passé a été réécrit",
    means:
      "Un état antérieur, gardé par quelqu’un, n’est pas le début de ce journal. Des lignes ont été modifiées, déplacées ou retirées.",
    todo: `Les deux états sont signés : c’est une preuve. Gardez les deux. ${ASK.fr}`,
  },
  shrunk: {
    what: "Le journal est plus court qu’avant",
    means:
      "Quelqu’un a gardé un état signé comptant plus de lignes. La fin a été retirée, ou une ancienne copie remise en place.",
    todo: `Gardez l’état le plus long : il est signé, c’est une preuve. ${ASK.fr}`,
  },
  cosignature_wrong: {
    what: "La signature d’un témoin ne correspond pas",
    means: "Le témoin a signé autre chose que cet état, ou sa signature a été abîmée.",
    todo: "Demandez au témoin l’état qu’il a signé.",
  },
  record_unusable: {
    what: "Un document n’a pas pu servir à la comparaison",
    means: "Ce n’est pas un état signé de ce journal, ou il est abîmé.",
    todo: "Vérifiez que c’est le bon fichier.",
  },
  not_compared: {
    what: "Un document n’a pas pu être comparé",
    means: "Ce dossier partiel, ou une copie abîmée, ne contient pas les empreintes nécessaires.",
    todo: "Demandez le journal entier, ou un dossier qui commence à la première ligne.",
  },
  nobody_independent: {
    what: "Personne d’indépendant n’en répond",
    means:
      "Le journal concorde avec lui-même, et même la clé venait avec lui. Quelqu’un aurait pu tout refaire.",
    todo: "Prenez la clé publique dans le registre publié (--key), et la clé ou la mémoire d’un témoin (--witness-key, --trusted).",
  },
  no_witness: {
    what: "Aucun témoin n’en répond",
    means: "L’exploitant l’a signé. Sans témoin, on ne peut savoir si d’autres ont vu le même journal.",
    todo: "Demandez la clé ou la mémoire d’un témoin (--witness-key, --trusted), ou gardez l’état signé pour le comparer la prochaine fois.",
  },
  not_yet_vouched: {
    what: "Les lignes les plus récentes n’ont pas encore de témoin",
    means: "Seul l’exploitant les a signées, jusqu’à la prochaine signature d’un témoin.",
    todo: "Rien, ou demandez une copie après la prochaine signature d’un témoin.",
  },
  unknown_signature: {
    what: "Une signature vient de quelqu’un d’inconnu ici",
    means: "Elle ne prouve rien tant que la clé publique n’est pas donnée.",
    todo: "Si c’est un témoin de confiance, demandez-lui sa clé publique et donnez-la avec --witness-key.",
  },
  beyond_checkpoint: {
    what: "Les lignes les plus récentes ne sont pas encore signées",
    means: "Elles ont été écrites après le dernier état signé. C’est normal quand le système tourne.",
    todo: "Rien : le prochain état signé les couvre, quelques secondes plus tard.",
  },
  tail_unreadable: {
    what: "Ce qui a été écrit après l’état signé est illisible",
    means: "Le fichier « tail.log » manque ou est abîmé. Tout ce qui est signé a été vérifié.",
    todo: "Si c’est une copie de journal, refaites-la avec « journal export --bundle ». Si c’est le journal lui-même, gardez-le tel quel.",
  },
};

export const FINDING_WORDS = { en: EN, fr: FR } as const;

/** Where something was found, in words. */
export function placeWords(
  { file, seq, lastSeq, name, detail }: FindingPlace,
  language: "en" | "fr",
): string {
  const line = language === "en" ? "line" : "ligne";
  const to = language === "en" ? "to" : "à";
  const parts = [
    seq === undefined
      ? null
      : lastSeq === undefined || lastSeq === seq
        ? `${line} ${seq}`
        : `${line}s ${seq} ${to} ${lastSeq}`,
    file ?? null,
    name ?? null,
    detail ?? null,
  ];
  return parts.filter((part) => part !== null).join(", ");
}
