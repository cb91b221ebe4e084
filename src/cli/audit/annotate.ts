import { basename, extname } from "node:path";
import { Command, Option } from "commander";
import { clipOfSuite, kindsOf } from "../../audit/annotate/kinds.ts";
import { describeRecording } from "../../audit/annotate/recording.ts";
import { ReferenceFile } from "../../audit/annotate/reference-file.ts";
import { startAnnotation } from "../../audit/annotate/server.ts";
import { fault } from "../../errors.ts";
import { LANGUAGES, type Language, languageOf } from "../../report/language.ts";
import { print } from "../print.ts";

interface Options {
  readonly reference?: string;
  readonly suite?: string;
  readonly clip?: string;
  readonly port: string;
  readonly tolerance: string;
  readonly lang?: Language;
  readonly json?: boolean;
}

/** What is to be shown and written. */
interface Task {
  readonly video: string;
  readonly reference: string;
  readonly rules: ReadonlyMap<string, string> | null;
}

/** `contrechamp audit annotate VIDEO`: events and boxes marked by keyboard. Coded errors reject the parse. */
export function annotateCommand(): Command {
  return new Command("annotate")
    .description("mark by keyboard what happens in a recording, on a page of your own machine")
    .argument("[video]", "a recording that browsers play; left out with --suite")
    .option("--reference <file>", "what is written; VIDEO with .reference.json in place of its extension")
    .option("--suite <file>", "take recording, reference and rules of a clip of this suite")
    .option("--clip <id>", "the clip of the suite")
    .option("--tolerance <seconds>", "by how much times of new events may be off", "0.5")
    .option("--port <number>", "port on 127.0.0.1; 0 takes a free one", "0")
    .addOption(new Option("--lang <language>", "language of the page").choices([...LANGUAGES]))
    .option("--json", "print the address as JSON")
    .addHelpText(
      "after",
      `
The page is reachable from this machine only, under an address that holds a random token. Ctrl-C ends it; all that is
marked is saved as it is made. The recording stays where it is: nothing of it is copied or sent.

Exit codes: 0 ended by hand; 64 wrong usage; 65 browsers do not play it, or the reference is damaged; 66 not found;
69 the port cannot be used; 73 the reference cannot be written.`,
    )
    .action(annotate);
}

async function annotate(video: string | undefined, options: Options): Promise<void> {
  const port = number("--port", options.port, 65_535);
  if (!Number.isInteger(port)) throw wrongNumber("--port", options.port, 65_535);
  const tolerance = number("--tolerance", options.tolerance, 3600);
  const task = await taskOf(video, options);
  const recording = await describeRecording(task.video);
  const { duration } = recording;
  const reference = await ReferenceFile.open(task.reference, { rules: task.rules, duration });
  const server = await startAnnotation({
    recording,
    reference,
    referenceName: basename(task.reference),
    kinds: kindsOf(task.rules),
    tolerance,
    language: options.lang ?? null,
    port,
  });
  const language = options.lang ?? languageOf(process.env);
  const { address } = server;
  if (options.json === true) print(JSON.stringify({ address, video: task.video, reference: task.reference }));
  else for (const line of WORDS[language](address, task.reference)) print(line);
  await stopped();
  await server.close();
}

async function taskOf(video: string | undefined, options: Options): Promise<Task> {
  const { suite, clip } = options;
  if (suite === undefined && clip === undefined) {
    if (video === undefined) throw fault("ANNOTATE_OPTIONS", { what: "No recording is named" });
    return { video, reference: options.reference ?? besides(video), rules: null };
  }
  if (suite === undefined || clip === undefined)
    throw fault("ANNOTATE_OPTIONS", { what: "--suite and --clip belong together" });
  if (video !== undefined)
    throw fault("ANNOTATE_OPTIONS", {
      what: "The clip of the suite names its recording; VIDEO is one too many",
    });
  const found = await clipOfSuite(suite, clip);
  return { ...found, reference: options.reference ?? found.reference };
}

function besides(video: string): string {
  return `${video.slice(0, video.length - extname(video).length)}.reference.json`;
}

function number(option: string, value: string, most: number): number {
  const found = Number(value);
  if (value.trim() !== "" && found >= 0 && found <= most) return found;
  throw wrongNumber(option, value, most);
}

function wrongNumber(option: string, value: string, most: number) {
  return fault("ANNOTATE_OPTIONS", {
    what: `${option} is ${JSON.stringify(value)}; it must be 0 to ${most}`,
  });
}

/** Resolves when somebody asks the program to end. */
function stopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => resolve());
  });
}

const WORDS: Readonly<Record<Language, (address: string, file: string) => readonly string[]>> = {
  en: (address, file) => [
    `Open ${address}`,
    `What you mark is written to ${file} as you go. Nothing leaves this machine. Ctrl-C ends.`,
  ],
  fr: (address, file) => [
    `Ouvrez ${address}`,
    `Ce que vous marquez est écrit au fur et à mesure dans ${file}. Rien ne quitte cette machine. Ctrl-C termine.`,
  ],
};
