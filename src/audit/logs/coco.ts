import { CodedError, fault } from "../../errors.ts";
import { boxOf, isObject, itemsOf, numberOf, optionalNumber, textOf } from "./json-values.ts";
import type { LogReader, LogReading, LogRow, Origin } from "./log.ts";
import type { LogSource } from "./log-source.ts";
import { presenceAlerts, type Sighting } from "./presence.ts";
import { alertRow, MOST_ALERTS, malformed, place, rejectedRow } from "./rows.ts";

/**
 * COCO JSON (Lin et al. 2014, cocodataset.org, "Data format"): `images`, `categories`, `annotations`. Detections of
 * one category in pictures near to each other are one alert. The picture's place in the clip is `frame_index` or
 * `frame_id` where the image has it (as COCO-VID has, from 0), else the last number in its file's name, as
 * `frame_000123.png`; what stands before it in the path is the clip. Neither ids of tracks nor attributes are read.
 */
export const cocoReader: LogReader = {
  format: "coco",
  recognises: (head) => /^\s*\{/.test(head) && /"(?:annotations|images|categories)"\s*:\s*\[/.test(head),
  read: readCoco,
};

interface Image {
  readonly clip: string | null;
  readonly frame: number;
}

async function* readCoco(source: LogSource, reading: LogReading): AsyncGenerator<LogRow> {
  const images = new Map<string, Image>();
  const categories = new Map<string, string>();
  const broken: LogRow[] = [];
  for await (const { list, line, value } of itemsOf(source, ["images", "categories"], (row) =>
    broken.push(row),
  )) {
    const origin = { file: source.name, line };
    const id = isObject(value) ? textOf(value["id"]) : null;
    if (!isObject(value) || id === null) {
      yield malformed(origin, `one of the ${list} has no id`);
    } else if (list === "categories") {
      categories.set(id, textOf(value["name"]) ?? id);
    } else {
      const image = imageOf(value);
      if (image === null) yield malformed(origin, "nothing tells the image's place in the clip");
      else images.set(id, image);
      if (images.size > MOST_ALERTS) throw fault("LOG_TOO_MANY", { file: source.name, limit: MOST_ALERTS });
    }
  }
  // Annotations may stand before what they name, so the file is gone through a second time.
  const sightings: Sighting[] = [];
  // A file without any names has numbers for names; a file that lost them has none.
  const named = categories.size > 0 || broken.length > 0;
  for await (const { line, value } of itemsOf(source, ["annotations"], (row) => broken.push(row))) {
    const found = sightingOf(value, images, named ? categories : null, { file: source.name, line });
    if ("kind" in found) yield found;
    else sightings.push(found);
    if (sightings.length > MOST_ALERTS)
      throw fault("LOG_TOO_MANY", { file: source.name, limit: MOST_ALERTS });
  }
  for (const alert of presenceAlerts(sightings, reading.joinFrames)) yield alertRow(alert);
  // What breaks the first reading off breaks off the second, too.
  yield* broken.slice(0, 1);
}

function sightingOf(
  value: unknown,
  images: ReadonlyMap<string, Image>,
  categories: ReadonlyMap<string, string> | null,
  origin: Origin,
): Sighting | LogRow {
  if (!isObject(value)) return malformed(origin, "the annotation is no JSON object (NaN is none in JSON)");
  const image = images.get(textOf(value["image_id"]) ?? "");
  if (image === undefined) return rejectedRow(origin, fault("LOG_ROW_NO_TIME", { at: place(origin) }));
  const id = textOf(value["category_id"]);
  const category = id === null || categories === null ? id : (categories.get(id) ?? null);
  if (category === null) return rejectedRow(origin, fault("LOG_ROW_NO_EVENT", { at: place(origin) }));
  const confidence = optionalNumber(value["score"], "the score", origin);
  if (confidence instanceof CodedError) return rejectedRow(origin, confidence);
  const parts = Array.isArray(value["bbox"]) ? value["bbox"] : [];
  const box = parts.length === 0 ? null : boxOf(parts, origin);
  if (box instanceof CodedError) return rejectedRow(origin, box);
  return { ...image, event: category, confidence, box, origin };
}

function imageOf(image: Readonly<Record<string, unknown>>): Image | null {
  const file = textOf(image["file_name"]) ?? "";
  const parts = /^(.*?)[\\/]?[^\\/]*?(\d{1,12})\D*$/s.exec(file);
  const clip = parts?.[1] === undefined || parts[1] === "" ? null : parts[1];
  const frame = numberOf(image["frame_index"]) ?? numberOf(image["frame_id"]) ?? numberOf(parts?.[2]);
  return frame === null || frame < 0 ? null : { clip: textOf(image["video_id"]) ?? clip, frame };
}
