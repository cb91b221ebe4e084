import { z } from "zod";
import { applySchema, inFileOrder, readYaml } from "../../config/diagnostics.ts";
import { fault } from "../../errors.ts";
import { COLUMNS, DATE_ORDERS, LOG_FORMATS, TIME_UNITS } from "../logs/log.ts";
import { isTimeZone } from "../logs/times.ts";
import { readText } from "../read-text.ts";
import { eventName } from "../reference.ts";

export const LOG_MAP_SCHEMA_NAME = "contrechamp/log-map@1";

const name = z.string().min(1).max(200);
const column = z.union([name, z.int().min(1).max(10_000)], {
  error: "the name of a column, or its number from 1",
});

/** How a vendor's log is to be read: written once by whoever audits, kept with the log, and given to everybody. */
export const logMapSchema = z.strictObject({
  schema: z.literal(LOG_MAP_SCHEMA_NAME),
  note: z.string().max(10_000).exactOptional(),
  format: z.enum(LOG_FORMATS).exactOptional().describe("Told from the file itself where it is left out."),
  delimiter: z.enum([";", ",", "tab"]).exactOptional(),
  decimal: z.enum([",", "."]).exactOptional(),
  header: z.boolean().exactOptional().describe("Whether the first row names the columns."),
  columns: z.partialRecord(z.enum(COLUMNS), column).exactOptional().describe("Which column holds what."),
  time: z
    .strictObject({
      unit: z.enum(TIME_UNITS).exactOptional(),
      zone: z
        .string()
        .refine(isTimeZone, { error: "the name of a time zone, such as Europe/Paris or UTC" })
        .exactOptional(),
      dateOrder: z.enum(DATE_ORDERS).exactOptional(),
    })
    .exactOptional(),
  event: name.exactOptional().describe("What every alert of a log without names of events tells of."),
  events: z
    .record(name, eventName)
    .exactOptional()
    .describe("Names of events in the log, and in the reference."),
  rules: z.record(name, name).exactOptional().describe("Names of rules in the log, and in the reference."),
  clips: z.record(name, name).exactOptional().describe("Names of cameras or files in the log, and of clips."),
  joinFrames: z.int().min(1).max(1_000_000).exactOptional(),
});
export type LogMap = z.output<typeof logMapSchema>;

/** A map that says nothing. */
export const EMPTY_MAP: LogMap = { schema: LOG_MAP_SCHEMA_NAME };

/** @throws AUDIT_UNREADABLE, LOG_MAP with every fault and its line */
export async function loadLogMap(path: string): Promise<LogMap> {
  return parseLogMap(await readText(path), path);
}

/** The same of a text. @param file as errors name it */
export function parseLogMap(text: string, file: string): LogMap {
  const source = readYaml(text, file);
  if (!("value" in source)) {
    const list = inFileOrder(source).map(({ message }) => `  ${message}`);
    throw fault("LOG_MAP", { file, count: list.length, list: list.join("\n") });
  }
  const { value, findings } = applySchema(logMapSchema, source.value);
  if (value !== null) return value;
  const list = inFileOrder(findings.map((finding) => source.locate(finding))).map(
    ({ message }) => `  ${message}`,
  );
  throw fault("LOG_MAP", { file, count: list.length, list: list.join("\n") });
}
