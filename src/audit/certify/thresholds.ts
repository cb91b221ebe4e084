import { z } from "zod";
import {
  applySchema,
  type Finding,
  inFileOrder,
  type KeyPath,
  LARGEST_FILE_BYTES,
  type Problem,
  readYaml,
} from "../../config/diagnostics.ts";
import { EVENT_TYPES, type EventType } from "../../event.ts";
import { isoDuration, languageMap, line, sha256Hex, uri } from "../../policy/fields.ts";
import { documentSha256 } from "../../policy/signed-texts.ts";
import { isLonger } from "../../policy/validity.ts";
import { invalidFile, wrong, wrongSchema } from "../load-reference.ts";
import { readText } from "../read-text.ts";
import { ALIGNMENTS } from "../record.ts";

export const THRESHOLDS_SCHEMA_NAME = "contrechamp/thresholds@1";

/** No certificate is valid for longer after its measurement: cameras move, seasons pass, engines change. */
export const LONGEST_VALIDITY = "P1Y";

/** With less certainty than this a lower bound says little more than the rate itself. */
export const LEAST_CONFIDENCE = 0.9;

const share = z
  .number()
  .gt(0)
  .lt(1, { error: "a share above 0 and below 1: no number of events shows that nothing is ever missed" });

export const eventThresholdsSchema = z.strictObject({
  recall: share.describe("What the lower bound of recall must reach."),
  precision: share.describe("What the lower bound of precision must reach."),
  falseAlarmsPerHour: z
    .number()
    .gt(0, { error: "a rate above 0, or null: no number of hours shows that it never happens" })
    .nullable()
    .describe(
      "What the upper bound of false alarms per camera-hour must not exceed; null where it is not judged.",
    ),
  minimumEvents: z
    .int()
    .min(1)
    .describe("With fewer events in the suite nothing passes. 59 events, all found, show 0.939 at 0.95."),
});
export type EventThresholds = Readonly<z.output<typeof eventThresholdsSchema>>;

export const thresholdsSchema = z.strictObject({
  schema: z.literal(THRESHOLDS_SCHEMA_NAME),
  id: uri.describe("Name of these thresholds, such as urn:example:thresholds:2026-1."),
  suite: z
    .strictObject({
      path: z.string().min(1).exactOptional().describe("Where the suite lies, relative to this file."),
      name: line.exactOptional().describe("Name of a suite that lies elsewhere."),
      sha256: sha256Hex.exactOptional().describe("Its seal. With a path it is compared."),
    })
    .refine(({ path, name, sha256 }) => path !== undefined || (name !== undefined && sha256 !== undefined), {
      error: "a path, or a name and a sha256",
    })
    .describe("On what is measured: a path, or the name and the seal of a suite that somebody else keeps."),
  model: z
    .strictObject({
      name: z
        .string()
        .min(1)
        .exactOptional()
        .describe(
          "A model that comes with Contrechamp, or the path of a manifest (.yml) relative to this file.",
        ),
      sha256: sha256Hex
        .exactOptional()
        .describe("Of the network that is loaded. With a name it is compared."),
    })
    .refine(({ name, sha256 }) => name !== undefined || sha256 !== undefined, {
      error: "a name or a sha256",
    })
    .describe("The network that is measured."),
  engine: z
    .strictObject({
      version: line
        .exactOptional()
        .describe(
          "Version of Contrechamp that is measured; the one that fixes the thresholds where missing.",
        ),
      config: z
        .string()
        .min(1)
        .exactOptional()
        .describe(
          "A configuration whose section `engine` is taken, relative to this file; the defaults where missing.",
        ),
      configSha256: sha256Hex
        .exactOptional()
        .describe(
          "Of the engine's settings, as a record has it in system.configSha256. Compared, or taken as it is.",
        ),
    })
    .prefault({})
    .describe("With which settings is measured: they are pinned like the model."),
  alignment: z.enum(ALIGNMENTS).default("instant").describe("By which rule an alert hits an event."),
  events: z
    .partialRecord(z.enum(EVENT_TYPES), eventThresholdsSchema)
    .refine((events) => Object.keys(events).length > 0, { error: "at least one event" })
    .describe("What each event must reach. One certificate is made for each."),
  confidence: z
    .number()
    .min(LEAST_CONFIDENCE)
    .lt(1)
    .default(0.95)
    .describe(
      "Of the two-sided intervals whose worse end decides: 0.95 leaves at most 2.5 % on that side. At least 0.9.",
    ),
  validFor: isoDuration.describe("How long a certificate is valid after the measurement's end, at most P1Y."),
  conditions: languageMap.describe("Under which light, weather, crowd and view the suite was recorded."),
  issuer: line.describe("Who certifies."),
});

