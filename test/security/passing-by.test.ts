import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, renameSync, symlinkSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { prepareScene } from "../../src/scenes/catalogue.ts";
import { writeScene } from "../../src/scenes/write.ts";
import { writeStudy } from "../support/authority.ts";

/** Ways past the gate that somebody with a shell might try: each gives no alert, no evidence and no picture. */
const LAUNCHER = fileURLToPath(new URL("../../bin/contrechamp", import.meta.url));

describe("past the gate", () => {
  let scenes: string;
  let video: string;
  let folder: string;
  let study: readonly string[];

  beforeAll(async () => {
    scenes = await mkdtemp(join(tmpdir(), "contrechamp-passing-by-"));
    video = writeScene(prepareScene("plaza-intrusion", 1, { rate: 8 }), scenes).video;
  });
  afterAll(() => rm(scenes, { recursive: true, force: true }));
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "contrechamp-passing-by-run-"));
    study = await writeStudy(join(folder, "study"), [video]);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const environment = () => ({ ...process.env, XDG_STATE_HOME: join(folder, "machine") });
  function watch(...args: readonly string[]) {
    const out = join(folder, "out");
    const run = spawnSync(
      process.execPath,
      [LAUNCHER, "watch", ...args, "--out", out, "--json", "--for", "2s"],
      { encoding: "utf8", env: environment(), timeout: 60_000 },
    );
    const made = existsSync(out) ? readdirSync(out, { recursive: true, encoding: "utf8" }) : [];
    return {
      status: run.status,
      said: `${run.stdout}${run.stderr}`,
      alerts: run.stdout,
      pictures: made.filter((name) => /\.(png|mp4|jpg)$/.test(name)),
      ran: existsSync(join(out, "run.json")),
    };
  }
  function refused(run: ReturnType<typeof watch>, status: number | readonly number[], because: RegExp) {
    expect([status].flat(), run.said).toContain(run.status);
    expect(run.said).toMatch(because);
    expect(run.alerts).toBe("");
    expect(run.pictures).toEqual([]);
    expect(run.ran).toBe(false);
  }

  it("is where a listed recording runs, so that what follows is refused for its own reason", () => {
    const run = watch(video, ...study);
    expect(run.status, run.said).toBe(0);
    expect(run.ran).toBe(true);
  });

  it.each([
    ["without a profile", (v: string) => [v], /no_profile/],
    [
      "by a profile that is for other footage",
      (v: string) => [v, "--profile", "demonstration"],
      /no_legal_basis|no_analytic/,
    ],
    ["in the dark, which nobody authorised", (v: string) => [v, ...study, "--shadow"], /use_not_permitted/],
  ])("%s", (_, args, because) => {
    refused(watch(...args(video)), 77, because);
  });

  it("by another recording under the name of one that is listed, and by a part of it", async () => {
    const other = join(folder, "plaza.mp4");
    const bytes = readFileSync(video);
    await writeFile(other, Buffer.concat([bytes, bytes]));
    refused(watch(other, ...study), 77, /recording_not_authorised/);
    await writeFile(other, bytes.subarray(0, bytes.length - 1));
    refused(watch(other, ...study), 77, /recording_not_authorised/);
    const link = join(folder, "link.mp4");
    symlinkSync(other, link);
    refused(watch(link, ...study), 77, /recording_not_authorised/);
    // Under another name the same bytes are the same recording.
    await copyFile(video, other);
    renameSync(other, join(folder, "renamed.bin"));
    expect(watch(join(folder, "renamed.bin"), ...study).status).toBe(0);
  });

  it("by a stream through a pipe", () => {
    const pipe = join(folder, "pipe.mp4");
    expect(spawnSync("mkfifo", [pipe]).status).toBe(0);
    const writer = spawn("sh", ["-c", 'exec cat "$1" > "$2"', "sh", video, pipe], { stdio: "ignore" });
    refused(watch(pipe, ...study), [65, 66], /RECORDING_KIND/);
    writer.kill("SIGKILL");
  });

  it("by a file that only names where pictures are, under its own name or another", async () => {
    const list = "#EXTM3U\n#EXT-X-TARGETDURATION:60\n#EXTINF:60,\nvideo.ts\n#EXT-X-ENDLIST\n";
    await copyFile(video, join(folder, "video.ts"));
    const concat = "ffconcat version 1.0\nfile video.ts\n";
    for (const [name, text] of [
      ["list.m3u8", list],
      ["list.mp4", list],
      ["list2.mp4", concat],
    ] as const) {
      const file = join(folder, name);
      await writeFile(file, text);
      // Somebody signs for it all the same, as far as that goes.
      const listed = await writeStudy(join(folder, `study-${name}`), [file]).catch(() => study);
      refused(watch(file, ...listed), 65, /RECORDING_KIND|SOURCE_FORMAT/);
    }
    // A file by the name of a pattern of files.
    const pattern = join(folder, "still-%d.jpg");
    await copyFile(video, pattern);
    await writeFile(join(folder, "still-1.jpg"), "");
    const run = watch(pattern, ...(await writeStudy(join(folder, "study-pattern"), [pattern])));
    expect(run.alerts).toBe("");
    expect(run.pictures).toEqual([]);
  });

  it("by a recording over http, which is none, and by a stream under a study", async () => {
    const server = createServer((_, response) => response.end(readFileSync(video)));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    try {
      refused(watch(`http://127.0.0.1:${port}/clip.mp4`, ...study), 66, /SOURCE_ADDRESS/);
      refused(watch(`http://127.0.0.1:${port}/stream`, ...study), 77, /footage_not_permitted|no_legal_basis/);
    } finally {
      server.close();
    }
  });

  it("with the machine held, whatever state folder, output and lists of variables are named", async () => {
    const stopped = spawnSync(
      process.execPath,
      [LAUNCHER, "stop", "--everything", "--by", "exemple", "--reason", "an example", "--json"],
      { encoding: "utf8", env: environment() },
    );
    expect(stopped.status, `${stopped.stdout}${stopped.stderr}`).toBe(0);
    refused(watch(video, ...study), 77, /stopped/);
    await mkdir(join(folder, "elsewhere"));
    refused(watch(video, ...study, "--state", join(folder, "elsewhere")), 77, /stopped/);
  });
});
