import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { letThrough } from "../../test/support/authority.ts";
import { type Actor, stagedView } from "../../test/support/staged-view.ts";
import {
  checkerTexture,
  decodeStill,
  decodeVideo,
  FOUND,
  searchPicture,
} from "../../test/support/texture-search.ts";
import type { Episode } from "../alerts/episode.ts";
import type { CodedError } from "../errors.ts";
import type { SceneState } from "../frames/scene.ts";
import type { Authorised } from "../policy/mint.ts";
import { approveCandidate, loadApproved, readCandidate } from "./approved-background.ts";
import { clearStore } from "./clear-store.ts";
import { UNKNOWN_GREY } from "./display-background.ts";
import { evidenceManifestSchema } from "./manifest.ts";
import { createEvidenceRecorder, type EvidenceRecorder, type EvidenceRecorderOptions } from "./recorder.ts";

const root = mkdtempSync(join(tmpdir(), "contrechamp-recorder-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folder = root;
let faults: CodedError[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(root, "camera-"));
  faults = [];
});

const WIDTH = 192;
const HEIGHT = 144;
const poster = checkerTexture("poster", 6, 4);
const walker: Actor = {
  class: "person",
  texture: null,
  box: (at) => ({ x: (at * 20) % 160, y: 80, width: 20, height: 50 }),
  foreground: () => true,
  score: () => 0.7,
};
const view = stagedView(
  WIDTH,
  HEIGHT,
  [walker],
  [{ texture: poster, box: { x: 8, y: 8, width: 32, height: 32 } }],
);

function recorder(over: Partial<EvidenceRecorderOptions> = {}): EvidenceRecorder {
  return createEvidenceRecorder({
    cameraId: "gate",
    store: clearStore(join(folder, "evidence")),
    live: false,
    approved: null,
    candidate: null,
    limits: { showAfter: 4, passes: 6, every: 0.5, tolerance: 24 },
    onFault: (error) => faults.push(error),
    ...over,
  });
}

function run(to: EvidenceRecorder, from: number, until: number, over: Partial<SceneState> = {}): void {
  for (let i = Math.round(8 * from); i < 8 * until; i++) {
    const at = i / 8;
    to.observe({ frame: view.frame(at), scene: view.scene(at, over), detections: view.detections(at) });
  }
}

const episode = (at: number): Authorised<Episode> =>
  letThrough({
    id: `episode-${at}`,
    ruleId: "floor",
    event: "zone_intrusion",
    place: { kind: "zone", id: "floor", box: { x: 0, y: 80, width: 192, height: 64 } },
    since: at - 1,
    raisedAt: at,
    endedAt: null,
    count: null,
    densityPerM2: null,
  });

const files = () =>
  existsSync(join(folder, "evidence")) ? readdirSync(join(folder, "evidence")).sort() : [];
const hash = (file: string) =>
  createHash("sha256")
    .update(readFileSync(join(folder, "evidence", file)))
    .digest("hex");

async function posterIn(file: string): Promise<number> {
  const picture = await decodeStill(readFileSync(join(folder, "evidence", file)));
  return picture === null ? -1 : (searchPicture(picture, [poster])[0]?.correlation ?? -1);
}

