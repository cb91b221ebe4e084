import { dirname, resolve } from "node:path";
import { canonicalize } from "json-canonicalize";
import { inFileOrder, type Problem } from "../../config/diagnostics.ts";
import { defaultConfig, loadConfig } from "../../config/load.ts";
import type { EngineConfig } from "../../config/schema.ts";
import { engineVersion } from "../../engine/version.ts";
import type { EventType } from "../../event.ts";
import { loadManifest } from "../../models/manifest.ts";
import { invalidFile } from "../load-reference.ts";
import { settingsSha256 } from "../run/settings-hash.ts";
import { loadSuite, type Suite } from "../suite.ts";
import type { Pinned } from "./fixed-thresholds.ts";
import { eventsNeeded, hoursNeeded } from "./judge.ts";
import { type EventThresholds, eventsOf, type Thresholds, type ThresholdsFile } from "./thresholds.ts";

/** What an event will have to show, and whether the suite holds enough to show it. */
export interface Outlook {
  readonly event: EventType;
  readonly demanded: EventThresholds;
  /** Events without a miss that recall takes, and without a false alarm that precision takes. */
  readonly eventsForRecall: number;
  readonly eventsForPrecision: number;
  /** Camera-hours without a false alarm; null where they are not judged. */
  readonly hoursForFalseAlarms: number | null;
  /** Events in the suite; null where it is not here. */
  readonly inSuite: number | null;
  /** Camera-hours in the suite; null where it is not here or a recording does not say its length. */
  readonly hoursInSuite: number | null;
  /** Whether a system without any fault could pass; null where the suite is not here. */
  readonly reachable: boolean | null;
}

export interface Pinning {
  readonly pinned: Pinned;
  /** Null where the thresholds name its seal alone. */
  readonly suite: Suite | null;
  /** The settings to run with; null where they are named by their hash alone. */
  readonly engine: EngineConfig | null;
  readonly outlook: readonly Outlook[];
}

/**
 * Works out what thresholds stand for: the seal of their suite, the hashes of model and settings, the engine's version.
 * @param suitePath of the suite, where it does not lie where the thresholds say
 * @throws AUDIT_INVALID where what is there is not what the file says, or the suite does not look for an event;
 * what `loadSuite` and `loadManifest` throw
 */
export async function pin(source: ThresholdsFile, suitePath?: string): Promise<Pinning> {
  const { thresholds, file } = source;
  const problems: Problem[] = [];
  const suite = await suiteOf(source, suitePath);
  const seal = suite?.sha256 ?? thresholds.suite.sha256 ?? "";
  const name = suite?.name ?? thresholds.suite.name ?? "";
  const stated = thresholds.suite;
  if (stated.sha256 !== undefined && stated.sha256 !== seal) {
    problems.push(source.wrongAt(["suite", "sha256"], `the suite that is there has the seal ${seal}`));
  }
  if (stated.name !== undefined && stated.name !== name) {
    problems.push(source.wrongAt(["suite", "name"], `the suite that is there calls itself ${name}`));
  }
  const { modelSha256, configSha256, engine } = await systemOf(source, problems);
  for (const [event] of eventsOf(thresholds)) {
    const watched = suite?.clips.some(({ view }) => view.rules.some((rule) => rule.event === event)) ?? true;
    if (!watched) problems.push(source.wrongAt(["events", event], "no rule of the suite looks for it"));
  }
  if (problems.length > 0) throw invalidFile(file, inFileOrder(problems));
  return {
    suite,
    engine,
    outlook: eventsOf(thresholds).map(([event, demanded]) =>
      outlookOf(event, demanded, thresholds.confidence, suite),
    ),
    pinned: {
      action: "fixed",
      id: thresholds.id,
      thresholdsSha256: source.sha256,
      thresholds: plainJson(thresholds),
      suite: { name, sha256: seal },
      modelSha256,
      ...(suite === null || suite.slots.length === 0
        ? {}
        : { slots: Object.fromEntries(suite.slots.map((slot) => [slot.event, slot.sha256])) }),
      engineVersion: thresholds.engine.version ?? engineVersion(),
      configSha256,
    },
  };
}

