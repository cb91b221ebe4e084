import { basename } from "node:path";
import { canonicalize } from "json-canonicalize";
import { type CameraView, cameraViewSchema } from "../../config/schema.ts";
import { fault } from "../../errors.ts";
import { sha256Of } from "../../files/sha256.ts";
import { parseAddress } from "../../sources/address.ts";
import { recordingSha256 } from "../../sources/recording-hash.ts";
import { headerOf, loadSuite, type Suite, type SuiteClip } from "../suite.ts";
import { WHOLE_VIEW } from "./whole-view.ts";

/**
 * What contested rules are to be measured on: the clips of a suite, or recordings of no suite. Of a suite its views
 * are taken and its rules and references are not: everything is looked at throughout.
 * @param paths one suite (.yml, .yaml or .json), or recordings
 * @throws CodedError CONTESTED_STREAM, CONTESTED_SUITE_ALONE; whatever `loadSuite` or the sources say of a bad file
 */
export async function contestedFootage(paths: readonly string[]): Promise<Suite> {
  for (const path of paths) {
    const { kind, shown } = parseAddress(path);
    if (["rtsp", "hls", "mjpeg", "device"].includes(kind))
      throw fault("CONTESTED_STREAM", { address: shown });
  }
  const suite = paths.find((path) => /\.(ya?ml|json)$/i.test(path));
  if (suite === undefined) return recordings(paths);
  if (paths.length > 1) throw fault("CONTESTED_SUITE_ALONE", { file: suite });
  const loaded = await loadSuite(suite);
  return { ...loaded, clips: loaded.clips.map(watchedThroughout) };
}

function watchedThroughout(clip: SuiteClip): SuiteClip {
  const { calibration, calibrationTolerance, masks, picture } = clip.view;
  const view = viewOf({ calibration, calibrationTolerance, masks, ...(picture ? { picture } : {}) });
  return { ...clip, view, reference: { events: [], distractors: [], counts: null, tracks: null } };
}

function viewOf(declared: Partial<CameraView>): CameraView {
  return { ...cameraViewSchema.parse({ rules: [WHOLE_VIEW] }), ...declared };
}

/** Recordings as a suite in which nothing is known to have happened. */
async function recordings(paths: readonly string[]): Promise<Suite> {
  const clips: SuiteClip[] = [];
  for (const path of paths) {
    // A playlist has no hash: it is refused before anything that it names is asked for.
    const videoSha256 = await recordingSha256(path);
    const { width, height, duration } = await headerOf(path);
    clips.push({
      id: nameOf(path, clips),
      video: path,
      referenceFile: "",
      reference: { events: [], distractors: [], counts: null, tracks: null },
      view: viewOf({}),
      conditions: {},
      cameraKey: nameOf(path, clips),
      picture: { width, height },
      duration,
      videoSha256,
      referenceSha256: sha256Of(""),
      tracksSha256: null,
    });
  }
  const hashes = clips.map(({ videoSha256 }) => videoSha256);
  const sha256 = sha256Of(canonicalize(hashes));
  return { name: "recordings", file: "", sha256, clips, slots: [], warnings: [] };
}

/** The file's name; the second one of a name gets a number. */
function nameOf(path: string, before: readonly SuiteClip[]): string {
  const name = basename(path);
  const same = before.filter(({ video }) => basename(video) === name).length;
  return same === 0 ? name : `${name} (${same + 1})`;
}
