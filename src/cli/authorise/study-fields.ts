import { expandSource } from "../../config/address.ts";
import type { Config } from "../../config/schema.ts";
import { isLive } from "../../sources/address.ts";
import { existingPath, oneLine, prose } from "./answers.ts";
import type { CommonOptions } from "./change.ts";
import { incomplete, missingFault, refusedFault } from "./compose.ts";
import { draftOf, type Given, missingFields } from "./draft-parts.ts";
import { always, type Field, type Situation } from "./field.ts";

/** The options of a study, whole. */
export interface StudyOptions extends CommonOptions {
  readonly by: string;
  readonly purpose: string;
  readonly documents: string;
  readonly recording?: readonly string[];
  readonly profile?: string;
  readonly config?: string;
  readonly key?: string;
  readonly url?: string;
  readonly model?: string;
  readonly validFrom?: string;
  readonly validUntil?: string;
}

/** What a study has to say. In the order in which a person is asked. */
export const STUDY_FIELDS: readonly Field[] = [
  {
    path: "recording",
    flag: "recording",
    placeholder: "path",
    many: true,
    read: existingPath,
    question: { fr: "Enregistrements, séparés par des virgules", en: "Recordings, separated by commas" },
    why: {
      fr: "Fichiers ou dossiers d’images ; seuls ceux-là pourront être analysés.",
      en: "Files or folders of images; only these can then be analysed.",
    },
    needed: ({ config }) => !hasRecordings(config),
  },
  {
    path: "by",
    flag: "by",
    placeholder: "name",
    read: oneLine,
    question: { fr: "Qui étudie", en: "Who studies" },
    why: {
      fr: "La personne qui décide de cette étude et en répond.",
      en: "The person who decides on this study and answers for it.",
    },
    needed: always,
  },
  {
    path: "purpose",
    flag: "purpose",
    placeholder: "text",
    read: prose,
    question: { fr: "Pour quoi", en: "What for" },
    why: {
      fr: "En une phrase : elle est signée avec le reste.",
      en: "In one sentence: it is signed with the rest.",
    },
    needed: always,
  },
  {
    path: "documents",
    flag: "documents",
    placeholder: "dir",
    read: oneLine,
    question: { fr: "Dossier des documents", en: "Folder of the documents" },
    why: {
      fr: "L’autorisation et les clés de confiance y sont écrites ; watch les y lit.",
      en: "The authorisation and the trusted keys are written there; watch reads them there.",
    },
    needed: always,
    initial: () => "authorisations",
  },
];

/** Whether a configuration reads recordings, which then need not be named. */
export function hasRecordings(config: Config | null): boolean {
  return config?.cameras.some(({ source }) => !isLive(expandSource(source, process.env))) ?? false;
}

/** The options of a study from what was given, or one error that lists all that is missing. */
export function studyOptions(
  options: Omit<StudyOptions, "by" | "purpose" | "documents">,
  given: Given,
  situation: Situation,
): StudyOptions {
  const { draft, refused } = draftOf(STUDY_FIELDS, given, situation);
  const missing = missingFields(STUDY_FIELDS, draft, situation);
  if (refused.length > 0 || missing.length > 0)
    throw incomplete([...refused.map(refusedFault), ...missing.map(missingFault)]);
  const one = (flag: string) => given.get(flag)?.at(-1) ?? "";
  const recording = given.get("recording");
  return {
    ...options,
    by: one("by").trim(),
    purpose: one("purpose").trim(),
    documents: one("documents"),
    ...(recording === undefined ? {} : { recording }),
  };
}
