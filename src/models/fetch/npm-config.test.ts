import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { npmOptions } from "./npm-config.ts";

const CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";

describe("npmOptions", () => {
  let home: string;
  let project: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "contrechamp-npm-"));
    project = join(home, "project");
    await mkdir(join(project, "deep", "er"), { recursive: true });
    await writeFile(join(project, "package.json"), "{}");
    await writeFile(join(home, "ca.pem"), `${CERTIFICATE}\n# a second one\n${CERTIFICATE}\n`);
    await writeFile(
      join(home, "userrc"),
      [
        "; a comment = no",
        "registry = https://registry.example.org/npm/",
        `//registry.example.org/npm/:_authToken=\${TOKEN}`,
        "@team:registry=https://team.example.org/",
        `//team.example.org/:_auth=\${ABSENT?}x`,
        'https-proxy="http://proxy.example.org:3128"',
        "noproxy=localhost,.example.net",
        `cafile=${join(home, "ca.pem")}`,
        "fetch-retries=5",
        "strict-ssl=false",
      ].join("\n"),
    );
    await writeFile(join(project, ".npmrc"), "fetch-timeout=1234\n//registry.example.org/:certfile=/c\n");
  });

  const expected = {
    registry: "https://registry.example.org/npm/",
    httpsProxy: "http://proxy.example.org:3128",
    noProxy: "localhost,.example.net",
    fetchRetries: 5,
    timeout: 1234,
    strictSSL: false,
    ca: [CERTIFICATE, CERTIFICATE],
    "@team:registry": "https://team.example.org/",
    "//registry.example.org/npm/:_authToken": "s3cret",
    "//registry.example.org/:certfile": "/c",
    "//team.example.org/:_auth": "x",
  };
  const environment = (extra: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
    HOME: home,
    TOKEN: "s3cret",
    npm_config_userconfig: join(home, "userrc"),
    npm_config_globalconfig: join(home, "absent"),
    ...extra,
  });

  it("asks npm where npm is there", async () => {
    const options = await npmOptions(environment({ PATH: process.env["PATH"] }), join(project, "deep", "er"));
    expect(options).toMatchObject(expected);
    expect(options).not.toHaveProperty("cache");
  });

  it("reads the files where it is not", async () => {
    const options = await npmOptions(environment({ PATH: "" }), join(project, "deep", "er"));
    expect(options).toMatchObject(expected);
    expect(options).not.toHaveProperty("cache");
  });

  it("lets the environment win over the files", async () => {
    const extra = { PATH: "", npm_config_registry: "http://127.0.0.1:1/", npm_config_fetch_retries: "0" };
    const options = await npmOptions(environment(extra), project);
    expect(options).toMatchObject({ registry: "http://127.0.0.1:1/", fetchRetries: 0 });
  });
});
