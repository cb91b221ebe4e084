import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { generatedModel, manifestText, SLOT_LABELS } from "../../test/contracts/generated-networks.ts";
import { createDetector, createSlotDetector } from "../detectors/create.ts";
import { OBJECT_CLASSES } from "../detectors/detector.ts";
import { CodedError } from "../errors.ts";
import {
  DEFAULT_MODEL,
  listManifests,
  loadManifest,
  MANIFEST_CLASSES,
  manifestClasses,
  modelPurpose,
  parseManifest,
  SHIPPED_MANIFESTS,
} from "./manifest.ts";
import { readNetwork } from "./models.ts";
import { refusedNames, SLOT_CLASSES } from "./slots.ts";

let valid: string;
beforeAll(async () => {
  valid = await readFile(join(SHIPPED_MANIFESTS, `${DEFAULT_MODEL}.yml`), "utf8");
});

describe("manifests", () => {
  it("name the same closed list of classes as the detectors", () => {
    expect(MANIFEST_CLASSES).toEqual([...OBJECT_CLASSES, ...SLOT_CLASSES]);
  });

  it("that come with Contrechamp are valid, named as their file, and carry a card", async () => {
    const manifests = await listManifests();
    expect(manifests.map((manifest) => manifest.name)).toContain(DEFAULT_MODEL);
    for (const manifest of manifests) {
      expect(manifest.card.limits.length).toBeGreaterThan(0);
      expect(manifest.card.biases.length).toBeGreaterThan(0);
      expect(manifestClasses(manifest)).toContain("person");
    }
  });

  it("of one's own are read by path", async () => {
    const folder = await mkdtemp(join(tmpdir(), "contrechamp-manifest-"));
    const path = join(folder, "mine.yml");
    await writeFile(path, valid.replace(`name: ${DEFAULT_MODEL}`, "name: mine"));
    expect(await loadManifest(path)).toMatchObject({ name: "mine", path });
  });

  it.each([
    "nothing",
    "../../etc/passwd",
    "models/mb3-centernet",
    "absent.yml",
    "",
  ])("that are not there (%j) are named with those that are", async (name) => {
    await expect(loadManifest(name)).rejects.toMatchObject({
      code: "MODEL_UNKNOWN",
      help: expect.stringContaining(DEFAULT_MODEL),
    });
  });

  it.each<[string, (text: string) => string, string]>([
    ["broken YAML", (t) => t.replace("name: mb3", "name: [mb3"), "at line"],
    ["another schema", (t) => t.replace("model@1", "model@9"), "schema: "],
    ["a key that is not known", (t) => `${t}\nembedding: yes\n`, "embedding"],
    ["a class that is not in the closed list", (t) => t.replace("  luggage:", "  gender:"), "gender"],
    ["a label out of range", (t) => t.replace("person: [0]", "person: [80]"), "not below count (80)"],
    ["a label of two classes", (t) => t.replace("person: [0]", "person: [0, 1]"), "maps a label twice"],
    ["an upper-case hash", (t) => t.replace(/sha256: bfb9/, "sha256: BFB9"), "64 lower-case hexadecimal"],
    ["a file outside", (t) => t.replace("path: models/centernet.bin", "path: ../x.bin"), "inside its folder"],
    [
      "the same file twice",
      (t) => t.replace("models/centernet.bin", "models/centernet.json"),
      "names a file twice",
    ],
    ["a range of versions", (t) => t.replace("version: 3.3.6", "version: ^3.3.6"), "one exact version"],
    ["no integrity", (t) => t.replace(/ {2}integrity: .*\n/, ""), "source.integrity"],
    [
      "plain http",
      (t) => t.replace(/source:\n(.*\n){4}/, "source: { kind: https, addresses: ['http://h/a'] }\n"),
      "addresses.0",
    ],
    [
      "a password in an address",
      (t) => t.replace(/source:\n(.*\n){4}/, "source: { kind: https, addresses: ['https://u:p@h/a'] }\n"),
      "must not hold a user",
    ],
    [
      "a graph that is not fetched",
      (t) => t.replace("graph: models/", "graph: other/"),
      "must be one of files",
    ],
    [
      "two files and no conversion",
      (t) => t.replace(/kind: tfjs\n(.*\n){4}/, "kind: none\n"),
      "must be one ONNX file",
    ],
    ["no card", (t) => t.slice(0, t.indexOf("card:")), "card: "],
    ["no limits", (t) => t.replace(/ {2}limits:\n( {4}- .*\n)+/, ""), "card.limits"],
  ])("with %s are refused, and it is said where", (_, change, message) => {
    const text = change(valid);
    expect(text).not.toBe(valid);
    const act = () => parseManifest(text, "/somewhere/m.yml");
    expect(act).toThrow(CodedError);
    expect(act).toThrow("/somewhere/m.yml");
    expect(act).toThrow(message);
  });
});

