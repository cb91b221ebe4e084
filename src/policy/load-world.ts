import { asCoded } from "../errors.ts";
import type { UtcMilliseconds } from "../time/clock.ts";
import { loadDocuments } from "./documents.ts";
import { readHolds } from "./hold-store.ts";
import type { Hashed, Overlay } from "./profile.ts";
import { loadOverlay, loadRegime } from "./profile-load.ts";
import type { Trust } from "./signature.ts";
import type { CameraSite, PolicyWorld } from "./world.ts";

/** Where the gate's world is read from. */
export interface WorldSources {
  /** Id of a profile that ships, or a path; null for none. */
  readonly profile: string | null;
  readonly overlays: readonly string[];
  /** Folder of authorisations, certificates, notices and trusted keys; null for none. */
  readonly documents: string | null;
  /** Folder of the site's state, where its holds are. */
  readonly state: string;
  readonly cameras: readonly CameraSite[];
  /** The newest instant that the journal knows, null without one. */
  readonly newest: UtcMilliseconds | null;
}

export interface LoadedWorld {
  readonly world: PolicyWorld;
  readonly trust: Trust | null;
}

/**
 * Reads all that the gate is to know. Never rejects: whatever cannot be read becomes a fault of the world, and with
 * a fault everything is denied, since what could not be read might forbid.
 */
export async function loadWorld(sources: WorldSources): Promise<LoadedWorld> {
  const faults: { file: string; code: string; message: string }[] = [];
  const take = async <T>(file: string, read: () => Promise<T>): Promise<T | null> => {
    try {
      return await read();
    } catch (thrown) {
      const { code, message } = asCoded(thrown);
      faults.push({ file, code, message });
      return null;
    }
  };
  const { profile: named } = sources;
  const profile = named === null ? null : await take(named, () => loadRegime(named));
  const overlays: Hashed<Overlay>[] = [];
  for (const name of sources.overlays) {
    const loaded = await take(name, () => loadOverlay(name));
    if (loaded !== null) overlays.push(loaded);
  }
  const timeZone = profile === null ? {} : { timeZone: profile.profile.timeZone };
  const { documents: folder } = sources;
  const documents = folder === null ? null : await take(folder, () => loadDocuments(folder, timeZone));
  const held = await take(sources.state, () => readHolds(sources.state));
  return {
    trust: documents?.trust ?? null,
    world: {
      profile,
      overlays,
      authorisations: documents?.authorisations ?? [],
      certificates: documents?.certificates ?? [],
      notices: documents?.notices ?? [],
      cameras: sources.cameras,
      holds: held ?? [],
      faults: [...faults, ...(documents?.faults ?? [])],
      newest: sources.newest,
    },
  };
}
