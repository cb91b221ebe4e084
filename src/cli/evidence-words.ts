import type { Outcome } from "../alerts/disposition.ts";
import type { ErasureCause } from "../evidence/vault/record.ts";
import type { Check } from "../evidence/vault/verify.ts";
import type { Language } from "../report/language.ts";

/** What the commands about evidence and alerts say to a person; each language is written for itself. */
interface EvidenceWords {
  readonly none: string;
  readonly open: (until: string) => string;
  readonly kept: (until: string) => string;
  readonly erased: (at: string, cause: ErasureCause) => string;
  readonly noLeaf: string;
  readonly noClip: string;
  readonly outcome: Readonly<Record<Outcome | "open", string>>;
  readonly viewed: (file: string, kind: string) => string;
  readonly exported: (folder: string) => string;
  readonly check: (check: Check) => string;
  readonly sound: string;
  readonly incomplete: string;
  readonly unsound: string;
  readonly compareKey: (key: string) => string;
  readonly erasedCount: (count: number, kept: number) => string;
  readonly askErase: (count: number) => string;
  readonly askConfirm: (alert: string) => string;
  readonly disposed: (alert: string, outcome: Outcome, leaf: number) => string;
  readonly askPassphrase: string;
  readonly askPassphraseAgain: string;
  readonly passphrasesDiffer: string;
  readonly key: (name: string, path: string, protectedBy: "file_mode" | "passphrase") => string;
  readonly keyProtected: string;
}

const EN: EvidenceWords = {
  none: "The vault holds no evidence.",
  open: (until) => `open, kept until ${until} unless confirmed`,
  kept: (until) => `kept until ${until}`,
  erased: (at, cause) => `erased ${at} (${cause.replaceAll("_", " ")})`,
  noLeaf: "not yet in the journal",
  noClip: "still only",
  outcome: {
    open: "open",
    confirmed: "confirmed",
    dismissed: "dismissed",
    undetermined: "undetermined",
    expired: "expired",
  },
  viewed: (file, kind) => `${kind} written to ${file}. The journal says that you have seen it, and why.`,
  exported: (folder) =>
    `Written to ${folder}. Whoever receives it can check it with: contrechamp evidence verify ${folder}`,
  check: ({ what, name, state }) => {
    const words = {
      file: {
        ok: `${name} is what was sealed`,
        failed: `${name} IS NOT WHAT WAS SEALED`,
        absent: `${name} is not here`,
      },
      signature: {
        ok: "the manifest is as it was signed",
        failed: "THE MANIFEST WAS CHANGED AFTER IT WAS SIGNED",
        absent: "the manifest is not signed",
      },
      key: {
        ok: "the key is the one you expect",
        failed: `THE KEY IS ANOTHER ONE: ${name}`,
        absent: "no key",
      },
      inclusion: {
        ok: "it is in the journal",
        failed: "ITS PROOF OF BEING IN THE JOURNAL DOES NOT HOLD",
        absent: "it carries no proof of being in the journal",
      },
      leaf: {
        ok: "the journal says the same of it",
        failed: "THE JOURNAL SAYS SOMETHING ELSE OF IT",
        absent: "what the journal said of it was erased there",
      },
      checkpoint: {
        ok: `as signed in checkpoint ${name}`,
        failed: "CHECKPOINT NOT SIGNED",
        absent: "no checkpoint",
      },
    };
    return words[what][state];
  },
  sound: "Everything fits.",
  incomplete: "Nothing contradicts it, but something that would prove it is not here.",
  unsound: "IT DOES NOT HOLD: do not rely on it.",
  compareKey: (key) =>
    `Signed with ${key}\nCompare this with the key that the site has published (--key checks it).`,
  erasedCount: (count, kept) => `${count} erased, ${kept} kept.`,
  askErase: (count) => `Erase ${count} for good? Nobody can bring them back.`,
  askConfirm: (alert) => `Confirm alert ${alert}: you have seen it yourself, and it is so?`,
  disposed: (alert, outcome, leaf) => `Alert ${alert} is ${outcome}. The journal has it, leaf ${leaf}.`,
  askPassphrase: "New passphrase",
  askPassphraseAgain: "The same again",
  passphrasesDiffer: "The two differ: nothing was changed.",
  key: (name, path, protectedBy) =>
    `Site key ${name} in ${path}, ${protectedBy === "passphrase" ? "protected by a passphrase" : "protected by the file's mode alone"}.`,
  keyProtected:
    "From now on the engine needs the passphrase at each start. If it is lost, so is all evidence.",
};

