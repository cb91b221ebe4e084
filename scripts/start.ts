/**
 * `npm start`: from nothing to a report on real footage. Gets the default model and a sample clip, both by
 * hash, writes an authorisation to study that clip, analyses it with examples/campus.yml, verifies the trace that
 * the analysis left, and says what to open.
 */
import { spawnSync } from "node:child_process";
import { userInfo } from "node:os";
import { join, resolve } from "node:path";
import { EXIT } from "../src/errors.ts";
import { cacheFolder, sampleClip } from "./sample.ts";

const root = resolve(import.meta.dirname, "..");
// Commands run in the project's folder: paths are shown as they would be typed there.
const out = "out";
// Not in out/: what an earlier run left there is moved aside, and the study's key, beside its documents, stays.
const documents = join("study", "documents");

console.log("1/5  The model");
contrechamp("models", "pull");

console.log("\n2/5  The footage");
const { clip, config, profile } = await footage();
console.log(`  ${clip}`);

console.log("\n3/5  The authorisation: nothing runs without one");
const authority = ["--profile", profile, "--documents", documents];
const purpose = "To see what Contrechamp finds in its sample footage.";
const study = ["--recording", clip, "--config", config, "--by", `${userName()}, npm start`];
contrechamp("authorise", "new", ...authority, ...study, "--purpose", purpose);

console.log(`\n4/5  The analysis, with ${config}`);
contrechamp("watch", clip, "--config", config, ...authority, "--out", out);

console.log("\n5/5  The trace that it left, verified from its files alone");
const journal = join(out, "state", "journal");
// Nobody else can have vouched yet for a journal of a minute: it says so and ends with this, and all is well.
contrechampEndingWith([EXIT.ok, EXIT.partial], "journal", "verify", journal);

console.log(`
Open ${join(out, "report.html")}: on what authority it ran, the alerts, their evidence (shapes on the learnt
background, never the picture), what the camera went through, and how long each step took.
The authorisation is in ${documents}, for a month; the key that signed it lies beside that folder.

Next:
  npx contrechamp check ${clip} --config ${config} ${authority.join(" ")}
      what may run, what may not, why, and what would change it
  npx contrechamp profile list
      the laws that it knows, as data
  npx contrechamp journal verify ${journal} --html trace.html
      the same verification, as a page that explains it
A live camera needs more than a study: docs/operate/authorisations.md says what, and how to get it.`);

interface Footage {
  readonly clip: string;
  readonly config: string;
  /** The law that fits it. */
  readonly profile: string;
}

async function footage(): Promise<Footage> {
  const clip = await sampleClip(console.log);
  if (clip === null) return rendered();
  return { clip, config: join("examples", "campus.yml"), profile: "recording-study" };
}

/** No footage could be had: people drawn by the project itself, with the configuration that belongs to them. */
function rendered(): Footage {
  const scene = "plaza-busy";
  console.log(
    "  No real footage can be had here. Drawing a RENDERED scene instead: nobody in it is real, and how",
  );
  console.log("  often the analysis is right on it says nothing of how often it is right in the street.");
  const folder = join(cacheFolder(), "scenes");
  contrechamp("scene", "render", scene, "--out", folder);
  return {
    clip: join(folder, `${scene}.mp4`),
    config: join(folder, `${scene}.config.yml`),
    profile: "demonstration",
  };
}

/** Who answers for the study: whoever is at this machine. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a number that has no name.
    return "whoever ran this";
  }
}

/** Runs one command as a person would, and ends with its exit code should it fail. */
function contrechamp(...args: readonly string[]): void {
  contrechampEndingWith([EXIT.ok], ...args);
}

function contrechampEndingWith(codes: readonly number[], ...args: readonly string[]): void {
  const bin = join(root, "bin", "contrechamp");
  const run = spawnSync(process.execPath, [bin, ...args], { cwd: root, stdio: "inherit" });
  if (run.status === null || !codes.includes(run.status)) process.exit(run.status ?? EXIT.internal);
}
