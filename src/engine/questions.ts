import { ownModel } from "../config/own-model.ts";
import type { CameraConfig, RuleConfig } from "../config/schema.ts";
import { EVENT_TYPES } from "../event.ts";
import type { Point } from "../geometry/shapes.ts";
import type { SlotHashes } from "../models/slot-models.ts";
import { analyticId, type FootageKind, type GateQuestion, type Use } from "../policy/question.ts";
import type { UtcMilliseconds } from "../time/clock.ts";

/** What is the same in all questions about one camera's run. */
export interface QuestionContext {
  readonly use: Use;
  readonly footage: FootageKind;
  /** Of the recording; null for a stream. */
  readonly recordingSha256: string | null;
  /** Of the camera's detector: of every rule that names no network of its own. */
  readonly modelSha256: string;
  /** Of the networks that rules name for themselves; none where missing. */
  readonly slots?: SlotHashes;
}

/** Stands for a network of which nobody knows the hash: none was ever authorised or certified. */
const UNKNOWN_MODEL = "unknown";

/** The network that a rule is asked about: its own where it names one, else the camera's. */
export function ruleModel(rule: RuleConfig, { modelSha256, slots }: QuestionContext): string {
  const own = ownModel(rule);
  return own === null ? modelSha256 : (slots?.get(own.manifest) ?? UNKNOWN_MODEL);
}

/** Stands for the rule in the questions about a camera that has none. */
export const STATISTICS = "statistics";

/** May this rule of this camera raise alerts at this instant? */
export function ruleQuestion(
  camera: CameraConfig,
  rule: RuleConfig,
  context: QuestionContext,
  at: UtcMilliseconds,
): GateQuestion {
  const { use, footage, recordingSha256 } = context;
  return {
    ...{ at, use, footage, recordingSha256 },
    modelSha256: ruleModel(rule, context),
    cameraId: camera.id,
    ruleId: rule.id,
    event: rule.event,
    analyticId: analyticId(rule.event),
    place: placeOf(camera, rule),
  };
}

/**
 * One question a rule. A camera without rules is analysed for statistics of the whole view, which no less needs an
 * authorisation: then one question for each event, and one yes is enough.
 */
export function cameraQuestions(
  camera: CameraConfig,
  context: QuestionContext,
  at: UtcMilliseconds,
): readonly GateQuestion[] {
  if (camera.rules.length > 0) return camera.rules.map((rule) => ruleQuestion(camera, rule, context, at));
  const { use, footage, recordingSha256, modelSha256 } = context;
  return EVENT_TYPES.map((event) => ({
    ...{ at, use, footage, recordingSha256, modelSha256 },
    cameraId: camera.id,
    ruleId: STATISTICS,
    event,
    analyticId: analyticId(event),
    place: { kind: "view" as const, points: [] },
  }));
}

/**
 * The instant at which a recording begins that is judged by its own time; null where the gate is asked about now.
 * @param now where nobody says when it was taken
 */
export function replayedFrom(
  { startedAt }: Pick<CameraConfig, "startedAt">,
  { footage, instant }: { readonly footage: FootageKind; readonly instant: "now" | "picture" },
  now: UtcMilliseconds,
): UtcMilliseconds | null {
  return instant === "now" || footage === "live" ? null : (startedAt ?? now);
}

function placeOf(camera: CameraConfig, rule: RuleConfig): GateQuestion["place"] {
  const zone = camera.zones.find((candidate) => candidate.id === rule.zone);
  if (zone !== undefined) return { kind: "zone", points: zone.polygon.map(point) };
  const line = "line" in rule ? camera.lines.find((candidate) => candidate.id === rule.line) : undefined;
  if (line !== undefined) return { kind: "line", points: [line.from, line.to].map(point) };
  return { kind: "view", points: [] };
}

function point({ x, y }: Point): Point {
  return { x, y };
}
