import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { cruise, type ICruiseResult } from "dependency-cruiser";
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from "vitest";
import { z } from "zod";
import { alertSchema, toAlert } from "../../src/alerts/alert.ts";
import type { Episode, EpisodeChange } from "../../src/alerts/episode.ts";
import { contestedWatch } from "../../src/audit/contested/contested-watch.ts";
import { inspectConfig } from "../../src/config/load.ts";
import { configSchema } from "../../src/config/schema.ts";
import type { AlertDesk } from "../../src/engine/alert-desk.ts";
import { EVENT_TYPES } from "../../src/event.ts";
import { authorisationSchema } from "../../src/policy/authorisation.ts";
import type { Authorised, Gate } from "../../src/policy/mint.ts";
import type { GateQuestion } from "../../src/policy/question.ts";
import { CONTESTED_KINDS, type ContestedRule, Flagging } from "../../src/rules/contested/contested-rule.ts";
import { contestedRules } from "../../src/rules/contested/registry.ts";
import type { Rule } from "../../src/rules/rule.ts";
import { observationsOf, VIEW, walker } from "../support/walkers.ts";

const root = resolve(import.meta.dirname, "../..");
const RECORDING = { ...VIEW, address: "clip.mp4", live: false };

describe("what a contested rule flags", () => {
  const flagging = new Flagging(0, 60, { x: 1, y: 2, width: 3, height: 4 });
  const context: Parameters<typeof toAlert>[1] = {
    cameraId: "camera",
    at: 0,
    streamTime: 0,
    footage: "recording",
    decisionRef: "0".repeat(64),
    authorisationId: null,
    model: { name: "an example", sha256: "0".repeat(64) },
    configSha256: "0".repeat(64),
    evidence: null,
    engineVersion: "0",
  };

  it("is of no type that the gate, the desk or an alert takes", () => {
    expectTypeOf<Flagging>().not.toExtend<Episode>();
    expectTypeOf<Flagging>().not.toExtend<EpisodeChange>();
    expectTypeOf<Flagging>().not.toExtend<Authorised<Episode>>();
    expectTypeOf<ContestedRule>().not.toExtend<Rule>();
    expectTypeOf<Episode>().not.toExtend<Flagging>();
    // Not even what has all its public fields is one.
    expectTypeOf<{ begin: number; end: number; box: Flagging["box"] }>().not.toExtend<Flagging>();

    const neverCalled = (gate: Gate, desk: AlertDesk, question: GateQuestion): unknown => [
      // @ts-expect-error the desk is told of episodes
      desk.tell([flagging], { pts: 0, wallClock: 0 }),
      // @ts-expect-error nor is a flagging an episode that opened
      desk.tell([{ kind: "opened", episode: flagging }], { pts: 0, wallClock: 0 }),
      // @ts-expect-error the gate authorises what has an id
      gate.authorise(flagging, question),
      // @ts-expect-error no alert is made of it
      toAlert({ kind: "opened", episode: flagging }, context),
      // @ts-expect-error what flags is no rule of the engine
      ((rule: ContestedRule): Rule => rule)(contestedRules({ ...VIEW, homography: null })[0]),
    ];
    expect(neverCalled).toBeTypeOf("function");
  });

  it("becomes no alert whatever its type is asserted to be", () => {
    const asserted = JSON.parse(JSON.stringify({ kind: "opened", episode: flagging }));
    expect(() => toAlert(asserted, context)).toThrow(expect.objectContaining({ code: "GATE_PASSED_BY" }));
    expect(() => toAlert({ kind: "opened", episode: Object(flagging) }, context)).toThrow(
      expect.objectContaining({ code: "GATE_PASSED_BY" }),
    );
    expect(Flagging.is(asserted.episode)).toBe(false);
    expect(Flagging.is(flagging)).toBe(true);
  });

  it("says when and where, and nothing that tells one person from another", () => {
    const watch = contestedWatch(RECORDING, null);
    const stands = walker({ from: { x: 200, y: 300 }, to: { x: 200, y: 300 }, takes: 65 });
    for (const observation of observationsOf([stands], 4, 65)) watch.observe(observation);
    watch.finish(65);
    const facts = watch.facts();
    const flagged = facts.flatMap(({ episodes }) => episodes);
    expect(flagged.length).toBeGreaterThan(0);
    for (const fact of facts) expect(Object.keys(fact)).toEqual(["kind", "setting", "episodes"]);
    for (const episode of flagged) {
      expect(Object.keys(episode)).toEqual(["begin", "end", "box"]);
      expect(Object.keys(episode.box)).toEqual(["x", "y", "width", "height"]);
    }
  });

  it("is never measured on a stream", () => {
    for (const address of ["rtsp://127.0.0.1/a", "/dev/video0"]) {
      expect(() => contestedWatch({ ...RECORDING, address, live: true }, null)).toThrow(
        expect.objectContaining({ code: "CONTESTED_STREAM" }),
      );
    }
  });
});

