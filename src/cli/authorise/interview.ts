import type { Readable, Writable } from "node:stream";
import { styleText } from "node:util";
import {
  cancel,
  confirm,
  intro,
  isCancel,
  multiselect,
  note,
  outro,
  S_BAR,
  select,
  text,
} from "@clack/prompts";
import type { Draft } from "../../policy/authorisation-template.ts";
import type { LanguageMap } from "../../policy/fields.ts";
import type { Language } from "../../report/language.ts";
import { conditionLine } from "./answers.ts";
import { defaultsOf, type Given, missingFields } from "./draft-parts.ts";
import type { Field, Situation } from "./field.ts";

/** Where a person is asked: the terminal, or streams that stand for it. */
export interface Desk {
  readonly input: Readable;
  /** `columns` where it knows its width. */
  readonly output: Writable & { readonly columns?: number };
}

/**
 * Asks for what is still missing, a question a field, each with one sentence that says what it is for and where that
 * is written. Each answer is checked at once and asked again where it cannot be taken.
 * @param draft what is known already: it is not asked for
 * @param options.study it is signed and published in the same breath
 * @returns the answers by flag; null where the person left (Ctrl-C)
 */
export async function interview(
  fields: readonly Field[],
  draft: Draft,
  situation: Situation,
  language: Language,
  desk: Desk,
  { study }: { readonly study: boolean } = { study: false },
): Promise<Given | null> {
  const words = WORDS[language];
  const asked = missingFields(fields, draft, situation);
  const defaults = defaultsOf(fields, draft, situation);
  const given = new Map<string, readonly string[]>();
  const { kind, profile } = situation;
  intro(styleText("bold", `${words.kind[kind]} · ${profile.title[language]}`), desk);
  if (asked.length > 0) {
    note([words.how(asked.length), ...(study ? [] : [words.nothingYet])].join("\n"), undefined, desk);
  }
  for (const [index, field] of asked.entries()) {
    const answers = await askField(field, defaults.get(field.flag)?.[0], situation, language, desk, {
      index: index + 1,
      of: asked.length,
    });
    if (answers === null) return leave(words.left, desk);
    given.set(field.flag, answers);
  }
  if (kind === "analytic_authorisation" && profile.requires.cameraAuthorisation) {
    const conditions = await askConditions(language, desk);
    if (conditions === null) return leave(words.left, desk);
    if (conditions.length > 0) given.set("condition", conditions);
  }
  outro(words.done, desk);
  return given;
}

/** One field. @returns its texts, null where the person left */
export async function askField(
  field: Field,
  initial: string | undefined,
  { profile }: Situation,
  language: Language,
  desk: Desk,
  place: { readonly index: number; readonly of: number },
): Promise<readonly string[] | null> {
  const count = styleText("dim", `${place.index}/${place.of}`);
  const { choices } = field;
  if (choices !== undefined) {
    const message = `${field.question[language]} ${count}\n${styleText("dim", field.why[language])}`;
    const options = choices.map((value) => ({ value, label: value }));
    if (field.many === true) {
      const chosen = await multiselect<string>({ message, options, required: true, ...desk });
      return isCancel(chosen) ? null : chosen;
    }
    const chosen = await select<string>({
      message,
      options,
      ...(initial === undefined ? {} : { initialValue: initial }),
      ...desk,
    });
    return isCancel(chosen) ? null : [chosen];
  }
  const split = (value: string): readonly string[] =>
    field.many === true
      ? value
          .split(",")
          .map((part) => part.trim())
          .filter((part) => part !== "")
      : [value];
  const answer = await text({
    message: `${field.question[language]} ${count}${beneath(field.why[language], desk)}`,
    ...(initial === undefined ? {} : { initialValue: initial }),
    validate: (value) => {
      const parts = split(value ?? "");
      const first = parts.length === 0 ? field.read("", profile.timeZone) : null;
      const wrong = [
        ...(first === null ? [] : [first]),
        ...parts.map((part) => field.read(part, profile.timeZone)),
      ];
      const expected = wrong.find((one) => one.expected !== undefined)?.expected;
      return expected === undefined ? undefined : WORDS[language].wanted(expected);
    },
    ...desk,
  });
  return isCancel(answer) ? null : split(answer);
}

/** Conditions beside the one that every authorisation of a public place has. */
async function askConditions(language: Language, desk: Desk): Promise<readonly string[] | null> {
  const words = WORDS[language];
  const conditions: string[] = [];
  for (;;) {
    const more = await confirm({
      message: `${conditions.length === 0 ? words.condition : words.another}\n${styleText("dim", words.conditionWhy)}`,
      initialValue: false,
      ...desk,
    });
    if (isCancel(more)) return null;
    if (!more) return conditions;
    const line = await text({
      message: words.conditionLine,
      placeholder: words.conditionExample,
      validate: (value) => {
        const { expected } = conditionLine(value ?? "", "UTC");
        return expected === undefined ? undefined : words.wanted(expected);
      },
      ...desk,
    });
    if (isCancel(line)) return null;
    conditions.push(line);
  }
}

/** The sentence under a question of text, wrapped and behind the bar: the other prompts do so by themselves. */
function beneath(text: string, { output }: Desk): string {
  const width = Math.max(30, Math.min(100, output.columns ?? 80) - 4);
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length + 1 > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.map((line) => `\n${styleText("gray", S_BAR)}  ${styleText("dim", line)}`).join("");
}

function leave(said: string, desk: Desk): null {
  cancel(said, desk);
  return null;
}

interface Words {
  readonly kind: Readonly<Record<Situation["kind"], string>>;
  readonly how: (questions: number) => string;
  readonly nothingYet: string;
  readonly wanted: (expected: LanguageMap) => string;
  readonly condition: string;
  readonly another: string;
  readonly conditionWhy: string;
  readonly conditionLine: string;
  readonly conditionExample: string;
  readonly left: string;
  readonly done: string;
}

const WORDS: Readonly<Record<Language, Words>> = {
  fr: {
    kind: {
      camera_authorisation: "Autorisation de filmer",
      analytic_authorisation: "Autorisation d’analyser",
    },
    how: (questions) =>
      `${questions} questions. Entrée accepte ce qui est proposé ; Ctrl-C quitte sans rien écrire.`,
    nothingYet: "Rien n’est valable avant d’être signé et publié.",
    wanted: (expected) => `Attendu : ${expected.fr}.`,
    condition: "Ajouter une condition à celle qui est déjà là (les motifs tiennent toujours) ?",
    another: "Encore une condition ?",
    conditionWhy: "Chaque condition est attestée à nouveau dans son délai, sinon l’analyse cesse.",
    conditionLine: "identifiant | texte français | texte anglais | délai",
    conditionExample: "gare-ouverte | La gare est ouverte. | The station is open. | PT24H",
    left: "Rien n’a été écrit.",
    done: "Tout est là.",
  },
  en: {
    kind: {
      camera_authorisation: "Authorisation to film",
      analytic_authorisation: "Authorisation to analyse",
    },
    how: (questions) =>
      `${questions} questions. Enter takes what is offered; Ctrl-C leaves and writes nothing.`,
    nothingYet: "Nothing is valid before it is signed and published.",
    wanted: (expected) => `Wanted: ${expected.en}.`,
    condition: "Add a condition to the one that is there (the grounds still stand)?",
    another: "One more condition?",
    conditionWhy: "Each condition is attested again within its time, or the analysis ends.",
    conditionLine: "identifier | French text | English text | time",
    conditionExample: "station-open | La gare est ouverte. | The station is open. | PT24H",
    left: "Nothing was written.",
    done: "That is all.",
  },
};
