import { execFile } from "node:child_process";
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { prepareScene } from "../../src/scenes/catalogue.ts";
import { writeScene } from "../../src/scenes/write.ts";
import { writeStudy } from "../support/authority.ts";
import { textsHeld } from "../support/heap.ts";
import { startWatch } from "../support/watch.ts";
import * as absence from "./absence.ts";

const run = promisify(execFile);
const SCRIPT = resolve(import.meta.dirname, "../support/camera-ids.ts");
/** When the last person has left the view, and when it is looked what is still known of them; stream time. */
const EMPTY_FROM = 29;
const LOOKED_AT = 38;
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

const folder = mkdtempSync(join(tmpdir(), "contrechamp-ids-"));
let config = "";
let video = "";
let camera = "";
let forgets: Ran;
let again: Ran;
let keeps: Ran;

interface Ran {
  readonly folder: string;
  readonly tracks: ReadonlySet<number>;
  readonly opened: ReadonlySet<string>;
  readonly closed: ReadonlySet<string>;
  /** The heap as text; numbers are in it as they are written in decimals. */
  readonly heap: string;
}

async function runOnce(name: string, manner: "forgets" | "keeps"): Promise<Ran> {
  const out = join(folder, name);
  mkdirSync(out);
  const args = ["--expose-gc", SCRIPT, out, manner, String(LOOKED_AT), config];
  const { stdout } = await run(process.execPath, args);
  expect(JSON.parse(stdout)).toMatchObject({ taken: true });
  const raw = readFileSync(join(out, "tracks.bin"));
  const tracks = new Set<number>();
  for (let at = 0; at < raw.length; at += 8) tracks.add(raw.readDoubleLE(at));
  const lines = readFileSync(join(out, "episodes.txt"), "utf8").trim().split("\n");
  const ids = (kind: string) =>
    new Set(lines.filter((line) => line.startsWith(kind)).map((line) => line.slice(kind.length + 1)));
  const snapshot = join(out, "heap.heapsnapshot");
  const heap = readFileSync(snapshot, "latin1");
  rmSync(snapshot);
  return { folder: join(out, "written"), tracks, opened: ids("raised"), closed: ids("closed"), heap };
}

