import type { Json, Leaf } from "../../journal/leaf.ts";
import type { VerificationReport } from "../../journal/verify.ts";
import type { Language } from "../../report/language.ts";

/** What the commands about the journal say to a person; each language is written for itself. */
interface Words {
  readonly verifying: string;
  readonly folderMissing: string;
  readonly proofNeedsKey: string;
  readonly verdict: Readonly<Record<VerificationReport["verdict"], string>>;
  readonly severity: { readonly broken: string; readonly doubt: string; readonly remark: string };
  readonly checked: (report: VerificationReport) => readonly string[];
  readonly andMore: (count: number) => string;
  readonly proofHolds: (
    leaf: Leaf,
    payload: { readonly [key: string]: Json } | null,
    origin: string,
    size: number,
    by: readonly string[],
  ) => string;
  readonly signed: (size: number) => string;
  readonly takenUp: (witness: string, size: number, seq: number) => string;
  readonly witnessed: (origin: string, size: number, before: number | null) => string;
  readonly sendBack: string;
  readonly keyMade: (file: string, line: string) => string;
  readonly logKey: (origin: string, line: string) => string;
  readonly bundled: (from: number, to: number, out: string) => string;
  readonly nothing: string;
  readonly erased: (at: string, by: number) => string;
  readonly withheld: string;
}

const EN: Words = {
  verifying: "Checking",
  folderMissing: "error: name the folder of a journal or a bundle, or a proof with --proof",
  proofNeedsKey: "error: give the journal's public key with --key, or a witness's with --witness-key",
  verdict: {
    sound: "SOUND: nothing was changed, and somebody independent vouches for it.",
    alone: "NOTHING SPEAKS AGAINST IT, and something that would speak for it is missing.",
    broken: "NOT SOUND: this is not what was signed, or not what others were shown.",
  },
  severity: { broken: "WRONG", doubt: "DOUBT", remark: "REMARK" },
  checked: (report) => [
    `${report.origin ?? "no readable name"}, ${report.size} leaves signed, root ${report.root ?? "unknown"}`,
    ...(report.range.from === 0 && report.range.to === report.size
      ? []
      : [`a part: leaves ${report.range.from} to ${report.range.to - 1} of ${report.size}`]),
    `${report.leaves.checked} leaves read${report.leaves.first === null ? "" : `, ${report.leaves.first} to ${report.leaves.last}`}`,
    `${report.payloads.intact} contents intact, ${report.payloads.erased} erased on record, ${report.payloads.withheld} not shown here`,
    `${report.vouchedTo} leaves vouched for by somebody independent`,
    ...report.signatures.map(
      ({ name, keyId, kind, state, at, size }) =>
        `signature of ${name} (${kind}, key ${keyId}): ${state}${at === null ? "" : `, ${at}`}${size === report.size ? "" : `, of ${size} leaves`}`,
    ),
    ...report.records.map(({ name, size, outcome }) => `${name} (${size} leaves): ${outcome}`),
  ],
  andMore: (count) => `and ${count} more`,
  proofHolds: (leaf, payload, origin, size, by) =>
    `THE PROOF HOLDS: leaf ${leaf.seq} is in the journal ${origin} of ${size} leaves, signed by ${by.join(", ")}.\n${leaf.at} ${leaf.type} by ${leaf.actor}\n${payload === null ? "Its content is erased, or not shown with this proof." : JSON.stringify(payload, null, 2)}\n`,
  signed: (size) => `Signed: ${size} leaves.`,
  takenUp: (witness, size, seq) =>
    `Taken up: ${witness} has signed the state of ${size} leaves (leaf ${seq}).`,
  witnessed: (origin, size, before) =>
    `Signed: ${origin} with ${size} leaves${before === null ? ", which this witness sees for the first time" : `, which continues the ${before} leaves seen before`}.`,
  sendBack:
    "Send the signed state back to whoever runs the journal; keep the memory file, and a copy of it elsewhere.",
  keyMade: (file, line) =>
    `The witness's key is in ${file}. It is a secret: nobody else may read it.\nIts public key, for everybody:\n${line}\n`,
  logKey: (origin, line) =>
    `Public key of ${origin}. Publish it where people look it up, such as the register and the notice:\n${line}\n`,
  bundled: (from, to, out) =>
    `Leaves ${from} to ${to - 1} are in ${out}. Check it: contrechamp journal verify ${out}`,
  nothing: "No such leaf.",
  erased: (at, by) => `erased ${at}, see leaf ${by}`,
  withheld: "not shown here",
};

