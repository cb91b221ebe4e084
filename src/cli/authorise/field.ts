import type { Config } from "../../config/schema.ts";
import type { AuthorisationKind } from "../../policy/authorisation-template.ts";
import type { LanguageMap } from "../../policy/fields.ts";
import type { Regime } from "../../policy/profile.ts";
import type { UtcMilliseconds } from "../../time/clock.ts";
import type { Reader } from "./answers.ts";

/** What a field's question, default and necessity depend on. */
export interface Situation {
  readonly kind: AuthorisationKind;
  readonly profile: Regime;
  readonly now: UtcMilliseconds;
  readonly config: Config | null;
  readonly renewal: boolean;
}

/** One thing that a person says in an authorisation: a flag, a question, a place in the document. */
export interface Field {
  /** Where it stands in the document, such as `controller.name`. */
  readonly path: string;
  /** Without its hyphens. */
  readonly flag: string;
  /** What stands for its value in the help, such as `instant`. */
  readonly placeholder: string;
  readonly read: Reader;
  /** It may be given many times, and its value is a list. */
  readonly many?: true;
  /** Null: both kinds have it. */
  readonly only?: AuthorisationKind;
  readonly question: LanguageMap;
  /** One sentence: what it is for, and where that is written. */
  readonly why: LanguageMap;
  /** Whether the document is incomplete without it. */
  readonly needed: (situation: Situation) => boolean;
  /** What is offered, as a person would write it; null offers nothing. */
  readonly initial?: (situation: Situation) => string | null;
  /** The words that an answer is one of, to choose from. */
  readonly choices?: readonly string[];
}

export const always = (): boolean => true;
export const never = (): boolean => false;
/** Where there are people who are filmed: the regime asks for an authorisation to film. */
export const inPublic = ({ profile, kind }: Situation): boolean =>
  kind === "analytic_authorisation" && profile.requires.cameraAuthorisation;
/** Where French law is the law. */
export const inFrance = ({ profile }: Situation): boolean =>
  profile.jurisdiction === "FR" || profile.jurisdiction.startsWith("FR-");
