import { z } from "zod";
import { COMPARISON_SCHEMA_NAME } from "./compare/compare.ts";
import { comparisonSchema } from "./compare/comparison-schema.ts";
import { auditRecordSchema, RECORD_SCHEMA_NAME } from "./record.ts";
import { REFERENCE_SCHEMA_NAME, referenceSchema } from "./reference.ts";
import { LOG_MAP_SCHEMA_NAME, logMapSchema } from "./score/log-map.ts";
import { SUITE_SCHEMA_NAME, suiteSchema } from "./suite.ts";

/** The JSON Schemas (2020-12) of what the bench reads, as a person may write it, and of what it finds; by file name. */
export function auditJsonSchemas(): Readonly<Record<string, Record<string, unknown>>> {
  return {
    "suite.schema.json": described(
      suiteSchema,
      SUITE_SCHEMA_NAME,
      "Recordings with known truth, and what is declared about the camera of each.",
    ),
    "reference.schema.json": described(
      referenceSchema,
      REFERENCE_SCHEMA_NAME,
      "What happened in a recording, as somebody who watched it says.",
    ),
    "audit.schema.json": described(
      auditRecordSchema,
      RECORD_SCHEMA_NAME,
      "Everything that a measurement found: what happened, what was raised, and which belongs to which.",
    ),
    "log-map.schema.json": described(
      logMapSchema,
      LOG_MAP_SCHEMA_NAME,
      "How a vendor's alert log is to be read and scored: columns, times, names.",
    ),
    "comparison.schema.json": described(
      comparisonSchema,
      COMPARISON_SCHEMA_NAME,
      "Two systems on the same recordings, pair by pair. Every difference is the second minus the first.",
    ),
  };
}

function described(schema: z.ZodType, name: string, description: string): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: "input", target: "draft-2020-12" });
  return { $schema, $id: `urn:${name.replace("/", ":schema:")}`, title: name, description, ...rest };
}