const FR: Words = {
  verifying: "Vérification",
  folderMissing: "error: indiquez le dossier d'un journal ou d'un extrait, ou une preuve avec --proof",
  proofNeedsKey:
    "error: donnez la clé publique du journal avec --key, ou celle d'un témoin avec --witness-key",
  verdict: {
    sound: "INTACT : rien n'a été modifié, et quelqu'un d'indépendant en répond.",
    alone: "RIEN NE S'Y OPPOSE, mais il manque de quoi le confirmer.",
    broken: "PAS INTACT : ce n'est pas ce qui a été signé, ou pas ce que d'autres ont vu.",
  },
  severity: { broken: "FAUX", doubt: "DOUTE", remark: "REMARQUE" },
  checked: (report) => [
    `${report.origin ?? "nom illisible"}, ${report.size} feuilles signées, racine ${report.root ?? "inconnue"}`,
    ...(report.range.from === 0 && report.range.to === report.size
      ? []
      : [`un extrait : feuilles ${report.range.from} à ${report.range.to - 1}, sur ${report.size}`]),
    `${report.leaves.checked} feuilles lues${report.leaves.first === null ? "" : `, du ${report.leaves.first} au ${report.leaves.last}`}`,
    `${report.payloads.intact} contenus intacts, ${report.payloads.erased} effacés et inscrits comme tels, ${report.payloads.withheld} non montrés ici`,
    `${report.vouchedTo} feuilles dont répond quelqu'un d'indépendant`,
    ...report.signatures.map(
      ({ name, keyId, kind, state, at, size }) =>
        `signature de ${name} (${KIND_FR[kind]}, clé ${keyId}) : ${STATE_FR[state]}${at === null ? "" : `, ${at}`}${size === report.size ? "" : `, sur ${size} feuilles`}`,
    ),
    ...report.records.map(({ name, size, outcome }) => `${name} (${size} feuilles) : ${OUTCOME_FR[outcome]}`),
  ],
  andMore: (count) => `et ${count} autres`,
  proofHolds: (leaf, payload, origin, size, by) =>
    `LA PREUVE TIENT : la feuille ${leaf.seq} est dans le journal ${origin} de ${size} feuilles, signé par ${by.join(", ")}.\n${leaf.at} ${leaf.type} par ${leaf.actor}\n${payload === null ? "Son contenu est effacé, ou n'est pas joint à cette preuve." : JSON.stringify(payload, null, 2)}\n`,
  signed: (size) => `Signé : ${size} feuilles.`,
  takenUp: (witness, size, seq) =>
    `Enregistré : ${witness} a signé l'état de ${size} feuilles (feuille ${seq}).`,
  witnessed: (origin, size, before) =>
    `Signé : ${origin}, ${size} feuilles${before === null ? ", vu par ce témoin pour la première fois" : `, à la suite des ${before} feuilles déjà vues`}.`,
  sendBack:
    "Renvoyez l'état signé à l'exploitant du journal ; gardez le fichier de mémoire, et une copie ailleurs.",
  keyMade: (file, line) =>
    `La clé du témoin est dans ${file}. Elle est secrète : personne d'autre ne doit pouvoir la lire.\nSa clé publique, pour tous :\n${line}\n`,
  logKey: (origin, line) =>
    `Clé publique de ${origin}. Publiez-la là où on la cherchera, comme le registre et l'information du public :\n${line}\n`,
  bundled: (from, to, out) =>
    `Les feuilles ${from} à ${to - 1} sont dans ${out}. Pour le vérifier : contrechamp journal verify ${out}`,
  nothing: "Aucune feuille.",
  erased: (at, by) => `effacé le ${at}, voir la feuille ${by}`,
  withheld: "non montré ici",
};

const KIND_FR = { log: "journal", witness: "témoin", unknown: "inconnu" } as const;
const STATE_FR = { valid: "valable", wrong: "fausse", unknown: "clé inconnue ici" } as const;
const OUTCOME_FR = {
  agrees: "concorde",
  fork: "deux journaux de même longueur",
  rewritten: "passé réécrit",
  shrunk: "journal plus court qu'avant",
  not_compared: "non comparé",
} as const;

export const JOURNAL_WORDS: Readonly<Record<Language, Words>> = { en: EN, fr: FR };