beforeAll(async () => {
  const script = prepareScene("plaza-intrusion", 1, { seconds: 16, rate: 8, width: 480, height: 270 });
  // Everybody leaves, and the camera goes on: those whose way is longer are not there at all.
  const actors = script.actors.filter(({ path }) => (path.at(-1)?.at ?? 0) < EMPTY_FROM);
  ({ config, video } = writeScene({ ...script, actors, seconds: LOOKED_AT + 6 }, folder));
  camera = script.name;
  forgets = await runOnce("forgets", "forgets");
  again = await runOnce("again", "forgets");
  keeps = await runOnce("keeps", "keeps");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const found = (ids: Iterable<string | number>, text: string) =>
  [...ids].filter((id) => text.includes(String(id)));

describe("ids that tell one person or episode from another", () => {
  test("the runs had some, and were over before the heap was looked at", () => {
    for (const each of [forgets, again, keeps]) {
      expect(each.tracks.size).toBeGreaterThan(1);
      expect(each.closed.size).toBeGreaterThan(0);
      expect(each.closed).toEqual(each.opened);
      expect(each.heap.length).toBeGreaterThan(1_000_000);
    }
  });

  test("are gone from the heap some seconds after their episode, while the camera runs on", () => {
    for (const each of [forgets, again]) {
      expect(found(each.tracks, each.heap)).toEqual([]);
      // The run's own list of alerts is what its report is made of; nothing else knows an episode that is over.
      expect(textsHeld(each.heap, each.closed, { className: "RunBook", field: "#alerts" })).toEqual([]);
    }
  });

  test("would be seen there if something kept them", () => {
    expect(found(keeps.tracks, keeps.heap)).toEqual([...keeps.tracks]);
    expect(textsHeld(keeps.heap, keeps.closed, { className: "RunBook", field: "#alerts" })).toEqual([
      ...keeps.closed,
    ]);
    expect(textsHeld(forgets.heap, forgets.closed, { className: "RunBook", field: "#none" })).toEqual([
      ...forgets.closed,
    ]);
  });

  test("of tracks are nowhere on the disk, in whatever form", () => {
    for (const each of [forgets, again, keeps]) {
      const files = filesBelow(each.folder);
      expect(files.length).toBeGreaterThan(2);
      for (const file of files) {
        const bytes = readFileSync(file);
        const hits = [...each.tracks].filter((id) => forms(id).some((form) => bytes.includes(form)));
        expect(hits, file).toEqual([]);
        expect(
          forms([...each.tracks][0] ?? 0).every((form) => Buffer.concat([bytes, form]).includes(form)),
        ).toBe(true);
      }
    }
  });

  test("are others in each run on the same clip", () => {
    for (const [one, other] of [
      [forgets, again],
      [again, keeps],
      [forgets, keeps],
    ] as const) {
      expect([...one.tracks].filter((id) => other.tracks.has(id))).toEqual([]);
      expect([...one.opened].filter((id) => other.opened.has(id))).toEqual([]);
    }
  });
});

describe("two runs of `watch` on one clip", () => {
  test("share no id in anything that they write: names, alerts, evidence, journal, report", async () => {
    const options = await writeStudy(join(folder, "documents"), [video], { cameras: [camera] });
    const seen: ReadonlySet<string>[] = [];
    for (const name of ["first", "second"]) {
      const out = join(folder, `watch-${name}`);
      const watched = await startWatch(["--config", config, ...options], out).done;
      expect(watched.errors).not.toMatch(/may not run/);
      expect(watched.alerts.length).toBeGreaterThan(0);
      seen.push(uuidsBelow(out));
    }
    const [first, second] = seen;
    expect(first?.size).toBeGreaterThan(1);
    expect([...(first ?? [])].filter((id) => second?.has(id))).toEqual([]);
  });

  test("write no key of a person, a track or a rank: alerts, evidence, run, every payload of the journal", () => {
    const found: string[] = [];
    let read = 0;
    for (const file of filesBelow(join(folder, "watch-first")).filter((path) => /\.jsonl?$/.test(path))) {
      for (const value of jsonOf(file)) {
        read += 1;
        const keys = absence.refusedKeys(value, ["personal", "following", "ranking"]);
        found.push(...keys.map((key) => `${file}: ${key}`));
      }
    }
    expect(read).toBeGreaterThan(8);
    expect(found).toEqual([]);
    expect(absence.refusedKeys([{ a: { trackId: 1 } }, { gait: 0 }], ["personal", "following"])).toEqual([
      'key "trackId"',
      'key "gait"',
    ]);
  });
});

function jsonOf(file: string): readonly unknown[] {
  const text = readFileSync(file, "utf8");
  if (!file.endsWith(".jsonl")) return [JSON.parse(text)];
  return text.split("\n").flatMap((line) => (line.trim() === "" ? [] : [JSON.parse(line)]));
}

function filesBelow(path: string): string[] {
  return globSync("**/*", { cwd: path })
    .map((name) => join(path, name))
    .filter((file) => statSync(file).isFile());
}

function uuidsBelow(path: string): ReadonlySet<string> {
  const names = globSync("**/*", { cwd: path }).join("\n");
  const texts = filesBelow(path).map((file) => readFileSync(file, "latin1"));
  return new Set([names, ...texts].flatMap((text) => text.match(UUID) ?? []));
}

/** How a number may stand in a file: decimal, hexadecimal, as a double or an integer of 8 bytes. */
function forms(id: number): readonly Buffer[] {
  const double = Buffer.alloc(8);
  double.writeDoubleLE(id);
  const integer = Buffer.alloc(8);
  integer.writeBigInt64LE(BigInt(id));
  return [
    Buffer.from(String(id)),
    Buffer.from(id.toString(16)),
    double,
    Buffer.from(double).reverse(),
    integer,
    Buffer.from(integer).reverse(),
  ];
}
