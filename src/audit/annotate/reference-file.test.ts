import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { ReferenceFile } from "./reference-file.ts";

const folder = mkdtempSync(join(tmpdir(), "contrechamp-reference-file-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ALONE = { rules: null, duration: null };
const fire = { event: "fire", begin: 1, end: 2 };
let number = 0;
const place = (content?: unknown): string => {
  const path = join(folder, `${++number}.json`);
  if (content !== undefined)
    writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
};
const read = (path: string) => JSON.parse(readFileSync(path, "utf8"));

describe("opening", () => {
  test("nothing is written before something is marked", async () => {
    const path = place();
    const file = await ReferenceFile.open(path, ALONE);
    expect(file.current).toEqual({ revision: 1, reference: { events: [] }, problems: [] });
    expect(existsSync(path)).toBe(false);
    await file.save(1, { events: [fire] });
    expect(read(path)).toEqual({ schema: "contrechamp/reference@1", events: [fire] });
  });

  test("an empty file is as none", async () => {
    const path = place("\n");
    await (await ReferenceFile.open(path, ALONE)).save(1, { events: [fire] });
    expect(read(path).events).toEqual([fire]);
  });

  test.each([
    ["no reference at all", { schema: "contrechamp/suite@1", clips: [] }, "AUDIT_INVALID"],
    [
      "a fault",
      { schema: "contrechamp/reference@1", events: [{ event: "Fire", begin: 1, end: 2 }] },
      "AUDIT_INVALID",
    ],
    ["broken JSON", '{"schema": ', "AUDIT_INVALID"],
    [
      "YAML, whose comments would be lost",
      "schema: contrechamp/reference@1\nevents: [] # none\n",
      "ANNOTATE_NOT_JSON",
    ],
  ])("%s is refused, and stays as it is", async (_name, content, code) => {
    const path = place(content);
    const before = readFileSync(path, "utf8");
    await expect(ReferenceFile.open(path, ALONE)).rejects.toMatchObject({ code });
    expect(readFileSync(path, "utf8")).toBe(before);
  });

  test("what the audit would refuse is said, and can be opened to be mended", async () => {
    const twice = [{ ...fire, begin: 0 }, fire];
    const path = place({ schema: "contrechamp/reference@1", events: twice });
    const file = await ReferenceFile.open(path, { rules: new Map([["smoke", "fire"]]), duration: 60 });
    expect(file.current.problems.join("\n")).toMatch(/names no rule[\s\S]*overlaps/);
    const mended = await file.save(1, { events: [{ ...fire, rule: "smoke" }] });
    expect(mended).toMatchObject({ kind: "saved", problems: [] });
  });
});

describe("saving", () => {
  test("keys that are not annotated stay; counts come and go", async () => {
    const tracks = { format: "mot", file: "a.txt" };
    const path = place({ schema: "contrechamp/reference@1", note: "n", by: { team: 2 }, events: [], tracks });
    const file = await ReferenceFile.open(path, ALONE);
    const counts = { rule: "hall", everySeconds: 5, values: [1] };
    await file.save(1, { events: [fire], counts });
    expect(read(path)).toEqual({
      schema: "contrechamp/reference@1",
      note: "n",
      by: { team: 2 },
      events: [fire],
      counts,
      tracks,
    });
    await file.save(2, { events: [fire] });
    expect(read(path)).not.toHaveProperty("counts");
  });

  test("an older revision is told what there is, and changes nothing", async () => {
    const path = place();
    const file = await ReferenceFile.open(path, ALONE);
    const results = await Promise.all([
      file.save(1, { events: [fire] }),
      file.save(1, { events: [] }),
      file.save(1, { events: [] }),
    ]);
    expect(results.map(({ kind, revision }) => [kind, revision])).toEqual([
      ["saved", 2],
      ["conflict", 2],
      ["conflict", 2],
    ]);
    expect(results[1]).toMatchObject({ reference: { events: [fire] } });
    expect(read(path).events).toEqual([fire]);
  });

  test("so is who writes over another program's change", async () => {
    const path = place();
    const file = await ReferenceFile.open(path, ALONE);
    const others = { schema: "contrechamp/reference@1", events: [{ ...fire, end: 9 }], by: "another" };
    writeFileSync(path, JSON.stringify(others));
    const result = await file.save(1, { events: [fire] });
    expect(result).toMatchObject({ kind: "conflict", reference: { events: others.events } });
    expect(read(path)).toEqual(others);
    await file.save(result.revision, { events: [fire] });
    expect(read(path)).toEqual({ ...others, events: [fire] });
  });

  test("what another program broke is not overwritten", async () => {
    const path = place();
    const file = await ReferenceFile.open(path, ALONE);
    writeFileSync(path, "{");
    await expect(file.save(1, { events: [fire] })).rejects.toMatchObject({ code: "AUDIT_INVALID" });
    expect(readFileSync(path, "utf8")).toBe("{");
  });

  test.each([
    ["nothing", null],
    ["no events", {}],
    ["an event without an end", { events: [{ event: "fire", begin: 1 }] }],
    ["a field of a person", { events: [{ ...fire, height: 1.8 }] }],
    ["too long a note", { events: [{ ...fire, note: "x".repeat(2001) }] }],
  ])("%s is refused, and the file stays", async (_name, part) => {
    const path = place({ schema: "contrechamp/reference@1", events: [fire] });
    const file = await ReferenceFile.open(path, ALONE);
    await expect(file.save(1, part)).rejects.toMatchObject({ code: "AUDIT_INVALID" });
    expect(read(path).events).toEqual([fire]);
  });

  test("through a link the file behind it is written", async () => {
    const target = place({ schema: "contrechamp/reference@1", events: [] });
    const link = place();
    symlinkSync(target, link);
    await (await ReferenceFile.open(link, ALONE)).save(1, { events: [fire] });
    expect(readlinkSync(link)).toBe(target);
    expect(read(target).events).toEqual([fire]);
  });

  test("through a link to where nothing is yet, the file is made there", async () => {
    const target = place();
    const [between, link] = [place(), place()];
    symlinkSync(basename(target), between);
    symlinkSync(between, link);
    await (await ReferenceFile.open(link, ALONE)).save(1, { events: [fire] });
    expect(readlinkSync(link)).toBe(between);
    expect(read(target).events).toEqual([fire]);
  });

  test("links in a circle are refused", async () => {
    const [one, other] = [place(), place()];
    symlinkSync(one, other);
    symlinkSync(other, one);
    await expect(ReferenceFile.open(one, ALONE)).rejects.toMatchObject({ code: "AUDIT_UNREADABLE" });
  });

  test("a folder that is gone is said with a code", async () => {
    const path = join(place("x"), "below", "r.json");
    const open = ReferenceFile.open(path, ALONE);
    await expect(open).rejects.toMatchObject({ code: "AUDIT_UNREADABLE" });
  });
});
