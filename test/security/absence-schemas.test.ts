import { globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { conditionsSchema, referenceSchema } from "../../src/audit/reference.ts";
import * as absence from "./absence.ts";
import { openObjects } from "./absence-sources.ts";

const root = resolve(import.meta.dirname, "../..");
const modules = globSync("src/**/*.ts", { cwd: root }).filter(
  (file) =>
    !file.endsWith(".test.ts") &&
    /^export const \w*[sS]chema\w*\b/m.test(readFileSync(join(root, file), "utf8")),
);

/** What the product's data must at least consist of: a schema that is renamed away would not be looked at. */
const KNOWN = [
  "alertSchema",
  "authorisationSchema",
  "certificateSchema",
  "configSchema",
  "dispositionSchema",
  "evidenceManifestSchema",
  "holdSchema",
  "leafSchema",
  "noticeSchema",
  "profileSchema",
  "runSummarySchema",
  "sealedRecordSchema",
  "signedManifestSchema",
  "trustSchema",
];

/**
 * Of a line in a configuration file: an error or a warning. Nothing that was seen is meant. Of a reference: the file of
 * true tracks that a benchmark publishes, read to score a tracker in memory; nothing of this product's is in it.
 */
const INNOCENT = new Set(['checkReportSchema: key "severity"', 'referenceSchema: key "tracks"']);

/**
 * Maps whose keys somebody declares: events, rules and clips by their names, and the conditions of a recording, of which
 * `conditionsSchema` refuses those that would say who a person is.
 */
const DECLARED_NAMES =
  /(^conditionsSchema: \/|\/(conditions|events|slices|slices\/additionalProperties|rules|clips|columns))$/;
/** Files that other programs write too: what they say beyond the format is left unread, and never passed on. */
const LEFT_UNREAD = new Set(["referenceSchema: /", "suiteSchema: /", "suiteSchema: /properties/clips/items"]);

const schemas = new Map<string, z.ZodType>();

beforeAll(async () => {
  for (const file of modules) {
    const loaded: Record<string, unknown> = await import(pathToFileURL(join(root, file)).href);
    for (const [name, value] of Object.entries(loaded)) {
      if (value instanceof z.ZodType) schemas.set(name, value);
    }
  }
});

/** Each schema as what is taken in and as what is given out. */
function* written(): Generator<readonly [string, unknown]> {
  for (const [name, schema] of schemas) {
    for (const io of ["input", "output"] as const) {
      yield [name, z.toJSONSchema(schema, { io, unrepresentable: "any" })];
    }
  }
}

describe("every schema of the product", () => {
  test("is looked at", () => {
    expect(KNOWN.filter((name) => !schemas.has(name))).toEqual([]);
    expect(schemas.size).toBeGreaterThan(30);
  });

  test("has no field of who somebody is or looks like, of a track, or of a rank, however deep", () => {
    const found = [...written()].flatMap(([name, schema]) =>
      absence.refusedSchemaKeys(schema, ["personal", "following", "ranking"]).map((key) => `${name}: ${key}`),
    );
    expect(found.filter((line) => !INNOCENT.has(line))).toEqual([]);
    expect([...INNOCENT].filter((line) => !found.includes(line))).toEqual([]);
  });

  test("refuses keys that it does not name, however deep", () => {
    const open = [...schemas].flatMap(([name, schema]) =>
      openObjects(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" })).map(
        (at) => `${name}: ${at}`,
      ),
    );
    expect(open.filter((at) => !DECLARED_NAMES.test(at) && !LEFT_UNREAD.has(at))).toEqual([]);
    expect([...LEFT_UNREAD].filter((at) => !open.includes(at))).toEqual([]);
  });

  test("leaves unread, and drops, what a reference or a suite says beyond its format", () => {
    const event = { event: "fire", begin: 0, end: 1 };
    const reference = { schema: "contrechamp/reference@1", events: [event], trackId: 7 };
    expect(Object.keys(referenceSchema.parse(reference))).toEqual(["schema", "events"]);
    expect(referenceSchema.safeParse({ ...reference, events: [{ ...event, trackId: 7 }] }).success).toBe(
      false,
    );
  });

  test.each([
    "trackId",
    "person id",
    "gender",
    "skin",
    "face",
    "name",
    "age",
    "number plate",
  ])("takes no condition called %s", (key) => {
    expect(conditionsSchema.safeParse({ [key]: "x" }).success).toBe(false);
    expect(conditionsSchema.safeParse({ light: "night", wheelchair: true, "camera height": 4 }).success).toBe(
      true,
    );
  });

  test("and does so when it reads: a key more is refused by name", () => {
    let asked = 0;
    for (const [name, schema] of schemas) {
      const json = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
      if (json.type !== "object" && json.oneOf === undefined && json.anyOf === undefined) continue;
      asked += 1;
      const result = schema.safeParse({ trackId: 1 });
      expect(result.success, `${name} takes a track`).toBe(false);
    }
    expect(asked).toBeGreaterThan(25);
  });

  test("the check sees an open object, however deep", () => {
    const planted = z.strictObject({ list: z.array(z.object({ a: z.string() })) });
    expect(openObjects(z.toJSONSchema(planted, { io: "input" }))).toEqual(["/properties/list/items"]);
    const record = z.strictObject({ more: z.record(z.string(), z.string()) });
    expect(openObjects(z.toJSONSchema(record, { io: "input" }))).toEqual(["/properties/more"]);
  });
});
