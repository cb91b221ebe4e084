import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, isAbsolute, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseDocument } from "yaml";
import * as z from "zod";
import { fault } from "../errors.ts";
import { refusedNames, SLOT_CLASSES, SLOT_CLASSES_OF, SLOT_EVENTS, type SlotEvent } from "./slots.ts";

const SCHEMA = "contrechamp/model@1";

/**
 * What a camera's detector may be asked for, in the order of its class channels. The same closed list as
 * `OBJECT_CLASSES` of the detectors, which a test checks.
 */
const OBJECT_LABELS = ["person", "vehicle", "luggage", "animal"] as const;

/** What any network may be asked for: objects, or what the slot of one event may name. Never both. */
export const MANIFEST_CLASSES = [...OBJECT_LABELS, ...SLOT_CLASSES] as const;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "must be a sha256 in 64 lower-case hexadecimal digits");
const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, "must be lower-case letters, digits, '.', '_' or '-', at most 64");
/** A path inside a package or beside a file: never absolute, never upwards. */
const innerPath = z
  .string()
  .min(1)
  .refine(
    (path) => !isAbsolute(path) && !path.split(/[/\\]/).includes(".."),
    "must be a path inside its folder",
  );

const source = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("https"),
    /** One address a file, in the order of `files`. */
    addresses: z
      .array(
        z
          .url({ protocol: /^https$/, error: "must be an https address" })
          .refine((address) => !/^https:\/\/[^/]*@/.test(address), "must not hold a user or a password"),
      )
      .min(1),
  }),
  z.strictObject({
    kind: z.literal("file"),
    /** The folder that holds `files`; relative to the manifest. */
    folder: z.string().min(1),
  }),
  z.strictObject({
    kind: z.literal("npm"),
    package: z
      .string()
      .regex(/^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/, "must be an npm package name"),
    version: z.string().regex(/^\d+\.\d+\.\d+(-[\w.]+)?$/, "must be one exact version"),
    /** Of the whole tarball, as npm writes it. */
    integrity: z
      .string()
      .regex(/^sha512-[A-Za-z0-9+/]{86}==$/, "must be an sha512 integrity as npm writes it"),
  }),
]);

const conversion = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("none") }),
  z.strictObject({
    kind: z.literal("tfjs"),
    /** Which of `files` is the graph. */
    graph: innerPath,
    /** TensorFlow nodes that become the ONNX outputs of the same role. */
    outputs: z.record(z.string(), z.string()),
  }),
]);

const channelTriple = z.tuple([z.number(), z.number(), z.number()]);
const input = z.strictObject({
  name: z.string().min(1),
  size: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("fixed"), width: z.int().positive(), height: z.int().positive() }),
    z.strictObject({ kind: z.literal("multiple"), of: z.int().positive() }),
  ]),
  layout: z.literal("nchw"),
  channels: z.enum(["rgb", "bgr"]),
  /** The largest value of a channel: 255 for bytes as they are, 1 for shares. */
  range: z.union([z.literal(255), z.literal(1)]),
  /** Subtracted from, then divided by, in units of `range`; in the order of `channels`. */
  mean: channelTriple.default([0, 0, 0]),
  std: channelTriple.refine((triple) => triple.every((n) => n > 0), "must be positive").default([1, 1, 1]),
  /** How a view that has not the network's size is fitted: scaled and padded with this grey (0-255), or stretched. */
  fit: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("letterbox"), grey: z.int().min(0).max(255) }),
      z.strictObject({ kind: z.literal("stretch") }),
    ])
    .default({ kind: "stretch" }),
});

const label = z.int().nonnegative();
const labels = z.strictObject({
  /** How many labels the network was trained on. */
  count: z.int().positive(),
  /** Label numbers of each class. A label that is not here is thrown away, in the weights where that can be. */
  person: z.array(label).default([]),
  vehicle: z.array(label).default([]),
  luggage: z.array(label).default([]),
  animal: z.array(label).default([]),
  /** Of a network for the slot of `weapon`: every label that stands for a weapon in the sense of the law. */
  weapon: z.array(label).default([]),
  /** Of a network for the slot of `fire`. */
  flame: z.array(label).default([]),
  smoke: z.array(label).default([]),
  /** What whoever trained the network called each label, in order. A network for a slot must say it. */
  names: z.array(z.string().min(1).max(100)).exactOptional(),
});

