import { EXIT, entry } from "./entry.ts";

/** Detectors. */
export const DETECTION_ERRORS = {
  DETECTOR_VIEW: entry<{ what: string }>(
    EXIT.internal,
    (p) => `The detector was given a view that it cannot take: ${p.what}`,
    () => "Give views of the detector's input size, 3 bytes a pixel, on shared memory.",
  ),
  DETECTOR_FULL: entry<{ waiting: number }>(
    EXIT.partial,
    (p) => `The detector has ${p.waiting} calls waiting and takes no more`,
    () => "Let the frame go and count it, or analyse fewer frames per second.",
  ),
  DETECTOR_CRASHED: entry<{ why: string }>(
    EXIT.internal,
    (p) => `The inference thread ended unexpectedly: ${p.why}`,
    () => "The next call starts it again. If it comes back, the network or the machine is at fault.",
  ),
  DETECTOR_CLOSED: entry<Record<never, never>>(
    EXIT.internal,
    () => "The detector is closed",
    () => "Make a new one with createDetector.",
  ),
  DETECTOR_PROVIDER: entry<{ provider: string; known: string }>(
    EXIT.config,
    (p) => `The inference provider ${p.provider} is not in this build of onnxruntime`,
    (p) => `Choose one of: ${p.known}.`,
  ),
} as const;
