import { fault } from "../../errors.ts";
import type { Homography } from "../../geometry/homography.ts";
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
  /**
   * One of each rule and setting, also where it flagged nobody: nothing of any person but when and where. None at all
   * where nothing was observed: what nobody looked at says nothing of nobody.
   */
  facts(): ContestedFact[];
}

/**
 * @param footage the opened source: a recording
 * @param homography from the picture to the ground, null where the camera is not calibrated
 * @throws CodedError CONTESTED_STREAM for anything that is not a recording
 */
export function contestedWatch(
  footage: Pick<SourceInfo, "address" | "live" | "width" | "height">,
  homography: Homography | null,
): ContestedWatch {
  const { address, live, width, height } = footage;
  if (live) throw fault("CONTESTED_STREAM", { address });
  const rules = contestedRules({ width, height, homography });
  let looked = false;
  return {
    observe(observation) {
      looked = true;
      for (const rule of rules) rule.observe(observation);
    },
    finish(at) {
      for (const rule of rules) rule.finish(at);
    },
    facts: () => (looked ? rules.map(factOf) : []),
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
