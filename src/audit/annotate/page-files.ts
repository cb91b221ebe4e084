import { readdir, readFile } from "node:fs/promises";
import { createRequire, stripTypeScriptTypes } from "node:module";
import { extname, join } from "node:path";

/** A file of the page, ready to be sent. */
export interface PageFile {
  readonly type: string;
  readonly bytes: Buffer;
}

const FONTS = {
  "next.woff2":
    "@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-wght-normal.woff2",
  "mono.woff2":
    "@fontsource-variable/atkinson-hyperlegible-mono/files/atkinson-hyperlegible-mono-latin-wght-normal.woff2",
} as const;

/** `.ts` in a checkout, `.js` in the published package. */
const EXTENSION = extname(import.meta.filename);
const FOLDERS = ["model", "page"] as const;

/** The page's first module, as the browser asks for it. */
export const ENTRY = `page/main${EXTENSION}`;

/**
 * Everything that the page consists of, by its path below the token, read once: what is not in here is not served,
 * whatever is asked for. In a checkout the modules' types are stripped here; the package holds them as JavaScript.
 */
export async function readPageFiles(): Promise<ReadonlyMap<string, PageFile>> {
  const files = new Map<string, PageFile>();
  for (const folder of FOLDERS) {
    const names = await readdir(join(import.meta.dirname, folder));
    for (const name of names.filter(isModule)) {
      const text = await readFile(join(import.meta.dirname, folder, name), "utf8");
      const script = EXTENSION === ".ts" ? withoutTypes(text) : text;
      files.set(`${folder}/${name}`, { type: "text/javascript; charset=utf-8", bytes: Buffer.from(script) });
    }
  }
  const style = await readFile(join(import.meta.dirname, "page", "style.css"));
  files.set("style.css", { type: "text/css; charset=utf-8", bytes: style });
  const { resolve } = createRequire(import.meta.url);
  for (const [name, font] of Object.entries(FONTS)) {
    // Where the packages are not installed the page takes the reader's own fonts.
    const bytes = await readFont(() => resolve(font));
    if (bytes !== null) files.set(`fonts/${name}`, { type: "font/woff2", bytes });
  }
  return files;
}

function isModule(name: string): boolean {
  return extname(name) === EXTENSION && !name.endsWith(`.test${EXTENSION}`) && !name.endsWith(".d.ts");
}

async function readFont(place: () => string): Promise<Buffer | null> {
  try {
    return await readFile(place());
  } catch {
    return null;
  }
}

/** Node says once that stripping is experimental; that is nothing to the person who annotates. */
function withoutTypes(text: string): string {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(text);
  } finally {
    process.emitWarning = emitWarning;
  }
}
