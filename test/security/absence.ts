/**
 * What the charter refuses must be absent, not switched off. Each function here looks at one kind of place
 * where a refused capability would have to show itself, and returns what it found as readable lines.
 */
import ts from "typescript";

/** Libraries whose purpose is to identify, follow by appearance, or describe a person, or to read plates. */
const IDENTIFICATION =
  /face[-_.]?(api|net|recog|detect|mesh|match|id\b|plugin)|(^|[/_-])faces?($|[/_-])|deepface|insightface|arcface|vladmandic\/human|rekognition|azure.*face|clarifai|openalpr|(^|[/_-])al?npr|plate[-_.]?recog|licen[cs]e[-_.]?plate|tesseract|paddle-?ocr|easyocr|(^|[/_-])ocr($|[/_-])|(^|[/_-])re-?id($|[/_-])|torchreid|re-?identification|deep-?sort|(^|[/_-])gait($|[/_-])|age[-_]?gender|emotion|biometric/i;

/** Libraries that train networks: none may reach an installed product. */
const TRAINING = /tensorflow\/tfjs|tfjs-node|brain\.js|synaptic|(^|\/)torch|onnxruntime-training|ml-train/i;

/** Words of field names that would hold who somebody is or what somebody looks like. */
const PERSONAL_WORDS = new Set([
  ..."face faces facial gender sex ethnicity race skin hair beard gait clothing clothes garment".split(" "),
  ..."biometric biometrics emotion mood embedding embeddings descriptor appearance reid identity".split(" "),
  ..."plate plates licenceplate numberplate passport".split(" "),
]);
/** Whole field names, where the word alone is innocent (`ageMs` of a frame, the height of a box). */
const PERSONAL_NAMES = new Set(["age", "ages", "personHeight", "personAge", "perceivedAge", "bodyHeight"]);

/** Words of field names that would rank events or weigh persons. */
const RANKING_WORDS = new Set(
  "severity priority rank ranking risk danger threat suspicion suspicious dangerousness urgency".split(" "),
);

/** Words that tell one track from another outside memory. */
const FOLLOWING_WORDS = new Set(["track", "tracks", "trackid", "trajectory", "trajectories", "trail"]);

interface Lock {
  readonly packages: Readonly<Record<string, { readonly name?: string; readonly dev?: boolean }>>;
}

/** Packages of a lock that identify people or read plates, under their own name or an alias. */
export function identificationPackages(lock: Lock): readonly string[] {
  return packageNames(lock, () => true).filter((name) => IDENTIFICATION.test(name));
}

/** Packages that train networks and would be installed with the product. */
export function trainingPackages(lock: Lock): readonly string[] {
  return packageNames(lock, (entry) => entry.dev !== true).filter((name) => TRAINING.test(name));
}

function packageNames(lock: Lock, keep: (entry: { readonly dev?: boolean }) => boolean): readonly string[] {
  return Object.entries(lock.packages)
    .filter(([path, entry]) => path !== "" && keep(entry))
    .flatMap(([path, entry]) => {
      const installed = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
      return entry.name === undefined || entry.name === installed ? [installed] : [installed, entry.name];
    });
}

/** Class names of a model's label map that are not in the closed list, and weights of a refused purpose. */
export function refusedInManifest(manifest: unknown, allowedClasses: readonly string[]): readonly string[] {
  const found: string[] = [];
  const top = asRecord(manifest);
  for (const key of Object.keys(asRecord(top["labels"]))) {
    if (key !== "count" && !allowedClasses.includes(key)) found.push(`label map names the class "${key}"`);
  }
  const files = Array.isArray(top["files"]) ? top["files"] : [];
  for (const file of files) {
    const path = String(asRecord(file)["path"]);
    if (/face|iris|age|gender|emotion|reid|embed|descriptor|plate|ocr|gait/i.test(path)) {
      found.push(`fetches the weights ${path}`);
    }
  }
  found.push(...refusedOutputs(stringsOf(top["network"])));
  return found;
}

/** Names of a graph's outputs that would be appearance vectors or attributes. */
export function refusedOutputs(names: readonly string[]): readonly string[] {
  return names
    .filter((name) =>
      /embed|re_?id|descriptor|appearance|feature_?vec|(^|[_/])(age|gender|face|plate)/i.test(name),
    )
    .map((name) => `output "${name}"`);
}

