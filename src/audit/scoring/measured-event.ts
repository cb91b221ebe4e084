import { fault } from "../../errors.ts";
import { readText } from "../read-text.ts";
import { RECORD_SCHEMA_NAME } from "../record.ts";
import { readRecord, recordPath } from "../record-file.ts";
import { type EventScores, SCORES_SCHEMA_NAME, scoresSchema } from "../scores.ts";
import { exposureHoursOf } from "./meaning.ts";
import { scoresOf } from "./scores.ts";

/** What a measurement counted of one event: enough for its recall, its rate of false alarms and their intervals. */
export interface MeasuredEvent {
  readonly event: string;
  readonly hits: number;
  readonly references: number;
  readonly falseAlarms: number;
  readonly exposureHours: number;
}

/**
 * Reads one event of a result of `audit run` or `audit score`: scores, a record, or a folder that holds one.
 * @param event null where the result has one alone
 * @throws AUDIT_UNREADABLE, AUDIT_TOO_LARGE, AUDIT_INVALID, CALCULATE_NO_FORMAT, CALCULATE_WHICH_EVENT,
 *   CALCULATE_NOTHING_MEASURED
 */
export async function readMeasuredEvent(folderOrFile: string, event: string | null): Promise<MeasuredEvent> {
  const file = await recordPath(folderOrFile);
  const events = await readEvents(file);
  const names = Object.keys(events);
  const name = event ?? (names.length === 1 ? names[0] : undefined);
  const scores = name !== undefined && Object.hasOwn(events, name) ? events[name] : undefined;
  if (name === undefined || scores === undefined) {
    const known = event === null ? "several events" : `no event ${event}, only`;
    throw fault("CALCULATE_WHICH_EVENT", { file, known, found: names.join(", ") || "none" });
  }
  const { hits, references, falseAlarms, falseAlarmsPerHourInterval } = scores;
  if (references === 0) throw nothing(file, name, "no reference event");
  if (falseAlarmsPerHourInterval === null) throw nothing(file, name, "no exposure");
  const exposureHours = exposureHoursOf(falseAlarms, falseAlarmsPerHourInterval);
  return { event: name, hits, references, falseAlarms, exposureHours };
}

async function readEvents(file: string): Promise<Readonly<Record<string, EventScores>>> {
  const value = jsonOf(await readText(file));
  const schema = schemaOf(value);
  if (schema === RECORD_SCHEMA_NAME) return scoresOf(await readRecord(file)).events;
  const parsed = scoresSchema.safeParse(value);
  if (parsed.success) return parsed.data.events;
  const found = schema === SCORES_SCHEMA_NAME ? `${schema} with faults` : (schema ?? "no such result");
  throw fault("CALCULATE_NO_FORMAT", { file, found }, parsed.error);
}

function nothing(file: string, event: string, what: string): Error {
  return fault("CALCULATE_NOTHING_MEASURED", { file, event, what });
}

function schemaOf(value: unknown): string | null {
  if (typeof value !== "object" || value === null || !("schema" in value)) return null;
  return typeof value.schema === "string" ? value.schema : null;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
