import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const run = promisify(execFile);

/** What a stranger has: Node 24, npm, an empty folder, the package file. No variable of the checkout's npm run. */
const environment = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_|^VITEST|^NODE_ENV$/i.test(name)),
  ),
  PATH: `${dirname(process.execPath)}${delimiter}${process.env["PATH"] ?? ""}`,
  // An npm that still runs the install scripts of dependencies: neither of the two downloads is used.
  SKIP_FFMPEG: "true",
  ONNXRUNTIME_NODE_INSTALL: "skip",
};

describe("the package, in an empty folder", () => {
  const home = mkdtempSync(join(tmpdir(), "contrechamp-package-"));
  let packed: readonly string[] = [];

  const inFolder = (program: string, ...args: readonly string[]) =>
    run(program, args, { cwd: home, env: environment, maxBuffer: 2 ** 26 });

  const contrechamp = (...args: readonly string[]) => inFolder("npx", "--no", "--", "contrechamp", ...args);

  beforeAll(async () => {
    const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", home], {
      cwd: root,
      env: environment,
      maxBuffer: 2 ** 26,
    });
    // The build's own lines come before the JSON.
    const [made] = JSON.parse(stdout.slice(stdout.search(/^\[/m))) as [Packed];
    packed = made.files.map((file) => file.path);
    writeFileSync(
      join(home, "package.json"),
      JSON.stringify({ name: "elsewhere", private: true, type: "module" }),
    );
    await inFolder("npm", "install", "--prefer-offline", "--no-audit", "--no-fund", `./${made.filename}`);
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  test("holds what runs and what must be read, and neither sources nor tests nor weights", () => {
    expect(packed).toEqual(
      expect.arrayContaining([
        "bin/contrechamp",
        "dist/cli/main.js",
        "dist/index.js",
        "dist/audit/annotate/page/main.js",
        "dist/audit/annotate/page/style.css",
        "dist/index.d.ts",
        "models/mb3-centernet.yml",
        "profiles/fr-loi-2023-380.yml",
        "profiles/recording-study.yml",
        "profiles/template.yml",
        "examples/campus.yml",
        "LICENSE",
        "CHARTER.md",
        "README.md",
      ]),
    );
    expect(packed.filter((path) => path.endsWith("kernels.wasm"))).toHaveLength(1);
    expect(packed.filter((path) => /^(src|test)\/|\.test\.|\.(onnx|pt|bin)$/.test(path))).toEqual([]);
  });

  test("says its version", async () => {
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
    const { stdout } = await contrechamp("--version");
    expect(stdout.trim()).toBe(version);
  });

  test("renders a scene and watches it, to a report", async () => {
    await contrechamp("scene", "render", "plaza-intrusion", "--out", "scene");
    const clip = "scene/plaza-intrusion.mp4";
    const options = ["--config", "scene/plaza-intrusion.config.yml", "--profile", "demonstration"];
    const watch = ["watch", clip, ...options, "--documents", "authorisations", "--out", "result"];
    await expect(contrechamp(...watch)).rejects.toMatchObject({ code: 77 });

    const by = ["--by", "Example", "--purpose", "To see whether the package works."];
    await contrechamp(
      ...["authorise", "new", "--recording", clip, ...options, "--documents", "authorisations"],
      ...by,
    );
    const { stdout } = await contrechamp(...watch, "--json", "--quiet");
    const alerts = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { event: string; kind: string });
    expect(alerts.filter((alert) => alert.kind === "raised").map((alert) => alert.event)).toContain(
      "zone_intrusion",
    );
    expect(readFileSync(join(home, "result", "report.html"), "utf8")).toContain("<html");
    const summary = JSON.parse(readFileSync(join(home, "result", "run.json"), "utf8")) as {
      cameras: { frames: { decoded: number; inferred: number } }[];
    };
    expect(summary.cameras).toHaveLength(1);
    expect(summary.cameras[0]?.frames.inferred).toBeGreaterThan(0);
    expect(existsSync(join(home, "result", "alerts.jsonl"))).toBe(true);
    // Nobody outside has vouched for it yet, and nothing speaks against it.
    const verified = await contrechamp("journal", "verify", "result/state/journal", "--json").catch(
      (ended: { code: number; stdout: string }) => ended,
    );
    expect(verified).toMatchObject({ code: 1 });
    expect(JSON.parse(verified.stdout)).toMatchObject({ verdict: "alone" });
  });

  test("serves the annotation page as JavaScript", async () => {
    const path = join(home, "node_modules", "contrechamp", "dist", "audit", "annotate", "page-files.js");
    const { readPageFiles, ENTRY }: typeof import("../../src/audit/annotate/page-files.ts") = await import(
      path
    );
    const files = await readPageFiles();
    const modules = [...files.keys()].filter((name) => /^(page|model)\//.test(name));
    expect(modules).toContain(ENTRY);
    expect(modules.filter((name) => !name.endsWith(".js"))).toEqual([]);
    for (const [name, { bytes }] of files) {
      // What a module imports is served beside it.
      for (const [, folder, file] of bytes.toString().matchAll(/from "(\.\.?)\/([^"]+)"/g)) {
        expect(
          files.has(folder === "." ? `${name.split("/")[0]}/${file}` : String(file)),
          `${name}: ${file}`,
        ).toBe(true);
      }
    }
    expect([...files.keys()]).toEqual(expect.arrayContaining(["style.css", "fonts/next.woff2"]));
  });

  test("finds the laws that ship with it", async () => {
    const { stdout } = await contrechamp("profile", "list", "--json");
    expect(stdout).toContain("fr-loi-2023-380");
  });

  test("has a public entry that runs and type-checks", async () => {
    mkdirSync(join(home, "user"));
    writeFileSync(
      join(home, "user", "index.ts"),
      `import { type Alert, alertSchema, analyticId, type Decision, EVENT_TYPES, type EventType, loadConfig, loadWorld, mayAlert, verifyJournal } from "contrechamp";
const known: EventType = "fire";
// @ts-expect-error no such event
const unknown: EventType = "loitering";
export const place = (alert: Alert): string => alert.place.kind;
const config = await loadConfig("node_modules/contrechamp/examples/campus.yml");
const { world } = await loadWorld({ profile: "fr-loi-2023-380", overlays: [], documents: null, state: ".", cameras: [], newest: null });
const decision: Decision = mayAlert({ at: Date.now(), use: "alert", cameraId: "gate", ruleId: "fire", event: known, analyticId: analyticId(known), modelSha256: "0".repeat(64), footage: "live", recordingSha256: null, place: { kind: "view", points: [] } }, world);
const { verdict } = await verifyJournal("result/state/journal");
console.log(JSON.stringify([EVENT_TYPES.includes(known), EVENT_TYPES.includes(unknown), alertSchema.safeParse({}).success, config.cameras.length, decision.allow, verdict]));
`,
    );
    const { stdout } = await inFolder("node", "user/index.ts");
    expect(JSON.parse(stdout)).toEqual([true, false, false, 1, false, "alone"]);
    const options = ["--strict", "--noEmit", "--module", "nodenext", "--target", "es2024", "--skipLibCheck"];
    const types = ["--types", "node", "--typeRoots", join(root, "node_modules", "@types")];
    await inFolder(
      "node",
      join(root, "node_modules/typescript/bin/tsc"),
      ...options,
      ...types,
      join(home, "user", "index.ts"),
    );
  });
});

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}