const figure = z.strictObject({
  what: z.string(),
  /** Null: not measured. */
  value: z.number().nullable(),
  interval: z.tuple([z.number(), z.number()]).nullable().default(null),
  conditions: z.string(),
  by: z.string(),
});

/**
 * One network and everything that must be known to fetch, convert, run and judge it.
 * `output` by family: `centernet` names a heat map and the distances to the four sides; `yolox` the one
 * tensor of raw or decoded boxes; `detr` logits and boxes, or labels, boxes and scores.
 */
const manifestSchema = z
  .strictObject({
    schema: z.literal(SCHEMA),
    name,
    title: z.string().min(1),
    source,
    files: z.array(z.strictObject({ path: innerPath, sha256, bytes: z.int().positive() })).min(1),
    licence: z.strictObject({
      /** An SPDX expression, or NOASSERTION. */
      spdx: z.string().min(1),
      /** Where that is said. */
      from: z.string().min(1),
      note: z.string().optional(),
    }),
    conversion,
    onnx: z.strictObject({ sha256 }),
    input,
    network: z.discriminatedUnion("family", [
      z.strictObject({
        family: z.literal("centernet"),
        heatmap: z.string(),
        boxes: z.string(),
        stride: z.int().positive(),
        /** `labels`: one channel a label; `classes`: one channel a class of the label map, in its order. */
        channels: z.enum(["labels", "classes"]),
      }),
      z.strictObject({
        family: z.literal("yolox"),
        output: z.string(),
        /** Strides of the grids, when the network gives offsets to them; empty when it gives pixels. */
        strides: z.array(z.int().positive()).default([8, 16, 32]),
      }),
      z.strictObject({
        family: z.literal("detr"),
        layout: z.discriminatedUnion("kind", [
          z.strictObject({ kind: z.literal("logits"), logits: z.string(), boxes: z.string() }),
          z.strictObject({
            kind: z.literal("scored"),
            labels: z.string(),
            boxes: z.string(),
            scores: z.string(),
            /** The input that takes the picture's size (int64, width then height). */
            sizes: z.string(),
          }),
        ]),
      }),
    ]),
    labels,
    /** Detections below are noise: the score under which nobody should ask. */
    minScore: z.number().min(0).max(1),
    card: z.strictObject({
      intendedUse: z.string().min(1),
      trainingData: z.string().min(1),
      limits: z.array(z.string()).min(1),
      biases: z.array(z.string()).min(1),
      figures: z.array(figure).default([]),
    }),
  })
  .superRefine((manifest, context) => {
    const issue = (path: PropertyKey[], message: string) =>
      context.addIssue({ code: "custom", path, message });
    const { count, names, ...classes } = manifest.labels;
    const mapped = Object.values(classes).flat();
    if (mapped.length === 0) issue(["labels"], "must map at least one label");
    if (mapped.some((n) => n >= count)) issue(["labels"], `holds a label that is not below count (${count})`);
    if (new Set(mapped).size < mapped.length) issue(["labels"], "maps a label twice");
    const named = MANIFEST_CLASSES.filter((one) => classes[one].length > 0);
    const purposes = new Set(named.map(purposeOf));
    if (purposes.size > 1) {
      issue(["labels"], `maps ${named.join(" and ")}: a network finds objects, or weapons, or fire`);
    }
    if (names !== undefined && names.length !== count) {
      issue(["labels", "names"], `must be as many as count (${count})`);
    }
    if (![...purposes].includes("objects") && mapped.length > 0) {
      if (names === undefined) {
        issue(["labels"], "must say under names what each label of a network for a slot is called");
      }
      const outputs = Object.entries(manifest.network).map(([, value]) => JSON.stringify(value));
      const told = [...(names ?? []), ...outputs, ...paths(manifest)];
      for (const refused of refusedNames(told)) {
        issue(["labels"], `names ${refused}, which no network that runs here may tell (docs/models.md)`);
      }
    }
    const files = paths(manifest);
    if (new Set(files).size < files.length) issue(["files"], "names a file twice");
    if (manifest.source.kind === "https" && manifest.source.addresses.length !== files.length) {
      issue(["source", "addresses"], "must be as many as files");
    }
    if (manifest.conversion.kind === "tfjs") {
      if (!files.includes(manifest.conversion.graph)) issue(["conversion", "graph"], "must be one of files");
      if (manifest.network.family !== "centernet") issue(["conversion"], "tfjs is known for centernet only");
    } else if (files.length !== 1) issue(["files"], "must be one ONNX file where nothing is converted");
  });

