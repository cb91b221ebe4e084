import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ERRORS } from "../../src/errors.ts";
import type { Role } from "../../src/server/accounts/roles.ts";
import type { Welcome } from "../../src/server/accounts/sign-in.ts";
import { ACCESS, type Access, type Operation } from "../../src/server/api/access.ts";
import { problemSchema } from "../../src/server/api/problem.ts";
import { attempt, PASSWORD } from "../support/accounts.ts";
import { type ApiOfTest, apiOfTest, operationsOf } from "../support/api.ts";

/** Requests of each operation. */
const RUNS = 40;
/** The same requests each time, so that a refusal here is one of the change at hand; others by FUZZ_SEED. */
const SEED = Number(process.env["FUZZ_SEED"] ?? 1);

type Schema = Readonly<Record<string, unknown>>;

let api: ApiOfTest;
let admin: Welcome;
beforeAll(async () => {
  api = await apiOfTest();
  admin = api.administrator;
  for (const role of ["operator", "auditor", null] as const) await api.join(role);
});
afterAll(() => api.close());

const record = (value: unknown): Schema => (typeof value === "object" && value !== null ? { ...value } : {});
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** What a reference of the description stands for. */
function resolve(value: unknown): Schema {
  const schema = record(value);
  const ref = schema["$ref"];
  if (typeof ref !== "string") return schema;
  const parts = ref.slice(2).split("/");
  const found = parts.reduce<unknown>((at, part) => record(at)[part], api.description);
  expect(found, `${ref} is in the description`).toBeDefined();
  return record(found);
}

/**
 * Values of a schema; where it is `loose`, now and then others: what nearly fits goes further than what does not fit
 * at all.
 */
function arbitraryOf(value: unknown, loose: boolean): fc.Arbitrary<unknown> {
  const fits = fitting(resolve(value), loose);
  return loose ? fc.oneof({ weight: 12, arbitrary: fits }, { weight: 1, arbitrary: fc.jsonValue() }) : fits;
}

function fitting(schema: Schema, loose: boolean): fc.Arbitrary<unknown> {
  const options = [...list(schema["anyOf"]), ...list(schema["oneOf"])];
  if (options.length > 0) return fc.oneof(...options.map((option) => arbitraryOf(option, loose)));
  if ("const" in schema) return fc.constant(schema["const"]);
  if (Array.isArray(schema["enum"])) return fc.constantFrom(...schema["enum"]);
  const types = list(schema["type"]);
  if (types.length > 0) return fc.oneof(...types.map((type) => fitting({ ...schema, type }, loose)));
  switch (schema["type"]) {
    case "object":
      return objects(schema, loose);
    case "array":
      return fc.array(arbitraryOf(schema["items"], loose), { maxLength: 3 });
    case "integer":
    case "number":
      return loose
        ? fc.oneof(fc.integer({ min: -2, max: 300 }), fc.double())
        : fc.integer({ min: 1, max: 200 });
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    default:
      return texts(schema, loose);
  }
}

function objects(schema: Schema, loose: boolean): fc.Arbitrary<unknown> {
  const properties = Object.entries(record(schema["properties"]));
  const arbitraries = Object.fromEntries(
    properties.map(([name, child]) => [name, arbitraryOf(child, loose)]),
  );
  const required = list(schema["required"]).filter((name) => typeof name === "string");
  const whole = fc.record(arbitraries, { requiredKeys: required });
  if (!loose) return whole;
  return fc.oneof(
    { weight: 8, arbitrary: whole },
    { weight: 1, arbitrary: fc.record(arbitraries, { requiredKeys: [] }) },
    { weight: 1, arbitrary: fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 4 }) },
  );
}

function texts({ format, pattern }: Schema, loose: boolean): fc.Arbitrary<unknown> {
  const own =
    format === "uuid"
      ? fc.oneof(fc.constant(admin.person.id), fc.uuid())
      : format === "date-time"
        ? fc
            .date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) })
            .map((date) => date.toISOString())
        : typeof pattern === "string"
          ? fc.stringMatching(new RegExp(pattern))
          : fc.constant(PASSWORD);
  if (!loose) return own;
  const any = fc.oneof(fc.string({ maxLength: 40 }), fc.string({ unit: "binary", maxLength: 300 }));
  return fc.oneof({ weight: 4, arbitrary: own }, { weight: 1, arbitrary: any });
}

/** Text for an address: what no URL can hold is not sent. */
const said = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value)).toWellFormed();

/** Sessions of people of each role, begun anew where a request has ended one. */
const sessions = new Map<Role, Welcome>();

