import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { Command, Option } from "commander";
import type { Problem } from "../config/diagnostics.ts";
import { asCoded, CodedError, EXIT, type ExitCode, fault } from "../errors.ts";
import type { EventType } from "../event.ts";
import { type LawAnswer, lawAt } from "../policy/law.ts";
import type { Hashed, Profile } from "../policy/profile.ts";
import {
  hashed,
  inspectProfile,
  listProfiles,
  loadProfile,
  readProfileFile,
} from "../policy/profile-load.ts";
import { profileMarkdown } from "../policy/profile-markdown.ts";
import { aboutWords, profilePage, reasonWords } from "../policy/profile-page.ts";
import { PROFILE_WORDS } from "../policy/profile-words.ts";
import type { FootageKind, Use } from "../policy/question.ts";
import { dateAndTime } from "../policy/time-words.ts";
import { timeline } from "../policy/timeline.ts";
import { embeddedFonts } from "../report/fonts.ts";
import { LANGUAGES, type Language, languageOf } from "../report/language.ts";
import { renderProfile } from "../report/profile-html.ts";
import { formatUtc, systemClock, type UtcMilliseconds } from "../time/clock.ts";
import { print, printJson } from "./print.ts";

/** `contrechamp profile list | show | lint`: law as data, for people. Coded errors reject the parse. */
export function profileCommand(): Command {
  const command = new Command("profile").description(
    "The law as data: what profiles say, and whether they are sound",
  );
  const language = () =>
    new Option("--lang <language>", "language of what is printed").choices([...LANGUAGES]);
  command
    .command("list")
    .description("the profiles that come with Contrechamp, and what each says now")
    .option("--at <instant>", "say it for another instant, such as 2024-07-26T17:30:00+02:00")
    .addOption(language())
    .option("--json", "print JSON")
    .addHelpText("after", "\nExit codes: 0; 64 wrong usage.")
    .action(list);
  command
    .command("show")
    .description("a profile as a page that a jurist can read and correct")
    .argument("<profile>", "the id of one that comes with Contrechamp, or the path of a file")
    .option("--at <instant>", "what it answers at an instant, such as 2024-07-26T17:30:00+02:00")
    .option("--html <file>", "write the page as one HTML file, in both languages")
    .addOption(language())
    .option("--json", "print the profile, its timeline and its answers as JSON")
    .addHelpText(
      "after",
      `
Exit codes: 0; 64 wrong usage; 66 no such profile, or it cannot be read; 73 the page cannot be written;
78 the profile is not sound.`,
    )
    .action(show);
  command
    .command("lint")
    .description("say all that is wrong with profiles, with line and column")
    .argument("<file...>", "files to check")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      `
Exit codes: 0 sound (notes are no fault); 1 sound, with warnings; 66 a file cannot be read; 78 not sound.`,
    )
    .action(lint);
  return command;
}

interface ListOptions {
  readonly at?: string;
  readonly lang?: Language;
  readonly json?: boolean;
}

/** What a profile answers at an instant to questions that it answers alike at all times. */
interface AnswerAt {
  readonly events: readonly EventType[];
  readonly footage: readonly FootageKind[];
  readonly uses: readonly Use[];
  readonly permit: string | null;
  readonly denials: LawAnswer["denials"];
}

async function list(options: ListOptions): Promise<void> {
  const language = options.lang ?? languageOf(process.env);
  const at = instantOf(options.at) ?? systemClock.now();
  const profiles = await listProfiles();
  if (options.json === true) {
    const listed = profiles.map(({ profile, sha256 }) => ({
      id: profile.id,
      kind: profile.kind,
      version: profile.version,
      title: profile.title,
      jurisdiction: profile.jurisdiction,
      sha256,
      at: formatUtc(at),
      answers: answersAt(profile, at),
    }));
    return printJson(listed);
  }
  for (const { profile } of profiles) {
    print(`${profile.id} ${profile.version}`);
    print(`  ${profile.title[language]}`);
    print(`  ${PROFILE_WORDS[language].kind[profile.kind]}`);
    for (const line of answerLines(profile, at, language)) print(`  ${line}`);
  }
}

interface ShowOptions extends ListOptions {
  readonly html?: string;
}

async function show(nameOrPath: string, options: ShowOptions): Promise<void> {
  const language = options.lang ?? languageOf(process.env);
  const at = instantOf(options.at);
  const loaded = await loadProfile(nameOrPath);
  const { html } = options;
  if (html !== undefined) await writePage(loaded, language, html);
  if (options.json === true) {
    const answers = at === null ? null : { at: formatUtc(at), answers: answersAt(loaded.profile, at) };
    const page = html === undefined ? null : resolve(html);
    return print(
      JSON.stringify(
        {
          schema: "contrechamp/profile-view@1",
          sha256: loaded.sha256,
          profile: loaded.profile,
          timeline: timeline(loaded.profile).map(({ spans, ...lane }) => ({
            ...lane,
            spans: spans.map(({ answer, ...span }) => ({ ...span, ...plain(answer) })),
          })),
          answersAt: answers,
          html: page,
        },
        null,
        2,
      ),
    );
  }
  if (at !== null) for (const line of answerLines(loaded.profile, at, language)) print(line);
  else if (html === undefined) process.stdout.write(profileMarkdown(profilePage(loaded, language)));
  if (html !== undefined) print(WORDS[language].written(resolve(html)));
}

