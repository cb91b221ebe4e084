import { EVENT_TYPES } from "../event.ts";
import type { Described } from "./json-schema.ts";

/**
 * The page docs/reference/configuration.md, from the schema.
 * @param schema as `configJsonSchema` gives it
 */
export function referencePage(schema: Described): string {
  const camera = itemOf(keyOf(schema, "cameras"));
  const rules = itemOf(keyOf(camera, "rules")).oneOf ?? [];
  const byEvent = EVENT_TYPES.flatMap((event) => {
    const rule = rules.find((candidate) => keyOf(candidate, "event").const === event);
    return rule === undefined ? [] : [{ event, rule }];
  });
  return [
    INTRODUCTION,
    section("## The file", schema),
    section("## `cameras`: one camera or recording", camera),
    section("### `calibration`: a point of the ground", itemOf(keyOf(camera, "calibration"))),
    section("### `zones`: an area of the picture", itemOf(keyOf(camera, "zones"))),
    section("### `lines`: a directed line", itemOf(keyOf(camera, "lines"))),
    "### `rules`: what to watch for\n\nA rule is told apart by its `event`, and each event takes the keys of its own table only.",
    ...byEvent.map(({ event, rule }) => section(`#### \`event: ${event}\``, rule)),
    section("## `engine`", keyOf(schema, "engine")),
    section("## `evidence`", keyOf(schema, "evidence")),
    section("## `output`", keyOf(schema, "output")),
    "",
  ].join("\n\n");
}

const INTRODUCTION = `# Configuration

<!-- Made from the schema by \`npm run docs\`; changes made here are lost. -->

One YAML 1.2 file (or JSON, which is YAML) describes the cameras, what is watched for, and how much work goes
into it. [examples/watch.yml](../../examples/watch.yml) shows every key, and
[config.schema.json](config.schema.json) lets an editor complete and check it. Check a file before it runs:

\`\`\`
contrechamp check --config site.yml
\`\`\`

**Times, rates, lengths and sizes carry their unit**: \`500ms\`, \`1s\`, \`2m\`, \`1h\`; \`8/s\`, \`30/m\`; \`2.5m\`, \`40cm\`;
\`640px\`. A number without its unit is refused, since nobody knows what \`5\` means. In times \`m\` is a minute, in
lengths a metre.

**Points are \`[x, y]\` in px** of the picture as it is shown, from its top left corner, y downwards. A thing stands
where the middle of its lower edge is. The border of a zone belongs to it.

**Names** (\`id\`) are of lower-case letters, digits and single hyphens, at most 64.

**Credentials come from the environment**: \`\${NAME}\` in \`source\` stands for the variable NAME, escaped as an address
needs it. A password in the file itself works, and \`check\` warns of it. No message, log or report shows either.

**Paths** are relative to the file that names them.

**Unknown keys are errors**, and so are keys that stand twice, tags, merge keys (\`<<\`) and a second document.
Anchors and aliases (\`&name\`, \`*name\`) repeat a whole value.`;

function section(heading: string, object: Described): string {
  const rows = Object.entries(object.properties ?? {}).map(([key, value]) => {
    const required = object.required?.includes(key) ?? false;
    return `| \`${key}\` | ${cell(allowed(value))} | ${required ? "required" : fallback(value)} | ${cell(value.description ?? "")} |`;
  });
  const table = ["| Key | Takes | Default | Meaning |", "|---|---|---|---|", ...rows].join("\n");
  return [heading, object.description ?? "", table].filter((part) => part !== "").join("\n\n");
}

function allowed(value: Described): string {
  if (value.const !== undefined) return `\`${String(value.const)}\``;
  if (value.enum !== undefined) return value.enum.map((one) => `\`${String(one)}\``).join(", ");
  if (value.title !== undefined) return value.title;
  if (value.type === "array") return "list";
  if (value.type === "object") return "mapping";
  if (value.type === "string") return "text";
  const kind = value.type === "integer" ? "whole number" : "number";
  const { minimum, maximum } = value;
  return minimum === undefined || maximum === undefined ? kind : `${kind}, ${minimum} to ${maximum}`;
}

function fallback(value: Described): string {
  if (value.default === undefined) return "none";
  if (Array.isArray(value.default)) {
    return value.default.length === 0 ? "none" : `\`[${value.default.join(", ")}]\``;
  }
  return typeof value.default === "object" ? "the defaults below" : `\`${String(value.default)}\``;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}

function keyOf(object: Described, key: string): Described {
  return object.properties?.[key] ?? {};
}

function itemOf(list: Described): Described {
  return typeof list.items === "object" ? list.items : {};
}
