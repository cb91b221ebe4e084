import { type CodedError, fault } from "../../errors.ts";
import type { Box } from "../../geometry/shapes.ts";
import { JsonBroken, type JsonItem, readJsonItems } from "./json-items.ts";
import type { LogRow, Origin } from "./log.ts";
import type { LogSource } from "./log-source.ts";
import { brokenRow, place } from "./rows.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A text that is not empty, or a whole number as one; null for anything else. */
export function textOf(value: unknown): string | null {
  if (typeof value === "number" && Number.isInteger(value)) return String(value);
  return typeof value === "string" && value.trim() !== "" ? value.trim() : null;
}

/** A finite number, or the text of one. */
export function numberOf(value: unknown): number | null {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : null;
}

/** A number that may be left out. @returns null where it is; an error where it is there and is none */
export function optionalNumber(value: unknown, what: string, origin: Origin): number | null | CodedError {
  if (value === undefined || value === null) return null;
  const number = numberOf(value);
  const found = (JSON.stringify(value) ?? "").slice(0, 80);
  return number ?? fault("LOG_ROW_NUMBER", { at: place(origin), what, found });
}

/** A box whose parts may come from anywhere. @returns null where none is given; an error where it is no box */
export function boxOf(parts: readonly unknown[], origin: Origin): Box | null | CodedError {
  if (parts.every((part) => part === undefined || part === null || part === "")) return null;
  const [x, y, width, height] = parts.map(numberOf);
  if (
    typeof x !== "number" ||
    typeof y !== "number" ||
    typeof width !== "number" ||
    typeof height !== "number"
  ) {
    return fault("LOG_ROW_BOX", { at: place(origin), what: "the place is no box of four numbers" });
  }
  if (width <= 0 || height <= 0) {
    return fault("LOG_ROW_BOX", { at: place(origin), what: `the box is ${width} by ${height} px` });
  }
  return { x, y, width, height };
}

/** The items of a document's lists; a break is handed to `broken` as a row. */
export async function* itemsOf(
  source: LogSource,
  lists: readonly string[],
  broken: (row: LogRow) => void,
): AsyncGenerator<JsonItem> {
  try {
    yield* readJsonItems(source, new Set(lists));
  } catch (thrown) {
    if (!(thrown instanceof JsonBroken)) throw thrown;
    broken(brokenRow(source, thrown.line, thrown.message));
  }
}