describe("one alert", () => {
  it("gives a still, a clip of the time around it, and a manifest that names their hashes", async () => {
    const evidence = recorder({ before: 2, after: 1.5, framesPerSecond: 4 });
    run(evidence, 0, 10);
    const ref = evidence.opened(episode(10), { kind: "view" });
    run(evidence, 10, 14);
    await evidence.finish();
    expect(faults).toEqual([]);
    if (ref === null) return expect.fail("no evidence");
    expect(files()).toEqual([ref.clip, ref.manifest, ref.still].sort());
    const manifest = evidenceManifestSchema.parse(
      JSON.parse(readFileSync(join(folder, "evidence", ref.manifest), "utf8")),
    );
    expect(manifest).toMatchObject({
      cameraId: "gate",
      episodeId: "episode-10",
      event: "zone_intrusion",
      sound: false,
    });
    expect(manifest.still.sha256).toBe(hash(ref.still));
    expect(manifest.clip?.sha256).toBe(hash(ref.clip));
    expect(manifest.still.background.kind).toBe("learnt");
    expect(manifest.clip?.from).toBeGreaterThanOrEqual(7.8);
    expect(manifest.clip?.from).toBeLessThanOrEqual(8.3);
    expect(manifest.clip?.to).toBeGreaterThanOrEqual(11);
    expect(manifest.clip?.to).toBeLessThanOrEqual(11.6);
    const frames = [...decodeVideo(join(folder, "evidence", ref.clip))];
    expect(frames).toHaveLength(manifest.clip?.pictures ?? -1);
    expect(frames.length).toBeGreaterThanOrEqual(13);
    expect(frames.length).toBeLessThanOrEqual(16);
  });

  it("is cut where the stream ends, and written all the same", async () => {
    const evidence = recorder();
    run(evidence, 0, 3);
    const ref = evidence.opened(episode(3), { kind: "view" });
    await evidence.finish();
    await evidence.finish();
    expect(files()).toHaveLength(3);
    expect([...decodeVideo(join(folder, "evidence", ref?.clip ?? ""))].length).toBeGreaterThan(10);
  });

  it("before the first picture cannot be shown", () => {
    expect(recorder().opened(episode(0), { kind: "view" })).toBeNull();
    expect(files()).toEqual([]);
  });
});

describe("a moment at which nothing was raised", () => {
  it("is drawn on what is known of the background at the end, with the shapes of then", async () => {
    const evidence = recorder();
    run(evidence, 0, 0.5);
    const draw = evidence.remember({ kind: "view" });
    const early = await (await draw?.())?.value;
    run(evidence, 0.5, 10);
    const late = (await draw?.())?.value;
    const other = (await evidence.remember({ kind: "view" })?.())?.value;
    if (early === undefined || late === undefined || other === undefined) return expect.fail("no still");
    const correlation = async (png: Uint8Array) => {
      const picture = await decodeStill(Buffer.from(png));
      return picture === null ? -1 : (searchPicture(picture, [poster])[0]?.correlation ?? -1);
    };
    expect(await correlation(early)).toBeLessThan(FOUND);
    expect(await correlation(late)).toBeGreaterThan(FOUND);
    expect(Buffer.from(other).equals(late)).toBe(false);
    // Nothing was written by itself.
    expect(files()).toEqual([]);
  });

  it("is not drawn on the background of a view of another size", async () => {
    const evidence = recorder();
    run(evidence, 0, 2);
    const draw = evidence.remember({ kind: "view" });
    const larger = stagedView(2 * WIDTH, 2 * HEIGHT, [], []);
    evidence.observe({ frame: larger.frame(3), scene: larger.scene(3), detections: [] });
    expect(await draw?.()).toBeNull();
  });

  it("has no still before the first picture, nor has the empty view", () => {
    expect(recorder().remember({ kind: "view" })).toBeNull();
    expect(recorder().emptyView()).toBeNull();
  });

  it("the empty view shows the place, and nobody who is in it", async () => {
    const evidence = recorder();
    run(evidence, 0, 10);
    const empty = (await evidence.emptyView())?.value;
    const peopled = (await evidence.remember({ kind: "view" })?.())?.value;
    const blue = async (png: Uint8Array | undefined) => {
      if (png === undefined) return -1;
      const { data } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
      let count = 0;
      for (let i = 0; i < data.length; i += 3) {
        // A shape's colour, over whatever place: much more blue than red.
        if ((data[i + 2] ?? 0) - (data[i] ?? 0) > 60) count++;
      }
      return count;
    };
    expect(await blue(peopled)).toBeGreaterThan(100);
    expect(await blue(empty)).toBe(0);
  });
});

