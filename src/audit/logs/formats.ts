import { fault } from "../../errors.ts";
import { actevReader } from "./actev.ts";
import { cocoReader } from "./coco.ts";
import { csvReader } from "./csv.ts";
import { cvatReader } from "./cvat.ts";
import { jsonLinesReader } from "./json-lines.ts";
import { LOG_FORMATS, type LogFormat, type LogReader } from "./log.ts";
import type { LogSource } from "./log-source.ts";
import { motReader } from "./mot.ts";
import { onvifReader } from "./onvif.ts";
import { viperReader } from "./viper.ts";

/** In the order in which a file is asked whether it is of the format: the more particular ones first. */
const READERS: readonly LogReader[] = [
  viperReader,
  cvatReader,
  onvifReader,
  actevReader,
  cocoReader,
  jsonLinesReader,
  motReader,
  csvReader,
];

export function readerOf(format: LogFormat): LogReader {
  const found = READERS.find((reader) => reader.format === format);
  if (found === undefined) throw new TypeError(`no reader of ${format}`);
  return found;
}

/** The format of a file, by how it begins; its name plays no part. @throws LOG_FORMAT_UNKNOWN */
export function detectFormat(source: LogSource): LogReader {
  const found = READERS.find((reader) => reader.recognises(source.head));
  if (found === undefined)
    throw fault("LOG_FORMAT_UNKNOWN", { file: source.name, formats: LOG_FORMATS.join(", ") });
  return found;
}
