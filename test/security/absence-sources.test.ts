import { globSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { OBJECT_CLASSES } from "../../src/detectors/detector.ts";
import { checkGraph } from "../../src/models/graph-outputs.ts";
import { DEFAULT_MODEL, listManifests } from "../../src/models/manifest.ts";
import { readNetwork, resolveModel } from "../../src/models/models.ts";
import * as absence from "./absence.ts";
import { connectorPackages, outboundUses, personLists, programUses } from "./absence-sources.ts";

const root = resolve(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const sources = globSync("src/**/*.ts", { cwd: root }).filter((file) => !file.endsWith(".test.ts"));
const lock = JSON.parse(read("package-lock.json"));
const allOf = (find: (file: string, text: string) => readonly string[], files: readonly string[]) =>
  files.flatMap((file) => find(file, read(file)));

describe("no outbound connector", () => {
  test("nothing but the fetching of weights, which somebody asks for, opens a connection", () => {
    const others = sources.filter((file) => !file.startsWith("src/models/fetch/"));
    expect(others.length).toBeGreaterThan(150);
    // The annotation page's server listens, on loopback, and its page asks that server; the console's server listens.
    const found = new Set(allOf(outboundUses, others).map((line) => line.replace(/:\d+:/, "")));
    expect([...found].toSorted()).toEqual([
      "src/audit/annotate/page/link.ts fetch",
      "src/audit/annotate/page/main.ts fetch",
      "src/audit/annotate/server.ts node:http",
      "src/server/listen.ts @hono/node-server",
      "src/server/listen.ts node:http",
    ]);
    const listener = read("src/server/listen.ts");
    expect(listener.match(/import .* from "(node:http|@hono\/node-server)"/g)).toEqual([
      'import { createServer } from "node:http"',
      'import { getRequestListener } from "@hono/node-server"',
    ]);
    expect(read("src/audit/annotate/server.ts")).toMatch(
      /import \{ createServer, type \w+,.*\} from "node:http"/,
    );
    expect(read("src/audit/annotate/server.ts").match(/\.listen\(.*/g)).toEqual([
      '.listen({ host: "127.0.0.1", port, exclusive: true }, () => {',
    ]);
    // Relative addresses: of whoever served the page.
    for (const file of ["link.ts", "main.ts"]) {
      expect(read(`src/audit/annotate/page/${file}`)).not.toMatch(
        /fetch\((?!["`](reference|session|pulse)\b)/,
      );
    }
  });

  test("nothing starts another program but the supervisor its cameras, the bench its clips and the printer of its report, and the fetching of weights npm", () => {
    const found = new Set(allOf(programUses, sources).map((line) => line.replace(/:.*/, "")));
    expect([...found].toSorted()).toEqual([
      "src/audit/report/pdf.ts",
      "src/audit/run/clip-pool.ts",
      "src/engine/supervisor.ts",
      "src/models/fetch/npm-config.ts",
    ]);
  });

  test("no package of the product reports to anybody, or asks a directory of persons", () => {
    const names = Object.keys(lock.packages).map((path) => path.replace(/^.*node_modules\//, ""));
    expect(names.length).toBeGreaterThan(100);
    expect(connectorPackages(names)).toEqual([]);
  });

  test.each([
    'import { connect } from "node:net";',
    'import http from "http";',
    'const dns = await import("node:dns/promises");',
    'const { request } = require("https");',
    'const http = process.getBuiltinModule("node:http");',
    'export { WebSocket } from "ws";',
    'import mqtt from "mqtt";',
    'const response = await fetch("https://example.org");',
    'const response = await globalThis.fetch("https://example.org");',
    'const socket = new WebSocket("wss://example.org");',
  ])("the check sees a planted %s", (text) => {
    expect(outboundUses("planted.ts", text).length).toBeGreaterThan(0);
  });

  test("the check lets innocent code be", () => {
    const text = `import type { Options } from "pacote"; import { readFile } from "node:fs/promises";
      interface Source { fetch(): void } const a = source.fetch; const b = { fetch: 1 };`;
    expect(outboundUses("fine.ts", text)).toEqual([]);
    expect(programUses("x.ts", 'import { exec } from "node:child_process";')).toHaveLength(1);
  });

  test.each([
    "@sentry/node",
    "posthog-node",
    "ldapjs",
    "@opentelemetry/sdk-node",
    "nodemailer",
  ])("the check of packages sees a planted %s", (name) => {
    expect(connectorPackages([name, "sharp"])).toEqual([name]);
  });
});

describe("no list of persons", () => {
  test("no name in any source, console text or option is that of one", () => {
    expect(allOf(personLists, sources)).toEqual([]);
  });

  test.each([
    'command.option("--watchlist <file>");',
    'readFile(join(folder, "black-list.csv"));',
    "const personsOfInterest = [];",
    "interface Query { readonly faceList: string }",
    "function enrol(picture: Uint8Array) {}",
  ])("the check sees a planted %s", (text) => {
    expect(personLists("planted.ts", text).length).toBeGreaterThan(0);
  });

  test("the check lets innocent names be", () => {
    const text =
      'const wanted = ["a"]; const persons = 3; watch(list); const s = "whitelisting is not a word here";';
    expect(personLists("fine.ts", text)).toEqual([]);
  });
});

describe("no weights of a refused purpose", () => {
  const WEIGHTS = /\.(onnx|ort|tflite|pb|caffemodel|safetensors|pth?|weights|h5|npz)$/i;

  test("no installed package holds weights at all", () => {
    const files = globSync("node_modules/**/*", { cwd: root }).filter((file) => WEIGHTS.test(file));
    expect(files.filter((file) => statSync(join(root, file)).isFile())).toEqual([]);
    expect(["a/face.onnx", "b/model.pb", "c.ts", "d.pbx"].filter((file) => WEIGHTS.test(file))).toHaveLength(
      2,
    );
  });

  test("every manifest, the lockfile and package.json name nothing of the ban list", () => {
    const manifests = globSync(["models/*.{yml,yaml,json}", "package.json", "*/package.json"], { cwd: root });
    expect(manifests.length).toBeGreaterThan(2);
    for (const file of manifests.filter((each) => each.startsWith("models/"))) {
      expect(absence.refusedInManifest(parse(read(file)), OBJECT_CLASSES), file).toEqual([]);
    }
    for (const file of manifests.filter((each) => each.endsWith("package.json"))) {
      const { dependencies, devDependencies, optionalDependencies, peerDependencies } = JSON.parse(
        read(file),
      );
      const groups = [dependencies, devDependencies, optionalDependencies, peerDependencies];
      const asLock = Object.fromEntries(
        groups.flatMap((group) =>
          Object.entries<string>(group ?? {}).flatMap(([name, version]) => {
            const alias = /^npm:(@?[^@]+)/.exec(version)?.[1];
            return [[`node_modules/${name}`, alias === undefined ? {} : { name: alias }]];
          }),
        ),
      );
      expect(absence.identificationPackages({ packages: asLock }), file).toEqual([]);
    }
  });
});

const manifests = await listManifests();

describe("no network gives out a vector that describes somebody", () => {
  test("the default one is among those that are looked at", () => {
    expect(manifests.map((manifest) => manifest.name)).toContain(DEFAULT_MODEL);
  });

  test.each(
    manifests.map((manifest) => manifest.name),
  )("%s: its outputs are those that its family names", async (name) => {
    const manifest = manifests.find((each) => each.name === name);
    if (manifest === undefined) throw new Error("listed");
    const network = await readNetwork(await resolveModel(name));
    const { outputs } = checkGraph(manifest, network);
    expect(outputs.length).toBeGreaterThan(0);
    expect(absence.refusedOutputs(outputs.map((output) => output.name))).toEqual([]);
    // A vector for each thing that is seen: one row for a batch, and numbers enough to tell one person from another.
    const vectors = outputs.filter(({ shape }) => shape?.length === 2 && Number(shape[1]) >= 32);
    expect(vectors).toEqual([]);
  });
});
