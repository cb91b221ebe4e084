import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeClip } from "../../test/support/clip.ts";
import { writeStandIn } from "../scenes/stand-in.ts";
import { loadSuite } from "./suite.ts";

const folder = mkdtempSync(join(tmpdir(), "contrechamp-suite-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const REFERENCE = JSON.stringify({ schema: "contrechamp/reference@1", events: [] });

beforeAll(() => {
  writeClip({ path: join(folder, "clip.mp4"), format: "mp4", width: 64, height: 48, frames: 20, rate: 10 });
  writeClip({ path: join(folder, "other.mp4"), format: "mp4", width: 64, height: 48, frames: 30, rate: 10 });
  writeFileSync(join(folder, "empty.json"), REFERENCE);
  writeFileSync(
    join(folder, "late.json"),
    `{ "schema": "contrechamp/reference@1", "events": [\n {"event": "fire", "rule": "flames", "begin": 9, "end": 10}]}`,
  );
  writeFileSync(
    join(folder, "tracks.json"),
    `{ "schema": "contrechamp/reference@1", "events": [], "tracks": {"format": "mot", "file": "gone.txt"} }`,
  );
  const tracked = (file: string) =>
    JSON.stringify({ schema: "contrechamp/reference@1", events: [], tracks: { format: "mot", file } });
  writeFileSync(join(folder, "spoilt.json"), tracked("spoilt.txt"));
  writeFileSync(join(folder, "spoilt.txt"), "1,1,0,0,5,5,1\n2,1,0,0,five,5,1\n");
  writeFileSync(join(folder, "longer.json"), tracked("longer.txt"));
  writeFileSync(join(folder, "longer.txt"), "1,1,0,0,5,5,1\n32,1,0,0,5,5,1\n");
  writeFileSync(join(folder, "broken.mp4"), "no video");
  writeFileSync(join(folder, "list.m3u8"), "#EXTM3U\nhttp://127.0.0.1:9/x.ts\n");
});

const CAMERA = "camera: { rules: [{ id: flames, event: fire, after: 1s }] }";
function suite(clips: string, name = "suite.yml"): string {
  const path = join(folder, name);
  writeFileSync(path, `schema: contrechamp/suite@1\nname: test\nclips:\n${clips}`);
  return path;
}
const clip = (id: string, rest = `reference: empty.json, ${CAMERA}`, video = "clip.mp4") =>
  `  - { id: ${id}, video: ${video}, ${rest} }\n`;

describe("a suite", () => {
  it("is read with its references, its recordings' sizes and lengths, and what is declared", async () => {
    const read = await loadSuite(
      suite(clip("one", `reference: empty.json, conditions: { light: night, rain: true }, ${CAMERA}`)),
    );
    expect(read.warnings).toEqual([]);
    expect(read.clips).toMatchObject([
      {
        id: "one",
        video: join(folder, "clip.mp4"),
        conditions: { light: "night", rain: "true" },
        picture: { width: 64, height: 48 },
        duration: 2,
        reference: { events: [] },
      },
    ]);
  });

  it("knows clips of one camera: by its name, or by all that is declared of the view", async () => {
    const named = "camera: { id: north, rules: [] }";
    const read = await loadSuite(
      suite(
        clip("a") +
          clip("b") +
          clip("c", "reference: empty.json, camera: { rules: [] }") +
          clip("d", `reference: empty.json, ${named}`) +
          clip("e", `reference: empty.json, ${named}`),
      ),
    );
    const [a, b, c, d, e] = read.clips.map(({ cameraKey }) => cameraKey);
    expect(a).toBe(b);
    expect(c).not.toBe(a);
    expect([d, e]).toEqual(["north", "north"]);
  });

  it("has a seal that moves with it, and that any change of what is measured breaks", async () => {
    const first = (await loadSuite(suite(clip("one")))).sha256;
    expect((await loadSuite(suite(clip("one")))).sha256).toBe(first);
    mkdirSync(join(folder, "deeper"), { recursive: true });
    const below = join(folder, "deeper", "suite.yml");
    const moved = clip("one", `reference: ../empty.json, ${CAMERA}`, "../clip.mp4");
    writeFileSync(below, `# another comment\nschema: contrechamp/suite@1\nname: test\nclips:\n${moved}`);
    expect((await loadSuite(below)).sha256).toBe(first);
    const others = [
      clip("two"),
      clip("one", undefined, "other.mp4"),
      clip("one", `reference: empty.json, conditions: { light: day }, ${CAMERA}`),
      clip("one", "reference: empty.json, camera: { rules: [{ id: flames, event: fire, after: 2s }] }"),
    ];
    const seals = await Promise.all(
      others.map(async (text, index) => (await loadSuite(suite(text, `o${index}.yml`))).sha256),
    );
    expect(new Set([first, ...seals]).size).toBe(others.length + 1);
  });

  it("warns of keys that mean nothing, with their line", async () => {
    const { warnings } = await loadSuite(
      suite(clip("one", `reference: empty.json, condition: { a: b }, ${CAMERA}`)),
    );
    expect(warnings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/suite\.yml:4:\d+ clips\[0\]\.condition: the key condition is not known/),
    ]);
  });

  const BAD: readonly (readonly [string, string, string])[] = [
    [
      "a recording that is not there",
      clip("one", undefined, "gone.mp4"),
      "suite.yml:4:16 clips[0].video: There is no file",
    ],
    [
      "a playlist, before anything that it names is asked for",
      clip("one", undefined, "list.m3u8"),
      "clips[0].video",
    ],
    ["a recording that is none", clip("one", undefined, "broken.mp4"), "clips[0].video:"],
    [
      "a stream",
      clip("one", undefined, "'rtsp://camera.example/x'"),
      "is a stream, and the audit bench reads recordings only",
    ],
    ["a reference that is not there", clip("one", `reference: gone.json, ${CAMERA}`), "clips[0].reference:"],
    ["tracks that are not there", clip("one", `reference: tracks.json, ${CAMERA}`), "gone.txt"],
    ["tracks with a fault", clip("one", `reference: spoilt.json, ${CAMERA}`), "spoilt.txt:2: width is"],
    [
      "tracks of a longer recording",
      clip("one", `reference: longer.json, ${CAMERA}`),
      "longer.txt: its 32 pictures reach beyond the clip, which has about 20",
    ],
    [
      "a stream whose password must not be printed",
      clip("one", undefined, "'rtsp://somebody:secret@camera.example/x'"),
      "rtsp://***:***@camera.example/x is a stream",
    ],
    [
      "an address that is not read",
      clip("one", undefined, "'ftp://camera.example/x'"),
      "suite.yml:4:16 clips[0].video: Cannot read from ftp://camera.example/x",
    ],
    ["a time beyond the clip", clip("one", `reference: late.json, ${CAMERA}`), "late.json:2:"],
    [
      "an unknown event",
      clip("one", "reference: empty.json, camera: { rules: [{ id: a, event: fight }] }"),
      "one of the events",
    ],
    [
      "a rule that names no zone of the camera",
      clip("one", "reference: empty.json, camera: { rules: [{ id: a, event: zone_intrusion, zone: b }] }"),
      "b",
    ],
    [
      "a view of another size than the recording's",
      clip("one", "reference: empty.json, camera: { picture: [640, 480], rules: [] }"),
      "clips[0].camera.picture",
    ],
    ["two clips of one name", clip("one") + clip("one"), "one"],
    ["no clips", "  []\n", "at least one clip"],
  ];
  it.each(BAD)("with %s is refused before anything runs", async (_what, clips, expected) => {
    await expect(loadSuite(suite(clips))).rejects.toMatchObject({
      code: "AUDIT_INVALID",
      message: expect.stringContaining(expected),
    });
  });

  it("of another version, or that is none, is refused", async () => {
    const path = join(folder, "version.yml");
    writeFileSync(path, "schema: contrechamp/suite@7\nname: x\nclips: []\n");
    await expect(loadSuite(path)).rejects.toMatchObject({
      message: expect.stringContaining(
        'version.yml:1:1 schema: the format is "contrechamp/suite@7"; contrechamp/suite@1 is read here',
      ),
    });
    await expect(loadSuite(join(folder, "gone.yml"))).rejects.toMatchObject({ code: "AUDIT_UNREADABLE" });
  });

  it("says the faults of all its clips and references at once", async () => {
    const failed = loadSuite(
      suite(clip("one", undefined, "gone.mp4") + clip("two", `reference: late.json, ${CAMERA}`)),
    );
    await expect(failed).rejects.toMatchObject({
      message: expect.stringMatching(/2 faults:\n.*gone\.mp4.*\n.*late\.json/s),
    });
  });
});

