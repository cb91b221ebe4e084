/**
 * Compiles src/frames/kernels/assembly to src/frames/kernels/kernels.wasm. npm runs it as `prepare`.
 *
 *   node scripts/build-kernels.ts [--out DIR]   also writes DIR/frames/kernels/kernels.wasm (the package)
 *
 * The same sources give the same bytes. Where the compiler is not installed (`npm ci --omit=dev`) it says so
 * and leaves: the TypeScript twins do the work, slower. With --out that is an error.
 */
import { mkdir, readdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const assembly = join(root, "src/frames/kernels/assembly");
const target = join(root, "src/frames/kernels/kernels.wasm");

const { values } = parseArgs({ options: { out: { type: "string" } } });

if (!(await upToDate())) await compile();
if (values.out !== undefined) {
  const copy = join(resolve(values.out), "frames/kernels/kernels.wasm");
  await mkdir(dirname(copy), { recursive: true });
  await writeFile(copy, await readFile(target));
}

/** Whether the binary is newer than its sources and this script. */
async function upToDate(): Promise<boolean> {
  const built = await modified(target);
  if (built === null) return false;
  const sources = (await readdir(assembly)).map((name) => join(assembly, name));
  const times = await Promise.all([...sources, fileURLToPath(import.meta.url)].map(modified));
  return times.every((time) => time !== null && time < built);
}

async function modified(path: string): Promise<number | null> {
  try {
    return (await stat(path)).mtimeMs;
  } catch {
    return null;
  }
}

async function compile(): Promise<void> {
  const compiler = await import("assemblyscript/asc").catch((cause: unknown) => {
    if (values.out !== undefined) throw cause;
    return null;
  });
  if (compiler === null) {
    console.warn(
      "build-kernels: assemblyscript is not installed; the slower TypeScript kernels will be used",
    );
    return;
  }
  const written = new Map<string, Uint8Array>();
  const { error, stderr } = await compiler.main(
    [
      "index.ts",
      ...["--outFile", "kernels.wasm", "--baseDir", assembly],
      ...["--runtime", "stub", "--enable", "simd", "--importMemory", "--noExportMemory"],
      ...["-O3", "--noAssert", "--disableWarning"],
    ],
    {
      readFile: (name: string, base: string) => readFile(join(base, name), "utf8").catch(() => null),
      writeFile: (name: string, contents: string | Uint8Array) => {
        if (typeof contents !== "string") written.set(name, contents);
      },
      listFiles: () => [],
    },
  );
  const binary = written.get("kernels.wasm");
  if (error !== null || binary === undefined)
    throw new Error(`build-kernels: the kernels do not compile\n${stderr.toString()}`);
  // Whole or not at all: a test run and an install may build at the same time.
  const half = `${target}.${process.pid}`;
  await writeFile(half, binary);
  await rename(half, target);
}