function paths({ files }: { readonly files: readonly { readonly path: string }[] }): readonly string[] {
  return files.map((file) => file.path);
}

function purposeOf(name: ModelClass): ModelPurpose {
  return SLOT_EVENTS.find((event) => SLOT_CLASSES_OF[event].some((one) => one === name)) ?? "objects";
}

type ManifestData = z.infer<typeof manifestSchema>;
/** What a network is for: a camera's detector, or the slot of an event. */
export type ModelPurpose = "objects" | SlotEvent;
export type ModelClass = (typeof MANIFEST_CLASSES)[number];
export type NetworkFamily = ManifestData["network"]["family"];

/** A checked manifest and where it was read. */
export interface ModelManifest extends ManifestData {
  /** Absolute path of the manifest file. */
  readonly path: string;
}

/** What a model is for: the classes that it names say so. */
export function modelPurpose(manifest: ModelManifest): ModelPurpose {
  const [first] = manifestClasses(manifest);
  return first === undefined ? "objects" : purposeOf(first);
}

/** The classes that a model can name, in the fixed order. */
export function manifestClasses(manifest: ModelManifest): ModelClass[] {
  return MANIFEST_CLASSES.filter((name) => manifest.labels[name].length > 0);
}

/** The manifests that come with Contrechamp stand beside `src` in a checkout and `dist` in the package. */
export const SHIPPED_MANIFESTS = fileURLToPath(new URL("../../models/", import.meta.url));

/** The model that runs where none is named. */
export const DEFAULT_MODEL = "mb3-centernet";

/**
 * Reads a manifest.
 * @param nameOrPath a shipped model's name, or the path of a manifest of one's own (it ends in .yml or .yaml)
 * @throws CodedError MODEL_UNKNOWN, MODEL_MANIFEST
 */
export async function loadManifest(nameOrPath: string): Promise<ModelManifest> {
  const own = /\.ya?ml$/i.test(nameOrPath);
  const path = own ? resolve(nameOrPath) : resolve(SHIPPED_MANIFESTS, `${basename(nameOrPath)}.yml`);
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    const known = (await shippedNames()).join(", ");
    throw fault("MODEL_UNKNOWN", { model: nameOrPath, known }, error);
  }
  const manifest = parseManifest(text, path);
  if (!own && manifest.name !== nameOrPath)
    throw fault("MODEL_UNKNOWN", { model: nameOrPath, known: (await shippedNames()).join(", ") });
  return manifest;
}

/** Every shipped manifest, by name. @throws CodedError MODEL_MANIFEST */
export async function listManifests(): Promise<ModelManifest[]> {
  return Promise.all((await shippedNames()).map((name) => loadManifest(name)));
}

/** @param path where the text was read: relative folders count from there, and errors name it */
export function parseManifest(text: string, path: string): ModelManifest {
  const document = parseDocument(text, { prettyErrors: true });
  const [broken] = document.errors;
  if (broken !== undefined) {
    throw fault("MODEL_MANIFEST", { file: path, what: broken.message.split("\n")[0] ?? "it is not YAML" });
  }
  const parsed = manifestSchema.safeParse(document.toJS());
  if (!parsed.success) {
    const what = parsed.error.issues
      .slice(0, 5)
      .map((issue) => `${issue.path.join(".") || "the file"}: ${issue.message}`)
      .join("; ");
    throw fault("MODEL_MANIFEST", { file: path, what });
  }
  return { ...parsed.data, path: resolve(path) };
}

/** The folder of a `file` source, from the manifest's place. */
export function sourceFolder(manifest: ModelManifest, folder: string): string {
  return resolve(dirname(manifest.path), folder);
}

async function shippedNames(): Promise<string[]> {
  const entries = await readdir(SHIPPED_MANIFESTS).catch(() => []);
  return entries
    .filter((entry) => entry.endsWith(".yml"))
    .map((entry) => basename(entry, ".yml"))
    .sort();
}
