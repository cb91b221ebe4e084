import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { exitOf } from "./check.ts";
import { checkConfig } from "./check-configuration.ts";
import { formatReport } from "./check-text.ts";

const CALIBRATION =
  "calibration: [{ px: [212, 690], m: [0, 0] }, { px: [1100, 684], m: [8, 0] }, { px: [842, 236], m: [8, 24] }, { px: [438, 238], m: [0, 24] }, { px: [640, 460], m: [4, 5] }]";
const text = (keys: string, source = "/clips/a.mp4") =>
  `schema: contrechamp/config@1\ncameras:\n  - { id: gate, source: "${source}", ${keys} }\n`;
const ZONE =
  "zones: [{ id: hall, nature: forbidden, polygon: [[212, 690], [1100, 684], [842, 236], [438, 238]] }]";
const RULE = "rules: [{ id: r, event: zone_intrusion, zone: hall, after: 90s }]";

describe("check", () => {
  test("says what would run", async () => {
    const report = await checkConfig(text(`${ZONE}, ${RULE}`), "/etc/site.yml", {});
    expect(exitOf(report)).toBe(0);
    expect(formatReport(report).split("\n").slice(1)).toEqual([
      expect.stringMatching(/^model mb3-centernet: /),
      "",
      "camera gate: /clips/a.mp4",
      "  zone hall: forbidden",
      "  rule r: zone_intrusion, zone hall, after 90s",
      "",
    ]);
    expect(report.configSha256).toMatch(/^[0-9a-f]{64}$/);
  });

  test("says whether the model is here", async () => {
    const folder = mkdtempSync(join(tmpdir(), "contrechamp-check-"));
    vi.stubEnv("CONTRECHAMP_MODELS", folder);
    try {
      const report = await checkConfig(text(`${ZONE}, ${RULE}`), "site.yml", {});
      expect(report.model).toEqual({ name: "mb3-centernet", state: "absent", error: null });
      // It can be fetched, so it is no fault.
      expect(exitOf(report)).toBe(0);
      expect(formatReport(report)).toContain("contrechamp models pull mb3-centernet");

      const unknown = await checkConfig(`${text("rules: []")}engine: { model: nosuch }\n`, "site.yml", {});
      expect(unknown.model?.error?.code).toBe("MODEL_UNKNOWN");
      expect(exitOf(unknown)).toBe(1);
    } finally {
      vi.unstubAllEnvs();
      rmSync(folder, { recursive: true });
    }
  });

  test("gives the calibration's residual in metres, and areas on the ground", async () => {
    const report = await checkConfig(
      text(`${CALIBRATION}, calibrationTolerance: 5m, ${ZONE}`),
      "site.yml",
      {},
    );
    expect(exitOf(report)).toBe(0);
    const [camera] = report.cameras;
    expect(camera?.calibration?.pairs).toBe(5);
    expect(camera?.calibration?.residualMetres).toBeGreaterThan(0.05);
    expect(camera?.zones[0]?.areaM2).toBeGreaterThan(150);
    expect(camera?.zones[0]?.areaM2).toBeLessThan(250);
    const residual = camera?.calibration?.residualMetres.toFixed(2);
    expect(formatReport(report)).toContain(`calibration: 5 points, residual ${residual} m (`);
  });

  test("says that a camera without rules alerts of nothing", async () => {
    const report = await checkConfig(text("transport: tcp"), "site.yml", {});
    expect(exitOf(report)).toBe(0);
    expect(formatReport(report)).toContain("no rules: nothing will alert");
  });

  test("says what would not run, and why", async () => {
    const armed = await checkConfig(text("rules: [{ id: f, event: weapon }]"), "site.yml", {});
    expect(exitOf(armed)).toBe(78);
    expect(formatReport(armed)).toContain("weapon needs a model of your own");

    const line = "picture: [640, 480], lines: [{ id: edge, from: [0, 480], to: [640, 480] }]";
    const blind = await checkConfig(text(line), "site.yml", {});
    expect(exitOf(blind)).toBe(1);
    expect(formatReport(blind)).toMatch(
      /warning: site.yml:3:\d+ cameras\[0\]\.lines\[0\]: the line edge can never be crossed/,
    );
  });

  test("names variables that are not set, and shows no password", async () => {
    const address = `rtsp://admin:\${GATE_PASSWORD}@cam/`;
    const without = await checkConfig(text("transport: tcp", address), "site.yml", {});
    expect(exitOf(without)).toBe(1);
    expect(formatReport(without)).toContain("the environment variable GATE_PASSWORD is not set here");
    const set = await checkConfig(text("transport: tcp", address), "site.yml", { GATE_PASSWORD: "hunter2" });
    expect(set.cameras[0]?.missingVariables).toEqual([]);
    expect(JSON.stringify(set)).not.toContain("hunter2");

    const written = await checkConfig(text("transport: tcp", "rtsp://admin:hunter2@cam/"), "site.yml", {});
    expect(exitOf(written)).toBe(1);
    expect(JSON.stringify(written) + formatReport(written)).not.toContain("hunter2");
  });

  test("lists every error, each help once", async () => {
    const report = await checkConfig(text("zone: [], lines: 5, rules: 6"), "site.yml", {});
    expect(report).toMatchObject({ valid: false, configSha256: null, cameras: [] });
    expect(exitOf(report)).toBe(78);
    const page = formatReport(report);
    expect(page).toContain("site.yml cannot be used");
    expect(page.match(/^error: /gm)).toHaveLength(3);
    expect(page.match(/Correct the value\./g)).toHaveLength(1);
  });
});
