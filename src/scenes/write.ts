import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { type ContainerExtension, H264Writer } from "../encoding/h264-writer.ts";
import { type CodedError, fault } from "../errors.ts";
import { type ReferenceDistractor, referenceDistractors } from "./distractors.ts";
import { formatRecipe, recipeOf } from "./recipe.ts";
import { frameTimes, renderScene, type SeenActor } from "./render.ts";
import type { SceneScript } from "./script.ts";
import { STAND_IN_MANIFEST, writeStandIn } from "./stand-in.ts";
import { type SurveyedCamera, surveyCamera } from "./survey.ts";
import { type ReferenceEvent, referenceCounts, referenceEvents } from "./truth.ts";

export { CONTAINERS, type ContainerExtension } from "../encoding/h264-writer.ts";

export interface WriteOptions {
  /** Default `.mp4`. */
  readonly container?: ContainerExtension;
  /** Default the script's name. */
  readonly id?: string;
  /** How strongly the video is compressed, 0 to 51. Default 23. */
  readonly crf?: number;
  /** The camera's id in the suite: clips that share it are of one camera. Default none. */
  readonly camera?: string;
  /** What is declared of the clip beyond what its scene says of itself. */
  readonly conditions?: Readonly<Record<string, string>>;
  readonly onProgress?: (done: number, all: number) => void;
}

/** A clip of a suite, paths relative to the suite's file. */
export interface SuiteClip {
  readonly id: string;
  readonly video: string;
  readonly reference: string;
  readonly conditions: Readonly<Record<string, string>>;
  readonly camera: SurveyedCamera & { readonly id?: string };
}

/** What lies in the folder now; its files by path, not by name. */
export interface WrittenScene {
  readonly id: string;
  readonly video: string;
  readonly reference: string;
  readonly tracks: string;
  readonly config: string;
  readonly pictures: number;
  readonly events: readonly ReferenceEvent[];
  readonly distractors: readonly ReferenceDistractor[];
  readonly clip: SuiteClip;
}

/** MOTChallenge's numbers of the classes. */
const MOT_CLASS = { person: 1, vehicle: 3, luggage: 12 } as const;

/**
 * Renders a scene into a folder, which is made if it is not there: the video, its reference
 * (`contrechamp/reference@1`), its tracks (MOT format, hidden parts included, with visibility) and a
 * configuration to watch it with. The video of a prepared scene carries what it was drawn from.
 * @throws CodedError VIDEO_NOT_WRITTEN
 */
export function writeScene(script: SceneScript, folder: string, options: WriteOptions = {}): WrittenScene {
  const id = options.id ?? script.name;
  const names = {
    video: `${id}${options.container ?? ".mp4"}`,
    reference: `${id}.reference.json`,
    tracks: `${id}.gt.txt`,
    config: `${id}.config.yml`,
  };
  const place = (name: string) => join(folder, name);
  makeFolder(folder);
  const all = frameTimes(script).length;
  const recipe = recipeOf(script);
  const writer = new H264Writer(place(names.video), {
    width: script.width,
    height: script.height,
    nominalRate: script.rate,
    crf: options.crf ?? 23,
    ...(recipe === null ? {} : { comment: formatRecipe(recipe) }),
  });
  const tracks: string[] = [];
  let pictures = 0;
  try {
    for (const frame of renderScene(script)) {
      pictures++;
      writer.write(frame.image, frame.pts);
      for (const actor of frame.truth) tracks.push(motLine(pictures, actor));
      options.onProgress?.(pictures, all);
    }
    writer.close();
  } catch (error) {
    writer.abort();
    throw error;
  }
  if (script.survey.rules.some(({ model }) => model === STAND_IN_MANIFEST)) writeStandIn(folder);
  const events = referenceEvents(script);
  const distractors = referenceDistractors(script);
  const counts = referenceCounts(script);
  const reference = {
    schema: "contrechamp/reference@1",
    note: `rendered scene ${script.name}, seed ${script.seed}; worked out from positions on the ground`,
    events,
    ...(distractors.length === 0 ? {} : { distractors }),
    ...(counts.length === 0 ? {} : { counts: counts[0] }),
    tracks: { format: "mot", file: names.tracks },
  };
  const camera = surveyCamera(script);
  const config = {
    schema: "contrechamp/config@1",
    site: `Rendered scene ${script.name}`,
    cameras: [{ id, source: names.video, picture: [writer.width, writer.height], ...camera }],
  };
  writeText(place(names.reference), `${JSON.stringify(reference, null, 1)}\n`);
  writeText(place(names.tracks), tracks.length === 0 ? "" : `${tracks.join("\n")}\n`);
  writeText(place(names.config), stringify(config, { lineWidth: 100 }));
  return {
    id,
    video: place(names.video),
    reference: place(names.reference),
    tracks: place(names.tracks),
    config: place(names.config),
    pictures,
    events,
    distractors,
    clip: {
      id,
      video: names.video,
      reference: names.reference,
      conditions: { ...script.conditions, ...options.conditions },
      camera: { ...(options.camera === undefined ? {} : { id: options.camera }), ...camera },
    },
  };
}

/**
 * Writes `suite.yml` (`contrechamp/suite@1`) for clips whose paths are relative to the folder.
 * @param about lines that stand at its head for whoever opens it
 * @returns its path
 */
export function writeSuite(
  name: string,
  clips: readonly SuiteClip[],
  folder: string,
  about: readonly string[] = [],
): string {
  const file = join(folder, "suite.yml");
  const suite = stringify(
    { schema: "contrechamp/suite@1", name, clips },
    { lineWidth: 100, aliasDuplicateObjects: false },
  );
  writeText(file, [...about.map((line) => `# ${line}\n`), suite].join(""));
  return file;
}

/**
 * frame, id, left, top, width, height, considered, class, visibility: MOT16's columns, frames from 1. As there, what is
 * no person is not to be considered; nor is somebody of whom nothing at all can be seen.
 */
function motLine(picture: number, actor: SeenActor): string {
  const { x, y, width, height } = actor.box;
  const numbers = [x, y, width, height].map((value) => value.toFixed(2));
  const visible = actor.visible.toFixed(3);
  const considered = actor.class === "person" && Number(visible) > 0 ? 1 : 0;
  return [picture, actor.number, ...numbers, considered, MOT_CLASS[actor.class], visible].join(",");
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw unwritable(folder, error);
  }
}

function writeText(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw unwritable(file, error);
  }
}

function unwritable(file: string, error: unknown): CodedError {
  const reason = error instanceof Error ? error.message : String(error);
  return fault("SCENE_NOT_WRITTEN", { file, reason }, error);
}
