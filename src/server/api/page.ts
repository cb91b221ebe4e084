import { z } from "zod";
import { fault } from "../../errors.ts";

/** How much of a list one answer holds. */
export const pageQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50).describe("How many at most."),
  cursor: z
    .string()
    .max(400)
    .exactOptional()
    .describe("`next` of the page before; the first page without it."),
});

/** A page of a list. @param name what the description calls it */
export function pageSchema<T extends z.ZodType>(item: T, name: string) {
  return z
    .strictObject({
      items: z.array(item),
      next: z.string().nullable().describe("Cursor of the next page; null on the last one."),
    })
    .meta({ id: name });
}

/** A place in a list as text that means nothing to whoever holds it. */
export function toCursor(place: unknown): string {
  return Buffer.from(JSON.stringify(place)).toString("base64url");
}

/** @throws CURSOR_INVALID */
export function fromCursor<T extends z.ZodType>(cursor: string | undefined, schema: T): z.output<T> | null {
  if (cursor === undefined) return null;
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
  } catch {
    throw fault("CURSOR_INVALID", {});
  }
  const read = schema.safeParse(value);
  if (!read.success) throw fault("CURSOR_INVALID", {});
  return read.data;
}

/**
 * One page of what was read, with one more than asked for to know whether there is another.
 * @param placeOf where the page after an item begins
 */
export function pageOf<T, V>(
  read: readonly T[],
  limit: number,
  placeOf: (item: T) => unknown,
  view: (item: T) => V,
): { readonly items: V[]; readonly next: string | null } {
  const shown = read.slice(0, limit);
  const last = shown.at(-1);
  const next = read.length > limit && last !== undefined ? toCursor(placeOf(last)) : null;
  return { items: shown.map(view), next };
}
