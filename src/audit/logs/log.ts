import type { CodedError } from "../../errors.ts";
import type { Box } from "../../geometry/shapes.ts";
import type { Seconds, UtcMilliseconds } from "../../time/clock.ts";
import type { LogSource } from "./log-source.ts";

/** Every format that an alert log is read in; one file a format. */
export const LOG_FORMATS = ["csv", "jsonl", "actev", "onvif", "mot", "cvat", "viper", "coco"] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

/**
 * A time as the log has it. Only with the clip it belongs to does it become seconds of presentation time: an instant
 * needs to know when the clip began, a frame how many of them a second has.
 */
export type LoggedTime =
  | { readonly kind: "seconds"; readonly value: Seconds }
  /** From 0: the clip's first picture is frame 0. */
  | { readonly kind: "frame"; readonly value: number }
  | {
      readonly kind: "instant";
      readonly utc: UtcMilliseconds;
      /** In the hour that clocks go through twice: the later of the two instants. Null at any other time. */
      readonly again: UtcMilliseconds | null;
    };

/** One alert of a log, in the log's own names: nothing of it is mapped or judged yet. */
export interface LoggedAlert {
  /** The camera, file or clip that the log names; null where it names none. */
  readonly clip: string | null;
  /** What it says has happened, in the vendor's word. */
  readonly event: string;
  readonly rule: string | null;
  /** When it was raised. */
  readonly at: LoggedTime;
  /** When what it tells of began, where the log tells that from when it was raised. */
  readonly since: LoggedTime | null;
  /** When it ended, null where that is not known. */
  readonly until: LoggedTime | null;
  /** On whatever scale the log has: higher is surer. */
  readonly confidence: number | null;
  /** In px of the picture. */
  readonly box: Box | null;
  readonly origin: Origin;
}

/** Where something stands in a log. */
export interface Origin {
  /** The file's name, without its folders. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** A row that cannot be scored, and why. */
export interface Rejection extends Origin {
  readonly code: CodedError["code"];
  readonly message: string;
}

export type LogRow = ({ readonly kind: "alert" } & LoggedAlert) | ({ readonly kind: "rejected" } & Rejection);

/** How numbers that stand for a time are to be taken. */
export const TIME_UNITS = [
  "auto",
  "seconds",
  "milliseconds",
  "frames",
  "epoch-seconds",
  "epoch-milliseconds",
] as const;
export type TimeUnit = (typeof TIME_UNITS)[number];

/** Order of day, month and year in a date that is not ISO 8601. */
export const DATE_ORDERS = ["dmy", "mdy", "ymd"] as const;
export type DateOrder = (typeof DATE_ORDERS)[number];

/** The columns of a CSV log: each is a header's name, or a number from 1. */
export type ColumnMap = Readonly<Partial<Record<Column, string | number>>>;
export const COLUMNS = [
  "time",
  "date",
  "since",
  "until",
  "event",
  "rule",
  "clip",
  "confidence",
  "left",
  "top",
  "width",
  "height",
] as const;
export type Column = (typeof COLUMNS)[number];

/** How a log is to be read, where it does not say so itself. */
export interface LogReading {
  readonly time: {
    readonly unit: TimeUnit;
    /** IANA name of the zone of local times, such as Europe/Paris; null: a local time is refused. */
    readonly zone: string | null;
    readonly dateOrder: DateOrder | null;
  };
  readonly csv: {
    readonly columns: ColumnMap;
    /** Null: told from the first line. */
    readonly delimiter: ";" | "," | "\t" | null;
    /** Null: a comma is one in a file whose delimiter is not the comma. */
    readonly decimal: "," | "." | null;
    readonly header: boolean;
  };
  /** What every alert of a log without names of events tells of; null where the log names them. */
  readonly event: string | null;
  /** Detections of single pictures that are at most so many pictures apart are one alert. */
  readonly joinFrames: number;
}

export const DEFAULT_READING: LogReading = {
  time: { unit: "auto", zone: null, dateOrder: null },
  csv: { columns: {}, delimiter: null, decimal: null, header: true },
  event: null,
  joinFrames: 25,
};

/**
 * A format of alert logs.
 *
 * A reader goes through the file once or twice and holds a bounded part of it. It yields every alert, and for every
 * row that tells of none, and should, a rejection; after a fault from which the rest cannot be told it yields one of
 * the code LOG_BROKEN and ends. Only where nothing of the file could be read, or the person who asked must first say
 * something, does it throw.
 */
export interface LogReader {
  readonly format: LogFormat;
  /** Whether a file that begins so is of this format. @param head at most its first 64 KiB */
  recognises(head: string): boolean;
  read(source: LogSource, reading: LogReading): AsyncIterable<LogRow>;
}
