import { dirname, resolve } from "node:path";
import { applySchema, inFileOrder, readYaml } from "../../config/diagnostics.ts";
import { fault } from "../../errors.ts";
import { EVENT_TYPES } from "../../event.ts";
import { invalidFile } from "../load-reference.ts";
import { LARGEST_TEXT_BYTES, readText } from "../read-text.ts";
import { suiteSchema } from "../suite.ts";
import type { Kind } from "./model/session.ts";

/** The clip of a suite that is to be annotated: its reference need not exist yet. */
export interface ClipToAnnotate {
  /** Absolute paths. */
  readonly video: string;
  readonly reference: string;
  /** Rules of its camera and the event that each watches for. */
  readonly rules: ReadonlyMap<string, string>;
}

/**
 * Finds a clip in a suite. The suite is not loaded whole: before its references are written it cannot be.
 * @throws AUDIT_UNREADABLE, AUDIT_TOO_LARGE, AUDIT_INVALID, ANNOTATE_CLIP
 */
export async function clipOfSuite(file: string, id: string): Promise<ClipToAnnotate> {
  const source = readYaml(await readText(file), file, LARGEST_TEXT_BYTES);
  if (!("value" in source)) throw invalidFile(file, inFileOrder(source));
  const { value, findings } = applySchema(suiteSchema, source.value);
  if (value === null) throw invalidFile(file, inFileOrder(findings.map((finding) => source.locate(finding))));
  const clip = value.clips.find((candidate) => candidate.id === id);
  if (clip === undefined) {
    const known = value.clips.map((candidate) => candidate.id).join(", ");
    throw fault("ANNOTATE_CLIP", { file, clip: id, known });
  }
  const folder = dirname(file);
  return {
    video: resolve(folder, clip.video),
    reference: resolve(folder, clip.reference),
    rules: new Map(clip.camera.rules.map((rule) => [rule.id, rule.event])),
  };
}

/** What can be chosen by a digit: the camera's rules where they are known, the eight events of the law otherwise. */
export function kindsOf(rules: ReadonlyMap<string, string> | null): readonly Kind[] {
  if (rules !== null) return [...rules].map(([rule, event]) => ({ event, rule }));
  return EVENT_TYPES.map((event) => ({ event, rule: null }));
}
