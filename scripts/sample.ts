/** Gets the sample footage of `npm start`: OpenCV's pedestrian clip, from OpenCV itself or out of Debian. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  createReadStream,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { aptGet, available } from "./debian.ts";

const NAME = "vtest.avi";
const SHA256 = "45cddc9490be69345cbdab64ca583be65987e864ca408038e648db99e10516cf";
const BYTES = 8_131_690;
const ADDRESS = "https://raw.githubusercontent.com/opencv/opencv/4.x/samples/data/vtest.avi";
const DEBIAN_PACKAGE = "opencv-doc";

/** How long the repository may take to begin its answer, and to give the whole file. */
const ANSWER_MS = 5_000;
const WHOLE_MS = 60_000;

/**
 * @param say told in one line what is being tried and why the next way is taken
 * @returns the path of the clip, its content checked; null when no way to it is open
 */
export async function sampleClip(say: (line: string) => void): Promise<string | null> {
  const cache = join(cacheFolder(), "samples");
  const kept = join(cache, NAME);
  if (existsSync(kept) && (await isTheClip(kept))) return kept;

  mkdirSync(cache, { recursive: true });
  const scratch = mkdtempSync(join(tmpdir(), "contrechamp-sample-"));
  try {
    for (const [from, get] of [
      ["OpenCV's repository", fromRepository],
      [`Debian's package ${DEBIAN_PACKAGE}`, fromDebian],
    ] as const) {
      say(`Getting the sample footage ${NAME} from ${from} ...`);
      const found = await get(scratch);
      if (typeof found === "object") say(`  not from there: ${found.reason}`);
      else if (!(await isTheClip(found))) say("  not from there: its content is not the expected one");
      else {
        // Beside its final place first, so that an interruption never leaves half a clip under its name.
        const half = `${kept}.${process.pid}.part`;
        copyFileSync(found, half);
        renameSync(half, kept);
        return kept;
      }
    }
    return null;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Where what was fetched or drawn once is kept. */
export function cacheFolder(): string {
  return join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "contrechamp");
}

type Found = string | { readonly reason: string };

async function fromRepository(scratch: string): Promise<Found> {
  const stop = new AbortController();
  const answer = setTimeout(() => stop.abort(new Error(`no answer in ${ANSWER_MS / 1000} s`)), ANSWER_MS);
  const whole = setTimeout(() => stop.abort(new Error(`not done in ${WHOLE_MS / 1000} s`)), WHOLE_MS);
  try {
    const response = await fetch(ADDRESS, { signal: stop.signal });
    clearTimeout(answer);
    if (!response.ok || response.body === null) return { reason: `it answered ${response.status}` };
    const file = join(scratch, NAME);
    const out = await open(file, "w");
    let bytes = 0;
    try {
      for await (const chunk of response.body) {
        bytes += chunk.byteLength;
        if (bytes > BYTES) return { reason: "it sends more than the clip" };
        await out.write(chunk);
      }
    } finally {
      await out.close();
    }
    return file;
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { reason: cause instanceof Error ? cause.message : String(cause) };
  } finally {
    clearTimeout(answer);
    clearTimeout(whole);
  }
}

/** Downloads the package with apt and takes one file out of it; nothing is installed. */
async function fromDebian(scratch: string): Promise<Found> {
  if (!available("apt-get") || !available("dpkg-deb")) return { reason: "this system has no apt" };
  // apt downloads as its own user `_apt`, which must be able to write here.
  chmodSync(scratch, 0o777);
  if (!download(scratch)) {
    // Perhaps the package lists were never fetched; that takes root.
    const updated = process.getuid?.() === 0 && aptGet(["update"]);
    if (!updated || !download(scratch)) return { reason: `apt-get download ${DEBIAN_PACKAGE} failed` };
  }
  const [deb] = globSync("*.deb", { cwd: scratch });
  if (deb === undefined) return { reason: "apt-get left no package" };
  const unpack = spawnSync(
    "sh",
    ["-c", `dpkg-deb --fsys-tarfile "$1" | tar -x --wildcards "*/${NAME}*"`, "sh", deb],
    { cwd: scratch, stdio: "ignore" },
  );
  const [clip] = globSync(`usr/**/${NAME}`, { cwd: scratch });
  return clip === undefined
    ? { reason: `the package holds no ${NAME} (unpacking ended with ${unpack.status})` }
    : join(scratch, clip);
}

function download(folder: string): boolean {
  return aptGet(["download", DEBIAN_PACKAGE], folder);
}

async function isTheClip(file: string): Promise<boolean> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex") === SHA256;
}
