import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { CodedError } from "../errors.ts";
import { applySchema, readYaml } from "./diagnostics.ts";
import { EXAMPLE, examplePage } from "./example.ts";
import { configSha256 } from "./hash.ts";
import { configJsonSchema } from "./json-schema.ts";
import { defaultCamera, defaultConfig, inspectConfig, loadConfig, parseConfig } from "./load.ts";
import { cameraViewSchema } from "./schema.ts";
import { checkPicture, checkView } from "./view.ts";

const folder = mkdtempSync(join(tmpdir(), "contrechamp-config-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SMALL = "schema: contrechamp/config@1\ncameras: [{ id: gate, source: clip.mp4 }]\n";
const withSource = (source: string) => SMALL.replace("clip.mp4", source);
const withKeys = (keys: string) => SMALL.replace("clip.mp4", `clip.mp4, ${keys}`);

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "nothing thrown",
    (thrown: unknown) => (thrown instanceof CodedError ? thrown.code : String(thrown)),
  );
}

describe("a valid configuration", () => {
  test("has every default filled in, paths absolute, and cannot be changed", () => {
    const config = parseConfig(SMALL, "/etc/contrechamp/site.yml");
    expect(config).toEqual({
      schema: "contrechamp/config@1",
      directory: "/etc/contrechamp",
      site: null,
      cameras: [
        {
          id: "gate",
          source: "/etc/contrechamp/clip.mp4",
          transport: "tcp",
          background: null,
          calibration: [],
          calibrationTolerance: 0.5,
          masks: [],
          zones: [],
          lines: [],
          rules: [],
        },
      ],
      authority: { profile: null, overlays: [], documents: null, state: null, use: "alert" },
      engine: {
        model: "mb3-centernet",
        analysisPerSecond: 12,
        detectionsPerSecond: 8,
        inputLongSide: 512,
        threads: "auto",
      },
      evidence: { before: 3, after: 4, framesPerSecond: 8, longSide: 640 },
      output: { directory: null },
    });
    expect(Object.isFrozen(config.cameras[0]?.zones)).toBe(true);
    expect(structuredClone(config)).toEqual(config);
  });

  test("units become seconds, metres, px and times per second", () => {
    const text = `${withKeys("calibrationTolerance: 40cm, rules: [{ id: r, event: fire, after: 1.5m, clear: 250ms }], startedAt: 2026-03-01T15:30:00+01:00")}
engine: { analysisPerSecond: 90/m, inputLongSide: 640px, threads: 2, model: models/mine.json }
`;
    const config = parseConfig(text, "/etc/contrechamp/site.yml");
    expect(config.cameras[0]).toMatchObject({
      calibrationTolerance: 0.4,
      startedAt: Date.UTC(2026, 2, 1, 14, 30),
      rules: [{ event: "fire", after: 90, clear: 0.25, longest: 3600 }],
    });
    expect(config.engine).toMatchObject({
      analysisPerSecond: 1.5,
      inputLongSide: 640,
      threads: 2,
      model: "/etc/contrechamp/models/mine.json",
    });
  });

  test("is read from a file, and JSON is YAML", async () => {
    const file = join(folder, "site.json");
    writeFileSync(
      file,
      JSON.stringify({ schema: "contrechamp/config@1", cameras: [{ id: "gate", source: "a.mp4" }] }),
    );
    const config = await loadConfig(file);
    expect(config.cameras[0]?.source).toBe(join(folder, "a.mp4"));
  });

  test("without a file: a camera and nothing else", () => {
    const camera = defaultCamera("/clips/a.mp4", "a");
    expect(camera).toMatchObject({ id: "a", source: "/clips/a.mp4", rules: [], background: null });
    const config = defaultConfig([camera]);
    expect(config.cameras).toEqual([camera]);
    expect(config.engine).toEqual(parseConfig(SMALL, "site.yml").engine);
  });
});

describe("the example", () => {
  const schema = configJsonSchema();

  test("is valid, without a warning", () => {
    expect(inspectConfig(examplePage(schema), "watch.yml").problems).toEqual([]);
  });

  test("has every key of the format", () => {
    const text = JSON.stringify(EXAMPLE);
    const keys = new Set<string>();
    const collect = (value: unknown) => {
      if (typeof value !== "object" || value === null) return;
      if ("properties" in value && typeof value.properties === "object" && value.properties !== null) {
        for (const key of Object.keys(value.properties)) keys.add(key);
      }
      for (const inner of Object.values(value)) collect(inner);
    };
    collect(schema);
    expect(keys.size).toBeGreaterThan(30);
    expect([...keys].filter((key) => !text.includes(`"${key}":`))).toEqual([]);
  });

  test("explains each key once", () => {
    const page = examplePage(schema);
    expect(page.split("# Size of the picture that the coordinates were read off.")).toHaveLength(2);
    expect(page.split("# What the zone is declared to be.")).toHaveLength(2);
  });

  test("every key of the schema has a description", () => {
    const bare: string[] = [];
    const walk = (value: unknown, path: string) => {
      if (typeof value !== "object" || value === null) return;
      if ("properties" in value && typeof value.properties === "object" && value.properties !== null) {
        for (const [key, inner] of Object.entries(value.properties)) {
          if (typeof inner !== "object" || inner === null || !("description" in inner))
            bare.push(`${path}.${key}`);
        }
      }
      for (const [key, inner] of Object.entries(value)) walk(inner, `${path}.${key}`);
    };
    walk(schema, "");
    expect(bare).toEqual([]);
  });
});

