import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { auditRecord, clipFact, matchedRule } from "../../../test/support/audit-record.ts";
import { comparisonSchema } from "../../audit/compare/comparison-schema.ts";
import { writeRecord } from "../../audit/record-file.ts";
import { compareCommand } from "./compare.ts";
import { tracksCommand } from "./tracks.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "contrechamp-compare-"));
  const record = (hits: number, id = "gate") =>
    auditRecord([clipFact(id, { rules: [matchedRule("wrong_way", { references: 27, hits })] })]);
  await writeRecord(record(21), join(folder, "a"));
  await writeRecord(record(25), join(folder, "b"));
  await writeRecord(record(25, "square"), join(folder, "other"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function run(command: Command, ...words: readonly string[]): Promise<string> {
  let out = "";
  const stdout = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    out += String(text);
    return true;
  });
  const stderr = vi.spyOn(process.stderr, "write").mockImplementation(() => true);
  const program = new Command("contrechamp").addCommand(command.exitOverride());
  await program.parseAsync([command.name(), ...words], { from: "user" }).finally(() => {
    stdout.mockRestore();
    stderr.mockRestore();
  });
  return out;
}

describe("audit compare", () => {
  const at = (name: string) => join(folder, name);

  test("prints the answer, in the language that is asked for", async () => {
    expect(await run(compareCommand(), at("a"), at("b"), "--lang", "en")).toContain("B finds 4 more of 27");
    expect(await run(compareCommand(), at("a"), join(at("b"), "audit.json"), "--lang", "fr")).toContain(
      "B en trouve 4 de plus sur 27",
    );
  });

  test("--json has every figure and every moment", async () => {
    const comparison = JSON.parse(await run(compareCommand(), at("a"), at("b"), "--json"));
    expect(comparison).toMatchObject({
      schema: "contrechamp/comparison@1",
      events: [{ event: "wrong_way", found: { both: 21, onlyA: 0, onlyB: 4, neither: 2 } }],
    });
    expect(comparison.events[0].onlyB).toHaveLength(4);
    expect(comparisonSchema.parse(comparison)).toEqual(comparison);
  });

  test("--html writes a page, and overwrites none without --force", async () => {
    const file = at("page.html");
    await writeFile(file, "");
    await run(compareCommand(), at("a"), at("b"), "--html", file);
    const page = await readFile(file, "utf8");
    expect(page).toContain("<!doctype html>");
    await writeFile(file, "mine");
    await expect(run(compareCommand(), at("a"), at("b"), "--html", file)).rejects.toMatchObject({
      code: "AUDIT_EXISTS",
    });
    expect(await readFile(file, "utf8")).toBe("mine");
    await run(compareCommand(), at("a"), at("b"), "--html", file, "--force");
    expect(await readFile(file, "utf8")).toBe(page);
  });

  test.each([
    ["other", "COMPARE_DIFFERENT"],
    ["absent", "AUDIT_UNREADABLE"],
  ])("%s is refused: %s", async (name, code) => {
    await expect(run(compareCommand(), at("a"), at(name))).rejects.toMatchObject({ code });
  });
});

describe("audit tracks", () => {
  const walk = (frames: number, tail = "1,1,1") =>
    Array.from({ length: frames }, (_, index) => `${index + 1},1,${4 * index},50,30,60,${tail}\n`).join("");

  test("prints figures of any tracker's file", async () => {
    const [reference, system] = [join(folder, "gt.txt"), join(folder, "out.txt")];
    await writeFile(reference, walk(10));
    await writeFile(system, walk(8));
    const files = ["--reference", reference, "--system", system];
    const scores = JSON.parse(await run(tracksCommand(), ...files, "--json"));
    // 8 of 10 boxes, all of one track: MOTA 0.8; IDF1 16 of 18; DetA and AssA 0.8.
    expect(scores).toMatchObject({
      schema: "contrechamp/tracking-scores@1",
      benchmark: null,
      mota: 0.8,
      misses: 2,
    });
    expect(scores.idf1).toBeCloseTo(16 / 18, 12);
    expect(scores.hota).toBeCloseTo(0.8, 12);
    expect(await run(tracksCommand(), ...files, "--lang", "en")).toMatch(/HOTA +0\.8000\n.*DetA\) +0\.8000/);
    expect(await run(tracksCommand(), ...files, "--lang", "fr")).toMatch(/MOTA +0,8000 +0,8000/);
    expect(JSON.parse(await run(tracksCommand(), ...files, "--benchmark", "mot17", "--json")).benchmark).toBe(
      "mot17",
    );
    await writeFile(system, "1,1,0,0,-5,60\n");
    await expect(run(tracksCommand(), ...files)).rejects.toMatchObject({
      code: "AUDIT_INVALID",
      message: expect.stringContaining("out.txt:1: width is -5"),
    });
  });
});
