import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { EVENT_TYPES } from "../event.ts";
import { examplePage } from "./example.ts";
import { configJsonSchema } from "./json-schema.ts";
import { referencePage } from "./reference-page.ts";

const root = resolve(import.meta.dirname, "../..");
const schema = configJsonSchema();

test.each([
  ["docs/reference/configuration.md", referencePage(schema)],
  ["docs/reference/config.schema.json", `${JSON.stringify(schema, null, 2)}\n`],
  ["examples/watch.yml", examplePage(schema)],
])("%s is what the schema says (npm run docs writes it)", (path, text) => {
  expect(readFileSync(join(root, path), "utf8")).toBe(text);
});

test("the page has a table for each event", () => {
  const page = referencePage(schema);
  for (const event of EVENT_TYPES) expect(page).toContain(`#### \`event: ${event}\``);
  expect(page).not.toContain("undefined");
  expect(page).not.toContain("[object");
});
