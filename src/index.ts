/**
 * The public entry: what other programs may rely on. Everything else may change from one release to the next.
 * Whoever wants the whole engine starts `contrechamp watch --json` and reads the alerts, or loads a
 * configuration here first to know what would run.
 */
export { ALERT_SCHEMA_NAME, type Alert, alertJsonSchema, alertSchema } from "./alerts/alert.ts";
export type { CountBand, Episode, EpisodeChange, Place } from "./alerts/episode.ts";
export { loadConfig } from "./config/load.ts";
export { type CameraConfig, CONFIG_SCHEMA_NAME, type Config } from "./config/schema.ts";
export {
  type Detection,
  type Detector,
  type InputSize,
  type ModelIdentity,
  OBJECT_CLASSES,
  type ObjectClass,
  type View,
} from "./detectors/detector.ts";
export { CodedError, ERRORS, type ErrorCode, EXIT, type ExitCode } from "./errors.ts";
export { EVENT_TYPES, type EventType } from "./event.ts";
export type { Frame, RgbImage } from "./frames/frame.ts";
export { HEALTH_KINDS, type HealthEvent, type HealthKind } from "./frames/health.ts";
export type { Box, DirectedLine, Point, Polygon } from "./geometry/shapes.ts";
export type { Source, SourceInfo, SourceItem } from "./sources/source.ts";
export type { Clock, Seconds, UtcMilliseconds } from "./time/clock.ts";