describe("what cannot be written", () => {
  it("is told, once a file, and stops nothing", async () => {
    writeFileSync(join(folder, "evidence"), "a file where the folder should be");
    const evidence = recorder();
    run(evidence, 0, 3);
    expect(evidence.opened(episode(3), { kind: "view" })).not.toBeNull();
    run(evidence, 3, 9);
    await evidence.finish();
    expect(faults.length).toBeGreaterThan(0);
    for (const error of faults) expect(error.code).toBe("EVIDENCE_NOT_WRITTEN");
    expect(evidence.greyShare()).toBeLessThan(1);
  });

  it("is refused when too much is waiting", async () => {
    const evidence = recorder({ mostClips: 2 });
    run(evidence, 0, 2);
    const refs = [1, 2, 3].map((n) => evidence.opened(episode(n), { kind: "view" }));
    expect(refs.map((ref) => ref !== null)).toEqual([true, true, false]);
    expect(faults.map((error) => error.code)).toEqual(["EVIDENCE_QUEUE_FULL"]);
    await evidence.finish();
    expect(files()).toHaveLength(6);
    expect(evidence.opened(episode(4), { kind: "view" })).not.toBeNull();
    await evidence.finish();
  });
});

describe("a view that moves", () => {
  it("has no background any more, until it is learnt anew", async () => {
    const evidence = recorder();
    run(evidence, 0, 10);
    expect(evidence.greyShare()).toBeLessThan(0.6);
    run(evidence, 10, 11, { viewMoved: true });
    expect(evidence.greyShare()).toBe(1);
    const moved = evidence.opened(episode(11), { kind: "view" });
    run(evidence, 11, 14);
    expect(evidence.greyShare()).toBe(1);
    run(evidence, 14, 24);
    expect(evidence.greyShare()).toBeLessThan(0.6);
    await evidence.finish();
    const still = await decodeStill(readFileSync(join(folder, "evidence", moved?.still ?? "")));
    // The upper half, where nobody walks.
    expect(still?.data.subarray(0, WIDTH * 60).every((value) => value === UNKNOWN_GREY)).toBe(true);
  });

  it("of another size is another view", async () => {
    const evidence = recorder();
    run(evidence, 0, 10);
    const ref = evidence.opened(episode(10), { kind: "view" });
    const small = stagedView(96, 80, []);
    for (let at = 10; at < 12; at += 0.25)
      evidence.observe({ frame: small.frame(at), scene: small.scene(at), detections: [] });
    expect(evidence.greyShare()).toBe(1);
    await evidence.finish();
    expect(faults).toEqual([]);
    expect(files()).toHaveLength(3);
    expect(ref).not.toBeNull();
  });

  it("is forgotten by a reset", () => {
    const evidence = recorder();
    run(evidence, 0, 10);
    evidence.reset();
    expect(evidence.greyShare()).toBe(1);
  });
});

