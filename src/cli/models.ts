import { Command } from "commander";
import { EXIT } from "../errors.ts";
import { modelsFolder } from "../models/cache.ts";
import {
  DEFAULT_MODEL,
  listManifests,
  type ModelManifest,
  manifestClasses,
  modelPurpose,
} from "../models/manifest.ts";
import { checkModel, type ModelCheck, resolveModel } from "../models/models.ts";
import { print, printJson } from "./print.ts";

interface Options {
  readonly json?: boolean;
}

/** `contrechamp models pull | list | check`: the weights. Coded errors reject the parse. */
export function modelsCommand(): Command {
  const command = new Command("models").description("Fetch, list and check the networks");
  command
    .command("pull")
    .description("fetch networks by hash, convert them where they must be, and keep them")
    .argument("[model...]", "names, or paths of manifests (.yml)", [DEFAULT_MODEL])
    .option("--json", "print JSON")
    .action(pull);
  command
    .command("list")
    .description("the networks that come with Contrechamp, and which of them are here")
    .option("--json", "print JSON")
    .action(list);
  command
    .command("check")
    .description("check what is kept: its hash, and that nothing but boxes and scores leaves it")
    .argument("[model...]", "names, or paths of manifests (.yml); all that come with Contrechamp if none")
    .option("--json", "print JSON")
    .action(check);
  return command;
}

async function pull(models: readonly string[], options: Options): Promise<void> {
  const pulled: unknown[] = [];
  for (const model of models) {
    const progress = options.json === true ? undefined : progressLine(model);
    const resolved = await resolveModel(model, {
      ...(progress === undefined ? {} : { onProgress: progress.show }),
    }).finally(() => progress?.clear());
    const { manifest, onnxPath, sha256 } = resolved;
    if (options.json !== true) print(`${manifest.name}  ready  ${onnxPath}`);
    pulled.push({ name: manifest.name, sha256, path: onnxPath });
  }
  if (options.json === true) printJson(pulled);
}

async function list(options: Options): Promise<void> {
  const checks = await Promise.all((await listManifests()).map(({ name }) => checkModel(name)));
  if (options.json === true) return printJson(checks.map(asJson));
  for (const found of checks) {
    const { name, title, licence } = found.manifest;
    print(`${name}${name === DEFAULT_MODEL ? " (default)" : ""}`);
    print(`  ${title}`);
    print(`  finds ${manifestClasses(found.manifest).join(", ")}; licence ${licence.spdx}; ${found.state}`);
  }
  print(`Kept in ${modelsFolder()}`);
}

async function check(models: readonly string[], options: Options): Promise<void> {
  const names = models.length > 0 ? models : (await listManifests()).map(({ name }) => name);
  const checks: ModelCheck[] = [];
  for (const name of names) checks.push(await checkModel(name));
  // The first fault's exit code; what is only absent is not a fault unless it was asked for by name.
  for (const found of checks) {
    if (found.error !== null) process.exitCode = found.error.exit;
    else if (found.state === "absent" && models.length > 0) process.exitCode ??= EXIT.unavailable;
  }
  if (options.json === true) return printJson(checks.map(asJson));
  for (const [index, found] of checks.entries()) {
    print(`${found.manifest.name}  ${found.state}  ${found.onnxPath}`);
    if (modelPurpose(found.manifest) !== "objects") print(`  ${labelsShown(found.manifest)}`);
    if (found.error !== null) print(`  ${found.error.message}\n  ${found.error.help}`);
    if (found.state === "absent") print(`  Run: contrechamp models pull ${names[index]}`);
  }
}

/** What a network for a slot takes for what, in its trainer's words; and what else it knows, which is never read. */
function labelsShown({ labels, ...manifest }: ModelManifest): string {
  const name = (label: number) => labels.names?.[label] ?? String(label);
  const classes = manifestClasses({ labels, ...manifest });
  const mapped = classes.map((one) => `${one}: ${labels[one].map(name).join(", ")}`);
  const read = new Set(classes.flatMap((one) => labels[one]));
  const others = (labels.names ?? []).filter((_, label) => !read.has(label));
  return [...mapped, ...(others.length === 0 ? [] : [`not read: ${others.join(", ")}`])].join("; ");
}

function asJson({ manifest, state, onnxPath, error }: ModelCheck): unknown {
  return {
    name: manifest.name,
    title: manifest.title,
    family: manifest.network.family,
    purpose: modelPurpose(manifest),
    classes: manifestClasses(manifest),
    licence: manifest.licence.spdx,
    sha256: manifest.onnx.sha256,
    state,
    path: onnxPath,
    error: error === null ? null : { code: error.code, message: error.message, help: error.help },
    card: manifest.card,
  };
}

/** One line that counts what has come, where a person watches; `clear` takes it away. */
function progressLine(model: string): {
  show: (received: number, total: number | null) => void;
  clear: () => void;
} {
  const { stderr } = process;
  if (!stderr.isTTY) return { show: () => {}, clear: () => {} };
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
  return {
    show: (received, total) => {
      const of = total === null ? "" : ` of ${megabytes(total)}`;
      stderr.write(`\r${model}: ${megabytes(received)}${of} MB`);
    },
    clear: () => {
      stderr.write("\r\x1b[K");
    },
  };
}
