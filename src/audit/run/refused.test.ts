import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { writeClip } from "../../../test/support/clip.ts";
import { defaultConfig } from "../../config/load.ts";
import { systemClock } from "../../time/clock.ts";
import { loadSuite } from "../suite.ts";
import { runSuite } from "./run-suite.ts";

const folder = mkdtempSync(join(tmpdir(), "contrechamp-refused-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const EIGHT_DAYS_MS = 8 * 24 * 3600 * 1000;

describe("a measurement whose authorisation has ended", () => {
  it("scores nothing that the gate did not let it look at, and says so", async () => {
    writeClip({ path: join(folder, "clip.mp4"), format: "mp4", frames: 10, rate: 10 });
    writeFileSync(join(folder, "none.json"), '{"schema": "contrechamp/reference@1", "events": []}');
    const suite = join(folder, "suite.yml");
    writeFileSync(
      suite,
      `schema: contrechamp/suite@1
name: late
clips:
  - { id: one, video: clip.mp4, reference: none.json, camera: { rules: [{ id: all, event: crowd_density, persons: 10 }] } }
`,
    );
    const { record, forget } = await runSuite(await loadSuite(suite), {
      engine: defaultConfig([]).engine,
      alignment: "instant",
      recallBias: 1,
      jobs: 1,
      contested: false,
      folder: null,
      fresh: true,
      by: "a test",
      command: "a test",
      // It is written for a week, of which a day too many is over where the clip is analysed.
      clock: { ...systemClock, now: () => systemClock.now() - EIGHT_DAYS_MS },
      signal: new AbortController().signal,
      onProgress: () => undefined,
    });
    await forget();
    expect(record.clips[0]).toMatchObject({ seconds: 0, fault: { code: "AUDIT_REFUSED" } });
    expect(record.clips[0]?.fault?.message).toContain("expired");
  });
});