describe("a live view", () => {
  const candidate = () => join(folder, "background.png");

  async function learn(): Promise<void> {
    const evidence = recorder({ live: true, candidate: candidate() });
    run(evidence, 0, 12);
    // Learnt by now, and yet nobody has looked at it.
    const ref = evidence.opened(episode(12), { kind: "view" });
    await evidence.finish();
    expect(faults).toEqual([]);
    expect(await posterIn(ref?.still ?? "")).toBeLessThan(FOUND);
    expect(evidence.greyShare()).toBe(1);
  }

  it("shows its background only once a person has approved it", async () => {
    await learn();
    const { record, approval } = await readCandidate(candidate());
    expect(record).toMatchObject({ cameraId: "gate", width: WIDTH, height: HEIGHT });
    expect(record.coverage).toBeGreaterThan(0.5);
    expect(approval).toBeNull();
    await expect(loadApproved(candidate(), "gate")).rejects.toMatchObject({
      code: "BACKGROUND_NOT_APPROVED",
    });

    await approveCandidate(candidate(), "  Ada Lovelace ", Date.UTC(2026, 2, 1));
    const approved = await loadApproved(candidate(), "gate");
    expect(approved.approval).toMatchObject({ by: "Ada Lovelace", at: "2026-03-01T00:00:00.000Z" });
    const evidence = recorder({ live: true, approved });
    run(evidence, 0, 5);
    const ref = evidence.opened(episode(5), { kind: "view" });
    await evidence.finish();
    expect(await posterIn(ref?.still ?? "")).toBeGreaterThan(0.9);
    const manifest = JSON.parse(readFileSync(join(folder, "evidence", ref?.manifest ?? ""), "utf8"));
    expect(manifest.still.background).toMatchObject({
      kind: "approved",
      approvedBy: "Ada Lovelace",
      sha256: record.sha256,
    });
  });

  it("shows only shapes when the stream comes in another size than the approved still", async () => {
    await learn();
    await approveCandidate(candidate(), "Ada", 0);
    const approved = await loadApproved(candidate(), "gate");
    const evidence = recorder({ live: true, approved });
    run(evidence, 0, 5);
    const smaller = stagedView(WIDTH / 2, HEIGHT / 2, [], []);
    evidence.observe({ frame: smaller.frame(5.2), scene: smaller.scene(5.2), detections: [] });
    const ref = evidence.opened(episode(5.2), { kind: "view" });
    await evidence.finish();
    expect(faults).toEqual([]);
    const manifest = JSON.parse(readFileSync(join(folder, "evidence", ref?.manifest ?? ""), "utf8"));
    expect(manifest.still.background.kind).toBe("none");
  });

  it("does not show an approved background of another place", async () => {
    await learn();
    await approveCandidate(candidate(), "Ada", 0);
    const approved = await loadApproved(candidate(), "gate");
    const evidence = recorder({ live: true, approved });
    const elsewhere = stagedView(
      WIDTH,
      HEIGHT,
      [],
      [{ texture: checkerTexture("another", 9, 8), box: { x: 40, y: 20, width: 120, height: 100 } }],
    );
    for (let at = 0; at < 15; at += 0.125)
      evidence.observe({ frame: elsewhere.frame(at), scene: elsewhere.scene(at), detections: [] });
    const ref = evidence.opened(episode(15), { kind: "view" });
    await evidence.finish();
    expect(await posterIn(ref?.still ?? "")).toBeLessThan(FOUND);
  });

  it.each([
    ["nobody is named", () => approveCandidate(candidate(), "  ", 0), "APPROVER_MISSING"],
    ["another camera's", () => loadApproved(candidate(), "yard"), "BACKGROUND_OTHER_CAMERA"],
    ["it is not there", () => readCandidate(join(folder, "none.png")), "BACKGROUND_UNREADABLE"],
    [
      "the picture was changed",
      () => {
        writeFileSync(candidate(), Buffer.concat([readFileSync(candidate()), Buffer.from([0])]));
        return approveCandidate(candidate(), "Ada", 0);
      },
      "BACKGROUND_CHANGED",
    ],
    [
      "the record is broken",
      () => {
        writeFileSync(join(folder, "background.json"), "{}");
        return readCandidate(candidate());
      },
      "BACKGROUND_UNREADABLE",
    ],
    [
      "the approval is of another picture",
      async () => {
        await approveCandidate(candidate(), "Ada", 0);
        const path = join(folder, "background.approval.json");
        const approval = JSON.parse(readFileSync(path, "utf8"));
        writeFileSync(path, JSON.stringify({ ...approval, sha256: "0".repeat(64) }));
        return loadApproved(candidate(), "gate");
      },
      "BACKGROUND_CHANGED",
    ],
  ])("refuses a background where %s", async (_, act, code) => {
    await learn();
    await expect(act()).rejects.toMatchObject({ code });
  });
});
