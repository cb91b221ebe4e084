import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { isCancel, select } from "@clack/prompts";
import { Command, Option } from "commander";
import { loadConfig } from "../../config/load.ts";
import type { Authorisation } from "../../policy/authorisation.ts";
import type { AuthorisationKind, Draft } from "../../policy/authorisation-template.ts";
import { writeDocument } from "../../policy/documents.ts";
import { draft, signDecision } from "../../policy/lifecycle.ts";
import type { Regime } from "../../policy/profile.ts";
import { listProfiles, loadRegime } from "../../policy/profile-load.ts";
import { type Clock, systemClock } from "../../time/clock.ts";
import { ANALYTIC_FIELDS, CAMERA_FIELDS } from "./analytic-fields.ts";
import { announce, type CommonOptions, commandLine, languageFor, withCommon } from "./change.ts";
import { COMMON_FIELDS } from "./common-fields.ts";
import { composeDraft, incomplete } from "./compose.ts";
import { draftOf, type Given, missingFields } from "./draft-parts.ts";
import type { Field, Situation } from "./field.ts";
import { readFill, slugOf } from "./files.ts";
import { instantOption } from "./instant.ts";
import { type Desk, interview } from "./interview.ts";
import { openKey } from "./keys.ts";
import { renewal } from "./renewal.ts";
import { identity, study } from "./study.ts";
import { STUDY_FIELDS, studyOptions } from "./study-fields.ts";
import { WORDS } from "./words.ts";

/** The options of `authorise new` that are no field of an authorisation. */
export interface NewOptions extends CommonOptions {
  readonly profile?: string;
  readonly kind: "camera" | "analytic";
  readonly from?: string;
  readonly fill?: string;
  readonly config?: string;
  readonly documents?: string;
  readonly out?: string;
  readonly sign?: string;
  readonly at?: string;
  readonly by?: string;
  readonly recording?: readonly string[];
  readonly purpose?: string;
  readonly key?: string;
  readonly url?: string;
}

/** `contrechamp authorise new`: write an authorisation, by questions, by options, from a file, or all three. */
export function newCommand(): Command {
  const command = new Command("new")
    .description("write an authorisation: by questions where there is a terminal, and by options")
    .option("--profile <id>", "the law it is given under: the id of a profile, or a path")
    .addOption(
      new Option("--kind <kind>", "to film, or to analyse what is filmed")
        .choices(["camera", "analytic"])
        .default("analytic"),
    )
    .option("--config <file>", "take cameras, events, zones and model from a configuration")
    .option("--fill <file>", "take fields from a file: a mapping with the keys of an authorisation")
    .option("--from <file>", "renew this authorisation: new grounds and dates, the rest taken over")
    .option("--documents <dir>", "folder of the site's documents: the file is written there")
    .option("--out <file>", "where it is written (default: the decision's number, in --documents or here)")
    .option("--by <name>", "who writes it (default: the authority)")
    .option("--at <instant>", "when it is written, for a decision that is transcribed later (default: now)")
    .option("--sign <key>", "sign the decision at once with this issuing key")
    .option("--recording <path>", "study: a recording, a file or a folder of images; may be repeated", gather)
    .option("--purpose <text>", "study: what it is for, in one sentence of any language")
    .option("--key <file>", "study: the key to sign and publish with (default: one is made)")
    .option("--url <url>", "study: where it is published (default: its own text, by hash)");
  for (const field of [...COMMON_FIELDS, ...ANALYTIC_FIELDS]) {
    const flags = `--${field.flag} <${field.placeholder}>`;
    if (field.many === true) command.option(flags, `${field.question.en}; may be repeated`, gather);
    else command.option(flags, field.question.en);
  }
  return withCommon(command, { changes: true })
    .addHelpText(
      "after",
      `
Instants are written 2024-07-26T17:30:00+02:00, or 2024-07-26 17:30 in the profile's time zone.
A study of one's own recordings is one command:
  contrechamp authorise new --profile recording-study --recording clip.mp4 --by NAME --purpose TEXT --documents DIR
Exit codes: 0 written; 64 something is missing or wrong: all of it is listed, and nothing was written;
65 what was read contradicts itself; 66 not found; 73 cannot write; 130 left by hand.`,
    )
    .action((options: NewOptions) => write(options, systemClock, process));
}

