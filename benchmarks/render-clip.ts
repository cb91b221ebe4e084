import { prepareScene, type SceneName } from "../src/scenes/catalogue.ts";
import { writeScene } from "../src/scenes/write.ts";

/** Renders a prepared scene at 1280x720 and 25 frames/s. @returns its video and its configuration */
export function renderClip(
  name: SceneName,
  seconds: number,
  folder: string,
): { clip: string; config: string } {
  const script = prepareScene(name, 1, { seconds, rate: 25, width: 1280, height: 720 });
  const written = writeScene(script, folder);
  return { clip: written.video, config: written.config };
}
