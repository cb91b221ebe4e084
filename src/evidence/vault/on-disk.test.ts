import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FFmpegError, FormatContext } from "node-av";
import { AVMEDIA_TYPE_AUDIO, AVMEDIA_TYPE_VIDEO } from "node-av/constants";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { letThrough } from "../../../test/support/authority.ts";
import { sampleGrounds } from "../../../test/support/evidence.ts";
import { type Actor, stagedView } from "../../../test/support/staged-view.ts";
import {
  checkerTexture,
  decodeStill,
  decodeVideo,
  searchPicture,
} from "../../../test/support/texture-search.ts";
import type { CodedError } from "../../errors.ts";
import { digestOf } from "../evidence-files.ts";
import { evidenceManifestSchema } from "../manifest.ts";
import { createEvidenceRecorder, type EvidenceRecorder } from "../recorder.ts";
import type { SealedRecord } from "./record.ts";
import { SiteKey } from "./site-key.ts";
import { Vault } from "./vault.ts";
import { vaultStore } from "./vault-store.ts";
import { viewEvidence } from "./view.ts";

/** Hangs on the wall for all to see: it is background, so that redacted evidence shows it. */
const poster = checkerTexture("poster", 6, 5);
const walker: Actor = {
  class: "person",
  texture: null,
  box: (at) => ({ x: (at * 20) % 160, y: 80, width: 20, height: 50 }),
  foreground: () => true,
  score: () => 0.7,
};
const view = stagedView(
  192,
  144,
  [walker],
  [{ texture: poster, box: { x: 8, y: 8, width: 40, height: 40 } }],
);