const FR: EvidenceWords = {
  none: "Le coffre ne contient aucune preuve.",
  open: (until) => `en attente, gardée jusqu’au ${until} sauf confirmation`,
  kept: (until) => `gardée jusqu’au ${until}`,
  erased: (at, cause) => `effacée le ${at} (${CAUSES_FR[cause]})`,
  noLeaf: "pas encore au journal",
  noClip: "image seule",
  outcome: {
    open: "en attente",
    confirmed: "confirmée",
    dismissed: "écartée",
    undetermined: "indéterminée",
    expired: "expirée",
  },
  viewed: (file, kind) =>
    `${kind} : écrit dans ${file}. Le journal dit que vous l’avez consultée, et pourquoi.`,
  exported: (folder) =>
    `Écrit dans ${folder}. Le destinataire peut vérifier avec : contrechamp evidence verify ${folder}`,
  check: ({ what, name, state }) => {
    const words = {
      file: {
        ok: `${name} est bien ce qui a été scellé`,
        failed: `${name} N’EST PAS CE QUI A ÉTÉ SCELLÉ`,
        absent: `${name} n’est pas là`,
      },
      signature: {
        ok: "le manifeste est tel qu’il a été signé",
        failed: "LE MANIFESTE A ÉTÉ MODIFIÉ APRÈS SA SIGNATURE",
        absent: "le manifeste n’est pas signé",
      },
      key: {
        ok: "la clé est celle que vous attendez",
        failed: `LA CLÉ EST UNE AUTRE : ${name}`,
        absent: "pas de clé",
      },
      inclusion: {
        ok: "elle figure au journal",
        failed: "SA PREUVE D’INSCRIPTION AU JOURNAL NE TIENT PAS",
        absent: "elle ne porte pas de preuve d’inscription au journal",
      },
      leaf: {
        ok: "le journal en dit la même chose",
        failed: "LE JOURNAL EN DIT AUTRE CHOSE",
        absent: "ce que le journal en disait y a été effacé",
      },
      checkpoint: {
        ok: `selon le point de contrôle signé ${name}`,
        failed: "POINT DE CONTRÔLE NON SIGNÉ",
        absent: "pas de point de contrôle",
      },
    };
    return words[what][state];
  },
  sound: "Tout concorde.",
  incomplete: "Rien ne la contredit, mais une pièce qui la prouverait n’est pas là.",
  unsound: "ELLE NE TIENT PAS : ne vous y fiez pas.",
  compareKey: (key) => `Signée avec ${key}\nComparez avec la clé que le site a publiée (--key la vérifie).`,
  erasedCount: (count, kept) => `${count} effacée(s), ${kept} gardée(s).`,
  askErase: (count) => `Effacer définitivement ${count} preuve(s) ? Personne ne pourra les retrouver.`,
  askConfirm: (alert) => `Confirmer l’alerte ${alert} : vous l’avez vu vous-même, et c’est exact ?`,
  disposed: (alert, outcome, leaf) =>
    `L’alerte ${alert} est ${FR.outcome[outcome]}. Inscrit au journal, feuille ${leaf}.`,
  askPassphrase: "Nouvelle phrase secrète",
  askPassphraseAgain: "La même encore une fois",
  passphrasesDiffer: "Les deux diffèrent : rien n’a été changé.",
  key: (name, path, protectedBy) =>
    `Clé du site ${name} dans ${path}, ${protectedBy === "passphrase" ? "protégée par une phrase secrète" : "protégée par les seuls droits du fichier"}.`,
  keyProtected:
    "Le moteur demandera désormais la phrase à chaque démarrage. Si elle est perdue, toutes les preuves le sont.",
};

const CAUSES_FR: Readonly<Record<ErasureCause, string>> = {
  retention: "fin de conservation",
  dismissed: "alerte écartée",
  undecided: "sans décision",
  by_hand: "à la main",
  authorisation_ended: "autorisation retirée",
  incomplete: "inachevée",
  key_missing: "clé disparue",
};

export const EVIDENCE_WORDS: Readonly<Record<Language, EvidenceWords>> = { en: EN, fr: FR };
