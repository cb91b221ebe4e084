import { Command, Option } from "commander";
import { MOT_BENCHMARKS, type MotBenchmark, motChallengeFrames } from "../../audit/tracking/mot-challenge.ts";
import { readMotFile, scoredRows } from "../../audit/tracking/mot-file.ts";
import { type TrackingScores, trackingScores } from "../../audit/tracking/tracking-scores.ts";
import { FORMATS, LANGUAGES, type Language, languageOf } from "../../report/language.ts";

interface TracksFlags {
  readonly reference: string;
  readonly system: string;
  readonly benchmark?: MotBenchmark;
  readonly json?: boolean;
  readonly lang?: Language;
}

/** `contrechamp audit tracks`: scores of any tracker's file. */
export function tracksCommand(): Command {
  return new Command("tracks")
    .description("Score any tracker's file against true tracks: HOTA, MOTA, IDF1 and what they are made of")
    .requiredOption("--reference <file>", "true tracks, MOTChallenge format (gt.txt)")
    .requiredOption("--system <file>", "what a tracker made of the same pictures, in the same format")
    .addOption(
      new Option(
        "--benchmark <name>",
        "the reference is of this benchmark: its 8th column names kinds of object, and only pedestrians count",
      ).choices([...MOT_BENCHMARKS]),
    )
    .addOption(new Option("--lang <language>", "language of what is printed").choices([...LANGUAGES]))
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      `
A row a box: frame, id, left, top, width, height, confidence, ... Frames count from 1, coordinates are px. Rows of
the reference with confidence 0 are left out. The figures are those of TrackEval 1.3.0; where py-motmetrics 1.4.0
defines one differently, it stands beside it.
Exit codes: 0 scored; 64 wrong usage; 65 a file has faults; 66 one cannot be read.`,
    )
    .action(tracks);
}

async function tracks({ reference, system, benchmark, json, lang }: TracksFlags): Promise<void> {
  const [truth, tracked] = [await readMotFile(reference), await readMotFile(system)];
  const prepared =
    benchmark === undefined
      ? { reference: scoredRows(truth), system: tracked }
      : motChallengeFrames(truth, tracked, benchmark);
  const scores = trackingScores(prepared.reference, prepared.system);
  process.stdout.write(
    json === true
      ? `${JSON.stringify({ schema: "contrechamp/tracking-scores@1", benchmark: benchmark ?? null, ...scores }, null, 2)}\n`
      : tracksText(scores, lang ?? languageOf(process.env)),
  );
}

/** The figures in three groups, by TrackEval and, where it differs, by py-motmetrics. */
function tracksText(scores: TrackingScores, language: Language): string {
  const { number } = FORMATS[language];
  const words = WORDS[language];
  const share = (value: number | null) => (value === null ? "–" : number(value, 4));
  const { motmetrics } = scores;
  const rows: readonly (readonly [label: string, value: string, other: string])[] = [
    ["HOTA", share(scores.hota), ""],
    [words.detA, share(scores.detA), ""],
    [words.assA, share(scores.assA), ""],
    [words.locA, share(scores.locA), ""],
    ["MOTA", share(scores.mota), share(motmetrics.mota)],
    [words.motp, share(scores.motp), share(motmetrics.motp === null ? null : 1 - motmetrics.motp)],
    ...COUNTS.map((name) => [words[name], number(scores[name]), number(motmetrics[name])] as const),
    ["IDF1", share(scores.idf1), share(scores.idf1)],
    [words.idp, share(scores.idp), share(scores.idp)],
    [words.idr, share(scores.idr), share(scores.idr)],
  ];
  const all = [["", "TrackEval", "py-motmetrics"] as const, ...rows];
  const width = (column: 0 | 1 | 2) => Math.max(...all.map((row) => row[column].length));
  const lines = all.map(([label, value, other]) =>
    `${label.padEnd(width(0))}  ${value.padStart(width(1))}  ${other.padStart(width(2))}`.trimEnd(),
  );
  const what = words.compared(
    number(scores.pictures),
    number(scores.referenceTracks),
    number(scores.referenceBoxes),
    number(scores.systemTracks),
    number(scores.systemBoxes),
  );
  return `${what}\n\n${lines.join("\n")}\n`;
}

const COUNTS = [
  "truePositives",
  "misses",
  "falsePositives",
  "idSwitches",
  "fragmentations",
  "mostlyTracked",
  "partlyTracked",
  "mostlyLost",
] as const;

type Words = Readonly<
  Record<(typeof COUNTS)[number] | "detA" | "assA" | "locA" | "motp" | "idp" | "idr", string>
> & {
  readonly compared: (
    pictures: string,
    people: string,
    boxes: string,
    tracks: string,
    theirs: string,
  ) => string;
};

const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    compared: (pictures, people, boxes, tracks, theirs) =>
      `${pictures} pictures. Reference: ${people} tracks, ${boxes} boxes. System: ${tracks} tracks, ${theirs} boxes.`,
    detA: "  detection (DetA)",
    assA: "  association (AssA)",
    locA: "  localisation (LocA)",
    motp: "  mean overlap (MOTP)",
    truePositives: "  found (TP)",
    misses: "  missed (FN)",
    falsePositives: "  false (FP)",
    idSwitches: "  switches of track (IDSW)",
    fragmentations: "  interruptions (Frag)",
    mostlyTracked: "  tracked for most of their time (MT)",
    partlyTracked: "  for part of it (PT)",
    mostlyLost: "  hardly (ML)",
    idp: "  precision (IDP)",
    idr: "  recall (IDR)",
  },
  fr: {
    compared: (pictures, people, boxes, tracks, theirs) =>
      `${pictures} images. Référence : ${people} pistes, ${boxes} boîtes. Système : ${tracks} pistes, ${theirs} boîtes.`,
    detA: "  détection (DetA)",
    assA: "  association (AssA)",
    locA: "  localisation (LocA)",
    motp: "  recouvrement moyen (MOTP)",
    truePositives: "  trouvées (TP)",
    misses: "  manquées (FN)",
    falsePositives: "  fausses (FP)",
    idSwitches: "  changements de piste (IDSW)",
    fragmentations: "  interruptions (Frag)",
    mostlyTracked: "  suivies presque tout leur temps (MT)",
    partlyTracked: "  en partie (PT)",
    mostlyLost: "  à peine (ML)",
    idp: "  précision (IDP)",
    idr: "  rappel (IDR)",
  },
};
