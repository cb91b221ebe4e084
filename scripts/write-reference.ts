/**
 * `npm run docs`: writes the pages that are made from the code. With --check it writes nothing and fails where
 * a page differs from what the code says.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { alertJsonSchema } from "../src/alerts/alert.ts";
import { thresholdsJsonSchema } from "../src/audit/certify/thresholds.ts";
import { auditJsonSchemas } from "../src/audit/json-schemas.ts";
import { scoresJsonSchema } from "../src/audit/scores.ts";
import { examplePage } from "../src/config/example.ts";
import { configJsonSchema } from "../src/config/json-schema.ts";
import { referencePage } from "../src/config/reference-page.ts";
import { ERRORS, EXIT } from "../src/errors.ts";
import { listProfiles } from "../src/policy/profile-load.ts";
import { profileMarkdown } from "../src/policy/profile-markdown.ts";
import { profilePage } from "../src/policy/profile-page.ts";
import { apiPages } from "./api-reference.ts";

const EXIT_MEANING = {
  ok: "All went well.",
  partial: "Something ran and part of it failed, or a configuration is valid and part of it would not work.",
  usage: "The command was not written as it must be.",
  data: "Something that was read is damaged or not what it should be.",
  noInput: "Something that should be read is not there, or may not be read.",
  unavailable: "Something that is needed cannot be reached now.",
  internal: "A fault of Contrechamp itself.",
  cannotCreate: "Something could not be written.",
  notPermitted: "The gate says no: no profile, authorisation, certificate or notice allows it.",
  config: "The configuration is wrong.",
} as const satisfies Record<keyof typeof EXIT, string>;

const root = resolve(import.meta.dirname, "..");
const checkOnly = process.argv.includes("--check");

const schema = configJsonSchema();
const pages: Readonly<Record<string, string>> = {
  "docs/reference/configuration.md": referencePage(schema),
  "docs/reference/config.schema.json": `${JSON.stringify(schema, null, 2)}\n`,
  "docs/reference/alert.schema.json": `${JSON.stringify(alertJsonSchema(), null, 2)}\n`,
  "docs/reference/thresholds.schema.json": `${JSON.stringify(thresholdsJsonSchema(), null, 2)}\n`,
  "docs/reference/scores.schema.json": `${JSON.stringify(scoresJsonSchema(), null, 2)}\n`,
  ...Object.fromEntries(
    Object.entries(auditJsonSchemas()).map(([name, schema]) => [
      `docs/reference/${name}`,
      `${JSON.stringify(schema, null, 2)}\n`,
    ]),
  ),
  "docs/reference/errors.md": errorsPage(),
  ...(await apiPages()),
  "examples/watch.yml": examplePage(schema),
  ...(await profilePages()),
};

let stale = 0;
for (const [path, text] of Object.entries(pages)) {
  const file = join(root, path);
  if (readIfThere(file) === text) continue;
  stale++;
  if (checkOnly) {
    console.error(`${path} differs from what the code says: run \`npm run docs\` and look at the change.`);
  } else {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    console.log(`wrote ${path}`);
  }
}
if (stale === 0) console.log(`${Object.keys(pages).length} pages are what the code says.`);
if (checkOnly && stale > 0) process.exitCode = 1;

/** Every coded error with its message, its help and the exit code of the command that ends with it. */
function errorsPage(): string {
  // Messages are functions of their parameters: asked with this, each gives its parameters' names.
  const names = new Proxy({}, { get: (_, name) => `<${String(name)}>` });
  const codes: Readonly<Record<string, number>> = EXIT;
  const sections = Object.entries(ERRORS).map(([code, entry]) => {
    const render = entry as { message(p: object): string; help(p: object): string; exit: number };
    return `## ${code}\n\n${markdown(render.message(names))}\n\n${markdown(render.help(names))}\n\nExit code ${render.exit}.`;
  });
  const exits = Object.entries(EXIT_MEANING).map(([name, meaning]) => `| ${codes[name]} | ${meaning} |`);
  return [
    "# Errors\n\n<!-- Made from src/errors.ts by `npm run docs`; changes made here are lost. -->",
    "Every error has a code that stays the same from version to version, a sentence that says what is wrong and where, and one that says what to do. `--json` gives them as `{ code, message, help }`. Words in `<angle brackets>` are filled in.",
    `| Exit code | Meaning |\n|---|---|\n${exits.join("\n")}`,
    ...sections,
    "",
  ].join("\n\n");
}

/** A page a profile that ships and language, for people to read and correct. */
async function profilePages(): Promise<Readonly<Record<string, string>>> {
  const profiles = await listProfiles();
  return Object.fromEntries(
    profiles.flatMap((profile) => {
      const { id } = profile.profile;
      const fr = profileMarkdown(profilePage(profile, "fr"), { name: "English", file: `${id}.en.md` });
      const en = profileMarkdown(profilePage(profile, "en"), { name: "Français", file: `${id}.fr.md` });
      return [
        [`docs/profiles/${id}.fr.md`, fr],
        [`docs/profiles/${id}.en.md`, en],
      ];
    }),
  );
}

function markdown(text: string): string {
  return text.replaceAll("<", "\\<").replaceAll("*", "\\*");
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
