/**
 * The public entry: what other programs may rely on. Everything else may change from one release to the next.
 * Whoever wants the whole engine starts `contrechamp watch --json` and reads the alerts, or loads a
 * configuration here first to know what would run. Whoever wants to judge a site without running it reads its law and
 * its documents, asks the gate itself, and verifies its journal and its evidence: offline, from files alone. Nothing
 * here lets anything through: only the engine can.
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
export { type Verification as EvidenceVerification, verifyEvidence } from "./evidence/vault/verify.ts";
export type { Frame, RgbImage } from "./frames/frame.ts";
export { HEALTH_KINDS, type HealthEvent, type HealthKind } from "./frames/health.ts";
export type { Box, DirectedLine, Point, Polygon } from "./geometry/shapes.ts";
export { LEAF_TYPES, type Leaf, type LeafType } from "./journal/leaf.ts";
export { type VerificationReport, type VerifyOptions, verifyJournal } from "./journal/verify.ts";
export type { AnalyticAuthorisation, Authorisation, CameraAuthorisation } from "./policy/authorisation.ts";
export { type DocumentFault, type LoadedDocuments, loadDocuments } from "./policy/documents.ts";
export { mayAlert } from "./policy/gate.ts";
export { type LoadedWorld, loadWorld, type WorldSources } from "./policy/load-world.ts";
export type { Hashed, Overlay, Profile, Regime } from "./policy/profile.ts";
export { listProfiles, loadProfile } from "./policy/profile-load.ts";
export { analyticId, type Decision, type GateQuestion } from "./policy/question.ts";
export { REASON_CODES, type Reason, type ReasonCode } from "./policy/reasons.ts";
export type { PolicyWorld } from "./policy/world.ts";
export type { Source, SourceInfo, SourceItem } from "./sources/source.ts";
export type { Clock, Seconds, UtcMilliseconds } from "./time/clock.ts";
