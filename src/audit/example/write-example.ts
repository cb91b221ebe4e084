import { statSync } from "node:fs";
import { join } from "node:path";
import { fault } from "../../errors.ts";
import { prepareScene } from "../../scenes/catalogue.ts";
import { type WrittenScene, writeScene, writeSuite } from "../../scenes/write.ts";
import type { Seconds } from "../../time/clock.ts";
import { EXAMPLE_CLIPS, type ExampleClip, SMALL_EXAMPLE_CLIPS } from "./example-clips.ts";

export interface ExampleOptions {
  /** Another seed gives other people, times and paths of the same kind. 0 to 1 000 000. Default 1. */
  readonly seed?: number;
  /** Three short clips in the place of twelve. */
  readonly small?: boolean;
  /** Overwrite what is there. */
  readonly force?: boolean;
  /** Called picture by picture. */
  readonly onProgress?: (clip: ExampleClip, done: number, all: number) => void;
}

/** What was written. */
export interface WrittenExample {
  /** Path of the suite. */
  readonly suite: string;
  readonly seed: number;
  readonly clips: readonly WrittenExampleClip[];
}

export interface WrittenExampleClip {
  readonly id: string;
  readonly camera: string;
  /** Paths. */
  readonly video: string;
  readonly reference: string;
  readonly seconds: Seconds;
  readonly pictures: number;
  readonly conditions: Readonly<Record<string, string>>;
  readonly events: readonly { readonly event: string; readonly begin: Seconds; readonly end: Seconds }[];
}

/** Below the suite's folder. */
const CLIPS = "clips";

/** What the suite says of itself, and whoever publishes figures of it should too. */
const ABOUT = [
  "An example, drawn by `contrechamp audit example`: nobody real is in it, and its truth is exact.",
  "It shows how the audit bench works. What a system scores on drawn scenes says nothing about its error rates in the street.",
];

/**
 * Draws the public example suite into a folder, which is made if it is not there: `suite.yml`, and below `clips/`
 * each recording with its exact reference. The same seed gives the same references to the byte. The suite's file is
 * written last, so what was broken off is no suite.
 * @throws CodedError AUDIT_EXISTS before anything is drawn, where a file is there already and `force` is not set
 * @throws CodedError VIDEO_NOT_WRITTEN, SCENE_NOT_WRITTEN
 */
export function writeExample(folder: string, options: ExampleOptions = {}): WrittenExample {
  const { seed = 1, small = false, force = false, onProgress } = options;
  const clips = small ? SMALL_EXAMPLE_CLIPS : EXAMPLE_CLIPS;
  if (!force) for (const file of filesOf(folder, clips)) refuseToOverwrite(file);
  const written = clips.map((clip, index) => ({
    clip,
    scene: writeScene(prepareScene(clip.scene, seed + index, clip.options), join(folder, CLIPS), {
      id: clip.id,
      camera: clip.camera,
      conditions: clip.conditions,
      ...(onProgress === undefined ? {} : { onProgress: (done, all) => onProgress(clip, done, all) }),
    }),
  }));
  const suite = writeSuite(
    small ? "example-small" : "example",
    written.map(({ scene }) => below(CLIPS, scene.clip)),
    folder,
    ABOUT,
  );
  return { suite, seed, clips: written.map(({ clip, scene }) => summary(clip, scene)) };
}

/** All that is written, the suite first. */
function filesOf(folder: string, clips: readonly ExampleClip[]): readonly string[] {
  const endings = [".mp4", ".reference.json", ".gt.txt", ".config.yml"];
  return [
    join(folder, "suite.yml"),
    ...clips.flatMap(({ id }) => endings.map((ending) => join(folder, CLIPS, `${id}${ending}`))),
  ];
}

/** An empty file holds nothing that could be lost. */
function refuseToOverwrite(file: string): void {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found !== undefined && (!found.isFile() || found.size > 0)) throw fault("AUDIT_EXISTS", { file });
}

function below(folder: string, clip: WrittenScene["clip"]): WrittenScene["clip"] {
  return { ...clip, video: `${folder}/${clip.video}`, reference: `${folder}/${clip.reference}` };
}

function summary({ id, camera, options }: ExampleClip, scene: WrittenScene): WrittenExampleClip {
  return {
    id,
    camera,
    video: scene.video,
    reference: scene.reference,
    seconds: options.seconds,
    pictures: scene.pictures,
    conditions: scene.clip.conditions,
    events: scene.events.map(({ event, begin, end }) => ({ event, begin, end })),
  };
}