/** What a measurement must reach, written down before it is made. */
export type Thresholds = Readonly<z.output<typeof thresholdsSchema>>;

/** Thresholds as they were read from a file. */
export interface ThresholdsFile {
  readonly thresholds: Thresholds;
  /** As it was given. */
  readonly file: string;
  /** Of what they say, not of the bytes. */
  readonly sha256: string;
  /** What is wrong with a value, with its file, line and column. @param what lower case, without a full stop */
  wrongAt(path: KeyPath, what: string): Problem;
}

/**
 * Reads thresholds, YAML or JSON.
 * @throws AUDIT_UNREADABLE, AUDIT_TOO_LARGE, AUDIT_INVALID (every fault with line and column)
 */
export async function loadThresholds(path: string): Promise<ThresholdsFile> {
  return parseThresholds(await readText(path, LARGEST_FILE_BYTES), path);
}

/** The same for a text. @param name the file's name as errors give it */
export function parseThresholds(text: string, name: string): ThresholdsFile {
  const source = readYaml(text, name);
  if (!("value" in source)) throw invalidFile(name, inFileOrder(source));
  const other = wrongSchema(source.value, THRESHOLDS_SCHEMA_NAME);
  const { value, findings } =
    other === null ? applySchema(thresholdsSchema, source.value) : { value: null, findings: [other] };
  const all = value === null ? findings : checkThresholds(value);
  if (value === null || all.length > 0) {
    throw invalidFile(name, inFileOrder(all.map((finding) => source.locate(finding))));
  }
  return {
    thresholds: value,
    file: name,
    sha256: thresholdsSha256(value),
    wrongAt: (path, what) => source.locate(wrong(path, what)),
  };
}

/** SHA-256 of the canonical JSON (RFC 8785) of thresholds with every default filled in: comments change nothing. */
export function thresholdsSha256(thresholds: Thresholds): string {
  return documentSha256(thresholds);
}

/** The events that are judged, each with what it must reach, in the order of the law's list. */
export function eventsOf(thresholds: Thresholds): readonly (readonly [EventType, EventThresholds])[] {
  return EVENT_TYPES.flatMap((event) => {
    const found = thresholds.events[event];
    return found === undefined ? [] : [[event, found] as const];
  });
}

/** The JSON Schema (2020-12) of thresholds, for docs/reference/thresholds.schema.json. */
export function thresholdsJsonSchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(thresholdsSchema, { target: "draft-2020-12", io: "input" }),
    $id: "urn:contrechamp:schema:thresholds@1",
    title: "Thresholds",
    description: "What a measurement must reach, fixed in a journal before it is made.",
  };
}

function checkThresholds(thresholds: Thresholds): readonly Finding[] {
  const findings: Finding[] = [];
  if (isLonger(thresholds.validFor, LONGEST_VALIDITY)) {
    findings.push(
      wrong(
        ["validFor"],
        `${thresholds.validFor} is longer than ${LONGEST_VALIDITY}, the longest that is certified`,
      ),
    );
  }
  if (!isLonger(thresholds.validFor, "PT0S")) {
    findings.push(wrong(["validFor"], `a certificate that is valid for ${thresholds.validFor} never is`));
  }
  return findings;
}
