import type { SuiteProgress } from "../../audit/run/run-suite.ts";
import type { EventScores, Scores } from "../../audit/scores.ts";
import type { Language } from "../../report/language.ts";
import { FORMATS } from "../../report/language.ts";

/** What `audit run` says while it runs and when it is done. Each language is written for itself. */
interface Words {
  readonly begin: (suite: string, clips: number, video: string) => string;
  readonly resumed: (video: string) => string;
  readonly clipDone: (id: string, done: number, of: number, left: string | null) => string;
  readonly clipFailed: (id: string, why: string) => string;
  readonly warning: string;
  readonly head: readonly string[];
  readonly notWatched: (events: string) => string;
  /** @param leaning persons that it counts too many on balance, negative where too few */
  readonly counts: (clip: string, mae: string, bias: string, leaning: number, samples: number) => string;
  readonly tracking: (clip: string, hota: string, mota: string, idf1: string) => string;
  readonly exposure: (hours: string, wall: string, cpu: string) => string;
  /** What looked like an event, and how much of it raised an alert. */
  readonly distractors: (event: string, alerts: number, of: number, share: string) => string;
  readonly intervals: string;
  readonly written: (what: string, path: string) => string;
  readonly of: string;
  readonly none: string;
}

const EN: Words = {
  begin: (suite, clips, video) => `Suite ${suite}: ${clips} clips, ${video} of video.`,
  resumed: (video) => `${video} of it were analysed before an interruption; the run goes on from there.`,
  clipDone: (id, done, of, left) => `${done} of ${of}  ${id}${left === null ? "" : `  about ${left} left`}`,
  clipFailed: (id, why) => `${id} could not be analysed, and its events count as missed: ${why}`,
  warning: "Warning",
  head: ["event", "found", "recall", "false alarms", "an hour", "precision", "to alert"],
  notWatched: (events) =>
    `Not looked for, because this version has no rule for it: ${events}. Its events count as missed.`,
  counts: (clip, mae, bias, leaning, samples) =>
    `Counts on ${clip}: off by ${mae} on average, on balance ${bias} too ${leaning < 0 ? "few" : "many"} (${samples} instants).`,
  tracking: (clip, hota, mota, idf1) => `Tracking on ${clip}: HOTA ${hota}, MOTA ${mota}, IDF1 ${idf1}.`,
  exposure: (hours, wall, cpu) => `${hours} camera-hours, analysed in ${wall} (${cpu} of processor time).`,
  distractors: (event, alerts, of, share) =>
    `Of ${of} that look like ${event} and are not, ${alerts} raised an alert: ${share}.`,
  intervals: "In brackets: 95 % intervals. What happens elsewhere is another matter.",
  written: (what, path) => `${what}  ${path}`,
  of: "of",
  none: "none",
};

const FR: Words = {
  begin: (suite, clips, video) => `Jeu d’essai ${suite} : ${clips} séquences, ${video} de vidéo.`,
  resumed: (video) => `${video} étaient déjà analysées avant une interruption ; la mesure reprend de là.`,
  clipDone: (id, done, of, left) =>
    `${done} sur ${of}  ${id}${left === null ? "" : `  encore ${left} environ`}`,
  clipFailed: (id, why) => `${id} n’a pas pu être analysée, ses événements comptent comme manqués : ${why}`,
  warning: "Attention",
  head: ["événement", "trouvés", "rappel", "fausses alertes", "par heure", "précision", "délai"],
  notWatched: (events) =>
    `Pas recherché, faute de règle dans cette version : ${events}. Ces événements comptent comme manqués.`,
  counts: (clip, mae, bias, leaning, samples) =>
    `Comptage sur ${clip} : écart de ${mae} en moyenne, soit tout compte fait ${bias} ${leaning < 0 ? "de moins" : "de plus"} que la réalité (${samples} instants).`,
  tracking: (clip, hota, mota, idf1) => `Suivi sur ${clip} : HOTA ${hota}, MOTA ${mota}, IDF1 ${idf1}.`,
  exposure: (hours, wall, cpu) => `${hours} heures-caméra, analysées en ${wall} (${cpu} de processeur).`,
  distractors: (event, alerts, of, share) =>
    `Sur ${of} leurres de ${event}, ${alerts} ${alerts > 1 ? "ont" : "a"} levé une alerte : ${share}.`,
  intervals: "Entre crochets : intervalles à 95 %. Ce qui se passe ailleurs est une autre affaire.",
  written: (what, path) => `${what}  ${path}`,
  of: "sur",
  none: "aucune",
};