/** The suite that thresholds mean; null where they name its seal alone and no path is given. */
export async function suiteOf(
  { thresholds: { suite }, file }: ThresholdsFile,
  suitePath?: string,
): Promise<Suite | null> {
  const path = suitePath ?? (suite.path === undefined ? null : resolve(dirname(file), suite.path));
  return path === null ? null : loadSuite(path);
}

/** The model and the settings that are to run; nulls where the file names them by hash alone. */
async function systemOf(
  source: ThresholdsFile,
  problems: Problem[],
): Promise<Pick<Pinned, "modelSha256" | "configSha256"> & { readonly engine: EngineConfig | null }> {
  const { model, engine: stated } = source.thresholds;
  const inFolder = (path: string) => resolve(dirname(source.file), path);
  if (model.name === undefined) {
    if (stated.configSha256 === undefined || stated.config !== undefined) {
      const what = "without the model's name, engine.configSha256 alone can say which settings are meant";
      problems.push(source.wrongAt(["model"], what));
    }
    return { modelSha256: model.sha256 ?? "", configSha256: stated.configSha256 ?? "", engine: null };
  }
  const nameOrPath = /\.ya?ml$/i.test(model.name) ? inFolder(model.name) : model.name;
  const manifest = await loadManifest(nameOrPath);
  const modelSha256 = manifest.onnx.sha256;
  if (model.sha256 !== undefined && model.sha256 !== modelSha256) {
    const what = `the network of ${model.name} has the SHA-256 ${modelSha256}`;
    problems.push(source.wrongAt(["model", "sha256"], what));
  }
  const settings =
    stated.config === undefined
      ? defaultConfig([]).engine
      : (await loadConfig(inFolder(stated.config))).engine;
  const engine = { ...settings, model: nameOrPath };
  const configSha256 = settingsSha256(engine, manifest.name);
  if (stated.configSha256 !== undefined && stated.configSha256 !== configSha256) {
    const what = `the settings that are meant have the SHA-256 ${configSha256}`;
    problems.push(source.wrongAt(["engine", "configSha256"], what));
  }
  return { modelSha256, configSha256, engine };
}

/** What one event will take, beside what the suite holds. */
export function outlookOf(
  event: EventType,
  demanded: EventThresholds,
  confidence: number,
  suite: Suite | null,
): Outlook {
  const { recall, precision, falseAlarmsPerHour, minimumEvents } = demanded;
  const eventsForRecall = eventsNeeded(recall, confidence);
  const eventsForPrecision = eventsNeeded(precision, confidence);
  const hoursForFalseAlarms =
    falseAlarmsPerHour === null ? null : hoursNeeded(falseAlarmsPerHour, confidence);
  const watching = suite?.clips.filter(({ view }) => view.rules.some((rule) => rule.event === event)) ?? null;
  const inSuite =
    suite?.clips.flatMap(({ reference }) => reference.events).filter((found) => found.event === event)
      .length ?? null;
  const lengths = watching?.map(({ duration }) => duration) ?? [null];
  const hoursInSuite = lengths.includes(null)
    ? null
    : lengths.reduce<number>((sum, length) => sum + (length ?? 0), 0) / 3600;
  const enoughEvents =
    inSuite === null ? null : inSuite >= Math.max(minimumEvents, eventsForRecall, eventsForPrecision);
  const enoughHours =
    hoursForFalseAlarms === null || hoursInSuite === null ? true : hoursInSuite >= hoursForFalseAlarms;
  return {
    ...{ event, demanded, eventsForRecall, eventsForPrecision, hoursForFalseAlarms, inSuite, hoursInSuite },
    reachable: enoughEvents === null ? null : enoughEvents && enoughHours,
  };
}

/** The thresholds as the journal takes them: without keys that have no value. */
function plainJson(thresholds: Thresholds): Pinned["thresholds"] {
  return JSON.parse(canonicalize(thresholds));
}