function gather(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

async function write(options: NewOptions, clock: Clock, { stdin, stdout }: NodeJS.Process): Promise<void> {
  const desk = stdin.isTTY && stdout.isTTY && options.json !== true ? { input: stdin, output: stdout } : null;
  if (options.from !== undefined) {
    const made = await renewal(
      options,
      givenOf([...COMMON_FIELDS, ...ANALYTIC_FIELDS], options),
      clock,
      desk,
    );
    return made === null ? leave() : finish(made.authorisation, made.profile, options, clock);
  }
  const config = options.config === undefined ? null : await loadConfig(options.config);
  const named =
    options.profile ?? config?.authority.profile ?? (desk === null ? null : await askProfile(options, desk));
  if (named === null) {
    if (desk !== null) return leave();
    throw incomplete([{ kind: "missing", line: "--profile <id>: the law it is given under" }]);
  }
  const { profile } = await loadRegime(named);
  const kind: AuthorisationKind =
    options.kind === "camera" ? "camera_authorisation" : "analytic_authorisation";
  const situation: Situation = { kind, profile, now: clock.now(), config, renewal: false };
  if (options.recording !== undefined || (profile.handling.journal === "run" && options.fill === undefined)) {
    return authoriseStudy({ ...options, profile: named }, situation, clock, desk);
  }
  const made = await compose(situation, options, desk);
  return made === null ? leave() : finish(made, profile, options, clock);
}

async function authoriseStudy(
  options: NewOptions & { readonly profile: string },
  situation: Situation,
  clock: Clock,
  desk: Desk | null,
): Promise<void> {
  let given = givenOf(STUDY_FIELDS, options);
  if (desk !== null) {
    const { draft: known } = draftOf(STUDY_FIELDS, given, situation);
    if (missingFields(STUDY_FIELDS, known, situation).length > 0) {
      const answers = await interview(STUDY_FIELDS, known, situation, languageFor(options), desk, {
        study: true,
      });
      if (answers === null) return leave();
      given = new Map([...given, ...answers]);
    }
  }
  const { by: _by, purpose: _purpose, documents: _documents, recording: _recording, ...others } = options;
  await study(studyOptions(others, given, situation), situation.profile, situation.config, clock);
}

async function askProfile(options: NewOptions, desk: Desk): Promise<string | null> {
  const language = languageFor(options);
  const regimes = (await listProfiles()).filter(({ profile }) => profile.kind === "regime");
  const chosen = await select<string>({
    message: language === "fr" ? "Sous quel droit ?" : "Under which law?",
    options: regimes.map(({ profile }) => ({
      value: profile.id,
      label: profile.id,
      hint: profile.title[language],
    })),
    ...desk,
  });
  return isCancel(chosen) ? null : chosen;
}

/** @returns the draft; null where the person left */
async function compose(
  situation: Situation,
  options: NewOptions,
  desk: Desk | null,
): Promise<Authorisation | null> {
  const fields = fieldsOf(situation.kind);
  const fill: Draft = options.fill === undefined ? {} : await readFill(options.fill);
  let given = givenOf(fields, options);
  let composed = await composeDraft(situation, fields, given, fill);
  if (desk !== null && composed.faults.every(({ kind }) => kind !== "value")) {
    const answers = await interview(fields, composed.draft, situation, languageFor(options), desk);
    if (answers === null) return null;
    given = new Map([...given, ...answers]);
    composed = await composeDraft(situation, fields, given, fill);
  }
  if (composed.authorisation === null) throw incomplete(composed.faults);
  return draft(composed.authorisation, {
    by: options.by ?? composed.authorisation.issuingAuthority.name,
    at: instantOption("--at", options.at, situation.profile.timeZone) ?? situation.now,
  });
}

/** Signs where it was asked for, writes the file, says so. */
async function finish(
  made: Authorisation,
  { timeZone }: Regime,
  options: NewOptions,
  clock: Clock,
): Promise<void> {
  const at = instantOption("--at", options.at, timeZone) ?? clock.now();
  const signs = options.sign !== undefined;
  const whole =
    options.sign === undefined ? made : signDecision(made, await openKey(options.sign), at, timeZone);
  const file = options.out ?? join(options.documents ?? ".", `${slugOf(whole.reference)}.yml`);
  if (options.documents !== undefined) await mkdir(options.documents, { recursive: true });
  await writeDocument(file, whole, { exclusive: true });
  await announce(
    {
      said: [WORDS[languageFor(options)].written(whole, file)],
      next: signs
        ? `${commandLine("authorise", "publish", file)} --key KEY --url URL`
        : `${commandLine("authorise", "sign", file)} --key KEY`,
      actor: options.by ?? whole.issuingAuthority.name,
      changes: [
        {
          type: "authorisation",
          payload: { action: signs ? "drafted_and_signed" : "drafted", ...identity(whole, file) },
        },
      ],
    },
    options,
    clock,
  );
}

function leave(): void {
  process.exitCode = LEFT;
}

/** As a shell has it: 128 and SIGINT. */
const LEFT = 130;

function fieldsOf(kind: AuthorisationKind): readonly Field[] {
  return [...COMMON_FIELDS, ...(kind === "camera_authorisation" ? CAMERA_FIELDS : ANALYTIC_FIELDS)];
}

/** The options of the command line that are fields, by flag. */
function givenOf(fields: readonly Field[], options: object): Given {
  const given = new Map<string, readonly string[]>();
  for (const { flag } of fields) {
    const value: unknown = Reflect.get(options, camelCase(flag));
    if (typeof value === "string") given.set(flag, [value]);
    else if (Array.isArray(value)) given.set(flag, value.map(String));
  }
  return given;
}

function camelCase(flag: string): string {
  return flag.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
