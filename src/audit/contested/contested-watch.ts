import { fault } from "../../errors.ts";
import { Homography, type PointPair } from "../../geometry/homography.ts";
import { type ContestedRule, Flagging } from "../../rules/contested/contested-rule.ts";
import { contestedRules } from "../../rules/contested/registry.ts";
import type { Observation } from "../../rules/rule.ts";
import type { SourceInfo } from "../../sources/source.ts";
import type { Seconds } from "../../time/clock.ts";
import type { ContestedFact } from "../record.ts";

/** Looks on at the analysis of one recording, and says whom contested rules would have flagged in it. */
export interface ContestedWatch {
  /** What the rules of the engine see too; instants strictly increase. For `runCamera`'s `onObservation`. */
  observe(observation: Observation): void;
  /** The recording is over, or its analysis was broken off. */
  finish(at: Seconds): void;
  /** One of each rule and setting, also where it flagged nobody: nothing of any person but when and where. */
  facts(): ContestedFact[];
}

/** What is looked at. */
export interface ContestedFootage {
  /** The camera's pairs of points; none where it is not calibrated. */
  readonly calibration: readonly PointPair[];
  /** The opened source: a recording. */
  readonly picture: Pick<SourceInfo, "address" | "live" | "width" | "height">;
}

/**
 * @throws CodedError CONTESTED_STREAM for anything that is not a recording
 * @throws CodedError CALIBRATION_DEGENERATE where the pairs do not fix a plane
 */
export function contestedWatch({ calibration, picture }: ContestedFootage): ContestedWatch {
  const { address, live, width, height } = picture;
  if (live) throw fault("CONTESTED_STREAM", { address });
  const homography = calibration.length === 0 ? null : new Homography(calibration);
  const rules = contestedRules({ width, height, homography });
  return {
    observe(observation) {
      for (const rule of rules) rule.observe(observation);
    },
    finish(at) {
      for (const rule of rules) rule.finish(at);
    },
    facts: () => rules.map(factOf),
  };
}

/** Milliseconds and whole pixels: nothing finer is known. */
function factOf(rule: ContestedRule): ContestedFact {
  const episodes = rule
    .flaggings()
    .filter(Flagging.is)
    .toSorted((a, b) => a.begin - b.begin || a.end - b.end || a.box.x - b.box.x || a.box.y - b.box.y)
    .map(({ begin, end, box }) => ({
      begin: milliseconds(begin),
      end: milliseconds(end),
      box: {
        x: Math.round(box.x),
        y: Math.round(box.y),
        width: Math.round(box.width),
        height: Math.round(box.height),
      },
    }));
  return { kind: rule.kind, setting: rule.setting, episodes };
}

function milliseconds(seconds: Seconds): Seconds {
  return Math.round(seconds * 1000) / 1000;
}
