import { Command } from "commander";
import { missingVariables, redactAddress } from "../config/address.ts";
import type { Problem } from "../config/diagnostics.ts";
import { configSha256 } from "../config/hash.ts";
import { inspectConfig, readConfigFile } from "../config/load.ts";
import type { Config, RuleConfig } from "../config/schema.ts";
import { asCoded, type CodedError, EXIT, type ExitCode } from "../errors.ts";
import { Homography } from "../geometry/homography.ts";
import { checkModel, type ModelCheck } from "../models/models.ts";
import { BUILT_EVENTS } from "../rules/registry.ts";
import { formatDuration } from "../time/duration.ts";

/** What `check --json` prints. */
export interface CheckReport {
  readonly schema: "contrechamp/check@1";
  readonly file: string;
  /** No error: the file can be used. */
  readonly valid: boolean;
  /** Null where it cannot be used. */
  readonly configSha256: string | null;
  /** The network that it names, and whether it is here; null where the file cannot be used. */
  readonly model: CheckedModel | null;
  /** Empty where it cannot be used. */
  readonly cameras: readonly CheckedCamera[];
  readonly problems: readonly Problem[];
}

export interface CheckedModel {
  readonly name: string;
  /** `absent`: it is fetched when it is first needed. Null where the model cannot be used at all: see `error`. */
  readonly state: ModelCheck["state"] | null;
  readonly error: { readonly code: string; readonly message: string; readonly help: string } | null;
}

export interface CheckedCamera {
  readonly id: string;
  /** Without credentials. */
  readonly source: string;
  /** Environment variables that the source needs and that are not set here. */
  readonly missingVariables: readonly string[];
  /** Null without calibration. */
  readonly calibration: {
    readonly pairs: number;
    readonly residualMetres: number;
    readonly residualPixels: number;
  } | null;
  readonly zones: readonly {
    readonly id: string;
    readonly nature: string;
    /** Null where it is not known. */
    readonly areaM2: number | null;
  }[];
  readonly rules: readonly CheckedRule[];
}

export interface CheckedRule {
  readonly id: string;
  readonly event: string;
  readonly place: string;
  readonly after: string;
  /** Whether this version detects the event. */
  readonly built: boolean;
}

/** `contrechamp check --config F [--json]` */
export function checkCommand(): Command {
  return new Command("check")
    .description("Say what a configuration would run, what not, and why; nothing is opened or started")
    .requiredOption("-c, --config <file>", "the configuration to check")
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      `
Exit codes: 0 all of it would run; 1 it is valid, and there are warnings, or something it names
is missing or not built;
66 the file cannot be read; 78 it is wrong.`,
    )
    .action(async (options: { config: string; json?: boolean }) => {
      const report = await checkConfig(await readConfigFile(options.config), options.config, process.env);
      const text = options.json === true ? `${JSON.stringify(report, null, 2)}\n` : formatReport(report);
      process.stdout.write(text);
      process.exitCode = exitOf(report);
    });
}

