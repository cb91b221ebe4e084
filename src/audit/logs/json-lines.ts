import { ALERT_SCHEMA_NAME, type Alert, alertSchema } from "../../alerts/alert.ts";
import { CodedError, fault } from "../../errors.ts";
import { boxOf, isObject, type JsonObject, optionalNumber, textOf } from "./json-values.ts";
import { readLines } from "./lines.ts";
import type { LoggedAlert, LoggedTime, LogReader, LogReading, LogRow, Origin } from "./log.ts";
import type { LogSource } from "./log-source.ts";
import { parseNumber } from "./numbers.ts";
import { alertRow, malformed, place, rejectedRow } from "./rows.ts";
import { numberTime, readTime } from "./times.ts";

/**
 * One JSON object a line: Contrechamp's own alerts (`contrechamp/alert@1`, of which the `raised` lines are alerts and
 * the `closed` ones say when they ended), or objects with the keys time, event, rule, clip, since, until, confidence
 * and box ([left, top, width, height] in px); column names of the map give other keys.
 */
export const jsonLinesReader: LogReader = {
  format: "jsonl",
  recognises: (head) => {
    const first = head.trimStart().split("\n", 1)[0] ?? "";
    try {
      return isObject(JSON.parse(first)) && !/^\s*\{\s*\}/.test(first);
    } catch {
      return false;
    }
  },
  read: readJsonLines,
};

/** Alerts that were raised and not yet closed; an end that comes after so many others is not looked for. */
const MOST_OPEN = 100_000;

async function* readJsonLines(source: LogSource, reading: LogReading): AsyncGenerator<LogRow> {
  const open = new Map<string, LoggedAlert>();
  for await (const { text, number } of readLines(source)) {
    const origin = { file: source.name, line: number };
    if (text === null) {
      yield malformed(origin, "the line is longer than is read");
      continue;
    }
    if (text.trim() === "") continue;
    const value = parsed(text);
    if (!isObject(value)) {
      yield malformed(origin, "the line is no JSON object");
    } else if (value["schema"] === ALERT_SCHEMA_NAME) {
      yield* ownLine(value, origin, open);
    } else {
      yield rowOf(value, reading, origin);
    }
    if (open.size > MOST_OPEN) {
      const [oldest] = open;
      if (oldest !== undefined) {
        open.delete(oldest[0]);
        yield alertRow(oldest[1]);
      }
    }
  }
  for (const alert of open.values()) yield alertRow(alert);
}

/** A `raised` line waits for its `closed` one. */
function* ownLine(value: JsonObject, origin: Origin, open: Map<string, LoggedAlert>): Generator<LogRow> {
  const result = alertSchema.safeParse(value);
  if (!result.success) {
    const issue = result.error.issues[0];
    yield malformed(
      origin,
      `it is no alert of ${ALERT_SCHEMA_NAME} (${issue?.path.join(".") ?? ""}: ${issue?.message})`,
    );
    return;
  }
  const alert = result.data;
  const raised = open.get(alert.id);
  if (alert.kind === "raised") {
    if (raised !== undefined) yield rejectedRow(origin, duplicate(origin, raised.origin));
    else open.set(alert.id, ownAlert(alert, origin));
    return;
  }
  if (raised === undefined) {
    yield malformed(origin, "it closes an alert that was never raised");
    return;
  }
  open.delete(alert.id);
  yield alertRow({ ...raised, until: { kind: "seconds", value: alert.until ?? alert.streamTime } });
}

function ownAlert(alert: Alert, origin: Origin): LoggedAlert {
  return {
    clip: alert.cameraId,
    event: alert.event,
    rule: alert.ruleId,
    at: { kind: "seconds", value: alert.streamTime },
    since: { kind: "seconds", value: alert.since },
    until: null,
    confidence: null,
    box: alert.place.kind === "view" ? null : alert.place.box,
    origin,
  };
}

function duplicate(origin: Origin, first: Origin): CodedError {
  return fault("LOG_ROW_DUPLICATE", { at: place(origin), first: place(first) });
}

function rowOf(value: JsonObject, reading: LogReading, origin: Origin): LogRow {
  const { columns } = reading.csv;
  const get = (column: keyof typeof columns) => value[String(columns[column] ?? column)];
  const time = (given: unknown): LoggedTime | CodedError =>
    typeof given === "number"
      ? numberTime(given, reading.time, String(given), origin)
      : readTime(textOf(given) ?? "", reading.time, origin, (text) => parseNumber(text, reading.csv.decimal));
  const optionalTime = (given: unknown) => (given === undefined || given === null ? null : time(given));

  const at = time(get("time"));
  if (at instanceof CodedError) return rejectedRow(origin, at);
  const since = optionalTime(get("since"));
  if (since instanceof CodedError) return rejectedRow(origin, since);
  const until = optionalTime(get("until"));
  if (until instanceof CodedError) return rejectedRow(origin, until);
  const event = textOf(get("event")) ?? reading.event;
  if (event === null) return rejectedRow(origin, fault("LOG_ROW_NO_EVENT", { at: place(origin) }));
  const confidence = optionalNumber(get("confidence"), "the confidence", origin);
  if (confidence instanceof CodedError) return rejectedRow(origin, confidence);
  const whole = value["box"];
  const parts = Array.isArray(whole)
    ? whole
    : isObject(whole)
      ? [whole["x"], whole["y"], whole["width"], whole["height"]]
      : [get("left"), get("top"), get("width"), get("height")];
  const box = boxOf(parts, origin);
  if (box instanceof CodedError) return rejectedRow(origin, box);
  return alertRow({
    clip: textOf(get("clip")),
    event,
    rule: textOf(get("rule")),
    at,
    since,
    until,
    confidence,
    box,
    origin,
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
