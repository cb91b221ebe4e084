import { CodedError, fault } from "../../errors.ts";
import type { Box } from "../../geometry/shapes.ts";
import { boxOf } from "./json-values.ts";
import type { LogReader, LogReading, LogRow, Origin } from "./log.ts";
import type { LogSource } from "./log-source.ts";
import { parseNumber } from "./numbers.ts";
import { alertRow, malformed, place, rejectedRow } from "./rows.ts";
import { readXml, type XmlHandler } from "./xml.ts";

/**
 * ViPER-GT XML (Doermann and Mihalcik 2000; as TRECVid event detection used it, usnistgov/F4DE): each `object` or
 * `content` of the data has a name and a `framespan` such as `938:1493 1600:1620`, frames from 1; each of its spans is
 * an alert. `DetectionScore` is its confidence; an object whose `DetectionDecision` is false was raised to nobody.
 * `FRAMERATE` is not believed: TRECVid files say 1.0 in it, of video of 25 pictures a second.
 */
export const viperReader: LogReader = {
  format: "viper",
  recognises: (head) => /<(?:\w+:)?viper[\s>]/.test(head),
  read: readViper,
};

async function* readViper(source: LogSource, _reading: LogReading): AsyncGenerator<LogRow> {
  yield* readXml(source, new Descriptors(source));
}

class Descriptors implements XmlHandler {
  readonly #source: LogSource;
  #clip: string | null = null;
  #inData = false;
  #event: string | null = null;
  #span = "";
  #line = 0;
  #attribute = "";
  #score: string | null = null;
  #declined = false;
  #boxes: { readonly framespan: string; readonly parts: readonly (string | undefined)[] }[] = [];

  constructor(source: LogSource) {
    this.#source = source;
  }

  open(name: string, attributes: ReadonlyMap<string, string>, line: number): void {
    if (name === "data") this.#inData = true;
    if (!this.#inData) return;
    if (name === "sourcefile") this.#clip = attributes.get("filename")?.replace(/^file:/, "") ?? null;
    else if (name === "object" || name === "content") {
      this.#event = attributes.get("name") ?? "";
      this.#span = attributes.get("framespan") ?? "";
      this.#line = line;
      this.#score = null;
      this.#declined = false;
      this.#boxes = [];
    } else if (this.#event === null) return;
    else if (name === "attribute") this.#attribute = attributes.get("name") ?? "";
    else if (this.#attribute === "DetectionScore") this.#score = attributes.get("value") ?? this.#score;
    else if (this.#attribute === "DetectionDecision") this.#declined = attributes.get("value") === "false";
    else if (name === "bbox" && this.#boxes.length < 100_000) {
      const parts = ["x", "y", "width", "height"].map((part) => attributes.get(part));
      this.#boxes.push({ framespan: attributes.get("framespan") ?? this.#span, parts });
    }
  }

  close(name: string): readonly LogRow[] {
    if (name === "attribute") this.#attribute = "";
    if (name === "data") this.#inData = false;
    if ((name !== "object" && name !== "content") || this.#event === null) return [];
    const rows = this.#object(this.#event);
    this.#event = null;
    return rows;
  }

  #object(event: string): readonly LogRow[] {
    const origin: Origin = { file: this.#source.name, line: this.#line };
    const refuse = (error: CodedError) => [rejectedRow(origin, error)];
    if (event === "") return refuse(fault("LOG_ROW_NO_EVENT", { at: place(origin) }));
    if (this.#declined) return refuse(fault("LOG_ROW_DECLINED", { at: place(origin) }));
    if (this.#span.trim() === "") return refuse(fault("LOG_ROW_NO_TIME", { at: place(origin) }));
    const spans = spansOf(this.#span);
    if (spans === null) {
      return [
        malformed(
          origin,
          `${JSON.stringify(this.#span.slice(0, 60))} is no span of frames, such as 938:1493`,
        ),
      ];
    }
    const confidence = this.#score === null ? null : parseNumber(this.#score, ".");
    if (this.#score !== null && confidence === null) {
      const found = JSON.stringify(this.#score.slice(0, 40));
      return refuse(fault("LOG_ROW_NUMBER", { at: place(origin), what: "DetectionScore", found }));
    }
    return spans.map(({ begin, end }) => {
      const box = this.#boxAt(begin, end, origin);
      if (box instanceof CodedError) return rejectedRow(origin, box);
      return alertRow({
        clip: this.#clip,
        event,
        rule: null,
        at: { kind: "frame", value: begin - 1 },
        since: null,
        // The last picture lasts until the next, and frames are counted from 1.
        until: { kind: "frame", value: end },
        confidence,
        box,
        origin,
      });
    });
  }

  /** The first box that is drawn within a span. */
  #boxAt(begin: number, end: number, origin: Origin): Box | null | CodedError {
    for (const { framespan, parts } of this.#boxes) {
      const within = spansOf(framespan)?.some((span) => span.begin <= end && span.end >= begin);
      if (within === true) return boxOf(parts, origin);
    }
    return null;
  }
}

/** `938:1493 1600:1620`, frames from 1, both ends within. */
function spansOf(text: string): readonly { readonly begin: number; readonly end: number }[] | null {
  const spans = [];
  for (const part of text.trim().split(/\s+/)) {
    const match = /^(\d{1,12}):(\d{1,12})$/.exec(part);
    const [begin, end] = [Number(match?.[1]), Number(match?.[2])];
    if (match === null || begin < 1 || end < begin) return null;
    spans.push({ begin, end });
  }
  return spans;
}
