import { describe, expect, test } from "vitest";
import { checkConfig, exitOf, formatReport } from "./check.ts";

const CALIBRATION =
  "calibration: [{ px: [212, 690], m: [0, 0] }, { px: [1100, 684], m: [8, 0] }, { px: [842, 236], m: [8, 24] }, { px: [438, 238], m: [0, 24] }, { px: [640, 460], m: [4, 5] }]";
const text = (keys: string, source = "/clips/a.mp4") =>
  `schema: contrechamp/config@1\ncameras:\n  - { id: gate, source: "${source}", ${keys} }\n`;
const ZONE =
  "zones: [{ id: hall, nature: forbidden, polygon: [[212, 690], [1100, 684], [842, 236], [438, 238]] }]";
const RULE = "rules: [{ id: r, event: zone_intrusion, zone: hall, after: 90s }]";

describe("check", () => {
  test("says what would run", () => {
    const report = checkConfig(text(`${ZONE}, ${RULE}`), "/etc/site.yml", {});
    expect(exitOf(report)).toBe(0);
    expect(formatReport(report).split("\n").slice(1)).toEqual([
      "",
      "camera gate: /clips/a.mp4",
      "  zone hall: forbidden",
      "  rule r: zone_intrusion, zone hall, after 90s",
      "",
    ]);
    expect(report.configSha256).toMatch(/^[0-9a-f]{64}$/);
  });

  test("gives the calibration's residual in metres, and areas on the ground", () => {
    const report = checkConfig(text(`${CALIBRATION}, calibrationTolerance: 5m, ${ZONE}`), "site.yml", {});
    expect(exitOf(report)).toBe(0);
    const [camera] = report.cameras;
    expect(camera?.calibration?.pairs).toBe(5);
    expect(camera?.calibration?.residualMetres).toBeGreaterThan(0.05);
    expect(camera?.zones[0]?.areaM2).toBeGreaterThan(150);
    expect(camera?.zones[0]?.areaM2).toBeLessThan(250);
    const residual = camera?.calibration?.residualMetres.toFixed(2);
    expect(formatReport(report)).toContain(`calibration: 5 points, residual ${residual} m (`);
  });

  test("says that a camera without rules alerts of nothing", () => {
    const report = checkConfig(text("transport: tcp"), "site.yml", {});
    expect(exitOf(report)).toBe(0);
    expect(formatReport(report)).toContain("no rules: nothing will alert");
  });

  test("says what would not run, and why", () => {
    const fire = checkConfig(text("rules: [{ id: f, event: weapon }]"), "site.yml", {});
    expect(exitOf(fire)).toBe(1);
    expect(formatReport(fire)).toContain("rule f: weapon, whole view, after 1s: WILL NOT RUN");

    const line = "picture: [640, 480], lines: [{ id: edge, from: [0, 480], to: [640, 480] }]";
    const blind = checkConfig(text(line), "site.yml", {});
    expect(exitOf(blind)).toBe(1);
    expect(formatReport(blind)).toMatch(
      /warning: site.yml:3:\d+ cameras\[0\]\.lines\[0\]: the line edge can never be crossed/,
    );
  });

  test("names variables that are not set, and shows no password", () => {
    const address = `rtsp://admin:\${GATE_PASSWORD}@cam/`;
    const without = checkConfig(text("transport: tcp", address), "site.yml", {});
    expect(exitOf(without)).toBe(1);
    expect(formatReport(without)).toContain("the environment variable GATE_PASSWORD is not set here");
    const set = checkConfig(text("transport: tcp", address), "site.yml", { GATE_PASSWORD: "hunter2" });
    expect(set.cameras[0]?.missingVariables).toEqual([]);
    expect(JSON.stringify(set)).not.toContain("hunter2");

    const written = checkConfig(text("transport: tcp", "rtsp://admin:hunter2@cam/"), "site.yml", {});
    expect(exitOf(written)).toBe(1);
    expect(JSON.stringify(written) + formatReport(written)).not.toContain("hunter2");
  });

  test("lists every error, each help once", () => {
    const report = checkConfig(text("zone: [], lines: 5, rules: 6"), "site.yml", {});
    expect(report).toMatchObject({ valid: false, configSha256: null, cameras: [] });
    expect(exitOf(report)).toBe(78);
    const page = formatReport(report);
    expect(page).toContain("site.yml cannot be used");
    expect(page.match(/^error: /gm)).toHaveLength(3);
    expect(page.match(/Correct the value\./g)).toHaveLength(1);
  });
});
