import { join } from "node:path";
import { writeEvidenceFile } from "./evidence-files.ts";
import type { EvidenceRef, EvidenceStore } from "./evidence-store.ts";

/**
 * Evidence as plain files, for recordings and rendered footage, where the profile says so: `ID.png`, `ID.mp4` and
 * `ID.json`. The folder is made when first needed. Nothing is erased by itself.
 */
export function clearStore(folder: string): EvidenceStore {
  return {
    ref: clearRef,

    async keepStill(manifest, still) {
      await writeEvidenceFile(join(folder, clearRef(manifest.id).still), still.value);
    },

    async complete(manifest, clip) {
      const names = clearRef(manifest.id);
      if (clip !== null) await writeEvidenceFile(join(folder, names.clip), clip.value);
      await writeEvidenceFile(join(folder, names.manifest), `${JSON.stringify(manifest, null, 2)}\n`);
    },
  };
}

function clearRef(id: string): EvidenceRef {
  return { id, sealed: false, still: `${id}.png`, clip: `${id}.mp4`, manifest: `${id}.json` };
}
