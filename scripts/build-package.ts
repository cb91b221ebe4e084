/**
 * Makes dist/ for the published package: Node strips no types under node_modules, so JavaScript and
 * declarations are shipped. A checkout needs none of this.
 */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const dist = join(root, "dist");

rmSync(dist, { recursive: true, force: true });
compile("-p", "tsconfig.build.json");
// Pages that a browser runs are checked with a browser's types, and shipped as JavaScript too.
for (const page of ["src/audit/annotate/page"]) {
  const emit = [
    "--noEmit",
    "false",
    "--rewriteRelativeImportExtensions",
    "--rootDir",
    "src",
    "--outDir",
    "dist",
  ];
  compile("-p", page, ...emit);
}
copyAssets();
for (const file of globSync("**/*.js", { cwd: dist })) pointToJavaScript(join(dist, file));
console.log(`dist/: ${globSync("**/*.js", { cwd: dist }).length} modules`);

function compile(...options: readonly string[]): void {
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  execFileSync(process.execPath, [compiler, ...options], { cwd: root, stdio: "inherit" });
}

/** What is not TypeScript (the compiled kernels, pages' styles) lies beside the module that reads it. */
function copyAssets(): void {
  const assets = globSync("src/**/*", { cwd: root, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".ts") && !entry.name.endsWith(".md"))
    .filter((entry) => entry.name !== "tsconfig.json")
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.includes(join("kernels", "assembly")));
  for (const file of assets) cpSync(file, join(dist, file.slice(join(root, "src").length + 1)));
  if (!assets.some((file) => file.endsWith(".wasm"))) {
    throw new Error("no compiled kernel under src/: run `npm run prepare` first");
  }
}

/**
 * The compiler rewrites imports, but not the address of a thread's or a process's own module
 * (`new URL("./worker.ts", import.meta.url)`). Those are rewritten here, and their target must exist.
 */
function pointToJavaScript(file: string): void {
  const before = readFileSync(file, "utf8");
  const after = before.replaceAll(/(["'])(\.\.?\/[^"'\n]+)\.ts\1/g, (_whole, quote: string, path: string) => {
    if (!existsSync(join(dirname(file), `${path}.js`))) {
      throw new Error(`${file} names ${path}.ts, which the package does not hold`);
    }
    return `${quote}${path}.js${quote}`;
  });
  if (after !== before) writeFileSync(file, after);
}