/** Checks the text of a configuration. @param file its name; @param environment where variables are looked up */
export async function checkConfig(
  text: string,
  file: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<CheckReport> {
  const { config, problems } = inspectConfig(text, file);
  return {
    schema: "contrechamp/check@1",
    file,
    valid: config !== null,
    configSha256: config === null ? null : configSha256(config),
    model: config === null ? null : await checkedModel(config.engine.model),
    cameras: config === null ? [] : camerasOf(config, environment),
    problems,
  };
}

async function checkedModel(name: string): Promise<CheckedModel> {
  const plain = ({ code, message, help }: CodedError) => ({ code, message, help });
  try {
    const { manifest, state, error } = await checkModel(name);
    return { name: manifest.name, state, error: error === null ? null : plain(error) };
  } catch (thrown) {
    return { name, state: null, error: plain(asCoded(thrown)) };
  }
}

export function exitOf(report: CheckReport): ExitCode {
  if (!report.valid) return EXIT.config;
  const works = report.cameras.every(
    (camera) => camera.missingVariables.length === 0 && camera.rules.every((rule) => rule.built),
  );
  return works && report.model?.error == null && report.problems.length === 0 ? EXIT.ok : EXIT.partial;
}

/** The report for a person. */
export function formatReport(report: CheckReport): string {
  const lines: string[] = [];
  if (report.valid) {
    lines.push(`${report.file} can be used (SHA-256 ${report.configSha256})`);
  } else {
    lines.push(`${report.file} cannot be used`);
  }
  if (report.model !== null) lines.push(...formatModel(report.model));
  for (const camera of report.cameras) lines.push("", ...formatCamera(camera));
  const helped = new Set<string>();
  for (const severity of ["error", "warning"] as const) {
    for (const problem of report.problems.filter((found) => found.severity === severity)) {
      lines.push("", `${severity}: ${problem.message} (${problem.code})`);
      if (!helped.has(problem.code)) lines.push(`  ${problem.help}`);
      helped.add(problem.code);
    }
  }
  return `${lines.join("\n")}\n`;
}

function formatModel({ name, state, error }: CheckedModel): readonly string[] {
  if (error !== null) return [`model ${name}: ${error.message} (${error.code})`, `  ${error.help}`];
  if (state !== "absent") return [`model ${name}: ${state}`];
  return [
    `model ${name}: not here yet; it is fetched when it is first needed, or now: contrechamp models pull ${name}`,
  ];
}

function formatCamera(camera: CheckedCamera): readonly string[] {
  const lines = [`camera ${camera.id}: ${camera.source}`];
  for (const name of camera.missingVariables)
    lines.push(`  the environment variable ${name} is not set here`);
  if (camera.calibration !== null) {
    const { pairs, residualMetres, residualPixels } = camera.calibration;
    const residual = `${residualMetres.toFixed(2)} m (${residualPixels.toFixed(1)} px)`;
    lines.push(
      `  calibration: ${pairs} points, residual ${residual}${pairs === 4 ? ", as always with 4" : ""}`,
    );
  }
  for (const zone of camera.zones) {
    lines.push(
      `  zone ${zone.id}: ${zone.nature}${zone.areaM2 === null ? "" : `, ${zone.areaM2.toFixed(1)} m²`}`,
    );
  }
  if (camera.rules.length === 0)
    lines.push("  no rules: nothing will alert, only statistics of the whole view");
  for (const rule of camera.rules) {
    const what = `rule ${rule.id}: ${rule.event}, ${rule.place}, after ${rule.after}`;
    lines.push(
      `  ${what}${rule.built ? "" : ": THIS VERSION DOES NOT DETECT IT, and `watch` refuses to start with it"}`,
    );
  }
  return lines;
}

function camerasOf(
  config: Config,
  environment: Readonly<Record<string, string | undefined>>,
): readonly CheckedCamera[] {
  return config.cameras.map((camera) => {
    const ground = camera.calibration.length === 0 ? null : new Homography(camera.calibration);
    return {
      id: camera.id,
      source: redactAddress(camera.source),
      missingVariables: missingVariables(camera.source, environment),
      calibration:
        ground === null
          ? null
          : {
              pairs: camera.calibration.length,
              residualMetres: ground.residualMetres,
              residualPixels: ground.residualPixels,
            },
      zones: camera.zones.map((zone) => ({
        id: zone.id,
        nature: zone.nature,
        areaM2: ground?.groundArea(zone.polygon) ?? null,
      })),
      rules: camera.rules.map(checkedRule),
    };
  });
}

function checkedRule(rule: RuleConfig): CheckedRule {
  const line = "line" in rule ? rule.line : undefined;
  const place =
    rule.zone !== undefined ? `zone ${rule.zone}` : line !== undefined ? `line ${line}` : "whole view";
  return {
    id: rule.id,
    event: rule.event,
    place,
    after: formatDuration(rule.after),
    built: BUILT_EVENTS.some((event) => event === rule.event),
  };
}
