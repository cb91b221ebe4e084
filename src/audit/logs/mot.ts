import { fault } from "../../errors.ts";
import { readLines } from "./lines.ts";
import type { LogReader, LogReading, LogRow } from "./log.ts";
import type { LogSource } from "./log-source.ts";
import { parseNumber } from "./numbers.ts";
import { presenceAlerts, type Sighting } from "./presence.ts";
import { alertRow, MOST_ALERTS, malformed, place, rejectedRow } from "./rows.ts";

/**
 * MOTChallenge (Leal-Taixé et al. 2015, arXiv:1504.01942): `frame,id,left,top,width,height,confidence,…`, frames
 * from 1. It says where somebody is and knows no event, so it is an alert log only where presence itself is the alarm
 * and has been given a name. The column of ids is not read: presence is anybody's.
 */
export const motReader: LogReader = {
  format: "mot",
  recognises: (head) => {
    const lines = head
      .split(/\r?\n/)
      .filter((line) => line.trim() !== "")
      .slice(0, 5);
    return lines.length > 0 && lines.every((line) => MOT_LINE.test(line));
  },
  read: readMot,
};

const MOT_LINE = /^\s*\d+\s*,\s*-?\d+(?:\s*,\s*-?[\d.]+(?:e[+-]?\d+)?){4,8}\s*,?\s*$/i;

async function* readMot(source: LogSource, reading: LogReading): AsyncGenerator<LogRow> {
  const { event } = reading;
  if (event === null) throw fault("LOG_TRACKS", { file: source.name });
  const sightings: Sighting[] = [];
  for await (const { text, number } of readLines(source)) {
    const origin = { file: source.name, line: number };
    if (text !== null && text.trim() === "") continue;
    const cells = text === null ? [] : text.split(",");
    if (cells.length < 6) {
      yield malformed(origin, "it has fewer than the six numbers frame, id, left, top, width, height");
      continue;
    }
    const [frame = null, , x = null, y = null, width = null, height = null] = cells.map((cell) =>
      parseNumber(cell, "."),
    );
    if (frame === null || frame < 1 || !Number.isInteger(frame)) {
      yield malformed(origin, `${JSON.stringify(cells[0]?.slice(0, 40))} is no frame, counted from 1`);
      continue;
    }
    if (x === null || y === null || width === null || height === null || width <= 0 || height <= 0) {
      yield rejectedRow(origin, fault("LOG_ROW_BOX", { at: place(origin), what: "the box is none" }));
      continue;
    }
    const sure = (cells[6] ?? "").trim();
    // −1 stands for none.
    const confidence = sure === "" || Number(sure) === -1 ? null : parseNumber(sure, ".");
    if (sure !== "" && Number(sure) !== -1 && confidence === null) {
      const what = { at: place(origin), what: "the confidence", found: JSON.stringify(sure.slice(0, 40)) };
      yield rejectedRow(origin, fault("LOG_ROW_NUMBER", what));
      continue;
    }
    if (sightings.length >= MOST_ALERTS)
      throw fault("LOG_TOO_MANY", { file: source.name, limit: MOST_ALERTS });
    sightings.push({ clip: null, event, frame: frame - 1, confidence, box: { x, y, width, height }, origin });
  }
  for (const alert of presenceAlerts(sightings, reading.joinFrames)) yield alertRow(alert);
}
