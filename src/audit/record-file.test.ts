import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { auditRecord } from "../../test/support/audit-record.ts";
import { mayWrite, readRecord, writeRecord } from "./record-file.ts";

const folder = mkdtempSync(join(tmpdir(), "contrechamp-record-file-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
writeFileSync(join(folder, "full.json"), "{}");
writeFileSync(join(folder, "empty.json"), "");
mkdirSync(join(folder, "sub"));

describe("whether a result may be written", () => {
  const TABLE: readonly (readonly [string, string, boolean, string | null])[] = [
    ["nothing is there", "new.json", false, null],
    ["its folders are not there yet", "a/b/new.json", false, null],
    ["an empty file is there", "empty.json", false, null],
    ["a file is there", "full.json", false, "AUDIT_EXISTS"],
    ["a file is there, and may be overwritten", "full.json", true, null],
    ["a folder is there", "sub", false, "AUDIT_NOT_WRITTEN"],
    ["a folder is there, whatever may be overwritten", "sub", true, "AUDIT_NOT_WRITTEN"],
    ["a device is there", "/dev/null", true, "AUDIT_NOT_WRITTEN"],
    ["its folder is a file", "full.json/new.json", true, "AUDIT_NOT_WRITTEN"],
    ["a folder above it is a file", "full.json/a/new.json", false, "AUDIT_NOT_WRITTEN"],
    ["nobody may write there", "/proc/new.json", false, "AUDIT_NOT_WRITTEN"],
  ];
  // Whoever is root may write everywhere, as far as the system says beforehand.
  const table = TABLE.filter(([, path]) => path !== "/proc/new.json" || process.getuid?.() !== 0);
  it.each(table)("%s", async (_what, path, force, code) => {
    const asked = mayWrite(path.startsWith("/") ? path : join(folder, path), force);
    if (code === null) await asked;
    else await expect(asked).rejects.toMatchObject({ code });
    expect(readFileSync(join(folder, "full.json"), "utf8")).toBe("{}");
  });
});

describe("a record", () => {
  it("is read back as it was written, from its folder or by its name", async () => {
    const record = auditRecord([]);
    const file = await writeRecord(record, join(folder, "report"));
    expect(await readRecord(join(folder, "report"))).toEqual(record);
    expect(await readRecord(file)).toEqual(record);
  });

  it("of another version, or damaged, is refused with its line", async () => {
    const other = join(folder, "other.json");
    writeFileSync(other, '{\n "schema": "contrechamp/audit@2"}');
    await expect(readRecord(other)).rejects.toMatchObject({
      code: "AUDIT_INVALID",
      message: expect.stringContaining("other.json:2:2 schema: the format is"),
    });
    const record = { ...auditRecord([]), startedAt: "yesterday" };
    writeFileSync(other, JSON.stringify(record, null, 1));
    await expect(readRecord(other)).rejects.toMatchObject({ message: expect.stringContaining("startedAt") });
  });
});
