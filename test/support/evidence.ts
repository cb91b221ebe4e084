import { createHash, randomUUID } from "node:crypto";
import type { EvidenceGrounds } from "../../src/evidence/grounds.ts";
import type { EvidenceManifest } from "../../src/evidence/manifest.ts";
import { Redacted } from "../../src/evidence/redacted.ts";

const DAY = 86_400_000;
const digest = (bytes: Uint8Array) => ({
  sha256: createHash("sha256").update(bytes).digest("hex"),
  bytes: bytes.length,
});
const background = { kind: "none", greyShare: 1, sha256: null, approvedBy: null } as const;

/** A whole evidence of a grey picture, as a recorder hands it to a store. */
export interface SampleEvidence {
  readonly id: string;
  readonly begun: EvidenceManifest;
  readonly whole: EvidenceManifest;
  readonly still: Redacted<Uint8Array>;
  readonly clip: Redacted<Uint8Array>;
}

export async function sampleEvidence(
  over: { id?: string; cameraId?: string; alertId?: string; at?: number; media?: Media } = {},
): Promise<SampleEvidence> {
  const id = over.id ?? randomUUID();
  const { still, clip } = over.media ?? (await media());
  const begun: EvidenceManifest = {
    schema: "contrechamp/evidence@1",
    id,
    cameraId: over.cameraId ?? "gate",
    episodeId: over.alertId ?? `alert-${id.slice(0, 8)}`,
    ruleId: "floor",
    event: "zone_intrusion",
    streamTime: 12.5,
    at: new Date(over.at ?? 0).toISOString(),
    still: { file: `${id}.png`, ...digest(still), background },
    clip: null,
    redaction: {
      method: "background-and-shapes",
      width: 64,
      height: 48,
      cell: 4,
      shapeScore: 0.3,
      showAfterSeconds: 20,
      detectorPasses: 40,
      tolerance: 24,
    },
    sound: false,
  };
  const about = { file: `${id}.mp4`, ...digest(clip), background, from: 10, to: 11, pictures: 8 };
  return {
    id,
    begun,
    whole: { ...begun, clip: about },
    still: Redacted.seal(still),
    clip: Redacted.seal(clip),
  };
}

/** Kept for 30 days, and for 3 unless a person has confirmed. */
export function sampleGrounds(at: number, over: Partial<EvidenceGrounds> = {}): EvidenceGrounds {
  return {
    profileId: "example",
    profileSha256: "a".repeat(64),
    authorisationId: "urn:example:authorisation:1",
    authorisationSha256: "b".repeat(64),
    decisionRef: "c".repeat(64),
    deadline: new Date(at + 30 * DAY).toISOString(),
    undecidedUntil: new Date(at + 3 * DAY).toISOString(),
    ...over,
  };
}

interface Media {
  readonly still: Uint8Array;
  readonly clip: Uint8Array;
}

let made: Promise<Media> | null = null;

/** A real PNG and a real mp4, made once. What makes them is loaded only then: short processes do without. */
function media(): Promise<Media> {
  made ??= (async () => {
    const { default: sharp } = await import("sharp");
    const { H264MemoryWriter } = await import("../../src/encoding/h264-memory.ts");
    const picture = { width: 64, height: 48, data: new Uint8Array(3 * 64 * 48).fill(128) };
    const png = await sharp(picture.data, { raw: { width: 64, height: 48, channels: 3 } })
      .png()
      .toBuffer();
    const writer = new H264MemoryWriter({ width: 64, height: 48, nominalRate: 8 });
    for (let i = 0; i < 8; i++) writer.write(picture, i / 8);
    return { still: new Uint8Array(png), clip: await writer.finish() };
  })();
  return made;
}
