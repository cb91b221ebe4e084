import { missingVariables, redactAddress } from "../config/address.ts";
import type { Problem } from "../config/diagnostics.ts";
import { configSha256 } from "../config/hash.ts";
import { inspectConfig } from "../config/load.ts";
import { ownModels } from "../config/own-model.ts";
import type { Config, RuleConfig } from "../config/schema.ts";
import { asCoded, type CodedError } from "../errors.ts";
import { Homography } from "../geometry/homography.ts";
import { checkModel } from "../models/models.ts";
import { slotManifest } from "../models/slot-models.ts";
import { formatDuration } from "../time/duration.ts";
import type {
  CheckedCamera,
  CheckedError,
  CheckedModel,
  CheckedRule,
  CheckedSlot,
  CheckReport,
} from "./check-report.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Checks the text of a configuration by itself. @param file its name; @param environment where variables are looked up */
export async function checkConfig(
  text: string,
  file: string,
  environment: Environment,
): Promise<CheckReport> {
  const { config, problems } = inspectConfig(text, file);
  return reportOf(config, problems, file, environment);
}

/** What is to be said of a configuration as it would run. @param config null where it cannot be used */
export async function reportOf(
  config: Config | null,
  problems: readonly Problem[],
  file: string,
  environment: Environment,
): Promise<CheckReport> {
  return {
    schema: "contrechamp/check@1",
    file,
    valid: config !== null,
    configSha256: config === null ? null : configSha256(config),
    model: config === null ? null : await checkedModel(config.engine.model),
    slots: config === null ? [] : await checkedSlots(config),
    cameras: config === null ? [] : camerasOf(config, environment),
    problems: [...problems],
    gate: null,
  };
}

/** An error as the report has it. */
export function plainError({ code, message, help }: CodedError): CheckedError {
  return { code, message, help };
}

async function checkedModel(name: string): Promise<CheckedModel> {
  try {
    const { manifest, state, error } = await checkModel(name);
    return { name: manifest.name, state, error: error === null ? null : plainError(error) };
  } catch (thrown) {
    return { name, state: null, error: plainError(asCoded(thrown)) };
  }
}

/** Each network that a rule names for itself: it must be for that event, too. */
async function checkedSlots({ cameras }: Config): Promise<CheckedSlot[]> {
  return Promise.all(
    ownModels(cameras.flatMap(({ rules }) => rules)).map(async (own) => {
      try {
        await slotManifest(own);
        return { ...(await checkedModel(own.manifest)), ...own };
      } catch (thrown) {
        return { name: own.manifest, state: null, error: plainError(asCoded(thrown)), ...own };
      }
    }),
  );
}

function camerasOf(config: Config, environment: Environment): CheckedCamera[] {
  return config.cameras.map((camera) => {
    const ground = camera.calibration.length === 0 ? null : new Homography(camera.calibration);
    return {
      id: camera.id,
      source: redactAddress(camera.source),
      missingVariables: [...missingVariables(camera.source, environment)],
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
  };
}