describe("a suite whose rules name networks of their own", () => {
  const rule = (model: string | null, id = "w") =>
    `{ id: ${id}, event: ${model === null ? "fire" : "weapon"}${model === null ? "" : `, model: ${model}`} }`;
  const watching = (...rules: readonly string[]) =>
    `reference: empty.json, camera: { id: same, rules: [${rules.join(", ")}] }`;

  it("knows them by what they are, wherever their manifests lie", async () => {
    writeStandIn(folder);
    mkdirSync(join(folder, "models"), { recursive: true });
    writeStandIn(join(folder, "models"));
    const here = await loadSuite(suite(clip("one", watching(rule("stand-in.yml")))));
    const there = await loadSuite(suite(clip("one", watching(rule("models/stand-in.yml")))));
    expect(here.slots).toMatchObject([
      { event: "weapon", name: "stand-in-marker", manifest: join(folder, "stand-in.yml") },
    ]);
    expect(there.sha256).toBe(here.sha256);
    const [first] = here.clips;
    expect(first?.view.rules[0]).toMatchObject({ model: join(folder, "stand-in.yml") });

    // Another network in the same place is another suite.
    const manifest = readFileSync(join(folder, "stand-in.yml"), "utf8");
    const [, sha256 = ""] = /sha256: "([0-9a-f]{64})"/.exec(manifest) ?? [];
    writeFileSync(join(folder, "other.yml"), manifest.replaceAll(sha256, "d".repeat(64)));
    const other = await loadSuite(suite(clip("one", watching(rule("other.yml")))));
    expect(other.sha256).not.toBe(here.sha256);
  });

  it.each<[string, string, string]>([
    ["no model", watching("{ id: w, event: weapon }"), "weapon needs a model of your own"],
    ["a manifest that is not there", watching(rule("gone.yml")), "There is no model"],
    ["a network for something else", watching("{ id: f, event: fire, model: stand-in.yml }"), "finds weapon"],
    [
      "two networks for one event",
      watching(rule("stand-in.yml"), rule("models/stand-in.yml", "v")),
      "a suite measures one network an event",
    ],
    [
      "a network in one rule of an event alone",
      watching(rule(null, "a"), "{ id: f, event: fire, model: stand-in.yml }"),
      "another rule for fire names no network of its own",
    ],
  ])("is refused with %s", async (_, rest, message) => {
    await expect(loadSuite(suite(clip("one", rest)))).rejects.toMatchObject({
      code: "AUDIT_INVALID",
      message: expect.stringContaining(message),
    });
  });
});
