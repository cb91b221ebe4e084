import { readFileSync } from "node:fs";

let version: string | null = null;

/** The version of this package, from its package.json: two folders up in a checkout and in the package alike. */
export function engineVersion(): string {
  if (version === null) {
    const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
    const parsed: unknown = JSON.parse(text);
    version =
      typeof parsed === "object" &&
      parsed !== null &&
      "version" in parsed &&
      typeof parsed.version === "string"
        ? parsed.version
        : "0.0.0";
  }
  return version;
}