describe("no event is named like a contested rule", () => {
  const names = [...CONTESTED_KINDS, "loitering", "maraudage"];

  it("in the events of the law, the alert, the authorisation and the configuration", () => {
    for (const schema of [alertSchema, configSchema, authorisationSchema]) {
      const text = JSON.stringify(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }));
      expect(text).toContain('"zone_intrusion"');
      for (const name of names) expect(text).not.toContain(`"${name}"`);
    }
    for (const name of names) expect(EVENT_TYPES).not.toContain(name);
  });

  it.each(names)("a configuration with event: %s is refused, with line and column", (name) => {
    const { problems } = inspectConfig(configuration(name), "site.yml");
    expect(problems.map(({ code, message }) => `${code} ${message}`).join("\n")).toMatch(
      /site\.yml:7:\d+ cameras\[0\]\.rules\[0\]\.event/,
    );
    expect(problems.some(({ severity }) => severity === "error")).toBe(true);
  });

  it("which an event of the law is not", () => {
    const { problems } = inspectConfig(configuration("crowd_density, persons: 12"), "site.yml");
    expect(problems.filter(({ severity }) => severity === "error")).toEqual([]);
  });
});

function configuration(event: string): string {
  return `schema: contrechamp/config@1
site: An example
cameras:
  - id: camera
    source: clip.mp4
    rules:
      - { id: rule, event: ${event} }
`;
}

describe("import rules", () => {
  const folder = mkdtempSync(join(tmpdir(), "contrechamp-contested-"));
  let broken: readonly string[] = [];

  beforeAll(async () => {
    const files = {
      "src/rules/rule.ts": "export interface Observation { readonly at: number }",
      "src/rules/contested/running.ts":
        'import type { Observation } from "../rule.ts"; export const running = (o: Observation) => o.at;',
      "src/audit/contested/contested-watch.ts":
        'import { running } from "../../rules/contested/running.ts"; export const watch = running;',
      // Each of these would be a way from a flagging to somebody who is sent there.
      "src/alerts/alert.ts": "export const toAlert = (x: unknown) => x;",
      "src/engine/takes.ts":
        'import { running } from "../rules/contested/running.ts"; export const a = running;',
      "src/engine/takes-type.ts":
        'import type { running } from "../rules/contested/running.ts"; export type A = typeof running;',
      "src/rules/registry.ts":
        'export const load = async () => (await import("./contested/running.ts")).running;',
      "src/cli/takes.ts": 'export { running } from "../rules/contested/running.ts";',
      "src/audit/run.ts":
        'import { running } from "../rules/contested/running.ts"; export const b = running;',
      "src/rules/contested/alerts.ts":
        'import { toAlert } from "../../alerts/alert.ts"; export const c = toAlert(1);',
      "src/geometry/between.ts": 'import { toAlert } from "../alerts/alert.ts"; export const d = toAlert;',
      "src/rules/contested/round-about.ts":
        'import { d } from "../../geometry/between.ts"; export const e = d(1);',
      "src/rules/contested/writes.ts":
        'import { writeFile } from "node:fs/promises"; export const f = writeFile;',
      "src/audit/contested/alerts.ts":
        'import { toAlert } from "../../alerts/alert.ts"; export const g = toAlert(1);',
      "src/cli/watches.ts":
        'import { watch } from "../audit/contested/contested-watch.ts"; export const h = watch;',
      "src/cli/audit/contested.ts":
        'import { watch } from "../../audit/contested/contested-watch.ts"; export const i = watch;',
    };
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const { default: rules } = (await import(join(root, ".dependency-cruiser.mjs"))) as {
      default: { forbidden: { name: string }[] };
    };
    const { output } = await cruise(["src"], {
      baseDir: folder,
      ruleSet: { forbidden: rules.forbidden.filter(({ name }) => name.startsWith("contested-")) as [] },
      validate: true,
      tsPreCompilationDeps: true,
    });
    broken = (output as ICruiseResult).summary.violations.map(({ from, rule }) => `${from}: ${rule.name}`);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const ONLY_AUDIT = "contested-rules-only-in-the-audit-bench";
  it.each([
    ["src/engine/takes.ts", ONLY_AUDIT],
    ["src/engine/takes-type.ts", ONLY_AUDIT],
    ["src/rules/registry.ts", ONLY_AUDIT],
    ["src/cli/takes.ts", ONLY_AUDIT],
    ["src/audit/run.ts", ONLY_AUDIT],
    ["src/rules/contested/alerts.ts", "contested-rules-import-what-is-seen-alone"],
    ["src/rules/contested/alerts.ts", "contested-rules-reach-no-alert"],
    ["src/rules/contested/round-about.ts", "contested-rules-reach-no-alert"],
    ["src/rules/contested/writes.ts", "contested-rules-import-what-is-seen-alone"],
    ["src/audit/contested/alerts.ts", "contested-measurement-makes-no-alert"],
    ["src/cli/watches.ts", "contested-measurement-only-in-audit-commands"],
  ])("%s breaks %s", (file, rule) => {
    expect(broken).toContain(`${file}: ${rule}`);
  });

  it("and what is as it should be breaks none", () => {
    expect(
      broken.filter((line) =>
        /^src\/(rules\/contested\/running|(cli\/)?audit\/contested(\/contested-watch)?|rules\/rule)\.ts/.test(
          line,
        ),
      ),
    ).toEqual([]);
  });
});