describe("what a recorder leaves on the disk", () => {
  const root = mkdtempSync(join(tmpdir(), "contrechamp-disk-"));
  const vault = new Vault(join(root, "state", "vault"));
  const siteKey = SiteKey.generate();
  const sealed: SealedRecord[] = [];
  const faults: CodedError[] = [];
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  function recorder(into = vault): EvidenceRecorder {
    return createEvidenceRecorder({
      cameraId: "gate",
      store: vaultStore({ vault: into, siteKey, onSealed: (record) => sealed.push(record) }),
      live: false,
      approved: null,
      candidate: null,
      before: 2,
      after: 2,
      framesPerSecond: 4,
      limits: { showAfter: 4, passes: 6, every: 0.5, tolerance: 24 },
      onFault: (error) => faults.push(error),
    });
  }

  function run(to: EvidenceRecorder, from: number, until: number): void {
    for (let at = from; at < until; at += 0.125)
      to.observe({ frame: view.frame(at), scene: view.scene(at), detections: view.detections(at) });
  }

  const episode = (at: number) =>
    letThrough({
      id: `episode-${at}`,
      ruleId: "floor",
      event: "zone_intrusion" as const,
      place: { kind: "view" as const, id: null, box: { x: 0, y: 0, width: 192, height: 144 } },
      since: at - 1,
      raisedAt: at,
      endedAt: null,
      count: null,
      densityPerM2: null,
    });

  const open = (kind: "still" | "clip" | "description") =>
    viewEvidence(
      vault,
      sealed[0]?.evidenceId ?? "",
      kind,
      { by: "op-1", reason: "test" },
      { siteKey, journal: { append: () => Promise.resolve({ seq: 0, at: "", leafHash: "" }) } },
    );

  beforeAll(async () => {
    const evidence = recorder();
    run(evidence, 0, 10);
    const ref = evidence.opened(episode(10), { kind: "view" }, sampleGrounds(0));
    expect(ref?.sealed).toBe(true);
    run(evidence, 10, 13);
    await evidence.finish();
  });

  it("is sealed evidence and its record", () => {
    expect(faults).toEqual([]);
    expect(sealed).toHaveLength(1);
    const names = readdirSync(join(root, "state", "vault"), { recursive: true, encoding: "utf8" });
    const kinds = names.filter((name) => /\./.test(name)).map((name) => name.replace(/^(\w+)\/.*\./, "$1 "));
    expect(kinds.toSorted()).toEqual([
      "keys key",
      "records json",
      "sealed clip",
      "sealed description",
      "sealed still",
    ]);
  });

  it("holds no picture, no film, and no part of either, in any file", async () => {
    const paths = readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    expect(paths.length).toBe(5);
    const plain = await Promise.all((["still", "clip", "description"] as const).map(open));
    for (const path of paths) {
      const bytes = readFileSync(path);
      expect([path, await decodeStill(bytes)]).toEqual([path, null]);
      for (const magic of ["\x89PNG\r\n", "ftypisom", "IHDR", "moov", "avc1"])
        expect([path, magic, bytes.includes(Buffer.from(magic, "latin1"))]).toEqual([path, magic, false]);
      // The record names a few of the same values; a picture's bytes are nowhere.
      for (const [i, original] of plain.slice(0, 2).entries()) {
        for (let at = 0; at + 16 <= original.length; at += 16) {
          const part = Buffer.from(original.subarray(at, at + 16));
          if (bytes.includes(part)) expect.fail(`${path} holds bytes ${at} of ${i === 0 ? "still" : "clip"}`);
        }
      }
    }
  });

  it("opens to the still and the clip with the poster on it, so that the search would have found it", async () => {
    const still = await decodeStill(await open("still"));
    if (still === null) return expect.fail("no still");
    expect(searchPicture(still, [poster])[0]?.correlation).toBeGreaterThan(0.9);
    const path = join(root, "opened.mp4");
    writeFileSync(path, await open("clip"));
    const frames = [...decodeVideo(path)];
    expect(frames.length).toBeGreaterThan(10);
    const [first] = frames;
    if (first === undefined) return expect.fail("no picture");
    expect(searchPicture(first, [poster])[0]?.correlation).toBeGreaterThan(0.9);
  });

  it("has one track in its clip, and no sound", async () => {
    const path = join(root, "tracks.mp4");
    writeFileSync(path, await open("clip"));
    const format = new FormatContext();
    FFmpegError.throwIfError(format.openInputSync(path), "open");
    try {
      FFmpegError.throwIfError(format.findStreamInfoSync(), "describe");
      const kinds = format.streams.map((stream) => stream.codecpar.codecType);
      expect(kinds).toEqual([AVMEDIA_TYPE_VIDEO]);
      expect(kinds).not.toContain(AVMEDIA_TYPE_AUDIO);
    } finally {
      format.closeInputSync();
    }
  });

  it("describes itself as evidence in clear does", async () => {
    const description = evidenceManifestSchema.parse(
      JSON.parse(Buffer.from(await open("description")).toString("utf8")),
    );
    const record = sealed[0];
    expect(description.id).toBe(record?.evidenceId);
    expect(description.still.sha256).toBe(record?.files.still.plain.sha256);
    expect(description.clip?.sha256).toBe(record?.files.clip?.plain.sha256);
    expect(record?.files.still.plain).toEqual(digestOf(await open("still")));
    expect(record?.redaction).toEqual(description.redaction);
  });

  it("is nothing at all where the vault cannot be written, and the analysis goes on", async () => {
    const blocked = join(root, "blocked");
    writeFileSync(blocked, "a file where the vault should be");
    const before = readdirSync(root, { recursive: true }).length;
    faults.length = 0;
    const evidence = recorder(new Vault(blocked));
    run(evidence, 0, 8);
    expect(evidence.opened(episode(8), { kind: "view" }, sampleGrounds(0))).not.toBeNull();
    run(evidence, 8, 12);
    await evidence.finish();
    expect(faults.map(({ code }) => code)).toEqual(["EVIDENCE_NOT_SEALED"]);
    expect(evidence.greyShare()).toBeLessThan(1);
    expect(readdirSync(root, { recursive: true }).length).toBe(before);
  });
});