/** Which kinds of field are looked for in a source file. */
export type FieldKind = "personal" | "ranking" | "following";

/**
 * Declared fields of a source file (members of interfaces and of object types, keys of every object literal,
 * so zod schemas too) whose name would hold what is refused.
 */
export function refusedFields(file: string, text: string, kinds: readonly FieldKind[]): readonly string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (
      ts.isPropertySignature(node) ||
      ts.isPropertyDeclaration(node) ||
      ts.isPropertyAssignment(node) ||
      ts.isShorthandPropertyAssignment(node)
    ) {
      const name = ts.isIdentifier(node.name) || ts.isStringLiteral(node.name) ? node.name.text : "";
      // `track: "suivi"` in a table of words: a fixed text says nothing of anybody.
      const fixedText = ts.isPropertyAssignment(node) && ts.isStringLiteral(node.initializer);
      const looked = fixedText ? kinds.filter((kind) => kind !== "following") : kinds;
      if (isRefused(name, looked)) {
        const { line } = source.getLineAndCharacterOfPosition(node.getStart());
        found.push(`${file}:${line + 1}: field "${name}"`);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Keys of a JSON Schema, at any depth, whose name would hold what is refused. */
export function refusedSchemaKeys(schema: unknown, kinds: readonly FieldKind[]): readonly string[] {
  if (Array.isArray(schema)) return schema.flatMap((item) => refusedSchemaKeys(item, kinds));
  if (typeof schema !== "object" || schema === null) return [];
  const record = asRecord(schema);
  const own = Object.keys(asRecord(record["properties"])).filter((name) => isRefused(name, kinds));
  return [
    ...own.map((name) => `key "${name}"`),
    ...Object.values(record).flatMap((child) => refusedSchemaKeys(child, kinds)),
  ];
}

/** Keys of a value that was written, at any depth, whose name would hold what is refused. */
export function refusedKeys(value: unknown, kinds: readonly FieldKind[]): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item) => refusedKeys(item, kinds));
  if (typeof value !== "object" || value === null) return [];
  const own = Object.keys(value).filter((name) => isRefused(name, kinds));
  return [
    ...own.map((name) => `key "${name}"`),
    ...Object.values(value).flatMap((child) => refusedKeys(child, kinds)),
  ];
}

/** Places where a source file would open, decode or write sound. */
export function soundUses(file: string, text: string): readonly string[] {
  return linesThat(
    file,
    text,
    /AVMEDIA_TYPE_AUDIO|\.audio\(\)|audioStream|FF_(DE|EN)CODER_(AAC|OPUS|MP3|PCM)/,
  );
}

/** Places where a source file would drive a camera or learn a network from what it sees. */
export function trainingUses(file: string, text: string): readonly string[] {
  return linesThat(
    file,
    text,
    /\bTrainingSession\b|[mM]odel\.fit\(|\.fitDataset\(|applyGradients|optimizerStep|backward\(\)/,
  );
}

/** Places where a source file would encode a picture or write it to a file. */
export function pictureWrites(file: string, text: string): readonly string[] {
  return linesThat(
    file,
    text,
    /\bsendFrame|allocOutputContext|\bFF_ENCODER_|\.toFile\(|\.(png|jpeg|webp|avif|gif|tiff)\(/,
  );
}

function linesThat(file: string, text: string, pattern: RegExp): readonly string[] {
  return text.split("\n").flatMap((line, index) => {
    const code = line.replace(/^\s*(\*|\/\/|\/\*).*$/, "");
    return pattern.test(code) ? [`${file}:${index + 1}: ${line.trim()}`] : [];
  });
}

function isRefused(name: string, kinds: readonly FieldKind[]): boolean {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  // `trackId` is both the words "track", "id" and the one word "trackid".
  const said = [...words, words.join("")];
  return kinds.some((kind) => {
    if (kind === "personal") return PERSONAL_NAMES.has(name) || said.some((word) => PERSONAL_WORDS.has(word));
    return said.some((word) => (kind === "ranking" ? RANKING_WORDS : FOLLOWING_WORDS).has(word));
  });
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function stringsOf(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(stringsOf) : [];
}
