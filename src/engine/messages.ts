import type { Alert } from "../alerts/alert.ts";
import type { CameraConfig, EngineConfig, EvidenceConfig } from "../config/schema.ts";
import { CodedError, type ErrorCode, type ExitCode } from "../errors.ts";
import type { SealedRecord } from "../evidence/vault/record.ts";
import type { Incident } from "../policy/mint.ts";
import type { Decision } from "../policy/question.ts";
import type { PolicyWorld } from "../policy/world.ts";
import type { SourceInfo } from "../sources/source.ts";
import type { Seconds } from "../time/clock.ts";
import type { JobAuthority } from "./permission.ts";
import type { Counted, DeniedEpisodes, ShadowEpisodes } from "./roll-up.ts";
import type { CameraSummary, FrameCounts, HealthEntry } from "./run-summary.ts";

/** All that a camera's process needs to know. */
export interface CameraJob {
  readonly camera: CameraConfig;
  /** `threads` of inference, counted out for this machine. */
  readonly engine: Omit<EngineConfig, "threads"> & { readonly threads: number };
  readonly evidence: EvidenceConfig;
  readonly authority: JobAuthority;
  /** Where evidence is sealed, and the site's key; null where it is kept in clear. */
  readonly vault: { readonly folder: string; readonly siteKey: Uint8Array } | null;
  readonly configSha256: string;
  /** The run's folder, absolute; this camera writes below `<out>/<camera id>/`. */
  readonly out: string;
  /** Recordings: hold frames back to their own pace. */
  readonly realtime: boolean;
  /** Stop after so much stream time; null to go on to the end. */
  readonly longest: Seconds | null;
}

/** A job as the supervisor takes it. */
export interface SupervisedJob extends CameraJob {
  /** The source has no end of its own. */
  readonly live: boolean;
  /** Live: a camera that is not there yet is waited for; else it fails at once. */
  readonly patient: boolean;
}

/** What a camera's process says, in order. */
export type CameraMessage =
  | { readonly kind: "ready"; readonly info: SourceInfo; readonly model: { name: string; sha256: string } }
  /** What the gate says of each rule, whenever it says something else than before. */
  | { readonly kind: "standing"; readonly decisions: readonly Decision[] }
  /** The gate let an episode through: its alert comes next. */
  | { readonly kind: "decision"; readonly decision: Decision }
  | { readonly kind: "denials"; readonly denials: Counted<DeniedEpisodes> }
  | { readonly kind: "shadow"; readonly shadow: Counted<ShadowEpisodes> }
  | { readonly kind: "incident"; readonly incident: Incident }
  /** Evidence lies encrypted on the disk: it wants its leaf and its manifest. */
  | { readonly kind: "sealed"; readonly record: SealedRecord }
  | { readonly kind: "alert"; readonly alert: Alert }
  | { readonly kind: "health"; readonly health: HealthEntry }
  | {
      readonly kind: "progress";
      readonly videoSeconds: Seconds;
      readonly wallSeconds: Seconds;
      readonly rssBytes: number;
      /** When this process saw its first picture. */
      readonly startedAt: string;
      readonly frames: FrameCounts;
    }
  /** No picture is decoded any more; what is open is being written. */
  | { readonly kind: "decoded" }
  | { readonly kind: "finished"; readonly summary: CameraSummary }
  | { readonly kind: "failed"; readonly error: PlainError };

/** What is for the journal. */
export type TraceMessage = Extract<
  CameraMessage,
  { kind: "standing" | "decision" | "denials" | "shadow" | "incident" | "sealed" }
>;

/** What the supervisor says to a camera's process. */
export type CameraOrder =
  | { readonly kind: "run"; readonly job: CameraJob }
  /** What the gate knows is another now. */
  | { readonly kind: "world"; readonly world: PolicyWorld }
  | { readonly kind: "stop" };

/** A CodedError as plain data. */
export interface PlainError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly help: string;
  readonly exit: ExitCode;
}

export function toPlain(error: CodedError): PlainError {
  return { code: error.code, message: error.message, help: error.help, exit: error.exit };
}

export function fromPlain(error: PlainError): CodedError {
  return new CodedError(error.code, error.message, error.help, error.exit);
}
