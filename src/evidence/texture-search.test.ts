import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp, { type Sharp } from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { letThrough } from "../../test/support/authority.ts";
import {
  type Actor,
  chance,
  STAGED_HEIGHT,
  STAGED_WIDTH,
  stagedView,
} from "../../test/support/staged-view.ts";
import {
  checkerTexture,
  FOUND,
  type SearchedFile,
  searchFile,
  searchFolder,
  searchPicture,
} from "../../test/support/texture-search.ts";
import type { Episode } from "../alerts/episode.ts";
import { H264Writer } from "../encoding/h264-writer.ts";
import type { CodedError } from "../errors.ts";
import { createScene } from "../frames/background-scene.ts";
import { lumaOf } from "../frames/memory-frame.ts";
import { clearStore } from "./clear-store.ts";
import type { EvidenceRef } from "./evidence-store.ts";
import { createEvidenceRecorder } from "./recorder.ts";

const folder = mkdtempSync(join(tmpdir(), "contrechamp-evidence-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const walkerCoat = checkerTexture("walker", 1, 4);
const sitterCoat = checkerTexture("sitter", 2, 4);
const glimpsedCoat = checkerTexture("glimpsed sitter", 3, 4);
const vehiclePaint = checkerTexture("parked vehicle", 4, 5);
const lateCoat = checkerTexture("walker who stops", 5, 4);
const poster = checkerTexture("poster on the wall", 6, 5);
const worn = [walkerCoat, sitterCoat, glimpsedCoat, vehiclePaint, lateCoat];

const still = (box: { x: number; y: number; width: number; height: number }) => () => box;
const always = () => true;
const never = () => false;

const actors: Actor[] = [
  {
    class: "person",
    texture: walkerCoat,
    // To and fro along the floor, 50 px/s.
    box: (at) => ({ x: Math.abs(((at * 50) % 760) - 380) - 20, y: 180, width: 40, height: 92 }),
    foreground: always,
    score: (at) => (chance(11, at) < 0.9 ? 0.7 : null),
  },
  {
    // Sits still from the first frame to the last; the network names them in 3 of 10 passes.
    class: "person",
    texture: sitterCoat,
    box: still({ x: 60, y: 90, width: 44, height: 60 }),
    foreground: never,
    score: (at) => (chance(12, at) < 0.3 ? 0.15 + 0.45 * chance(13, at) : null),
  },
  {
    // The same, but named for one second, then missed for seven.
    class: "person",
    texture: glimpsedCoat,
    box: still({ x: 150, y: 84, width: 44, height: 60 }),
    foreground: never,
    score: (at) => (at % 8 < 1 ? 0.15 : null),
  },
  {
    class: "vehicle",
    texture: vehiclePaint,
    box: still({ x: 262, y: 86, width: 100, height: 56 }),
    foreground: never,
    score: (at) => (chance(14, at) < 0.3 ? 0.15 + 0.45 * chance(15, at) : null),
  },
  {
    // Walks in at 6 s, stands unmoving and unnamed from 9 s to 55 s, walks off.
    class: "person",
    texture: lateCoat,
    box: (at) =>
      at < 6 || at > 60
        ? null
        : { x: 300 - 40 * Math.min(3, at - 6) - 40 * Math.max(0, at - 55), y: 150, width: 40, height: 90 },
    foreground: always,
    score: (at) => (at < 9 || at > 55 ? 0.6 : null),
  },
];

const view = stagedView(STAGED_WIDTH, STAGED_HEIGHT, actors, [
  { texture: poster, box: { x: 4, y: 6, width: 40, height: 40 } },
]);

function episode(id: string, at: number): Episode {
  return {
    id,
    ruleId: "floor",
    event: "zone_intrusion",
    place: { kind: "zone", id: "floor", box: { x: 0, y: 150, width: 384, height: 130 } },
    since: at - 1,
    raisedAt: at,
    endedAt: null,
    count: null,
    densityPerM2: null,
  };
}

const MODELS = [
  { name: "a background model that is never wrong", scene: null, alertsAt: [3, 28, 57, 68], after: 2 },
  { name: "the engine's own background model", scene: createScene, alertsAt: [28, 68], after: 0 },
] as const;

describe.each(MODELS)("evidence of a known texture, with $name", (model) => {
  const place = join(folder, model.scene === null ? "ideal" : "own");
  let files: SearchedFile[] = [];
  const refs: (EvidenceRef | null)[] = [];
  const faults: CodedError[] = [];
  let greyShare = 1;

  beforeAll(async () => {
    const recorder = createEvidenceRecorder({
      cameraId: "gate",
      store: clearStore(place),
      live: false,
      approved: null,
      candidate: null,
      before: 2,
      after: model.after,
      onFault: (error) => faults.push(error),
    });
    const own = model.scene?.();
    for (let i = 0; i < 72 * 4; i++) {
      const at = i / 4;
      const frame = view.frame(at);
      const detections = view.detections(at);
      recorder.observe({ frame, scene: own?.observe(frame) ?? view.scene(at), detections });
      own?.cover(detections.map(({ box }) => box));
      frame.release();
      if (model.alertsAt.some((instant) => instant === at)) {
        const floor = [
          { x: 10, y: 150 },
          { x: 374, y: 150 },
          { x: 374, y: 280 },
          { x: 10, y: 280 },
        ];
        refs.push(
          recorder.opened(letThrough(episode(`e${at}`, at)), {
            kind: "zone",
            polygon: floor,
            against: { x: -1, y: 0 },
          }),
        );
      }
    }
    await recorder.finish();
    greyShare = recorder.greyShare();
    files = await searchFolder(place, [...worn, poster], STAGED_WIDTH);
  }, 120_000);

  it("is written whole, without a fault", () => {
    expect(faults).toEqual([]);
    expect(refs).not.toContain(null);
    const names = files.map((file) => file.path.slice(place.length + 1)).sort();
    expect(names).toEqual(
      refs.flatMap((ref) => (ref === null ? [] : [ref.still, ref.clip, ref.manifest])).sort(),
    );
    for (const file of files) {
      if (file.path.endsWith(".png")) expect(file.pictures).toBe(1);
      if (file.path.endsWith(".mp4")) expect(file.pictures).toBeGreaterThan(5);
    }
  });

  it("holds none of these textures, in any file, at any size", () => {
    for (const file of files) {
      expect(file.verbatim, file.path).toEqual([]);
      for (const texture of worn) {
        const match = file.best.find((best) => best.texture === texture.name);
        if (file.pictures > 0)
          expect(match?.correlation, `${texture.name} in ${file.path}`).toBeLessThan(FOUND);
      }
    }
  });

  it("does show the place, once it is known: the poster on the wall is found", () => {
    expect(greyShare).toBeLessThan(0.7);
    const last = files.find((file) => file.path.endsWith(refs.at(-1)?.still ?? "?"));
    expect(last?.best.find((best) => best.texture === poster.name)?.correlation).toBeGreaterThan(0.9);
    const lastClip = files.find((file) => file.path.endsWith(refs.at(-1)?.clip ?? "?"));
    expect(lastClip?.best.find((best) => best.texture === poster.name)?.correlation).toBeGreaterThan(FOUND);
  });
});

describe("a detector that names nobody", () => {
  it("would let somebody who sits still from the first frame be learnt: it is its passes that keep them out", async () => {
    const place = join(folder, "blind");
    const recorder = createEvidenceRecorder({
      cameraId: "gate",
      store: clearStore(place),
      live: false,
      approved: null,
      candidate: null,
      before: 1,
      after: 0,
      onFault: (error) => expect.fail(error.message),
    });
    const [, sitter] = actors;
    const quiet = stagedView(STAGED_WIDTH, STAGED_HEIGHT, sitter === undefined ? [] : [sitter]);
    for (let at = 0; at <= 30; at += 0.5)
      recorder.observe({ frame: quiet.frame(at), scene: quiet.scene(at), detections: [] });
    const ref = recorder.opened(letThrough(episode("blind", 30)), { kind: "view" });
    await recorder.finish();
    const { best } = await searchFile(join(place, ref?.still ?? ""), [sitterCoat], STAGED_WIDTH);
    expect(best[0]?.correlation).toBeGreaterThan(FOUND);
  });
});

describe("the search itself", () => {
  const at = 30;
  const raw = () =>
    view
      .frame(at)
      .rgb({ x: 0, y: 0, width: STAGED_WIDTH, height: STAGED_HEIGHT }, STAGED_WIDTH, STAGED_HEIGHT);

  it("finds every texture in the frame as it was taken", () => {
    const picture = { width: STAGED_WIDTH, height: STAGED_HEIGHT, data: lumaOf(raw().data) };
    for (const match of searchPicture(picture, worn))
      expect(match.correlation, match.texture).toBeGreaterThan(0.9);
  });

  it.each([
    ["half its size", (image: Sharp) => image.resize(STAGED_WIDTH / 2).png()],
    ["one and a half times its size", (image: Sharp) => image.resize(STAGED_WIDTH * 1.5).png()],
    ["blurred", (image: Sharp) => image.blur(1.5).png()],
    ["a rough JPEG", (image: Sharp) => image.jpeg({ quality: 20 })],
    ["a tenth of its contrast", (image: Sharp) => image.linear(0.1, 120).png()],
  ])("finds them at %s", async (name, change) => {
    const { width, height, data } = raw();
    const path = join(folder, `control ${name}`);
    writeFileSync(path, await change(sharp(data, { raw: { width, height, channels: 3 } })).toBuffer());
    const { best } = await searchFile(path, worn, STAGED_WIDTH);
    for (const match of best) expect(match.correlation, match.texture).toBeGreaterThan(FOUND);
    expect(best).toHaveLength(worn.length);
  });

  it("finds them in a clip and in a page with an embedded picture", async () => {
    const image = raw();
    const clip = join(folder, "control.mp4");
    const writer = new H264Writer(clip, { width: image.width, height: image.height, crf: 30 });
    writer.write(image, 0);
    writer.write(image, 0.2);
    writer.close();
    const png = await sharp(image.data, { raw: { width: image.width, height: image.height, channels: 3 } })
      .png()
      .toBuffer();
    const page = join(folder, "control.html");
    writeFileSync(page, `<img src="data:image/png;base64,${png.toString("base64")}">`);
    for (const path of [clip, page]) {
      const { best } = await searchFile(path, worn, STAGED_WIDTH);
      expect(best).toHaveLength(worn.length);
      for (const match of best)
        expect(match.correlation, `${match.texture} in ${path}`).toBeGreaterThan(FOUND);
    }
  });

  it("finds a row that was dumped byte for byte", async () => {
    const path = join(folder, "control.bin");
    writeFileSync(path, Buffer.concat([Buffer.alloc(100), Buffer.from(raw().data)]));
    expect((await searchFile(path, worn, STAGED_WIDTH)).verbatim).toContain("sitter");
  });
});
