import { join, resolve } from "node:path";
import { ownModels } from "../config/own-model.ts";
import type { Config } from "../config/schema.ts";
import { fault } from "../errors.ts";
import { cachedPath, modelsFolder } from "../models/cache.ts";
import { loadManifest } from "../models/manifest.ts";
import { type SlotModel, slotModel } from "../models/slot-models.ts";
import type { WorldSources } from "../policy/load-world.ts";
import type { Regime } from "../policy/profile.ts";
import type { UtcMilliseconds } from "../time/clock.ts";

/** Where the results of a run go. @param option of the command line */
export function outputFolder(config: Config, option: string | undefined): string {
  return resolve(option ?? config.output.directory ?? "out");
}

/**
 * Where the site's state lies: a profile for a site has one that lasts, else it is with the run's results.
 * @throws STATE_NOT_NAMED, STATE_IN_OUTPUT, STATE_ELSEWHERE
 */
export function stateFolder(
  config: Config,
  regime: Regime | null,
  option: string | undefined,
  out: string,
): string {
  const forSite = regime?.handling.journal === "site";
  const configured = config.authority.state;
  const named = option === undefined ? configured : resolve(option);
  if (forSite && configured !== null && named !== configured) {
    throw fault("STATE_ELSEWHERE", { configured, option: named ?? configured });
  }
  if (named !== null) {
    // The results of an earlier run are moved aside, and a site's journal must stay where it is.
    if (forSite && `${named}/`.startsWith(`${out}/`)) {
      throw fault("STATE_IN_OUTPUT", { state: named, out });
    }
    return named;
  }
  if (forSite) throw fault("STATE_NOT_NAMED", { profile: regime.id });
  return join(out, "state");
}

/** The network that would run, by its manifest: whether it may is asked before it is fetched. */
export async function modelOf(
  config: Config,
): Promise<{ readonly name: string; readonly sha256: string; readonly file: string }> {
  const manifest = await loadManifest(config.engine.model);
  return {
    name: manifest.name,
    sha256: manifest.onnx.sha256,
    file: cachedPath(manifest, modelsFolder()),
  };
}

/** The networks that rules of these cameras name for themselves, by their manifests. @throws as `slotModel` */
export async function slotsOf({ cameras }: Pick<Config, "cameras">): Promise<readonly SlotModel[]> {
  return Promise.all(ownModels(cameras.flatMap(({ rules }) => rules)).map(slotModel));
}

/** Where the gate's world is read from. @param newest the newest instant that the journal knows, null without one */
export function worldSources(config: Config, state: string, newest: UtcMilliseconds | null): WorldSources {
  const { profile, overlays, documents } = config.authority;
  return {
    ...{ profile, overlays, documents, state, newest },
    cameras: config.cameras.map((camera) => ({
      id: camera.id,
      location: camera.location ?? null,
      fieldOfView: camera.fieldOfView ?? null,
    })),
  };
}
