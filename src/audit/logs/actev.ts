import { CodedError, fault } from "../../errors.ts";
import { type Box, uniteBoxes } from "../../geometry/shapes.ts";
import { boxOf, isObject, itemsOf, numberOf, optionalNumber, textOf } from "./json-values.ts";
import type { LogReader, LogReading, LogRow, Origin } from "./log.ts";
import type { LogSource } from "./log-source.ts";
import { alertRow, malformed, place, rejectedRow } from "./rows.ts";

/**
 * System output of the NIST ActEV evaluations (usnistgov/ActEV_Scorer, `lib/protocols/actev*_schema.json`): a list
 * `activities` with `activity`, `presenceConf`, `alertFrame` and a `localization` of frames at which the activity
 * begins (1) and ends (0), by file. Each activity of each file is an alert: raised at `alertFrame`, or where it begins
 * if there is none. Objects are read for one thing: the place where the activity begins, all their boxes in one.
 */
export const actevReader: LogReader = {
  format: "actev",
  recognises: (head) => /^\s*\{/.test(head) && /"activities"\s*:\s*\[/.test(head),
  read: readActev,
};

async function* readActev(source: LogSource, _reading: LogReading): AsyncGenerator<LogRow> {
  const broken: LogRow[] = [];
  for await (const { line, value } of itemsOf(source, ["activities"], (row) => broken.push(row))) {
    yield* rowsOf(value, { file: source.name, line });
  }
  yield* broken;
}

function* rowsOf(value: unknown, origin: Origin): Generator<LogRow> {
  if (!isObject(value))
    return yield malformed(origin, "the activity is no JSON object (NaN is none in JSON)");
  const event = textOf(value["activity"]);
  if (event === null) return yield rejectedRow(origin, fault("LOG_ROW_NO_EVENT", { at: place(origin) }));
  const confidence = optionalNumber(value["presenceConf"], "presenceConf", origin);
  if (confidence instanceof CodedError) return yield rejectedRow(origin, confidence);
  const alertFrame = optionalNumber(value["alertFrame"], "alertFrame", origin);
  if (alertFrame instanceof CodedError) return yield rejectedRow(origin, alertFrame);
  const localization = isObject(value["localization"]) ? Object.entries(value["localization"]) : [];
  if (localization.length === 0 && alertFrame === null)
    return yield rejectedRow(origin, fault("LOG_ROW_NO_TIME", { at: place(origin) }));
  for (const [clip, marks] of localization.length === 0 ? [[null, {}] as const] : localization) {
    const span = spanOf(marks);
    if (typeof span === "string") {
      yield malformed(origin, span);
      continue;
    }
    const at = alertFrame ?? span?.begin ?? null;
    if (at === null) {
      yield rejectedRow(origin, fault("LOG_ROW_NO_TIME", { at: place(origin) }));
      continue;
    }
    const box = placeOf(value["objects"], clip, span?.begin ?? at, origin);
    if (box instanceof CodedError) {
      yield rejectedRow(origin, box);
      continue;
    }
    yield alertRow({
      clip,
      event,
      rule: null,
      at: { kind: "frame", value: at },
      since: span === null ? null : { kind: "frame", value: span.begin },
      until: span === null ? null : { kind: "frame", value: span.end },
      confidence,
      box,
      origin,
    });
  }
}

/** `{"11006": 1, "11012": 0}`: from the first 1 to the last 0. Null where it is empty, a text where it is wrong. */
function spanOf(marks: unknown): { readonly begin: number; readonly end: number } | null | string {
  if (!isObject(marks)) return "a localization is no JSON object";
  const frames = Object.entries(marks).map(([frame, on]) => ({ frame: Number(frame), on: numberOf(on) }));
  if (frames.length === 0) return null;
  if (frames.some(({ frame, on }) => !Number.isFinite(frame) || (on !== 0 && on !== 1)))
    return "a localization is not of frames with 1 and 0";
  const begins = frames.filter(({ on }) => on === 1).map(({ frame }) => frame);
  const ends = frames.filter(({ on }) => on === 0).map(({ frame }) => frame);
  if (begins.length === 0 || ends.length === 0) return "a localization does not both begin and end";
  return { begin: Math.min(...begins), end: Math.max(...ends) };
}

/** The boxes of an activity's objects where it begins, as one; null where it has none there. */
function placeOf(
  objects: unknown,
  clip: string | null,
  frame: number,
  origin: Origin,
): Box | null | CodedError {
  if (!Array.isArray(objects) || clip === null) return null;
  const boxes: Box[] = [];
  for (const object of objects) {
    const frames = isObject(object) && isObject(object["localization"]) ? object["localization"][clip] : null;
    if (!isObject(frames)) continue;
    // Boxes stand at the frames where they change: the last one at or before the beginning holds.
    const key = Object.keys(frames)
      .filter((name) => Number(name) <= frame)
      .reduce<string | null>(
        (best, name) => (best === null || Number(name) > Number(best) ? name : best),
        null,
      );
    const found = key === null ? null : frames[key];
    const bounds = isObject(found) ? found["boundingBox"] : null;
    if (!isObject(bounds)) continue;
    const box = boxOf([bounds["x"], bounds["y"], bounds["w"], bounds["h"]], origin);
    if (box instanceof CodedError) return box;
    if (box !== null) boxes.push(box);
  }
  return boxes.length === 0 ? null : boxes.reduce((a, b) => uniteBoxes(a, b));
}
