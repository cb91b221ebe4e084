import { z } from "zod";
import type { Point } from "../geometry/shapes.ts";
import { DURATION_PATTERN, formatDuration, parseDuration } from "../time/duration.ts";

/**
 * The values that a configuration is made of: each is written with its unit, so that a reader never has to
 * guess, and each says in `error` what it allows. The message of every issue is that phrase, "expected ...".
 */

/** What a person most likely meant by a bare number, for the message that refuses it. */
function bareNumber(input: unknown, unit: string): string {
  return typeof input === "number" ? ` (${input} has no unit: write ${input}${unit} if you mean that)` : "";
}

interface Range {
  readonly min: number;
  readonly max: number;
}

function within(value: number, range: Range): boolean {
  return value >= range.min && value <= range.max;
}

/** A text of a number and its unit, turned into that number, within a range. */
function quantity(
  noun: string,
  pattern: RegExp,
  examples: readonly string[],
  unit: string,
  parse: (text: string) => number | null,
  format: (value: number) => string,
  range: Range,
) {
  const expected = `${noun} with its unit, such as ${examples.join(", ")}`;
  const refuse = (input: unknown) => `${expected}${bareNumber(input, unit)}`;
  return z
    .string({ error: (issue) => refuse(issue.input) })
    .regex(pattern, { error: (issue) => refuse(issue.input) })
    .meta({
      title: `${noun.replace(/^an? /, "")}, ${format(range.min)} to ${format(range.max)}`,
      examples: [...examples],
    })
    .transform((text, context) => {
      const value = parse(text);
      if (value !== null && within(value, range)) return value;
      context.issues.push({
        code: "custom",
        input: text,
        message: `${noun} from ${format(range.min)} to ${format(range.max)}`,
      });
      return z.NEVER;
    });
}

/** A length of time, as `500ms`, `1s`, `2m`, `1h`; seconds once read. @param min @param max seconds, inclusive */
export function duration(min: number, max: number) {
  return quantity(
    "a duration",
    DURATION_PATTERN,
    ["500ms", "1s", "2m", "1h"],
    "s",
    parseDuration,
    formatDuration,
    {
      min,
      max,
    },
  );
}

const RATE_PATTERN = /^(\d+(?:\.\d+)?)\/(s|m|h)$/;
const PER_SECOND = { s: 1, m: 1 / 60, h: 1 / 3600 } as const;

/** How often, as `8/s` or `30/m`; times per second once read. */
export function rate(min: number, max: number) {
  const parse = (text: string) => {
    const match = RATE_PATTERN.exec(text);
    return match === null ? null : Number(match[1]) * PER_SECOND[match[2] as keyof typeof PER_SECOND];
  };
  return quantity("a rate", RATE_PATTERN, ["8/s", "0.5/s", "30/m"], "/s", parse, (value) => `${value}/s`, {
    min,
    max,
  });
}

const LENGTH_PATTERN = /^(\d+(?:\.\d+)?)(mm|cm|m|km)$/;
const METRES = { mm: 0.001, cm: 0.01, m: 1, km: 1000 } as const;

/** A length on the ground, as `2.5m` or `40cm`; metres once read. */
export function length(min: number, max: number) {
  const parse = (text: string) => {
    const match = LENGTH_PATTERN.exec(text);
    return match === null ? null : Number(match[1]) * METRES[match[2] as keyof typeof METRES];
  };
  return quantity("a length", LENGTH_PATTERN, ["2.5m", "40cm"], "m", parse, (value) => `${value}m`, {
    min,
    max,
  });
}

const PIXEL_PATTERN = /^(\d+)px$/;

/** A side of a picture, as `640px`; a whole number of pixels once read. */
export function pixels(min: number, max: number) {
  const parse = (text: string) => Number(PIXEL_PATTERN.exec(text)?.[1] ?? Number.NaN);
  return quantity("a size in pixels", PIXEL_PATTERN, ["640px"], "px", parse, (value) => `${value}px`, {
    min,
    max,
  });
}

/** The name of a camera, zone, line or rule: it stands in file names, addresses and alerts. */
export function slug() {
  return z
    .string({ error: "a short name of lower-case letters, digits and single hyphens, such as north-gate" })
    .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, {
      error: "a short name of lower-case letters, digits and single hyphens, such as north-gate",
    })
    .max(64, { error: "a name of at most 64 characters" })
    .meta({ title: "short name" });
}

/** Largest distance of a corner from the picture's origin, in px: beyond any camera, so a slip of the pen. */
export const LARGEST_COORDINATE = 16_384;
/** Largest ground coordinate in metres: national grids such as Lambert 93 reach 7,000 km. */
export const LARGEST_GROUND_COORDINATE = 10_000_000;

function pair(title: string, expected: string, largest: number) {
  const limits = `a number from -${largest} to ${largest}`;
  const coordinate = z
    .number({ error: limits })
    .min(-largest, { error: limits })
    .max(largest, { error: limits });
  return z
    .tuple([coordinate, coordinate], { error: expected })
    .meta({ title })
    .transform(([x, y]): Point => ({ x, y }));
}

/** A point of the picture, `[x, y]` in px from its top left corner, y downwards. */
export function imagePoint() {
  return pair(
    "point `[x, y]` in px",
    "a point of the picture as [x, y] in px, such as [320, 240]",
    LARGEST_COORDINATE,
  );
}

/** A point of the ground, `[x, y]` in metres in any fixed frame. */
export function groundPoint() {
  return pair(
    "point `[x, y]` in metres",
    "a point of the ground as [x, y] in metres, such as [-7.2, 3.4]",
    LARGEST_GROUND_COORDINATE,
  );
}

/** A closed polygon of the picture: at least 3 corners, the last is joined to the first. */
export function polygon() {
  const expected = "a polygon: a list of at least 3 corners [x, y] in px";
  return z
    .array(imagePoint(), { error: expected })
    .min(3, { error: expected })
    .max(256, { error: "a polygon of at most 256 corners" })
    .meta({ title: "list of at least 3 points `[x, y]` in px" });
}

/** Words of a person, or a path: `what` says which, in the reference page and in messages. */
export function text(what: string, longest = 4096) {
  return z
    .string({ error: what })
    .min(1, { error: what })
    .max(longest, { error: `${what}, of at most ${longest} characters` })
    .meta({ title: what.split(", such as")[0] ?? what });
}
