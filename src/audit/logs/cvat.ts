import { CodedError, fault } from "../../errors.ts";
import type { Box } from "../../geometry/shapes.ts";
import { boxOf } from "./json-values.ts";
import type { LoggedAlert, LogReader, LogReading, LogRow, Origin } from "./log.ts";
import type { LogSource } from "./log-source.ts";
import { presenceAlerts, type Sighting } from "./presence.ts";
import { alertRow, MOST_ALERTS, malformed, place, rejectedRow } from "./rows.ts";
import { readXml, type XmlHandler } from "./xml.ts";

/**
 * CVAT's XML 1.1 (docs.cvat.ai, "XML annotation format"). For video: each `track` has a label and shapes by frame;
 * from the first picture in which it is to be seen until the one in which it is `outside` is one alert. For images:
 * boxes and tags by picture, joined as detections are. Frames from 0. Attributes of what is drawn are not read.
 */
export const cvatReader: LogReader = {
  format: "cvat",
  recognises: (head) => /<annotations[\s>]/.test(head) && /<(?:version|meta|track|image)[\s>]/.test(head),
  read: readCvat,
};

const SHAPES = new Set([
  "box",
  "polygon",
  "polyline",
  "points",
  "ellipse",
  "cuboid",
  "mask",
  "skeleton",
  "tag",
]);

async function* readCvat(source: LogSource, reading: LogReading): AsyncGenerator<LogRow> {
  const annotations = new Annotations(source);
  yield* readXml(source, annotations);
  yield* annotations.rest();
  for (const alert of presenceAlerts(annotations.sightings, reading.joinFrames)) yield alertRow(alert);
}

class Annotations implements XmlHandler {
  readonly sightings: Sighting[] = [];
  readonly #source: LogSource;
  #clip: string | null = null;
  #path: string[] = [];
  #label: string | null = null;
  #open: { alert: LoggedAlert; last: number } | null = null;
  #frame: number | null = null;
  #trackLine = 0;
  readonly #rows: LogRow[] = [];

  constructor(source: LogSource) {
    this.#source = source;
  }

  open(name: string, attributes: ReadonlyMap<string, string>, line: number): void {
    this.#path.push(name);
    const origin: Origin = { file: this.#source.name, line };
    if (name === "track") {
      this.#label = attributes.get("label") ?? null;
      this.#trackLine = line;
      this.#open = null;
      if (this.#label === null)
        this.#rows.push(rejectedRow(origin, fault("LOG_ROW_NO_EVENT", { at: place(origin) })));
      return;
    }
    if (name === "image") {
      this.#frame = frameOf(attributes.get("id"));
      return;
    }
    if (!SHAPES.has(name)) return;
    const parent = this.#path.at(-2);
    if (parent === "track" && this.#label !== null) this.#trackShape(this.#label, attributes, origin);
    else if (parent === "image") this.#imageShape(attributes, origin);
  }

  close(name: string, text: string): readonly LogRow[] {
    // `source` holds the video's name, in a task of one video.
    if (name === "source" && this.#path.includes("meta") && text !== "") this.#clip = text;
    this.#path.pop();
    if (name === "track") this.#end();
    return this.#rows.splice(0);
  }

  rest(): readonly LogRow[] {
    this.#end();
    return this.#rows.splice(0);
  }

  #trackShape(event: string, attributes: ReadonlyMap<string, string>, origin: Origin): void {
    const frame = frameOf(attributes.get("frame"));
    if (frame === null) {
      this.#rows.push(malformed(origin, "the shape has no frame"));
      return;
    }
    if (attributes.get("outside") === "1") {
      this.#end(frame);
      return;
    }
    if (this.#open !== null) {
      this.#open.last = frame;
      return;
    }
    const box = shapeBox(attributes, origin);
    if (box instanceof CodedError) {
      this.#rows.push(rejectedRow(origin, box));
      return;
    }
    const alert: LoggedAlert = {
      clip: this.#clip,
      event,
      rule: null,
      at: { kind: "frame", value: frame },
      since: null,
      until: null,
      confidence: null,
      box,
      origin: { ...origin, line: origin.line || this.#trackLine },
    };
    this.#open = { alert, last: frame };
  }

  /** @param frame the first picture in which it is not to be seen any more */
  #end(frame?: number): void {
    if (this.#open === null) return;
    const { alert, last } = this.#open;
    this.#open = null;
    this.#rows.push(alertRow({ ...alert, until: { kind: "frame", value: frame ?? last + 1 } }));
  }

  #imageShape(attributes: ReadonlyMap<string, string>, origin: Origin): void {
    const event = attributes.get("label") ?? null;
    if (event === null || this.#frame === null) {
      this.#rows.push(
        event === null
          ? rejectedRow(origin, fault("LOG_ROW_NO_EVENT", { at: place(origin) }))
          : malformed(origin, "the image has no number"),
      );
      return;
    }
    const box = shapeBox(attributes, origin);
    if (box instanceof CodedError) {
      this.#rows.push(rejectedRow(origin, box));
      return;
    }
    if (this.sightings.length >= MOST_ALERTS)
      throw fault("LOG_TOO_MANY", { file: this.#source.name, limit: MOST_ALERTS });
    this.sightings.push({ clip: this.#clip, event, frame: this.#frame, confidence: null, box, origin });
  }
}

function frameOf(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,12}$/.test(text) ? Number(text) : null;
}

/** Of a box by its corners, of any other shape by its points; null of one that has neither, as a tag. */
function shapeBox(attributes: ReadonlyMap<string, string>, origin: Origin): Box | null | CodedError {
  const corners = ["xtl", "ytl", "xbr", "ybr"].map((name) => attributes.get(name));
  const points = attributes.get("points");
  if (corners.some((corner) => corner !== undefined)) return between(corners, origin);
  if (points === undefined) return null;
  const pairs = points.split(";").map((pair) => pair.split(",").map(Number));
  const xs = pairs.map(([x]) => x ?? Number.NaN);
  const ys = pairs.map(([, y]) => y ?? Number.NaN);
  const least = (values: readonly number[]) => values.reduce((a, b) => Math.min(a, b));
  const most = (values: readonly number[]) => values.reduce((a, b) => Math.max(a, b));
  // A point has no size: one px is the least place that something can be at.
  return between(
    [least(xs), least(ys), Math.max(most(xs), least(xs) + 1), Math.max(most(ys), least(ys) + 1)],
    origin,
  );
}

function between(corners: readonly (string | number | undefined)[], origin: Origin): Box | null | CodedError {
  const [left, top, right, bottom] = corners.map((corner) =>
    corner === undefined || corner === "" ? Number.NaN : Number(corner),
  );
  const [x = Number.NaN, y = Number.NaN] = [left, top];
  return boxOf([x, y, (right ?? Number.NaN) - x, (bottom ?? Number.NaN) - y], origin);
}