/** Somebody who may ask for an operation: what is refused at the door says nothing of what lies behind it. */
async function someone(operation: string): Promise<Welcome> {
  const access: Access = ACCESS[operation as Operation];
  const role = "roles" in access ? (access.roles.at(-1) ?? "administrator") : "administrator";
  const before = sessions.get(role) ?? (role === "administrator" ? admin : await api.join(role));
  const there = (await api.accounts.signIn.find(before.token)) !== null;
  const now = there
    ? before
    : await api.accounts.signIn.signIn(attempt(before.person, PASSWORD, before.deviceMark));
  sessions.set(role, now);
  return now;
}

describe("the description of the API", () => {
  test("is OpenAPI 3.1, refers to nothing that is not there, and says of each operation what it is", () => {
    expect(api.description.openapi).toBe("3.1.0");
    const refs = JSON.stringify(api.description).match(/"\$ref":"([^"]+)"/g) ?? [];
    expect(refs.length).toBeGreaterThan(10);
    for (const text of refs) resolve(JSON.parse(`{${text}}`));
    const ids = operationsOf(api).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { operation, path, id } of operationsOf(api)) {
      expect(operation.summary, id).toMatch(/^[A-Z].{5,}/);
      const declared = list(operation.parameters).map((parameter) => record(parameter));
      const inPath = declared
        .filter((parameter) => parameter["in"] === "path")
        .map(({ name }) => `{${name}}`);
      expect(path.match(/\{\w+\}/g) ?? []).toEqual(inPath);
      expect(Object.keys(operation.responses ?? {})).toContain("default");
    }
  });

  test("takes no key that it does not name", () => {
    const open: string[] = [];
    const look = (value: unknown, at: string): void => {
      if (Array.isArray(value)) value.forEach((child, index) => void look(child, `${at}/${index}`));
      else if (typeof value === "object" && value !== null) {
        const schema = record(value);
        if (schema["type"] === "object" && schema["additionalProperties"] !== false) open.push(at);
        for (const [key, child] of Object.entries(schema)) look(child, `${at}/${key}`);
      }
    };
    look(api.description.components?.schemas, "");
    expect(open).toEqual([]);
  });
});

describe("requests that nobody thought of", () => {
  test("get an answer of the API, and never a 500", { timeout: 120_000 }, async () => {
    const statuses = new Map<string, Set<number>>();
    for (const { method, path, operation, id } of operationsOf(api)) {
      const parameters = list(operation.parameters).map((parameter) => record(parameter));
      const named = (place: string) => parameters.filter((parameter) => parameter["in"] === place);
      const body = record(record(record(operation.requestBody)["content"])["application/json"])["schema"];
      const values = (place: string, loose: boolean) =>
        fc.record(
          Object.fromEntries(
            named(place).map(({ name, schema }) => [String(name), arbitraryOf(schema, loose)]),
          ),
          place === "path" ? {} : { requiredKeys: [] },
        );
      const anyTag = fc.oneof(fc.constantFrom('"1"', "*", ""), fc.stringMatching(/^[ -~]{0,50}$/));
      const requests = (loose: boolean) =>
        fc.record({
          inPath: values("path", loose),
          query: loose ? values("query", true) : fc.oneof(fc.constant({}), values("query", false)),
          match: loose ? anyTag : fc.constantFrom('"1"', '"2"'),
          body:
            body === undefined
              ? fc.constant(undefined)
              : loose
                ? fc.oneof(arbitraryOf(body, true), fc.string())
                : arbitraryOf(body, false),
          known: fc.integer({ max: 4, min: 0 }).map((number) => number > 0),
        });
      const seen = new Set<number>();
      await fc.assert(
        fc.asyncProperty(
          fc.oneof(requests(false), requests(true)),
          async ({ inPath, query, match, body, known }) => {
            const place = path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
              encodeURIComponent(said(record(inPath)[name])),
            );
            const asked = new URLSearchParams(
              Object.fromEntries(Object.entries(record(query)).map(([name, value]) => [name, said(value)])),
            );
            const response = await api.ask(method.toUpperCase(), `/api/v1${place}?${asked}`, {
              as: known ? await someone(id) : null,
              headers: { "if-match": match },
              ...(body === undefined ? {} : { body }),
            });
            seen.add(response.status);
            const text = await response.text();
            expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
            if (response.status < 400) {
              expect(Object.keys(operation.responses ?? {})).toContain(`${response.status}`);
              return;
            }
            const problem = problemSchema.parse(JSON.parse(text));
            expect(Object.keys(ERRORS)).toContain(problem.code);
            expect(response.status, text).toBeLessThan(500);
          },
        ),
        { numRuns: RUNS, seed: SEED },
      );
      statuses.set(id, seen);
    }
    expect(api.faults).toEqual([]);
    // They came as far as the routes themselves.
    const reached = [...statuses].filter(([, seen]) => [...seen].some((status) => status < 300));
    expect(reached.map(([id]) => id)).toEqual(
      expect.arrayContaining(["listPersons", "readPerson", "addPerson", "listAlerts", "stop", "listLeaves"]),
    );
  });
});