interface Linted {
  readonly file: string;
  readonly valid: boolean;
  readonly id: string | null;
  readonly sha256: string | null;
  readonly problems: readonly Problem[];
  readonly notes: readonly Problem[];
  /** Why it could not even be read; null otherwise. */
  readonly error: { readonly code: string; readonly message: string; readonly help: string } | null;
}

async function lint(files: readonly string[], options: { readonly json?: boolean }): Promise<void> {
  const linted: { readonly result: Linted; readonly exit: ExitCode }[] = [];
  for (const file of files) linted.push(await lintFile(file));
  const results = linted.map(({ result }) => result);
  if (options.json === true) printJson(results);
  else for (const result of results) printLinted(result);
  const exits = linted.map(({ exit }) => exit);
  process.exitCode = GRAVEST.find((exit) => exits.includes(exit)) ?? EXIT.ok;
}

const GRAVEST = [EXIT.internal, EXIT.noInput, EXIT.config, EXIT.partial] as const;

/** One file that cannot be read does not keep the others from being checked. */
async function lintFile(file: string): Promise<{ readonly result: Linted; readonly exit: ExitCode }> {
  const nothing = { file, valid: false, id: null, sha256: null, problems: [], notes: [] };
  try {
    const { profile, problems, notes } = inspectProfile(await readProfileFile(file), file);
    if (profile === null) return { result: { ...nothing, problems, notes, error: null }, exit: EXIT.config };
    const { sha256 } = hashed(profile);
    return {
      result: { file, valid: true, id: profile.id, sha256, problems, notes, error: null },
      exit: problems.length > 0 ? EXIT.partial : EXIT.ok,
    };
  } catch (thrown) {
    if (!(thrown instanceof CodedError)) throw thrown;
    const { code, message, help, exit } = asCoded(thrown);
    return { result: { ...nothing, error: { code, message, help } }, exit };
  }
}

function printLinted({ file, valid, id, sha256, problems, notes, error }: Linted): void {
  if (error !== null) {
    print(`${error.message} (${error.code})\n  ${error.help}`);
    return;
  }
  print(valid ? `${file} is sound: ${id} (SHA-256 ${sha256})` : `${file} cannot be used`);
  const helped = new Set<string>();
  const tell = (severity: string, problem: Problem) => {
    print(`${severity}: ${problem.message} (${problem.code})`);
    if (!helped.has(problem.code)) print(`  ${problem.help}`);
    helped.add(problem.code);
  };
  for (const problem of problems) tell(problem.severity, problem);
  for (const problem of notes) tell("note", problem);
}

async function writePage(profile: Hashed<Profile>, language: Language, file: string): Promise<void> {
  const page = renderProfile({
    pages: { en: profilePage(profile, "en"), fr: profilePage(profile, "fr") },
    language,
    fonts: await embeddedFonts(),
  });
  try {
    await writeFile(file, page);
  } catch (thrown) {
    const reason = thrown instanceof Error && "code" in thrown ? String(thrown.code) : String(thrown);
    throw fault("PROFILE_PAGE", { file: resolve(file), reason }, thrown);
  }
}

function answersAt(profile: Profile, at: UtcMilliseconds): readonly AnswerAt[] {
  // A lane's questions are answered alike at all times, so that the first stands for all.
  return timeline(profile).flatMap(({ events, footage, uses }) => {
    const [event] = events;
    const [kind] = footage;
    const [use] = uses;
    if (event === undefined || kind === undefined || use === undefined) return [];
    return [{ events, footage, uses, ...plain(lawAt(profile, { at, event, footage: kind, use })) }];
  });
}

function plain({ permit, denials }: LawAnswer): Pick<AnswerAt, "permit" | "denials"> {
  return { permit: permit?.id ?? null, denials };
}

/** When, then for each kind of question what is answered, by which rule, and its source. */
function answerLines(profile: Profile, at: UtcMilliseconds, language: Language): readonly string[] {
  const when = `${dateAndTime(formatUtc(at), profile.timeZone, language)} (${profile.timeZone})`;
  const answers = answersAt(profile, at).flatMap(({ events, footage, uses, permit, denials }) => [
    `  ${aboutWords(events, footage, uses, language)}`,
    `    ${answerWords(permit, denials, language)}`,
    ...denials.map(({ ruleId, source }) => `      ${ruleId === null ? "" : `${ruleId}: `}${source}`),
    ...(permit === null ? [] : [`      ${permit}. ${WORDS[language].more}`]),
  ]);
  return [when, ...answers];
}

function answerWords(permit: string | null, denials: LawAnswer["denials"], language: Language): string {
  const words = PROFILE_WORDS[language];
  if (permit !== null) return words.verdict.permitted;
  if (denials.length === 0) return words.verdict.silent;
  return words.refused([...new Set(denials.map(({ code }) => reasonWords(code, language)))]);
}

const WORDS: Readonly<
  Record<Language, { readonly more: string; readonly written: (file: string) => string }>
> = {
  en: {
    more: "The law alone is not enough: `contrechamp check` says what else a camera needs.",
    written: (file) => `Page written to ${file}`,
  },
  fr: {
    more: "Le droit ne suffit pas : `contrechamp check` dit ce qu’il faut d’autre à une caméra.",
    written: (file) => `Page écrite dans ${file}`,
  },
};

/** @throws PROFILE_INSTANT; an instant without its offset would be another one in summer */
function instantOf(text: string | undefined): UtcMilliseconds | null {
  if (text === undefined) return null;
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
  if (Number.isNaN(at)) throw fault("PROFILE_INSTANT", { found: JSON.stringify(text) });
  return at;
}