const WORDS: Readonly<Record<Language, Words>> = { en: EN, fr: FR };

/** The line of what begins. */
export function beginning(language: Language, suite: string, progress: SuiteProgress): readonly string[] {
  const { duration } = FORMATS[language];
  const words = WORDS[language];
  return [
    words.begin(suite, progress.clips, duration(progress.videoSeconds)),
    ...(progress.keptSeconds === 0 ? [] : [words.resumed(duration(progress.keptSeconds))]),
  ];
}

/** The line of a clip that has ended. @param left seconds that the rest may take; null where nothing is known */
export function clipEnded(
  language: Language,
  { ended, done, clips }: SuiteProgress,
  left: number | null,
): string | null {
  if (ended === null) return null;
  const words = WORDS[language];
  if (ended.error !== null) return words.clipFailed(ended.id, ended.error.message);
  return words.clipDone(
    ended.id,
    done,
    clips,
    left === null || done === clips ? null : FORMATS[language].duration(left),
  );
}

export function warning(language: Language, message: string): string {
  return `${WORDS[language].warning}: ${message}`;
}

/** What was found, as text for a terminal: a table of events, then what else was measured. */
export function summary(language: Language, scores: Scores, notWatched: readonly string[]): string {
  const words = WORDS[language];
  const f = FORMATS[language];
  const table = [words.head, ...Object.entries(scores.events).map(([event, s]) => row(language, event, s))];
  const widths = words.head.map((_, column) => Math.max(...table.map((cells) => cells[column]?.length ?? 0)));
  const lines = table.map((cells) =>
    cells
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("  "),
  );
  const wall = scores.clips.reduce((sum, { wallSeconds }) => sum + wallSeconds, 0);
  const cpu = scores.clips.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
  return [
    ...lines,
    ...Object.entries(scores.events).flatMap(([event, s]) => misled(language, event, s) ?? []),
    words.intervals,
    ...(notWatched.length === 0 ? [] : [words.notWatched(notWatched.join(", "))]),
    ...scores.clips.flatMap(({ id, counts }) =>
      counts === null
        ? []
        : [
            words.counts(
              id,
              f.number(counts.mae, 1),
              f.number(Math.abs(counts.bias), 1),
              counts.bias,
              counts.samples,
            ),
          ],
    ),
    ...scores.clips.flatMap(({ id, tracking }) =>
      tracking === null
        ? []
        : [
            words.tracking(
              id,
              f.number(tracking.hota, 3),
              f.number(tracking.mota, 3),
              f.number(tracking.idf1, 3),
            ),
          ],
    ),
    words.exposure(f.number(scores.exposureHours, 2), f.duration(wall), f.duration(cpu)),
  ].join("\n");
}

/** Null where the references name nothing that looks like it. */
function misled(
  language: Language,
  event: string,
  { distractors = 0, alertsOnDistractors = 0, distractorInterval }: EventScores,
): string | null {
  if (distractors === 0 || distractorInterval === undefined) return null;
  const { percent } = FORMATS[language];
  const [low, high] = distractorInterval;
  const share = `${percent(alertsOnDistractors / distractors)} [${percent(low)}, ${percent(high)}]`;
  return WORDS[language].distractors(event, alertsOnDistractors, distractors, share);
}

function row(language: Language, event: string, s: EventScores): readonly string[] {
  const words = WORDS[language];
  const { number, percent } = FORMATS[language];
  const share = (value: number | null, [low, high]: readonly [number, number]) =>
    value === null ? words.none : `${percent(value)} [${percent(low)}, ${percent(high)}]`;
  const rate = s.falseAlarmsPerHourInterval;
  return [
    event,
    `${s.hits} ${words.of} ${s.references}`,
    share(s.recall, s.recallInterval),
    // Nobody looked: that there was none is not known.
    rate === null ? "–" : String(s.falseAlarms),
    rate === null || s.falseAlarmsPerHour === null
      ? "–"
      : `${number(s.falseAlarmsPerHour, 1)} [${number(rate[0], 1)}, ${number(rate[1], 1)}]`,
    share(s.precision, s.precisionInterval),
    s.secondsToAlert.p50 === null ? "–" : `${number(s.secondsToAlert.p50, 1)} s`,
  ];
}