describe("manifests of networks for a slot", () => {
  const slot = (labels: string, change = (text: string) => text) =>
    change(manifestText("yolox", "a".repeat(64), 1, labels));

  it("say what they are for by the classes that they map, and nothing of both", () => {
    const purpose = (labels: string) => modelPurpose(parseManifest(slot(labels), "/m.yml"));
    expect(purpose("{ count: 3, person: [0], vehicle: [2] }")).toBe("objects");
    expect(purpose(SLOT_LABELS.weapon)).toBe("weapon");
    expect(purpose(SLOT_LABELS.fire)).toBe("fire");
    expect(manifestClasses(parseManifest(slot(SLOT_LABELS.fire), "/m.yml"))).toEqual(["flame", "smoke"]);
  });

  it.each<[string, string, string]>([
    [
      "a class beside the slot's",
      "{ count: 2, names: [person, gun], person: [0], weapon: [1] }",
      "objects, or weapons",
    ],
    [
      "two slots",
      "{ count: 2, names: [gun, fire], weapon: [0], flame: [1] }",
      "objects, or weapons, or fire",
    ],
    ["a class of nobody's list", "{ count: 1, names: [gun], pistol: [0] }", "pistol"],
    ["no names of its labels", "{ count: 2, weapon: [0] }", "must say under names"],
    ["names of some labels", "{ count: 2, names: [gun], weapon: [0] }", "must be as many as count (2)"],
    ["a face among its labels", "{ count: 2, names: [gun, face], weapon: [0] }", "names face"],
    [
      "a kind of person among them",
      "{ count: 2, names: [gun, masked_man], weapon: [0] }",
      "names masked_man",
    ],
    ["a suspect among them", "{ count: 2, names: [gun, Armed Suspect], weapon: [0] }", "names Armed Suspect"],
    ["a plate among them", "{ count: 2, names: [gun, licence-plate], weapon: [0] }", "names licence-plate"],
  ])("are refused with %s", (_, labels, message) => {
    expect(() => parseManifest(slot(labels), "/m.yml")).toThrow(message);
  });

  it("are refused with an output or a file that is named for what the charter refuses", () => {
    const output = (text: string) => text.replace("output: output", "output: reid_embedding");
    expect(() => parseManifest(slot(SLOT_LABELS.weapon, output), "/m.yml")).toThrow("reid_embedding");
    const file = (text: string) => text.replace("path: network.onnx", "path: face-and-gun.onnx");
    expect(() => parseManifest(slot(SLOT_LABELS.weapon, file), "/m.yml")).toThrow("face-and-gun.onnx");
  });

  it("give out boxes and scores alone, like any other", async () => {
    const vector = { name: "embedding", type: "float32", shape: [1, 128] } as const;
    const planted = await generatedModel("yolox", {
      labels: SLOT_LABELS.weapon,
      graph: (graph) => ({ ...graph, outputs: [...graph.outputs, vector] }),
    });
    await expect(readNetwork(planted)).rejects.toMatchObject({ code: "MODEL_OUTPUTS" });
  });

  it("run in their own slot, and no network runs in another's", async () => {
    const weapon = await generatedModel("yolox", { labels: SLOT_LABELS.weapon });
    const refused = { code: "MODEL_PURPOSE" };
    await expect(createDetector(weapon)).rejects.toMatchObject(refused);
    await expect(createSlotDetector(weapon, "fire")).rejects.toMatchObject(refused);
    await expect(createSlotDetector(await generatedModel("yolox"), "weapon")).rejects.toMatchObject(refused);
  });

  it.each([
    "surface",
    "handgun",
    "smoke",
    "black smoke",
    "person",
    "backpack",
    "manhole",
    "umbrella",
  ])("may call a label %s", (name) => {
    expect(refusedNames([name])).toEqual([]);
  });
});
