import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { writeCandidate } from "../evidence/approved-background.ts";
import { backgroundCommand } from "./background.ts";

const root = mkdtempSync(join(tmpdir(), "contrechamp-background-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let still = "";
let said = "";
beforeEach(async () => {
  still = join(mkdtempSync(join(root, "camera-")), "background.png");
  const picture = {
    width: 16,
    height: 16,
    data: new Uint8Array(3 * 256).fill(90),
    shownCells: new Uint8Array(4).fill(1),
    greyShare: 0.125,
  };
  await writeCandidate(still, picture, { cameraId: "gate", learntFrom: 0, learntTo: 600_000 });
  said = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    said += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

const run = (...words: string[]) =>
  backgroundCommand()
    .exitOverride()
    .parseAsync(["node", "background", ...words]);

describe("contrechamp background", () => {
  it("says what a still is and how to approve it", async () => {
    await run("show", still);
    expect(said).toContain("Camera gate, 16x16");
    expect(said).toContain("88 % of the view is known");
    expect(said).toContain("Not approved.");
    expect(said).toContain(`contrechamp background approve ${still} --by`);
  });

  it("writes down who approved it", async () => {
    await run("approve", still, "--by", "Ada Lovelace");
    expect(said).toContain("Approved for camera gate by Ada Lovelace");
    expect(existsSync(still.replace(".png", ".approval.json"))).toBe(true);
    said = "";
    await run("show", still);
    expect(said).toContain("Approved by Ada Lovelace");
  });

  it("prints JSON", async () => {
    await run("approve", still, "--by", "Ada", "--json");
    expect(JSON.parse(said)).toMatchObject({ path: still, approval: { cameraId: "gate", by: "Ada" } });
    said = "";
    await run("show", still, "--json");
    expect(JSON.parse(said)).toMatchObject({ record: { coverage: 0.875 }, approval: { by: "Ada" } });
  });

  it("lets no name steer the terminal", async () => {
    const record = still.replace(".png", ".json");
    writeFileSync(record, readFileSync(record, "utf8").replace('"gate"', '"ga\\u001b[2Jte\\u202e"'));
    await run("show", still);
    expect(said).toContain("Camera ga?[2Jte?");
  });

  it.each([
    ["of a picture that is not there", () => run("show", join(root, "none.png")), "BACKGROUND_UNREADABLE"],
    ["without a name", () => run("approve", still, "--by", " "), "APPROVER_MISSING"],
  ])("is refused %s", async (_, act, code) => {
    await expect(act()).rejects.toMatchObject({ code });
  });
});
