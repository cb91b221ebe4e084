import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const FACES = [
  {
    family: "Atkinson Hyperlegible Next",
    file: "@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-wght-normal.woff2",
  },
  {
    family: "Atkinson Hyperlegible Mono",
    file: "@fontsource-variable/atkinson-hyperlegible-mono/files/atkinson-hyperlegible-mono-latin-wght-normal.woff2",
  },
] as const;

/**
 * The page's typefaces (OFL) as style rules that hold the fonts themselves. The Latin part only: it covers
 * French and English; names in other scripts take the reader's own fonts, as does the whole page where the
 * packages are not installed.
 */
export async function embeddedFonts(): Promise<string> {
  const { resolve } = createRequire(import.meta.url);
  const rules = await Promise.all(
    FACES.map(async ({ family, file }) => {
      let bytes: Buffer;
      try {
        bytes = await readFile(resolve(file));
      } catch {
        return ""; // The style sheet names system fonts after these.
      }
      return `@font-face { font-family: "${family}"; font-weight: 200 800; font-style: normal; src: url(data:font/woff2;base64,${bytes.toString("base64")}) format("woff2"); }`;
    }),
  );
  return rules.join("\n");
}
