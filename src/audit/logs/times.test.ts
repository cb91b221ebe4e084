import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CodedError } from "../../errors.ts";
import { DEFAULT_READING, type LogReading } from "./log.ts";
import { parseConfidence, parseNumber } from "./numbers.ts";
import { readTime } from "./times.ts";

const origin = { file: "log", line: 7 };
const PARIS: LogReading["time"] = { unit: "auto", zone: "Europe/Paris", dateOrder: "dmy" };
const read = (text: string, time: LogReading["time"] = DEFAULT_READING.time) =>
  readTime(text, time, origin, (one) => parseNumber(one, ","));
const at = (text: string) => ({ kind: "instant", utc: Date.parse(text), again: null });

describe("times that are read", () => {
  test.each<readonly [string, LogReading["time"], unknown]>([
    ["12.5", DEFAULT_READING.time, { kind: "seconds", value: 12.5 }],
    ["12,5", DEFAULT_READING.time, { kind: "seconds", value: 12.5 }],
    ["-3", DEFAULT_READING.time, { kind: "seconds", value: -3 }],
    ["0:01:02", DEFAULT_READING.time, { kind: "seconds", value: 62 }],
    ["100:00:00.250", DEFAULT_READING.time, { kind: "seconds", value: 360_000.25 }],
    ["01:02:03,5", DEFAULT_READING.time, { kind: "seconds", value: 3723.5 }],
    ["1500", { ...PARIS, unit: "milliseconds" }, { kind: "seconds", value: 1.5 }],
    ["50", { ...PARIS, unit: "frames" }, { kind: "frame", value: 50 }],
    ["1772352000", DEFAULT_READING.time, at("2026-03-01T08:00:00Z")],
    ["1772352000123", DEFAULT_READING.time, at("2026-03-01T08:00:00.123Z")],
    ["1772352000", { ...PARIS, unit: "seconds" }, { kind: "seconds", value: 1_772_352_000 }],
    ["2026-03-01T08:00:00Z", DEFAULT_READING.time, at("2026-03-01T08:00:00Z")],
    ["2026-03-01 09:00:00.25+0100", DEFAULT_READING.time, at("2026-03-01T08:00:00.250Z")],
    ["2026-03-01T02:30:00-05:30", DEFAULT_READING.time, at("2026-03-01T08:00:00Z")],
    ["2026-03-01T09:00:00", PARIS, at("2026-03-01T08:00:00Z")],
    ["2026-07-01T09:00", PARIS, at("2026-07-01T07:00:00Z")],
    ["01/03/2026 09:00:00,5", PARIS, at("2026-03-01T08:00:00.500Z")],
    ["1.3.2026 9h05", PARIS, at("2026-03-01T08:05:00Z")],
    ["03/01/2026 09:00", { ...PARIS, dateOrder: "mdy" }, at("2026-03-01T08:00:00Z")],
    // Clocks went forward at 2:00 on 29 March 2026, and go back at 3:00 on 25 October.
    ["2026-03-29T01:59:59", PARIS, at("2026-03-29T00:59:59Z")],
    ["2026-03-29T03:00:00", PARIS, at("2026-03-29T01:00:00Z")],
    [
      "2026-10-25T02:30:00",
      PARIS,
      { kind: "instant", utc: Date.parse("2026-10-25T00:30:00Z"), again: Date.parse("2026-10-25T01:30:00Z") },
    ],
    ["2026-10-25T02:30:00+01:00", PARIS, at("2026-10-25T01:30:00Z")],
  ])("%s", (text, time, expected) => {
    expect(read(text, time)).toEqual(expected);
  });
});

describe("times that are refused", () => {
  test.each<readonly [string, LogReading["time"], string]>([
    ["", PARIS, "LOG_ROW_NO_TIME"],
    ["  ", PARIS, "LOG_ROW_NO_TIME"],
    ["yesterday", PARIS, "LOG_ROW_TIME"],
    ["NaN", PARIS, "LOG_ROW_TIME"],
    ["1e999", PARIS, "LOG_ROW_TIME"],
    ["00:61:00", PARIS, "LOG_ROW_TIME"],
    ["12:30", PARIS, "LOG_ROW_TIME"],
    ["2026-02-30T08:00:00Z", PARIS, "LOG_ROW_TIME"],
    ["2026-03-01T24:00:00Z", PARIS, "LOG_ROW_TIME"],
    ["2026-03-01T08:00:00+19:00", PARIS, "LOG_ROW_TIME"],
    ["31/02/2026 08:00", PARIS, "LOG_ROW_TIME"],
    ["01/03/26 08:00", PARIS, "LOG_ROW_TIME"],
    ["2026-03-29T02:30:00", PARIS, "LOG_ROW_TIME_SKIPPED"],
    ["2026-03-01T09:00:00", DEFAULT_READING.time, "LOG_NO_ZONE"],
    ["01/03/2026 09:00", { ...PARIS, dateOrder: null }, "LOG_DATE_ORDER"],
  ])("%j", (text, time, code) => {
    const result = () => {
      try {
        return read(text, time);
      } catch (thrown) {
        return thrown;
      }
    };
    const error = result();
    expect(error).toBeInstanceOf(CodedError);
    expect(error).toMatchObject({ code, message: expect.stringContaining("log:7") });
  });
});

test("what Intl writes of any instant in a zone is read as that instant", () => {
  const zones = ["Europe/Paris", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "UTC"];
  fc.assert(
    fc.property(
      fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2037, 0, 1) }).map((ms) => ms - (ms % 1000)),
      fc.constantFrom(...zones),
      (utc, zone) => {
        const text = new Intl.DateTimeFormat("sv-SE", {
          timeZone: zone,
          dateStyle: "short",
          timeStyle: "medium",
        }).format(utc);
        const time = read(text, { ...PARIS, zone });
        if (time instanceof CodedError || time.kind !== "instant") throw new Error(`${text} was not read`);
        expect([time.utc, time.again]).toContain(utc);
      },
    ),
    { numRuns: 300 },
  );
});

describe("numbers", () => {
  test.each<readonly [string, "," | "." | null, number | null]>([
    ["1.5", null, 1.5],
    ["1,5", null, null],
    ["1,5", ",", 1.5],
    ["1.5", ",", 1.5],
    ["1,234", ".", null],
    ["1\u202f234,5", ",", 1234.5],
    ["1 234 567", ",", 1_234_567],
    ["1 2", ",", null],
    ["1.234,5", ",", null],
    [".5", null, 0.5],
    ["-2e3", null, -2000],
    ["0x10", null, null],
    ["Infinity", null, null],
    ["NaN", null, null],
    ["", null, null],
  ])("%j with %j", (text, decimal, value) => {
    expect(parseNumber(text, decimal)).toBe(value);
  });

  test("a share of a hundred is one of one", () => {
    expect(parseConfidence("87 %", null)).toBeCloseTo(0.87, 12);
    expect(parseConfidence("87,5%", ",")).toBeCloseTo(0.875, 12);
    expect(parseConfidence("87", null)).toBe(87);
    expect(parseConfidence("%", null)).toBeNull();
  });

  test("any number that French writes is read", () => {
    fc.assert(
      fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), (value) => {
        const rounded = Math.round(value * 1000) / 1000;
        const text = new Intl.NumberFormat("fr-FR", { maximumFractionDigits: 3 }).format(rounded);
        expect(parseNumber(text, ",")).toBeCloseTo(rounded, 3);
      }),
    );
  });
});
