import { clipToBox } from "../geometry/polygon.ts";
import type { Point } from "../geometry/shapes.ts";
import type { GroundPoint, SceneScript } from "./script.ts";
import { viewCamera } from "./stage.ts";

type Pair = readonly [number, number];

/** The `camera` of a suite's clip, as plain data: image coordinates in px, ground in metres. */
export interface SurveyedCamera {
  readonly calibration: readonly { readonly px: Pair; readonly m: Pair }[];
  readonly zones: readonly {
    readonly id: string;
    readonly nature: string;
    readonly polygon: readonly Pair[];
  }[];
  readonly lines: readonly { readonly id: string; readonly from: Pair; readonly to: Pair }[];
  readonly rules: readonly Readonly<Record<string, unknown>>[];
}

/**
 * What an operator would have declared of a scene's camera as it looks at the beginning. Zones are cut at the
 * picture's border, lines and marks are as they are.
 */
export function surveyCamera(script: SceneScript): SurveyedCamera {
  const camera = viewCamera(script, 0, 0);
  const px = (point: GroundPoint): Pair => pair(camera.project(point.x, point.y, 0));
  return {
    calibration: script.survey.marks.map((mark) => ({ px: px(mark), m: [mark.x, mark.y] as const })),
    zones: script.survey.zones.map((zone) => ({
      id: zone.id,
      nature: zone.nature,
      polygon: clipToBox(
        zone.corners.map((corner) => camera.project(corner.x, corner.y, 0)),
        { x: 0, y: 0, width: script.width, height: script.height },
      ).map(pair),
    })),
    lines: script.survey.lines.map((line) => ({ id: line.id, from: px(line.from), to: px(line.to) })),
    rules: script.survey.rules.map(({ after, clear, ...rule }) => ({
      ...rule,
      ...(after === undefined ? {} : { after: `${after}s` }),
      ...(clear === undefined ? {} : { clear: `${clear}s` }),
    })),
  };
}

function pair(point: Point): Pair {
  return [Math.round(point.x * 100) / 100, Math.round(point.y * 100) / 100];
}
