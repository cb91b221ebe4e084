import { type CodedError, fault } from "../../errors.ts";
import type { LoggedAlert, LogRow, Origin, Rejection } from "./log.ts";
import type { LogSource } from "./log-source.ts";

/** Beyond it a log is not read on: it would fill the memory. */
export const MOST_ALERTS = 2_000_000;

export function alertRow(alert: LoggedAlert): LogRow {
  return { kind: "alert", ...alert };
}

export function rejectedRow(origin: Origin, error: CodedError): LogRow {
  return { kind: "rejected", ...rejection(origin, error) };
}

/** The error of a row as the record keeps it. */
export function rejection(origin: Origin, error: CodedError): Rejection {
  return { file: origin.file, line: origin.line, code: error.code, message: error.message };
}

/** Where a row stands, as messages say it. */
export function place(origin: Origin): string {
  return `${origin.file}:${origin.line}`;
}

/** What ends a log before its end: all that follows is not read. */
export function brokenRow(source: LogSource, line: number, what: string): LogRow {
  const origin = { file: source.name, line };
  return rejectedRow(origin, fault("LOG_BROKEN", { at: place(origin), what }));
}

/** A row that has not the shape of its format. @param what lower case, without a full stop */
export function malformed(origin: Origin, what: string): LogRow {
  return rejectedRow(origin, fault("LOG_ROW_SHAPE", { at: place(origin), what }));
}