describe("anchors and aliases", () => {
  test("an audit suite's cameras share their parts, and are read by the same schema", () => {
    const source = readYaml(
      `clips:
  - { id: one, camera: &room { rules: [{ id: floor, event: person_down, after: 0.5s }] } }
  - { id: two, camera: *room }
`,
      "suite.yml",
    );
    if (!("value" in source)) throw new Error(source[0]?.message);
    const { clips } = source.value as { clips: { camera: unknown }[] };
    for (const { camera } of clips) {
      const { value, findings } = applySchema(cameraViewSchema, camera);
      expect(findings).toEqual([]);
      expect(value?.rules[0]).toMatchObject({ event: "person_down", after: 0.5 });
      if (value !== null) expect(checkView(value)).toEqual([]);
    }
  });

  test("an error behind an alias is shown where it is written", () => {
    const text = `schema: contrechamp/config@1
cameras:
  - { id: a, source: a.mp4, rules: &common [{ id: r, event: fire, after: 5 }] }
  - { id: b, source: b.mp4, rules: *common }
`;
    const { problems } = inspectConfig(text, "site.yml");
    expect(problems.map(({ line, column, path }) => [line, column, path])).toEqual([
      [3, 67, "cameras[0].rules[0].after"],
      [3, 67, "cameras[1].rules[0].after"],
    ]);
  });

  test("a text that grows without bound when its aliases are followed is refused at once", () => {
    const levels = Array.from({ length: 12 }, (_, level) => {
      const inner = level === 0 ? "x" : `*a${level - 1}`;
      return `k${level}: &a${level} [${Array.from({ length: 10 }, () => inner).join(", ")}]`;
    });
    const started = performance.now();
    const { problems } = inspectConfig(levels.join("\n"), "bomb.yml");
    expect(problems.map((found) => found.code)).toEqual(["CONFIG_ALIASES"]);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe("files that cannot be read", () => {
  test.each<[string, () => string, string]>([
    ["none", () => join(folder, "none.yml"), "CONFIG_UNREADABLE"],
    ["a folder", () => folder, "CONFIG_UNREADABLE"],
    ["below a file", () => join(folder, "plain.yml", "x.yml"), "CONFIG_UNREADABLE"],
    ["not text", () => join(folder, "binary.yml"), "CONFIG_UNREADABLE"],
    ["a recording by mistake", () => join(folder, "large.yml"), "CONFIG_TOO_LARGE"],
  ])("%s", async (_, path, code) => {
    writeFileSync(join(folder, "plain.yml"), SMALL);
    writeFileSync(join(folder, "binary.yml"), Buffer.from([0x73, 0xff, 0xfe, 0x00, 0xc3, 0x28]));
    writeFileSync(join(folder, "large.yml"), Buffer.alloc(2_000_000, "#"));
    expect(await codeOf(loadConfig(path()))).toBe(code);
  });

  test("without the right to", async ({ skip }) => {
    if (process.getuid?.() === 0) skip("root may read every file");
    const path = join(folder, "secret.yml");
    writeFileSync(path, SMALL);
    chmodSync(path, 0o000);
    expect(await codeOf(loadConfig(path))).toBe("CONFIG_UNREADABLE");
  });

  test("a text that is too long is not parsed", () => {
    const { problems } = inspectConfig(`# ${"é".repeat(600_000)}`, "site.yml");
    expect(problems.map((found) => found.code)).toEqual(["CONFIG_TOO_LARGE"]);
  });
});

describe("warnings", () => {
  test.each<[string, string, string, string]>([
    [
      "a password in the file",
      withSource("'rtsp://admin:hunter2@cam/'"),
      "CONFIG_PASSWORD_WRITTEN",
      "cameras[0].source",
    ],
    [
      "a zone outside the picture",
      withKeys(
        "picture: [640, 480], zones: [{ id: z, nature: counting, polygon: [[700, 0], [800, 0], [800, 90]] }]",
      ),
      "CONFIG_OUTSIDE_PICTURE",
      "cameras[0].zones[0]",
    ],
    [
      "a mask outside the picture",
      withKeys("picture: [640, 480], masks: [[[700, 0], [800, 0], [800, 90]]]"),
      "CONFIG_OUTSIDE_PICTURE",
      "cameras[0].masks[0]",
    ],
    [
      "a line along the border",
      withKeys("picture: [640, 480], lines: [{ id: l, from: [0, 480], to: [640, 480] }]"),
      "CONFIG_LINE_CANNOT_FIRE",
      "cameras[0].lines[0]",
    ],
    [
      "a line under a mask",
      withKeys(
        "picture: [640, 480], lines: [{ id: l, from: [100, 100], to: [100, 200] }], masks: [[[50, 50], [150, 50], [150, 250], [50, 250]]]",
      ),
      "CONFIG_LINE_CANNOT_FIRE",
      "cameras[0].lines[0]",
    ],
  ])("%s is said, and the configuration still works", (_, text, code, path) => {
    const { config, problems } = inspectConfig(text, "site.yml");
    expect(config).not.toBeNull();
    expect(problems.map((found) => [found.severity, found.code, found.path])).toEqual([
      ["warning", code, path],
    ]);
    expect(JSON.stringify(problems)).not.toContain("hunter2");
  });

  test("a stream of another size than the one declared is an error", () => {
    const camera = parseConfig(withKeys("picture: [640, 480]"), "site.yml").cameras[0];
    if (camera === undefined) throw new Error("no camera");
    expect(checkPicture(camera, { width: 640, height: 480 })).toEqual([]);
    const [finding] = checkPicture(camera, { width: 1280, height: 720 });
    expect(finding?.severity).toBe("error");
    expect(finding?.fault("gate").message).toBe(
      "gate: coordinates were read off a picture of 640x480 px, and the stream has 1280x720 px",
    );
  });
});

describe("configSha256", () => {
  const hash = (text: string, name = "/etc/contrechamp/site.yml") => configSha256(parseConfig(text, name));

  test("is the same wherever the file lies and however it is written", () => {
    expect(hash(SMALL, "/srv/other/place.yml")).toBe(hash(SMALL));
    expect(
      hash(
        `# a comment\ncameras:\n  - source: clip.mp4\n    transport: tcp\n    id: gate\n${SMALL.split("\n")[0]}`,
      ),
    ).toBe(hash(SMALL));
    expect(hash(withKeys("rules: [{ id: r, event: fire, after: 60s }]"))).toBe(
      hash(withKeys("rules: [{ event: fire, id: r, after: 1m }]")),
    );
    expect(hash(SMALL)).toMatch(/^[0-9a-f]{64}$/);
  });

  test("changes with anything that matters", () => {
    const texts = [
      SMALL,
      withSource("other.mp4"),
      withKeys("transport: udp"),
      withKeys("rules: [{ id: r, event: fire }]"),
      withKeys("rules: [{ id: r, event: fire, after: 3s }]"),
      withKeys("background: empty.png"),
      `${SMALL}engine: { inputLongSide: 640px }\n`,
      `${SMALL}engine: { model: models/mine.json }\n`,
      `${SMALL}site: Here\n`,
    ];
    expect(new Set(texts.map((text) => hash(text))).size).toBe(texts.length);
  });

  test("has no part of a password", () => {
    expect(hash(withSource("'rtsp://a:one@cam/'"))).toBe(hash(withSource("'rtsp://b:two@cam/'")));
  });
});

test("whatever is done to the example, it is read or refused, and never breaks the reader", () => {
  const page = examplePage(configJsonSchema());
  const cut = fc.nat(page.length);
  const junk = fc.oneof(
    fc.constantFrom(
      "",
      "*a",
      "&a ",
      "<<: ",
      "!x ",
      "null",
      "- ",
      "{",
      "]",
      "\t",
      "\n",
      "\0",
      "[[",
      "1e999",
      "'",
      ": ",
    ),
    fc.string({ maxLength: 8 }),
  );
  fc.assert(
    fc.property(cut, fc.nat(60), junk, (from, length, instead) => {
      const text = page.slice(0, from) + instead + page.slice(from + length);
      const { config, problems } = inspectConfig(text, "site.yml");
      expect(config !== null).toBe(problems.every((found) => found.severity === "warning"));
      for (const found of problems) {
        expect(found.code).toMatch(/^CONFIG_/);
        expect(found.message.startsWith(`site.yml:${found.line}:${found.column}`)).toBe(true);
        expect(found.help).not.toBe("");
      }
    }),
    { numRuns: 300 },
  );
});
