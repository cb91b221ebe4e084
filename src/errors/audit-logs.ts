import { EXIT, entry } from "./entry.ts";

/** Vendors' alert logs, and what of them cannot be scored. */
export const AUDIT_LOG_ERRORS = {
  LOG_FORMAT_UNKNOWN: entry<{ file: string; formats: string }>(
    EXIT.data,
    (p) => `${p.file} is in none of the formats that are read here.`,
    (p) => `Name it with --format (${p.formats}). docs/audit/score.md shows a sample of each.`,
  ),
  LOG_NOT_OF_FORMAT: entry<{ file: string; format: string }>(
    EXIT.data,
    (p) => `${p.file} was read as ${p.format}, and holds nothing of that format.`,
    () =>
      "Leave --format out, so that the format is told from the file; or ask for the log in the format's own shape (docs/audit/score.md shows a sample of each).",
  ),
  LOG_COLUMNS: entry<{ at: string; what: string }>(
    EXIT.data,
    (p) => `${p.at}: ${p.what}.`,
    () => 'Say which column is which: --column time="Heure" --column event=3, or a map with --map.',
  ),
  LOG_MAP: entry<{ file: string; count: number; list: string }>(
    EXIT.data,
    (p) => `${p.file} has ${p.count === 1 ? "1 fault" : `${p.count} faults`}:\n${p.list}`,
    () => "Correct the map; nothing was scored. docs/audit/score.md says what it may hold.",
  ),
  LOG_OPTION: entry<{ what: string; help: string }>(
    EXIT.usage,
    (p) => `${p.what}.`,
    (p) => p.help,
  ),
  LOG_NO_EXPOSURE: entry<{ clip: string }>(
    EXIT.usage,
    (p) => `Nothing says how long the system watched ${p.clip}.`,
    () =>
      "Give --exposure (such as 24h), --seconds or --video: without it no false alarms an hour can be said, and it is not invented.",
  ),
  LOG_FRAME_RATE: entry<{ at: string }>(
    EXIT.usage,
    (p) => `${p.at}: the log counts in frames, and nothing says how many a second has.`,
    () => "Give --frames-per-second, from the recording itself (`ffprobe` says it), not from the vendor.",
  ),
  LOG_NO_START: entry<{ at: string; clip: string }>(
    EXIT.usage,
    (p) => `${p.at}: the log has times of day, and nothing says when ${p.clip} begins.`,
    () =>
      "Give --start with the instant of the recording's first picture, such as 2026-03-01T08:00:00+01:00.",
  ),
  LOG_NO_ZONE: entry<{ at: string; found: string }>(
    EXIT.usage,
    (p) => `${p.at}: ${p.found} is a local time, and nothing says of which time zone.`,
    () => "Give --time-zone, such as Europe/Paris or UTC.",
  ),
  LOG_DATE_ORDER: entry<{ at: string; found: string }>(
    EXIT.usage,
    (p) => `${p.at}: nothing says which number of the date ${p.found} is the day and which the month.`,
    () => "Give --date-order: dmy, mdy or ymd.",
  ),
  LOG_CLIPS: entry<{ file: string; clips: string }>(
    EXIT.usage,
    (p) => `${p.file} tells of several clips or cameras (${p.clips}), and the reference is of one.`,
    () => "Say which with --clip, or give one --reference CLIP=FILE a clip, or a --suite.",
  ),
  LOG_TRACKS: entry<{ file: string }>(
    EXIT.usage,
    (p) => `${p.file} is a MOT file: it says where somebody is, not that something happened.`,
    () =>
      "Give --event NAME if that somebody is there is the alarm. How well it follows is another question: HOTA, MOTA and IDF1, of a reference with tracks.",
  ),
  LOG_TOO_MANY: entry<{ file: string; limit: number }>(
    EXIT.data,
    (p) => `${p.file} has more than ${p.limit} rows.`,
    () => "Split it by day or by camera, and score each part.",
  ),
  LOG_BROKEN: entry<{ at: string; what: string }>(
    EXIT.data,
    (p) => `${p.at}: ${p.what}; nothing after it could be read.`,
    () =>
      "Ask for the whole file. What stands before is scored, and the result says that the rest is missing.",
  ),
  LOG_ROW_SHAPE: entry<{ at: string; what: string }>(
    EXIT.data,
    (p) => `${p.at}: ${p.what}.`,
    () => "Correct the row, or the way it is read (docs/audit/score.md).",
  ),
  LOG_ROW_NO_TIME: entry<{ at: string }>(
    EXIT.data,
    (p) => `${p.at}: it has no time.`,
    () => "An alert without a time belongs to no event. Ask for the log with its times.",
  ),
  LOG_ROW_TIME: entry<{ at: string; found: string }>(
    EXIT.data,
    (p) => `${p.at}: ${p.found} is no time that is read here.`,
    () => "Read are seconds, hh:mm:ss.mmm, ISO 8601, and dates with --date-order and --time-zone.",
  ),
  LOG_ROW_TIME_SKIPPED: entry<{ at: string; found: string; zone: string }>(
    EXIT.data,
    (p) => `${p.at}: ${p.found} is an hour that ${p.zone} skipped when its clocks went forward.`,
    () => "The log's clock was not set to that zone. Find out which it was, and say it with --time-zone.",
  ),
  LOG_ROW_TIME_TWICE: entry<{ at: string; clip: string }>(
    EXIT.data,
    (p) => `${p.at}: its time came twice when the clocks went back, and both lie in ${p.clip}.`,
    () => "Ask for the log in UTC.",
  ),
  LOG_ROW_NUMBER: entry<{ at: string; what: string; found: string }>(
    EXIT.data,
    (p) => `${p.at}: ${p.what} is ${p.found}, which is no number.`,
    () => "Say how decimals are written with --decimal , or --decimal .",
  ),
  LOG_ROW_BOX: entry<{ at: string; what: string }>(
    EXIT.data,
    (p) => `${p.at}: ${p.what}.`,
    () => "Boxes are left, top, width and height in px of the recording's own picture.",
  ),
  LOG_ROW_EVENT: entry<{ at: string; found: string; known: string }>(
    EXIT.data,
    (p) => `${p.at}: the reference says nothing of ${p.found}; it is of ${p.known}.`,
    () =>
      "Map the name with --event-map Bagarre=fight, or, if whoever wrote the reference looked for it and it never happened, add it to --events.",
  ),
  LOG_ROW_NO_EVENT: entry<{ at: string }>(
    EXIT.data,
    (p) => `${p.at}: it does not say what happened.`,
    () => "Name the column with --column event=…, or what all of them are with --event.",
  ),
  LOG_ROW_RULE: entry<{ at: string; found: string; known: string }>(
    EXIT.data,
    (p) => `${p.at}: the reference has no rule ${p.found}; it has ${p.known}.`,
    () => "Map the name with --rule-map, or match by event alone with --by event.",
  ),
  LOG_ROW_CLIP: entry<{ at: string; found: string; known: string }>(
    EXIT.data,
    (p) => `${p.at}: there is no reference of ${p.found}; there is of ${p.known}.`,
    () => "Map the name with --clip-map, or leave the row: without a reference it cannot be scored.",
  ),
  LOG_ROW_BEFORE: entry<{ at: string; seconds: number }>(
    EXIT.data,
    (p) => `${p.at}: it lies ${p.seconds} s before the clip begins.`,
    () => "Check --start, --time-zone and the clock offset.",
  ),
  LOG_ROW_BEYOND: entry<{ at: string; seconds: number; length: number }>(
    EXIT.data,
    (p) => `${p.at}: it lies at ${p.seconds} s, beyond the clip, which is ${p.length} s long.`,
    () => "Check --start, --time-zone, --exposure and the unit of the log's times.",
  ),
  LOG_ROW_OTHER_YEAR: entry<{ at: string; found: string; clip: string; start: string }>(
    EXIT.data,
    (p) => `${p.at}: it is of ${p.found}; ${p.clip} was recorded from ${p.start}.`,
    () => "It is the log of another time, or the recorder's clock was never set.",
  ),
  LOG_ROW_ENDS_BEFORE: entry<{ at: string }>(
    EXIT.data,
    (p) => `${p.at}: it ends before it begins.`,
    () => "Check which column is which.",
  ),
  LOG_ROW_DUPLICATE: entry<{ at: string; first: string }>(
    EXIT.data,
    (p) => `${p.at}: it says again what ${p.first} says.`,
    () => "A row that is there twice is one alert: the first is scored.",
  ),
  LOG_ROW_DECLINED: entry<{ at: string }>(
    EXIT.data,
    (p) => `${p.at}: the system itself decided that it is none (DetectionDecision is false).`,
    () => "It was not raised to anybody, so it is neither right nor wrong.",
  ),
} as const;
